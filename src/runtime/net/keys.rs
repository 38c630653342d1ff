//! Keys of services: read when they are first needed, never shown.

use std::fmt;
use std::fs;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use directories::BaseDirs;

use crate::config::services::KeySource;

/// A keyring may ask for its password in a window of its own.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longer texts are no keys.
const LONGEST: u64 = 4096;

/// Where a key comes from, and the key once it was read. Its `Debug` shows neither.
#[derive(Clone)]
pub(super) struct Key {
    source: Source,
    read: Arc<OnceLock<Result<String, String>>>,
}

#[derive(Clone)]
enum Source {
    Given(String),
    File(PathBuf),
    Command(Vec<String>),
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    pub(super) fn given(text: &str) -> Key {
        Key::of(Source::Given(text.to_owned()))
    }

    pub(super) fn from_source(source: &KeySource) -> Key {
        Key::of(match source {
            KeySource::File(path) => Source::File(expanded(path)),
            KeySource::Command(words) => Source::Command(words.clone()),
        })
    }

    fn of(source: Source) -> Key {
        Key {
            source,
            read: Arc::default(),
        }
    }

    /// The key, or why it cannot be had.
    pub(super) fn get(&self) -> Result<&str, &str> {
        let read = self.read.get_or_init(|| {
            let text = match &self.source {
                Source::Given(text) => text.clone(),
                Source::File(path) => of_file(path)?,
                Source::Command(words) => of_command(words)?,
            };
            let key = text.lines().next().unwrap_or_default().trim().to_owned();
            let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
            if is_key {
                Ok(key)
            } else {
                Err("the first line is no key".to_owned())
            }
        });
        read.as_deref().map_err(String::as_str)
    }
}

fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), BaseDirs::new()) {
        (Some(rest), Some(base)) => base.home_dir().join(rest),
        _ => PathBuf::from(path),
    }
}

fn of_file(path: &PathBuf) -> Result<String, String> {
    let named = |what: &str| {
        let path = crate::core::text::scrub(&path.to_string_lossy(), false);
        format!("its file {path} {what}")
    };
    let metadata = fs::metadata(path).map_err(|_| named("cannot be read"))?;
    if !metadata.is_file() {
        return Err(named("is no file"));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(named("can be read by others (chmod 600)"));
    }
    let mut text = String::new();
    fs::File::open(path)
        .and_then(|file| file.take(LONGEST).read_to_string(&mut text))
        .map_err(|_| named("cannot be read"))?;
    Ok(text)
}

/// What a program prints; it is started as it is, without a shell.
fn of_command(words: &[String]) -> Result<String, String> {
    let Some((program, arguments)) = words.split_first() else {
        return Err("its command is empty".to_owned());
    };
    let name = crate::core::text::scrub(program, false);
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| format!("its program {name} cannot be started"))?;
    let begun = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(10));
            }
            _ => {
                // It is ours, and nobody waits for it any more.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("its program {name} gave no answer"));
            }
        }
    };
    if !status.success() {
        return Err(format!("its program {name} failed"));
    }
    let mut text = String::new();
    if let Some(output) = child.stdout.take() {
        let _ = output.take(LONGEST).read_to_string(&mut text);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_key_is_read_from_a_private_file_or_a_program_and_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, "s3cret\n").unwrap();
        let of_path = || Key::from_source(&KeySource::File(path.display().to_string()));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let refused = of_path();
        let why = refused.get().unwrap_err();
        assert!(
            why.contains("chmod 600") && !why.contains("s3cret"),
            "{why}"
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let key = of_path();
        assert_eq!(key.get(), Ok("s3cret"));
        assert!(!format!("{key:?}").contains("s3cret"));

        let command = |words: &[&str]| {
            Key::from_source(&KeySource::Command(
                words.iter().map(|word| (*word).to_owned()).collect(),
            ))
        };
        assert_eq!(command(&["printf", "%s", "k1"]).get(), Ok("k1"));
        assert!(command(&["false"]).get().is_err());
        assert!(command(&["/no/such/program"]).get().is_err());
    }
}
