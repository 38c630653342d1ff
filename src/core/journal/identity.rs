//! Identifiers that name a paper whatever its citekey.

use crate::core::item::{Item, arxiv_id, bare_doi};

/// The identifiers of an item as `ids` operations hold them: `doi:`, `pmid:`, `arxiv:`, in this order, in lower case.
pub fn identifiers(item: &Item) -> Vec<Box<str>> {
    let pmid = item.text("PMID").filter(|text| !text.trim().is_empty());
    [
        item.doi().map(|doi| format!("doi:{doi}")),
        pmid.map(|pmid| format!("pmid:{pmid}")),
        item.arxiv().map(|id| format!("arxiv:{id}")),
    ]
    .into_iter()
    .flatten()
    .filter_map(|identifier| normal_identifier(&identifier))
    .collect()
}

/// What stands before a citekey among identifiers.
const KEY: &str = "key:";

/// The identifier that says which citekey a paper has, or had: written for both when one is changed, so that notes
/// of a paper without a DOI find it again.
pub fn key_identifier(id: &str) -> Box<str> {
    format!("{KEY}{id}").into_boxed_str()
}

/// The citekey that an identifier names.
pub(super) fn key_of(identifier: &str) -> Option<&str> {
    identifier.strip_prefix(KEY)
}

/// Brings `doi:…`, `pmid:…` or `arxiv:…` into the one form in which two of them can be compared: no address around
/// it, no version of an arXiv id, lower case. `None` when it is none of them.
pub fn normal_identifier(text: &str) -> Option<Box<str>> {
    let (kind, value) = text.trim().split_once(':')?;
    let value = match kind.to_ascii_lowercase().as_str() {
        "doi" => format!("doi:{}", bare_doi(value)?),
        "pmid" => {
            let digits = value.trim();
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            format!("pmid:{}", is_number.then_some(digits)?)
        }
        "arxiv" => format!("arxiv:{}", without_version(arxiv_id(value, true)?)),
        _ => return None,
    };
    Some(value.to_lowercase().into_boxed_str())
}

/// Every version of a preprint is the same paper.
fn without_version(id: &str) -> &str {
    id.rsplit_once('v')
        .filter(|(_, version)| {
            !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit())
        })
        .map_or(id, |(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_identifier_written_differently_is_one() {
        for text in [
            "doi:10.1000/ABC",
            "DOI:https://doi.org/10.1000/abc",
            "doi: 10.1000/abc ",
        ] {
            assert_eq!(
                normal_identifier(text).as_deref(),
                Some("doi:10.1000/abc"),
                "{text}"
            );
        }
        for text in ["arxiv:2101.00001", "arXiv:2101.00001v3"] {
            assert_eq!(
                normal_identifier(text).as_deref(),
                Some("arxiv:2101.00001"),
                "{text}"
            );
        }
        assert_eq!(normal_identifier("pmid:x"), None);
        assert_eq!(normal_identifier("isbn:1"), None);
    }

    #[test]
    fn an_item_gives_all_it_has() {
        let item = Item::parse(
            br#"{"id":"a","DOI":"https://doi.org/10.1000/Q","PMID":41694348,"archive":"arXiv","archive_location":"2101.00001v2"}"#,
        )
        .unwrap();
        assert_eq!(
            identifiers(&item),
            [
                "doi:10.1000/q".into(),
                "pmid:41694348".into(),
                "arxiv:2101.00001".into()
            ] as [Box<str>; 3]
        );
    }
}
