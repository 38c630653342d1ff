//! Key findings from an abstract: the sentences that say what was done, what was found, and what follows.

use std::ops::Range;

use super::abstract_text::AbstractText;
use super::headings::Announced;
use super::model::{Labelled, Model, Role};
use super::{notice, sentences::sentences};

/// A part of the key findings.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// What was done.
    Methodology,
    /// What was found.
    Results,
    /// What follows from it.
    Significance,
}

impl Part {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Part; 3] = [Part::Methodology, Part::Results, Part::Significance];

    /// Its name, with a capital.
    pub fn name(self) -> &'static str {
        match self {
            Part::Methodology => "Methodology",
            Part::Results => "Results",
            Part::Significance => "Significance",
        }
    }

    /// Its name in machine-readable output.
    pub fn key(self) -> &'static str {
        match self {
            Part::Methodology => "methodology",
            Part::Results => "results",
            Part::Significance => "significance",
        }
    }

    fn role(self) -> Role {
        match self {
            Part::Methodology => Role::Methods,
            Part::Results => Role::Results,
            Part::Significance => Role::Conclusions,
        }
    }
}

/// A sentence of an abstract, as it stands there.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// Its bytes in [`AbstractText::text`].
    pub place: Range<usize>,
    /// Its words.
    pub text: String,
    /// How likely it has the role it is shown for, 0–1.
    pub probability: f64,
}

/// What an abstract says about a part.
#[derive(Debug, Clone, PartialEq)]
pub enum Stated {
    /// These sentences, in the order of the text; never empty.
    Sentences(Vec<Sentence>),
    /// There may be such a sentence, but which one it is is not sure enough.
    Unsure,
    /// Most likely nothing.
    Nothing,
}

/// Key findings taken from an abstract.
#[derive(Debug, Clone, PartialEq)]
pub struct Extract {
    /// The abstract has headings of its own, which say what its sentences are for.
    pub structured: bool,
    /// What it says about each part.
    pub parts: [(Part, Stated); 3],
}

/// Why no findings can be taken from an abstract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoExtract {
    /// There is no abstract.
    NoAbstract,
    /// The model reads English alone.
    NotEnglish,
    /// There is no model, because the program was built with a damaged one.
    NoModel,
}

/// A sentence that is not labelled so by the sequence must be as likely as this to be shown.
const SURE_ENOUGH: f64 = 0.5;
/// A labelled one must at least be as likely as this.
const LIKELY: f64 = 0.5;
/// Conclusions are rare outside structured abstracts, and are shown only when they are this likely.
const SURE_CONCLUSION: f64 = 0.5;
/// What such words add to that likelihood near the end of an abstract.
const SPEAKS_OF_CONSEQUENCES: f64 = 0.3;
/// A second sentence of a part must be this likely.
const SURE: f64 = 0.85;
/// Where no sentence is as likely as this, the abstract states nothing.
const UNLIKELY: f64 = 0.12;
/// More of an abstract, in bytes, is not read.
const LONGEST_READ: usize = 32_000;
/// Sentences shown of a part.
const MOST_SHOWN: usize = 2;

struct Candidate<'a> {
    place: Range<usize>,
    text: &'a str,
    announced: Option<Announced>,
}

/// Takes the key findings from an abstract.
///
/// # Errors
/// When it cannot be done with this text.
pub fn extract(read: &AbstractText) -> Result<Extract, NoExtract> {
    let structured = (read.headings.iter())
        .any(|heading| Role::ALL.iter().any(|role| heading.announced.has(*role)));
    let candidates = candidates(read);
    if candidates.is_empty() {
        return Err(NoExtract::NoAbstract);
    }
    if !is_english(&candidates) {
        return Err(NoExtract::NotEnglish);
    }
    let model = Model::embedded().ok_or(NoExtract::NoModel)?;
    let texts: Vec<&str> = candidates.iter().map(|one| one.text).collect();
    let labelled = model.label(&texts);
    let all: Vec<(&Candidate<'_>, &Labelled)> = candidates.iter().zip(&labelled).collect();
    let mut taken = Vec::new();
    let parts = Part::ALL.map(|part| {
        let stated = if structured {
            announced_part(part, &all, &taken)
        } else {
            likely_part(part, &all, &taken)
        };
        if let Stated::Sentences(sentences) = &stated {
            taken.extend(sentences.iter().map(|one| one.place.start));
        }
        (part, stated)
    });
    Ok(Extract { structured, parts })
}

/// The sentences of an abstract with their places, without its headings and its publisher's notice.
pub(super) fn abstract_sentences(read: &AbstractText) -> Vec<(Range<usize>, &str)> {
    let candidates = candidates(read).into_iter();
    candidates.map(|one| (one.place, one.text)).collect()
}

/// The sentences of an abstract without its headings and its publisher's notice.
fn candidates(read: &AbstractText) -> Vec<Candidate<'_>> {
    let text = read.text.as_str();
    let longest = (0..=LONGEST_READ.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or_default();
    let ends = (read.headings.iter().skip(1).map(|next| next.place.start)).chain([text.len()]);
    let first = read
        .headings
        .first()
        .map_or(text.len(), |one| one.place.start);
    let mut sections = vec![(0..first, None)];
    for (heading, end) in read.headings.iter().zip(ends) {
        sections.push((heading.place.end..end, Some(heading.announced)));
    }
    let mut out = Vec::new();
    for (place, announced) in sections {
        let place = place.start.min(longest)..place.end.min(longest);
        let Some(section) = text.get(place.clone()) else {
            continue;
        };
        let mut found = sentences(section);
        notice::drop_from(section, &mut found);
        // "Funding: …", "Keywords: …": their sentences are no findings. What follows "Abstract" is the abstract.
        let aside = announced.is_some_and(|announced| {
            announced == Announced::default() && place.start > text.len() / 4
        });
        if aside {
            continue;
        }
        out.extend(found.into_iter().filter_map(|range| {
            Some(Candidate {
                place: place.start + range.start..place.start + range.end,
                text: section.get(range)?,
                announced,
            })
        }));
    }
    out
}

const COMMON: [&str; 16] = [
    "the", "of", "and", "to", "is", "for", "that", "with", "we", "are", "this", "by", "were",
    "from", "these", "which",
];

/// Whether enough words are those that stand in every English text.
fn is_english(candidates: &[Candidate<'_>]) -> bool {
    let (mut words, mut common) = (0, 0);
    for word in candidates
        .iter()
        .flat_map(|one| one.text.split_whitespace())
        .take(400)
    {
        words += 1;
        let lower = word.to_ascii_lowercase();
        common += usize::from(COMMON.contains(&lower.as_str()));
    }
    words > 0 && common * 100 >= words * 8
}

/// The sentences of the sections that announce a part, the likeliest where there are many.
fn announced_part(part: Part, all: &[(&Candidate<'_>, &Labelled)], taken: &[usize]) -> Stated {
    let role = part.role();
    let mut fitting: Vec<(f64, &Candidate<'_>)> = all
        .iter()
        .filter(|(one, labelled)| {
            let Some(announced) = one.announced.filter(|announced| announced.has(role)) else {
                return false;
            };
            // A section for several parts: the model tells which sentence is for which.
            let others = Part::ALL.map(Part::role).into_iter();
            others
                .filter(|other| announced.has(*other))
                .all(|other| labelled.probability(other) <= labelled.probability(role))
        })
        .filter(|(one, _)| !taken.contains(&one.place.start))
        .map(|(one, labelled)| (labelled.probability(role), *one))
        .collect();
    if fitting.is_empty() {
        return Stated::Nothing;
    }
    fitting.sort_by(|a, b| b.0.total_cmp(&a.0));
    fitting.truncate(MOST_SHOWN);
    in_order(fitting)
}

/// The sentences that the model holds likely for a part.
fn likely_part(part: Part, all: &[(&Candidate<'_>, &Labelled)], taken: &[usize]) -> Stated {
    let role = part.role();
    let mut most: f64 = 0.0;
    let mut fitting: Vec<(f64, &Candidate<'_>)> = Vec::new();
    for (at, (one, labelled)) in all.iter().enumerate() {
        let mut probability = labelled.probability(role);
        if part == Part::Significance && 3 * at >= 2 * all.len() && is_about_consequences(one.text)
        {
            probability = (probability + SPEAKS_OF_CONSEQUENCES).min(1.0);
        }
        most = most.max(probability);
        let enough = match (part, labelled.role == role) {
            (Part::Significance, _) => SURE_CONCLUSION,
            (_, true) => LIKELY,
            (_, false) => SURE_ENOUGH,
        };
        if probability >= enough && !taken.contains(&one.place.start) {
            fitting.push((probability, one));
        }
    }
    fitting.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut at = 0;
    fitting.retain(|(probability, _)| {
        at += 1;
        at == 1 || (at <= MOST_SHOWN && *probability >= SURE)
    });
    if !fitting.is_empty() {
        in_order(fitting)
    } else if most < UNLIKELY {
        Stated::Nothing
    } else {
        Stated::Unsure
    }
}

/// What is said of findings rather than found.
const CONSEQUENCES: [&str; 21] = [
    "in conclusion",
    "we conclude",
    "suggest that",
    "suggests that",
    "suggesting that",
    "implications",
    "highlight",
    "underscore",
    "paves the way",
    "pave the way",
    "paving the way",
    "potential for",
    "potential to",
    "promising",
    "new avenues",
    "opens up",
    "open up",
    "insights into",
    "foundation for",
    "should be",
    "future research",
];

fn is_about_consequences(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    CONSEQUENCES.iter().any(|words| lower.contains(words))
}

fn in_order(mut chosen: Vec<(f64, &Candidate<'_>)>) -> Stated {
    chosen.sort_by_key(|(_, one)| one.place.start);
    Stated::Sentences(
        chosen
            .into_iter()
            .map(|(probability, one)| Sentence {
                place: one.place.clone(),
                text: one.text.to_owned(),
                probability,
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(raw: &str) -> Extract {
        extract(&AbstractText::of(raw)).unwrap()
    }

    fn shown(extract: &Extract, part: Part) -> Vec<&str> {
        match &extract.parts.iter().find(|one| one.0 == part).unwrap().1 {
            Stated::Sentences(sentences) => sentences.iter().map(|one| one.text.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn structured_abstracts_use_their_headings() {
        let found = of(
            "BACKGROUND: Sleep is short. METHODS: We asked 120 adults to sleep longer. RESULTS: The mood of the \
             adults rose by 12% (p = 0.01). It was measured daily. CONCLUSIONS: Adults who sleep longer are happier \
             than the others. © 2020 Wiley.",
        );
        assert!(found.structured);
        assert_eq!(
            shown(&found, Part::Methodology),
            ["We asked 120 adults to sleep longer."]
        );
        assert_eq!(shown(&found, Part::Results).len(), 2);
        assert_eq!(
            shown(&found, Part::Significance),
            ["Adults who sleep longer are happier than the others."]
        );
    }

    #[test]
    fn a_part_without_a_section_is_stated_nowhere() {
        let found = of(
            "<b>Aim:</b> To see whether the mood of adults is low. <b>Results:</b> The mood was low in 40% of them.",
        );
        assert!(found.structured);
        assert_eq!(found.parts[0].1, Stated::Nothing);
        assert_eq!(shown(&found, Part::Results).len(), 1);
    }

    #[test]
    fn sections_for_several_parts_are_told_apart() {
        let found = of(
            "Background: Sleep is short. Methods and results: A total of 120 adults were randomly assigned to sleep \
             longer or not. The mood was significantly higher in the first group than in the second (p < 0.001). \
             Conclusion: Sleep is good for the mood.",
        );
        assert!(shown(&found, Part::Methodology)[0].starts_with("A total of 120"));
        assert!(shown(&found, Part::Results)[0].starts_with("The mood was"));
    }

    #[test]
    fn other_abstracts_are_read_by_the_model() {
        let raw = "Sleep is a problem of many adults. In this paper, we propose a new method for measuring sleep, \
             which combines a sensor with a neural network. Experiments on two data sets show that our method \
             outperforms the state of the art by 4.2% in accuracy.";
        let found = of(raw);
        assert!(!found.structured);
        assert!(shown(&found, Part::Methodology)[0].starts_with("In this paper, we propose"));
        assert!(shown(&found, Part::Results)[0].starts_with("Experiments on two"));
        for (_, stated) in &found.parts {
            if let Stated::Sentences(sentences) = stated {
                assert!(
                    sentences
                        .iter()
                        .all(|one| raw.get(one.place.clone()) == Some(&one.text))
                );
            }
        }
    }

    #[test]
    fn what_cannot_be_read_says_so() {
        let why = |raw: &str| extract(&AbstractText::of(raw)).unwrap_err();
        assert_eq!(why(" "), NoExtract::NoAbstract);
        assert_eq!(
            why("Der Schlaf ist kurz. Wir haben ihn gemessen."),
            NoExtract::NotEnglish
        );
        assert_eq!(why("深層学習による構文解析。"), NoExtract::NotEnglish);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn findings_are_slices_of_the_abstract(
            raw in r"((METHODS|Results|BACKGROUND|Abstract|Funding)[: ]|<b>Aim</b>|<jats:title>Methods</jats:title>|</p>|the |of |we |[A-Za-z]{1,9} |[.!?] |©|\PC){0,60}"
        ) {
            let read = AbstractText::of(&raw);
            for heading in &read.headings {
                prop_assert!(read.text.get(heading.place.clone()).is_some());
            }
            for (start, paragraph) in read.paragraphs() {
                prop_assert_eq!(read.text.get(start..start + paragraph.len()), Some(paragraph));
            }
            let Ok(found) = extract(&read) else { return Ok(()) };
            for (_, stated) in found.parts {
                let Stated::Sentences(sentences) = stated else { continue };
                prop_assert!(!sentences.is_empty());
                for one in sentences {
                    prop_assert_eq!(read.text.get(one.place), Some(one.text.as_str()));
                }
            }
        }
    }
}
