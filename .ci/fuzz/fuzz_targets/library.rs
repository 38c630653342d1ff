//! Any bytes as a library, in pieces of any size.
#![no_main]

use libfuzzer_sys::fuzz_target;
use offprint::core::library::Builder;

fuzz_target!(|data: (u8, &[u8])| {
    let (size, bytes) = data;
    let mut builder = Builder::new();
    for chunk in bytes.chunks(usize::from(size).max(1)) {
        if builder.feed(chunk).is_err() {
            return;
        }
    }
    let _ = builder.finish();
    let library = builder.library();
    for no in library.numbers() {
        assert!(!library.title(no).contains('\u{1b}'));
    }
});
