//! What models said about papers, kept beside the state of the library, and which models the reader agreed to ask.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::metrics::{file_stem, make_folder, read_whole, write_whole};
use super::place::Place;
use super::store::{Directories, Location};
use crate::config::model::ModelSettings;
use crate::core::findings::{ModelFindings, Scope};

/// A larger file, in bytes, holds no findings.
const LARGEST: u64 = 1 << 20;

#[derive(Serialize, Deserialize)]
struct Entry {
    /// The paper's id, since names of files are shortened.
    id: String,
    findings: ModelFindings,
}

/// The folders in which the findings of a library are kept: beside it, or where that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingsFolder {
    folders: Vec<PathBuf>,
}

impl FindingsFolder {
    /// Those of a library; `None` where there is no place for them.
    pub fn of(place: &Place) -> Option<FindingsFolder> {
        let directories = Directories::from_process();
        let location = match place {
            Place::File(path) => Location::of_library(path, &directories).ok()?,
            Place::Example => Location::of_example(&directories)?,
        };
        let folders = location.folders().map(|folder| folder.join("findings"));
        Some(FindingsFolder {
            folders: folders.collect(),
        })
    }

    /// These folders, the first that can be written for what is new.
    pub fn at(folders: Vec<PathBuf>) -> FindingsFolder {
        FindingsFolder { folders }
    }

    /// What a model said about a paper.
    pub fn find(&self, id: &str) -> Option<ModelFindings> {
        self.folders.iter().find_map(|folder| {
            let bytes = read_whole(&path(folder, id), LARGEST)?;
            let entry: Entry = serde_json::from_slice(&bytes).ok()?;
            (entry.id == id).then_some(entry.findings)
        })
    }

    /// Keeps what a model said, in place of what one said before.
    ///
    /// # Errors
    /// The system's, when it can be written nowhere.
    pub fn save(&self, id: &str, findings: &ModelFindings) -> io::Result<()> {
        let entry = Entry {
            id: id.to_owned(),
            findings: findings.clone(),
        };
        let bytes = serde_json::to_vec(&entry).map_err(io::Error::other)?;
        let mut result = Err(io::Error::other("there is no folder for it"));
        for folder in &self.folders {
            result = make_folder(folder).and_then(|()| write_whole(&path(folder, id), &bytes));
            if result.is_ok() {
                break;
            }
        }
        result
    }
}

fn path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{}.json", file_stem(id)))
}

/// The models that the reader agreed to ask, a line each with address and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreements {
    file: PathBuf,
}

impl Agreements {
    /// The reader's own, in the state directory; `None` without a home directory.
    pub fn own() -> Option<Agreements> {
        let folder = Directories::from_process().state?;
        Some(Agreements::at(folder.join("agreed-models")))
    }

    /// In this file.
    pub fn at(file: PathBuf) -> Agreements {
        Agreements { file }
    }

    /// Whether the reader agreed that this of a paper is sent to this model at this address.
    pub fn has(&self, model: &ModelSettings, scope: Scope) -> bool {
        let line = line(model, scope);
        let kept = read_whole(&self.file, LARGEST).unwrap_or_default();
        String::from_utf8_lossy(&kept)
            .lines()
            .any(|one| one == line)
    }

    /// Keeps that the reader agreed.
    ///
    /// # Errors
    /// The system's, when it cannot be written.
    pub fn add(&self, model: &ModelSettings, scope: Scope) -> io::Result<()> {
        if self.has(model, scope) {
            return Ok(());
        }
        if let Some(folder) = self.file.parent() {
            make_folder(folder)?;
        }
        let mut text = fs::read_to_string(&self.file).unwrap_or_default();
        text.push_str(&line(model, scope));
        text.push('\n');
        write_whole(&self.file, text.as_bytes())
    }
}

fn line(model: &ModelSettings, scope: Scope) -> String {
    let (url, name) = (&model.url, &model.name);
    match scope {
        Scope::Abstract => format!("{url}\t{name}"),
        Scope::Pdf => format!("{url}\t{name}\t{}", scope.name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings() -> ModelFindings {
        ModelFindings {
            model: "tiny".to_owned(),
            made: 7,
            scope: "abstract".to_owned(),
            file: None,
            fingerprint: "f".to_owned(),
            text: "t".to_owned(),
            claims: Vec::new(),
        }
    }

    #[test]
    fn findings_are_kept_where_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let kept = FindingsFolder::at(vec![file.join("no"), folder.path().join("yes")]);
        assert_eq!(kept.find("a/b"), None);
        kept.save("a/b", &findings()).unwrap();
        assert_eq!(kept.find("a/b"), Some(findings()));
        assert_eq!(kept.find("a_b"), None);
        assert!(
            FindingsFolder::at(vec![file.join("no")])
                .save("a", &findings())
                .is_err()
        );
    }

    #[test]
    fn an_agreement_is_for_one_model_at_one_address() {
        let folder = tempfile::tempdir().unwrap();
        let agreed = Agreements::at(folder.path().join("state").join("agreed-models"));
        let model = |url: &str, name: &str| ModelSettings {
            url: url.to_owned(),
            name: name.to_owned(),
            key_env: None,
            embeddings: None,
            scope: Scope::Abstract,
        };
        let one = model("http://a.example/v1", "tiny");
        assert!(!agreed.has(&one, Scope::Abstract));
        agreed.add(&one, Scope::Abstract).unwrap();
        agreed.add(&one, Scope::Abstract).unwrap();
        assert!(agreed.has(&one, Scope::Abstract));
        assert!(!agreed.has(&model("http://b.example/v1", "tiny"), Scope::Abstract));
        assert!(!agreed.has(&model("http://a.example/v1", "huge"), Scope::Abstract));
        // Whoever sends an abstract has not agreed to send all of the paper.
        assert!(!agreed.has(&one, Scope::Pdf));
        agreed.add(&one, Scope::Pdf).unwrap();
        assert!(agreed.has(&one, Scope::Pdf) && agreed.has(&one, Scope::Abstract));
    }
}
