//! Keys, pastes, mouse events and sizes without any sense, as many as are wanted.

use std::time::Duration;

use crate::session::{Session, Start};

/// Where services would be asked: nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9";
const SERVICES: [&str; 12] = [
    "OFFPRINT_CROSSREF_URL",
    "OFFPRINT_DATACITE_URL",
    "OFFPRINT_DOI_URL",
    "OFFPRINT_PUBMED_URL",
    "OFFPRINT_NCBI_URL",
    "OFFPRINT_EUROPEPMC_URL",
    "OFFPRINT_ARXIV_URL",
    "OFFPRINT_OPENALEX_URL",
    "OFFPRINT_S2_URL",
    "OFFPRINT_UNPAYWALL_URL",
    "OFFPRINT_OPENLIBRARY_URL",
    "OFFPRINT_ICITE_URL",
];

/// Everything but what leaves the program, stops it, or deletes papers.
const KEYS: [&str; 72] = [
    "j", "k", "g", "G", "/", "a", "e", "\r", "\t", "\x1b[Z", "z", "y", "Y", "b", "?", ":", "!",
    " ", "V", "5", "h", "l", "J", "K", "\x04", "\x15", "\x06", "\x02", "\x0f", "L", ";", "\x7f",
    "\x1b[B", "\x1b[A", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[5~", "\x1b[6~", "n", "N",
    "(", "*", "c", "t", "r", "S", "w", "Q", "s", "f", ".", "R", "4", "p", "1", "u", "\x12", "\x0c",
    "<", ">", "-", "=", "M", "m", "P", "\x13", "d", "x", "深", "é",
];

const PASTES: [&str; 6] = [
    "paste\rq",
    "10.1038/nature\n\n\u{1b}[31m",
    "深層学習 👩‍👩‍👧‍👦 ",
    "\u{202e}abc\0",
    "a\tb",
    "",
];

/// Numbers that look random, the same for the same seed (the constants are those of Numerical Recipes).
struct Numbers(u32);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % end
    }
}

fn number(name: &str, otherwise: u32) -> u32 {
    let given = std::env::var(name).ok();
    given
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

/// Memory of the process that is its own, in kB.
fn memory(session: &Session) -> u64 {
    let path = format!("/proc/{}/status", session.process());
    let status = std::fs::read_to_string(path).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("RssAnon:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// One event of any kind.
fn event(session: &mut Session, numbers: &mut Numbers, size: &mut (u16, u16)) {
    match numbers.below(40) {
        0 => {
            // Small screens have the edges, large ones the work.
            let most = [24, 130, 130, 500][numbers.below(4)];
            *size = (
                1 + numbers.below(most) as u16,
                1 + numbers.below(most) as u16,
            );
            session.resize(size.0, size.1);
        }
        1 | 2 => {
            let text = PASTES[numbers.below(PASTES.len())];
            session.type_keys(&format!("\x1b[200~{text}\x1b[201~"));
        }
        3..=9 => {
            let button = [0, 0, 0, 2, 32, 64, 65][numbers.below(7)];
            // Also beside the screen, as a terminal may say while its size changes.
            let (x, y) = (
                1 + numbers.below(usize::from(size.0) + 2),
                1 + numbers.below(usize::from(size.1) + 2),
            );
            let end = ['M', 'M', 'm'][numbers.below(3)];
            session.type_keys(&format!("\x1b[<{button};{x};{y}{end}"));
        }
        10 | 11 => {
            // Alone, for Esc and a key in one read are Alt and that key.
            std::thread::sleep(Duration::from_millis(15));
            session.type_keys("\x1b");
            std::thread::sleep(Duration::from_millis(15));
        }
        _ => session.type_keys(KEYS[numbers.below(KEYS.len())]),
    }
}

#[test]
fn random_keys_pastes_clicks_and_sizes_leave_the_terminal_whole() {
    let rounds = number("OFFPRINT_KEYS", 1000);
    let seed = number("OFFPRINT_SEED", 7);
    let mut environment: Vec<(&str, &str)> = SERVICES.iter().map(|name| (*name, NOWHERE)).collect();
    // No program is found: nothing is opened, nothing is edited elsewhere.
    environment.push(("PATH", "/nowhere"));
    let mut session = Session::start(&Start {
        environment: &environment,
        ..Start::default()
    });
    session.shows("Attention Is All You Need");
    session.type_keys("M");
    session.shows("Mouse on");
    let mut numbers = Numbers(seed);
    let mut size = (100, 30);
    let mut half_way = 0;
    for round in 0..rounds {
        event(&mut session, &mut numbers, &mut size);
        if round % 50 == 49 {
            // Now and then the program may catch up, so that no key is lost in the terminal's buffer.
            size = (100, 30);
            session.resize(size.0, size.1);
            session.rests();
            let end = round + 1 == rounds / 2 / 50 * 50;
            if end {
                half_way = memory(&session);
            }
        }
    }
    session.resize(100, 30);
    session.rests();
    let at_end = memory(&session);
    for _ in 0..12 {
        session.type_keys("\x1b");
        std::thread::sleep(Duration::from_millis(60));
    }
    session.shows("to search");
    session.type_keys("q");
    assert_eq!(session.ends(), 0, "seed {seed}");
    session.is_restored();
    let screen = session.screen();
    assert_eq!(screen.fgcolor(), vt100::Color::Default, "seed {seed}");
    assert_eq!(screen.bgcolor(), vt100::Color::Default, "seed {seed}");
    let is_styled = screen.bold() || screen.italic() || screen.underline() || screen.inverse();
    assert!(!is_styled, "seed {seed}");
    let written = String::from_utf8_lossy(&session.written).into_owned();
    for word in ["panicked", "failed inside offprint", "RUST_BACKTRACE"] {
        assert!(!written.contains(word), "seed {seed}: {word}");
    }
    // What stands on the screen, what can be undone and what was said takes some; more would be a leak.
    assert!(
        at_end < half_way * 3 / 2 + 16_384,
        "seed {seed}: {half_way} kB half-way, {at_end} kB at the end"
    );
    println!("seed {seed}: {half_way} kB half-way, {at_end} kB after {rounds} events");
}
