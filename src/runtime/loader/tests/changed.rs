//! A library that has changed a little is not indexed anew, and what was begun is gone on with.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::*;
use crate::core::library::{PIECE, Texts};
use crate::core::query::Query;

/// Papers that few words tell apart.
fn papers(count: usize) -> Vec<String> {
    const WORDS: [&str; 7] = [
        "graph", "neural", "protein", "galaxy", "lattice", "enzyme", "quantum",
    ];
    let word = |at: usize| WORDS[at % WORDS.len()];
    (0..count)
        .map(|n| {
            format!(
                r#"{{"id":"p{n}","title":"{} {} number {n}","abstract":"{}"}}"#,
                word(n),
                word(n / 7),
                format!("about {} and {} ", word(n / 3), word(n / 5)).repeat(6)
            )
        })
        .collect()
}

/// A library file with a folder for its caches.
struct Kept {
    folder: tempfile::TempDir,
}

impl Kept {
    fn new(papers: &[String]) -> Kept {
        let kept = Kept {
            folder: tempfile::tempdir().unwrap(),
        };
        kept.write(papers);
        kept
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("library.jsonl")
    }

    fn write(&self, papers: &[String]) {
        fs::write(self.path(), papers.join("\n")).unwrap();
    }

    fn caches(&self) -> Folder {
        Folder::at(self.folder.path().join("caches"))
    }

    fn open(&self) -> Opened {
        let place = Place::File(self.path());
        open(&place).unwrap().cached_in(Some(&self.caches()))
    }

    /// Indexes the library as the app does: the papers that were told to be done, and the answers.
    fn index(&self) -> (Vec<usize>, Vec<Vec<u32>>) {
        let opened = self.open();
        let mut shelf = opened.shelf();
        let loaded = load_into(Builder::new(), &opened, &mut shelf).unwrap();
        let mut told = Vec::new();
        let made = index(&opened, &loaded, shelf, &mut |papers| {
            told.push(papers);
            true
        });
        let index = made.unwrap().unwrap().index;
        (told, answers(&opened, &loaded.library, &index))
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join("caches"));
        let names = entries.unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn answers(opened: &Opened, library: &Library, index: &Index) -> Vec<Vec<u32>> {
    let source = opened.source();
    let texts = Texts {
        library,
        source: source.as_ref(),
    };
    let queries = [
        "graph",
        "lattice 7",
        "galaxi",
        "\"about enzyme\"",
        "gqn",
        "fresh",
    ];
    let searched = queries.iter().map(|query| {
        let hits = index.search(&Query::parse(query), &texts, &|| false);
        hits.papers().iter().map(|no| no.0).collect()
    });
    let similar = (0..library.len()).step_by(97).map(|no| {
        let similar = index.similar(crate::core::paper::PaperNo(no as u32), 5, &texts);
        similar.iter().map(|found| found.no.0).collect()
    });
    searched.chain(similar).collect()
}

fn anew(papers: &[String]) -> Vec<Vec<u32>> {
    Kept::new(papers).index().1
}

#[test]
fn a_library_whose_times_alone_have_changed_is_not_indexed_again() {
    let papers = papers(900);
    let library = Kept::new(&papers);
    let (told, first) = library.index();
    assert!(!told.is_empty());
    let file = File::options().write(true).open(library.path()).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(5000))
        .unwrap();
    drop(file);
    assert!(library.open().cached().is_none());
    let (told, second) = library.index();
    assert!(told.is_empty());
    assert_eq!(second, first);
    let cached = library.open().cached().expect("it is as it was");
    let again = answers(&library.open(), &cached.library, &cached.index);
    assert_eq!(again, first);
}

#[test]
fn what_the_papers_are_about_stays_known_when_only_times_change() {
    let library = Kept::new(&papers(900));
    library.index();
    let opened = library.open();
    let index = opened.cached().unwrap().index;
    find_latent(&opened, &index, None, &|| false);
    assert!(index.latent().is_some());
    library.write(&papers(900));
    library.index();
    let cached = library.open().cached().unwrap();
    assert!(take_kept(&library.open(), &cached.index));
    assert_eq!(cached.index.latent(), index.latent());
}

#[test]
fn of_a_library_that_was_changed_a_little_the_new_papers_alone_are_indexed() {
    let mut papers = papers(900);
    let library = Kept::new(&papers);
    library.index();
    papers[10] = papers[10].replace("number", "fresh number");
    papers.remove(500);
    papers.insert(700, r#"{"id":"new","title":"A fresh graph"}"#.to_owned());
    papers.push(r#"{"id":"last","title":"Fresh galaxies"}"#.to_owned());
    library.write(&papers);
    let (told, updated) = library.index();
    assert_eq!(told.first(), Some(&(papers.len() - 3)));
    assert_eq!(updated, anew(&papers));
    assert_eq!(updated[5].len(), 3);
    let cached = library.open().cached().expect("it was kept");
    let again = answers(&library.open(), &cached.library, &cached.index);
    assert_eq!(again, updated);
}

#[test]
fn a_damaged_cache_of_the_library_as_it_was_is_not_made_use_of() {
    let mut papers = papers(900);
    let library = Kept::new(&papers);
    library.index();
    papers.push(r#"{"id":"last","title":"Fresh galaxies"}"#.to_owned());
    let wanted = anew(&papers);
    let [name] = library.names().try_into().unwrap();
    let path = library.folder.path().join("caches").join(name);
    let sound = fs::read(&path).unwrap();
    library.write(&papers);
    for at in (3..sound.len()).step_by(sound.len() / 9) {
        let mut bytes = sound.clone();
        bytes[at] ^= 16;
        fs::write(&path, &bytes).unwrap();
        let (told, found) = library.index();
        assert!(told.first() < Some(&900), "{at}");
        assert_eq!(found, wanted, "{at}");
    }
}

/// Indexes in pieces of 200 papers, until so many are done.
fn in_pieces(library: &Kept, stop: usize) -> (Vec<usize>, Option<Index>) {
    let opened = library.open();
    let loaded = load_all(&opened).unwrap();
    let mut pieces = KeptPieces::of(opened.cache().unwrap()).with(200);
    let mut told = Vec::new();
    let source = opened.source();
    let index = build_index_sparing(
        &loaded.library,
        source.as_ref(),
        &mut |papers| {
            told.push(papers);
            papers < stop
        },
        &mut MemoryShelf::default(),
        Spared {
            known: None,
            pieces: Some(&mut pieces),
        },
    );
    (told, index.unwrap())
}

#[test]
fn what_was_begun_is_gone_on_with() {
    let papers = papers(900);
    let library = Kept::new(&papers);
    let (_, index) = in_pieces(&library, 400);
    assert!(index.is_none());
    assert_eq!(library.names().len(), 2);
    let (told, index) = in_pieces(&library, usize::MAX);
    assert_eq!(told.get(..3), Some(&[0, 200, 400][..]));
    let opened = library.open();
    let loaded = load_all(&opened).unwrap();
    let wanted = anew(&papers);
    assert_eq!(answers(&opened, &loaded.library, &index.unwrap()), wanted);
    // One is damaged, one is cut off, one is of the library as it was.
    let path = |name: &str| library.folder.path().join("caches").join(name);
    let names = library.names();
    let damage = |path: &Path| {
        let mut bytes = fs::read(path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(path, bytes).unwrap();
    };
    damage(&path(&names[0]));
    let file = File::options().write(true).open(path(&names[1])).unwrap();
    file.set_len(1000).unwrap();
    let (_, index) = in_pieces(&library, usize::MAX);
    assert_eq!(answers(&opened, &loaded.library, &index.unwrap()), wanted);
    // A complete cache has no need of them.
    library.index();
    assert_eq!(library.names().len(), 1);
    assert!(papers.len() < PIECE);
}
