//! From lines to what is read: headings and paragraphs.

use std::cmp::Reverse;

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};
use serde::{Deserialize, Serialize};

use super::running::running;
use super::title::title_lines;
use super::{Line, PageText};

/// What a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// The title of the paper.
    Title,
    /// The heading of a section: 1 for one of the highest level.
    Heading(u8),
    /// Running text.
    Paragraph,
}

/// A piece of text that is read in one go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// What it is.
    pub kind: Kind,
    /// The page on which it begins, from 1.
    pub page: u32,
    /// What it says.
    pub text: String,
}

/// Longer lines are no headings, in characters.
const LONGEST_HEADING: usize = 140;
/// Sizes of fonts are the same within this share.
const SAME_SIZE: f32 = 0.08;

/// Names of sections that stand without a number.
const KNOWN_SECTIONS: [&str; 34] = [
    "abstract",
    "acknowledgement",
    "acknowledgements",
    "acknowledgment",
    "acknowledgments",
    "appendix",
    "author contributions",
    "background",
    "bibliography",
    "competing interests",
    "conclusion",
    "conclusions",
    "conflict of interest",
    "data availability",
    "discussion",
    "evaluation",
    "experiments",
    "funding",
    "introduction",
    "keywords",
    "limitations",
    "literature cited",
    "materials and methods",
    "method",
    "methodology",
    "methods",
    "references",
    "related work",
    "results",
    "results and discussion",
    "statistical analysis",
    "summary",
    "supplementary material",
    "supporting information",
];

/// What is known of the whole document.
struct Body {
    size: f32,
    /// Most of it is bold, so that bold type means nothing.
    is_bold: bool,
    /// From baseline to baseline.
    leading: f32,
}

impl Body {
    fn of(pages: &[PageText]) -> Body {
        let mut sizes: HashMap<u32, usize> = HashMap::new();
        let (mut bold, mut all) = (0, 0);
        let lines = || pages.iter().flat_map(|page| &page.lines);
        for line in lines() {
            let characters = line.text.chars().count();
            *sizes.entry((line.size * 2.0).round() as u32).or_default() += characters;
            all += characters;
            bold += if line.is_bold { characters } else { 0 };
        }
        let halves = sizes
            .into_iter()
            .max_by_key(|(size, count)| (*count, Reverse(*size)))
            .map_or(20, |(size, _)| size);
        let size = halves as f32 / 2.0;
        let mut steps: Vec<f32> = pages
            .iter()
            .flat_map(|page| page.lines.iter().zip(page.lines.iter().skip(1)))
            .filter(|(one, next)| one.part == next.part && (next.size - size).abs() < 0.5)
            .map(|(one, next)| next.y - one.y)
            .filter(|step| *step > 0.5 * size && *step < 3.0 * size)
            .collect();
        steps.sort_by(f32::total_cmp);
        Body {
            size,
            is_bold: bold * 2 > all,
            leading: steps.get(steps.len() / 2).copied().unwrap_or(1.2 * size),
        }
    }

    fn is_of_size(&self, line: &Line) -> bool {
        is_same_size(line.size, self.size)
    }
}

fn is_same_size(one: f32, other: f32) -> bool {
    (one - other).abs() <= SAME_SIZE * one.max(other) + 0.05
}

/// A passage while lines are added to it.
struct Draft<'a> {
    kind: Kind,
    page: u32,
    lines: Vec<&'a Line>,
}

/// The passages of a document, in the order in which they are read.
pub fn compose(pages: &[PageText]) -> Vec<Passage> {
    let body = Body::of(pages);
    let running = running(pages);
    let title = title_lines(pages);
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    // Works cited hang: their first line stands out instead of in.
    let mut hangs = false;
    // The paragraph that goes on after a figure, a footnote or a page.
    let mut unfinished: Option<usize> = None;
    for ((number, page), running) in pages.iter().enumerate().zip(&running) {
        let lines: Vec<&Line> = page
            .lines
            .iter()
            .zip(running)
            .filter(|(_, is_running)| !**is_running)
            .map(|(line, _)| line)
            .collect();
        for (at, line) in lines.iter().enumerate() {
            let is_title = number == 0 && title.iter().any(|one| std::ptr::eq(*one, *line));
            let before = at.checked_sub(1).and_then(|at| lines.get(at)).copied();
            let kind = if is_title {
                Kind::Title
            } else {
                kind(line, before, lines.get(at + 1).copied(), &body)
            };
            let count = drafts.len();
            let goes_on = drafts.last().is_some_and(|draft| {
                draft.kind == kind && goes_on(draft, line, before, &body, hangs)
            });
            if goes_on {
                if let Some(draft) = drafts.last_mut() {
                    draft.lines.push(line);
                }
            } else if let Some(open) = unfinished.filter(|open| {
                kind == Kind::Paragraph
                    && *open + 1 < count
                    && body.is_of_size(line)
                    && line.text.starts_with(char::is_lowercase)
            }) {
                if let Some(draft) = drafts.get_mut(open) {
                    draft.lines.push(line);
                }
                continue;
            } else {
                drafts.push(Draft {
                    kind,
                    page: page.number,
                    lines: vec![line],
                });
                if let Kind::Heading(_) = kind {
                    let name = bare_name(&line.text);
                    hangs =
                        ["references", "bibliography", "literature cited"].contains(&name.as_str());
                }
            }
            if kind == Kind::Paragraph && body.is_of_size(line) {
                unfinished = ends_openly(&line.text).then(|| drafts.len() - 1);
            } else if kind != Kind::Paragraph {
                unfinished = None;
            }
        }
    }
    let words = Words::of(pages);
    let mut passages: Vec<Passage> = drafts
        .into_iter()
        .map(|draft| Passage {
            kind: draft.kind,
            page: draft.page,
            text: joined(&draft.lines, &words),
        })
        .collect();
    passages.retain(|passage| !passage.text.is_empty());
    passages
}

/// The sentence is not at its end.
fn ends_openly(text: &str) -> bool {
    !text
        .trim_end_matches(['"', '”', '’', ')', ']'])
        .ends_with(['.', '!', '?', ':', '。'])
}

/// Whether a line belongs to the passage before it.
fn goes_on(
    draft: &Draft<'_>,
    line: &Line,
    before: Option<&Line>,
    body: &Body,
    hangs: bool,
) -> bool {
    let Some(last) = draft.lines.last() else {
        return false;
    };
    if !is_same_size(last.size, line.size) {
        return false;
    }
    let is_next = before.is_some_and(|before| std::ptr::eq(before, *last));
    let is_same_part = is_next && last.part == line.part && line.y > last.y;
    let step = line.y - last.y;
    if draft.kind != Kind::Paragraph {
        return is_same_part && step <= 1.9 * line.size && !is_numbered(&line.text);
    }
    let leading = body.leading.max(1.05 * line.size);
    if is_same_part && step > 1.4 * leading {
        return false;
    }
    let width = (line.part_right - line.part_left).max(1.0);
    let indent = line.left - line.part_left;
    let indent_before = last.left - last.part_left;
    let is_short = last.part_right - last.right > 0.15 * width;
    if begins_item(&line.text) && (indent_before > 0.5 || is_short || !ends_openly(&last.text)) {
        return false;
    }
    if hangs {
        return indent > 0.5 * line.size || !is_short || ends_openly(&last.text);
    }
    let is_indented = indent > 0.7 * line.size && indent < 0.3 * width;
    let was_indented = draft.lines.len() > 1 && indent_before > 0.7 * line.size;
    if is_indented && !was_indented && indent > indent_before + 0.5 * line.size {
        return false;
    }
    if !is_same_part {
        // On the next column or page nothing but the sentence tells.
        return ends_openly(&last.text) || !(is_short || is_indented);
    }
    !(is_short
        && !ends_openly(&last.text)
        && line
            .text
            .starts_with(|c: char| c.is_uppercase() || c.is_numeric()))
}

/// `•`, `[12]`, `(a)`, `3.` …
fn begins_item(text: &str) -> bool {
    if text.starts_with(['•', '◦', '▪', '■', '●', '‣', '–', '∗']) {
        return true;
    }
    let Some(word) = text.split(' ').next().filter(|word| *word != text) else {
        return false;
    };
    let inner = |open: char, close: char| {
        word.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
    };
    if number_of(text).is_some_and(|depth| depth > 1) {
        return true;
    }
    if let Some(label) = inner('[', ']') {
        return !label.is_empty() && label.len() <= 8;
    }
    if let Some(label) = inner('(', ')') {
        return (1..=3).contains(&label.len());
    }
    let number = word.strip_suffix(['.', ')']);
    number.is_some_and(|number| {
        (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn kind(line: &Line, before: Option<&Line>, next: Option<&Line>, body: &Body) -> Kind {
    let text = line.text.as_str();
    let characters = text.chars().count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_like_one = characters <= LONGEST_HEADING && letters >= 3 && letters * 2 > characters;
    if !is_like_one || text.ends_with([',', ';', '-', '…']) {
        return Kind::Paragraph;
    }
    let level = || match number_of(text) {
        Some(depth) => Kind::Heading(depth),
        None if line.size > 1.3 * body.size => Kind::Heading(1),
        None if is_known(text) => Kind::Heading(1),
        None => Kind::Heading(2),
    };
    let step = before
        .filter(|before| before.part == line.part)
        .map_or(f32::MAX, |before| line.y - before.y);
    let stands_apart = step > 1.15 * body.leading || step < 0.0;
    let width = (line.part_right - line.part_left).max(1.0);
    let is_short =
        line.part_right - line.right > 0.08 * width || line.right - line.left < 0.7 * width;
    let is_sentence = text.ends_with('.') && number_of(text).is_none();
    if is_known(text) && is_short {
        return level();
    }
    if line.size > 1.12 * body.size && !is_sentence {
        return level();
    }
    let is_smaller = line.size < 0.95 * body.size && !body.is_of_size(line);
    if is_smaller || !is_short {
        return Kind::Paragraph;
    }
    let is_in_bold = line.is_bold && !body.is_bold;
    if is_in_bold && (stands_apart || number_of(text).is_some()) && !is_sentence {
        // A caption and a run-in head go on in the next line.
        let is_run_in = next.is_some_and(|next| {
            next.part == line.part && next.is_bold && next.text.starts_with(char::is_lowercase)
        });
        let is_caption = ["Figure ", "Fig. ", "Table "]
            .iter()
            .any(|word| text.starts_with(word));
        if !is_caption && !is_run_in {
            return level();
        }
    }
    let is_apart_from_next = next.is_none_or(|next| {
        next.part != line.part || next.y - line.y > 1.1 * body.leading || next.y < line.y
    });
    if is_numbered(text) && stands_apart && !text.ends_with('.') && characters <= 90 {
        let is_capital = text
            .chars()
            .filter(|c| c.is_alphabetic())
            .all(char::is_uppercase);
        if is_apart_from_next || is_capital || body.leading <= step {
            return level();
        }
    }
    Kind::Paragraph
}

/// The depth of a section's number: 1 for `3`, `IV.` and `A.`, 2 for `3.1`.
fn number_of(text: &str) -> Option<u8> {
    let (word, rest) = text.split_once(' ')?;
    if !rest.starts_with(char::is_uppercase) && !rest.starts_with(char::is_numeric) {
        return None;
    }
    let bare = word.strip_suffix(['.', ')']).unwrap_or(word);
    let parts: Vec<&str> = bare.split('.').collect();
    let is_digits =
        |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if parts.iter().all(is_digits) {
        return Some(parts.len().min(4) as u8);
    }
    let has_stop = bare.len() < word.len();
    let is_roman = !bare.is_empty() && bare.bytes().all(|byte| b"IVX".contains(&byte));
    let is_letter = bare.len() == 1 && bare.bytes().all(|byte| byte.is_ascii_uppercase());
    if has_stop && is_roman {
        return Some(1);
    }
    (has_stop && is_letter).then_some(2)
}

fn is_numbered(text: &str) -> bool {
    number_of(text).is_some()
}

/// A heading without its number, in lower case.
pub(super) fn bare_name(text: &str) -> String {
    let name = match number_of(text) {
        Some(_) => text.split_once(' ').map_or(text, |(_, name)| name),
        None => text,
    };
    name.trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase()
}

fn is_known(text: &str) -> bool {
    text.starts_with(|c: char| !c.is_lowercase())
        && KNOWN_SECTIONS.contains(&bare_name(text).as_str())
}

/// The words of a document, by which it is known whether a hyphen at the end of a line belongs to its word.
struct Words<'a>(HashSet<&'a str>);

impl Words<'_> {
    fn of(pages: &[PageText]) -> Words<'_> {
        let mut words = HashSet::new();
        for line in pages.iter().flat_map(|page| &page.lines) {
            // The last word of a line may be half of one.
            let (most, _) = line.text.rsplit_once(' ').unwrap_or_default();
            for word in most.split(' ') {
                words.insert(word.trim_matches(|c: char| !c.is_alphanumeric()));
            }
        }
        Words(words)
    }

    fn has(&self, word: &str) -> bool {
        self.0
            .contains(word.trim_matches(|c: char| !c.is_alphanumeric()))
    }
}

/// Lines as one text: a hyphen at the end of a line goes, unless the word is written with it elsewhere.
fn joined(lines: &[&Line], words: &Words<'_>) -> String {
    let mut text = String::new();
    for line in lines {
        if text.is_empty() {
            text.push_str(&line.text);
            continue;
        }
        let next = line.text.split(' ').next().unwrap_or_default();
        let without = text
            .strip_suffix(['-', '\u{2010}', '\u{AD}'])
            .filter(|before| before.ends_with(char::is_alphabetic));
        let is_hyphenated = without.is_some() && next.starts_with(char::is_lowercase);
        match without.map(str::len) {
            Some(length) if is_hyphenated => {
                let last = text.rsplit(' ').next().unwrap_or_default();
                let with_it = format!("{last}{next}");
                let is_compound = words.has(&with_it) && !words.has(&with_it.replace('-', ""));
                if !is_compound {
                    text.truncate(length);
                }
            }
            // `Multi-` and `Agent`, `10-` and `fold`: the hyphen is part of it.
            _ if text.ends_with('-') && next.starts_with(char::is_alphanumeric) => {}
            _ if is_wide(text.chars().next_back()) && is_wide(next.chars().next()) => {}
            _ => text.push(' '),
        }
        text.push_str(&line.text);
    }
    text
}

/// Characters of scripts that have no spaces between words.
fn is_wide(character: Option<char>) -> bool {
    character.is_some_and(|c| matches!(c, '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}'))
}
