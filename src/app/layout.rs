//! Where everything stands, as a pure function of the size of the terminal.

use ratatui::layout::Rect;
use serde::{Deserialize, Serialize};

use super::Pane;

/// How much of the program fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Nothing fits but a word about it.
    TooSmall,
    /// One pane; Enter and Esc walk between list and page.
    One,
    /// List and page side by side; tabs name the sections of the page.
    Tabs,
    /// List and page; details and similar papers always in view.
    Two,
    /// List, page, and a third column with details and similar papers.
    Three,
}

/// The smallest terminal that shows anything.
pub const SMALLEST: (u16, u16) = (20, 5);
/// Below this a single pane is shown.
const SIDE_BY_SIDE: (u16, u16) = (60, 14);
/// From this on the sections are stacked.
const STACKED: (u16, u16) = (100, 28);
/// From this on there are three columns.
const THREE: (u16, u16) = (160, 40);
/// Widths to which list and text go back for the page of a PDF.
const NARROW_LIST: u16 = 26;
const NARROW_TEXT: u16 = 60;
/// A wider column is harder to read.
pub const READING_WIDTH: u16 = 76;
/// From this height of the list on, a paper has two lines.
const TWO_LINE_ROWS: u16 = 24;

/// The rectangles of a screen; those that are not shown are `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Panes {
    /// Which arrangement.
    pub tier: Tier,
    /// The search line.
    pub search: Rect,
    /// The list of papers.
    pub list: Option<Rect>,
    /// The names of the sections, above the page.
    pub tabs: Option<Rect>,
    /// The page, or its reading part.
    pub main: Option<Rect>,
    /// Authors, publication, identifiers, metrics.
    pub details: Option<Rect>,
    /// Similar papers.
    pub similar: Option<Rect>,
    /// A page of an attached PDF.
    pub picture: Option<Rect>,
    /// The status line.
    pub status: Rect,
    /// Lines a paper takes in the list.
    pub row_height: u16,
}

impl Panes {
    /// The panes that can have the focus, in the order of Tab.
    pub fn order(&self) -> impl Iterator<Item = Pane> {
        [
            (Pane::List, self.list.is_some() || self.tier == Tier::One),
            (Pane::Main, self.main.is_some() || self.tier == Tier::One),
            (Pane::Details, self.details.is_some()),
            (Pane::Similar, self.similar.is_some()),
        ]
        .into_iter()
        .filter_map(|(pane, shown)| shown.then_some(pane))
    }

    /// The rectangle of a pane.
    pub fn rect(&self, pane: Pane) -> Option<Rect> {
        match pane {
            Pane::List => self.list,
            Pane::Main => self.main,
            Pane::Details => self.details,
            Pane::Similar => self.similar,
        }
    }

    /// Where an attached PDF is read: on the whole page where its parts stand below each other, in its first column
    /// where they stand side by side.
    pub fn reading(&self) -> Option<Rect> {
        let main = self.main?;
        let top = self.tabs.unwrap_or(main).y;
        let below = [self.details, self.similar]
            .into_iter()
            .flatten()
            .filter(|rect| rect.x == main.x)
            .map(Rect::bottom)
            .fold(main.bottom(), u16::max);
        Some(Rect {
            y: top,
            height: below - top,
            ..main
        })
    }

    /// Whether a page of an attached PDF can be shown beside its text.
    pub fn has_room_for_picture(&self) -> bool {
        let beside = |details: Rect| self.main.is_some_and(|main| details.x > main.x);
        self.tier == Tier::Three && self.details.is_some_and(beside)
    }

    /// The same with such a page in the third column, as wide as it takes to be as high as the screen; the list makes
    /// way for it.
    #[must_use]
    pub fn with_picture(mut self) -> Panes {
        let (Some(list), Some(main)) = (self.list, self.main) else {
            return self;
        };
        if !self.has_room_for_picture() {
            return self;
        }
        let width = self.search.width;
        // Paper is about 1.4 times as high as wide, a cell twice.
        let picture =
            (list.height * 3 / 2 + 2).min(width.saturating_sub(NARROW_LIST + NARROW_TEXT + 2));
        let text = (READING_WIDTH + 2).min(width.saturating_sub(NARROW_LIST + picture + 2));
        let list_width = width.saturating_sub(text + picture + 2);
        let at = |x: u16, width: u16| Rect { x, width, ..main };
        self.list = Some(at(0, list_width));
        self.main = Some(at(list_width + 1, text));
        self.picture = Some(at(list_width + text + 2, picture));
        self.details = None;
        self.similar = None;
        self
    }

    /// How many papers the list shows at once.
    pub fn list_rows(&self) -> usize {
        usize::from(self.list.map_or(0, |list| list.height) / self.row_height.max(1))
    }
}

/// How the reader wants the panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The page stands alone.
    pub zen: bool,
    /// Which pane is shown where there is room for one.
    pub focus: Pane,
    /// How wide the list is, in thousandths of the screen; as is usual where it is not set.
    pub list: Option<u16>,
    /// How wide the page is beside a third column, in thousandths of the screen.
    pub page: Option<u16>,
    /// Lines a paper takes in the list.
    pub density: Density,
}

impl Wanted {
    /// Everything as is usual, with the focus on a pane.
    pub fn usual(focus: Pane) -> Wanted {
        Wanted {
            zen: false,
            focus,
            list: None,
            page: None,
            density: Density::Fitting,
        }
    }
}

/// How much a row of the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Density {
    /// Two lines a paper where the list is high enough.
    #[default]
    Fitting,
    /// One line a paper.
    Compact,
    /// Two lines a paper.
    Comfortable,
}

/// The narrowest that a list and a page can be made, in cells.
const NARROWEST: (u16, u16) = (20, 30);
/// Thousandths, of which shares of the screen are made.
const WHOLE: u32 = 1000;

/// The width of a share of the screen.
fn cells(share: u16, width: u16) -> u16 {
    let cells = (u32::from(width) * u32::from(share) + WHOLE / 2) / WHOLE;
    u16::try_from(cells).unwrap_or(u16::MAX)
}

/// The share of the screen that is so many cells wide.
pub fn share(cells: u16, width: u16) -> u16 {
    let share = (u32::from(cells) * WHOLE + u32::from(width) / 2) / u32::from(width.max(1));
    u16::try_from(share).unwrap_or(u16::MAX)
}

/// Arranges the panes.
pub fn solve(width: u16, height: u16, wanted: Wanted) -> Panes {
    let Wanted { zen, focus, .. } = wanted;
    let tier = if width < SMALLEST.0 || height < SMALLEST.1 {
        Tier::TooSmall
    } else if width < SIDE_BY_SIDE.0 || height < SIDE_BY_SIDE.1 {
        Tier::One
    } else if width < STACKED.0 || height < STACKED.1 {
        Tier::Tabs
    } else if width < THREE.0 || height < THREE.1 {
        Tier::Two
    } else {
        Tier::Three
    };
    let mut panes = Panes {
        tier,
        search: Rect::new(0, 0, width, height.min(1)),
        list: None,
        tabs: None,
        main: None,
        details: None,
        similar: None,
        picture: None,
        status: Rect::new(0, height.saturating_sub(1), width, height.min(1)),
        row_height: 1,
    };
    if tier == Tier::TooSmall {
        return panes;
    }
    // A hairline stands below the search line and above the status line where there is height for it.
    let rules = u16::from(height >= 8);
    let body = Rect::new(0, 1 + rules, width, height.saturating_sub(2 + 2 * rules));
    let is_high = tier > Tier::One && body.height >= TWO_LINE_ROWS;
    panes.row_height = match wanted.density {
        Density::Fitting if is_high => 2,
        Density::Comfortable if body.height > 2 => 2,
        _ => 1,
    };
    if zen {
        let wide = width.min(READING_WIDTH + 4);
        panes.main = Some(Rect::new((width - wide) / 2, body.y, wide, body.height));
        if tier == Tier::One {
            return panes;
        }
        tabs_above(&mut panes);
        return panes;
    }
    if tier == Tier::One {
        if focus == Pane::List {
            panes.list = Some(body);
        } else {
            panes.main = Some(body);
        }
        return panes;
    }
    let list_width = match tier {
        Tier::Tabs => (width * 5 / 12).min(46),
        Tier::Two => (width * 5 / 12).min(64),
        _ => (width * 3 / 10).min(64),
    };
    let third = if tier == Tier::Three {
        1 + NARROWEST.0
    } else {
        0
    };
    let widest = width - 1 - NARROWEST.1 - third;
    let list_width = wanted.list.map_or(list_width, |share| {
        cells(share, width).clamp(NARROWEST.0, widest)
    });
    panes.list = Some(Rect::new(0, body.y, list_width, body.height));
    let right = Rect::new(list_width + 1, body.y, width - list_width - 1, body.height);
    match tier {
        Tier::Tabs => {
            panes.main = Some(right);
            tabs_above(&mut panes);
        }
        Tier::Two => {
            let details = (right.height * 3 / 10).clamp(6, 11);
            let similar = (right.height * 27 / 100).clamp(5, 10);
            let main = right.height - details - similar;
            panes.main = Some(Rect {
                height: main,
                ..right
            });
            panes.details = Some(Rect {
                y: right.y + main,
                height: details,
                ..right
            });
            panes.similar = Some(Rect {
                y: right.y + main + details,
                height: similar,
                ..right
            });
        }
        _ => {
            let usual = (READING_WIDTH + 2).min(right.width * 6 / 10);
            let widest = right.width.saturating_sub(1 + NARROWEST.0);
            let main = wanted.page.map_or(usual, |share| cells(share, width));
            let main = main.max(NARROWEST.1).min(widest);
            let side = Rect {
                x: right.x + main + 1,
                width: right.width - main - 1,
                ..right
            };
            let details = side.height * 45 / 100;
            panes.main = Some(Rect {
                width: main,
                ..right
            });
            panes.details = Some(Rect {
                height: details,
                ..side
            });
            panes.similar = Some(Rect {
                y: side.y + details,
                height: side.height - details,
                ..side
            });
        }
    }
    panes
}

fn tabs_above(panes: &mut Panes) {
    if let Some(main) = &mut panes.main {
        panes.tabs = Some(Rect { height: 1, ..*main });
        main.y += 1;
        main.height = main.height.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tier(width: u16, height: u16) -> Tier {
        solve(width, height, Wanted::usual(Pane::List)).tier
    }

    #[test]
    fn tiers_change_at_their_boundaries() {
        for (size, expected) in [
            ((19, 5), Tier::TooSmall),
            ((20, 4), Tier::TooSmall),
            ((20, 5), Tier::One),
            ((59, 14), Tier::One),
            ((60, 13), Tier::One),
            ((60, 14), Tier::Tabs),
            ((99, 40), Tier::Tabs),
            ((100, 27), Tier::Tabs),
            ((100, 28), Tier::Two),
            ((159, 40), Tier::Two),
            ((160, 39), Tier::Two),
            ((160, 40), Tier::Three),
        ] {
            assert_eq!(tier(size.0, size.1), expected, "{size:?}");
        }
    }

    #[test]
    fn the_page_of_a_pdf_takes_the_third_column_and_leaves_room_for_list_and_text() {
        for (width, height) in [(160, 40), (170, 45), (200, 60), (300, 100), (160, 200)] {
            let panes = solve(width, height, Wanted::usual(Pane::Main)).with_picture();
            let (list, main, picture) = (
                panes.list.unwrap(),
                panes.main.unwrap(),
                panes.picture.unwrap(),
            );
            assert!(
                list.width >= NARROW_LIST && main.width >= NARROW_TEXT,
                "{panes:?}"
            );
            assert!(picture.width >= 40, "{panes:?}");
            assert_eq!(list.right() + 1, main.x);
            assert_eq!(main.right() + 1, picture.x);
            assert_eq!(picture.right(), width);
            assert_eq!((panes.details, panes.similar), (None, None));
        }
        let small = solve(120, 40, Wanted::usual(Pane::Main));
        assert_eq!(small.with_picture(), small);
    }

    #[test]
    fn a_list_made_as_wide_as_a_column_ends_there() {
        for (width, height) in [(80, 24), (120, 40), (200, 60), (333, 77)] {
            for column in [NARROWEST.0, 25, 29, width - 2 - NARROWEST.0 - NARROWEST.1] {
                let list = Some(share(column, width));
                let wanted = Wanted {
                    list,
                    ..Wanted::usual(Pane::List)
                };
                let panes = solve(width, height, wanted);
                assert_eq!(panes.list.unwrap().right(), column, "{width}x{height}");
            }
        }
    }

    #[test]
    fn a_row_has_as_many_lines_as_is_wished_where_there_is_room() {
        let lines = |size: (u16, u16), density| {
            let wanted = Wanted {
                density,
                ..Wanted::usual(Pane::List)
            };
            solve(size.0, size.1, wanted).row_height
        };
        assert_eq!(lines((80, 24), Density::Fitting), 1);
        assert_eq!(lines((80, 24), Density::Comfortable), 2);
        assert_eq!(lines((40, 12), Density::Comfortable), 2);
        assert_eq!(lines((20, 5), Density::Comfortable), 2);
        assert_eq!(lines((120, 40), Density::Fitting), 2);
        assert_eq!(lines((120, 40), Density::Compact), 1);
    }

    /// Draws the panes as letters, one cell in four columns and two rows.
    fn drawing(width: u16, height: u16, zen: bool, focus: Pane) -> String {
        let panes = solve(
            width,
            height,
            Wanted {
                zen,
                ..Wanted::usual(focus)
            },
        );
        let named = [
            (Some(panes.search), '/'),
            (panes.list, 'L'),
            (panes.tabs, 't'),
            (panes.main, 'M'),
            (panes.details, 'D'),
            (panes.similar, 'S'),
            (Some(panes.status), '_'),
        ];
        let mut out = String::new();
        for y in (0..height).step_by(2) {
            for x in (0..width).step_by(4) {
                let hit = named.iter().find(|(rect, _)| {
                    rect.is_some_and(|r| {
                        (r.x..r.right()).contains(&x) && (r.y..r.bottom()).contains(&y)
                    })
                });
                out.push(hit.map_or('.', |(_, name)| *name));
            }
            out.push('\n');
        }
        out
    }

    #[test]
    fn each_tier_is_drawn_as_planned() {
        insta::assert_snapshot!(
            [
                ("40x12 list", drawing(40, 12, false, Pane::List)),
                ("40x12 page", drawing(40, 12, false, Pane::Main)),
                ("80x24", drawing(80, 24, false, Pane::List)),
                ("120x40", drawing(120, 40, false, Pane::List)),
                ("120x40 zen", drawing(120, 40, true, Pane::Main)),
                ("200x60", drawing(200, 60, false, Pane::List)),
            ]
            .map(|(name, drawing)| format!("{name}\n{drawing}"))
            .join("\n")
        );
    }

    proptest! {
        #[test]
        fn panes_lie_inside_the_screen_and_apart(
            width in 0u16..500,
            height in 0u16..500,
            zen: bool,
            page: bool,
            shares in (proptest::option::of(0u16..1200), proptest::option::of(0u16..1200)),
            density in 0usize..3,
        ) {
            let focus = if page { Pane::Main } else { Pane::List };
            let density = [Density::Fitting, Density::Compact, Density::Comfortable][density];
            let panes = solve(width, height, Wanted { zen, focus, list: shares.0, page: shares.1, density });
            let screen = Rect::new(0, 0, width, height);
            let all: Vec<Rect> = [Some(panes.search), panes.list, panes.tabs, panes.main, panes.details, panes.similar, Some(panes.status)]
                .into_iter()
                .flatten()
                .filter(|rect| rect.area() > 0)
                .collect();
            for (at, rect) in all.iter().enumerate() {
                prop_assert_eq!(rect.intersection(screen), *rect);
                if panes.tier > Tier::TooSmall {
                    for other in &all[at + 1..] {
                        prop_assert!(!rect.intersects(*other), "{rect:?} {other:?}");
                    }
                }
            }
        }
    }
}
