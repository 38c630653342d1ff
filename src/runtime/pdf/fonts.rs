//! Fonts that a document names but does not bring along.
//!
//! For Latin text there are substitutes in the program. Those for Chinese, Japanese and Korean are far too large for
//! that: they are looked for on this machine, by the names under which systems install them. Without them such text is
//! left out of pictures, and the reader is told.

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

/// The environment variable with folders to search instead of the usual ones.
const FOLDERS: &str = "OFFPRINT_FONTS";

/// What a font is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Japanese,
    Korean,
    SimplifiedChinese,
    TraditionalChinese,
}

/// The place in a file of the font for each script, in the order of [`Script`].
type Places = [Option<u32>; 4];

/// A collection of one font a script, as those of Noto and Source Han.
const COLLECTION: Places = [Some(0), Some(1), Some(2), Some(3)];
/// One font with the characters of all.
const ALL: Places = [Some(0); 4];
const JAPANESE: Places = [Some(0), None, None, None];
const KOREAN: Places = [None, Some(0), None, None];
const SIMPLIFIED: Places = [None, None, Some(0), None];
const TRADITIONAL: Places = [None, None, None, Some(0)];

/// Files as Linux, macOS and Windows install them, the better first: most papers are set in a face with serifs.
const FILES: [(&str, Places); 57] = [
    ("NotoSerifCJK-Regular.ttc", COLLECTION),
    ("NotoSansCJK-Regular.ttc", COLLECTION),
    ("NotoSansCJK-Medium.ttc", COLLECTION),
    ("SourceHanSerif.ttc", COLLECTION),
    ("SourceHanSans.ttc", COLLECTION),
    ("NotoSerifJP-Regular.otf", JAPANESE),
    ("NotoSerifKR-Regular.otf", KOREAN),
    ("NotoSerifSC-Regular.otf", SIMPLIFIED),
    ("NotoSerifTC-Regular.otf", TRADITIONAL),
    ("NotoSansJP-Regular.otf", JAPANESE),
    ("NotoSansKR-Regular.otf", KOREAN),
    ("NotoSansSC-Regular.otf", SIMPLIFIED),
    ("NotoSansTC-Regular.otf", TRADITIONAL),
    ("SourceHanSerifCN-Regular.otf", SIMPLIFIED),
    ("SourceHanSerifTW-Regular.otf", TRADITIONAL),
    ("SourceHanSansCN-Regular.otf", SIMPLIFIED),
    ("SourceHanSansTW-Regular.otf", TRADITIONAL),
    ("SourceHanSansJP-Regular.otf", JAPANESE),
    ("SourceHanSansKR-Regular.otf", KOREAN),
    ("ipaexm.ttf", JAPANESE),
    ("ipam.ttf", JAPANESE),
    ("ipaexg.ttf", JAPANESE),
    ("ipag.ttf", JAPANESE),
    ("fonts-japanese-mincho.ttf", JAPANESE),
    ("fonts-japanese-gothic.ttf", JAPANESE),
    ("TakaoMincho.ttf", JAPANESE),
    ("TakaoGothic.ttf", JAPANESE),
    ("VL-Gothic-Regular.ttf", JAPANESE),
    ("ヒラギノ明朝 ProN.ttc", JAPANESE),
    ("ヒラギノ角ゴシック W3.ttc", JAPANESE),
    ("NanumMyeongjo.ttf", KOREAN),
    ("NanumGothic.ttf", KOREAN),
    ("UnBatang.ttf", KOREAN),
    ("UnDotum.ttf", KOREAN),
    ("AppleMyungjo.ttf", KOREAN),
    ("AppleSDGothicNeo.ttc", KOREAN),
    ("NotoSerifCJKjp-Regular.otf", ALL),
    ("NotoSerifCJKsc-Regular.otf", ALL),
    ("NotoSansCJKjp-Regular.otf", ALL),
    ("NotoSansCJKsc-Regular.otf", ALL),
    ("DroidSansFallbackFull.ttf", ALL),
    ("DroidSansFallback.ttf", ALL),
    ("wqy-microhei.ttc", ALL),
    ("wqy-zenhei.ttc", ALL),
    ("Arial Unicode.ttf", ALL),
    ("Hiragino Sans GB.ttc", SIMPLIFIED),
    ("STHeiti Light.ttc", TRADITIONAL),
    ("msmincho.ttc", JAPANESE),
    ("msgothic.ttc", JAPANESE),
    ("YuGothR.ttc", JAPANESE),
    ("batang.ttc", KOREAN),
    ("malgun.ttf", KOREAN),
    ("simsun.ttc", SIMPLIFIED),
    ("simhei.ttf", SIMPLIFIED),
    ("msyh.ttc", SIMPLIFIED),
    ("mingliu.ttc", TRADITIONAL),
    ("msjh.ttc", TRADITIONAL),
];

/// Parts of the names of fonts that programs leave out of documents, where the document says nothing else of the script.
const NAMES: [(&str, Script); 29] = [
    ("heiseimin", Script::Japanese),
    ("heiseikaku", Script::Japanese),
    ("kozmin", Script::Japanese),
    ("kozgo", Script::Japanese),
    ("ryumin", Script::Japanese),
    ("gothicbbb", Script::Japanese),
    ("mincho", Script::Japanese),
    ("msgothic", Script::Japanese),
    ("mspgothic", Script::Japanese),
    ("hiragino", Script::Japanese),
    ("meiryo", Script::Japanese),
    ("batang", Script::Korean),
    ("gulim", Script::Korean),
    ("dotum", Script::Korean),
    ("malgun", Script::Korean),
    ("myeongjo", Script::Korean),
    ("hygothic", Script::Korean),
    ("mingliu", Script::TraditionalChinese),
    ("msung", Script::TraditionalChinese),
    ("mhei", Script::TraditionalChinese),
    ("simsun", Script::SimplifiedChinese),
    ("simhei", Script::SimplifiedChinese),
    ("yahei", Script::SimplifiedChinese),
    ("stsong", Script::SimplifiedChinese),
    ("stheiti", Script::SimplifiedChinese),
    ("kaiti", Script::SimplifiedChinese),
    ("fangsong", Script::SimplifiedChinese),
    ("sourcehan", Script::SimplifiedChinese),
    ("cjk", Script::SimplifiedChinese),
];

/// The settings for a document; `is_missing` is set where a font was found nowhere.
pub(super) fn settings(is_missing: &Arc<AtomicBool>) -> InterpreterSettings {
    let installed: Arc<Installed> = Arc::default();
    let missing = Arc::clone(is_missing);
    let unsupported = Arc::clone(is_missing);
    InterpreterSettings {
        font_resolver: Arc::new(move |query| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(query) => {
                let Some(script) = script(query) else {
                    return Some(query.pick_standard_font().get_font_data());
                };
                installed.of(script).or_else(|| {
                    missing.store(true, Ordering::Relaxed);
                    Some(query.pick_standard_font().get_font_data())
                })
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

/// The script for which a font of the machine is needed, as the document says it, or the font's name.
fn script(query: &FallbackFontQuery) -> Option<Script> {
    let family = query.character_collection.as_ref().map(|one| &one.family);
    match family {
        Some(CidFamily::AdobeJapan1) => return Some(Script::Japanese),
        Some(CidFamily::AdobeKorea1) => return Some(Script::Korean),
        Some(CidFamily::AdobeGB1) => return Some(Script::SimplifiedChinese),
        Some(CidFamily::AdobeCNS1) => return Some(Script::TraditionalChinese),
        _ => {}
    }
    let names = [
        &query.post_script_name,
        &query.font_name,
        &query.font_family,
    ];
    names.into_iter().flatten().find_map(|name| {
        let name: String = (name.chars())
            .filter(char::is_ascii_alphabetic)
            .collect::<String>()
            .to_ascii_lowercase();
        NAMES
            .iter()
            .find(|(part, _)| name.contains(part))
            .map(|(_, script)| *script)
    })
}

/// The fonts of this machine, looked for when the first is needed and read when it is.
#[derive(Default)]
struct Installed {
    paths: OnceLock<[Option<Best>; 4]>,
    fonts: [OnceLock<Option<(FontData, u32)>>; 4],
}

/// The best file for a script so far.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Best {
    rank: usize,
    path: PathBuf,
    place: u32,
}

impl Installed {
    fn of(&self, script: Script) -> Option<(FontData, u32)> {
        let at = script as usize;
        let slot = self.fonts.get(at)?;
        slot.get_or_init(|| {
            let paths = self.paths.get_or_init(|| search(&folders()));
            let best = paths.get(at)?.as_ref()?;
            let size = fs::metadata(&best.path).ok()?.len();
            let data = (size <= LARGEST_FONT)
                .then(|| fs::read(&best.path).ok())
                .flatten()?;
            Some((Arc::new(data) as FontData, best.place))
        })
        .clone()
    }
}

/// Where fonts are: in the folders that the reader names, else where systems and users keep them.
fn folders() -> Vec<PathBuf> {
    if let Some(named) = std::env::var_os(FOLDERS) {
        return std::env::split_paths(&named).collect();
    }
    let home = std::env::home_dir().unwrap_or_default();
    let own_data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let of_all = std::env::var_os("XDG_DATA_DIRS").unwrap_or_default();
    let mut folders = vec![
        own_data
            .unwrap_or_else(|| home.join(".local/share"))
            .join("fonts"),
        home.join(".fonts"),
        home.join("Library/Fonts"),
    ];
    folders.extend(std::env::split_paths(&of_all).map(|folder| folder.join("fonts")));
    let fixed = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/run/current-system/sw/share/X11/fonts",
        "/Library/Fonts",
        "/System/Library/Fonts",
    ];
    folders.extend(fixed.map(PathBuf::from));
    folders
}

fn search(folders: &[PathBuf]) -> [Option<Best>; 4] {
    let mut best = [const { None }; 4];
    let mut left = MOST_FILES;
    for folder in folders {
        look(folder, DEPTH, &mut left, &mut best);
    }
    best
}

fn look(folder: &Path, depth: usize, left: &mut usize, best: &mut [Option<Best>; 4]) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        *left = left.saturating_sub(1);
        if *left == 0 {
            return;
        }
        let path = entry.path();
        let known = path.file_name().and_then(|name| {
            let known = FILES.iter().enumerate();
            known
                .filter(|(_, (file, _))| OsStr::new(file) == name)
                .map(|(rank, (_, places))| (rank, places))
                .next()
        });
        if let Some((rank, places)) = known {
            for (best, place) in best.iter_mut().zip(places) {
                if let Some(place) = *place
                    && best.as_ref().is_none_or(|best| rank < best.rank)
                {
                    *best = Some(Best {
                        rank,
                        path: path.clone(),
                        place,
                    });
                }
            }
        } else if depth > 0 && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            look(&path, depth - 1, left, best);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro::hayro_interpret::hayro_cmap::CharacterCollection;

    fn query(name: &str, family: Option<CidFamily>) -> FallbackFontQuery {
        FallbackFontQuery {
            post_script_name: Some(name.to_owned()),
            character_collection: family.map(|family| CharacterCollection {
                family,
                supplement: 0,
            }),
            ..FallbackFontQuery::default()
        }
    }

    #[test]
    fn the_script_is_that_of_the_collection_or_of_the_name() {
        for (name, family, expected) in [
            (
                "F1",
                Some(CidFamily::AdobeGB1),
                Some(Script::SimplifiedChinese),
            ),
            ("F1", Some(CidFamily::AdobeJapan1), Some(Script::Japanese)),
            (
                "MS-Mincho",
                Some(CidFamily::AdobeIdentity),
                Some(Script::Japanese),
            ),
            ("SimSun,Bold", None, Some(Script::SimplifiedChinese)),
            ("HYSMyeongJo-Medium", None, Some(Script::Korean)),
            ("PMingLiU", None, Some(Script::TraditionalChinese)),
            ("CenturyGothic", None, None),
            ("Arial", Some(CidFamily::AdobeIdentity), None),
        ] {
            assert_eq!(script(&query(name, family)), expected, "{name}");
        }
    }

    #[test]
    fn the_better_file_of_each_script_is_taken_wherever_it_lies() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        };
        put("a/DroidSansFallback.ttf");
        put("b/c/ipag.ttf");
        put("b/Helvetica.ttf");
        let name = |best: &Option<Best>| {
            let best = best.as_ref().unwrap();
            let name = best.path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, best.place)
        };
        let found = search(&[folder.path().to_owned()]);
        assert_eq!(
            name(&found[Script::Japanese as usize]),
            ("ipag.ttf".to_owned(), 0)
        );
        let korean = name(&found[Script::Korean as usize]);
        assert_eq!(korean, ("DroidSansFallback.ttf".to_owned(), 0));
        put("d/NotoSansCJK-Regular.ttc");
        let found = search(&[folder.path().to_owned()]);
        let traditional = name(&found[Script::TraditionalChinese as usize]);
        assert_eq!(traditional, ("NotoSansCJK-Regular.ttc".to_owned(), 3));
        assert_eq!(
            search(&[folder.path().join("none")]),
            [None, None, None, None]
        );
    }
}
