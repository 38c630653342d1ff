//! Comments as they are read: the Markdown that people write by hand (headings, lists, quotations, code, emphasis),
//! lightly styled. Whatever is not understood stands as it was typed.

use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use super::doc::wrap;
use crate::config::theme::Role;

/// One line of runs of text, each with its look.
pub(super) type StyledLine = Vec<(String, Role)>;

/// The text wrapped to a width in cells.
pub(super) fn styled(text: &str, width: usize) -> Vec<StyledLine> {
    let mut out = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            in_code = !in_code;
            out.push(vec![(trimmed.to_owned(), Role::Dim)]);
            continue;
        }
        if in_code {
            wrapped(line, &[(0..line.len(), Role::Text)], "", width, &mut out);
            continue;
        }
        let level = trimmed.chars().take_while(|c| *c == '#').count();
        if let (1..=6, Some(head)) = (level, trimmed.trim_start_matches('#').strip_prefix(' ')) {
            let (head, mut runs) = emphasis(head.trim());
            for run in &mut runs {
                run.1 = Role::Title;
            }
            wrapped(&head, &runs, "", width, &mut out);
            continue;
        }
        let indent = (line.len() - trimmed.len()).min(8);
        let (mark, body) = mark_of(trimmed);
        let prefix = format!("{}{mark}", " ".repeat(indent));
        let (body, runs) = emphasis(body);
        wrapped(&body, &runs, &prefix, width, &mut out);
    }
    out
}

/// What stands before the body of a line, and the body: bullets, numbers, quotation bars.
fn mark_of(line: &str) -> (String, &str) {
    if let Some(body) = ["- [ ] ", "* [ ] "]
        .iter()
        .find_map(|m| line.strip_prefix(m))
    {
        return ("☐ ".to_owned(), body);
    }
    if let Some(body) = ["- [x] ", "* [x] ", "- [X] ", "* [X] "]
        .iter()
        .find_map(|m| line.strip_prefix(m))
    {
        return ("☑ ".to_owned(), body);
    }
    if let Some(body) = ["- ", "* ", "+ "].iter().find_map(|m| line.strip_prefix(m)) {
        return ("• ".to_owned(), body);
    }
    if let Some(body) = line.strip_prefix('>') {
        return ("│ ".to_owned(), body.strip_prefix(' ').unwrap_or(body));
    }
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let rest = line.get(digits..).unwrap_or_default();
    let body = rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") "));
    match (digits, body) {
        (1..=4, Some(body)) => {
            let mark = line.get(..line.len() - body.len()).unwrap_or_default();
            (mark.to_owned(), body)
        }
        _ => (String::new(), line),
    }
}

/// A line without the marks of emphasis, and the look of its parts.
fn emphasis(line: &str) -> (String, Vec<(Range<usize>, Role)>) {
    let mut text = String::with_capacity(line.len());
    let mut runs: Vec<(Range<usize>, Role)> = Vec::new();
    let mut push = |part: &str, role: Role, text: &mut String| {
        if !part.is_empty() {
            let from = text.len();
            text.push_str(part);
            runs.push((from..text.len(), role));
        }
    };
    let mut rest = line;
    let mut plain = String::new();
    // A mark without its partner is searched for once only: hostile text must not make this quadratic.
    let mut unpaired: Vec<&str> = Vec::new();
    while let Some(first) = rest.chars().next() {
        let found = [("**", Role::Title), ("__", Role::Title), ("`", Role::Tag)]
            .into_iter()
            .find(|(mark, _)| rest.starts_with(mark) && !unpaired.contains(mark));
        if let Some((mark, role)) = found {
            let inside = rest.get(mark.len()..).unwrap_or_default();
            let word_before = plain.chars().next_back().is_some_and(char::is_alphanumeric);
            match inside.find(mark) {
                Some(end) if end > 0 && !(mark == "__" && word_before) => {
                    push(&plain, Role::Text, &mut text);
                    plain.clear();
                    push(inside.get(..end).unwrap_or_default(), role, &mut text);
                    rest = inside.get(end + mark.len()..).unwrap_or_default();
                    continue;
                }
                Some(_) => {}
                None => unpaired.push(mark),
            }
            plain.push_str(mark);
            rest = inside;
            continue;
        }
        plain.push(first);
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
    }
    push(&plain, Role::Text, &mut text);
    (text, runs)
}

/// Wraps a body behind its prefix; the lines that follow are indented under it, bars of quotations repeated.
fn wrapped(
    body: &str,
    runs: &[(Range<usize>, Role)],
    prefix: &str,
    width: usize,
    out: &mut Vec<StyledLine>,
) {
    let indent = prefix.width();
    let hanging = if prefix.ends_with("│ ") {
        prefix.to_owned()
    } else {
        " ".repeat(indent)
    };
    let mut ranges = wrap(body, width.saturating_sub(indent).max(2));
    if ranges.is_empty() {
        ranges.push(0..0);
    }
    for (number, range) in ranges.into_iter().enumerate() {
        let mut line = Vec::new();
        let before = if number == 0 { prefix } else { &hanging };
        if !before.is_empty() {
            line.push((before.to_owned(), Role::Dim));
        }
        for (place, role) in runs {
            let (from, to) = (place.start.max(range.start), place.end.min(range.end));
            if from < to {
                line.push((body.get(from..to).unwrap_or_default().to_owned(), *role));
            }
        }
        out.push(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(text: &str, width: usize) -> Vec<String> {
        let lines = styled(text, width).into_iter();
        lines
            .map(|line| line.into_iter().map(|(text, _)| text).collect())
            .collect()
    }

    #[test]
    fn headings_lists_quotations_and_emphasis_are_styled() {
        let lines = styled("# Main **point**\n- a `b`\n> why\n2. two **three", 40);
        assert_eq!(
            lines[0],
            [
                ("Main ".to_owned(), Role::Title),
                ("point".to_owned(), Role::Title)
            ]
        );
        assert_eq!(lines[1][0], ("• ".to_owned(), Role::Dim));
        assert_eq!(lines[1][2], ("b".to_owned(), Role::Tag));
        assert_eq!(lines[2][0], ("│ ".to_owned(), Role::Dim));
        assert_eq!(
            lines[3],
            [
                ("2. ".to_owned(), Role::Dim),
                ("two **three".to_owned(), Role::Text)
            ]
        );
    }

    #[test]
    fn long_items_hang_under_their_text_and_names_keep_their_underscores() {
        assert_eq!(plain("- one two three", 9), ["• one two", "  three"]);
        assert_eq!(plain("> one two three", 9), ["│ one two", "│ three"]);
        assert_eq!(plain("a__b__c #5 1.5", 40), ["a__b__c #5 1.5"]);
        assert_eq!(
            plain("```\n**x**\n```\n\ny", 40),
            ["```", "**x**", "```", "", "y"]
        );
    }

    proptest! {
        #[test]
        fn no_letter_is_lost_and_lines_fit(text in "[a-z*_`#>\n -]{0,80}", width in 12usize..40) {
            let letters = |text: &str| text.chars().filter(char::is_ascii_alphabetic).collect::<String>();
            let lines = plain(&text, width);
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
            for line in lines {
                prop_assert!(line.starts_with("```") || line.width() <= width.max(10), "{:?}", line);
            }
        }
    }
}
