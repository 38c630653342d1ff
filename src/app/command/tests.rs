//! What holds for every row of the table.

use super::*;
use std::collections::BTreeSet;

#[test]
fn names_are_unique_and_spelled_in_one_way() {
    let names: BTreeSet<_> = COMMANDS.iter().map(|spec| spec.name).collect();
    assert_eq!(names.len(), COMMANDS.len());
    assert!(names.iter().all(|name| {
        name.chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    }));
}

#[test]
fn all_default_keys_parse() {
    for spec in COMMANDS {
        assert_eq!(spec.chords().len(), spec.keys.len(), "{}", spec.name);
    }
}

#[test]
fn no_key_is_bound_twice_or_hides_a_longer_one() {
    for context in Context::ALL {
        let bound: Vec<_> = COMMANDS
            .iter()
            .filter(|spec| spec.contexts.contains(context))
            .flat_map(|spec| {
                spec.chords()
                    .into_iter()
                    .map(move |chord| (chord, spec.name))
            })
            .collect();
        for (at, (chord, name)) in bound.iter().enumerate() {
            for (other, other_name) in &bound[at + 1..] {
                let shorter = chord.0.len().min(other.0.len());
                assert_ne!(
                    chord.0[..shorter],
                    other.0[..shorter],
                    "{name} and {other_name} in {context:?}"
                );
            }
        }
    }
}

#[test]
fn every_context_has_a_way_out() {
    for context in Context::ALL {
        assert!(Command::Close.spec().contexts.contains(context));
        assert!(Command::Cancel.spec().contexts.contains(context));
    }
}

#[test]
fn help_sentences_say_something_and_are_no_sentences_with_stops() {
    for spec in COMMANDS {
        assert!(
            spec.help.len() > 3 && !spec.help.ends_with('.'),
            "{}",
            spec.name
        );
    }
}
