//! Rich text in fields: the few tags that CSL-JSON allows, quotation marks and apostrophes.

use std::borrow::Cow;

use super::finish::QuoteMarks;
use super::rich::{Mark, Node};

/// Tags and quotes nested deeper than this are taken as text.
const MAX_DEPTH: usize = 30;

struct Frame {
    kind: Kind,
    nodes: Vec<Node>,
}

#[derive(Clone, PartialEq)]
enum Kind {
    Root,
    Tag {
        mark: Mark,
        /// The tag as written, for when it is never closed.
        source: String,
        /// What closes it.
        close: &'static str,
    },
    Quote(char),
}

/// Parses the text of a field. White space is collapsed, entities are resolved, straight quotes are paired and
/// apostrophes turned.
pub(crate) fn parse(text: &str, quotes: &QuoteMarks) -> Vec<Node> {
    let text = tidy(text);
    if !text
        .bytes()
        .any(|b| matches!(b, b'<' | b'&' | b'"' | b'\'') || !b.is_ascii())
    {
        return vec![Node::text(text)];
    }
    let mut parser = Parser {
        stack: vec![Frame {
            kind: Kind::Root,
            nodes: Vec::new(),
        }],
        text: String::new(),
        started: false,
        inner_close: single(&quotes.inner.1),
    };
    let outer_open = single(&quotes.outer.0);
    let outer_close = single(&quotes.outer.1);
    let inner_open = single(&quotes.inner.0);
    let inner_close = single(&quotes.inner.1);
    let mut before: Option<char> = None;
    let mut rest: &str = &text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        if c == '<' {
            if let Some((kind, tail)) = opening(rest)
                && parser.stack.len() < MAX_DEPTH
            {
                parser.open(kind);
                rest = tail;
                continue;
            }
            if let Some(tail) = parser.closing(rest) {
                rest = tail;
                continue;
            }
        }
        if c == '&'
            && let Some((decoded, tail)) = entity(rest)
        {
            parser.text.push(decoded);
            before = Some(decoded);
            rest = tail;
            continue;
        }
        let next = next_visible(after);
        let opens = before.is_none_or(|b| b.is_whitespace() || is_opener(b))
            && next.is_some_and(|n| !n.is_whitespace());
        let closes = before.is_some_and(|b| !b.is_whitespace());
        match c {
            '"' | '\'' => {
                let inside_word = before.is_some_and(char::is_alphanumeric)
                    && next.is_some_and(char::is_alphanumeric);
                let open_quote = parser.has_quote(c);
                if closes && open_quote && !(c == '\'' && inside_word) && ends_word(next) {
                    parser.close_quote(c);
                } else if opens && parser.stack.len() < MAX_DEPTH && closes_later(after, c) {
                    parser.open(Kind::Quote(c));
                } else if closes && open_quote && !inside_word {
                    parser.close_quote(c);
                } else {
                    parser.text.push(if c == '\'' { '’' } else { c });
                }
            }
            _ if Some(c) == outer_open || Some(c) == inner_open => {
                let same = Some(c) == outer_close || Some(c) == inner_close;
                let close = if Some(c) == outer_open {
                    outer_close
                } else {
                    inner_close
                };
                if opens
                    && parser.stack.len() < MAX_DEPTH
                    && close.is_some_and(|close| close_follows(after, close))
                {
                    parser.open(Kind::Quote(close.unwrap_or(c)));
                } else if same && parser.has_quote(c) {
                    parser.close_quote(c);
                } else {
                    parser.text.push(c);
                }
            }
            _ if Some(c) == outer_close || Some(c) == inner_close => {
                let apostrophe = c == '’' && next.is_some_and(char::is_alphanumeric);
                if parser.has_quote(c) && !apostrophe {
                    parser.close_quote(c);
                } else {
                    parser.text.push(c);
                }
            }
            c => parser.text.push(c),
        }
        before = Some(c);
        rest = after;
    }
    parser.finish()
}

struct Parser {
    stack: Vec<Frame>,
    text: String,
    /// Some text has been put down: what follows is glued to it.
    started: bool,
    /// The inner closing mark of the locale.
    inner_close: Option<char>,
}

impl Parser {
    fn flush(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let node = Node::Text {
            text: std::mem::take(&mut self.text),
            glued: self.started,
        };
        self.started = true;
        self.push(node);
    }

    fn push(&mut self, node: Node) {
        if let Some(frame) = self.stack.last_mut() {
            frame.nodes.push(node);
        }
    }

    fn open(&mut self, kind: Kind) {
        self.flush();
        if matches!(kind, Kind::Quote(_)) {
            self.started = true;
        }
        self.stack.push(Frame {
            kind,
            nodes: Vec::new(),
        });
    }

    fn has_quote(&self, close: char) -> bool {
        self.stack
            .iter()
            .rev()
            .take_while(|frame| !matches!(frame.kind, Kind::Tag { .. }))
            .any(|frame| frame.kind == Kind::Quote(close))
    }

    /// Closes the innermost quote of that kind; quotes opened since were not quotes.
    fn close_quote(&mut self, close: char) {
        self.flush();
        while let Some(frame) = self.pop() {
            if frame.kind == Kind::Quote(close) {
                self.push(Node::Quoted {
                    inner: Some(close) == self.inner_close && close != '\'',
                    children: frame.nodes,
                });
                return;
            }
            self.dissolve(frame);
        }
    }

    /// Closes a tag at the start of `rest`, when it is open.
    fn closing<'t>(&mut self, rest: &'t str) -> Option<&'t str> {
        let at = self.stack.iter().rposition(
            |frame| matches!(&frame.kind, Kind::Tag { close, .. } if starts_with_tag(rest, close)),
        )?;
        self.flush();
        while self.stack.len() > at + 1 {
            let frame = self.pop()?;
            self.dissolve(frame);
        }
        let frame = self.pop()?;
        if let Kind::Tag { mark, close, .. } = frame.kind {
            self.push(Node::Styled {
                mark,
                field: true,
                children: frame.nodes,
            });
            return rest.get(close.len()..);
        }
        None
    }

    fn pop(&mut self) -> Option<Frame> {
        if self.stack.len() > 1 {
            self.stack.pop()
        } else {
            None
        }
    }

    /// Puts down a frame that was never closed as what it was written.
    fn dissolve(&mut self, frame: Frame) {
        let opening = match frame.kind {
            Kind::Root => return,
            Kind::Tag { source, .. } => source,
            Kind::Quote(close) => match close {
                '\'' => "’".to_owned(),
                '’' => "‘".to_owned(),
                '”' => "“".to_owned(),
                '»' => "«".to_owned(),
                other => other.to_string(),
            },
        };
        self.push(Node::Text {
            text: opening,
            glued: true,
        });
        if let Some(parent) = self.stack.last_mut() {
            parent.nodes.extend(frame.nodes);
        }
    }

    fn finish(mut self) -> Vec<Node> {
        self.flush();
        while let Some(frame) = self.pop() {
            self.dissolve(frame);
        }
        self.stack
            .pop()
            .map(|frame| frame.nodes)
            .unwrap_or_default()
    }
}

fn single(text: &str) -> Option<char> {
    let text = text.trim_matches(['\u{a0}', '\u{202f}', ' ']);
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// The next character that is not inside a tag.
fn next_visible(text: &str) -> Option<char> {
    let mut rest = text;
    loop {
        let c = rest.chars().next()?;
        if c != '<' {
            return Some(c);
        }
        let Some(length) = tag_length(rest) else {
            return Some(c);
        };
        rest = rest.get(length..)?;
    }
}

fn tag_length(text: &str) -> Option<usize> {
    if let Some((_, tail)) = opening(text) {
        return Some(text.len() - tail.len());
    }
    CLOSERS
        .iter()
        .find(|close| starts_with_tag(text, close))
        .map(|close| close.len())
}

const CLOSERS: [&str; 8] = [
    "</i>",
    "</b>",
    "</sup>",
    "</sub>",
    "</sc>",
    "</span>",
    "</em>",
    "</strong>",
];

fn starts_with_tag(text: &str, tag: &str) -> bool {
    text.get(..tag.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(tag))
}

/// Reads an opening tag that CSL-JSON allows (and `em`, `strong`, `scp`, which other writers use).
fn opening(text: &str) -> Option<(Kind, &str)> {
    const SIMPLE: [(&str, Mark, &str); 8] = [
        ("<i>", Mark::Italic, "</i>"),
        ("<em>", Mark::Italic, "</em>"),
        ("<b>", Mark::Bold, "</b>"),
        ("<strong>", Mark::Bold, "</strong>"),
        ("<sup>", Mark::Superscript, "</sup>"),
        ("<sub>", Mark::Subscript, "</sub>"),
        ("<sc>", Mark::SmallCaps, "</sc>"),
        ("<scp>", Mark::SmallCaps, "</scp>"),
    ];
    for (tag, mark, close) in SIMPLE {
        if starts_with_tag(text, tag) {
            let kind = Kind::Tag {
                mark,
                source: tag.to_owned(),
                close,
            };
            return Some((kind, text.get(tag.len()..)?));
        }
    }
    if !starts_with_tag(text, "<span ") {
        return None;
    }
    // No span that means anything is long.
    let end = text.char_indices().take(80).find(|(_, c)| *c == '>')?.0;
    let tag = text.get(..=end)?;
    let compact: String = tag
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ';')
        .flat_map(char::to_lowercase)
        .map(|c| if c == '\'' { '"' } else { c })
        .collect();
    let mark = match compact.as_str() {
        "<spanstyle=\"font-variant:small-caps\">" => Mark::SmallCaps,
        "<spanclass=\"nocase\">" => Mark::NoCase,
        "<spanclass=\"nodecor\">" => Mark::Upright,
        _ => return None,
    };
    let kind = Kind::Tag {
        mark,
        source: tag.to_owned(),
        close: "</span>",
    };
    Some((kind, text.get(end + 1..)?))
}

fn entity(text: &str) -> Option<(char, &str)> {
    let end = text
        .char_indices()
        .take(10)
        .find(|(_, c)| *c == ';')
        .map(|(at, _)| at)?;
    let source = text.get(..=end)?;
    let decoded = html_escape::decode_html_entities(source);
    let mut chars = decoded.chars();
    let c = chars.next()?;
    (chars.next().is_none() && !c.is_control()).then_some((c, text.get(end + 1..)?))
}

/// A quote may open after these.
fn is_opener(c: char) -> bool {
    matches!(
        c,
        '(' | '['
            | '{'
            | '/'
            | '-'
            | '–'
            | '—'
            | '“'
            | '‘'
            | '"'
            | '\''
            | '«'
            | '„'
            | '‚'
            | '¿'
            | '¡'
            | '='
    )
}

/// A quote may close before these.
fn ends_word(next: Option<char>) -> bool {
    next.is_none_or(|c| !c.is_alphanumeric())
}

/// A straight quote closes somewhere ahead.
fn closes_later(text: &str, quote: char) -> bool {
    let mut before = ' ';
    let mut chars = text.chars().take(5_000).peekable();
    while let Some(c) = chars.next() {
        if c == quote
            && !before.is_whitespace()
            && chars.peek().is_none_or(|next| !next.is_alphanumeric())
        {
            return true;
        }
        before = c;
    }
    false
}

fn close_follows(text: &str, close: char) -> bool {
    let mut chars = text.chars().take(5_000).peekable();
    while let Some(c) = chars.next() {
        if c == close && (c != '’' || chars.peek().is_none_or(|next| !next.is_alphanumeric())) {
            return true;
        }
    }
    false
}

/// Collapses white space; a no-break space is kept.
pub(crate) fn tidy(text: &str) -> Cow<'_, str> {
    let odd = |c: char| c.is_whitespace() && !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}');
    if !text.contains("  ") && !text.contains(odd) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == ' ' || odd(c) {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}
