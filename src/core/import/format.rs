//! Which format a file is in: by its content, and where that does not tell by its name.

use std::fmt;

use super::ImportError;

/// A format of bibliographies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// BibTeX and BibLaTeX, `.bib`.
    BibTex,
    /// RIS, `.ris`.
    Ris,
    /// PubMed's MEDLINE format, `.nbib`.
    Nbib,
    /// PubMed's XML.
    PubMedXml,
    /// EndNote's XML export.
    EndNoteXml,
    /// A JSON array of CSL items, or one item.
    CslJson,
    /// JSON Lines of CSL items or of records of the arXiv metadata snapshot.
    JsonLines,
    /// Better BibTeX JSON, with tags, notes, collections and files.
    BetterBibTexJson,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 8] = [
        Format::BibTex,
        Format::Ris,
        Format::Nbib,
        Format::PubMedXml,
        Format::EndNoteXml,
        Format::CslJson,
        Format::JsonLines,
        Format::BetterBibTexJson,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Format::BibTex => "BibTeX",
            Format::Ris => "RIS",
            Format::Nbib => "PubMed NBIB",
            Format::PubMedXml => "PubMed XML",
            Format::EndNoteXml => "EndNote XML",
            Format::CslJson => "CSL-JSON",
            Format::JsonLines => "JSON Lines",
            Format::BetterBibTexJson => "Better BibTeX JSON",
        }
    }

    /// The library reads it by itself, item by item from the file.
    pub fn is_native(self) -> bool {
        matches!(self, Format::CslJson | Format::JsonLines)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Bytes at the beginning that are looked at.
pub const HEAD: usize = 64 << 10;

/// The format of a file by its beginning (at least [`HEAD`] bytes, or all of it) and its name.
///
/// # Errors
/// What the file is instead, and what to do.
pub fn detect(bytes: &[u8], name: &str) -> Result<Format, ImportError> {
    let head = bytes.get(..HEAD.min(bytes.len())).unwrap_or_default();
    // UTF-16 looks like text without its noughts.
    let narrow: Vec<u8>;
    let head = if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        narrow = head
            .get(2..)
            .unwrap_or_default()
            .iter()
            .copied()
            .filter(|byte| *byte != 0)
            .collect();
        &narrow
    } else {
        head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head)
    };
    let text = String::from_utf8_lossy(head);
    if let Some(format) = by_content(&text) {
        return Ok(format);
    }
    by_name(name, &text).ok_or_else(|| unknown(&text))
}

fn by_content(text: &str) -> Option<Format> {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    match start.chars().next()? {
        '[' => return Some(Format::CslJson),
        '{' if is_better_bibtex(start) => return Some(Format::BetterBibTexJson),
        '{' => {
            // One object a line, or one object that goes over many.
            let line = start.lines().next().unwrap_or_default();
            return Some(if line.trim_end().ends_with('}') {
                Format::JsonLines
            } else {
                Format::CslJson
            });
        }
        '<' => return by_root(start),
        _ => {}
    }
    // RIS and MEDLINE lines, also after some junk; an entry of BibTeX may hold such text, so it is asked about first.
    for line in text.lines().take(2000) {
        let line = line.trim_start_matches('\u{FEFF}').trim_start();
        if is_bibtex(line) {
            return Some(Format::BibTex);
        }
        let bytes = line.as_bytes();
        if let [b'T', b'Y', rest @ ..] = bytes
            && rest.trim_ascii_start().starts_with(b"-")
        {
            return Some(Format::Ris);
        }
        if is_medline(bytes) {
            return Some(Format::Nbib);
        }
    }
    // BibTeX anywhere on a line.
    text.match_indices('@').take(200).find_map(|(at, _)| {
        let rest = text.get(at..)?;
        is_bibtex(rest).then_some(Format::BibTex)
    })
}

/// The keys that Better BibTeX writes around its items.
fn is_better_bibtex(start: &str) -> bool {
    let head: String = start.chars().take(4000).collect();
    ["\"translatorID\"", "\"config\"", "\"collections\""]
        .iter()
        .any(|key| head.contains(key))
        && start.contains("\"items\"")
}

fn by_root(start: &str) -> Option<Format> {
    let head: String = start.chars().take(20_000).collect();
    let has = |name: &str| head.contains(&format!("<{name}"));
    if has("PubmedArticle") || has("PubmedBookArticle") || has("MedlineCitation") {
        return Some(Format::PubMedXml);
    }
    if has("records") && has("record") || has("ref-type") {
        return Some(Format::EndNoteXml);
    }
    None
}

fn is_bibtex(line: &str) -> bool {
    let Some(rest) = line.strip_prefix('@') else {
        return false;
    };
    let rest = rest.trim_start_matches([' ', '\t']);
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    letters > 1
        && rest.get(letters..).is_some_and(|rest| {
            rest.trim_start().starts_with(['{', '(']) || rest.trim_start().is_empty()
        })
}

fn is_medline(line: &[u8]) -> bool {
    ["PMID", "STAT", "FAU ", "OWN ", "DP  ", "TI  "]
        .iter()
        .any(|tag| {
            line.strip_prefix(tag.as_bytes())
                .is_some_and(|rest| rest.starts_with(b"- "))
        })
        && !line.starts_with(b"TI  - ")
        || line.starts_with(b"PMID- ")
}

fn by_name(name: &str, text: &str) -> Option<Format> {
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase())?;
    if text.starts_with("%PDF") || text.starts_with("PK\u{3}\u{4}") || text.contains('\0') {
        return None;
    }
    Some(match extension.as_str() {
        "bib" | "bibtex" | "biblatex" => Format::BibTex,
        "ris" => Format::Ris,
        "nbib" | "medline" => Format::Nbib,
        "jsonl" | "ndjson" => Format::JsonLines,
        "json" => Format::CslJson,
        _ => return None,
    })
}

fn unknown(text: &str) -> ImportError {
    let what = if text.trim().is_empty() {
        "the file is empty"
    } else if text.starts_with("%PDF") {
        "this is a PDF, not a bibliography"
    } else if text.starts_with("PK\u{3}\u{4}") {
        "this is a ZIP archive; unpack it first"
    } else if text.starts_with('\u{1F}') {
        "this is a gzip archive; unpack it first"
    } else if text.trim_start().starts_with('<') {
        "XML or HTML, but not the XML of PubMed or EndNote; export as BibTeX, RIS or CSL JSON"
    } else {
        "not a bibliography: expected BibTeX, RIS, PubMed NBIB or XML, EndNote XML, CSL-JSON or Better BibTeX JSON"
    };
    ImportError::UnknownFormat(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells_the_format_whatever_the_name() {
        for (text, format) in [
            ("% a comment\n\n@Article{a,\n}", Format::BibTex),
            ("junk @book(x,)", Format::BibTex),
            ("\u{FEFF}TY  - JOUR\nTI  - x", Format::Ris),
            ("1.\n TY - JOUR", Format::Ris),
            ("\nPMID- 1\nOWN - NLM", Format::Nbib),
            (
                "<?xml version=\"1.0\"?>\n<PubmedArticleSet><PubmedArticle>",
                Format::PubMedXml,
            ),
            ("<xml><records><record>", Format::EndNoteXml),
            ("[{\"id\":\"a\"}]", Format::CslJson),
            ("{\"id\":\"a\"}\n{\"id\":\"b\"}", Format::JsonLines),
            (
                "{\n \"config\": {},\n \"items\": []}",
                Format::BetterBibTexJson,
            ),
        ] {
            assert_eq!(detect(text.as_bytes(), "x").unwrap(), format, "{text}");
        }
        assert_eq!(
            detect(b"\xFE\xFF\0@\0a\0r\0{", "x").unwrap(),
            Format::BibTex
        );
    }

    #[test]
    fn the_name_settles_what_the_content_does_not() {
        assert_eq!(detect(b"", "a.bib").unwrap(), Format::BibTex);
        assert_eq!(detect(b"% nothing yet", "a.bib").unwrap(), Format::BibTex);
        for (bytes, name) in [
            (&b"%PDF-1.7"[..], "a.bib"),
            (b"<html>", "a.xml"),
            (b"hello", "a.txt"),
            (b"", ""),
        ] {
            assert!(detect(bytes, name).is_err(), "{name}");
        }
    }
}
