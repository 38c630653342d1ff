//! LaTeX as BibTeX fields hold it, as text with CSL's tags.
//!
//! Accents, letters and signs become Unicode, font commands the tags of CSL, formulas Unicode where it has all their
//! signs. In titles braces protect the case of what they hold. A command that is not known vanishes, what its braces
//! hold stays. The commands are those of LaTeX2e, textcomp, amssymb and inputenc's tables.

mod argument;
mod commands;
pub mod math;
mod reader;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use argument::argument;
pub use argument::whole_group;

use super::markup;
use reader::Reader;

/// What a field is, which decides what its braces and quotes mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Braces protect case.
    Title,
    /// Braces only group.
    Text,
    /// A part of a name, an institution, a number: no tags, ties are spaces, straight quotes stay.
    Plain,
}

/// The text of LaTeX source.
pub fn text(source: &str, field: Field) -> String {
    let mut source = source.trim();
    if field != Field::Text {
        while let Some(inner) = whole_group(source) {
            source = inner.trim();
        }
    }
    if is_plain(source) {
        return source.to_owned();
    }
    let mut reader = Reader::new(field, source.len() + 16);
    reader.run(source);
    let out = reader.finish();
    let out = match is_nfc_quick(out.chars()) {
        IsNormalized::Yes => out,
        _ => out.nfc().collect(),
    };
    if memchr::memchr2(b'<', b'&', source.as_bytes()).is_some() || source.contains("\\textless") {
        return markup::clean(&out);
    }
    out
}

/// Nothing in it means anything to LaTeX, and its spaces are single.
fn is_plain(source: &str) -> bool {
    let mut last = b' ';
    source.bytes().all(|byte| {
        let plain = match byte {
            b'\\' | b'{' | b'}' | b'$' | b'~' | b'`' | b'\'' | b'<' | b'&' => false,
            b' ' => last != b' ',
            b'-' => last != b'-',
            byte => (0x20..0x7F).contains(&byte),
        };
        last = byte;
        plain
    })
}

/// CSL's tags taken out.
pub(super) fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        rest = match tail.split_once('>') {
            Some((tag, after)) if tag.len() < 60 => after,
            _ => {
                out.push('<');
                tail.get(1..).unwrap_or_default()
            }
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests;
