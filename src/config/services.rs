//! `[services]`: where the services are, who asks, and where keys come from.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::settings::{Reader, Value, kind};
use crate::core::services::Service;

/// Where a key is read from when it is needed. A key itself is never written into the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A file that only its owner can read; `~/` is the home directory.
    File(String),
    /// A program that prints it, such as that of a keyring, with its arguments.
    Command(Vec<String>),
}

/// What is set about the services.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceSettings {
    /// The mail address that is sent along to services which ask for one.
    pub mailto: Option<String>,
    /// Base addresses in place of the usual ones, without a slash at the end.
    pub urls: BTreeMap<Service, String>,
    /// Where keys come from, by [`Service::key_code`].
    pub keys: BTreeMap<&'static str, KeySource>,
}

/// A base address without the slashes at its end; `None` where it is no web address.
pub fn base_address(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('/');
    let (scheme, rest) = text.split_once("://")?;
    let is_web = matches!(scheme, "http" | "https")
        && !rest.is_empty()
        && !rest.contains(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '@')
        });
    is_web.then(|| text.to_owned())
}

/// Whether a text is a mail address as far as anybody can tell without sending to it.
pub fn is_mail_address(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.ends_with('.'))
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// The keys of the table.
pub(super) fn names() -> Vec<String> {
    let mut names = vec!["mailto".to_owned()];
    names.extend(Service::ALL.map(|service| format!("{}_url", service.code())));
    let with_keys = Service::ALL.into_iter().filter(|one| one.takes_key());
    names.extend(with_keys.map(|service| format!("{}_key", service.key_code())));
    names
}

impl Reader<'_> {
    pub(super) fn services(&mut self, value: &Value<'_>) {
        let DeValue::Table(table) = value.get_ref() else {
            return self.problem(
                &value.span(),
                format!("services is {}", kind(value)),
                "write [services] and below it lines such as mailto = \"you@example.org\"",
            );
        };
        let names = names();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let of = |ending: &str| {
                let code = name.strip_suffix(ending)?;
                let is_it = |service: &Service| match ending {
                    "_key" => service.takes_key() && service.key_code() == code,
                    _ => service.code() == code,
                };
                Service::ALL.into_iter().find(is_it)
            };
            if name == "mailto" {
                self.mailto(value);
            } else if let Some(service) = of("_url") {
                self.service_url(service, value);
            } else if let Some(service) = of("_key") {
                self.service_key(service, value);
            } else {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                self.unknown(&key.span(), name, &names);
            }
        }
    }

    fn mailto(&mut self, value: &Value<'_>) {
        let Some(text) = self.text(value, "mailto") else {
            return;
        };
        if is_mail_address(text.trim()) {
            self.settings.services.mailto = Some(text.trim().to_owned());
        } else {
            self.problem(
                &value.span(),
                "mailto is no mail address".to_owned(),
                "write your own, such as \"you@example.org\"",
            );
        }
    }

    fn service_url(&mut self, service: Service, value: &Value<'_>) {
        let Some(text) = self.text(value, "an address") else {
            return;
        };
        match base_address(&text) {
            Some(url) => drop(self.settings.services.urls.insert(service, url)),
            None => self.problem(
                &value.span(),
                format!("this is no base address of {service}"),
                "write one that begins with https:// and has no ? in it, or leave the line out",
            ),
        }
    }

    fn service_key(&mut self, service: Service, value: &Value<'_>) {
        let source = match value.get_ref() {
            DeValue::Array(list) => {
                let words: Vec<String> = list
                    .iter()
                    .filter_map(|word| word.get_ref().as_str().map(str::to_owned))
                    .collect();
                let is_whole =
                    words.len() == list.len() && words.first().is_some_and(|word| !word.is_empty());
                is_whole.then_some(KeySource::Command(words))
            }
            DeValue::String(text) if text.contains('/') || text.starts_with('~') => {
                Some(KeySource::File(text.to_string()))
            }
            _ => None,
        };
        match source {
            Some(source) => drop(
                self.settings
                    .services
                    .keys
                    .insert(service.key_code(), source),
            ),
            // The text may be a key: it is not repeated.
            None => self.problem(
                &value.span(),
                "this is neither a file nor a command".to_owned(),
                "write the path of a file that only you can read, or [\"program\", \"argument\"]; keys themselves do not belong here",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    #[test]
    fn services_are_set_strictly() {
        let (settings, problems) = Settings::parse(
            "[services]\nmailto = \"a@example.org\"\ncrossref_url = \"http://127.0.0.1:9/\"\ns2_key = \"~/.keys/s2\"\nncbi_key = [\"pass\", \"ncbi\"]\n",
        );
        assert_eq!(problems, []);
        let services = settings.services;
        assert_eq!(services.mailto.as_deref(), Some("a@example.org"));
        assert_eq!(services.urls[&Service::Crossref], "http://127.0.0.1:9");
        assert_eq!(
            services.keys["s2"],
            KeySource::File("~/.keys/s2".to_owned())
        );
        assert_eq!(
            services.keys["ncbi"],
            KeySource::Command(vec!["pass".to_owned(), "ncbi".to_owned()])
        );
    }

    #[test]
    fn mistakes_keep_their_default_and_a_key_is_not_repeated() {
        let (settings, problems) = Settings::parse(
            "[services]\nmailto = \"nobody\"\ndoi_url = \"ftp://x\"\ns2_key = \"abcd1234\"\ncrosref_url = \"https://x.org\"\n",
        );
        assert_eq!(settings.services, ServiceSettings::default());
        let lines: Vec<String> = problems.iter().map(|one| one.one_line("c")).collect();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert!(!lines.iter().any(|line| line.contains("abcd1234")));
        assert!(
            lines
                .iter()
                .any(|line| line.ends_with("did you mean \"crossref_url\"?")),
            "{lines:?}"
        );
    }
}
