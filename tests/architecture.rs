//! The house keeps its order: a layer imports only layers to its right, and only the outer layers touch the world.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::fs;
use std::path::{Path, PathBuf};

/// From the outside in.
const LAYERS: [&str; 6] = ["cli", "runtime", "ui", "app", "config", "core"];

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.file_name().is_some_and(|name| name == "tests.rs") {
            // Unit tests in a file of their own.
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}

/// The lines of a source that are code, without its unit tests.
fn code_lines(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .enumerate()
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
        .map(|(number, line)| (number + 1, line.to_owned()))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .collect()
}

fn each_line(mut check: impl FnMut(&str, &Path, usize, &str)) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 20, "the sources were found");
    for file in files {
        let inside = file.strip_prefix(&root).unwrap().to_owned();
        let layer = inside
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        for (number, line) in code_lines(&file) {
            check(&layer, &inside, number, &line);
        }
    }
}

#[test]
fn a_layer_imports_only_layers_to_its_right() {
    let mut wrong = Vec::new();
    each_line(|layer, file, number, line| {
        let Some(own) = LAYERS.iter().position(|name| *name == layer) else {
            return;
        };
        for left in &LAYERS[..own] {
            if line.contains(&format!("crate::{left}::"))
                || line.contains(&format!("crate::{left};"))
            {
                wrong.push(format!("{}:{number}: {line}", file.display()));
            }
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn core_and_config_know_no_terminal() {
    let mut wrong = Vec::new();
    each_line(|layer, file, number, line| {
        let terminal = ["ratatui", "crossterm", "arboard", "clap::"]
            .iter()
            .any(|name| line.contains(name));
        if terminal && matches!(layer, "core" | "config") {
            wrong.push(format!("{}:{number}: {line}", file.display()));
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_outer_layers_touch_the_world() {
    const WORLD: [&str; 11] = [
        "std::fs",
        "std::process",
        "std::env",
        "std::thread",
        "std::net",
        "std::os::",
        "std::io::stdin",
        "std::io::stdout",
        "Instant::now",
        "SystemTime",
        "rustix::",
    ];
    let mut wrong = Vec::new();
    each_line(|layer, file, number, line| {
        let outer =
            matches!(layer, "runtime" | "cli" | "main") || file == Path::new("config/mod.rs");
        if !outer && WORLD.iter().any(|name| line.contains(name)) {
            wrong.push(format!("{}:{number}: {line}", file.display()));
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_is_one_crossterm() {
    let lock =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    assert_eq!(lock.matches("name = \"crossterm\"\n").count(), 1);
}
