use super::*;
use serde_json::json;

fn entry_of(value: &serde_json::Value) -> String {
    entry(&Item::parse(value.to_string().as_bytes()).unwrap(), "k")
}

fn lines_hold(entry: &str, lines: &[&str]) {
    for line in lines {
        let found = entry
            .lines()
            .any(|own| own.trim().trim_end_matches(',') == *line);
        assert!(found, "{line} in {entry}");
    }
}

#[test]
fn an_article_has_dates_journal_and_pubmed_eprint() {
    let out = entry_of(&json!({
        "type": "article-journal", "title": "Weakly interacting α-systems", "container-title": "Physical Review A",
        "container-title-short": "Phys. Rev. A", "volume": "75", "issue": "5-6", "page": "63-70", "ISSN": "1050-2947",
        "DOI": "10.1103/x_y", "PMID": "123", "URL": "https://example.org/a_b", "accessed": {"date-parts": [[2023, 2, 22]]},
        "issued": {"date-parts": [[2007, 6, 29]]}, "language": "en", "keyword": "a, b",
        "author": [{"family": "Müller", "given": "Jörg"}]
    }));
    assert!(out.starts_with("@article{k,"));
    lines_hold(
        &out,
        &[
            "title = {Weakly Interacting α-Systems}",
            "author = {Müller, Jörg}",
            "date = {2007-06-29}",
            "journaltitle = {Physical Review A}",
            "shortjournal = {Phys. Rev. A}",
            "number = {5--6}",
            "pages = {63--70}",
            "eprint = {123}",
            "eprinttype = {pubmed}",
            "doi = {10.1103/x_y}",
            "url = {https://example.org/a_b}",
            "urldate = {2023-02-22}",
            "langid = {english}",
            "keywords = {a, b}",
        ],
    );
}

#[test]
fn preprints_patents_theses_and_standards_have_their_types() {
    let preprint = entry_of(
        &json!({"type": "article", "number": "arXiv:1706.03762", "keyword": "cs.CL", "PMID": "7"}),
    );
    assert!(preprint.starts_with("@online{"));
    lines_hold(
        &preprint,
        &[
            "eprint = {1706.03762}",
            "eprinttype = {arxiv}",
            "eprintclass = {cs.CL}",
            "pmid = {7}",
            "pubstate = {prepublished}",
        ],
    );
    let patent = entry_of(&json!({"type": "patent", "number": "EP123123123"}));
    lines_hold(&patent, &["type = {patenteu}", "number = {123123123}"]);
    let thesis = entry_of(
        &json!({"type": "thesis", "genre": "PhD Diss.", "publisher": "USP", "publisher-place": "São Paulo"}),
    );
    lines_hold(
        &thesis,
        &[
            "type = {phdthesis}",
            "institution = {USP}",
            "location = {São Paulo}",
        ],
    );
    let blog = entry_of(
        &json!({"type": "post-weblog", "genre": "Blog", "container-title": "lichess.org"}),
    );
    assert!(blog.starts_with("@online{"));
    lines_hold(&blog, &["type = {Blog}", "organization = {lichess.org}"]);
    let podcast = entry_of(
        &json!({"type": "broadcast", "collection-title": "Some Podcast", "host": [{"family": "B"}]}),
    );
    assert!(podcast.starts_with("@audio{"));
    lines_hold(
        &podcast,
        &["author = {B}", "maintitle = {Some {{Podcast}}}"],
    );
}

#[test]
fn dates_that_edtf_cannot_say_become_a_year() {
    lines_hold(
        &entry_of(&json!({"issued": {"literal": "spring of 1998"}})),
        &["year = {spring of 1998}"],
    );
    lines_hold(
        &entry_of(&json!({"issued": {"date-parts": [[2010], [2012]]}})),
        &["date = {2010/2012}"],
    );
    lines_hold(
        &entry_of(&json!({"issued": {"date-parts": [[1850]], "circa": true}})),
        &["date = {1850~}"],
    );
}

#[test]
fn editions_are_integers() {
    for (edition, number) in [
        ("2", "2"),
        ("2nd", "2"),
        ("3rd ed.", "3"),
        ("1 edition", "1"),
        ("Revised", "Revised"),
    ] {
        let out = entry_of(&json!({"type": "book", "edition": edition}));
        lines_hold(&out, &[&format!("edition = {{{number}}}")]);
    }
}

#[test]
fn marked_foreign_titles_are_left_to_the_language() {
    lines_hold(
        &entry_of(&json!({"title": "Planung öffentlicher Systeme", "language": "de"})),
        &[
            "title = {Planung öffentlicher Systeme}",
            "langid = {ngerman}",
        ],
    );
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
