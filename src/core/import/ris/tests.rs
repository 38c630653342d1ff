use serde_json::{Value, json};

use crate::core::import::{Import, read};

fn import(text: &str) -> Import {
    read(text.as_bytes(), "x.ris").unwrap()
}

fn item(text: &str) -> Value {
    let import = import(text);
    assert_eq!(import.problems, [], "{text}");
    Value::Object(import.entries[0].item.fields().clone())
}

#[test]
fn an_article_has_its_fields() {
    assert_eq!(
        item(
            "TY  - JOUR\nAU  - de la Mare, Walter\nAU  - World Health Organization\nTI  - CO<sub>2</sub> &amp; more\n\
             T2  - Journal of Things\nJO  - J. Things\nPY  - 2020\nDA  - 2020/03/04/\nVL  - 12\nIS  - 3\nSP  - 100\nEP  - 9\n\
             SN  - 1234-5678\nDO  - http://dx.doi.org/10.1/x\nKW  - a\nKW  - b\nAB  - Abstract\nAN  - 123\nDB  - PubMed\nZZ  - kept\nER  - \n"
        ),
        json!({
            "title": "CO<sub>2</sub> & more", "container-title": "Journal of Things", "container-title-short": "J. Things",
            "volume": "12", "issue": "3", "ISSN": "1234-5678", "DOI": "10.1/x", "custom": {"ris": {"ZZ": "kept"}},
            "type": "article-journal",
            "author": [{"family": "Mare", "given": "Walter", "non-dropping-particle": "de la"}, {"literal": "World Health Organization"}],
            "issued": {"date-parts": [[2020, 3, 4]]}, "page": "100-109", "keyword": "a, b", "PMID": "123"
        })
    );
}

#[test]
fn what_writers_do_to_the_format_is_understood() {
    let text = "\u{FEFF}Exported\n\nTY - BOOK\r\nTI - One\r\n  and more\r\nTY  - CHAP\r\nTI  - Two\r\nER  -\r\n\r\nAU  - stray\r\nER  - \r\n";
    let import = import(text);
    let titles: Vec<_> = import
        .entries
        .iter()
        .map(|entry| entry.item.text("title").unwrap().into_owned())
        .collect();
    assert_eq!(titles, ["One and more", "Two"]);
    let problems: Vec<_> = import
        .problems
        .iter()
        .map(|problem| (problem.line, problem.lost))
        .collect();
    assert_eq!(problems, [(3, false), (10, true)]);
}
