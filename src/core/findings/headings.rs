//! The headings of structured abstracts: "BACKGROUND:", "Methods and results", "Conclusions and relevance".

use std::ops::Range;

use super::model::Role;

/// Longer headings, in bytes, are sentences.
const LONGEST: usize = 60;

/// The roles that a heading announces; none for one such as "Funding".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Announced(u8);

impl Announced {
    /// Whether it announces a role.
    pub fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u8) != 0
    }

    fn and(self, other: Announced) -> Announced {
        Announced(self.0 | other.0)
    }

    fn one(role: Role) -> Announced {
        Announced(1 << role as u8)
    }
}

/// A heading in the text of an abstract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The bytes of the heading, with its colon.
    pub place: Range<usize>,
    /// What it announces.
    pub announced: Announced,
}

const BACKGROUND: [&str; 8] = [
    "background",
    "introduction",
    "context",
    "importance",
    "rationale",
    "motivation",
    "problem",
    "what is known",
];
const OBJECTIVE: [&str; 19] = [
    "objective",
    "objectives",
    "aim",
    "aims",
    "purpose",
    "goal",
    "goals",
    "hypothesis",
    "question",
    "research question",
    "study objective",
    "study objectives",
    "purpose of review",
    "purpose of the review",
    "purpose of study",
    "study aim",
    "aim of study",
    "aim of the study",
    "scope",
];
const METHODS: [&str; 50] = [
    "method",
    "methods",
    "methodology",
    "material",
    "materials",
    "patient",
    "patients",
    "subjects",
    "design",
    "study design",
    "research design",
    "setting",
    "settings",
    "participants",
    "population",
    "intervention",
    "interventions",
    "main outcome measure",
    "main outcome measures",
    "main outcomes",
    "outcome measures",
    "primary outcome measures",
    "measures",
    "measurements",
    "main measures",
    "data sources",
    "data source",
    "study selection",
    "data extraction",
    "exposure",
    "exposures",
    "approach",
    "experimental approach",
    "experimental design",
    "selection criteria",
    "eligibility criteria",
    "search methods",
    "search strategy",
    "data collection",
    "analysis",
    "statistical analysis",
    "procedure",
    "procedures",
    "evidence acquisition",
    "study eligibility criteria",
    "review methods",
    "main methods",
    "samples",
    "experimental",
    "techniques",
];
const RESULTS: [&str; 13] = [
    "result",
    "results",
    "finding",
    "findings",
    "principal findings",
    "main results",
    "main findings",
    "key results",
    "key findings",
    "recent findings",
    "data synthesis",
    "evidence synthesis",
    "synthesis",
];
const CONCLUSIONS: [&str; 22] = [
    "conclusion",
    "conclusions",
    "concluding remarks",
    "interpretation",
    "significance",
    "discussion",
    "relevance",
    "clinical relevance",
    "clinical significance",
    "clinical implications",
    "implication",
    "implications",
    "practical implications",
    "authors' conclusions",
    "author's conclusions",
    "authors’ conclusions",
    "main conclusions",
    "originality",
    "value",
    "impact",
    "perspectives",
    "summary",
];
const OTHER: [&str; 24] = [
    "abstract",
    "trial registration",
    "clinical trial registration",
    "registration",
    "trial registration number",
    "systematic review registration",
    "funding",
    "keyword",
    "keywords",
    "key words",
    "limitations",
    "ethics",
    "dissemination",
    "level of evidence",
    "availability",
    "implementation",
    "contact",
    "supplementary information",
    "supplementary data",
    "lay summary",
    "plain language summary",
    "graphical abstract",
    "primary funding source",
    "registration number",
];

/// What a text announces as a heading: `None` if it is none. Parts joined by "and", commas and slashes count each.
pub(super) fn announced(text: &str) -> Option<Announced> {
    if text.len() > LONGEST {
        return None;
    }
    let text = text.trim().trim_end_matches([':', '.']).to_lowercase();
    let separated = text
        .replace(" and ", "/")
        .replace(" & ", "/")
        .replace(", ", "/");
    let mut all = Announced::default();
    for part in separated.split('/') {
        let part = part.trim_matches([' ', ',']).trim_start_matches("and ");
        let lists: [(&[&str], Option<Role>); 6] = [
            (&BACKGROUND, Some(Role::Background)),
            (&OBJECTIVE, Some(Role::Objective)),
            (&METHODS, Some(Role::Methods)),
            (&RESULTS, Some(Role::Results)),
            (&CONCLUSIONS, Some(Role::Conclusions)),
            (&OTHER, None),
        ];
        let (_, role) = lists.iter().find(|(list, _)| list.contains(&part))?;
        all = all.and(role.map(Announced::one).unwrap_or_default());
    }
    Some(all)
}

/// How a heading stands in the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// "Methods:", "METHODS:", or "METHODS We".
    Plain,
    /// "Methods We": a heading whose markup was lost, or a word of the sentence.
    Bare,
}

/// The headings in a cleaned text, in order; `marked` are those that markup has shown. Empty where the text has no
/// structure, but for what `marked` holds and a leading "Abstract".
pub(super) fn find(text: &str, marked: &[Heading]) -> Vec<Heading> {
    let mut found: Vec<(Manner, Heading)> = marked
        .iter()
        .map(|heading| (Manner::Plain, heading.clone()))
        .collect();
    let mut before = ' ';
    let mut last_mark = true;
    let mut behind = 0;
    let mut known = marked.iter().peekable();
    for (at, c) in text.char_indices() {
        while let Some(heading) = known.next_if(|heading| heading.place.start <= at) {
            behind = behind.max(heading.place.end);
        }
        let begins_word = before.is_whitespace() && c.is_uppercase();
        if begins_word
            && at >= behind
            && let Some((manner, heading)) = heading_at(text, at, last_mark)
        {
            behind = heading.place.end;
            found.push((manner, heading));
        }
        if !c.is_whitespace() {
            last_mark = matches!(c, '.' | '!' | '?' | ')' | ']' | '”' | '"' | '。' | ':');
        } else if c == '\n' {
            last_mark = true;
        }
        before = c;
    }
    found.sort_by_key(|(_, heading)| heading.place.start);
    let roles = |with_bare: bool| {
        let all = found
            .iter()
            .filter(|(manner, _)| with_bare || *manner == Manner::Plain)
            .fold(Announced::default(), |all, (_, one)| all.and(one.announced));
        Role::ALL.iter().filter(|role| all.has(**role)).count()
    };
    let starts = found.first().is_some_and(|(_, one)| one.place.start == 0);
    let with_bare = if roles(false) >= 2 {
        false
    } else if starts && roles(true) >= 3 {
        true
    } else {
        // No structure: only what is no part of the text itself counts.
        found.retain(|(manner, one)| {
            *manner == Manner::Plain && one.announced == Announced::default()
        });
        false
    };
    found
        .into_iter()
        .filter(|(manner, _)| with_bare || *manner == Manner::Plain)
        .map(|(_, heading)| heading)
        .collect()
}

/// The heading that begins at a word; `sentence` says that a sentence may begin there.
fn heading_at(text: &str, at: usize, sentence: bool) -> Option<(Manner, Heading)> {
    let tail = text.get(at..)?;
    let end = (0..=LONGEST.min(tail.len()))
        .rev()
        .find(|end| tail.is_char_boundary(*end))?;
    let window = tail.get(..end)?;
    let shouted = |words: &str| !words.chars().any(char::is_lowercase);
    if let Some(colon) = window.find([':', '.', '\n'])
        && let Some((words, mark)) = window.split_at_checked(colon)
        && (shouted(words) || (sentence && mark.starts_with(':')))
        && let Some(announced) = announced(words)
    {
        let place = at..at + colon + 1;
        return Some((Manner::Plain, Heading { place, announced }));
    }
    if !sentence {
        return None;
    }
    // The longest run of words that is a heading, before a capital or a figure.
    let spaces: Vec<usize> = window
        .match_indices(' ')
        .map(|(at, _)| at)
        .take(6)
        .collect();
    spaces.into_iter().rev().find_map(|space| {
        let words = window.get(..space)?;
        let next = tail.get(space + 1..)?.chars().next()?;
        if !(next.is_uppercase() || next.is_ascii_digit()) {
            return None;
        }
        let announced = announced(words)?;
        let manner = if shouted(words) {
            Manner::Plain
        } else {
            Manner::Bare
        };
        let place = at..at + space;
        Some((manner, Heading { place, announced }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(text: &str) -> Vec<Role> {
        let announced = announced(text).unwrap();
        let all = Role::ALL.into_iter();
        all.filter(|role| announced.has(*role)).collect()
    }

    fn headings(text: &str) -> Vec<&str> {
        find(text, &[])
            .into_iter()
            .map(|heading| text.get(heading.place).unwrap())
            .collect()
    }

    #[test]
    fn headings_announce_roles() {
        assert_eq!(roles("BACKGROUND:"), [Role::Background]);
        assert_eq!(
            roles("Background & Aims"),
            [Role::Background, Role::Objective]
        );
        assert_eq!(roles("Design, Setting, and Participants"), [Role::Methods]);
        assert_eq!(
            roles("Methodology/Principal Findings"),
            [Role::Methods, Role::Results]
        );
        assert_eq!(roles("Conclusions and Relevance."), [Role::Conclusions]);
        assert!(roles("Trial registration").is_empty());
        assert!(announced("Results of the trial").is_none());
        assert!(announced("").is_none());
    }

    #[test]
    fn headings_are_found_in_running_text() {
        assert_eq!(
            headings("BACKGROUND: A is rare. METHODS: We did b. RESULTS: C rose CONCLUSION: D."),
            ["BACKGROUND:", "METHODS:", "RESULTS:", "CONCLUSION:"]
        );
        assert_eq!(
            headings("Purpose: To see. Materials and Methods: We did b. Results: C."),
            ["Purpose:", "Materials and Methods:", "Results:"]
        );
        assert_eq!(
            headings("BACKGROUND A is rare. METHODS AND RESULTS A total of 5. CONCLUSIONS D."),
            ["BACKGROUND", "METHODS AND RESULTS", "CONCLUSIONS"]
        );
        assert_eq!(
            headings("Background A is rare. Methods We did b. Results C rose."),
            ["Background", "Methods", "Results"]
        );
    }

    #[test]
    fn words_of_sentences_are_no_headings() {
        for text in [
            "We study this. Results show more. Methods Are Few.",
            "We list methods: one and two. Results: they work.",
            "Background subtraction is hard. Results Vary.",
            "Methods: none.",
        ] {
            assert_eq!(headings(text), [""; 0], "{text}");
        }
        assert_eq!(headings("Abstract: We do it."), ["Abstract:"]);
    }
}
