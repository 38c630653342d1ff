//! The XML of a style or a locale as a tree of elements, from text or from the compact form that the build script writes.

use super::CslError;

/// Elements nested deeper than this are refused: no style comes near it, and every later pass may then recurse.
const MAX_DEPTH: usize = 100;

/// An element with its attributes, its child elements and the text directly inside it.
#[derive(Debug, Clone, Default)]
pub(crate) struct XmlElement<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: Vec<(&'a str, &'a str)>,
    pub(crate) children: Vec<XmlElement<'a>>,
    pub(crate) text: &'a str,
    /// Line and column, from 1; 0 where the compact form has none.
    pub(crate) position: (u32, u32),
}

impl<'a> XmlElement<'a> {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| *value)
    }

    /// The first child of that name.
    pub(crate) fn child(&self, name: &str) -> Option<&XmlElement<'a>> {
        self.children.iter().find(|child| child.name == name)
    }

    /// An error at this element.
    pub(crate) fn error(&self, message: impl Into<String>) -> CslError {
        CslError {
            line: self.position.0,
            column: self.position.1,
            message: message.into(),
        }
    }

    /// Copies the tree out of a parsed document; comments and processing instructions are left out.
    pub(crate) fn from_document(
        document: &'a roxmltree::Document<'_>,
    ) -> Result<XmlElement<'a>, CslError> {
        element_of(document, document.root_element(), 0)
    }

    /// Reads the compact form; `None` when it is damaged.
    pub(crate) fn from_compact(bytes: &'a [u8]) -> Option<XmlElement<'a>> {
        let mut reader = Reader { bytes };
        let count = reader.number()?;
        let mut strings = Vec::with_capacity(count.min(bytes.len()));
        for _ in 0..count {
            let length = reader.number()?;
            let (text, rest) = reader.bytes.split_at_checked(length)?;
            strings.push(std::str::from_utf8(text).ok()?);
            reader.bytes = rest;
        }
        reader.element(&strings, 0)
    }
}

fn element_of<'a>(
    document: &'a roxmltree::Document<'_>,
    node: roxmltree::Node<'a, '_>,
    depth: usize,
) -> Result<XmlElement<'a>, CslError> {
    let at = document.text_pos_at(node.range().start);
    let mut element = XmlElement {
        name: node.tag_name().name(),
        attributes: node
            .attributes()
            .map(|attribute| {
                let name = if attribute.namespace().is_some() && attribute.name() == "lang" {
                    "xml:lang"
                } else {
                    attribute.name()
                };
                (name, attribute.value())
            })
            .collect(),
        text: node.text().unwrap_or_default(),
        position: (at.row, at.col),
        children: Vec::new(),
    };
    if depth >= MAX_DEPTH {
        return Err(element.error(format!("elements are nested more than {MAX_DEPTH} deep")));
    }
    for child in node.children().filter(roxmltree::Node::is_element) {
        element
            .children
            .push(element_of(document, child, depth + 1)?);
    }
    Ok(element)
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A number in base 128, least significant group first.
    fn number(&mut self) -> Option<usize> {
        let mut number = 0_usize;
        for shift in (0..28).step_by(7) {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            number |= usize::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn element(&mut self, strings: &[&'a str], depth: usize) -> Option<XmlElement<'a>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let name = strings.get(self.number()?)?;
        let text = strings.get(self.number()?)?;
        let mut element = XmlElement {
            name,
            text,
            ..XmlElement::default()
        };
        for _ in 0..self.number()? {
            let key = strings.get(self.number()?)?;
            let value = strings.get(self.number()?)?;
            element.attributes.push((key, value));
        }
        for _ in 0..self.number()? {
            element.children.push(self.element(strings, depth + 1)?);
        }
        Some(element)
    }
}
