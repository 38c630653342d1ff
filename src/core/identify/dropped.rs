//! Paths of PDFs in pasted text: terminals write the path of a file that is dropped on them, each in its own way.

use std::fmt::Write as _;

/// Takes the paths of PDFs out of a text: a line that is one, or several as a shell would read them, quoted, with
/// backslashes or as `file:` addresses. Web addresses are no paths. Returns the paths, and the other lines.
pub fn pdf_paths(text: &str) -> (Vec<String>, String) {
    let mut paths: Vec<String> = Vec::new();
    let mut rest = String::new();
    for line in text.lines() {
        let found = of_line(line.trim());
        if found.is_empty() {
            // Writing to a string does not fail.
            let _ = writeln!(rest, "{line}");
        }
        for path in found {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    (paths, rest)
}

fn of_line(line: &str) -> Vec<String> {
    let words: Vec<String> = shell_words(line)
        .into_iter()
        .map(|word| of_file_address(&word).unwrap_or(word))
        .collect();
    if !words.is_empty() && words.iter().all(|word| is_pdf(word)) {
        return words;
    }
    // A name with blanks, written without quotes.
    if is_pdf(line) {
        return vec![line.to_owned()];
    }
    Vec::new()
}

fn is_pdf(word: &str) -> bool {
    let end = word.len().checked_sub(4).and_then(|at| word.get(at..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(".pdf"))
        && word.len() > 4
        && !word.contains("://")
}

/// The words of a line as a POSIX shell parts them; expansions stay as they are written.
fn shell_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut is_begun = false;
    let mut quote = None;
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (Some(mark), c) if c == mark => quote = None,
            (Some('"') | None, '\\') => word.extend(characters.next()),
            (None, '"' | '\'') => {
                quote = Some(c);
                is_begun = true;
            }
            (None, c) if c.is_whitespace() => {
                if is_begun || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                is_begun = false;
            }
            (_, c) => word.push(c),
        }
    }
    if is_begun || !word.is_empty() {
        words.push(word);
    }
    words
}

/// The path of a `file:` address on this machine (RFC 8089).
fn of_file_address(word: &str) -> Option<String> {
    let path = word.strip_prefix("file://")?;
    let path = path.strip_prefix("localhost").unwrap_or(path);
    path.starts_with('/')
        .then(|| super::doi::percent_decoded(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_as_terminals_write_them() {
        for (text, paths) in [
            ("/tmp/tides.pdf", &["/tmp/tides.pdf"][..]),
            ("~/papers/Tides.PDF  ", &["~/papers/Tides.PDF"]),
            ("'/tmp/on the tides.pdf'", &["/tmp/on the tides.pdf"]),
            (r"/tmp/on\ the\ tides.pdf", &["/tmp/on the tides.pdf"]),
            ("/tmp/on the tides.pdf", &["/tmp/on the tides.pdf"]),
            ("file:///tmp/on%20tides.pdf", &["/tmp/on tides.pdf"]),
            (
                "'a 1.pdf' b.pdf\n\"c.pdf\"\na\\ 1.pdf",
                &["a 1.pdf", "b.pdf", "c.pdf"],
            ),
        ] {
            assert_eq!(
                pdf_paths(text),
                (
                    paths.iter().map(|path| (*path).to_owned()).collect(),
                    String::new()
                )
            );
        }
    }

    #[test]
    fn everything_else_stays() {
        for text in [
            "https://arxiv.org/pdf/1706.03762.pdf",
            "10.1000/x.1",
            "What .pdf files are made of",
            ".pdf",
            "",
        ] {
            let (paths, rest) = pdf_paths(text);
            assert_eq!((paths.len(), rest.trim_end()), (0, text));
        }
        let (paths, rest) = pdf_paths("10.1/a\na.pdf\nOn tides's 'end");
        assert_eq!(
            (paths.as_slice(), rest.as_str()),
            (&["a.pdf".to_owned()][..], "10.1/a\nOn tides's 'end\n")
        );
    }
}
