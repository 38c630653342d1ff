//! `[[action]]`: what the reader adds to the menu of quick actions.

use toml::de::DeValue;

use super::settings::{Reader, Value, kind};
use crate::core::actions::{PLACEHOLDERS, Template};
use crate::core::text::scrub;

/// A quick action of the reader's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The letter that chooses it in the menu.
    pub key: Option<char>,
    /// What the menu calls it.
    pub label: String,
    /// What it does.
    pub does: Does,
}

/// What an action does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Does {
    /// Opens a web address.
    Address(Template),
    /// Runs a program with arguments, without a shell. The program itself has no placeholder.
    Program(Vec<Template>),
}

/// The keys of an action.
const KEYS: [&str; 4] = ["key", "label", "url", "cmd"];

impl Reader<'_> {
    pub(super) fn actions(&mut self, value: &Value<'_>) {
        let DeValue::Array(list) = value.get_ref() else {
            return self.problem(
                &value.span(),
                format!("action is {}", kind(value)),
                "write [[action]] and below it label = \"…\" and url = \"https://…\"",
            );
        };
        for value in list {
            if let Some(action) = self.action(value) {
                self.settings.actions.push(action);
            }
        }
    }

    fn action(&mut self, value: &Value<'_>) -> Option<Action> {
        let DeValue::Table(table) = value.get_ref() else {
            self.problem(
                &value.span(),
                format!("an action is {}", kind(value)),
                "write [[action]] and below it label = \"…\" and url = \"https://…\"",
            );
            return None;
        };
        let (mut key, mut label, mut does, mut whole) = (None, None, Vec::new(), true);
        for (name, value) in table {
            match name.get_ref().as_ref() {
                "key" => {
                    let text = self.text(value, "key")?;
                    let mut letters = text.chars();
                    key = letters.next().filter(char::is_ascii_graphic);
                    if key.is_none() || letters.next().is_some() {
                        self.problem(
                            &value.span(),
                            "key is not one letter".to_owned(),
                            "write one letter, digit or sign: the menu of quick actions waits for no second",
                        );
                        whole = false;
                    }
                }
                "label" => {
                    let text = self.text(value, "label")?;
                    label = Some(scrub(text.trim(), false)).filter(|text| !text.is_empty());
                }
                "url" => {
                    let text = self.text(value, "url")?;
                    let template = self.template(value, &text);
                    let is_web = template.as_ref().is_none_or(|template| {
                        // The host is the reader's own word; only what follows comes from a paper.
                        let begin = template.beginning().to_ascii_lowercase();
                        let rest = ["https://", "http://"]
                            .iter()
                            .find_map(|scheme| begin.strip_prefix(scheme));
                        rest.is_some_and(|rest| rest.contains('/') && !rest.starts_with('/'))
                            || (rest.is_some_and(|rest| !rest.is_empty()) && !template.has_values())
                    });
                    if !is_web {
                        self.problem(
                            &value.span(),
                            "url is no web address".to_owned(),
                            "write one that begins with https:// and a host, such as \"https://example.org/{doi}\"",
                        );
                        whole = false;
                    }
                    whole &= template.is_some();
                    does.extend(template.map(Does::Address));
                }
                "cmd" => match self.program(value) {
                    Some(words) => does.push(Does::Program(words)),
                    None => whole = false,
                },
                other => {
                    self.unknown(&name.span(), other, &KEYS);
                    whole = false;
                }
            }
        }
        let (Some(label), [does], true) = (label, does.as_slice(), whole) else {
            if whole {
                self.problem(
                    &value.span(),
                    "an action without a label, or without exactly one of url and cmd".to_owned(),
                    "write label = \"…\" and either url = \"https://…\" or cmd = [\"program\", \"{doi}\"]",
                );
            }
            return None;
        };
        let does = does.clone();
        Some(Action { key, label, does })
    }

    fn program(&mut self, value: &Value<'_>) -> Option<Vec<Template>> {
        let words: Vec<String> = match value.get_ref() {
            DeValue::Array(list) => {
                let words = list.iter().filter_map(|word| word.get_ref().as_str());
                words.map(str::to_owned).collect::<Vec<_>>()
            }
            _ => Vec::new(),
        };
        let count = value.get_ref().as_array().map_or(0, |list| list.len());
        let program = words.first().filter(|_| words.len() == count);
        if program.is_none_or(|word| word.trim().is_empty() || word.contains(['{', '}'])) {
            self.problem(
                &value.span(),
                "cmd is not a program with its arguments".to_owned(),
                "write a list whose first word is a program: [\"zotero-add\", \"{doi}\"]; it is run without a shell",
            );
            return None;
        }
        words
            .iter()
            .map(|word| self.template(value, word))
            .collect()
    }

    fn template(&mut self, value: &Value<'_>, text: &str) -> Option<Template> {
        match Template::parse(text) {
            Ok(template) => Some(template),
            Err(error) => {
                let names: Vec<String> = PLACEHOLDERS
                    .iter()
                    .map(|(name, _)| format!("{{{name}}}"))
                    .collect();
                let hint = format!("there are {}; {{{{ is a brace", names.join(" "));
                self.problem(&value.span(), scrub(&error.to_string(), false), &hint);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    #[test]
    fn actions_are_read() {
        let (settings, problems) = Settings::parse(
            "[[action]]\nkey = \"z\"\nlabel = \"Scholar\"\nurl = \"https://example.org/?q={title}\"\n[[action]]\nlabel = \"Send\"\ncmd = [\"send\", \"--doi={doi}\", \"{key}\"]\n",
        );
        assert_eq!(problems, []);
        let labels: Vec<_> = settings
            .actions
            .iter()
            .map(|action| (action.key, action.label.as_str()))
            .collect();
        assert_eq!(labels, [(Some('z'), "Scholar"), (None, "Send")]);
        assert!(matches!(&settings.actions[1].does, Does::Program(words) if words.len() == 3));
    }

    #[test]
    fn a_wrong_action_is_left_out_with_one_problem() {
        for text in [
            "action = 3",
            "[action]\nlabel = \"x\"",
            "[[action]]\nlabel = \"x\"",
            "[[action]]\nurl = \"https://x.org/\"",
            "[[action]]\nlabel = \"x\"\nurl = \"file:///etc/passwd\"",
            "[[action]]\nlabel = \"x\"\nurl = \"https://{title}\"",
            "[[action]]\nlabel = \"x\"\nurl = \"https://x.org/{dio}\"",
            "[[action]]\nlabel = \"x\"\ncmd = \"rm {key}\"",
            "[[action]]\nlabel = \"x\"\ncmd = [\"{title}\"]",
            "[[action]]\nlabel = \"x\"\ncmd = []",
            "[[action]]\nlabel = \"x\"\ncmd = [\"a\", 3]",
            "[[action]]\nlabel = \"x\"\nkey = \"zz\"\nurl = \"https://x.org/\"",
            "[[action]]\nlabel = \"x\"\nurl = \"https://x.org/\"\ncmd = [\"a\"]",
            "[[action]]\nlable = \"x\"\nurl = \"https://x.org/\"",
        ] {
            let (settings, problems) = Settings::parse(text);
            assert_eq!((settings.actions.len(), problems.len()), (0, 1), "{text}");
        }
    }
}
