//! Terminals as the program meets them: each answers the questions about pictures as the real one does, or not at all.

use std::time::{Duration, Instant};

use super::screen;
use super::session::Session;

/// The first question, by which the rest are known.
const QUESTION: &str = "\u{1b}_Gi=31,s=1,v=1,a=q";
/// Shown where a picture is to come.
const SIZE: (u16, u16) = (170, 45);

/// A terminal, and what is in its environment.
pub(super) struct Terminal {
    pub(super) environment: &'static [(&'static str, &'static str)],
    pub(super) answers: &'static str,
}

pub(super) const KITTY: Terminal = Terminal {
    environment: &[("TERM", "xterm-kitty")],
    answers: "\u{1b}_Gi=31;OK\u{1b}\\\u{1b}P>|kitty(0.41.1)\u{1b}\\\u{1b}[6;20;10t\u{1b}[?62;c\u{1b}[0n",
};
const OLD_KITTY: Terminal = Terminal {
    environment: &[("TERM", "xterm-kitty")],
    answers: "\u{1b}_Gi=31;OK\u{1b}\\\u{1b}P>|kitty(0.26.5)\u{1b}\\\u{1b}[6;20;10t\u{1b}[?62;c\u{1b}[0n",
};
const XTERM: Terminal = Terminal {
    environment: &[],
    answers: "\u{1b}P>|XTerm(379)\u{1b}\\\u{1b}[6;17;8t\u{1b}[?63;1;2;4;6;9;15;22c\u{1b}[0n",
};
const ITERM: Terminal = Terminal {
    environment: &[("TERM_PROGRAM", "iTerm.app"), ("LC_TERMINAL", "iTerm2")],
    answers: "\u{1b}P>|iTerm2 3.5.0\u{1b}\\\u{1b}[6;18;9t\u{1b}[?62;4c\u{1b}[0n",
};
const PLAIN: Terminal = Terminal {
    environment: &[],
    answers: "\u{1b}[?6c\u{1b}[0n",
};
const SILENT: Terminal = Terminal {
    environment: &[],
    answers: "",
};
const TMUX: Terminal = Terminal {
    environment: &[
        ("TMUX", "/tmp/tmux-0/default,1,0"),
        ("TERM", "tmux-256color"),
    ],
    answers: "\u{1b}P>|tmux 3.3a\u{1b}\\\u{1b}[?1;2c\u{1b}[0n",
};

fn written(session: &Session) -> String {
    String::from_utf8_lossy(&session.written).into_owned()
}

/// A session in a terminal that has not been asked yet.
fn start(terminal: &Terminal) -> Session {
    let mut session = screen::session_with(&screen::paper(9).bytes(), SIZE, terminal.environment);
    session.shows("Attention flows");
    session.shows("DETAILS");
    session
}

/// Opens the PDF; the terminal answers what it is asked.
fn opened(terminal: &Terminal) -> Session {
    let mut session = start(terminal);
    assert!(
        !written(&session).contains(QUESTION),
        "asked before the first picture is wanted"
    );
    session.type_keys("P");
    session.waits_for("a question", |session| written(session).contains(QUESTION));
    session.type_keys(terminal.answers);
    session
}

/// Has a picture come, in this way, and no second question after it?
fn shows_pictures(terminal: &Terminal, mark: &str) {
    let mut session = opened(terminal);
    session.waits_for("a picture", |session| written(session).contains(mark));
    session.shows("Attention flows through the networks");
    session.type_keys("q");
    session.shows("DETAILS");
    session.type_keys("P");
    session.shows("page 1 of 4");
    session.type_keys("q");
    session.shows("DETAILS");
    assert_eq!(
        written(&session).matches(QUESTION).count(),
        1,
        "asked again"
    );
    // What was answered was no key.
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
    session.is_restored();
}

/// The text is shown alone, and the reason is among the messages.
fn shows_text(mut session: Session, reason: &str) {
    session.shows("page 1 of 4");
    session.shows("DETAILS");
    session.type_keys("!");
    session.shows(reason);
    let written = written(&session);
    for mark in ["a=T", "\u{1b}Pq", "\u{1b}]1337", "\u{10EEEE}"] {
        assert!(!written.contains(mark), "{mark:?}");
    }
    session.type_keys("qqq");
    assert_eq!(session.ends(), 0);
}

#[test]
fn kitty_gets_its_own_pictures_in_the_place_of_characters() {
    shows_pictures(&KITTY, "\u{10EEEE}");
}

#[test]
fn an_old_kitty_is_known_by_its_version() {
    shows_text(opened(&OLD_KITTY), "kitty 0.26 shows boxes");
}

#[test]
fn xterm_gets_sixels() {
    // Raster attributes of a picture that has whole cells (DEC STD 070, 9).
    shows_pictures(&XTERM, "\u{1b}P");
}

#[test]
fn iterm_gets_its_own_pictures() {
    shows_pictures(&ITERM, "\u{1b}]1337;File=");
}

#[test]
fn a_terminal_without_pictures_shows_text() {
    shows_text(opened(&PLAIN), "this terminal shows no pictures");
}

#[test]
fn in_tmux_nothing_is_asked() {
    let mut session = start(&TMUX);
    session.type_keys("P");
    session.shows("page 1 of 4");
    assert!(!written(&session).contains(QUESTION));
    shows_text(session, "tmux passes no pictures on");
}

/// How long a terminal that says nothing is waited for, and what becomes of the keys meanwhile.
fn waited(environment: &'static [(&'static str, &'static str)]) -> Duration {
    let mut session = start(&Terminal {
        environment,
        ..SILENT
    });
    session.type_keys("P");
    session.waits_for("a question", |session| written(session).contains(QUESTION));
    let begun = Instant::now();
    session.type_keys("?");
    session.shows("Find papers by any words");
    let waited = begun.elapsed();
    session.type_keys("q");
    shows_text(session, "this terminal shows no pictures");
    waited
}

#[test]
fn a_silent_terminal_is_waited_for_400_ms_and_over_ssh_longer() {
    let here = waited(&[]);
    assert!(
        (Duration::from_millis(300)..Duration::from_millis(1300)).contains(&here),
        "{here:?}"
    );
    let far = waited(&[("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22")]);
    assert!(
        (Duration::from_millis(1300)..Duration::from_millis(3500)).contains(&far),
        "{far:?}"
    );
}

#[test]
fn a_terminal_that_answers_at_once_is_not_waited_for() {
    let mut session = opened(&XTERM);
    let begun = Instant::now();
    session.type_keys("]");
    session.waits_for("a picture", |session| written(session).contains("\u{1b}P"));
    // The limit is no rest: nothing of it is left after the last answer.
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}
