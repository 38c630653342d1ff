//! A screen as an SVG picture, for the README.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

const CELL: (f64, f64) = (8.4, 18.0);
const PAD: f64 = 16.0;
const PAPER: &str = "#1c1f26";
const INK: &str = "#d7dae0";

/// Draws the buffer as a terminal with a dark background.
pub fn svg(buffer: &Buffer) -> String {
    let width = f64::from(buffer.area.width) * CELL.0 + 2.0 * PAD;
    let height = f64::from(buffer.area.height) * CELL.1 + 2.0 * PAD;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" width=\"{width:.0}\" height=\"{height:.0}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n\
         <g font-family=\"'JetBrains Mono','DejaVu Sans Mono','Noto Sans Mono CJK SC',Menlo,Consolas,monospace\" font-size=\"14\" xml:space=\"preserve\">\n"
    );
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let first = &buffer[(x, y)];
            let look = (first.fg, first.bg, first.modifier);
            let start = x;
            let mut text = String::new();
            // A run of cells of one look; wide characters stand alone so that the columns stay.
            loop {
                let cell = &buffer[(x, y)];
                let wide = cell.symbol().width() > 1;
                if x > start && (wide || (cell.fg, cell.bg, cell.modifier) != look) {
                    break;
                }
                text.push_str(cell.symbol());
                x += cell.symbol().width().max(1) as u16;
                if wide || x >= buffer.area.width {
                    break;
                }
            }
            run(&mut out, (start, x, y), &text, look);
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn run(
    out: &mut String,
    (start, end, y): (u16, u16, u16),
    text: &str,
    look: (Color, Color, Modifier),
) {
    let (fg, bg, modifier) = look;
    let reversed = modifier.contains(Modifier::REVERSED);
    let ink = color(fg).unwrap_or(INK);
    let (ink, paper) = if reversed {
        (PAPER, Some(ink))
    } else {
        (ink, color(bg))
    };
    let left = PAD + f64::from(start) * CELL.0;
    let top = PAD + f64::from(y) * CELL.1;
    let width = f64::from(end - start) * CELL.0;
    if let Some(paper) = paper {
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{paper}\"/>",
            CELL.1
        );
    }
    if text.trim().is_empty() {
        return;
    }
    let mut attributes = format!("fill=\"{ink}\"");
    if modifier.contains(Modifier::BOLD) {
        attributes.push_str(" font-weight=\"bold\"");
    }
    if modifier.contains(Modifier::DIM) && !reversed {
        attributes.push_str(" opacity=\"0.6\"");
    }
    if modifier.contains(Modifier::ITALIC) {
        attributes.push_str(" font-style=\"italic\"");
    }
    if modifier.contains(Modifier::UNDERLINED) {
        attributes.push_str(" text-decoration=\"underline\"");
    }
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let _ = writeln!(
        out,
        "<text x=\"{left:.1}\" y=\"{:.1}\" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\" {attributes}>{text}</text>",
        top + CELL.1 * 0.75
    );
}

fn color(color: Color) -> Option<&'static str> {
    Some(match color {
        Color::Red => "#e06c75",
        Color::Green => "#98c379",
        Color::Yellow => "#e5c07b",
        Color::Blue => "#61afef",
        Color::Magenta => "#c678dd",
        Color::Cyan => "#56b6c2",
        Color::Gray => "#abb2bf",
        Color::DarkGray => "#5c6370",
        Color::Black => "#000000",
        _ => return None,
    })
}
