//! The options of `offprint tag` behind its tags. A tag to be removed begins with a hyphen, so that clap takes whatever
//! follows the first tag for a tag; options stand in front of the tags before it reads them.

use std::ffi::OsString;

use clap::Args as _;

use super::Global;

/// The same words with the options among the last `tags` of them before the others; `None` when there is none to move.
/// After `--` everything is a tag.
pub(super) fn before_tags(words: &[OsString], tags: usize) -> Option<Vec<OsString>> {
    let (head, tail) = words.split_at_checked(words.len().checked_sub(tags)?)?;
    if head.iter().any(|word| word == "--") || !tail.iter().any(is_option) {
        return None;
    }
    let mut sorted = head.to_vec();
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
        let sorted = before_tags(&words, tags)?;
        let words: Vec<_> = sorted.iter().map(|word| word.to_str().unwrap()).collect();
        Some(words.join(" "))
    }

    #[test]
    fn options_come_before_the_tags_with_their_values() {
        assert_eq!(
            sorted("offprint tag a +x --library l -y --json --color=never z", 7).as_deref(),
            Some("offprint tag a --library l --json --color=never +x -y z")
        );
        assert_eq!(
            sorted("offprint tag a x --library", 2).as_deref(),
            Some("offprint tag a --library x")
        );
    }

    #[test]
    fn tags_alone_and_what_follows_two_hyphens_stay() {
        assert_eq!(sorted("offprint tag a +x -y", 2), None);
        assert_eq!(sorted("offprint tag -- a --json", 1), None);
        assert_eq!(
            sorted("offprint tag a x --json -- --y", 4).as_deref(),
            Some("offprint tag a --json x --y")
        );
    }
}
