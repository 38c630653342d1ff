//! The processor tests of the CSL project: how many of them pass, by category.
//!
//! The folder is `../shared/data/csl-tests`, or the one that `OFFPRINT_CSL_TESTS` names. `OFFPRINT_CSL_SHOW` shows what
//! was wanted and what came of the tests whose names contain its value.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use offprint::core::csl::{Citation, Cite, Position, Processor, Rich, Style, archive};
use offprint::core::item::Item;
use serde_json::Value;

/// Tests that ask for what only citeproc-js does, with what that is.
const EXTENSIONS: [(&str, &str); 6] = [
    (
        "bugreports_NumberAffixEscape",
        "Unicode superscripts turned into markup",
    ),
    (
        "number_NewOrdinalsEdition",
        "Unicode superscripts turned into markup",
    ),
    (
        "number_LimitOrdinalsToDayOne",
        "variables read out of the note field",
    ),
    (
        "label_NameLabelThroughSubstitute",
        "variables read out of the note field",
    ),
    (
        "locator_TrickyEntryForPlurals",
        "labels read out of the locator's text",
    ),
    (
        "bugreports_SortedIeeeItalicsFail",
        "“Jun.” of a locale older than 2014",
    ),
];

fn folder() -> PathBuf {
    std::env::var_os("OFFPRINT_CSL_TESTS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/csl-tests"),
        PathBuf::from,
    )
}

/// The blocks of a test file by name.
fn blocks(text: &str) -> HashMap<String, String> {
    let mut blocks = HashMap::new();
    let mut current: Option<(String, Vec<&str>)> = None;
    for line in text.trim_start_matches('\u{feff}').lines() {
        let trimmed = line.trim();
        if trimmed.starts_with(">>=") {
            let name = trimmed.trim_matches(['>', '=', ' ']).to_owned();
            current = Some((name, Vec::new()));
        } else if trimmed.starts_with("<<=") {
            if let Some((name, lines)) = current.take() {
                blocks.insert(name, lines.join("\n"));
            }
        } else if let Some((_, lines)) = &mut current {
            lines.push(line);
        }
    }
    blocks
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_i64() != Some(0),
        _ => false,
    }
}

fn cite(value: &Value, ids: &HashMap<String, usize>) -> Option<Cite> {
    Some(Cite {
        item: *ids.get(&text(&value["id"])?)?,
        locator: text(&value["locator"]),
        label: text(&value["label"]),
        prefix: text(&value["prefix"]),
        suffix: text(&value["suffix"]),
        suppress_author: truthy(&value["suppress-author"]),
        author_only: truthy(&value["author-only"]),
        position: value["position"].as_i64().map(|position| match position {
            1 => Position::Subsequent,
            2 => Position::Ibid,
            3 => Position::IbidWithLocator,
            _ => Position::First,
        }),
        near_note: value.get("near-note").map(truthy),
    })
}

/// The citations of a document that was edited step by step, as it is in the end.
fn edited(steps: &Value, ids: &HashMap<String, usize>) -> Vec<(String, Citation)> {
    let mut known: HashMap<String, Citation> = HashMap::new();
    let mut order: Vec<(String, Option<u32>)> = Vec::new();
    for step in steps.as_array().unwrap() {
        let citation = &step[0];
        let id = text(&citation["citationID"]).unwrap();
        let note = citation["properties"]["noteIndex"]
            .as_u64()
            .map(|note| note as u32);
        known.insert(
            id.clone(),
            Citation {
                cites: citation["citationItems"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter_map(|value| cite(value, ids))
                    .collect(),
                note,
            },
        );
        let side = |place: usize| -> Vec<(String, Option<u32>)> {
            step[place]
                .as_array()
                .map(|list| {
                    list.iter()
                        .filter_map(|pair| {
                            Some((text(&pair[0])?, pair[1].as_u64().map(|note| note as u32)))
                        })
                        .collect()
                })
                .unwrap_or_default()
        };
        order = side(1);
        order.push((id, note));
        order.extend(side(2));
    }
    order
        .into_iter()
        .filter_map(|(id, note)| {
            let mut citation = known.get(&id)?.clone();
            citation.note = note.filter(|note| *note > 0);
            Some((id, citation))
        })
        .collect()
}

/// What the processor makes of a test.
fn run(blocks: &HashMap<String, String>) -> Result<String, String> {
    let style = Style::parse(&blocks["CSL"]).map_err(|error| error.to_string())?;
    let lang = style.language(None);
    let locale = archive::locale(lang)
        .or_else(|| archive::locale("en-US"))
        .ok_or("no locale")?;
    let processor = Processor::new(&style, &locale);
    let input: Value = serde_json::from_str(&blocks["INPUT"]).map_err(|error| error.to_string())?;
    let mut items: Vec<Item> = input
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|value| Some(Item::from_fields(value.as_object()?.clone())))
        .collect();
    let mode = blocks["MODE"].trim();
    let parse = |name: &str| -> Option<Value> {
        blocks
            .get(name)
            .map(|text| serde_json::from_str(text).unwrap())
    };
    if let Some(entries) = parse("BIBENTRIES")
        && let Some(last) = entries.as_array().and_then(|list| list.last())
    {
        let ids: Vec<String> = last.as_array().unwrap().iter().filter_map(text).collect();
        items.retain(|item| ids.contains(&item.id().into_owned()));
    }
    let ids: HashMap<String, usize> = items
        .iter()
        .enumerate()
        .map(|(index, item)| (item.id().into_owned(), index))
        .collect();
    let named;
    let mut labels: Vec<String> = Vec::new();
    let citations: Vec<Citation> = if let Some(steps) = parse("CITATIONS") {
        named = edited(&steps, &ids);
        // Only cited items count, in the order of their citation.
        let mut order: Vec<usize> = Vec::new();
        for (_, citation) in &named {
            for cite in &citation.cites {
                if !order.contains(&cite.item) {
                    order.push(cite.item);
                }
            }
        }
        items = order.iter().map(|index| items[*index].clone()).collect();
        labels.extend(named.iter().map(|(id, _)| id.clone()));
        named
            .into_iter()
            .map(|(_, mut citation)| {
                for cite in &mut citation.cites {
                    cite.item = order.iter().position(|index| *index == cite.item).unwrap();
                }
                citation
            })
            .collect()
    } else if let Some(lists) = parse("CITATION-ITEMS") {
        lists
            .as_array()
            .unwrap()
            .iter()
            .map(|list| Citation {
                cites: list
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter_map(|value| cite(value, &ids))
                    .map(|mut cite| {
                        cite.position.get_or_insert(Position::First);
                        cite
                    })
                    .collect(),
                note: None,
            })
            .collect()
    } else {
        vec![Citation {
            cites: (0..items.len())
                .map(|index| Cite {
                    position: Some(Position::First),
                    ..Cite::of(index)
                })
                .collect(),
            note: None,
        }]
    };
    let borrowed: Vec<&Item> = items.iter().collect();
    let document = processor.document(&borrowed, &citations);
    if mode.starts_with("bibliography") {
        let entries: String = document
            .bibliography()
            .iter()
            .map(|(_, entry)| format!("<div class=\"csl-entry\">{}</div>", entry.html()))
            .collect();
        return Ok(format!("<div class=\"csl-bib-body\">{entries}</div>"));
    }
    let texts: Vec<String> = document.citations().iter().map(Rich::html).collect();
    if blocks.contains_key("CITATIONS") {
        return Ok(texts
            .iter()
            .enumerate()
            .map(|(index, text)| format!("[{index}] {text}"))
            .collect::<Vec<_>>()
            .join("\n"));
    }
    Ok(texts.join("\n"))
}

/// White space between tags and the marks of changed citations mean nothing.
fn normal(text: &str) -> String {
    let lines: Vec<String> = text
        .trim()
        .lines()
        .map(|line| {
            let line = line.trim();
            line.strip_prefix(">>[")
                .or_else(|| line.strip_prefix("..["))
                .map_or_else(|| line.to_owned(), |rest| format!("[{rest}"))
        })
        .collect();
    let mut joined = lines.join("\n");
    if joined.contains("csl-bib-body") {
        joined = lines.concat();
        joined = joined.replace(" </div>", "</div>");
    }
    for space in ["&nbsp;", "&#160;"] {
        joined = joined.replace(space, "\u{a0}");
    }
    joined
}

#[test]
#[ignore = "reads ../shared"]
fn the_processor_tests_of_the_csl_project_pass() {
    let show = std::env::var("OFFPRINT_CSL_SHOW").unwrap_or_default();
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    let mut categories: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut modes: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut failing = Vec::new();
    for path in files {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let blocks = blocks(&fs::read_to_string(&path).unwrap());
        if !blocks.contains_key("MODE") || !blocks.contains_key("RESULT") {
            println!("not a test: {name}");
            continue;
        }
        if EXTENSIONS.iter().any(|(extension, _)| *extension == name) {
            continue;
        }
        let got = run(&blocks).unwrap_or_else(|error| format!("error: {error}"));
        let (want, got) = (normal(&blocks["RESULT"]), normal(&got));
        let passed = u32::from(want == got);
        let category = name.split('_').next().unwrap().to_owned();
        let mode = if blocks["MODE"].trim().starts_with("bibliography") {
            "bibliography"
        } else {
            "citation"
        };
        for counts in [
            categories.entry(category).or_default(),
            modes.entry(mode).or_default(),
        ] {
            counts.0 += passed;
            counts.1 += 1;
        }
        if passed == 0 {
            if !show.is_empty() && (show == "all" || name.contains(&show)) {
                println!("--- {name}\nwant: {want}\ngot:  {got}");
            }
            failing.push(name);
        }
    }
    for (category, (passed, all)) in &categories {
        println!("{category:20} {passed}/{all}");
    }
    println!("failing: {}", failing.join(" "));
    let share = |mode: &str| {
        let (passed, all) = modes.get(mode).copied().unwrap_or_default();
        println!("{mode}: {passed} of {all}");
        f64::from(passed) / f64::from(all.max(1))
    };
    let (bibliography, citation) = (share("bibliography"), share("citation"));
    assert!(bibliography >= 0.90 && citation >= 0.85);
}
