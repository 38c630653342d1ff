//! A look at the folders of the state that changes nothing, and the repairs that cannot do harm.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::core::journal::{Operation, Problems, read_lines};

use super::disk;
use super::location::Location;
use super::watch::journals_in;

/// A temporary file of nobody known is left alone until it is this old.
const STALE: Duration = Duration::from_hours(24);

/// What a folder of journals looks like.
#[derive(Debug)]
pub struct FolderReport {
    /// The folder.
    pub folder: PathBuf,
    /// Its journals, by name.
    pub journals: Vec<JournalReport>,
    /// Temporary files that no running instance uses.
    pub stray: Vec<PathBuf>,
    /// `.gitattributes` or `.gitignore` is missing.
    pub lacks_git_files: bool,
    /// Why it cannot be looked at.
    pub unreadable: Option<String>,
}

/// What a journal looks like.
#[derive(Debug)]
pub struct JournalReport {
    /// The file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Changes in it.
    pub operations: usize,
    /// Lines that are skipped.
    pub problems: Problems,
    /// Left by a program that synchronizes or merges files; it is read like the others.
    pub is_copy: bool,
    /// An instance that runs now writes to it.
    pub is_in_use: bool,
    /// Why it cannot be read.
    pub unreadable: Option<String>,
}

/// Looks at every folder that has state of a library; those that are not there are left out.
pub fn examine(location: &Location) -> Vec<FolderReport> {
    let folders = location.folders();
    folders
        .filter(|folder| folder.symlink_metadata().is_ok())
        .map(examine_folder)
        .collect()
}

fn examine_folder(folder: &Path) -> FolderReport {
    let mut report = FolderReport {
        folder: folder.to_owned(),
        journals: Vec::new(),
        stray: Vec::new(),
        lacks_git_files: false,
        unreadable: None,
    };
    match journals_in(folder) {
        Ok(paths) => report.journals = paths.iter().map(|path| examine_journal(path)).collect(),
        Err(error) => report.unreadable = Some(reason(&error)),
    }
    let names = disk::names_in(folder).unwrap_or_default().into_iter();
    report.stray = names
        .map(|name| folder.join(name))
        .filter(|path| path.extension().is_some_and(|end| end == "tmp") && is_stray(path))
        .collect();
    report.stray.sort();
    report.lacks_git_files = !report.journals.is_empty()
        && [".gitattributes", ".gitignore"]
            .iter()
            .any(|name| !folder.join(name).exists());
    report
}

fn examine_journal(path: &Path) -> JournalReport {
    let mut report = JournalReport {
        path: path.to_owned(),
        bytes: 0,
        operations: 0,
        problems: Problems::default(),
        is_copy: !is_own_name(path),
        is_in_use: is_locked(&path.with_extension("lock")),
        unreadable: None,
    };
    match disk::read_from(path, 0) {
        Ok((bytes, facts)) => {
            report.bytes = facts.length;
            let mut count = 0;
            let name = path.display().to_string();
            let reading = read_lines(&bytes, &name, 0, |_: Operation| count += 1);
            (report.operations, report.problems) = (count, reading.problems);
        }
        Err(error) => report.unreadable = Some(reason(&error)),
    }
    report
}

/// `q0v7k2m4-1.jsonl`, as writers name their journals.
fn is_own_name(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let slot = name
        .strip_suffix(".jsonl")
        .and_then(|name| name.rsplit_once('-'));
    slot.is_some_and(|(machine, number)| {
        !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && machine.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn is_locked(lock: &Path) -> bool {
    File::open(lock).is_ok_and(|file| {
        let locked = file.try_lock().is_err();
        // Closing gives it back.
        drop(file);
        locked
    })
}

/// Only the holder of a journal's lock makes its temporary file.
fn is_stray(path: &Path) -> bool {
    let journal = path.file_stem().map(PathBuf::from).unwrap_or_default();
    let lock = path.with_file_name(journal.with_extension("lock"));
    if lock.exists() {
        return !is_locked(&lock);
    }
    let modified = path.metadata().and_then(|metadata| metadata.modified());
    modified
        .ok()
        .and_then(|modified| modified.elapsed().ok())
        .is_some_and(|age| age > STALE)
}

/// Removes stray temporary files and writes what git has to know where it is missing; what was done, a line each.
pub fn repair(report: &FolderReport) -> Vec<String> {
    let mut done = Vec::new();
    for path in &report.stray {
        if is_stray(path) && fs::remove_file(path).is_ok() {
            done.push(format!("{}: removed", path.display()));
        }
    }
    if report.lacks_git_files {
        disk::write_git_files(&report.folder);
        if examine_folder(&report.folder).lacks_git_files {
            return done;
        }
        let folder = report.folder.display();
        done.push(format!("{folder}: .gitattributes and .gitignore written"));
    }
    done
}

fn reason(error: &std::io::Error) -> String {
    crate::runtime::source::reason(error)
}
