//! From the markup of services (JATS, HTML, MathML, entities, also double ones) to text.

use crate::core::import::markup::clean;
use crate::core::text;

/// A name or a venue as one line without any markup.
pub(super) fn line(raw: &str) -> String {
    text::clean(raw).into_string()
}

/// A title as one line, with the few tags that CSL knows.
pub(super) fn title(raw: &str) -> String {
    text::scrub(&clean(raw).replace('\n', " "), false)
}

/// An abstract: paragraphs parted by an empty line, heads of sections before their text.
pub(super) fn paragraphs(raw: &str) -> String {
    let mut out = String::new();
    let lines = raw.replace("\r\n", "\n");
    // Services break lines wherever they are full; only an empty line ends a paragraph, or a tag.
    for part in lines.split("\n\n") {
        for line in clean(&part.replace('\n', " ")).lines() {
            let line = text::scrub(line, false);
            if line.is_empty() || line.eq_ignore_ascii_case("abstract") {
                continue;
            }
            if out.ends_with(':') {
                out.push(' ');
            } else if !out.is_empty() {
                out.push_str("\n\n");
            }
            out.push_str(&line);
        }
    }
    out
}
