//! Quick actions: where else on the web a paper stands, and what the reader's own actions are given of it.

use super::cite::link;
use super::identify::{self, Identifier};
use super::item::Item;
use super::services::{encoded, encoded_path};
use super::text::clean;

/// A place on the web that has a page about the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WebPlace {
    /// Where its DOI leads, else its own address.
    Publisher,
    /// arXiv.
    ArXiv,
    /// PubMed.
    PubMed,
    /// Semantic Scholar.
    SemanticScholar,
    /// The graph of Connected Papers.
    ConnectedPapers,
}

impl WebPlace {
    /// All of them in the order of the menu.
    pub const ALL: [WebPlace; 5] = [
        WebPlace::Publisher,
        WebPlace::ArXiv,
        WebPlace::PubMed,
        WebPlace::SemanticScholar,
        WebPlace::ConnectedPapers,
    ];

    /// What menus call it.
    pub const fn label(self) -> &'static str {
        match self {
            WebPlace::Publisher => "Web page",
            WebPlace::ArXiv => "arXiv",
            WebPlace::PubMed => "PubMed",
            WebPlace::SemanticScholar => "Semantic Scholar",
            WebPlace::ConnectedPapers => "Connected Papers",
        }
    }

    /// What the row of the menu says that opens it.
    pub fn opening(self) -> String {
        match self {
            WebPlace::Publisher => "Open the web page".to_owned(),
            place => format!("Open {}", place.label()),
        }
    }

    /// The stable name for the command line.
    pub const fn name(self) -> &'static str {
        match self {
            WebPlace::Publisher => "doi",
            WebPlace::ArXiv => "arxiv",
            WebPlace::PubMed => "pubmed",
            WebPlace::SemanticScholar => "semantic-scholar",
            WebPlace::ConnectedPapers => "connected-papers",
        }
    }

    /// The letter that chooses it in the menu.
    pub const fn letter(self) -> char {
        match self {
            WebPlace::Publisher => 'd',
            WebPlace::ArXiv => 'x',
            WebPlace::PubMed => 'u',
            WebPlace::SemanticScholar => 's',
            WebPlace::ConnectedPapers => 'g',
        }
    }

    /// The address of the paper's page there.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub fn address(self, item: &Item) -> Result<String, &'static str> {
        let arxiv = || item.arxiv().map(|id| encoded_path(&id));
        match self {
            WebPlace::Publisher => link::address(item).ok_or("no DOI and no address"),
            WebPlace::ArXiv => arxiv()
                .map(|id| format!("https://arxiv.org/abs/{id}"))
                .ok_or("no arXiv id"),
            WebPlace::PubMed => value(item, "", "pmid")
                .map(|id| format!("https://pubmed.ncbi.nlm.nih.gov/{}/", encoded(&id)))
                .ok_or("no PubMed id"),
            // Semantic Scholar leads on from arXiv ids; other papers are searched for there.
            WebPlace::SemanticScholar => arxiv()
                .map(|id| format!("https://api.semanticscholar.org/arXiv:{id}"))
                .or_else(|| {
                    let title = link::title(item)?;
                    let words = encoded(&title);
                    Some(format!("https://www.semanticscholar.org/search?q={words}"))
                })
                .ok_or("neither an arXiv id nor a title"),
            WebPlace::ConnectedPapers => {
                const REDIRECT: &str = "https://www.connectedpapers.com/api/redirect";
                item.doi()
                    .map(|doi| format!("{REDIRECT}/doi/{}", encoded_path(&doi)))
                    .or_else(|| Some(format!("{REDIRECT}/arxiv/{}", arxiv()?)))
                    .ok_or("neither a DOI nor an arXiv id")
            }
        }
    }
}

/// What may stand in braces in the reader's own actions, with what is said where a paper has none.
pub const PLACEHOLDERS: [(&str, &str); 9] = [
    ("doi", "no DOI"),
    ("arxiv", "no arXiv id"),
    ("pmid", "no PubMed id"),
    ("isbn", "no ISBN"),
    ("url", "no DOI and no address"),
    ("title", "no title"),
    ("author", "no author"),
    ("year", "no year"),
    ("key", "no citation key"),
];

/// What a placeholder stands for, as bare text without control characters.
fn value(item: &Item, key: &str, name: &str) -> Option<String> {
    let field = |name: &str| Some(clean(&item.text(name)?).into_string());
    let text = match name {
        "doi" => item.doi(),
        "arxiv" => item.arxiv(),
        "pmid" => identify::of_item(item).into_iter().find_map(|id| match id {
            Identifier::Pmid(id) => Some(id),
            _ => None,
        }),
        "isbn" => field("ISBN"),
        "url" => link::address(item),
        "title" => link::title(item),
        "author" => (item.names("author").first()).map(|name| name.short().into_owned()),
        "year" => item.date("issued")?.year().map(|year| year.to_string()),
        "key" => Some(key.to_owned()),
        _ => None,
    }?;
    let text = clean(&text).into_string();
    (!text.is_empty()).then_some(text)
}

/// Text with placeholders: `https://example.org/?doi={doi}`. `{{` and `}}` are braces themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// A row of [`PLACEHOLDERS`].
    Value(&'static str, &'static str),
}

/// Why a template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The name in the braces is not known.
    #[error("there is no {{{0}}}")]
    Unknown(String),
    /// A brace without its other half.
    #[error("a brace stands alone")]
    Unclosed,
}

impl Template {
    /// Reads a text with placeholders.
    ///
    /// # Errors
    /// When a name is not known or a brace stands alone.
    pub fn parse(text: &str) -> Result<Template, TemplateError> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '{' | '}' if rest.peek() == Some(&c) => {
                    rest.next();
                    plain.push(c);
                }
                '{' => {
                    let mut name = String::new();
                    loop {
                        match rest.next() {
                            Some('}') => break,
                            Some(c) => name.push(c),
                            None => return Err(TemplateError::Unclosed),
                        }
                    }
                    let known = PLACEHOLDERS.iter().find(|(known, _)| *known == name);
                    let (name, missing) = known.ok_or(TemplateError::Unknown(name))?;
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                    parts.push(Part::Value(name, missing));
                }
                '}' => return Err(TemplateError::Unclosed),
                c => plain.push(c),
            }
        }
        parts.push(Part::Text(plain));
        Ok(Template(parts))
    }

    /// Whether it has a placeholder.
    pub fn has_values(&self) -> bool {
        (self.0.iter()).any(|part| matches!(part, Part::Value(..)))
    }

    /// The text before the first placeholder.
    pub fn beginning(&self) -> &str {
        match self.0.first() {
            Some(Part::Text(text)) => text,
            _ => "",
        }
    }

    /// As an address: every value percent-encoded.
    ///
    /// # Errors
    /// What the paper lacks, in words.
    pub fn address(&self, item: &Item, key: &str) -> Result<String, &'static str> {
        self.fill(item, key, |name, value| match name {
            "doi" | "arxiv" => encoded_path(&value),
            _ => encoded(&value),
        })
    }

    /// As an argument of a program, which no value can turn into an option.
    ///
    /// # Errors
    /// What the paper lacks, in words.
    pub fn argument(&self, item: &Item, key: &str) -> Result<String, &'static str> {
        let text = self.fill(item, key, |_, value| value)?;
        if text.starts_with('-') && !self.beginning().starts_with('-') {
            return Err("what it would be given begins with -");
        }
        Ok(text)
    }

    fn fill(
        &self,
        item: &Item,
        key: &str,
        write: impl Fn(&str, String) -> String,
    ) -> Result<String, &'static str> {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Value(name, missing) => {
                    out.push_str(&write(name, value(item, key, name).ok_or(*missing)?));
                }
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn item(value: &serde_json::Value) -> Item {
        Item::parse(value.to_string().as_bytes()).unwrap()
    }

    fn paper() -> Item {
        item(&json!({
            "title": "On <i>A & B</i>\u{1b}[2J", "DOI": "10.1000/a(b)c", "PMID": "123",
            "author": [{"family": "Ng", "given": "Ada"}], "issued": {"date-parts": [[2020]]},
        }))
    }

    #[test]
    fn each_place_has_an_address_or_says_what_is_missing() {
        let all = |item: &Item| WebPlace::ALL.map(|place| place.address(item));
        let with_doi = all(&paper());
        assert_eq!(with_doi[0].as_deref(), Ok("https://doi.org/10.1000/a(b)c"));
        assert_eq!(with_doi[1], Err("no arXiv id"));
        assert_eq!(
            with_doi[2].as_deref(),
            Ok("https://pubmed.ncbi.nlm.nih.gov/123/")
        );
        assert_eq!(
            with_doi[3].as_deref(),
            Ok("https://www.semanticscholar.org/search?q=On%20A%20%26%20B%5B2J")
        );
        assert_eq!(
            with_doi[4].as_deref(),
            Ok("https://www.connectedpapers.com/api/redirect/doi/10.1000/a%28b%29c")
        );
        let preprint = item(
            &json!({"number": "hep-th/9711200", "publisher": "arXiv", "URL": "https://arxiv.org/abs/hep-th/9711200"}),
        );
        assert_eq!(
            WebPlace::SemanticScholar.address(&preprint).as_deref(),
            Ok("https://api.semanticscholar.org/arXiv:hep-th/9711200")
        );
        assert!(all(&item(&json!({}))).iter().all(Result::is_err));
    }

    #[test]
    fn letters_are_unique() {
        let letters: std::collections::BTreeSet<char> =
            WebPlace::ALL.iter().map(|place| place.letter()).collect();
        assert_eq!(letters.len(), WebPlace::ALL.len());
    }

    #[test]
    fn values_are_encoded_in_addresses_and_bare_in_arguments() {
        let template = Template::parse("https://x.org/{doi}?t={title}&{{k}}={key}").unwrap();
        assert_eq!(
            template.address(&paper(), "ng 2020").as_deref(),
            Ok("https://x.org/10.1000/a%28b%29c?t=On%20A%20%26%20B%5B2J&{k}=ng%202020")
        );
        let template = Template::parse("{author} {year}: {title}").unwrap();
        assert_eq!(
            template.argument(&paper(), "").as_deref(),
            Ok("Ng 2020: On A & B[2J")
        );
        let missing = Template::parse("{arxiv}").unwrap();
        assert_eq!(missing.argument(&paper(), ""), Err("no arXiv id"));
    }

    #[test]
    fn no_value_becomes_an_option() {
        let hostile = item(&json!({"title": "--output=/etc/passwd"}));
        let argument = |text: &str| Template::parse(text).unwrap().argument(&hostile, "");
        assert!(argument("{title}").is_err());
        assert_eq!(
            argument("--title={title}").as_deref(),
            Ok("--title=--output=/etc/passwd")
        );
    }

    #[test]
    fn wrong_templates_are_refused() {
        for text in ["{", "a}", "{doi", "{dio}", "{}"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
        assert!(!Template::parse("{{doi}}").unwrap().has_values());
    }
}
