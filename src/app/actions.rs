//! The menu of quick actions: everything that can be done with the paper under the cursor, in one place.

use super::chooser::{Choice, Chooser, Pick, Typed};
use super::command::Command;
use super::line_edit::LineEdit;
use super::{App, Effect, Level};
use crate::config::actions::{Action, Does};
use crate::core::actions::WebPlace;
use crate::core::cite::{Format, Way};
use crate::core::export::Target;
use crate::core::item::Item;

/// What the menu can copy beside the citation: letter, and how it is written.
const COPIED: [(char, Format); 4] = [
    ('b', Format::BibTex),
    ('l', Format::Doi),
    ('i', Format::Title),
    ('K', Format::Key),
];

/// Commands of the table that the menu lists, with the letter that they have in it and a short name.
const COMMANDS: [(char, Command, &str); 12] = [
    ('*', Command::Star, "Star, or take the star off"),
    ('c', Command::Comment, "Comment…"),
    ('S', Command::GoSimilar, "Similar papers"),
    ('P', Command::ReadPdf, "Read the PDF"),
    ('o', Command::OpenFile, "Open the PDF, or else the web page"),
    ('f', Command::FindPdf, "Find a free PDF"),
    ('r', Command::SetStatus, "Status…"),
    ('t', Command::Tags, "Tags…"),
    ('w', Command::Queue, "Queue, or take out"),
    ('e', Command::Edit, "Edit the fields…"),
    ('m', Command::Metrics, "Fetch metrics"),
    ('E', Command::Export, "Export to a file…"),
];

/// Why nothing can be told about a paper yet.
const AWAITED: &str = "the page is still being read";

/// The letters that the menu has of its own.
pub fn own_letters() -> impl Iterator<Item = char> {
    let places = WebPlace::ALL.into_iter().map(WebPlace::letter);
    let copied = COPIED.iter().map(|(letter, _)| *letter);
    let commands = COMMANDS.iter().map(|(letter, ..)| *letter);
    places
        .chain(copied)
        .chain(commands)
        .chain(['y', 'h'])
        // These move in a menu and close it.
        .chain(['j', 'k', 'q'])
}

/// What is wrong with the keys of the reader's own actions, a line each; a key that is taken is dropped from the action.
pub fn settle_keys(actions: &mut [Action]) -> Vec<String> {
    let mut taken: Vec<char> = own_letters().collect();
    let mut problems = Vec::new();
    for action in actions {
        let Some(key) = action.key else { continue };
        if taken.contains(&key) {
            action.key = None;
            problems.push(format!(
                "action \"{}\": the menu of quick actions has {key} already; choose another key",
                action.label
            ));
        } else {
            taken.push(key);
        }
    }
    problems
}

impl App {
    /// The menu of quick actions.
    pub(super) fn open_actions(&mut self) {
        let Some(paper) = self.selected() else { return };
        let item = self.page.item_of(paper);
        let mut rows: Vec<Choice> = Vec::new();
        for place in WebPlace::ALL {
            let address = item.map_or(Err(AWAITED), |item| place.address(item));
            rows.push(opening(Some(place.letter()), place.opening(), address));
        }
        let cite = self.settings.default_way.clone();
        rows.push(
            Choice::new(Some('y'), "Copy the citation", Pick::Copy(cite.clone()))
                .detail(cite.label()),
        );
        for (letter, format) in COPIED {
            let way = Way::Format(format);
            let refused = item.and_then(|item| format.unavailable(item)).is_some();
            rows.push(
                Choice::new(
                    Some(letter),
                    format!("Copy the {}", format.label()),
                    Pick::Copy(way),
                )
                .unless(!refused, "this paper has none"),
            );
        }
        let share = Way::Share(self.settings.default_style().into());
        rows.push(
            Choice::new(Some('h'), "Share", Pick::Copy(share))
                .detail("title, citation and link, in Markdown"),
        );
        for (letter, command, label) in COMMANDS {
            let refused = (command.spec().enabled)(self).err();
            rows.push(
                Choice::new(Some(letter), label, Pick::Run(command))
                    .unless(refused.is_none(), refused.unwrap_or_default()),
            );
        }
        let key = self.page.key_of(paper).unwrap_or_default();
        let own = self.settings.actions.iter();
        rows.extend(own.map(|action| own_row(action, item, key)));
        let title = match self.chosen_papers().len() {
            0 | 1 => "Quick actions".to_owned(),
            many => format!("Quick actions · {many} papers are copied, noted, exported"),
        };
        self.open_chooser(Chooser::new(&title, rows));
    }

    /// The box for the path of an export.
    pub(super) fn open_export(&mut self) {
        let title = match self.chosen_papers().len() {
            1 => "Export 1 paper to · .bib .ris .json .csv .md .html".to_owned(),
            many => format!("Export {many} papers to · .bib .ris .json .csv .md .html"),
        };
        self.open_chooser(Chooser {
            typed: Some(Typed::Export(LineEdit::default())),
            ..Chooser::new(&title, Vec::new())
        });
    }

    /// Exports the chosen papers into a file whose name says the format.
    pub(super) fn export_to(&mut self, path: &str, replace: bool, effects: &mut Vec<Effect>) {
        let extension = path.rsplit_once('.').map(|(_, extension)| extension);
        let Some(target) = extension.and_then(Target::of_extension) else {
            return self.tell(
                Level::Info,
                "Write a path that ends in .bib, .ris, .json, .csv, .md or .html",
            );
        };
        self.overlay = None;
        effects.push(Effect::Export {
            papers: self.chosen_papers(),
            target,
            style: self.settings.default_style(),
            path: path.to_owned(),
            replace,
        });
    }

    /// Asks whether a file that is there may be replaced.
    pub(super) fn ask_replace(&mut self, path: &str) {
        let rows = vec![
            Choice::new(Some('n'), "Keep the file", Pick::Nothing),
            Choice::new(Some('y'), "Replace it", Pick::Replace(path.to_owned())),
        ];
        self.open_chooser(Chooser::new(&format!("{path} is there already"), rows));
    }
}

fn opening(letter: Option<char>, label: String, address: Result<String, &'static str>) -> Choice {
    match address {
        Ok(address) => {
            let shown = address.split_once("://").map_or("", |(_, rest)| rest);
            let shown = crate::core::text::clean(shown).into_string();
            Choice::new(letter, label, Pick::Address(address)).detail(shown)
        }
        Err(reason) => Choice::new(letter, label, Pick::Nothing).unless(false, reason),
    }
}

/// A row for one of the reader's own actions.
fn own_row(action: &Action, item: Option<&Item>, key: &str) -> Choice {
    let (letter, label) = (action.key, action.label.clone());
    let Some(item) = item else {
        return Choice::new(letter, label, Pick::Nothing).unless(false, AWAITED);
    };
    match &action.does {
        Does::Address(template) => opening(letter, label, template.address(item, key)),
        Does::Program(words) => {
            let filled: Result<Vec<String>, &'static str> =
                words.iter().map(|word| word.argument(item, key)).collect();
            match filled {
                Ok(words) => {
                    let shown = crate::core::text::clean(&words.join(" ")).into_string();
                    let pick = Pick::Program(label.clone(), words);
                    Choice::new(letter, label, pick).detail(shown)
                }
                Err(reason) => Choice::new(letter, label, Pick::Nothing).unless(false, reason),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_of_the_menu_are_unique() {
        let letters: Vec<char> = own_letters().collect();
        let different: std::collections::BTreeSet<char> = letters.iter().copied().collect();
        assert_eq!(different.len(), letters.len());
    }

    #[test]
    fn a_taken_key_is_dropped_and_named() {
        let action = |key, label: &str| Action {
            key: Some(key),
            label: label.to_owned(),
            does: Does::Program(Vec::new()),
        };
        let mut actions = [action('z', "a"), action('d', "b"), action('z', "c")];
        let problems = settle_keys(&mut actions);
        assert_eq!(actions.map(|action| action.key), [Some('z'), None, None]);
        assert_eq!(problems.len(), 2);
    }
}
