//! The rows of the table, and when each command can run.

use super::{Contexts, Group, Spec};
use crate::app::App;

const MAIN: Contexts = Contexts(1 | 2);
const LIST: Contexts = Contexts(1);
const SCROLLED: Contexts = Contexts(1 | 2 | 8 | 512);
const READING: Contexts = Contexts(512);
/// Of a paper, whether its page or its PDF is read.
const PAPER: Contexts = Contexts(1 | 2 | 512);
const TYPED: Contexts = Contexts(4 | 16);
const TAGS: Contexts = Contexts(1024);
const COMMENT: Contexts = Contexts(2048);
const CHOSEN: Contexts = Contexts(4 | 16 | 256);
const LISTED: Contexts = Contexts(1 | 2 | 8 | 256 | 512);
const EVERYWHERE: Contexts = Contexts(u16::MAX);

macro_rules! commands {
    ($($variant:ident $name:literal $keys:expr, $contexts:expr, $group:ident, $hint:expr, $help:literal, $enabled:expr;)*) => {
        /// What the reader can do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Command {
            $(#[doc = $help] $variant,)*
        }

        /// The table, in the order of help.
        pub const COMMANDS: &[Spec] = &[$(*Command::$variant.spec(),)*];

        impl Command {
            /// Its row of the table.
            pub const fn spec(self) -> &'static Spec {
                match self {
                    $(Command::$variant => const { &Spec {
                        command: Command::$variant,
                        name: $name,
                        keys: &$keys,
                        contexts: $contexts,
                        group: Group::$group,
                        hint: $hint,
                        help: $help,
                        enabled: $enabled,
                    } },)*
                }
            }
        }
    };
}

#[allow(
    clippy::unnecessary_wraps,
    reason = "rows of the table have a hint or NO_HINT"
)]
const fn hint(label: &'static str, rank: u8) -> Option<(&'static str, u8)> {
    Some((label, rank))
}
const NO_HINT: Option<(&str, u8)> = None;

commands! {
    Search "search" ["/"], PAPER, Find, hint("search", 1), "Find papers by any words, or by author: title: venue: year: key: doi:; in the page or the PDF, find words in it", always;
    NextMatch "next-match" ["n"], Contexts(2 | 512), Find, NO_HINT, "Next place of the words found in the page or the PDF", has_find;
    PreviousMatch "previous-match" ["N"], Contexts(2 | 512), Find, NO_HINT, "Previous place of the words found in the page or the PDF", has_find;
    NextResult "next-result" ["↓", "^N"], TYPED, Find, hint("results", 1), "Move down the results while typing", always;
    PreviousResult "previous-result" ["↑", "^K"], TYPED, Find, NO_HINT, "Move up the results while typing", always;
    Accept "accept" ["Enter"], CHOSEN, Find, hint("keep", 2), "Keep the results and leave the box; in a menu, take the marked row", always;
    Complete "complete" ["Tab"], Contexts(4), Find, hint("complete", 3), "Complete the word before the cursor: a field, an author, a venue, a tag, …; again puts in the next possibility", always;
    CompleteBack "complete-back" ["S-Tab"], Contexts(4), Find, NO_HINT, "Put in the possibility before", always;
    Searches "searches" ["^R"], Contexts(4), Find, hint("history", 4), "Find a search of before and put it into the box", has_searches;
    Sort "sort" ["s"], MAIN, Find, hint("sort", 8), "Sort the list: relevance, added, year, title, author, status, rating …; again turns it round", always;
    Filter "filter" ["f"], MAIN, Find, hint("filter", 8), "Filter the list: unread, starred, a tag, …; save the search, show a saved one", always;
    ForYou "for-you" ["F"], MAIN, Find, hint("for you", 9), "For you: unread papers like those you starred and read, each with the reason", always;
    Copy "copy" ["y"], PAPER, Copy, hint("copy", 2), "Copy the citation in the default style, of all selected papers if there are any", has_paper;
    CopyAs "copy-as" ["Y"], PAPER, Copy, hint("copy as", 6), "Choose what to copy: APA, MLA, BibTeX, key, link, any style …", has_paper;
    CopyMenuDown "menu-down" ["↓", "^N"], Contexts(32), Copy, hint("next", 3), "Next format of the menu", always;
    CopyMenuUp "menu-up" ["↑", "^K"], Contexts(32), Copy, NO_HINT, "Previous format of the menu", always;
    CopyMenuFind "find-style" ["/"], Contexts(32), Copy, hint("any style", 2), "Find any installed citation style by name", always;
    CopyMenuChoose "menu-choose" ["Enter"], Contexts(32), Copy, hint("copy", 1), "Copy in the marked format", always;
    Select "select" ["Space"], LIST, Copy, hint("select", 7), "Select or unselect the paper, for copying many at once", has_paper;
    SelectRange "select-range" ["V"], LIST, Copy, NO_HINT, "Start selecting a range; again to end it", has_paper;
    Status "status" ["r"], PAPER, Note, hint("status", 10), "Next status: unread, reading, read, skimmed, abandoned; of all selected papers", can_note;
    SetStatus "set-status" ["S"], PAPER, Note, NO_HINT, "Set the status: unread, reading, read, skimmed or abandoned; of all selected papers", can_note;
    Star "star" ["*"], PAPER, Note, NO_HINT, "Star, or take the star off", can_note;
    Rate0 "rate-0" ["R0"], PAPER, Note, NO_HINT, "Take the rating back", can_note;
    Rate1 "rate-1" ["R1"], PAPER, Note, NO_HINT, "Rate 1 of 5", can_note;
    Rate2 "rate-2" ["R2"], PAPER, Note, NO_HINT, "Rate 2 of 5", can_note;
    Rate3 "rate-3" ["R3"], PAPER, Note, NO_HINT, "Rate 3 of 5", can_note;
    Rate4 "rate-4" ["R4"], PAPER, Note, NO_HINT, "Rate 4 of 5", can_note;
    Rate5 "rate-5" ["R5"], PAPER, Note, NO_HINT, "Rate 5 of 5", can_note;
    Priority0 "priority-0" ["p0"], MAIN, Note, NO_HINT, "No priority", can_note;
    Priority1 "priority-1" ["p1"], MAIN, Note, NO_HINT, "Priority 1 of 3", can_note;
    Priority2 "priority-2" ["p2"], MAIN, Note, NO_HINT, "Priority 2 of 3", can_note;
    Priority3 "priority-3" ["p3"], MAIN, Note, NO_HINT, "Priority 3 of 3", can_note;
    Tags "tags" ["t"], PAPER, Note, hint("tags", 11), "Put tags on the paper, or take them off; of all selected papers", can_write;
    TagChoose "tag-choose" ["Enter"], TAGS, Note, hint("put on", 1), "Put the tag on; take a marked one off that all have; with nothing typed or marked, close", always;
    TagComplete "tag-complete" ["Tab"], TAGS, Note, hint("complete", 2), "Complete the tag level by level", always;
    TagOff "tag-off" ["^D"], TAGS, Note, hint("take off", 3), "Take the tag off", always;
    TagDown "tag-down" ["↓", "^N"], TAGS, Note, NO_HINT, "Next tag", always;
    TagUp "tag-up" ["↑", "^P"], TAGS, Note, NO_HINT, "Previous tag", always;
    Comment "comment" ["c"], PAPER, Note, hint("comment", 12), "Write a comment on the paper, in Markdown", can_write;
    CommentSave "comment-save" ["^S"], COMMENT, Note, hint("save", 1), "Save what is written: the comment, or the fields of the paper", always;
    CommentEditor "comment-editor" ["^X"], COMMENT, Note, hint("editor", 2), "Go on writing in the editor that $VISUAL or $EDITOR names", always;
    Edit "edit" ["e"], MAIN, Note, hint("edit", 1), "Edit the fields of the paper; in the page, the comment under the cursor", can_change;
    Delete "delete" ["D"], MAIN, Note, hint("delete", 1), "Delete the papers from the library; in the page, the comment under the cursor; undo brings them back", can_change;
    Queue "queue" ["w"], MAIN, Note, NO_HINT, "Put into the reading queue, or take out", can_note;
    ShowQueue "show-queue" ["Q"], MAIN, Note, NO_HINT, "Show the papers in the reading queue, the first first", always;
    Undo "undo" ["u"], PAPER, Note, NO_HINT, "Undo the last change", can_undo;
    Redo "redo" ["^R"], PAPER, Note, NO_HINT, "Redo what was undone", can_undo;
    Orphans "orphans" [], MAIN, Note, NO_HINT, "Show notes whose paper is not in this library any more", can_undo;
    Actions "actions" ["."], MAIN, Read, hint("menu", 5), "Quick actions: open it on the web, copy, share, note, export, your own actions", has_paper;
    Open "open" ["Enter"], MAIN, Read, hint("read", 3), "Read the paper; on a link, follow it; where nothing was found, show papers like the text", can_open;
    OpenFile "open-file" ["o"], PAPER, Read, hint("open", 6), "Open the attached PDF in the system's viewer, or the paper's web page where none is attached", has_paper;
    OpenWeb "open-web" ["O"], PAPER, Read, NO_HINT, "Open the paper's web page", has_paper;
    ReadPdf "read-pdf" ["P"], PAPER, Read, NO_HINT, "Read the attached PDF as text; again goes back to the page", has_pdf;
    NextSection "next-section" ["]"], READING, Read, hint("section", 1), "Next section of the PDF", always;
    PreviousSection "previous-section" ["["], READING, Read, NO_HINT, "Previous section of the PDF", always;
    NextPdfPage "next-page" ["l", "→"], READING, Read, hint("page", 2), "Next page of the PDF", always;
    PreviousPdfPage "previous-page" ["h", "←"], READING, Read, NO_HINT, "Previous page of the PDF", always;
    Add "add" ["a"], MAIN, Note, hint("add", 30), "Add papers by DOI, PMID, arXiv id, ISBN, address, title or PDF: paste as many as you like", can_add;
    Import "import" ["i"], MAIN, Note, NO_HINT, "Import papers from a BibTeX, RIS, PubMed, EndNote or CSL file", can_write_library;
    Export "export" [], MAIN, Copy, NO_HINT, "Export the paper, or all selected papers, to a BibTeX, RIS, CSL-JSON, CSV, Markdown or HTML file", has_paper;
    Metrics "metrics" ["m"], MAIN, Read, NO_HINT, "Fetch citations and other figures about the paper, or all selected papers, from the services; Esc stops", can_fetch;
    FindPdf "find-pdf" [], MAIN, Read, NO_HINT, "Find a PDF of the paper that may be read freely, at arXiv or through Unpaywall, keep and attach it; Esc stops", can_find_pdf;
    AskModel "ask-model" ["I"], MAIN, Read, NO_HINT, "Ask the model that the configuration names for key findings; Esc stops", can_fetch;
    Review "review" ["gr"], MAIN, Note, NO_HINT, "Review the differences: what services say otherwise than the library, field by field, after m", can_review;
    Back "back" ["^O", "Backspace"], MAIN, Read, NO_HINT, "Back to where you jumped from", can_go_back;
    Forward "forward" ["L"], MAIN, Read, NO_HINT, "Forward again", can_go_forward;
    Zen "zen" ["z"], PAPER, Read, NO_HINT, "The page alone, or everything again", has_paper;
    LinkLabels "link-labels" [";"], MAIN, Read, NO_HINT, "Label the links on the screen; a letter follows one", has_links;
    GoAbstract "go-abstract" ["ga"], MAIN, Read, NO_HINT, "Go to the abstract", has_paper;
    GoAuthors "go-authors" ["gu"], MAIN, Read, NO_HINT, "Go to the authors", has_paper;
    GoActions "go-actions" ["g."], MAIN, Read, NO_HINT, "Go to the quick actions", has_paper;
    GoMetrics "go-metrics" ["gm"], MAIN, Read, NO_HINT, "Go to the metrics", has_paper;
    GoFindings "go-findings" ["gk"], MAIN, Read, NO_HINT, "Go to the key findings", has_paper;
    GoDetails "go-details" ["gd"], MAIN, Read, NO_HINT, "Go to the details", has_paper;
    GoCite "go-cite" ["gc"], MAIN, Read, NO_HINT, "Go to the citations", has_paper;
    GoPdf "go-pdf" ["gp"], MAIN, Read, NO_HINT, "Go to the PDF", has_paper;
    GoSimilar "go-similar" ["gs"], MAIN, Read, NO_HINT, "Go to the similar papers", has_paper;
    GoComments "go-comments" ["gn"], MAIN, Read, NO_HINT, "Go to the comments", has_paper;
    ScrollDown "scroll-down" ["J"], MAIN, Read, NO_HINT, "Scroll the page from the list; in the reading queue, move the paper down", has_paper;
    ScrollUp "scroll-up" ["K"], MAIN, Read, NO_HINT, "Scroll the page up from the list; in the reading queue, move the paper up", has_paper;
    Down "down" ["j", "↓"], LISTED, Move, NO_HINT, "Down; a number before it repeats", always;
    Up "up" ["k", "↑"], LISTED, Move, NO_HINT, "Up; a number before it repeats", always;
    First "first" ["gg", "Home"], SCROLLED, Move, NO_HINT, "First row; with a number, that row", always;
    Last "last" ["G", "End"], SCROLLED, Move, NO_HINT, "Last row; with a number, that row", always;
    HalfPageDown "half-page-down" ["^D"], SCROLLED, Move, NO_HINT, "Half a page down", always;
    HalfPageUp "half-page-up" ["^U"], SCROLLED, Move, NO_HINT, "Half a page up", always;
    PageDown "page-down" ["^F", "PgDn"], SCROLLED, Move, NO_HINT, "A page down", always;
    PageUp "page-up" ["^B", "PgUp"], SCROLLED, Move, NO_HINT, "A page up", always;
    PaneLeft "pane-left" ["h", "←"], MAIN, Move, NO_HINT, "To the pane on the left", always;
    PaneRight "pane-right" ["l", "→"], MAIN, Move, NO_HINT, "To the pane on the right", always;
    PaneNext "pane-next" ["Tab"], MAIN, Move, hint("pane", 7), "To the next pane", always;
    PanePrevious "pane-previous" ["S-Tab"], MAIN, Move, NO_HINT, "To the previous pane", always;
    Narrower "narrower" ["<"], MAIN, Program, NO_HINT, "Make the list narrower; a number before it repeats", has_divider;
    Wider "wider" [">"], MAIN, Program, NO_HINT, "Make the list wider; a number before it repeats", has_divider;
    Compact "compact" ["-"], MAIN, Program, NO_HINT, "One line a paper in the list", always;
    Comfortable "comfortable" ["="], MAIN, Program, NO_HINT, "Two lines a paper in the list", always;
    Mouse "mouse" ["M"], PAPER, Program, NO_HINT, "Mouse on or off: click to select, follow and run, scroll, drag the line between panes", always;
    Libraries "libraries" [], MAIN, Program, NO_HINT, "Show another library: those of the configuration, and those opened last", has_libraries;
    Themes "theme" [], MAIN, Program, NO_HINT, "Choose a theme; the marked one is shown at once", has_themes;
    Palette "palette" [":", "^P"], PAPER, Program, hint("commands", 7), "Find and run any command", always;
    Help "help" ["?"], PAPER, Program, hint("help", 1), "All keys", always;
    Messages "messages" ["!"], PAPER, Program, NO_HINT, "Messages and problems, newest first", always;
    Close "close" ["Esc"], EVERYWHERE, Program, hint("back", 4), "Close or cancel; never quits", always;
    CloseReader "close-reader" ["q"], Contexts(8 | 256 | 512), Program, NO_HINT, "Close help, messages, a menu or the PDF", always;
    Redraw "redraw" ["^L"], PAPER, Program, NO_HINT, "Draw the screen anew, without papers that no longer fit the search", always;
    Suspend "suspend" ["^Z"], PAPER, Program, NO_HINT, "Suspend to the shell; fg comes back", always;
    Quit "quit" ["q"], MAIN, Program, hint("quit", 4), "Quit", always;
    Cancel "cancel" ["^C"], EVERYWHERE, Program, NO_HINT, "Cancel; twice quits", always;
}

#[allow(
    clippy::unnecessary_wraps,
    reason = "one signature for all rows of the table"
)]
fn always(_: &App) -> Result<(), &'static str> {
    Ok(())
}

fn has_paper(app: &App) -> Result<(), &'static str> {
    app.selected().map(|_| ()).ok_or("there is no paper here")
}

fn has_searches(app: &App) -> Result<(), &'static str> {
    if app.searches.is_empty() {
        return Err("nothing was searched for yet; Enter keeps a search");
    }
    Ok(())
}

fn can_open(app: &App) -> Result<(), &'static str> {
    if app.likeness_instead().is_some() {
        return Ok(());
    }
    has_paper(app)
}

fn has_pdf(app: &App) -> Result<(), &'static str> {
    has_paper(app)?;
    if app.attached_files().is_empty() {
        return Err("no PDF is attached; offprint attach ID FILE.pdf attaches one");
    }
    Ok(())
}

fn can_fetch(app: &App) -> Result<(), &'static str> {
    if !cfg!(feature = "net") {
        return Err("this build of offprint reaches no network");
    }
    has_paper(app)
}

fn can_find_pdf(app: &App) -> Result<(), &'static str> {
    can_fetch(app)?;
    can_note(app)?;
    app.pdf_can_be_found()
}

fn can_review(app: &App) -> Result<(), &'static str> {
    app.has_reviews()
        .then_some(())
        .ok_or("there is nothing to accept; m asks the services")
}

fn can_add(app: &App) -> Result<(), &'static str> {
    if !cfg!(feature = "net") {
        return Err("this build of offprint reaches no network");
    }
    can_write_library(app)
}

fn can_write_library(app: &App) -> Result<(), &'static str> {
    app.notes_expected()
}

fn can_note(app: &App) -> Result<(), &'static str> {
    app.notes_missing.map_or(Ok(()), Err)?;
    has_paper(app)
}

/// Of a file that is only shown it is known at once that nothing in it is changed.
fn can_change(app: &App) -> Result<(), &'static str> {
    if app.source.read_only.is_some() {
        return has_paper(app);
    }
    can_note(app)
}

/// A box for text opens before the notes are there: what is typed after its key must not run as commands.
fn can_write(app: &App) -> Result<(), &'static str> {
    app.notes_expected()?;
    has_paper(app)
}

fn can_undo(app: &App) -> Result<(), &'static str> {
    app.notes_missing.map_or(Ok(()), Err)
}

fn can_go_back(app: &App) -> Result<(), &'static str> {
    if app.jumps.can_go_back() {
        Ok(())
    } else {
        Err("nothing to go back to")
    }
}

fn can_go_forward(app: &App) -> Result<(), &'static str> {
    if app.jumps.can_go_forward() {
        Ok(())
    } else {
        Err("nothing to go forward to")
    }
}

fn has_find(app: &App) -> Result<(), &'static str> {
    if app.reading.is_some() {
        return Ok(());
    }
    if app.find.trim().is_empty() {
        Err("nothing is looked for in this page; / does")
    } else {
        Ok(())
    }
}

fn has_themes(app: &App) -> Result<(), &'static str> {
    if app.settings.themes.is_empty() {
        Err("no colour is wanted: NO_COLOR is set, or --color never given")
    } else {
        Ok(())
    }
}

fn has_libraries(app: &App) -> Result<(), &'static str> {
    if app.settings.picking {
        return Err("papers are chosen from this library");
    }
    if app.settings.libraries.len() < 2 {
        return Err(
            "there is no other; offprint FILE opens one, [[library]] in the configuration names one",
        );
    }
    Ok(())
}

fn has_divider(app: &App) -> Result<(), &'static str> {
    app.has_divider()
        .then_some(())
        .ok_or("the list and the page do not stand side by side")
}

fn has_links(app: &App) -> Result<(), &'static str> {
    if app.visible_links().is_empty() {
        Err("there is no link on the screen")
    } else {
        Ok(())
    }
}
