//! What each part of the screen looks like, by role.
//!
//! The default theme uses the terminal's own sixteen colours on its own background. `mono` sets no colour at all: some
//! terminal libraries turn a colour change under `NO_COLOR` into a full reset, which would also erase the reverse
//! video that marks the selected row.

use std::borrow::Cow;

use super::ConfigProblem;
use super::theme_file;

/// A colour of the terminal's palette, or the terminal's default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Color {
    /// Leave as it is.
    #[default]
    Unset,
    /// One of the sixteen colours, by number.
    Ansi(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// How text of a role is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Text colour.
    pub foreground: Color,
    /// Background colour.
    pub background: Color,
    /// Bold.
    pub bold: bool,
    /// Dim.
    pub dim: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underlined: bool,
    /// Reverse video.
    pub reversed: bool,
}

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Running text.
    Text,
    /// Secondary text.
    Dim,
    /// Hairlines.
    Rule,
    /// The one accent: the prompt, active tab, links.
    Accent,
    /// The head of the focused pane and its bar.
    Focus,
    /// The selected row of the focused pane.
    Selection,
    /// The selected row of another pane.
    SelectionElsewhere,
    /// Letters that match the query.
    Match,
    /// Titles of papers.
    Title,
    /// Heads of sections.
    Head,
    /// Keywords and tags.
    Tag,
    /// A marked row.
    Marked,
    /// Good news.
    Ok,
    /// Something to know.
    Warning,
    /// Something failed.
    Error,
    /// A key to press.
    Key,
}

impl Role {
    /// All of them, in the order of their declaration, with their names in theme files.
    pub const ALL: [(Role, &'static str); 16] = [
        (Role::Text, "text"),
        (Role::Dim, "dim"),
        (Role::Rule, "rule"),
        (Role::Accent, "accent"),
        (Role::Focus, "focus"),
        (Role::Selection, "selection"),
        (Role::SelectionElsewhere, "selection-elsewhere"),
        (Role::Match, "match"),
        (Role::Title, "title"),
        (Role::Head, "head"),
        (Role::Tag, "tag"),
        (Role::Marked, "marked"),
        (Role::Ok, "ok"),
        (Role::Warning, "warning"),
        (Role::Error, "error"),
        (Role::Key, "key"),
    ];
}

/// A theme: one style a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// The name in the configuration.
    pub name: Cow<'static, str>,
    /// What the whole screen is painted with; [`Color::Unset`] for the terminal's own background.
    pub background: Color,
    styles: [Style; Role::ALL.len()],
}

/// The themes that come with the program as files, by name.
const FILES: [(&str, &str); 2] = [
    ("dark", include_str!("../../assets/themes/dark.toml")),
    ("light", include_str!("../../assets/themes/light.toml")),
];

impl Theme {
    fn of(name: &'static str, style: fn(Role) -> Style) -> Theme {
        Theme {
            name: Cow::Borrowed(name),
            background: Color::Unset,
            styles: Role::ALL.map(|(role, _)| style(role)),
        }
    }

    /// No colour anywhere; weight and reverse video tell things apart.
    pub fn mono() -> Theme {
        Theme::of("mono", mono)
    }

    /// The themes that come with the program: `default`, `mono`, `dark`, `light`.
    pub fn all() -> Vec<Theme> {
        let files = FILES
            .iter()
            .filter_map(|(name, text)| Theme::parse(name, text).ok());
        [Theme::default(), Theme::mono()]
            .into_iter()
            .chain(files)
            .collect()
    }

    /// The theme of that name that comes with the program.
    pub fn named(name: &str) -> Option<Theme> {
        Theme::all().into_iter().find(|theme| theme.name == name)
    }

    /// Reads a theme file.
    ///
    /// # Errors
    /// What is wrong: line, column, what, what to do.
    pub fn parse(name: &str, text: &str) -> Result<Theme, ConfigProblem> {
        theme_file::parse(name, text)
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    pub(super) fn set_style(&mut self, role: Role, style: Style) {
        if let Some(place) = self.styles.get_mut(role as usize) {
            *place = style;
        }
    }
}

impl Default for Theme {
    /// The terminal's own sixteen colours on its own background.
    fn default() -> Theme {
        Theme::of("default", ansi)
    }
}

fn ansi(role: Role) -> Style {
    let colored = |number| Style {
        foreground: Color::Ansi(number),
        ..Style::default()
    };
    match role {
        Role::Accent | Role::Key => colored(6),
        Role::Focus => Style {
            bold: true,
            ..colored(6)
        },
        Role::Match => Style {
            bold: true,
            ..colored(3)
        },
        Role::Tag => colored(5),
        Role::Marked | Role::Warning => colored(3),
        Role::Ok => colored(2),
        Role::Error => colored(1),
        _ => mono(role),
    }
}

fn mono(role: Role) -> Style {
    let plain = Style::default();
    match role {
        Role::Text | Role::Tag | Role::Ok | Role::Warning => plain,
        Role::Dim | Role::Rule | Role::Head => Style { dim: true, ..plain },
        Role::Accent
        | Role::Key
        | Role::Title
        | Role::Marked
        | Role::Error
        | Role::SelectionElsewhere
        | Role::Focus => Style {
            bold: true,
            ..plain
        },
        Role::Match => Style {
            bold: true,
            underlined: true,
            ..plain
        },
        Role::Selection => Style {
            reversed: true,
            ..plain
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_stand_in_their_order() {
        for (at, (role, _)) in Role::ALL.into_iter().enumerate() {
            assert_eq!(role as usize, at, "{role:?}");
        }
    }

    #[test]
    fn mono_sets_no_colour() {
        let mono = Theme::mono();
        for (role, _) in Role::ALL {
            let style = mono.style(role);
            assert_eq!(
                (style.foreground, style.background),
                (Color::Unset, Color::Unset),
                "{role:?}"
            );
        }
        assert_eq!(mono.background, Color::Unset);
    }

    #[test]
    fn the_files_of_the_program_are_right() {
        for (name, text) in FILES {
            let problem = Theme::parse(name, text).err();
            assert_eq!(problem.map(|problem| problem.one_line(name)), None);
        }
        assert_eq!(Theme::all().len(), 2 + FILES.len());
    }

    #[test]
    fn the_selection_shows_in_every_theme() {
        for theme in Theme::all() {
            let selection = theme.style(Role::Selection);
            assert!(
                selection.reversed || selection.background != Color::Unset,
                "{}",
                theme.name
            );
        }
    }

    /// Relative luminance and contrast ratio as WCAG 2.1 defines them.
    fn luminance((red, green, blue): (u8, u8, u8)) -> f64 {
        let linear = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(one: (u8, u8, u8), other: (u8, u8, u8)) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    fn rgb(color: Color) -> Option<(u8, u8, u8)> {
        match color {
            Color::Rgb(red, green, blue) => Some((red, green, blue)),
            _ => None,
        }
    }

    #[test]
    fn text_stands_out_from_every_background_it_can_have() {
        assert!((contrast((0, 0, 0), (255, 255, 255)) - 21.0).abs() < 1e-9);
        for theme in Theme::all() {
            let Some(ground) = rgb(theme.background) else {
                continue;
            };
            let bars = [Role::Selection, Role::SelectionElsewhere]
                .map(|role| rgb(theme.style(role).background).unwrap());
            for (role, name) in Role::ALL {
                let Some(ink) = rgb(theme.style(role).foreground) else {
                    continue;
                };
                for behind in [ground, bars[0], bars[1]] {
                    let least = if role == Role::Rule { 1.5 } else { 4.5 };
                    let is_bar = behind != ground;
                    if role == Role::Rule && is_bar {
                        continue;
                    }
                    let ratio = contrast(ink, behind);
                    assert!(ratio >= least, "{} {name}: {ratio:.2}", theme.name);
                }
            }
        }
    }
}
