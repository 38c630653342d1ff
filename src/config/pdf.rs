//! `[pdf]`: how attached PDFs are shown, and the folder for them.

use toml::de::DeValue;

use super::settings::{Reader, Value, kind};

/// How the pages of a PDF are shown beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preview {
    /// As pictures where the terminal says that it can.
    #[default]
    Auto,
    /// As pictures by kitty's protocol.
    Kitty,
    /// As sixels.
    Sixel,
    /// As pictures by iTerm2's protocol.
    Iterm2,
    /// Not at all: the text is read alone, and the terminal is not asked.
    Text,
    /// PDFs are not read here at all; they are opened in the system's viewer.
    Off,
}

impl Preview {
    pub(super) const NAMES: [&str; 6] = ["auto", "kitty", "sixel", "iterm2", "text", "off"];

    fn named(name: &str) -> Option<Preview> {
        Some(match name {
            "auto" => Preview::Auto,
            "kitty" => Preview::Kitty,
            "sixel" => Preview::Sixel,
            "iterm2" => Preview::Iterm2,
            "text" => Preview::Text,
            "off" => Preview::Off,
            _ => return None,
        })
    }
}

/// What is set about PDFs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PdfSettings {
    /// How pages are shown.
    pub preview: Preview,
    /// The folder in which PDFs lie and found ones are kept, as written.
    pub folder: Option<String>,
}

impl Reader<'_> {
    pub(super) fn pdf(&mut self, value: &Value<'_>) {
        let DeValue::Table(table) = value.get_ref() else {
            return self.problem(
                &value.span(),
                format!("pdf is {}", kind(value)),
                "write [pdf] and below it lines such as preview = \"auto\"",
            );
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "preview" => {
                    if let Some(name) = self.text(value, "preview") {
                        match Preview::named(&name) {
                            Some(preview) => self.settings.pdf.preview = preview,
                            None => self.not_one_of(value, &name, &Preview::NAMES),
                        }
                    }
                }
                "folder" => self.settings.pdf.folder = self.name(value, "folder"),
                other => self.unknown(&key.span(), other, &["preview", "folder"]),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    #[test]
    fn the_section_is_read_strictly() {
        let (settings, problems) =
            Settings::parse("[pdf]\npreview = \"sixel\"\nfolder = \"~/Downloads\"\n");
        assert_eq!(problems, []);
        assert_eq!(settings.pdf.preview, Preview::Sixel);
        assert_eq!(settings.pdf.folder.as_deref(), Some("~/Downloads"));
        for text in [
            "[pdf]\npreview = \"sixels\"\n",
            "[pdf]\npreviw = \"sixel\"\n",
            "[pdf]\nfolder = \"\"\n",
            "pdf = true\n",
        ] {
            let (settings, problems) = Settings::parse(text);
            assert_eq!(
                (settings.pdf, problems.len()),
                (PdfSettings::default(), 1),
                "{text}"
            );
        }
    }
}
