//! One self-contained page: no scripts, nothing fetched from elsewhere.

use std::fmt::Write as _;

use html_escape::{encode_double_quoted_attribute, encode_text};

use super::Paper;
use crate::core::cite::{identifier, key, link};
use crate::core::text::{clean, scrub};

/// The look: the system's own serif letters, in the light or dark of the reader's choice, printable.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1rem/1.5 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem}\
h1{font-size:1.4rem}\
ol{padding-left:0;list-style:none}\
li{margin:0 0 1.2rem;overflow-wrap:anywhere}\
p{margin:.2rem 0}\
.about{font-size:.875rem;opacity:.75}\
details{font-size:.95rem}\
.csl-left-margin{float:left;padding-right:.5em}\
.csl-right-inline{overflow:hidden}\
.csl-indent{margin-left:2em}\
@media print{details{display:none}}";

/// Everything before the first paper of `count`.
pub fn head(heading: &str, count: usize) -> String {
    let heading = scrub(heading, false);
    let heading = encode_text(&heading);
    let papers = if count == 1 {
        "1 paper".to_owned()
    } else {
        format!("{count} papers")
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"generator\" content=\"offprint\">\n\
         <title>{heading}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{heading}</h1>\n\
         <p class=\"about\">{papers}</p>\n<ol>\n"
    )
}

/// A paper: citation, address, keywords, and its abstract to unfold.
pub fn entry(paper: &Paper<'_>) -> String {
    let item = paper.item;
    let key = key::safe(paper.key);
    let citation = match paper.citation.filter(|citation| !citation.is_empty()) {
        Some(citation) => scrub(&citation.html(), false),
        None => {
            encode_text(&link::title(item).unwrap_or_else(|| "Untitled".to_owned())).into_owned()
        }
    };
    let mut out = format!(
        "<li id=\"{}\">\n<div>{citation}</div>\n",
        encode_double_quoted_attribute(&key)
    );
    let mut about = Vec::new();
    if let Some(address) = link::address(item) {
        about.push(format!(
            "<a href=\"{}\" rel=\"noreferrer\">{}</a>",
            encode_double_quoted_attribute(&address),
            encode_text(&address)
        ));
    }
    about.push(format!("<code>{}</code>", encode_text(&key)));
    let keywords = identifier::keywords(item);
    if !keywords.is_empty() {
        about.push(encode_text(&keywords.join(", ")).into_owned());
    }
    let _ = writeln!(out, "<p class=\"about\">{}</p>", about.join(" · "));
    let text = item.text("abstract").map(|raw| clean(&raw).into_string());
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        let text = encode_text(&text);
        let _ = writeln!(
            out,
            "<details><summary>Abstract</summary><p>{text}</p></details>"
        );
    }
    out.push_str("</li>\n");
    out
}

/// Everything behind the last paper.
pub fn foot() -> String {
    "</ol>\n</body>\n</html>\n".to_owned()
}
