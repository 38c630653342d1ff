use serde_json::{Value, json};

use crate::core::import::{Entry, read};
use crate::core::journal::Status;

fn one(source: &str) -> Entry {
    let import = read(source.as_bytes(), "x.bib").unwrap();
    assert_eq!(import.problems, [], "{source}");
    import.entries.into_iter().next().unwrap()
}

fn item(source: &str) -> Value {
    Value::Object(one(source).item.fields().clone())
}

#[test]
fn an_article_has_its_fields() {
    assert_eq!(
        item(
            "@Article{muller2020,\n author = {M{\\\"u}ller, Hans and {The {ABC} Group}},\n title = {On {DNA} in {\\it E. coli}},\n \
             journal = {J. Things}, year = 2020, month = mar, volume = 12, number = {3}, pages = {100--109},\n \
             doi = {https://doi.org/10.1/x_y}, url = {http://x.org/a\\_b}, issn = {1234-5678}, keywords = {a, b, c},\n owner = {me} }"
        ),
        json!({
            "id": "muller2020", "type": "article-journal",
            "title": "On <span class=\"nocase\">DNA</span> in <i>E. coli</i>",
            "author": [{"family": "Müller", "given": "Hans"}, {"literal": "The ABC Group"}],
            "container-title": "J. Things", "issued": {"date-parts": [[2020, 3]]}, "volume": "12", "issue": "3",
            "page": "100-109", "DOI": "10.1/x_y", "ISSN": "1234-5678", "URL": "http://x.org/a_b", "keyword": "a, b, c",
            "custom": {"bibtex": {"owner": "me"}}
        })
    );
}

#[test]
fn preprints_are_told_from_published_works() {
    for source in [
        "@misc{k, title={T}, eprint={1706.03762}, archiveprefix={arXiv}, primaryclass={cs.CL}}",
        "@article{k, title={T}, journal={arXiv preprint arXiv:1706.03762}}",
        "@article{k, title={T}, journal={CoRR}, volume={abs/1706.03762}}",
        "@online{k, title={T}, eprint={1706.03762}, eprinttype={arxiv}, pubstate={prepublished}}",
    ] {
        let entry = one(source);
        assert_eq!(entry.item.kind(), "article", "{source}");
        assert_eq!(
            entry.item.arxiv().as_deref(),
            Some("1706.03762"),
            "{source}"
        );
        assert_eq!(
            entry.item.text("publisher").as_deref(),
            Some("arXiv"),
            "{source}"
        );
    }
    let published =
        one("@article{k, journal={Nature}, eprint={1706.03762}, eprinttype={arxiv}}").item;
    assert_eq!(
        (published.kind(), published.arxiv().as_deref()),
        ("article-journal", Some("1706.03762"))
    );
}

#[test]
fn parts_inherit_from_their_whole() {
    let source = "@string{acm = \"ACM Press\"}\n@inproceedings{a, title={Part}, crossref={Whole}, xdata={x}}\n\
                  @proceedings{whole, title={Proc. of X}, year=2001, publisher=acm, doi={10.1/whole}, editor={Ed, A.}}\n\
                  @xdata{x, location={Rome}}";
    let import = read(source.as_bytes(), "x.bib").unwrap();
    assert_eq!(import.entries.len(), 2);
    let part = &import.entries[0].item;
    for (field, expected) in [
        ("title", Some("Part")),
        ("container-title", Some("Proc. of X")),
        ("publisher", Some("ACM Press")),
        ("publisher-place", Some("Rome")),
        ("DOI", None),
    ] {
        assert_eq!(part.text(field).as_deref(), expected, "{field}");
    }
    assert_eq!(part.names("editor").len(), 1);
    assert_eq!(part.date("issued").unwrap().year(), Some(2001));
}

#[test]
fn what_jabref_and_mendeley_note_comes_beside_the_item() {
    let source = "@misc{k, title={T}, readstatus={read}, ranking={rank4}, priority={prio1}, groups={Deep}, file={:a.pdf:PDF},\n\
                  comment={Good.\n\nVery.}, comment-me={Mine}, mendeley-tags={x,y}}\n\
                  @comment{jabref-meta: grouping:\n0 AllEntriesGroup:;\n1 StaticGroup:Top\\;0\\;1\\;;\n2 StaticGroup:Deep\\;0\\;1\\;;\n}";
    let entry = one(source);
    let noted = entry.noted;
    assert_eq!(
        (noted.status, noted.rating, noted.priority),
        (Some(Status::Read), 4, 1)
    );
    assert_eq!(noted.groups, ["Top/Deep"]);
    assert_eq!(noted.files, ["a.pdf"]);
    assert_eq!(noted.comments, ["Good.\n\nVery.", "Mine"]);
    assert_eq!(noted.tags, ["x", "y"]);
    assert_eq!(entry.item.fields().get("custom"), None);
}

#[test]
fn nothing_is_dropped_for_want_of_year_author_or_key() {
    let import = read(b"@misc{a}\n@book{title={x}}\n@foo{c, bar={1}}", "x.bib").unwrap();
    assert_eq!(import.entries.len(), 3, "{:?}", import.problems);
    assert_eq!(import.entries[1].item.text("id"), None);
    assert_eq!(
        import.entries[2].item.fields().get("custom"),
        Some(&json!({"bibtex": {"entrytype": "foo", "bar": "1"}}))
    );
}

#[test]
fn a_broken_entry_is_reported_and_the_others_are_read() {
    let source = "@article{a, title={x}}\n\n@article{b,\n title={open,\n year=2000\n\n@book{c, title={y},\n publisher = nowhere}\n@misc{d, title={z}}, year=1}\n@misc{e,}";
    let import = read(source.as_bytes(), "x.bib").unwrap();
    let ids: Vec<_> = import
        .entries
        .iter()
        .map(|entry| entry.item.id().into_owned())
        .collect();
    assert_eq!(ids, ["a", "b", "c", "d", "e"]);
    assert_eq!(
        import.entries[1].item.date("issued").unwrap().year(),
        Some(2000)
    );
    let lines: Vec<_> = import.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [3, 4, 8, 9], "{:?}", import.problems);
    assert_eq!(import.entries[2].line, 7);
}
