//! The finished screen for terminals that show less than Unicode, or show some of it in two cells.
//!
//! Nothing that draws has to know of it: the cells are changed once they are all there.

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, Cell, CellDiffOption};
use unicode_normalization::UnicodeNormalization as _;
use unicode_width::UnicodeWidthStr as _;

use crate::config::Glyphs;

/// Makes the screen what the terminal can show; the place of the cursor on it.
pub(super) fn adapt(
    buffer: &mut Buffer,
    glyphs: Glyphs,
    cursor: Option<(u16, u16)>,
) -> Option<(u16, u16)> {
    match glyphs {
        Glyphs::Unicode => cursor,
        Glyphs::Ascii => {
            to_ascii(buffer);
            cursor
        }
        Glyphs::AmbiguousWide => widen(buffer, cursor),
    }
}

fn to_ascii(buffer: &mut Buffer) {
    let mut wide_before: Option<char> = None;
    for cell in &mut buffer.content {
        if let Some(filler) = wide_before.take() {
            cell.set_char(filler);
            continue;
        }
        if cell.symbol().is_ascii() {
            continue;
        }
        let is_wide = cell.symbol().width() > 1;
        let (c, filler) = letter(cell.symbol()).map_or(('?', '?'), |c| (c, ' '));
        cell.set_char(c);
        wide_before = is_wide.then_some(filler);
    }
}

/// The ASCII character that stands for a symbol best.
fn letter(symbol: &str) -> Option<char> {
    let first = symbol.chars().next()?;
    mark(first).or_else(|| {
        let apart = first.nfkd().find(char::is_ascii_graphic);
        apart.or(match first {
            'ß' => Some('s'),
            'ø' | 'œ' => Some('o'),
            'Ø' | 'Œ' => Some('O'),
            'ł' => Some('l'),
            'Ł' => Some('L'),
            'æ' => Some('a'),
            'Æ' => Some('A'),
            'đ' | 'ð' => Some('d'),
            'Đ' | 'Ð' => Some('D'),
            'þ' => Some('t'),
            'Þ' => Some('T'),
            'ı' => Some('i'),
            _ => None,
        })
    })
}

/// The ASCII character for what the screens are drawn with, and for punctuation.
fn mark(c: char) -> Option<char> {
    Some(match c {
        '─' | '–' | '—' | '‐' | '‑' | '−' | '·' | '▔' | '▄' | '▅' => '-',
        '│' => '|',
        '┬' | '┴' | '╭' | '╮' | '╰' | '╯' => '+',
        '▌' | '→' => '>',
        '●' => 'o',
        '◐' => '%',
        '★' | '•' => '*',
        '✓' | '×' => 'x',
        '…' => '.',
        '↑' | '▴' => '^',
        '↓' | '▾' => 'v',
        '←' => '<',
        '“' | '”' | '„' | '«' | '»' => '"',
        '‘' | '’' | '‚' | '′' => '\'',
        '▁' => '_',
        '▂' | '▃' => ',',
        '▆' | '▇' => '=',
        '█' => '#',
        '\u{a0}' => ' ',
        _ => return None,
    })
}

/// Whether terminals differ about the cells that a symbol takes.
fn is_ambiguous(symbol: &str) -> bool {
    symbol.width() == 1 && symbol.width_cjk() > 1
}

/// Ends a stretch of text on a line: what is right of it must not be moved.
fn is_edge(symbol: &str) -> bool {
    matches!(symbol, "│" | "┬" | "┴" | "╭" | "╮" | "╰" | "╯")
}

fn widen(buffer: &mut Buffer, cursor: Option<(u16, u16)>) -> Option<(u16, u16)> {
    let width = usize::from(buffer.area.width);
    let mut moved = cursor;
    for (y, row) in buffer.content.chunks_mut(width.max(1)).enumerate() {
        if row.iter().all(|cell| !is_ambiguous(cell.symbol())) {
            continue;
        }
        let here = cursor.filter(|(_, line)| usize::from(*line) == y);
        let parts = row.split_inclusive_mut(|cell| is_edge(cell.symbol()));
        let mut from = 0;
        for part in parts {
            // What the screen itself is drawn with has a narrow stand-in; letters have not.
            for cell in part.iter_mut() {
                if let Some(c) = mark(cell.symbol().chars().next().unwrap_or(' '))
                    && is_ambiguous(cell.symbol())
                {
                    cell.set_char(c);
                }
            }
            let at = here.and_then(|(x, _)| usize::from(x).checked_sub(from));
            let to = widen_part(part, at.filter(|at| *at < part.len()));
            if let (Some(to), Some((_, line))) = (to, here) {
                moved = Some((u16::try_from(from + to).unwrap_or(u16::MAX), line));
            }
            from += part.len();
        }
    }
    moved
}

/// Gives letters of ambiguous width two cells. What stands after them moves on, up to the first gap that is wider than
/// one blank: so columns stay where they are. Returns to where the cell `at` has moved.
fn widen_part(part: &mut [Cell], at: Option<usize>) -> Option<usize> {
    let is_closed = part
        .last()
        .is_some_and(|cell| matches!(cell.symbol(), "|" | "+"));
    let room = part.len() - usize::from(is_closed);
    let (body, _) = part.split_at(room);
    let mut cells: Vec<Cell> = Vec::with_capacity(room);
    let mut late = 0;
    let mut to = None;
    let mut rest = body.iter().enumerate().peekable();
    while let Some((from, cell)) = rest.next() {
        if at == Some(from) {
            to = Some(cells.len());
        }
        let is_blank = |cell: &Cell| cell.symbol() == " ";
        if late > 0 && is_blank(cell) && rest.peek().is_none_or(|(_, next)| is_blank(next)) {
            late -= 1;
            continue;
        }
        let is_letter = is_ambiguous(cell.symbol());
        if cells.len() + cell.symbol().width_cjk().max(1) > room {
            break;
        }
        cells.push(cell.clone());
        if is_letter {
            if let (Some(letter), Some(two)) = (cells.last_mut(), NonZeroU16::new(2)) {
                letter.set_diff_option(CellDiffOption::ForcedWidth(two));
            }
            let mut second = cell.clone();
            second.set_symbol(" ");
            cells.push(second);
            late += 1;
        } else if cell.symbol().width() > 1
            && let Some((_, second)) = rest.next()
        {
            cells.push(second.clone());
        }
    }
    for (number, cell) in part.iter_mut().take(room).enumerate() {
        match cells.get(number) {
            Some(new) => *cell = new.clone(),
            None => {
                cell.set_symbol(" ");
            }
        }
    }
    to
}
