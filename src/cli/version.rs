//! `offprint --version`, and what it was built of with `--verbose`.

use crate::core::csl::archive::NOTICE;

/// "1.2.3 (0123456789 2026-01-31)": the version and, of a release, the commit.
pub(super) const SHORT: &str = env!("OFFPRINT_BUILD_VERSION");

/// Target, compiler, features, and whose the styles are.
pub(super) fn long() -> String {
    let features = [
        ("tui", cfg!(feature = "tui")),
        ("net", cfg!(feature = "net")),
        ("pdf", cfg!(feature = "pdf")),
        ("preview", cfg!(feature = "preview")),
    ];
    let features: Vec<&str> = features
        .iter()
        .filter_map(|(name, is_in)| is_in.then_some(*name))
        .collect();
    format!(
        "offprint {SHORT}\ntarget {}\ncompiler {}\nfeatures {}\n\n{NOTICE}",
        env!("OFFPRINT_BUILD_TARGET"),
        env!("OFFPRINT_BUILD_COMPILER"),
        if features.is_empty() {
            "none".to_owned()
        } else {
            features.join(" ")
        }
    )
}
