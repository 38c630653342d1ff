//! `offprint duplicates`, as scripts rely on it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::{Home, Said};
use serde_json::{Value, json};

const LIBRARY: &str = r#"[
{"id":"sea2020","type":"article-journal","title":"Attention in the deep sea of words","author":[{"family":"Mare","given":"W."}],"issued":{"date-parts":[[2020]]},"DOI":"10.1000/sea","container-title":"Sea Letters"},
{"id":"fish","type":"article-journal","title":"Quite another paper about fish","author":[{"family":"Poisson"}],"issued":{"date-parts":[[2020]]}},
{"id":"sea-copy","type":"article-journal","title":"Attention in the Deep Sea of Words","author":[{"family":"Mare","given":"Walter"}],"issued":{"date-parts":[[2020,5]]},"abstract":"About it.\u001b[31m"},
{"id":"sea-preprint","type":"article","title":"Attention in the deep sea of words","author":[{"family":"Mare","given":"W."}],"issued":{"date-parts":[[2019]]},"DOI":"10.1101/2019.1.1","publisher":"bioRxiv"}
]
"#;

fn home() -> Home {
    let home = Home::new();
    home.file("data/offprint/library.json", LIBRARY);
    home
}

fn fine(said: Said) -> String {
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    said.out
}

#[test]
fn groups_are_printed_with_their_reasons() {
    assert_eq!(
        fine(home().run(["duplicates"])),
        "1. twice: same title, first author and year\n\
         \tsea2020\tAttention in the deep sea of words\tMare · Sea Letters 2020\n\
         \tsea-copy\tAttention in the Deep Sea of Words\tMare · 2020\n\
         2. versions of one work: same title, first author and year\n\
         \tsea2020\tAttention in the deep sea of words\tMare · Sea Letters 2020\n\
         \tsea-copy\tAttention in the Deep Sea of Words\tMare · 2020\n\
         \tsea-preprint\tAttention in the deep sea of words\tMare · bioRxiv 2019\n"
    );
}

#[test]
fn json_has_the_links_and_the_merge() {
    let value: Value = serde_json::from_str(&fine(home().run(["duplicates", "--json"]))).unwrap();
    assert_eq!(value.as_array().unwrap().len(), 2);
    let first = &value[0];
    assert_eq!(
        json!([
            first["group"],
            first["relation"],
            first["certainty"],
            first["papers"][1]["id"],
            first["papers"][1]["line"],
            first["links"]
        ]),
        json!([1, "same", "likely", "sea-copy", 4, [{"first": "sea2020", "second": "sea-copy", "reason": "title", "certainty": "likely"}]])
    );
    let merge = &first["merge"][0];
    assert_eq!(
        json!([
            merge["keep"],
            merge["drop"],
            merge["item"]["DOI"],
            merge["item"]["author"][0]["given"],
            merge["item"]["issued"]
        ]),
        json!(["sea2020", "sea-copy", "10.1000/sea", "Walter", {"date-parts": [[2020, 5]]}])
    );
    assert_eq!(value[1]["relation"], "versions");
    assert_eq!(
        value[1].get("merge"),
        None,
        "nobody is offered to lose a version"
    );
}

#[test]
fn a_preview_shows_each_field_and_writes_nothing() {
    let home = home();
    let out = fine(home.run(["duplicates", "--preview", "1"]));
    assert!(
        out.contains("sea2020 stays, sea-copy goes into it\n"),
        "{out}"
    );
    assert!(
        out.contains("  ~ author    Walter Mare (more of the names)\n"),
        "{out}"
    );
    assert!(
        out.contains("  + abstract  About it.[31m (only there)\n"),
        "{out}"
    );
    let library = std::fs::read_to_string(home.path().join("data/offprint/library.json")).unwrap();
    assert_eq!(library, LIBRARY);
    let said = home.run(["duplicates", "--preview", "7"]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (
            2,
            "offprint: --preview: no group 7; there are the groups 1 to 2\n"
        )
    );
}

#[test]
fn a_library_without_duplicates_prints_nothing() {
    let home = home();
    home.file(
        "data/offprint/library.json",
        r#"[{"id":"a","title":"T"},{"id":"b","title":"T"}]"#,
    );
    assert_eq!(fine(home.run(["duplicates"])), "");
    assert_eq!(fine(home.run(["duplicates", "--json"])), "[]\n");
}
