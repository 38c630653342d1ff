//! The styles and locales that come with the program.
//!
//! They are those of the archive of the `hayagriva` crate, each stored on its own in a compact form by the build
//! script; see [`NOTICE`] for their licence.

use super::locale::Locale;
use super::style::Style;
use super::xml::XmlElement;

mod data {
    use super::ArchivedStyle;
    include!(concat!(env!("OUT_DIR"), "/csl_archive.rs"));
}

/// The licence of the styles and locales.
pub const NOTICE: &str = "\
The citation styles and locales are those of the Citation Style Language project (citationstyles.org), by their
authors, under the Creative Commons Attribution-ShareAlike 3.0 licence
(https://creativecommons.org/licenses/by-sa/3.0/). They were taken from the archive of the hayagriva crate and stored
in a compact form, unchanged in what they say.";

/// A style that comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct ArchivedStyle {
    /// Its id in the CSL repository, such as `apa`.
    pub id: &'static str,
    /// Its full title.
    pub title: &'static str,
    /// Its short title, empty when it has none.
    pub title_short: &'static str,
    /// Other names for it, such as `mla`.
    pub aliases: &'static [&'static str],
    bytes: &'static [u8],
}

impl ArchivedStyle {
    /// Loads the style. `None` only if the program's own data are damaged.
    pub fn load(&self) -> Option<Style> {
        Style::from_element(&XmlElement::from_compact(self.bytes)?).ok()
    }
}

/// All styles, by id.
pub fn styles() -> &'static [ArchivedStyle] {
    data::STYLES
}

/// Finds a style by its id, an alias or its address in the CSL repository.
pub fn find(name: &str) -> Option<&'static ArchivedStyle> {
    let name = name.trim().trim_end_matches('/');
    let name = name.rsplit('/').next().unwrap_or(name);
    let name = name.strip_suffix(".csl").unwrap_or(name);
    let named = |style: &&ArchivedStyle| style.id.eq_ignore_ascii_case(name);
    data::STYLES.iter().find(named).or_else(|| {
        data::STYLES.iter().find(|style| {
            style
                .aliases
                .iter()
                .any(|alias| alias.eq_ignore_ascii_case(name))
        })
    })
}

/// Loads a style by its id, an alias or its address.
pub fn style(name: &str) -> Option<Style> {
    find(name)?.load()
}

/// The languages there are locales for, such as `de-AT`.
pub fn languages() -> impl Iterator<Item = &'static str> {
    data::LOCALES.iter().map(|(lang, _)| *lang)
}

/// Loads the locale of a language; for a dialect that has none, that of the language's main dialect. What it lacks is
/// taken from American English. `None` when the language is not there.
pub fn locale(lang: &str) -> Option<Locale> {
    let lang = lang.replace('_', "-");
    let base = lang.split('-').next().unwrap_or_default();
    let main = match base.to_ascii_lowercase().as_str() {
        "en" => "en-US".to_owned(),
        "zh" => "zh-CN".to_owned(),
        "cs" => "cs-CZ".to_owned(),
        "da" => "da-DK".to_owned(),
        "sv" => "sv-SE".to_owned(),
        "ja" => "ja-JP".to_owned(),
        "ko" => "ko-KR".to_owned(),
        base => format!("{base}-{}", base.to_ascii_uppercase()),
    };
    let starts = |name: &str| {
        name.get(..base.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(base))
            && matches!(name.as_bytes().get(base.len()), None | Some(b'-'))
    };
    let (name, bytes) = [&lang, &main]
        .into_iter()
        .find_map(|wanted| {
            data::LOCALES
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        })
        .or_else(|| data::LOCALES.iter().find(|(name, _)| starts(name)))
        .filter(|_| !base.is_empty())?;
    let locale = load(bytes)?;
    if *name == "en-US" {
        return Some(locale);
    }
    let fallback = data::LOCALES
        .iter()
        .find(|(name, _)| *name == "en-US")
        .and_then(|(_, bytes)| load(bytes));
    Some(match fallback {
        Some(fallback) => locale.with_fallback(&fallback),
        None => locale,
    })
}

fn load(bytes: &'static [u8]) -> Option<Locale> {
    Locale::from_element(&XmlElement::from_compact(bytes)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_and_locale_loads() {
        assert!(styles().len() > 70);
        for archived in styles() {
            let style = archived.load().unwrap_or_else(|| panic!("{}", archived.id));
            assert!(style.info().title == archived.title, "{}", archived.id);
        }
        for lang in languages() {
            assert_eq!(
                locale(lang)
                    .map(|locale| locale.lang().to_owned())
                    .as_deref(),
                Some(lang)
            );
        }
    }

    #[test]
    fn the_styles_everyone_needs_are_found_by_their_names() {
        for name in [
            "apa",
            "modern-language-association",
            "mla",
            "chicago-author-date",
            "ieee",
            "nlm-citation-sequence",
            "vancouver",
            "harvard-cite-them-right",
            "nature",
            "http://www.zotero.org/styles/apa",
            "apa.csl",
        ] {
            assert!(find(name).is_some(), "{name}");
        }
        assert!(find("no-such-style").is_none());
    }

    #[test]
    fn a_dialect_without_a_locale_gets_its_language() {
        assert_eq!(locale("en").map(|locale| locale.lang), Some("en-US".into()));
        assert_eq!(
            locale("de-LI").map(|locale| locale.lang),
            Some("de-DE".into())
        );
        assert_eq!(
            locale("pt_BR").map(|locale| locale.lang),
            Some("pt-BR".into())
        );
        assert!(locale("xx").is_none() && locale("").is_none());
    }
}
