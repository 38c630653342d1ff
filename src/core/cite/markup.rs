//! Titles and abstracts with markup, as a flat row of pieces whose styles are always closed.
//!
//! Understood are the tags that CSL allows in fields (`i`, `b`, `sup`, `sub`, small caps, `nocase`), their HTML and
//! JATS synonyms, entities (also double ones), and TeX mathematics between dollar signs as arXiv titles have it.

use super::latex::math;
use crate::core::text::scrub;

/// How a stretch of text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Italics.
    Italic,
    /// Bold.
    Bold,
    /// Raised.
    Superscript,
    /// Lowered.
    Subscript,
    /// Small capitals.
    SmallCaps,
    /// Letters whose case no style may change.
    NoCase,
}

/// One character, or the beginning or end of a style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A character of the text.
    Char(char),
    /// Safe TeX mathematics, without its dollar signs.
    Math(String),
    /// A style begins.
    Open(Style),
    /// The style opened last ends.
    Close,
}

/// Deeper nesting is not real markup; the text stays, the style is dropped.
const DEEPEST: usize = 16;
/// Longer tags are no tags.
const LONGEST_TAG: usize = 200;

/// Reads a field. The text is scrubbed; spaces are single; every [`Piece::Open`] has its [`Piece::Close`].
pub fn parse(raw: &str) -> Vec<Piece> {
    let text = scrub(&resolve_entities(raw), false);
    let mut reader = Reader::default();
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        if c == '<'
            && let Some((tag, after)) = read_tag(rest)
        {
            reader.tag(&tag);
            rest = after;
            continue;
        }
        if c == '$'
            && let Some((formula, after)) = math::read(rest)
        {
            reader.pieces.push(Piece::Math(formula.to_owned()));
            reader.after_space = false;
            rest = after;
            continue;
        }
        reader.character(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    reader.finish()
}

/// Text without markup, as the same pieces.
pub fn plain(text: &str) -> Vec<Piece> {
    text.chars().map(Piece::Char).collect()
}

/// Decodes entities, twice where a writer encoded them twice.
fn resolve_entities(raw: &str) -> String {
    let mut text = raw.to_owned();
    for _ in 0..2 {
        if memchr::memchr(b'&', text.as_bytes()).is_none() {
            break;
        }
        text = html_escape::decode_html_entities(&text).into_owned();
    }
    text
}

struct Tag {
    name: String,
    closing: bool,
    empty: bool,
    style: Option<Style>,
}

#[derive(Default)]
struct Reader {
    pieces: Vec<Piece>,
    /// Open elements, each with whether it opened a style.
    open: Vec<(String, bool)>,
    after_space: bool,
    any_text: bool,
}

impl Reader {
    fn character(&mut self, c: char) {
        if c == ' ' {
            if self.after_space || !self.any_text {
                return;
            }
            self.after_space = true;
        } else {
            self.after_space = false;
            self.any_text = true;
        }
        self.pieces.push(Piece::Char(c));
    }

    fn tag(&mut self, tag: &Tag) {
        if is_block(&tag.name) {
            self.character(' ');
            return;
        }
        if tag.closing {
            let Some(at) = self.open.iter().rposition(|(name, _)| *name == tag.name) else {
                return;
            };
            while self.open.len() > at {
                if let Some((_, true)) = self.open.pop() {
                    self.pieces.push(Piece::Close);
                }
            }
        } else if !tag.empty && self.open.len() < DEEPEST {
            self.open.push((tag.name.clone(), tag.style.is_some()));
            if let Some(style) = tag.style {
                self.pieces.push(Piece::Open(style));
            }
        }
    }

    fn finish(mut self) -> Vec<Piece> {
        while let Some((_, styled)) = self.open.pop() {
            if styled {
                self.pieces.push(Piece::Close);
            }
        }
        if let Some(last) = self
            .pieces
            .iter()
            .rposition(|piece| matches!(piece, Piece::Char(_) | Piece::Math(_)))
            && self.pieces.get(last) == Some(&Piece::Char(' '))
        {
            self.pieces.remove(last);
        }
        self.pieces
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "br"
            | "div"
            | "sec"
            | "title"
            | "li"
            | "ul"
            | "ol"
            | "list"
            | "list-item"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "abstract"
    )
}

/// Reads a known tag at the start of `text`; `None` leaves the `<` a less-than sign.
fn read_tag(text: &str) -> Option<(Tag, &str)> {
    let end = text
        .char_indices()
        .take(LONGEST_TAG)
        .find(|(_, c)| *c == '>')
        .map(|(at, _)| at)?;
    let (tag, after) = text.split_at_checked(end)?;
    let tag = tag.strip_prefix('<')?;
    if tag.contains('<') {
        return None;
    }
    let (closing, tag) = tag
        .strip_prefix('/')
        .map_or((false, tag), |tag| (true, tag));
    let name_end = tag
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '-')))
        .unwrap_or(tag.len());
    let (name, attributes) = tag.split_at_checked(name_end)?;
    if !(attributes.is_empty() || attributes.starts_with([' ', '/'])) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let attributes = attributes.to_ascii_lowercase();
    let (local, foreign) = match name.split_once(':') {
        Some(("jats" | "mml", local)) => (local, true),
        Some(_) => return None,
        None => (name.as_str(), false),
    };
    let style = match local {
        "i" | "em" | "italic" => Some(Style::Italic),
        "b" | "strong" | "bold" => Some(Style::Bold),
        "sup" => Some(Style::Superscript),
        "sub" => Some(Style::Subscript),
        "sc" | "scp" => Some(Style::SmallCaps),
        "span" if attributes.contains("nocase") => Some(Style::NoCase),
        "span" if attributes.contains("small-caps") => Some(Style::SmallCaps),
        "span" | "u" | "a" | "underline" | "tt" | "code" | "small" | "font" | "roman"
        | "sans-serif" | "monospace" | "xref" | "ext-link" | "named-content" | "styled-content"
        | "inline-formula" | "math" => None,
        block if is_block(block) => None,
        _ if foreign => None,
        _ => return None,
    };
    let tag = Tag {
        closing,
        empty: attributes.ends_with('/'),
        style,
        name: local.to_owned(),
    };
    Some((tag, after.get(1..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Pieces as text: `[` and `]` stand for the ends of a style.
    fn shown(raw: &str) -> String {
        parse(raw)
            .iter()
            .map(|piece| match piece {
                Piece::Char(c) => c.to_string(),
                Piece::Math(formula) => format!("${formula}$"),
                Piece::Open(style) => format!("[{style:?}:"),
                Piece::Close => "]".to_owned(),
            })
            .collect()
    }

    #[test]
    fn known_tags_become_styles_and_others_stay_text() {
        for (raw, pieces) in [
            ("The <i>E. coli</i> gene", "The [Italic:E. coli] gene"),
            ("p < 0.05 and x>y", "p < 0.05 and x>y"),
            (
                "<jats:p>One</jats:p><jats:p>CO<jats:sub>2</jats:sub></jats:p>",
                "One CO[Subscript:2]",
            ),
            ("&lt;i&gt;in vivo&lt;/i&gt; &amp;amp;", "[Italic:in vivo] &"),
            (
                r#"<span class="nocase">eBay</span> <span>x</span>"#,
                "[NoCase:eBay] x",
            ),
            (
                r#"<span style="font-variant:small-caps">Acm</span>"#,
                "[SmallCaps:Acm]",
            ),
            ("a <foo> b", "a <foo> b"),
        ] {
            assert_eq!(shown(raw), pieces, "{raw}");
        }
    }

    #[test]
    fn crossed_and_forgotten_tags_are_closed() {
        assert_eq!(shown("<i>a<b>b</i>c</b>"), "[Italic:a[Bold:b]]c");
        assert_eq!(shown("<i>a"), "[Italic:a]");
        assert_eq!(shown("a</i>"), "a");
    }

    proptest! {
        #[test]
        fn styles_are_balanced_for_any_text(raw in "(<i>|</i>|<sup>|</sup>|<p>|</b>|<b>|&lt;|[a-z $<>&;/]|\\PC)*") {
            let mut depth = 0_i32;
            for piece in parse(&raw) {
                match piece {
                    Piece::Open(_) => depth += 1,
                    Piece::Close => depth -= 1,
                    _ => {}
                }
                prop_assert!(depth >= 0);
            }
            prop_assert_eq!(depth, 0);
        }
    }
}
