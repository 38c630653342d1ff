//! A small application on the guard, the reader of keys and the signals, in the roles that the tests need.

use std::io::Write;
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyModifiers};
use offprint::runtime::input::{self, Input};
use offprint::runtime::panics::catching;
use offprint::runtime::signals::{self, Signal};
use offprint::runtime::terminal::{
    AppTerminal, Options, Target, TerminalGuard, draw, terminal_available, write_escape,
};

enum Message {
    Input(Input),
    Signal(Signal),
}

/// Runs in the role and returns the exit status.
pub(crate) fn run(role: &str) -> i32 {
    let target = if role == "pick" {
        Target::ControllingTerminal
    } else {
        Target::Stdout
    };
    if let Err(reason) = terminal_available(target) {
        eprintln!("offprint: {reason}");
        return 2;
    }
    let (sender, messages) = channel();
    catch_signals(sender.clone());
    let options = Options {
        target,
        mouse: false,
    };
    let (guard, mut terminal) = TerminalGuard::enter(options).unwrap();
    let reader = input::spawn({
        move |input| {
            let _ = sender.send(Message::Input(input));
        }
    })
    .unwrap();
    show(&mut terminal, "READY");
    match role {
        "return" => 0,
        "panic" => panic!("the owner fell over"),
        "panic while drawing" => {
            draw(&mut terminal, |_| panic!("the painter fell over")).unwrap();
            0
        }
        "panic in a worker" => {
            let _ = thread::Builder::new()
                .name("librarian".to_owned())
                .spawn(|| panic!("the worker fell over"))
                .unwrap()
                .join();
            // The hook ends the program; this would be drawn if it did not.
            show(&mut terminal, "STILL HERE");
            thread::sleep(Duration::from_secs(60));
            0
        }
        "caught panic" => {
            let worker = thread::spawn(|| catching(|| -> u8 { panic!("a page is broken") }));
            let message = worker.join().unwrap().unwrap_err();
            show(&mut terminal, &format!("CAUGHT {message}"));
            0
        }
        "pick" => {
            let status = attend(&guard, &mut terminal, &reader, &messages);
            guard.leave();
            std::io::stdout().write_all(b"PICKED").unwrap();
            status
        }
        "stuck" => {
            thread::sleep(Duration::from_secs(60));
            0
        }
        _ => attend(&guard, &mut terminal, &reader, &messages),
    }
}

fn catch_signals(sender: Sender<Message>) {
    signals::spawn(move |signal| {
        let _ = sender.send(Message::Signal(signal));
    })
    .unwrap();
}

fn show(terminal: &mut AppTerminal, text: &str) {
    // Nothing can be shown any more once the terminal has gone; the tests look at what happens then.
    let _ = draw(terminal, |frame| frame.render_widget(text, frame.area()));
}

fn attend(
    guard: &TerminalGuard,
    terminal: &mut AppTerminal,
    reader: &input::Reader,
    messages: &Receiver<Message>,
) -> i32 {
    let mut letters = 0;
    for message in messages {
        match message {
            Message::Signal(Signal::Terminate(signal)) => {
                return i32::from(signals::exit_status(signal));
            }
            Message::Signal(Signal::Suspend) => {
                guard.stop().unwrap();
            }
            Message::Signal(Signal::Continue) => {
                guard.resume(terminal).unwrap();
                show(terminal, "CONTINUED");
            }
            Message::Input(Input::Key(key)) => match key.code {
                KeyCode::Char('q') => return 0,
                KeyCode::Char('z') if key.modifiers == KeyModifiers::CONTROL => {
                    let stopped = guard.stop().unwrap();
                    show(terminal, if stopped { "STOPPED" } else { "NO SHELL" });
                }
                KeyCode::Char('e') => {
                    let mut editor = Command::new("sh");
                    editor.args(["-c", "echo EDITOR; read line; echo \"GOT $line\""]);
                    let status = guard.lend(terminal, reader, &mut editor).unwrap();
                    show(terminal, &format!("EDITED {}", status.success()));
                }
                KeyCode::Char('m') => {
                    guard.set_mouse(true).unwrap();
                    show(terminal, "MOUSE");
                }
                KeyCode::Char('c') => {
                    write_escape(terminal, b"\x1b]52;c;eA==\x07").unwrap();
                }
                KeyCode::Char('a') => letters += 1,
                KeyCode::Char('?') => show(terminal, &format!("LETTERS {letters}")),
                _ => {}
            },
            Message::Input(Input::Paste(text)) => {
                show(terminal, &format!("PASTED {}", text.escape_debug()));
            }
            Message::Input(Input::Resize { width, height }) => {
                show(terminal, &format!("SIZE {width}x{height}"));
            }
            Message::Input(Input::Focus(focus)) => show(terminal, &format!("FOCUS {focus}")),
            Message::Input(Input::Mouse(_)) => {}
            Message::Input(Input::Closed) => return 1,
            Message::Input(Input::Failed(reason)) => {
                eprintln!("{reason}");
                return 1;
            }
        }
    }
    1
}
