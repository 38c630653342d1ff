use super::*;

fn read(text: &str) -> (Library, Problems) {
    let mut builder = Builder::new();
    builder.feed(text.as_bytes()).unwrap();
    builder.finish().unwrap();
    let problems = builder.take_problems();
    (builder.library().clone(), problems)
}

fn ids(library: &Library) -> Vec<&str> {
    library.numbers().map(|no| library.id(no)).collect()
}

#[test]
fn an_array_becomes_columns() {
    let (library, problems) = read(
        r#"[{"id":"a","type":"article-journal","title":"The <i>E. coli</i> Gene","author":[{"family":"Mare","given":"Walter","non-dropping-particle":"de la"},{"family":"Müller","given":"Ann"}],"issued":{"date-parts":[["2020",3]]},"container-title":"Cell"},
{"id":7,"title":"B"}]"#,
    );
    assert_eq!(problems.list(), []);
    assert_eq!(ids(&library), ["a", "7"]);
    let a = PaperNo(0);
    assert_eq!(library.title(a), "The E. coli Gene");
    assert_eq!(library.year(a), Some(2020));
    assert_eq!(library.venue(a), "Cell");
    let names: Vec<_> = library.authors(a).map(|n| (n.short, n.full)).collect();
    assert_eq!(
        names,
        [
            ("de la Mare", "Walter de la Mare"),
            ("Müller", "Ann Müller")
        ]
    );
    assert_eq!(
        library.folded(a, FoldedField::Authors),
        "walter de la mare; ann muller"
    );
    assert_eq!(library.find_id("7"), Some(PaperNo(1)));
}
