//! Reading a theme file.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::ConfigProblem;
use super::settings::{nearest, place};
use super::theme::{Color, Role, Style, Theme};
use crate::core::text::scrub;

/// Reads a theme; the first thing that is wrong refuses it.
pub(super) fn parse(name: &str, text: &str) -> Result<Theme, ConfigProblem> {
    let problem = |span: &Range<usize>, what: String, hint: String| {
        let (line, column) = place(text, span);
        ConfigProblem {
            line,
            column,
            what,
            hint,
        }
    };
    let table = DeTable::parse(text).map_err(|error| {
        let message = scrub(error.message(), false);
        let what = message.lines().next().unwrap_or("not TOML").to_owned();
        problem(
            &error.span().unwrap_or(0..0),
            what,
            "correct it; until then the theme is not used".to_owned(),
        )
    })?;
    let mut theme = Theme::mono();
    theme.name = scrub(name, false).into();
    for (key, value) in table.get_ref() {
        let unknown = |span: &Range<usize>, given: &str, names: &[&str]| {
            let hint = nearest(given, names.iter().copied()).map_or_else(
                || format!("there are {}", names.join(", ")),
                |near| format!("did you mean \"{near}\"?"),
            );
            let what = format!("unknown key \"{}\"", scrub(given, false));
            problem(span, what, hint)
        };
        let styled = |value: &toml::Spanned<DeValue<'_>>| {
            let style = value.get_ref().as_str().map(style);
            style.unwrap_or_else(|| Err("not a text".to_owned())).map_err(|what| {
                let hint = "write words such as \"bold #7cc7d9 on #16181d\": bold, dim, italic, underlined, reversed, a colour as #rrggbb or 0 to 15, and on a colour";
                problem(&value.span(), what, hint.to_owned())
            })
        };
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("background", _) => theme.background = styled(value)?.foreground,
            ("roles", DeValue::Table(roles)) => {
                for (role, value) in roles {
                    let wanted = role.get_ref().as_ref();
                    let Some((known, _)) = Role::ALL.iter().find(|(_, name)| *name == wanted)
                    else {
                        let names = Role::ALL.map(|(_, name)| name);
                        return Err(unknown(&role.span(), wanted, &names));
                    };
                    theme.set_style(*known, styled(value)?);
                }
            }
            (other, _) => return Err(unknown(&key.span(), other, &["background", "roles"])),
        }
    }
    Ok(theme)
}

/// `bold #7cc7d9 on 0`.
fn style(text: &str) -> Result<Style, String> {
    let mut style = Style::default();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        match word {
            "bold" => style.bold = true,
            "dim" => style.dim = true,
            "italic" => style.italic = true,
            "underlined" => style.underlined = true,
            "reversed" => style.reversed = true,
            "on" => {
                let after = words.next().unwrap_or_default();
                style.background = color(after)?;
            }
            other => style.foreground = color(other)?,
        }
    }
    Ok(style)
}

fn color(text: &str) -> Result<Color, String> {
    let wrong = || format!("\"{}\" is no colour", scrub(text, false));
    if let Some(digits) = text.strip_prefix('#') {
        let number = u32::from_str_radix(digits, 16).ok();
        let number = number.filter(|_| digits.len() == 6 && !digits.starts_with('+'));
        let [_, red, green, blue] = number.ok_or_else(wrong)?.to_be_bytes();
        return Ok(Color::Rgb(red, green, blue));
    }
    let number = text.parse().ok().filter(|number| *number < 16);
    number.map(Color::Ansi).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_read() {
        let text = "background = \"#000000\"\n[roles]\ntext = \"#ffffff\"\nfocus = \"bold underlined 6 on #0102ff\"\n";
        let theme = Theme::parse("own", text).unwrap();
        assert_eq!(theme.name, "own");
        assert_eq!(theme.background, Color::Rgb(0, 0, 0));
        let focus = theme.style(Role::Focus);
        assert_eq!(focus.foreground, Color::Ansi(6));
        assert_eq!(focus.background, Color::Rgb(1, 2, 255));
        assert!(focus.bold && focus.underlined);
        assert_eq!(theme.style(Role::Dim), Theme::mono().style(Role::Dim));
    }

    #[test]
    fn mistakes_are_placed() {
        for (text, place) in [
            ("background = \"#00000\"", "t:1:14: "),
            ("background = \"16\"", "t:1:14: "),
            ("[roles]\ntxt = \"1\"", "t:2:1: "),
            ("[roles]\ntext = \"bold loud\"", "t:2:8: "),
            ("[roles]\ntext = 3", "t:2:8: "),
            ("roles = 3", "t:1:1: "),
            ("x = [", "t:1:"),
        ] {
            let line = Theme::parse("t", text).unwrap_err().one_line("t");
            assert!(line.starts_with(place), "{text}: {line}");
        }
    }
}
