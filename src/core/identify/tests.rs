use proptest::prelude::*;

use super::Identifier::{Arxiv, Doi, Isbn, Pmcid, Pmid, Title, Url};
use super::*;

fn one(text: &str) -> Identifier {
    identify(text).unwrap_or(Title(String::new()))
}

fn doi(text: &str) -> Identifier {
    Doi(text.to_owned())
}

#[test]
fn a_doi_is_found_in_every_dress() {
    for text in [
        "10.1038/srep16696",
        "10.1038/SREP16696",
        " doi:10.1038/srep16696 ",
        "DOI: 10.1038/srep16696.",
        "doi 10.1038/srep16696",
        "https://doi.org/10.1038/srep16696",
        "http://dx.doi.org/10.1038/srep16696",
        "doi.org/10.1038/srep16696",
        "https://doi.org/10.1038%2Fsrep16696",
        "10.1038%2fsrep16696",
        "<https://doi.org/10.1038/srep16696>",
        "\"10.1038/srep16696\",",
        "https://www.nature.com/articles/srep16696",
        "https://www.nature.com/articles/srep16696.pdf",
        "https://doi.org/10.1038/srep16696?download=true#page=2",
    ] {
        assert_eq!(one(text), doi("10.1038/srep16696"), "{text}");
    }
}

#[test]
fn brackets_of_a_doi_stay_and_those_of_a_sentence_go() {
    let sici = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2";
    for text in [
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
        "https://doi.org/10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2",
        "doi:10.1002/(SICI)1097-0258(19980815/30)17:15/16&lt;1661::AID-SIM968&gt;3.0.CO;2-2.",
    ] {
        assert_eq!(one(text), doi(sici), "{text}");
    }
    assert_eq!(
        find_doi("(see 10.1016/S0140-6736(20)30183-5)").as_deref(),
        Some("10.1016/s0140-6736(20)30183-5")
    );
    assert_eq!(find_doi("(10.1/x)"), None);
    assert_eq!(find_doi("[10.1000/x]").as_deref(), Some("10.1000/x"));
    assert_eq!(
        find_doi("<a href=\"https://doi.org/10.1000/x\">").as_deref(),
        Some("10.1000/x")
    );
    assert_eq!(find_doi("version 110.1000/x"), None);
    assert_eq!(find_doi("10.1000/..."), None);
}

#[test]
fn publishers_addresses_hold_dois() {
    for (text, wanted) in [
        (
            "https://www.frontiersin.org/articles/10.3389/fimmu.2026.1755751/full",
            "10.3389/fimmu.2026.1755751",
        ),
        (
            "https://www.frontiersin.org/journals/immunology/articles/10.3389/fimmu.2026.1755751/full",
            "10.3389/fimmu.2026.1755751",
        ),
        (
            "https://onlinelibrary.wiley.com/doi/full/10.1002/jor.1100150407",
            "10.1002/jor.1100150407",
        ),
        (
            "https://pubs.acs.org/doi/pdf/10.1021/acs.jmedchem.0c00606?ref=x",
            "10.1021/acs.jmedchem.0c00606",
        ),
        (
            "https://www.biorxiv.org/content/10.1101/2020.01.30.927871v2.full.pdf",
            "10.1101/2020.01.30.927871",
        ),
        (
            "https://link.springer.com/article/10.1007/s00521-019-04505-1",
            "10.1007/s00521-019-04505-1",
        ),
        (
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0033693",
            "10.1371/journal.pone.0033693",
        ),
        ("https://aclanthology.org/N19-1423/", "10.18653/v1/n19-1423"),
        (
            "https://aclanthology.org/2020.acl-main.740.pdf",
            "10.18653/v1/2020.acl-main.740",
        ),
    ] {
        assert_eq!(one(text), doi(wanted), "{text}");
    }
    assert_eq!(
        one("https://openreview.net/forum?id=YicbFdNTTy"),
        Url("https://openreview.net/forum?id=YicbFdNTTy".to_owned())
    );
}

#[test]
fn arxiv_ids_are_found_old_and_new() {
    for (text, id) in [
        ("1706.03762", "1706.03762"),
        ("1706.03762v5", "1706.03762v5"),
        ("arXiv:1706.03762v5 [cs.CL]", "1706.03762v5"),
        ("arxiv 1706.03762", "1706.03762"),
        ("https://arxiv.org/abs/1706.03762v1", "1706.03762v1"),
        ("https://arxiv.org/pdf/1706.03762.pdf", "1706.03762"),
        ("https://arxiv.org/html/2401.00001v2", "2401.00001v2"),
        ("arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("math.GT/0309136", "math.GT/0309136"),
        ("10.48550/arXiv.1706.03762", "1706.03762"),
        ("https://doi.org/10.48550/arXiv.1706.03762", "1706.03762"),
    ] {
        assert_eq!(one(text), Arxiv(id.to_owned()), "{text}");
    }
    assert_eq!(without_version("1706.03762v5"), "1706.03762");
    assert_eq!(without_version("solv-int/9901001"), "solv-int/9901001");
    assert_eq!(Arxiv("1706.03762v5".to_owned()).key(), "arxiv:1706.03762");
}

#[test]
fn numbers_of_pubmed_are_found() {
    for text in [
        "41694348",
        "PMID: 41694348",
        "pmid:41694348",
        "PMID 41694348.",
        "https://pubmed.ncbi.nlm.nih.gov/41694348/",
        "https://www.ncbi.nlm.nih.gov/pubmed/41694348",
        "https://pubmed.ncbi.nlm.nih.gov/41694348/?from_term=x",
    ] {
        assert_eq!(one(text), Pmid("41694348".to_owned()), "{text}");
    }
    for text in [
        "PMC6572829",
        "pmcid: PMC6572829",
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC6572829/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC6572829/pdf/x.pdf",
        "PMC6572829.1",
    ] {
        assert_eq!(one(text), Pmcid("PMC6572829".to_owned()), "{text}");
    }
    // A year is no paper.
    assert_eq!(one("1984"), Title("1984".to_owned()));
}

#[test]
fn isbns_need_a_right_check_digit() {
    for (text, number) in [
        ("0-306-40615-2", "0306406152"),
        ("ISBN 978-0-306-40615-7", "9780306406157"),
        ("isbn:9780306406157", "9780306406157"),
        ("978 0 306 40615 7", "9780306406157"),
        ("0-8044-2957-X", "080442957X"),
    ] {
        assert_eq!(one(text), Isbn(number.to_owned()), "{text}");
    }
    assert!(matches!(one("978-0-306-40615-8"), Title(_)));
    assert_eq!(isbn("0-306-40615-3"), None);
}

#[test]
fn words_are_a_title() {
    assert_eq!(
        one("  Attention Is All You Need "),
        Title("Attention Is All You Need".to_owned())
    );
    assert_eq!(identify("  "), None);
    assert_eq!(identify("\u{1b}"), None);
}

#[test]
fn a_paste_gives_all_that_it_names_once() {
    let paste = "10.1038/srep16696, 10.1371/journal.pone.0033693;10.1002/jor.1100150407\n\
        PMID: 41694348, 31209238 20516115\n\
        \n\
        Vaswani A, et al. Attention is all you need. NeurIPS 2017, 5998-6008. arXiv:1706.03762\n\
        Tosatto L. Sci Rep 5, 16696 (2015). https://doi.org/10.1038/SREP16696\n\
        A mathematical theory, of communication, 1948\n\
        1605.08386,1707.08567\n";
    let found: Vec<Identifier> = identify_all(paste)
        .into_iter()
        .map(|found| found.identifier)
        .collect();
    assert_eq!(
        found,
        [
            doi("10.1038/srep16696"),
            doi("10.1371/journal.pone.0033693"),
            doi("10.1002/jor.1100150407"),
            Pmid("41694348".to_owned()),
            Pmid("31209238".to_owned()),
            Pmid("20516115".to_owned()),
            Arxiv("1706.03762".to_owned()),
            Title("A mathematical theory, of communication, 1948".to_owned()),
            Arxiv("1605.08386".to_owned()),
            Arxiv("1707.08567".to_owned()),
        ]
    );
}

#[test]
fn an_item_has_the_identifiers_that_services_know() {
    let item = Item::parse(
        br#"{"DOI": "https://doi.org/10.1038/X1", "PMID": 12, "PMCID": "PMC3", "ISBN": "bad 978-0-306-40615-7", "number": "arXiv:1706.03762v2"}"#,
    )
    .unwrap();
    assert_eq!(
        of_item(&item),
        [
            doi("10.1038/x1"),
            Pmid("12".to_owned()),
            Pmcid("PMC3".to_owned()),
            Arxiv("1706.03762v2".to_owned()),
            Isbn("9780306406157".to_owned()),
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// A DOI comes back whatever a sentence puts around it, and finding it again changes nothing.
    #[test]
    fn a_doi_survives_its_sentence(suffix in "[a-z0-9][a-z0-9._()-]{0,20}[a-z0-9]", before in "(|doi:|https://doi.org/|\\(|see )", after in "(|\\.|,|;| and)") {
        let doi = format!("10.1234/{suffix}");
        prop_assume!(suffix.matches('(').count() == suffix.matches(')').count());
        prop_assert_eq!(find_doi(&format!("{before}{doi}{after}")), Some(doi.clone()));
        prop_assert_eq!(find_doi(&doi), Some(doi));
    }

    /// Nothing that is pasted is worse than a title.
    #[test]
    fn any_text_is_taken_for_something(text in "\\PC{0,80}", lines in prop::collection::vec("[ -~\\n\u{80}-\u{fff}]{0,40}", 0..4)) {
        for found in identify_all(&format!("{text}\n{}", lines.join("\n"))) {
            prop_assert!(!found.identifier.value().is_empty());
            prop_assert!(!found.identifier.value().chars().any(char::is_control));
        }
    }
}
