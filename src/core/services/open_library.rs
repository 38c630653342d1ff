//! Open Library's books API (<https://openlibrary.org/dev/docs/api/books>).

use serde_json::Value;

use super::draft::{Draft, Parts, list, spoken, text_of, written};
use super::{Service, Unusable, encoded, object};
use crate::core::item::Item;

/// The book with an ISBN.
pub fn url(base: &str, isbn: &str) -> String {
    format!(
        "{base}/api/books?format=json&jscmd=data&bibkeys={}",
        encoded(&format!("ISBN:{isbn}"))
    )
}

/// The item of the first book; an empty object says that there is none.
///
/// # Errors
/// When there is none.
pub fn parse(body: &[u8]) -> Result<Item, Unusable> {
    let answer = object(body)?;
    let (key, book) = answer.iter().next().ok_or(Unusable::Absent)?;
    if !book.is_object() {
        return Err(Unusable::Unreadable(
            "answered with JSON that holds no book".to_owned(),
        ));
    }
    let mut draft = Draft::new("book");
    let title = text_of(book, "/title").map(|title| {
        text_of(book, "/subtitle").map_or_else(
            || title.to_owned(),
            |subtitle| format!("{title}: {subtitle}"),
        )
    });
    draft.text("title", title.as_deref());
    let authors = list(book, "/authors")
        .iter()
        .filter_map(|author| spoken(text_of(author, "/name")?));
    draft.names("author", authors);
    if !draft.has("author") {
        let by = text_of(book, "/by_statement").map(|by| by.trim_end_matches('.'));
        draft.names("author", by.and_then(spoken).into_iter());
    }
    draft.text("publisher", text_of(book, "/publishers/0/name"));
    draft.text("publisher-place", text_of(book, "/publish_places/0/name"));
    draft.date("issued", text_of(book, "/publish_date").and_then(date));
    draft.text(
        "number-of-pages",
        written(book, "/number_of_pages").as_deref(),
    );
    let isbn = list(book, "/identifiers/isbn_13")
        .first()
        .or_else(|| list(book, "/identifiers/isbn_10").first())
        .and_then(Value::as_str)
        .or_else(|| key.strip_prefix("ISBN:"));
    draft.text("ISBN", isbn);
    draft.address(text_of(book, "/url"));
    draft.item(Service::OpenLibrary)
}

/// "1998", "March 2009", "Mar 17, 2009", "2009-03-17".
fn date(text: &str) -> Option<Parts> {
    if let Some(date) = super::draft::iso_date(text) {
        return Some(date);
    }
    let words: Vec<&str> = text
        .split([' ', ',', '.', '/'])
        .filter(|word| !word.is_empty())
        .collect();
    let year = words.iter().find_map(|word| {
        word.parse::<i64>()
            .ok()
            .filter(|year| *year > 999 && *year < 10_000)
    })?;
    let month = words.iter().find_map(|word| super::pubmed::month(word));
    let day = words.iter().find_map(|word| {
        word.parse::<i64>()
            .ok()
            .filter(|day| (1..=31).contains(day))
    });
    Some((year, month, month.and(day)))
}
