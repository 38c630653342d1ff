//! Any bytes as the model of sentence roles, any text as an abstract: findings are slices of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use offprint::core::findings::{AbstractText, Model, Stated, extract, sentences};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(model) = Model::read(bytes) {
        assert_eq!(model.label(&["One.", "Two."]).len(), 2);
    }
    let text = String::from_utf8_lossy(bytes);
    let mut end = 0;
    for range in sentences(&text) {
        assert!(range.start >= end && text.get(range.clone()).is_some_and(|one| !one.is_empty()));
        end = range.end;
    }
    let read = AbstractText::of(&text);
    let Ok(found) = extract(&read) else { return };
    for (_, stated) in found.parts {
        let Stated::Sentences(sentences) = stated else { continue };
        for one in sentences {
            assert_eq!(read.text.get(one.place), Some(one.text.as_str()));
        }
    }
});
