//! `offprint --plain`: the program line by line, for screen readers and for terminals that cannot move the cursor.
//!
//! A line is read, a command is run, its answer is printed below: nothing on the screen ever changes. Lists are
//! numbered, and a number stands for its paper until the next list. All commands of the command line work; the short
//! ones here are those of a reader.

use std::io::{self, BufRead as _, Write as _};
use std::path::PathBuf;

use clap::Parser as _;

use super::failure::Failure;
use super::library::{self, Session};
use super::{Arguments, Global, paper};
use crate::config::nearest;
use crate::core::cite::Way;
use crate::core::index::Hits;
use crate::core::journal::{State, Status};
use crate::core::order::Order;
use crate::core::page::thousands;
use crate::core::paper::PaperNo;
use crate::core::text::scrub;
use crate::runtime::place::Place;

/// Papers of a list that are printed at once.
const SCREENFUL: usize = 10;
/// Papers that are like one.
const SIMILAR: usize = 10;

/// A command of the session: its names, what follows it, and what it does.
struct Row {
    names: &'static [&'static str],
    takes: &'static str,
    does: &'static str,
    verb: Verb,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Search,
    List,
    More,
    Show,
    Similar,
    Cite,
    Copy,
    Star,
    Unstar,
    Comment,
    Status,
    Rate,
    Tag,
    Undo,
    Open,
    Library,
    Help,
    Quit,
}

/// The table from which the help is made and in which a typed word is looked up.
const ROWS: [Row; 18] = [
    row(
        Verb::Search,
        &["search", "/"],
        "WORDS",
        "finds papers by any words; also author: title: year: tag: is:",
    ),
    row(Verb::List, &["list"], "", "lists the whole library"),
    row(Verb::More, &["more"], "", "goes on with the list"),
    row(
        Verb::Show,
        &["show", "read"],
        "N",
        "reads out the page of a paper; the number alone does the same",
    ),
    row(
        Verb::Similar,
        &["similar"],
        "N",
        "lists papers that are like it, and why",
    ),
    row(
        Verb::Cite,
        &["cite"],
        "N STYLE",
        "prints its citation, in the usual style where none is named",
    ),
    row(
        Verb::Copy,
        &["copy", "yank"],
        "N STYLE",
        "copies its citation to the clipboard",
    ),
    row(Verb::Star, &["star", "*"], "N", "stars it"),
    row(Verb::Unstar, &["unstar"], "N", "takes the star off"),
    row(Verb::Comment, &["comment"], "N TEXT", "comments on it"),
    row(
        Verb::Status,
        &["status"],
        "N WORD",
        "unread, reading, read, skimmed or abandoned",
    ),
    row(Verb::Rate, &["rate"], "N 0-5", "rates it"),
    row(
        Verb::Tag,
        &["tag"],
        "N +TAG -TAG",
        "puts tags on, or takes them off",
    ),
    row(Verb::Undo, &["undo"], "", "takes the last change back"),
    row(Verb::Open, &["open"], "N", "opens its page on the web"),
    row(
        Verb::Library,
        &["library"],
        "FILE",
        "goes on with another library",
    ),
    row(Verb::Help, &["help", "?"], "", "prints this"),
    row(
        Verb::Quit,
        &["quit", "exit"],
        "",
        "ends; so does the end of the input",
    ),
];

const fn row(
    verb: Verb,
    names: &'static [&'static str],
    takes: &'static str,
    does: &'static str,
) -> Row {
    Row {
        names,
        takes,
        does,
        verb,
    }
}

/// What the session knows between two lines.
struct Reading {
    global: Global,
    file: Option<PathBuf>,
    /// Ids of the papers of the last list, in order.
    listed: Vec<String>,
    /// So many of them have been printed.
    printed: usize,
    /// The paper that is meant where none is named.
    at: Option<String>,
}

/// Runs the session until the reader leaves it.
pub(super) fn run(global: &Global, file: Option<PathBuf>) -> Result<(), Failure> {
    let mut reading = Reading {
        global: global.clone(),
        file,
        listed: Vec::new(),
        printed: 0,
        at: None,
    };
    reading.greet()?;
    let mut lines = io::stdin().lock().lines();
    loop {
        print("\noffprint> ")?;
        let Some(line) = lines.next() else {
            print("\n")?;
            return Ok(());
        };
        let line = line.map_err(|error| {
            let reason = error.to_string().to_lowercase();
            Failure::Failed(format!("standard input: {reason}; write UTF-8"))
        })?;
        let mut obeyed = reading.obey(line.trim());
        if !reading.global.cache.is_sound() {
            reading.global.cache.refuse();
            if matches!(obeyed, Err(Failure::Damaged)) {
                obeyed = reading.obey(line.trim());
            }
        }
        match obeyed {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(Failure::Closed) => return Err(Failure::Closed),
            Err(failure) => {
                failure.report();
            }
        }
    }
}

/// Printed at once: who listens hears the end of an answer, and that the next line is awaited.
fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    Ok(stdout.flush()?)
}

impl Reading {
    fn session(&self) -> Result<Session, Failure> {
        library::load_indexed(&self.global, self.file.clone())
    }

    fn greet(&self) -> Result<(), Failure> {
        let session = self.session()?;
        let papers = papers(session.catalogue.library.len());
        print(&format!(
            "offprint, line by line. {}: {papers}. Type help for the commands, quit to leave.\n",
            capitalised(&session.place),
        ))
    }

    /// Nothing is printed that was made of a damaged cache.
    fn check(&self) -> Result<(), Failure> {
        let is_sound = self.global.cache.is_sound();
        is_sound.then_some(()).ok_or(Failure::Damaged)
    }

    /// Does what a line says; whether the session goes on.
    fn obey(&mut self, line: &str) -> Result<bool, Failure> {
        if line.is_empty() {
            return Ok(true);
        }
        if let Some(words) = line.strip_prefix('/') {
            return self.search(words.trim()).map(|()| true);
        }
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            let id = self.named(word)?;
            return self.show(&id).map(|()| true);
        }
        let Some(verb) = verb(word) else {
            return self.pass_on(word, rest).map(|()| true);
        };
        match verb {
            Verb::Quit => return Ok(false),
            Verb::Help => print(&help())?,
            Verb::Search => self.search(rest)?,
            Verb::List => self.search("")?,
            Verb::More => self.more()?,
            Verb::Undo => self.command(&["undo".to_owned()])?,
            Verb::Library => self.change_library(rest)?,
            _ => {
                let (id, rest) = self.paper(verb, rest)?;
                self.about(verb, id, rest)?;
            }
        }
        Ok(true)
    }

    /// The paper at the beginning of the words, or else the one read last; and what follows.
    fn paper<'a>(&self, verb: Verb, rest: &'a str) -> Result<(String, &'a str), Failure> {
        let (first, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        if let Ok(id) = self.named(first) {
            return Ok((id, after.trim()));
        }
        // A number that is in no list was meant for a paper, except after `rate`, where it may be the rating.
        let is_number = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
        match &self.at {
            Some(id) if !is_number || verb == Verb::Rate => Ok((id.clone(), rest)),
            _ => self.named(first).map(|id| (id, after.trim())),
        }
    }

    /// The id of the paper that a number of the last list, or an id, means.
    fn named(&self, word: &str) -> Result<String, Failure> {
        if let Ok(number) = word.parse::<usize>() {
            let paper = number.checked_sub(1).and_then(|at| self.listed.get(at));
            return paper.cloned().ok_or_else(|| {
                let hint = match self.listed.len() {
                    0 => "search or list first".to_owned(),
                    count => format!("the list goes from 1 to {}", thousands(count)),
                };
                Failure::Failed(format!("{word}: no paper has this number; {hint}"))
            });
        }
        let known = self.listed.iter().find(|id| *id == word);
        known.cloned().map_or_else(
            || match word {
                "" => Err(Failure::Failed(
                    "no paper is named; write its number in the list".to_owned(),
                )),
                word => self.session()?.paper(word).map(|_| word.to_owned()),
            },
            Ok,
        )
    }

    fn about(&mut self, verb: Verb, id: String, rest: &str) -> Result<(), Failure> {
        self.at = Some(id.clone());
        let option = |name: &str| match Way::named(rest) {
            Way::Format(format) => vec![
                name.to_owned(),
                id.clone(),
                "--format".to_owned(),
                format.name().to_owned(),
            ],
            _ => vec![
                name.to_owned(),
                id.clone(),
                "--style".to_owned(),
                rest.to_owned(),
            ],
        };
        let words = |words: &[&str]| {
            words
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>()
        };
        match verb {
            Verb::Show => self.show(&id),
            Verb::Similar => self.similar(&id),
            Verb::Cite if rest.is_empty() => self.command(&words(&["cite", &id])),
            Verb::Cite => self.command(&option("cite")),
            Verb::Copy if rest.is_empty() => self.command(&words(&["cite", &id, "--copy"])),
            Verb::Copy => {
                let mut words = option("cite");
                words.push("--copy".to_owned());
                self.command(&words)
            }
            Verb::Star => self.noted(&words(&["star", &id]), "Starred"),
            Verb::Unstar => self.noted(&words(&["star", &id, "--off"]), "The star is off"),
            Verb::Comment if rest.is_empty() => Err(Failure::Failed(
                "comment: there is no text; write it after the number".to_owned(),
            )),
            Verb::Comment => self.noted(&words(&["comment", "--", &id, rest]), "Comment saved"),
            Verb::Status => self.noted(&words(&["status", &id, rest]), &format!("Now {rest}")),
            Verb::Rate => self.noted(&words(&["rate", &id, rest]), &format!("Rated {rest} of 5")),
            Verb::Tag => {
                let mut words = words(&["tag", &id]);
                words.extend(rest.split_whitespace().map(str::to_owned));
                self.command(&words)
            }
            Verb::Open => self.command(&words(&["open", &id])),
            _ => Ok(()),
        }
    }

    fn noted(&mut self, words: &[String], told: &str) -> Result<(), Failure> {
        self.command(words)?;
        let id = self.at.as_deref().unwrap_or_default();
        print(&format!(
            "{told}: {}. undo takes it back.\n",
            scrub(id, false)
        ))
    }

    /// Runs a command of the command line on the library of the session.
    fn command(&self, words: &[String]) -> Result<(), Failure> {
        let arguments = std::iter::once("offprint".to_owned()).chain(words.iter().cloned());
        let mut parsed = match Arguments::try_parse_from(arguments) {
            Ok(parsed) => parsed,
            Err(error) => {
                let _ = error.print();
                return Ok(());
            }
        };
        if parsed.command.is_none() {
            return Err(Failure::Usage(
                "the session runs already; help lists its commands".to_owned(),
            ));
        }
        let own = &mut parsed.global;
        own.library = own.library.take().or_else(|| self.global.library.clone());
        own.config = own.config.take().or_else(|| self.global.config.clone());
        own.color = self.global.color;
        own.cache = self.global.cache.clone();
        parsed.file = self.file.clone();
        super::perform(parsed).map(drop)
    }

    /// A word that is none of the session is a command of the command line; numbers stand for papers there as well.
    fn pass_on(&self, word: &str, rest: &str) -> Result<(), Failure> {
        let names = super::command_names();
        if !names.iter().any(|name| name == word) {
            let own = ROWS.iter().flat_map(|row| row.names.iter().copied());
            let near = nearest(word, own.chain(names.iter().map(String::as_str)));
            let word = scrub(word, false);
            return Err(Failure::Failed(near.map_or_else(
                || format!("{word}: no command; help lists them"),
                |near| format!("{word}: no command; did you mean {near}?"),
            )));
        }
        let words = shlex::split(rest).ok_or_else(|| {
            Failure::Failed(format!(
                "{word}: a quotation mark has no partner; write the other one"
            ))
        })?;
        let mut all = vec![word.to_owned()];
        all.extend(words.into_iter().map(|word| match word.parse::<usize>() {
            Ok(_) => self.named(&word).unwrap_or(word),
            Err(_) => word,
        }));
        self.command(&all)
    }

    fn search(&mut self, query: &str) -> Result<(), Failure> {
        let mut session = self.session()?;
        let hits = super::search::found(&mut session, query, Order::default())?;
        let library = &session.catalogue.library;
        self.listed = hits
            .papers()
            .iter()
            .map(|no| library.id(*no).to_owned())
            .collect();
        self.printed = 0;
        let count = self.listed.len();
        let head = match (query.is_empty(), count) {
            (true, _) => format!("{}.", capitalised(&papers(count))),
            (_, 0) => "No paper matches. Fewer or other words may.".to_owned(),
            (_, 1) => "1 paper matches.".to_owned(),
            (_, count) => format!("{} papers match, the best first.", thousands(count)),
        };
        print(&format!("{head}\n"))?;
        self.print_more(&session, Some(&hits))
    }

    fn more(&mut self) -> Result<(), Failure> {
        if self.printed >= self.listed.len() {
            return print("That was the whole list.\n");
        }
        let session = self.session()?;
        self.print_more(&session, None)
    }

    fn print_more(&mut self, session: &Session, hits: Option<&Hits>) -> Result<(), Failure> {
        let library = &session.catalogue.library;
        let state = session.catalogue.notes.state();
        let mut text = String::new();
        let from = self.printed;
        for (at, id) in self.listed.iter().enumerate().skip(from).take(SCREENFUL) {
            let Some(no) = library.find_id(id) else {
                continue;
            };
            let note = if hits.is_some_and(|hits| hits.is_typo(no)) {
                " A guess at a misspelt word."
            } else {
                ""
            };
            text.push_str(&format!(
                "{}. {}{note}\n",
                thousands(at + 1),
                line_of(session, state, no)
            ));
        }
        self.check()?;
        self.printed = (from + SCREENFUL).min(self.listed.len());
        let left = self.listed.len() - self.printed;
        if left > 0 {
            text.push_str(&format!("{} more; more goes on.\n", thousands(left)));
        }
        print(&text)
    }

    fn similar(&mut self, id: &str) -> Result<(), Failure> {
        let mut session = self.session()?;
        let no = session.paper(id)?;
        session.index()?;
        session.find_latent();
        let related = session.catalogue.related(no, SIMILAR);
        let library = &session.catalogue.library;
        self.listed = related
            .similar
            .iter()
            .map(|one| library.id(one.no).to_owned())
            .collect();
        self.printed = self.listed.len();
        let state = session.catalogue.notes.state();
        let mut text = match related.similar.len() {
            0 => "No paper of this library is like it.\n".to_owned(),
            count => format!("{}, the most similar first.\n", capitalised(&papers(count))),
        };
        for (at, one) in related.similar.iter().enumerate() {
            let why = one.why.replace(" · ", ", ");
            let line = line_of(&session, state, one.no);
            text.push_str(&format!("{}. {line} {}.\n", at + 1, capitalised(&why)));
        }
        self.check()?;
        print(&text)
    }

    fn show(&mut self, id: &str) -> Result<(), Failure> {
        self.at = Some(id.to_owned());
        let session = self.session()?;
        let no = session.paper(id)?;
        let line = state_of(
            session.catalogue.notes.state(),
            session.catalogue.library.id(no),
        );
        self.command(&["show".to_owned(), "--".to_owned(), id.to_owned()])?;
        print(&format!("{line}\n"))
    }

    fn change_library(&mut self, name: &str) -> Result<(), Failure> {
        if name.is_empty() {
            let session = self.session()?;
            return print(&format!("{}\n", capitalised(&session.place)));
        }
        let config = library::read_config(&self.global);
        let known = super::libraries::configured(&self.global, &config.settings.libraries);
        let place = (known.into_iter().find(|known| known.name == name)).map(|known| known.place);
        let path = match place {
            Some(Place::File(path)) => path,
            _ => PathBuf::from(name),
        };
        let before = self.global.library.replace(path);
        match self.greet() {
            Ok(()) => {
                self.listed.clear();
                self.printed = 0;
                self.at = None;
                Ok(())
            }
            Err(failure) => {
                self.global.library = before;
                Err(failure)
            }
        }
    }
}

/// The command with that name, or with the only name that begins so.
fn verb(word: &str) -> Option<Verb> {
    let exact = ROWS.iter().find(|row| row.names.contains(&word));
    let mut begun = (ROWS.iter()).filter(|row| row.names.iter().any(|name| name.starts_with(word)));
    let only = match (begun.next(), begun.next()) {
        (Some(row), None) => Some(row),
        _ => None,
    };
    exact.or(only).map(|row| row.verb)
}

fn help() -> String {
    let mut text =
        "N is the number of a paper in the last list; left out, the paper read last.\n".to_owned();
    for row in &ROWS {
        let takes = if row.takes.is_empty() {
            String::new()
        } else {
            format!(" {}", row.takes)
        };
        text.push_str(&format!(
            "{}{takes}: {}.\n",
            row.names.join(" or "),
            row.does
        ));
    }
    text.push_str(
        "Every command of offprint --help works as well, such as stats or export --help.\n",
    );
    text
}

/// A paper in one line, its state in words.
fn line_of(session: &Session, state: &State, no: PaperNo) -> String {
    let library = &session.catalogue.library;
    let title = match library.title(no) {
        "" => "Untitled",
        title => title,
    };
    let by = paper::byline_of(library, no).replace(" · ", ", ");
    let by = by.trim_end_matches('.');
    let end = if title.ends_with(['.', '?', '!']) {
        ""
    } else {
        "."
    };
    let retracted = session
        .catalogue
        .retracted_among([no].into_iter(), &|| false);
    let warning = if retracted.is_empty() {
        ""
    } else {
        "Retracted. "
    };
    format!(
        "{warning}{title}{end} {by}. {}",
        state_of(state, library.id(no))
    )
}

/// "Unread, starred, rated 4 of 5, 2 comments."
fn state_of(state: &State, id: &str) -> String {
    let noted = state.paper(id);
    let mut words = vec![noted.status.name().to_owned()];
    if noted.status == Status::Reading
        && let Some(progress) = noted.progress
    {
        words.push(format!("at page {}", progress.page));
    }
    if noted.starred {
        words.push("starred".to_owned());
    }
    if noted.rating > 0 {
        words.push(format!("rated {} of 5", noted.rating));
    }
    if noted.queue.is_some() {
        words.push("in the reading queue".to_owned());
    }
    match noted.tags.len() {
        0 => {}
        1 => words.push("1 tag".to_owned()),
        count => words.push(format!("{count} tags")),
    }
    match noted.comments.len() {
        0 => {}
        1 => words.push("1 comment".to_owned()),
        count => words.push(format!("{count} comments")),
    }
    format!("{}.", capitalised(&words.join(", ")))
}

fn papers(count: usize) -> String {
    match count {
        1 => "1 paper".to_owned(),
        count => format!("{} papers", thousands(count)),
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
