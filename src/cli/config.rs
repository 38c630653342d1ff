//! `offprint config [--default | --path | --schema]`.

use clap::Args;
use serde_json::json;

use super::Global;
use super::failure::{Failure, say};
use super::library::config_of;
use super::output::Out;
use crate::config::{Config, schema};
use crate::core::text::scrub;

/// The configuration with every setting at its default, as comments.
const DEFAULT: &str = include_str!("../../assets/config.toml");

#[derive(Debug, Args)]
#[group(multiple = false)]
pub(super) struct Arguments {
    /// Print a commented configuration with every default
    #[arg(long)]
    default: bool,
    /// Print where the configuration is read from
    #[arg(long)]
    path: bool,
    /// Print the JSON Schema of the configuration, for editors that check and complete TOML
    #[arg(long)]
    schema: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    config: &Config,
    out: &mut Out,
) -> Result<(), Failure> {
    if arguments.default {
        return out.line(DEFAULT.trim_end());
    }
    if arguments.schema {
        return out.json(&schema::schema());
    }
    let path = config_of(global).ok_or_else(|| {
        Failure::Failed(
            "there is no configuration folder; set HOME, or name a file with --config".to_owned(),
        )
    })?;
    let shown = scrub(&path.to_string_lossy(), false);
    let exists = path.is_file();
    if out.is_json() {
        return out.json(&json!({"path": shown, "exists": exists, "problems": config.problems}));
    }
    out.line(&shown)?;
    if !arguments.path {
        let state = match (exists, config.problems.len()) {
            (false, _) => "not there: the defaults hold · offprint config --default prints them",
            (true, 0) => "read without a problem",
            (true, _) => "read; what is wrong is named above, and the defaults hold for it",
        };
        say(state);
    }
    Ok(())
}
