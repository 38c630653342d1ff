//! A device that draws nothing and writes down where the glyphs of a page stand.

use foldhash::{HashSet, HashSetExt as _};
use hayro::hayro_interpret::font::{Glyph as PdfGlyph, GlyphRun, PositionedGlyph};
use hayro::hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, TransformExt as _, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape as _, Vec2};

use crate::core::pdf_text::{Glyph, PageText, lines};

/// More glyphs on a page than this are no text.
const MOST_GLYPHS: usize = 200_000;
/// Characters that are kept of what is written sideways.
const MOST_ASIDE: usize = 4000;
/// The units of a glyph's transform: a thousandth of the size of the font.
const UNITS: f64 = 1000.0;

/// Characters of which a document does not say what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Lost {
    lost: usize,
    all: usize,
}

impl Lost {
    /// Whether they are so many that words are missing: a few signs of formulas are not.
    pub(super) fn is_much(self) -> bool {
        self.lost >= 5 && self.lost * 10 > self.all
    }
}

/// The text of a page; what of it cannot be read is added to `lost`.
pub(super) fn page_text<'a>(
    page: &'a Page<'a>,
    number: u32,
    cache: &InterpreterCache<'a>,
    settings: &InterpreterSettings,
    lost: &mut Lost,
) -> PageText {
    let (width, height) = page.render_dimensions();
    let mut device = Collector::new(width, height);
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        Rect::new(0.0, 0.0, f64::from(width), f64::from(height)),
        cache,
        page.xref(),
        settings.clone(),
    );
    interpret_page(page, &mut context, &mut device);
    lost.lost += device.lost;
    lost.all += device.lost + device.upright.len() + device.vertical.len();
    let mut all = lines(&device.upright, width);
    let parts = all.last().map_or(0, |line| line.part + 1);
    // Columns of vertical writing, which were turned to be read as lines.
    all.extend(lines(&device.vertical, height).into_iter().map(|mut line| {
        line.part += parts;
        line
    }));
    PageText {
        number,
        height,
        lines: all,
        aside: device.aside,
    }
}

struct Collector {
    width: f32,
    height: f32,
    upright: Vec<Glyph>,
    vertical: Vec<Glyph>,
    aside: String,
    /// Glyphs that are no known character.
    lost: usize,
    /// Where each character was drawn: bold type is made by drawing twice.
    drawn: HashSet<(char, i32, i32)>,
}

impl Collector {
    fn new(width: f32, height: f32) -> Collector {
        Collector {
            width,
            height,
            upright: Vec::new(),
            vertical: Vec::new(),
            aside: String::new(),
            lost: 0,
            drawn: HashSet::new(),
        }
    }

    fn glyph(&mut self, glyph: &PositionedGlyph<'_>, page: Affine, run: &RunFacts) {
        let Some(text) = glyph.as_unicode() else {
            self.lost += 1;
            return;
        };
        let transform = page * glyph.transform();
        let origin = transform * Point::ORIGIN;
        let along = transform * Point::new(UNITS, 0.0) - origin;
        let up = transform * Point::new(0.0, UNITS) - origin;
        let size = up.hypot();
        let is_upright = along.x > 0.0 && along.y.abs() < 0.2 * along.x;
        if !is_upright {
            if let (BfString::Char(character), true) = (&text, self.aside.len() < MOST_ASIDE) {
                self.aside.push(*character);
            }
            return;
        }
        let is_on_page = (-5.0..=f64::from(self.width) + 5.0).contains(&origin.x)
            && (-5.0..=f64::from(self.height) + 5.0).contains(&origin.y);
        if !is_on_page {
            return;
        }
        let advance = advance(glyph) / UNITS * along.x;
        match text {
            BfString::Char(character) => self.put(character, origin, advance, size, run),
            BfString::String(text) => {
                let count = text.chars().count().max(1) as f64;
                for (at, character) in text.chars().enumerate() {
                    let origin = origin + Vec2::new(advance * at as f64 / count, 0.0);
                    self.put(character, origin, advance / count, size, run);
                }
            }
        }
    }

    fn put(&mut self, character: char, origin: Point, advance: f64, size: f64, run: &RunFacts) {
        let place = (
            character,
            (origin.x * 2.0).round() as i32,
            (origin.y * 2.0).round() as i32,
        );
        if !character.is_whitespace() && !self.drawn.insert(place) {
            return;
        }
        let (x, y) = (origin.x as f32, origin.y as f32);
        let glyph = Glyph {
            x,
            y,
            advance: advance as f32,
            size: size as f32,
            character,
            is_bold: run.is_bold,
        };
        if run.is_vertical {
            self.vertical.push(Glyph {
                x: y,
                y: self.width - x,
                advance: glyph.size,
                ..glyph
            });
        } else {
            self.upright.push(glyph);
        }
    }
}

struct RunFacts {
    is_bold: bool,
    is_vertical: bool,
}

/// In thousandths of the size of the font.
fn advance(glyph: &PositionedGlyph<'_>) -> f64 {
    match &**glyph {
        PdfGlyph::Outline(outline) => match outline.advance_width() {
            Some(width) if width.is_finite() && width > 0.0 => f64::from(width),
            // A standard font without a table of widths.
            _ => {
                let right = outline.outline().bounding_box().x1;
                if right.is_finite() && right > 0.0 {
                    right + 50.0
                } else {
                    250.0
                }
            }
        },
        PdfGlyph::Type3(_) => 500.0,
    }
}

fn is_bold(run: &GlyphRun<'_, '_>) -> bool {
    let Some(PdfGlyph::Outline(outline)) = run.glyphs().first().map(|glyph| &**glyph) else {
        return false;
    };
    outline.font_data().is_some_and(|font| {
        font.weight.is_some_and(|weight| weight >= 600)
            || font
                .postscript_name
                .is_some_and(|name| name.contains("Bold") || name.contains("CMBX"))
    })
}

impl<'a> Device<'a> for Collector {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_clip_rect(&mut self, _: &Rect) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        if self.upright.len() + self.vertical.len() > MOST_GLYPHS {
            return;
        }
        let facts = RunFacts {
            is_bold: is_bold(run),
            is_vertical: matches!(run.writing_mode(), WritingMode::Vertical),
        };
        for glyph in run.glyphs() {
            self.glyph(glyph, props.transform, &facts);
        }
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'a>, _: &DrawMode) {}
}
