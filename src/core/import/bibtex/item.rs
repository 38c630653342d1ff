//! The CSL item of an entry.
//!
//! The mapping is the one of the writers in [`crate::core::cite`] read backwards, with the further fields of the
//! biblatex manual (section 2.2) and of BibTeX's standard styles. What has no place in CSL stays under
//! `custom.bibtex`, as LaTeX source.

use super::jabref::{self, Groups};
use super::parser::Parsed;
use super::types;
use crate::core::import::entry::{self, Fields, Noted};
use crate::core::import::latex::{self, Field};
use crate::core::import::{date, name};
use crate::core::item::{Item, arxiv_id};

/// Where fields without a place in CSL are kept.
const KEPT: &str = "bibtex";

/// The fields of an entry, each taken once.
struct Source<'p> {
    parsed: &'p Parsed<'p>,
    taken: Vec<bool>,
}

impl<'p> Source<'p> {
    /// The source of a field, if it has any text.
    fn take(&mut self, name: &str) -> Option<&'p str> {
        let at = self.find(name)?;
        if let Some(taken) = self.taken.get_mut(at) {
            *taken = true;
        }
        self.parsed.fields.get(at).map(|field| &*field.value)
    }

    /// The first of several fields that is there.
    fn first(&mut self, names: &[&str]) -> Option<&'p str> {
        names.iter().find_map(|name| self.take(name))
    }

    fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn peek(&self, name: &str) -> &'p str {
        self.find(name)
            .and_then(|at| self.parsed.fields.get(at))
            .map_or("", |field| field.value.trim())
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.parsed
            .fields
            .iter()
            .zip(&self.taken)
            .position(|(field, taken)| {
                !taken && field.name == name && !field.value.trim().is_empty()
            })
    }
}

/// Makes the item of an entry, and what was noted of it.
pub(super) fn convert(kind: &str, parsed: &Parsed<'_>, groups: &Groups) -> (Item, Noted) {
    let mut source = Source {
        parsed,
        taken: vec![false; parsed.fields.len()],
    };
    let mut fields = Fields::default();
    fields.text("id", parsed.key);
    let lower = kind.to_ascii_lowercase();
    let preprint = preprint(&source);
    let csl = csl_type(&lower, &source, preprint.is_some());
    fields.text("type", csl);
    if types::csl(&lower).is_none() {
        fields.keep(KEPT, "entrytype", kind);
    }
    title(&mut source, &mut fields, "title", &["title"], "subtitle");
    people(&mut source, &mut fields);
    container(&mut source, &mut fields, csl);
    dates(&mut source, &mut fields);
    genre(&mut source, &mut fields, &lower);
    numbers(&mut source, &mut fields, csl);
    publisher(&mut source, &mut fields, csl);
    identifiers(&mut source, &mut fields, csl, preprint);
    about(&mut source, &mut fields, csl);
    let noted = noted(&mut source, &mut fields, groups);
    for (field, taken) in parsed.fields.iter().zip(&source.taken) {
        if !taken {
            fields.keep(KEPT, &field.name, &*field.value);
        }
    }
    (fields.into_item(), noted)
}

fn csl_type(kind: &str, source: &Source<'_>, is_preprint: bool) -> &'static str {
    let csl = types::csl(kind).unwrap_or("document");
    match csl {
        "article-journal" if is_preprint => "article",
        "article-journal" => match source.peek("entrysubtype") {
            "magazine" => "article-magazine",
            "newspaper" => "article-newspaper",
            _ => csl,
        },
        "webpage" if is_preprint || source.peek("pubstate") == "prepublished" => "article",
        "document" | "manuscript"
            if is_preprint && !source.has("journal") && !source.has("journaltitle") =>
        {
            "article"
        }
        "document" if source.has("journal") || source.has("journaltitle") => "article-journal",
        "document" if kind == "misc" && is_web_page(source) => "webpage",
        csl => csl,
    }
}

fn is_web_page(source: &Source<'_>) -> bool {
    let how = source.peek("howpublished");
    (source.has("url") || how.contains("http"))
        && (source.has("urldate") || how.contains("\\url") || how.starts_with("http"))
        && !source.has("publisher")
        && !source.has("doi")
}

/// The arXiv id of a work that has appeared nowhere else.
fn preprint(source: &Source<'_>) -> Option<String> {
    let journal = match source.peek("journal") {
        "" => source.peek("journaltitle"),
        journal => journal,
    };
    let lower = journal.to_ascii_lowercase();
    let in_archive = lower.is_empty() || lower.starts_with("arxiv") || lower == "corr";
    if !in_archive || source.has("booktitle") {
        return None;
    }
    let of_field = arxiv_of_eprint(source);
    of_field.or_else(|| {
        // Google Scholar writes `arXiv preprint arXiv:1706.03762`, DBLP `abs/1706.03762` as the volume.
        let volume = source.peek("volume").strip_prefix("abs/");
        arxiv_id(journal, false)
            .or_else(|| arxiv_id(volume?, true))
            .map(str::to_owned)
    })
}

fn arxiv_of_eprint(source: &Source<'_>) -> Option<String> {
    let id = match source.peek("eprint") {
        "" => source.peek("arxivid"),
        id => id,
    };
    let kind = match source.peek("archiveprefix") {
        "" => source.peek("eprinttype"),
        kind => kind,
    };
    if id.is_empty() || !(kind.is_empty() || kind.eq_ignore_ascii_case("arxiv")) {
        return None;
    }
    match arxiv_id(id, true) {
        Some(id) => Some(id.to_owned()),
        None if kind.eq_ignore_ascii_case("arxiv") => Some(plain(id)),
        None => None,
    }
}

fn plain(source: &str) -> String {
    latex::text(source, Field::Plain)
}

fn rich(source: &str) -> String {
    latex::text(source, Field::Text)
}

/// A title with its subtitle.
fn title(
    source: &mut Source<'_>,
    fields: &mut Fields,
    variable: &str,
    names: &[&str],
    subtitle: &str,
) {
    let Some(main) = source.first(names) else {
        return;
    };
    let mut text = latex::text(main, Field::Title);
    if let Some(sub) = source.take(subtitle) {
        let sub = latex::text(sub, Field::Title);
        text.push_str(if text.ends_with([':', '?', '!', '.']) {
            " "
        } else {
            ": "
        });
        text.push_str(&sub);
    }
    fields.text(variable, text);
}

fn people(source: &mut Source<'_>, fields: &mut Fields) {
    for (field, variable) in [
        ("author", "author"),
        ("bookauthor", "container-author"),
        ("editor", "editor"),
        ("translator", "translator"),
        ("director", "director"),
    ] {
        let Some(list) = source.take(field) else {
            continue;
        };
        let (names, truncated) = name::bibtex_list(list);
        fields.names(variable, &names);
        if truncated && field == "author" {
            fields.truncate_authors();
        }
    }
    if source.peek("editoratype") == "redactor"
        && let Some(list) = source.take("editora")
    {
        source.take("editoratype");
        fields.names("collection-editor", &name::bibtex_list(list).0);
    }
}

fn container(source: &mut Source<'_>, fields: &mut Fields, csl: &'static str) {
    source.take("entrysubtype");
    if csl != "article" {
        title(
            source,
            fields,
            "container-title",
            &["journaltitle", "journal"],
            "journalsubtitle",
        );
    }
    title(
        source,
        fields,
        "container-title",
        &["booktitle"],
        "booksubtitle",
    );
    if matches!(csl, "song" | "motion_picture" | "broadcast") {
        title(
            source,
            fields,
            "container-title",
            &["maintitle"],
            "mainsubtitle",
        );
    }
    if let Some(short) = source.first(&[
        "shortjournal",
        "journalabbreviation",
        "journal-abbreviation",
    ]) {
        fields.text("container-title-short", rich(short));
    }
    title(source, fields, "collection-title", &["series"], "");
    title(source, fields, "title-short", &["shorttitle"], "");
    title(source, fields, "original-title", &["origtitle"], "");
}

fn dates(source: &mut Source<'_>, fields: &mut Fields) {
    let mut issued = source.take("date").and_then(date::edtf);
    if issued.as_ref().is_none_or(|date| date.start.is_none())
        && let Some(year) = source.take("year")
    {
        let month = source.take("month").unwrap_or_default();
        let day = source.take("day").unwrap_or_default();
        issued = date::bibtex(year, month, day).or(issued);
    }
    fields.date("issued", issued.as_ref());
    for (names, variable) in [
        (&["origdate"][..], "original-date"),
        (&["eventdate"], "event-date"),
        (
            &["urldate", "lastchecked", "lastvisited", "accessed"],
            "accessed",
        ),
    ] {
        if let Some(text) = source.first(names) {
            let date = date::edtf(text)
                .filter(|date| date.start.is_some())
                .or_else(|| date::loose(&plain(text)));
            fields.date(variable, date.as_ref());
        }
    }
}

fn genre(source: &mut Source<'_>, fields: &mut Fields, kind: &str) {
    let key = source.peek("type");
    if let Some(office) = types::patent_office(key)
        && let number = source.peek("number")
        && number.starts_with(|c: char| c.is_ascii_digit())
    {
        source.take("number");
        source.take("type");
        fields.text("number", format!("{office}{}", plain(number)));
    }
    if let Some(text) = source.take("type") {
        let genre = types::genre(text).map_or_else(|| rich(text), str::to_owned);
        fields.text("genre", genre);
    } else if matches!(
        kind,
        "phdthesis" | "mastersthesis" | "bathesis" | "mathesis"
    ) && let Some(genre) = types::genre(kind)
    {
        fields.text("genre", genre);
    }
}

fn numbers(source: &mut Source<'_>, fields: &mut Fields, csl: &'static str) {
    let is_dblp = csl == "article" && source.peek("volume").starts_with("abs/");
    if !is_dblp && let Some(volume) = source.take("volume") {
        fields.text("volume", plain(volume));
    }
    let is_serial = csl.starts_with("article-") || csl.starts_with("review") || csl == "periodical";
    if let Some(number) = source.take("number") {
        let variable = if is_serial {
            "issue"
        } else if fields.has("collection-title") {
            "collection-number"
        } else {
            "number"
        };
        let number = plain(number);
        fields.text(
            variable,
            if is_serial {
                entry::pages(&number)
            } else {
                number
            },
        );
    }
    if !fields.has("issue")
        && let Some(issue) = source.take("issue")
    {
        fields.text("issue", plain(issue));
    }
    if let Some(pages) = source.take("pages") {
        fields.text("page", entry::pages(&plain(pages)));
    }
    {
        let names = &["eid", "articleno", "article-number"][..];
        let variable = if fields.has("page") { "number" } else { "page" };
        if !fields.has(variable)
            && let Some(number) = source.first(names)
        {
            fields.text(variable, plain(number));
        }
    }
    for (names, variable) in [
        (&["volumes"][..], "number-of-volumes"),
        (&["chapter"], "chapter-number"),
        (&["pagetotal", "numpages"], "number-of-pages"),
        (&["part"], "part-number"),
        (&["version"], "version"),
    ] {
        if let Some(text) = source.first(names) {
            fields.text(variable, plain(text));
        }
    }
    if let Some(edition) = source.take("edition") {
        let edition = plain(edition);
        fields.text(
            "edition",
            ordinal(&edition).map_or(edition, |number| number.to_string()),
        );
    }
}

/// The number of "Second", "2nd" and "2nd ed.".
fn ordinal(edition: &str) -> Option<u32> {
    const WORDS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    let lower = edition.trim().to_lowercase();
    let bare = lower
        .trim_end_matches("edition")
        .trim_end_matches("ed.")
        .trim_end_matches("ed")
        .trim();
    if let Some(at) = WORDS.iter().position(|word| *word == bare) {
        return Some(at as u32 + 1);
    }
    ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|suffix| bare.strip_suffix(suffix))?
        .parse()
        .ok()
}

fn publisher(source: &mut Source<'_>, fields: &mut Fields, csl: &'static str) {
    let order: &[&str] = match csl {
        "thesis" => &["school", "institution", "publisher"],
        "report" | "legal_case" => &["institution", "publisher", "organization", "school"],
        _ => &["publisher", "institution", "organization", "school"],
    };
    if let Some(text) = source.first(order) {
        fields.text("publisher", institution(text));
    }
    if let Some(text) = source.first(&["organization", "institution"]) {
        fields.text("authority", institution(text));
    }
    if let Some(text) = source.take("origpublisher") {
        fields.text("original-publisher", institution(text));
    }
    if source.has("address")
        && csl == "paper-conference"
        && let Some(place) = source.take("location")
    {
        fields.text("event-place", plain(place));
    }
    if let Some(text) = source.first(&["location", "address"]) {
        fields.text("publisher-place", plain(text));
    }
    if let Some(text) = source.take("venue") {
        fields.text("event-place", plain(text));
    }
    title(source, fields, "event-title", &["eventtitle"], "");
}

/// A list of institutions, separated by "and" in BibLaTeX.
fn institution(source: &str) -> String {
    let parts: Vec<String> = name::split_and(source)
        .into_iter()
        .map(rich)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" and ")
}

fn identifiers(
    source: &mut Source<'_>,
    fields: &mut Fields,
    csl: &'static str,
    preprint: Option<String>,
) {
    if let Some(doi) = source.take("doi") {
        fields.text("DOI", entry::doi(&verbatim(doi)));
    }
    for (names, variable) in [
        (&["isbn"][..], "ISBN"),
        (&["issn"], "ISSN"),
        (&["pmid"], "PMID"),
        (&["pmcid", "pmc"], "PMCID"),
    ] {
        if let Some(text) = source.first(names) {
            fields.text(variable, plain(text));
        }
    }
    if let Some(url) = source.take("url") {
        fields.text("URL", verbatim(url));
    }
    if let Some(how) = source.take("howpublished") {
        how_published(how, fields);
    }
    eprint(source, fields, csl, preprint);
}

/// An address, or where else it appeared.
fn how_published(source: &str, fields: &mut Fields) {
    let address = source
        .find("http")
        .and_then(|at| source.get(at..))
        .and_then(|rest| rest.split([' ', '}', '\n']).next());
    match address {
        Some(address) if !fields.has("URL") => fields.text("URL", verbatim(address)),
        Some(_) => fields.keep(KEPT, "howpublished", source),
        None if fields.has("container-title") => fields.keep(KEPT, "howpublished", source),
        None => fields.text("container-title", rich(source)),
    }
}

fn eprint(
    source: &mut Source<'_>,
    fields: &mut Fields,
    csl: &'static str,
    preprint: Option<String>,
) {
    let arxiv = preprint.or_else(|| arxiv_of_eprint(source));
    let class = source.first(&["primaryclass", "eprintclass"]).map(plain);
    if let Some(id) = arxiv {
        for used in ["eprint", "arxivid", "eprinttype", "archiveprefix"] {
            source.take(used);
        }
        if csl == "article" {
            source.first(&["journal", "journaltitle"]);
            if source.peek("volume").starts_with("abs/") {
                source.take("volume");
            }
        }
        let class = class.map_or_else(String::new, |class| format!(" [{class}]"));
        let named = format!("arXiv:{}{class}", id.trim_start_matches("arXiv:"));
        if csl == "article" && !fields.has("number") {
            fields.text("publisher", "arXiv");
            fields.text("number", named);
        } else {
            fields.text("archive", "arXiv");
            fields.text("archive_location", named);
        }
        return;
    }
    let Some(id) = source.take("eprint").map(verbatim) else {
        return;
    };
    let kind = source
        .first(&["eprinttype", "archiveprefix"])
        .map(plain)
        .unwrap_or_default();
    match kind.to_ascii_lowercase().as_str() {
        "pubmed" | "pmid" if !fields.has("PMID") => fields.text("PMID", id),
        "pmcid" | "pmc" if !fields.has("PMCID") => fields.text("PMCID", id),
        "jstor" if !fields.has("URL") => {
            fields.text("URL", format!("https://www.jstor.org/stable/{id}"));
        }
        _ => {
            fields.text("archive", kind);
            fields.text("archive_location", id);
        }
    }
}

/// An address or identifier, which LaTeX reads as it is, though many writers escape it.
fn verbatim(source: &str) -> String {
    let mut text = source.trim();
    if let Some(inner) = text.strip_prefix("\\url") {
        text = inner.trim();
    }
    while let Some(inner) = latex::whole_group(text) {
        text = inner.trim();
    }
    if !text.contains(['\\', '{', '$']) {
        return text.to_owned();
    }
    let text = text
        .replace("{\\textasciitilde}", "~")
        .replace("\\textasciitilde{}", "~")
        .replace("\\textasciitilde", "~")
        .replace("$\\sim$", "~")
        .replace("\\~{}", "~")
        .replace("{\\_}", "_")
        .replace("{\\%}", "%")
        .replace("{\\&}", "&")
        .replace("{\\#}", "#")
        .replace("{\\~}", "~");
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        if c == '\\' && letters.peek().is_some_and(char::is_ascii_punctuation) {
            continue;
        }
        out.push(c);
    }
    out
}

fn about(source: &mut Source<'_>, fields: &mut Fields, csl: &'static str) {
    if let Some(text) = source.take("abstract") {
        fields.text("abstract", rich(text));
    }
    if let Some(text) = source.first(&["langid", "hyphenation"]) {
        match types::language(text) {
            Some(tag) => fields.text("language", tag),
            None => fields.text("language", plain(text)),
        }
    }
    if let Some(text) = source.take("language") {
        let tag = types::language(text).map_or_else(|| plain(text), str::to_owned);
        fields.text("language", tag);
    }
    if let Some(text) = source.take("library") {
        fields.text("call-number", plain(text));
    }
    let state = source.take("pubstate").map(plain);
    match state.as_deref() {
        // Its type says so.
        Some("prepublished") if csl == "article" => {}
        Some("inpress") => fields.text("status", "in press"),
        Some("inpreparation") => fields.text("status", "in preparation"),
        Some(state) => fields.text("status", state),
        None => {}
    }
    if let Some(text) = source.first(&["annote", "annotation"]) {
        fields.text("annote", rich(text));
    }
    if let Some(text) = source.first(&["note", "addendum"]) {
        fields.text("note", rich(text));
    }
}

fn noted(source: &mut Source<'_>, fields: &mut Fields, groups: &Groups) -> Noted {
    let mut noted = Noted::default();
    if let Some(list) = source.first(&["keywords", "keyword"]) {
        let words = words(list);
        for word in &words {
            jabref::keyword(word, &mut noted);
        }
        // A word with a comma of its own needs another separator.
        let separator = if words.iter().any(|word| word.contains(',')) {
            "; "
        } else {
            ", "
        };
        fields.text("keyword", words.join(separator));
    }
    if let Some(list) = source.first(&["mendeley-tags", "tags"]) {
        noted.tags = words(list);
    }
    noted.groups = groups.of(source.parsed.key, source.take("groups").unwrap_or_default());
    for at in 0..source.parsed.fields.len() {
        let Some(field) = source.parsed.fields.get(at) else {
            break;
        };
        if source.taken.get(at) == Some(&true) || field.value.trim().is_empty() {
            continue;
        }
        let is_comment = matches!(&*field.name, "comment" | "review" | "notes")
            || field.name.starts_with("comment-");
        let taken = if is_comment {
            noted.comments.push(field.value.trim().to_owned());
            true
        } else {
            jabref::note(&field.name, &field.value, &mut noted)
        };
        if taken && let Some(flag) = source.taken.get_mut(at) {
            *flag = true;
        }
    }
    noted
}

/// Keywords, separated by semicolons, else by commas.
fn words(source: &str) -> Vec<String> {
    let outside = |separator: char| {
        let mut depth = 0_i32;
        source
            .split(move |c: char| {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                c == separator && depth <= 0
            })
            .map(plain)
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
    };
    let by_semicolon = outside(';');
    if by_semicolon.len() > 1 {
        by_semicolon
    } else {
        outside(',')
    }
}

#[cfg(test)]
mod tests;
