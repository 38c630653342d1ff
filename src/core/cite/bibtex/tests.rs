use super::*;
use serde_json::json;

fn entry_of(value: &serde_json::Value) -> String {
    entry(&Item::parse(value.to_string().as_bytes()).unwrap(), "k")
}

/// The value of a field with its delimiters, `None` when the entry does not have it.
fn field<'a>(entry: &'a str, name: &str) -> Option<&'a str> {
    entry.lines().find_map(|line| {
        line.strip_prefix("  ")?
            .strip_prefix(name)?
            .strip_prefix(" = ")
            .map(|value| value.trim_end_matches(','))
    })
}

#[test]
fn a_review_with_authors_known_by_initial_only_and_a_pubmed_id() {
    let item = Item::parse(
        json!({
            "id": "feng2026", "type": "article-journal",
            "title": "T cell immunotherapy for solid tumors: limitations, progress, and future prospects",
            "container-title": "Frontiers in Immunology",
            "DOI": "10.3389/fimmu.2026.1755751", "PMID": "41694348",
            "URL": "https://doi.org/10.3389/fimmu.2026.1755751",
            "issued": {"date-parts": [[2026]]},
            "author": [
                {"family": "Feng", "given": "Mei"}, {"family": "Tan", "given": "Yuan"},
                {"family": "Wang", "given": "Yajie"}, {"family": "Z.", "given": "Boyu"},
                {"family": "W.", "given": "Yinuo"}, {"family": "C.", "given": "Xuan"},
                {"family": "H.", "given": "Xiaoqian"}]
        })
        .to_string()
        .as_bytes(),
    )
    .unwrap();
    let out = entry(&item, "feng2026");
    assert_eq!(
        out,
        "@article{feng2026,\n  \
         title = {T Cell Immunotherapy for Solid Tumors: Limitations, Progress, and Future Prospects},\n  \
         author = {Feng, Mei and Tan, Yuan and Wang, Yajie and Z., Boyu and W., Yinuo and C., Xuan and H., Xiaoqian},\n  \
         year = 2026,\n  \
         journal = {Frontiers in Immunology},\n  \
         doi = {10.3389/fimmu.2026.1755751},\n  \
         pmid = {41694348}\n}"
    );
    assert!(!out.to_lowercase().contains("arxiv") && !out.contains("eprint"));
}

#[test]
fn an_arxiv_preprint_has_eprint_and_class() {
    let out = entry_of(&json!({
        "type": "article", "title": "Attention Is All You Need", "number": "arXiv:1706.03762 [cs.CL]",
        "publisher": "arXiv", "DOI": "10.48550/arXiv.1706.03762", "issued": {"date-parts": [[2017, 6, 12]]},
        "author": [{"family": "Vaswani", "given": "Ashish"}], "custom": {"offprint": {"authorsTruncated": true}}
    }));
    for (name, value) in [
        ("title", "{Attention {{Is All You Need}}}"),
        ("author", "{Vaswani, Ashish and others}"),
        ("year", "2017"),
        ("month", "jun"),
        ("eprint", "{1706.03762}"),
        ("primaryclass", "{cs.CL}"),
        ("archiveprefix", "{arXiv}"),
        ("doi", "{10.48550/arXiv.1706.03762}"),
    ] {
        assert_eq!(field(&out, name), Some(value), "{out}");
    }
    assert!(out.starts_with("@misc{k,") && field(&out, "number").is_none());
}

#[test]
fn books_chapters_theses_and_reports_name_their_makers() {
    let book = entry_of(&json!({
        "type": "book", "title": "Ideas", "edition": 2, "publisher": "Society for Industrial and Applied Mathematics",
        "publisher-place": "Philadelphia, PA", "ISBN": "978-3-642-11217-1", "collection-title": "Big Series",
        "collection-number": "12", "volume": "3", "language": "en-US", "translator": [{"family": "T", "given": "A."}],
        "editor": [{"family": "Coello", "given": "Carlos A. Coello"}]
    }));
    for (name, value) in [
        ("edition", "{Second}"),
        (
            "publisher",
            "{{Society for Industrial and Applied Mathematics}}",
        ),
        ("address", "{Philadelphia, PA}"),
        ("series", "{Big {{Series}}}"),
        ("number", "{12}"),
        ("volume", "{3}"),
        ("editor", "{Coello, Carlos A. Coello}"),
        ("translator", "{T, A.}"),
        ("langid", "{american}"),
    ] {
        assert_eq!(field(&book, name), Some(value), "{book}");
    }
    let chapter = entry_of(
        &json!({"type": "chapter", "title": "A", "container-title": "Advances in Nature", "page": "119–141"}),
    );
    assert!(chapter.starts_with("@incollection{"));
    assert_eq!(
        field(&chapter, "booktitle"),
        Some("{Advances in {{Nature}}}")
    );
    assert_eq!(field(&chapter, "pages"), Some("{119--141}"));
    let thesis =
        entry_of(&json!({"type": "thesis", "genre": "Master's thesis", "publisher": "ETH"}));
    assert!(thesis.starts_with("@mastersthesis{") && thesis.contains("school = {ETH}"));
    let report = entry_of(
        &json!({"type": "report", "genre": "std", "number": "9899:1999", "publisher": "ISO/IEC"}),
    );
    assert!(report.starts_with("@techreport{") && report.contains("institution = {ISO/IEC}"));
    assert_eq!(field(&report, "type"), Some("{Std}"));
}

#[test]
fn titles_in_another_language_are_kept_as_they_are() {
    for (value, title) in [
        (
            json!({"title": "Теория упругости", "language": "ru"}),
            "{{Теория упругости}}",
        ),
        (
            json!({"title": "Planung öffentlicher Systeme", "language": "de"}),
            "{{Planung {\\\"o}ffentlicher Systeme}}",
        ),
        (
            json!({"title": "Les règles de la méthode"}),
            "{{Les r{\\`e}gles de la m{\\'e}thode}}",
        ),
    ] {
        assert_eq!(field(&entry_of(&value), "title"), Some(title));
    }
}

#[test]
fn every_type_of_csl_has_an_entry_type() {
    for kind in crate::core::cite::tests::CSL_TYPES {
        let out = entry_of(&json!({"type": kind, "title": "X"}));
        assert!(
            out.starts_with('@') && out.contains("title = {X}"),
            "{kind}: {out}"
        );
    }
}
