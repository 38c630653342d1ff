//! Text measured in terminal cells.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Cuts a text to `cells`, ending in `…` where something was cut. Graphemes stay whole.
pub fn ellipsis(text: &str, cells: usize) -> String {
    if text.width() <= cells {
        return text.to_owned();
    }
    let Some(room) = cells.checked_sub(1) else {
        return String::new();
    };
    let mut out = fitting(text, room).trim_end().to_owned();
    out.push('…');
    out
}

/// Cuts a text to `cells` in its middle, for paths: `/home/…/library.json`.
pub fn ellipsis_middle(text: &str, cells: usize) -> String {
    if text.width() <= cells {
        return text.to_owned();
    }
    let Some(room) = cells.checked_sub(1) else {
        return String::new();
    };
    let head = fitting(text, room / 3);
    let mut tail_width = 0;
    let mut start = text.len();
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        tail_width += grapheme.width();
        if tail_width > room - head.width() {
            break;
        }
        start = at;
    }
    format!("{head}…{}", text.get(start..).unwrap_or_default())
}

/// The longest beginning of whole graphemes that fits.
pub fn fitting(text: &str, cells: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used > cells {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn short_text_stays() {
        assert_eq!(ellipsis("abc", 3), "abc");
        assert_eq!(ellipsis("abcd", 3), "ab…");
        assert_eq!(ellipsis("深層学習", 5), "深層…");
        assert_eq!(ellipsis("abc", 0), "");
        assert_eq!(
            ellipsis_middle("/home/ada/papers/library.json", 18),
            "/home…library.json"
        );
    }

    proptest! {
        #[test]
        fn cut_text_fits(text in "\\PC{0,40}", cells in 0usize..30) {
            let text = crate::core::text::clean(&text).into_string();
            prop_assert!(ellipsis(&text, cells).width() <= cells);
            prop_assert!(ellipsis_middle(&text, cells).width() <= cells);
        }
    }
}
