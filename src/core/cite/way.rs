//! Ways to write papers down: the fixed formats, and the citation styles by name.

use std::borrow::Cow;
use std::fmt;

use super::Format;

/// A way to write papers down.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Way {
    /// One of the fixed formats.
    Format(Format),
    /// Bibliography entries in a citation style, by its id.
    Style(Cow<'static, str>),
    /// The citation in the text in a style, by its id.
    InText(Cow<'static, str>),
    /// Title, citation in a style and link as Markdown, to send to somebody.
    Share(Cow<'static, str>),
}

/// A row of the copy menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuRow {
    /// The letter that chooses it.
    pub letter: char,
    /// What it is called.
    pub label: Cow<'static, str>,
    /// What it writes.
    pub way: Way,
}

/// The styles of the menu: letter, name, id in the CSL repository.
const STYLES: [(char, &str, &str); 7] = [
    ('a', "APA", "apa"),
    ('m', "MLA", "modern-language-association"),
    ('c', "Chicago", "chicago-author-date"),
    ('i', "IEEE", "ieee"),
    ('v', "Vancouver", "nlm-citation-sequence"),
    ('h', "Harvard", "harvard-cite-them-right"),
    ('n', "Nature", "nature"),
];

/// The style that copies unless another is set.
pub const DEFAULT_STYLE: &str = "apa";

/// The name of the block for sharing.
pub const SHARE: &str = "share";
/// What menus and messages call it.
const SHARE_LABEL: &str = "block to share";

impl Way {
    /// The way of that name: a format, or else a style.
    pub fn named(name: &str) -> Way {
        if name.eq_ignore_ascii_case(SHARE) {
            return Way::Share(Cow::Borrowed(DEFAULT_STYLE));
        }
        match name.parse() {
            Ok(format) => Way::Format(format),
            Err(_) => Way::Style(style_id(name)),
        }
    }

    /// The rows of the copy menu; the citation in the text is that of `style`.
    pub fn menu(style: &str) -> Vec<MenuRow> {
        let mut rows: Vec<MenuRow> = STYLES
            .iter()
            .map(|(letter, label, id)| MenuRow {
                letter: *letter,
                label: Cow::Borrowed(*label),
                way: Way::Style(Cow::Borrowed(*id)),
            })
            .collect();
        let in_text = Way::InText(Cow::Owned(style.to_owned()));
        rows.push(MenuRow {
            letter: 's',
            label: Cow::Borrowed(SHARE_LABEL),
            way: Way::Share(Cow::Owned(style.to_owned())),
        });
        rows.push(MenuRow {
            letter: '(',
            label: Cow::Owned(in_text.label()),
            way: in_text,
        });
        rows.extend(Format::ALL.into_iter().map(|format| MenuRow {
            letter: format.letter(),
            label: Cow::Borrowed(format.label()),
            way: Way::Format(format),
        }));
        rows
    }

    /// What menus and messages call it.
    pub fn label(&self) -> String {
        match self {
            Way::Format(format) => format.label().to_owned(),
            Way::Style(id) => style_name(id).to_owned(),
            Way::InText(id) => format!("in-text, {}", style_name(id)),
            Way::Share(_) => SHARE_LABEL.to_owned(),
        }
    }

    /// The style it needs, if it needs one.
    pub fn style(&self) -> Option<&str> {
        match self {
            Way::Format(_) => None,
            Way::Style(id) | Way::InText(id) | Way::Share(id) => Some(id),
        }
    }
}

impl Default for Way {
    fn default() -> Way {
        Way::Style(Cow::Borrowed(DEFAULT_STYLE))
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Way::Format(format) => f.write_str(format.name()),
            Way::Style(id) => f.write_str(id),
            Way::InText(id) => write!(f, "in-text:{id}"),
            Way::Share(_) => f.write_str(SHARE),
        }
    }
}

/// The short name of a style that the menu knows, else its id.
fn style_name(id: &str) -> &str {
    STYLES
        .iter()
        .find(|(_, _, known)| *known == id)
        .map_or(id, |(_, name, _)| *name)
}

/// The id of a style by its id or short name: "MLA" is `modern-language-association`.
fn style_id(name: &str) -> Cow<'static, str> {
    STYLES
        .iter()
        .find(|(_, short, id)| short.eq_ignore_ascii_case(name) || id.eq_ignore_ascii_case(name))
        .map_or_else(
            || Cow::Owned(name.to_owned()),
            |(_, _, id)| Cow::Borrowed(*id),
        )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn letters_of_the_menu_are_unique_and_none_is_the_key_that_searches() {
        let rows = Way::menu("apa");
        let letters: BTreeSet<char> = rows.iter().map(|row| row.letter).collect();
        assert_eq!(letters.len(), rows.len());
        assert!(!letters.contains(&'/'));
    }

    #[test]
    fn names_lead_to_formats_and_styles() {
        assert_eq!(Way::named("bibtex"), Way::Format(Format::BibTex));
        assert_eq!(
            Way::named("MLA"),
            Way::Style("modern-language-association".into())
        );
        assert_eq!(Way::named("acta-materialia").label(), "acta-materialia");
        assert_eq!(Way::default().label(), "APA");
    }
}
