//! Identifiers and addresses: DOI, ISBN, PubMed, arXiv and other archives, URL.

use super::{KEPT, Source, plain, rich};
use crate::core::import::entry::{self, Fields};
use crate::core::import::latex;
use crate::core::item::arxiv_id;

pub(super) fn identifiers(
    source: &mut Source<'_>,
    fields: &mut Fields,
    csl: &'static str,
    preprint: Option<String>,
) {
    if let Some(doi) = source.take("doi") {
        fields.text("DOI", entry::doi(&verbatim(doi)));
    }
    for (names, variable) in [
        (&["isbn"][..], "ISBN"),
        (&["issn"], "ISSN"),
        (&["pmid"], "PMID"),
        (&["pmcid", "pmc"], "PMCID"),
    ] {
        if let Some(text) = source.first(names) {
            fields.text(variable, plain(text));
        }
    }
    if let Some(url) = source.take("url") {
        fields.text("URL", verbatim(url));
    }
    if let Some(how) = source.take("howpublished") {
        how_published(how, fields);
    }
    eprint(source, fields, csl, preprint);
}

/// An address, or where else it appeared.
fn how_published(source: &str, fields: &mut Fields) {
    let address = source
        .find("http")
        .and_then(|at| source.get(at..))
        .and_then(|rest| rest.split([' ', '}', '\n']).next());
    match address {
        Some(address) if !fields.has("URL") => fields.text("URL", verbatim(address)),
        Some(_) => fields.keep(KEPT, "howpublished", source),
        None if fields.has("container-title") => fields.keep(KEPT, "howpublished", source),
        None => fields.text("container-title", rich(source)),
    }
}

fn eprint(
    source: &mut Source<'_>,
    fields: &mut Fields,
    csl: &'static str,
    preprint: Option<String>,
) {
    let arxiv = preprint.or_else(|| arxiv_of_eprint(source));
    let class = source.first(&["primaryclass", "eprintclass"]).map(plain);
    if let Some(id) = arxiv {
        for used in ["eprint", "arxivid", "eprinttype", "archiveprefix"] {
            source.take(used);
        }
        if csl == "article" {
            source.first(&["journal", "journaltitle"]);
            if source.peek("volume").starts_with("abs/") {
                source.take("volume");
            }
        }
        let class = class.map_or_else(String::new, |class| format!(" [{class}]"));
        let named = format!("arXiv:{}{class}", id.trim_start_matches("arXiv:"));
        if csl == "article" && !fields.has("number") {
            fields.text("publisher", "arXiv");
            fields.text("number", named);
        } else {
            fields.text("archive", "arXiv");
            fields.text("archive_location", named);
        }
        return;
    }
    let Some(id) = source.take("eprint").map(verbatim) else {
        return;
    };
    let kind = source
        .first(&["eprinttype", "archiveprefix"])
        .map(plain)
        .unwrap_or_default();
    match kind.to_ascii_lowercase().as_str() {
        "pubmed" | "pmid" if !fields.has("PMID") => fields.text("PMID", id),
        "pmcid" | "pmc" if !fields.has("PMCID") => fields.text("PMCID", id),
        "jstor" if !fields.has("URL") => {
            fields.text("URL", format!("https://www.jstor.org/stable/{id}"));
        }
        _ => {
            fields.text("archive", kind);
            fields.text("archive_location", id);
        }
    }
}

/// An address or identifier, which LaTeX reads as it is, though many writers escape it.
fn verbatim(source: &str) -> String {
    let mut text = source.trim();
    if let Some(inner) = text.strip_prefix("\\url") {
        text = inner.trim();
    }
    while let Some(inner) = latex::whole_group(text) {
        text = inner.trim();
    }
    if !text.contains(['\\', '{', '$']) {
        return text.to_owned();
    }
    let text = text
        .replace("{\\textasciitilde}", "~")
        .replace("\\textasciitilde{}", "~")
        .replace("\\textasciitilde", "~")
        .replace("$\\sim$", "~")
        .replace("\\~{}", "~")
        .replace("{\\_}", "_")
        .replace("{\\%}", "%")
        .replace("{\\&}", "&")
        .replace("{\\#}", "#")
        .replace("{\\~}", "~");
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        if c == '\\' && letters.peek().is_some_and(char::is_ascii_punctuation) {
            continue;
        }
        out.push(c);
    }
    out
}

pub(super) fn arxiv_of_eprint(source: &Source<'_>) -> Option<String> {
    let id = match source.peek("eprint") {
        "" => source.peek("arxivid"),
        id => id,
    };
    let kind = match source.peek("archiveprefix") {
        "" => source.peek("eprinttype"),
        kind => kind,
    };
    if id.is_empty() || !(kind.is_empty() || kind.eq_ignore_ascii_case("arxiv")) {
        return None;
    }
    match arxiv_id(id, true) {
        Some(id) => Some(id.to_owned()),
        None if kind.eq_ignore_ascii_case("arxiv") => Some(plain(id)),
        None => None,
    }
}
