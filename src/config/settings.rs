//! The settings of `config.toml`, read strictly: an unknown key or a bad value is reported with its place and the
//! nearest name, and the default holds for that one alone.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::actions::Action;
use super::glyphs::Glyphs;
use super::keys::Chord;
use super::libraries::NamedLibrary;
use super::model::ModelSettings;
use super::pdf::PdfSettings;
use super::services::ServiceSettings;
use super::theme::Theme;
use crate::core::cite::Way;
use crate::core::csl::archive;
use crate::core::editing::Owner;
use crate::core::export::Target;
use crate::core::text::scrub;

/// The keys of the file.
pub(super) const KEYS: [&str; 15] = [
    "library",
    "owner",
    "clipboard",
    "default-style",
    "shown-styles",
    "language",
    "sentence-case",
    "characters",
    "theme",
    "keep",
    "keys",
    "services",
    "model",
    "pdf",
    "action",
];
/// What the page shows under "Cite" unless something else is set.
const SHOWN: [&str; 3] = ["bibtex", "apa", "modern-language-association"];
/// The theme that follows the terminal's background.
pub(super) const BY_TERMINAL: &str = "auto";
/// The words that `clipboard` takes.
pub(super) const CLIPBOARDS: [&str; 4] = ["auto", "osc52", "tmux", "native"];
/// At most this many problems are reported; a file with more is of another kind.
const REPORTED: usize = 20;

/// How texts are copied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Clipboard {
    /// Whatever suits the environment.
    #[default]
    Auto,
    /// The terminal's escape sequence.
    Osc52,
    /// tmux's buffer.
    Tmux,
    /// The display's clipboard.
    Native,
    /// A program that takes the text on standard input.
    Command(Vec<String>),
}

/// A .bib that is kept in step with the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep {
    /// The file, as written.
    pub bib: String,
    /// Which papers; empty for all.
    pub query: String,
    /// BibTeX or BibLaTeX.
    pub format: Target,
}

/// What the reader has set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The library to open, as written.
    pub library: Option<String>,
    /// All libraries that are named, that one first.
    pub libraries: Vec<NamedLibrary>,
    /// Who writes the library; asked where it is not set.
    pub owner: Option<Owner>,
    /// How texts are copied.
    pub clipboard: Clipboard,
    /// The style or format that is copied without asking.
    pub default_way: Way,
    /// The styles and formats that the page shows.
    pub shown_ways: Vec<Way>,
    /// The language of citations, such as `de-DE`; the style's own when it is not set.
    pub language: Option<String>,
    /// Titles in Title Case are cited in sentence case.
    pub sentence_case: bool,
    /// Names that are no format and no style of the program, with line and column: styles of the reader's, or mistakes.
    pub(super) own_styles: Vec<(String, u32, u32)>,
    /// What the screens are made of; as the locale says where it is not set.
    pub characters: Option<Glyphs>,
    /// The theme.
    pub theme: Theme,
    /// The theme is dark or light as the terminal's background is.
    pub theme_by_terminal: bool,
    /// The name of a theme that is not of the program, with line and column: one of the reader's, or a mistake.
    pub(super) own_theme: Option<(String, u32, u32)>,
    /// The services that are asked about papers.
    pub services: ServiceSettings,
    /// The model that is asked for key findings; nobody where it is not set.
    pub model: Option<ModelSettings>,
    /// How attached PDFs are shown, and where new ones lie.
    pub pdf: PdfSettings,
    /// A file that is kept in step with the library.
    pub keep: Option<Keep>,
    /// What is added to the menu of quick actions.
    pub actions: Vec<Action>,
    /// Keys for commands, by the command's name. The names are checked where the commands are known.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Line and column of each of them.
    pub(super) key_places: BTreeMap<String, (u32, u32)>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            library: None,
            libraries: Vec::new(),
            owner: None,
            clipboard: Clipboard::Auto,
            default_way: Way::default(),
            shown_ways: SHOWN.map(Way::named).to_vec(),
            language: None,
            sentence_case: false,
            own_styles: Vec::new(),
            characters: None,
            theme: Theme::default(),
            theme_by_terminal: false,
            own_theme: None,
            services: ServiceSettings::default(),
            model: None,
            pdf: PdfSettings::default(),
            keep: None,
            actions: Vec::new(),
            keys: BTreeMap::new(),
            key_places: BTreeMap::new(),
        }
    }
}

/// Something wrong in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub hint: String,
}

impl ConfigProblem {
    /// `PLACE:LINE:COLUMN: what; what to do`.
    pub fn one_line(&self, place: &str) -> String {
        format!(
            "{place}:{}:{}: {}; {}",
            self.line, self.column, self.what, self.hint
        )
    }
}

impl Settings {
    /// Reads the text of a configuration file. What is wrong keeps its default.
    pub fn parse(text: &str) -> (Settings, Vec<ConfigProblem>) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader {
            text,
            settings: Settings::default(),
            problems: Vec::new(),
        };
        match DeTable::parse(text) {
            Ok(table) => reader.table(table.get_ref()),
            Err(error) => {
                let message = scrub(error.message(), false);
                let what = message.lines().next().unwrap_or("not TOML").to_owned();
                reader.problem(
                    &error.span().unwrap_or(0..0),
                    what,
                    "correct it; until then the defaults hold",
                );
            }
        }
        (reader.settings, reader.problems)
    }
}

pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) settings: Settings,
    problems: Vec<ConfigProblem>,
}

pub(super) type Value<'a> = Spanned<DeValue<'a>>;

impl Reader<'_> {
    fn table(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "library" => self.library(value),
                "clipboard" => self.clipboard(value),
                "default-style" => {
                    if let Some(name) = self.name(value, "default-style") {
                        self.settings.default_way = self.way(value, &name);
                    }
                }
                "shown-styles" => self.shown_styles(value),
                "language" => self.settings.language = self.name(value, "language"),
                "owner" => match value.get_ref().as_str() {
                    Some("offprint") => self.settings.owner = Some(Owner::Offprint),
                    Some("foreign") => self.settings.owner = Some(Owner::Foreign),
                    _ => self.problem(
                        &value.span(),
                        "owner is neither of the two words that it can be".to_owned(),
                        "write \"offprint\" if it may write the library, \"foreign\" if another program does",
                    ),
                },
                "sentence-case" => match value.get_ref().as_bool() {
                    Some(on) => self.settings.sentence_case = on,
                    None => self.problem(
                        &value.span(),
                        format!("sentence-case is {}", kind(value)),
                        "write true or false",
                    ),
                },
                "characters" => self.characters(value),
                "theme" => {
                    if let Some(text) = self.text(value, "theme") {
                        match Theme::named(&text) {
                            Some(theme) => self.settings.theme = theme,
                            None if text == BY_TERMINAL => self.settings.theme_by_terminal = true,
                            None => {
                                let (line, column) = self.place(&value.span());
                                self.settings.own_theme = Some((text, line, column));
                            }
                        }
                    }
                }
                "keep" => self.keep(value),
                "keys" => self.keys(value),
                "services" => self.services(value),
                "model" => self.model(value),
                "pdf" => self.pdf(value),
                "action" => self.actions(value),
                other => self.unknown(&key.span(), other, &KEYS),
            }
        }
    }

    fn clipboard(&mut self, value: &Value<'_>) {
        if let DeValue::Array(list) = value.get_ref() {
            let words: Vec<String> = list
                .iter()
                .filter_map(|word| word.get_ref().as_str().map(str::to_owned))
                .collect();
            if words.is_empty()
                || words.len() < list.len()
                || words.first().is_some_and(String::is_empty)
            {
                self.problem(
                    &value.span(),
                    "clipboard is not a command".to_owned(),
                    "write the program and its arguments: [\"wl-copy\", \"--trim-newline\"]",
                );
            } else {
                self.settings.clipboard = Clipboard::Command(words);
            }
            return;
        }
        let Some(text) = self.text(value, "clipboard") else {
            return;
        };
        self.settings.clipboard = match text.as_str() {
            "auto" => Clipboard::Auto,
            "osc52" => Clipboard::Osc52,
            "tmux" => Clipboard::Tmux,
            "native" => Clipboard::Native,
            _ => return self.not_one_of(value, &text, &CLIPBOARDS),
        };
    }

    fn characters(&mut self, value: &Value<'_>) {
        self.settings.characters = match self.text(value, "characters").as_deref() {
            Some("unicode") => Some(Glyphs::Unicode),
            Some("ambiguous-wide") => Some(Glyphs::AmbiguousWide),
            Some("ascii") => Some(Glyphs::Ascii),
            None | Some("auto") => None,
            Some(other) => return self.not_one_of(value, other, &Glyphs::NAMES),
        };
    }

    fn keep(&mut self, value: &Value<'_>) {
        let DeValue::Table(table) = value.get_ref() else {
            return self.problem(
                &value.span(),
                format!("keep is {}", kind(value)),
                "write [keep] and below it bib = \"refs.bib\"",
            );
        };
        let mut keep = Keep {
            bib: String::new(),
            query: String::new(),
            format: Target::BibTex,
        };
        let before = self.problems.len();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "bib" => keep.bib = self.name(value, "bib").unwrap_or_default(),
                "query" => keep.query = self.text(value, "query").unwrap_or_default(),
                "format" => match self.text(value, "format").as_deref() {
                    Some("bibtex") => keep.format = Target::BibTex,
                    Some("biblatex") => keep.format = Target::BibLaTex,
                    Some(other) => self.not_one_of(value, other, &["bibtex", "biblatex"]),
                    None => {}
                },
                other => self.unknown(&key.span(), other, &["bib", "query", "format"]),
            }
        }
        // What is wrong may have been meant to choose other papers: nothing is written then.
        if self.problems.len() > before {
            return;
        }
        if keep.bib.is_empty() {
            return self.problem(
                &value.span(),
                "keep without a file".to_owned(),
                "write bib = \"refs.bib\" below it",
            );
        }
        self.settings.keep = Some(keep);
    }

    fn keys(&mut self, value: &Value<'_>) {
        let DeValue::Table(table) = value.get_ref() else {
            return self.problem(
                &value.span(),
                format!("keys is {}", kind(value)),
                "write [keys] and below it lines such as copy = \"y\"",
            );
        };
        for (command, value) in table {
            let single = std::slice::from_ref(value);
            let list: Vec<&Value<'_>> = match value.get_ref() {
                DeValue::Array(list) => list.iter().collect(),
                _ => single.iter().collect(),
            };
            let mut keys = Vec::new();
            for key in &list {
                let Some(text) = self.text(key, "a key") else {
                    continue;
                };
                match text.parse::<Chord>() {
                    Ok(_) => keys.push(text),
                    Err(error) => {
                        let message = error.to_string();
                        let (what, hint) = message
                            .split_once("; ")
                            .unwrap_or((&message, "write another key"));
                        self.problem(&key.span(), what.to_owned(), hint);
                    }
                }
            }
            // An empty list takes the command's keys away; a list of nothing but mistakes leaves the default.
            if keys.len() == list.len() || !keys.is_empty() {
                let name = command.get_ref().to_string();
                let place = self.place(&command.span());
                self.settings.key_places.insert(name.clone(), place);
                self.settings.keys.insert(name, keys);
            }
        }
    }

    fn shown_styles(&mut self, value: &Value<'_>) {
        let DeValue::Array(list) = value.get_ref() else {
            return self.problem(
                &value.span(),
                format!("shown-styles is {}", kind(value)),
                "write a list: [\"bibtex\", \"apa\"]",
            );
        };
        let names: Vec<String> = list
            .iter()
            .filter_map(|name| self.name(name, "a style"))
            .collect();
        if names.len() == list.len() {
            let ways = list
                .iter()
                .zip(&names)
                .map(|(value, name)| self.way(value, name))
                .collect();
            self.settings.shown_ways = ways;
        }
    }

    /// A format or style by name; one that the program does not bring along is noted.
    fn way(&mut self, value: &Value<'_>, name: &str) -> Way {
        let way = Way::named(name);
        if way.style().is_some_and(|id| archive::find(id).is_none()) {
            let (line, column) = self.place(&value.span());
            self.settings
                .own_styles
                .push((name.to_owned(), line, column));
        }
        way
    }

    /// A text that is not empty.
    pub(super) fn name(&mut self, value: &Value<'_>, what: &str) -> Option<String> {
        let text = self.text(value, what)?;
        if text.trim().is_empty() {
            self.problem(
                &value.span(),
                format!("{what} is empty"),
                "write a name, or leave the line out",
            );
            return None;
        }
        Some(text)
    }

    pub(super) fn text(&mut self, value: &Value<'_>, name: &str) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.problem(
                &value.span(),
                format!("{name} is {}, not a text", kind(value)),
                "put it in quotes",
            );
        }
        text
    }

    pub(super) fn not_one_of(&mut self, value: &Value<'_>, given: &str, names: &[&str]) {
        let what = format!("\"{}\" is not one of {}", shown(given), names.join(", "));
        let hint = suggestion(given, names).unwrap_or_else(|| "write one of these".to_owned());
        self.problem(&value.span(), what, &hint);
    }

    pub(super) fn unknown(&mut self, span: &Range<usize>, given: &str, names: &[&str]) {
        let hint = suggestion(given, names)
            .unwrap_or_else(|| format!("the keys here are {}", names.join(", ")));
        self.problem(span, format!("unknown key \"{}\"", shown(given)), &hint);
    }

    pub(super) fn problem(&mut self, span: &Range<usize>, what: String, hint: &str) {
        if self.problems.len() == REPORTED {
            return;
        }
        let (line, column) = self.place(span);
        self.problems.push(ConfigProblem {
            line,
            column,
            what,
            hint: hint.to_owned(),
        });
    }

    /// Line and column, from 1.
    fn place(&self, span: &Range<usize>) -> (u32, u32) {
        place(self.text, span)
    }
}

/// Line and column of a place in a text, from 1.
pub(super) fn place(text: &str, span: &Range<usize>) -> (u32, u32) {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
    (line as u32, column as u32)
}

pub(super) fn kind(value: &Value<'_>) -> String {
    let kind = value.get_ref().type_str();
    let article = if kind.starts_with(['a', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {kind}")
}

fn shown(text: &str) -> String {
    scrub(text, false).chars().take(60).collect()
}

/// `did you mean "…"?` when a name is near enough to be meant.
fn suggestion(given: &str, names: &[&str]) -> Option<String> {
    nearest(given, names.iter().copied()).map(|name| format!("did you mean \"{name}\"?"))
}

/// The name most like the given one, if any is like it at all.
pub fn nearest<'a>(given: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given: String = given
        .chars()
        .take(60)
        .flat_map(char::to_lowercase)
        .collect();
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&given, name), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests;
