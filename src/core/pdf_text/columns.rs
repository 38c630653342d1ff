//! From runs to lines in reading order: the gutter between two columns is found, what goes over it parts the page into
//! bands, and in each band the left column comes before the right one.

use super::runs::{Run, runs};
use super::{Glyph, Line};
use crate::core::text::scrub;

/// More characters on one page than this are not text that anybody reads.
const MOST_GLYPHS: usize = 200_000;
/// The gutter is looked for in this part of the width.
const MIDDLE: std::ops::Range<f32> = 0.3..0.7;
/// How finely, in points.
const STEP: f32 = 2.0;
/// The least number of lines in a column.
const LEAST_LINES: usize = 5;
/// Parts of a line whose baselines differ by less than this, in sizes of the font, stand on one line.
const SAME_LINE: f32 = 0.4;

/// The lines of a page of this width, in reading order.
pub fn lines(glyphs: &[Glyph], width: f32) -> Vec<Line> {
    let glyphs = glyphs.get(..MOST_GLYPHS).unwrap_or(glyphs);
    let mut runs = runs(glyphs);
    runs.sort_by(|one, other| one.y.total_cmp(&other.y));
    let Some(gutter) = gutter(&runs, width) else {
        return part(runs, 0);
    };
    let mut lines = Vec::new();
    let mut number = 0;
    let mut sides: [Vec<Run>; 3] = Default::default();
    let mut flush = |sides: &mut [Vec<Run>; 3]| {
        for side in sides {
            if !side.is_empty() {
                lines.extend(part(std::mem::take(side), number));
                number += 1;
            }
        }
    };
    for run in runs {
        let [wide, left, right] = &mut sides;
        if run.left < gutter && run.right > gutter {
            if !(left.is_empty() && right.is_empty()) {
                // A line whose middle goes over the gutter may have its ends to the left and right of it.
                let is_beside = |other: &Run| (other.y - run.y).abs() <= SAME_LINE * run.size;
                let beside: Vec<Run> = [left, right]
                    .into_iter()
                    .flat_map(|side| side.extract_if(.., |other| is_beside(other)))
                    .collect();
                flush(&mut sides);
                let [wide, ..] = &mut sides;
                wide.extend(beside);
                wide.push(run);
                continue;
            }
            wide.push(run);
            continue;
        }
        let is_beside = |other: &Run| (other.y - run.y).abs() <= SAME_LINE * run.size;
        if wide.last().is_some_and(is_beside) {
            wide.push(run);
            continue;
        }
        if !wide.is_empty() {
            flush(&mut sides);
        }
        let [_, left, right] = &mut sides;
        if run.right <= gutter {
            left.push(run);
        } else {
            right.push(run);
        }
    }
    flush(&mut sides);
    lines
}

/// Where the gutter between two columns is, if there are two.
fn gutter(runs: &[Run], width: f32) -> Option<f32> {
    if !(width.is_finite() && width > 0.0 && width < 20_000.0) {
        return None;
    }
    let all: u32 = runs.iter().map(|run| run.characters).sum();
    let (first, last) = (width * MIDDLE.start, width * MIDDLE.end);
    let steps = ((last - first) / STEP) as usize;
    // Characters of the runs that go over each place.
    let mut over = vec![0_i64; steps + 2];
    let place = |x: f32| (((x - first) / STEP).ceil().max(0.0) as usize).min(steps + 1);
    for run in runs
        .iter()
        .filter(|run| run.right > first && run.left < last)
    {
        let characters = i64::from(run.characters);
        if let Some(begin) = over.get_mut(place(run.left)) {
            *begin += characters;
        }
        if let Some(end) = over.get_mut(place(run.right)) {
            *end -= characters;
        }
    }
    let mut sum = 0;
    let sums: Vec<i64> = over
        .iter()
        .take(steps + 1)
        .map(|change| {
            sum += change;
            sum
        })
        .collect();
    let least = *sums.iter().min()?;
    // The widest of the places with the least text, and of it the middle.
    let mut best: (usize, usize) = (0, 0);
    let mut begun: Option<usize> = None;
    for (at, sum) in sums.iter().chain(std::iter::once(&i64::MAX)).enumerate() {
        if *sum == least {
            begun.get_or_insert(at);
        } else if let Some(from) = begun.take()
            && at - from > best.1 - best.0
        {
            best = (from, at);
        }
    }
    let gutter = first + STEP * (best.0 + best.1).saturating_sub(1) as f32 / 2.0;
    let left: Vec<&Run> = runs.iter().filter(|run| run.right <= gutter).collect();
    let right: Vec<&Run> = runs.iter().filter(|run| run.left >= gutter).collect();
    let left_edge = left.iter().map(|run| run.left).fold(gutter, f32::min);
    let right_edge = right.iter().map(|run| run.right).fold(gutter, f32::max);
    let is_column = |side: &[&Run], edge: f32| {
        let characters: u32 = side.iter().map(|run| run.characters).sum();
        let mut widths: Vec<f32> = side.iter().map(|run| run.right - run.left).collect();
        widths.sort_by(f32::total_cmp);
        let median = widths.get(widths.len() / 2).copied().unwrap_or(0.0);
        // Cells of a table are narrow, lines of a column fill it.
        side.len() >= LEAST_LINES && characters * 8 >= all && median >= 0.5 * (gutter - edge).abs()
    };
    (is_column(&left, left_edge) && is_column(&right, right_edge)).then_some(gutter)
}

/// The lines of one part of a page; the runs come sorted by their baselines.
fn part(runs: Vec<Run>, number: u32) -> Vec<Line> {
    let mut rows: Vec<Vec<Run>> = Vec::new();
    for run in runs {
        let is_beside = |row: &Vec<Run>| {
            row.last().is_some_and(|before| {
                (run.y - before.y).abs() <= SAME_LINE * run.size.min(before.size)
            })
        };
        match rows.last_mut().filter(|row| is_beside(row)) {
            Some(row) => row.push(run),
            None => rows.push(vec![run]),
        }
    }
    let mut lines: Vec<Line> = rows
        .into_iter()
        .filter_map(|row| line(row, number))
        .collect();
    let edge = |mut all: Vec<f32>, at: usize| {
        all.sort_by(f32::total_cmp);
        // Not the outermost: that of a list or of a heading that hangs out.
        all.get(all.len().saturating_sub(1) * at / 10).copied()
    };
    let left = edge(lines.iter().map(|line| line.left).collect(), 1).unwrap_or(0.0);
    let right = edge(lines.iter().map(|line| line.right).collect(), 9).unwrap_or(0.0);
    for line in &mut lines {
        (line.part_left, line.part_right) = (left, right);
    }
    lines
}

/// A row of dots that leads to a page number, as an ellipsis.
fn without_leaders(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("..").or_else(|| rest.find(". .")) {
        let (before, dots) = rest.split_at(at);
        let after = dots.trim_start_matches(['.', ' ']);
        let count = dots.len() - after.len();
        out.push_str(before);
        if count > 4 {
            out.truncate(out.trim_end().len());
            out.push_str(" … ");
        } else {
            out.push_str(dots.get(..count).unwrap_or_default());
        }
        rest = after;
    }
    out.push_str(rest);
    out.truncate(out.trim_end().len());
    out
}

fn line(mut row: Vec<Run>, part: u32) -> Option<Line> {
    row.sort_by(|one, other| one.left.total_cmp(&other.left));
    let mut text = String::new();
    let mut sizes: Vec<(u32, u32)> = Vec::new();
    let (mut characters, mut bold) = (0, 0);
    let mut end = f32::NEG_INFINITY;
    for run in &row {
        if !text.is_empty() && run.left - end > -0.2 * run.size {
            text.push(' ');
        }
        end = run.right;
        text.push_str(&run.text);
        characters += run.characters;
        bold += run.bold;
        for (size, count) in &run.sizes {
            match sizes.iter_mut().find(|(known, _)| known == size) {
                Some((_, sum)) => *sum += count,
                None => sizes.push((*size, *count)),
            }
        }
    }
    let size = sizes.iter().max_by_key(|(size, count)| (*count, *size))?.0;
    let largest = row
        .iter()
        .max_by(|one, other| one.size.total_cmp(&other.size))?;
    let text = without_leaders(scrub(&text, false).trim());
    (!text.is_empty()).then_some(Line {
        text,
        left: row.first()?.left,
        right: row.iter().map(|run| run.right).fold(f32::MIN, f32::max),
        y: largest.y,
        size: size as f32 / 10.0,
        is_bold: bold * 2 > characters,
        part,
        part_left: 0.0,
        part_right: 0.0,
    })
}
