//! Links, citation commands and plain titles.

use super::identifier::{doi, own_address};
use super::latex::percent_encode;
use super::{Unavailable, key};
use crate::core::item::Item;
use crate::core::text::clean;

/// The paper's address: its DOI as `https://doi.org/…`, else its web address.
pub fn address(item: &Item) -> Option<String> {
    if let Some(doi) = doi(item) {
        return Some(format!(
            "https://doi.org/{}",
            encode(&doi, "#?<>\"\\^`{|}[]")
        ));
    }
    own_address(item).map(|url| encode(&url, "<>\"\\^`{|}"))
}

/// Percent-encodes what may not stand in an address: `reserved`, spaces, anything not ASCII, and a `%` that does not
/// begin an escape.
fn encode(text: &str, reserved: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let two: Vec<char> = rest.clone().take(2).collect();
        let is_escape = two.len() == 2 && two.iter().all(char::is_ascii_hexdigit);
        if !c.is_ascii_graphic() || reserved.contains(c) || (c == '%' && !is_escape) {
            if !crate::core::text::is_dangerous(c) {
                percent_encode(c, &mut out);
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// The title as plain text.
pub fn title(item: &Item) -> Option<String> {
    let title = clean(&item.text("title")?).into_string();
    (!title.is_empty()).then_some(title)
}

/// `[Title](https://doi.org/…)`; the address stands for a missing title.
///
/// # Errors
/// [`Unavailable::NoAddress`] when there is nothing to link to.
pub fn markdown(item: &Item) -> Result<String, Unavailable> {
    let address = address(item).ok_or(Unavailable::NoAddress)?;
    let text = title(item).unwrap_or_else(|| address.clone());
    // A parenthesis would end the link's target early.
    let target = address.replace('(', "%28").replace(')', "%29");
    Ok(format!("[{}]({target})", escape_markdown(&text)))
}

/// A paper to send to somebody, as Markdown: its title, the citation given (as Markdown), its address.
pub fn share(item: &Item, citation: &str) -> String {
    let title = title(item).map(|title| format!("**{}**", escape_markdown(&title)));
    let address = address(item).map(|address| format!("<{}>", address.replace(['<', '>'], "")));
    let parts = [title, Some(citation.trim().to_owned()), address];
    let parts: Vec<String> = (parts.into_iter().flatten())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("\n\n")
}

/// Escapes what Markdown (CommonMark, pandoc's mathematics included) would read as markup inside a link's text.
fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        let entity = c == '&'
            && text.get(at + 1..).is_some_and(|rest| {
                rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#')
            });
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '$') || entity {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// pandoc's `[@a; @b]`; a key with characters that pandoc would not read as part of it stands in braces.
pub fn pandoc<'a>(keys: impl Iterator<Item = &'a str>) -> String {
    let citations: Vec<String> = keys
        .map(|key| {
            let key = key::safe(key);
            if is_pandoc_key(&key) {
                format!("@{key}")
            } else {
                format!("@{{{key}}}")
            }
        })
        .collect();
    format!("[{}]", citations.join("; "))
}

/// pandoc manual, "Citation syntax": letters, digits and `_`, with single characters of `:.#$%&-+?<>~/` between them.
fn is_pandoc_key(key: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    key.starts_with(is_word)
        && key.ends_with(is_word)
        && key
            .chars()
            .zip(key.chars().skip(1))
            .all(|(a, b)| is_word(a) || is_word(b))
        && key
            .chars()
            .all(|c| is_word(c) || ":.#$%&-+?<>~/".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn item(value: &serde_json::Value) -> Item {
        Item::parse(value.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn the_doi_is_the_address_else_the_url() {
        for (value, expected) in [
            (
                json!({"DOI": "https://doi.org/10.1/a_b"}),
                Some("https://doi.org/10.1/a_b"),
            ),
            (
                json!({"DOI": "10.1175/1520-0493(1987)115<1606:GARSPP>2.0.CO;2"}),
                Some("https://doi.org/10.1175/1520-0493(1987)115%3C1606:GARSPP%3E2.0.CO;2"),
            ),
            (
                json!({"URL": "https://x.org/ä b%20c%"}),
                Some("https://x.org/%C3%A4%20b%20c%25"),
            ),
            (json!({"URL": "javascript:alert(1)"}), None),
            (json!({"title": "x"}), None),
        ] {
            assert_eq!(address(&item(&value)).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn markdown_links_survive_any_title() {
        let it = item(&json!({"title": "On <i>a_b</i> [x] *y* & $z$", "DOI": "10.1/(x)"}));
        assert_eq!(
            markdown(&it).unwrap(),
            r"[On a\_b \[x\] \*y\* & \$z\$](https://doi.org/10.1/%28x%29)"
        );
    }

    #[test]
    fn pandoc_keys_are_braced_when_they_must_be() {
        assert_eq!(
            pandoc(["feng2026", "a:b.c", "x..y", "end."].into_iter()),
            "[@feng2026; @a:b.c; @{x..y}; @{end.}]"
        );
    }
}
