//! `offprint styles [QUERY]`.

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::output::{Field, Out};
use crate::core::cite::StyleSource;
use crate::core::index::fuzzy_score;
use crate::runtime::styles::Styles;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Letters of the id or the title, in order
    query: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, styles: &Styles, out: &mut Out) -> Result<(), Failure> {
    let wanted = arguments.query.join(" ");
    let mut names = styles.names();
    if !wanted.trim().is_empty() {
        let mut scored: Vec<_> = names
            .into_iter()
            .filter_map(|name| {
                let id = fuzzy_score(&wanted, &name.id).map(|(score, _)| score);
                let title = fuzzy_score(&wanted, &name.title).map(|(score, _)| score);
                Some((id.max(title)?, name))
            })
            .collect();
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        names = scored.into_iter().map(|(_, name)| name).collect();
    }
    if out.is_json() {
        return out.json_array(
            names
                .into_iter()
                .map(|name| json!({"id": name.id, "title": name.title})),
        );
    }
    for name in names {
        out.row(&[Field::Head(&name.id), Field::Plain(&name.title)])?;
    }
    Ok(())
}
