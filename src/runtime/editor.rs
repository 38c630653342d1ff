//! The reader's own editor on a text of theirs.
//!
//! The text goes through a file that nobody else can read. It is never lost: what the editor wrote and offprint cannot
//! take stays in that file, whose path is told, and the text from before stays where it was.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus};

use super::text_file::Left;
pub use super::text_file::TextFile;

/// What is tried where no variable names an editor.
const USUAL: [&str; 2] = ["vi", "nano"];

/// Why there is no editor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoEditor {
    /// No variable names one, and the usual ones are not installed.
    #[error("there is no editor; set VISUAL or EDITOR to one")]
    Unset,
    /// A variable cannot be split into words.
    #[error("{0} has a quotation mark without its partner; write it like EDITOR='code --wait'")]
    Quotes(&'static str),
    /// A variable is not text.
    #[error("{0} is not UTF-8")]
    NotText(&'static str),
}

/// The command that edits a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    program: String,
    arguments: Vec<String>,
}

impl Editor {
    /// The editor of `$VISUAL`, else `$EDITOR`, else a usual one that is installed.
    ///
    /// # Errors
    /// When none is named or installed, or the one named cannot be understood.
    pub fn from_process() -> Result<Editor, NoEditor> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        Editor::from_variables(
            |name| std::env::var_os(name),
            |program| {
                std::env::split_paths(&path).any(|folder| is_executable(&folder.join(program)))
            },
        )
    }

    /// [`Editor::from_process`] with these variables; `is_installed` tells whether a program can be found by its name.
    ///
    /// # Errors
    /// As there.
    pub fn from_variables(
        variable: impl Fn(&str) -> Option<OsString>,
        is_installed: impl Fn(&str) -> bool,
    ) -> Result<Editor, NoEditor> {
        for name in ["VISUAL", "EDITOR"] {
            let Some(value) = variable(name) else {
                continue;
            };
            let value = value.into_string().map_err(|_| NoEditor::NotText(name))?;
            if value.trim().is_empty() {
                continue;
            }
            // A path with a blank in it that somebody forgot to quote.
            let words = if Path::new(&value).is_absolute() && is_executable(Path::new(&value)) {
                vec![value]
            } else {
                shlex::split(&value).ok_or(NoEditor::Quotes(name))?
            };
            let mut words = words.into_iter();
            if let Some(program) = words.next().filter(|program| !program.is_empty()) {
                return Ok(Editor {
                    program,
                    arguments: words.collect(),
                });
            }
        }
        let usual = USUAL.into_iter().find(|program| is_installed(program));
        usual
            .map(|program| Editor {
                program: program.to_owned(),
                arguments: Vec::new(),
            })
            .ok_or(NoEditor::Unset)
    }

    /// What to call it in messages: the program without its folder.
    pub fn name(&self) -> &str {
        self.program.rsplit('/').next().unwrap_or(&self.program)
    }

    /// Edits the text of a file. `run` starts the command and waits for its end.
    pub fn edit(
        &self,
        file: TextFile,
        run: impl FnOnce(&mut Command) -> io::Result<ExitStatus>,
    ) -> Edit {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).arg(file.path());
        let ended = run(&mut command);
        let name = self.name();
        let trouble = match &ended {
            Ok(status) if status.success() => None,
            Ok(status) => Some(format!("{name} {}", words_for(*status))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Some(format!("{name}: there is no such editor; set EDITOR"))
            }
            Err(error) => Some(format!("{name}: {error}")),
        };
        let failed = |what: String, file: Option<TextFile>| Edit {
            outcome: Outcome::Failed(what),
            file,
        };
        let path = file.path().display().to_string();
        match (file.read(), trouble) {
            (Left::Text(text), None) if text.trim().is_empty() => Edit {
                outcome: Outcome::Emptied,
                file: Some(file),
            },
            (Left::Text(text), None) => Edit {
                outcome: Outcome::Text(text),
                file: Some(file),
            },
            (Left::Unchanged, None) => Edit {
                outcome: Outcome::Unchanged,
                file: Some(file),
            },
            (Left::Unchanged, Some(trouble)) => {
                file.discard();
                failed(format!("{trouble}; nothing was changed"), None)
            }
            (Left::Text(_), Some(trouble)) => failed(
                format!("{trouble}; the text from before stays, what was written is in {path}"),
                None,
            ),
            (Left::Unusable(why), trouble) => {
                let trouble = trouble
                    .map(|trouble| format!("{trouble}; "))
                    .unwrap_or_default();
                failed(
                    format!("{trouble}{why}: the text from before stays, the other is in {path}"),
                    None,
                )
            }
            (Left::Nothing(why), trouble) => {
                let trouble = trouble
                    .map(|trouble| format!("{trouble}; "))
                    .unwrap_or_default();
                failed(format!("{trouble}{why}; the text from before stays"), None)
            }
        }
    }
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

fn words_for(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with exit status {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "did not end well".to_owned(),
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Edit {
    /// The text, or why there is none.
    pub outcome: Outcome,
    /// The file, where it is no longer needed once the text is safe: to be discarded then.
    pub file: Option<TextFile>,
}

/// What the editor left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Another text.
    Text(String),
    /// The text as it was.
    Unchanged,
    /// Nothing, or blanks.
    Emptied,
    /// What happened, and where the text is.
    Failed(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn editor(visual: &str, editor: &str) -> Result<Editor, NoEditor> {
        Editor::from_variables(
            |name| {
                let value = if name == "VISUAL" { visual } else { editor };
                (!value.is_empty()).then(|| value.into())
            },
            |program| program == "nano",
        )
    }

    fn words(editor: &Editor) -> Vec<&str> {
        let arguments = editor.arguments.iter().map(String::as_str);
        std::iter::once(editor.program.as_str())
            .chain(arguments)
            .collect()
    }

    #[test]
    fn the_command_is_split_as_a_shell_splits_it_and_never_run_by_one() {
        let found = editor("", "code --wait").unwrap();
        assert_eq!(words(&found), ["code", "--wait"]);
        let found = editor("'/opt/My Editor/ed' -c \"set wrap\"", "vi").unwrap();
        assert_eq!(words(&found), ["/opt/My Editor/ed", "-c", "set wrap"]);
        assert_eq!(found.name(), "ed");
        let found = editor("vi; rm -rf $HOME", "").unwrap();
        assert_eq!(words(&found), ["vi;", "rm", "-rf", "$HOME"]);
        assert_eq!(editor("vi 'x", ""), Err(NoEditor::Quotes("VISUAL")));
    }

    #[test]
    fn visual_goes_before_editor_and_blank_ones_count_as_unset() {
        assert_eq!(words(&editor("a", "b").unwrap()), ["a"]);
        assert_eq!(words(&editor("  ", "b").unwrap()), ["b"]);
        assert_eq!(words(&editor("", "").unwrap()), ["nano"]);
        let none = Editor::from_variables(|_| None, |_| false);
        assert_eq!(none, Err(NoEditor::Unset));
    }

    /// What comes of a text when the "editor" does this to the file and ends with this status (as `wait` has it).
    fn edited(text: &str, status: i32, with: impl FnOnce(&Path)) -> (Outcome, bool, TextFileSeen) {
        let folder = tempfile::tempdir().unwrap();
        let file = TextFile::create(Some(folder.path()), "feng/../2026", text).unwrap();
        let path = file.path().to_owned();
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let edit = editor("ed", "").unwrap().edit(file, |command| {
            let last = command.get_args().last().unwrap().to_owned();
            with(Path::new(&last));
            Ok(ExitStatus::from_raw(status))
        });
        let is_kept_for_good = edit.file.is_none() && path.exists();
        (
            edit.outcome,
            is_kept_for_good,
            TextFileSeen {
                mode,
                name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            },
        )
    }

    struct TextFileSeen {
        mode: u32,
        name: String,
    }

    #[test]
    fn the_text_comes_back_as_it_was_written_without_the_line_end_that_editors_add() {
        let (outcome, _, seen) = edited("old\n", 0, |path| {
            assert_eq!(fs::read(path).unwrap(), b"old\n\n");
            fs::write(path, "  new\n\n").unwrap();
        });
        assert_eq!(outcome, Outcome::Text("  new\n".to_owned()));
        assert_eq!(seen.mode, 0o600);
        assert!(seen.name.starts_with("feng2026-") && seen.name.contains(".md"));
        let (outcome, ..) = edited("", 0, |path| fs::write(path, "one").unwrap());
        assert_eq!(outcome, Outcome::Text("one".to_owned()));
    }

    #[test]
    fn unchanged_and_empty_texts_are_told_apart_from_changes() {
        assert_eq!(edited("a", 0, |_| {}).0, Outcome::Unchanged);
        assert_eq!(edited("", 0, |_| {}).0, Outcome::Unchanged);
        assert_eq!(
            edited("a", 0, |path| fs::write(path, "a").unwrap()).0,
            Outcome::Unchanged
        );
        assert_eq!(
            edited("a", 0, |path| fs::write(path, "\n \n").unwrap()).0,
            Outcome::Emptied
        );
    }

    #[test]
    fn an_editor_that_fails_leaves_its_text_in_the_file_that_is_named() {
        let (outcome, kept, seen) = edited("a", 3 << 8, |path| fs::write(path, "b").unwrap());
        let Outcome::Failed(said) = outcome else {
            panic!("{outcome:?}")
        };
        assert!(
            said.contains("exit status 3") && said.contains(&seen.name),
            "{said}"
        );
        assert!(kept);
        let (outcome, kept, _) = edited("a", 9, |_| {});
        assert_eq!(
            outcome,
            Outcome::Failed("ed was ended by signal 9; nothing was changed".to_owned())
        );
        assert!(!kept);
    }

    #[test]
    fn what_is_not_utf_8_or_far_too_long_stays_in_the_file() {
        let (outcome, kept, seen) = edited("a", 0, |path| fs::write(path, b"ab\xff").unwrap());
        assert!(
            matches!(&outcome, Outcome::Failed(said)
            if said.contains("byte 2") && said.contains(&seen.name)),
            "{outcome:?}"
        );
        assert!(kept);
        let (outcome, kept, _) =
            edited("a", 0, |path| fs::write(path, vec![b'x'; 1 << 21]).unwrap());
        assert!(matches!(outcome, Outcome::Failed(_)) && kept);
    }

    #[test]
    fn a_file_that_is_gone_is_said_and_nothing_is_taken() {
        let (outcome, ..) = edited("a", 0, |path| fs::remove_file(path).unwrap());
        assert!(matches!(&outcome, Outcome::Failed(said) if said.contains("took the file away")));
    }
}
