//! Opening web pages and files with the system's own program.
//!
//! Addresses and paths come from libraries that anybody may have written. So only `http` and `https` addresses and
//! existing files are opened, each as one argument, never through a shell, and nothing that would be run rather than
//! shown.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::program;
use crate::core::text::scrub;

/// Kinds of file that desktops run.
const RUN_NOT_SHOWN: [&str; 14] = [
    "appimage", "app", "bat", "cmd", "com", "command", "desktop", "exe", "jar", "lnk", "msi",
    "ps1", "scr", "sh",
];

/// The longest address that is opened, in bytes; browsers take little more.
const ADDRESS_LIMIT: usize = 32_000;

/// Something that may be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An `http` or `https` address, with every character that has no place in one percent-encoded.
    Address(String),
    /// An existing file, by its absolute path.
    File(PathBuf),
}

/// Why something is not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Neither a web address nor a file that exists.
    #[error("{0}: neither a web address (http, https) nor an existing file; not opened")]
    Refused(String),
    /// A file that the desktop would run.
    #[error("{0}: would be run, not shown; not opened")]
    Runs(String),
    /// No desktop to open it on.
    #[error("no display to open it on: {0}")]
    NoDesktop(String),
    /// The system's program is missing or reported an error.
    #[error("{program} could not open it ({reason}): {target}")]
    Opener {
        /// The system's program.
        program: String,
        /// What went wrong.
        reason: String,
        /// What was to be opened.
        target: String,
    },
}

impl Target {
    /// Accepts an address or the path of a file. `file:` addresses are not accepted.
    pub fn parse(text: &str) -> Result<Self, OpenError> {
        let text = text.trim();
        if is_web_address(text) {
            return Ok(Self::Address(percent_encode(text)));
        }
        Self::file(Path::new(text))
    }

    /// Accepts the path of an existing file.
    pub fn file(path: &Path) -> Result<Self, OpenError> {
        let shown = || scrub(&path.to_string_lossy(), false);
        // Absolute, so that no file name is taken for an option.
        let absolute = path
            .canonicalize()
            .ok()
            .filter(|path| path.is_file())
            .ok_or_else(|| OpenError::Refused(shown()))?;
        let extension = absolute
            .extension()
            .map(|extension| extension.to_string_lossy().to_lowercase());
        if extension.is_some_and(|extension| RUN_NOT_SHOWN.contains(&extension.as_str())) {
            return Err(OpenError::Runs(shown()));
        }
        Ok(Self::File(absolute))
    }

    fn argument(&self) -> &OsStr {
        match self {
            Self::Address(address) => address.as_ref(),
            Self::File(path) => path.as_os_str(),
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address(address) => f.write_str(address),
            Self::File(path) => f.write_str(&scrub(&path.to_string_lossy(), false)),
        }
    }
}

/// The program that opens things, and what it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opener {
    /// The program; it gets one argument, the address or path.
    pub program: OsString,
    /// Whether it works only with a desktop. Without one `xdg-open` starts a browser inside the terminal.
    pub needs_desktop: bool,
}

impl Default for Opener {
    fn default() -> Self {
        Self {
            program: OsString::from(if cfg!(target_os = "macos") {
                "open"
            } else {
                "xdg-open"
            }),
            needs_desktop: true,
        }
    }
}

impl Opener {
    /// Opens the target; returns once the opener has ended, or after a second and a half, so never on the thread that
    /// draws. The opener outlives this program and its terminal.
    pub fn open(&self, target: &Target, environment: &Environment) -> Result<(), OpenError> {
        if self.needs_desktop && !environment.has_desktop() {
            return Err(OpenError::NoDesktop(target.to_string()));
        }
        let failed = |reason: String| OpenError::Opener {
            program: self.program.to_string_lossy().into_owned(),
            reason,
            target: target.to_string(),
        };
        let words = [self.program.as_os_str(), target.argument()];
        program::launch(&words).map_err(failed)?;
        Ok(())
    }
}

fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let is_web = ["http", "https"]
        .iter()
        .any(|web| scheme.eq_ignore_ascii_case(web));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    is_web
        && text.len() <= ADDRESS_LIMIT
        && !host.is_empty()
        && !host.starts_with(['-', ':', '@'])
        && !text.chars().any(char::is_control)
}

/// Percent-encodes what RFC 3986, section 2, gives no place in an address; what is encoded already stays.
fn percent_encode(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(digit), 16).unwrap_or('0');
                out.push(digit.to_ascii_uppercase());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_addresses_are_accepted() {
        for address in [
            "https://doi.org/10.1016/S0140-6736(20)30183-5",
            "http://example.org",
            "HTTPS://example.org/a?b=c&d#e",
        ] {
            assert_eq!(
                Target::parse(address),
                Ok(Target::Address(address.to_owned()))
            );
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "javascript://example.org/%0aalert(1)",
            "ftp://example.org/x",
            "ssh://-oProxyCommand=id/x",
            "https://",
            "https:///path",
            "https://-x/",
            "https://exa\u{1b}mple.org",
            "https://example.org/\nhttps://example.com",
            "--help",
            "/no/such/file.pdf",
            "/tmp",
            "mailto:a@b.c",
            "example.org",
        ] {
            let result = Target::parse(text);
            assert!(
                matches!(result, Err(OpenError::Refused(_))),
                "{text:?}: {result:?}"
            );
        }
    }

    #[test]
    fn a_refusal_shows_no_control_characters() {
        let error = Target::parse("x\u{1b}]52;c;eA==\u{7}\u{202e}").unwrap_err();
        assert!(
            !error
                .to_string()
                .chars()
                .any(crate::core::text::is_dangerous)
        );
    }

    #[test]
    fn what_has_no_place_in_an_address_is_encoded() {
        assert_eq!(
            Target::parse("https://example.org/ü \"`<x>%20"),
            Ok(Target::Address(
                "https://example.org/%C3%BC%20%22%60%3Cx%3E%20".to_owned()
            ))
        );
    }

    #[test]
    fn existing_files_are_opened_by_their_absolute_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("-rf a;b.pdf");
        std::fs::write(&path, "x").unwrap();
        let target = Target::file(&path).unwrap();
        assert_eq!(target, Target::File(path.canonicalize().unwrap()));
    }

    #[test]
    fn files_that_a_desktop_would_run_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["x.desktop", "x.SH", "x.AppImage"] {
            let path = folder.path().join(name);
            std::fs::write(&path, "x").unwrap();
            assert!(matches!(Target::file(&path), Err(OpenError::Runs(_))));
        }
    }

    #[test]
    fn the_opener_gets_one_argument() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (script, seen) = (folder.path().join("opener"), folder.path().join("seen"));
        let body = format!(
            "#!/bin/sh\nprintf '%s|%s' $# \"$1\" > '{}'\n",
            seen.display()
        );
        std::fs::write(&script, body).unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
        let opener = Opener {
            program: script.into_os_string(),
            needs_desktop: false,
        };
        let target = Target::parse("https://example.org/a;id&$(id)'x y").unwrap();
        opener.open(&target, &Environment::default()).unwrap();
        assert_eq!(
            std::fs::read_to_string(seen).unwrap(),
            "1|https://example.org/a;id&$(id)'x%20y"
        );
    }

    #[test]
    fn failures_name_the_program_and_the_target() {
        let target = Target::Address("https://example.org/".to_owned());
        let desktop = Environment {
            display: true,
            ..Environment::default()
        };
        for program in ["offprint-no-such-opener", "false"] {
            let opener = Opener {
                program: program.into(),
                needs_desktop: true,
            };
            let error = opener.open(&target, &desktop).unwrap_err().to_string();
            assert!(error.contains(program) && error.contains("https://example.org/"));
            let without = opener.open(&target, &Environment::default());
            assert!(matches!(without, Err(OpenError::NoDesktop(_))));
        }
    }
}
