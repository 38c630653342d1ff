//! Publishers' notices at the end of an abstract, which are no part of it.

use std::ops::Range;

/// Longer endings, in bytes, are text.
const LONGEST: usize = 500;

/// How notices begin, in small letters.
const BEGINNINGS: [&str; 17] = [
    "©",
    "copyright ©",
    "copyright (c)",
    "copyright 19",
    "copyright 20",
    "copyright the ",
    "(c) 19",
    "(c) 20",
    "(c) the author",
    "crown copyright",
    "all rights reserved",
    "published by ",
    "the author(s) 20",
    "this article is protected by copyright",
    "this is an open access article",
    "this is an open-access article",
    "psycinfo database record",
];

/// Names that follow the year of a notice.
const PUBLISHERS: [&str; 16] = [
    "elsevier", "wiley", "springer", "taylor", "oxford", "sage", "ieee", "society", "publish",
    "rights", "ltd", "inc", "b.v", "llc", "author", "academy",
];

/// Drops the sentences of a notice from the end.
pub(super) fn drop_from(text: &str, sentences: &mut Vec<Range<usize>>) {
    let Some(end) = sentences.last().map(|last| last.end) else {
        return;
    };
    let notice = sentences.iter().skip(1).position(|sentence| {
        end - sentence.start <= LONGEST && text.get(sentence.clone()).is_some_and(is_notice)
    });
    if let Some(at) = notice {
        sentences.truncate(at + 1);
    }
}

fn is_notice(sentence: &str) -> bool {
    let begins: String = sentence
        .chars()
        .take(120)
        .collect::<String>()
        .to_lowercase();
    if BEGINNINGS.iter().any(|one| begins.starts_with(one)) {
        return true;
    }
    let year = begins.get(..4).is_some_and(|year| {
        year.starts_with(['1', '2']) && year.bytes().all(|byte| byte.is_ascii_digit())
    });
    year && begins.get(4..).is_some_and(|tail| tail.starts_with(' '))
        && sentence.len() <= 120
        && PUBLISHERS.iter().any(|name| begins.contains(name))
}

#[cfg(test)]
mod tests {
    use super::super::sentences;
    use super::*;

    fn kept(text: &str) -> usize {
        let mut all = sentences(text);
        drop_from(text, &mut all);
        all.len()
    }

    #[test]
    fn notices_are_dropped() {
        for text in [
            "It works. © 2019 Elsevier Ltd. All rights reserved.",
            "It works.© 2019 Somebody",
            "It works. Copyright © 2020 The Authors. Published by Wiley.",
            "It works. 2013 Wiley Periodicals, Inc.",
            "It works. (c) 2012 Optical Society of America.",
            "It works. This article is protected by copyright. All rights reserved.",
        ] {
            assert_eq!(kept(text), 1, "{text}");
        }
    }

    #[test]
    fn sentences_that_look_like_them_are_kept() {
        assert_eq!(kept("Law changed. Copyright law is old."), 2);
        assert_eq!(kept("We counted. 2013 patients were seen."), 2);
        assert_eq!(kept("© 2019 Elsevier. It works."), 2);
    }
}
