//! Which paper a PDF on the command line is.

use std::io;
use std::path::Path;

use crate::core::identify::NamedBy;
use crate::core::text::scrub;
use crate::runtime::source::reason;

/// Larger PDFs are not looked through, in bytes.
const LARGEST: u64 = 256 << 20;

/// What a PDF says of itself: an identifier, and its title.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) named: Option<NamedBy>,
    pub(super) title: Option<String>,
}

/// What a PDF says that it is; a line for the reader where it cannot be looked through.
pub(super) fn naming(path: &Path) -> Result<Said, String> {
    let name = scrub(&path.to_string_lossy(), false);
    let failed = |error: io::Error| format!("{name}: {}; check the name", reason(&error));
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > LARGEST {
        return Err(format!(
            "{name}: larger than 256 MB; add the paper by its DOI with --attach {name}"
        ));
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    Ok(said(path, &bytes))
}

#[cfg(feature = "pdf")]
fn said(path: &Path, bytes: &[u8]) -> Said {
    use crate::runtime::pdf;
    let said = pdf::naming(&pdf::Program::default(), path, bytes, &|| false);
    Said {
        named: said.named,
        title: said.title,
    }
}

#[cfg(not(feature = "pdf"))]
fn said(path: &Path, bytes: &[u8]) -> Said {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Said {
        named: crate::core::identify::of_pdf(&name, bytes),
        title: None,
    }
}
