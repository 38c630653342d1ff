//! `offprint --plain`: the program line by line, for screen readers and for terminals that cannot move the cursor.
//!
//! A line is read, a command is run, its answer is printed below: nothing on the screen ever changes. Lists are
//! numbered, and a number stands for its paper until the next list. All commands of the command line work; the short
//! ones here are those of a reader.

mod table;
mod words;

use std::fmt::Write as _;
use std::io::{self, BufRead as _, Write as _};
use std::path::PathBuf;

use clap::Parser as _;

use table::{ROWS, Verb, help, verb};
use words::{capitalised, line_of, papers, state_of};

use super::failure::Failure;
use super::library::{self, Session};
use super::{Arguments, Global};
use crate::config::nearest;
use crate::core::cite::Way;
use crate::core::index::Hits;
use crate::core::order::Order;
use crate::core::page::thousands;
use crate::core::text::scrub;
use crate::runtime::place::Place;

/// Papers of a list that are printed at once.
const SCREENFUL: usize = 10;
/// Papers that are like one.
const SIMILAR: usize = 10;

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
                self.about(verb, &id, rest)?;
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
            Some(id) if !is_number || verb == Verb::Rate => Ok((id.to_owned(), rest)),
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

    fn about(&mut self, verb: Verb, id: &str, rest: &str) -> Result<(), Failure> {
        self.at = Some(id.to_owned());
        let option = |name: &str| match Way::named(rest) {
            Way::Format(format) => vec![
                name.to_owned(),
                id.to_owned(),
                "--format".to_owned(),
                format.name().to_owned(),
            ],
            _ => vec![
                name.to_owned(),
                id.to_owned(),
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
            Verb::Show => self.show(id),
            Verb::Similar => self.similar(id),
            Verb::Cite if rest.is_empty() => self.command(&words(&["cite", id])),
            Verb::Cite => self.command(&option("cite")),
            Verb::Copy if rest.is_empty() => self.command(&words(&["cite", id, "--copy"])),
            Verb::Copy => {
                let mut words = option("cite");
                words.push("--copy".to_owned());
                self.command(&words)
            }
            Verb::Star => self.noted(&words(&["star", id]), "Starred"),
            Verb::Unstar => self.noted(&words(&["star", id, "--off"]), "The star is off"),
            Verb::Comment if rest.is_empty() => Err(Failure::Failed(
                "comment: there is no text; write it after the number".to_owned(),
            )),
            Verb::Comment => self.noted(&words(&["comment", "--", id, rest]), "Comment saved"),
            Verb::Status => self.noted(&words(&["status", id, rest]), &format!("Now {rest}")),
            Verb::Rate => self.noted(&words(&["rate", id, rest]), &format!("Rated {rest} of 5")),
            Verb::Tag => {
                let mut words = words(&["tag", id]);
                words.extend(rest.split_whitespace().map(str::to_owned));
                self.command(&words)
            }
            Verb::Open => self.command(&words(&["open", id])),
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
        parsed.file.clone_from(&self.file);
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
            let (number, line) = (thousands(at + 1), line_of(session, state, no));
            let _ = writeln!(text, "{number}. {line}{note}");
        }
        self.check()?;
        self.printed = (from + SCREENFUL).min(self.listed.len());
        let left = self.listed.len() - self.printed;
        if left > 0 {
            let _ = writeln!(text, "{} more; more goes on.", thousands(left));
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
            let _ = writeln!(text, "{}. {line} {}.", at + 1, capitalised(&why));
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
