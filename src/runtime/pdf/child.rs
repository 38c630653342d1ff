//! The process that reads a document.

use std::io::{self, BufWriter, Read as _, StdoutLock, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::{InterpreterCache, InterpreterSettings};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use rustix::process::{Resource, Rlimit, setrlimit};

use super::fonts;
use super::glyphs::{Lost, page_text};
use super::{Ask, Head, LARGEST_FILE, LARGEST_SIDE, PdfError};

/// The hidden subcommand that is [`main`].
pub const SUBCOMMAND: &str = "__pdf";

/// Memory that the child may use, in bytes.
const MEMORY: u64 = 1 << 30;
/// Seconds of the processor after which the child ends by itself, where its parent is gone.
const PROCESSOR: u64 = 300;
/// A document has no more pages than this.
const MOST_PAGES: usize = 100_000;

impl Ask {
    /// As arguments of the child.
    pub(super) fn arguments(&self) -> Vec<String> {
        match self {
            Ask::Text { first, last } => {
                vec!["text".to_owned(), first.to_string(), last.to_string()]
            }
            Ask::Pictures {
                width,
                height,
                pages,
            } => ["pictures".to_owned(), width.to_string(), height.to_string()]
                .into_iter()
                .chain(pages.iter().map(u32::to_string))
                .collect(),
        }
    }

    fn parse(arguments: &[String]) -> Option<Ask> {
        let (what, numbers) = arguments.split_first()?;
        let numbers: Vec<u32> = numbers
            .iter()
            .map(|number| number.parse().ok())
            .collect::<Option<_>>()?;
        match (what.as_str(), numbers.as_slice()) {
            ("text", [first, last]) => Some(Ask::Text {
                first: *first,
                last: *last,
            }),
            ("pictures", [width, height, pages @ ..]) => Some(Ask::Pictures {
                width: *width,
                height: *height,
                pages: pages.to_vec(),
            }),
            _ => None,
        }
    }
}

/// The hidden subcommand: reads a document from standard input and answers what its arguments ask.
pub fn main(arguments: &[String]) -> ExitCode {
    let limit = |resource, most| {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        // A system without such a limit has the others: the parent and the clock.
        let _ = setrlimit(resource, limit);
    };
    limit(Resource::As, MEMORY);
    limit(Resource::Cpu, PROCESSOR);
    limit(Resource::Core, 0);
    let Some(ask) = Ask::parse(arguments) else {
        return ExitCode::from(2);
    };
    let mut out = Out(BufWriter::with_capacity(1 << 16, io::stdout().lock()));
    let last = match answer(&ask, &mut out) {
        Ok(()) => Head::Done,
        Err(Stop::Failed(error)) => Head::Failed(error),
        Err(Stop::Deaf) => return ExitCode::FAILURE,
    };
    match out.head(&last) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Why the child ends early.
enum Stop {
    Failed(PdfError),
    /// Nobody reads the answers.
    Deaf,
}

impl From<io::Error> for Stop {
    fn from(_: io::Error) -> Stop {
        Stop::Deaf
    }
}

struct Out<'a>(BufWriter<StdoutLock<'a>>);

impl Out<'_> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, head)?;
        self.0.write_all(b"\n")?;
        self.0.flush()
    }
}

fn answer(ask: &Ask, out: &mut Out<'_>) -> Result<(), Stop> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(LARGEST_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Stop::Failed(PdfError::Unreadable(error.to_string())))?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(Stop::Failed(PdfError::TooLarge));
    }
    let pdf = Pdf::new(bytes).map_err(|error| Stop::Failed(why(error)))?;
    let pages = pdf.pages().get(..MOST_PAGES).unwrap_or(pdf.pages());
    if pages.is_empty() {
        return Err(Stop::Failed(PdfError::Broken));
    }
    let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    out.head(&Head::Opened { pages: count })?;
    let is_missing = Arc::new(AtomicBool::new(false));
    let settings = fonts::settings(&is_missing);
    match ask {
        Ask::Text { first, last } => {
            let cache = InterpreterCache::new();
            let mut lost = Lost::default();
            let asked = (1..).zip(pages.iter());
            for (number, page) in asked
                .skip_while(|(number, _)| number < first)
                .take_while(|(number, _)| number <= last)
            {
                let text = page_text(page, number, &cache, &settings, &mut lost);
                out.head(&Head::Text(text))?;
            }
            if lost.is_much() {
                out.head(&Head::CharactersLost)?;
            }
        }
        Ask::Pictures {
            width,
            height,
            pages: asked,
        } => {
            let cache = RenderCache::new();
            for number in asked {
                let page = (*number as usize)
                    .checked_sub(1)
                    .and_then(|at| pages.get(at))
                    .ok_or(Stop::Failed(PdfError::NoPage(*number)))?;
                draw(page, *number, (*width, *height), &cache, &settings, out)?;
            }
            if is_missing.load(Ordering::Relaxed) {
                out.head(&Head::FontMissing)?;
            }
        }
    }
    Ok(())
}

fn why(error: LoadPdfError) -> PdfError {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => PdfError::Encrypted,
        LoadPdfError::Decryption(_) => PdfError::UnknownEncryption,
        LoadPdfError::Invalid => PdfError::Broken,
    }
}

/// Draws a page as large as it fits into the box, on white.
fn draw<'a>(
    page: &'a Page<'a>,
    number: u32,
    (width, height): (u32, u32),
    cache: &RenderCache<'a>,
    settings: &InterpreterSettings,
    out: &mut Out<'_>,
) -> Result<(), Stop> {
    let (page_width, page_height) = page.render_dimensions();
    let side = |pixels: u32| pixels.clamp(1, LARGEST_SIDE) as f32;
    // Pixels are counted downwards: a hair more keeps the last one.
    let scale = (side(width) / page_width).min(side(height) / page_height) * 1.000_05;
    let is_drawable = scale.is_finite() && page_width * scale >= 1.0 && page_height * scale >= 1.0;
    if !is_drawable {
        return Err(Stop::Failed(PdfError::Broken));
    }
    let pixmap = render(
        page,
        cache,
        settings,
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        },
    );
    out.head(&Head::Picture {
        page: number,
        width: u32::from(pixmap.width()),
        height: u32::from(pixmap.height()),
    })?;
    // On white everything is opaque: premultiplied values are those of the colours.
    out.0.write_all(pixmap.data_as_u8_slice())?;
    out.0.flush()?;
    Ok(())
}
