//! From the markup of services (JATS, HTML, MathML, entities, also double ones) to text.

use crate::core::import::latex::math;
use crate::core::import::markup::clean;
use crate::core::text;

/// A name or a venue as one line without any markup.
pub(super) fn line(raw: &str) -> String {
    text::clean(&spaced(raw)).into_string()
}

/// Services put no-break spaces wherever their typesetters did.
fn spaced(raw: &str) -> String {
    unmathed(&raw.replace('\u{a0}', " "))
}

/// A formula between dollar signs as text, where Unicode has all its signs; prices and other dollars stay.
fn unmathed(raw: &str) -> String {
    /// Longer texts between two dollar signs are no formulas.
    const LONGEST: usize = 300;
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        // What stands in `<tex-math>` is read with its element.
        let in_element = before.ends_with('>') && before.contains("tex-math");
        let formula = after.split_once('$').filter(|(inner, _)| {
            let is_tight = !inner.is_empty()
                && !inner.starts_with(char::is_whitespace)
                && !inner.ends_with(char::is_whitespace);
            let is_single =
                inner.chars().count() == 1 && !inner.starts_with(|c: char| c.is_ascii_digit());
            is_tight
                && inner.len() <= LONGEST
                && (is_single || inner.contains(['\\', '_', '^', '=', '+']))
        });
        let read = formula
            .filter(|_| !in_element)
            .and_then(|(inner, after)| Some((math::to_text(inner)?, after)));
        let (text, after) = read.unwrap_or_else(|| ("$".to_owned(), after));
        out.push_str(&text);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A title as one line, with the few tags that CSL knows.
pub(super) fn title(raw: &str) -> String {
    text::scrub(&clean(&spaced(raw)).replace('\n', " "), false)
}

/// An abstract: paragraphs parted by an empty line, heads of sections before their text.
pub(super) fn paragraphs(raw: &str) -> String {
    let mut out = String::new();
    let lines = spaced(raw).replace("\r\n", "\n");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_prices_stay() {
        for (raw, text) in [
            (
                "the $\\alpha$ of $x_{i}^2$",
                "the α of x<sub>i</sub><sup>2</sup>",
            ),
            ("costs $5 and $6", "costs $5 and $6"),
            ("a $ b", "a $ b"),
            ("$$", "$$"),
            ("$n$-body\u{a0}problem", "n-body problem"),
        ] {
            assert_eq!(title(raw), text, "{raw}");
        }
    }
}
