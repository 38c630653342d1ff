//! XML of bibliographies: its records one by one, each as a tree.
//!
//! Records are found by their tags before they are parsed, so that a broken one never costs another.

use std::ops::Range;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::markup;

/// Deeper elements are not looked into.
const DEEPEST: usize = 64;

/// An element of a record.
#[derive(Debug, Clone, Default)]
pub(super) struct Element<'a> {
    name: &'a str,
    attributes: &'a str,
    /// What stands between its tags, as written.
    inner: &'a str,
    children: Vec<Element<'a>>,
}

impl<'a> Element<'a> {
    /// Parses a record.
    ///
    /// # Errors
    /// Offset and reason of the first fault.
    pub(super) fn parse(record: &'a str) -> Result<Element<'a>, (usize, String)> {
        let mut reader = Reader::from_str(record);
        reader.config_mut().check_end_names = true;
        let mut stack: Vec<(Element<'a>, usize)> = Vec::new();
        let mut root = None;
        loop {
            let before = reader.buffer_position() as usize;
            let event = reader
                .read_event()
                .map_err(|error| (reader.error_position() as usize, error.to_string()))?;
            let after = reader.buffer_position() as usize;
            match event {
                Event::Start(_) => {
                    if stack.len() >= DEEPEST {
                        return Err((before, "elements nested too deeply".to_owned()));
                    }
                    stack.push((Element::opening(record, before..after), after));
                }
                Event::Empty(_) => {
                    let element = Element::opening(record, before..after);
                    add(&mut stack, &mut root, element);
                }
                Event::End(_) => {
                    if let Some((mut element, start)) = stack.pop() {
                        element.inner = record.get(start..before).unwrap_or_default();
                        add(&mut stack, &mut root, element);
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        match (root, stack.pop()) {
            (Some(root), None) => Ok(root),
            (_, Some((element, _))) => {
                Err((record.len(), format!("<{}> is not closed", element.name)))
            }
            (None, None) => Err((0, "no element".to_owned())),
        }
    }

    /// The name and the attributes of a tag.
    fn opening(record: &'a str, tag: Range<usize>) -> Element<'a> {
        let tag = record.get(tag).unwrap_or_default();
        let inside = tag
            .trim_start_matches('<')
            .trim_end_matches('>')
            .trim_end_matches('/');
        let end = inside
            .find(|c: char| c.is_whitespace())
            .unwrap_or(inside.len());
        let (name, attributes) = inside.split_at_checked(end).unwrap_or((inside, ""));
        Element {
            name,
            attributes,
            ..Element::default()
        }
    }

    pub(super) fn name(&self) -> &'a str {
        self.name
    }

    pub(super) fn children(&self) -> &[Element<'a>] {
        &self.children
    }

    /// The children of a name.
    pub(super) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Element<'a>> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element on a path of names.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Element<'a>> {
        path.iter().try_fold(self, |element, name| {
            element.children.iter().find(|child| child.name == *name)
        })
    }

    /// The text on a path of names, blank if there is none.
    pub(super) fn text_at(&self, path: &[&str]) -> String {
        self.at(path).map(Element::text).unwrap_or_default()
    }

    /// What it holds as text with CSL's tags.
    pub(super) fn text(&self) -> String {
        if self.inner.contains("<![CDATA[") {
            return markup::clean(&self.inner.replace("<![CDATA[", "").replace("]]>", ""));
        }
        markup::clean(self.inner)
    }

    /// What it holds, as written.
    pub(super) fn inner(&self) -> &'a str {
        self.inner
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.attributes;
        loop {
            let (key, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, after) = after.get(1..)?.split_once(quote)?;
            if key.trim() == name {
                return Some(value);
            }
            rest = after;
        }
    }
}

fn add<'a>(
    stack: &mut [(Element<'a>, usize)],
    root: &mut Option<Element<'a>>,
    element: Element<'a>,
) {
    match stack.last_mut() {
        Some((parent, _)) => parent.children.push(element),
        None => {
            root.get_or_insert(element);
        }
    }
}

/// The records with one of these tags, each from its opening tag to its closing one, or to where the next begins.
pub(super) fn records<'t>(
    text: &'t str,
    names: &'t [&'t str],
) -> impl Iterator<Item = Range<usize>> + 't {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (start, name) = opening(text, at, names)?;
        let body = start + 1;
        let close = format!("</{name}>");
        let rest = text.as_bytes().get(body..)?;
        let next = opening(text, body, names).map_or(rest.len(), |(next, _)| next - body);
        let end =
            memmem::find(rest.get(..next)?, close.as_bytes()).map_or(next, |end| end + close.len());
        at = body + end;
        Some(start..at)
    })
}

fn opening<'n>(text: &str, from: usize, names: &[&'n str]) -> Option<(usize, &'n str)> {
    let mut at = from;
    loop {
        let rest = text.as_bytes().get(at..)?;
        let found = at + memchr::memchr(b'<', rest)?;
        let tag = text.get(found + 1..)?;
        for name in names {
            if let Some(after) = tag.strip_prefix(name)
                && after.starts_with(['>', ' ', '\n', '\r', '\t'])
            {
                return Some((found, name));
            }
        }
        at = found + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_trees_with_their_text() {
        let text = "<x><r a='1'><t>A <i>b</i> &amp; c</t><t/></r><r><t>open</r><r><![CDATA[<b>d</b>]]></r></x>";
        let found: Vec<_> = records(text, &["r"])
            .map(|span| text.get(span).unwrap())
            .collect();
        assert_eq!(found.len(), 3);
        let first = Element::parse(found[0]).unwrap();
        assert_eq!(first.attribute("a"), Some("1"));
        assert_eq!(first.text_at(&["t"]), "A <i>b</i> & c");
        assert_eq!(first.children().len(), 2);
        assert!(Element::parse(found[1]).is_err());
        assert_eq!(Element::parse(found[2]).unwrap().text(), "<b>d</b>");
    }
}
