//! What each part of the screen looks like, by role.
//!
//! The default theme uses the terminal's own sixteen colours on its own background. `mono` sets no colour at all: some
//! terminal libraries turn a colour change under `NO_COLOR` into a full reset, which would also erase the reverse
//! video that marks the selected row.

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

/// A theme: one style a role.
#[derive(Debug, Clone, Copy)]
pub struct Theme {
    /// The name in the configuration.
    pub name: &'static str,
    styles: fn(Role) -> Style,
}

impl Theme {
    /// The terminal's own sixteen colours.
    pub const DEFAULT: Theme = Theme {
        name: "default",
        styles: ansi,
    };
    /// No colour anywhere; weight and reverse video tell things apart.
    pub const MONO: Theme = Theme {
        name: "mono",
        styles: mono,
    };
    /// All themes.
    pub const ALL: [Theme; 2] = [Theme::DEFAULT, Theme::MONO];

    /// The theme of that name.
    pub fn named(name: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.name == name)
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        (self.styles)(role)
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

    const ROLES: [Role; 16] = [
        Role::Text,
        Role::Dim,
        Role::Rule,
        Role::Accent,
        Role::Focus,
        Role::Selection,
        Role::SelectionElsewhere,
        Role::Match,
        Role::Title,
        Role::Head,
        Role::Tag,
        Role::Marked,
        Role::Ok,
        Role::Warning,
        Role::Error,
        Role::Key,
    ];

    #[test]
    fn mono_sets_no_colour() {
        for role in ROLES {
            let style = Theme::MONO.style(role);
            assert_eq!(
                (style.foreground, style.background),
                (Color::Unset, Color::Unset),
                "{role:?}"
            );
        }
    }

    #[test]
    fn the_selection_shows_without_colour() {
        for theme in Theme::ALL {
            assert!(theme.style(Role::Selection).reversed);
        }
    }
}
