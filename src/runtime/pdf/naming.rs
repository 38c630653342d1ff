//! Which paper a PDF is.

use std::path::Path;

use super::{Answer, Ask, Program, Waiting};
use crate::core::identify::{Identifier, NamedBy, of_pdf};
use crate::core::pdf_text::{PageText, named_by, title};

/// The pages on which a paper names itself.
const FIRST_PAGES: u32 = 2;

/// What a PDF says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// Its identifier, and where it stood.
    pub named: Option<NamedBy>,
    /// Its title, as it is printed on the first page.
    pub title: Option<String>,
}

/// What names the paper of a PDF: its metadata or its name, else what is printed on its first pages, else what can be
/// found in its bytes. `bytes` are those of the file; its pages are read by the child.
pub fn naming(
    program: &Program,
    path: &Path,
    bytes: &[u8],
    is_cancelled: &dyn Fn() -> bool,
) -> Naming {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let of_bytes = of_pdf(&name, bytes);
    let is_sure = |named: &NamedBy| matches!(named.place, "its metadata" | "its name");
    let mut pages: Vec<PageText> = Vec::new();
    let asked = Ask::Text {
        first: 1,
        last: FIRST_PAGES,
    };
    // A PDF that cannot be read may still be named by its bytes.
    let _ = program.ask(path, &asked, &Waiting::until(is_cancelled), &mut |answer| {
        if let Answer::Text(text) = answer {
            pages.push(text);
        }
    });
    let printed = || {
        let identifier: Identifier = named_by(&pages)?;
        let place = "its first pages";
        Some(NamedBy { identifier, place })
    };
    let named = match of_bytes {
        Some(named) if is_sure(&named) => Some(named),
        other => printed().or(other),
    };
    Naming {
        named,
        title: title(&pages),
    }
}
