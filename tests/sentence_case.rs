//! How good sentence case is: titles that their authors wrote in sentence case are put into Title Case and back.

use std::fs;
use std::path::Path;

use offprint::core::csl::sentence_case::{ProperNouns, is_title_case, sentence_case};
use offprint::core::item::Item;
use serde_json::Value;

const SMALL: [&str; 24] = [
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "is", "nor", "of",
    "on", "or", "over", "the", "to", "up", "via", "vs", "with", "without",
];

fn title_case(title: &str) -> String {
    title
        .split(' ')
        .enumerate()
        .map(|(place, word)| {
            let lower = word.chars().all(|c| !c.is_uppercase());
            if !lower || (place > 0 && SMALL.contains(&word)) || word.contains(['$', '\\']) {
                return word.to_owned();
            }
            let mut chars = word.chars();
            chars.next().map_or_else(String::new, |first| {
                first.to_uppercase().chain(chars).collect()
            })
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// What follows a colon begins with a capital, as APA wants it; authors differ.
fn after_colon(title: &str) -> String {
    let mut start = false;
    title
        .split(' ')
        .map(|word| {
            let raised = if start && word.chars().all(|c| !c.is_uppercase()) {
                let mut chars = word.chars();
                chars.next().map_or_else(String::new, |first| {
                    first.to_uppercase().chain(chars).collect()
                })
            } else {
                word.to_owned()
            };
            start = word.ends_with([':', '?', '!']);
            raised
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
#[ignore = "reads ../shared"]
fn most_titles_come_back_as_their_authors_wrote_them() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/papers/arxiv-6000.json");
    let list: Vec<Value> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let items: Vec<Item> = list
        .into_iter()
        .map(|value| Item::from_fields(value.as_object().unwrap().clone()))
        .collect();
    let mut known = ProperNouns::default();
    // The library that is learnt from is not the one that is measured.
    for item in items.iter().step_by(2) {
        for field in ["title", "abstract"] {
            known.learn(&item.text(field).unwrap_or_default());
        }
    }
    let (mut titles, mut same, mut words, mut right) = (0, 0, 0, 0);
    let mut lowered_wrongly = 0;
    for item in items.iter().skip(1).step_by(2) {
        let title = item.text("title").unwrap_or_default();
        let lower = title
            .split(' ')
            .filter(|word| word.len() > 3 && word.chars().all(char::is_lowercase))
            .count();
        if is_title_case(&title) || lower < 3 {
            continue;
        }
        let raised = title_case(&title);
        if !is_title_case(&raised) {
            continue;
        }
        let back = sentence_case(&raised, None, item.text("abstract").as_deref(), &known);
        let title = after_colon(&title);
        titles += 1;
        same += u32::from(back == title);
        for (one, two) in title.split(' ').zip(back.split(' ')) {
            words += 1;
            right += u32::from(one == two);
            lowered_wrongly += u32::from(one != two && one.chars().any(char::is_uppercase));
        }
        if std::env::var_os("OFFPRINT_SENTENCE_SHOW").is_some() && back != title {
            println!("{title}\n    {back}");
        }
    }
    println!(
        "{titles} titles, {same} the same, {right} of {words} words, {lowered_wrongly} names lowered"
    );
    assert!(f64::from(same) / f64::from(titles) > 0.7);
    assert!(f64::from(right) / f64::from(words) > 0.95);
}
