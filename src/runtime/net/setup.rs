//! What a client is set up with: addresses, keys, limits.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::keys::Key;
use crate::config::services::{ServiceSettings, base_address, is_mail_address};
use crate::core::services::Service;

/// How long, how much and how often. Tests make them small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection stands.
    pub connect: Duration,
    /// From there until the answer begins.
    pub response: Duration,
    /// For one request with its answer.
    pub total: Duration,
    /// For one thing that is asked for, whatever services and attempts that takes.
    pub overall: Duration,
    /// For a PDF.
    pub download: Duration,
    /// Bytes of an answer, unpacked.
    pub body: u64,
    /// Bytes of a PDF.
    pub pdf: u64,
    /// Further attempts after the first.
    pub retries: u32,
    /// The wait before the second attempt; twice as long before the third.
    pub pause: Duration,
    /// The longest wait that a service may ask for.
    pub longest_wait: Duration,
    /// How long answers about items are kept.
    pub keep: Duration,
    /// Whether services are given the rest between requests that they ask for.
    pub is_paced: bool,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connect: Duration::from_secs(5),
            response: Duration::from_secs(10),
            total: Duration::from_secs(30),
            overall: Duration::from_secs(40),
            download: Duration::from_mins(3),
            body: 8 << 20,
            pdf: 100 << 20,
            retries: 2,
            pause: Duration::from_secs(1),
            longest_wait: Duration::from_secs(30),
            keep: Duration::from_hours(30 * 24),
            is_paced: true,
        }
    }
}

/// Everything that a client has to know.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// Base addresses in place of the usual ones.
    pub urls: BTreeMap<Service, String>,
    /// The mail address for services that ask who asks.
    pub mailto: Option<String>,
    /// Keys, by [`Service::key_code`].
    pub(super) keys: BTreeMap<&'static str, Key>,
    /// Limits.
    pub limits: Limits,
    /// Where answers are kept; `None` for nowhere.
    pub cache: Option<PathBuf>,
}

impl Setup {
    /// Out of the configuration, with what the environment says instead: `OFFPRINT_CROSSREF_URL`, `OFFPRINT_S2_KEY`,
    /// `OFFPRINT_MAILTO` and the like. Also gives what is wrong in the environment, a line each.
    pub fn new(
        settings: &ServiceSettings,
        variable: impl Fn(&str) -> Option<String>,
        cache: Option<PathBuf>,
    ) -> (Setup, Vec<String>) {
        let mut problems = Vec::new();
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let mut setup = Setup {
            urls: settings.urls.clone(),
            mailto: settings.mailto.clone(),
            keys: BTreeMap::new(),
            limits: Limits::default(),
            cache,
        };
        for service in Service::ALL {
            let name = format!("OFFPRINT_{}_URL", service.code().to_uppercase());
            match set(&name).map(|value| base_address(&value)) {
                Some(Some(url)) => drop(setup.urls.insert(service, url)),
                Some(None) => problems.push(format!(
                    "{name}: this is no base address; write one that begins with http:// or https://"
                )),
                None => {}
            }
            if !service.takes_key() {
                continue;
            }
            let code = service.key_code();
            let name = format!("OFFPRINT_{}_KEY", code.to_uppercase());
            let key = set(&name)
                .map(|value| Key::given(value.trim()))
                .or_else(|| settings.keys.get(code).map(Key::from_source));
            if let Some(key) = key {
                setup.keys.insert(code, key);
            }
        }
        if let Some(mailto) = set("OFFPRINT_MAILTO") {
            if is_mail_address(mailto.trim()) {
                setup.mailto = Some(mailto.trim().to_owned());
            } else {
                problems.push(
                    "OFFPRINT_MAILTO: this is no mail address; write your own, or nothing"
                        .to_owned(),
                );
            }
        }
        (setup, problems)
    }

    /// The base address of a service.
    pub(super) fn base(&self, service: Service) -> &str {
        self.urls
            .get(&service)
            .map_or(service.default_url(), String::as_str)
    }

    /// The rest that a service wants between two requests, as of 2026.
    pub(super) fn rest(&self, service: Service) -> Duration {
        if !self.limits.is_paced {
            return Duration::ZERO;
        }
        let has_key = self.keys.contains_key(service.key_code());
        Duration::from_millis(match service {
            Service::Crossref if self.mailto.is_some() => 100,
            Service::Crossref => 200,
            Service::Arxiv => 3000,
            Service::SemanticScholar => 1000,
            Service::PubMed if has_key => 100,
            Service::PubMed | Service::Ncbi => 340,
            Service::DataCite => 300,
            _ => 100,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_comes_before_the_configuration() {
        let mut settings = ServiceSettings::default();
        let address = "https://a.example.org".to_owned();
        settings.urls.insert(Service::Crossref, address.clone());
        settings.urls.insert(Service::DataCite, address);
        let variable = |name: &str| match name {
            "OFFPRINT_CROSSREF_URL" => Some("http://127.0.0.1:9/".to_owned()),
            "OFFPRINT_DOI_URL" => Some("nonsense".to_owned()),
            "OFFPRINT_MAILTO" => Some(" ".to_owned()),
            _ => None,
        };
        let (setup, problems) = Setup::new(&settings, variable, None);
        assert_eq!(setup.base(Service::Crossref), "http://127.0.0.1:9");
        assert_eq!(setup.base(Service::DataCite), "https://a.example.org");
        assert_eq!(setup.base(Service::Doi), "https://doi.org");
        assert_eq!(setup.mailto, None);
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0].starts_with("OFFPRINT_DOI_URL: "),
            "{problems:?}"
        );
    }

    #[test]
    fn what_is_promised_about_time_and_size_holds_unless_set_otherwise() {
        let limits = Limits::default();
        assert!(limits.overall <= Duration::from_secs(40));
        assert!(
            limits.total <= Duration::from_secs(30) && limits.response <= Duration::from_secs(10)
        );
        assert!(limits.connect <= Duration::from_secs(5));
        assert!(limits.body <= 8 << 20 && limits.retries <= 2 && limits.is_paced);
    }
}
