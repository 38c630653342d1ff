//! A checksum inside a file that is written again and again: whoever edits such a file keeps the edit.
//!
//! One line of the file reads `… offprint-checksum: 9a1b44c0`: the CRC-32 of the rest, in which the end of a line is
//! `\n` however it is written. The file alone tells whether it is still as it was written, on every machine it is
//! carried to.

/// What stands before the checksum.
const MARK: &str = "offprint-checksum: ";
/// The line is among the first of the file.
const SEARCHED: usize = 200;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// Nothing says that this program wrote it.
    Foreign,
    /// It was edited since this program wrote it.
    Edited,
    /// It is as this program wrote it.
    Intact,
}

/// The line with the checksum of a text that consists of the parts before and behind that line, each of whole lines.
pub fn line(before: &str, after: &str, lead: &str) -> String {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(before.replace("\r\n", "\n").as_bytes());
    hasher.update(after.replace("\r\n", "\n").as_bytes());
    format!("{lead}{MARK}{:08x}\n", hasher.finalize())
}

/// The text whole: `before`, the line with the checksum, `after`.
pub fn sealed(before: &str, after: &str, lead: &str) -> String {
    format!("{before}{}{after}", line(before, after, lead))
}

/// Whether a file is still as it was written.
pub fn examine(text: &str) -> Seal {
    let text = text.replace("\r\n", "\n");
    let mut before = 0;
    for whole in text.split_inclusive('\n').take(SEARCHED) {
        let checksum = whole
            .trim_end_matches('\n')
            .rsplit_once(MARK)
            .map(|(_, checksum)| checksum)
            .filter(|hex| hex.len() == 8 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if let Some(checksum) = checksum {
            let (head, rest) = text.split_at_checked(before).unwrap_or((&text, ""));
            let after = rest.strip_prefix(whole).unwrap_or_default();
            let again = line(head, after, "");
            return if again.trim_end().ends_with(checksum) {
                Seal::Intact
            } else {
                Seal::Edited
            };
        }
        before += whole.len();
    }
    Seal::Foreign
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_edit_breaks_the_seal_and_other_line_ends_do_not() {
        let text = sealed("% kept\n", "@book{a}\n", "% ");
        assert_eq!(examine(&text), Seal::Intact);
        assert_eq!(examine(&text.replace('\n', "\r\n")), Seal::Intact);
        assert_eq!(examine(&text.replace("{a}", "{b}")), Seal::Edited);
        assert_eq!(examine("@book{a}\n"), Seal::Foreign);
        assert_eq!(examine(""), Seal::Foreign);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_sealed_is_intact(before in "([a-z]{0,9}\n){0,3}", after in "([ -~]{0,20}\n){0,5}") {
            prop_assert_eq!(examine(&sealed(&before, &after, "% ")), Seal::Intact);
        }
    }
}
