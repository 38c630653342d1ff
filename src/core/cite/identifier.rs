//! Identifiers of a paper, found where real writers put them: fields of their own, lines of `note`, addresses.

use crate::core::item::{Item, bare_doi};
use crate::core::text::scrub;

/// The DOI: of its field, else of an address that holds one (`https://doi.org/10.…`, `…/doi/abs/10.…`,
/// `link.springer.com/chapter/10.…`).
pub fn doi(item: &Item) -> Option<String> {
    if let Some(doi) = item.doi() {
        return Some(doi);
    }
    let url = item.text("URL")?;
    let resolver = url.contains("doi.org/");
    let known = resolver || url.contains("/doi/") || url.contains("link.springer.com/");
    let (_, rest) = url.split_once("/10.").filter(|_| known)?;
    let rest = rest.split(['?', '#']).next()?;
    let mut rest = rest.trim_end_matches('/');
    for view in [
        ".pdf",
        "/abstract",
        "/full",
        "/fulltext",
        "/pdf",
        "/epdf",
        "/html",
        "/meta",
    ] {
        rest = rest.strip_suffix(view).unwrap_or(rest);
    }
    let (registrant, suffix) = rest.split_once('/')?;
    let real = (4..=9).contains(&registrant.len())
        && registrant.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && !suffix.is_empty()
        // Some publishers add a number of their own after the DOI.
        && (resolver || !suffix.contains('/'))
        && !suffix.contains([' ', '%']);
    real.then(|| format!("10.{rest}"))
}

/// The PubMed id, digits only.
pub fn pubmed(item: &Item) -> Option<String> {
    if let Some(text) = item.text("PMID") {
        return digits(text.trim_start_matches(|c: char| !c.is_ascii_digit()));
    }
    if let Some(id) = note_line(item, "pmid").as_deref().and_then(digits) {
        return Some(id);
    }
    let url = item.text("URL")?;
    ["pubmed.ncbi.nlm.nih.gov/", "ncbi.nlm.nih.gov/pubmed/"]
        .iter()
        .find_map(|host| digits(url.split_once(host)?.1))
}

/// The PubMed Central id with its `PMC`.
pub fn pubmed_central(item: &Item) -> Option<String> {
    let text = item
        .text("PMCID")
        .map(std::borrow::Cow::into_owned)
        .or_else(|| note_line(item, "pmcid"))
        .or_else(|| {
            let url = item.text("URL")?;
            Some(url.split_once("/articles/PMC")?.1.to_owned())
        })?;
    let number = digits(
        text.trim()
            .trim_start_matches(|c: char| !c.is_ascii_digit()),
    )?;
    Some(format!("PMC{number}"))
}

/// The JSTOR id of a stable address.
pub fn jstor(item: &Item) -> Option<String> {
    let url = item.text("URL")?;
    digits(url.split_once("jstor.org/stable/")?.1)
}

/// The address unless it only says the DOI again: `https` or `http` alone.
pub fn own_address(item: &Item) -> Option<String> {
    let url = scrub(&item.text("URL")?, false);
    let lower = url.to_ascii_lowercase();
    if !(lower.starts_with("https://") || lower.starts_with("http://")) {
        return None;
    }
    let resolver = lower.contains("://doi.org/") || lower.contains("://dx.doi.org/");
    let says_doi = resolver
        && doi(item).is_some_and(|doi| {
            bare_doi(&url).is_some_and(|of_url| of_url.eq_ignore_ascii_case(&doi))
        });
    (!says_doi).then_some(url)
}

/// The archives of arXiv; a class is one of them or `archive.XX`.
const ARCHIVES: &[&str] = &[
    "astro-ph", "cond-mat", "cs", "econ", "eess", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th",
    "math", "math-ph", "nlin", "nucl-ex", "nucl-th", "physics", "q-bio", "q-fin", "quant-ph",
    "stat",
];

/// The primary class of an arXiv paper: in brackets after the id (`arXiv:1706.03762 [cs.CL]`), the first of
/// `categories`, or the first keyword that is a class with a dot.
pub fn arxiv_class(item: &Item) -> Option<String> {
    for field in ["number", "container-title", "note", "archive_location"] {
        if let Some(text) = item.text(field)
            && text.to_ascii_lowercase().contains("arxiv")
            && let Some((_, rest)) = text.split_once('[')
            && let Some((inside, _)) = rest.split_once(']')
            && let Some(class) = inside.split([',', ';']).next().map(str::trim)
            && is_class(class)
        {
            return Some(class.to_owned());
        }
    }
    if let Some(categories) = item.text("categories")
        && let Some(class) = categories.split([' ', ',']).next()
        && is_class(class)
    {
        return Some(class.to_owned());
    }
    keywords(item)
        .into_iter()
        .find(|word| word.contains('.') && is_class(word))
}

fn is_class(text: &str) -> bool {
    let (archive, subject) = text.split_once('.').unwrap_or((text, "XX"));
    ARCHIVES.contains(&archive)
        && (2..=20).contains(&subject.len())
        && subject
            .bytes()
            .all(|b| b.is_ascii_alphabetic() || b == b'-')
}

/// The keywords one by one; a text is taken apart at semicolons, else at commas.
pub fn keywords(item: &Item) -> Vec<String> {
    let fields = item.fields();
    let whole: Vec<&str> = match fields.get("keyword").or_else(|| fields.get("keywords")) {
        Some(serde_json::Value::String(text)) => {
            let separator = if text.contains(';') { ';' } else { ',' };
            text.split(separator).collect()
        }
        Some(serde_json::Value::Array(list)) => {
            list.iter().filter_map(serde_json::Value::as_str).collect()
        }
        _ => Vec::new(),
    };
    whole
        .into_iter()
        .map(|word| crate::core::text::clean(word).into_string())
        .filter(|word| !word.is_empty())
        .collect()
}

/// A `page` without the "p." or "pp." that some writers put before it.
pub fn pages(page: &str) -> &str {
    let page = page.trim();
    ["pp.", "p.", "pg.", "pp ", "p "]
        .iter()
        .find_map(|label| page.strip_prefix(label))
        .map(str::trim_start)
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or(page)
}

/// The value of a line `name: value` in `note`, where Zotero keeps what it has no field for.
fn note_line(item: &Item, name: &str) -> Option<String> {
    let note = item.text("note")?;
    note.lines().find_map(|line| {
        let (label, value) = line.split_once(':')?;
        (label.trim().eq_ignore_ascii_case(name)).then(|| value.trim().to_owned())
    })
}

fn digits(text: &str) -> Option<String> {
    let run: String = text
        .trim()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    (1..=12).contains(&run.len()).then_some(run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn item(value: &serde_json::Value) -> Item {
        Item::parse(value.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn pubmed_ids_are_found_in_field_note_and_address() {
        for value in [
            json!({"PMID": "41694348"}),
            json!({"PMID": 41_694_348}),
            json!({"note": "seen\nPMID: 41694348"}),
            json!({"URL": "https://pubmed.ncbi.nlm.nih.gov/41694348/"}),
            json!({"URL": "http://www.ncbi.nlm.nih.gov/pubmed/41694348"}),
        ] {
            assert_eq!(
                pubmed(&item(&value)).as_deref(),
                Some("41694348"),
                "{value}"
            );
        }
        assert_eq!(pubmed(&item(&json!({"note": "PMID unknown"}))), None);
        for value in [
            json!({"PMCID": "PMC99"}),
            json!({"PMCID": "99"}),
            json!({"URL": "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC99/"}),
        ] {
            assert_eq!(pubmed_central(&item(&value)).as_deref(), Some("PMC99"));
        }
    }

    #[test]
    fn a_doi_is_taken_from_an_address_that_holds_one() {
        for (url, expected) in [
            ("https://doi.org/10.1038/x.1", Some("10.1038/x.1")),
            (
                "http://link.springer.com/chapter/10.1007/978-3_6?a=b",
                Some("10.1007/978-3_6"),
            ),
            (
                "https://x.org/doi/abs/10.1111/j.x/abstract",
                Some("10.1111/j.x"),
            ),
            ("https://x.org/doi/10.1093/llc/fq1/6964525", None),
            ("https://example.org/10.1038/x", None),
            ("https://doi.org/10.1/%7Bx", None),
            ("https://x.org/doi/", None),
        ] {
            assert_eq!(
                doi(&item(&json!({"URL": url}))).as_deref(),
                expected,
                "{url}"
            );
        }
        let both = item(&json!({"DOI": "10.1/a", "URL": "https://doi.org/10.1234/b"}));
        assert_eq!(doi(&both).as_deref(), Some("10.1/a"));
    }

    #[test]
    fn an_address_that_is_the_doi_is_not_one_of_its_own() {
        let doi = "10.1/x";
        for (url, own) in [
            ("https://doi.org/10.1/X", false),
            ("http://dx.doi.org/10.1/x", false),
            ("https://doi.org/10.1/other", true),
            ("https://example.org/10.1/x", true),
            ("javascript:alert(1)", false),
        ] {
            let it = item(&json!({"DOI": doi, "URL": url}));
            assert_eq!(own_address(&it).is_some(), own, "{url}");
        }
    }

    #[test]
    fn the_arxiv_class_comes_from_brackets_categories_or_keywords() {
        for (value, class) in [
            (json!({"number": "arXiv:1706.03762 [cs.CL]"}), Some("cs.CL")),
            (
                json!({"container-title": "arXiv:1407.5694 [math]"}),
                Some("math"),
            ),
            (json!({"categories": "hep-ph hep-ex"}), Some("hep-ph")),
            (json!({"keyword": "attention, cs.LG"}), Some("cs.LG")),
            (json!({"keyword": "math, physics"}), None),
            (json!({"note": "see [cs.CL]"}), None),
        ] {
            assert_eq!(arxiv_class(&item(&value)).as_deref(), class, "{value}");
        }
    }
}
