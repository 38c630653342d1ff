//! Any bytes as an item, written in every way.
#![no_main]

use libfuzzer_sys::fuzz_target;
use offprint::core::cite::styled::ArchivedStyles;
use offprint::core::cite::{Format, StyleSource, key, render};
use offprint::core::item::Item;

fuzz_target!(|bytes: &[u8]| {
    let Ok(item) = Item::parse(bytes) else { return };
    let key = key::derive_key(&item);
    for format in Format::ALL {
        if let Ok(text) = render(format, &[(&item, &key)]) {
            assert!(!text.ends_with('\n') && !text.contains('\u{1b}'));
        }
    }
    for style in ["apa", "ieee", "modern-language-association"] {
        if let Ok(style) = ArchivedStyles.load(style) {
            let _ = style.entries(std::slice::from_ref(&item));
        }
    }
});
