//! Where the sentences of a scientific text begin and end.
//!
//! A full stop ends a sentence unless something says otherwise: an abbreviation or an initial before it, a small letter
//! after it, brackets around it. What is unclear stays together: half a sentence is worse than two in one.

use std::ops::Range;

use super::abbreviations::{Ending, ending_of, is_class_noun, starts_sentences};

/// Brackets that close further away than this many bytes do not hold a sentence together.
const BRACKET_WINDOW: usize = 600;
/// Longer lists of references, in bytes, are something else.
const REFERENCES: usize = 24;

/// The sentences of a text, in order: they hold every character that is no white space, and no white space at their
/// ends. A blank line always parts them.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let brackets = brackets(text);
    let mut bracket = brackets.iter().peekable();
    let mut out = Vec::new();
    let (mut start, mut looked_at) = (0, 0);
    let mut bracketed = 0..0;
    let mut letters = false;
    for (at, c) in text.char_indices() {
        while bracket.peek().is_some_and(|range| range.start < at) {
            if let Some(range) = bracket.next() {
                bracketed = range.clone();
            }
        }
        letters |= at >= start && c.is_alphabetic();
        if at < looked_at {
            continue;
        }
        let after = at + c.len_utf8();
        let end = match c {
            '\n' if rest(text, after).starts_with('\n') => Some(at),
            '。' | '！' | '？' | '．' if at >= bracketed.end => Some(closers(text, after)),
            '.' | '!' | '?' | '…' => {
                // A run of marks is looked at once.
                looked_at = closers(text, after);
                let inside = at < bracketed.end;
                // A sentence in brackets as a whole ends with them.
                let whole = looked_at > bracketed.end
                    && text
                        .get(start..bracketed.start)
                        .is_some_and(|head| head.trim().is_empty());
                if inside && !whole {
                    continue;
                }
                let mark = Mark {
                    c,
                    before: text.get(start..at).unwrap_or_default(),
                    letters,
                    bare: looked_at == after,
                };
                mark.end(rest(text, looked_at)).map(|more| looked_at + more)
            }
            _ => None,
        };
        if let Some(end) = end {
            push(text, start..end, &mut out);
            (start, looked_at, letters) = (end, end, false);
        }
    }
    push(text, start..text.len(), &mut out);
    out
}

fn rest(text: &str, from: usize) -> &str {
    text.get(from..).unwrap_or_default()
}

/// Adds what stands in a range, without the white space around it.
fn push(text: &str, range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let Some(inner) = text.get(range.clone()) else {
        return;
    };
    let start = range.start + (inner.len() - inner.trim_start().len());
    let end = start + inner.trim().len();
    if end > start {
        out.push(start..end);
    }
}

/// The outermost pairs of brackets, as the places of the opening and the closing one.
fn brackets(text: &str) -> Vec<Range<usize>> {
    let mut open: Vec<(usize, u8)> = Vec::new();
    let mut out: Vec<Range<usize>> = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' => open.push((at, byte)),
            b')' | b']' => {
                let wanted = if byte == b')' { b'(' } else { b'[' };
                // Brackets that were never closed are passed over; more than a few of them are no brackets.
                let found = (open.iter().rev().take(8)).position(|(_, open)| *open == wanted);
                let Some(found) = found else { continue };
                open.truncate(open.len() - found);
                let Some((from, _)) = open.pop() else {
                    continue;
                };
                if at - from > BRACKET_WINDOW {
                    continue;
                }
                while out.last().is_some_and(|inner| inner.start > from) {
                    out.pop();
                }
                out.push(from..at);
            }
            _ => {}
        }
    }
    out
}

/// Behind the quotation marks and brackets that close with a sentence.
fn closers(text: &str, from: usize) -> usize {
    let tail = rest(text, from);
    let more = tail.find(|c: char| {
        !matches!(
            c,
            '.' | '!'
                | '?'
                | '…'
                | '。'
                | '！'
                | '？'
                | ')'
                | ']'
                | '}'
                | '"'
                | '\''
                | '”'
                | '’'
                | '»'
                | '」'
                | '』'
        )
    });
    from + more.unwrap_or(tail.len())
}

/// A mark that may end a sentence.
struct Mark<'a> {
    c: char,
    /// The sentence so far.
    before: &'a str,
    /// There are letters in it.
    letters: bool,
    /// No quotes and brackets close with it.
    bare: bool,
}

impl Mark<'_> {
    /// Whether the sentence ends here, and how many bytes of what follows still belong to it.
    fn end(&self, after: &str) -> Option<usize> {
        let next = after.trim_start();
        if next.is_empty() || starts_copyright(next) {
            return Some(0);
        }
        if !after.starts_with(char::is_whitespace) {
            // `…shown.[12] We`: a reference stands between.
            let behind = references(after)?;
            let ends = behind.starts_with(char::is_whitespace) && begins(behind.trim_start());
            return ends.then(|| after.len() - behind.len());
        }
        let ends = if !self.letters {
            // Only a number so far: `1. We …`.
            self.c != '.'
        } else if self.c == '.' && self.bare {
            begins(next) && !is_abbreviated(self.before, next)
        } else {
            begins(next)
        };
        ends.then_some(0)
    }
}

/// Publishers glue their notice to the last sentence.
fn starts_copyright(after: &str) -> bool {
    after.starts_with('©') || after.starts_with("Copyright ©") || after.starts_with("Copyright (")
}

/// What follows `[12]` or `[3,4]` at the start.
fn references(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?;
    let end = inner
        .bytes()
        .take(REFERENCES)
        .position(|byte| byte == b']')?;
    let (numbers, behind) = inner.split_at_checked(end)?;
    (numbers.starts_with(|c: char| c.is_ascii_digit())).then(|| rest(behind, 1))
}

/// Whether a text may begin a sentence: a capital, a figure, a bracket, or a word or formula that is written small.
fn begins(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return true;
    };
    if !first.is_lowercase() {
        return !matches!(
            first,
            ',' | ';' | ':' | '=' | '<' | '>' | '/' | '&' | '-' | '–'
        );
    }
    let word: &str = text
        .split(char::is_whitespace)
        .next()
        .unwrap_or_default()
        .trim_end_matches([',', ';', ':', '.']);
    // `mTOR`, `eIF4E`, `p53`, `α-Synuclein`; `p < 0.05`.
    if !first.is_ascii() {
        return word
            .chars()
            .nth(1)
            .is_some_and(|second| !second.is_lowercase());
    }
    let letters = word.chars().take_while(char::is_ascii_alphabetic).count();
    let tail = rest(text, letters).trim_start();
    word.chars().any(char::is_uppercase)
        || word
            .chars()
            .nth(1)
            .is_some_and(|second| second.is_ascii_digit())
        || (letters == 1 && tail.starts_with(['<', '>', '=', '≤', '≥', '≈']))
}

/// Whether the stop after `before` belongs to an abbreviation or an initial, given what follows.
fn is_abbreviated(before: &str, next: &str) -> bool {
    let word = last_word(before);
    let next_word = next
        .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '’' || c == '\''))
        .next()
        .unwrap_or_default();
    let starter = starts_sentences(next_word);
    let next_is_number = next.starts_with(|c: char| c.is_ascii_digit());
    if is_dotted(word) {
        return match ending_of(word) {
            Ending::Never => true,
            _ => !starter,
        };
    }
    if word.chars().count() == 1 && word.chars().all(char::is_uppercase) {
        return is_initial(before, word, next, starter);
    }
    match ending_of(word) {
        Ending::Free => false,
        Ending::Never => true,
        Ending::BeforeNumber => {
            next_is_number
                || next.starts_with(['(', '[', '#'])
                // `Fig. S1`, `Sect. IV`.
                || (next_word.chars().count() <= 3
                    && !starter
                    && !next_word.chars().any(char::is_lowercase)
                    && word != "No")
        }
        Ending::BeforeStarter => !starter,
    }
}

/// The word that ends a text, without the brackets and quotes before it.
fn last_word(before: &str) -> &str {
    let from = before
        .rfind(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '(' | '[' | '"' | '“' | '‘' | '\'' | '/' | '–' | '—' | ','
                )
        })
        .map_or(0, |at| {
            at + before
                .get(at..)
                .and_then(|tail| tail.chars().next())
                .map_or(1, char::len_utf8)
        });
    rest(before, from)
}

/// `U.S`, `e.g`, `b.i.d`, `Ph.D`: pieces of one to three letters with points between.
fn is_dotted(word: &str) -> bool {
    word.contains('.')
        && word
            .split('.')
            .all(|piece| (1..=3).contains(&piece.len()) && piece.chars().all(char::is_alphabetic))
}

/// Whether a single letter stands for a given name or a genus (`J. Smith`, `E. coli`), and not for a class or a
/// variable (`vitamin D.`, `type A.`).
fn is_initial(before: &str, letter: &str, next: &str, starter: bool) -> bool {
    if starter || !next.starts_with(char::is_uppercase) {
        return false;
    }
    let head = before.strip_suffix(letter).unwrap_or_default().trim_end();
    !is_class_noun(last_word(head))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text)
            .into_iter()
            .map(|range| text.get(range).unwrap())
            .collect()
    }

    fn count(text: &str) -> usize {
        sentences(text).len()
    }

    #[test]
    fn sentences_end_with_marks() {
        assert_eq!(
            split("One. Two! Three? Four"),
            ["One.", "Two!", "Three?", "Four"]
        );
        assert_eq!(
            split("  He said “no.” Then he left.  "),
            ["He said “no.”", "Then he left."]
        );
        assert_eq!(
            split("これは一つ。それは二つ。"),
            ["これは一つ。", "それは二つ。"]
        );
        assert_eq!(split("Head\n\nBody text"), ["Head", "Body text"]);
        assert_eq!(split(""), [""; 0]);
        assert_eq!(split(" \n "), [""; 0]);
    }

    #[test]
    fn abbreviations_and_initials_do_not() {
        for text in [
            "Following Chen et al. (2019), we measured it.",
            "We used a model, e.g. BERT, as a start.",
            "Measures, i.e. medians, are in Fig. 2 and Table 1.",
            "As in Eq. 4 and Sec. IV of Ref. [3], this holds.",
            "Work by J. R. R. Tolkien and T. S. Eliot was read.",
            "Growth of E. coli and S. Typhimurium was slow.",
            "Published in Phys. Rev. Lett. 12 as a letter.",
            "Doses of 3 mg i.v. Ketamine were given.",
            "Dr. Smith and Prof. Jones agree.",
            "Given at approx. 5 a.m. daily, cf. Table 2.",
            "Using v1.2.3 from example.org/a.b, we ran it.",
            "The value of 0.05 vs. 0.1 is small.",
        ] {
            assert_eq!(count(text), 1, "{text}");
        }
    }

    #[test]
    fn stops_after_words_that_look_like_them_do() {
        for text in [
            "Patients lacked vitamin D. Supplements helped.",
            "It was seen in the U.S. We repeated it in Chile.",
            "This extends the work of Chen et al. We show more.",
            "The answer was no. All died.",
            "The temperature was 37 °C. Samples were frozen.",
            "It was not significant (p = 0.05). Others were.",
            "It rose to 0.84. p < 0.01 for all.",
            "Cells died. mTOR was active.",
            "It acts in the brain. α-Synuclein is one cause.",
            "It holds for every n. Moreover, it is tight.",
            "This was shown before.[12] We repeat it.",
            "It works.© 2019 Somebody Ltd.",
        ] {
            assert_eq!(count(text), 2, "{text}: {:?}", split(text));
        }
    }

    #[test]
    fn brackets_hold_together_and_numbers_lead() {
        assert_eq!(
            split("(One here. And another.) Then more."),
            ["(One here. And another.)", "Then more."]
        );
        assert_eq!(count("A list ( that never closes. It goes on."), 2);
        assert_eq!(
            split("1. We did it. 2. We did more."),
            ["1. We did it.", "2. We did more."]
        );
    }

    #[test]
    fn hostile_brackets_cost_no_more_than_their_length() {
        let text = "([".repeat(200_000);
        assert_eq!(count(&text), 1);
        let text = "(a. B) ".repeat(100_000);
        assert_eq!(count(&text), 1);
        let text = "A. ".repeat(200_000);
        assert!(count(&text) >= 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn sentences_are_slices_in_order_and_hold_all_text(
            text in r#"([A-Za-z]{1,9}|[0-9.]{1,4}|et al\.|e\.g\.|E\. coli|Fig\. 2|[.!?…。]|[()\[\]“”"]|[ \n]|\PC){0,60}"#
        ) {
            let mut end = 0;
            for range in sentences(&text) {
                prop_assert!(range.start >= end && range.end > range.start);
                prop_assert!(text.get(end..range.start).unwrap().trim().is_empty());
                let sentence = text.get(range.clone()).unwrap();
                prop_assert_eq!(sentence.trim(), sentence);
                end = range.end;
            }
            prop_assert!(text.get(end..).unwrap().trim().is_empty());
        }
    }
}
