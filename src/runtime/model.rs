//! Asking a model that the reader named for key findings, over HTTP with server-sent events.

use std::io::{self, Read as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use ureq::Agent;

use super::net::agent;
use crate::config::model::ModelSettings;
use crate::core::findings::{
    Form, ModelFindings, NoClaims, Question, Reply, ReplyError, claims, is_about_length, refusal,
};
use crate::core::page::thousands;

/// How often whoever waits is asked whether they still do.
const LOOK: Duration = Duration::from_millis(20);

/// How long and how much. Tests make them small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelLimits {
    /// Until a connection stands.
    pub connect: Duration,
    /// From there until the answer begins: a model on this machine reads slowly.
    pub response: Duration,
    /// Between two pieces of the answer.
    pub silence: Duration,
    /// For one answer.
    pub total: Duration,
    /// Bytes of an answer.
    pub body: u64,
    /// How long a model may take to be loaded.
    pub loading: Duration,
    /// The wait between two attempts meanwhile.
    pub pause: Duration,
}

impl Default for ModelLimits {
    fn default() -> ModelLimits {
        ModelLimits {
            connect: Duration::from_secs(5),
            response: Duration::from_mins(5),
            silence: Duration::from_mins(2),
            total: Duration::from_mins(15),
            body: 8 << 20,
            loading: Duration::from_mins(5),
            pause: Duration::from_secs(2),
        }
    }
}

/// What became of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelError {
    /// The one who asked does not want to know any more.
    Cancelled,
    /// What happened and what to do: "localhost:1 cannot be reached; start the server".
    Failed(String),
}

/// Whoever waits for an answer.
pub struct Waiting<'a> {
    /// Whether they do not any more.
    pub cancelled: &'a dyn Fn() -> bool,
    /// Who is being asked, and how far that is: "tiny", "tiny, which is being loaded", "tiny · 120 characters".
    pub progress: &'a dyn Fn(&str),
}

/// A model that can be asked.
pub struct ModelClient {
    agent: Agent,
    settings: ModelSettings,
    key: Option<String>,
    limits: ModelLimits,
}

/// What comes from the thread that reads.
enum Piece {
    Bytes(Vec<u8>),
    /// The server refuses: the status, how long to wait before another attempt, the body.
    Refused(u16, Option<Duration>, Vec<u8>),
    Failed(String),
    End,
}

/// Why one request did not succeed.
enum Refusal {
    Cancelled,
    Loading(Option<Duration>),
    TooLong,
    /// The way of asking for JSON may be what the server does not know.
    Form(String),
    Other(String),
}

impl ModelClient {
    /// A client for the model of the settings; `variable` reads the environment.
    pub fn new(
        settings: ModelSettings,
        variable: impl Fn(&str) -> Option<String>,
        limits: ModelLimits,
    ) -> ModelClient {
        let key = (settings.key_env.as_deref())
            .and_then(variable)
            .map(|key| key.trim().to_owned())
            .filter(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()));
        ModelClient {
            agent: agent(&super::net::Limits {
                connect: limits.connect,
                response: limits.response,
                ..super::net::Limits::default()
            }),
            settings,
            key,
            limits,
        }
    }

    /// Asks the question, as often and in as many ways as the server needs.
    ///
    /// # Errors
    /// When there is no answer that can be used.
    pub fn ask(
        &self,
        question: &Question,
        now: u64,
        waiting: &Waiting<'_>,
    ) -> Result<ModelFindings, ModelError> {
        let fail = |what: &str| Err(ModelError::Failed(self.say(what)));
        if self.settings.key_env.is_some() && self.key.is_none() {
            let name = self.settings.key_env.as_deref().unwrap_or_default();
            return fail(&format!(
                "needs a key, and {name} holds none; set it, or take key_env out of [model]"
            ));
        }
        let fingerprint = question.fingerprint(&self.settings.name);
        let about = question.scope().words();
        let (mut asked, mut form) = (question.clone(), Form::Schema);
        let begun = Instant::now();
        loop {
            (waiting.progress)(&self.settings.name);
            match self.once(&asked, form, waiting) {
                Ok((answer, model)) => {
                    let found = match claims(&answer, &asked) {
                        Ok(found) => found,
                        Err(NoClaims::NoObject) => {
                            return fail("answered no JSON; try again, or name another model");
                        }
                        Err(NoClaims::NoSentence) => {
                            return fail(&format!(
                                "named no sentence of {about}; try again, or name another model"
                            ));
                        }
                    };
                    return Ok(ModelFindings {
                        model: model.unwrap_or_else(|| self.settings.name.clone()),
                        made: now,
                        scope: question.scope().name().to_owned(),
                        file: None,
                        fingerprint,
                        text: question.text_fingerprint(),
                        claims: found,
                    });
                }
                Err(Refusal::Cancelled) => return Err(ModelError::Cancelled),
                Err(Refusal::Loading(wait)) => {
                    if begun.elapsed() >= self.limits.loading {
                        return fail("is still loading the model; try again later");
                    }
                    (waiting.progress)(&format!("{}, which is being loaded", self.settings.name));
                    self.rest(wait.unwrap_or(self.limits.pause), waiting)?;
                }
                Err(Refusal::TooLong) => match asked.shortened() {
                    Some(shorter) => asked = shorter,
                    None => {
                        return fail(&format!(
                            "has no room for {about}; give the model a larger context"
                        ));
                    }
                },
                Err(Refusal::Form(words)) => match form.looser() {
                    Some(looser) => form = looser,
                    None => return fail(&format!("refuses: {words}; check [model]")),
                },
                Err(Refusal::Other(what)) => return fail(&what),
            }
        }
    }

    /// A sentence about the server, without the key.
    fn say(&self, what: &str) -> String {
        let text = format!("{} {what}", self.settings.host());
        let text = match &self.key {
            Some(key) => text.replace(key.as_str(), "…"),
            None => text,
        };
        crate::core::text::scrub(&text, false)
    }

    fn rest(&self, wait: Duration, waiting: &Waiting<'_>) -> Result<(), ModelError> {
        let until = Instant::now() + wait.min(self.limits.loading);
        while Instant::now() < until {
            if (waiting.cancelled)() {
                return Err(ModelError::Cancelled);
            }
            std::thread::sleep(LOOK.min(until.saturating_duration_since(Instant::now())));
        }
        Ok(())
    }

    /// One request: the answer, and the model that gave it.
    fn once(
        &self,
        question: &Question,
        form: Form,
        waiting: &Waiting<'_>,
    ) -> Result<(String, Option<String>), Refusal> {
        let (sender, receiver) = sync_channel(16);
        let unwanted = Arc::new(AtomicBool::new(false));
        let request = Request {
            agent: self.agent.clone(),
            url: format!("{}/chat/completions", self.settings.url),
            key: self.key.clone(),
            body: question.request(&self.settings.name, form).to_string(),
            limits: self.limits,
            unwanted: Arc::clone(&unwanted),
        };
        let thread = std::thread::Builder::new().name("model".to_owned());
        if let Err(error) = thread.spawn(move || request.run(&sender)) {
            return Err(Refusal::Other(format!(": cannot start a thread: {error}")));
        }
        // However this ends, nobody reads any more then.
        let _stop = Stop(unwanted);
        let mut reply = Reply::default();
        let (begun, mut heard) = (Instant::now(), None);
        let mut bytes = 0;
        loop {
            let patience = heard.map_or(self.limits.response, |_| self.limits.silence);
            match receiver.recv_timeout(LOOK) {
                Ok(Piece::Bytes(piece)) => {
                    heard = Some(Instant::now());
                    bytes += piece.len() as u64;
                    if bytes > self.limits.body {
                        return Err(Refusal::Other(
                            "sends too much; name another model".to_owned(),
                        ));
                    }
                    reply.feed(&piece).map_err(of_reply)?;
                    if reply.is_whole() {
                        break;
                    }
                    let model = reply.model().unwrap_or(&self.settings.name).to_owned();
                    let so_far = thousands(reply.characters());
                    (waiting.progress)(&format!("{model} · {so_far} characters"));
                }
                Ok(Piece::Refused(status, wait, body)) => {
                    return Err(of_status(status, wait, &body, form));
                }
                Ok(Piece::Failed(what)) => return Err(Refusal::Other(what)),
                Ok(Piece::End) | Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if (waiting.cancelled)() {
                return Err(Refusal::Cancelled);
            }
            if heard.unwrap_or(begun).elapsed() >= patience || begun.elapsed() >= self.limits.total
            {
                return Err(Refusal::Other(
                    "took too long; try again later, or name a smaller model".to_owned(),
                ));
            }
        }
        let model = reply.model().map(str::to_owned);
        let answer = reply.finish().map_err(of_reply)?;
        Ok((answer, model))
    }
}

/// Tells the thread that reads that nobody waits.
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn of_reply(error: ReplyError) -> Refusal {
    Refusal::Other(match error {
        ReplyError::Server(words) if is_about_length(&words) => return Refusal::TooLong,
        ReplyError::Server(words) => format!("broke off: {words}; try again"),
        ReplyError::TooLong => "answers without end; name another model".to_owned(),
        ReplyError::Malformed => {
            "answered something that is no chat completion; check url in [model]".to_owned()
        }
        ReplyError::Cut => "broke off in the middle of the answer; try again".to_owned(),
        ReplyError::Empty => "answered nothing; try again, or name another model".to_owned(),
    })
}

fn of_status(status: u16, wait: Option<Duration>, body: &[u8], form: Form) -> Refusal {
    let (words, is_long) = refusal(body);
    match status {
        503 => Refusal::Loading(wait),
        400 | 413 | 422 if is_long => Refusal::TooLong,
        400 | 422 if form != Form::Plain => Refusal::Form(words),
        401 | 403 => Refusal::Other(format!(
            "refuses the key: {words}; check key_env in [model]"
        )),
        404 => Refusal::Other(format!(
            "knows no chat completions there: {words}; check url and name in [model]"
        )),
        429 => Refusal::Other(
            "does not want to be asked so often; try again in a few minutes".to_owned(),
        ),
        300..=399 => {
            Refusal::Other("sends elsewhere; write the address it means into [model]".to_owned())
        }
        _ => Refusal::Other(format!("answered {status}: {words}; try again later")),
    }
}

/// A request on its way, on a thread of its own.
struct Request {
    agent: Agent,
    url: String,
    key: Option<String>,
    body: String,
    limits: ModelLimits,
    unwanted: Arc<AtomicBool>,
}

impl Request {
    fn run(self, sender: &SyncSender<Piece>) {
        let last = match self.read(sender) {
            Ok(piece) => piece,
            Err(error) => Piece::Failed(of_error(&error)),
        };
        // Whoever asked may have gone.
        let _ = sender.send(last);
    }

    fn read(&self, sender: &SyncSender<Piece>) -> Result<Piece, ureq::Error> {
        let mut builder = self
            .agent
            .post(&self.url)
            .config()
            .timeout_global(Some(self.limits.total))
            .build()
            .header("content-type", "application/json")
            .header("accept", "text/event-stream, application/json");
        if let Some(key) = &self.key {
            builder = builder.header("authorization", format!("Bearer {key}"));
        }
        let response = builder.send(self.body.as_bytes())?;
        let status = response.status().as_u16();
        let wait = response
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok()?.trim().parse().ok())
            .map(Duration::from_secs);
        let mut reader = response
            .into_body()
            .into_with_config()
            .limit(u64::MAX)
            .reader();
        if status != 200 {
            let mut body = Vec::new();
            // The status says enough where the body does not come.
            let _ = (&mut reader).take(64 << 10).read_to_end(&mut body);
            return Ok(Piece::Refused(status, wait, body));
        }
        let mut buffer = vec![0; 16 << 10];
        loop {
            if self.unwanted.load(Ordering::Relaxed) {
                return Ok(Piece::End);
            }
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(Piece::End),
                Ok(count) => {
                    let piece = buffer.get(..count).unwrap_or_default().to_vec();
                    if sender.send(Piece::Bytes(piece)).is_err() {
                        return Ok(Piece::End);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // What came so far tells whether it was the whole.
                Err(_) => return Ok(Piece::End),
            }
        }
    }
}

fn of_error(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "took too long; try again later",
        ureq::Error::HostNotFound => "is not known; check url in [model]",
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "cannot be trusted; check url in [model]",
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => {
            "answered something that is not HTTP; check url in [model]"
        }
        _ => "cannot be reached; start the server, or check url in [model]",
    }
    .to_owned()
}
