//! What a terminal says about pictures, and which way of showing them follows from it.

use crate::config::Preview;
use crate::runtime::environment::Environment;

/// Asked of the terminal: whether it takes kitty's pictures, its name and version (XTVERSION), the size of a cell in
/// pixels, its attributes (DA1, where 4 means sixel), and last whether it is well, which every terminal answers, so that
/// silence about the rest is known at once.
pub(super) const QUESTIONS: &[u8] =
    b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[>q\x1b[16t\x1b[c\x1b[5n";

/// The oldest kitty that shows a picture in the place of characters; older ones show boxes.
const KITTY: (u32, u32) = (0, 28);

/// A way of showing pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Kitty's protocol, with placeholders.
    Kitty,
    /// Sixels.
    Sixel,
    /// iTerm2's protocol.
    Iterm2,
}

/// What came from the terminal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Answers {
    kitty: bool,
    sixel: bool,
    /// Its name and version.
    version: String,
    /// The size of a cell in pixels.
    pub(super) cell: Option<(u16, u16)>,
    /// The last answer is there.
    pub(super) is_whole: bool,
    /// What was typed meanwhile.
    pub(super) typed: Vec<u8>,
}

impl Answers {
    /// Tells the answers from what was typed between them.
    pub(super) fn parse(bytes: &[u8]) -> Answers {
        let mut answers = Answers::default();
        let mut rest = bytes;
        while let Some((first, after)) = rest.split_first() {
            let answer = match (first, after.first()) {
                (0x1B, Some(b'_' | b'P')) => string(after),
                (0x1B, Some(b'[')) => control(after),
                _ => None,
            };
            if let Some((text, left)) = answer {
                answers.take(text);
                rest = left;
            } else {
                answers.typed.push(*first);
                rest = after;
            }
        }
        answers
    }

    fn take(&mut self, answer: &[u8]) {
        let text = String::from_utf8_lossy(answer);
        if let Some(graphics) = text.strip_prefix("_G") {
            self.kitty |= graphics.contains("i=31") && graphics.ends_with(";OK");
        } else if let Some(version) = text.strip_prefix("P>|") {
            version.clone_into(&mut self.version);
        } else if let Some(attributes) = text.strip_prefix("[?").and_then(|t| t.strip_suffix('c')) {
            self.sixel |= attributes.split(';').skip(1).any(|one| one == "4");
        } else if let Some(size) = text.strip_prefix("[6;").and_then(|t| t.strip_suffix('t')) {
            let mut sides = size.split(';').filter_map(|side| side.parse().ok());
            if let (Some(height), Some(width)) = (sides.next(), sides.next())
                && width > 0
                && height > 0
            {
                self.cell = Some((width, height));
            }
        } else if text == "[0n" {
            self.is_whole = true;
        }
    }
}

/// A string to its end, without the escape before and the terminator.
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| matches!(byte, 0x1B | 0x07))?;
    let (text, rest) = bytes.split_at_checked(end)?;
    match rest {
        [0x1B, b'\\', left @ ..] | [0x07, left @ ..] => Some((text, left)),
        _ => None,
    }
}

/// A control sequence to its end. Those of keys are not answers.
fn control(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes
        .iter()
        .skip(1)
        .position(|byte| (0x40..=0x7E).contains(byte))?
        + 2;
    let (text, left) = bytes.split_at_checked(end)?;
    let is_answer = matches!(
        text,
        [b'[', b'?', .., b'c'] | [b'[', b'6', b';', .., b't'] | b"[0n"
    );
    is_answer.then_some((text, left))
}

/// Names of terminals in the environment that matter here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Names {
    /// `TERM_PROGRAM`, or that of the terminal at the other end of an SSH line.
    pub(super) program: String,
    pub(super) is_konsole: bool,
}

impl Names {
    pub(super) fn from_process() -> Names {
        let variable = |name: &str| std::env::var(name).unwrap_or_default();
        let program = match variable("TERM_PROGRAM") {
            program if program.is_empty() => variable("LC_TERMINAL"),
            program => program,
        };
        Names {
            program,
            is_konsole: !variable("KONSOLE_VERSION").is_empty(),
        }
    }
}

/// The way of showing pictures that is set, or that the terminal knows; or why pages are shown as text.
pub(super) fn choose(
    setting: Preview,
    answers: &Answers,
    names: &Names,
    environment: &Environment,
) -> Result<Way, String> {
    match setting {
        Preview::Kitty => return Ok(Way::Kitty),
        Preview::Sixel => return Ok(Way::Sixel),
        Preview::Iterm2 => return Ok(Way::Iterm2),
        Preview::Text | Preview::Off => return Err("the configuration says so".to_owned()),
        Preview::Auto => {}
    }
    let version = answers.version.as_str();
    if environment.tmux || version.starts_with("tmux") {
        return Err("tmux passes no pictures on".to_owned());
    }
    if environment.screen {
        return Err("GNU screen passes no pictures on".to_owned());
    }
    let program = names.program.as_str();
    let is_like_iterm = ["iTerm", "WezTerm", "mintty", "vscode"]
        .iter()
        .any(|known| program.contains(known) || version.contains(known));
    if is_like_iterm {
        return Ok(Way::Iterm2);
    }
    if names.is_konsole || version.starts_with("Konsole") {
        return Err("Konsole keeps no picture in its place".to_owned());
    }
    if answers.kitty {
        let old = kitty_version(version).filter(|version| *version < KITTY);
        return match old {
            Some((major, minor)) => Err(format!(
                "kitty {major}.{minor} shows boxes in the place of pictures; 0.28 shows them"
            )),
            None => Ok(Way::Kitty),
        };
    }
    if answers.sixel {
        return Ok(Way::Sixel);
    }
    Err("this terminal shows no pictures, as far as it says".to_owned())
}

/// `kitty(0.41.1)`.
fn kitty_version(version: &str) -> Option<(u32, u32)> {
    let inside = version.strip_prefix("kitty(")?;
    let mut numbers = inside.split(|c: char| !c.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const XTERM: &[u8] = b"\x1bP>|XTerm(379)\x1b\\\x1b[6;17;8t\x1b[?63;1;2;4;6;9;15;22c\x1b[0n";
    const KITTY_OLD: &[u8] =
        b"\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.26.5)\x1b\\\x1b[6;20;10t\x1b[?62;c\x1b[0n";
    const KITTY_NEW: &[u8] =
        b"\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.41.1)\x1b\\\x1b[6;20;10t\x1b[?62;c\x1b[0n";
    const TMUX: &[u8] = b"\x1bP>|tmux 3.3a\x1b\\\x1b[?1;2c\x1b[0n";
    const ALACRITTY: &[u8] = b"\x1b[?6c\x1b[0n";

    fn way(bytes: &[u8]) -> Result<Way, String> {
        choose(
            Preview::Auto,
            &Answers::parse(bytes),
            &Names::default(),
            &Environment::default(),
        )
    }

    #[test]
    fn terminals_get_what_they_can_show() {
        assert_eq!(way(XTERM), Ok(Way::Sixel));
        assert_eq!(way(KITTY_NEW), Ok(Way::Kitty));
        assert!(way(KITTY_OLD).unwrap_err().contains("kitty 0.26"));
        assert!(way(TMUX).unwrap_err().contains("tmux"));
        assert!(way(ALACRITTY).is_err());
        assert!(way(b"").is_err());
        let wezterm = Names {
            program: "WezTerm".to_owned(),
            is_konsole: false,
        };
        let answers = Answers::parse(KITTY_NEW);
        let environment = Environment::default();
        assert_eq!(
            choose(Preview::Auto, &answers, &wezterm, &environment),
            Ok(Way::Iterm2)
        );
        assert_eq!(
            choose(Preview::Sixel, &Answers::default(), &wezterm, &environment),
            Ok(Way::Sixel)
        );
    }

    #[test]
    fn keys_typed_between_the_answers_are_kept() {
        let mut bytes = b"j".to_vec();
        bytes.extend(XTERM);
        bytes.extend(b"\x1b[Bq");
        let answers = Answers::parse(&bytes);
        assert!(answers.is_whole);
        assert_eq!(answers.cell, Some((8, 17)));
        assert_eq!(answers.typed, b"j\x1b[Bq");
    }

    #[test]
    fn half_an_answer_is_not_the_whole() {
        for end in 0..XTERM.len() {
            assert!(!Answers::parse(&XTERM[..end]).is_whole, "{end}");
        }
    }
}
