//! The menu of filters and saved searches. Filters are words of the query: what the menu does can be typed, and what
//! was typed is ticked in the menu.

use std::sync::Arc;

use super::chooser::{Choice, Chooser, Pick};
use super::{App, Effect, Level};
use crate::core::journal::{Change, Edit};
use crate::core::page::thousands;
use crate::core::query::{has_word, toggle_word};
use crate::core::text::scrub;

/// Names of searches have at most so many characters.
const LONGEST_NAME: usize = 40;

/// The condition for a tag, as it is typed.
fn tag_word(tag: &str) -> String {
    let tag = scrub(tag, false).replace('"', "");
    if tag.contains(char::is_whitespace) {
        format!("tag:\"{tag}\"")
    } else {
        format!("tag:{tag}")
    }
}

/// A name as it can be typed after `@`.
fn usable_name(typed: &str) -> String {
    let typed = scrub(typed, false);
    let words: Vec<&str> = typed.split_whitespace().collect();
    let name = words.join("-");
    let name = name.trim_start_matches('@');
    name.chars().take(LONGEST_NAME).collect()
}

impl App {
    /// The menu of filters and saved searches.
    pub(super) fn open_filter(&mut self) {
        let query = self.query.as_str();
        let filters = [
            ('u', "unread", "is:unread"),
            ('r', "reading", "is:reading"),
            ('*', "starred", "is:starred"),
            ('p', "has a PDF", "has:pdf"),
            ('c', "has comments", "has:comment"),
            ('w', "in the queue", "is:queued"),
        ];
        let mut rows: Vec<Choice> = filters
            .into_iter()
            .map(|(letter, label, word)| {
                Choice::new(Some(letter), label, Pick::Toggle(word.to_owned()))
                    .detail(word)
                    .ticked(has_word(query, word))
            })
            .collect();
        let state = self.notes.state();
        let tagged = Choice::new(Some('t'), "tag…", Pick::Tags).unless(
            state.tags().values().any(|count| *count > 0),
            "there is no tag yet",
        );
        rows.insert(3, tagged);
        rows.push(
            Choice::new(Some('x'), "clear all filters", Pick::ClearFilters)
                .unless(self.parsed_query().asks_notes(), "there is none"),
        );
        rows.push(
            Choice::new(Some('s'), "save this search as…", Pick::SaveSearch)
                .unless(!query.trim().is_empty(), "nothing is searched for")
                .unless(self.notes_missing.is_none(), "there is no place for notes"),
        );
        let mut saved = 0;
        for ((name, words), letter) in state
            .searches()
            .zip(('1'..='9').map(Some).chain(std::iter::repeat(None)))
        {
            saved += 1;
            let word = format!("@{}", scrub(name, false));
            rows.push(
                Choice::new(letter, word.clone(), Pick::Saved(name.to_owned()))
                    .detail(scrub(words, false))
                    .ticked(query.trim() == word),
            );
        }
        if saved > 0 {
            rows.push(Choice::new(
                Some('n'),
                "rename a search…",
                Pick::RenameSearch,
            ));
            rows.push(Choice::new(
                Some('D'),
                "delete a search…",
                Pick::DeleteSearch,
            ));
        }
        self.open_chooser(Chooser::new("Filter", rows));
    }

    /// The tags of the reader, with how many papers have each.
    pub(super) fn open_tag_filter(&mut self) {
        let query = self.query.as_str();
        let rows = (self.notes.state().tags().into_iter())
            .filter(|(_, count)| *count > 0)
            .map(|(tag, count)| {
                let word = tag_word(tag);
                let noun = if count == 1 { "paper" } else { "papers" };
                Choice::new(None, scrub(tag, false), Pick::Toggle(word.clone()))
                    .detail(format!("{} {noun}", thousands(count)))
                    .ticked(has_word(query, &word))
            })
            .collect();
        let mut chooser = Chooser::finder("Tag", rows);
        chooser.cursor = super::list::ListCursor::default();
        self.open_chooser(chooser);
    }

    /// The saved searches, to do something to one.
    pub(super) fn open_saved(&mut self, title: &str, pick: fn(String) -> Pick) {
        let rows = (self.notes.state().searches())
            .map(|(name, words)| {
                Choice::new(
                    None,
                    format!("@{}", scrub(name, false)),
                    pick(name.to_owned()),
                )
                .detail(scrub(words, false))
            })
            .collect();
        self.open_chooser(Chooser::finder(title, rows));
    }

    /// Shows the papers of a query that was made by the menu: the cursor stays on its paper.
    fn filter_by(&mut self, query: String, effects: &mut Vec<Effect>) {
        let paper = self.selected();
        self.focus = super::Pane::List;
        self.zen = false;
        self.search_keeping(query, paper, effects);
    }

    pub(super) fn toggle_filter(&mut self, word: &str, effects: &mut Vec<Effect>) {
        let query = toggle_word(&self.query, word);
        self.filter_by(query, effects);
    }

    pub(super) fn clear_filters(&mut self, effects: &mut Vec<Effect>) {
        let mut left = String::new();
        let mut at = 0;
        let parsed = self.parsed_query();
        for part in parsed.parts().iter().filter(|part| part.asks_notes()) {
            left.push_str(self.query.get(at..part.range.start).unwrap_or_default());
            at = at.max(part.range.end);
        }
        left.push_str(self.query.get(at..).unwrap_or_default());
        let words: Vec<&str> = left.split_whitespace().collect();
        self.filter_by(words.join(" "), effects);
    }

    pub(super) fn show_saved(&mut self, name: &str, effects: &mut Vec<Effect>) {
        self.filter_by(format!("@{}", scrub(name, false)), effects);
    }

    pub(super) fn ask_name(&mut self) {
        self.open_chooser(Chooser::name("Save this search as", "", None));
    }

    /// Saves the search under a name, or gives a saved one another.
    pub(super) fn name_search(
        &mut self,
        typed: &str,
        renamed: Option<String>,
        effects: &mut Vec<Effect>,
    ) {
        let name = usable_name(typed);
        if name.is_empty() {
            return self.tell(Level::Info, "Type a name; Esc leaves it");
        }
        self.overlay = None;
        let change = |name: &str, query: Option<&str>| {
            let (name, query) = (name.into(), query.map(Into::into));
            Edit::new("", Vec::new(), Change::Search { name, query })
        };
        let find = |wanted: &str| {
            let mut searches = self.notes.state().searches();
            let query = searches
                .find(|(name, _)| *name == wanted)
                .map(|(_, query)| query);
            query.map(str::to_owned)
        };
        let replaced = find(&name).is_some() && renamed.as_ref() != Some(&name);
        let (edits, verb) = match renamed {
            Some(before) => {
                let query = find(&before);
                let edits = vec![change(&before, None), change(&name, query.as_deref())];
                (edits, format!("@{before} is now @{name}"))
            }
            None => (
                vec![change(&name, Some(self.query.trim()))],
                format!("Saved as @{name} · f lists it, /@{name} finds it"),
            ),
        };
        let note = if replaced {
            " · in place of the one before; u brings it back"
        } else {
            ""
        };
        self.change_searches(edits, format!("{verb}{note}"), effects);
    }

    pub(super) fn delete_search(&mut self, name: &str, effects: &mut Vec<Effect>) {
        let change = Change::Search {
            name: name.into(),
            query: None,
        };
        let edits = vec![Edit::new("", Vec::new(), change)];
        let told = format!("Deleted @{} · u brings it back", scrub(name, false));
        self.change_searches(edits, told, effects);
    }

    fn change_searches(&mut self, edits: Vec<Edit>, told: String, effects: &mut Vec<Effect>) {
        let now = self.wall;
        let operations = Arc::make_mut(&mut self.notes).edit(now, edits);
        self.write(operations, effects);
        self.tell(Level::Info, told);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_be_typed_after_an_at_sign() {
        assert_eq!(usable_name("  my thesis \u{1b}[2J"), "my-thesis-[2J");
        assert_eq!(usable_name("@new"), "new");
        assert_eq!(usable_name(" \t"), "");
    }

    #[test]
    fn tags_of_several_words_are_quoted() {
        assert_eq!(tag_word("nlp"), "tag:nlp");
        assert_eq!(tag_word("to \"read\""), "tag:\"to read\"");
    }
}
