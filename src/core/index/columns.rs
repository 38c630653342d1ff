//! What is kept of each paper besides its words.

use crate::core::cache::{CacheError, Numbers, Sections, Shelf, Text, numbers_of};

/// A paper without a year.
const NO_YEAR: i16 = i16::MIN;

/// The names of the columns in the cache.
const COLUMNS: [&str; 6] = [
    "years",
    "title words",
    "author counts",
    "abstract words",
    "initials",
    "initial starts",
];

/// One entry a paper in each column.
#[derive(Debug, Default)]
pub(super) struct Columns {
    years: Numbers<i16>,
    /// Words of the title, authors; counted up to 255.
    pub(super) title_words: Numbers<u8>,
    pub(super) authors: Numbers<u8>,
    /// Words of the abstract, counted up to 65,535.
    pub(super) abstract_words: Numbers<u16>,
    /// The initials of all titles, one after the other, each followed by a line end.
    pub(super) initials: Text,
    /// Where the initials of each paper start.
    initial_starts: Numbers<u32>,
}

impl Columns {
    pub(super) fn len(&self) -> usize {
        self.years.len()
    }

    /// Adds a paper whose initials were already appended.
    pub(super) fn push(
        &mut self,
        year: Option<i32>,
        title_words: usize,
        authors: usize,
        abstract_words: usize,
    ) {
        let start = self.initial_starts.last().copied().unwrap_or_default();
        if self.initial_starts.is_empty() {
            self.initial_starts.push(start);
        }
        self.initials.owned().push('\n');
        self.initial_starts.push(self.initials.len() as u32);
        self.years.push(
            year.and_then(|year| i16::try_from(year).ok())
                .unwrap_or(NO_YEAR),
        );
        self.title_words.push(title_words.min(255) as u8);
        self.authors.push(authors.min(255) as u8);
        self.abstract_words.push(abstract_words.min(65_535) as u16);
    }

    /// Puts the columns on a shelf.
    pub(super) fn keep(&self, shelf: &mut dyn Shelf) -> Columns {
        let [years, title, authors, body, initials, starts] = COLUMNS;
        shelf.append(self.initials.as_bytes());
        Columns {
            initials: Text::kept(shelf.end(initials)),
            years: shelf.numbers(years, &self.years),
            title_words: shelf.numbers(title, &self.title_words),
            authors: shelf.numbers(authors, &self.authors),
            abstract_words: shelf.numbers(body, &self.abstract_words),
            initial_starts: shelf.numbers(starts, &self.initial_starts),
        }
    }

    /// The columns that were put on a shelf.
    pub(super) fn open(sections: &Sections<'_>) -> Result<Columns, CacheError> {
        let [years, title, authors, body, initials, starts] = COLUMNS;
        let columns = Columns {
            initials: Text::kept(sections(initials).ok_or(CacheError::Damaged)?),
            years: numbers_of(sections, years)?,
            title_words: numbers_of(sections, title)?,
            authors: numbers_of(sections, authors)?,
            abstract_words: numbers_of(sections, body)?,
            initial_starts: numbers_of(sections, starts)?,
        };
        let papers = columns.len();
        let lengths = [
            columns.title_words.len(),
            columns.authors.len(),
            columns.abstract_words.len(),
            columns.initial_starts.len().saturating_sub(1),
        ];
        if lengths.iter().all(|length| *length == papers) {
            Ok(columns)
        } else {
            Err(CacheError::Damaged)
        }
    }

    pub(super) fn year(&self, paper: usize) -> Option<i32> {
        self.years
            .get(paper)
            .filter(|year| **year != NO_YEAR)
            .map(|year| i32::from(*year))
    }

    /// For every paper the years between it and `year`, 60 at most; 0 where it has none.
    pub(super) fn years_apart(&self, year: i32) -> impl Iterator<Item = f32> {
        let year = year as i16;
        self.years.iter().map(move |other| {
            if *other == NO_YEAR {
                0.0
            } else {
                f32::from(other.abs_diff(year).min(60))
            }
        })
    }

    /// The paper whose initials stand at a byte of [`Columns::initials`], and whether they start there.
    pub(super) fn paper_of_initial(&self, at: usize) -> Option<(usize, bool)> {
        let at = at as u32;
        let paper = self
            .initial_starts
            .partition_point(|start| *start <= at)
            .checked_sub(1)?;
        Some((paper, self.initial_starts.get(paper) == Some(&at)))
    }

    pub(super) fn size(&self) -> usize {
        self.years.len() * (2 + 1 + 1 + 2 + 4) + self.initials.len()
    }
}
