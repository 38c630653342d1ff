//! Any bytes as CSL-JSON, JSON Lines or Better BibTeX JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use offprint::core::import::read;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(import) = read(bytes, "x.json") {
        assert!(import.entries.iter().all(|entry| entry.line > 0));
    }
});
