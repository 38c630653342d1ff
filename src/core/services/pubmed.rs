//! PubMed's efetch: the XML of a record (<https://www.ncbi.nlm.nih.gov/books/NBK25499/>, DTD
//! <https://dtd.nlm.nih.gov/ncbi/pubmed/out/>).

use std::fmt::Write as _;

use roxmltree::Node;

use super::draft::{Draft, Parts, institution, person};
use super::metrics::{Metrics, Notice, NoticeKind};
use super::{Service, Unusable, document, encoded, xml};
use crate::core::item::Item;

/// Elements nested deeper than this are no text of a title.
const DEEPEST: usize = 60;

/// The record of a PubMed number.
pub fn url(base: &str, pmid: &str) -> String {
    format!(
        "{base}/efetch.fcgi?db=pubmed&retmode=xml&tool=offprint&id={}",
        encoded(pmid)
    )
}

/// The item of the first record.
///
/// # Errors
/// When there is none.
pub fn parse(body: &[u8]) -> Result<Item, Unusable> {
    let text = xml(body)?;
    let document = document(text)?;
    let root = document.root();
    if let Some(article) = find(root, "PubmedArticle") {
        return of_article(article);
    }
    if let Some(book) = find(root, "PubmedBookArticle") {
        return of_book(book);
    }
    Err(absent(root))
}

/// Whether the first record is retracted, and what corrected it.
///
/// # Errors
/// When there is no record.
pub fn parse_metrics(body: &[u8]) -> Result<Metrics, Unusable> {
    let text = xml(body)?;
    let document = document(text)?;
    let root = document.root();
    let article = find(root, "PubmedArticle").ok_or_else(|| absent(root))?;
    let mut notices: Vec<Notice> = all(article, "CommentsCorrections")
        .filter_map(|one| {
            let kind = match one.attribute("RefType")? {
                "RetractionIn" | "PartialRetractionIn" => NoticeKind::Retracted,
                "ErratumIn" | "CorrectedandRepublishedIn" => NoticeKind::Corrected,
                "ExpressionOfConcernIn" => NoticeKind::Concern,
                _ => return None,
            };
            let place = child(one, "RefSource").map(flat).unwrap_or_default();
            Some(Notice {
                kind,
                doi: crate::core::identify::find_doi(&place),
                date: None,
                source: Service::PubMed,
            })
        })
        .collect();
    let is_retracted =
        all(article, "PublicationType").any(|kind| flat(kind) == "Retracted Publication");
    if is_retracted && !notices.iter().any(|one| one.kind == NoticeKind::Retracted) {
        notices.push(Notice {
            kind: NoticeKind::Retracted,
            doi: None,
            date: None,
            source: Service::PubMed,
        });
    }
    Ok(Metrics {
        notices,
        ..Metrics::default()
    })
}

fn absent(root: Node<'_, '_>) -> Unusable {
    let name = root
        .first_element_child()
        .map(|root| root.tag_name().name().to_owned())
        .unwrap_or_default();
    match name.as_str() {
        "PubmedArticleSet" | "eFetchResult" => Unusable::Absent,
        _ => Unusable::Unreadable("answered with XML that holds no record".to_owned()),
    }
}

fn of_article(record: Node<'_, '_>) -> Result<Item, Unusable> {
    let citation = child(record, "MedlineCitation").ok_or(Unusable::Absent)?;
    let article = child(citation, "Article").ok_or(Unusable::Absent)?;
    let is_preprint = all(article, "PublicationType").any(|kind| flat(kind) == "Preprint");
    let mut draft = Draft::new(if is_preprint {
        "article"
    } else {
        "article-journal"
    });
    let title = child(article, "ArticleTitle")
        .map(title)
        .unwrap_or_default();
    if title.is_empty() {
        draft.text(
            "title",
            child(article, "VernacularTitle").map(title_of).as_deref(),
        );
    } else {
        draft.text("title", Some(&title));
    }
    if let Some(authors) = child(article, "AuthorList") {
        draft.names("author", children(authors, "Author").filter_map(author));
    }
    let journal = child(article, "Journal");
    let issue = journal.and_then(|journal| child(journal, "JournalIssue"));
    let of_journal = |name: &str| journal.and_then(|node| child(node, name)).map(flat);
    draft.text("container-title", of_journal("Title").as_deref());
    draft.text(
        "container-title-short",
        of_journal("ISOAbbreviation").as_deref(),
    );
    draft.text("ISSN", of_journal("ISSN").as_deref());
    let of_issue = |name: &str| issue.and_then(|node| child(node, name));
    draft.text("volume", of_issue("Volume").map(flat).as_deref());
    draft.text("issue", of_issue("Issue").map(flat).as_deref());
    draft.text("page", pages(article).as_deref());
    let printed = of_issue("PubDate").and_then(date);
    let electronic = child(article, "ArticleDate").and_then(date);
    // The electronic date is only more exact, never another year.
    let issued = match (printed, electronic) {
        (Some((year, None, _)), Some(exact @ (of, ..))) if year == of => Some(exact),
        (printed, electronic) => printed.or(electronic),
    };
    draft.date("issued", issued);
    draft.text("PMID", child(citation, "PMID").map(flat).as_deref());
    let ids = child(record, "PubmedData").and_then(|data| child(data, "ArticleIdList"));
    let id = |kind: &str| {
        children(ids?, "ArticleId")
            .find(|id| id.attribute("IdType") == Some(kind))
            .map(flat)
    };
    draft.text("PMCID", id("pmc").as_deref());
    let elsewhere = children(article, "ELocationID")
        .find(|id| id.attribute("EIdType") == Some("doi"))
        .map(flat);
    draft.doi(id("doi").or(elsewhere).as_deref());
    draft.text(
        "language",
        child(article, "Language")
            .map(flat)
            .map(language)
            .as_deref(),
    );
    draft.text("keyword", keywords(citation).as_deref());
    draft.about(child(article, "Abstract").map(about).as_deref());
    let cited: Vec<String> = all(record, "Reference")
        .flat_map(|reference| all(reference, "ArticleId").collect::<Vec<_>>())
        .filter(|id| id.attribute("IdType") == Some("doi"))
        .map(flat)
        .collect();
    draft.references(cited.iter().map(String::as_str));
    draft.item(Service::PubMed)
}

fn of_book(record: Node<'_, '_>) -> Result<Item, Unusable> {
    let document = child(record, "BookDocument").ok_or(Unusable::Absent)?;
    let book = child(document, "Book").ok_or(Unusable::Absent)?;
    let chapter = child(document, "ArticleTitle").map(title);
    let mut draft = Draft::new(if chapter.is_some() { "chapter" } else { "book" });
    let whole = child(book, "BookTitle").map(title_of);
    match &chapter {
        Some(chapter) => {
            draft.text("title", Some(chapter));
            draft.text("container-title", whole.as_deref());
        }
        None => draft.text("title", whole.as_deref()),
    }
    let lists = |node: Node<'_, '_>, kind: &str| {
        children(node, "AuthorList")
            .filter(|list| list.attribute("Type").unwrap_or("authors") == kind)
            .flat_map(|list| children(list, "Author").collect::<Vec<_>>())
            .filter_map(author)
            .collect::<Vec<_>>()
    };
    let mut authors = lists(document, "authors");
    if authors.is_empty() {
        authors = lists(book, "authors");
    }
    draft.names("author", authors.into_iter());
    draft.names("editor", lists(book, "editors").into_iter());
    let publisher = child(book, "Publisher");
    let of_publisher = |name: &str| publisher.and_then(|node| child(node, name)).map(flat);
    draft.text("publisher", of_publisher("PublisherName").as_deref());
    draft.text(
        "publisher-place",
        of_publisher("PublisherLocation").as_deref(),
    );
    draft.text(
        "collection-title",
        child(book, "CollectionTitle").map(flat).as_deref(),
    );
    draft.text("ISBN", child(book, "Isbn").map(flat).as_deref());
    draft.date("issued", child(book, "PubDate").and_then(date));
    draft.text("PMID", child(document, "PMID").map(flat).as_deref());
    draft.text(
        "language",
        child(document, "Language")
            .map(flat)
            .map(language)
            .as_deref(),
    );
    draft.about(child(document, "Abstract").map(about).as_deref());
    draft.item(Service::PubMed)
}

/// A title without the stop that PubMed puts behind it, and without the brackets of a translation.
fn title(node: Node<'_, '_>) -> String {
    let text = title_of(node);
    let bare = text.trim().trim_end_matches('.');
    match bare
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
    {
        Some(inner) if !inner.contains('[') => inner.trim_end_matches('.').to_owned(),
        _ => bare.to_owned(),
    }
}

fn title_of(node: Node<'_, '_>) -> String {
    marked(node).trim().to_owned()
}

fn author(author: Node<'_, '_>) -> Option<serde_json::Value> {
    let part = |name: &str| child(author, name).map(flat).unwrap_or_default();
    let group = part("CollectiveName");
    if !group.is_empty() {
        return institution(&group);
    }
    let given = Some(part("ForeName"))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| part("Initials"));
    person(&part("LastName"), &given, &part("Suffix"))
}

fn pages(article: Node<'_, '_>) -> Option<String> {
    let pagination = child(article, "Pagination")?;
    let part = |name: &str| child(pagination, name).map(flat);
    match (part("StartPage"), part("EndPage")) {
        (Some(first), Some(last)) if first != last => Some(format!("{first}-{last}")),
        (Some(first), _) => part("MedlinePgn")
            .filter(|pages| pages.starts_with(&first))
            .or(Some(first)),
        (None, _) => part("MedlinePgn"),
    }
}

/// Year, month as a number or a name, day; or the beginning of a `MedlineDate` such as "2010 Sep-Oct".
fn date(node: Node<'_, '_>) -> Option<Parts> {
    let part = |name: &str| child(node, name).map(flat);
    if let Some(year) = part("Year").and_then(|year| year.parse().ok()) {
        let month = part("Month").and_then(|text| month(&text)).or_else(|| {
            // A season of months begins with its first.
            part("Season").and_then(|text| month(text.split('-').next()?))
        });
        let day = part("Day").and_then(|day| day.parse().ok());
        return Some((year, month, month.and(day)));
    }
    let text = part("MedlineDate")?;
    let mut words = text.split([' ', '-', '/']);
    let year = words.next()?.parse().ok()?;
    Some((year, words.find_map(month), None))
}

/// The number of a month: "6", "06", "Jun", "June".
pub(super) fn month(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    if let Ok(number) = text.parse::<i64>() {
        return (1..=12).contains(&number).then_some(number);
    }
    let begin: String = text.chars().take(3).flat_map(char::to_lowercase).collect();
    MONTHS
        .iter()
        .position(|month| *month == begin)
        .map(|at| at as i64 + 1)
}

/// ISO 639-2 of the commonest languages as the two letters that CSL wants.
fn language(code: String) -> String {
    let short = match code.as_str() {
        "eng" => "en",
        "ger" => "de",
        "fre" => "fr",
        "spa" => "es",
        "ita" => "it",
        "por" => "pt",
        "jpn" => "ja",
        "chi" => "zh",
        "rus" => "ru",
        "dut" => "nl",
        "pol" => "pl",
        "kor" => "ko",
        _ => return code,
    };
    short.to_owned()
}

fn keywords(citation: Node<'_, '_>) -> Option<String> {
    let words: Vec<String> = children(citation, "KeywordList")
        .flat_map(|list| children(list, "Keyword").collect::<Vec<_>>())
        .map(|word| flat(word).replace(',', ""))
        .filter(|word| !word.is_empty())
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// The parts of an abstract, each a paragraph, behind its label where it has one.
fn about(node: Node<'_, '_>) -> String {
    let mut out = String::new();
    for part in children(node, "AbstractText") {
        let text = marked(part);
        if text.trim().is_empty() {
            continue;
        }
        match part.attribute("Label") {
            Some(label) if !label.eq_ignore_ascii_case("unlabelled") => {
                let label = if label.chars().any(char::is_lowercase) {
                    label.to_owned()
                } else {
                    let mut letters = label.chars();
                    let first = letters.next().map(String::from).unwrap_or_default();
                    first + &letters.as_str().to_lowercase()
                };
                let label = label.replace('&', "&amp;").replace('<', "&lt;");
                let _ = write!(out, "<title>{label}</title><p>{text}</p>");
            }
            _ => {
                let _ = write!(out, "<p>{text}</p>");
            }
        }
    }
    out
}

/// The text of a node with the tags of sub- and superscripts and italics, everything else escaped.
fn marked(node: Node<'_, '_>) -> String {
    let mut out = String::new();
    write_marked(node, 0, &mut out);
    out
}

fn write_marked(node: Node<'_, '_>, depth: usize, out: &mut String) {
    if depth > DEEPEST {
        return;
    }
    for child in node.children() {
        if child.is_text() {
            let text = child.text().unwrap_or_default();
            out.push_str(&text.replace('&', "&amp;").replace('<', "&lt;"));
        } else if child.is_element() {
            let tag = match child.tag_name().name() {
                "i" => Some("i"),
                "b" => Some("b"),
                "sup" => Some("sup"),
                "sub" => Some("sub"),
                _ => None,
            };
            if let Some(tag) = tag {
                let _ = write!(out, "<{tag}>");
            }
            write_marked(child, depth + 1, out);
            if let Some(tag) = tag {
                let _ = write!(out, "</{tag}>");
            }
        }
    }
}

/// The text of a node and all in it, on one line.
fn flat(node: Node<'_, '_>) -> String {
    let text: String = node
        .descendants()
        .filter(Node::is_text)
        .filter_map(|node| node.text())
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.has_tag_name(name))
}

fn children<'a, 'i>(
    node: Node<'a, 'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> + use<'a, 'i> {
    node.children()
        .filter(move |child| child.has_tag_name(name))
}

fn all<'a, 'i>(
    node: Node<'a, 'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> + use<'a, 'i> {
    node.descendants()
        .filter(move |child| child.has_tag_name(name))
}

fn find<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    all(node, name).next()
}
