//! Any bytes as a file of BibTeX: read or refused, with spans that lie in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use offprint::core::import::read;

fuzz_target!(|bytes: &[u8]| {
    let Ok(import) = read(bytes, "x.bib") else { return };
    let mut end = 0;
    for entry in &import.entries {
        assert!(entry.span.start >= end && entry.span.end >= entry.span.start && entry.line > 0);
        end = entry.span.end;
    }
});
