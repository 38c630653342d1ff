//! What holds for any file.

use super::*;

type Seen = (Vec<(Span, u32, u32)>, Vec<String>, Option<String>);

/// What the scanner finds when the file comes in pieces of these sizes, over and over.
fn scan(bytes: &[u8], sizes: &[usize]) -> Seen {
    let mut scanner = Scanner::new();
    let mut found = Vec::new();
    let mut sink = |item: Found<'_>| {
        let start = item.span.offset as usize;
        assert_eq!(
            &bytes[start..start + item.span.len as usize],
            item.text.as_bytes()
        );
        assert!(
            serde_json::from_str::<serde_json::Value>(item.text).is_ok(),
            "{}",
            item.text
        );
        found.push((item.span, item.line, item.column));
    };
    let mut rest = bytes;
    let mut turn = 0;
    let mut end = Ok(());
    while !rest.is_empty() && end.is_ok() {
        let size = sizes[turn % sizes.len()].clamp(1, rest.len());
        let (chunk, after) = rest.split_at(size);
        end = scanner.feed(chunk, &mut sink);
        rest = after;
        turn += 1;
    }
    let end = end.and_then(|()| scanner.finish(&mut sink));
    let problems = said(&scanner.take_problems());
    (found, problems, end.err().map(|error| error.one_line("f")))
}

/// JSON-like text with mistakes.
fn nearly_json() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => Just("{\"id\":\"a\",\"title\":\"T\"}".to_owned()),
        2 => Just("{\n  \"id\": \"b\",\n  \"author\": [\n    {\"family\": \"F\"}\n  ]\n}".to_owned()),
        2 => Just("{\"id\":\"c\",\"note\":\"x, \"issued\":{\"date-parts\":[[1]]}}".to_owned()),
        1 => Just("{\"id\":\"\\u00e9\\ud83d\\ude00\",\"v\":1e400}".to_owned()),
        2 => Just(",".to_owned()),
        2 => Just("\n".to_owned()),
        1 => Just("},\n{".to_owned()),
        1 => Just("<<<<<<< ".to_owned()),
        1 => "[\\[\\]{}\",:\\\\a-z0-9 \n\r\t]{0,8}",
        1 => "\\PC{0,4}",
    ];
    (
        prop_oneof![3 => Just("["), 1 => Just(""), 1 => Just("\u{feff}[")],
        prop::collection::vec(piece, 0..12),
        prop_oneof![3 => Just("]"), 1 => Just("")],
    )
        .prop_map(|(open, pieces, close)| format!("{open}{}{close}", pieces.concat()))
}

proptest! {
    #[test]
    fn pieces_of_any_size_give_the_same(text in nearly_json(), sizes in prop::collection::vec(1..40_usize, 1..6)) {
        let whole = scan(text.as_bytes(), &[usize::MAX]);
        prop_assert_eq!(scan(text.as_bytes(), &sizes), whole.clone());
        prop_assert_eq!(scan(text.as_bytes(), &[1]), whole);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400), sizes in prop::collection::vec(1..60_usize, 1..4)) {
        prop_assert_eq!(scan(&bytes, &sizes), scan(&bytes, &[usize::MAX]));
        let _ = build(&bytes);
    }

    #[test]
    fn untouched_items_and_what_is_between_them_are_the_file(text in nearly_json()) {
        let (found, ..) = scan(text.as_bytes(), &[7]);
        let mut end = 0;
        for (span, line, column) in found {
            prop_assert!(span.offset >= end);
            let before = &text.as_bytes()[..span.offset as usize];
            let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
            let line_start = if line_start == 0 && text.starts_with('\u{feff}') { 3 } else { line_start };
            prop_assert_eq!(line as usize, before.iter().filter(|&&b| b == b'\n').count() + 1);
            prop_assert_eq!(column as usize, before.len() - line_start + 1);
            end = span.offset + u64::from(span.len);
        }
        prop_assert!(end as usize <= text.len());
    }

    #[test]
    fn the_columns_say_what_the_item_says(
        title in "[ -~]{0,20}|\\PC{0,12}",
        names in prop::collection::vec(("[a-zA-Zé王 ]{0,6}", "[A-Z. ]{0,4}", prop::option::of("(van|de la)")), 0..4),
        year in prop_oneof![(-3000..3000_i32).prop_map(|y| serde_json::json!({"date-parts": [[y]]})), "[0-9]{4}(-[0-9]{2})?".prop_map(|y| serde_json::json!({"raw": y})), "[0-9]{4}".prop_map(|y| serde_json::json!({"date-parts": [[y, 3]], "circa": true}))],
    ) {
        let authors: Vec<_> = names.iter().map(|(family, given, particle)| match particle {
            Some(particle) => serde_json::json!({"family": family, "given": given, "non-dropping-particle": particle}),
            None => serde_json::json!({"family": family, "given": given}),
        }).collect();
        let text = serde_json::json!([{"id": "a", "title": title, "author": authors, "issued": year}]).to_string();
        let (library, _) = read(&text);
        let no = PaperNo(0);
        let item = library.item(no, &MemorySource::new(text.into_bytes())).unwrap();
        let title = item.text("title").map(|title| clean(&title).into_string()).filter(|title| !title.is_empty());
        prop_assert_eq!(library.title(no), title.as_deref().unwrap_or("Untitled"));
        prop_assert_eq!(library.year(no), item.date("issued").and_then(|date| date.year()));
        let full: Vec<_> = item.names("author").iter().map(|n| clean(&n.full()).into_string()).collect();
        let short: Vec<_> = item.names("author").iter().map(|n| clean(&n.short()).into_string()).collect();
        prop_assert_eq!(library.authors(no).map(|n| n.full.to_owned()).collect::<Vec<_>>(), full);
        prop_assert_eq!(library.authors(no).map(|n| n.short.to_owned()).collect::<Vec<_>>(), short);
    }

    #[test]
    fn an_arxiv_record_and_its_item_agree(
        authors in prop::collection::vec(("[A-Z][a-z]{1,6}", "[A-Z]?\\.?", "(Jr\\.)?"), 0..4),
        created in prop::option::of((1..28_u8, 1991..2026_i32)),
    ) {
        let parsed: Vec<_> = authors.iter().map(|(f, g, s)| serde_json::json!([f, g, s])).collect();
        let mut record = serde_json::json!({"id": "0704.0001", "title": "T\n  U", "authors_parsed": parsed, "categories": "a.B c.D", "update_date": "2008-11-26"});
        if let Some((day, year)) = created {
            record["versions"] = serde_json::json!([{"version": "v1", "created": format!("Mon, {day} Apr {year} 19:18:42 GMT")}]);
        }
        let text = record.to_string();
        let (library, _) = read(&text);
        let no = PaperNo(0);
        let item = library.item(no, &MemorySource::new(text.into_bytes())).unwrap();
        prop_assert_eq!(library.year(no), item.date("issued").and_then(|date| date.year()));
        prop_assert_eq!(library.kind(no), item.kind());
        let full: Vec<_> = item.names("author").iter().map(|n| n.full().into_owned()).collect();
        prop_assert_eq!(library.authors(no).map(|n| n.full.to_owned()).collect::<Vec<_>>(), full);
    }
}
