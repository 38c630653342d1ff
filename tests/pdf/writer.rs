//! A writer of PDFs as TeX and publishers make them: words placed one by one without spaces between, ligatures and
//! accents as glyphs of their own, hyphens at line ends, two columns, running heads, stamps.

use std::fmt::Write as _;
use std::io::Write as _;

/// Widths of Helvetica from the space to the tilde, in thousandths of its size (Adobe's font metrics).
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/// The codes of glyphs that ASCII has not.
const FI: u8 = 2;
const FL: u8 = 3;
const DIERESIS: u8 = 4;

/// The fonts there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Font {
    Plain,
    Bold,
}

/// A page in the making; lengths in points, from the upper left corner.
#[derive(Debug, Clone, Default)]
pub struct Page {
    content: String,
}

pub const WIDTH: f32 = 612.0;
pub const HEIGHT: f32 = 792.0;

impl Page {
    /// Text in one piece, with its spaces as glyphs.
    pub fn text(&mut self, x: f32, y: f32, size: f32, font: Font, text: &str) {
        let name = name(font);
        let _ = writeln!(
            self.content,
            "BT /{name} {size} Tf 1 0 0 1 {x} {} Tm ({}) Tj ET",
            HEIGHT - y,
            escaped(&encoded(text))
        );
    }

    /// Text in the middle of the page.
    pub fn centred(&mut self, y: f32, size: f32, font: Font, text: &str) {
        let x = (WIDTH - width(text) * size / 1000.0) / 2.0;
        self.text(x, y, size, font, text);
    }

    /// Text from below to above, as the stamp of arXiv.
    pub fn sideways(&mut self, x: f32, y: f32, size: f32, text: &str) {
        let _ = writeln!(
            self.content,
            "BT /F1 {size} Tf 0 1 -1 0 {x} {} Tm ({}) Tj ET",
            HEIGHT - y,
            escaped(&encoded(text))
        );
    }

    /// A line as TeX sets it: words without spaces, moved apart until the line is full.
    pub fn justified(&mut self, x: f32, y: f32, size: f32, words: &[&str], to: Option<f32>) {
        let natural = 333.0;
        let text: f32 = words.iter().map(|word| width(word)).sum();
        let gaps = words.len().saturating_sub(1).max(1) as f32;
        let space = match to {
            Some(to) => ((to * 1000.0 / size - text) / gaps).clamp(200.0, 900.0),
            None => natural,
        };
        let _ = write!(
            self.content,
            "BT /F1 {size} Tf 1 0 0 1 {x} {} Tm [",
            HEIGHT - y
        );
        for (at, word) in words.iter().enumerate() {
            if at > 0 {
                let _ = write!(self.content, " -{space:.1} ");
            }
            let _ = write!(self.content, "{}", kerned(word));
        }
        self.content.push_str("] TJ ET\n");
    }

    /// A picture without any text: a grey box.
    pub fn grey_box(&mut self, x: f32, y: f32, width: f32, height: f32) {
        let _ = writeln!(
            self.content,
            "0.7 g {x} {} {width} {height} re f 0 g",
            HEIGHT - y - height
        );
    }
}

fn name(font: Font) -> &'static str {
    match font {
        Font::Plain => "F1",
        Font::Bold => "F2",
    }
}

/// With ligatures, and with accents drawn before their letters.
fn encoded(text: &str) -> Vec<u8> {
    let text = text.replace("fi", "\u{2}").replace("fl", "\u{3}");
    text.chars()
        .map(|c| if c.is_ascii() { c as u8 } else { b'?' })
        .collect()
}

/// A word as an element of `TJ`: an accent is drawn, and the letter moved back under it.
fn kerned(word: &str) -> String {
    let mut out = String::from("(");
    for c in word.replace("fi", "\u{2}").replace("fl", "\u{3}").chars() {
        match c {
            'ü' | 'ö' | 'ä' => {
                let base = match c {
                    'ü' => b'u',
                    'ö' => b'o',
                    _ => b'a',
                };
                let back = 333 + (i32::from(code_width(base)) - 333) / 2;
                let _ = write!(out, "\\{DIERESIS:03o}) {back} ({}", base as char);
            }
            c => out.push_str(&escaped(&[c as u8])),
        }
    }
    out.push(')');
    out
}

fn escaped(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => {
                out.push('\\');
                out.push(*byte as char);
            }
            0x20..=0x7E => out.push(*byte as char),
            other => {
                let _ = write!(out, "\\{other:03o}");
            }
        }
    }
    out
}

fn code_width(code: u8) -> u16 {
    match code {
        FI | FL => 500,
        DIERESIS => 333,
        code => code
            .checked_sub(b' ')
            .and_then(|at| WIDTHS.get(usize::from(at)))
            .copied()
            .unwrap_or(556),
    }
}

/// In thousandths of the size.
pub fn width(text: &str) -> f32 {
    let plain = text.replace('ü', "u").replace('ö', "o").replace('ä', "a");
    encoded(&plain)
        .into_iter()
        .map(|code| f32::from(code_width(code)))
        .sum()
}

/// What is said of the document beside its pages.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Title in the metadata.
    pub title: Option<String>,
    /// It asks for a password.
    pub encrypted: bool,
    /// Its streams are not compressed.
    pub plain: bool,
}

/// The file of these pages.
pub fn document(pages: &[Page], about: &About) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = Vec::new();
    let kids: Vec<String> = (0..pages.len())
        .map(|at| format!("{} 0 R", 6 + 2 * at))
        .collect();
    objects.push(b"<< /Type /Catalog /Pages 2 0 R >>".to_vec());
    objects.push(
        format!(
            "<< /Type /Pages /Kids [{}] /Count {} /MediaBox [0 0 {WIDTH} {HEIGHT}] \
             /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>",
            kids.join(" "),
            pages.len()
        )
        .into_bytes(),
    );
    let widths: Vec<String> = (0..=126_u8)
        .map(|code| code_width(code).to_string())
        .collect();
    for base in ["Helvetica", "Helvetica-Bold"] {
        objects.push(
            format!(
                "<< /Type /Font /Subtype /Type1 /BaseFont /{base} /FirstChar 0 /LastChar 126 \
                 /Widths [{}] /Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding \
                 /Differences [{FI} /fi /fl /dieresis] >> >>",
                widths.join(" ")
            )
            .into_bytes(),
        );
    }
    let title = about.title.as_deref().unwrap_or_default();
    objects.push(
        format!(
            "<< /Title ({}) /Producer (test) >>",
            escaped(title.as_bytes())
        )
        .into_bytes(),
    );
    for (at, page) in pages.iter().enumerate() {
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /Contents {} 0 R >>",
                7 + 2 * at
            )
            .into_bytes(),
        );
        let (bytes, filter) = if about.plain {
            (page.content.clone().into_bytes(), "")
        } else {
            let mut packer =
                flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
            packer.write_all(page.content.as_bytes()).unwrap();
            (packer.finish().unwrap(), "/Filter /FlateDecode ")
        };
        let mut stream = format!("<< {filter}/Length {} >>\nstream\n", bytes.len()).into_bytes();
        stream.extend(bytes);
        stream.extend(b"\nendstream");
        objects.push(stream);
    }
    let mut out = b"%PDF-1.5\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", at + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let encrypt = if about.encrypted {
        format!(
            "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{}> /U <{}> >> ",
            "11".repeat(32),
            "22".repeat(32)
        )
    } else {
        String::new()
    };
    out.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R /Info 5 0 R {encrypt}/ID [<{id}> <{id}>] >>\nstartxref\n{start}\n%%EOF\n",
            objects.len() + 1,
            id = "AB".repeat(16)
        )
        .bytes(),
    );
    out
}
