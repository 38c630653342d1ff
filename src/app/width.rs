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

/// The mark of what was left out.
const LEFT_OUT: &str = " …";
/// How a list of shared words begins.
const SHARED: &str = "shares: ";

/// A reason or an explanation, pieces set off by dots, in `cells`: a title in quotes is shortened first, to leave room
/// for what is shared; then shared words go, the least telling first; then the last pieces. No word is broken while
/// one piece has room.
pub fn whole_pieces(said: &str, cells: usize) -> String {
    if said.width() <= cells {
        return said.to_owned();
    }
    let said = shorter_quote(said, cells);
    let mut pieces: Vec<&str> = said.split(" · ").collect();
    let (mut fewer_words, mut fewer_pieces) = (false, false);
    loop {
        let mut text = String::new();
        for piece in &pieces {
            if !text.is_empty() {
                text.push_str(" · ");
            }
            text.push_str(piece);
            if fewer_words && piece.starts_with(SHARED) {
                text.push_str(LEFT_OUT);
            }
        }
        if fewer_pieces && !text.ends_with(LEFT_OUT) {
            text.push_str(LEFT_OUT);
        }
        if text.width() <= cells {
            return text;
        }
        let shared = pieces.iter_mut().find_map(|piece| {
            let words = piece.strip_prefix(SHARED)?;
            let shorter = piece.get(..SHARED.len() + words.rfind(", ")?)?;
            Some((piece, shorter))
        });
        if let Some((piece, shorter)) = shared {
            *piece = shorter;
            fewer_words = true;
        } else if pieces.len() > 1 {
            pieces.pop();
            fewer_pieces = true;
        } else {
            return ellipsis(pieces.first().copied().unwrap_or_default(), cells);
        }
    }
}

/// The text with the title that it has in quotes as short as it takes for what follows it to fit, but not too short to
/// be known.
fn shorter_quote(said: &str, cells: usize) -> String {
    let quoted = said
        .split_once('“')
        .and_then(|(before, rest)| Some((before, rest.split_once('”')?)));
    let Some((before, (title, after))) = quoted else {
        return said.to_owned();
    };
    let around = before.width() + "“”".width();
    let all = cells.saturating_sub(around + after.width());
    let least: usize = after
        .split(" · ")
        .map(|piece| {
            let one = piece
                .strip_prefix(SHARED)
                .and_then(|words| words.split(", ").next());
            one.map_or(piece.width(), |one| SHARED.width() + one.width())
        })
        .sum();
    let dots = " · ".width() * after.matches(" · ").count();
    let with_first = cells.saturating_sub(around + least + dots + LEFT_OUT.width());
    let room = all.max((cells / 3).min(with_first.max(8)));
    format!("{before}“{}”{after}", ellipsis(title, room))
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

    const REASON: &str = "like “Attention Is All You Need” · shares: english, trained, new best · 2 shared references";

    #[test]
    fn what_is_said_loses_whole_pieces() {
        assert_eq!(whole_pieces(REASON, 95), REASON);
        assert_eq!(
            whole_pieces(REASON, 70),
            "like “Attention Is All You…” · shares: english … · 2 shared references"
        );
        assert_eq!(
            whole_pieces("author wang… · 2020 or later · unread", 32),
            "author wang… · 2020 or later …"
        );
        assert_eq!(whole_pieces("author wang… · unread", 8), "author…");
    }

    #[test]
    fn what_is_said_always_fits() {
        for cells in 0..100 {
            let said = whole_pieces(REASON, cells);
            assert!(said.width() <= cells, "{cells}: {said}");
        }
    }
}
