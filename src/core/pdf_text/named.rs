//! What names the paper on its own pages: the stamp of arXiv, and the DOI that the publisher prints on it.

use super::PageText;
use super::passages::bare_name;
use crate::core::identify::{Identifier, find_doi};
use crate::core::item::arxiv_id;

/// The paper names itself on one of these pages: a repository's cover may come before the first.
const FIRST_PAGES: usize = 2;

/// The identifier that the first pages give as that of the paper itself. A DOI counts where it is called one, in the
/// order of the places where publishers print it: at the top, at the bottom, between; one among the works cited does
/// not.
pub fn named_by(pages: &[PageText]) -> Option<Identifier> {
    let pages = pages.get(..FIRST_PAGES).unwrap_or(pages);
    pages
        .iter()
        .find_map(|page| {
            let lines = page.lines.iter().map(|line| line.text.as_str());
            std::iter::once(page.aside.as_str())
                .chain(lines)
                .find_map(stamp)
        })
        .map(Identifier::Arxiv)
        .or_else(|| pages.iter().find_map(printed).map(Identifier::Doi))
}

/// `arXiv:1706.03762v7 [cs.CL] 2 Aug 2023`; a reference to another paper has no version or no subject.
fn stamp(text: &str) -> Option<String> {
    let at = text.find("arXiv:")?;
    let stamp = text.get(at..)?;
    let id = arxiv_id(stamp, false).filter(|id| id.contains('v'))?;
    let rest = stamp.get("arXiv:".len() + id.len()..)?;
    rest.trim_start().starts_with('[').then(|| id.to_owned())
}

/// The DOI of a page.
fn printed(page: &PageText) -> Option<String> {
    let cited = page.lines.iter().position(|line| {
        ["references", "bibliography", "literature cited"].contains(&bare_name(&line.text).as_str())
    });
    let own = page
        .lines
        .get(..cited.unwrap_or(page.lines.len()))
        .unwrap_or_default();
    let mut found: Vec<(u8, String)> = Vec::new();
    for (at, line) in page.lines.iter().enumerate() {
        // Below the works cited nothing is the paper's own but the foot of the page.
        let is_foot = line.y > 0.92 * page.height;
        if at >= own.len() && !is_foot {
            continue;
        }
        let place = if line.y < 0.2 * page.height {
            0
        } else if line.y > 0.85 * page.height {
            1
        } else {
            2
        };
        let lower = line.text.to_lowercase();
        let is_called_one = ["doi.org/10.", "doi:", "doi 10.", "doi:10.", "doi :"]
            .iter()
            .any(|word| lower.contains(word));
        // A long DOI goes on in the next line.
        let next = page.lines.get(at + 1).map_or("", |line| line.text.as_str());
        let is_cut = line.text.ends_with(['/', '-', '.']) && !next.contains(' ');
        let text = if is_cut {
            format!("{}{next}", line.text)
        } else {
            line.text.clone()
        };
        let is_bare = text.starts_with("10.");
        if let Some(doi) = find_doi(&text).filter(|_| is_called_one || is_bare) {
            found.push((place + 3 * u8::from(!is_called_one), doi));
        }
    }
    let (_, doi) = found.into_iter().min_by_key(|(place, _)| *place)?;
    Some(doi)
}
