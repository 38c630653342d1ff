mod changed;

use std::io::Write;
use std::sync::mpsc;
use std::time::Duration;

use super::background::load;
use super::*;
use crate::runtime::cache::Folder;
use crate::runtime::place::Place;

/// All messages until the last one, by name.
fn messages(place: &Place) -> Vec<LoadMessage> {
    messages_of(&open(place).unwrap())
}

fn messages_of(opened: &Opened) -> Vec<LoadMessage> {
    let (sender, receiver) = mpsc::channel();
    let _loading = start(opened, move |message| drop(sender.send(message))).unwrap();
    let mut all = Vec::new();
    while let Ok(message) = receiver.recv_timeout(Duration::from_secs(50)) {
        all.push(message);
    }
    all
}

fn file(content: &str) -> (tempfile::NamedTempFile, Place) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    let place = Place::File(file.path().to_owned());
    (file, place)
}

fn names(messages: &[LoadMessage]) -> Vec<&'static str> {
    let name = |message: &LoadMessage| match message {
        LoadMessage::Loaded(_) => "loaded",
        LoadMessage::Problems(_) => "problems",
        LoadMessage::Done => "done",
        LoadMessage::Progress(_) => "progress",
        LoadMessage::Failed(_) => "failed",
        LoadMessage::Indexed(_) => "indexed",
        LoadMessage::NotIndexed(_) => "not indexed",
    };
    // How often it is told how far it is depends on the machine.
    let told = messages.iter().map(name);
    told.filter(|name| *name != "progress").collect()
}

#[test]
fn papers_come_before_the_end_and_the_index_after_it() {
    let item = |n: usize| format!("{{\"id\":\"p{n}\",\"abstract\":\"{}\"}}", "x ".repeat(200));
    let many: Vec<String> = (0..3000).map(item).collect();
    let (_file, place) = file(&many.join("\n"));
    let all = messages(&place);
    let names = names(&all);
    // Papers that are read within a moment of each other come together.
    assert!(names.starts_with(&["loaded", "loaded"]), "{names:?}");
    assert!(names.ends_with(&["loaded", "done", "indexed"]), "{names:?}");
    let Some(LoadMessage::Loaded(first)) = all.first() else {
        panic!("{names:?}");
    };
    assert_eq!(
        first.iter().map(|segment| segment.len()).sum::<usize>(),
        1024
    );
    let Some(LoadMessage::Indexed(index)) = all.last() else {
        panic!("{names:?}");
    };
    assert_eq!(index.len(), 3000);
}

#[test]
fn a_truncated_file_fails_after_what_it_holds() {
    let (_file, place) = file("[{\"id\":\"a\"},\n{\"id\":");
    let all = messages(&place);
    assert_eq!(names(&all), ["failed"]);
    let Some(LoadMessage::Failed(error)) = all.last() else {
        panic!();
    };
    assert!(
        error.to_string().contains(":2:7: the file ends inside"),
        "{error}"
    );
}

#[test]
fn a_cancelled_load_says_nothing_more() {
    let (_file, place) = file("[{\"id\":\"a\"}]");
    let opened = open(&place).unwrap();
    let mut said = 0;
    load(&opened, &mut |_| said += 1, &|| true);
    assert_eq!(said, 0);
}

#[test]
fn a_file_cut_while_it_is_open_is_noticed() {
    let (file, place) = file("[{\"id\":\"a\"},{\"id\":\"b\"}]");
    let opened = open(&place).unwrap();
    let loaded = load_all(&opened).unwrap();
    file.as_file().set_len(14).unwrap();
    let source = opened.source();
    let numbers: Vec<_> = loaded.library.numbers().collect();
    assert!(loaded.library.item(numbers[0], source.as_ref()).is_ok());
    assert_eq!(
        loaded.library.item(numbers[1], source.as_ref()),
        Err(SourceError::Changed)
    );
}

#[test]
fn a_file_replaced_by_another_is_read_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("library.json");
    std::fs::write(&path, "[{\"id\":\"a\"}]").unwrap();
    let opened = open(&Place::File(path.clone())).unwrap();
    let loaded = load_all(&opened).unwrap();
    let other = folder.path().join("other.json");
    std::fs::write(&other, "[{\"id\":\"z\"}]").unwrap();
    std::fs::rename(&other, &path).unwrap();
    let no = loaded.library.numbers().next().unwrap();
    let item = loaded.library.item(no, opened.source().as_ref()).unwrap();
    assert_eq!(item.id(), "a");
}

#[test]
fn the_example_is_a_library_without_any_problem() {
    let loaded = load_all(&open(&Place::Example).unwrap()).unwrap();
    assert!(loaded.library.len() >= 40);
    assert_eq!(loaded.problems.list(), []);
}

fn items(count: usize) -> String {
    let item = |n: usize| format!("{{\"id\":\"p{n}\",\"title\":\"{}\"}}", "word ".repeat(20));
    let items: Vec<String> = (0..count).map(item).collect();
    items.join("\n")
}

#[test]
fn what_was_indexed_once_comes_from_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    let caches = Folder::at(folder.path().join("caches"));
    let (mut library, place) = file(&(items(3000) + "\n{\"nothing\":1}"));
    let open = || open(&place).unwrap().cached_in(Some(&caches));
    let opened = open();
    assert!(opened.cached().is_none());
    let first = messages_of(&opened);
    assert!(names(&first).ends_with(&["problems", "done", "indexed"]));
    let second = messages_of(&open());
    assert_eq!(names(&second), ["loaded", "problems", "done", "indexed"]);
    let cached = open().cached().unwrap();
    assert_eq!((cached.library.len(), cached.index.len()), (3000, 3000));
    assert_eq!(cached.problems.lost(), 1);
    let no = cached.library.find_id("p2999").unwrap();
    let item = cached.library.item(no, opened.source().as_ref()).unwrap();
    assert_eq!(item.id(), "p2999");
    library.write_all(b"\n{\"id\":\"new\"}").unwrap();
    assert!(open().cached().is_none());
    assert_eq!(
        index_loaded(&open(), &load_all(&open()).unwrap())
            .unwrap()
            .len(),
        3001
    );
    assert!(
        open()
            .cached()
            .is_some_and(|cached| cached.library.find_id("new").is_some())
    );
    let kept = std::fs::read_dir(folder.path().join("caches")).unwrap();
    let names = kept.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    // What the papers are about stands beside the cache of the index.
    assert_eq!(names.filter(|name| !name.contains(".latent.")).count(), 1);
}

#[test]
fn of_a_library_that_changes_meanwhile_no_cache_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let caches = Folder::at(folder.path().to_owned());
    let (mut library, place) = file(&items(3000));
    let opened = open(&place).unwrap().cached_in(Some(&caches));
    let mut said = 0;
    load(
        &opened,
        &mut |message| {
            if let LoadMessage::Done = message {
                library.write_all(b"\n{\"id\":\"late\"}").unwrap();
            }
            said += 1;
        },
        &|| false,
    );
    assert!(said > 2);
    assert!(opened.cached().is_none());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_section_of_another_library_is_not_taken_for_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let caches = Folder::at(folder.path().to_owned());
    let (mut library, place) = file(&items(1000));
    let open = || open(&place).unwrap().cached_in(Some(&caches));
    let place_of = |opened: &Opened| opened.cache().unwrap().clone();
    place_of(&open())
        .keep_section("vectors", &[1, 2, 3])
        .unwrap();
    assert_eq!(
        place_of(&open()).section("vectors").unwrap().all(),
        [1, 2, 3]
    );
    assert!(place_of(&open()).section("others").is_none());
    library.write_all(b"\n").unwrap();
    assert!(place_of(&open()).section("vectors").is_none());
}
