//! Sentence roles and sentences agree with the reference reader of the model and with its data.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test may fail loudly"
)]

use std::fs;
use std::path::Path;

use offprint::core::findings::{
    AbstractText, Extract, Model, Part, Reply, ReplyError, Role, Stated, extract, refusal,
    sentences,
};
use serde_json::Value;

fn data(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    serde_json::from_slice(&fs::read(&path).unwrap()).unwrap()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    array(value)
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect()
}

#[test]
#[ignore = "reads ../shared"]
fn roles_and_probabilities_are_those_of_the_reference() {
    let model = Model::embedded().unwrap();
    let vectors = data("roles/test_vectors.json");
    let mut compared = 0;
    for vector in array(&vectors) {
        let labelled = model.label(&texts(&vector["sentences"]));
        let names: Vec<&str> = labelled.iter().map(|one| one.role.name()).collect();
        assert_eq!(names, texts(&vector["labels"]));
        for (one, expected) in labelled.iter().zip(array(&vector["probabilities"])) {
            for (found, expected) in one.probabilities.iter().zip(array(expected)) {
                let expected = expected.as_f64().unwrap();
                // The reference gives four digits.
                assert!((found - expected).abs() <= 0.000_051, "{found} {expected}");
                compared += 1;
            }
        }
    }
    assert!(compared > 1000, "{compared}");
}

#[test]
#[ignore = "reads ../shared"]
fn every_trap_is_split_right() {
    let traps = data("roles/split_traps.json");
    let mut wrong = Vec::new();
    for trap in array(&traps) {
        let text = trap["text"].as_str().unwrap();
        let found: Vec<&str> = sentences(text)
            .into_iter()
            .map(|range| &text[range])
            .collect();
        if found.len() as u64 != trap["sentences"].as_u64().unwrap() {
            wrong.push(found.join(" | "));
        }
    }
    assert!(array(&traps).len() >= 20);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The class of the data set for a role; it has no conclusions.
fn class(role: Role) -> &'static str {
    match role {
        Role::Background => "background",
        Role::Objective => "objective",
        Role::Methods => "method",
        Role::Results | Role::Conclusions => "result",
    }
}

#[test]
#[ignore = "reads ../shared"]
fn roles_in_computer_science_are_as_good_as_the_reference() {
    let model = Model::embedded().unwrap();
    let abstracts = data("roles/csabstruct-dev.json");
    let classes = ["background", "objective", "method", "result"];
    // For each class: right, given, expected.
    let mut counts = [[0_u32; 3]; 4];
    for one in array(&abstracts) {
        let labelled = model.label(&texts(&one["sentences"]));
        for (found, expected) in labelled.iter().zip(texts(&one["labels"])) {
            if expected == "other" {
                continue;
            }
            for (count, name) in counts.iter_mut().zip(classes) {
                let (given, is) = (class(found.role) == name, expected == name);
                count[0] += u32::from(given && is);
                count[1] += u32::from(given);
                count[2] += u32::from(is);
            }
        }
    }
    let f1 =
        |[right, given, expected]: [u32; 3]| 2.0 * f64::from(right) / f64::from(given + expected);
    let total = [0, 1, 2].map(|at| counts.iter().map(|count| count[at]).sum());
    let (micro, macro_) = (f1(total), counts.map(f1).iter().sum::<f64>() / 4.0);
    println!("micro-F1 {micro:.3}, macro-F1 {macro_:.3}");
    assert!(micro >= 0.67, "{micro}");
    assert!(macro_ >= 0.60, "{macro_}");
}

fn shown(found: &Extract, part: Part) -> usize {
    let (_, stated) = found.parts.iter().find(|one| one.0 == part).unwrap();
    match stated {
        Stated::Sentences(sentences) => sentences.len(),
        Stated::Unsure | Stated::Nothing => 0,
    }
}

#[test]
#[ignore = "reads ../shared"]
fn nine_of_ten_long_abstracts_show_methodology_and_results() {
    let papers = data("papers/arxiv-6000.json");
    let (mut long, mut both, mut significance, mut unread) = (0_u32, 0_u32, 0_u32, 0_u32);
    for paper in array(&papers) {
        let read = AbstractText::of(paper["abstract"].as_str().unwrap_or_default());
        if read.text.split_whitespace().count() <= 150 {
            continue;
        }
        long += 1;
        let Ok(found) = extract(&read) else {
            unread += 1;
            continue;
        };
        both += u32::from(shown(&found, Part::Methodology) > 0 && shown(&found, Part::Results) > 0);
        significance += u32::from(shown(&found, Part::Significance) > 0);
    }
    let share = f64::from(both) / f64::from(long);
    println!(
        "{long} abstracts over 150 words: both in {share:.3}, significance in {:.3}, not read {unread}",
        f64::from(significance) / f64::from(long)
    );
    assert!(long > 4000);
    assert!(share >= 0.9, "{share}");
}

#[test]
#[ignore = "reads ../shared"]
fn what_is_shown_first_is_mostly_right() {
    let abstracts = data("roles/csabstruct-dev.json");
    // For methodology and results: right, shown.
    let mut counts = [[0_u32; 2]; 3];
    for one in array(&abstracts) {
        let (sentences, labels) = (texts(&one["sentences"]), texts(&one["labels"]));
        let Ok(found) = extract(&AbstractText::of(&sentences.join(" "))) else {
            continue;
        };
        for ((part, stated), count) in found.parts.iter().zip(&mut counts) {
            let Stated::Sentences(shown) = stated else {
                continue;
            };
            let right: &[&str] = match part {
                Part::Methodology => &["method", "objective"],
                Part::Results | Part::Significance => &["result"],
            };
            let likeliest = shown
                .iter()
                .max_by(|a, b| a.probability.total_cmp(&b.probability))
                .unwrap();
            let whose = sentences.iter().position(|sentence| {
                sentence.contains(&likeliest.text) || likeliest.text.contains(sentence)
            });
            count[1] += 1;
            count[0] += u32::from(whose.is_some_and(|at| right.contains(&labels[at])));
        }
    }
    let share = counts.map(|[right, shown]| f64::from(right) / f64::from(shown));
    println!(
        "right: {share:.3?} of {:?} shown in {}",
        counts.map(|one| one[1]),
        array(&abstracts).len()
    );
    assert!(share[0] >= 0.75, "{share:?}");
    assert!(share[1] >= 0.65, "{share:?}");
}

#[test]
#[ignore = "reads ../shared"]
fn recorded_streams_of_a_server_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/services/llm");
    let read = |name: &str, size: usize| {
        let bytes = fs::read(folder.join(name)).unwrap();
        let mut reply = Reply::default();
        for piece in bytes.chunks(size) {
            reply.feed(piece).unwrap();
        }
        assert_eq!(reply.model(), Some("gemma-3-270m"), "{name}");
        reply.finish()
    };
    for size in [1, 7, 4096] {
        for name in ["compact", "json_schema", "numbered"] {
            let answer = read(&format!("llamacpp_sse_{name}.sse"), size).unwrap();
            assert!(serde_json::from_str::<Value>(&answer).unwrap().is_object());
        }
        let cut = read("llamacpp_sse_cancel.sse", size);
        assert_eq!(cut, Err(ReplyError::Cut));
    }
    let errors = fs::read_to_string(folder.join("errors_llamacpp.jsonl")).unwrap();
    let mut long = 0;
    for line in errors.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let (words, is_long) = refusal(case["body"].to_string().as_bytes());
        assert!(!words.is_empty());
        long += u32::from(is_long);
        assert_eq!(
            is_long,
            case["case"]
                .as_str()
                .unwrap()
                .starts_with("context overflow")
        );
    }
    assert_eq!(long, 1);
}
