//! Addresses of publishers and archives that hold the identifier of a paper.

use super::doi::{decoded, find_doi};
use super::{Identifier, of_doi, pmcid, pmid};
use crate::core::item::arxiv_id;

/// What publishers put behind a DOI in their addresses.
const TAILS: [&str; 22] = [
    "/full/html",
    "/full/pdf",
    "/full",
    "/fulltext",
    "/abstract",
    "/abs",
    "/pdfdirect",
    "/pdf",
    "/epdf",
    "/epub",
    "/html",
    "/meta",
    "/summary",
    "/references",
    "/suppl_file",
    "/tables",
    "/figures",
    ".full.pdf",
    ".full-text",
    ".full",
    ".abstract",
    ".pdf",
];

/// What a web address names: an identifier that it holds, or the page itself. `None` where the text is no address.
pub fn of_address(text: &str) -> Option<Identifier> {
    let text = text.trim();
    if text.contains(char::is_whitespace) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let is_address = lower.starts_with("http://") || lower.starts_with("https://");
    let bare = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    let (host, _) = bare.split_once('/').unwrap_or((bare, ""));
    let host = host.trim_start_matches("www.");
    let known = [
        "doi.org",
        "dx.doi.org",
        "arxiv.org",
        "pubmed.ncbi.nlm.nih.gov",
        "ncbi.nlm.nih.gov",
        "pmc.ncbi.nlm.nih.gov",
        "biorxiv.org",
        "medrxiv.org",
        "nature.com",
        "aclanthology.org",
        "frontiersin.org",
    ];
    if !is_address && !known.contains(&host) {
        return None;
    }
    let path = text.get(text.len() - bare.len()..)?;
    let path = path.split_once('/').map_or("", |(_, path)| path);
    held(host, path).or_else(|| {
        is_address.then(|| Identifier::Url(text.trim_end_matches(['.', ',', ';']).to_owned()))
    })
}

fn held(host: &str, path: &str) -> Option<Identifier> {
    let of_host = |name: &str| host == name || host.ends_with(&format!(".{name}"));
    if of_host("arxiv.org") {
        let rest = ["abs/", "pdf/", "html/", "ps/"]
            .iter()
            .find_map(|folder| path.strip_prefix(folder))?;
        return arxiv_id(rest, true).map(|id| Identifier::Arxiv(id.to_owned()));
    }
    let bare_path = path.split(['?', '#']).next().unwrap_or_default();
    let mut parts = bare_path.split('/').filter(|part| !part.is_empty());
    if of_host("pubmed.ncbi.nlm.nih.gov") {
        return pmid(parts.next()?).map(Identifier::Pmid);
    }
    if of_host("ncbi.nlm.nih.gov") {
        let (mut last, mut before) = ("", "");
        for part in parts {
            if last == "pubmed" {
                return pmid(part).map(Identifier::Pmid);
            }
            if part.len() > 3 && part.to_ascii_uppercase().starts_with("PMC") {
                return pmcid(part).map(Identifier::Pmcid);
            }
            (before, last) = (last, part);
        }
        return (before == "pubmed")
            .then(|| pmid(last))
            .flatten()
            .map(Identifier::Pmid);
    }
    if let Some(doi) = find_doi(path) {
        return Some(of_doi(without_tail(&doi, host).to_owned()));
    }
    if of_host("nature.com") && parts.next() == Some("articles") {
        // Old articles stand under their own names, new ones under the suffix of their DOI.
        let article = decoded(parts.next()?).to_lowercase();
        let article = article.trim_end_matches(".pdf");
        let is_suffix = article.starts_with("s4")
            || article.starts_with("nature")
            || article.starts_with("srep")
            || article.starts_with("ncomms")
            || article.starts_with('n') && article.ends_with(|c: char| c.is_ascii_digit());
        return is_suffix.then(|| Identifier::Doi(format!("10.1038/{article}")));
    }
    if of_host("aclanthology.org") {
        let id = parts
            .next()?
            .trim_end_matches(".pdf")
            .trim_end_matches(".bib");
        let is_old = id.len() == 8 && id.get(3..4) == Some("-");
        let is_new = id.len() > 8 && id.starts_with("20") && id.contains('.');
        return (is_old || is_new)
            .then(|| Identifier::Doi(format!("10.18653/v1/{id}").to_lowercase()));
    }
    None
}

/// A DOI out of an address, without what the publisher put behind it.
fn without_tail<'a>(doi: &'a str, host: &str) -> &'a str {
    let mut doi = doi;
    loop {
        let before = doi;
        for tail in TAILS {
            if let Some(rest) = doi.strip_suffix(tail)
                && rest
                    .split_once('/')
                    .is_some_and(|(_, suffix)| !suffix.is_empty())
            {
                doi = rest;
            }
        }
        // Preprint servers name the version.
        if (host.ends_with("biorxiv.org") || host.ends_with("medrxiv.org"))
            && let Some((rest, version)) = doi.rsplit_once('v')
            && (1..=2).contains(&version.len())
            && version.bytes().all(|byte| byte.is_ascii_digit())
        {
            doi = rest;
        }
        if doi == before {
            return doi;
        }
    }
}
