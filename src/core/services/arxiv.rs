//! arXiv's query API: an Atom feed (<https://info.arxiv.org/help/api/user-manual.html>).

use roxmltree::Node;

use super::draft::{Draft, iso_date, spoken};
use super::{Service, Unusable, document, encoded, xml};
use crate::core::item::{Item, arxiv_id};

/// The feed of one paper.
pub fn url(base: &str, id: &str) -> String {
    format!("{base}/api/query?id_list={}&max_results=1", encoded(id))
}

/// The address of a paper's PDF, which the usual base has on another host.
pub fn pdf_url(base: &str, id: &str) -> String {
    let base = if base == Service::Arxiv.default_url() {
        "https://arxiv.org"
    } else {
        base
    };
    format!("{base}/pdf/{id}")
}

/// The item of the first entry.
///
/// # Errors
/// When the feed has none, or says that the id is wrong.
pub fn parse(body: &[u8]) -> Result<Item, Unusable> {
    let text = xml(body)?;
    if text.trim_start().starts_with("Rate exceeded") {
        return Err(Unusable::Unreadable("is throttling".to_owned()));
    }
    let document = document(text)?;
    let feed = document.root_element();
    if feed.tag_name().name() != "feed" {
        return Err(Unusable::Unreadable(
            "answered with XML that is no feed".to_owned(),
        ));
    }
    let entry = child(feed, "entry").ok_or(Unusable::Absent)?;
    let id = text_of(entry, "id").unwrap_or_default();
    if id.contains("/api/errors") {
        return Err(Unusable::Absent);
    }
    let id = arxiv_id(&id, false).ok_or(Unusable::Absent)?;
    let mut draft = Draft::new("article");
    draft.text("title", text_of(entry, "title").as_deref());
    let authors = entry
        .children()
        .filter(|node| is_named(node, "author"))
        .filter_map(|author| spoken(&text_of(author, "name")?));
    draft.names("author", authors);
    draft.date(
        "issued",
        text_of(entry, "published").and_then(|text| iso_date(&text)),
    );
    draft.text("publisher", Some("arXiv"));
    draft.text("number", Some(&format!("arXiv:{id}")));
    draft.address(Some(&format!("https://arxiv.org/abs/{id}")));
    draft.about(text_of(entry, "summary").as_deref());
    let doi = text_of(entry, "doi").unwrap_or_else(|| super::datacite::arxiv_doi(id));
    draft.doi(Some(&doi));
    draft.text("note", text_of(entry, "journal_ref").as_deref());
    draft.item(Service::Arxiv)
}

fn is_named(node: &Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|node| is_named(node, name))
}

fn text_of(node: Node<'_, '_>, name: &str) -> Option<String> {
    let text: String = child(node, name)?
        .descendants()
        .filter_map(|node| node.text().filter(|_| node.is_text()))
        .collect();
    Some(text).filter(|text| !text.trim().is_empty())
}
