//! A program in a pseudo-terminal: what it wrote, what it left behind.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{Termios, tcgetattr};

/// Long enough for a machine that is busy with other things.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

#[derive(Default)]
struct Written {
    bytes: Mutex<Vec<u8>>,
    more: Condvar,
    closing: AtomicBool,
}

impl Written {
    fn lock(&self) -> MutexGuard<'_, Vec<u8>> {
        self.bytes.lock().unwrap()
    }
}

pub(crate) struct Session {
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    tty: Option<File>,
    before: Termios,
    child: Box<dyn Child + Send + Sync>,
    collector: Option<JoinHandle<()>>,
    written: Arc<Written>,
    /// Everything before this place has been looked at by `wait_for`.
    seen: usize,
}

/// The command line that runs the application in a role.
pub(crate) fn application() -> Vec<String> {
    let program = std::env::current_exe().unwrap();
    let arguments = ["application", "--exact", "--ignored", "--nocapture"];
    std::iter::once(program.display().to_string())
        .chain(arguments.map(str::to_owned))
        .collect()
}

impl Session {
    /// The application in a terminal of 80 by 24 cells.
    pub(crate) fn start(role: &str) -> Self {
        Self::run(&application(), &[(crate::ROLE, role)])
    }

    pub(crate) fn run(command_line: &[String], variables: &[(&str, &str)]) -> Self {
        let size = PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let tty = File::options()
            .read(true)
            .write(true)
            .custom_flags(i32::try_from(rustix::fs::OFlags::NOCTTY.bits()).unwrap())
            .open(pair.master.tty_name().unwrap())
            .unwrap();
        let before = tcgetattr(&tty).unwrap();
        let mut command = CommandBuilder::new(&command_line[0]);
        command.args(&command_line[1..]);
        command.env("TERM", "xterm-256color");
        command.env_remove("RUST_BACKTRACE");
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let written = Arc::new(Written::default());
        let mut output = pair.master.try_clone_reader().unwrap();
        let collected = Arc::clone(&written);
        let collector = thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                if collected.closing.load(Ordering::SeqCst) {
                    break;
                }
                collected.lock().extend_from_slice(&bytes[..count]);
                collected.more.notify_all();
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self {
            master: Some(pair.master),
            keys: Some(keys),
            tty: Some(tty),
            before,
            child,
            collector: Some(collector),
            written,
            seen: 0,
        }
    }

    pub(crate) fn type_keys(&mut self, keys: &str) {
        let terminal = self.keys.as_mut().unwrap();
        terminal.write_all(keys.as_bytes()).unwrap();
        terminal.flush().unwrap();
    }

    /// Waits until `text` has been written, after what was waited for before.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) {
        let seen = self.seen;
        self.wait(text, |bytes| find(&bytes[seen..], text).is_some());
        let bytes = self.written.lock();
        self.seen = seen + find(&bytes[seen..], text).unwrap() + text.len();
    }

    /// Waits until `text` is on the screen.
    #[track_caller]
    pub(crate) fn wait_to_see(&mut self, text: &str) {
        self.wait(text, |bytes| {
            let mut screen = vt100::Parser::default();
            screen.process(bytes);
            screen.screen().contents().contains(text)
        });
        self.seen = self.written.lock().len();
    }

    #[track_caller]
    fn wait(&self, text: &str, come: impl Fn(&[u8]) -> bool) {
        let (bytes, wait) = self
            .written
            .more
            .wait_timeout_while(self.written.lock(), LIMIT, |bytes| !come(bytes))
            .unwrap();
        let new = String::from_utf8_lossy(&bytes[self.seen..]).into_owned();
        drop(bytes);
        assert!(!wait.timed_out(), "no {text:?} in {new:?}");
    }

    /// The number of the process that was started.
    pub(crate) fn process(&self) -> i32 {
        i32::try_from(self.child.process_id().unwrap()).unwrap()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = self.process();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    /// The processor time that the program has used, in clock ticks of a hundredth of a second.
    pub(crate) fn processor_ticks(&self) -> u64 {
        let path = format!("/proc/{}/stat", self.process());
        let text = std::fs::read_to_string(path).unwrap();
        // The fields after the name in brackets begin with the third; user and system time are the 14th and 15th.
        let fields: Vec<&str> = text
            .rsplit(')')
            .next()
            .unwrap()
            .split_whitespace()
            .collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }

    /// Waits until the one child of the program is stopped.
    pub(crate) fn wait_until_stopped(&self) {
        let number = self.process();
        let children = format!("/proc/{number}/task/{number}/children");
        let child = std::fs::read_to_string(children).unwrap();
        let path = format!("/proc/{}/stat", child.trim());
        let deadline = Instant::now() + LIMIT;
        while !std::fs::read_to_string(&path).unwrap().contains(") T ") {
            assert!(Instant::now() < deadline, "still running");
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn resize(&self, cols: u16, rows: u16) {
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.as_ref().unwrap().resize(size).unwrap();
    }

    /// Closes the terminal's window, as it were.
    pub(crate) fn close(&mut self) {
        self.written.closing.store(true, Ordering::SeqCst);
        // Wakes the collecting thread, whose end of the terminal has to be closed too.
        self.tty.take().unwrap().write_all(b"x").unwrap();
        self.collector.take().unwrap().join().unwrap();
        self.keys = None;
        self.master = None;
    }

    /// Waits for the program's end; returns its exit status, or `None` when it runs on after `limit`.
    pub(crate) fn exit_within(&mut self, limit: Duration) -> Option<u32> {
        let deadline = Instant::now() + limit;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status.exit_code());
            }
            thread::sleep(Duration::from_millis(5));
        }
        None
    }

    /// Everything written. The program must have ended.
    pub(crate) fn everything(&mut self) -> String {
        // Another mark of our own at the end of the stream shows that everything before it has been read.
        let mark = "\x1b_end of test\x1b\\";
        self.tty
            .as_ref()
            .unwrap()
            .write_all(mark.as_bytes())
            .unwrap();
        self.wait_for(mark);
        let bytes = self.written.lock();
        String::from_utf8_lossy(&bytes).replace(mark, "")
    }

    /// Whether the line discipline is as it was before the program started.
    #[track_caller]
    pub(crate) fn assert_cooked(&self) {
        let now = tcgetattr(self.tty.as_ref().unwrap()).unwrap();
        assert_eq!(now.input_modes, self.before.input_modes);
        assert_eq!(now.output_modes, self.before.output_modes);
        assert_eq!(now.control_modes, self.before.control_modes);
        assert_eq!(now.local_modes, self.before.local_modes);
    }

    /// Checks that every mode that was switched on is off again, and the cursor visible.
    #[track_caller]
    pub(crate) fn assert_restored(&mut self) {
        let everything = self.everything();
        self.assert_undone(&everything);
    }

    /// The same for what was written before `word`.
    #[track_caller]
    pub(crate) fn assert_restored_before(&mut self, word: &str) {
        let everything = self.everything();
        let (before, _) = everything.rsplit_once(word).unwrap();
        self.assert_undone(before);
    }

    #[track_caller]
    fn assert_undone(&self, everything: &str) {
        self.assert_cooked();
        let modes = modes(everything);
        for mode in ["1049", "2004", "1004"] {
            assert_eq!(
                modes.get(mode),
                Some(&false),
                "mode {mode} in {everything:?}"
            );
        }
        assert_eq!(modes.get("25"), Some(&true), "the cursor in {everything:?}");
        for mouse in ["1000", "1002", "1003", "1006", "1015"] {
            assert_ne!(modes.get(mouse), Some(&true), "mode {mouse}");
        }
        assert_ne!(modes.get("2026"), Some(&true));
        let tail = everything.rsplit("\x1b[?1049l").next().unwrap();
        assert!(
            !tail.contains('\x1b'),
            "written after the restore: {tail:?}"
        );
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn find(bytes: &[u8], text: &str) -> Option<usize> {
    bytes
        .windows(text.len())
        .position(|window| window == text.as_bytes())
}

/// The last state of each private mode (CSI ? … h or l) that was set.
fn modes(written: &str) -> BTreeMap<&str, bool> {
    written
        .split("\x1b[?")
        .skip(1)
        .filter_map(|sequence| {
            let end = sequence.find(|c: char| !c.is_ascii_digit())?;
            match sequence[end..].chars().next()? {
                'h' => Some((&sequence[..end], true)),
                'l' => Some((&sequence[..end], false)),
                _ => None,
            }
        })
        .collect()
}
