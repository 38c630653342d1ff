//! The program in a pseudo-terminal, with the screen that it draws.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

/// Longer than anything takes on a busy machine.
pub const LIMIT: Duration = Duration::from_secs(20);

pub struct Session {
    pub home: TempDir,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    /// Everything that was written to the terminal.
    pub written: Vec<u8>,
}

pub struct Start<'a> {
    pub arguments: &'a [&'a str],
    pub size: (u16, u16),
    pub environment: &'a [(&'a str, &'a str)],
}

impl Default for Start<'_> {
    fn default() -> Self {
        Start {
            arguments: &[],
            size: (100, 30),
            environment: &[],
        }
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

impl Session {
    pub fn example() -> Session {
        Session::start(&Start::default())
    }

    pub fn start(start: &Start<'_>) -> Session {
        let home = TempDir::new().unwrap();
        Session::start_in(home, env!("CARGO_BIN_EXE_offprint"), start)
    }

    pub fn start_in(home: TempDir, program: &str, start: &Start<'_>) -> Session {
        let (cols, rows) = start.size;
        let pair = native_pty_system()
            .openpty(PtySize {
                rows,
                cols,
                pixel_width: 0,
                pixel_height: 0,
            })
            .unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(start.arguments);
        command.env_clear();
        command.cwd(home.path());
        command.env("HOME", home.path());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("TERM", "xterm-256color");
        for (name, value) in start.environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 8192];
            while let Ok(count) = reader.read(&mut bytes) {
                if count == 0 || sender.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Session {
            home,
            child,
            master: pair.master,
            keys,
            output,
            screen: vt100::Parser::new(cells(rows), cells(cols), 0),
            written: Vec::new(),
        }
    }

    pub fn type_keys(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.screen.screen_mut().set_size(cells(rows), cells(cols));
        self.master
            .resize(PtySize {
                rows,
                cols,
                pixel_width: 0,
                pixel_height: 0,
            })
            .unwrap();
    }

    /// Takes what has come; `false` when the program's side is closed.
    fn take(&mut self, wait: Duration) -> bool {
        match self.output.recv_timeout(wait) {
            Ok(bytes) => {
                self.screen.process(&bytes);
                self.written.extend(bytes);
                true
            }
            Err(RecvTimeoutError::Timeout) => true,
            Err(RecvTimeoutError::Disconnected) => false,
        }
    }

    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    pub fn screen(&self) -> &vt100::Screen {
        self.screen.screen()
    }

    /// Waits until the screen shows a text.
    #[track_caller]
    pub fn shows(&mut self, wanted: &str) {
        self.waits_for(wanted, |session| session.text().contains(wanted));
    }

    #[track_caller]
    pub fn waits_for(&mut self, what: &str, mut is_so: impl FnMut(&Session) -> bool) {
        let end = Instant::now() + LIMIT;
        while !is_so(self) {
            let alive = self.take(Duration::from_millis(20));
            assert!(
                alive || is_so(self),
                "ended without {what}:\n{}",
                self.text()
            );
            assert!(Instant::now() < end, "never {what}:\n{}", self.text());
        }
    }

    /// Waits until the program has done what it was asked for: it uses no processor any more.
    #[track_caller]
    pub fn rests(&mut self) {
        let end = Instant::now() + LIMIT * 3;
        let mut before = self.cpu();
        loop {
            self.take(Duration::from_millis(40));
            let now = self.cpu();
            if now == before {
                return;
            }
            before = now;
            assert!(Instant::now() < end, "it never rests:\n{}", self.text());
        }
    }

    /// Waits for the end; the exit status.
    #[track_caller]
    pub fn ends(&mut self) -> u32 {
        let end = Instant::now() + LIMIT;
        loop {
            self.take(Duration::from_millis(10));
            if let Some(status) = self.child.try_wait().unwrap() {
                // The terminal's other end is closed once all that was written has been read.
                while self.take(Duration::from_millis(50)) && Instant::now() < end {}
                return status.exit_code();
            }
            assert!(Instant::now() < end, "it never ended:\n{}", self.text());
        }
    }

    pub fn process(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_raw(self.process() as i32).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Nanoseconds of CPU time of all threads.
    pub fn cpu(&self) -> u64 {
        let tasks = format!("/proc/{}/task", self.process());
        std::fs::read_dir(tasks)
            .unwrap()
            .flatten()
            .filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok())
            .filter_map(|stat| stat.split(' ').next()?.parse::<u64>().ok())
            .sum()
    }

    /// The modes are as they were before the program came.
    #[track_caller]
    pub fn is_restored(&mut self) {
        let screen = self.screen.screen();
        assert!(
            !screen.alternate_screen(),
            "the alternate screen is still on"
        );
        assert!(!screen.bracketed_paste(), "bracketed paste is still on");
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        let mouse = screen.mouse_protocol_mode();
        assert_eq!(mouse, vt100::MouseProtocolMode::None, "the mouse");
        let written = String::from_utf8_lossy(&self.written);
        assert!(written.rfind("\x1b[?1049l") > written.rfind("\x1b[?1049h"));
    }

    pub fn path(&self) -> &Path {
        self.home.path()
    }

    /// The home directory, for a session after this one.
    pub fn into_home(mut self) -> TempDir {
        std::mem::replace(&mut self.home, TempDir::new().unwrap())
    }

    /// Whether the program has the mouse.
    pub fn has_mouse(&self) -> bool {
        self.screen.screen().mouse_protocol_mode() != vt100::MouseProtocolMode::None
    }

    /// Where a text stands first on the screen: column and row, from 0.
    #[track_caller]
    pub fn place_of(&self, wanted: &str) -> (u16, u16) {
        let screen = self.screen.screen();
        let (rows, columns) = screen.size();
        let (rows, columns) = (rows.get(), columns.get());
        for row in 0..rows {
            for column in 0..columns {
                let rest: String = (column..columns)
                    .filter_map(|column| screen.cell(row, column))
                    .map(|cell| {
                        if cell.has_contents() {
                            cell.contents()
                        } else {
                            " "
                        }
                    })
                    .collect();
                if rest.starts_with(wanted) {
                    return (column, row);
                }
            }
        }
        panic!("no {wanted} on the screen:\n{}", self.text());
    }

    /// Presses the left button at a cell and lets it go.
    pub fn click(&mut self, column: u16, row: u16) {
        let (x, y) = (column + 1, row + 1);
        self.type_keys(&format!("\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m"));
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}
