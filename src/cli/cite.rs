//! `offprint cite ID... [--style S] [--format F]`.

use clap::Args;
use serde_json::{Map, Value, json};

use super::failure::{Failure, say};
use super::library::Session;
use super::output::Out;
use crate::core::catalogue::Written;
use crate::core::cite::way::{DEFAULT_STYLE, SHARE};
use crate::core::cite::{Format, Way};
use crate::core::csl::Rich;
use crate::core::item::Item;
use crate::core::paper::PaperNo;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The ids of the papers
    #[arg(
        required_unless_present = "all",
        conflicts_with = "all",
        value_name = "ID"
    )]
    pub(super) ids: Vec<String>,
    /// Every paper of the library
    #[arg(long)]
    all: bool,
    /// The citation style: an id such as apa, or a .csl file [default: default-style of the configuration]
    #[arg(long, value_name = "S")]
    style: Option<String>,
    /// plain, markdown or html for a style; or bibtex, biblatex, csl, ris, key, latex, pandoc, doi, link or
    /// title; or share, a block of title, citation and link in Markdown
    #[arg(long, value_name = "F")]
    format: Option<String>,
    /// The citation in the text instead of the bibliography entry
    #[arg(long, conflicts_with = "bibliography")]
    citation: bool,
    /// One list, sorted and numbered as the style says, with year suffixes
    #[arg(long)]
    bibliography: bool,
    /// The language, such as de-DE [default: language of the configuration, else that of the style]
    #[arg(long, value_name = "LANG")]
    pub(super) lang: Option<String>,
    /// Copy instead of printing
    #[cfg(feature = "tui")]
    #[arg(long, conflicts_with = "json")]
    copy: bool,
}

/// How the entries of a style are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Markup {
    Plain,
    Markdown,
    Html,
}

impl Markup {
    fn write(self, rich: &Rich) -> String {
        match self {
            Markup::Plain => rich.plain(),
            Markup::Markdown => rich.markdown(),
            Markup::Html => rich.html(),
        }
    }
}

/// What is asked for: a format, or a style with its markup.
fn wanted(arguments: &Arguments, session: &Session) -> Result<(Way, Markup), Failure> {
    let markup = match arguments.format.as_deref() {
        None | Some("plain") => Markup::Plain,
        Some("markdown") => Markup::Markdown,
        Some("html") => Markup::Html,
        Some(SHARE) => {
            if arguments.citation || arguments.bibliography {
                return Err(Failure::Usage(
                    "--format: share is a block of its own; leave out --citation and --bibliography"
                        .to_owned(),
                ));
            }
            let style = arguments.style.clone().map(|style| Way::named(&style));
            let way = style.unwrap_or_else(|| session.config.settings.default_way.clone());
            let style = way.style().unwrap_or(DEFAULT_STYLE).to_owned();
            return Ok((Way::Share(style.into()), Markup::Plain));
        }
        Some(name) => {
            let name = if name == "link" { "markdown" } else { name };
            let format: Format =
                name.parse()
                    .map_err(|error: crate::core::cite::UnknownFormat| {
                        Failure::Usage(format!(
                            "--format: {error}; or plain, markdown, html for a style"
                        ))
                    })?;
            if arguments.style.is_some() {
                return Err(Failure::Usage(format!(
                    "--format: {} is no way to print a style; leave out --style, or take plain, markdown or html",
                    format.name()
                )));
            }
            if arguments.citation || arguments.bibliography {
                return Err(Failure::Usage(format!(
                    "--format: {} has neither citations nor bibliographies; leave out --citation and --bibliography, or name a --style",
                    format.name()
                )));
            }
            return Ok((Way::Format(format), Markup::Plain));
        }
    };
    let way = match &arguments.style {
        Some(style) => Way::named(style),
        None => session.config.settings.default_way.clone(),
    };
    let style_wanted = arguments.citation || arguments.bibliography || arguments.format.is_some();
    Ok(match way {
        // A format as default, or in place of a style, cannot print what only a style can.
        Way::Format(_) if style_wanted => (Way::default(), markup),
        other => (other, markup),
    })
}

pub(super) fn run(arguments: &Arguments, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let (way, markup) = wanted(arguments, session)?;
    let library = &session.catalogue.library;
    let papers: Vec<PaperNo> = if arguments.all {
        library.numbers().collect()
    } else {
        arguments
            .ids
            .iter()
            .map(|id| session.paper(id))
            .collect::<Result<_, _>>()?
    };
    for paper in (session.catalogue).retracted_among(papers.iter().copied(), &|| false) {
        let id = library.id(paper);
        say(&format!(
            "warning: {id}: this paper was retracted; offprint show prints where"
        ));
    }
    #[cfg(feature = "tui")]
    if arguments.copy {
        let way = match (&way, arguments.citation) {
            (Way::Style(style), true) => Way::InText(style.clone()),
            _ => way,
        };
        let written = session
            .catalogue
            .cite(&way, &papers)
            .map_err(|error| session.failed(&error.to_string()))?;
        return super::copy::copy(&way, written, session);
    }
    if let Way::Format(_) | Way::Share(_) = way {
        return formatted(&way, &papers, session, out);
    }
    let style = way.style().unwrap_or_default();
    let items = |papers: &[PaperNo]| -> Result<Vec<Item>, Failure> {
        papers
            .iter()
            .map(|paper| session.catalogue.item(*paper))
            .collect::<Result<_, _>>()
            .map_err(|error| session.failed(&error.to_string()))
    };
    let failed = |error: crate::core::catalogue::CiteError| match error {
        crate::core::catalogue::CiteError::Style(error) => Failure::Failed(error.to_string()),
        other => session.failed(&other.to_string()),
    };
    if arguments.bibliography {
        let entries = session
            .catalogue
            .bibliography(style, items(&papers)?)
            .map_err(failed)?;
        if out.is_json() {
            return out.json_array(entries.iter().filter_map(|(at, entry)| {
                let paper = papers.get(*at)?;
                Some(json!({"id": library.id(*paper), "text": markup.write(entry)}))
            }));
        }
        for (_, entry) in &entries {
            out.line(&markup.write(entry))?;
        }
        return Ok(());
    }
    if arguments.citation && !out.is_json() {
        let rich = session
            .catalogue
            .in_text(style, items(&papers)?)
            .map_err(failed)?;
        return out.line(&markup.write(&rich));
    }
    let mut texts = Map::new();
    for paper in papers {
        let item = items(&[paper])?;
        let rich = if arguments.citation {
            session.catalogue.in_text(style, item).map_err(failed)?
        } else {
            let entries = session.catalogue.entries(style, item).map_err(failed)?;
            entries
                .into_iter()
                .map(|(_, entry)| entry)
                .next()
                .unwrap_or_default()
        };
        let text = markup.write(&rich);
        if out.is_json() {
            texts.insert(library.id(paper).to_owned(), Value::String(text));
        } else {
            out.line(&text)?;
        }
    }
    if out.is_json() {
        return out.json(&Value::Object(texts));
    }
    Ok(())
}

fn formatted(
    way: &Way,
    papers: &[PaperNo],
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let written = |papers: &[PaperNo]| -> Result<Written, Failure> {
        session
            .catalogue
            .cite(way, papers)
            .map_err(|error| session.failed(&format!("{error}; try another --format")))
    };
    if out.is_json() {
        let mut texts = Map::new();
        for paper in papers {
            let id = session.catalogue.library.id(*paper).to_owned();
            texts.insert(id, Value::String(written(&[*paper])?.text));
        }
        return out.json(&Value::Object(texts));
    }
    let text = written(papers)?.text;
    if let Way::Format(format) = way {
        for paper in papers {
            let item = session
                .catalogue
                .item(*paper)
                .map_err(|error| session.failed(&error.to_string()))?;
            if let Some(reason) = format.unavailable(&item) {
                let id = session.catalogue.library.id(*paper);
                say(&format!("warning: {id}: {reason}; it is left out"));
            }
        }
    }
    out.line(&text)
}
