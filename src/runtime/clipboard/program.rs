//! Programs that take a text on standard input: tmux, and the user's own.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::Via;

/// How long a program may take.
const LIMIT: Duration = Duration::from_secs(1);

/// Gives the text to tmux, which passes it on to its terminal whatever its clipboard settings are; before tmux 3.2, which
/// does not know the option, to tmux's own buffer alone.
pub(super) fn tmux(text: &str) -> Result<Via, String> {
    for (options, via) in [
        (["load-buffer", "-w", "-"].as_slice(), Via::Tmux),
        (["load-buffer", "-"].as_slice(), Via::TmuxBuffer),
    ] {
        let mut command = Command::new("tmux");
        command.args(options);
        match feed(&mut command, text)? {
            End::Exited(status) if status.success() => return Ok(via),
            End::Exited(_) => {}
            End::Running(mut child) => {
                let _ = child.kill();
                reap(child);
                return Err("tmux does not answer".to_owned());
            }
        }
    }
    Err("tmux refused the text".to_owned())
}

/// Gives the text to the user's program. One that goes on running is taken to hold the selection itself.
pub(super) fn run(command: &[String], text: &str) -> Result<Via, String> {
    let Some((program, arguments)) = command.split_first() else {
        return Err("the clipboard command in the configuration is empty".to_owned());
    };
    let name = Path::new(program).file_name().map_or_else(
        || program.clone(),
        |name| name.to_string_lossy().into_owned(),
    );
    match feed(Command::new(program).args(arguments), text)? {
        End::Exited(status) if status.success() => {}
        End::Exited(status) => return Err(format!("{name} failed ({status})")),
        End::Running(child) => reap(child),
    }
    Ok(Via::Command(name))
}

enum End {
    Exited(ExitStatus),
    Running(Child),
}

/// Starts the program, gives it the text and waits up to [`LIMIT`] for its end. Its outputs go nowhere: a program that
/// stays in the background to hold the selection would keep a pipe open for ever.
fn feed(command: &mut Command, text: &str) -> Result<End, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{name}: {error}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        let text = text.to_owned();
        // On a thread: a program that does not read must not hold the caller past the limit. A failed write shows in
        // the program's exit status.
        thread::Builder::new()
            .name("feed".to_owned())
            .spawn(move || {
                let _ = stdin.write_all(text.as_bytes());
            })
            .map_err(|error| format!("cannot start a thread: {error}"))?;
    }
    let deadline = Instant::now() + LIMIT;
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(End::Exited(status)),
            Ok(None) if Instant::now() >= deadline => return Ok(End::Running(child)),
            Ok(None) => thread::sleep(pause),
            Err(error) => return Err(format!("{name}: {error}")),
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Waits for the program's end elsewhere, so that it does not stay as a zombie.
pub(super) fn reap(mut child: Child) {
    let _ = thread::Builder::new()
        .name("reap".to_owned())
        .spawn(move || child.wait());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &[&str]) -> Vec<String> {
        command.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn the_users_program_reads_the_text_and_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("copied");
        let command = words(&["/usr/bin/env", "tee", file.to_str().unwrap()]);
        let text = "Müller\n".repeat(20_000);
        assert_eq!(run(&command, &text), Ok(Via::Command("env".to_owned())));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    }

    #[test]
    fn a_program_that_fails_or_is_missing_is_an_error() {
        assert!(run(&words(&["false"]), "x").unwrap_err().contains("false"));
        let missing = run(&words(&["offprint-no-such-program"]), "x").unwrap_err();
        assert!(missing.contains("offprint-no-such-program"), "{missing}");
        assert!(run(&[], "x").is_err());
    }

    #[test]
    fn a_program_that_never_reads_does_not_hold_the_caller() {
        let before = Instant::now();
        let text = "x".repeat(1 << 20);
        let end = feed(Command::new("sleep").arg("30"), &text).unwrap();
        assert!(before.elapsed() < LIMIT * 5);
        let End::Running(mut child) = end else {
            panic!("sleep has ended");
        };
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
