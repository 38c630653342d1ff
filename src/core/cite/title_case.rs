//! English titles for BibTeX: headline capitals, and braces (a [`Style::NoCase`] span) around words whose capitals a
//! style must not lower.
//!
//! The conventions are Better BibTeX's: a word that has a capital in the source is protected as it stands, neighbours
//! joined into one run; the first word only when it has a capital after its first letter (`DNA`, `PeerJ`); the other
//! words get a capital unless they are short function words. Deviations, because they would falsify: words in italics
//! (species, genes, foreign words), single letters (`p-type`, `k-means`), and words with digits (`p53`) keep their
//! case.

use super::markup::{Piece, Style};

/// Articles, conjunctions and prepositions that stay in lower case inside a title.
const FUNCTION_WORDS: &str = "a about above across after against along alongside amid among amongst an and around as at before \
    behind below beneath beside between beyond but by circa despite down during et except for from in \
    inside into like near nor of off on onto or out outside over per since so than the through \
    throughout till to toward towards under underneath until up upon v versus via vs with within without \
    yet de van von";

/// Whether `word` (in lower case) is a function word that does not count as a title word.
pub fn is_function_word(word: &str) -> bool {
    !word.is_empty()
        && FUNCTION_WORDS
            .split(' ')
            .any(|function_word| function_word == word)
}

/// A character of the text without its markup.
#[derive(Debug, Clone, Copy)]
struct Letter {
    c: char,
    /// Which pieces belong together: changes with every tag and formula.
    segment: usize,
    italic: bool,
    no_case: bool,
    protect: bool,
}

/// Applies headline capitals and marks what must keep its capitals.
pub fn headline(pieces: &[Piece]) -> Vec<Piece> {
    let mut letters = letters_of(pieces);
    let words = words_of(&letters);
    let last = words.len().saturating_sub(1);
    for (number, word) in words.iter().enumerate() {
        let sentence_start = number == 0 || follows_colon(letters.get(..word.start));
        if let Some(word) = letters.get_mut(word.clone()) {
            shape(word, number == 0, sentence_start, number == last);
        }
    }
    join_runs(&mut letters);
    rebuild(pieces, &letters)
}

fn letters_of(pieces: &[Piece]) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(pieces.len());
    let mut styles = Vec::new();
    let mut segment = 0;
    for piece in pieces {
        match piece {
            Piece::Char(c) => letters.push(Letter {
                c: *c,
                segment,
                italic: styles.contains(&Style::Italic),
                no_case: styles.contains(&Style::NoCase),
                protect: false,
            }),
            Piece::Math(_) => {
                segment += 1;
                // Stands in for the formula, so that letters and pieces stay in step.
                letters.push(Letter {
                    c: '$',
                    segment,
                    italic: true,
                    no_case: true,
                    protect: false,
                });
                segment += 1;
            }
            Piece::Open(style) => {
                segment += 1;
                styles.push(*style);
            }
            Piece::Close => {
                segment += 1;
                styles.pop();
            }
        }
    }
    letters
}

/// Words with the hyphens, apostrophes and the like inside them.
fn words_of(letters: &[Letter]) -> Vec<std::ops::Range<usize>> {
    let is_inner = |c: char| {
        matches!(
            c,
            '-' | '\u{2010}' | '\u{2011}' | '\'' | '’' | '.' | '&' | '_'
        )
    };
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in letters.iter().enumerate() {
        let belongs = is_word(letter.c)
            || (start.is_some()
                && is_inner(letter.c)
                && letters.get(at + 1).is_some_and(|next| is_word(next.c)));
        match (belongs, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    words.extend(start.map(|from| from..letters.len()));
    words
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

fn follows_colon(before: Option<&[Letter]>) -> bool {
    before
        .unwrap_or_default()
        .iter()
        .rev()
        .take(8)
        .find(|letter| {
            !letter.c.is_whitespace()
                && !matches!(
                    letter.c,
                    '(' | '[' | '"' | '“' | '‘' | '\'' | '«' | '„' | '-' | '–'
                )
        })
        .is_some_and(|letter| matches!(letter.c, ':' | '?' | '!' | '—'))
}

fn shape(word: &mut [Letter], first: bool, sentence_start: bool, last: bool) {
    if word.iter().any(|letter| letter.no_case) {
        return;
    }
    let possessive =
        matches!(word, [.., mark, s] if matches!(mark.c, '\'' | '’') && matches!(s.c, 's' | 'S'));
    let core = word.len() - if possessive { 2 } else { 0 };
    let core = word.get_mut(..core).unwrap_or_default();
    let has_capital = |letters: &[Letter]| letters.iter().any(|letter| letter.c.is_uppercase());
    let protected_from = if first {
        let hyphen = core
            .iter()
            .position(|letter| is_hyphen(letter.c))
            .unwrap_or(core.len());
        let (head, tail) = core.split_at(hyphen);
        if has_capital(head.get(1..).unwrap_or_default()) {
            Some(0)
        } else {
            has_capital(tail).then_some(hyphen + 1)
        }
    } else {
        has_capital(core).then_some(0)
    };
    if let Some(from) = protected_from {
        for letter in core.iter_mut().skip(from) {
            letter.protect = true;
        }
        return;
    }
    let mut parts = core.split_mut(|letter| is_hyphen(letter.c)).peekable();
    let mut number = 0;
    while let Some(part) = parts.next() {
        let text: String = part.iter().map(|letter| letter.c).collect();
        let whole_word = number == 0 && parts.peek().is_none();
        let function_word = is_function_word(&text)
            && if whole_word {
                !sentence_start && !last
            } else {
                number > 0
            };
        if !function_word
            && may_rise(&text, whole_word)
            && let Some(letter) = part.first_mut()
            && !letter.italic
            && let Some(capital) = single_uppercase(letter.c)
        {
            letter.c = capital;
        }
        number += 1;
    }
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// Whether a word in lower case is ordinary enough to get a capital.
fn may_rise(part: &str, whole_word: bool) -> bool {
    let ordinary = part
        .chars()
        .all(|c| matches!(c, '\'' | '’') || (c.is_alphabetic() && u32::from(c) < 0x0250));
    // "a" is a word; "e-mail" and "x-ray" are written with capitals; "p-value" and "k" are symbols.
    let single = part.chars().count() == 1;
    ordinary
        && (!single || (whole_word && part == "a") || (!whole_word && matches!(part, "e" | "x")))
}

fn single_uppercase(c: char) -> Option<char> {
    let mut upper = c.to_uppercase();
    let first = upper.next()?;
    upper.next().is_none().then_some(first)
}

/// Takes the single space between two protected words into their run.
fn join_runs(letters: &mut [Letter]) {
    for at in 1..letters.len().saturating_sub(1) {
        if let Some([before, space, after]) = letters.get_mut(at - 1..=at + 1) {
            let together = before.segment == space.segment && space.segment == after.segment;
            space.protect |=
                together && matches!(space.c, ' ' | '\u{A0}') && before.protect && after.protect;
        }
    }
}

/// Writes the letters back between the tags; a run that crosses a tag is closed before it and opened after it.
fn rebuild(pieces: &[Piece], letters: &[Letter]) -> Vec<Piece> {
    let mut worth = vec![false; letters.last().map_or(0, |letter| letter.segment + 1)];
    for letter in letters.iter().filter(|letter| letter.protect) {
        if let Some(flag) = worth.get_mut(letter.segment) {
            *flag |= letter.c.is_uppercase();
        }
    }
    let mut out = Vec::with_capacity(pieces.len() + 8);
    let mut open = false;
    let mut rest = letters.iter();
    for piece in pieces {
        let letter = match piece {
            Piece::Char(_) | Piece::Math(_) => rest.next(),
            _ => None,
        };
        let protect = letter.is_some_and(|letter| {
            letter.protect && worth.get(letter.segment).copied().unwrap_or_default()
        });
        if open && !protect {
            out.push(Piece::Close);
        }
        if protect && !open {
            out.push(Piece::Open(Style::NoCase));
        }
        open = protect;
        out.push(match (piece, letter) {
            (Piece::Char(_), Some(letter)) => Piece::Char(letter.c),
            _ => piece.clone(),
        });
    }
    if open {
        out.push(Piece::Close);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::markup::parse;
    use super::*;

    /// The headline with `{` `}` for protection and `<` `>` for other styles.
    fn shown(raw: &str) -> String {
        let mut out = String::new();
        let mut open = Vec::new();
        for piece in headline(&parse(raw)) {
            match piece {
                Piece::Char(c) => out.push(c),
                Piece::Math(formula) => out.push_str(&formula),
                Piece::Open(Style::NoCase) => {
                    out.push('{');
                    open.push('}');
                }
                Piece::Open(_) => {
                    out.push('<');
                    open.push('>');
                }
                Piece::Close => out.push(open.pop().unwrap()),
            }
        }
        out
    }

    #[test]
    fn capitals_are_protected_by_runs_of_words() {
        for (raw, expected) in [
            (
                "From MR-to-CT Synthesis in Deep Learning",
                "From {MR-to-CT Synthesis} in {Deep Learning}",
            ),
            ("A study of Bell's Theorem", "A Study of {Bell}'s {Theorem}"),
            (
                "Peano, Frege and Peirce on logic",
                "Peano, {Frege} and {Peirce} on Logic",
            ),
            ("The U.S. Army and R&D", "The {U.S}. {Army} and {R&D}"),
            (
                "Sample from SPECFEM3D_GLOBE",
                "Sample from {SPECFEM3D_GLOBE}",
            ),
        ] {
            assert_eq!(shown(raw), expected, "{raw}");
        }
    }

    #[test]
    fn the_first_word_is_protected_only_when_its_case_is_mixed() {
        for (raw, expected) in [
            ("Attention", "Attention"),
            ("DNA repair", "{DNA} Repair"),
            ("eBay auctions", "{eBay} Auctions"),
            ("High-Speed scan", "High-{Speed} Scan"),
            ("T-cell therapy", "T-Cell Therapy"),
            ("C99", "C99"),
        ] {
            assert_eq!(shown(raw), expected, "{raw}");
        }
    }

    #[test]
    fn lower_case_words_rise_as_in_a_headline() {
        for (raw, expected) in [
            (
                "governance: a framework for data, and what to look for",
                "Governance: A Framework for Data, and What to Look For",
            ),
            (
                "two-dimensional state-of-the-art e-learning",
                "Two-Dimensional State-of-the-Art E-Learning",
            ),
            (
                "on p-type and p53 with k-means (p, k) and β-catenin",
                "On p-Type and p53 with k-Means (p, k) and β-Catenin",
            ),
        ] {
            assert_eq!(shown(raw), expected, "{raw}");
        }
    }

    #[test]
    fn italics_and_nocase_spans_keep_their_case() {
        assert_eq!(
            shown("growth of <i>Escherichia coli</i> cells"),
            "Growth of <{Escherichia} coli> Cells"
        );
        assert_eq!(
            shown(r#"the <span class="nocase">nocase words</span> stay"#),
            "The {nocase words} Stay"
        );
        assert_eq!(
            shown("the Genus <i>Pygoscelis</i>"),
            "The {Genus} <{Pygoscelis}>"
        );
        assert_eq!(shown("on CO<sub>2</sub> levels"), "On {CO}<2> Levels");
    }
}
