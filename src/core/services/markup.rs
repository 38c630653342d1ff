//! From the markup of services (JATS, HTML, MathML, entities, also double ones) to clean text.

use crate::core::text;

/// A title or name as one line of clean text.
pub(super) fn line(raw: &str) -> String {
    text::clean(raw).into_string()
}

/// An abstract as clean text: paragraphs parted by an empty line, heads of sections before a colon. A head that says
/// no more than "Abstract" is dropped.
pub(super) fn paragraphs(raw: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut head = String::new();
    for part in parts(raw) {
        let (is_head, text) = part;
        let text = line(text);
        if text.is_empty() {
            continue;
        }
        if is_head {
            head = text;
            continue;
        }
        let bare = head.trim_end_matches([':', '.', ' ']);
        let is_said = bare.is_empty()
            || bare.eq_ignore_ascii_case("abstract")
            || bare.eq_ignore_ascii_case("summary");
        out.push(if is_said {
            text
        } else {
            format!("{bare}: {text}")
        });
        head.clear();
    }
    if out.is_empty() {
        return head;
    }
    if out.len() == 1
        && out
            .first()
            .is_some_and(|only| only.eq_ignore_ascii_case("abstract"))
    {
        return String::new();
    }
    out.join("\n\n")
}

/// The text between the tags that part paragraphs, and whether it is a head.
fn parts(raw: &str) -> Vec<(bool, &str)> {
    const ENDS: [(&str, bool); 12] = [
        ("</jats:title>", true),
        ("</title>", true),
        ("</h2>", true),
        ("</h3>", true),
        ("</h4>", true),
        ("<br><br>", false),
        ("<br/><br/>", false),
        ("</jats:p>", false),
        ("</p>", false),
        ("<h4>", false),
        ("<jats:title>", false),
        ("\n\n", false),
    ];
    let mut parts = Vec::new();
    let mut rest = raw;
    loop {
        let next = ENDS
            .iter()
            .filter_map(|(end, is_head)| Some((rest.find(end)?, end.len(), *is_head)))
            .min();
        let Some((at, len, is_head)) = next else {
            parts.push((false, rest));
            return parts;
        };
        let (text, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        parts.push((is_head, text));
        rest = after.get(len..).unwrap_or_default();
    }
}
