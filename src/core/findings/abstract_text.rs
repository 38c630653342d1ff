//! The text of an abstract as it is shown, with its headings.

use super::headings::{Announced, Heading, announced, find};
use crate::core::text::clean;

/// An abstract as it is shown: its paragraphs, and where its headings stand. Places are bytes of [`AbstractText::text`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AbstractText {
    /// The paragraphs, with a blank line between them.
    pub text: String,
    /// Its headings in order, if it has some.
    pub headings: Vec<Heading>,
}

/// Elements in which headings stand, with whether they begin a paragraph.
const TITLES: [(&str, bool); 11] = [
    ("title", true),
    ("jats:title", true),
    ("h2", true),
    ("h3", true),
    ("h4", true),
    ("h5", true),
    ("b", false),
    ("bold", false),
    ("jats:bold", false),
    ("strong", false),
    ("i", false),
];

/// Longer headings, in bytes with their markup, are none.
const LONGEST_TITLE: usize = 120;

impl AbstractText {
    /// Reads the abstract of an item. It keeps its paragraphs: blank lines, closing block tags and titles part them.
    pub fn of(raw: &str) -> AbstractText {
        let raw = if raw.contains("&lt;") && !raw.contains('<') {
            html_escape::decode_html_entities(raw)
        } else {
            raw.into()
        };
        let marked = raw
            .replace("\r\n", "\n")
            .replace("</p>", "\n\n")
            .replace("</jats:p>", "\n\n");
        let mut read = AbstractText::default();
        for part in marked.split("\n\n") {
            read.paragraph(part);
        }
        read.headings = find(&read.text, &read.headings);
        read
    }

    /// The paragraphs with the place of each in the text.
    pub fn paragraphs(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut at = 0;
        self.text
            .split("\n\n")
            .map(move |paragraph| {
                let start = at;
                at += paragraph.len() + 2;
                (start, paragraph)
            })
            .filter(|(_, paragraph)| !paragraph.is_empty())
    }

    fn paragraph(&mut self, raw: &str) {
        let (mut rest, mut begins) = (raw, true);
        while let Some(title) = next_title(rest) {
            self.push(title.before, begins);
            begins = (begins && clean(title.before).is_empty()) || title.begins_paragraph;
            let start = self.push(title.words, begins);
            if title.colon {
                self.text.push(':');
            }
            self.headings.push(Heading {
                place: start..self.text.len(),
                announced: title.announced,
            });
            (rest, begins) = (title.behind, false);
        }
        self.push(rest, begins);
    }

    /// Adds a piece of a paragraph and says where it begins.
    fn push(&mut self, raw: &str, begins_paragraph: bool) -> usize {
        let piece = clean(raw);
        if piece.is_empty() {
            return self.text.len();
        }
        if !self.text.is_empty() {
            self.text
                .push_str(if begins_paragraph { "\n\n" } else { " " });
        }
        let start = self.text.len();
        self.text.push_str(&piece);
        start
    }
}

struct Title<'a> {
    before: &'a str,
    words: &'a str,
    behind: &'a str,
    begins_paragraph: bool,
    announced: Announced,
    colon: bool,
}

/// The next element that holds nothing but a heading.
fn next_title(raw: &str) -> Option<Title<'_>> {
    let mut from = 0;
    while let Some(at) = raw.get(from..)?.find('<').map(|at| from + at) {
        from = at + 1;
        let tail = raw.get(from..)?;
        let Some((name, begins_paragraph)) = TITLES.iter().find(|(name, _)| {
            (tail.strip_prefix(name)).is_some_and(|after| after.starts_with('>'))
        }) else {
            continue;
        };
        let inner_from = from + name.len() + 1;
        let inner = raw.get(inner_from..)?;
        let Some(end) = inner
            .bytes()
            .take(LONGEST_TITLE)
            .position(|byte| byte == b'<')
        else {
            continue;
        };
        let closes = format!("</{name}>");
        let (words, behind) = inner.split_at_checked(end)?;
        let Some(behind) = behind.strip_prefix(closes.as_str()) else {
            continue;
        };
        let Some(announced) = announced(&clean(words)) else {
            continue;
        };
        // A colon behind the element belongs to the heading.
        let colon = behind.starts_with(':');
        let words_end = inner_from + end;
        return Some(Title {
            before: raw.get(..at)?,
            words: raw.get(inner_from..words_end)?,
            behind: if colon { behind.get(1..)? } else { behind },
            begins_paragraph: *begins_paragraph,
            announced,
            colon,
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::findings::Role;

    fn headings(read: &AbstractText) -> Vec<&str> {
        read.headings
            .iter()
            .map(|heading| read.text.get(heading.place.clone()).unwrap())
            .collect()
    }

    #[test]
    fn paragraphs_are_kept() {
        let read = AbstractText::of("<jats:p>One &amp; two.</jats:p><jats:p>Three</jats:p>");
        assert_eq!(read.text, "One & two.\n\nThree");
        let paragraphs: Vec<_> = read.paragraphs().collect();
        assert_eq!(paragraphs, [(0, "One & two."), (12, "Three")]);
        assert_eq!(AbstractText::of(" <p></p> ").paragraphs().count(), 0);
    }

    #[test]
    fn titles_are_headings() {
        let read = AbstractText::of(
            "<jats:title>Background</jats:title><jats:p>A is rare.</jats:p><jats:title>Methods</jats:title><jats:p>We did.</jats:p>",
        );
        assert_eq!(read.text, "Background A is rare.\n\nMethods We did.");
        assert_eq!(headings(&read), ["Background", "Methods"]);
        assert!(read.headings[1].announced.has(Role::Methods));
        let read =
            AbstractText::of("<b>Aim</b>: To see. <b>Results:</b>It rose. <b>Bold</b> words.");
        assert_eq!(read.text, "Aim: To see. Results: It rose. Bold words.");
        assert_eq!(headings(&read), ["Aim:", "Results:"]);
        let read = AbstractText::of("<h4>Aim</h4>To see.<h4>Results</h4>It rose.");
        assert_eq!(read.text, "Aim To see.\n\nResults It rose.");
        let read =
            AbstractText::of("&lt;b&gt;Aim&lt;/b&gt; To see. &lt;b&gt;Results&lt;/b&gt; Up.");
        assert_eq!(headings(&read), ["Aim", "Results"]);
    }

    #[test]
    fn the_word_abstract_is_no_part_of_it() {
        let read = AbstractText::of("<jats:title>Abstract</jats:title><jats:p>We do it.</jats:p>");
        assert_eq!(read.text, "Abstract We do it.");
        assert_eq!(headings(&read), ["Abstract"]);
    }

    #[test]
    fn hostile_titles_cost_no_more_than_their_length() {
        assert_eq!(AbstractText::of(&"<b>".repeat(100_000)).text, "");
        let many = "<b>Aim</b> x. ".repeat(5_000);
        assert_eq!(AbstractText::of(&many).headings.len(), 0);
    }
}
