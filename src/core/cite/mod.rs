//! The ways out of the library that are not citation styles: reference formats, keys and links.
//!
//! One file per way out ([`bibtex`], [`biblatex`], [`csl_json`], [`ris`], [`link`], [`key`]); [`bib`] and [`latex`]
//! hold what the two BibTeX dialects share, [`markup`] and [`title_case`] read and shape titles.
//!
//! Whatever comes out is safe to put on a clipboard: no control or bidi characters, lines end in `\n`, and there is no
//! newline at the end.

pub mod bib;
pub mod biblatex;
pub mod bibtex;
pub mod csl_json;
pub mod identifier;
pub mod key;
pub mod latex;
pub mod link;
pub mod markup;
pub mod ris;
pub mod styled;
pub mod title_case;
pub mod way;

use std::fmt;
use std::str::FromStr;

pub use styled::{LoadedStyle, StyleError, StyleName, StyleSource};
pub use way::{MenuRow, Way};

use super::item::Item;

/// A way to write papers down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// BibTeX entries: ASCII where LaTeX has a command for a letter.
    BibTex,
    /// BibLaTeX entries: UTF-8, EDTF dates.
    BibLaTex,
    /// A JSON array of CSL items.
    CslJson,
    /// RIS records.
    Ris,
    /// The bare citation keys, one per line.
    Key,
    /// `\cite{a,b}`.
    LatexCite,
    /// `[@a; @b]`.
    PandocCite,
    /// `https://doi.org/…`, else the web address; one per line.
    Doi,
    /// `[Title](https://doi.org/…)`; one per line.
    MarkdownLink,
    /// The title as plain text; one per line.
    Title,
}

impl Format {
    /// All formats in the order of the menu.
    pub const ALL: [Format; 10] = [
        Format::BibTex,
        Format::BibLaTex,
        Format::CslJson,
        Format::Ris,
        Format::Key,
        Format::LatexCite,
        Format::PandocCite,
        Format::Doi,
        Format::MarkdownLink,
        Format::Title,
    ];

    /// The stable name for configuration and command line.
    pub const fn name(self) -> &'static str {
        match self {
            Format::BibTex => "bibtex",
            Format::BibLaTex => "biblatex",
            Format::CslJson => "csl",
            Format::Ris => "ris",
            Format::Key => "key",
            Format::LatexCite => "latex",
            Format::PandocCite => "pandoc",
            Format::Doi => "doi",
            Format::MarkdownLink => "markdown",
            Format::Title => "title",
        }
    }

    /// What menus and messages call it.
    pub const fn label(self) -> &'static str {
        match self {
            Format::BibTex => "BibTeX",
            Format::BibLaTex => "BibLaTeX",
            Format::CslJson => "CSL-JSON",
            Format::Ris => "RIS",
            Format::Key => "citation key",
            Format::LatexCite => r"\cite{key}",
            Format::PandocCite => "[@key]",
            Format::Doi => "DOI link",
            Format::MarkdownLink => "Markdown link",
            Format::Title => "title",
        }
    }

    /// The letter that chooses it in the menu.
    pub const fn letter(self) -> char {
        match self {
            Format::BibTex => 'b',
            Format::BibLaTex => 'B',
            Format::CslJson => 'j',
            Format::Ris => 'r',
            Format::Key => 'k',
            Format::LatexCite => 'x',
            Format::PandocCite => 'p',
            Format::Doi => 'd',
            Format::MarkdownLink => 'l',
            Format::Title => 't',
        }
    }

    /// Why `item` has nothing to give in this format; `None` when it has.
    pub fn unavailable(self, item: &Item) -> Option<Unavailable> {
        match self {
            Format::Doi => link::address(item)
                .is_none()
                .then_some(Unavailable::NoAddress),
            Format::MarkdownLink => link::markdown(item).err(),
            Format::Title => link::title(item).is_none().then_some(Unavailable::NoTitle),
            _ => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A format name that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no format \"{given}\"; did you mean \"{nearest}\"?")]
pub struct UnknownFormat {
    /// What was asked for.
    pub given: String,
    /// The name that comes nearest to it.
    pub nearest: &'static str,
}

impl FromStr for Format {
    type Err = UnknownFormat;

    /// Reads a [`Format::name`] in any case.
    fn from_str(text: &str) -> Result<Format, UnknownFormat> {
        let given = text.trim().to_lowercase();
        Format::ALL
            .into_iter()
            .find(|format| format.name() == given)
            .ok_or_else(|| UnknownFormat {
                given: super::text::scrub(text, false).chars().take(60).collect(),
                nearest: Format::ALL
                    .map(Format::name)
                    .into_iter()
                    .min_by_key(|name| distance(&given, name))
                    .unwrap_or("bibtex"),
            })
    }
}

/// Levenshtein distance; a name that one text begins with counts as near. Only the first 24 characters are compared.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().take(24).collect();
    let mut row: Vec<usize> = (0..=left.len()).collect();
    for (i, r) in right.chars().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        let mut next = vec![before];
        for (l, &above) in left.iter().zip(row.iter().skip(1)) {
            before = (before + 1)
                .min(above + 1)
                .min(diagonal + usize::from(*l != r));
            diagonal = above;
            next.push(before);
        }
        row = next;
    }
    let text: String = left.iter().collect();
    let related = !text.is_empty() && (right.starts_with(&text) || text.starts_with(right));
    row.last()
        .copied()
        .unwrap_or_default()
        .saturating_mul(2)
        .saturating_sub(usize::from(related) * 5)
}

/// Why there is nothing to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// No papers were given.
    #[error("no paper selected")]
    Nothing,
    /// Neither a DOI nor a web address is known.
    #[error("no DOI and no web address")]
    NoAddress,
    /// The title is missing.
    #[error("no title")]
    NoTitle,
}

/// Writes papers, each with the key to cite it by, in one format.
///
/// Several BibTeX entries and RIS records are set apart by a blank line, CSL items are one array, keys are joined as
/// LaTeX and pandoc want them, the rest stands one per line. A paper that cannot give what the format needs
/// ([`Format::unavailable`]) is left out when others can.
///
/// # Errors
/// [`Unavailable`] when no paper has anything to give.
pub fn render(format: Format, items: &[(&Item, &str)]) -> Result<String, Unavailable> {
    if items.is_empty() {
        return Err(Unavailable::Nothing);
    }
    let each = |write: fn(&Item, &str) -> String, between: &str| {
        let texts: Vec<String> = items.iter().map(|(item, key)| write(item, key)).collect();
        texts.join(between)
    };
    let keys = || items.iter().map(|(_, key)| key::safe(key));
    Ok(match format {
        Format::BibTex => each(bibtex::entry, "\n\n"),
        Format::BibLaTex => each(biblatex::entry, "\n\n"),
        Format::Ris => each(ris::record, "\n\n"),
        Format::CslJson => csl_json::array(items),
        Format::Key => keys().collect::<Vec<_>>().join("\n"),
        Format::LatexCite => format!("\\cite{{{}}}", keys().collect::<Vec<_>>().join(",")),
        Format::PandocCite => link::pandoc(items.iter().map(|(_, key)| *key)),
        Format::Doi => lines(items, |item| {
            link::address(item).ok_or(Unavailable::NoAddress)
        })?,
        Format::MarkdownLink => lines(items, link::markdown)?,
        Format::Title => lines(items, |item| link::title(item).ok_or(Unavailable::NoTitle))?,
    })
}

fn lines(
    items: &[(&Item, &str)],
    write: impl Fn(&Item) -> Result<String, Unavailable>,
) -> Result<String, Unavailable> {
    let mut texts = Vec::new();
    let mut reason = Unavailable::Nothing;
    for (item, _) in items {
        match write(item) {
            Ok(text) => texts.push(text),
            Err(why) => reason = why,
        }
    }
    if texts.is_empty() {
        return Err(reason);
    }
    Ok(texts.join("\n"))
}

#[cfg(test)]
mod tests;
