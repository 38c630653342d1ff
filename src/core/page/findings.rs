//! The key findings on a page.

use std::ops::Range;

use super::build::Facts;
use super::{Block, Finding, Section, SectionKind};
use crate::core::findings::{
    AbstractText, Extract, ModelFindings, NoExtract, Part, Question, Stated, extract,
};
use crate::core::moment::rfc3339;
use crate::core::text::scrub;

pub(super) fn section(read: &AbstractText, facts: &Facts<'_>) -> Section {
    let note = |text: &str| (None, vec![Block::Note(text.to_owned())]);
    if let Some(by_model) = facts.by_model {
        let files = facts.notes.map_or(&[][..], |notes| &notes.files);
        return claimed(read, by_model, files);
    }
    let extracted_here = facts.findings.is_none().then(|| extract(read));
    let (origin, blocks) = match facts.findings.or(extracted_here.as_ref()) {
        Some(Ok(extract)) => (Some("from the abstract".to_owned()), extracted(extract)),
        None | Some(Err(NoExtract::NoAbstract)) => note("There is no abstract to take them from"),
        Some(Err(NoExtract::NotEnglish)) => note(
            "They are taken from English abstracts only; this one seems to be in another language",
        ),
        Some(Err(NoExtract::NoModel)) => {
            note("This program was built with a damaged model of sentences")
        }
    };
    Section {
        kind: SectionKind::KeyFindings,
        count: None,
        origin,
        blocks,
    }
}

/// What a part is called: where the model has only the words of a sentence to go by, a result is a likely one.
fn label(part: Part, structured: bool) -> &'static str {
    match part {
        Part::Results if !structured => "Likely result",
        _ => part.name(),
    }
}

fn extracted(extract: &Extract) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (part, stated) in &extract.parts {
        let label = label(*part, extract.structured);
        match stated {
            Stated::Sentences(sentences) => {
                blocks.extend(sentences.iter().map(|one| {
                    Block::Finding(Finding {
                        part: *part,
                        label,
                        sentence: one.text.clone(),
                        place: one.place.clone(),
                        page: None,
                        claim: None,
                        doubt: None,
                    })
                }));
            }
            Stated::Nothing => {
                let name = part.name();
                blocks.push(Block::Note(format!("{name}: the abstract states none")));
            }
            Stated::Unsure => {}
        }
    }
    if blocks.is_empty() {
        blocks.push(Block::Note(
            "No sentence of the abstract is one for certain".to_owned(),
        ));
    }
    blocks
}

/// What a model said, each claim with its sentence, under a head that says who said it, when, and about what.
fn claimed(read: &AbstractText, by_model: &ModelFindings, files: &[String]) -> Section {
    let mut origin = format!(
        "AI · {} · {} · {}",
        scrub(&by_model.model, false),
        day(by_model.made),
        scrub(&by_model.scope, false)
    );
    let mut stale = false;
    let mut blocks: Vec<Block> = Vec::new();
    for claim in &by_model.claims {
        let is_there = |place: &Range<usize>| {
            let there = read.text.get(place.clone());
            there.is_some_and(|there| there == claim.sentence)
        };
        // A sentence that moved is still one of the abstract.
        let moved = || {
            let start = read.text.find(&claim.sentence)?;
            Some(start..start + claim.sentence.len())
        };
        let place = match claim.page {
            Some(_) => Some(0..0),
            None => Some(claim.place.clone()).filter(is_there).or_else(moved),
        };
        stale |= place.is_none();
        blocks.push(Block::Finding(Finding {
            part: claim.part,
            label: claim.part.name(),
            sentence: scrub(&claim.sentence, false),
            place: place.unwrap_or_default(),
            page: claim.page,
            claim: Some(scrub(&claim.claim, false)),
            doubt: if claim.addresses_reader {
                Some("the sentence addresses its reader")
            } else {
                claim.unsupported.then_some("unsupported")
            },
        }));
    }
    for part in Part::ALL {
        if !by_model.claims.iter().any(|claim| claim.part == part) {
            let name = part.name();
            blocks.push(Block::Note(format!("{name}: the model names none")));
        }
    }
    if let Some(file) = &by_model.file {
        if !files.contains(file) {
            origin.push_str(" · stale: its PDF is no longer attached");
        }
    } else {
        let asked_now = Question::about(read).map(|question| question.text_fingerprint());
        if stale || asked_now.as_deref() != Some(by_model.text.as_str()) {
            origin.push_str(" · stale: the abstract has changed");
        }
    }
    Section {
        kind: SectionKind::KeyFindings,
        count: None,
        origin: Some(origin),
        blocks,
    }
}

/// The day of a time in ms since 1970: `2026-11-28`.
fn day(at: u64) -> String {
    rfc3339(at).chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Page, build, to_json, to_markdown, to_text};
    use super::*;
    use crate::core::item::Item;

    fn page(about: &str) -> Page {
        let item = serde_json::json!({"id": "a", "title": "T", "abstract": about}).to_string();
        let item = Item::parse(item.as_bytes()).unwrap();
        let findings = extract(&AbstractText::of(about));
        let facts = Facts {
            findings: Some(&findings),
            ..Facts::default()
        };
        build(&item, &facts)
    }

    const STRUCTURED: &str = "<b>Methods:</b> We asked 120 of the adults to sleep. <b>Results:</b> The mood of 12% of them rose.";
    const PLAIN: &str = "Sleep is a problem of many adults. In this paper, we propose a new method for measuring \
        sleep with a neural network. Experiments on two data sets show that our method outperforms the state of the \
        art by 4.2% in accuracy.";

    #[test]
    fn findings_stand_under_their_labels() {
        let text = to_text(&page(STRUCTURED));
        assert!(
            text.contains(
                "KEY FINDINGS (from the abstract)\nMethodology  We asked 120 of the adults"
            ),
            "{text}"
        );
        assert!(text.contains("\nResults      The mood of 12%"), "{text}");
        assert!(
            text.contains("\nSignificance: the abstract states none\n"),
            "{text}"
        );
        let text = to_text(&page(PLAIN));
        assert!(text.contains("\nLikely result Experiments on"), "{text}");
        let markdown = to_markdown(&page(PLAIN));
        assert!(
            markdown.contains("## Key findings (from the abstract)"),
            "{markdown}"
        );
        assert!(
            markdown.contains("- **Methodology**: In this paper"),
            "{markdown}"
        );
    }

    #[test]
    fn findings_are_data_in_json() {
        let value = to_json(&page(STRUCTURED));
        let about = value["abstract"].as_str().unwrap();
        let finding = &value["findings"]["results"][0];
        let at = |key: &str| finding[key].as_u64().unwrap() as usize;
        assert_eq!(
            about.get(at("start")..at("end")),
            finding["sentence"].as_str()
        );
        assert_eq!(value["findings"]["origin"], "from the abstract");
        assert_eq!(value["findings"]["significance"], serde_json::json!([]));
    }

    #[test]
    fn what_is_missing_is_said() {
        assert!(to_text(&page("")).contains("There is no abstract to take them from"));
        assert!(to_text(&page("Der Schlaf ist sehr kurz.")).contains("English abstracts only"));
        let value = to_json(&page(""));
        assert_eq!(value["findings"]["results"], serde_json::json!([]));
    }
}
