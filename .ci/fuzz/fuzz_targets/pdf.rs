//! Any bytes as a PDF that names its paper.
#![no_main]

use libfuzzer_sys::fuzz_target;
use offprint::core::identify::of_pdf;

fuzz_target!(|given: (&str, &[u8])| {
    if let Some(named) = of_pdf(given.0, given.1) {
        assert!(!named.identifier.value().is_empty());
    }
});
