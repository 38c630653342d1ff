//! `offprint completions SHELL` and `offprint man [DIR]`, made from the same tables as `--help`.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, ValueEnum};
use clap_complete::generate;

use super::failure::Failure;
use super::output::Out;
use crate::core::text::scrub;
use crate::runtime::source::reason;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Shell {
    Bash,
    Zsh,
    Fish,
    Nushell,
}

#[derive(Debug, Args)]
pub(super) struct CompletionArguments {
    /// The shell
    shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// Write the pages of the program and of each command into this folder, instead of printing that of the program
    folder: Option<PathBuf>,
}

pub(super) fn completions(arguments: &CompletionArguments, out: &mut Out) -> Result<(), Failure> {
    let mut command = super::Arguments::command();
    let mut script = Vec::new();
    let name = "offprint";
    let into = &mut script;
    match arguments.shell {
        Shell::Bash => generate(clap_complete::Shell::Bash, &mut command, name, into),
        Shell::Zsh => generate(clap_complete::Shell::Zsh, &mut command, name, into),
        Shell::Fish => generate(clap_complete::Shell::Fish, &mut command, name, into),
        Shell::Nushell => generate(clap_complete_nushell::Nushell, &mut command, name, into),
    }
    out.line(String::from_utf8_lossy(&script).trim_end())
}

pub(super) fn man(arguments: &ManArguments, out: &mut Out) -> Result<(), Failure> {
    let command = super::Arguments::command();
    let Some(folder) = &arguments.folder else {
        let mut page = Vec::new();
        let made = clap_mangen::Man::new(command).render(&mut page);
        made.map_err(|error| Failure::Failed(format!("man: {error}")))?;
        return out.line(String::from_utf8_lossy(&page).trim_end());
    };
    let shown = scrub(&folder.to_string_lossy(), false);
    let failed = |error: &std::io::Error| {
        Failure::Failed(format!(
            "{shown}: {}; name a folder that can be written",
            reason(error)
        ))
    };
    std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    clap_mangen::generate_to(command, folder).map_err(|error| failed(&error))?;
    out.line(&shown)
}
