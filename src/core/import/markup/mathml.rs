//! Presentation MathML as text: letters and signs as they are, sub- and superscripts with CSL's tags.

use super::Tags;

/// Deeper formulas keep their letters and lose their structure.
const DEEPEST: usize = 40;

/// An element with what it holds, or a text.
enum Node {
    Text(String),
    Element(String, Vec<Node>),
}

/// The text of what stands inside `<math>`.
pub(super) fn text(inner: &str) -> String {
    let mut out = String::new();
    for node in tree(inner) {
        write(&node, &mut out);
    }
    out.trim().to_owned()
}

/// Reads the elements; a missing closing tag is one at the end.
fn tree(inner: &str) -> Vec<Node> {
    let mut stack: Vec<(String, Vec<Node>)> = vec![(String::new(), Vec::new())];
    let mut tags = Tags::default();
    let mut rest = inner;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        add_text(&mut stack, before);
        let Some((tag, after)) = tags.read(tail) else {
            add_text(&mut stack, "<");
            rest = tail.get(1..).unwrap_or_default();
            continue;
        };
        rest = after;
        let name = tag.name.to_ascii_lowercase();
        if tag.closing {
            if stack.len() > 1 && stack.last().is_some_and(|(open, _)| *open == name) {
                close(&mut stack);
            }
        } else if tag.empty {
            if let Some((_, children)) = stack.last_mut() {
                children.push(Node::Element(name, Vec::new()));
            }
        } else if stack.len() < DEEPEST {
            stack.push((name, Vec::new()));
        }
    }
    add_text(&mut stack, rest);
    while stack.len() > 1 {
        close(&mut stack);
    }
    stack
        .pop()
        .map(|(_, children)| children)
        .unwrap_or_default()
}

fn close(stack: &mut Vec<(String, Vec<Node>)>) {
    if let Some((name, children)) = stack.pop()
        && let Some((_, parent)) = stack.last_mut()
    {
        parent.push(Node::Element(name, children));
    }
}

fn add_text(stack: &mut [(String, Vec<Node>)], text: &str) {
    let text = html_escape::decode_html_entities(text.trim());
    // Invisible times, function application and separators.
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{2061}'..='\u{2064}'))
        .collect();
    if !text.is_empty()
        && let Some((_, children)) = stack.last_mut()
    {
        children.push(Node::Text(text));
    }
}

fn write(node: &Node, out: &mut String) {
    let (name, children) = match node {
        Node::Text(text) => {
            out.push_str(text);
            return;
        }
        Node::Element(name, children) => (name.as_str(), children),
    };
    let all = |out: &mut String| children.iter().for_each(|child| write(child, out));
    let one = |at: usize, out: &mut String| {
        if let Some(child) = children.get(at) {
            write(child, out);
        }
    };
    let script = |at: usize, open: &str, close: &str, out: &mut String| {
        let mut inner = String::new();
        one(at, &mut inner);
        if !inner.is_empty() {
            out.push_str(open);
            out.push_str(&inner);
            out.push_str(close);
        }
    };
    match name {
        "msub" | "munder" => {
            one(0, out);
            script(1, "<sub>", "</sub>", out);
        }
        "msup" => {
            one(0, out);
            script(1, "<sup>", "</sup>", out);
        }
        "mover" => {
            one(0, out);
            let mut above = String::new();
            one(1, &mut above);
            match above.as_str() {
                "¯" | "‾" | "\u{0304}" | "\u{0305}" | "−" | "_" => out.push('\u{0304}'),
                "^" | "ˆ" | "\u{0302}" => out.push('\u{0302}'),
                "~" | "˜" | "∼" => out.push('\u{0303}'),
                "˙" | "." => out.push('\u{0307}'),
                "→" | "⃗" => out.push('\u{20D7}'),
                _ => script(1, "<sup>", "</sup>", out),
            }
        }
        "msubsup" | "munderover" => {
            one(0, out);
            script(1, "<sub>", "</sub>", out);
            script(2, "<sup>", "</sup>", out);
        }
        "mfrac" => {
            fraction(children, out);
        }
        "msqrt" => {
            let mut inner = String::new();
            all(&mut inner);
            out.push('√');
            grouped(&inner, out);
        }
        "mroot" => {
            script(1, "<sup>", "</sup>", out);
            let mut inner = String::new();
            one(0, &mut inner);
            out.push('√');
            grouped(&inner, out);
        }
        "mo" => {
            let mut sign = String::new();
            all(&mut sign);
            if is_relation(&sign) {
                out.push(' ');
                out.push_str(&sign);
                out.push(' ');
            } else {
                out.push_str(&sign);
            }
        }
        "mspace" => out.push(' '),
        "annotation" | "annotation-xml" | "mphantom" => {}
        _ => all(out),
    }
}

fn fraction(children: &[Node], out: &mut String) {
    for (at, child) in children.iter().take(2).enumerate() {
        let mut inner = String::new();
        write(child, &mut inner);
        if at > 0 {
            out.push('/');
        }
        grouped(&inner, out);
    }
}

/// In brackets where it is more than one sign or number.
fn grouped(inner: &str, out: &mut String) {
    let single =
        inner.chars().count() == 1 || inner.chars().all(|c| c.is_ascii_digit() || c == '.');
    if single {
        out.push_str(inner);
    } else {
        out.push('(');
        out.push_str(inner);
        out.push(')');
    }
}

fn is_relation(sign: &str) -> bool {
    matches!(
        sign,
        "=" | "<"
            | ">"
            | "≤"
            | "≥"
            | "≠"
            | "≈"
            | "∼"
            | "≡"
            | "→"
            | "←"
            | "∈"
            | "⊂"
            | "±"
            | "×"
            | "+"
    )
}
