//! From the bytes of a file to its text.

use std::borrow::Cow;

use super::ImportError;
use crate::core::library::Problem;

/// The text of a file.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    /// It was not UTF-8.
    pub(super) problem: Option<Problem>,
}

/// UTF-8 with or without its mark, UTF-16 with one; anything else is taken for windows-1252, the encoding of old
/// bibliographies, and that is reported.
///
/// # Errors
/// For UTF-32, and for UTF-16 without a mark.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, ImportError> {
    let plain = |text| Decoded {
        text,
        problem: None,
    };
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => {
            return Err(ImportError::Encoding("UTF-32"));
        }
        [0xFF, 0xFE, rest @ ..] => return Ok(plain(Cow::Owned(utf16(rest, u16::from_le_bytes)))),
        [0xFE, 0xFF, rest @ ..] => return Ok(plain(Cow::Owned(utf16(rest, u16::from_be_bytes)))),
        [0, first, 0, second, ..] | [first, 0, second, 0, ..] if *first != 0 && *second != 0 => {
            return Err(ImportError::Encoding("UTF-16 without a byte order mark"));
        }
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(plain(Cow::Borrowed(text))),
        Err(error) => {
            let bad = error.valid_up_to();
            let before = bytes.get(..bad).unwrap_or_default();
            let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
            Ok(Decoded {
                text: Cow::Owned(windows_1252(bytes)),
                problem: Some(Problem {
                    line: memchr::memchr_iter(b'\n', before).count() as u32 + 1,
                    column: (bad - line_start) as u32 + 1,
                    what: format!("not UTF-8 at byte {bad}; what is not was read as windows-1252"),
                    hint: "check its accents, and save the file as UTF-8".into(),
                    lost: false,
                }),
            })
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [first, second] => unit([*first, *second]),
        _ => 0,
    });
    char::decode_utf16(units)
        .map(|c| c.unwrap_or('\u{FFFD}'))
        .collect()
}

/// What is UTF-8 stays, so that a file with one broken byte keeps its other letters; the bytes that are not are
/// windows-1252. Source: <https://encoding.spec.whatwg.org/index-windows-1252.txt>.
fn windows_1252(bytes: &[u8]) -> String {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž',
        '\u{8F}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}',
        'ž', 'Ÿ',
    ];
    let mut out = String::with_capacity(bytes.len() + bytes.len() / 16);
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            out.push(match byte {
                0x80..=0x9F => HIGH
                    .get(usize::from(byte - 0x80))
                    .copied()
                    .unwrap_or('\u{FFFD}'),
                byte => char::from(*byte),
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (String, bool) {
        let decoded = decode(bytes).unwrap();
        (decoded.text.into_owned(), decoded.problem.is_some())
    }

    #[test]
    fn each_encoding_gives_its_text() {
        assert_eq!(
            text(b"\xEF\xBB\xBFM\xC3\xBCller"),
            ("Müller".to_owned(), false)
        );
        assert_eq!(
            text(b"M\xFCller \x96 \xC3\xA9"),
            ("Müller – é".to_owned(), true)
        );
        assert_eq!(text(b"\xFF\xFEM\0\xFC\0"), ("Mü".to_owned(), false));
        assert_eq!(text(b"\xFE\xFF\0M\0\xFC"), ("Mü".to_owned(), false));
        assert_eq!(
            decode(b"@\0a\0").unwrap_err(),
            ImportError::Encoding("UTF-16 without a byte order mark")
        );
        assert!(decode(b"\xFF\xFE\0\0").is_err());
    }

    #[test]
    fn the_first_byte_that_is_not_utf8_is_named() {
        let problem = decode(b"ab\nc\xFC").unwrap().problem.unwrap();
        assert_eq!((problem.line, problem.column), (2, 2));
        assert!(problem.what.contains("byte 4"), "{}", problem.what);
    }
}
