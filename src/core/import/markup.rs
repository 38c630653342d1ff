//! Titles and abstracts as services and files write them (HTML, JATS, MathML, entities, also doubly escaped) as text
//! with the few tags that CSL knows.
//!
//! Kept are italics, bold, small capitals, sub- and superscripts and protected case; everything else becomes text:
//! blocks become lines, section titles stand before their text, formulas are written in Unicode with sub- and
//! superscripts. The elements: JATS 1.3 (`<abstract>`), HTML inline elements, MathML 3 presentation markup.

mod mathml;

use super::latex::math;

/// Longer tags, in bytes, are no tags.
const LONGEST_TAG: usize = 2000;
/// Deeper nesting of kept elements is not real markup: the text stays, the tags are dropped.
const DEEPEST: usize = 16;

/// The text of a title or an abstract with CSL's tags. Plain text comes back as it is, its white space tidied.
///
/// A `<` that begins no known tag stays a less-than sign. Lines end in `\n` where a block ended.
pub fn clean(html: &str) -> String {
    let mut text = std::borrow::Cow::Borrowed(html);
    // Entities may hide tags, and entities of their own where a writer encoded twice.
    for _ in 0..3 {
        if memchr::memchr2(b'<', b'&', text.as_bytes()).is_none() {
            break;
        }
        let untagged = read(&text);
        let decoded = html_escape::decode_html_entities(&untagged).into_owned();
        let had_entities = decoded != untagged;
        text = std::borrow::Cow::Owned(decoded);
        if !had_entities {
            break;
        }
    }
    tidy(&text)
}

/// Single spaces, no blank lines, nothing at the ends.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split(['\n', '\r']) {
        let mut words = line
            .split([' ', '\t', '\u{2002}', '\u{2003}'])
            .filter(|word| !word.is_empty());
        let Some(first) = words.next() else { continue };
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(first);
        for word in words {
            out.push(' ');
            out.push_str(word);
        }
    }
    out
}

/// A tag as it stands in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'a> {
    /// Name without its prefix, as written.
    pub(super) name: &'a str,
    /// The rest of the tag.
    pub(super) attributes: &'a str,
    pub(super) closing: bool,
    pub(super) empty: bool,
    /// It has the prefix of JATS or MathML.
    foreign: bool,
}

/// What begins a comment, a section of characters or an instruction, and what ends it.
const PASSED: [(&str, &str); 3] = [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>")];

/// Reads the tags of a text from the left to the right.
#[derive(Debug, Default)]
pub(super) struct Tags {
    /// Beginnings of what does not end any more: their ends are not looked for again.
    endless: Vec<&'static str>,
}

impl Tags {
    /// The tag, comment or instruction at the start of `text`, and what follows it.
    pub(super) fn read<'t>(&mut self, text: &'t str) -> Option<(Tag<'t>, &'t str)> {
        let inner = text.strip_prefix('<')?;
        if self.endless.iter().any(|open| inner.starts_with(open)) {
            return None;
        }
        let found = tag(text);
        if found.is_none() {
            let opens = PASSED.iter().map(|(open, _)| *open);
            self.endless
                .extend(opens.filter(|open| inner.starts_with(open)));
        }
        found
    }
}

/// Reads a tag, a comment or a processing instruction at the start of `text` (which begins with `<`), and what follows.
fn tag(text: &str) -> Option<(Tag<'_>, &str)> {
    let inner = text.strip_prefix('<')?;
    for (open, close) in PASSED {
        if let Some(rest) = inner.strip_prefix(open) {
            let (_, after) = rest.split_once(close)?;
            let nothing = Tag {
                name: "",
                attributes: "",
                closing: false,
                empty: true,
                foreign: true,
            };
            return Some((nothing, after));
        }
    }
    let (closing, inner) = inner
        .strip_prefix('/')
        .map_or((false, inner), |inner| (true, inner));
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let bytes = inner.as_bytes();
    let end = memchr::memchr2(b'>', b'<', bytes.get(..LONGEST_TAG.min(bytes.len()))?)?;
    let (tag, after) = inner.split_at_checked(end)?;
    let after = after.strip_prefix('>')?;
    let name_end = tag
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_')))
        .unwrap_or(tag.len());
    let (name, attributes) = tag.split_at_checked(name_end)?;
    if !(attributes.is_empty() || attributes.starts_with([' ', '/', '\t', '\n', '\r'])) {
        return None;
    }
    let (name, foreign) = match name.split_once(':') {
        Some((prefix, local)) => (
            local,
            matches!(prefix, "jats" | "mml" | "m" | "ali" | "xhtml"),
        ),
        None => (name, false),
    };
    let tag = Tag {
        name,
        attributes,
        closing,
        empty: attributes.ends_with('/'),
        foreign,
    };
    Some((tag, after))
}

/// What an element does to the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Kept, with its opening and closing tag.
    Kept(&'static str, &'static str),
    /// Ends the line.
    Block,
    /// A section's title.
    Title,
    /// Without a trace.
    Inline,
    /// With all its content without a trace.
    Dropped,
    Math,
    TexMath,
}

fn role(tag: &Tag<'_>) -> Option<Role> {
    let name = tag.name.to_ascii_lowercase();
    Some(match name.as_str() {
        "i" | "em" | "italic" => Role::Kept("<i>", "</i>"),
        "b" | "strong" | "bold" => Role::Kept("<b>", "</b>"),
        "sup" => Role::Kept("<sup>", "</sup>"),
        "sub" | "inf" => Role::Kept("<sub>", "</sub>"),
        "sc" | "scp" => Role::Kept(SMALL_CAPS, "</span>"),
        "span" if tag.attributes.contains("nocase") => {
            Role::Kept("<span class=\"nocase\">", "</span>")
        }
        "span" if tag.attributes.contains("small-caps") => Role::Kept(SMALL_CAPS, "</span>"),
        "title" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "label" => Role::Title,
        "p" | "br" | "div" | "sec" | "section" | "li" | "ul" | "ol" | "dl" | "dt" | "dd"
        | "list" | "list-item" | "abstract" | "tr" | "table" | "blockquote" | "break" | "hr"
        | "disp-formula" | "disp-quote" | "abstracttext" => Role::Block,
        "math" => Role::Math,
        "tex-math" => Role::TexMath,
        "script" | "style" => Role::Dropped,
        "span" | "u" | "a" | "s" | "q" | "tt" | "code" | "pre" | "small" | "big" | "font"
        | "roman" | "sans-serif" | "monospace" | "underline" | "overline" | "strike" | "xref"
        | "ext-link" | "uri" | "named-content" | "styled-content" | "inline-formula"
        | "inline-graphic" | "alternatives" | "fn" | "mark" | "cite" | "abbr" | "acronym"
        | "del" | "ins" | "html" | "body" | "td" | "th" | "tbody" | "img" | "related-article"
        | "email" | "dfn" | "var" | "kbd" | "bdi" | "bdo" | "nobr" | "wbr" | "ovid" | "formula"
        | "chem-struct" => Role::Inline,
        _ if tag.foreign => Role::Inline,
        _ => return None,
    })
}

const SMALL_CAPS: &str = "<span style=\"font-variant:small-caps;\">";

struct Reader<'a> {
    out: String,
    /// Elements whose tags are kept: name and closing tag.
    open: Vec<(&'a str, &'static str)>,
    /// Where the open section title begins.
    title: Option<usize>,
    /// Elements whose closing tag is not to come any more.
    unclosed: Vec<&'static str>,
    /// A formula has been read since the alternatives began, so that its TeX form is not wanted.
    formula: bool,
}

fn read(text: &str) -> String {
    let mut reader = Reader {
        out: String::with_capacity(text.len()),
        open: Vec::new(),
        title: None,
        unclosed: Vec::new(),
        formula: false,
    };
    let mut tags = Tags::default();
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        reader.out.push_str(before);
        let known = tags
            .read(tail)
            .and_then(|(tag, after)| Some((role(&tag)?, tag, after)));
        let Some((role, tag, after)) = known else {
            reader.out.push('<');
            rest = tail.get(1..).unwrap_or_default();
            continue;
        };
        rest = reader.element(role, &tag, after);
    }
    reader.out.push_str(rest);
    while let Some((_, close)) = reader.open.pop() {
        reader.out.push_str(close);
    }
    reader.out
}

impl<'a> Reader<'a> {
    /// Takes an element up; what follows it, or what it has passed.
    fn element(&mut self, role: Role, tag: &Tag<'a>, after: &'a str) -> &'a str {
        match role {
            Role::Inline => {
                if tag.name.eq_ignore_ascii_case("alternatives") {
                    self.formula = false;
                }
            }
            Role::Block => self.out.push('\n'),
            Role::Title => self.section_title(tag),
            Role::Kept(open, close) => self.kept(tag, open, close),
            Role::Dropped | Role::Math | Role::TexMath if tag.closing || tag.empty => {}
            Role::Dropped => {
                return self
                    .inside(after, tag.name)
                    .map_or(after, |(_, after)| after);
            }
            Role::Math => {
                if let Some((inner, after)) = self.inside(after, tag.name) {
                    self.out.push_str(&mathml::text(inner));
                    self.formula = true;
                    return after;
                }
            }
            Role::TexMath => {
                if let Some((inner, after)) = self.inside(after, tag.name) {
                    if !std::mem::take(&mut self.formula) {
                        self.tex(inner);
                    }
                    return after;
                }
            }
        }
        after
    }

    /// The text up to the closing tag of an element and what follows it. None of these elements holds another of its
    /// name.
    fn inside(&mut self, text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
        if self
            .unclosed
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
        {
            return None;
        }
        let found = inside(text, name);
        if found.is_none() {
            let known = ["math", "tex-math", "script", "style"];
            self.unclosed.extend(
                known
                    .iter()
                    .filter(|known| known.eq_ignore_ascii_case(name)),
            );
        }
        found
    }

    fn kept(&mut self, tag: &Tag<'a>, open: &'static str, close: &'static str) {
        if tag.closing {
            let Some(at) = self
                .open
                .iter()
                .rposition(|(name, _)| name.eq_ignore_ascii_case(tag.name))
            else {
                return;
            };
            while self.open.len() > at {
                if let Some((_, close)) = self.open.pop() {
                    self.out.push_str(close);
                }
            }
        } else if !tag.empty && self.open.len() < DEEPEST {
            self.open.push((tag.name, close));
            self.out.push_str(open);
        }
    }

    /// "Background" before its text becomes "Background: "; the title "Abstract" says nothing.
    fn section_title(&mut self, tag: &Tag<'_>) {
        if !tag.closing {
            self.out.push('\n');
            self.title = Some(self.out.len());
            return;
        }
        let Some(start) = self.title.take() else {
            return;
        };
        let title = self.out.get(start..).unwrap_or_default().trim().to_owned();
        self.out.truncate(start);
        let words = title.trim_end_matches(['.', ':']);
        if words.is_empty()
            || ["abstract", "summary"]
                .iter()
                .any(|word| words.eq_ignore_ascii_case(word))
        {
            return;
        }
        self.out.push_str(&title);
        self.out.push_str(if title.ends_with([':', '.', '?', '!']) {
            " "
        } else {
            ": "
        });
    }

    /// TeX inside JATS, perhaps with the preamble that Springer writes around it.
    fn tex(&mut self, source: &str) {
        let body = source
            .split_once("\\begin{document}")
            .map_or(source, |(_, rest)| {
                rest.split_once("\\end{document}")
                    .map_or(rest, |(body, _)| body)
            });
        let decoded = html_escape::decode_html_entities(body.trim());
        let formula = decoded.trim_matches('$').trim();
        if let Some(text) = math::to_text(formula) {
            self.out.push_str(&text);
        } else {
            self.out.extend(["$", formula, "$"]);
        }
    }
}

fn inside<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find("</") {
        let start = from + at;
        if let Some((tag, after)) = tag(text.get(start..)?)
            && tag.name.eq_ignore_ascii_case(name)
        {
            return Some((text.get(..start)?, after));
        }
        from = start + 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_every_kind_becomes_text() {
        for (html, text) in [
            ("Plain  text", "Plain text"),
            ("The <em>E. coli</em> gene", "The <i>E. coli</i> gene"),
            (
                "CO<jats:sub>2</jats:sub> at 10<sup>-3</sup>",
                "CO<sub>2</sub> at 10<sup>-3</sup>",
            ),
            ("p &lt; 0.001 and x>y", "p < 0.001 and x>y"),
            ("a <foo> b < c", "a <foo> b < c"),
            (
                "&amp;lt;i&amp;gt;in vivo&amp;lt;/i&amp;gt; R&amp;amp;D",
                "<i>in vivo</i> R&D",
            ),
            ("caf&eacute; &#8211; &#x3b1;", "café – α"),
            (
                "<jats:title>Abstract</jats:title><jats:p>One.</jats:p><jats:p>Two.</jats:p>",
                "One.\nTwo.",
            ),
            (
                "<jats:sec><jats:title>Background</jats:title><jats:p>Cells grow.</jats:p></jats:sec>",
                "Background:\nCells grow.",
            ),
            ("<h4>Aim: </h4>To see", "Aim: To see"),
            ("<i>a<b>b</i>c</b>", "<i>a<b>b</b></i>c"),
            ("<i>a", "<i>a</i>"),
            ("<script>alert(1)</script>x", "x"),
            (
                "<jats:inline-formula><jats:tex-math>$u_{i}$</jats:tex-math></jats:inline-formula>",
                "u<sub>i</sub>",
            ),
            (
                "<jats:alternatives><jats:tex-math>\\documentclass{x}\\begin{document}$$\\alpha$$\\end{document}</jats:tex-math></jats:alternatives>",
                "α",
            ),
            (
                "<math><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup><mo>=</mo><mfrac><mn>1</mn><mn>2</mn></mfrac></math>",
                "x<sub>i</sub><sup>2</sup> = 1/2",
            ),
            (
                "<mml:math><mml:msqrt><mml:mi>n</mml:mi></mml:msqrt></mml:math> steps",
                "√n steps",
            ),
            (
                "<alternatives><mml:math><mml:mi>β</mml:mi></mml:math><tex-math>\\beta</tex-math></alternatives>",
                "β",
            ),
            ("", ""),
        ] {
            assert_eq!(clean(html), text, "{html}");
        }
    }
}
