//! From keys to commands: the table's defaults with the reader's changes on top.

use std::collections::BTreeMap;

use super::command::{COMMANDS, Command, Context};
use crate::config::keys::{Chord, Key};
use crate::config::nearest;
use crate::core::text::scrub;

/// What a sequence of keys means in a context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// A command.
    Run(Command),
    /// The beginning of longer sequences.
    Pending,
    /// Nothing.
    Unbound,
}

/// A change of keys that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyProblem {
    /// The name as it stands in the configuration.
    pub name: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub hint: String,
}

/// All bindings.
#[derive(Debug, Clone)]
pub struct Keymap {
    bindings: BTreeMap<Context, BTreeMap<Vec<Key>, Command>>,
}

impl Default for Keymap {
    fn default() -> Keymap {
        Keymap::new(&BTreeMap::new()).0
    }
}

impl Keymap {
    /// The defaults, with the keys of the named commands replaced. A key that another command of the same context
    /// keeps, an unknown command and an unreadable key are refused, and the default stays.
    pub fn new(overrides: &BTreeMap<String, Vec<String>>) -> (Keymap, Vec<KeyProblem>) {
        let mut problems = Vec::new();
        let mut changed: BTreeMap<Command, Vec<Chord>> = BTreeMap::new();
        for (name, keys) in overrides {
            let Some(command) = Command::named(name) else {
                let near = nearest(name, COMMANDS.iter().map(|spec| spec.name));
                problems.push(KeyProblem {
                    name: name.clone(),
                    what: format!("there is no command \"{}\"", scrub(name, false)),
                    hint: near.map_or_else(
                        || "offprint keys lists the commands".to_owned(),
                        |near| format!("did you mean \"{near}\"?"),
                    ),
                });
                continue;
            };
            match keys
                .iter()
                .map(|keys| keys.parse())
                .collect::<Result<Vec<Chord>, _>>()
            {
                Ok(chords) => {
                    changed.insert(command, chords);
                }
                Err(error) => {
                    let text = error.to_string();
                    let (what, hint) = text
                        .split_once("; ")
                        .unwrap_or((&text, "write another key"));
                    problems.push(KeyProblem {
                        name: name.clone(),
                        what: what.to_owned(),
                        hint: hint.to_owned(),
                    });
                }
            }
        }
        let mut keymap = Keymap {
            bindings: BTreeMap::new(),
        };
        for spec in COMMANDS
            .iter()
            .filter(|spec| !changed.contains_key(&spec.command))
        {
            for chord in spec.chords() {
                keymap.bind(spec.command, &chord);
            }
        }
        for (command, chords) in &changed {
            let clash = chords
                .iter()
                .find_map(|chord| Some((chord, keymap.clash(*command, chord)?)));
            if let Some((chord, other)) = clash {
                let spec = command.spec();
                let other = other.spec().name;
                problems.push(KeyProblem {
                    name: spec.name.to_owned(),
                    what: format!("{chord} for {} belongs to {other} already", spec.name),
                    hint: format!("choose another key, or give {other} another one as well"),
                });
                for chord in spec.chords() {
                    if keymap.clash(*command, &chord).is_none() {
                        keymap.bind(*command, &chord);
                    }
                }
                continue;
            }
            for chord in chords {
                keymap.bind(*command, chord);
            }
        }
        (keymap, problems)
    }

    fn bind(&mut self, command: Command, chord: &Chord) {
        for context in command.spec().contexts.iter() {
            self.bindings
                .entry(context)
                .or_default()
                .insert(chord.0.clone(), command);
        }
    }

    fn clash(&self, command: Command, chord: &Chord) -> Option<Command> {
        command.spec().contexts.iter().find_map(|context| {
            self.bindings
                .get(&context)?
                .iter()
                .find_map(|(keys, other)| {
                    (*other != command && (keys.starts_with(&chord.0) || chord.0.starts_with(keys)))
                        .then_some(*other)
                })
        })
    }

    /// What the keys mean.
    pub fn resolve(&self, context: Context, keys: &[Key]) -> Resolution {
        let Some(bindings) = self.bindings.get(&context) else {
            return Resolution::Unbound;
        };
        if let Some(command) = bindings.get(keys) {
            return Resolution::Run(*command);
        }
        if bindings.keys().any(|bound| bound.starts_with(keys)) {
            Resolution::Pending
        } else {
            Resolution::Unbound
        }
    }

    /// The sequences that begin with these keys, with the rest to press and the command.
    pub fn continuations(&self, context: Context, keys: &[Key]) -> Vec<(Chord, Command)> {
        let Some(bindings) = self.bindings.get(&context) else {
            return Vec::new();
        };
        bindings
            .iter()
            .filter_map(|(bound, command)| {
                Some((Chord(bound.strip_prefix(keys)?.to_vec()), *command))
            })
            .filter(|(rest, _)| !rest.0.is_empty())
            .collect()
    }

    /// The keys of a command in a context, as they are printed; shortest first in the order of the table.
    pub fn keys_of(&self, command: Command, context: Context) -> Vec<Chord> {
        let Some(bindings) = self.bindings.get(&context) else {
            return Vec::new();
        };
        let mut chords: Vec<Chord> = bindings
            .iter()
            .filter(|(_, bound)| **bound == command)
            .map(|(keys, _)| Chord(keys.clone()))
            .collect();
        let defaults = command.spec().chords();
        chords.sort_by_key(|chord| {
            defaults
                .iter()
                .position(|default| default == chord)
                .unwrap_or(usize::MAX)
        });
        chords
    }

    /// The keys of a command in the first of its contexts.
    pub fn keys(&self, command: Command) -> Vec<Chord> {
        command
            .spec()
            .contexts
            .iter()
            .next()
            .map(|context| self.keys_of(command, context))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        text.parse::<Chord>().unwrap().0
    }

    fn with(name: &str, to: &str) -> (Keymap, Vec<KeyProblem>) {
        Keymap::new(&BTreeMap::from([(name.to_owned(), vec![to.to_owned()])]))
    }

    #[test]
    fn sequences_are_pending_until_complete() {
        let keymap = Keymap::default();
        assert_eq!(
            keymap.resolve(Context::List, &keys("g")),
            Resolution::Pending
        );
        assert_eq!(
            keymap.resolve(Context::List, &keys("gg")),
            Resolution::Run(Command::First)
        );
        assert_eq!(
            keymap.resolve(Context::List, &keys("gX")),
            Resolution::Unbound
        );
    }

    #[test]
    fn an_override_replaces_the_default() {
        let (keymap, problems) = with("zen", "x");
        assert!(problems.is_empty());
        assert_eq!(
            keymap.resolve(Context::List, &keys("x")),
            Resolution::Run(Command::Zen)
        );
        assert_eq!(
            keymap.resolve(Context::List, &keys("z")),
            Resolution::Unbound
        );
    }

    #[test]
    fn a_clash_is_refused_and_explained() {
        let (keymap, problems) = with("zen", "j");
        assert!(problems[0].what.contains("belongs to down"), "{problems:?}");
        assert_eq!(
            keymap.resolve(Context::List, &keys("z")),
            Resolution::Run(Command::Zen)
        );
        assert_eq!(
            keymap.resolve(Context::List, &keys("j")),
            Resolution::Run(Command::Down)
        );
    }

    #[test]
    fn unknown_commands_and_keys_are_named() {
        assert!(with("fly", "x").1[0].what.contains("\"fly\""));
        assert!(with("zenn", "x").1[0].hint.contains("\"zen\""));
        assert!(with("zen", "hyper-x").1[0].what.contains("hyper-x"));
    }
}
