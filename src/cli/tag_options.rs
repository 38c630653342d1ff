//! The options of `offprint tag` behind its tags. A tag to be removed begins with a hyphen, so that clap takes whatever
//! follows the paper's id for a tag; options stand in front of the id before it reads them, so that one that it does
//! not know is refused and not taken for a tag.

use std::ffi::OsString;

use clap::Args as _;

use super::Global;

/// The same words with the options among the last `tags` of them before the paper's `id`; `None` when there is none to
/// move. After `--` everything is a tag.
pub(super) fn before_tags(words: &[OsString], id: &str, tags: usize) -> Option<Vec<OsString>> {
    let (head, tail) = words.split_at_checked(words.len().checked_sub(tags)?)?;
    if head.iter().any(|word| word == "--") || !tail.iter().any(is_option) {
        return None;
    }
    let command = head.iter().position(|word| word == "tag")?;
    let at = head.iter().skip(command + 1).position(|word| word == id)?;
    let (before, after) = head.split_at_checked(command + 1 + at)?;
    let mut sorted = before.to_vec();
    let mut left = Vec::new();
    let mut tail = tail.iter();
    while let Some(word) = tail.next() {
        if word == "--" {
            left.extend(tail.by_ref().cloned());
        } else if is_option(word) {
            sorted.push(word.clone());
            if takes_value(word) {
                sorted.extend(tail.next().cloned());
            }
        } else {
            left.push(word.clone());
        }
    }
    sorted.extend(after.iter().cloned());
    sorted.append(&mut left);
    Some(sorted)
}

fn is_option(word: &OsString) -> bool {
    word.as_encoded_bytes().starts_with(b"--")
}

/// A global option whose value is the next word.
fn takes_value(word: &OsString) -> bool {
    let Some(name) = word.to_str().and_then(|word| word.strip_prefix("--")) else {
        return false;
    };
    let command = Global::augment_args(clap::Command::new("offprint"));
    command
        .get_arguments()
        .any(|option| option.get_long() == Some(name) && option.get_action().takes_values())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(line: &str, tags: usize) -> Option<String> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let sorted = before_tags(&words, "a", tags)?;
        let words: Vec<_> = sorted.iter().map(|word| word.to_str().unwrap()).collect();
        Some(words.join(" "))
    }

    #[test]
    fn options_come_before_the_tags_with_their_values() {
        assert_eq!(
            sorted("offprint tag a +x --library l -y --json --color=never z", 7).as_deref(),
            Some("offprint tag --library l --json --color=never a +x -y z")
        );
        assert_eq!(
            sorted("offprint tag a x --library", 2).as_deref(),
            Some("offprint tag --library a x")
        );
    }

    #[test]
    fn tags_alone_and_what_follows_two_hyphens_stay() {
        assert_eq!(sorted("offprint tag a +x -y", 2), None);
        assert_eq!(sorted("offprint tag -- a --json", 1), None);
        assert_eq!(
            sorted("offprint tag a x --json -- --y", 4).as_deref(),
            Some("offprint tag --json a x --y")
        );
    }
}
