//! Whether two items are the same work.

use std::fmt;

use super::signature::{Signature, Stage};

/// Years between a preprint and what was published of it.
const YEARS_TO_PUBLISH: u32 = 3;

/// Why two items are taken for the same work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The same DOI.
    Doi,
    /// The same PubMed id.
    PubMed,
    /// The same arXiv id.
    Arxiv,
    /// The same ISBN.
    Isbn,
    /// The same title and first author, and the same year or the next.
    Title,
}

impl Reason {
    /// The stable name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Reason::Doi => "doi",
            Reason::PubMed => "pmid",
            Reason::Arxiv => "arxiv",
            Reason::Isbn => "isbn",
            Reason::Title => "title",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Doi => "same DOI",
            Reason::PubMed => "same PubMed id",
            Reason::Arxiv => "same arXiv id",
            Reason::Isbn => "same ISBN",
            Reason::Title => "same title, first author and year",
        })
    }
}

/// How sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Look at them: something that would settle it is missing or speaks against it.
    Possible,
    /// As good as certain: titles, authors and years agree.
    Likely,
    /// An identifier says so.
    Certain,
}

impl Certainty {
    /// The stable name in JSON and in print.
    pub const fn name(self) -> &'static str {
        match self {
            Certainty::Possible => "possible",
            Certainty::Likely => "likely",
            Certainty::Certain => "certain",
        }
    }
}

/// What two items are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The same publication twice.
    Same,
    /// A preprint and what was published of it, or preprints of one work on two servers.
    Versions,
}

impl Relation {
    /// The stable name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Relation::Same => "same",
            Relation::Versions => "versions",
        }
    }
}

/// What two items are to each other; `None` when they are different works.
pub fn compare(a: &Signature, b: &Signature) -> Option<(Reason, Certainty, Relation)> {
    let both = |left: &Option<Box<str>>, right: &Option<Box<str>>| match (left, right) {
        (Some(left), Some(right)) => Some(left == right),
        _ => None,
    };
    let titles = (!a.title.is_empty() && !b.title.is_empty()).then(|| related(&a.title, &b.title));
    // An identifier is copied into the wrong item now and then: a title that is quite another one says so.
    let sure = if titles == Some(false) {
        Certainty::Possible
    } else {
        Certainty::Certain
    };
    let staged = a.stage != b.stage;
    match both(&a.doi, &b.doi) {
        // Chapters often carry the DOI of their book.
        Some(true) if a.book != b.book && (a.part || b.part) => return None,
        Some(true) => return Some((Reason::Doi, sure, Relation::Same)),
        _ => {}
    }
    if both(&a.pmid, &b.pmid) == Some(true) {
        return Some((Reason::PubMed, sure, Relation::Same));
    }
    if both(&a.arxiv, &b.arxiv) == Some(true) {
        let relation = if staged {
            Relation::Versions
        } else {
            Relation::Same
        };
        return Some((Reason::Arxiv, sure, relation));
    }
    // Two ids of one server are two works, whatever they are called.
    if both(&a.arxiv, &b.arxiv) == Some(false) {
        return None;
    }
    let differ = both(&a.doi, &b.doi) == Some(false);
    if a.book && b.book && a.isbns.iter().any(|isbn| b.isbns.contains(isbn)) {
        return Some((Reason::Isbn, sure, Relation::Same));
    }
    by_title(a, b, staged, differ)
}

fn by_title(
    a: &Signature,
    b: &Signature,
    staged: bool,
    dois_differ: bool,
) -> Option<(Reason, Certainty, Relation)> {
    if a.title.is_empty() || a.title != b.title {
        return None;
    }
    // A chapter that bears the title of its book is not the book.
    if a.book != b.book && (a.part || b.part) {
        return None;
    }
    let same_author = match (a.family.is_empty(), b.family.is_empty()) {
        (false, false) if a.family != b.family => return None,
        (false, false) => true,
        _ => false,
    };
    let years = a.year.zip(b.year).map(|(a, b)| a.abs_diff(b));
    let preprints = a.stage == Stage::Preprint && b.stage == Stage::Preprint;
    if staged || (preprints && dois_differ) {
        if years.is_some_and(|years| years > YEARS_TO_PUBLISH) {
            return None;
        }
        let certainty = if same_author {
            Certainty::Likely
        } else {
            Certainty::Possible
        };
        return Some((Reason::Title, certainty, Relation::Versions));
    }
    let elsewhere = a.place.is_some() && b.place.is_some() && a.place != b.place;
    // Every part of a series, and every year's statistics, may bear one title; identifiers tell them apart.
    let pmids_differ = a.pmid.is_some() && b.pmid.is_some();
    if dois_differ || pmids_differ || elsewhere || years.is_some_and(|years| years > 1) {
        return None;
    }
    let certainty = if same_author && years.is_some() {
        Certainty::Likely
    } else {
        Certainty::Possible
    };
    Some((Reason::Title, certainty, Relation::Same))
}

/// One title holds the other, or they are alike: a subtitle that is missing, a word that was corrected.
fn related(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    long.contains(short) || strsim::jaro_winkler(short, long) > 0.85
}
