//! Which characters the terminal can show, and how wide it shows them.

/// What the screens may be made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// All of Unicode, where characters of ambiguous width take one cell.
    #[default]
    Unicode,
    /// All of Unicode, where characters of ambiguous width take two cells, as in terminals set up for Chinese, Japanese
    /// or Korean.
    AmbiguousWide,
    /// ASCII alone.
    Ascii,
}

impl Glyphs {
    /// The words that `characters` takes in the configuration, beside `auto`.
    pub(super) const NAMES: [&str; 4] = ["auto", "unicode", "ambiguous-wide", "ascii"];

    /// What the locale allows, given the values of `LC_ALL`, `LC_CTYPE` and `LANG`: the first that is set and not empty
    /// says it. Where none is, the terminal is taken to know Unicode, as nearly all do.
    pub fn of_locale<'a>(variables: impl IntoIterator<Item = Option<&'a str>>) -> Glyphs {
        let named = (variables.into_iter().flatten()).find(|value| !value.is_empty());
        let Some(locale) = named else {
            return Glyphs::Unicode;
        };
        // `language_TERRITORY.codeset@modifier`; without a codeset it is one of the old ones.
        let codeset = locale.split_once('.').map_or("", |(_, rest)| rest);
        let codeset = codeset.split('@').next().unwrap_or_default();
        let letters = codeset.chars().filter(char::is_ascii_alphanumeric);
        let name: String = letters.map(|c| c.to_ascii_lowercase()).collect();
        if name == "utf8" {
            Glyphs::Unicode
        } else {
            Glyphs::Ascii
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_names_the_characters() {
        for (variables, glyphs) in [
            ([None, None, None], Glyphs::Unicode),
            ([None, None, Some("")], Glyphs::Unicode),
            ([None, None, Some("C.UTF-8")], Glyphs::Unicode),
            ([None, None, Some("de_DE.utf8@euro")], Glyphs::Unicode),
            ([None, None, Some("C")], Glyphs::Ascii),
            ([None, None, Some("de_DE.ISO-8859-1")], Glyphs::Ascii),
            ([Some("POSIX"), None, Some("en_US.UTF-8")], Glyphs::Ascii),
            ([Some(""), Some("en_US.UTF-8"), Some("C")], Glyphs::Unicode),
        ] {
            assert_eq!(Glyphs::of_locale(variables), glyphs, "{variables:?}");
        }
    }
}
