//! The libraries that the configuration names.

use std::path::Path;

use toml::de::DeValue;

use super::settings::{Reader, Value, kind};

/// A library with its path, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedLibrary {
    /// What the reader calls it.
    pub name: Option<String>,
    /// Where it is.
    pub path: String,
}

impl NamedLibrary {
    fn at(path: String) -> NamedLibrary {
        NamedLibrary { name: None, path }
    }

    /// What it is called: its name, or that of its file.
    pub fn name(&self) -> &str {
        let file = Path::new(&self.path)
            .file_name()
            .and_then(|name| name.to_str());
        self.name.as_deref().or(file).unwrap_or(&self.path)
    }
}

impl Reader<'_> {
    /// A path, or a list of libraries of which the first is opened.
    pub(super) fn library(&mut self, value: &Value<'_>) {
        let first = match value.get_ref() {
            DeValue::Array(list) => {
                for library in list {
                    let named = self.library_table(library);
                    self.settings.libraries.extend(named);
                }
                self.settings.libraries.first().cloned()
            }
            DeValue::Table(_) => self.library_table(value),
            _ => self.text(value, "library").map(NamedLibrary::at),
        };
        match first {
            Some(first) if first.path.trim().is_empty() => {
                self.settings.libraries.clear();
                self.problem(
                    &value.span(),
                    "library is empty".to_owned(),
                    "write the path of a library, or leave the line out",
                );
            }
            Some(first) => {
                self.settings.library = Some(first.path.clone());
                if self.settings.libraries.is_empty() {
                    self.settings.libraries.push(first);
                }
            }
            None => {}
        }
    }

    fn library_table(&mut self, value: &Value<'_>) -> Option<NamedLibrary> {
        let DeValue::Table(table) = value.get_ref() else {
            self.problem(
                &value.span(),
                format!("library is {}", kind(value)),
                "write library = \"PATH\", or [[library]] with path = \"PATH\"",
            );
            return None;
        };
        let (mut path, mut name) = (None, None);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "path" => path = self.text(value, "path"),
                "name" => name = self.name(value, "name"),
                other => self.unknown(&key.span(), other, &["path", "name"]),
            }
        }
        if path.is_none() {
            self.problem(
                &value.span(),
                "a library without a path".to_owned(),
                "write path = \"PATH\" below it",
            );
        }
        Some(NamedLibrary { name, path: path? })
    }
}
