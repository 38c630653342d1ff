//! Takes the CSL styles and locales out of the archive of the `hayagriva` crate and writes each of them as a compact
//! file of its own, so that the program loads one style and one locale and nothing else.
//!
//! The archive holds CBOR of typed CSL; it is turned back into XML first, so that styles from here and styles from
//! files go through the same reader.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use hayagriva::archive::{ArchivedStyle, locales};
use hayagriva::citationberg::LocaleFile;
use roxmltree::{Document, Node};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    tell_build();
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let folder = out.join("csl");
    fs::create_dir_all(&folder)?;
    let mut code = String::from("pub(super) static STYLES: &[ArchivedStyle] = &[\n");
    let mut styles = Vec::new();
    for archived in ArchivedStyle::all() {
        let xml = archived.get().to_xml()?;
        let document = Document::parse(&xml)?;
        let info = child(document.root_element(), "info").ok_or("a style has no info")?;
        let text = |name: &str| {
            child(info, name)
                .and_then(|node| node.text())
                .unwrap_or_default()
                .to_owned()
        };
        let id = text("id");
        let id = id.rsplit('/').next().unwrap_or_default().to_owned();
        let title = text("title");
        let short = text("title-short");
        let aliases: Vec<&str> = archived
            .names()
            .iter()
            .copied()
            .filter(|name| *name != id)
            .collect();
        fs::write(folder.join(format!("{id}.style")), compact(&document))?;
        styles.push((id, title, short, aliases));
    }
    styles.sort();
    for (id, title, short, aliases) in styles {
        let file = literal(&folder.join(format!("{id}.style")));
        writeln!(
            code,
            "ArchivedStyle {{ id: {id:?}, title: {title:?}, title_short: {short:?}, aliases: &{aliases:?}, bytes: include_bytes!({file}) }},"
        )?;
    }
    code.push_str("];\npub(super) static LOCALES: &[(&str, &[u8])] = &[\n");
    let mut all = Vec::new();
    for locale in locales() {
        let file = LocaleFile::try_from(locale).map_err(|()| "a locale has no language")?;
        let xml = file.to_xml()?;
        // The writer of the archive's own crate calls the root element of a locale `style`.
        let xml = xml
            .replacen("<style ", "<locale ", 1)
            .replace("</style>", "</locale>");
        let document = Document::parse(&xml)?;
        let lang = file.lang.0;
        fs::write(folder.join(format!("{lang}.locale")), compact(&document))?;
        all.push(lang);
    }
    all.sort();
    for lang in all {
        let file = literal(&folder.join(format!("{lang}.locale")));
        writeln!(code, "({lang:?}, include_bytes!({file})),")?;
    }
    code.push_str("];\n");
    fs::write(out.join("csl_archive.rs"), code)?;
    Ok(())
}

/// What `--version` says of the build: the target, the compiler and, of a release, the commit. The day is that of the
/// commit, so that the same source gives the same program.
fn tell_build() {
    let tell = |name: &str, value: &str| println!("cargo::rustc-env=OFFPRINT_BUILD_{name}={value}");
    tell("TARGET", &env::var("TARGET").unwrap_or_default());
    let compiler = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    tell("COMPILER", &said(&compiler, &["--version"]));
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    // Other builds are made again with every commit and need not say which one they are of.
    let is_release = env::var("PROFILE").as_deref() == Ok("release");
    let commit = if is_release { commit() } else { String::new() };
    if commit.is_empty() {
        tell("VERSION", &version);
    } else {
        tell("VERSION", &format!("{version} ({commit})"));
    }
}

/// "0123456789 2026-01-31": of the package, else of the repository; empty where neither knows.
fn commit() -> String {
    // `cargo package` writes it into what is published.
    if let Ok(json) = fs::read_to_string(".cargo_vcs_info.json") {
        let sum = json.split("\"sha1\": \"").nth(1).unwrap_or_default();
        return sum.chars().take(10).collect();
    }
    if !Path::new(".git").exists() {
        return String::new();
    }
    let log = said("git", &["rev-parse", "--git-path", "logs/HEAD"]);
    if Path::new(&log).exists() {
        println!("cargo::rerun-if-changed={log}");
    }
    let commit = said(
        "git",
        &["show", "-s", "--abbrev=10", "--format=%h %cs", "HEAD"],
    );
    let is_changed = !said("git", &["status", "--porcelain", "--untracked-files=no"]).is_empty();
    if is_changed {
        commit + " and changes"
    } else {
        commit
    }
}

/// The first line of what a program prints; empty where it fails.
fn said(program: &str, arguments: &[&str]) -> String {
    let printed = Command::new(program).args(arguments).output();
    let printed = printed.ok().filter(|printed| printed.status.success());
    let text = printed.map(|printed| String::from_utf8_lossy(&printed.stdout).into_owned());
    text.and_then(|text| text.lines().next().map(str::to_owned))
        .unwrap_or_default()
}

fn child<'a, 'd>(node: Node<'a, 'd>, name: &str) -> Option<Node<'a, 'd>> {
    node.children()
        .find(|child| child.tag_name().name() == name)
}

fn literal(path: &Path) -> String {
    format!("{:?}", path.display().to_string())
}

/// The compact form: a table of strings, then the elements, each as name, text, attributes and children; all numbers
/// in base 128, least significant group first.
fn compact(document: &Document<'_>) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.intern("");
    writer.element(document.root_element());
    let mut bytes = Vec::new();
    number(writer.strings.len(), &mut bytes);
    for text in &writer.strings {
        number(text.len(), &mut bytes);
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes.extend_from_slice(&writer.tree);
    bytes
}

#[derive(Default)]
struct Writer {
    strings: Vec<String>,
    places: HashMap<String, usize>,
    tree: Vec<u8>,
}

impl Writer {
    fn intern(&mut self, text: &str) -> usize {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = self.strings.len();
        self.strings.push(text.to_owned());
        self.places.insert(text.to_owned(), place);
        place
    }

    fn put(&mut self, text: &str) {
        let place = self.intern(text);
        number(place, &mut self.tree);
    }

    fn element(&mut self, node: Node<'_, '_>) {
        self.put(node.tag_name().name());
        let children: Vec<Node<'_, '_>> = node
            .children()
            .filter(Node::is_element)
            .filter(|child| wanted(node.tag_name().name(), child))
            .collect();
        self.put(if children.is_empty() {
            node.text().unwrap_or_default()
        } else {
            ""
        });
        let attributes: Vec<_> = node.attributes().collect();
        number(attributes.len(), &mut self.tree);
        for attribute in attributes {
            if attribute.namespace().is_some() && attribute.name() == "lang" {
                self.put("xml:lang");
            } else {
                self.put(attribute.name());
            }
            self.put(attribute.value());
        }
        number(children.len(), &mut self.tree);
        for child in children {
            self.element(child);
        }
    }
}

/// Of the metadata only what the program shows is kept.
fn wanted(parent: &str, child: &Node<'_, '_>) -> bool {
    let name = child.tag_name().name();
    match parent {
        "info" => {
            matches!(
                name,
                "id" | "title" | "title-short" | "updated" | "rights" | "author"
            ) || (name == "link" && child.attribute("rel") == Some("independent-parent"))
        }
        "author" => name == "name",
        "locale" => name != "info",
        _ => true,
    }
}

fn number(mut value: usize, into: &mut Vec<u8>) {
    while value >= 0x80 {
        into.push((value & 0x7F) as u8 | 0x80);
        value >>= 7;
    }
    into.push(value as u8);
}
