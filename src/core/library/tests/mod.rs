mod broken;
mod identity;
mod properties;
mod searching;
mod shapes;

use proptest::prelude::*;

use super::*;
use crate::core::text::fold;

fn build(text: impl AsRef<[u8]>) -> Result<(Library, Problems), FileError> {
    let mut builder = Builder::new();
    builder.feed(text.as_ref())?;
    builder.finish()?;
    let problems = builder.take_problems();
    Ok((builder.library().clone(), problems))
}

fn read(text: impl AsRef<[u8]>) -> (Library, Problems) {
    build(text).unwrap()
}

fn ids(library: &Library) -> Vec<&str> {
    library.numbers().map(|no| library.id(no)).collect()
}

/// `line:column what` of each problem, `lost` ones marked.
fn said(problems: &Problems) -> Vec<String> {
    let line = |p: &Problem| {
        let lost = if p.lost { "lost " } else { "" };
        format!("{}:{} {lost}{}", p.line, p.column, p.what)
    };
    problems.list().iter().map(line).collect()
}
