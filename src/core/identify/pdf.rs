//! What names the paper of a PDF, found without reading the document as such: in its metadata (ISO 32000-1, 14.3), in
//! its file's name, in the stamp that arXiv puts on the first page, in the text and the links.
//!
//! The file is looked through as bytes: streams are found by their keyword and inflated one by one, whatever the
//! cross-reference table says, so that a damaged file gives what it has. A DOI of a reference must not be taken for
//! the paper's own: in the text only the first pages count, and links only where all of them lead to one DOI.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::ZlibDecoder;
use memchr::memmem;

use super::{Identifier, find_doi, identify};
use crate::core::item::arxiv_id;

/// Bytes of one stream and of all of them, inflated.
const LARGEST_STREAM: u64 = 4 << 20;
const LARGEST_TOTAL: usize = 32 << 20;
/// Streams that are inflated.
const MOST_STREAMS: usize = 2000;
/// Streams with text that count as the first pages.
const FIRST_PAGES: usize = 4;
/// Characters after the name of a field in which its DOI is looked for.
const REACH: usize = 300;

/// The identifier of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedBy {
    /// What names the paper.
    pub identifier: Identifier,
    /// Where it stood: "its metadata", "its name", …
    pub place: &'static str,
}

/// What names the paper of a PDF; `name` is that of the file.
pub fn of_pdf(name: &str, bytes: &[u8]) -> Option<NamedBy> {
    let streams = streams(bytes);
    let parts = || std::iter::once(bytes).chain(streams.iter().map(Vec::as_slice));
    let named = |identifier, place| NamedBy { identifier, place };
    let of_metadata = || {
        parts()
            .find_map(of_xmp)
            .or_else(|| parts().find_map(of_information))
    };
    of_metadata()
        .map(|doi| named(Identifier::Doi(doi), "its metadata"))
        .or_else(|| Some(named(of_name(name)?, "its name")))
        .or_else(|| Some(named(of_text(&streams)?, "its text")))
        .or_else(|| {
            let doi = only_link(parts())?;
            Some(named(Identifier::Doi(doi), "its links"))
        })
}

/// The inflated streams, but for pictures and fonts.
fn streams(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    let mut total = 0;
    for at in memmem::find_iter(bytes, b"stream").take(2 * MOST_STREAMS) {
        let Some((before, rest)) = bytes.split_at_checked(at) else {
            break;
        };
        if before.ends_with(b"end") {
            continue;
        }
        let dictionary = before
            .get(before.len().saturating_sub(600)..)
            .unwrap_or_default();
        let dictionary = match memmem::rfind(dictionary, b" obj") {
            Some(start) => dictionary.get(start..).unwrap_or_default(),
            None => dictionary,
        };
        let has = |word: &[u8]| memmem::find(dictionary, word).is_some();
        if !has(b"FlateDecode") || has(b"/Image") || has(b"/Length1") || has(b"/FontFile") {
            continue;
        }
        let data = rest.get(b"stream".len()..).unwrap_or_default();
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let mut inflated = Vec::new();
        // What a damaged stream gives before its damage counts.
        let _ = ZlibDecoder::new(data)
            .take(LARGEST_STREAM)
            .read_to_end(&mut inflated);
        total += inflated.len();
        if !inflated.is_empty() {
            out.push(inflated);
        }
        if total > LARGEST_TOTAL || out.len() == MOST_STREAMS {
            break;
        }
    }
    out
}

/// The DOI of an XMP packet.
fn of_xmp(part: &[u8]) -> Option<String> {
    let start = memmem::find(part, b"<x:xmpmeta")?;
    let packet = part.get(start..)?;
    let end = memmem::find(packet, b"</x:xmpmeta").unwrap_or(packet.len());
    let packet = String::from_utf8_lossy(packet.get(..end)?);
    [
        "prism:doi",
        "pdfx:doi",
        "crossmark:DOI",
        "pdfx:WPS-ARTICLEDOI",
        "dc:identifier",
        "prism:url",
    ]
    .iter()
    .find_map(|field| find_doi(&after(&packet, field)?))
}

/// What follows the first time that a word is there, tags left out.
fn after(text: &str, word: &str) -> Option<String> {
    let at = text.find(word)? + word.len();
    let mut is_tag = true;
    let rest = text.get(at..)?.chars().take(REACH);
    let text = rest.filter_map(|c| match c {
        '<' => {
            is_tag = true;
            Some(' ')
        }
        '>' => {
            is_tag = false;
            None
        }
        // As an attribute: `prism:doi="10.…"`.
        '"' | '=' => {
            is_tag = false;
            Some(' ')
        }
        c => (!is_tag).then_some(c),
    });
    Some(text.collect())
}

/// The DOI of an information dictionary: of a field for it, else of its subject, title or keywords.
fn of_information(part: &[u8]) -> Option<String> {
    [
        &b"/doi"[..],
        b"/DOI",
        b"/WPS-ARTICLEDOI",
        b"/Subject",
        b"/Title",
        b"/Keywords",
    ]
    .iter()
    .find_map(|key| {
        memmem::find_iter(part, key).take(50).find_map(|at| {
            let rest = part.get(at + key.len()..)?;
            let rest = rest.get(..rest.len().min(1000))?.trim_ascii_start();
            find_doi(&literal(rest.strip_prefix(b"(")?).0)
        })
    })
}

/// The string up to its closing bracket, and how many bytes it took.
fn literal(bytes: &[u8]) -> (String, usize) {
    let mut out = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\\' => {
                match bytes.get(at) {
                    Some(b'n' | b'r' | b't' | b'b' | b'f') => out.push(b' '),
                    Some(digit @ b'0'..=b'7') => {
                        let mut code = u32::from(digit - b'0');
                        while let Some(next @ b'0'..=b'7') = bytes.get(at + 1) {
                            if code > 31 {
                                break;
                            }
                            code = code * 8 + u32::from(next - b'0');
                            at += 1;
                        }
                        out.push(code as u8);
                    }
                    Some(b'\n') | None => {}
                    Some(other) => out.push(*other),
                }
                at += 1;
            }
            b'(' => {
                depth += 1;
                out.push(byte);
            }
            b')' if depth == 0 => break,
            b')' => {
                depth -= 1;
                out.push(byte);
            }
            byte => out.push(byte),
        }
    }
    let text = match out.strip_prefix(b"\xFE\xFF") {
        Some(wide) => {
            let units = wide.chunks_exact(2).map(|pair| match pair {
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => 0,
            });
            char::decode_utf16(units).filter_map(Result::ok).collect()
        }
        None => out.iter().copied().map(char::from).collect(),
    };
    (text, at)
}

/// Publishers and readers name files by the DOI with another sign for its slash, arXiv by its id.
fn of_name(name: &str) -> Option<Identifier> {
    let stem = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.eq_ignore_ascii_case("pdf") => stem,
        _ => name,
    };
    // A second copy: `paper (1).pdf`.
    let stem = match stem.rsplit_once(" (") {
        Some((before, number)) if number.trim_end_matches(')').parse::<u8>().is_ok() => before,
        _ => stem,
    };
    if let Some(id) = arxiv_id(stem, true).filter(|id| *id == stem) {
        return Some(Identifier::Arxiv(id.to_owned()));
    }
    if let Some(doi) = find_doi(stem) {
        return Some(Identifier::Doi(doi));
    }
    let at = stem.find("10.")?;
    let rest = stem.get(at..)?;
    let slash = rest
        .char_indices()
        .skip(3)
        .find(|(_, c)| !(c.is_ascii_digit() || *c == '.'))?;
    let (prefix, suffix) = (
        rest.get(..slash.0)?,
        rest.get(slash.0 + slash.1.len_utf8()..)?,
    );
    let is_sign = matches!(slash.1, '_' | '-' | '@' | ':' | '+' | ' ');
    match identify(&format!("{prefix}/{suffix}")) {
        Some(doi @ Identifier::Doi(_)) if is_sign => Some(doi),
        _ => None,
    }
}

/// The stamp of arXiv, or the first DOI that the first pages give as one.
fn of_text(streams: &[Vec<u8>]) -> Option<Identifier> {
    let pages = streams
        .iter()
        .filter_map(|stream| shown(stream))
        .take(FIRST_PAGES);
    let mut dois = Vec::new();
    for text in pages {
        if let Some(at) = text.find("arXiv:") {
            let stamp: String = text.get(at..)?.chars().take(60).collect();
            // `arXiv:1706.03762v7 [cs.CL] 2 Aug 2023`; a reference to another paper has no version or no subject.
            let id = arxiv_id(&stamp, false).filter(|id| id.contains('v'));
            if let Some(id) = id
                && stamp.get(6 + id.len()..)?.trim_start().starts_with('[')
            {
                return Some(Identifier::Arxiv(id.to_owned()));
            }
        }
        let lower = text.to_ascii_lowercase();
        let named = ["doi.org/10.", "doi:10.", "doi: 10.", "doi 10."];
        let at = named.iter().filter_map(|word| lower.find(word)).min();
        let near = at.and_then(|at| text.get(at..));
        dois.extend(near.and_then(|text| find_doi(&text.chars().take(200).collect::<String>())));
    }
    dois.into_iter().next().map(Identifier::Doi)
}

/// The text that a page's stream shows, as far as its letters are those of the file: strings of one operator belong
/// together, a new line or operator parts words. `None` for a stream that is no page.
fn shown(stream: &[u8]) -> Option<Cow<'_, str>> {
    memmem::find(stream, b"BT")?;
    memmem::find(stream, b"TJ").or_else(|| memmem::find(stream, b"Tj"))?;
    let mut text = String::new();
    let mut at = 0;
    while let Some(byte) = stream.get(at) {
        at += 1;
        match byte {
            b'(' => {
                let (string, used) = literal(stream.get(at..).unwrap_or_default());
                text.push_str(&string);
                at += used;
            }
            b'T' | b'\'' => text.push(' '),
            _ => {}
        }
    }
    Some(Cow::Owned(text))
}

/// The DOI to which every link with one leads.
fn only_link<'a>(parts: impl Iterator<Item = &'a [u8]>) -> Option<String> {
    let mut only: Option<String> = None;
    for part in parts {
        for at in memmem::find_iter(part, b"/URI") {
            let rest = part.get(at + 4..).unwrap_or_default();
            let rest = rest.get(..rest.len().min(1000)).unwrap_or_default();
            let Some(string) = rest.trim_ascii_start().strip_prefix(b"(") else {
                continue;
            };
            let (address, _) = literal(string);
            let Some(doi) = find_doi(&address).filter(|_| address.contains("doi.org/")) else {
                continue;
            };
            match &only {
                Some(known) if *known != doi => return None,
                _ => only = Some(doi),
            }
        }
    }
    only
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// A document of these objects; those that are given as streams are deflated.
    fn pdf(plain: &str, streams: &[&str]) -> Vec<u8> {
        let mut out = format!("%PDF-1.7\n1 0 obj\n{plain}\nendobj\n").into_bytes();
        for (number, text) in streams.iter().enumerate() {
            let mut packer =
                flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
            packer.write_all(text.as_bytes()).unwrap();
            let packed = packer.finish().unwrap();
            let length = packed.len();
            write!(
                out,
                "{} 0 obj\n<</Filter/FlateDecode/Length {length}>>stream\r\n",
                number + 2
            )
            .unwrap();
            out.extend(packed);
            out.extend(b"\nendstream\nendobj\n");
        }
        out
    }

    fn found(name: &str, bytes: &[u8]) -> Option<(String, &'static str)> {
        of_pdf(name, bytes).map(|named| (named.identifier.to_string(), named.place))
    }

    fn doi(doi: &str, place: &'static str) -> (String, &'static str) {
        (format!("DOI {doi}"), place)
    }

    #[test]
    fn metadata_come_before_the_name_and_the_text() {
        let xmp = "<x:xmpmeta><rdf:Description><prism:doi>10.5555/Xmp.1</prism:doi></rdf:Description></x:xmpmeta>";
        assert_eq!(
            found("10.5555_name.1.pdf", &pdf(xmp, &[])),
            Some(doi("10.5555/xmp.1", "its metadata"))
        );
        assert_eq!(
            found(
                "a.pdf",
                &pdf(
                    "",
                    &[&xmp.replace("<prism:doi>", "<a prism:doi=\"10.5555/b\"/><c>")]
                )
            ),
            Some(doi("10.5555/b", "its metadata"))
        );
        let information =
            "<< /Title (On tides \\(again\\)) /Subject (Rivers 3, doi:10.5555/info\\0561) >>";
        assert_eq!(
            found("a.pdf", &pdf(information, &[])),
            Some(doi("10.5555/info.1", "its metadata"))
        );
        let wide: String = "10.5555/wide".chars().flat_map(|c| ['\0', c]).collect();
        let mut bytes = pdf("", &[]);
        bytes.extend(b"<< /doi (\xFE\xFF");
        bytes.extend(wide.as_bytes());
        bytes.extend(b") >>");
        assert_eq!(
            found("a.pdf", &bytes),
            Some(doi("10.5555/wide", "its metadata"))
        );
    }

    #[test]
    fn names_of_files_give_identifiers() {
        let empty = pdf("", &[]);
        for (name, expected) in [
            ("1706.03762v5.pdf", Some("arXiv id 1706.03762v5")),
            ("2101.00001.PDF", Some("arXiv id 2101.00001")),
            ("10.5555_tides.1.pdf", Some("DOI 10.5555/tides.1")),
            ("10.5555%2Ftides.1 (2).pdf", Some("DOI 10.5555/tides.1")),
            ("Doe 2019 - 10.5555-tides.pdf", Some("DOI 10.5555/tides")),
            ("tides.pdf", None),
            ("version 10.5 of it.pdf", None),
            ("2019.pdf", None),
        ] {
            let found = found(name, &empty).map(|(identifier, _)| identifier);
            assert_eq!(found.as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn the_first_pages_tell_and_references_do_not() {
        let stamp = "BT /F1 20 Tf (arXiv:2101.00001v2  [cs.CL]  2 Aug 2023) Tj ET";
        assert_eq!(
            found("a.pdf", &pdf("", &[stamp])),
            Some(("arXiv id 2101.00001v2".to_owned(), "its text"))
        );
        let other = "BT [(as in arXiv:2101.0000)-3(1v2 and others)] TJ ET";
        assert_eq!(found("a.pdf", &pdf("", &[other])), None);
        let page = "BT [(https://doi.or)-20(g/10.5555/tides)-3(.7)] TJ (Abstract) Tj ET";
        assert_eq!(
            found("a.pdf", &pdf("", &[page])),
            Some(doi("10.5555/tides.7", "its text"))
        );
        let text = "BT (nothing) Tj ET";
        let reference = "BT (doi:10.5555/reference) Tj ET";
        let late = [text, text, text, text, reference];
        assert_eq!(found("a.pdf", &pdf("", &late)), None);
    }

    #[test]
    fn links_tell_only_where_they_agree() {
        let link = |doi: &str| format!("<< /A << /S /URI /URI (https://doi.org/{doi}) >> >>");
        let one = link("10.5555/a") + &link("10.5555/A");
        assert_eq!(
            found("a.pdf", &pdf(&one, &[])),
            Some(doi("10.5555/a", "its links"))
        );
        let two = one + &link("10.5555/b");
        assert_eq!(found("a.pdf", &pdf(&two, &[])), None);
    }

    #[test]
    fn damage_and_bombs_are_survived() {
        let bomb = " ".repeat(40 << 20);
        let bytes = pdf("", &[&bomb]);
        assert!(bytes.len() < 1 << 20);
        assert_eq!(found("a.pdf", &bytes), None);
        let whole = pdf("", &["BT (doi:10.5555/cut) Tj ET ", &" x(".repeat(100)]);
        for end in 0..whole.len() {
            let _ = of_pdf("a.pdf", &whole[..end]);
        }
    }
}
