//! The journal that this process appends to, and the promise that what it accepted stays.
//!
//! All bytes of the journal are kept in memory: a journal that is deleted, replaced or cut short behind the program's
//! back is made whole again from them.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use foldhash::{HashSet, HashSetExt as _};

use crate::core::journal::{RECENT_OPERATIONS, compact};

use super::disk::{self, Facts};
use super::error::{SaveError, is_read_only};
use super::location::Location;
use super::slot::Slot;

/// Space kept reserved beyond the end of the journal, in bytes: on a full disk more than a thousand changes still fit.
const RESERVE: u64 = 256 << 10;
/// The reserve is filled up again when less than this is left of it.
const RESERVE_LOW: u64 = RESERVE / 2;
/// Pages are what the kernel writes: after a failed `fdatasync` the page the new bytes begin in is written again, too.
const PAGE: usize = 4096;
/// A journal smaller than this is not worth compacting, in bytes.
const COMPACTION_FLOOR: usize = 1 << 20;

/// One's own journal.
#[derive(Debug)]
pub(super) struct OwnJournal {
    location: Location,
    machine: String,
    slot: Option<Slot>,
    file: Option<File>,
    /// What the file holds and the disk has confirmed.
    memory: Vec<u8>,
    /// Lines that were in the file and are no longer: written again with the next change.
    lost: Vec<u8>,
    /// The file as it was after the last write.
    seen: Option<Facts>,
    reserved: u64,
    /// The names of file and folder are durable: so they are as soon as the file holds a line, see `OwnJournal::create`.
    is_named: bool,
    /// A `fdatasync` failed: what of the last page is on the disk nobody knows.
    is_suspect: bool,
}

impl OwnJournal {
    pub(super) fn new(location: Location, machine: String) -> OwnJournal {
        OwnJournal {
            location,
            machine,
            slot: None,
            file: None,
            memory: Vec::new(),
            lost: Vec::new(),
            seen: None,
            reserved: 0,
            is_named: false,
            is_suspect: false,
        }
    }

    /// The writer; the first slot's until one is taken.
    pub(super) fn writer(&self) -> String {
        match &self.slot {
            Some(slot) => slot.writer.clone(),
            None => format!("{}-1", self.machine),
        }
    }

    /// The folder written to; the one beside the library until a slot is taken.
    pub(super) fn folder(&self) -> &Path {
        self.slot
            .as_ref()
            .map_or(&self.location.folder, |slot| &slot.folder)
    }

    /// Takes a slot if that needs no new folder: whoever only looks leaves nothing behind. Should it fail, the first
    /// change tries again, and has someone to tell.
    pub(super) fn take_slot_if_begun(&mut self) {
        let beside = self.location.folder.clone();
        if !beside.is_dir() {
            return;
        }
        let Err(error) = self.take_slot_in(&beside) else {
            return;
        };
        let fallback = self.location.fallback.clone();
        if let Some(fallback) = fallback.filter(|folder| is_read_only(&error) && folder.is_dir()) {
            let _ = self.take_slot_in(&fallback);
        }
    }

    /// Takes a slot, beside the library or, where that is read-only, in the data folder.
    pub(super) fn take_slot(&mut self) -> Result<(), SaveError> {
        if self.slot.is_some() {
            return Ok(());
        }
        let beside = self.location.folder.clone();
        let error = match self.take_slot_in(&beside) {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        match self.location.fallback.clone() {
            Some(fallback) if is_read_only(&error) => self
                .take_slot_in(&fallback)
                .map_err(|error| SaveError::new(&fallback, &error)),
            _ => Err(SaveError::new(&beside, &error)),
        }
    }

    fn take_slot_in(&mut self, folder: &Path) -> io::Result<()> {
        let slot = Slot::take(folder, &self.machine)?;
        let path = slot.journal();
        let append = !slot.is_exclusive();
        match disk::open_journal(&path, false, append) {
            Ok(file) => {
                let (memory, facts) = disk::read_from(&path, 0)?;
                self.reserved = facts.allocated;
                self.seen = Some(facts);
                self.is_named = !memory.is_empty();
                self.memory = memory;
                self.file = Some(file);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        self.slot = Some(slot);
        Ok(())
    }

    /// Appends whole lines. On success they are on the disk.
    ///
    /// # Errors
    /// Nothing of it is saved then, and the journal is as it was.
    pub(super) fn append(&mut self, lines: &[u8]) -> Result<(), SaveError> {
        if lines.is_empty() {
            return Ok(());
        }
        self.take_slot()?;
        let path = self.path();
        self.check()
            .and_then(|_| self.write(lines))
            .map_err(|error| SaveError::new(&path, &error))
    }

    fn path(&self) -> PathBuf {
        match &self.slot {
            Some(slot) => slot.journal(),
            None => self.location.folder.clone(),
        }
    }

    /// Looks whether the journal is still as it was left, and makes it whole if it is not: also on the disk, since
    /// whoever replaced it may have left that to chance.
    pub(super) fn restore(&mut self) -> Result<(), SaveError> {
        if self.slot.is_none() || (self.seen.is_none() && self.memory.is_empty()) {
            return Ok(());
        }
        let path = self.path();
        let restored = self.check().and_then(|is_changed| {
            if is_changed || !self.lost.is_empty() {
                self.write(b"")?;
            }
            Ok(())
        });
        restored.map_err(|error| SaveError::new(&path, &error))
    }

    /// Notices a journal that was deleted, replaced, cut short or added to, and what of ours is missing in it. Returns
    /// whether it was.
    fn check(&mut self) -> io::Result<bool> {
        let path = self.path();
        let now = Facts::at(&path)?;
        match (&now, &self.seen) {
            (None, None) => return Ok(false),
            (Some(now), Some(seen)) if now.is_unchanged(seen) => return Ok(false),
            _ => {}
        }
        let (theirs, facts, file) = if now.is_some() {
            let file = disk::open_journal(&path, false, !self.is_exclusive())?;
            let (bytes, facts) = disk::read_from(&path, 0)?;
            (bytes, Some(facts), Some(file))
        } else {
            (Vec::new(), None, None)
        };
        let mut known: HashSet<&[u8]> = HashSet::new();
        known.extend(theirs.split(|byte| *byte == b'\n'));
        let mut lost = Vec::new();
        for line in self.memory.split(|byte| *byte == b'\n') {
            if !line.is_empty() && !known.contains(line) {
                lost.extend_from_slice(line);
                lost.push(b'\n');
            }
        }
        lost.append(&mut self.lost);
        self.lost = lost;
        self.is_named = false;
        self.memory = theirs;
        self.file = file;
        self.reserved = facts.map_or(0, |facts| facts.allocated);
        self.seen = facts;
        Ok(true)
    }

    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        let path = self.path();
        let mut bytes = Vec::with_capacity(lines.len() + self.lost.len() + 1);
        if self.memory.last().is_some_and(|last| *last != b'\n') {
            // A line that was cut short must not swallow the next one.
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(&self.lost);
        bytes.extend_from_slice(lines);
        let length = self.memory.len() as u64;
        let end = length + bytes.len() as u64;
        disk::check_size_limit(end)?;
        let file = match self.file.take() {
            Some(file) if self.is_named => file,
            _ => self.create(&path)?,
        };
        if self.reserved < end + RESERVE_LOW {
            let wanted = RESERVE + bytes.len() as u64;
            self.reserved = disk::reserve(&file, length, wanted);
        }
        let written = self.put(&file, &bytes).and_then(|()| {
            if disk::sync(&file).is_ok() {
                return Ok(None);
            }
            self.is_suspect = true;
            let file = disk::open_journal(&path, false, !self.is_exclusive())?;
            self.put(&file, &bytes)?;
            disk::sync(&file)?;
            Ok(Some(file))
        });
        match written {
            Ok(reopened) => {
                self.is_suspect = false;
                self.memory.extend_from_slice(&bytes);
                self.lost.clear();
                let file = reopened.unwrap_or(file);
                self.seen = file.metadata().ok().map(|metadata| Facts::of(&metadata));
                self.file = Some(file);
                Ok(())
            }
            Err(error) => {
                // Back to what the disk has confirmed. Where that fails as well, the next check finds what is there.
                if self.is_exclusive() && file.set_len(length).is_ok() {
                    self.reserved = disk::reserve(&file, length, RESERVE);
                    self.seen = file.metadata().ok().map(|metadata| Facts::of(&metadata));
                }
                if !self.is_suspect {
                    self.file = Some(file);
                }
                Err(error)
            }
        }
    }

    fn is_exclusive(&self) -> bool {
        self.slot.as_ref().is_some_and(Slot::is_exclusive)
    }

    /// Opens the file, and makes its name durable before the first line is in it: whoever finds a line in a journal
    /// may rely on its name.
    fn create(&mut self, path: &Path) -> io::Result<File> {
        let folder = self.folder().to_owned();
        disk::create_folder(&folder)?;
        disk::write_git_files(&folder);
        let file = disk::open_journal(path, true, !self.is_exclusive())?;
        self.seen = Some(Facts::of(&file.metadata()?));
        if !self.is_named {
            disk::sync_folder(folder.parent().unwrap_or(Path::new("/")))?;
            disk::sync_folder(&folder)?;
            self.is_named = true;
        }
        Ok(file)
    }

    /// Writes at the end. Without a lock the kernel has to find the end, as the file was opened for appending.
    ///
    /// After a failed `fdatasync` the kernel may have dropped the bytes and call them written: a second call on the
    /// same file would succeed and mean nothing. So what the last page held before is written again too, through a
    /// file opened anew.
    ///
    /// Source: Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020.
    fn put(&self, file: &File, bytes: &[u8]) -> io::Result<()> {
        let length = self.memory.len();
        if !self.is_suspect || !self.is_exclusive() {
            return file.write_all_at(bytes, length as u64);
        }
        let start = length - length % PAGE;
        let mut again = self.memory.get(start..).unwrap_or_default().to_vec();
        again.extend_from_slice(bytes);
        file.write_all_at(&again, start as u64)
    }

    /// Replaces the journal by a shorter one that says the same, if that halves it. Returns how many lines went.
    ///
    /// # Errors
    /// The journal is then as it was.
    pub(super) fn compact(&mut self, is_urgent: bool) -> Result<usize, SaveError> {
        if !self.is_exclusive() || (!is_urgent && self.memory.len() < COMPACTION_FLOOR) {
            return Ok(0);
        }
        let path = self.path();
        self.restore()?;
        let compaction = compact(&self.memory, RECENT_OPERATIONS);
        let is_worthwhile = compaction.bytes.len() <= self.memory.len() / 2;
        if compaction.dropped == 0 || !(is_urgent || is_worthwhile) {
            return Ok(0);
        }
        let file = self
            .replace(&path, &compaction.bytes)
            .map_err(|error| SaveError::new(&path, &error))?;
        self.memory = compaction.bytes;
        self.reserved = disk::reserve(&file, self.memory.len() as u64, RESERVE);
        self.seen = file.metadata().ok().map(|metadata| Facts::of(&metadata));
        self.file = Some(file);
        Ok(compaction.dropped)
    }

    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<File> {
        disk::check_size_limit(bytes.len() as u64)?;
        let temporary = path.with_extension("jsonl.tmp");
        // Only the holder of the lock makes one: what is there is left from a crash.
        let _ = fs::remove_file(&temporary);
        let written = disk::open_journal(&temporary, true, false).and_then(|file| {
            file.write_all_at(bytes, 0)?;
            disk::sync(&file)?;
            let is_untouched = Facts::at(path)?
                .zip(self.seen)
                .is_some_and(|(now, seen)| now.is_unchanged(&seen));
            if !is_untouched {
                return Err(io::Error::other("changed by another program"));
            }
            fs::rename(&temporary, path)?;
            disk::sync_folder(self.folder())?;
            Ok(file)
        });
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written
    }
}
