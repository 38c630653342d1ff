//! One request and its answer, on a thread of its own: whoever asks can go away at once, and no service can hold them.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use rustls::crypto::ring;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

use super::setup::Limits;

/// How often whoever waits is asked whether they still do.
const LOOK: Duration = Duration::from_millis(20);

/// An agent that follows no redirection by itself and takes every status as an answer.
pub(in crate::runtime) fn agent(limits: &Limits) -> Agent {
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("offprint/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(Some(limits.connect))
        .timeout_connect(Some(limits.connect))
        .timeout_send_request(Some(limits.connect))
        .timeout_recv_response(Some(limits.response))
        .max_response_header_size(64 << 10)
        .build()
        .into()
}

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) url: String,
    pub(super) headers: Vec<(&'static str, String)>,
    /// The most bytes of the answer.
    pub(super) most: u64,
}

/// An answer of any status.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) retry_after: Option<String>,
    /// Empty when the body went into a file.
    pub(super) body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Broken {
    Cancelled,
    Slow,
    NoHost,
    NoConnection,
    Closed,
    Tls(String),
    TooLarge,
    Unpacking,
    Disk(String),
    Other(String),
}

/// Sends the request and waits for the answer until `deadline`. With `into`, the body of a 200 goes there.
pub(super) fn exchange(
    agent: &Agent,
    request: Request,
    into: Option<File>,
    deadline: Instant,
    cancelled: &dyn Fn() -> bool,
) -> Result<Answer, Broken> {
    let (sender, receiver) = sync_channel(1);
    let agent = agent.clone();
    let unwanted = Arc::new(AtomicBool::new(false));
    let given_up = Arc::clone(&unwanted);
    let thread = std::thread::Builder::new().name("net".to_owned());
    let started = thread.spawn(move || {
        let answer = send(&agent, &request, into, deadline, &given_up);
        // Whoever asked may have gone.
        let _ = sender.send(answer);
    });
    if let Err(error) = started {
        return Err(Broken::Other(format!("cannot start a thread: {error}")));
    }
    let end = |why| {
        unwanted.store(true, Ordering::Relaxed);
        Err(why)
    };
    loop {
        match receiver.recv_timeout(LOOK) {
            Ok(answer) => return answer,
            Err(RecvTimeoutError::Timeout) if cancelled() => return end(Broken::Cancelled),
            Err(RecvTimeoutError::Timeout) if Instant::now() >= deadline => {
                return end(Broken::Slow);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Broken::Other(
                    "the request failed inside offprint".to_owned(),
                ));
            }
        }
    }
}

fn send(
    agent: &Agent,
    request: &Request,
    into: Option<File>,
    deadline: Instant,
    unwanted: &AtomicBool,
) -> Result<Answer, Broken> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(Broken::Slow);
    }
    let mut builder = agent
        .get(&request.url)
        .config()
        .timeout_global(Some(left))
        .build();
    for (name, value) in &request.headers {
        builder = builder.header(*name, value);
    }
    let response = builder.call().map_err(|error| of_error(&error))?;
    let text = |name: &str| {
        let value = response.headers().get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    let mut answer = Answer {
        status: response.status().as_u16(),
        location: text("location"),
        retry_after: text("retry-after"),
        body: Vec::new(),
    };
    // What is announced as too large need not be waited for.
    let announced = text("content-length").and_then(|length| length.parse::<u64>().ok());
    if answer.status == 200 && announced.is_some_and(|length| length > request.most) {
        return Err(Broken::TooLarge);
    }
    let mut reader = response
        .into_body()
        .into_with_config()
        .limit(u64::MAX)
        .reader();
    let mut into = into.filter(|_| answer.status == 200);
    // A page that tells of an error is read only to its beginning.
    let most = if answer.status == 200 {
        request.most
    } else {
        request.most.min(64 << 10)
    };
    let mut buffer = vec![0; 64 << 10];
    let mut total = 0;
    loop {
        if unwanted.load(Ordering::Relaxed) {
            return Err(Broken::Cancelled);
        }
        let count = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // The status says enough.
            Err(_) if answer.status != 200 => break,
            Err(error) => return Err(of_io(&error)),
        };
        total += count as u64;
        if total > most {
            if answer.status == 200 {
                return Err(Broken::TooLarge);
            }
            break;
        }
        let read = buffer.get(..count).unwrap_or_default();
        match &mut into {
            Some(file) => file
                .write_all(read)
                .map_err(|error| Broken::Disk(crate::runtime::source::reason(&error)))?,
            None => answer.body.extend_from_slice(read),
        }
    }
    Ok(answer)
}

fn of_io(error: &io::Error) -> Broken {
    if let Some(inner) = error.get_ref()
        && let Some(inner) = inner.downcast_ref::<ureq::Error>()
    {
        return of_error(inner);
    }
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Broken::Slow,
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            of_text(&error.to_string()).unwrap_or(Broken::Unpacking)
        }
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable => Broken::NoConnection,
        _ => of_text(&error.to_string()).unwrap_or(Broken::Closed),
    }
}

fn of_error(error: &ureq::Error) -> Broken {
    match error {
        ureq::Error::Timeout(_) => Broken::Slow,
        ureq::Error::HostNotFound => Broken::NoHost,
        ureq::Error::ConnectionFailed => Broken::NoConnection,
        ureq::Error::BodyExceedsLimit(_) => Broken::TooLarge,
        ureq::Error::Tls(reason) => Broken::Tls((*reason).to_owned()),
        ureq::Error::Rustls(error) => Broken::Tls(shortened(&error.to_string())),
        ureq::Error::Decompress(..) => Broken::Unpacking,
        ureq::Error::Io(inner) => {
            let text = inner.to_string();
            match inner.kind() {
                io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Broken::Slow,
                io::ErrorKind::ConnectionRefused
                | io::ErrorKind::HostUnreachable
                | io::ErrorKind::NetworkUnreachable => Broken::NoConnection,
                _ => of_text(&text).unwrap_or(Broken::Closed),
            }
        }
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => {
            Broken::Other("answered something that is not HTTP".to_owned())
        }
        other => of_text(&other.to_string())
            .unwrap_or_else(|| Broken::Other(shortened(&other.to_string()))),
    }
}

/// What only the words of an error tell.
fn of_text(text: &str) -> Option<Broken> {
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&[
        "certificate",
        "tls",
        "handshake",
        "invalidcontenttype",
        "corrupt message",
        "invalid message",
    ]) {
        return Some(Broken::Tls(shortened(text)));
    }
    if has(&["deflate", "gzip", "decompress"]) {
        return Some(Broken::Unpacking);
    }
    None
}

/// Words of a library, without anything that a terminal could obey, and without addresses.
fn shortened(text: &str) -> String {
    let text = crate::core::text::scrub(text, false);
    text.split(' ')
        .filter(|word| !word.contains("://"))
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(120)
        .collect()
}
