//! The command line: arguments, one file per subcommand, and what scripts rely on.
//!
//! Data goes to standard output, everything else to standard error. Exit status 0: done; 1: failed, with one line
//! `offprint: PLACE: what; what to do`; 2: wrong usage. A reader that closes the pipe is no error.

#[cfg(feature = "net")]
mod add;
mod attach;
mod attach_scan;
mod backup;
mod cache_use;
mod cite;
mod comment;
mod completions;
mod config;
#[cfg(feature = "tui")]
mod copy;
mod doctor;
mod duplicates;
mod editing;
mod editor;
mod embed;
mod export;
mod failure;
#[cfg(feature = "net")]
mod fetch;
#[cfg(feature = "net")]
mod fetch_pdf;
mod findings;
mod for_you;
mod help;
mod import;
mod incoming;
mod keep;
mod libraries;
mod library;
mod list;
mod note;
mod notes;
mod open;
mod output;
mod paper;
mod plain;
mod progress;
#[cfg(feature = "net")]
mod refresh;
#[cfg(feature = "tui")]
mod screens;
mod search;
mod show;
mod similar;
mod stats;
mod styles;
#[cfg(feature = "tui")]
mod table;
mod tag_options;
mod undo;
mod version;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap::{Args, Parser, Subcommand, ValueEnum};

use cache_use::CacheUse;
use failure::Failure;
use output::Out;

use crate::runtime::store::Access;

/// Read, find and cite your papers without leaving the keyboard.
#[derive(Debug, Parser)]
#[command(
    name = "offprint",
    version = version::SHORT,
    about,
    max_term_width = 100,
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(flatten)]
    look: Look,
    /// The library to open: CSL-JSON, or JSON Lines of CSL items or arXiv records
    file: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Clone, Args)]
struct Global {
    #[arg(skip)]
    cache: CacheUse,
    /// The library to read [env: OFFPRINT_LIBRARY=]
    #[arg(long, global = true, value_name = "FILE")]
    library: Option<PathBuf>,
    /// The configuration to read instead of the usual one
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Whether to colour the output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorWhen,
    /// Print one JSON value
    #[arg(long, global = true)]
    json: bool,
}

/// How the app is shown.
#[derive(Debug, Clone, Copy, Args)]
struct Look {
    /// Line by line, for screen readers: a prompt, commands, answers that stay where they are
    #[arg(long)]
    plain: bool,
    /// Screens of ASCII alone [default: where the locale is not UTF-8]
    #[arg(long, conflicts_with = "ambiguous_wide")]
    ascii: bool,
    /// The terminal shows characters of ambiguous width in two cells
    #[arg(long)]
    ambiguous_wide: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List papers in the order of the library: id, title, and where they appeared
    List(list::Arguments),
    /// Find papers, the best first
    Search(search::Arguments),
    /// Print the page of a paper
    Show(show::Arguments),
    /// Print the key findings of a paper: methodology, results, significance, from its abstract
    Findings(findings::Arguments),
    /// Find papers like a paper or a text
    Similar(similar::Arguments),
    /// Have your own model make vectors of the papers, which similar papers then use
    Embed(embed::Arguments),
    /// Find unread papers like those starred and read lately
    ForYou(for_you::Arguments),
    /// Set how far a paper is read: unread, reading, read, skimmed, abandoned
    Status(note::StatusArguments),
    /// Star a paper, or take the star off with --off
    Star(note::StarArguments),
    /// Rate a paper from 0 (none) to 5
    Rate(note::RateArguments),
    /// Give a paper a priority from 1 (highest) to 3, or 0 for none
    Priority(note::PriorityArguments),
    /// Print or set how many pages of a paper are read
    Progress(note::ProgressArguments),
    /// Attach a file to a paper, take one off with --remove, or print those that are attached
    Attach(attach::Arguments),
    /// Print, add (+tag) and remove (-tag) the tags of a paper
    Tag(note::TagArguments),
    /// Comment on a paper: the text, or standard input
    Comment(comment::CommentArguments),
    /// Print the comments on a paper
    Comments(note::PaperArguments),
    /// Print the reading queue, or add and remove papers
    Queue(note::QueueArguments),
    /// Print what to read next: the queue, then by priority, then the oldest
    Next,
    /// Take back the last change made on this machine
    Undo,
    /// Change the fields of a paper, in the editor or with --set
    Edit(editing::EditArguments),
    /// Take papers out of the library; undo brings them back
    Delete(editing::DeleteArguments),
    /// Say that offprint may write the library although another program made it
    Own(editing::OwnArguments),
    /// Print what was noted about a paper, and when
    History(note::PaperArguments),
    /// Print what was read, month by month, and how the library is made up
    Stats,
    /// Check the library, the journals, the configuration and the terminal
    Doctor(doctor::Arguments),
    /// Write papers for other programs: BibTeX, RIS, CSL-JSON, CSV, Markdown, HTML, Obsidian notes
    Export(export::Arguments),
    /// Find papers that are in the library twice, and what a merge of them would keep
    Duplicates(duplicates::Arguments),
    /// Write the library, the journals and the configuration into one dated archive
    Backup(backup::Arguments),
    /// Add papers by DOI, PMID, PMCID, arXiv id, ISBN, web address, title, or as PDF files
    #[cfg(feature = "net")]
    Add(add::Arguments),
    /// Fetch PDFs that may be read freely, and attach them to their papers
    #[cfg(feature = "net")]
    FetchPdf(fetch_pdf::Arguments),
    /// Bring papers in from files of other programs: BibTeX, RIS, NBIB, XML, CSL-JSON
    Import(import::Arguments),
    /// Print papers in a citation style, or as BibTeX, RIS, keys …
    Cite(cite::Arguments),
    /// Fetch papers by DOI, PMID, PMCID, arXiv id, ISBN, web address or title and print them, without adding them
    #[cfg(feature = "net")]
    Fetch(fetch::Arguments),
    /// Fetch the figures about papers, and show where their metadata differ from what services say
    #[cfg(feature = "net")]
    Refresh(refresh::Arguments),
    /// Open the page of a paper on the web, or print its address
    Open(open::Arguments),
    /// List the citation styles there are
    Styles(styles::Arguments),
    /// Choose papers in the app and print their citation
    #[cfg(feature = "tui")]
    Pick(screens::PickArguments),
    /// Print where the configuration is, its defaults, or its schema
    Config(config::Arguments),
    /// Print a script that completes commands and options: offprint completions bash
    Completions(completions::CompletionArguments),
    /// Print the man page, or write those of all commands into a folder
    Man(completions::ManArguments),
    /// Explain a topic or a command
    Help(help::Arguments),
    /// Print every key and what it does
    #[cfg(feature = "tui")]
    Keys,
}

/// The names of the commands, to tell a misspelt one from a file.
fn command_names() -> Vec<String> {
    let command = Arguments::command();
    let names = command.get_subcommands().map(clap::Command::get_name);
    names.map(str::to_owned).collect()
}

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    #[cfg(feature = "tui")]
    if arguments
        .get(1)
        .is_some_and(|first| *first == *crate::runtime::clipboard::holder::SUBCOMMAND)
    {
        return crate::runtime::clipboard::hold_clipboard_main();
    }
    #[cfg(feature = "pdf")]
    if arguments
        .get(1)
        .is_some_and(|first| *first == *crate::runtime::pdf::SUBCOMMAND)
    {
        let rest = arguments.iter().skip(2);
        let rest: Vec<String> = rest
            .map(|argument| argument.to_string_lossy().into_owned())
            .collect();
        return crate::runtime::pdf::child_main(&rest);
    }
    let has = |names: &[&str]| {
        arguments
            .iter()
            .skip(1)
            .any(|argument| names.iter().any(|name| argument == name))
    };
    if has(&["--version", "-V"]) && has(&["--verbose"]) {
        let mut out = Out::new(ColorWhen::Never, false, CacheUse::default());
        let written = out.line(&version::long()).and_then(|()| out.finish());
        return written.map_or_else(Failure::report, |()| ExitCode::SUCCESS);
    }
    let parsed = match parse(&arguments) {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version are asked for; a closed pipe hides them without harm.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let cache = parsed.global.cache.clone();
    let changes = parsed.command.as_ref().is_some_and(may_change);
    let mut done = perform(parsed);
    if !cache.is_sound() {
        cache.refuse();
        // A change that was made was made of what is sound.
        if (done.is_err() || !changes)
            && let Ok(mut again) = parse(&arguments)
        {
            again.global.cache = cache;
            done = perform(again);
        }
    }
    match done {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

fn parse(arguments: &[OsString]) -> Result<Arguments, clap::Error> {
    let mut parsed = Arguments::try_parse_from(arguments);
    if let Ok(Arguments {
        command: Some(Command::Tag(tag)),
        ..
    }) = &parsed
        && let Some(sorted) = tag_options::before_tags(arguments, &tag.id, tag.tags.len())
    {
        parsed = Arguments::try_parse_from(sorted);
    }
    parsed
}

fn perform(arguments: Arguments) -> Result<ExitCode, Failure> {
    let Arguments {
        global,
        look,
        file,
        command,
    } = arguments;
    let mut out = Out::new(global.color, global.json, global.cache.clone());
    let Some(command) = command else {
        return start_app(&global, look, file);
    };
    look.check(&command)?;
    let kept_from = may_change(&command).then(|| file.clone());
    match command {
        Command::List(arguments) => {
            list::run(&arguments, &mut library::load(&global, file)?, &mut out)
        }
        Command::Search(arguments) if arguments.all_libraries => {
            search::run_everywhere(&arguments, &global, &mut out)
        }
        Command::Search(arguments) => search::run(
            &arguments,
            &mut library::load_indexed(&global, file)?,
            &mut out,
        ),
        Command::Show(arguments) => show::run(
            &arguments,
            &mut library::load_indexed(&global, file)?,
            &mut out,
        ),
        Command::Findings(arguments) => {
            findings::run(&arguments, &mut library::load(&global, file)?, &mut out)
        }
        Command::Embed(arguments) => embed::run(&arguments, &library::load(&global, file)?),
        Command::ForYou(arguments) => for_you::run(
            &arguments,
            &mut library::load_indexed(&global, file)?,
            &mut out,
        ),
        Command::Similar(arguments) => similar::run(
            &arguments,
            &mut library::load_indexed(&global, file)?,
            &mut out,
        ),
        Command::Cite(arguments) => {
            let lang = arguments.lang.as_deref();
            cite::run(
                &arguments,
                &library::load_in(&global, file, lang, &arguments.ids)?,
                &mut out,
            )
        }
        Command::Status(arguments) => {
            note::status(&arguments, &noted(&global, file, &arguments)?, &mut out)
        }
        Command::Star(arguments) => {
            note::star(&arguments, &noted(&global, file, &arguments)?, &mut out)
        }
        Command::Rate(arguments) => {
            note::rate(&arguments, &noted(&global, file, &arguments)?, &mut out)
        }
        Command::Priority(arguments) => {
            note::priority(&arguments, &noted(&global, file, &arguments)?, &mut out)
        }
        Command::Progress(arguments) => {
            note::progress(&arguments, &noted(&global, file, &arguments)?, &mut out)
        }
        Command::Attach(arguments) => {
            let config = library::read_config(&global).settings;
            match arguments.scanned(&config, &library::config_base(&global)) {
                Some(folder) => {
                    let session = library::load(&global, file)?;
                    attach_scan::run(&folder?, arguments.writes(), &session, &mut out)
                }
                None => attach::run(&arguments, &noted(&global, file, &arguments)?, &mut out),
            }
        }
        Command::Tag(arguments) => {
            note::tag(&arguments, &noted(&global, file, &arguments)?, &mut out)
        }
        Command::Comment(arguments) => {
            comment::comment(&arguments, &noted(&global, file, &arguments)?, &mut out)
        }
        Command::Comments(arguments) => {
            comment::comments(&arguments, &noted(&global, file, &arguments)?, &mut out)
        }
        Command::Queue(arguments) => {
            note::queue(&arguments, &library::load(&global, file)?, &mut out)
        }
        Command::Next => note::next(&library::load(&global, file)?, &mut out),
        Command::Undo => undo::undo(&library::load_anew(&global, file)?, &mut out),
        Command::Edit(arguments) => {
            editing::edit(&arguments, &library::load_anew(&global, file)?, &mut out)
        }
        Command::Delete(arguments) => {
            editing::delete(&arguments, &library::load_anew(&global, file)?, &mut out)
        }
        Command::Own(arguments) => {
            editing::own(&arguments, &library::load_anew(&global, file)?, &mut out)
        }
        Command::History(arguments) => {
            note::history(&arguments, &noted(&global, file, &arguments)?, &mut out)
        }
        Command::Stats => stats::run(&library::load(&global, file)?, &mut out),
        Command::Doctor(arguments) => return doctor::run(&arguments, &global, file, &mut out),
        Command::Export(arguments) => {
            return export::run(&arguments, &mut library::load(&global, file)?, &mut out);
        }
        Command::Duplicates(arguments) => {
            duplicates::run(&arguments, &library::load_anew(&global, file)?, &mut out)
        }
        Command::Backup(arguments) => backup::run(&arguments, &global, file, &mut out),
        #[cfg(feature = "net")]
        Command::Add(arguments) => add::run(&arguments, &global, file, &mut out),
        Command::Import(arguments) => import::run(&arguments, &global, file, &mut out),
        Command::Open(arguments) => {
            let ids = [arguments.id.clone()];
            let session = library::load_in(&global, file, None, &ids)?;
            open::run(&arguments, &session, &mut out)
        }
        #[cfg(feature = "net")]
        Command::Fetch(arguments) => fetch::run(&arguments, &global, &mut out),
        #[cfg(feature = "net")]
        Command::FetchPdf(arguments) => fetch_pdf::run(
            &arguments,
            &library::load(&global, file)?,
            &library::config_base(&global),
            &mut out,
        ),
        #[cfg(feature = "net")]
        Command::Refresh(arguments) => {
            // Who writes the library has to know all of its ids.
            let session = if arguments.changes() {
                library::load(&global, file)?
            } else {
                library::load_in(&global, file, None, &arguments.ids)?
            };
            refresh::run(&arguments, &session, &mut out)
        }
        Command::Styles(arguments) => {
            let styles = library::styles(&library::config(&global), &global, None);
            styles::run(&arguments, &styles, &mut out)
        }
        Command::Config(arguments) => {
            config::run(&arguments, &global, &library::config(&global), &mut out)
        }
        Command::Completions(arguments) => completions::completions(&arguments, &mut out),
        Command::Man(arguments) => completions::man(&arguments, &mut out),
        Command::Help(arguments) => help::run(&arguments, &mut out),
        #[cfg(feature = "tui")]
        Command::Pick(arguments) => return screens::pick(&global, look, file, &arguments),
        #[cfg(feature = "tui")]
        Command::Keys => table::run(&library::config(&global), &mut out),
    }?;
    out.finish()?;
    if let Some(file) = kept_from {
        keep::refresh(&global, file);
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether the command may change what is kept in step with the library.
fn may_change(command: &Command) -> bool {
    use note::AboutPaper as _;
    match command {
        Command::Status(arguments) => arguments.changes(),
        Command::Star(arguments) => arguments.changes(),
        Command::Rate(arguments) => arguments.changes(),
        Command::Priority(arguments) => arguments.changes(),
        Command::Progress(arguments) => arguments.changes(),
        Command::Tag(arguments) => arguments.changes(),
        Command::Attach(arguments) => arguments.changes(),
        Command::Comment(_)
        | Command::Queue(_)
        | Command::Undo
        | Command::Edit(_)
        | Command::Delete(_) => true,
        Command::Import(arguments) => arguments.changes(),
        #[cfg(feature = "net")]
        Command::Add(arguments) => arguments.changes(),
        #[cfg(feature = "net")]
        Command::FetchPdf(_) => true,
        #[cfg(feature = "net")]
        Command::Refresh(arguments) => arguments.changes(),
        Command::Duplicates(arguments) => arguments.changes(),
        _ => false,
    }
}

/// The library for a command about what is noted of one paper.
fn noted(
    global: &Global,
    file: Option<PathBuf>,
    about: &impl note::AboutPaper,
) -> Result<library::Session, Failure> {
    let access = if about.changes() {
        Access::Change
    } else {
        Access::Read
    };
    library::load_noted(global, file, &[about.id().to_owned()], access)
}

impl Look {
    /// These options are about the app: with a command that prints they would do nothing.
    fn check(self, command: &Command) -> Result<(), Failure> {
        let option = if self.plain {
            "--plain"
        } else if self.ascii {
            "--ascii"
        } else if self.ambiguous_wide {
            "--ambiguous-wide"
        } else {
            return Ok(());
        };
        #[cfg(feature = "tui")]
        if matches!(command, Command::Pick(_)) && !self.plain {
            return Ok(());
        }
        let _ = command;
        Err(Failure::Usage(format!(
            "{option}: it is for the app; leave it out, or leave out the command"
        )))
    }
}

fn start_app(global: &Global, look: Look, file: Option<PathBuf>) -> Result<ExitCode, Failure> {
    if global.json {
        return Err(Failure::Usage(
            "--json: the app prints no data; name a command such as list".to_owned(),
        ));
    }
    if look.plain {
        return plain::run(global, file).map(|()| ExitCode::SUCCESS);
    }
    start_screens(global, look, file)
}

#[cfg(feature = "tui")]
fn start_screens(global: &Global, look: Look, file: Option<PathBuf>) -> Result<ExitCode, Failure> {
    screens::run(global, look, file)
}

#[cfg(not(feature = "tui"))]
fn start_screens(_: &Global, _: Look, _: Option<PathBuf>) -> Result<ExitCode, Failure> {
    Err(Failure::Usage(
        "this build has no screens; leave out the file and name a command such as list, or add --plain"
            .to_owned(),
    ))
}
