//! Pictures of the pages of a PDF beside its text, in terminals that can show them.
//!
//! The terminal is asked when the first picture is wanted, never before: some terminals do not answer. A worker has the
//! child draw the pages, the one in view first and then those around it, and makes of them what the terminal takes; a
//! few are kept. The app knows nothing of this but where the picture stands.

mod answers;
mod question;

use std::collections::BTreeMap;
use std::path::Path;

use image::{DynamicImage, Rgba, RgbaImage};
use ratatui::Frame;
use ratatui::layout::{Rect, Size};
use ratatui_image::Image;
use ratatui_image::protocol::Protocol;
use ratatui_image::protocol::iterm2::Iterm2;
use ratatui_image::protocol::kitty::Kitty;
use ratatui_image::protocol::sixel::Sixel;

pub use answers::Way;
pub(super) use question::{ask, keys};

use super::jobs::Cancelled;
use super::pdf::{Answer, Ask, PdfError, Picture, Program, Waiting};

/// Pages around the one in view that are drawn ahead, in this order.
const AHEAD: [i64; 4] = [1, -1, 2, -2];
/// Pages further away than this from the one in view are dropped.
const KEPT: u32 = 4;

/// How this terminal shows pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Showing {
    /// The way.
    pub way: Way,
    /// Width and height of a cell in pixels.
    pub cell: (u16, u16),
}

/// Which pictures belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    /// The reading.
    pub(super) signature: u64,
    /// The place in cells.
    pub(super) size: (u16, u16),
}

/// A page as the terminal takes it.
pub(super) struct Drawn {
    pub(super) key: Key,
    pub(super) page: u32,
    protocol: Protocol,
}

/// What is to be drawn.
pub(super) struct Wanted {
    pub(super) key: Key,
    pages: Vec<u32>,
    showing: Showing,
}

/// The pictures that are there.
#[derive(Default)]
pub(super) struct Pictures {
    /// What the terminal can do, once it was asked.
    pub(super) showing: Option<Showing>,
    key: Option<Key>,
    drawn: BTreeMap<u32, Protocol>,
    asked: Vec<u32>,
}

impl Pictures {
    /// What has to be drawn for this page, unless it is there or under way.
    pub(super) fn want(&mut self, key: Key, page: u32, pages: u32) -> Option<Wanted> {
        let showing = self.showing?;
        if self.key != Some(key) {
            self.key = Some(key);
            self.drawn.clear();
            self.asked.clear();
        }
        self.drawn.retain(|number, _| number.abs_diff(page) <= KEPT);
        let ahead = AHEAD.iter().map(|by| i64::from(page) + by);
        let missing: Vec<u32> = std::iter::once(i64::from(page))
            .chain(ahead)
            .filter_map(|number| u32::try_from(number).ok())
            .filter(|number| (1..=pages.max(page)).contains(number))
            .filter(|number| !self.drawn.contains_key(number))
            .collect();
        // Under way already, in whatever order, when the page in view is there or comes first.
        let is_under_way = missing.iter().all(|number| self.asked.contains(number))
            && (self.drawn.contains_key(&page) || self.asked.first() == Some(&page));
        if missing.is_empty() || is_under_way {
            return None;
        }
        self.asked.clone_from(&missing);
        Some(Wanted {
            key,
            pages: missing,
            showing,
        })
    }

    /// Keeps a page; whether it is one of those that are shown now.
    pub(super) fn keep(&mut self, drawn: Drawn) -> bool {
        let is_of_now = self.key == Some(drawn.key);
        if is_of_now {
            self.drawn.insert(drawn.page, drawn.protocol);
        }
        is_of_now
    }

    /// Forgets all pages.
    pub(super) fn clear(&mut self) {
        self.key = None;
        self.drawn.clear();
        self.asked.clear();
    }

    /// Draws a page into the middle of its place, if it is there.
    pub(super) fn draw(&self, page: u32, rect: Rect, frame: &mut Frame<'_>) {
        let Some(protocol) = self.drawn.get(&page) else {
            return;
        };
        let size = protocol.size();
        let area = Rect {
            x: rect.x + rect.width.saturating_sub(size.width) / 2,
            width: size.width.min(rect.width),
            height: size.height.min(rect.height),
            ..rect
        };
        frame.render_widget(Image::new(protocol), area);
    }
}

/// Has pages drawn, and gives each to `keep` as it comes. Returns whether a font was missing for them.
pub(super) fn draw_pages(
    wanted: &Wanted,
    path: &Path,
    cancelled: &Cancelled,
    keep: &dyn Fn(Drawn),
) -> Result<bool, PdfError> {
    let (cell_width, cell_height) = wanted.showing.cell;
    let (width, height) = wanted.key.size;
    let asked = Ask::Pictures {
        width: u32::from(width) * u32::from(cell_width),
        height: u32::from(height) * u32::from(cell_height),
        pages: wanted.pages.clone(),
    };
    let is_cancelled = || cancelled.is_cancelled();
    let mut result = Ok(false);
    Program::default().ask(
        path,
        &asked,
        &Waiting::until(&is_cancelled),
        &mut |answer| match answer {
            Answer::Picture(picture) => {
                let page = picture.page;
                match encoded(picture, wanted.showing) {
                    Some(protocol) => keep(Drawn {
                        key: wanted.key,
                        page,
                        protocol,
                    }),
                    None => result = Err(PdfError::Broken),
                }
            }
            Answer::FontMissing => result = result.clone().map(|_| true),
            _ => {}
        },
    )?;
    result
}

/// A picture as the terminal takes it: filled up with white to whole cells, so that the terminal scales nothing.
fn encoded(picture: Picture, showing: Showing) -> Option<Protocol> {
    let (cell_width, cell_height) = (u32::from(showing.cell.0), u32::from(showing.cell.1));
    let cells = |pixels: u32, cell: u32| pixels.div_ceil(cell.max(1));
    let (columns, rows) = (
        cells(picture.width, cell_width),
        cells(picture.height, cell_height),
    );
    let drawn = RgbaImage::from_raw(picture.width, picture.height, picture.rgba)?;
    let mut filled = RgbaImage::from_pixel(
        columns * cell_width,
        rows * cell_height,
        Rgba([255, 255, 255, 255]),
    );
    image::imageops::replace(&mut filled, &drawn, 0, 0);
    let filled = DynamicImage::ImageRgba8(filled);
    let size = Size::new(u16::try_from(columns).ok()?, u16::try_from(rows).ok()?);
    Some(match showing.way {
        Way::Kitty => {
            // Any number does, so long as no other picture of this terminal has it.
            let id = foldhash::quality::RandomState::default();
            let id = std::hash::BuildHasher::hash_one(&id, picture.page) as u32;
            Protocol::Kitty(Kitty::new(filled, size, id.max(1), false, true).ok()?)
        }
        Way::Sixel => Protocol::Sixel(Sixel::new(filled, size, false).ok()?),
        Way::Iterm2 => Protocol::ITerm2(Iterm2::new(filled, size, false).ok()?),
    })
}
