//! Any text as a query.
#![no_main]

use libfuzzer_sys::fuzz_target;
use offprint::core::index::highlight;
use offprint::core::query::Query;

fuzz_target!(|texts: (&str, &str)| {
    let query = Query::parse(texts.0);
    for problem in query.problems() {
        assert!(texts.0.get(problem.range.clone()).is_some());
    }
    for range in highlight(&query, texts.1) {
        assert!(texts.1.get(range).is_some());
    }
});
