//! The title of a paper: the largest text of its first page that is a title by its length.

use super::{Line, PageText};

/// Fewer words are a logo, the name of a journal or of a section.
const LEAST_WORDS: usize = 4;
/// More lines are no title.
const MOST_LINES: usize = 6;
/// The title stands in this part of the page.
const UPPER: f32 = 0.7;
/// How names of journals begin that are as long as titles.
const SERIES: [&str; 6] = [
    "journal of ",
    "the journal of ",
    "proceedings of ",
    "transactions on ",
    "international journal of ",
    "ieee transactions on ",
];

/// The title, as it stands on the first page.
pub fn title(pages: &[PageText]) -> Option<String> {
    let lines = title_lines(pages);
    let mut text = String::new();
    for line in lines {
        if !text.is_empty() && !text.ends_with('-') {
            text.push(' ');
        }
        text.push_str(&line.text);
    }
    let text = text
        .trim_end_matches(['*', '∗', '†', '‡', '§', '¹', '⋆'])
        .trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The lines of the title.
pub(super) fn title_lines(pages: &[PageText]) -> Vec<&Line> {
    let Some(page) = pages.first().filter(|page| page.number == 1) else {
        return Vec::new();
    };
    let mut sorted: Vec<&Line> = page
        .lines
        .iter()
        .filter(|line| line.y < UPPER * page.height)
        .collect();
    sorted.sort_by(|one, other| one.y.total_cmp(&other.y));
    let mut blocks: Vec<Vec<&Line>> = Vec::new();
    for line in sorted {
        let belongs = |block: &Vec<&Line>| {
            block.last().is_some_and(|last| {
                (last.size - line.size).abs() <= 0.03 * line.size
                    && last.is_bold == line.is_bold
                    && line.y - last.y <= 2.0 * line.size
            })
        };
        match blocks.iter_mut().find(|block| belongs(block)) {
            Some(block) => block.push(line),
            None => blocks.push(vec![line]),
        }
    }
    let body = body_size(page);
    let is_title = |block: &&Vec<&Line>| {
        let words = |text: &str| {
            let words = text
                .split(' ')
                .filter(|word| word.chars().any(char::is_alphabetic));
            // Scripts without spaces: two characters are about a word.
            let wide = text.chars().filter(|c| *c >= '\u{3000}').count();
            words.count() + wide / 2
        };
        let count: usize = block.iter().map(|line| words(&line.text)).sum();
        let text = block.first().map_or("", |line| line.text.as_str());
        let lower = text.to_lowercase();
        let is_series = block.len() == 1
            && words(text) <= 7
            && SERIES.iter().any(|begin| lower.starts_with(begin));
        (LEAST_WORDS..=60).contains(&count) && block.len() <= MOST_LINES && !is_series
    };
    let size = |block: &[&Line]| block.first().map_or(0.0, |line| line.size);
    let mut best: Option<&Vec<&Line>> = None;
    for block in blocks.iter().filter(is_title) {
        if best.is_none_or(|best| size(block) > size(best) * 1.01) {
            best = Some(block);
        }
    }
    let is_larger = |block: &&Vec<&Line>| size(block) > 1.08 * body;
    // In the size of the text: the first that is bold.
    let in_bold = || {
        blocks
            .iter()
            .filter(is_title)
            .find(|block| block.iter().all(|line| line.is_bold))
    };
    best.filter(is_larger)
        .or_else(in_bold)
        .cloned()
        .unwrap_or_default()
}

/// The size of most characters.
fn body_size(page: &PageText) -> f32 {
    let mut sizes: Vec<(f32, usize)> = page
        .lines
        .iter()
        .map(|line| (line.size, line.text.len()))
        .collect();
    sizes.sort_by(|one, other| one.0.total_cmp(&other.0));
    let all: usize = sizes.iter().map(|(_, count)| count).sum();
    let mut sum = 0;
    for (size, count) in sizes {
        sum += count;
        if sum * 2 >= all {
            return size;
        }
    }
    0.0
}
