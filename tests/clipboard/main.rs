//! Copying, read back with the programs that people paste with. Each test starts this program again: as the program that
//! copies, which in turn starts it as the one that holds the display's clipboard.
#![cfg(feature = "tui")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod world;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use offprint::runtime::clipboard::{
    Clipboard, Delivery, Holder, Request, Setting, hold_clipboard_main,
};
use offprint::runtime::environment::Environment;
use offprint::runtime::jobs::Jobs;
use world::{Copier, Display, Screen, Tmux, processes_with, wait_until};

const TEXT: &str = "Müller, de la Mare, & 田中 (2026).\n  A “title” — with $signs and `ticks`";
const HTML: &str = "Müller (2026). <i>A title</i>";

#[test]
#[ignore = "the program that the other tests start to copy"]
fn copier() {
    let Ok(mark) = std::env::var(world::MARK) else {
        return;
    };
    let setting = match std::env::var(world::SETTING).as_deref() {
        Ok("osc52") => Setting::Osc52,
        Ok("native") => Setting::Native,
        _ => Setting::Auto,
    };
    let clipboard = Clipboard {
        environment: Environment::from_process(),
        setting,
        holder: Holder {
            program: std::env::current_exe().unwrap(),
            arguments: world::entry("holder", &mark),
        },
        saved: None,
    };
    let request = Request {
        text: format!("{TEXT}\n\n"),
        html: Some(HTML.to_owned()),
    };
    let (sender, finished) = std::sync::mpsc::channel();
    let mut jobs = Jobs::new(move |done| {
        let _ = sender.send(done);
    });
    let begin = Instant::now();
    jobs.request((), 1, move |_| clipboard.copy(&request));
    let asked = begin.elapsed();
    let delivery: Delivery = finished.recv().unwrap().result.unwrap();
    let report = world::Report {
        asked,
        answered: begin.elapsed(),
        delivery,
    };
    world::finish(&report);
}

#[test]
#[ignore = "the program that the copier starts to hold the clipboard"]
fn holder() {
    if std::env::var_os(world::MARK).is_some() {
        let _ = hold_clipboard_main();
        std::process::exit(0);
    }
}

#[test]
#[ignore = "needs Xvfb and xclip"]
fn a_copy_outlives_the_program_until_another_program_copies() {
    let display = Display::start();
    let mut copier = Copier::new("outlives").variable("DISPLAY", &display.name);
    let report = copier.run();
    assert!(report.contains("outcome: Copied"), "{report}");
    assert!(report.contains("escape: None"), "{report}");
    assert_eq!(display.paste("UTF8_STRING").as_deref(), Some(TEXT));
    assert_eq!(display.paste("text/html").as_deref(), Some(HTML));
    assert_eq!(processes_with(&copier.mark).len(), 1);
    display.copy("another text");
    wait_until("the holder's end", || {
        processes_with(&copier.mark).is_empty()
    });
    assert_eq!(
        display.paste("UTF8_STRING").as_deref(),
        Some("another text")
    );
}

#[test]
#[ignore = "needs Xvfb and xclip"]
fn the_latest_copy_replaces_the_one_before() {
    let display = Display::start();
    let mut first = Copier::new("first").variable("DISPLAY", &display.name);
    first.run();
    let mut second = Copier::new("second").variable("DISPLAY", &display.name);
    second.run();
    wait_until("the first holder's end", || {
        processes_with(&first.mark).is_empty()
    });
    assert_eq!(display.paste("UTF8_STRING").as_deref(), Some(TEXT));
}

#[test]
#[ignore = "needs Xvfb and xclip"]
fn a_copy_outlives_the_terminal() {
    let display = Display::start();
    let mut copier = Copier::new("terminal").variable("DISPLAY", &display.name);
    let report = copier.run_in_a_terminal_and_close_it();
    assert!(report.contains("outcome: Copied"), "{report}");
    // Only the holder is left.
    wait_until("the copier's end", || {
        processes_with(&copier.mark).len() <= 1
    });
    assert_eq!(display.paste("UTF8_STRING").as_deref(), Some(TEXT));
}

#[test]
#[ignore = "needs Xvfb and xclip"]
fn the_holder_ends_with_its_display() {
    let display = Display::start();
    let mut copier = Copier::new("display").variable("DISPLAY", &display.name);
    copier.run();
    assert_eq!(processes_with(&copier.mark).len(), 1);
    drop(display);
    wait_until("the holder's end", || {
        processes_with(&copier.mark).is_empty()
    });
}

#[test]
#[ignore = "measures time"]
fn a_display_that_never_answers_holds_nobody_up() {
    // Listens, so that connections are accepted, and never reads or answers: a forwarded display whose far end died.
    let (number, _listener) = (50..200)
        .find_map(|number| {
            let listener = TcpListener::bind(("127.0.0.1", 6000 + number)).ok()?;
            Some((number, listener))
        })
        .unwrap();
    let mut copier = Copier::new("deaf").variable("DISPLAY", &format!("localhost:{number}.0"));
    let report = copier.run();
    assert!(report.contains("outcome: Sent { via: Osc52 }"), "{report}");
    let (asked, answered) = copier.times();
    assert!(asked < Duration::from_millis(100), "asking took {asked:?}");
    let limits = Duration::from_millis(250)..Duration::from_secs(1);
    assert!(limits.contains(&answered), "answered after {answered:?}");
    wait_until("the holder's end", || {
        processes_with(&copier.mark).is_empty()
    });
}

#[test]
#[ignore = "measures time"]
fn a_display_that_is_not_there_is_known_at_once() {
    let mut copier = Copier::new("absent").variable("DISPLAY", ":4242");
    let report = copier.run();
    assert!(report.contains("outcome: Sent { via: Osc52 }"), "{report}");
    assert!(processes_with(&copier.mark).is_empty());
}

#[test]
#[ignore = "needs tmux"]
fn tmux_has_the_text_whatever_its_clipboard_setting() {
    for setting in [None, Some("on"), Some("off")] {
        let tmux = Tmux::start(setting.unwrap_or("default"), setting);
        let mut copier = Copier::new("tmux");
        let report = tmux.run(&mut copier);
        assert!(report.contains("outcome: Sent { via: Tmux }"), "{report}");
        assert!(report.contains("escape: None"), "{report}");
        assert_eq!(tmux.buffer(), TEXT);
    }
}

#[test]
#[ignore = "needs tmux"]
fn tmux_takes_the_escape_sequence_when_told_to() {
    let tmux = Tmux::start("osc52", Some("on"));
    let mut copier = Copier::new("sequence").variable(world::SETTING, "osc52");
    let report = tmux.run(&mut copier);
    assert!(report.contains("outcome: Sent { via: Osc52 }"), "{report}");
    wait_until("tmux's buffer", || tmux.buffer() == TEXT);
}

#[test]
#[ignore = "needs tmux, Xvfb and xclip"]
fn inside_tmux_with_a_display_both_have_the_text() {
    let display = Display::start();
    let tmux = Tmux::start("both", None);
    let mut copier = Copier::new("both").variable("DISPLAY", &display.name);
    let report = tmux.run(&mut copier);
    assert!(report.contains("outcome: Copied"), "{report}");
    assert_eq!(tmux.buffer(), TEXT);
    assert_eq!(display.paste("UTF8_STRING").as_deref(), Some(TEXT));
}

#[test]
#[ignore = "needs GNU screen"]
fn screen_passes_the_sequence_on_to_its_terminal() {
    let mut copier = Copier::new("screen");
    let written = Screen::run(&mut copier);
    let report = copier.report();
    assert!(report.contains("outcome: Sent { via: Screen }"), "{report}");
    let begin = written.find("\x1b]52;c;").expect(&written);
    let sequence = &written[begin..];
    let expected = offprint::runtime::clipboard::osc52::sequence(TEXT).unwrap();
    assert!(sequence.as_bytes().starts_with(&expected), "{sequence:?}");
}
