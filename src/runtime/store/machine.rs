//! The id of this machine, by which its journals are told from those of others.

use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use super::location::{Directories, fingerprint};

/// 8 digits of base 32: among the few machines of one library two will not be the same.
const DIGITS: u32 = 8;

/// The id: 8 lower-case letters and digits. The same in every run, unless the state folder cannot be written and the
/// system tells nothing of itself.
///
/// It depends on a random number in the state folder **and** on the id the system gives the machine: a home folder
/// that is copied or shared makes no two machines one, nor does a cloned system with a home of its own.
pub(super) fn machine_id(directories: &Directories) -> String {
    let random = directories.state.as_deref().and_then(random_number);
    let system = fs::read("/etc/machine-id")
        .or_else(|_| fs::read("/proc/sys/kernel/hostname"))
        .unwrap_or_default();
    let user = rustix::process::geteuid().as_raw().to_le_bytes();
    let mut hash = fingerprint(&[random.unwrap_or_default().as_bytes(), &system, &user]);
    let mut id = String::new();
    for _ in 0..DIGITS {
        id.push(char::from_digit((hash % 32) as u32, 32).unwrap_or('0'));
        hash /= 32;
    }
    id
}

/// The number in the state folder, made if there is none.
fn random_number(state: &Path) -> Option<String> {
    let path = state.join("machine");
    let read = || {
        fs::read_to_string(&path)
            .ok()
            .filter(|text| !text.is_empty())
    };
    if let Some(number) = read() {
        return Some(number);
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(state).ok()?;
    // The hasher's keys come from the system's source of random numbers.
    let number = format!("{:016x}\n", RandomState::new().hash_one(std::process::id()));
    let temporary = state.join(format!("machine.{}.tmp", std::process::id()));
    let mut options = fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600);
    let written = file
        .open(&temporary)
        .and_then(|mut file| file.write_all(number.as_bytes()));
    // Of two processes that do this at once, one gives its number a name and the other then reads it.
    let linked = written.and_then(|()| fs::hard_link(&temporary, &path));
    if linked.is_err() && !path.exists() {
        let _ = fs::rename(&temporary, &path);
    }
    let _ = fs::remove_file(&temporary);
    read()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_stays_and_each_state_folder_has_its_own() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let directories = |folder: &Path| Directories {
            data: None,
            state: Some(folder.join("offprint")),
        };
        let id = machine_id(&directories(one.path()));
        assert_eq!(id.len(), 8);
        assert_eq!(id, machine_id(&directories(one.path())));
        assert_ne!(id, machine_id(&directories(two.path())));
        assert_eq!(
            fs::read_dir(one.path().join("offprint")).unwrap().count(),
            1
        );
    }
}
