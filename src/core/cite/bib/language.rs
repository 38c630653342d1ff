//! The language of an item: babel's name for it, and whether its titles follow English rules.

use crate::core::item::Item;

/// How an item's titles are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TitleRules {
    /// English or unmarked: headline capitals, capitals protected.
    English,
    /// Another language that is marked as such.
    Foreign,
    /// Unmarked, but plainly not English: nothing tells a style so, hence the title needs braces as a whole.
    ForeignUnmarked,
}

/// babel's name for a language given as BCP 47 tag, ISO 639 code or by its name.
pub fn babel_name(language: &str) -> Option<&'static str> {
    let tag = language.trim().replace('_', "-").to_lowercase();
    let (primary, region) = tag.split_once('-').unwrap_or((&tag, ""));
    let region = region.rsplit('-').next().unwrap_or_default();
    Some(match (primary, region) {
        ("en" | "eng", "us") => "american",
        ("en" | "eng", "gb" | "uk") => "british",
        ("en" | "eng", "au") => "australian",
        ("en" | "eng", "ca") => "canadian",
        ("en" | "eng", "nz") => "newzealand",
        ("de" | "deu" | "ger", "at") => "naustrian",
        ("de" | "deu" | "ger", "ch") => "nswissgerman",
        ("fr" | "fra" | "fre", "ca") => "canadien",
        ("pt" | "por", "br") => "brazilian",
        ("sr" | "srp", "cyrl") => "serbianc",
        _ => name_of(primary)?,
    })
}

fn name_of(primary: &str) -> Option<&'static str> {
    Some(match primary {
        "en" | "eng" | "english" | "anglais" | "englisch" | "inglés" | "inglese" => "english",
        "american" => "american",
        "british" => "british",
        "de" | "deu" | "ger" | "ngerman" => "ngerman",
        "german" | "deutsch" | "allemand" => "german",
        "fr" | "fra" | "fre" | "french" | "français" | "frm" => "french",
        "es" | "spa" | "spanish" | "español" => "spanish",
        "it" | "ita" | "italian" | "italiano" => "italian",
        "pt" | "por" | "portuguese" | "português" => "portuguese",
        "brazilian" => "brazilian",
        "nl" | "nld" | "dut" | "dutch" | "nederlands" => "dutch",
        "af" | "afr" | "afrikaans" => "afrikaans",
        "da" | "dan" | "danish" | "dansk" => "danish",
        "sv" | "swe" | "swedish" | "svenska" => "swedish",
        "no" | "nor" | "nb" | "nob" | "norwegian" | "norsk" => "norsk",
        "nn" | "nno" | "nynorsk" => "nynorsk",
        "fi" | "fin" | "finnish" | "suomi" => "finnish",
        "is" | "isl" | "ice" | "icelandic" => "icelandic",
        "et" | "est" | "estonian" => "estonian",
        "lv" | "lav" | "latvian" => "latvian",
        "lt" | "lit" | "lithuanian" => "lithuanian",
        "pl" | "pol" | "polish" | "polski" => "polish",
        "cs" | "ces" | "cze" | "czech" | "čeština" => "czech",
        "sk" | "slk" | "slo" | "slovak" => "slovak",
        "sl" | "slv" | "slovenian" | "slovene" => "slovene",
        "hr" | "hrv" | "croatian" => "croatian",
        "sr" | "srp" | "serbian" => "serbian",
        "bg" | "bul" | "bulgarian" => "bulgarian",
        "ru" | "rus" | "russian" | "русский" => "russian",
        "uk" | "ukr" | "ukrainian" => "ukrainian",
        "be" | "bel" | "belarusian" => "belarusian",
        "el" | "ell" | "gre" | "greek" => "greek",
        "grc" => "ancientgreek",
        "la" | "lat" | "latin" => "latin",
        "hu" | "hun" | "hungarian" | "magyar" => "magyar",
        "ro" | "ron" | "rum" | "romanian" | "română" => "romanian",
        "tr" | "tur" | "turkish" | "türkçe" => "turkish",
        "ca" | "cat" | "catalan" | "català" => "catalan",
        "gl" | "glg" | "galician" => "galician",
        "eu" | "eus" | "baq" | "basque" => "basque",
        "ga" | "gle" | "irish" => "irish",
        "cy" | "cym" | "wel" | "welsh" => "welsh",
        "eo" | "epo" | "esperanto" => "esperanto",
        "he" | "heb" | "hebrew" => "hebrew",
        "ar" | "ara" | "arabic" => "arabic",
        "fa" | "fas" | "per" | "persian" | "farsi" => "persian",
        "hi" | "hin" | "hindi" => "hindi",
        "id" | "ind" | "indonesian" => "indonesian",
        "vi" | "vie" | "vietnamese" => "vietnamese",
        "zh" | "zho" | "chi" | "chinese" => "chinese",
        "ja" | "jpn" | "japanese" => "japanese",
        "ko" | "kor" | "korean" => "korean",
        "th" | "tha" | "thai" => "thai",
        _ => return None,
    })
}

/// How the titles of an item are to be treated.
pub fn title_rules(item: &Item) -> TitleRules {
    let Some(language) = item.text("language") else {
        let title = item.text("title").unwrap_or_default();
        return if looks_foreign(&title) {
            TitleRules::ForeignUnmarked
        } else {
            TitleRules::English
        };
    };
    match babel_name(&language) {
        Some("english" | "american" | "british" | "australian" | "canadian" | "newzealand") => {
            TitleRules::English
        }
        Some(_) => TitleRules::Foreign,
        None => TitleRules::ForeignUnmarked,
    }
}

/// Function words of other languages that are no English words.
const FOREIGN_WORDS: &[&str] = &[
    "der", "das", "und", "für", "über", "eine", "einer", "zur", "zum", "mit", "von", "auf", "im",
    "le", "les", "des", "du", "une", "et", "dans", "pour", "sur", "aux", "entre", "el", "los",
    "las", "del", "y", "una", "para", "por", "il", "della", "delle", "nel", "degli", "dei", "os",
    "da", "do", "dos", "das", "em", "uma", "het", "een", "voor", "och", "ett", "på", "og", "av",
    "som", "na", "w", "la", "de",
];
const ENGLISH_WORDS: &[&str] = &[
    "the", "of", "and", "for", "with", "from", "on", "by", "to", "an", "is", "are", "using", "in",
    "at", "as", "between", "its",
];

/// Two foreign function words and more of them than English ones, or mostly letters of another script.
fn looks_foreign(title: &str) -> bool {
    let letters = title.chars().filter(|c| c.is_alphabetic()).count();
    let latin = title
        .chars()
        .filter(|c| c.is_alphabetic() && u32::from(*c) < 0x0370)
        .count();
    if letters > latin * 2 {
        return true;
    }
    let (mut foreign, mut english) = (0, 0);
    for word in title.split(|c: char| !c.is_alphabetic()).take(200) {
        // Names keep their particles in English titles too: "Los Angeles", "El Niño" are capitalised.
        if FOREIGN_WORDS.contains(&word) {
            foreign += 1;
        } else if ENGLISH_WORDS.contains(&word.to_lowercase().as_str()) {
            english += 1;
        }
    }
    foreign >= 2 && foreign > english
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_codes_and_names_give_the_babel_language() {
        for (language, name) in [
            ("en", Some("english")),
            ("EN", Some("english")),
            ("en-US", Some("american")),
            ("en_GB", Some("british")),
            ("de-DE", Some("ngerman")),
            ("German", Some("german")),
            ("pt-BR", Some("brazilian")),
            ("ara", Some("arabic")),
            ("zh-Hans-CN", Some("chinese")),
            ("Klingon", None),
        ] {
            assert_eq!(babel_name(language), name, "{language}");
        }
    }

    #[test]
    fn unmarked_titles_are_english_unless_their_words_say_otherwise() {
        for (title, foreign) in [
            ("Attention is all you need", false),
            ("Die Grenzen der Erkenntnis und das Wissen", true),
            ("Les règles de la méthode sociologique", true),
            ("On the theory of de Broglie and van der Waals", false),
            ("Ocean heat of El Niño and La Niña", false),
            ("Полимеразная цепная реакция", true),
            ("深層学習による認識", true),
            ("", false),
        ] {
            assert_eq!(looks_foreign(title), foreign, "{title}");
        }
    }
}
