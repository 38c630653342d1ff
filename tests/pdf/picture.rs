//! The picture of a page in a real terminal: xterm with sixels, on a display without a screen.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::paper::Paper;

const LIMIT: Duration = Duration::from_secs(40);

/// Ended with the test, whatever becomes of it.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The screen of a display that keeps it in a file (XWD, version 7: header, colours, rows of four bytes a pixel).
struct Screen {
    height: usize,
    row: usize,
    start: usize,
    bytes: Vec<u8>,
}

impl Screen {
    fn read(path: &Path) -> Screen {
        let bytes = fs::read(path).unwrap();
        let field = |at: usize| {
            let word: [u8; 4] = bytes[4 * at..4 * at + 4].try_into().unwrap();
            u32::from_be_bytes(word) as usize
        };
        Screen {
            height: field(5),
            row: field(12),
            start: field(0) + 12 * field(19),
            bytes,
        }
    }

    /// The share of pixels in a part of the screen that are all white, and of those that are neither white nor black.
    fn shares(&self, columns: std::ops::Range<usize>) -> (f64, f64) {
        let (mut white, mut grey, mut all) = (0, 0, 0);
        for y in 0..self.height {
            for x in columns.clone() {
                let at = self.start + y * self.row + 4 * x;
                let pixel = &self.bytes[at..at + 3];
                all += 1;
                white += usize::from(pixel.iter().all(|part| *part >= 250));
                grey += usize::from(pixel.iter().all(|part| (20..250).contains(part)));
            }
        }
        let share = |count: usize| count as f64 / f64::from(all);
        (share(white), share(grey))
    }
}

#[test]
#[ignore = "needs a display: Xvfb, xterm and xdotool"]
fn a_page_is_shown_as_a_picture_in_xterm() {
    let home = tempfile::tempdir().unwrap();
    let text = "Words that are set into lines and drawn on a page. ".repeat(60);
    let paper = Paper {
        sections: vec![("1 Introduction".to_owned(), text)],
        ..Paper::default()
    };
    let library = r#"[{"id": "a1", "type": "article-journal", "title": "Attention flows"}]"#;
    fs::write(home.path().join("library.json"), library).unwrap();
    fs::write(home.path().join("a.pdf"), paper.bytes()).unwrap();
    let attached = Command::new(env!("CARGO_BIN_EXE_offprint"))
        .args(["--library", "library.json", "attach", "a1", "a.pdf"])
        .current_dir(home.path())
        .env_clear()
        .env("HOME", home.path())
        .status()
        .unwrap();
    assert!(attached.success());
    let mut server = Command::new("Xvfb")
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1500x1000x24",
            "-nolisten",
            "tcp",
            "-fbdir",
        ])
        .arg(home.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut number = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut number)
        .unwrap();
    let display = format!(":{}", number.trim());
    let _server = Ended(server);
    let terminal = Command::new("xterm")
        .args([
            "-ti",
            "vt340",
            "-fa",
            "monospace",
            "-fs",
            "7",
            "-geometry",
            "170x45+0+0",
        ])
        .args([
            "-bg",
            "black",
            "-fg",
            "white",
            "-xrm",
            "*decGraphicsID: vt340",
            "-e",
        ])
        .arg(env!("CARGO_BIN_EXE_offprint"))
        .arg("library.json")
        .current_dir(home.path())
        .env("HOME", home.path())
        .env("DISPLAY", &display)
        .env_remove("TMUX")
        .env_remove("SSH_CONNECTION")
        .env_remove("SSH_TTY")
        .stderr(File::create(home.path().join("errors")).unwrap())
        .spawn()
        .unwrap();
    let _terminal = Ended(terminal);
    let screen = || Screen::read(&home.path().join("Xvfb_screen0"));
    // The third column of 170 cells of six pixels.
    let column = 720..1010;
    let begun = Instant::now();
    let wait = |what: &str, come: &dyn Fn() -> bool| {
        while !come() {
            assert!(begun.elapsed() < LIMIT, "waited in vain for {what}");
            thread::sleep(Duration::from_millis(100));
        }
    };
    wait("the app", &|| screen().shares(0..1000).1 > 0.001);
    thread::sleep(Duration::from_millis(500));
    let (before, _) = screen().shares(column.clone());
    assert!(before < 0.1, "white before: {before}");
    let keys = |keys: &[&str]| {
        let typed = Command::new("xdotool")
            .args(["mousemove", "400", "300", "key"])
            .args(keys)
            .env("DISPLAY", &display)
            .status()
            .unwrap();
        assert!(typed.success());
    };
    keys(&["P"]);
    // The page is white paper with grey letters on a black terminal.
    wait("the page", &|| screen().shares(column.clone()).0 > 0.25);
    let (white, grey) = screen().shares(column.clone());
    assert!(
        white < 0.95 && grey > 0.01,
        "a page with letters: {white} white, {grey} grey"
    );
    if let Some(folder) = std::env::var_os("OFFPRINT_KEEP_PICTURE") {
        fs::copy(
            home.path().join("Xvfb_screen0"),
            Path::new(&folder).join("page.xwd"),
        )
        .unwrap();
    }
    keys(&["q"]);
    wait("the page to go", &|| {
        screen().shares(column.clone()).0 < 0.1
    });
}
