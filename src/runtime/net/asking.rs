//! The client: a question to a service with its attempts, its rests and its redirections.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::Agent;

use super::cache::Cache;
use super::error::{Problem, Trouble};
use super::exchange::{Answer, Request, agent, exchange};
use super::outcome::{of_broken, of_status, unasked};
use super::redirect::{host, is_downgrade, origin, resolved};
use super::setup::Setup;
use crate::core::services::{Service, Unusable, encoded};
use crate::runtime::store::wall_clock_ms;

/// Redirections that are followed.
const MOST_REDIRECTIONS: u32 = 5;
/// How often a wait looks whether it is still wanted.
const LOOK: Duration = Duration::from_millis(20);

/// Who asks: until when, whether still, and who is told what is going on.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// Whether the answer is not wanted any more.
    pub cancelled: &'a (dyn Fn() -> bool + Sync),
    /// Told whom is being asked: "Crossref …".
    pub progress: &'a (dyn Fn(&str) + Sync),
}

impl Asking<'_> {
    /// For those who wait, whatever happens.
    pub const PATIENT: Asking<'static> = Asking {
        cancelled: &|| false,
        progress: &|_| {},
    };
}

/// A question under way.
#[derive(Clone, Copy)]
pub(super) struct Course<'a> {
    pub(super) asking: Asking<'a>,
    pub(super) deadline: Instant,
    /// Answers kept since then do, in ms since 1970.
    pub(super) since: u64,
}

/// A part of an address or a header that only one host may see.
#[derive(Clone, Copy)]
struct Secret<'a> {
    text: &'a str,
    header: bool,
}

/// Asks the services. Clones share rests, keys and kept answers.
#[derive(Clone)]
pub struct Client {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) setup: Setup,
    agent: Agent,
    /// When each host may be asked next.
    next: Mutex<BTreeMap<String, Instant>>,
    cache: Option<Cache>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Client {
    /// A client; nothing is asked yet.
    pub fn new(setup: Setup) -> Client {
        let limits = &setup.limits;
        let cache = setup
            .cache
            .clone()
            .map(|folder| Cache::new(folder, limits.keep, limits.body));
        Client {
            shared: Arc::new(Shared {
                agent: agent(limits),
                cache,
                next: Mutex::default(),
                setup,
            }),
        }
    }

    /// The mail address that is sent along.
    pub fn mailto(&self) -> Option<&str> {
        self.shared.setup.mailto.as_deref()
    }

    pub(super) fn base(&self, service: Service) -> &str {
        self.shared.setup.base(service)
    }

    pub(super) fn course<'a>(&self, asking: &Asking<'a>) -> Course<'a> {
        Course {
            asking: *asking,
            deadline: Instant::now() + self.shared.setup.limits.overall,
            since: 0,
        }
    }

    /// Asks a service and understands its answer; gives that, and when it came, in ms since 1970.
    pub(super) fn ask<T>(
        &self,
        service: Service,
        url: &str,
        accept: &'static str,
        course: &Course<'_>,
        parse: impl Fn(&[u8]) -> Result<T, Unusable>,
    ) -> Result<(T, u64), Problem> {
        let now = wall_clock_ms();
        if let Some(cache) = &self.shared.cache
            && let Some((body, at)) = cache.find(url, now)
            && at >= course.since
            && let Ok(parsed) = parse(&body)
        {
            return Ok((parsed, at));
        }
        let key = self.key(service)?;
        (course.asking.progress)(service.name());
        let answer = self.attempts(service, url, accept, key, course)?;
        let parsed = parse(&answer.body).map_err(|unusable| match unusable {
            Unusable::Absent => Problem::new(service.name(), Trouble::Absent, "does not know it"),
            Unusable::Unreadable(what) => Problem::new(service.name(), Trouble::Unusable, what),
        })?;
        let at = wall_clock_ms();
        if let Some(cache) = &self.shared.cache {
            cache.keep(url, at, &answer.body);
        }
        Ok((parsed, at))
    }

    fn key(&self, service: Service) -> Result<Option<&str>, Problem> {
        let key = self
            .shared
            .setup
            .keys
            .get(service.key_code())
            .filter(|_| service.takes_key());
        key.map(|key| {
            key.get().map_err(|why| {
                let what = format!("was not asked: the key cannot be had, {why}");
                Problem::new(service.name(), Trouble::Key, what)
            })
        })
        .transpose()
    }

    /// The first attempt and the further ones.
    fn attempts(
        &self,
        service: Service,
        url: &str,
        accept: &'static str,
        key: Option<&str>,
        course: &Course<'_>,
    ) -> Result<Answer, Problem> {
        let limits = &self.shared.setup.limits;
        let who = service.name();
        let mut attempt = 0;
        loop {
            self.rest(service, course)
                .map_err(|trouble| unasked(who, trouble))?;
            let result = self.follow(service, url, accept, key, course);
            let (problem, wait) = match result {
                Ok(answer) if answer.status == 200 => return Ok(answer),
                Ok(answer) => of_status(who, &answer),
                Err(problem) => (problem, None),
            };
            let is_worth_it = match problem.trouble {
                Trouble::Throttled | Trouble::Down | Trouble::Unreachable => true,
                // Two that hang leave no time for the next service.
                Trouble::Slow => attempt == 0,
                _ => false,
            };
            if !is_worth_it || attempt >= limits.retries {
                return Err(problem);
            }
            let wait = match wait {
                Some(wait) if wait > limits.longest_wait => {
                    let what = format!("{} and asks to wait {} s", problem.what, wait.as_secs());
                    return Err(Problem { what, ..problem });
                }
                Some(wait) => wait,
                None => limits.pause * 2_u32.saturating_pow(attempt),
            };
            if Instant::now() + wait >= course.deadline {
                return Err(problem);
            }
            attempt += 1;
            pause(wait, course).map_err(|trouble| unasked(who, trouble))?;
        }
    }

    /// Sends a request and follows redirections.
    fn follow(
        &self,
        service: Service,
        url: &str,
        accept: &'static str,
        key: Option<&str>,
        course: &Course<'_>,
    ) -> Result<Answer, Problem> {
        let who = service.name();
        let secret = key.map(|text| Secret {
            text,
            header: service == Service::SemanticScholar,
        });
        let first = self.with_sender(service, url, secret);
        let request = |url: String, is_home: bool| {
            let mut headers = vec![("accept", accept.to_owned())];
            if let Some(secret) = secret.filter(|secret| secret.header && is_home) {
                headers.push(("x-api-key", secret.text.to_owned()));
            }
            Request {
                url,
                headers,
                most: self.shared.setup.limits.body,
            }
        };
        self.redirected(who, first, secret, course.deadline, course, request, None)
    }

    /// Fetches an address of anybody's, without keys.
    pub(super) fn fetch(
        &self,
        url: &str,
        accept: &'static str,
        most: u64,
        into: Option<&File>,
        course: &Course<'_>,
    ) -> Result<Answer, Problem> {
        let who = host(url);
        (course.asking.progress)(&who);
        let request = |url: String, _: bool| Request {
            url,
            headers: vec![("accept", accept.to_owned())],
            most,
        };
        let answer = self.redirected(
            &who,
            url.to_owned(),
            None,
            course.deadline,
            course,
            request,
            into,
        )?;
        if answer.status == 200 {
            return Ok(answer);
        }
        Err(of_status(&who, &answer).0)
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "one walk along redirections for all kinds of requests"
    )]
    fn redirected(
        &self,
        who: &str,
        first: String,
        secret: Option<Secret<'_>>,
        deadline: Instant,
        course: &Course<'_>,
        request: impl Fn(String, bool) -> Request,
        into: Option<&File>,
    ) -> Result<Answer, Problem> {
        let limits = &self.shared.setup.limits;
        let total = if into.is_some() {
            limits.download
        } else {
            limits.total
        };
        let deadline = deadline.min(Instant::now() + total);
        let home = origin(&first).map(str::to_owned);
        let mut url = first;
        for _ in 0..=MOST_REDIRECTIONS {
            let is_home = origin(&url).map(str::to_owned) == home;
            let file = match into {
                Some(file) => Some(file.try_clone().map_err(|error| {
                    let reason = crate::runtime::source::reason(&error);
                    Problem::new(
                        who,
                        Trouble::Unusable,
                        format!("cannot be written down: {reason}"),
                    )
                })?),
                None => None,
            };
            let answer = exchange(
                &self.shared.agent,
                request(url.clone(), is_home),
                file,
                deadline,
                course.asking.cancelled,
            )
            .map_err(|broken| of_broken(who, broken, limits.body))?;
            if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
                return Ok(answer);
            }
            let refused = |what: &str| Err(Problem::new(who, Trouble::Unusable, what));
            let Some(next) = answer
                .location
                .as_deref()
                .and_then(|location| resolved(&url, location))
            else {
                return refused("redirects to what is no web address");
            };
            if is_downgrade(&url, &next) {
                return refused("redirects from an encrypted connection to an open one");
            }
            let is_next_home = origin(&next).map(str::to_owned) == home;
            let holds = |text: &str| next.contains(text) || next.contains(&encoded(text));
            if !is_next_home && secret.is_some_and(|secret| holds(secret.text)) {
                return refused("redirects to another host with the key in the address");
            }
            url = next;
        }
        Err(Problem::new(
            who,
            Trouble::Unusable,
            format!("redirects more than {MOST_REDIRECTIONS} times"),
        ))
    }

    /// The address with the key and the mail address, where the service takes them there.
    fn with_sender(&self, service: Service, url: &str, secret: Option<Secret<'_>>) -> String {
        let mut out = url.to_owned();
        let mut add = |name: &str, value: &str| {
            out.push(if out.contains('?') { '&' } else { '?' });
            let _ = write!(out, "{name}={}", encoded(value));
        };
        if let Some(mailto) = self.mailto() {
            match service {
                Service::Crossref | Service::DataCite | Service::OpenAlex => add("mailto", mailto),
                Service::PubMed | Service::Unpaywall => add("email", mailto),
                _ => {}
            }
        }
        if let Some(secret) = secret.filter(|secret| !secret.header) {
            add("api_key", secret.text);
        }
        out
    }

    /// Waits until the host of a service may be asked again.
    fn rest(&self, service: Service, course: &Course<'_>) -> Result<(), Trouble> {
        let between = self.shared.setup.rest(service);
        if between.is_zero() {
            return Ok(());
        }
        let host = origin(self.base(service)).unwrap_or_default().to_owned();
        let now = Instant::now();
        let at = {
            let mut next = self
                .shared
                .next
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let at = next.get(&host).copied().unwrap_or(now).max(now);
            next.insert(host, at + between);
            at
        };
        pause(at.saturating_duration_since(now), course)
    }
}

/// Waits, unless that is not wanted any more or takes too long.
fn pause(wait: Duration, course: &Course<'_>) -> Result<(), Trouble> {
    let until = Instant::now() + wait;
    loop {
        if (course.asking.cancelled)() {
            return Err(Trouble::Cancelled);
        }
        let now = Instant::now();
        if now >= course.deadline {
            return Err(Trouble::Slow);
        }
        if now >= until {
            return Ok(());
        }
        std::thread::sleep(LOOK.min(until - now));
    }
}
