//! `[model]`: the model that is asked for key findings, if the reader names one.

use toml::de::DeValue;

use super::services::base_address;
use super::settings::{Reader, Value, kind};
use crate::core::findings::Scope;
use crate::core::text::scrub;

/// A model behind an OpenAI-compatible address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelSettings {
    /// The base address, as `http://localhost:11434/v1`.
    pub url: String,
    /// The name of the model.
    pub name: String,
    /// The environment variable that holds the key, where one is needed.
    pub key_env: Option<String>,
    /// The name of the model that makes vectors of papers, if one is to be asked for them.
    pub embeddings: Option<String>,
    /// What of a paper is sent, where it has both.
    pub scope: Scope,
}

const KEYS: [&str; 5] = ["url", "name", "key_env", "embeddings", "scope"];

impl ModelSettings {
    /// The host with its port, as the reader is asked about it.
    pub fn host(&self) -> &str {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    /// Whether what is sent stays on this machine.
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        let is_number =
            |name: &str| (name.bytes()).all(|byte| byte.is_ascii_digit() || byte == b'.');
        name.eq_ignore_ascii_case("localhost")
            || name == "::1"
            // RFC 1122, 3.2.1.3: all of 127.0.0.0/8 is this machine.
            || (name.starts_with("127.") && is_number(name))
    }

    /// What the reader has to agree to before so many characters are sent for the first time.
    pub fn explained(&self, scope: Scope, characters: usize) -> String {
        let leaves = if self.is_loopback() {
            "stays on this machine"
        } else {
            "leaves this machine"
        };
        format!(
            "{}, {} characters, is sent to the model {} at {}: it {leaves}",
            scope.words(),
            crate::core::page::thousands(characters),
            self.name,
            self.host()
        )
    }
}

impl Reader<'_> {
    pub(super) fn model(&mut self, value: &Value<'_>) {
        let DeValue::Table(table) = value.get_ref() else {
            return self.problem(
                &value.span(),
                format!("model is {}", kind(value)),
                "write [model] and below it url = \"http://localhost:11434/v1\" and name = \"…\"",
            );
        };
        let (mut url, mut name, mut key_env, mut whole) = (None, None, None, true);
        let mut embeddings = None;
        let mut scope = Scope::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "url" => {
                    let text = self.text(value, "url").unwrap_or_default();
                    url = base_address(&text);
                    if url.is_none() {
                        whole = false;
                        self.problem(
                            &value.span(),
                            "this is no base address of a model".to_owned(),
                            "write one such as \"http://localhost:11434/v1\"",
                        );
                    }
                }
                "name" => {
                    let text = self.text(value, "name").unwrap_or_default();
                    name = Some(scrub(text.trim(), false)).filter(|text| !text.is_empty());
                }
                "embeddings" => {
                    let text = self.text(value, "embeddings").unwrap_or_default();
                    embeddings = Some(scrub(text.trim(), false)).filter(|text| !text.is_empty());
                }
                "key_env" => {
                    let text = self.text(value, "key_env").unwrap_or_default();
                    let is_name = !text.is_empty()
                        && text
                            .bytes()
                            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                    if is_name {
                        key_env = Some(text);
                    } else {
                        whole = false;
                        // The text may be a key: it is not repeated.
                        self.problem(
                            &value.span(),
                            "this is no name of an environment variable".to_owned(),
                            "write the name of the variable that holds the key, such as \"OPENAI_API_KEY\"",
                        );
                    }
                }
                "scope" => {
                    if let Some(name) = self.text(value, "scope") {
                        match Scope::named(&name) {
                            Some(named) => scope = named,
                            None => self.not_one_of(value, &name, &Scope::NAMES),
                        }
                    }
                }
                other => self.unknown(&key.span(), other, &KEYS),
            }
        }
        match (url, name) {
            (Some(url), Some(name)) if whole => {
                self.settings.model = Some(ModelSettings {
                    url,
                    name,
                    key_env,
                    embeddings,
                    scope,
                });
            }
            _ if !whole => {}
            _ => self.problem(
                &value.span(),
                "a model needs url and name".to_owned(),
                "write url = \"http://localhost:11434/v1\" and name = \"…\" below [model]",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn model(url: &str) -> ModelSettings {
        ModelSettings {
            url: url.to_owned(),
            name: "tiny".to_owned(),
            key_env: None,
            embeddings: None,
            scope: Scope::Abstract,
        }
    }

    #[test]
    fn a_model_is_named_whole_or_not_at_all() {
        let (settings, problems) = Settings::parse(
            "[model]\nurl = \"http://localhost:11434/v1/\"\nname = \"tiny\"\nkey_env = \"MY_KEY\"\nscope = \"pdf\"\nembeddings = \"small\"\n",
        );
        assert_eq!(problems, []);
        let named = settings.model.unwrap();
        assert_eq!(named.url, "http://localhost:11434/v1");
        assert_eq!(named.key_env.as_deref(), Some("MY_KEY"));
        assert_eq!(named.embeddings.as_deref(), Some("small"));
        assert_eq!(named.scope, Scope::Pdf);
        for (text, what) in [
            ("model = 1", "model is"),
            ("[model]\nurl = \"http://a.example\"", "needs url and name"),
            (
                "[model]\nurl = \"http://a.example\"\nname = \"x\"\nscope = \"all\"",
                "not one of abstract, pdf",
            ),
            (
                "[model]\nurl = \"nowhere\"\nname = \"x\"",
                "no base address",
            ),
            (
                "[model]\nurl = \"http://a.example\"\nname = \"x\"\nkey_env = \"sk-123\"",
                "no name of an environment",
            ),
            (
                "[model]\nurl = \"http://a.example\"\nname = \"x\"\nnome = \"y\"",
                "unknown key",
            ),
        ] {
            let (_, problems) = Settings::parse(text);
            let lines: Vec<String> = problems.iter().map(|one| one.one_line("c")).collect();
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(
                lines[0].contains(what) && !lines[0].contains("sk-123"),
                "{lines:?}"
            );
        }
        assert_eq!(Settings::parse("").0.model, None);
    }

    #[test]
    fn what_leaves_the_machine_is_said() {
        for url in [
            "http://localhost:1/v1",
            "http://127.0.0.1",
            "http://[::1]:8/v1",
        ] {
            assert!(
                model(url)
                    .explained(Scope::Pdf, 1234)
                    .ends_with("it stays on this machine"),
                "{url}"
            );
        }
        let far = model("https://api.example.org/v1");
        assert_eq!(
            far.explained(Scope::Abstract, 1234),
            "the abstract, 1,234 characters, is sent to the model tiny at api.example.org: it leaves this machine"
        );
        for url in [
            "http://localhost.evil.example",
            "http://127.evil.example",
            "http://[::2]/v1",
        ] {
            assert!(!model(url).is_loopback(), "{url}");
        }
    }
}
