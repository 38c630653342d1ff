//! What of a paper is sent to a model.

/// What of a paper a model is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Scope {
    /// Its abstract.
    #[default]
    Abstract,
    /// The text of its attached PDF.
    Pdf,
}

impl Scope {
    /// All of them by their names in the configuration, on the command line and above the findings.
    pub const NAMES: [&str; 2] = ["abstract", "pdf"];

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Scope::Abstract => "abstract",
            Scope::Pdf => "pdf",
        }
    }

    /// The one of a name.
    pub fn named(name: &str) -> Option<Scope> {
        [Scope::Abstract, Scope::Pdf]
            .into_iter()
            .find(|scope| scope.name() == name)
    }

    /// In a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Scope::Abstract => "the abstract",
            Scope::Pdf => "the text of the PDF",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scope_has_its_name() {
        for name in Scope::NAMES {
            assert_eq!(Scope::named(name).map(Scope::name), Some(name));
        }
        assert_eq!(Scope::named("all"), None);
    }
}
