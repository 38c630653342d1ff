//! Any text as a manuscript that cites.
#![no_main]

use libfuzzer_sys::fuzz_target;
use offprint::core::export::cited::{Citations, Manuscript};

fuzz_target!(|text: &str| {
    for manuscript in [
        Manuscript::Aux,
        Manuscript::Latex,
        Manuscript::Markdown,
        Manuscript::Typst,
    ] {
        for cited in Citations::read(manuscript, text).keys {
            assert!(!cited.key.trim().is_empty() && cited.line > 0);
        }
    }
});
