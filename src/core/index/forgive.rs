//! What a typed word may have been meant for when few papers have it: initials of a title, or another word.

use super::Index;
use super::marks::{self, raise};
use super::ranking::{self, Levels, level};
use super::scope::{Scope, most_typos, scope};
use super::search::Cancelled;
use super::typo::Pattern;
use crate::core::query::{Match, Word};

impl Index {
    /// Adds papers that have the initials of the word, or a word that it may have been meant for.
    pub(super) fn forgive(
        &self,
        word: &Word,
        levels: &mut marks::Levels,
        cancel: &dyn Fn() -> bool,
    ) -> Result<(), Cancelled> {
        if let [piece] = word.compound.parts.as_slice() {
            let whole = word.matching == Match::Whole || piece.complete;
            let scope = scope(word, piece, whole, true);
            if scope.initials {
                self.initials(&piece.text, levels);
            }
            self.mistyped(&piece.text, whole, scope, levels, cancel)
        } else {
            let mut all: Option<marks::Levels> = None;
            for (at, piece) in word.compound.parts.iter().enumerate() {
                let whole = word.matching == Match::Whole || piece.complete;
                let scope = scope(word, piece, whole, at == 0);
                let mut of_piece = vec![0; self.len()];
                self.look_up(&piece.text, whole, scope, 0, &mut of_piece, cancel)?;
                if marks::count(&of_piece) < ranking::FEW {
                    self.mistyped(&piece.text, whole, scope, &mut of_piece, cancel)?;
                }
                all = Some(match all {
                    None => of_piece,
                    Some(all) => all
                        .into_iter()
                        .zip(of_piece)
                        .map(|(a, b)| a.min(b))
                        .collect(),
                });
            }
            for (level, other) in levels.iter_mut().zip(all.unwrap_or_default()) {
                *level = (*level).max(other);
            }
            Ok(())
        }
    }

    fn initials(&self, text: &str, levels: &mut [u8]) {
        let letters = text.bytes().all(|byte| byte.is_ascii_lowercase());
        if !letters || !ranking::INITIALS.contains(&text.len()) {
            return;
        }
        for at in memchr::memmem::find_iter(self.columns.initials.as_bytes(), text.as_bytes()) {
            if let Some((paper, at_start)) = self.columns.paper_of_initial(at) {
                let level = if at_start {
                    level::INITIALS_START
                } else {
                    level::INITIALS_INSIDE
                };
                raise(levels, paper, level);
            }
        }
    }

    fn mistyped(
        &self,
        text: &str,
        whole: bool,
        scope: Scope,
        levels: &mut [u8],
        cancel: &dyn Fn() -> bool,
    ) -> Result<(), Cancelled> {
        let most = most_typos(text);
        let Some(pattern) = Pattern::new(text).filter(|_| most > 0) else {
            return Ok(());
        };
        let mut likely = Vec::new();
        let mut compare = |word: u32| match pattern.compare(self.store.words.word(word), most) {
            Some(likeness) if likeness.typos > 0 && (likeness.whole || !whole) => {
                likely.push((word, likeness));
            }
            _ => {}
        };
        if most == 1 {
            self.store.words.near(text, most, &mut compare, cancel)?;
        } else {
            // With two typos so many beginnings are near that it is sooner seen which letters a word has.
            self.store
                .words
                .with_letters(text, most, &mut compare, cancel)?;
        }
        // The likelier first; the less likely only while few papers are found.
        let mut found = 0;
        for typos in 1..=most {
            for (head, body) in [(scope.head, false), (0, scope.body)] {
                if found >= ranking::FEW || (head == 0 && !body) {
                    continue;
                }
                let at = Levels::mistyped(head, body, typos);
                for &(word, likeness) in &likely {
                    if likeness.typos == typos {
                        self.mark(word..word + 1, likeness.whole, &at, levels);
                    }
                }
                found = marks::count(levels);
            }
        }
        Ok(())
    }
}
