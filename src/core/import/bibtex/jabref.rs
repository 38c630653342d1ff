//! What JabRef, Zotero and Mendeley note in BibTeX files: groups, reading status, ranking, priority, files.
//!
//! Source: JabRef's `SpecialField`, `GroupSerializer` and `FileFieldParser` as their files show them.

use std::collections::HashMap;

use crate::core::import::Noted;
use crate::core::journal::Status;

/// The tree of groups in `@comment{jabref-meta: grouping: …}`.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// Path of each group by its name.
    paths: HashMap<String, String>,
    /// Paths of the groups that list their entries, by key.
    members: HashMap<String, Vec<String>>,
}

/// Deeper trees are cut.
const DEEPEST: usize = 20;

impl Groups {
    /// Reads the body of a comment, if it is the tree.
    pub(super) fn read(&mut self, body: &str) {
        let body = body.trim_start();
        let Some(meta) = body.strip_prefix("jabref-meta:") else {
            return;
        };
        let meta = meta.trim_start();
        let Some((_, tree)) = meta
            .split_once(':')
            .filter(|(name, _)| matches!(*name, "grouping" | "groupstree"))
        else {
            return;
        };
        let mut above: Vec<String> = Vec::new();
        // Long lines of old versions are wrapped in the middle of words.
        for group in unescaped(&tree.replace(['\r', '\n'], ""), ';') {
            let group = group.trim();
            let Some((level, rest)) = group.split_once(' ') else {
                continue;
            };
            let (Ok(level), Some((kind, fields))) = (level.parse::<usize>(), rest.split_once(':'))
            else {
                continue;
            };
            let fields = fields.replace("\\;", ";");
            let mut fields = unescaped(&fields, ';').into_iter();
            let name = fields
                .next()
                .unwrap_or_default()
                .replace('\\', "")
                .trim()
                .to_owned();
            let level = level.min(DEEPEST);
            if level == 0 || name.is_empty() {
                continue;
            }
            above.truncate(level - 1);
            let path = above
                .iter()
                .map(String::as_str)
                .chain([name.as_str()])
                .collect::<Vec<_>>()
                .join("/");
            if kind == "ExplicitGroup" {
                for key in fields.skip(1).filter(|key| !key.is_empty()) {
                    self.members.entry(key).or_default().push(path.clone());
                }
            }
            self.paths.insert(name.clone(), path);
            above.push(name);
        }
    }

    /// The groups of an entry: those its field names, and those that list its key.
    pub(super) fn of(&self, key: &str, field: &str) -> Vec<String> {
        let mut groups: Vec<String> = unescaped(field, ',')
            .iter()
            .map(|name| name.trim())
            .filter(|name| !name.is_empty())
            .map(|name| {
                self.paths
                    .get(name)
                    .cloned()
                    .unwrap_or_else(|| name.to_owned())
            })
            .collect();
        for path in self.members.get(key).into_iter().flatten() {
            if !groups.contains(path) {
                groups.push(path.clone());
            }
        }
        groups
    }
}

/// The folder for files in a comment, and whether it is one user's: `jabref-meta: fileDirectory-ada-desk:/papers;`.
pub(super) fn file_folder(body: &str) -> Option<(bool, String)> {
    let (name, value) = body
        .trim_start()
        .strip_prefix("jabref-meta:")?
        .trim_start()
        .split_once(':')?;
    let whose = name.strip_prefix("fileDirectory")?;
    if !whose.is_empty() && !whose.starts_with('-') {
        return None;
    }
    let value = value.replace(['\r', '\n'], "");
    let folder = unescaped(&value, ';').into_iter().next()?;
    let folder = unquoted(&folder);
    (!folder.is_empty()).then_some((!whose.is_empty(), folder))
}

/// A path without what protects its signs.
fn unquoted(path: &str) -> String {
    let path = path
        .replace("\\:", ":")
        .replace("\\;", ";")
        .replace("{\\_}", "_")
        .replace("\\_", "_")
        .replace("\\\\", "\\");
    let path = path.trim().trim_start_matches('{').trim_end_matches('}');
    path.to_owned()
}

/// Pieces between a separator that no backslash stands before. The backslashes stay.
fn unescaped(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for c in text.chars() {
        if c == separator && !escaped {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    parts
}

/// Takes up a field that says what the reader noted; false for any other field.
pub(super) fn note(name: &str, value: &str, noted: &mut Noted) -> bool {
    let value = value.trim();
    match name {
        "readstatus" => {
            noted.status = match value.to_ascii_lowercase().as_str() {
                "read" => Some(Status::Read),
                "skimmed" => Some(Status::Skimmed),
                "reading" => Some(Status::Reading),
                _ => return false,
            };
        }
        "ranking" | "rating" => match level(value.strip_prefix("rank").unwrap_or(value), 5) {
            Some(rating) => noted.rating = rating,
            None => return false,
        },
        "priority" => match value.strip_prefix("prio").and_then(|value| level(value, 3)) {
            Some(priority) => noted.priority = priority,
            None => return false,
        },
        "file" | "pdf" | "localfile" => {
            let found = files(value);
            if found.is_empty() {
                return false;
            }
            noted.files.extend(found);
        }
        _ => return false,
    }
    true
}

/// Ranks and priorities that JabRef keeps among the keywords.
pub(super) fn keyword(word: &str, noted: &mut Noted) {
    if let Some(rating) = word
        .strip_prefix("rank")
        .and_then(|level_text| level(level_text, 5))
    {
        noted.rating = rating;
    } else if let Some(priority) = word
        .strip_prefix("prio")
        .and_then(|level_text| level(level_text, 3))
    {
        noted.priority = priority;
    }
}

fn level(text: &str, most: u8) -> Option<u8> {
    text.parse().ok().filter(|level| (1..=most).contains(level))
}

/// `description:path:type;…` of JabRef, Zotero and Mendeley, or bare paths.
pub(in crate::core::import) fn files(value: &str) -> Vec<String> {
    unescaped(value, ';')
        .iter()
        .filter_map(|one| {
            let parts = unescaped(one, ':');
            let path = match parts.as_slice() {
                [_, path @ .., _] if !path.is_empty() => path.join(":"),
                [path] => path.clone(),
                _ => one.clone(),
            };
            let path = unquoted(&path);
            (!path.is_empty()).then_some(path)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_have_their_path() {
        let mut groups = Groups::default();
        groups.read(
            "jabref-meta: grouping:\n0 AllEntriesGroup:;\n1 StaticGroup:Methods\\;0\\;1\\;\\;;\n2 StaticGroup:Deep\\;0\\;1\\;;\n\
             1 ExplicitGroup:Old\\;0\\;key1\\;key2\\;;\n",
        );
        assert_eq!(
            groups.of("key1", "Deep, Other"),
            ["Methods/Deep", "Other", "Old"]
        );
        assert_eq!(groups.of("x", "Methods"), ["Methods"]);
        groups.read("anything else");
    }

    #[test]
    fn files_of_each_program_are_found() {
        for (value, expected) in [
            (":papers/a.pdf:PDF", vec!["papers/a.pdf"]),
            (
                "Full Text:/home/x/a b.pdf:application/pdf;Snap:/y.html:text/html",
                vec!["/home/x/a b.pdf", "/y.html"],
            ),
            (r":C\:\\Papers\\a.pdf:PDF", vec![r"C:\Papers\a.pdf"]),
            ("plain.pdf", vec!["plain.pdf"]),
            (r":home/x/a{\_}b.pdf:pdf", vec!["home/x/a_b.pdf"]),
            (
                r":http\://arxiv.org/pdf/1:PDF",
                vec!["http://arxiv.org/pdf/1"],
            ),
            ("", vec![]),
        ] {
            assert_eq!(files(value), expected, "{value}");
        }
    }

    #[test]
    fn folders_for_files_are_declared() {
        let of = |body: &str| file_folder(body);
        assert_eq!(
            of("jabref-meta: fileDirectory:papers/pdf;\n"),
            Some((false, "papers/pdf".to_owned()))
        );
        assert_eq!(
            of(r"jabref-meta: fileDirectory-ada-desk:C\:\\Papers;"),
            Some((true, r"C:\Papers".to_owned()))
        );
        assert_eq!(of("jabref-meta: fileDirectoryLatex-x:/tmp;"), None);
        assert_eq!(of("jabref-meta: fileDirectory:;"), None);
        assert_eq!(of("jabref-meta: databaseType:bibtex;"), None);
    }

    #[test]
    fn special_fields_are_levels_and_a_status() {
        let mut noted = Noted::default();
        for (name, value, taken) in [
            ("readstatus", "skimmed", true),
            ("ranking", "rank4", true),
            ("priority", "prio1", true),
            ("ranking", "great", false),
            ("owner", "me", false),
        ] {
            assert_eq!(note(name, value, &mut noted), taken, "{name}");
        }
        assert_eq!(
            (noted.status, noted.rating, noted.priority),
            (Some(Status::Skimmed), 4, 1)
        );
    }
}
