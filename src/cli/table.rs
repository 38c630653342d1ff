//! `offprint keys`.

use serde_json::json;

use super::failure::Failure;
use super::output::{Field, Out};
use crate::app::command::{COMMANDS, Spec};
use crate::app::keymap::Keymap;
use crate::config::Config;

pub(super) fn run(config: &Config, out: &mut Out) -> Result<(), Failure> {
    let (keymap, _) = Keymap::new(&config.settings.keys);
    let keys = |spec: &Spec| -> Vec<String> {
        keymap
            .keys(spec.command)
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    if out.is_json() {
        return out.json_array(COMMANDS.iter().map(|spec| {
            let contexts: Vec<_> = spec
                .contexts
                .iter()
                .map(crate::app::command::Context::name)
                .collect();
            json!({
                "command": spec.name,
                "keys": keys(spec),
                "contexts": contexts,
                "help": spec.help,
            })
        }));
    }
    for spec in COMMANDS {
        out.row(&[
            Field::Head(&format!("{:<14}", keys(spec).join(" or "))),
            Field::Plain(&format!("{:<16}", spec.name)),
            Field::Dim(spec.help),
        ])?;
    }
    Ok(())
}
