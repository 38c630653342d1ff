use super::*;
use proptest::prelude::*;

fn one(source: &str) -> Condition {
    let query = Query::parse(source);
    assert_eq!(query.parts().len(), 1, "{source}: {query:?}");
    query.parts()[0].condition.clone()
}

fn word(source: &str) -> (String, Match, Option<Field>) {
    match one(source) {
        Condition::Word(word) => (word.text, word.matching, word.field),
        other => panic!("{source}: {other:?}"),
    }
}

fn years(source: &str) -> (Option<i32>, Option<i32>) {
    match one(source) {
        Condition::Years(years) => (years.from, years.to),
        other => panic!("{source}: {other:?}"),
    }
}

#[test]
fn words_are_folded() {
    assert_eq!(word("MÜLLER"), ("muller".into(), Match::Beginning, None));
    assert_eq!(word("'ai"), ("ai".into(), Match::Whole, None));
    assert_eq!(word("^deep"), ("deep".into(), Match::TitleStart, None));
}

#[test]
fn fields_may_be_shortened() {
    assert_eq!(word("author:wang").2, Some(Field::Authors));
    assert_eq!(word("au:wang").2, Some(Field::Authors));
    assert_eq!(
        word("ti:'deep"),
        ("deep".into(), Match::Whole, Some(Field::Title))
    );
    assert_eq!(word("AB:deep").2, Some(Field::Abstract));
    let query = Query::parse("a:deep");
    assert_eq!(query.problems()[0].range, 0..2);
    assert!(query.problems()[0].message.contains("author: or abstract:"));
}

#[test]
fn negation_needs_a_word() {
    assert!(Query::parse("-survey").parts()[0].negated);
    assert!(Query::parse("!title:survey").parts()[0].negated);
    assert!(
        Query::parse("a - b")
            .parts()
            .iter()
            .all(|part| !part.negated)
    );
    assert_eq!(word("multi-head").0, "multi-head");
}

#[test]
fn phrases_keep_their_order_and_may_be_open() {
    let Condition::Phrase(phrase) = one("title:\"Graph neural, net\"") else {
        panic!("a phrase");
    };
    assert_eq!(phrase.words, ["graph", "neural", "net"]);
    assert!(phrase.closed && phrase.field == Some(Field::Title));
    let Condition::Phrase(phrase) = one("\"graph neur") else {
        panic!("a phrase");
    };
    assert!(!phrase.closed);
}

#[test]
fn years_are_ranges() {
    assert_eq!(years("year:2020"), (Some(2020), Some(2020)));
    assert_eq!(years("y:202"), (Some(2020), Some(2029)));
    assert_eq!(years("2020..2024"), (Some(2020), Some(2024)));
    assert_eq!(years("year:2020-2024"), (Some(2020), Some(2024)));
    assert_eq!(years("2024..2020"), (Some(2020), Some(2024)));
    assert_eq!(years("2020.."), (Some(2020), None));
    assert_eq!(years("..2010"), (None, Some(2010)));
    assert_eq!(years("2020..20"), (Some(2020), None));
    let query = Query::parse("year:soon");
    assert!(query.is_empty() && query.problems().len() == 1);
}

#[test]
fn notes_of_the_reader_are_filters() {
    assert_eq!(
        one("is:starred"),
        Condition::Filter(Filter::Is(Is::Starred))
    );
    assert_eq!(one("is:un"), Condition::Filter(Filter::Is(Is::Unread)));
    assert_eq!(one("is:read"), Condition::Filter(Filter::Is(Is::Read)));
    assert_eq!(one("has:pdf"), Condition::Filter(Filter::Has(Has::Pdf)));
    assert_eq!(
        one("status:Rea"),
        Condition::Filter(Filter::Status("rea".into()))
    );
    assert_eq!(
        one("comment:\"to do\""),
        Condition::Filter(Filter::Comment("to do".into()))
    );
    assert_eq!(Query::parse("is:nice").problems()[0].range, 3..7);
}

#[test]
fn dois_are_found_in_links() {
    for typed in [
        "10.1000/x.1",
        "https://doi.org/10.1000/x.1",
        "doi:10.1000/X.1",
        "DOI:10.1000/x.1",
    ] {
        assert_eq!(
            word(typed),
            ("10.1000/x.1".into(), Match::Beginning, Some(Field::Doi))
        );
    }
}

#[test]
fn a_pasted_title_is_plain_words() {
    let query = Query::parse("BERT: Pre-training of Deep Bidirectional Transformers");
    assert!(query.problems().is_empty());
    assert_eq!(query.parts().len(), 6);
}

#[test]
fn a_mistyped_field_is_pointed_at() {
    let query = Query::parse("auther:wang");
    assert_eq!(query.problems()[0].range, 0..7);
    assert!(query.problems()[0].message.contains("author:"));
    assert_eq!(query.parts().len(), 1);
}

#[test]
fn the_explanation_says_what_was_understood() {
    assert_eq!(
        Query::parse("graph au:wang -\"a survey\" 2020.. is:unread").explanation(),
        "graph… · author wang… · not “a survey” · 2020 or later · unread"
    );
}

#[test]
fn what_is_alike_is_asked_by_key_or_by_text() {
    assert_eq!(
        one("like:Vaswani2017"),
        Condition::Like("Vaswani2017".into())
    );
    assert_eq!(
        one("like:\"Deep nets, for Birds\""),
        Condition::Like("Deep nets, for Birds".into())
    );
    assert_eq!(one("like:\"deep ne"), Condition::Like("deep ne".into()));
    let query = Query::parse("like:a 2020.. is:unread");
    assert!(query.asks_likeness() && !query.without_likeness().asks_likeness());
    assert_eq!(query.without_likeness().parts().len(), 2);
    assert_eq!(query.explanation(), "like “a” · 2020 or later · unread");
    assert_eq!(Query::parse("-like:a").problems()[0].range, 0..7);
    assert!(Query::parse("is:sug").asks_likeness());
}

#[test]
fn words_alone_need_no_explanation() {
    assert!(Query::parse("").is_plain() && Query::parse("graph neural 2017").is_plain());
    for said in [
        "-graph", "'graph", "^graph", "ti:graph", "\"a b\"", "2020..", "is:read", "is:no", "tag:",
    ] {
        assert!(!Query::parse(said).is_plain(), "{said}");
    }
}

#[test]
fn endless_queries_are_cut() {
    let query = Query::parse(&"word ".repeat(1000));
    assert_eq!(query.parts().len(), MOST_PARTS);
    assert_eq!(query.problems().len(), 1);
}

proptest! {
    #[test]
    fn anything_is_a_query(source in "\\PC{0,40}|[a-z:\"'^! .-]{0,40}|((is|has|au|year|tag):[a-z0-9.\"]{0,6} ?){0,4}") {
        let query = Query::parse(&source);
        for part in query.parts() {
            prop_assert!(source.get(part.range.clone()).is_some_and(|text| !text.is_empty()));
        }
        for problem in query.problems() {
            prop_assert!(source.get(problem.range.clone()).is_some() && !problem.message.is_empty());
        }
        let _ = query.explanation();
    }

    /// What a part was read from means the same when read alone.
    #[test]
    fn parts_read_alone_mean_the_same(source in "((-|!)?((au|title|tag|year|is):)?(\"[a-z ]{1,8}\"|['^]?[a-z]{1,6}|20[0-9]{2}(\\.\\.)?) ){0,5}") {
        for part in Query::parse(&source).parts() {
            let alone = Query::parse(source.get(part.range.clone()).expect("a part of the source"));
            prop_assert_eq!(alone.parts().len(), 1);
            prop_assert_eq!(alone.parts()[0].negated, part.negated);
            prop_assert_eq!(&alone.parts()[0].condition, &part.condition);
        }
    }
}

const SAVED: [(&str, &str); 4] = [
    ("thesis", "tag:thesis is:unread"),
    ("new", "2024.."),
    ("newest", "@new is:starred"),
    ("loop", "x @loop"),
];

fn parts_of(source: &str) -> Vec<(bool, Condition)> {
    let query = Query::parse_with(source, &SAVED);
    (query.parts().iter())
        .map(|part| (part.negated, part.condition.clone()))
        .collect()
}

#[test]
fn a_saved_search_stands_for_its_conditions() {
    assert_eq!(
        parts_of("graph @thesis"),
        parts_of("graph tag:thesis is:unread")
    );
    assert_eq!(parts_of("@newest"), parts_of("2024.. is:starred"));
    let query = Query::parse_with("a @thesis b", &SAVED);
    assert!(query.problems().is_empty());
    assert_eq!(query.parts()[1].range, 2..9);
}

#[test]
fn a_saved_search_is_known_by_a_beginning_that_is_its_own() {
    assert_eq!(parts_of("@thes"), parts_of("@thesis"));
    assert_eq!(parts_of("@NEW"), parts_of("@new"));
    let query = Query::parse_with("@ne", &SAVED);
    assert!(query.parts().is_empty());
    assert_eq!(query.problems()[0].message, "@ne may be @new or @newest");
}

#[test]
fn an_unknown_saved_search_is_said_and_looked_for_as_a_word() {
    let query = Query::parse_with("@nobody", &SAVED);
    assert_eq!(query.parts().len(), 1);
    assert!(query.problems()[0].message.contains("@nobody"));
}

#[test]
fn one_condition_of_a_saved_search_can_be_excluded() {
    assert_eq!(parts_of("-@new"), parts_of("-2024.."));
    let query = Query::parse_with("-@thesis", &SAVED);
    assert!(query.parts().is_empty() && query.problems().len() == 1);
}

#[test]
fn saved_searches_that_name_each_other_come_to_an_end() {
    let doubling = "@a @b ".repeat(600);
    let saved = [("a", doubling.as_str()), ("b", doubling.as_str())];
    let query = Query::parse_with("@a", &saved);
    assert!(!query.problems().is_empty());
    assert!(!Query::parse_with("@loop", &SAVED).problems().is_empty());
}
