//! `offprint embed`: vectors by a model, played by a server on this machine, and similar papers that rest on them.
#![cfg(feature = "net")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod program;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use program::{Home, Said};
use serde_json::{Value, json};

/// Answers every request with a status and a body that are made of what was sent.
fn serve(
    reply: impl Fn(usize, &Value) -> (u16, String) + Send + 'static,
) -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let Some((path, body)) = read(&stream) else {
                continue;
            };
            assert_eq!(path, "/v1/embeddings");
            let number = seen.lock().unwrap().len();
            seen.lock().unwrap().push(body.clone());
            let (status, text) = reply(number, &body);
            let length = text.len();
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            let _ = (&stream).write_all(format!("{head}{text}").as_bytes());
        }
    });
    (url, asked)
}

fn read(stream: &TcpStream) -> Option<(String, Value)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim().split_once(": ") else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, serde_json::from_slice(&body).ok()?))
}

/// A vector for each text: papers about the same planet lie close, whatever their words.
fn planets(body: &Value) -> (u16, String) {
    let vector = |text: &Value| {
        let text = text.as_str().unwrap();
        if text.contains("Mars") || text.contains("red world") {
            json!([1.0, 0.1, 0.0])
        } else {
            json!([0.0, 0.1, 1.0])
        }
    };
    let inputs = body["input"].as_array().unwrap().iter().enumerate();
    let data: Vec<Value> = inputs
        .map(|(at, text)| json!({"index": at, "embedding": vector(text)}))
        .collect();
    (200, json!({"data": data}).to_string())
}

/// Forty papers, of which the second is about what the first is about in other words.
fn library() -> String {
    let mut items = vec![
        json!({"id": "mars", "type": "book", "title": "Dust storms on Mars", "abstract": "Storms of dust on the planet."}),
        json!({"id": "red", "type": "book", "title": "Weather of the red world", "abstract": "Winds."}),
        json!({"id": "dust", "type": "book", "title": "Dust storms in deserts", "abstract": "Storms of dust."}),
    ];
    for number in 0..37 {
        items.push(json!({"id": format!("x{number}"), "type": "book", "title": format!("Subject number {number} of storms")}));
    }
    Value::from(items).to_string()
}

fn home(url: &str) -> Home {
    let home = Home::new();
    home.file("library.json", library());
    home.file(
        "config.toml",
        format!("[model]\nurl = \"{url}\"\nname = \"tiny\"\nembeddings = \"small\"\n"),
    );
    home
}

fn run(home: &Home, arguments: &[&str]) -> Said {
    let mut all = vec!["--library", "library.json", "--config", "config.toml"];
    all.extend(arguments);
    home.run(&all)
}

fn ids(said: &Said) -> Vec<String> {
    let found: Value = serde_json::from_str(&said.out).expect("a JSON array");
    let id = |one: &Value| one["id"].as_str().unwrap().to_owned();
    found.as_array().unwrap().iter().map(id).collect()
}

#[test]
fn nothing_is_sent_before_the_reader_agrees() {
    let (url, asked) = serve(|_, body| planets(body));
    let home = home(&url);
    let refused = run(&home, &["embed"]);
    assert_eq!(refused.code, 1);
    let said = &refused.err;
    assert!(
        said.contains("40 papers")
            && said.contains("stays on this machine")
            && said.contains("--yes"),
        "{said}"
    );
    assert!(asked.lock().unwrap().is_empty());
}

#[test]
fn vectors_are_made_once_and_similar_papers_rest_on_them() {
    let (url, asked) = serve(|_, body| planets(body));
    let home = home(&url);
    let before = ids(&run(&home, &["similar", "mars", "--json"]));
    assert_eq!(before[0], "dust");
    assert!(
        !before.contains(&"red".to_owned()),
        "no word in common: {before:?}"
    );
    let done = run(&home, &["embed", "--yes"]);
    assert!(done.code == 0, "{}", done.err);
    assert!(
        done.err.contains("40 papers have vectors now"),
        "{}",
        done.err
    );
    let sent = asked.lock().unwrap().clone();
    assert_eq!(sent.len(), 3, "sixteen at once");
    assert_eq!(sent[0]["model"], "small");
    assert!(
        sent[0]["input"][0]
            .as_str()
            .unwrap()
            .contains("Dust storms on Mars\n\nStorms of dust")
    );
    let after = ids(&run(&home, &["similar", "mars", "--json"]));
    assert_eq!(after[..2], ["dust", "red"], "{after:?}");
    // Nothing is asked for twice; the agreement holds.
    let again = run(&home, &["embed"]);
    assert!(
        again.code == 0 && again.err.contains("all 40 papers"),
        "{}",
        again.err
    );
    assert_eq!(asked.lock().unwrap().len(), 3);
}

#[test]
fn what_was_made_before_a_failure_is_kept() {
    let (url, asked) = serve(|number, body| {
        if number == 1 {
            (
                500,
                json!({"error": {"message": "out of memory"}}).to_string(),
            )
        } else {
            planets(body)
        }
    });
    let home = home(&url);
    let failed = run(&home, &["embed", "--yes"]);
    assert_eq!(failed.code, 1);
    assert!(
        failed.err.contains("500") && failed.err.contains("16 papers are kept"),
        "{}",
        failed.err
    );
    let done = run(&home, &["embed"]);
    assert!(
        done.err
            .contains("24 papers have vectors now, 16 had them before"),
        "{}",
        done.err
    );
    assert_eq!(asked.lock().unwrap().len(), 4);
}

#[test]
fn answers_that_are_none_are_said() {
    for (status, body, word) in [
        (200, "{\"data\": []}", "no list of vectors"),
        (200, "<html>", "no JSON"),
        (404, "", "no embeddings there"),
        (401, "", "refuses the key"),
        (429, "", "so often"),
    ] {
        let (url, _) = serve(move |_, _| (status, body.to_owned()));
        let failed = run(&home(&url), &["embed", "--yes"]);
        assert_eq!(failed.code, 1);
        assert!(failed.err.contains(word), "{word}: {}", failed.err);
    }
    let nobody = run(&home("http://127.0.0.1:9/v1"), &["embed", "--yes"]);
    assert!(nobody.err.contains("cannot be reached"), "{}", nobody.err);
}

#[test]
fn without_a_model_for_vectors_it_is_said_what_to_write() {
    let home = Home::new();
    home.file("library.json", "[]");
    home.file("config.toml", "");
    let failed = run(&home, &["embed"]);
    assert!(failed.err.contains("embeddings = "), "{}", failed.err);
}
