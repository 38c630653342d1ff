//! What a file is when it is not a library in UTF-8.

/// The name of the encoding when it is one of two or four bytes a character: by its mark, or because every other byte
/// of plain JSON would be NUL.
pub(super) fn utf16(head: &[u8]) -> Option<&'static str> {
    match head {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("UTF-16"),
        [b'[' | b'{', 0, next, 0, ..] if *next != 0 => Some("UTF-16"),
        [0, b'[' | b'{', 0, next, ..] if *next != 0 => Some("UTF-16"),
        _ => None,
    }
}

/// `<<<<<<<`, `|||||||`, `=======` or `>>>>>>>` as git writes them.
pub(super) fn is_conflict_marker(line: &[u8]) -> bool {
    [b'<', b'|', b'=', b'>']
        .iter()
        .any(|mark| line.iter().take_while(|byte| *byte == mark).count() == 7)
}

/// The name of a format that people take for a library, and what to do about it.
pub(super) fn foreign_format(head: &[u8]) -> Option<(&'static str, &'static str)> {
    const EXPORT: &str = "export the library as CSL JSON";
    let starts = |prefix: &[u8]| {
        head.get(..prefix.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
    };
    [
        (&b"@"[..], "BibTeX"),
        (b"%PDF", "a PDF"),
        (b"TY  -", "RIS"),
        (b"PMID-", "a PubMed export"),
        (b"%0 ", "an EndNote export"),
        (b"<", "XML or HTML"),
        (b"---", "YAML"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x1F\x8B", "a gzip archive"),
        (b"SQLite", "a database"),
    ]
    .into_iter()
    .find(|(prefix, _)| starts(prefix))
    .map(|(_, name)| match name {
        "a gzip archive" | "a ZIP archive" => (name, "unpack it first"),
        _ => (name, EXPORT),
    })
}
