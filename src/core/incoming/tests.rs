//! What becomes of works that come in.

use serde_json::{Value, json};

use super::*;
use crate::core::import::Noted;
use crate::core::journal::{Ledger, Status};
use crate::core::library::rewrite::ItemChange;
use crate::core::library::{Builder, MemorySource};

fn library(items: &Value) -> (Library, MemorySource) {
    let bytes = items.to_string().into_bytes();
    let mut builder = Builder::new();
    builder.feed(&bytes).unwrap();
    builder.finish().unwrap();
    (builder.library().clone(), MemorySource::new(bytes))
}

fn item(value: &Value) -> Item {
    Item::from_fields(value.as_object().unwrap().clone())
}

fn taken_in(here: &Value, coming: &[Value], policy: Policy) -> (Vec<Arrival>, Intake) {
    let (library, source) = library(here);
    let works: Vec<Item> = coming.iter().map(item).collect();
    let mut shelf = Shelf::new(&library, &source).unwrap();
    let earlier = |number: usize| works.get(number);
    let arrivals: Vec<Arrival> = works
        .iter()
        .map(|work| shelf.take(work, policy, &earlier).unwrap())
        .collect();
    let items: Vec<&Item> = works.iter().collect();
    let taken = |id: &str| library.find_id(id).is_some();
    let intake = intake(&items, &arrivals, policy, (&library, &source), &taken).unwrap();
    (arrivals, intake)
}

fn added(intake: &Intake) -> Vec<String> {
    let ids = intake.changes.iter().map(|change| match change {
        ItemChange::Add(fields) => fields["id"].as_str().unwrap().to_owned(),
        other => panic!("{other:?}"),
    });
    ids.collect()
}

#[test]
fn a_free_id_is_kept_a_taken_one_gets_a_letter_and_none_is_made_of_facts() {
    let here = json!([{"id": "smith2020", "title": "A paper that is here", "DOI": "10.1000/here"}]);
    let coming = [
        json!({"id": "smith2020", "type": "book", "title": "Quite another work of theirs"}),
        json!({"id": "smith2020", "type": "book", "title": "A third work with this key"}),
        json!({"id": "free", "type": "book", "title": "Keys may be free as well"}),
        json!({"type": "book", "title": "On rivers and tides", "author": [{"family": "Doe"}]}),
        json!({"type": "book"}),
    ];
    let (_, intake) = taken_in(&here, &coming, Policy::Skip);
    assert_eq!(
        added(&intake),
        ["smith2020a", "smith2020b", "free", "doendrivers", "anonnd"]
    );
    assert_eq!(
        intake.changes[3].after().unwrap().keys().next().unwrap(),
        "id"
    );
}

#[test]
fn a_work_that_is_here_stays_out_also_when_only_its_fields_tell() {
    let here = json!([
        {"id": "a", "type": "book", "title": "Known by its DOI", "DOI": "10.1000/A"},
        {"id": "b", "type": "article", "title": "Editorial"},
        {"id": "c", "type": "article"}
    ]);
    let coming = [
        json!({"id": "x", "title": "Known by its DOI", "DOI": "https://doi.org/10.1000/a"}),
        json!({"id": "y", "type": "article", "title": "Editorial"}),
        json!({"id": "z", "type": "article", "title": "Editorial", "volume": "2"}),
        json!({"id": "c", "type": "article"}),
        json!({"id": "d", "type": "article"}),
        json!({"id": "z2", "type": "article", "title": "Editorial", "volume": "2"}),
    ];
    let (arrivals, intake) = taken_in(&here, &coming, Policy::Skip);
    assert_eq!(added(&intake), ["z", "d"]);
    let why: Vec<Option<&str>> = arrivals
        .iter()
        .map(|one| one.duplicate.map(|(_, why)| why.name()))
        .collect();
    assert_eq!(
        why,
        [
            Some("doi"),
            Some("same"),
            None,
            Some("same"),
            None,
            Some("same")
        ]
    );
    assert_eq!(arrivals[5].duplicate.unwrap().0, Known::Arrival(2));
    let ids: Vec<&str> = intake.placed.iter().map(Placed::id).collect();
    assert_eq!(ids, ["a", "b", "z", "c", "d", "z"]);
}

#[test]
fn several_works_are_merged_into_one_paper_by_one_change() {
    let here =
        json!([{"id": "a", "type": "book", "title": "Known by its DOI", "DOI": "10.1000/a"}]);
    let coming = [
        json!({"id": "x", "type": "book", "title": "Known by its DOI", "DOI": "10.1000/a", "volume": "3"}),
        json!({"id": "y", "type": "book", "title": "Known by its DOI", "DOI": "10.1000/a", "page": "1-9"}),
        json!({"id": "z", "type": "book", "title": "Known by its DOI", "DOI": "10.1000/a"}),
    ];
    let (_, intake) = taken_in(&here, &coming, Policy::Merge);
    let [ItemChange::Replace { before, after }] = intake.changes.as_slice() else {
        panic!("{:?}", intake.changes);
    };
    assert_eq!(Value::Object(before.clone()), here[0]);
    assert_eq!(
        Value::Object(after.clone()),
        json!({"id": "a", "type": "book", "title": "Known by its DOI", "DOI": "10.1000/a", "volume": "3", "page": "1-9"})
    );
    assert!(
        intake
            .placed
            .iter()
            .all(|one| matches!(one, Placed::Merged(id, _) if id == "a"))
    );

    let (_, intake) = taken_in(&here, &coming, Policy::KeepBoth);
    assert_eq!(added(&intake), ["x", "y", "z"]);
    // Among works that come together, too.
    let (_, intake) = taken_in(&json!([]), &coming, Policy::Merge);
    let [ItemChange::Add(fields)] = intake.changes.as_slice() else {
        panic!("{:?}", intake.changes);
    };
    assert_eq!(
        (&fields["id"], &fields["volume"], &fields["page"]),
        (&json!("x"), &json!("3"), &json!("1-9"))
    );
}

#[test]
fn what_is_noted_already_stays_and_the_rest_comes_beside_it() {
    let noted = Noted {
        tags: vec!["rivers".to_owned(), " ".to_owned()],
        groups: vec!["Thesis/Chapter 2".to_owned()],
        comments: vec!["first".to_owned(), "second".to_owned()],
        status: Some(Status::Reading),
        rating: 4,
        priority: 1,
        files: vec!["a.pdf".to_owned()],
        ..Noted::default()
    };
    let mut ledger = Ledger::new("m-1");
    let mut comments = 0;
    let edits = noted_edits(&ledger, "a", &[], &noted, &mut comments, 5);
    ledger.edit(5, edits);
    let state = ledger.state().paper("a");
    assert_eq!(state.tags, ["Thesis/Chapter 2", "rivers"]);
    let mut texts: Vec<&str> = state.comments.iter().map(|one| &*one.text).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["first", "second"]);
    assert_eq!(
        (state.status, state.rating, state.priority),
        (Status::Reading, 4, 1)
    );
    assert_eq!(state.files, ["a.pdf"]);

    let again = Noted {
        rating: 1,
        status: Some(Status::Unread),
        comments: vec!["second".to_owned(), "third".to_owned()],
        ..Noted::default()
    };
    let edits = noted_edits(&ledger, "a", &[], &again, &mut 0, 6);
    ledger.edit(6, edits);
    let state = ledger.state().paper("a");
    assert_eq!((state.status, state.rating), (Status::Reading, 4));
    assert_eq!(state.comments.len(), 3);
}
