//! The lines that stand at the top or the bottom of pages and belong to none: running heads and page numbers.

use foldhash::{HashMap, HashMapExt as _};

use super::{Line, PageText};

/// Lines at either end of a page that may be running ones.
const AT_EACH_END: usize = 3;
/// On so many pages a line must stand; in a document of few pages on two.
const LEAST_PAGES: usize = 3;
const FEW_PAGES: usize = 5;

/// For each page, which of its lines are running ones.
pub(super) fn running(pages: &[PageText]) -> Vec<Vec<bool>> {
    let ends: Vec<Vec<usize>> = pages.iter().map(ends).collect();
    let mut seen: HashMap<(String, i32), usize> = HashMap::new();
    for (page, ends) in pages.iter().zip(&ends) {
        for line in ends.iter().filter_map(|at| page.lines.get(*at)) {
            *seen.entry(key(line)).or_default() += 1;
        }
    }
    let least = if pages.len() <= FEW_PAGES {
        2
    } else {
        LEAST_PAGES
    };
    pages
        .iter()
        .zip(ends)
        .map(|(page, ends)| {
            let mut marks = vec![false; page.lines.len()];
            for at in ends {
                let Some(line) = page.lines.get(at) else {
                    continue;
                };
                let times = seen.get(&key(line)).copied().unwrap_or(0);
                let is_running = is_number(&line.text) || times >= least;
                if let Some(mark) = marks.get_mut(at) {
                    *mark = is_running;
                }
            }
            marks
        })
        .collect()
}

/// The lines nearest to the top and to the bottom.
fn ends(page: &PageText) -> Vec<usize> {
    let mut order: Vec<usize> = (0..page.lines.len()).collect();
    let y = |at: &usize| page.lines.get(*at).map_or(0.0, |line| line.y);
    order.sort_by(|one, other| y(one).total_cmp(&y(other)));
    let top = page.height * 0.15;
    let bottom = page.height * 0.85;
    let above = order.iter().take(AT_EACH_END).filter(|at| y(at) < top);
    let below = (order.iter().rev())
        .take(AT_EACH_END)
        .filter(|at| y(at) > bottom);
    above.chain(below).copied().collect()
}

/// What stays the same from page to page: the words, and about the height.
fn key(line: &Line) -> (String, i32) {
    let words: String = line.text.chars().filter(|c| !c.is_ascii_digit()).collect();
    (words, (line.y / 4.0).round() as i32)
}

/// A page number: `7`, `– 7 –`, `vii`, `Page 7 of 12`.
fn is_number(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    let is_roman =
        |word: &str| word.len() <= 6 && word.bytes().all(|byte| b"ivxlcIVXLC".contains(&byte));
    let is_digits = |word: &str| word.len() <= 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    if bare.is_empty() || is_digits(bare) || is_roman(bare) {
        return true;
    }
    let words: Vec<&str> = bare.split(|c: char| !c.is_alphanumeric()).collect();
    let is_counted = |word: &&str| {
        word.is_empty()
            || is_digits(word)
            || ["page", "of", "p"].contains(&word.to_lowercase().as_str())
    };
    words.len() <= 5 && words.iter().all(is_counted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_told_from_text() {
        for number in ["7", "– 7 –", "vii", "Page 7 of 12", "7/12", "p. 3"] {
            assert!(is_number(number), "{number}");
        }
        for text in ["Mix", "7 dwarfs", "In 2017", "Table 1"] {
            assert!(!is_number(text), "{text}");
        }
    }
}
