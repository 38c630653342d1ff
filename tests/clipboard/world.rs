//! Displays, multiplexers and terminals to copy in.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use offprint::runtime::clipboard::Delivery;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

/// Marks the processes of one test, and tells them that they are started by it.
pub(crate) const MARK: &str = "OFFPRINT_TEST_MARK";
/// The clipboard setting.
pub(crate) const SETTING: &str = "OFFPRINT_TEST_SETTING";
/// The file that the copier's report is written to.
const REPORT: &str = "OFFPRINT_TEST_REPORT";
/// Whether the copier stays after it has reported.
const STAY: &str = "OFFPRINT_TEST_STAY";

const LIMIT: Duration = Duration::from_secs(30);

/// The variables that decide how texts are copied.
const ENVIRONMENT: [&str; 9] = [
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "WAYLAND_SOCKET",
    "SSH_CONNECTION",
    "SSH_TTY",
    "SSH_CLIENT",
    "TMUX",
    "STY",
    "TERM",
];

/// The arguments that start one entry of this program.
pub(crate) fn entry(name: &str, mark: &str) -> Vec<OsString> {
    // Skipping tests of that name changes nothing; it makes the process known by its command line.
    [name, "--exact", "--ignored", "--nocapture", "--skip", mark]
        .map(OsString::from)
        .to_vec()
}

#[track_caller]
pub(crate) fn wait_until(what: &str, come: impl Fn() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !come() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// The running processes (not the zombies) whose command line has the mark.
pub(crate) fn processes_with(mark: &str) -> Vec<PathBuf> {
    let processes = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    processes
        .map(|process| process.path())
        .filter(|path| {
            fs::read(path.join("cmdline")).is_ok_and(|line| {
                let line = String::from_utf8_lossy(&line).into_owned();
                line.starts_with('/') && line.split('\0').any(|word| word == mark)
            })
        })
        .collect()
}

pub(crate) struct Report {
    pub(crate) asked: Duration,
    pub(crate) answered: Duration,
    pub(crate) delivery: Delivery,
}

/// The copier's end: writes the escape sequence, as the drawing thread would, and the report.
pub(crate) fn finish(report: &Report) -> ! {
    if let Some(bytes) = &report.delivery.escape {
        let mut output = std::io::stdout();
        output.write_all(bytes).unwrap();
        output.flush().unwrap();
    }
    let path = PathBuf::from(std::env::var_os(REPORT).unwrap());
    let unfinished = path.with_extension("part");
    let text = format!(
        "{}\n{}\noutcome: {:?}\nescape: {:?}\n",
        report.asked.as_micros(),
        report.answered.as_micros(),
        report.delivery.outcome,
        report.delivery.escape
    );
    fs::write(&unfinished, text).unwrap();
    fs::rename(unfinished, path).unwrap();
    if std::env::var_os(STAY).is_some() {
        thread::sleep(LIMIT);
    }
    std::process::exit(0);
}

/// The program that copies, to be run in some surroundings.
pub(crate) struct Copier {
    pub(crate) mark: String,
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

impl Copier {
    pub(crate) fn new(name: &str) -> Self {
        let mark = format!("mark-{name}-{}", std::process::id());
        let folder = tempfile::tempdir().unwrap();
        let report = folder.path().join("report").display().to_string();
        let variables = vec![(MARK.to_owned(), mark.clone()), (REPORT.to_owned(), report)];
        Self {
            mark,
            folder,
            variables,
        }
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs to the end and returns the report.
    pub(crate) fn run(&mut self) -> String {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(entry("copier", &self.mark))
            .stdout(Stdio::null());
        for name in ENVIRONMENT {
            command.env_remove(name);
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        assert!(command.status().unwrap().success());
        self.report()
    }

    /// Runs in a terminal, which is closed while the program is still there.
    pub(crate) fn run_in_a_terminal_and_close_it(&mut self) -> String {
        self.variables.push((STAY.to_owned(), "1".to_owned()));
        let pair = native_pty_system().openpty(PtySize::default()).unwrap();
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args(entry("copier", &self.mark));
        for name in ENVIRONMENT {
            command.env_remove(name);
        }
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        let mut child = pair.slave.spawn_command(command).unwrap();
        let report = self.report();
        drop(pair);
        child.wait().unwrap();
        report
    }

    /// Waits for the report.
    pub(crate) fn report(&self) -> String {
        let path = self.folder.path().join("report");
        wait_until("the copier's report", || path.exists());
        fs::read_to_string(path).unwrap()
    }

    /// How long the call took that asked for the copy, and when the answer was there.
    pub(crate) fn times(&self) -> (Duration, Duration) {
        let report = self.report();
        let mut times = report
            .lines()
            .map(|line| Duration::from_micros(line.parse().unwrap()));
        (times.next().unwrap(), times.next().unwrap())
    }

    /// A shell command line that runs the copier with its variables, none of which needs quoting.
    fn shell_line(&self) -> String {
        let mut words = vec!["env".to_owned()];
        words.extend(
            self.variables
                .iter()
                .map(|(name, value)| format!("{name}={value}")),
        );
        words.push(std::env::current_exe().unwrap().display().to_string());
        words.extend(
            entry("copier", &self.mark)
                .into_iter()
                .map(|word| word.into_string().unwrap()),
        );
        words.join(" ")
    }
}

impl Drop for Copier {
    fn drop(&mut self) {
        for process in processes_with(&self.mark) {
            let number = process.file_name().unwrap().to_owned();
            let _ = Command::new("kill").arg(number).status();
        }
    }
}

/// An X server without a screen, on a display of its own choice.
pub(crate) struct Display {
    pub(crate) name: String,
    server: Child,
}

impl Display {
    pub(crate) fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "320x200x24", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = server.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let name = format!(":{}", line.trim().parse::<u32>().unwrap());
        Self { name, server }
    }

    fn xclip(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("timeout");
        command
            .args(["10", "xclip", "-selection", "clipboard"])
            .args(arguments);
        command.env("DISPLAY", &self.name);
        command
    }

    /// What another program pastes; `None` when it gets nothing.
    pub(crate) fn paste(&self, kind: &str) -> Option<String> {
        let output = self.xclip(&["-o", "-t", kind]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        output.status.success().then_some(text)
    }

    /// Another program copies.
    pub(crate) fn copy(&self, text: &str) {
        let mut child = self
            .xclip(&["-i"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        assert!(child.wait().unwrap().success());
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A tmux server of its own.
pub(crate) struct Tmux {
    socket: String,
}

impl Tmux {
    /// Starts it with the setting of `set-clipboard`, or tmux's own default.
    pub(crate) fn start(name: &str, set_clipboard: Option<&str>) -> Self {
        let tmux = Self {
            socket: format!("offprint-{name}-{}", std::process::id()),
        };
        tmux.tell(&["new-session", "-d", "-x", "80", "-y", "24", "sleep 60"]);
        if let Some(value) = set_clipboard {
            tmux.tell(&["set-option", "-s", "set-clipboard", value]);
        }
        tmux
    }

    fn command(&self) -> Command {
        let mut command = Command::new("tmux");
        command.args(["-L", &self.socket, "-f", "/dev/null"]);
        for name in ENVIRONMENT {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        command
    }

    #[track_caller]
    fn tell(&self, arguments: &[&str]) {
        assert!(self.command().args(arguments).status().unwrap().success());
    }

    /// Runs the copier in a window.
    pub(crate) fn run(&self, copier: &mut Copier) -> String {
        self.tell(&["new-window", &copier.shell_line()]);
        copier.report()
    }

    pub(crate) fn buffer(&self) -> String {
        let output = self.command().arg("show-buffer").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let _ = self.command().arg("kill-server").status();
    }
}

/// GNU screen in a terminal.
pub(crate) struct Screen;

impl Screen {
    /// Runs the copier in it and returns what screen wrote to its terminal.
    pub(crate) fn run(copier: &mut Copier) -> String {
        let size = PtySize {
            rows: 24,
            cols: 80,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new("screen");
        let line = format!("{}; sleep 0.5", copier.shell_line());
        command.args(["-c", "/dev/null", "sh", "-c", &line]);
        for name in ENVIRONMENT {
            command.env_remove(name);
        }
        command.env("TERM", "xterm");
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut output = pair.master.try_clone_reader().unwrap();
        let (sender, written) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // Ends with an error once screen has closed its terminal.
            let _ = output.read_to_end(&mut bytes);
            let _ = sender.send(bytes);
        });
        let bytes = written.recv_timeout(LIMIT);
        let _ = child.kill();
        let _ = child.wait();
        String::from_utf8_lossy(&bytes.unwrap()).into_owned()
    }
}
