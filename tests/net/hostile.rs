//! Services that misbehave: a clear word soon, with little memory and few requests.

use std::fs;
use std::time::{Duration, Instant};

use offprint::core::identify::Identifier;
use offprint::core::services::Service;
use offprint::runtime::net::{Asking, Client, PdfLink, Trouble};

use super::server::{Reply, Server, quick, setup, stored};

/// The most memory that this process ever had, in bytes.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() * 1024
}

/// Asks Open Library, the one who is asked for books, and gives what it says.
fn said(server: &Server) -> (Trouble, String, usize) {
    said_in(server, &Client::new(setup(&server.url, &[])))
}

fn said_in(server: &Server, client: &Client) -> (Trouble, String, usize) {
    let book = Identifier::Isbn("9780306406157".to_owned());
    let begun = Instant::now();
    let error = client.fetch_item(&book, &Asking::PATIENT).unwrap_err();
    assert!(begun.elapsed() < quick().overall + Duration::from_millis(500));
    assert_eq!(error.problems.len(), 1, "{error}");
    assert!(peak_memory() < 300 << 20);
    let problem = &error.problems[0];
    let text = error.to_string();
    assert!(
        text.starts_with("ISBN 9780306406157: Open Library "),
        "{text}"
    );
    assert!(text.contains("; ") && !text.contains('\n'), "{text}");
    (problem.trouble, problem.what.clone(), server.paths().len())
}

fn of(reply: Reply) -> (Trouble, String, usize) {
    said(&Server::always(reply))
}

#[test]
fn a_silent_service_is_left_after_two_attempts() {
    let (trouble, what, requests) = of(Reply::Silence(Duration::from_secs(3)));
    assert_eq!((trouble, requests), (Trouble::Slow, 2), "{what}");
    assert_eq!(what, "did not answer in time");
}

#[test]
fn a_body_that_drips_is_left_in_time() {
    let (trouble, what, requests) = of(Reply::Drip);
    assert_eq!(trouble, Trouble::Slow, "{what}");
    assert!(requests <= 2, "{requests}");
}

#[test]
fn no_more_is_read_than_is_wanted() {
    for reply in [Reply::Endless, Reply::Gigabyte, Reply::GzipBomb] {
        let (trouble, what, requests) = of(reply.clone());
        assert_eq!(
            (trouble, requests, what.as_str()),
            (Trouble::Unusable, 1, "answered more than 1 MB"),
            "{reply:?}"
        );
    }
}

#[test]
fn redirections_in_a_circle_end() {
    let server = Server::start(|_| {
        let again = ("Location", "/openlibrary/again".to_owned());
        Reply::Status(302, vec![again], Vec::new())
    });
    let (trouble, what, requests) = said(&server);
    assert_eq!((trouble, requests), (Trouble::Unusable, 6));
    assert_eq!(what, "redirects more than 5 times");
}

#[test]
fn redirections_to_nowhere_are_refused() {
    for place in ["file:///etc/passwd", "javascript:alert(1)", ""] {
        let location = ("Location", place.to_owned());
        let (trouble, what, _) = of(Reply::Status(302, vec![location], Vec::new()));
        assert_eq!(trouble, Trouble::Unusable);
        assert_eq!(what, "redirects to what is no web address", "{place}");
    }
}

#[test]
fn no_key_goes_to_another_host() {
    let other = Server::always(Reply::Good("application/json", stored("s2.json")));
    let place = format!("{}/elsewhere", other.url);
    let server =
        Server::start(move |_| Reply::Status(302, vec![("Location", place.clone())], Vec::new()));
    let keys = [
        ("OFFPRINT_S2_KEY", "s2-secret"),
        ("OFFPRINT_OPENALEX_KEY", "oa-secret"),
        ("OFFPRINT_NCBI_KEY", "ncbi-secret"),
        ("OFFPRINT_MAILTO", "a@example.org"),
    ];
    let client = Client::new(setup(&server.url, &keys));
    let ids = [
        Identifier::Doi("10.5555/tides.1".to_owned()),
        Identifier::Pmid("99000001".to_owned()),
    ];
    let _ = client.fetch_metrics(&ids, &Asking::PATIENT);
    // Its own host got each key.
    let at_home = format!("{:?}", server.received());
    for secret in ["s2-secret", "oa-secret", "ncbi-secret"] {
        assert!(at_home.contains(secret), "{secret}");
    }
    let elsewhere = other.received();
    assert!(!elsewhere.is_empty());
    let text = format!("{elsewhere:?}");
    assert!(
        !text.contains("secret") && !text.contains("example.org"),
        "{text}"
    );
}

#[test]
fn a_redirection_that_carries_the_key_away_is_not_followed() {
    let other = Server::always(Reply::Close);
    let url = other.url.clone();
    let server = Server::start(move |request| {
        let query = request.path.split_once('?').map_or("", |(_, query)| query);
        let place = format!("{url}/?{query}");
        Reply::Status(302, vec![("Location", place)], Vec::new())
    });
    let client = Client::new(setup(
        &server.url,
        &[("OFFPRINT_OPENALEX_KEY", "oa-secret")],
    ));
    let id = [Identifier::Pmid("99000001".to_owned())];
    let error = client.fetch_metrics(&id, &Asking::PATIENT).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("OpenAlex redirects to another host with the key in the address"),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
    assert!(!format!("{:?}", other.received()).contains("secret"));
}

#[test]
fn what_is_no_data_is_said_to_be_none() {
    for (kind, body, wanted) in [
        (
            "text/html",
            &b"<!DOCTYPE html><html>Log in</html>"[..],
            "answered with a web page instead of data",
        ),
        ("application/json", b"", "answered with nothing"),
        (
            "application/json",
            b"{\"a\": \"\xff\xfe\"}",
            "answered with something that is no JSON object (line 1, column 8)",
        ),
        (
            "application/json",
            b"[1, 2]",
            "answered with something that is no JSON object (line 1, column 0)",
        ),
        (
            "image/png",
            b"\x89PNG\r\n",
            "answered with something that is no JSON object (line 1, column 1)",
        ),
    ] {
        let (trouble, what, requests) = of(Reply::Good(kind, body.to_vec()));
        assert_eq!((trouble, requests), (Trouble::Unusable, 1), "{what}");
        assert_eq!(what, wanted);
    }
}

#[test]
fn escapes_in_an_answer_do_not_come_out() {
    let body = br#"{"ISBN:1": {"title": "a\u001b[2Jb\u202e", "authors": [{"name": "\u009bx y"}]}}"#;
    let server = Server::always(Reply::Good("application/json", body.to_vec()));
    let client = Client::new(setup(&server.url, &[]));
    let book = Identifier::Isbn("9780306406157".to_owned());
    let fetched = client.fetch_item(&book, &Asking::PATIENT).unwrap();
    let text = serde_json::Value::Object(fetched.item.fields().clone()).to_string();
    assert!(text.contains("a[2Jb") && !text.contains("\\u"), "{text}");
    assert!(!text.chars().any(|c| c.is_control() || c == '\u{202e}'));
}

#[test]
fn statuses_are_told_in_words() {
    let text = ("Content-Type", "text/plain".to_owned());
    for (status, headers, trouble, requests, wanted) in [
        (
            404,
            vec![text],
            Trouble::Absent,
            1,
            "does not know it (404)",
        ),
        (
            403,
            Vec::new(),
            Trouble::Refused,
            1,
            "refuses, it answered 403 (forbidden)",
        ),
        (
            429,
            Vec::new(),
            Trouble::Throttled,
            3,
            "is throttling, it answered 429 (too many requests)",
        ),
        (
            503,
            Vec::new(),
            Trouble::Down,
            3,
            "is out of order, it answered 503 (service unavailable)",
        ),
        (418, Vec::new(), Trouble::Unusable, 1, "answered 418"),
    ] {
        let (said, what, count) = of(Reply::Status(status, headers, b"no".to_vec()));
        assert_eq!((said, count, what.as_str()), (trouble, requests, wanted));
    }
}

#[test]
fn a_wait_beyond_all_patience_is_told_instead_of_waited() {
    let wait = ("Retry-After", "3600".to_owned());
    let (trouble, what, requests) = of(Reply::Status(429, vec![wait], Vec::new()));
    assert_eq!((trouble, requests), (Trouble::Throttled, 1));
    assert_eq!(
        what,
        "is throttling, it answered 429 (too many requests) and asks to wait 3600 s"
    );
}

#[test]
fn connections_that_break_are_told() {
    let (trouble, what, requests) = of(Reply::Close);
    assert_eq!((trouble, requests), (Trouble::Unreachable, 3), "{what}");
    assert_eq!(what, "broke the connection off");
    let (trouble, what, requests) = of(Reply::Torn);
    assert_eq!((trouble, requests), (Trouble::Unreachable, 3), "{what}");
}

#[test]
fn a_host_that_is_not_there_is_told() {
    // A port that was free a moment ago.
    let gone = {
        let server = Server::always(Reply::Close);
        server.url.clone()
    };
    std::thread::sleep(Duration::from_millis(100));
    let nobody = Server::always(Reply::Close);
    let (trouble, what, _) = said_in(&nobody, &Client::new(setup(&gone, &[])));
    assert_eq!(trouble, Trouble::Unreachable);
    assert_eq!(what, "cannot be reached: there is no connection");
    let nowhere = "http://offprint.invalid";
    let (trouble, what, _) = said_in(&nobody, &Client::new(setup(nowhere, &[])));
    assert!(
        matches!(trouble, Trouble::Unreachable | Trouble::Slow),
        "{what}"
    );
}

#[test]
fn a_connection_that_is_not_safe_is_refused() {
    let server = Server::always(Reply::Close);
    let url = server.url.replace("http://", "https://");
    let (trouble, what, _) = said_in(&server, &Client::new(setup(&url, &[])));
    assert!(
        what.starts_with("cannot be reached safely") || trouble == Trouble::Unreachable,
        "{what}"
    );
    // What answers without TLS is told apart from what does not answer.
    let plain = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", plain.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in plain.incoming().flatten() {
            let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let (trouble, what, _) = said_in(&server, &Client::new(setup(&url, &[])));
    assert_eq!(trouble, Trouble::Unusable);
    assert!(what.starts_with("cannot be reached safely"), "{what}");
}

#[test]
fn only_a_pdf_becomes_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.pdf");
    let fetch = |reply: Reply| {
        let server = Server::always(reply);
        let client = Client::new(setup(&server.url, &[]));
        let link = PdfLink {
            url: format!("{}/x.pdf", server.url),
            from: Service::Unpaywall,
        };
        client.download_pdf(&link, &path, &Asking::PATIENT)
    };
    let page = fetch(Reply::Good(
        "application/pdf",
        b"<html>Log in</html>".to_vec(),
    ));
    assert_eq!(page.unwrap_err().what, "answered something that is no PDF");
    for reply in [Reply::Endless, Reply::Gigabyte, Reply::GzipBomb] {
        assert_eq!(fetch(reply).unwrap_err().trouble, Trouble::Unusable);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    fetch(Reply::Good("application/pdf", b"%PDF-1.7 ...".to_vec())).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"%PDF-1.7 ...");
    // What is there is not written over.
    let again = fetch(Reply::Good("application/pdf", b"%PDF-1.4 other".to_vec()));
    assert!(again.is_err());
    assert_eq!(fs::read(&path).unwrap(), b"%PDF-1.7 ...");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
