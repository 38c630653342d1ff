//! Any text as the markup of a title, and as LaTeX.
#![no_main]

use libfuzzer_sys::fuzz_target;
use offprint::core::import::latex::{self, Field};
use offprint::core::import::markup;

fuzz_target!(|text: &str| {
    let _ = markup::clean(text);
    for field in [Field::Title, Field::Text, Field::Plain] {
        let _ = latex::text(text, field);
    }
});
