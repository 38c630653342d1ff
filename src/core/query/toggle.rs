//! Putting a condition into a query and taking it out again.

use super::{Part, Query};

/// The parts of a query that say the same as `word`, whatever it was typed as.
fn same<'a>(query: &'a Query, word: &'a Query) -> impl Iterator<Item = &'a Part> {
    query.parts().iter().filter(|part| {
        word.parts()
            .iter()
            .any(|wanted| wanted.condition == part.condition && wanted.negated == part.negated)
    })
}

/// Whether a query has the one condition that `word` is.
pub fn has_word(query: &str, word: &str) -> bool {
    same(&Query::parse(query), &Query::parse(word))
        .next()
        .is_some()
}

/// The query with `word` added at its end, or taken out where it stands.
pub fn toggle_word(query: &str, word: &str) -> String {
    let (parsed, wanted) = (Query::parse(query), Query::parse(word));
    let ranges: Vec<_> = same(&parsed, &wanted)
        .map(|part| part.range.clone())
        .collect();
    if ranges.is_empty() {
        return [query.trim(), word].join(" ").trim().to_owned();
    }
    let mut left = Vec::new();
    let mut at = 0;
    for range in ranges {
        left.push(query.get(at..range.start).unwrap_or_default().trim());
        at = range.end;
    }
    left.push(query.get(at..).unwrap_or_default().trim());
    left.retain(|piece| !piece.is_empty());
    left.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_added_at_the_end_and_taken_out_wherever_it_stands() {
        assert_eq!(toggle_word("", "is:unread"), "is:unread");
        assert_eq!(toggle_word("graph ", "is:unread"), "graph is:unread");
        assert_eq!(
            toggle_word("graph is:unread 2020..", "is:unread"),
            "graph 2020.."
        );
        assert_eq!(toggle_word("is:unread", "is:unread"), "");
    }

    #[test]
    fn the_same_condition_typed_otherwise_is_recognised() {
        assert!(has_word("is:unr graph", "is:unread"));
        assert_eq!(toggle_word("IS:UNR graph", "is:unread"), "graph");
        assert_eq!(
            toggle_word(r#"a tag:"to read" b"#, r#"tag:"To Read""#),
            "a b"
        );
    }

    #[test]
    fn its_opposite_is_not_the_same() {
        assert!(!has_word("-is:unread", "is:unread"));
        assert_eq!(
            toggle_word("-is:unread", "is:unread"),
            "-is:unread is:unread"
        );
    }
}
