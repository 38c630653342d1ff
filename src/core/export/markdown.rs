//! Plain text inside Markdown.

/// Text in which nothing is markup, for CommonMark, pandoc and Obsidian alike: links, emphasis, mathematics, HTML,
/// tags, highlights, comments and tables.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = '\n';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied().unwrap_or('\n');
        let line_start = before == '\n';
        let special = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '$' | '|' | '^' => true,
            '#' => line_start || !before.is_alphanumeric(),
            '&' => after.is_ascii_alphanumeric() || after == '#',
            '~' | '=' | '%' => before == c || line_start,
            '-' | '+' => line_start,
            '@' => !before.is_alphanumeric(),
            _ => false,
        };
        if special {
            out.push('\\');
        } else if matches!(c, '.' | ')') && starts_with_number(&out) {
            // "2020. A title" would be read as an ordered list.
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

fn starts_with_number(out: &str) -> bool {
    let line = out.rsplit('\n').next().unwrap_or_default();
    (1..=9).contains(&line.len()) && line.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_would_be_markup() {
        for (text, expected) in [
            ("a *b* [[c]] <d> $e$", r"a \*b\* \[\[c\]\] \<d\> \$e\$"),
            ("# no head #tag C#", r"\# no head \#tag C#"),
            ("2020. A list", r"2020\. A list"),
            ("AT&T &amp; more", r"AT\&T \&amp; more"),
            ("- item\n+ item", "\\- item\n\\+ item"),
            ("a-b, 1.5", "a-b, 1.5"),
            ("==x== %%y%%", r"\=\=x=\= %\%y%\%"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }
}
