//! Chinese, Japanese and Korean text whose font is not in the document.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use offprint::core::pdf_text::compose;
use offprint::runtime::pdf::{Answer, Ask, Picture, Program, SUBCOMMAND, Waiting};

/// A font that a document names.
struct Named {
    font: &'static str,
    encoding: &'static str,
    ordering: &'static str,
    /// The codes of the text.
    codes: &'static str,
    /// Codes and the characters that they are, where the document says it.
    to_unicode: &'static [(&'static str, &'static str)],
    text: &'static str,
}

/// As programs write such documents: with the codes of a character set, with numbers of a character collection, and
/// with numbers of nothing but a table.
const DOCUMENTS: [Named; 6] = [
    Named {
        font: "STSong-Light",
        encoding: "UniGB-UCS2-H",
        ordering: "GB1",
        codes: "4E2D56FD4EBA53E3",
        to_unicode: &[],
        text: "中国人口",
    },
    Named {
        font: "STSong-Light",
        encoding: "GBK-EUC-H",
        ordering: "GB1",
        codes: "D6D0B9FAC8CBBFDA",
        to_unicode: &[],
        text: "中国人口",
    },
    Named {
        font: "HeiseiMin-W3",
        encoding: "90ms-RKSJ-H",
        ordering: "Japan1",
        codes: "93FA967B8CEA",
        to_unicode: &[],
        text: "日本語",
    },
    Named {
        font: "HYSMyeongJo-Medium",
        encoding: "KSCms-UHC-H",
        ordering: "Korea1",
        codes: "C7D1B1B9BEEE",
        to_unicode: &[],
        text: "한국어",
    },
    Named {
        font: "HeiseiMin-W3",
        encoding: "Identity-H",
        ordering: "Japan1",
        codes: "0CD40E8A07A0",
        to_unicode: &[],
        text: "日本語",
    },
    Named {
        font: "MS-Mincho",
        encoding: "Identity-H",
        ordering: "Identity",
        codes: "000100020003",
        to_unicode: &[("0001", "65E5"), ("0002", "672C"), ("0003", "8A9E")],
        text: "日本語",
    },
];

fn document(named: &Named) -> Vec<u8> {
    let content = format!("BT /F1 40 Tf 1 0 0 1 100 600 Tm <{}> Tj ET", named.codes);
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n\
         1 begincodespacerange <0000> <FFFF> endcodespacerange\n",
    );
    let _ = writeln!(map, "{} beginbfchar", named.to_unicode.len());
    for (code, character) in named.to_unicode {
        let _ = writeln!(map, "<{code}> <{character}>");
    }
    map.push_str("endbfchar endcmap end end");
    let to_unicode = if named.to_unicode.is_empty() {
        ""
    } else {
        "/ToUnicode 8 0 R"
    };
    let stream = |text: &str| format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len());
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 612 792] >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        stream(&content),
        format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /{} /Encoding /{} /DescendantFonts [6 0 R] {to_unicode} >>",
            named.font, named.encoding
        ),
        format!(
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{} /CIDSystemInfo << /Registry (Adobe) /Ordering ({}) \
             /Supplement 2 >> /FontDescriptor 7 0 R /DW 1000 >>",
            named.font, named.ordering
        ),
        format!(
            "<< /Type /FontDescriptor /FontName /{} /Flags 6 /Ascent 859 /Descent -140 /CapHeight 683 /StemV 80 \
             /ItalicAngle 0 /FontBBox [0 -136 1000 859] >>",
            named.font
        ),
        stream(&map),
    ];
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", at + 1).bytes());
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let end = format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    out.extend(end.bytes());
    out
}

/// A TrueType font (OpenType 1.9) in which each of the characters is a filled box.
fn font_of_boxes(characters: &str) -> Vec<u8> {
    let words = |values: &[i32]| -> Vec<u8> {
        values
            .iter()
            .flat_map(|value| (*value as u16).to_be_bytes())
            .collect()
    };
    let mut codes: Vec<i32> = characters.chars().map(|c| c as i32).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.push(0xFFFF);
    let count = codes.len() as i32;
    let mut segments = vec![4, 16 + 8 * count, 0, 2 * count, 0, 0, 0];
    segments.extend(&codes);
    segments.push(0);
    segments.extend(&codes);
    // All are glyph 1, the last, which ends the table, is none.
    segments.extend(
        codes
            .iter()
            .map(|code| if *code == 0xFFFF { 1 } else { 1 - code }),
    );
    segments.extend(codes.iter().map(|_| 0));
    let mut cmap = words(&[0, 1, 3, 1, 0, 12]);
    cmap.extend(words(&segments));
    let glyf = [
        words(&[1, 100, -100, 900, 800, 3, 0]),
        vec![1; 4],
        words(&[100, 800, 0, -800, -100, 0, 900, 0]),
        vec![0; 2],
    ]
    .concat();
    let head = [
        words(&[1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, 1000]),
        vec![0; 16],
        words(&[0, -200, 1000, 900, 0, 8, 2, 0, 0]),
    ]
    .concat();
    let tables: [(&[u8; 4], Vec<u8>); 7] = [
        (b"cmap", cmap),
        (b"glyf", glyf.clone()),
        (b"head", head),
        (
            b"hhea",
            words(&[
                1, 0, 900, -200, 0, 1000, 0, 0, 900, 1, 0, 0, 0, 0, 0, 0, 0, 2,
            ]),
        ),
        (b"hmtx", words(&[1000, 0, 1000, 100])),
        (b"loca", words(&[0, 0, glyf.len() as i32 / 2])),
        (
            b"maxp",
            words(&[1, 0, 2, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]),
        ),
    ];
    let mut out = words(&[1, 0, tables.len() as i32, 64, 2, 48]);
    let mut body = Vec::new();
    let first = out.len() + 16 * tables.len();
    for (name, table) in &tables {
        out.extend(*name);
        out.extend([0; 4]);
        out.extend(((first + body.len()) as u32).to_be_bytes());
        out.extend((table.len() as u32).to_be_bytes());
        body.extend(table);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    out.extend(body);
    out
}

/// What the reader finds in a document where the fonts of this folder are all there are.
struct Seen {
    text: String,
    picture: Picture,
    is_font_missing: bool,
}

fn see(bytes: &[u8], fonts: &Path) -> Seen {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    fs::write(&path, bytes).unwrap();
    let mut variable = OsString::from("OFFPRINT_FONTS=");
    variable.push(fonts);
    let program = Program {
        program: PathBuf::from("/usr/bin/env"),
        arguments: vec![
            variable,
            OsString::from(env!("CARGO_BIN_EXE_offprint")),
            OsString::from(SUBCOMMAND),
        ],
    };
    let (mut texts, mut pictures, mut is_font_missing) = (Vec::new(), Vec::new(), false);
    let all = Ask::Text { first: 1, last: 9 };
    let drawn = Ask::Pictures {
        width: 612,
        height: 792,
        pages: vec![1],
    };
    for ask in [all, drawn] {
        let waiting = Waiting::until(&|| false);
        program
            .ask(&path, &ask, &waiting, &mut |answer| match answer {
                Answer::Text(text) => texts.push(text),
                Answer::Picture(picture) => pictures.push(picture),
                Answer::FontMissing => is_font_missing = true,
                Answer::CharactersLost => panic!("every character is known"),
                Answer::Opened { .. } => {}
            })
            .unwrap();
    }
    Seen {
        text: compose(&texts)
            .iter()
            .map(|passage| passage.text.as_str())
            .collect(),
        picture: pictures.remove(0),
        is_font_missing,
    }
}

fn dark(picture: &Picture) -> usize {
    picture.rgba.chunks(4).filter(|pixel| pixel[0] < 60).count()
}

#[test]
fn text_is_read_and_the_missing_font_is_said_where_there_is_none() {
    let fonts = tempfile::tempdir().unwrap();
    for named in &DOCUMENTS {
        let seen = see(&document(named), fonts.path());
        let place = format!("{} {}", named.font, named.encoding);
        assert_eq!(seen.text, named.text, "{place}");
        assert!(seen.is_font_missing, "{place}");
        // Numbers of nothing but a table draw what a Latin font has there.
        let is_blank = dark(&seen.picture) == 0;
        assert!(is_blank || named.ordering == "Identity", "{place}");
    }
}

#[test]
fn a_font_of_the_machine_draws_what_the_document_leaves_out() {
    let fonts = tempfile::tempdir().unwrap();
    let deep = fonts.path().join("truetype/droid");
    fs::create_dir_all(&deep).unwrap();
    let font = font_of_boxes("中国人口日本語한국어");
    fs::write(deep.join("DroidSansFallbackFull.ttf"), font).unwrap();
    for named in &DOCUMENTS {
        let seen = see(&document(named), fonts.path());
        let place = format!("{} {}", named.font, named.encoding);
        assert_eq!(seen.text, named.text, "{place}");
        assert!(!seen.is_font_missing, "{place}");
        // A box of 32 by 36 points a character.
        let expected = named.text.chars().count() * 32 * 36;
        let dark = dark(&seen.picture);
        assert!(
            dark.abs_diff(expected) < expected / 8,
            "{place}: {dark}, not {expected}"
        );
    }
}

#[test]
fn a_latin_font_that_is_not_embedded_is_no_trouble() {
    let named = Named {
        font: "Arial",
        encoding: "Identity-H",
        ordering: "Identity",
        codes: "00240025",
        to_unicode: &[("0024", "0041"), ("0025", "0042")],
        text: "AB",
    };
    let fonts = tempfile::tempdir().unwrap();
    let seen = see(&document(&named), fonts.path());
    assert_eq!(seen.text, named.text);
    assert!(!seen.is_font_missing && dark(&seen.picture) > 100);
}
