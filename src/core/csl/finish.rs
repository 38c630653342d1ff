//! From nodes to finished text: quotation marks, flip-flopping marks, and punctuation where parts meet.
//!
//! Punctuation is only looked at where two parts of a style meet (a value and a suffix, two values and the delimiter
//! between them); what stands inside a field is never touched.

use super::rich::{Mark, Node, Rich, Token};
use super::style::Display;

/// The quotation marks of a locale and where its full stops and commas go.
#[derive(Debug, Clone)]
pub(crate) struct QuoteMarks {
    pub(crate) outer: (String, String),
    pub(crate) inner: (String, String),
    /// Full stops and commas move inside the closing mark.
    pub(crate) punctuation_inside: bool,
}

#[derive(Clone, Copy, Default)]
struct Around {
    italic: bool,
    bold: bool,
    small_caps: bool,
    underline: bool,
    script: bool,
    quotes: usize,
}

/// Finishes rendered nodes.
pub(crate) fn finish(nodes: &[Node], marks: &QuoteMarks) -> Rich {
    let mut finisher = Finisher {
        marks,
        tokens: Vec::new(),
        last_text: None,
        closing_quotes: Vec::new(),
    };
    finisher.nodes(nodes, Around::default());
    Rich {
        tokens: prune(finisher.tokens),
    }
}

/// Leaves out marks and texts with nothing in them.
fn prune(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match &token {
            Token::Text(text) if text.is_empty() => {}
            Token::Close(mark) if kept.last() == Some(&Token::Open(*mark)) => {
                kept.pop();
            }
            Token::CloseBlock(display) if kept.last() == Some(&Token::OpenBlock(*display)) => {
                kept.pop();
            }
            _ => kept.push(token),
        }
    }
    kept
}

struct Finisher<'a> {
    marks: &'a QuoteMarks,
    tokens: Vec<Token>,
    /// Index of the last text that is not empty and not a closing quotation mark of ours.
    last_text: Option<usize>,
    /// Indices of the closing quotation marks that end the text so far, the innermost first.
    closing_quotes: Vec<usize>,
}

impl Finisher<'_> {
    fn nodes(&mut self, nodes: &[Node], around: Around) {
        for node in nodes {
            self.node(node, around);
        }
    }

    fn node(&mut self, node: &Node, around: Around) {
        match node {
            Node::Text { text, glued } => self.text(text, *glued),
            Node::YearSuffix(text) | Node::CitationNumber(text) => self.text(text, false),
            Node::Names(children)
            | Node::Name(children)
            | Node::Group(children)
            | Node::Year(children) => self.nodes(children, around),
            Node::Block(display, children) => self.block(*display, children, around),
            Node::Quoted { inner, children } => self.quoted(*inner, children, around),
            Node::Styled {
                mark,
                field,
                children,
            } => {
                let (mark, inside) = settle(*mark, *field, around);
                if let Some(mark) = mark {
                    self.tokens.push(Token::Open(mark));
                    self.nodes(children, inside);
                    self.tokens.push(Token::Close(mark));
                } else {
                    self.nodes(children, inside);
                }
            }
        }
    }

    fn block(&mut self, display: Display, children: &[Node], around: Around) {
        self.tokens.push(Token::OpenBlock(display));
        self.nodes(children, around);
        // White space at the end of a block is not seen, and would hide a collision with the next part.
        if let Some(Token::Text(text)) = self.last_text.and_then(|at| self.tokens.get_mut(at))
            && self.closing_quotes.is_empty()
        {
            text.truncate(text.trim_end_matches(' ').len());
        }
        self.tokens.push(Token::CloseBlock(display));
    }

    fn quoted(&mut self, inner: bool, children: &[Node], around: Around) {
        if super::rich::are_blank(children) {
            return;
        }
        let level = if inner && around.quotes == 0 {
            1
        } else {
            around.quotes
        };
        let (open, close) = if level % 2 == 0 {
            &self.marks.outer
        } else {
            &self.marks.inner
        };
        self.text(open, true);
        self.nodes(
            children,
            Around {
                quotes: level + 1,
                ..around
            },
        );
        self.closing_quotes.push(self.tokens.len());
        self.tokens.push(Token::Text(close.clone()));
    }

    fn text(&mut self, text: &str, glued: bool) {
        let rest = if glued { text } else { self.merge(text) };
        if rest.is_empty() {
            return;
        }
        self.closing_quotes.clear();
        self.last_text = Some(self.tokens.len());
        self.tokens.push(Token::Text(rest.to_owned()));
    }

    /// Merges the start of a part with the end of the text so far; what is left of the part comes back.
    fn merge<'t>(&mut self, text: &'t str) -> &'t str {
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let tail = rest.get(next.len_utf8()..).unwrap_or_default();
            let Some(last) = self.last_char() else {
                return rest;
            };
            if let Some(&quote) = self.closing_quotes.first() {
                // Text ends in a quotation mark; `last` stands before it.
                if matches!(next, '.' | ',') && self.marks.punctuation_inside {
                    if collide(last, next) != Collision::DropNext {
                        self.insert_before_quote(quote, next);
                    }
                    rest = tail;
                    continue;
                }
                if next == '.' && matches!(last, '.' | '?' | '!') {
                    rest = tail;
                    continue;
                }
                return rest;
            }
            match collide(last, next) {
                Collision::Keep => return rest,
                Collision::DropNext => rest = tail,
                Collision::Replace => {
                    if let Some(Token::Text(text)) =
                        self.last_text.and_then(|at| self.tokens.get_mut(at))
                    {
                        text.pop();
                        text.push(next);
                    }
                    rest = tail;
                }
            }
            if next != ' ' {
                return rest;
            }
        }
        rest
    }

    fn last_char(&self) -> Option<char> {
        match self.tokens.get(self.last_text?)? {
            Token::Text(text) => text.chars().next_back(),
            _ => None,
        }
    }

    fn insert_before_quote(&mut self, quote: usize, c: char) {
        self.tokens.insert(quote, Token::Text(c.to_string()));
        self.last_text = Some(quote);
        for index in &mut self.closing_quotes {
            *index += 1;
        }
    }
}

#[derive(PartialEq, Eq)]
enum Collision {
    Keep,
    DropNext,
    /// The next mark takes the place of the last.
    Replace,
}

/// What becomes of two marks that meet. The pairs are those of the CSL test suite (`punctuation_FullMonty`).
fn collide(last: char, next: char) -> Collision {
    match (last, next) {
        (' ' | '\u{a0}', ' ')
        | ('.', '.')
        | (',', ',')
        | (':', ':' | '.')
        | (';', ';' | ':' | '.')
        | ('!', '!' | '.' | ':')
        | ('?', '?' | '.' | ':') => Collision::DropNext,
        (':' | ';', '!' | '?') => Collision::Replace,
        _ => Collision::Keep,
    }
}

/// The mark to be set for a wanted one, given those around it; `None` when it changes nothing.
fn settle(mark: Mark, field: bool, around: Around) -> (Option<Mark>, Around) {
    let mut inside = around;
    let mark = match mark {
        Mark::Italic | Mark::Oblique => {
            inside.italic = !(field && around.italic);
            match (around.italic, field) {
                (false, _) => Some(mark),
                (true, true) => Some(Mark::Upright),
                (true, false) => None,
            }
        }
        Mark::Upright => {
            inside.italic = false;
            around.italic.then_some(mark)
        }
        Mark::Bold => {
            inside.bold = !(field && around.bold);
            match (around.bold, field) {
                (false, _) => Some(mark),
                (true, true) => Some(Mark::NormalWeight),
                (true, false) => None,
            }
        }
        Mark::Light => Some(mark),
        Mark::NormalWeight => {
            inside.bold = false;
            around.bold.then_some(mark)
        }
        Mark::SmallCaps => {
            inside.small_caps = !(field && around.small_caps);
            match (around.small_caps, field) {
                (false, _) => Some(mark),
                (true, true) => Some(Mark::NormalCaps),
                (true, false) => None,
            }
        }
        Mark::NormalCaps => {
            inside.small_caps = false;
            around.small_caps.then_some(mark)
        }
        Mark::Underline => {
            inside.underline = true;
            (!around.underline).then_some(mark)
        }
        Mark::NoUnderline => {
            inside.underline = false;
            around.underline.then_some(mark)
        }
        Mark::Superscript | Mark::Subscript => {
            inside.script = true;
            Some(mark)
        }
        Mark::Baseline => {
            inside.script = false;
            Some(mark).filter(|_| around.script)
        }
        Mark::NoCase => None,
    };
    (mark, inside)
}
