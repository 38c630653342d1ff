//! `offprint help [TOPIC]`: the README's chapters and the help of the commands.

use clap::{Args, CommandFactory as _};
use serde_json::json;

use super::failure::Failure;
use super::output::{Field, Out};
use crate::config::nearest;

const README: &str = include_str!("../../README.md");

/// Topics: the word for it, and the chapter of the README.
const TOPICS: [(&str, &str); 19] = [
    ("run", "Run"),
    ("features", "What you can do"),
    ("screen", "The screen and the mouse"),
    ("keys", "Keys"),
    ("queries", "Finding papers"),
    ("libraries", "Libraries"),
    ("notes", "Your reading list"),
    ("pdf", "PDFs"),
    ("scripts", "The command line"),
    ("services", "Asking services"),
    ("model", "Asking a model"),
    ("import", "Papers in"),
    ("export", "Taking papers out"),
    ("duplicates", "Papers that are there twice"),
    ("editor", "Citing from the editor"),
    ("config", "Configuration"),
    ("speed", "How fast it is"),
    ("quality", "How well it finds"),
    ("changes", "Changes"),
];

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A topic or a command
    topic: Option<String>,
}

/// A chapter of the README without its head and its pictures.
fn chapter(head: &str) -> Option<String> {
    let (_, text) = README.split_once(&format!("\n## {head}\n"))?;
    let text = text.split("\n## ").next().unwrap_or_default();
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("![") && !line.starts_with("<!--"));
    let text: Vec<&str> = lines.collect();
    Some(text.join("\n").trim().to_owned())
}

pub(super) fn run(arguments: &Arguments, out: &mut Out) -> Result<(), Failure> {
    let mut command = super::Arguments::command();
    let Some(topic) = &arguments.topic else {
        if out.is_json() {
            return out.json_array(
                TOPICS
                    .iter()
                    .map(|(topic, head)| json!({"topic": topic, "about": head})),
            );
        }
        out.line(&command.render_help().to_string())?;
        out.line("Topics, for offprint help TOPIC:")?;
        for (topic, head) in TOPICS {
            out.row(&[Field::Head(&format!("  {topic:<12}")), Field::Plain(head)])?;
        }
        return Ok(());
    };
    let found = TOPICS.iter().find(|(name, _)| name == topic);
    let has_command = command.find_subcommand(topic).is_some();
    if let Some((_, head)) = found {
        let text = chapter(head).unwrap_or_default();
        if out.is_json() {
            return out.json(&json!({"topic": topic, "about": head, "text": text}));
        }
        out.row(&[Field::Head(head)])?;
        out.line("")?;
        out.line(&text)?;
        if has_command {
            out.line(&format!(
                "\noffprint {topic} --help prints the options of the command."
            ))?;
        }
        return Ok(());
    }
    command.build();
    if let Some(sub) = command.find_subcommand_mut(topic) {
        return out.line(&sub.render_long_help().to_string());
    }
    let commands: Vec<&str> = command
        .get_subcommands()
        .map(clap::Command::get_name)
        .collect();
    let names = TOPICS.iter().map(|(name, _)| *name).chain(commands);
    let hint = nearest(topic, names).map_or_else(
        || "offprint help lists the topics".to_owned(),
        |near| format!("did you mean {near}?"),
    );
    Err(Failure::Usage(format!(
        "help: there is no topic \"{}\"; {hint}",
        crate::core::text::scrub(topic, false)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_a_chapter_and_every_chapter_a_topic() {
        for (topic, head) in TOPICS {
            let text = chapter(head);
            assert!(text.is_some_and(|text| text.len() > 40), "{topic}");
        }
        let heads = README.lines().filter_map(|line| line.strip_prefix("## "));
        for head in heads.filter(|head| !["Test", "Licence"].contains(head)) {
            assert!(TOPICS.iter().any(|(_, known)| *known == head), "{head}");
        }
    }
}
