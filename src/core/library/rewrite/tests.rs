#![allow(clippy::needless_pass_by_value, clippy::string_slice, reason = "tests")]

use serde_json::{Map, Value, json};

use super::*;
use crate::core::library::MemorySource;

fn fields(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn survey_of(text: &str) -> Result<Survey, SurveyError> {
    let mut surveyor = Surveyor::new();
    for chunk in text.as_bytes().chunks(7) {
        surveyor.feed(chunk)?;
    }
    surveyor.finish()
}

/// The new file, and the changes that were refused.
fn changed(text: &str, changes: &[ItemChange]) -> (String, Vec<usize>) {
    let survey = survey_of(text).unwrap();
    let source = MemorySource::new(text.as_bytes().to_vec());
    let plan = survey.plan(&source, changes).unwrap();
    let mut out = String::new();
    for piece in &plan.pieces {
        match piece {
            Piece::Kept(range) => out.push_str(&text[range.start as usize..range.end as usize]),
            Piece::New(new) => out.push_str(new),
        }
    }
    let read = survey_of(&out).unwrap();
    assert_eq!(read.len(), plan.items, "{out}");
    (out, plan.refused)
}

fn add(value: Value) -> ItemChange {
    ItemChange::Add(fields(&value))
}

fn remove(value: Value) -> ItemChange {
    ItemChange::Remove(fields(&value))
}

fn replace(before: Value, after: Value) -> ItemChange {
    ItemChange::Replace {
        before: fields(&before),
        after: fields(&after),
    }
}

const LINES: &str =
    "[\n{\"id\":\"b\",\"title\":\"B\"},\n{\"id\":\"a\",\"title\":\"A\"},\n{\"id\":\"c\"}\n]\n";

#[test]
fn an_item_is_added_last_in_the_manner_of_the_file() {
    let new = || add(json!({"id": "n", "author": [{"family": "N"}]}));
    for (before, after) in [
        (
            "[]",
            "[\n  {\n    \"id\": \"n\",\n    \"author\": [\n      {\n        \"family\": \"N\"\n      }\n    ]\n  }\n]",
        ),
        (
            "\u{feff}[ \n]\n",
            "\u{feff}[\n  {\n    \"id\": \"n\",\n    \"author\": [\n      {\n        \"family\": \"N\"\n      }\n    ]\n  }\n]\n",
        ),
        (
            "[{\"id\":\"b\"}]",
            "[{\"id\":\"b\"},{\"id\":\"n\",\"author\":[{\"family\":\"N\"}]}]",
        ),
        (
            "[{\"id\": \"b\", \"title\": \"B\"}, {\"id\": \"a\"}]",
            "[{\"id\": \"b\", \"title\": \"B\"}, {\"id\": \"a\"}, {\"id\": \"n\", \"author\": [{\"family\": \"N\"}]}]",
        ),
        (
            LINES,
            "[\n{\"id\":\"b\",\"title\":\"B\"},\n{\"id\":\"a\",\"title\":\"A\"},\n{\"id\":\"c\"},\n{\"id\":\"n\",\"author\":[{\"family\":\"N\"}]}\n]\n",
        ),
        (
            "[\r\n\t{\r\n\t\t\"id\": \"b\"\r\n\t}\r\n]",
            "[\r\n\t{\r\n\t\t\"id\": \"b\"\r\n\t},\r\n\t{\r\n\t\t\"id\": \"n\",\r\n\t\t\"author\": [\r\n\t\t\t{\r\n\t\t\t\t\"family\": \"N\"\r\n\t\t\t}\r\n\t\t]\r\n\t}\r\n]",
        ),
    ] {
        assert_eq!(
            changed(before, &[new()]),
            (after.to_owned(), vec![]),
            "{before}"
        );
    }
}

#[test]
fn in_a_sorted_file_an_item_is_added_at_its_place() {
    let text = "[{\"id\":\"a\"},{\"id\":\"c\"},{\"id\":\"e\"}]";
    let (out, _) = changed(
        text,
        &[
            add(json!({"id": "d"})),
            add(json!({"id": "0"})),
            add(json!({"id": "f"})),
        ],
    );
    assert_eq!(
        out,
        "[{\"id\":\"0\"},{\"id\":\"a\"},{\"id\":\"c\"},{\"id\":\"d\"},{\"id\":\"e\"},{\"id\":\"f\"}]"
    );
}

#[test]
fn items_go_with_their_commas_and_nothing_else() {
    let [a, b, c] = [
        json!({"id": "a", "title": "A"}),
        json!({"id": "b", "title": "B"}),
        json!({"id": "c"}),
    ];
    for (gone, after) in [
        (
            vec![&b],
            "[\n{\"id\":\"a\",\"title\":\"A\"},\n{\"id\":\"c\"}\n]\n",
        ),
        (
            vec![&a],
            "[\n{\"id\":\"b\",\"title\":\"B\"},\n{\"id\":\"c\"}\n]\n",
        ),
        (
            vec![&c],
            "[\n{\"id\":\"b\",\"title\":\"B\"},\n{\"id\":\"a\",\"title\":\"A\"}\n]\n",
        ),
        (vec![&c, &b], "[\n{\"id\":\"a\",\"title\":\"A\"}\n]\n"),
        (vec![&a, &b, &c], "[]\n"),
    ] {
        let changes: Vec<_> = gone.into_iter().cloned().map(remove).collect();
        assert_eq!(changed(LINES, &changes).0, after);
    }
}

#[test]
fn fields_that_stay_keep_their_bytes() {
    let text = "[ { \"z\" : 1.50,  \"id\":\"a\\u0062\" ,\"title\": \"T\\u00e9\\/\", \"big\": 12345678901234567890123, \"volume\":\"1\" } ]";
    let before: Value = serde_json::from_str(text).unwrap();
    let before = before[0].clone();
    let mut after = before.clone();
    after["volume"] = json!("2");
    after["issue"] = json!(3);
    let (out, _) = changed(text, &[replace(before.clone(), after)]);
    assert_eq!(
        out,
        "[ { \"z\" : 1.50,  \"id\":\"a\\u0062\" ,\"title\": \"T\\u00e9\\/\", \"big\": 12345678901234567890123, \"volume\":\"2\",  \"issue\": 3 } ]"
    );
    let mut after = before.clone();
    after.as_object_mut().unwrap().shift_remove("z");
    let (out, _) = changed(text, &[replace(before, after)]);
    assert_eq!(
        out,
        "[ { \"id\":\"a\\u0062\" ,\"title\": \"T\\u00e9\\/\", \"big\": 12345678901234567890123, \"volume\":\"1\" } ]"
    );
}

#[test]
fn an_item_that_is_no_longer_as_it_was_is_left_alone() {
    let changes = [
        remove(json!({"id": "a", "title": "Another"})),
        replace(json!({"id": "x"}), json!({"id": "x", "title": "X"})),
        add(json!({"id": "b"})),
        replace(json!({"id": "c"}), json!({"id": "a"})),
        replace(json!({"id": "c"}), json!({"id": "d"})),
    ];
    let (out, refused) = changed(LINES, &changes);
    assert_eq!(refused, [0, 1, 2, 3]);
    assert_eq!(out, LINES.replace("\"c\"", "\"d\""));
}

#[test]
fn ids_may_be_exchanged_and_one_that_goes_makes_room() {
    let a = json!({"id": "a", "title": "A"});
    let (out, refused) = changed(LINES, &[remove(a.clone()), add(json!({"id": "a"}))]);
    assert_eq!(refused, Vec::<usize>::new());
    assert!(
        out.ends_with("{\"id\":\"c\"},\n{\"id\":\"a\"}\n]\n"),
        "{out}"
    );
}

#[test]
fn of_two_items_with_one_id_the_one_that_is_meant_changes() {
    let text = "[{\"id\":\"a\",\"n\":1},{\"id\":\"a\",\"n\":2},{\"title\":\"no id\"}]";
    let changes = [
        replace(json!({"id": "a", "n": 2}), json!({"id": "a", "n": 3})),
        remove(json!({"id": "item-3", "title": "no id"})),
    ];
    assert_eq!(
        changed(text, &changes),
        (
            "[{\"id\":\"a\",\"n\":1},{\"id\":\"a\",\"n\":3}]".to_owned(),
            vec![]
        )
    );
}

#[test]
fn what_is_broken_or_no_list_is_not_written() {
    for (text, is_lines) in [
        ("[{\"id\":\"a\"},", false),
        ("[{\"id\":\"a\"} {\"id\":\"b\"}]", false),
        ("[{\"id\":\"a\"},{\"id\":]", false),
        ("", false),
        ("{\"id\":\"a\"}\n{\"id\":\"b\"}\n", true),
    ] {
        let error = survey_of(text).unwrap_err();
        assert_eq!(error == SurveyError::Lines, is_lines, "{text}: {error:?}");
    }
}

mod laws {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(Value::from),
            "[a-zé\"\\\\, :{}\\[\\]]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::hash_map("[a-c]", inner, 0..3)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    fn item(id: String) -> impl Strategy<Value = Map<String, Value>> {
        prop::collection::vec(("[a-d]{1,2}", value()), 0..4).prop_map(move |others| {
            let mut map = Map::new();
            map.insert("id".into(), id.clone().into());
            map.insert("title".into(), "T".into());
            map.extend(others);
            map
        })
    }

    fn items() -> impl Strategy<Value = Vec<Map<String, Value>>> {
        prop::collection::btree_set("[a-z]{1,3}", 0..6)
            .prop_flat_map(|ids| ids.into_iter().map(item).collect::<Vec<_>>())
            .prop_shuffle()
    }

    fn written(items: &[Map<String, Value>], manner: u8) -> String {
        let list = Value::Array(items.iter().cloned().map(Value::Object).collect());
        let pretty = serde_json::to_string_pretty(&list).unwrap();
        match manner {
            0 => list.to_string(),
            1 => pretty + "\n",
            2 => pretty.replace('\n', "\r\n"),
            _ => {
                let lines = items
                    .iter()
                    .map(|one| Value::Object(one.clone()).to_string());
                let lines: Vec<_> = lines.collect();
                format!("[\n{}\n]", lines.join(",\n"))
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_changed_file_reads_as_what_was_wanted(
            old in items(),
            new in items(),
            manner in 0u8..4,
        ) {
            let text = written(&old, manner);
            let of = |list: &[Map<String, Value>], id: &Value| {
                list.iter().find(|one| one["id"] == *id).cloned()
            };
            let mut changes = Vec::new();
            for before in &old {
                let after = of(&new, &before["id"]);
                if after.as_ref() != Some(before) {
                    changes.extend(ItemChange::between(Some(before.clone()), after));
                }
            }
            for after in &new {
                if of(&old, &after["id"]).is_none() {
                    changes.push(ItemChange::Add(after.clone()));
                }
            }
            let (out, refused) = changed(&text, &changes);
            prop_assert_eq!(refused, Vec::<usize>::new());
            let mut read: Vec<Map<String, Value>> = serde_json::from_str(&out).unwrap();
            read.sort_by_key(|one| one["id"].to_string());
            let mut wanted = new.clone();
            wanted.sort_by_key(|one| one["id"].to_string());
            prop_assert_eq!(read, wanted, "{}", out);
            // And back again, to the byte where nothing was added or taken away.
            let back: Vec<_> = changes.iter().filter_map(|one| {
                ItemChange::between(one.after().cloned(), one.before().cloned())
            }).collect();
            let (again, refused) = changed(&out, &back);
            prop_assert_eq!(refused, Vec::<usize>::new());
            let mut read: Vec<Map<String, Value>> = serde_json::from_str(&again).unwrap();
            read.sort_by_key(|one| one["id"].to_string());
            let mut old = old.clone();
            old.sort_by_key(|one| one["id"].to_string());
            prop_assert_eq!(read, old);
        }
    }
}
