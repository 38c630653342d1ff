//! Tab in the search box: names of fields, their values, saved searches.

use super::{App, Effect, Level};
use crate::core::journal::Status;
use crate::core::query::{Field, Has, Is};
use crate::core::text::{fold, scrub};

/// Names before a colon, as Tab completes them.
const NAMES: [&str; 12] = [
    "author", "title", "venue", "tag", "key", "doi", "abstract", "year", "is", "has", "status",
    "comment",
];
/// At most so many possibilities are named.
const NAMED: usize = 12;

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

/// How far several texts agree.
fn common_beginning<'a>(texts: &'a [String]) -> &'a str {
    let Some((first, others)) = texts.split_first() else {
        return "";
    };
    let mut common: &'a str = first;
    for other in others {
        let end = (common.char_indices().zip(other.chars()))
            .find(|((_, a), b)| a != b)
            .map_or(common.len().min(other.len()), |((at, _), _)| at);
        common = common.get(..end).unwrap_or_default();
    }
    common
}

impl App {
    /// Completes the word before the cursor as far as there is one way to go on; else says the ways.
    pub(super) fn complete(&mut self, effects: &mut Vec<Effect>) {
        let Some(query) = self.query_box.as_ref().filter(|query| !query.in_page) else {
            return;
        };
        let word = query.line.word();
        let (mark, typed) = match word.strip_prefix(['-', '!']) {
            Some(typed) => (word.get(..1).unwrap_or_default().to_owned(), typed),
            None => (String::new(), word),
        };
        let typed = fold(typed).into_owned();
        let (before, ways, after) = if let Some(begun) = typed.strip_prefix('@') {
            (format!("{mark}@"), self.saved_names(begun), " ")
        } else if let Some((name, value)) = typed.split_once(':') {
            let [name] = names(name)[..] else {
                return self.tell(Level::Info, "Nothing to complete");
            };
            let value = value.trim_start_matches(['"', '\'']);
            (format!("{mark}{name}:"), self.values(name, value), " ")
        } else {
            let ways = names(&typed)
                .iter()
                .map(|name| format!("{name}:"))
                .collect();
            (mark, ways, "")
        };
        let common = common_beginning(&ways);
        let completed = match ways.as_slice() {
            [] => {
                let fields = NAMES.map(|name| format!("{name}:")).join(" ");
                let told = if typed.contains([':', '@']) {
                    format!("Nothing begins with {typed}")
                } else {
                    format!("Nothing to complete · fields: {fields}")
                };
                return self.tell(Level::Info, told);
            }
            [one] => format!("{before}{one}{after}"),
            _ => {
                let named: Vec<&str> = ways.iter().take(NAMED).map(String::as_str).collect();
                let more = if ways.len() > NAMED { " …" } else { "" };
                let told = format!("{}{more}", named.join(" "));
                self.tell(Level::Info, told);
                format!("{before}{common}")
            }
        };
        let Some(query) = &mut self.query_box else {
            return;
        };
        if fold(&completed).len() < typed.len() || query.line.word() == completed {
            return;
        }
        query.line.replace_word(&completed);
        self.query_changed(effects);
    }

    fn saved_names(&self, begun: &str) -> Vec<String> {
        let names = self
            .notes
            .state()
            .searches()
            .map(|(name, _)| scrub(name, false));
        names.filter(|name| fold(name).starts_with(begun)).collect()
    }

    /// The values of a field that begin so.
    fn values(&self, name: &str, begun: &str) -> Vec<String> {
        let fixed = |values: Vec<&'static str>| {
            let fitting = values.into_iter().filter(|value| value.starts_with(begun));
            fitting.map(str::to_owned).collect()
        };
        match name {
            "is" => return fixed(Is::ALL.iter().map(|is| is.name()).collect()),
            "has" => return fixed(Has::ALL.iter().map(|has| has.name()).collect()),
            "status" => {
                let mut all = vec![Status::default()];
                while let Some(next) = all
                    .last()
                    .map(|last| last.next())
                    .filter(|next| *next != Status::default())
                {
                    all.push(next);
                }
                return fixed(all.into_iter().map(Status::name).collect());
            }
            _ => {}
        }
        let Some(field) = Field::ALL.into_iter().find(|field| field.name() == name) else {
            return Vec::new();
        };
        let mut values = Vec::new();
        if field == Field::Keywords {
            let tags = self.notes.state().tags();
            let fitting = (tags.into_iter())
                .filter(|(tag, count)| *count > 0 && fold(tag).starts_with(begun));
            values.extend(fitting.map(|(tag, _)| {
                let tag = scrub(tag, false).replace('"', "");
                if tag.contains(char::is_whitespace) {
                    format!("\"{tag}\"")
                } else {
                    tag
                }
            }));
        }
        // A word of the index may be any: at least its first letter is the reader's.
        if let Some(index) = self.index.as_ref().filter(|_| !begun.is_empty()) {
            for (word, _) in index.completions(begun, field) {
                if !values.iter().any(|value| fold(value) == word) {
                    values.push(word.to_owned());
                }
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_agree_up_to_their_first_difference() {
        let texts = |all: &[&str]| {
            all.iter()
                .map(|text| (*text).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(common_beginning(&texts(&["müller", "münch"])), "mü");
        assert_eq!(common_beginning(&texts(&["vas", "vaswani"])), "vas");
        assert_eq!(common_beginning(&texts(&[])), "");
    }
}
