//! What rendering makes: first a tree of [`Node`]s, then a finished [`Rich`] text with its writers.

use std::fmt::Write as _;

use super::style::{Display, FontStyle, FontWeight, Formatting, VerticalAlign};

/// One way to set text apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Italic.
    Italic,
    /// Oblique, shown as italic.
    Oblique,
    /// Upright inside italic.
    Upright,
    /// Bold.
    Bold,
    /// Light weight.
    Light,
    /// Normal weight inside bold.
    NormalWeight,
    /// Small capitals.
    SmallCaps,
    /// Normal letters inside small capitals.
    NormalCaps,
    /// Underlined.
    Underline,
    /// Not underlined inside underlined text.
    NoUnderline,
    /// Superscript.
    Superscript,
    /// Subscript.
    Subscript,
    /// On the line inside super- or subscript.
    Baseline,
    /// Its letters keep their case; looks like the text around it.
    NoCase,
}

/// Rendered text before quotes are resolved and punctuation is merged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// A stretch of text. `glued`: it continues the field of the text before it, so that nothing merges at its start.
    Text {
        text: String,
        glued: bool,
    },
    /// `field`: the mark comes from markup in a field, so that it flips inside the same mark.
    Styled {
        mark: Mark,
        field: bool,
        children: Vec<Node>,
    },
    /// Text in quotation marks; outer or inner ones, as the place demands. `inner`: written with the inner marks, which
    /// are kept where nothing is around them.
    Quoted {
        inner: bool,
        children: Vec<Node>,
    },
    Block(Display, Vec<Node>),
    /// The names of a `names` element: what stands in place of repeated authors is put here.
    Names(Vec<Node>),
    /// One name.
    Name(Vec<Node>),
    /// Nodes that belong together.
    Group(Vec<Node>),
    /// A year, where a year suffix belongs and where cites collapse.
    Year(Vec<Node>),
    /// The suffix that tells works of one year apart.
    YearSuffix(String),
    /// The citation number.
    CitationNumber(String),
}

impl Node {
    pub(crate) fn text(text: impl Into<String>) -> Node {
        Node::Text {
            text: text.into(),
            glued: false,
        }
    }

    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Node::Text { text, .. } | Node::YearSuffix(text) | Node::CitationNumber(text) => {
                text.is_empty()
            }
            Node::Styled { children, .. }
            | Node::Quoted { children, .. }
            | Node::Block(_, children)
            | Node::Names(children)
            | Node::Name(children)
            | Node::Group(children)
            | Node::Year(children) => are_blank(children),
        }
    }

    pub(crate) fn children_mut(&mut self) -> Option<&mut Vec<Node>> {
        match self {
            Node::Text { .. } | Node::YearSuffix(_) | Node::CitationNumber(_) => None,
            Node::Styled { children, .. }
            | Node::Quoted { children, .. }
            | Node::Block(_, children)
            | Node::Names(children)
            | Node::Name(children)
            | Node::Group(children)
            | Node::Year(children) => Some(children),
        }
    }

    pub(crate) fn children(&self) -> &[Node] {
        match self {
            Node::Text { .. } | Node::YearSuffix(_) | Node::CitationNumber(_) => &[],
            Node::Styled { children, .. }
            | Node::Quoted { children, .. }
            | Node::Block(_, children)
            | Node::Names(children)
            | Node::Name(children)
            | Node::Group(children)
            | Node::Year(children) => children,
        }
    }
}

pub(crate) fn are_blank(nodes: &[Node]) -> bool {
    nodes.iter().all(Node::is_blank)
}

/// The text of nodes without any marks, for comparing and sorting.
pub(crate) fn flat_text(nodes: &[Node], into: &mut String) {
    for node in nodes {
        match node {
            Node::Text { text, .. } | Node::YearSuffix(text) | Node::CitationNumber(text) => {
                into.push_str(text);
            }
            other => flat_text(other.children(), into),
        }
    }
}

/// The marks of a formatting, the innermost first.
pub(crate) fn marks_of(formatting: Formatting) -> impl Iterator<Item = Mark> {
    [
        formatting.font_style.map(|style| match style {
            FontStyle::Normal => Mark::Upright,
            FontStyle::Italic => Mark::Italic,
            FontStyle::Oblique => Mark::Oblique,
        }),
        formatting.small_caps.map(|on| {
            if on {
                Mark::SmallCaps
            } else {
                Mark::NormalCaps
            }
        }),
        formatting.font_weight.map(|weight| match weight {
            FontWeight::Normal => Mark::NormalWeight,
            FontWeight::Bold => Mark::Bold,
            FontWeight::Light => Mark::Light,
        }),
        formatting.underline.map(|on| {
            if on {
                Mark::Underline
            } else {
                Mark::NoUnderline
            }
        }),
        formatting.vertical_align.map(|align| match align {
            VerticalAlign::Baseline => Mark::Baseline,
            VerticalAlign::Superscript => Mark::Superscript,
            VerticalAlign::Subscript => Mark::Subscript,
        }),
    ]
    .into_iter()
    .flatten()
}

/// A piece of finished text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// The marked text begins.
    Open(Mark),
    /// It ends.
    Close(Mark),
    /// A block begins.
    OpenBlock(Display),
    /// It ends.
    CloseBlock(Display),
    /// Text, without any markup.
    Text(String),
}

/// A piece of text with the two attributes that every terminal has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Span {
    /// The text.
    pub text: String,
    /// Italic.
    pub italic: bool,
    /// Bold.
    pub bold: bool,
}

/// Finished text: quotation marks set, punctuation merged, marks properly nested.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rich {
    pub(crate) tokens: Vec<Token>,
}

impl Rich {
    /// The tokens: text, and marks and blocks that open and close, properly nested.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// There is no text in it.
    pub fn is_empty(&self) -> bool {
        self.tokens
            .iter()
            .all(|token| !matches!(token, Token::Text(text) if !text.is_empty()))
    }

    /// Plain text: what a citation is when the marks are left out. Blocks are set off by a space.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        for token in &self.tokens {
            match token {
                Token::Text(text) => out.push_str(text),
                Token::OpenBlock(_) | Token::CloseBlock(_) => separate(&mut out),
                Token::Open(_) | Token::Close(_) => {}
            }
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// CommonMark: `*italic*`, `**bold**`, the rest as inline HTML.
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        for token in &self.tokens {
            match token {
                Token::Text(text) => escape_markdown(text, &mut out),
                Token::OpenBlock(_) | Token::CloseBlock(_) => separate(&mut out),
                Token::Open(mark) => out.push_str(match mark {
                    Mark::Italic | Mark::Oblique => "*",
                    Mark::Bold => "**",
                    Mark::Superscript => "<sup>",
                    Mark::Subscript => "<sub>",
                    _ => "",
                }),
                Token::Close(mark) => out.push_str(match mark {
                    Mark::Italic | Mark::Oblique => "*",
                    Mark::Bold => "**",
                    Mark::Superscript => "</sup>",
                    Mark::Subscript => "</sub>",
                    _ => "",
                }),
            }
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// HTML of the kind that reference managers exchange: `<i>`, `<b>`, `<sup>`, `<sub>`, spans for the rest, `div`s
    /// with the classes `csl-block`, `csl-left-margin`, `csl-right-inline` and `csl-indent` for blocks.
    pub fn html(&self) -> String {
        let mut out = String::new();
        for token in &self.tokens {
            match token {
                Token::Text(text) => escape_html(text, &mut out),
                Token::Open(mark) => out.push_str(html_tags(*mark).0),
                Token::Close(mark) => out.push_str(html_tags(*mark).1),
                Token::OpenBlock(display) => {
                    let class = match display {
                        Display::Block => "csl-block",
                        Display::LeftMargin => "csl-left-margin",
                        Display::RightInline => "csl-right-inline",
                        Display::Indent => "csl-indent",
                    };
                    let _ = write!(out, "<div class=\"{class}\">");
                }
                Token::CloseBlock(_) => out.push_str("</div>"),
            }
        }
        out
    }

    /// The text in pieces of one look each.
    pub fn spans(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        let mut italic = vec![false];
        let mut bold = vec![false];
        for token in &self.tokens {
            match token {
                Token::Open(mark) => match mark {
                    Mark::Italic | Mark::Oblique => italic.push(true),
                    Mark::Upright => italic.push(false),
                    Mark::Bold => bold.push(true),
                    Mark::NormalWeight | Mark::Light => bold.push(false),
                    _ => {}
                },
                Token::Close(mark) => match mark {
                    Mark::Italic | Mark::Oblique | Mark::Upright => {
                        italic.pop();
                    }
                    Mark::Bold | Mark::NormalWeight | Mark::Light => {
                        bold.pop();
                    }
                    _ => {}
                },
                Token::Text(text) => {
                    let look = (
                        italic.last().copied().unwrap_or_default(),
                        bold.last().copied().unwrap_or_default(),
                    );
                    push_span(&mut spans, text, look);
                }
                Token::OpenBlock(_) | Token::CloseBlock(_) => {
                    if spans
                        .last()
                        .is_some_and(|span| !span.text.ends_with(char::is_whitespace))
                    {
                        push_span(&mut spans, " ", (false, false));
                    }
                }
            }
        }
        if let Some(last) = spans.last_mut() {
            last.text.truncate(last.text.trim_end().len());
            if last.text.is_empty() {
                spans.pop();
            }
        }
        spans
    }
}

fn push_span(spans: &mut Vec<Span>, text: &str, (italic, bold): (bool, bool)) {
    match spans.last_mut() {
        Some(last) if last.italic == italic && last.bold == bold => last.text.push_str(text),
        _ => spans.push(Span {
            text: text.to_owned(),
            italic,
            bold,
        }),
    }
}

fn separate(out: &mut String) {
    if !out.is_empty() && !out.ends_with(char::is_whitespace) {
        out.push(' ');
    }
}

fn html_tags(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Italic => ("<i>", "</i>"),
        Mark::Oblique => ("<em>", "</em>"),
        Mark::Upright => ("<span style=\"font-style:normal;\">", "</span>"),
        Mark::Bold => ("<b>", "</b>"),
        Mark::Light => ("<span style=\"font-weight:lighter;\">", "</span>"),
        Mark::NormalWeight => ("<span style=\"font-weight:normal;\">", "</span>"),
        Mark::SmallCaps => ("<span style=\"font-variant:small-caps;\">", "</span>"),
        Mark::NormalCaps => ("<span style=\"font-variant:normal;\">", "</span>"),
        Mark::Underline => ("<span style=\"text-decoration:underline;\">", "</span>"),
        Mark::NoUnderline => ("<span style=\"text-decoration:none;\">", "</span>"),
        Mark::Superscript => ("<sup>", "</sup>"),
        Mark::Subscript => ("<sub>", "</sub>"),
        Mark::Baseline => ("<span style=\"baseline\">", "</span>"),
        Mark::NoCase => ("", ""),
    }
}

fn escape_html(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&#38;"),
            '<' => out.push_str("&#60;"),
            '>' => out.push_str("&#62;"),
            '\u{a0}' => out.push_str("&#160;"),
            c => out.push(c),
        }
    }
}

fn escape_markdown(text: &str, out: &mut String) {
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '`' | '[' | ']' | '<' | '>') {
            out.push('\\');
        }
        out.push(c);
    }
}
