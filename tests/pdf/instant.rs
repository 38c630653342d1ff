//! Keys are answered at once whatever is being waited for: text, pictures, a model.

use std::fs;
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::screen;
use super::session::{Session, Start};
use super::terminals::KITTY;

/// A key is answered within this time at least once in so many tries: a busy machine may be late, a program that waits
/// for something else always is.
const AT_ONCE: Duration = Duration::from_millis(150);
const TRIES: usize = 6;

/// Asserts that keys that change the screen back and forth are answered at once.
fn keys_are_answered(session: &mut Session, there: (&str, &str), back: (&str, &str)) {
    let mut best = Duration::MAX;
    for _ in 0..TRIES {
        for (keys, shown) in [there, back] {
            let begun = Instant::now();
            session.type_keys(keys);
            session.shows(shown);
            best = best.min(begun.elapsed());
        }
    }
    assert!(best < AT_ONCE, "{best:?}");
}

/// The process that reads the PDF and was asked this, held still where it is. It goes on when this is dropped, should it
/// still be there.
struct Held(Pid);

impl Held {
    fn reader(session: &mut Session, asked: &str) -> Held {
        let parent = session.process();
        let mut held = None;
        session.waits_for("a reader of PDFs", |_| {
            held = reader_of(parent, asked);
            held.is_some_and(|pid| kill_process(pid, Signal::STOP).is_ok())
        });
        Held(held.unwrap())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = kill_process(self.0, Signal::CONT);
    }
}

fn reader_of(parent: u32, asked: &str) -> Option<Pid> {
    fs::read_dir("/proc").ok()?.flatten().find_map(|entry| {
        let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        let of: u32 = stat.rsplit(')').next()?.split(' ').nth(2)?.parse().ok()?;
        let words = fs::read(entry.path().join("cmdline")).ok()?;
        let words: Vec<&[u8]> = words.split(|byte| *byte == 0).collect();
        let is_it =
            of == parent && words.contains(&asked.as_bytes()) && words.contains(&&b"__pdf"[..]);
        is_it.then(|| Pid::from_raw(pid)).flatten()
    })
}

/// A session in which the PDF has been looked at, so that its reader is the next process.
fn looked_at(mut session: Session) -> Session {
    session.shows("An abstract.");
    session.type_keys("gp");
    session.shows(" pages");
    session
}

#[test]
fn keys_are_answered_while_text_is_read() {
    let mut session = looked_at(screen::session_with(
        &screen::paper(600).bytes(),
        (100, 30),
        &[],
    ));
    session.type_keys("P");
    let _held = Held::reader(&mut session, "text");
    let (help, back) = (("?", "Find papers by any words"), ("q", "Attention flows"));
    keys_are_answered(&mut session, help, back);
    // Whoever leaves does not wait for it either.
    session.type_keys("q");
    session.shows("COMMENTS 0");
    session.type_keys("hj");
    session.waits_for("the other paper", |session| {
        let text = session.text();
        text.lines()
            .any(|line| line.starts_with('▌') && line.contains("Another paper"))
    });
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
}

#[test]
fn keys_are_answered_while_pages_are_drawn() {
    let bytes = screen::paper(60).bytes();
    let mut session = looked_at(screen::session_with(&bytes, (170, 45), KITTY.environment));
    session.type_keys("P");
    session.waits_for("a question", |session| {
        String::from_utf8_lossy(&session.written).contains("\u{1b}_Gi=31")
    });
    session.type_keys(KITTY.answers);
    let _held = Held::reader(&mut session, "pictures");
    session.waits_for("the whole text", |session| {
        let text = session.text();
        text.contains("page 1 of ") && !text.contains("· reading ")
    });
    keys_are_answered(&mut session, ("l", "page 2 of "), ("h", "page 1 of "));
    session.type_keys("qq");
    assert_eq!(session.ends(), 0);
}

#[test]
fn keys_are_answered_while_a_model_is_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        // Every question is taken, and none is answered.
        let open: Vec<_> = listener.incoming().flatten().collect();
        drop(open);
    });
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("library.json"), screen::LIBRARY).unwrap();
    let config = home.path().join(".config/offprint");
    fs::create_dir_all(&config).unwrap();
    let text = format!("[model]\nurl = \"http://{address}/v1\"\nname = \"tiny\"\n");
    fs::write(config.join("config.toml"), text).unwrap();
    let start = Start {
        arguments: &["library.json"],
        size: (100, 30),
        ..Start::default()
    };
    let mut session = Session::start_in(home, env!("CARGO_BIN_EXE_offprint"), &start);
    session.shows("Attention flows");
    session.type_keys("I");
    session.shows("stays on this machine");
    session.type_keys("y");
    session.shows("asking tiny");
    keys_are_answered(&mut session, ("j", "2/2"), ("k", "1/2"));
    session.shows("asking tiny");
    session.type_keys("\u{1b}");
    session.shows("Fetching stopped");
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
}
