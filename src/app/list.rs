//! A cursor in a list of rows and the window that is drawn of it.

/// The selected row and the first row drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListCursor {
    /// The selected row; 0 in an empty list.
    pub selected: usize,
    /// The first row of the window.
    pub offset: usize,
}

/// Rows kept visible above and below the cursor.
const MARGIN: usize = 2;

impl ListCursor {
    /// Moves by rows, staying within `len`.
    pub fn move_by(&mut self, rows: isize, len: usize) {
        let target = self.selected.saturating_add_signed(rows);
        self.selected = target.min(len.saturating_sub(1));
    }

    /// Goes to a row, or to the last one.
    pub fn go(&mut self, row: usize, len: usize) {
        self.selected = row.min(len.saturating_sub(1));
    }

    /// Moves the window by rows, and the cursor only as far as it takes to stay in it.
    pub fn scroll_by(&mut self, rows: isize, len: usize, height: usize) {
        let last = len.saturating_sub(height);
        self.offset = self.offset.saturating_add_signed(rows).min(last);
        let margin = MARGIN.min(height.saturating_sub(1) / 2);
        let first = if self.offset == 0 {
            0
        } else {
            self.offset + margin
        };
        let lowest = if self.offset == last {
            len.saturating_sub(1)
        } else {
            (self.offset + height).saturating_sub(margin + 1)
        };
        self.selected = self.selected.clamp(first.min(lowest), lowest);
    }

    /// Moves the window so that the cursor is in it, with a margin where there is room.
    pub fn fit(&mut self, len: usize, height: usize) {
        self.selected = self.selected.min(len.saturating_sub(1));
        let margin = MARGIN.min(height.saturating_sub(1) / 2);
        let lowest = self.selected.saturating_sub(margin);
        let highest = (self.selected + margin + 1).saturating_sub(height);
        self.offset = self
            .offset
            .clamp(highest.min(lowest), lowest.max(highest.min(lowest)));
        self.offset = self.offset.min(len.saturating_sub(height));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_window_follows_with_a_margin() {
        let mut cursor = ListCursor::default();
        cursor.move_by(9, 100);
        cursor.fit(100, 10);
        assert_eq!(
            cursor,
            ListCursor {
                selected: 9,
                offset: 2
            }
        );
        cursor.move_by(-1, 100);
        cursor.fit(100, 10);
        assert_eq!(cursor.offset, 2);
    }

    #[test]
    fn scrolling_takes_the_cursor_along_only_at_the_edge() {
        let mut cursor = ListCursor {
            selected: 5,
            offset: 0,
        };
        for (rows, selected, offset) in [
            (3, 5, 3),
            (3, 8, 6),
            (-6, 7, 0),
            (900, 92, 90),
            (-900, 7, 0),
        ] {
            cursor.scroll_by(rows, 100, 10);
            cursor.fit(100, 10);
            assert_eq!(
                (cursor.selected, cursor.offset),
                (selected, offset),
                "{rows}"
            );
        }
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_in_the_window(len in 0usize..50, height in 0usize..12, moves in proptest::collection::vec(-30isize..30, 0..20)) {
            let mut cursor = ListCursor::default();
            for rows in moves {
                if rows % 2 == 0 {
                    cursor.scroll_by(rows, len, height);
                } else {
                    cursor.move_by(rows, len);
                }
                cursor.fit(len, height);
                prop_assert!(cursor.selected < len.max(1));
                if height > 0 {
                    prop_assert!(cursor.offset <= cursor.selected && cursor.selected < cursor.offset + height);
                    prop_assert!(cursor.offset + height <= len || cursor.offset == 0);
                }
            }
        }
    }
}
