//! What each format holds of a paper and of the notes on it.

use std::fmt::Write as _;

use super::Target;

/// Something that a format holds or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Datum {
    /// Italics and bold in titles.
    TitleMarkup,
    /// Particles of names apart from the family name.
    NameParts,
    /// The citation key.
    Key,
    /// The day of the date.
    Day,
    /// The abstract.
    Abstract,
    /// Keywords.
    Keywords,
    /// The language.
    Language,
    /// The `note` of the item.
    Note,
    /// The PubMed id.
    PubMed,
    /// The arXiv id.
    Arxiv,
    /// The ISBN.
    Isbn,
    /// Fields that CSL does not know.
    UnknownFields,
    /// `custom`, with what this program keeps there.
    Custom,
    /// Status.
    Status,
    /// Rating.
    Rating,
    /// Tags.
    Tags,
    /// Comments.
    Comments,
    /// Attached files.
    Files,
}

impl Datum {
    /// All of them in the order of the table.
    pub const ALL: [Datum; 18] = [
        Datum::TitleMarkup,
        Datum::NameParts,
        Datum::Key,
        Datum::Day,
        Datum::Abstract,
        Datum::Keywords,
        Datum::Language,
        Datum::Note,
        Datum::PubMed,
        Datum::Arxiv,
        Datum::Isbn,
        Datum::UnknownFields,
        Datum::Custom,
        Datum::Status,
        Datum::Rating,
        Datum::Tags,
        Datum::Comments,
        Datum::Files,
    ];

    /// What the table calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Datum::TitleMarkup => "italics and bold in titles",
            Datum::NameParts => "particles of names (“de la”) apart from the family name",
            Datum::Key => "citation key",
            Datum::Day => "day of the date",
            Datum::Abstract => "abstract",
            Datum::Keywords => "keywords",
            Datum::Language => "language",
            Datum::Note => "note",
            Datum::PubMed => "PubMed id",
            Datum::Arxiv => "arXiv id",
            Datum::Isbn => "ISBN",
            Datum::UnknownFields => "fields that CSL does not know",
            Datum::Custom => "`custom`",
            Datum::Status => "status",
            Datum::Rating => "star, rating, priority",
            Datum::Tags => "tags",
            Datum::Comments => "comments",
            Datum::Files => "queue, progress, files",
        }
    }
}

/// A format as the table has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The format.
    pub target: Target,
    /// With the notes in `custom.offprint`.
    pub bundle: bool,
}

impl Column {
    /// All columns.
    pub const ALL: [Column; 9] = [
        Column::of(Target::Csl, false),
        Column::of(Target::Csl, true),
        Column::of(Target::BibTex, false),
        Column::of(Target::BibLaTex, false),
        Column::of(Target::Ris, false),
        Column::of(Target::Csv, false),
        Column::of(Target::Markdown, false),
        Column::of(Target::Html, false),
        Column::of(Target::Obsidian, false),
    ];

    const fn of(target: Target, bundle: bool) -> Column {
        Column { target, bundle }
    }

    /// What the table calls it.
    pub const fn label(self) -> &'static str {
        match (self.target, self.bundle) {
            (Target::Csl, true) => "csl --bundle",
            (target, _) => target.name(),
        }
    }

    /// Whether papers written so hold this.
    pub const fn holds(self, datum: Datum) -> bool {
        use Datum as D;
        match self.target {
            Target::Csl => {
                self.bundle
                    || !matches!(
                        datum,
                        D::Status | D::Rating | D::Tags | D::Comments | D::Files
                    )
            }
            Target::BibTex => matches!(
                datum,
                D::TitleMarkup
                    | D::Key
                    | D::Abstract
                    | D::Keywords
                    | D::Language
                    | D::Note
                    | D::PubMed
                    | D::Arxiv
                    | D::Isbn
            ),
            Target::BibLaTex => matches!(
                datum,
                D::TitleMarkup
                    | D::NameParts
                    | D::Key
                    | D::Day
                    | D::Abstract
                    | D::Keywords
                    | D::Language
                    | D::Note
                    | D::PubMed
                    | D::Arxiv
                    | D::Isbn
            ),
            Target::Ris => matches!(
                datum,
                D::Day | D::Abstract | D::Keywords | D::Language | D::Note | D::PubMed | D::Isbn
            ),
            Target::Csv => matches!(
                datum,
                D::Key
                    | D::Day
                    | D::Abstract
                    | D::Keywords
                    | D::Language
                    | D::PubMed
                    | D::Arxiv
                    | D::Isbn
                    | D::Status
                    | D::Rating
                    | D::Tags
                    | D::Comments
            ),
            Target::Markdown => matches!(datum, D::TitleMarkup | D::Arxiv),
            Target::Html => matches!(
                datum,
                D::TitleMarkup | D::Key | D::Abstract | D::Keywords | D::Arxiv
            ),
            Target::Obsidian => matches!(
                datum,
                D::TitleMarkup
                    | D::Key
                    | D::Abstract
                    | D::Keywords
                    | D::PubMed
                    | D::Arxiv
                    | D::Status
                    | D::Rating
                    | D::Tags
                    | D::Comments
            ),
        }
    }
}

/// The table of the documentation: what each format cannot hold is a dash.
pub fn table() -> String {
    let mut out = String::from("| |");
    for column in Column::ALL {
        let _ = write!(out, " {} |", column.label());
    }
    out.push_str("\n|---|");
    out.push_str(&"---|".repeat(Column::ALL.len()));
    for datum in Datum::ALL {
        let _ = write!(out, "\n| {} |", datum.label());
        for column in Column::ALL {
            out.push_str(if column.holds(datum) {
                " yes |"
            } else {
                " – |"
            });
        }
    }
    out
}
