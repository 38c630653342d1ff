//! Papers for the writer: text that is set into columns, with what publishers put around it.

use super::writer::{About, Font, HEIGHT, Page, WIDTH, document, width};

/// How a paper looks.
#[derive(Debug, Clone)]
pub struct Paper {
    pub title: String,
    pub doi: Option<String>,
    /// Where the DOI stands.
    pub doi_place: Place,
    /// The arXiv id of the stamp.
    pub stamp: Option<String>,
    /// A logo in larger letters than the title.
    pub logo: Option<String>,
    /// What stands on top of each page.
    pub head: Option<String>,
    pub two_columns: bool,
    /// Columns are written line by line, from left to right, not one after the other.
    pub row_by_row: bool,
    pub sections: Vec<(String, String)>,
    /// Size of the title and of the text.
    pub sizes: (f32, f32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Head,
    Foot,
    UnderTheTitle,
}

impl Default for Paper {
    fn default() -> Self {
        Paper {
            title: "Attention flows through the networks of careful readers".to_owned(),
            doi: Some("10.1234/abcd.2026.001".to_owned()),
            doi_place: Place::Foot,
            stamp: None,
            logo: None,
            head: None,
            two_columns: false,
            row_by_row: false,
            sections: Vec::new(),
            sizes: (17.0, 10.0),
        }
    }
}

/// A line of a column.
struct Set {
    words: Vec<String>,
    /// Filled to the end of the column.
    is_full: bool,
    heading: bool,
    indent: f32,
}

impl Paper {
    pub fn bytes(&self) -> Vec<u8> {
        document(&self.pages(), &About::default())
    }

    pub fn pages(&self) -> Vec<Page> {
        let (title_size, size) = self.sizes;
        let margin = 60.0;
        let gutter = 22.0;
        let column = if self.two_columns {
            (WIDTH - 2.0 * margin - gutter) / 2.0
        } else {
            WIDTH - 2.0 * margin
        };
        let mut lines = Vec::new();
        for (heading, text) in &self.sections {
            lines.push(Set {
                words: heading.split(' ').map(str::to_owned).collect(),
                is_full: false,
                heading: true,
                indent: 0.0,
            });
            for (at, paragraph) in text.split("\n\n").enumerate() {
                let indent = if at == 0 { 0.0 } else { 1.5 * size };
                lines.extend(set(paragraph, column, size, indent));
            }
        }
        let mut pages = Vec::new();
        let mut lines = lines.into_iter().peekable();
        while pages.is_empty() || lines.peek().is_some() {
            let mut page = Page::default();
            let number = pages.len() + 1;
            if let Some(head) = &self.head {
                page.text(margin, 40.0, 8.0, Font::Plain, head);
            }
            let top = if number == 1 {
                self.front(&mut page, margin, title_size)
            } else {
                80.0
            };
            page.centred(HEIGHT - 30.0, 9.0, Font::Plain, &number.to_string());
            let count = if self.two_columns { 2 } else { 1 };
            let leading = 1.2 * size;
            let mut columns: Vec<Vec<(f32, Set)>> = Vec::new();
            for _ in 0..count {
                let mut y = top;
                let mut placed = Vec::new();
                while y < HEIGHT - 70.0 {
                    let Some(line) = lines.next() else { break };
                    y += if line.heading { 1.6 * leading } else { leading };
                    placed.push((y, line));
                }
                columns.push(placed);
            }
            let mut all: Vec<(usize, f32, Set)> = columns
                .into_iter()
                .enumerate()
                .flat_map(|(at, lines)| lines.into_iter().map(move |(y, line)| (at, y, line)))
                .collect();
            if self.row_by_row {
                all.sort_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
            }
            for (at, y, line) in all {
                let x = margin + at as f32 * (column + gutter);
                let words: Vec<&str> = line.words.iter().map(String::as_str).collect();
                if line.heading {
                    page.text(x, y, size * 1.2, Font::Bold, &words.join(" "));
                } else {
                    let to = line.is_full.then_some(column - line.indent);
                    page.justified(x + line.indent, y, size, &words, to);
                }
            }
            pages.push(page);
        }
        pages
    }

    /// The head of the first page; returns where the text begins.
    fn front(&self, page: &mut Page, margin: f32, title_size: f32) -> f32 {
        let mut y = 90.0;
        if let Some(logo) = &self.logo {
            page.text(margin, 70.0, title_size * 1.6, Font::Bold, logo);
            y += 20.0;
        }
        if let Some(id) = &self.stamp {
            let text = format!("arXiv:{id} [cs.CL] 2 Aug 2025");
            page.sideways(30.0, 600.0, 20.0, &text);
        }
        let words: Vec<&str> = self.title.split(' ').collect();
        let fits = (WIDTH - 2.0 * margin) * 1000.0 / title_size;
        let mut line = String::new();
        for word in words {
            if !line.is_empty() && width(&line) + width(word) + 278.0 > fits {
                page.centred(y, title_size, Font::Bold, &line);
                y += 1.2 * title_size;
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        page.centred(y, title_size, Font::Bold, &line);
        y += 24.0;
        page.centred(y, 11.0, Font::Plain, "Ada Example, Bo Sample and Cy Muster");
        y += 14.0;
        page.centred(
            y,
            9.0,
            Font::Plain,
            "University of Somewhere, Department of Reading",
        );
        y += 20.0;
        if let Some(doi) = &self.doi {
            match self.doi_place {
                Place::Head => page.text(330.0, 52.0, 8.0, Font::Plain, &format!("DOI: {doi}")),
                Place::Foot => page.text(
                    margin,
                    HEIGHT - 45.0,
                    7.0,
                    Font::Plain,
                    &format!("https://doi.org/{doi}. Published by Nobody Press."),
                ),
                Place::UnderTheTitle => {
                    page.centred(y, 8.0, Font::Plain, &format!("doi:{doi}"));
                    y += 14.0;
                }
            }
        }
        y
    }
}

/// Breaks a paragraph into lines; long words are parted with a hyphen where a line would be too loose.
fn set(paragraph: &str, column: f32, size: f32, indent: f32) -> Vec<Set> {
    let mut lines: Vec<Set> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut indent = indent;
    let fits = |words: &[String], word: &str, indent: f32| {
        let text: f32 = words.iter().map(|word| width(word) + 280.0).sum();
        text + width(word) <= (column - indent) * 1000.0 / size
    };
    for word in paragraph.split_whitespace() {
        if fits(&words, word, indent) {
            words.push(word.to_owned());
            continue;
        }
        let mut rest = word.to_owned();
        let is_plain = word.bytes().all(|byte| byte.is_ascii_lowercase());
        if is_plain && word.len() >= 8 {
            let (first, second) = word.split_at(word.len() / 2);
            let first = format!("{first}-");
            if fits(&words, &first, indent) {
                words.push(first);
                second.clone_into(&mut rest);
            }
        }
        lines.push(Set {
            words: std::mem::take(&mut words),
            is_full: true,
            heading: false,
            indent,
        });
        indent = 0.0;
        words.push(rest);
    }
    lines.push(Set {
        words,
        is_full: false,
        heading: false,
        indent,
    });
    lines
}
