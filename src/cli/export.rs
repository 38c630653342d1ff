//! `offprint export [QUERY] --format F`.

mod folder;
mod selection;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::failure::{Failure, say};
use super::library::Session;
use super::output::Out;
use crate::core::cite::Way;
use crate::core::csl::Rich;
use crate::core::export::{Collected, Document, Options, Queue, Target};
use crate::core::item::Item;
use crate::core::text::scrub;
use crate::runtime::output_file::OutputFile;
use crate::runtime::place::Place;
use crate::runtime::source::reason;
use selection::{Selected, Selection};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// bibtex, biblatex, ris, csl, csv, markdown, html or obsidian [default: by the name after --output, else bibtex]
    #[arg(long, value_name = "F", value_parser = format)]
    format: Option<Target>,
    /// These papers
    #[arg(long = "id", value_name = "ID", num_args = 1..)]
    ids: Vec<String>,
    /// The papers cited in this .tex, .aux, .md or .typ, and the keys that are missing; or zotero, to write CSL-JSON
    /// that Zotero reads
    #[arg(long = "for", value_name = "FILE|zotero", num_args = 1..)]
    purpose: Vec<PathBuf>,
    /// Write this file, or into this folder; an existing file is replaced
    #[arg(long, short, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
    /// With csl: status, star, rating, priority, tags, comments, queue, dates and files go along
    #[arg(long)]
    bundle: bool,
    /// Write the comments, a Markdown file a paper, into this folder
    #[arg(long, value_name = "DIR")]
    comments: Option<PathBuf>,
    /// The citation style of markdown, html and obsidian [default: default-style of the configuration]
    #[arg(long, value_name = "S")]
    style: Option<String>,
    /// In a folder, also replace files that offprint did not write or that were edited since
    #[arg(long)]
    force: bool,
    /// Only papers that match, as in the search box
    query: Vec<String>,
}

fn format(name: &str) -> Result<Target, String> {
    name.parse()
        .map_err(|error: crate::core::export::UnknownTarget| error.to_string())
}

/// What is written, in the end.
#[derive(Debug, Default)]
struct Report {
    papers: usize,
    /// Files that were written.
    files: Vec<PathBuf>,
    /// Files that are as they were: the same already.
    same: usize,
    /// Files that were left alone, with the reason.
    kept: Vec<String>,
}

impl Arguments {
    fn for_zotero(&self) -> bool {
        self.purpose.iter().any(|name| name == Path::new("zotero"))
    }

    fn manuscripts(&self) -> impl Iterator<Item = &PathBuf> {
        let zotero = Path::new("zotero");
        self.purpose.iter().filter(move |name| *name != zotero)
    }

    /// The format: as named, else by the name of the file. `None` when only comments are wanted.
    fn target(&self) -> Result<Option<Target>, Failure> {
        let only_csl = if self.bundle {
            Some("--bundle")
        } else {
            self.for_zotero().then_some("--for zotero")
        };
        let extension = self.output.as_deref().and_then(Path::extension);
        let named =
            extension.and_then(|extension| Target::of_extension(&extension.to_string_lossy()));
        let target = match (self.format, only_csl) {
            (Some(target), Some(option)) if target != Target::Csl => {
                return Err(Failure::Usage(format!(
                    "{option}: only CSL-JSON is written so; take --format csl, or leave it out"
                )));
            }
            (Some(target), _) => target,
            (None, Some(_)) => Target::Csl,
            (None, None) if self.comments.is_some() && self.output.is_none() => return Ok(None),
            (None, None) => named.unwrap_or(Target::BibTex),
        };
        if target == Target::Obsidian && self.output.is_none() {
            return Err(Failure::Usage(
                "--format obsidian: it writes one file a paper; name a folder with --output"
                    .to_owned(),
            ));
        }
        Ok(Some(target))
    }
}

pub(super) fn run(
    arguments: &Arguments,
    session: &mut Session,
    out: &mut Out,
) -> Result<ExitCode, Failure> {
    let target = arguments.target()?;
    let selection = selection::select(arguments, session)?;
    let mut report = Report {
        papers: selection.papers.len(),
        ..Report::default()
    };
    let mut text = None;
    match (target, &arguments.output) {
        (None, _) => {}
        (Some(Target::Obsidian), Some(folder)) => {
            let style = style(arguments, session);
            folder::notes(
                folder,
                &selection,
                &style,
                arguments.force,
                session,
                &mut report,
            )?;
        }
        (Some(target), output) => {
            let options = options(arguments, session, output.is_none() && out.is_terminal());
            let document = Document::new(target, options);
            match output {
                Some(path) => {
                    let path = file(path, target, arguments, session)?;
                    let refused =
                        |error: &std::io::Error| failed(&path, error, "nothing was written there");
                    let mut file = OutputFile::create(&path).map_err(|error| refused(&error))?;
                    write(
                        document,
                        target,
                        &selection,
                        arguments,
                        session,
                        &mut |piece| {
                            file.write_all(piece.as_bytes())
                                .map_err(|error| refused(&error))
                        },
                    )?;
                    file.finish().map_err(|error| refused(&error))?;
                    report.files.push(path);
                }
                None if out.is_json() => {
                    let mut all = String::new();
                    write(
                        document,
                        target,
                        &selection,
                        arguments,
                        session,
                        &mut |piece| {
                            all.push_str(piece);
                            Ok(())
                        },
                    )?;
                    text = Some(all);
                }
                None => write(
                    document,
                    target,
                    &selection,
                    arguments,
                    session,
                    &mut |piece| out.text(piece),
                )?,
            }
        }
    }
    if let Some(folder) = &arguments.comments {
        folder::comments(folder, &selection, arguments.force, session, &mut report)?;
    }
    tell(&report, &selection, target, text, out)?;
    out.finish()?;
    let complete = selection.missing.is_empty() && report.kept.is_empty();
    Ok(ExitCode::from(u8::from(!complete)))
}

/// Says what was written, and on standard error what was not.
fn tell(
    report: &Report,
    selection: &Selection,
    target: Option<Target>,
    text: Option<String>,
    out: &mut Out,
) -> Result<(), Failure> {
    for missing in &selection.missing {
        say(&missing.line);
    }
    for line in &report.kept {
        say(line);
    }
    let shown = |path: &PathBuf| scrub(&path.to_string_lossy(), false);
    if out.is_json() {
        let mut value = json!({
            "papers": report.papers,
            "format": target.map(Target::name),
            "files": report.files.iter().map(shown).collect::<Vec<_>>(),
            "unchanged": report.same,
            "kept": report.kept,
            "missing": selection.missing.iter().map(|missing| &missing.key).collect::<Vec<_>>(),
        });
        if let (Some(text), Some(object)) = (text, value.as_object_mut()) {
            object.insert("text".to_owned(), text.into());
        }
        return out.json(&value);
    }
    let papers = match report.papers {
        1 => "1 paper".to_owned(),
        many => format!("{many} papers"),
    };
    match (report.files.as_slice(), report.same) {
        ([], 0) => Ok(()),
        ([one], 0) => out.line(&format!("{} · {papers}", shown(one))),
        (files, 0) => out.line(&format!("{papers} · {} files", files.len())),
        (files, same) => out.line(&format!(
            "{papers} · {} files, {same} the same already",
            files.len()
        )),
    }
}

fn options(arguments: &Arguments, session: &Session, escape: bool) -> Options {
    let heading = arguments.query.join(" ");
    Options {
        bundle: arguments.bundle,
        zotero: arguments.for_zotero(),
        escape,
        cited: arguments.manuscripts().next().is_some(),
        heading: if heading.is_empty() {
            library_name(session)
        } else {
            heading
        },
    }
}

/// The library's name without folder and extension.
fn library_name(session: &Session) -> String {
    match &session.library {
        Place::File(path) => path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default(),
        Place::Example => "example".to_owned(),
    }
}

/// The style that citations are printed in.
fn style(arguments: &Arguments, session: &Session) -> String {
    let way = match &arguments.style {
        Some(style) => Way::named(style),
        None => session.config.settings.default_way.clone(),
    };
    let default = Way::default();
    let style = way.style().or(default.style());
    style.unwrap_or_default().to_owned()
}

/// The file to write: of a folder that is named, one that has the library's name and is not there yet.
fn file(
    path: &Path,
    target: Target,
    arguments: &Arguments,
    session: &Session,
) -> Result<PathBuf, Failure> {
    let mut file = path.to_owned();
    if path.is_dir() {
        file = path.join(format!("{}.{}", library_name(session), target.extension()));
        if file.symlink_metadata().is_ok() && !arguments.force {
            let name = scrub(&file.to_string_lossy(), false);
            return Err(Failure::Failed(format!(
                "{name}: it is there already; name it with --output to replace it, or add --force"
            )));
        }
    }
    if let Place::File(library) = &session.library
        && let (Ok(library), Ok(own)) = (library.canonicalize(), file.canonicalize())
        && library == own
    {
        let name = scrub(&file.to_string_lossy(), false);
        return Err(Failure::Failed(format!(
            "{name}: this is the library itself; name another file"
        )));
    }
    Ok(file)
}

fn failed(path: &Path, error: &std::io::Error, hint: &str) -> Failure {
    let name = scrub(&path.to_string_lossy(), false);
    Failure::Failed(format!("{name}: {}; {hint}", reason(error)))
}

/// Writes the document piece by piece.
fn write(
    mut document: Document,
    target: Target,
    selection: &Selection,
    arguments: &Arguments,
    session: &Session,
    put: &mut dyn FnMut(&str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let queue = Queue::new(session.catalogue.notes.state());
    put(&document.head(selection.papers.len()))?;
    if target.needs_citations() {
        for (at, citation) in bibliography(selection, &style(arguments, session), session)? {
            if let Some(selected) = selection.papers.get(at) {
                let collected = collect(selected, &queue, session)?;
                put(&document.paper(&collected.paper(Some(&citation))))?;
            }
        }
    } else {
        for selected in &selection.papers {
            let collected = collect(selected, &queue, session)?;
            put(&document.paper(&collected.paper(None)))?;
        }
    }
    put(&document.foot())
}

fn collect(selected: &Selected, queue: &Queue, session: &Session) -> Result<Collected, Failure> {
    Collected::read(
        &session.catalogue,
        selected.no,
        selected.key.as_deref(),
        queue,
    )
    .map_err(|error| session.failed(&error.to_string()))
}

/// The citations of all papers as one list in the order of the style, each with the index of its paper.
fn bibliography(
    selection: &Selection,
    style: &str,
    session: &Session,
) -> Result<Vec<(usize, Rich)>, Failure> {
    let catalogue = &session.catalogue;
    let items: Vec<Item> = selection
        .papers
        .iter()
        .map(|selected| catalogue.item(selected.no))
        .collect::<Result<_, _>>()
        .map_err(|error| session.failed(&error.to_string()))?;
    catalogue
        .bibliography(style, items)
        .map_err(|error| Failure::Failed(error.to_string()))
}
