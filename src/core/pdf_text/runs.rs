//! From glyphs to runs: what stands on one baseline without a gap, as the document gives it.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::compose;

use super::Glyph;

/// Where the baseline moves more than this, in sizes of the font, another line begins; less is an index or exponent.
const NEW_LINE: f32 = 0.6;
/// A gap of this, in sizes, parts words. Spaces of justified lines shrink to a fifth.
const SPACE: f32 = 0.18;
/// A gap of this, in sizes, parts columns or cells of a table.
const NEW_RUN: f32 = 1.5;
/// So far back, in sizes, begins something else; less is kerning.
const BACK: f32 = -0.5;

/// Glyphs that belong together.
#[derive(Debug, Clone, Default)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) y: f32,
    /// The largest size in it, whose baseline it is.
    pub(super) size: f32,
    /// Characters, and how many of them are bold.
    pub(super) characters: u32,
    pub(super) bold: u32,
    /// Characters of each size in tenths of a point; few sizes, so a list.
    pub(super) sizes: Vec<(u32, u32)>,
    has_space: bool,
    /// An accent that stands on the letter that comes next.
    accent: Option<(char, f32)>,
}

impl Run {
    fn push(&mut self, glyph: &Glyph) {
        let gap = glyph.x - self.right;
        let size = glyph.size.max(self.size * 0.5);
        let is_parted = self.has_space || gap > SPACE * size;
        let mut character = glyph.character;
        if let Some((mark, end)) = self.accent.take() {
            // An accent of TeX is a glyph of its own, drawn before its letter and over it.
            let composed = (glyph.x < end - 0.2 * size)
                .then(|| compose(unaccented(character), mark))
                .flatten();
            if let Some(composed) = composed {
                self.text.pop();
                character = composed;
            }
        } else if is_parted && !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
        self.has_space = false;
        match character {
            // Ligatures, which no search would find.
            '\u{FB00}'..='\u{FB4F}' => self.text.extend(std::iter::once(character).nfkc()),
            '\u{00A0}' => self.text.push(' '),
            character => self.text.push(character),
        }
        self.accent = combining(glyph.character).map(|mark| (mark, glyph.x + glyph.advance));
        self.right = self.right.max(glyph.x + glyph.advance);
        self.left = self.left.min(glyph.x);
        if glyph.size > self.size * 1.05 {
            self.size = glyph.size;
            self.y = glyph.y;
        }
        self.characters += 1;
        self.bold += u32::from(glyph.is_bold);
        let tenths = (glyph.size * 10.0).round() as u32;
        match self.sizes.iter_mut().find(|(size, _)| *size == tenths) {
            Some((_, count)) => *count += 1,
            None => self.sizes.push((tenths, 1)),
        }
    }

    fn begin(glyph: &Glyph) -> Run {
        let mut run = Run {
            left: glyph.x,
            right: glyph.x,
            y: glyph.y,
            ..Run::default()
        };
        run.push(glyph);
        run
    }

    fn goes_on_with(&self, glyph: &Glyph) -> bool {
        let size = self.size.max(glyph.size);
        let gap = glyph.x - self.right;
        let is_over_accent = self.accent.is_some() && gap < 0.0 && gap > -size;
        (glyph.y - self.y).abs() <= NEW_LINE * size
            && gap <= NEW_RUN * size
            && (gap >= BACK * size || is_over_accent)
    }
}

/// The dotless letters that carry accents in TeX are the dotted ones in Unicode.
fn unaccented(character: char) -> char {
    match character {
        'ı' => 'i',
        'ȷ' => 'j',
        other => other,
    }
}

/// The combining form of an accent that stands alone.
fn combining(accent: char) -> Option<char> {
    Some(match accent {
        '`' => '\u{300}',
        '´' => '\u{301}',
        'ˆ' => '\u{302}',
        '˜' => '\u{303}',
        '¯' => '\u{304}',
        '˘' => '\u{306}',
        '˙' => '\u{307}',
        '¨' => '\u{308}',
        '˚' => '\u{30A}',
        '˝' => '\u{30B}',
        'ˇ' => '\u{30C}',
        '¸' => '\u{327}',
        '˛' => '\u{328}',
        _ => return None,
    })
}

/// Whether a glyph is something to read and has a place.
fn is_text(glyph: &Glyph) -> bool {
    let is_placed = glyph.x.is_finite() && glyph.y.is_finite() && glyph.advance.is_finite();
    let is_private = matches!(glyph.character, '\u{E000}'..='\u{F8FF}' | '\u{FFF0}'..='\u{FFFF}');
    // Smaller than a point is a trick, larger than a page is another.
    let is_sized = (0.9..2000.0).contains(&glyph.size);
    is_placed && is_sized && !is_private && !glyph.character.is_control()
}

/// The runs, in the order of the document.
pub(super) fn runs(glyphs: &[Glyph]) -> Vec<Run> {
    let mut done: Vec<Run> = Vec::new();
    let mut current: Option<Run> = None;
    for glyph in glyphs.iter().filter(|glyph| is_text(glyph)) {
        if glyph.character.is_whitespace() {
            if let Some(run) = &mut current {
                run.has_space = true;
            }
            continue;
        }
        match &mut current {
            Some(run) if run.goes_on_with(glyph) => run.push(glyph),
            _ => done.extend(current.replace(Run::begin(glyph))),
        }
    }
    done.extend(current);
    done
}
