//! Any text as a citation style, with an item to cite.
#![no_main]

use libfuzzer_sys::fuzz_target;
use offprint::core::csl::{Cite, Locale, Processor, Style};
use offprint::core::item::Item;

fuzz_target!(|xml: &str| {
    let Ok(style) = Style::parse(xml) else { return };
    let item = Item::parse(
        br#"{"id": "a", "type": "book", "title": "A <i>title</i>", "author": [{"family": "Mare", "given": "W.", "non-dropping-particle": "de la"}], "issued": {"date-parts": [[1950, 3]]}, "page": "1-9"}"#,
    );
    let Ok(item) = item else { return };
    let processor = Processor::new(&style, &Locale::default());
    let _ = processor.bibliography_entry(&item).html();
    let _ = processor.citation(&[item], vec![Cite::of(0)]).plain();
});
