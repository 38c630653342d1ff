//! The terminal's life: claimed, lent, stopped, given back, lost. Each test starts this program again inside a
//! pseudo-terminal, as a small application, and looks at what that wrote and left behind.
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

mod application;
mod session;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use session::{LIMIT, Session};

const ROLE: &str = "OFFPRINT_TEST_ROLE";

#[test]
#[ignore = "the application that the other tests start"]
fn application() {
    if let Ok(role) = std::env::var(ROLE) {
        // What the runtime does for a main function.
        let status = catch_unwind(AssertUnwindSafe(|| application::run(&role))).unwrap_or(101);
        std::process::exit(status);
    }
}

#[test]
fn on_return_everything_is_undone() {
    let mut session = Session::start("return");
    assert_eq!(session.exit_within(LIMIT), Some(0));
    session.assert_restored();
    let everything = session.everything();
    let switched_on = everything.find("\x1b[?1049h").unwrap();
    assert!(everything.find("READY").unwrap() > switched_on);
    assert_eq!(everything.matches("\x1b[?1049l").count(), 1);
}

#[test]
fn a_frame_is_one_synchronised_update() {
    let mut session = Session::start("return");
    assert_eq!(session.exit_within(LIMIT), Some(0));
    let everything = session.everything();
    let begin = everything.find("\x1b[?2026h").unwrap();
    let end = everything.find("\x1b[?2026l").unwrap();
    assert!((begin..end).contains(&everything.find("READY").unwrap()));
}

#[track_caller]
fn ends_with_message(role: &str, message: &str) {
    let mut session = Session::start(role);
    assert_eq!(session.exit_within(LIMIT), Some(101));
    session.assert_restored();
    let everything = session.everything();
    assert_eq!(everything.matches(message).count(), 1, "{everything:?}");
    assert!(everything.find("\x1b[?1049l") < everything.find(message));
    assert!(!everything.contains("STILL HERE"));
}

#[test]
fn a_panic_restores_the_terminal_and_then_tells_once() {
    ends_with_message("panic", "the owner fell over");
}

#[test]
fn a_panic_while_drawing_leaves_no_half_frame_behind() {
    ends_with_message("panic while drawing", "the painter fell over");
}

#[test]
fn a_panic_in_a_worker_ends_the_program_in_order() {
    ends_with_message("panic in a worker", "the worker fell over");
}

#[test]
fn a_caught_panic_leaves_the_screen_alone() {
    let mut session = Session::start("caught panic");
    session.wait_for("broken");
    assert_eq!(session.exit_within(LIMIT), Some(0));
    session.assert_restored();
    let everything = session.everything();
    assert!(everything.find("\x1b[?1049l") > everything.find("broken"));
    assert!(!everything.contains("internal error"));
}

#[test]
fn signals_restore_the_terminal_and_give_the_shells_exit_status() {
    for (signal, status) in [
        (Signal::TERM, 143),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
        (Signal::HUP, 129),
    ] {
        let mut session = Session::start("attend");
        session.wait_to_see("READY");
        session.signal(signal);
        assert_eq!(session.exit_within(LIMIT), Some(status));
        session.assert_restored();
    }
}

#[test]
fn a_program_that_is_stuck_still_ends_in_order() {
    let mut session = Session::start("stuck");
    session.wait_to_see("READY");
    session.signal(Signal::TERM);
    assert_eq!(session.exit_within(LIMIT), Some(143));
    session.assert_restored();
}

#[test]
fn a_program_whose_terminal_vanishes_is_gone_soon() {
    for role in ["attend", "stuck"] {
        let mut session = Session::start(role);
        session.wait_to_see("READY");
        let before = Instant::now();
        session.close();
        assert!(session.exit_within(LIMIT).is_some(), "{role} runs on");
        assert!(
            before.elapsed() < Duration::from_secs(2),
            "{role} took {:?}",
            before.elapsed()
        );
    }
}

#[test]
fn keys_pastes_focus_and_sizes_arrive() {
    let mut session = Session::start("attend");
    session.wait_to_see("READY");
    session.type_keys("aa?");
    session.wait_to_see("LETTERS 2");
    session.type_keys("\x1b[200~q\rq\r\nq\x1b[201~");
    session.wait_to_see(r"PASTED q\nq\nq");
    session.type_keys("\x1b[O");
    session.wait_to_see("FOCUS false");
    session.resize(1, 1);
    session.resize(101, 31);
    session.wait_to_see("SIZE 101x31");
    session.type_keys("q");
    assert_eq!(session.exit_within(LIMIT), Some(0));
    session.assert_restored();
}

#[test]
fn a_large_paste_without_marks_arrives_whole() {
    let mut session = Session::start("attend");
    session.wait_to_see("READY");
    for _ in 0..20 {
        session.type_keys(&"a".repeat(1000));
    }
    session.type_keys("?");
    session.wait_to_see("LETTERS 20000");
    session.type_keys("q");
    assert_eq!(session.exit_within(LIMIT), Some(0));
}

#[test]
fn a_copied_text_goes_out_between_frames() {
    let mut session = Session::start("attend");
    session.wait_to_see("READY");
    session.type_keys("c");
    session.wait_for("\x1b]52;c;eA==\x07");
    session.type_keys("q");
    assert_eq!(session.exit_within(LIMIT), Some(0));
}

#[test]
fn a_mouse_that_was_captured_is_given_back() {
    let mut session = Session::start("attend");
    session.wait_to_see("READY");
    session.type_keys("m");
    session.wait_for("\x1b[?1000h");
    session.wait_to_see("MOUSE");
    session.type_keys("q");
    assert_eq!(session.exit_within(LIMIT), Some(0));
    session.assert_restored();
}

#[test]
fn an_editor_gets_the_terminal_and_every_key_meant_for_it() {
    let mut session = Session::start("attend");
    session.wait_to_see("READY");
    session.type_keys("e");
    session.wait_for("\x1b[?1049l");
    session.wait_for("EDITOR");
    session.assert_cooked();
    session.type_keys("hello\n");
    session.wait_for("GOT hello");
    session.wait_for("\x1b[?1049h");
    session.wait_to_see("EDITED true");
    session.type_keys("a?");
    session.wait_to_see("LETTERS 1");
    session.type_keys("q");
    assert_eq!(session.exit_within(LIMIT), Some(0));
    session.assert_restored();
}

#[test]
fn an_interrupt_meant_for_the_editor_does_not_end_the_program() {
    let mut session = Session::start("attend");
    session.wait_to_see("READY");
    session.type_keys("e");
    session.wait_for("EDITOR");
    session.type_keys("\x03");
    session.wait_to_see("EDITED false");
    session.type_keys("q");
    assert_eq!(session.exit_within(LIMIT), Some(0));
    session.assert_restored();
}

/// A shell with job control that runs the application.
fn in_a_shell() -> Session {
    let shell = ["bash", "--norc", "--noprofile", "-i"].map(str::to_owned);
    let mut session = Session::run(&shell, &[(ROLE, "attend"), ("PS1", "prompt> ")]);
    session.wait_for("prompt> ");
    session.type_keys(&format!("{}\n", session::application().join(" ")));
    session.wait_to_see("READY");
    session
}

/// Sends a signal to the application that the shell has started.
#[track_caller]
fn tell_application(session: &Session, signal: &str) {
    let shell = session.process().to_string();
    let status = Command::new("pkill").args([signal, "-P", &shell]).status();
    assert!(status.unwrap().success());
}

#[track_caller]
fn is_stopped_and_comes_back(session: &mut Session) {
    session.wait_for("\x1b[?1049l");
    session.wait_for("prompt> ");
    session.type_keys("echo shell $((6 * 7))\n");
    session.wait_for("shell 42");
    session.wait_for("prompt> ");
    session.type_keys("fg\n");
    session.wait_for("\x1b[?1049h");
    session.wait_to_see("CONTINUED");
    session.type_keys("a?");
    session.wait_to_see("LETTERS 1");
    session.type_keys("q");
    session.wait_for("\x1b[?1049l");
    session.wait_for("prompt> ");
    session.type_keys("echo status $?; exit\n");
    session.wait_for("status 0");
}

#[test]
#[ignore = "needs bash"]
fn control_z_stops_and_fg_brings_the_screen_back() {
    let mut session = in_a_shell();
    session.type_keys("\x1a");
    is_stopped_and_comes_back(&mut session);
}

#[test]
#[ignore = "needs bash and pkill"]
fn a_stop_from_elsewhere_is_the_same() {
    let mut session = in_a_shell();
    tell_application(&session, "-TSTP");
    is_stopped_and_comes_back(&mut session);
}

#[test]
#[ignore = "needs bash and pkill"]
fn from_the_background_the_terminal_is_taken_only_in_the_foreground() {
    let mut session = in_a_shell();
    session.type_keys("\x1a");
    session.wait_for("\x1b[?1049l");
    session.wait_for("prompt> ");
    // Continued behind the back of the shell, whose line editor has the terminal in modes of its own.
    tell_application(&session, "-CONT");
    session.wait_until_stopped();
    // The shell hears of it only after the last thread has stopped.
    session.type_keys("while jobs | grep -q Running; do sleep 0.05; done; jobs\n");
    session.wait_for("Stopped");
    session.wait_for("prompt> ");
    session.type_keys("fg\n");
    session.wait_for("\x1b[?1049h");
    session.wait_to_see("CONTINUED");
    session.type_keys("q");
    session.wait_for("prompt> ");
    // What a program after this one finds: the line discipline of the shell's programs, not of its line editor.
    session.type_keys("stty -a\n");
    session.wait_for("icanon iexten echo echoe");
}

#[test]
#[ignore = "needs sh"]
fn with_a_captured_output_the_screen_is_drawn_on_the_controlling_terminal() {
    let pick = format!(
        "got=$({}); echo \"result $got\"",
        session::application().join(" ")
    );
    let shell = ["sh".to_owned(), "-c".to_owned(), pick];
    let mut session = Session::run(&shell, &[(ROLE, "pick")]);
    session.wait_to_see("READY");
    session.type_keys("q");
    session.wait_for("\x1b[?1049l");
    session.wait_for("result");
    session.wait_for("PICKED");
    assert_eq!(session.exit_within(LIMIT), Some(0));
    session.assert_restored_before("result");
}

#[test]
#[ignore = "measures time"]
fn a_waiting_program_uses_no_processor_time() {
    let mut session = Session::start("attend");
    session.wait_to_see("READY");
    let before = session.processor_ticks();
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(session.processor_ticks(), before);
    session.type_keys("q");
    assert_eq!(session.exit_within(LIMIT), Some(0));
}

#[test]
#[ignore = "needs setsid"]
fn without_any_terminal_there_is_a_clear_message() {
    let output = Command::new("setsid")
        .arg("--wait")
        .args(session::application())
        .env(ROLE, "pick")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("no terminal"), "{message}");
    assert!(!output.stdout.contains(&0x1b) && !message.contains('\x1b'));
}

#[test]
fn control_z_does_nothing_where_no_shell_would_continue_it() {
    let mut session = Session::start("attend");
    session.wait_to_see("READY");
    session.type_keys("\x1a");
    session.wait_to_see("NO SHELL");
    session.type_keys("q");
    assert_eq!(session.exit_within(LIMIT), Some(0));
}

#[test]
fn a_captured_output_is_refused_without_an_escape() {
    let command_line = session::application();
    let output = Command::new(&command_line[0])
        .args(&command_line[1..])
        .env(ROLE, "return")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.contains("standard output is not a terminal"),
        "{message}"
    );
}

#[test]
fn a_dumb_terminal_is_refused_without_an_escape() {
    let mut session = Session::run(
        &session::application(),
        &[(ROLE, "return"), ("TERM", "dumb")],
    );
    assert_eq!(session.exit_within(LIMIT), Some(2));
    let everything = session.everything();
    assert!(
        everything.contains("TERM=dumb") && !everything.contains('\x1b'),
        "{everything:?}"
    );
}
