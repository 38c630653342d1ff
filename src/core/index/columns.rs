//! What is kept of each paper besides its words.

/// A paper without a year.
const NO_YEAR: i16 = i16::MIN;

/// One entry a paper in each column.
#[derive(Debug, Default)]
pub(super) struct Columns {
    years: Vec<i16>,
    /// Words of the title, authors; counted up to 255.
    pub(super) title_words: Vec<u8>,
    pub(super) authors: Vec<u8>,
    /// Words of the abstract, counted up to 65,535.
    pub(super) abstract_words: Vec<u16>,
    /// The initials of all titles, one after the other, each followed by a line end.
    pub(super) initials: String,
    /// Where the initials of each paper start.
    initial_starts: Vec<u32>,
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
        self.initials.push('\n');
        self.initial_starts.push(self.initials.len() as u32);
        self.years.push(
            year.and_then(|year| i16::try_from(year).ok())
                .unwrap_or(NO_YEAR),
        );
        self.title_words.push(title_words.min(255) as u8);
        self.authors.push(authors.min(255) as u8);
        self.abstract_words.push(abstract_words.min(65_535) as u16);
    }

    pub(super) fn finish(&mut self) {
        self.initials.shrink_to_fit();
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
