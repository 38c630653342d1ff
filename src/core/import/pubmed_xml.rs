//! PubMed's XML, as efetch and the web site's export give it.
//!
//! Source: the PubMed DTD (`pubmed_250101.dtd`) and its element descriptions, National Library of Medicine.

use std::ops::ControlFlow;

use super::entry::{self, Fields};
use super::nbib::{language, without_stop};
use super::xml::{Element, records};
use super::{Entry, Found, LineCounter, date, loss, name, pubmed_type};
use crate::core::date::Date;
use crate::core::item::Name;

/// Where what has no place in CSL is kept.
const KEPT: &str = "pubmed";

/// Hands over the articles and books of a text.
pub(super) fn each(text: &str, with: &mut dyn FnMut(Found) -> ControlFlow<()>) -> ControlFlow<()> {
    let mut lines = LineCounter::new(text);
    let wrapped: &[&str] = &["PubmedArticle", "PubmedBookArticle"];
    let bare: &[&str] = &["MedlineCitation", "BookDocument"];
    let names = if records(text, wrapped).next().is_some() {
        wrapped
    } else {
        bare
    };
    for span in records(text, names) {
        let record = text.get(span.clone()).unwrap_or_default();
        let line = lines.line(span.start);
        match Element::parse(record) {
            Ok(record) => with(Found::Entry(Box::new(Entry {
                item: convert(&record).into_item(),
                span,
                line,
                ..Entry::default()
            })))?,
            Err((at, reason)) => {
                let line = lines.line(span.start + at.min(record.len()));
                with(loss(
                    line,
                    format!("the record is broken: {reason}"),
                    "export it again",
                ))?;
            }
        }
    }
    ControlFlow::Continue(())
}

fn convert(record: &Element<'_>) -> Fields {
    let citation = record.at(&["MedlineCitation"]).unwrap_or(record);
    let mut fields = Fields::default();
    let mut pmid = citation.text_at(&["PMID"]);
    let book = record
        .at(&["BookDocument"])
        .or_else(|| (record.name() == "BookDocument").then_some(record));
    if let Some(book) = book {
        pmid = book.text_at(&["PMID"]);
        fields.text("id", key(&pmid));
        fields.text("PMID", pmid);
        convert_book(book, &mut fields);
        return fields;
    }
    fields.text("id", key(&pmid));
    fields.text("PMID", pmid);
    if let Some(article) = citation.at(&["Article"]) {
        convert_article(article, &mut fields);
    }
    fields.text(
        "container-title-short",
        citation.text_at(&["MedlineJournalInfo", "MedlineTA"]),
    );
    fields.text(
        "ISSN",
        citation.text_at(&["MedlineJournalInfo", "ISSNLinking"]),
    );
    let mut words: Vec<String> = Vec::new();
    for heading in citation
        .at(&["MeshHeadingList"])
        .into_iter()
        .flat_map(|list| list.all("MeshHeading"))
    {
        words.push(heading.text_at(&["DescriptorName"]));
    }
    for list in citation.all("KeywordList") {
        words.extend(list.all("Keyword").map(Element::text));
    }
    keywords(words, &mut fields);
    for id in record
        .at(&["PubmedData", "ArticleIdList"])
        .into_iter()
        .flat_map(|list| list.all("ArticleId"))
    {
        match id.attribute("IdType") {
            Some("doi") => fields.text("DOI", entry::doi(&id.text())),
            Some("pmc") => fields.text("PMCID", id.text()),
            _ => {}
        }
    }
    fields
}

fn key(pmid: &str) -> String {
    if pmid.is_empty() {
        String::new()
    } else {
        format!("pmid{pmid}")
    }
}

fn keywords(words: Vec<String>, fields: &mut Fields) {
    let mut seen: Vec<String> = Vec::new();
    for word in words {
        if !word.is_empty() && !seen.contains(&word) {
            seen.push(word);
        }
    }
    let separator = if seen.iter().any(|word| word.contains(',')) {
        "; "
    } else {
        ", "
    };
    fields.text("keyword", seen.join(separator));
}

fn convert_article(article: &Element<'_>, fields: &mut Fields) {
    fields.text("title", without_stop(&article.text_at(&["ArticleTitle"])));
    fields.text(
        "original-title",
        without_stop(&article.text_at(&["VernacularTitle"])),
    );
    if let Some(list) = article.at(&["AuthorList"]) {
        fields.names("author", &names(list));
        if list.attribute("CompleteYN") == Some("N") {
            fields.truncate_authors();
        }
    }
    if let Some(journal) = article.at(&["Journal"]) {
        fields.text(
            "container-title",
            without_stop(&journal.text_at(&["Title"])),
        );
        fields.text(
            "container-title-short",
            journal.text_at(&["ISOAbbreviation"]),
        );
        fields.text("volume", journal.text_at(&["JournalIssue", "Volume"]));
        fields.text("issue", journal.text_at(&["JournalIssue", "Issue"]));
        let printed = journal.at(&["JournalIssue", "PubDate"]).and_then(published);
        let online = article.at(&["ArticleDate"]).and_then(published);
        fields.date("issued", printed.or(online).as_ref());
        fields.text("ISSN", journal.text_at(&["ISSN"]));
    }
    if let Some(pages) = article.at(&["Pagination"]) {
        let whole = pages.text_at(&["MedlinePgn"]);
        let (from, to) = (pages.text_at(&["StartPage"]), pages.text_at(&["EndPage"]));
        let text = match (whole.is_empty(), to.is_empty()) {
            (false, _) => whole,
            (true, true) => from,
            (true, false) => format!("{from}--{to}"),
        };
        fields.text("page", entry::full_range(&entry::pages(&text)));
    }
    for id in article.all("ELocationID") {
        match id.attribute("EIdType") {
            Some("doi") => fields.text("DOI", entry::doi(&id.text())),
            _ if !fields.has("page") => fields.text("page", id.text()),
            _ => {}
        }
    }
    fields.text("language", language_of(&article.text_at(&["Language"])));
    if let Some(text) = article.at(&["Abstract"]) {
        fields.text("abstract", abstract_text(text));
    }
    let types: Vec<String> = article
        .at(&["PublicationTypeList"])
        .into_iter()
        .flat_map(|list| list.all("PublicationType"))
        .map(Element::text)
        .collect();
    fields.text("type", pubmed_type(&types, true));
    for kind in types {
        fields.keep(KEPT, "PublicationType", kind);
    }
}

fn convert_book(document: &Element<'_>, fields: &mut Fields) {
    let book = document.at(&["Book"]).unwrap_or(document);
    let title = without_stop(&document.text_at(&["ArticleTitle"]));
    let whole = without_stop(&book.text_at(&["BookTitle"]));
    if title.is_empty() || title == whole {
        fields.text("type", "book");
        fields.text("title", whole);
    } else {
        fields.text("type", "chapter");
        fields.text("title", title);
        fields.text("container-title", whole);
    }
    for (list, of_book) in document
        .all("AuthorList")
        .map(|list| (list, false))
        .chain(book.all("AuthorList").map(|list| (list, true)))
    {
        let role = if list.attribute("Type") == Some("editors") {
            "editor"
        } else if of_book && fields.has("container-title") {
            "container-author"
        } else {
            "author"
        };
        if !fields.has(role) {
            fields.names(role, &names(list));
        }
    }
    fields.date("issued", book.at(&["PubDate"]).and_then(published).as_ref());
    fields.text("publisher", book.text_at(&["Publisher", "PublisherName"]));
    fields.text(
        "publisher-place",
        book.text_at(&["Publisher", "PublisherLocation"]),
    );
    fields.text("ISBN", book.text_at(&["Isbn"]));
    fields.text("edition", book.text_at(&["Edition"]));
    fields.text("volume", book.text_at(&["Volume"]));
    fields.text("collection-title", book.text_at(&["CollectionTitle"]));
    fields.text("language", language_of(&document.text_at(&["Language"])));
    if let Some(text) = document.at(&["Abstract"]) {
        fields.text("abstract", abstract_text(text));
    }
    let words = document
        .all("KeywordList")
        .flat_map(|list| list.all("Keyword"))
        .map(Element::text)
        .collect();
    keywords(words, fields);
}

fn language_of(code: &str) -> String {
    language(code).map_or_else(|| code.to_owned(), str::to_owned)
}

fn names(list: &Element<'_>) -> Vec<Name> {
    list.all("Author")
        .filter_map(|author| {
            let group = author.text_at(&["CollectiveName"]);
            if !group.is_empty() {
                return Some(name::literal(group));
            }
            let family = author.text_at(&["LastName"]);
            let (particle, family) = name::split_particle(&family);
            let given = [&["ForeName"][..], &["FirstName"], &["Initials"]]
                .iter()
                .map(|path| author.text_at(path))
                .find(|given| !given.is_empty())
                .unwrap_or_default();
            let name = Name {
                family,
                given,
                non_dropping_particle: particle,
                suffix: author.text_at(&["Suffix"]),
                ..Name::default()
            };
            (!(name.family.is_empty() && name.given.is_empty())).then_some(name)
        })
        .collect()
}

/// `Year`, `Month`, `Day`, `Season`, or `MedlineDate` in words.
fn published(element: &Element<'_>) -> Option<Date> {
    let words = element.text_at(&["MedlineDate"]);
    if !words.is_empty() {
        return date::loose(&words);
    }
    let month = match element.text_at(&["Month"]) {
        month if month.is_empty() => element.text_at(&["Season"]),
        month => month,
    };
    let year = element.text_at(&["Year"]);
    date::bibtex(&year, &month, &element.text_at(&["Day"]))
}

/// The parts of an abstract, each with its label.
fn abstract_text(element: &Element<'_>) -> String {
    let parts = element.all("AbstractText").map(|part| {
        let text = part.text();
        match part.attribute("Label") {
            Some(label) if !label.is_empty() && !label.eq_ignore_ascii_case("unlabelled") => {
                format!("{}: {text}", html_escape::decode_html_entities(label))
            }
            _ => text,
        }
    });
    parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::core::import::read;

    #[test]
    fn an_article_has_its_fields_and_a_broken_one_costs_no_other() {
        let text = r#"<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">7</PMID>
<Article><Journal><ISSN>1234-5678</ISSN><JournalIssue><Volume>3</Volume><Issue>2</Issue><PubDate><MedlineDate>2010 Sep-Oct</MedlineDate></PubDate></JournalIssue>
<Title>J. Things.</Title><ISOAbbreviation>JT</ISOAbbreviation></Journal>
<ArticleTitle>On <i>E. coli</i> &amp; CO<sub>2</sub>.</ArticleTitle><Pagination><MedlinePgn>561-7</MedlinePgn></Pagination>
<ELocationID EIdType="doi">10.1/x</ELocationID><Abstract><AbstractText Label="AIM">One.</AbstractText><AbstractText>p &lt; 0.05</AbstractText></Abstract>
<AuthorList CompleteYN="N"><Author><LastName>de la Mare</LastName><ForeName>Walter</ForeName><Suffix>Jr</Suffix></Author><Author><CollectiveName>WHO</CollectiveName></Author></AuthorList>
<Language>ger</Language><PublicationTypeList><PublicationType>Journal Article</PublicationType></PublicationTypeList></Article>
<MeshHeadingList><MeshHeading><DescriptorName>Cells</DescriptorName></MeshHeading></MeshHeadingList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pmc">PMC9</ArticleId></ArticleIdList></PubmedData></PubmedArticle>
<PubmedArticle><MedlineCitation></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>8</PMID></MedlineCitation></PubmedArticle></PubmedArticleSet>"#;
        let import = read(text.as_bytes(), "x.xml").unwrap();
        assert_eq!(import.entries.len(), 2);
        assert_eq!(
            import
                .problems
                .iter()
                .map(|problem| (problem.line, problem.lost))
                .collect::<Vec<_>>(),
            [(10, true)]
        );
        assert_eq!(
            Value::Object(import.entries[0].item.fields().clone()),
            json!({
                "id": "pmid7", "PMID": "7", "title": "On <i>E. coli</i> & CO<sub>2</sub>",
                "author": [{"family": "Mare", "given": "Walter", "non-dropping-particle": "de la", "suffix": "Jr"}, {"literal": "WHO"}],
                "custom": {"offprint": {"authorsTruncated": true}, "pubmed": {"PublicationType": "Journal Article"}},
                "container-title": "J. Things", "container-title-short": "JT", "volume": "3", "issue": "2",
                "issued": {"date-parts": [[2010, 9], [2010, 10]]}, "ISSN": "1234-5678", "page": "561-567", "DOI": "10.1/x",
                "language": "de", "abstract": "AIM: One.\np < 0.05", "type": "article-journal", "keyword": "Cells", "PMCID": "PMC9"
            })
        );
    }
}
