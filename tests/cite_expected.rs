//! Agreement with citeproc-js on real items, in 13 styles, as text and as HTML.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use offprint::core::csl::{Locale, Processor, Style};
use offprint::core::item::Item;
use serde_json::{Map, Value};

/// Styles with the share of items, in percent, that must agree to the byte.
const STYLES: [(&str, f64); 13] = [
    ("apa", 98.0),
    ("ieee", 98.0),
    ("nlm-citation-sequence", 98.0),
    ("harvard-cite-them-right", 98.0),
    ("nature", 98.0),
    ("modern-language-association", 97.0),
    ("chicago-author-date", 97.0),
    ("american-chemical-society", 95.0),
    ("american-medical-association", 95.0),
    ("association-for-computing-machinery", 95.0),
    ("bmj", 95.0),
    ("cell", 95.0),
    ("elsevier-harvard", 95.0),
];

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/cite")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(path: impl AsRef<Path>) -> Value {
    serde_json::from_str(&read(path)).unwrap()
}

/// Collapses white space and drops the number that the expected texts leave out.
fn normal(text: &str) -> String {
    let text = text.replace('\u{a0}', " ").replace("&#160;", " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for number in ["[1]", "(1)", "1."] {
        if let Some(rest) = text.strip_prefix(number) {
            return rest.trim().to_owned();
        }
    }
    text
}

/// The part of the entry that the expected HTML has: what stands right of the margin.
fn body(html: &str) -> String {
    html.split_once("<div class=\"csl-right-inline\">")
        .map_or(html, |(_, tail)| tail.trim_end().trim_end_matches("</div>"))
        .to_owned()
}

#[test]
#[ignore = "reads ../shared"]
fn entries_agree_with_citeproc_js() {
    let data = data();
    let items = json(data.join("items.json"));
    let flags = json(data.join("flags.json"));
    let out = std::env::var_os("OFFPRINT_CITE_OUT").map(PathBuf::from);
    let show = std::env::var("OFFPRINT_CITE_SHOW").unwrap_or_default();
    let mut failed = Vec::new();
    for (id, least) in STYLES {
        let style = Style::parse(&read(data.join(format!("styles/{id}.csl")))).unwrap();
        // As citeproc-js does, the style's own dialect is taken where it names one.
        let lang = style.language(Some("en-US"));
        let locale =
            Locale::parse(&read(data.join(format!("locales/locales-{lang}.xml")))).unwrap();
        let processor = Processor::new(&style, &locale);
        let expected = json(data.join(format!("expected/{id}.json")));
        let mut texts = Map::new();
        let mut counts = BTreeMap::from([("text", 0), ("html", 0), ("all", 0)]);
        for fields in items.as_array().unwrap() {
            let item = Item::from_fields(fields.as_object().unwrap().clone());
            let key = item.id().into_owned();
            let rich = processor.bibliography_entry(&item);
            texts.insert(key.clone(), Value::String(rich.plain()));
            let wanted = &expected[&key];
            let flags: Vec<&str> = flags[&key]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_str)
                .collect();
            let odd = |flag: &&str| {
                flag.starts_with("quirk") || flag.starts_with("odd") || *flag == "artificial"
            };
            if !flags.contains(&"sci") || flags.iter().any(odd) {
                continue;
            }
            let Some(text) = wanted["text"].as_str() else {
                continue;
            };
            *counts.get_mut("all").unwrap() += 1;
            if normal(text) == normal(&rich.plain()) {
                *counts.get_mut("text").unwrap() += 1;
            }
            let want = normal(wanted["html"].as_str().unwrap());
            let got = normal(&body(&rich.html()));
            if want == got {
                *counts.get_mut("html").unwrap() += 1;
            } else if show == id || show == "all" {
                println!("{id} {key}\n  want {want}\n  got  {got}");
            }
        }
        let share = |name: &str| 100.0 * f64::from(counts[name]) / f64::from(counts["all"]);
        println!(
            "{id:40} text {:.1} %  html {:.1} %  of {}",
            share("text"),
            share("html"),
            counts["all"]
        );
        if share("text") < least || share("html") < least - 2.0 {
            failed.push(id);
        }
        if let Some(out) = &out {
            let text = serde_json::to_string(&texts).unwrap();
            fs::write(out.join(format!("{id}.json")), text).unwrap();
        }
    }
    assert!(failed.is_empty(), "below the mark: {failed:?}");
}
