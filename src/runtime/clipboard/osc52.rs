//! The escape sequence that puts a text on the clipboard of the terminal, wherever that is displayed: operating system
//! command 52, *Manipulate Selection Data*, of xterm's control sequences.

/// The most text that is sent, in bytes. Terminals of the hterm family ignore sequences of more than 100,000 bytes.
pub const TEXT_LIMIT: usize = 74_994;

/// GNU screen drops a string of more than 256 bytes; with its own marks a piece of this size stays under it.
const SCREEN_PIECE: usize = 240;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The sequence for a text.
///
/// # Errors
/// When the text is longer than [`TEXT_LIMIT`] bytes.
pub fn sequence(text: &str) -> Result<Vec<u8>, String> {
    if text.len() > TEXT_LIMIT {
        return Err(format!(
            "{} bytes are too many for a terminal's clipboard, which takes 74,994",
            text.len()
        ));
    }
    let mut bytes = b"\x1b]52;c;".to_vec();
    push_base64(text.as_bytes(), &mut bytes);
    bytes.push(0x07);
    Ok(bytes)
}

/// Wraps a sequence in pieces that GNU screen passes on to its own terminal (device control strings).
pub fn for_screen(sequence: &[u8]) -> Vec<u8> {
    let pieces = sequence.chunks(SCREEN_PIECE);
    pieces
        .flat_map(|piece| [b"\x1bP".as_slice(), piece, b"\x1b\\"].concat())
        .collect()
}

/// RFC 4648, section 4.
fn push_base64(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            let letter = ALPHABET.get(digit as usize).copied().unwrap_or(b'=');
            out.push(if place <= three.len() { letter } else { b'=' });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn base64(text: &str) -> String {
        let mut out = Vec::new();
        push_base64(text.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        // The examples of RFC 4648, section 10.
        for (text, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text), encoded);
        }
        assert_eq!(base64("Übermäßig?>"), "w5xiZXJtw6TDn2lnPz4=");
    }

    #[test]
    fn the_longest_text_makes_a_sequence_of_at_most_100_000_bytes() {
        let longest = sequence(&"x".repeat(TEXT_LIMIT)).unwrap();
        assert!(longest.len() <= 100_000, "{}", longest.len());
        assert!(sequence(&"x".repeat(TEXT_LIMIT + 1)).is_err());
    }

    proptest! {
        #[test]
        fn screen_gets_every_byte_in_short_pieces(text in ".{0,600}") {
            let whole = sequence(&text).unwrap();
            let wrapped = String::from_utf8(for_screen(&whole)).unwrap();
            let mut joined = String::new();
            for piece in wrapped.split_terminator("\x1b\\") {
                let piece = piece.strip_prefix("\x1bP").unwrap();
                prop_assert!(piece.len() <= SCREEN_PIECE);
                joined.push_str(piece);
            }
            prop_assert_eq!(joined.into_bytes(), whole);
        }
    }
}
