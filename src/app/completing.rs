//! Tab in the search box: names of fields, their values, saved searches.
//!
//! The first Tab goes as far as there is one way to go on and names the ways; each further one puts the next of them in.

mod values;

use super::{App, Effect, Level};
use crate::core::text::fold;

/// Names before a colon, as Tab completes them.
const NAMES: [&str; 13] = [
    "author", "title", "venue", "tag", "key", "doi", "abstract", "year", "is", "has", "status",
    "comment", "like",
];
/// At most so many possibilities are named at once.
const NAMED: usize = 12;

/// Ways to go on with a word, as the last Tab left them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What stood before the cursor when Tab had done its work; with anything else the ways are of the past.
    left: String,
    /// Where the word begins, in bytes.
    start: usize,
    /// What the word was, and what it may become.
    typed: String,
    ways: Vec<String>,
    /// The way that is put in.
    at: Option<usize>,
}

/// The names that begin so; one alone when it is that name.
fn names(typed: &str) -> Vec<&'static str> {
    if typed.is_empty() {
        return Vec::new();
    }
    let exact = NAMES.iter().filter(|name| **name == typed);
    let begun = NAMES.iter().filter(|name| name.starts_with(typed));
    let exact: Vec<&str> = exact.copied().collect();
    if exact.is_empty() {
        begun.copied().collect()
    } else {
        exact
    }
}

/// How far several texts agree, whatever their case.
fn common_beginning<'a>(texts: &[&'a str]) -> &'a str {
    let Some((first, others)) = texts.split_first() else {
        return "";
    };
    let mut common: &'a str = first;
    for other in others {
        let end = (common.char_indices().zip(other.chars()))
            .find(|((_, a), b)| !a.to_lowercase().eq(b.to_lowercase()))
            .map_or(common.len().min(other.len()), |((at, _), _)| at);
        common = common.get(..end).unwrap_or(common);
    }
    common
}

/// Where the word before the cursor begins: blanks between quotes do not part words.
fn word_start(before: &str) -> usize {
    let (mut start, mut quoted) = (0, false);
    for (at, c) in before.char_indices() {
        if c == '"' {
            quoted = !quoted;
        } else if c.is_whitespace() && !quoted {
            start = at + c.len_utf8();
        }
    }
    start
}

/// A value as it is typed: in quotes where it has blanks.
fn quoted(value: &str) -> String {
    let value = value.replace('"', "");
    if value.contains(char::is_whitespace) {
        format!("\"{value}\"")
    } else {
        value
    }
}

/// The ways, the one that is put in between brackets.
fn named(ways: &[String], at: Option<usize>) -> String {
    let first = at.map_or(0, |at| at / NAMED * NAMED);
    let shown = ways.iter().enumerate().skip(first).take(NAMED);
    let named: Vec<String> = shown
        .map(|(number, way)| {
            if at == Some(number) {
                format!("[{way}]")
            } else {
                way.clone()
            }
        })
        .collect();
    let more = if first + NAMED < ways.len() {
        " …"
    } else {
        ""
    };
    format!("{}{more}", named.join(" "))
}

/// What all ways have before their values, which need not be said.
fn shown_prefix(typed: &str) -> String {
    let value = typed.find([':', '@']).map_or(0, |at| at + 1);
    let sign = typed.len() - typed.trim_start_matches(['-', '!']).len();
    typed.get(..value.max(sign)).unwrap_or_default().to_owned()
}

/// What a word can become.
struct Possible {
    /// What stays before each of them: a sign, a name and its colon.
    before: String,
    /// They have no quotes yet.
    ways: Vec<String>,
    /// What follows one that is alone.
    after: &'static str,
    /// What is typed of it, folded and as it is.
    begun: String,
    raw: String,
}

impl App {
    /// Completes the word before the cursor as far as there is one way to go on, and says the ways; again, and each
    /// time thereafter, puts in the next way, or the one before.
    pub(super) fn complete(&mut self, forward: bool, effects: &mut Vec<Effect>) {
        let Some(query) = self.query_box.as_ref().filter(|query| !query.in_page) else {
            return;
        };
        let before = query.line.split().0.to_owned();
        let known = query.completion.clone();
        let mut completion = match known.filter(|known| known.left == before) {
            Some(mut known) => {
                let ways = known.ways.len();
                known.at = match (known.at, forward) {
                    (None, true) => Some(0),
                    (None, false) => ways.checked_sub(1),
                    (Some(at), true) => Some(at + 1).filter(|next| *next < ways),
                    (Some(at), false) => at.checked_sub(1),
                };
                known
            }
            None => match self.begin_completion(&before) {
                Ok(begun) => begun,
                Err(told) => return self.tell(Level::Info, told),
            },
        };
        let way = completion.at.and_then(|at| completion.ways.get(at));
        let word = way.unwrap_or(&completion.typed).clone();
        if completion.ways.len() > 1 {
            let prefix = shown_prefix(&completion.typed);
            let shown: Vec<String> = (completion.ways.iter())
                .map(|way| way.strip_prefix(&prefix).unwrap_or(way).to_owned())
                .collect();
            self.tell(Level::Info, named(&shown, completion.at));
        }
        let Some(query) = &mut self.query_box else {
            return;
        };
        let has_changed = before.get(completion.start..) != Some(word.as_str());
        query.line.replace_from(completion.start, &word);
        query.line.split().0.clone_into(&mut completion.left);
        query.completion = (completion.ways.len() > 1).then_some(completion);
        if has_changed {
            self.query_changed(effects);
        }
    }

    fn begin_completion(&self, before: &str) -> Result<Completion, String> {
        let start = word_start(before);
        let word = before.get(start..).unwrap_or_default();
        let Possible {
            before: kept,
            ways,
            after,
            begun,
            raw,
        } = self.ways(word)?;
        let typed = match ways.as_slice() {
            [] => {
                let fields = NAMES.map(|name| format!("{name}:")).join(" ");
                return Err(if word.contains([':', '@']) {
                    format!("Nothing begins with {word}")
                } else {
                    format!("Nothing to complete · fields: {fields}")
                });
            }
            [one] => format!("{kept}{}{after}", quoted(one)),
            all => {
                let all: Vec<&str> = all.iter().map(String::as_str).collect();
                let common = common_beginning(&all);
                // Never less than is typed, which may be spelled otherwise.
                if fold(common).len() <= begun.len() {
                    format!("{kept}{raw}")
                } else if common.contains(char::is_whitespace) {
                    format!("{kept}\"{common}")
                } else {
                    format!("{kept}{common}")
                }
            }
        };
        let ways = ways.iter().map(|way| format!("{kept}{}", quoted(way)));
        Ok(Completion {
            left: String::new(),
            start,
            typed,
            ways: ways.collect(),
            at: None,
        })
    }

    fn ways(&self, word: &str) -> Result<Possible, String> {
        let (sign, typed) = match word.strip_prefix(['-', '!']) {
            Some(typed) => (word.get(..1).unwrap_or_default(), typed),
            None => ("", word),
        };
        let raw = typed.trim_start_matches('@');
        let raw = raw
            .split_once(':')
            .map_or(raw, |(_, value)| value)
            .to_owned();
        let typed = fold(typed).into_owned();
        if let Some(begun) = typed.strip_prefix('@') {
            return Ok(Possible {
                before: format!("{sign}@"),
                ways: self.saved_names(begun),
                after: " ",
                begun: begun.to_owned(),
                raw,
            });
        }
        if let Some((name, value)) = typed.split_once(':') {
            let [name] = names(name)[..] else {
                return Err("Nothing to complete".to_owned());
            };
            let begun = value.trim_start_matches(['"', '\'']);
            return Ok(Possible {
                before: format!("{sign}{name}:"),
                ways: self.values(name, begun),
                after: " ",
                begun: begun.to_owned(),
                raw,
            });
        }
        let ways = names(&typed).into_iter().map(|name| format!("{name}:"));
        Ok(Possible {
            before: sign.to_owned(),
            ways: ways.collect(),
            after: "",
            begun: typed,
            raw,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_agree_up_to_their_first_difference() {
        assert_eq!(common_beginning(&["müller", "Münch"]), "mü");
        assert_eq!(common_beginning(&["vas", "vaswani"]), "vas");
        assert_eq!(common_beginning(&[]), "");
    }

    #[test]
    fn blanks_between_quotes_do_not_part_words() {
        assert_eq!(word_start("deep tag:\"to re"), 5);
        assert_eq!(word_start("tag:\"to read\" x"), 14);
        assert_eq!(word_start("a "), 2);
    }

    #[test]
    fn the_way_that_is_put_in_is_marked_and_in_view() {
        let ways: Vec<String> = (0..14).map(|way| way.to_string()).collect();
        assert_eq!(named(&ways, None), "0 1 2 3 4 5 6 7 8 9 10 11 …");
        assert_eq!(named(&ways, Some(12)), "[12] 13");
    }
}
