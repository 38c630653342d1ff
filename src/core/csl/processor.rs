//! A style and a locale, ready to render.

use super::document::{Citation, Cite, Document};
use super::finish::{QuoteMarks, finish};
use super::locale::Locale;
use super::macros::print_suffix;
use super::render::{Area, ItemState, Render};
use super::rich::{Node, Rich, are_blank};
use super::style::{Display, NameOptions, SecondFieldAlign, Style, TermForm};
use crate::core::item::Item;

/// A style in a language. Making one is cheap next to parsing the style; keep it for as long as items are to be cited.
#[derive(Debug)]
pub struct Processor<'a> {
    pub(crate) style: &'a Style,
    pub(crate) locale: Locale,
    pub(crate) marks: QuoteMarks,
    pub(crate) citation_options: NameOptions,
    pub(crate) bibliography_options: NameOptions,
    /// The style itself says where year suffixes go: in citations, in the bibliography.
    pub(crate) explicit_suffix: (bool, bool),
}

impl<'a> Processor<'a> {
    /// Puts a style and a locale together; the style's own terms and dates override the locale's.
    pub fn new(style: &'a Style, locale: &Locale) -> Processor<'a> {
        let locale = locale.overridden(&style.locales);
        let mark = |name: &str, default: &str| {
            locale
                .term(name, TermForm::Long, false)
                .filter(|term| !term.is_empty())
                .unwrap_or(default)
                .to_owned()
        };
        let marks = QuoteMarks {
            outer: (mark("open-quote", "“"), mark("close-quote", "”")),
            inner: (
                mark("open-inner-quote", "‘"),
                mark("close-inner-quote", "’"),
            ),
            punctuation_inside: locale.data.punctuation_in_quote.unwrap_or(false),
        };
        let bibliography = style.bibliography.as_ref();
        Processor {
            citation_options: style.citation.options.inherit(&style.options),
            bibliography_options: bibliography
                .map(|bibliography| bibliography.options.inherit(&style.options))
                .unwrap_or_default(),
            explicit_suffix: (
                style.any_reached(&style.citation.layout.children, print_suffix),
                bibliography.is_some_and(|bibliography| {
                    style.any_reached(&bibliography.layout.children, print_suffix)
                }),
            ),
            style,
            locale,
            marks,
        }
    }

    /// The language that terms and dates are printed in.
    pub fn lang(&self) -> &str {
        self.locale.lang()
    }

    /// The entry of one item on its own: what its bibliography entry prints, but without the number, which means
    /// something in a list only.
    pub fn bibliography_entry(&self, item: &Item) -> Rich {
        finish(&self.entry_nodes(item, &ItemState::default()), &self.marks)
    }

    /// The bibliography of a set of items: sorted as the style says, numbered, with year suffixes and repeated authors
    /// replaced. Each entry comes with the index of its item.
    pub fn bibliography(&self, items: &[Item]) -> Vec<(usize, Rich)> {
        let items: Vec<&Item> = items.iter().collect();
        self.document(&items, &[]).bibliography()
    }

    /// One citation in the text (or the note) of items that are cited for the first time.
    pub fn citation(&self, items: &[Item], cites: Vec<Cite>) -> Rich {
        let items: Vec<&Item> = items.iter().collect();
        let citations = [Citation { cites, note: None }];
        self.document(&items, &citations)
            .citations()
            .into_iter()
            .next()
            .unwrap_or_default()
    }

    /// A document that cites `items`, in the order of their first citation; `citations` in the order of the text.
    pub fn document<'d>(&'d self, items: &[&'d Item], citations: &'d [Citation]) -> Document<'d> {
        Document::new(self, items, citations)
    }

    /// The nodes of a bibliography entry.
    pub(crate) fn entry_nodes(&self, item: &Item, state: &ItemState) -> Vec<Node> {
        let Some(bibliography) = &self.style.bibliography else {
            return Vec::new();
        };
        let layout = &bibliography.layout;
        let mut render = Render::new(self, item, state, Area::Bibliography);
        if bibliography.second_field_align.is_none() {
            let out = render.elements(&layout.children, "");
            return render.laid_out(out.nodes, &layout.look);
        }
        // The first element that prints something stands in the margin.
        let mut first: Option<Vec<Node>> = None;
        let mut rest = Vec::new();
        for (place, element) in layout.children.iter().enumerate() {
            let nodes = render.elements(std::slice::from_ref(element), "").nodes;
            if are_blank(&nodes) {
                continue;
            }
            if first.is_none() && (place == 0 || state.number > 0) {
                first = Some(nodes);
            } else {
                rest.extend(nodes);
            }
        }
        let Some(first) = first else {
            return render.laid_out(rest, &layout.look);
        };
        if rest.is_empty() {
            return render.laid_out(first, &layout.look);
        }
        let rest = render.laid_out(rest, &layout.look);
        if matches!(first.as_slice(), [Node::Block(..)]) {
            return first.into_iter().chain(rest).collect();
        }
        vec![
            Node::Block(Display::LeftMargin, first),
            Node::Block(Display::RightInline, rest),
        ]
    }

    /// How the first field of an entry is set off, when it is.
    pub fn second_field_align(&self) -> Option<SecondFieldAlign> {
        self.style.bibliography.as_ref()?.second_field_align
    }

    /// Entries have a hanging indent.
    pub fn hanging_indent(&self) -> bool {
        self.style
            .bibliography
            .as_ref()
            .is_some_and(|bibliography| bibliography.hanging_indent)
    }

    /// Line spacing and spacing between entries, in lines.
    pub fn spacing(&self) -> (u32, u32) {
        self.style
            .bibliography
            .as_ref()
            .map_or((1, 1), |bibliography| {
                (bibliography.line_spacing, bibliography.entry_spacing)
            })
    }
}
