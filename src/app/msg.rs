//! What happens to the app, and what it asks for.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::attached::FoundPdf;
use super::drafts::{Draft, DraftKey, Edited};
use super::fetching::FetchNews;
use super::incoming::{Asked, Gathered};
use super::libraries::Shelf;
use super::model::ModelAnswer;
use super::mouse::Pointer;
use super::reading::ReadingNews;
use super::writing::{LibraryWritten, Wanted};
use crate::config::keys::Key;
use crate::core::catalogue::PageItem;
use crate::core::cite::Way;
use crate::core::export::Target;
use crate::core::findings::Scope;
use crate::core::index::{Hits, Index};
use crate::core::journal::{Ledger, Operation};
use crate::core::library::{Library, Problems, Segment, SourceError};
use crate::core::notes::Settled;
use crate::core::order::Order;
use crate::core::page::{PdfLook, Related};
use crate::core::paper::PaperNo;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Msg {
    /// The time in milliseconds, sent before every batch.
    Now(u64),
    /// A key press.
    Key(Key),
    /// Pasted text.
    Paste(String),
    /// The mouse did something.
    Mouse(Pointer),
    /// The terminal has a new size.
    Resize(u16, u16),
    /// Papers were read.
    Loaded(Vec<Arc<Segment>>),
    /// Something was wrong with single items.
    Problems(Problems),
    /// All papers were read; the index is being made.
    LoadDone,
    /// There will be no index, for the reason given.
    NotIndexed(SourceError),
    /// The library could not be read: place, what, what to do.
    LoadFailed(String),
    /// The library is indexed.
    Indexed(Arc<Index>),
    /// The index knows the vectors of the reader's model now: similar papers may be others.
    Embedded,
    /// The answer to [`Effect::Search`].
    Found {
        /// The signature of the question.
        signature: u64,
        /// The papers.
        hits: Hits,
    },
    /// The answer to [`Effect::ReadPage`].
    PageRead {
        /// The signature of the question.
        signature: u64,
        /// The item with its ready citations, or why it could not be read.
        result: Result<Arc<PageItem>, String>,
    },
    /// The answer to [`Effect::FindRelated`].
    RelatedFound {
        /// The signature of the question.
        signature: u64,
        /// Similar and citing papers.
        related: Related,
    },
    /// The answer to [`Effect::Preview`].
    Previewed {
        /// The signature of the question.
        signature: u64,
        /// The text, or why there is none.
        text: Result<String, String>,
    },
    /// The answer to [`Effect::Copy`].
    Copied(Copied),
    /// The time of the wall clock in ms since 1970, sent before every batch.
    Clock(u64),
    /// So many papers are indexed.
    IndexProgress(usize),
    /// The notes were read.
    NotesOpened(Box<Ledger>),
    /// There is no place for notes, for this reason.
    NotesUnavailable(String),
    /// Others may have noted something.
    NotesFound(Vec<Operation>),
    /// A change is on the disk.
    Saved,
    /// A change is in memory only, for this reason.
    NotSaved(String),
    /// What earlier sessions searched for, the newest first.
    SearchesFound(Vec<String>),
    /// Drafts of comments that an earlier session left.
    DraftsFound(Vec<Draft>),
    /// The answer to [`Effect::EditText`].
    Edited {
        /// Of which comment the text is.
        key: DraftKey,
        /// What became of it.
        edited: Edited,
    },
    /// The answer to [`Effect::Settle`].
    NotesSettled(Box<Settled>),
    /// The answer to [`Effect::Identify`]: the identifiers of papers by id.
    Identified(Vec<(String, Vec<Box<str>>)>),
    /// The library was changed by another program and read anew.
    Reloaded(Box<Reloaded>),
    /// The library was changed by another program and cannot be read as it is now: in short, and in full.
    LibraryTrouble(String, String),
    /// Something else to tell.
    Tell(Level, String),
    /// What [`Effect::Export`] was to write is there already, at the path as it was typed.
    FileExists(String),
    /// The answer to [`Effect::Gather`].
    Gathered {
        /// The signature of the question.
        signature: u64,
        /// The papers, or why there are none.
        result: Result<Box<Gathered>, String>,
    },
    /// The answer to [`Effect::WriteLibrary`].
    LibraryWritten(Box<LibraryWritten>),
    /// Figures are being fetched, or have been.
    Fetching(FetchNews),
    /// The answer to [`Effect::AskModel`].
    ModelAnswered {
        /// The signature of the question.
        signature: u64,
        /// The paper.
        paper: PaperNo,
        /// What became of it.
        answer: ModelAnswer,
    },
    /// The answer to [`Effect::FindPdf`].
    PdfFound {
        /// The signature of the question.
        signature: u64,
        /// The file, or why there is none.
        found: Result<FoundPdf, String>,
    },
    /// The answer to [`Effect::LookAtPdf`]: the file, and what is known of it.
    PdfLooked(String, PdfLook),
    /// The answer to [`Effect::AskPictures`]: or why not.
    PicturesKnown(Result<(), String>),
    /// Pages of the PDF of this reading were drawn, without some characters for which a font is missing or with all; or
    /// they were not, for this reason.
    PicturesDrawn(u64, Result<bool, String>),
    /// A PDF is being read, or has been.
    Reading(ReadingNews),
    /// These papers are known to be retracted.
    RetractedFound(BTreeSet<PaperNo>),
}

/// A library read anew, and everything that refers to its papers brought up to date.
#[derive(Debug, Clone)]
pub struct Reloaded {
    /// The papers.
    pub library: Library,
    /// What is wrong with single items.
    pub problems: Problems,
    /// For each paper of the library before, which one it is now.
    pub moved: Vec<Option<PaperNo>>,
    /// What was searched for when this was made.
    pub query: String,
    /// The order they were wanted in.
    pub order: Order,
    /// The papers that match it.
    pub hits: Option<Hits>,
    /// The notes, with their papers found in it.
    pub settled: Settled,
}

/// What became of a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// What was copied: "BibTeX".
    pub what: String,
    /// Of which paper, or how many: "feng2026", "3 papers".
    pub of: String,
    /// The text, as it was sent.
    pub text: String,
    /// Where it went.
    pub route: CopyRoute,
}

/// Where a copied text went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CopyRoute {
    /// The clipboard of the display has it, for certain.
    Confirmed,
    /// It was sent to the terminal, which does not answer.
    Sent,
    /// There is no clipboard; the text stands in this file.
    Saved(String),
    /// Nothing could be made or sent.
    Failed(String),
}

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Good to know.
    Info,
    /// Look at this.
    Warning,
    /// Something failed.
    Error,
}

/// What the app asks the world to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Find papers. The answer carries the signature.
    Search {
        /// Which question this is.
        signature: u64,
        /// The query as typed.
        query: String,
        /// The order of the papers.
        order: Order,
    },
    /// Read the item of a paper.
    ReadPage {
        /// Which question this is.
        signature: u64,
        /// The paper.
        paper: PaperNo,
    },
    /// Find similar and citing papers.
    FindRelated {
        /// Which question this is.
        signature: u64,
        /// The paper.
        paper: PaperNo,
    },
    /// Copy papers.
    Copy {
        /// What to write them down as.
        way: Way,
        /// The papers, in order.
        papers: Vec<PaperNo>,
    },
    /// Write papers down for the copy menu to show.
    Preview {
        /// Which question this is.
        signature: u64,
        /// What to write them down as.
        way: Way,
        /// The papers, in order.
        papers: Vec<PaperNo>,
    },
    /// Leave with papers written down, for the program that asked for them.
    Pick {
        /// What to write them down as.
        way: Way,
        /// The papers, in order.
        papers: Vec<PaperNo>,
    },
    /// Write operations to the journal; [`Msg::Saved`] or [`Msg::NotSaved`] answers each such effect.
    Change(Vec<Operation>),
    /// Keep a draft where the next session finds it, in place of the one before; an empty one is dropped.
    KeepDraft(Draft),
    /// Keep what was searched for where later sessions find it.
    RememberSearch(String),
    /// Lend the terminal to the reader's editor with this text; [`Msg::Edited`] answers.
    EditText(Draft),
    /// Gather papers that may come in; [`Msg::Fetching`] tells how far that is, [`Msg::Gathered`] answers.
    Gather {
        /// Which question this is.
        signature: u64,
        /// What is asked for.
        asked: Asked,
    },
    /// Show the reader's own library from now on.
    OpenOwnLibrary,
    /// Show another library from now on.
    OpenLibrary(Shelf),
    /// Change the library; [`Msg::LibraryWritten`] answers.
    WriteLibrary(Wanted),
    /// Bring the notes up to date with the library and with these operations of others, which may take a while.
    Settle(Vec<Operation>),
    /// Read the identifiers of the papers with these ids.
    Identify(Vec<String>),
    /// Fetch figures about papers, one after the other, and keep them; [`Msg::Fetching`] tells how far that is.
    FetchMetrics {
        /// Which fetching this is.
        signature: u64,
        /// The papers, in order.
        papers: Vec<PaperNo>,
    },
    /// Ask the model about a paper and keep what it says; [`Msg::Fetching`] tells how far that is,
    /// [`Msg::ModelAnswered`] answers.
    AskModel {
        /// Which question this is.
        signature: u64,
        /// The paper.
        paper: PaperNo,
        /// What of it is sent, where it has both.
        scope: Scope,
        /// The reader has just agreed that it is sent.
        agreed: bool,
    },
    /// Find a PDF of a paper that may be read freely, and keep it; [`Msg::Fetching`] tells how far that is,
    /// [`Msg::PdfFound`] answers.
    FindPdf {
        /// Which question this is.
        signature: u64,
        /// The paper.
        paper: PaperNo,
    },
    /// Look at an attached PDF, given as the journals hold its path; [`Msg::PdfLooked`] answers.
    LookAtPdf(String),
    /// End the fetching that runs.
    StopFetching,
    /// Find the papers that are known to be retracted; [`Msg::RetractedFound`] answers.
    FindRetracted,
    /// Run a program with its arguments, apart from the terminal; [`Msg::Tell`] says how it went.
    RunProgram {
        /// What it is called.
        label: String,
        /// The program and its arguments.
        words: Vec<String>,
    },
    /// Write papers to a file; [`Msg::Tell`] or [`Msg::FileExists`] answers.
    Export {
        /// The papers, in order.
        papers: Vec<PaperNo>,
        /// The format.
        target: Target,
        /// The style of the citations in it.
        style: String,
        /// The path as typed.
        path: String,
        /// A file that is there may be replaced.
        replace: bool,
    },
    /// Open a web address in the system's browser.
    OpenUrl(String),
    /// Read an attached PDF, given as the journals hold its path; [`Msg::Reading`] answers, page by page.
    ReadPdf {
        /// Which reading this is.
        signature: u64,
        /// The file.
        file: String,
    },
    /// Nobody waits for the PDF any more.
    StopReading,
    /// Find out whether the terminal shows pictures; [`Msg::PicturesKnown`] answers.
    AskPictures,
    /// Open an attached file, given as the journals hold its path, in the system's viewer.
    OpenFile(String),
    /// Take the mouse, or give it back to the terminal.
    Mouse(bool),
    /// Draw everything anew.
    Redraw,
    /// Suspend to the shell.
    Suspend,
    /// Leave.
    Quit,
}
