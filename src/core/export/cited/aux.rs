//! `.aux`: `\citation{a,b}` for BibTeX, `\abx@aux@cite{0}{a}` for biber, `\@input{chapter.aux}`.

use super::{Citations, Reader};

pub(super) fn read(text: &str) -> Citations {
    let mut found = Citations::default();
    let mut reader = Reader::new(text);
    while reader.peek().is_some() {
        let line = reader.line;
        if reader.eat("\\citation") {
            let keys = reader.take_group('{', '}').unwrap_or_default();
            keys.split(',').for_each(|key| found.cite(key, line));
        } else if reader.eat("\\abx@aux@cite") {
            // Since biblatex 3.16 the number of the reference section stands before the key.
            let mut key = reader.take_group('{', '}').unwrap_or_default();
            if let Some(second) = reader.take_group('{', '}') {
                key = second;
            }
            found.cite(key, line);
        } else if reader.eat("\\@input") {
            if let Some(file) = reader.take_group('{', '}') {
                found.includes.push(file.trim().to_owned());
            }
        } else {
            reader.next();
        }
    }
    found
}
