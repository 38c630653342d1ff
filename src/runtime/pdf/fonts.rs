//! Fonts that a document names but does not bring along.
//!
//! For Latin text there are substitutes in the program. Those for Chinese, Japanese and Korean are far too large for
//! that: they are looked for on this machine. Without them such text is left out, and the reader is told.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use hayro::hayro_interpret::font::{FallbackFontQuery, FontData, FontQuery};
use hayro::hayro_interpret::hayro_cmap::CidFamily;
use hayro::hayro_interpret::{InterpreterSettings, InterpreterWarning};

/// Folders are searched so deep.
const DEPTH: usize = 5;
/// Not more files than this are looked at.
const MOST_FILES: usize = 20_000;
/// Larger files are no fonts, in bytes.
const LARGEST_FONT: u64 = 64 << 20;

/// Names of font files with the characters of all four, the better first.
const FILES: [&str; 8] = [
    "NotoSerifCJK-Regular.ttc",
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJK-Medium.ttc",
    "NotoSerifCJKjp-Regular.otf",
    "NotoSansCJKjp-Regular.otf",
    "SourceHanSans.ttc",
    "SourceHanSerif.ttc",
    "WenQuanYiMicroHei.ttc",
];

/// The settings for a document; `is_missing` is set where a font was found nowhere.
pub(super) fn settings(is_missing: &Arc<AtomicBool>) -> InterpreterSettings {
    let found: Arc<OnceLock<Option<FontData>>> = Arc::default();
    let missing = Arc::clone(is_missing);
    let unsupported = Arc::clone(is_missing);
    InterpreterSettings {
        font_resolver: Arc::new(move |query| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(query) => {
                let Some(place) = place_in_collection(query) else {
                    return Some(query.pick_standard_font().get_font_data());
                };
                if let Some(data) = found.get_or_init(installed) {
                    return Some((Arc::clone(data), place));
                }
                missing.store(true, Ordering::Relaxed);
                Some(query.pick_standard_font().get_font_data())
            }
        }),
        warning_sink: Arc::new(move |warning| {
            if matches!(warning, InterpreterWarning::UnsupportedFont) {
                unsupported.store(true, Ordering::Relaxed);
            }
        }),
        ..InterpreterSettings::default()
    }
}

/// For a font of one of these scripts, the place of its variant in the collections of Noto and Source Han.
fn place_in_collection(query: &FallbackFontQuery) -> Option<u32> {
    match query.character_collection.as_ref()?.family {
        CidFamily::AdobeJapan1 => Some(0),
        CidFamily::AdobeKorea1 => Some(1),
        CidFamily::AdobeGB1 => Some(2),
        CidFamily::AdobeCNS1 => Some(3),
        _ => None,
    }
}

fn installed() -> Option<FontData> {
    let home = std::env::home_dir().unwrap_or_default();
    let folders = [
        PathBuf::from("/usr/share/fonts"),
        PathBuf::from("/usr/local/share/fonts"),
        home.join(".local/share/fonts"),
        home.join(".fonts"),
        home.join("Library/Fonts"),
        PathBuf::from("/Library/Fonts"),
    ];
    let mut best: Option<(usize, PathBuf)> = None;
    let mut left = MOST_FILES;
    for folder in folders {
        look(&folder, DEPTH, &mut left, &mut best);
    }
    let (_, path) = best?;
    let size = fs::metadata(&path).ok()?.len();
    let data = (size <= LARGEST_FONT)
        .then(|| fs::read(&path).ok())
        .flatten()?;
    Some(Arc::new(data))
}

fn look(folder: &Path, depth: usize, left: &mut usize, best: &mut Option<(usize, PathBuf)>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        *left = left.saturating_sub(1);
        if *left == 0 {
            return;
        }
        let path = entry.path();
        let rank = path
            .file_name()
            .and_then(|name| FILES.iter().position(|known| OsStr::new(known) == name));
        if let Some(rank) = rank {
            if best.as_ref().is_none_or(|(before, _)| rank < *before) {
                *best = Some((rank, path));
            }
        } else if depth > 0 && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            look(&path, depth - 1, left, best);
        }
    }
}
