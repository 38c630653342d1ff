//! CSL types of the entry types of BibTeX and BibLaTeX.

/// The CSL type of an entry type in lower case; `None` for one that is not known.
pub(super) fn csl(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "article" | "suppperiodical" => "article-journal",
        "book" | "mvbook" | "proceedings" | "mvproceedings" | "collection" | "mvcollection"
        | "reference" | "mvreference" | "ebook" => "book",
        "booklet" => "pamphlet",
        "inbook" | "incollection" | "bookinbook" | "suppbook" | "suppcollection" => "chapter",
        "inproceedings" | "conference" | "inconference" => "paper-conference",
        "inreference" => "entry-encyclopedia",
        "manual" | "techreport" | "report" | "techreport2" => "report",
        "thesis" | "phdthesis" | "mastersthesis" | "bathesis" | "mathesis" | "bachelorthesis" => {
            "thesis"
        }
        "unpublished" => "manuscript",
        "periodical" => "periodical",
        "online" | "electronic" | "www" | "webpage" => "webpage",
        "patent" => "patent",
        "software" | "softwareversion" | "softwaremodule" | "codefragment" => "software",
        "dataset" | "data" => "dataset",
        "audio" | "music" => "song",
        "video" | "movie" => "motion_picture",
        "image" | "artwork" => "graphic",
        "letter" => "personal_communication",
        "legislation" => "legislation",
        "legal" => "treaty",
        "jurisdiction" => "legal_case",
        "performance" => "performance",
        "review" => "review",
        "standard" => "standard",
        "misc" | "other" | "commentary" | "customa" => "document",
        _ => return None,
    })
}

/// The kind of thesis or patent that a localisation key of biblatex names.
pub(super) fn genre(key: &str) -> Option<&'static str> {
    Some(match key.trim().to_ascii_lowercase().as_str() {
        "phdthesis" => "PhD thesis",
        "mathesis" | "mastersthesis" => "Master's thesis",
        "bathesis" => "Bachelor's thesis",
        "candthesis" => "Candidate thesis",
        "techreport" => "Technical report",
        "resreport" => "Research report",
        "patenteu" => "European patent",
        "patentus" => "U.S. patent",
        "patentde" => "German patent",
        "patentfr" => "French patent",
        "patentuk" => "British patent",
        _ => return None,
    })
}

/// The office whose sign stands before the number of such a patent.
pub(super) fn patent_office(key: &str) -> Option<&'static str> {
    Some(match key.trim() {
        "patenteu" => "EP",
        "patentus" => "US",
        "patentde" => "DE",
        "patentfr" => "FR",
        "patentuk" => "GB",
        _ => return None,
    })
}

/// BCP 47 tags, the plain ones first, to find the one that babel's name stands for.
const TAGS: [&str; 54] = [
    "en", "en-US", "en-GB", "en-AU", "en-CA", "en-NZ", "de", "de-AT", "de-CH", "fr", "fr-CA", "es",
    "it", "pt", "pt-BR", "nl", "af", "da", "sv", "no", "nn", "fi", "is", "et", "lv", "lt", "pl",
    "cs", "sk", "sl", "hr", "sr", "bg", "ru", "uk", "be", "el", "grc", "la", "hu", "ro", "tr",
    "ca", "gl", "eu", "ga", "cy", "eo", "he", "ar", "fa", "zh", "ja", "ko",
];

/// The language tag for a name of babel; `None` for other texts.
pub(in crate::core::import) fn language(babel: &str) -> Option<&'static str> {
    use crate::core::cite::bib::language::babel_name;
    let name = babel.trim().to_lowercase();
    let name = match name.as_str() {
        "german" | "germanb" => "ngerman",
        "austrian" => "naustrian",
        "swissgerman" => "nswissgerman",
        "usenglish" | "us-english" => "american",
        "ukenglish" => "british",
        "francais" | "frenchb" => "french",
        "portuges" => "portuguese",
        "brazil" => "brazilian",
        "norwegian" | "bokmal" => "norsk",
        name => name,
    };
    TAGS.into_iter().find(|tag| babel_name(tag) == Some(name))
}
