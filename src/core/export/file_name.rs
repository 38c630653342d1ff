//! Names of files that every system takes: Linux, macOS, Windows, and Obsidian's links.

use foldhash::{HashSet, HashSetExt as _};

use crate::core::cite::key;

/// The longest name, in bytes, without what the uniqueness of names adds and without the extension.
const LONGEST: usize = 100;
/// What Windows keeps for devices, whatever the extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// Names for the files of one folder, each given once; upper and lower case count as the same.
#[derive(Debug, Default)]
pub struct FileNames(HashSet<String>);

impl FileNames {
    /// None given yet.
    pub fn new() -> FileNames {
        FileNames(HashSet::new())
    }

    /// A name for the file of the paper with this key, without an extension.
    pub fn name(&mut self, key: &str) -> String {
        let name = safe(key);
        let mut number = 1;
        let mut unique = name.clone();
        while !self.0.insert(unique.to_lowercase()) {
            number += 1;
            unique = format!("{name}-{number}");
        }
        unique
    }
}

/// A key as the name of a file: letters, digits, `.`, `_`, `+` and `-`, neither hidden nor the name of a device.
pub fn safe(key: &str) -> String {
    let mut out = String::new();
    for c in key::safe(key).chars() {
        let c = if c.is_alphanumeric() || matches!(c, '.' | '_' | '+' | '-') {
            c
        } else {
            '-'
        };
        if out.len() + c.len_utf8() > LONGEST {
            break;
        }
        out.push(c);
    }
    let trimmed = out.trim_matches(['.', '-', ' ']);
    let stem = trimmed.split('.').next().unwrap_or_default();
    let stem = stem
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .to_ascii_lowercase();
    if trimmed.is_empty() || DEVICES.contains(&stem.as_str()) {
        format!("paper-{trimmed}").trim_end_matches('-').to_owned()
    } else {
        trimmed.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_safe_and_unique() {
        let mut names = FileNames::new();
        for (key, expected) in [
            ("feng2026", "feng2026"),
            ("Feng2026", "Feng2026-2"),
            ("DBLP:conf/nips/Vaswani17", "DBLP-conf-nips-Vaswani17"),
            ("../../etc/passwd", "etc-passwd"),
            ("con", "paper-con"),
            ("COM1.x", "paper-COM1.x"),
            (".hidden", "hidden"),
            ("", "paper"),
            ("深層", "深層"),
        ] {
            assert_eq!(names.name(key), expected, "{key}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_key_leads_out_of_the_folder(key in ".{0,300}") {
            let name = safe(&key);
            prop_assert!(!name.is_empty() && name.len() <= LONGEST + 8);
            prop_assert!(!name.starts_with('.') && !name.contains(['/', '\\', ':', '[', ']', '#', '^', '|', '\n']));
        }
    }
}
