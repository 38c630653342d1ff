//! Entry types for the item types of CSL 1.0.2.

use crate::core::item::Item;

/// The BibTeX entry type of an item (the types that the standard styles know).
pub fn bibtex(item: &Item) -> &'static str {
    match item.kind() {
        "article-journal" | "article-magazine" | "article-newspaper" | "review" | "review-book" => {
            "article"
        }
        "book" | "classic" | "periodical" | "collection" => "book",
        "chapter" | "entry" | "entry-dictionary" | "entry-encyclopedia" => "incollection",
        "manuscript" => "unpublished",
        "pamphlet" => "booklet",
        "paper-conference" => "inproceedings",
        "report" => "techreport",
        "thesis" => match Thesis::of(item) {
            Thesis::Doctoral => "phdthesis",
            Thesis::Masters | Thesis::Other => "mastersthesis",
        },
        _ => "misc",
    }
}

/// The BibLaTeX entry type of an item.
pub fn biblatex(item: &Item) -> &'static str {
    match item.kind() {
        "article" | "post" | "post-weblog" | "webpage" => "online",
        "article-journal" | "article-magazine" | "article-newspaper" | "review" | "review-book" => {
            "article"
        }
        "bill" | "legislation" | "regulation" => "legislation",
        "book" | "classic" => "book",
        "broadcast" => broadcast(item),
        "chapter" => "incollection",
        "dataset" => "dataset",
        "entry" | "entry-dictionary" | "entry-encyclopedia" => "inreference",
        "figure" | "graphic" => "image",
        "hearing" | "treaty" => "legal",
        "legal_case" => "jurisdiction",
        "manuscript" | "speech" => "unpublished",
        "motion_picture" => "movie",
        "pamphlet" => "booklet",
        "paper-conference" => "inproceedings",
        "patent" => "patent",
        "performance" => "performance",
        "periodical" => "periodical",
        "personal_communication" => "letter",
        "report" => "report",
        "software" => "software",
        "song" => "audio",
        "standard" => "standard",
        "thesis" => "thesis",
        _ => "misc",
    }
}

/// Podcasts and radio are audio, the rest of broadcasts video.
fn broadcast(item: &Item) -> &'static str {
    let says_audio = ["medium", "genre", "collection-title", "container-title"]
        .iter()
        .filter_map(|field| item.text(field))
        .any(|text| {
            let text = text.to_lowercase();
            ["audio", "podcast", "radio"]
                .iter()
                .any(|word| text.contains(word))
        });
    if says_audio { "audio" } else { "video" }
}

/// What kind of thesis the `genre` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thesis {
    /// A doctoral dissertation, also where nothing is said.
    Doctoral,
    /// A master's thesis.
    Masters,
    /// Another kind: the genre itself must be printed.
    Other,
}

impl Thesis {
    /// Reads the `genre` of an item.
    pub fn of(item: &Item) -> Thesis {
        let genre: String = item
            .text("genre")
            .unwrap_or_default()
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphabetic() || *c == ' ')
            .collect();
        let has = |words: &[&str]| words.iter().any(|word| genre.contains(word));
        if genre.trim().is_empty()
            || has(&[
                "phd",
                "ph d",
                "doctor",
                "dphil",
                "dissertation",
                "doktor",
                "thèse de doctorat",
                "tesis doctoral",
            ])
        {
            // "Master's dissertation" is a master's thesis all the same.
            if has(&["master", "bachelor"]) {
                return Thesis::Masters.unless(has(&["bachelor"]));
            }
            return Thesis::Doctoral;
        }
        if has(&["master", "mathesis", "msc", "ma thesis", "diplom"]) {
            return Thesis::Masters;
        }
        Thesis::Other
    }

    fn unless(self, other: bool) -> Thesis {
        if other { Thesis::Other } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn theses_are_told_apart_by_genre() {
        for (genre, thesis) in [
            ("", Thesis::Doctoral),
            ("PhD Diss.", Thesis::Doctoral),
            ("Ph.D. thesis", Thesis::Doctoral),
            ("dissertation", Thesis::Doctoral),
            ("Master's Thesis", Thesis::Masters),
            ("Master's dissertation", Thesis::Masters),
            ("Bachelor's thesis", Thesis::Other),
            ("Habilitationsschrift", Thesis::Other),
        ] {
            let item = Item::parse(
                serde_json::json!({"type": "thesis", "genre": genre})
                    .to_string()
                    .as_bytes(),
            )
            .unwrap();
            assert_eq!(Thesis::of(&item), thesis, "{genre}");
        }
    }
}
