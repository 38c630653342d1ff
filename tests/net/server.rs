//! A server on this machine that plays every service, and every kind of a bad one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use offprint::config::services::ServiceSettings;
use offprint::core::services::Service;
use offprint::runtime::net::{Client, Limits, Setup};

/// A request as it came; the headers are looked for in its `Debug`.
#[allow(dead_code, reason = "read through Debug")]
#[derive(Debug, Clone, Default)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Good(&'static str, Vec<u8>),
    Status(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// Nothing comes for this long.
    Silence(Duration),
    /// The head comes, then a byte now and then.
    Drip,
    /// Bytes without end, as fast as they are taken.
    Endless,
    /// A length of a gigabyte is announced.
    Gigabyte,
    /// A few bytes that unpack into very many.
    GzipBomb,
    /// The connection is closed without a word.
    Close,
    /// It is closed in the middle of the body.
    Torn,
}

pub(crate) struct Server {
    pub(crate) url: String,
    received: Arc<Mutex<Vec<Received>>>,
    closed: Arc<AtomicBool>,
}

impl Server {
    pub(crate) fn start(reply: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let closed = Arc::new(AtomicBool::new(false));
        let reply = Arc::new(reply);
        let (seen, end) = (Arc::clone(&received), Arc::clone(&closed));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if end.load(Ordering::Relaxed) {
                    return;
                }
                let (reply, seen) = (Arc::clone(&reply), Arc::clone(&seen));
                let end = Arc::clone(&end);
                thread::spawn(move || {
                    let Some(request) = read(&stream) else { return };
                    seen.lock().unwrap().push(request.clone());
                    let _ = answer(stream, reply(&request), &end);
                });
            }
        });
        Server {
            url,
            received,
            closed,
        }
    }

    /// Always the same.
    pub(crate) fn always(reply: Reply) -> Server {
        if matches!(reply, Reply::GzipBomb) {
            bomb();
        }
        Server::start(move |_| reply.clone())
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.received().into_iter().map(|one| one.path).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        // The listener wakes up and sees it.
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
    }
}

fn read(stream: &TcpStream) -> Option<Received> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    for line in lines {
        let line = line.ok()?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    Some(Received { path, headers })
}

fn answer(mut stream: TcpStream, reply: Reply, end: &AtomicBool) -> std::io::Result<()> {
    let head = |status: u16, headers: &[(&str, String)], length: Option<usize>| {
        let mut head = format!("HTTP/1.1 {status} Whatever\r\nConnection: close\r\n");
        if let Some(length) = length {
            let _ = write!(head, "Content-Length: {length}\r\n");
        }
        for (name, value) in headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head + "\r\n"
    };
    let json = ("Content-Type", "application/json".to_owned());
    match reply {
        Reply::Good(kind, body) => {
            let kind = ("Content-Type", kind.to_owned());
            stream.write_all(head(200, &[kind], Some(body.len())).as_bytes())?;
            stream.write_all(&body)
        }
        Reply::Status(status, headers, body) => {
            stream.write_all(head(status, &headers, Some(body.len())).as_bytes())?;
            stream.write_all(&body)
        }
        Reply::Silence(time) => {
            thread::sleep(time);
            Ok(())
        }
        Reply::Drip => {
            stream.write_all(head(200, &[json], None).as_bytes())?;
            while !end.load(Ordering::Relaxed) {
                stream.write_all(b" ")?;
                thread::sleep(Duration::from_millis(50));
            }
            Ok(())
        }
        Reply::Endless => {
            stream.write_all(head(200, &[json], None).as_bytes())?;
            let block = vec![b' '; 1 << 16];
            while !end.load(Ordering::Relaxed) {
                stream.write_all(&block)?;
            }
            Ok(())
        }
        Reply::Gigabyte => {
            stream.write_all(head(200, &[json], Some(1 << 30)).as_bytes())?;
            let block = vec![b' '; 1 << 16];
            while !end.load(Ordering::Relaxed) {
                stream.write_all(&block)?;
            }
            Ok(())
        }
        Reply::GzipBomb => {
            let packed = bomb();
            let gzip = ("Content-Encoding", "gzip".to_owned());
            stream.write_all(head(200, &[json, gzip], Some(packed.len())).as_bytes())?;
            stream.write_all(packed)
        }
        Reply::Close => Ok(()),
        Reply::Torn => {
            stream.write_all(head(200, &[json], Some(100)).as_bytes())?;
            stream.write_all(b"{\"message\":")
        }
    }
}

/// 64 MB of blanks in a few kilobytes.
fn bomb() -> &'static [u8] {
    static BOMB: OnceLock<Vec<u8>> = OnceLock::new();
    BOMB.get_or_init(|| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let block = vec![b' '; 1 << 20];
        for _ in 0..64 {
            packer.write_all(&block).unwrap();
        }
        let packed = packer.finish().unwrap();
        assert!(packed.len() < 1 << 20);
        packed
    })
}

/// An answer of `tests/data/services`.
pub(crate) fn stored(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/services")
        .join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn json(name: &str) -> Reply {
    Reply::Good("application/json", stored(name))
}

pub(crate) fn xml(name: &str) -> Reply {
    Reply::Good("text/xml", stored(name))
}

pub(crate) fn missing() -> Reply {
    let text = ("Content-Type", "text/plain".to_owned());
    Reply::Status(404, vec![text], b"Resource not found.".to_vec())
}

/// Every service on one server, each below its own name; `special` may answer before the stored answers do.
pub(crate) fn services(
    special: impl Fn(&Received) -> Option<Reply> + Send + Sync + 'static,
) -> Server {
    Server::start(move |request| special(request).unwrap_or_else(|| usual(&request.path)))
}

fn usual(path: &str) -> Reply {
    let lower = path.to_lowercase();
    let has = |text: &str| lower.contains(text);
    match lower.split('/').nth(1).unwrap_or_default() {
        "crossref" if has("query.bibliographic") => json("crossref_titles.json"),
        "crossref" if has("/works/10.5555/tides.1") => json("crossref.json"),
        "datacite" if has("/dois/10.5555/set.7") => json("datacite.json"),
        "datacite" if has("/dois/10.48550/arxiv.2101.00001") => json("datacite_arxiv.json"),
        "doi" if has("/10.5555/ebb") => json("doi.json"),
        "pubmed" if has("id=99000001") => xml("pubmed.xml"),
        "pubmed" => Reply::Good(
            "text/xml",
            b"<PubmedArticleSet></PubmedArticleSet>".to_vec(),
        ),
        "ncbi" if has("id=9900001") || has("id=99000002") => json("ncbi.json"),
        "europepmc" if has("99000") => json("europepmc.json"),
        "arxiv" if has("2101.00001") => xml("arxiv.xml"),
        "openalex" if has("tides") || has("99000001") || has("2101.00001") => json("openalex.json"),
        "s2" => json("s2.json"),
        "unpaywall" => json("unpaywall.json"),
        "openlibrary" if has("9780306406157") => json("openlibrary.json"),
        "openlibrary" => Reply::Good("application/json", b"{}".to_vec()),
        "icite" => json("icite.json"),
        _ => missing(),
    }
}

/// Times that tests can wait for.
pub(crate) fn quick() -> Limits {
    Limits {
        connect: Duration::from_millis(500),
        response: Duration::from_millis(400),
        total: Duration::from_millis(1200),
        overall: Duration::from_millis(2500),
        download: Duration::from_millis(2500),
        body: 1 << 20,
        pdf: 1 << 20,
        pause: Duration::from_millis(20),
        longest_wait: Duration::from_millis(1500),
        is_paced: false,
        ..Limits::default()
    }
}

/// A setup for which every service is on `url`, below its own name.
pub(crate) fn setup(url: &str, variables: &[(&str, &str)]) -> Setup {
    let variable = |name: &str| {
        let named = variables.iter().find(|(known, _)| *known == name);
        if let Some((_, value)) = named {
            return Some((*value).to_owned());
        }
        let code = name.strip_prefix("OFFPRINT_")?.strip_suffix("_URL")?;
        Some(format!("{url}/{}", code.to_lowercase()))
    };
    let (mut setup, problems) = Setup::new(&ServiceSettings::default(), variable, None);
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(setup.urls.len(), Service::ALL.len());
    setup.limits = quick();
    setup
}

pub(crate) fn client(server: &Server) -> Client {
    Client::new(setup(&server.url, &[]))
}
