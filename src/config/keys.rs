//! Keys as the reader writes and sees them: parsing, printing, sequences.
//!
//! A type of our own, so that the command table, the configuration and the tests need no terminal library.

use std::fmt;
use std::str::FromStr;

/// A key without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// A character as typed; upper case letters carry their own shift.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tabulator.
    Tab,
    /// Tabulator with shift.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete forward.
    Delete,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// F1 to F12.
    Function(u8),
}

/// One key press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The key.
    pub code: Code,
    /// Control was held.
    pub ctrl: bool,
    /// Alt was held.
    pub alt: bool,
}

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: Code) -> Key {
        Key {
            code,
            ctrl: false,
            alt: false,
        }
    }

    /// A character without modifiers.
    pub const fn char(c: char) -> Key {
        Key::plain(Code::Char(c))
    }

    /// A character with Control.
    pub const fn ctrl(c: char) -> Key {
        Key {
            code: Code::Char(c),
            ctrl: true,
            alt: false,
        }
    }

    /// The character that this key types into a text, if it does.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

/// Names of the keys that are not characters: the one printed first, then those also understood.
const NAMES: [(Code, &[&str]); 16] = [
    (Code::Enter, &["Enter", "return", "cr"]),
    (Code::Esc, &["Esc", "escape"]),
    (Code::Tab, &["Tab"]),
    (Code::BackTab, &["S-Tab", "backtab", "shift-tab"]),
    (Code::Backspace, &["Backspace", "bs"]),
    (Code::Delete, &["Del", "delete"]),
    (Code::Up, &["↑", "up"]),
    (Code::Down, &["↓", "down"]),
    (Code::Left, &["←", "left"]),
    (Code::Right, &["→", "right"]),
    (Code::Home, &["Home"]),
    (Code::End, &["End"]),
    (Code::PageUp, &["PgUp", "pageup"]),
    (Code::PageDown, &["PgDn", "pagedown"]),
    (Code::Char(' '), &["Space"]),
    (Code::Char('<'), &["lt"]),
];

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.alt {
            f.write_str("A-")?;
        }
        if self.ctrl {
            f.write_str("^")?;
        }
        match self.code {
            Code::Char('<') => f.write_str("<"),
            Code::Char(c) if c != ' ' && self.ctrl => write!(f, "{}", c.to_ascii_uppercase()),
            Code::Char(c) if c != ' ' => write!(f, "{c}"),
            Code::Function(n) => write!(f, "F{n}"),
            code => {
                let name = NAMES
                    .iter()
                    .find(|(c, _)| *c == code)
                    .and_then(|(_, names)| names.first());
                f.write_str(name.unwrap_or(&"?"))
            }
        }
    }
}

/// Why a key could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown key \"{0}\"; write j, G, ^D or ctrl-d, Space, Enter, Tab, F1 …")]
pub struct UnknownKey(pub String);

impl FromStr for Key {
    type Err = UnknownKey;

    fn from_str(text: &str) -> Result<Key, UnknownKey> {
        let unknown = || UnknownKey(text.to_owned());
        let mut rest = text;
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        loop {
            let lower = rest.to_ascii_lowercase();
            let (flag, cut) = if rest.chars().count() < 2 || lower == "s-tab" {
                break;
            } else if lower.starts_with('^') {
                (&mut ctrl, 1)
            } else if lower.starts_with("ctrl-") || lower.starts_with("ctrl+") {
                (&mut ctrl, 5)
            } else if lower.starts_with("c-") {
                (&mut ctrl, 2)
            } else if lower.starts_with("alt-") || lower.starts_with("alt+") {
                (&mut alt, 4)
            } else if lower.starts_with("a-") || lower.starts_with("m-") {
                (&mut alt, 2)
            } else if lower.starts_with("shift-") || lower.starts_with("shift+") {
                (&mut shift, 6)
            } else {
                break;
            };
            *flag = true;
            rest = rest.get(cut..).ok_or_else(unknown)?;
        }
        let mut characters = rest.chars();
        let code = match (characters.next(), characters.next()) {
            (None, _) => return Err(unknown()),
            (Some(c), None) if NAMES.iter().any(|(_, names)| names.first() == Some(&rest)) => NAMES
                .iter()
                .find(|(_, names)| names.first() == Some(&rest))
                .map_or(Code::Char(c), |(code, _)| *code),
            (Some(c), None) if ctrl => Code::Char(c.to_ascii_lowercase()),
            (Some(c), None) if shift => Code::Char(c.to_ascii_uppercase()),
            (Some(c), None) => Code::Char(c),
            _ => named(rest).ok_or_else(unknown)?,
        };
        let code = if shift && code == Code::Tab {
            Code::BackTab
        } else {
            code
        };
        Ok(Key { code, ctrl, alt })
    }
}

fn named(text: &str) -> Option<Code> {
    let lower = text.to_lowercase();
    if let Some(number) = lower.strip_prefix('f').and_then(|n| n.parse().ok())
        && (1..=12).contains(&number)
    {
        return Some(Code::Function(number));
    }
    NAMES
        .iter()
        .find(|(_, names)| names.iter().any(|name| name.to_lowercase() == lower))
        .map(|(code, _)| *code)
}

/// A sequence of keys that runs a command: `j`, `gg`, `^D`, `g s`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord(pub Vec<Key>);

impl FromStr for Chord {
    type Err = UnknownKey;

    /// Keys separated by blanks, or run together when each is one character (`gg`).
    fn from_str(text: &str) -> Result<Chord, UnknownKey> {
        let mut keys = Vec::new();
        for word in text.split_whitespace() {
            match word.parse() {
                Ok(key) => keys.push(key),
                Err(error)
                    if word
                        .chars()
                        .all(|c| c.is_alphanumeric() || c.is_ascii_punctuation())
                        && word.chars().count() == 2 =>
                {
                    if word.contains('-') {
                        return Err(error);
                    }
                    keys.extend(word.chars().map(Key::char));
                }
                Err(error) => return Err(error),
            }
        }
        if keys.is_empty() {
            Err(UnknownKey(text.to_owned()))
        } else {
            Ok(Chord(keys))
        }
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = self
            .0
            .iter()
            .all(|key| !key.ctrl && !key.alt && matches!(key.code, Code::Char(c) if c != ' '));
        for (at, key) in self.0.iter().enumerate() {
            if at > 0 && !short {
                f.write_str(" ")?;
            }
            write!(f, "{key}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_keys_read_back() {
        for text in [
            "j", "G", "^D", "Enter", "Esc", "S-Tab", "Space", "↓", "PgDn", "F1", "?", ":", "^",
            "-", ";", "<", "A-x",
        ] {
            let key: Key = text.parse().unwrap();
            assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn spellings_of_control_are_one_key() {
        for text in ["^d", "^D", "ctrl-d", "Ctrl+D", "C-d"] {
            assert_eq!(text.parse::<Key>().unwrap(), Key::ctrl('d'), "{text}");
        }
    }

    #[test]
    fn sequences_run_together_or_apart() {
        for text in ["gg", "g g"] {
            assert_eq!(
                text.parse::<Chord>().unwrap(),
                Chord(vec![Key::char('g'), Key::char('g')])
            );
        }
        assert_eq!("gg".parse::<Chord>().unwrap().to_string(), "gg");
        assert_eq!("Y ^P".parse::<Chord>().unwrap().to_string(), "Y ^P");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "hyper-x", "F13", "ctrl-"] {
            assert!(text.parse::<Chord>().is_err(), "{text}");
        }
    }
}
