//! Documents that are damaged, encrypted, hostile or none at all.

use std::time::Duration;

use offprint::runtime::pdf::{PdfError, Waiting};

use super::paper::Paper;
use super::writer::{About, document};
use super::{Ask, ask, reader, text_of};

/// Documents that are changed at random places: a child may break over one, the reader of this program does not.
const MUTATIONS: u64 = 1000;

fn sample() -> Paper {
    let text = "A paragraph of some length that is here to be damaged. ".repeat(12);
    Paper {
        sections: vec![("1 Introduction".to_owned(), text)],
        ..Paper::default()
    }
}

/// Steele, Lea and Flood's SplitMix64: the same numbers everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

fn mutated(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=random.below(8) {
        let at = random.below(out.len());
        match random.below(6) {
            0 => out.truncate(at),
            1 => out[at] = random.next() as u8,
            2 => {
                let end = (at + random.below(40)).min(out.len());
                out.drain(at..end);
            }
            3 => {
                let piece = out[at..(at + 30).min(out.len())].to_vec();
                let to = random.below(out.len());
                out.splice(to..to, piece);
            }
            4 => {
                // Numbers are where sizes and references stand.
                let digits: Vec<usize> = (0..out.len())
                    .filter(|at| out[*at].is_ascii_digit())
                    .collect();
                let digit = digits.get(random.below(digits.len())).copied().unwrap_or(0);
                out[digit] = b'0' + random.below(10) as u8;
            }
            _ => {
                let words: [&[u8]; 5] = [
                    b"/Kids [2 0 R]",
                    b"99999999999",
                    b"-1",
                    b"<<<<<<",
                    b"/Length 0",
                ];
                out.splice(at..at, words[random.below(words.len())].iter().copied());
            }
        }
        if out.is_empty() {
            out.push(b'%');
        }
    }
    out
}

#[test]
fn a_thousand_damaged_documents_give_text_or_say_why_not() {
    let plain = About {
        plain: true,
        ..About::default()
    };
    let originals = [sample().bytes(), document(&sample().pages(), &plain)];
    let mut random = Random(20_260_101);
    let (mut read, mut refused) = (0, 0);
    for number in 0..MUTATIONS {
        let bytes = mutated(&originals[(number % 2) as usize], &mut random);
        match text_of(&bytes) {
            Ok(_) => read += 1,
            Err(error) => {
                refused += 1;
                let words = error.to_string();
                assert!(words.contains("PDF"), "mutation {number}: {words}");
                assert!(
                    !matches!(error, PdfError::TimedOut | PdfError::NotStarted(_)),
                    "mutation {number}: {words}"
                );
            }
        }
    }
    eprintln!("of {MUTATIONS} damaged documents {read} gave their pages, {refused} said why not");
    assert!(read > 100 && refused > 10, "{read} {refused}");
}

#[test]
fn an_encrypted_document_says_so() {
    let about = About {
        encrypted: true,
        ..About::default()
    };
    let error = text_of(&document(&sample().pages(), &about)).unwrap_err();
    assert_eq!(error, PdfError::Encrypted);
    assert!(error.to_string().contains("encrypted"));
}

#[test]
fn what_is_no_document_says_so() {
    for bytes in [
        &b""[..],
        b"%PDF-1.7",
        b"<html>Please log in</html>",
        &[0; 4096],
    ] {
        assert_eq!(text_of(bytes).unwrap_err(), PdfError::Broken);
    }
    let folder = tempfile::tempdir().unwrap();
    let all = Ask::Text { first: 1, last: 9 };
    let missing = ask(&folder.path().join("none.pdf"), &all).unwrap_err();
    assert!(missing.to_string().contains("check the path"), "{missing}");
    let not_a_file = ask(folder.path(), &all).unwrap_err();
    assert!(
        matches!(not_a_file, PdfError::Unreadable(_)),
        "{not_a_file}"
    );
}

#[test]
fn a_page_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, sample().bytes()).unwrap();
    for number in [0, 999] {
        let pictures = Ask::Pictures {
            width: 100,
            height: 100,
            pages: vec![number],
        };
        assert_eq!(ask(&path, &pictures).unwrap_err(), PdfError::NoPage(number));
    }
}

/// Programs that are no readers stand for one that hangs, one that crashes and one that talks nonsense.
#[test]
fn a_child_that_hangs_crashes_or_lies_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, sample().bytes()).unwrap();
    let all = Ask::Text { first: 1, last: 9 };
    let run = |script: &str, waiting: &Waiting<'_>| {
        let mut program = reader();
        program.program = "/bin/sh".into();
        program.arguments = vec!["-c".into(), script.into()];
        program.ask(&path, &all, waiting, &mut |_| {})
    };
    let short = Waiting {
        is_cancelled: &|| false,
        limit: Duration::from_millis(300),
    };
    assert_eq!(run("exec sleep 60", &short), Err(PdfError::TimedOut));
    assert_eq!(run("kill -SEGV $$", &short), Err(PdfError::Crashed));
    assert_eq!(run("exit 101", &short), Err(PdfError::Crashed));
    assert_eq!(run("echo nonsense", &short), Err(PdfError::Crashed));
    let lie = r#"printf '{"Picture":{"page":1,"width":4294967295,"height":4294967295}}\n'"#;
    assert_eq!(run(lie, &short), Err(PdfError::Crashed));
    let nobody = Waiting {
        is_cancelled: &|| true,
        limit: Duration::from_mins(1),
    };
    assert_eq!(run("exec sleep 60", &nobody), Err(PdfError::Cancelled));
}

#[test]
fn a_document_that_asks_for_all_memory_gets_a_gibibyte() {
    // A picture of 60000 x 60000 pixels, of a few bytes.
    let mut bytes = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n".to_vec();
    bytes.extend(b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Resources << /XObject << /I 5 0 R >> >> /Contents 4 0 R >>\nendobj\n");
    bytes.extend(
        b"4 0 obj\n<< /Length 27 >>\nstream\n100 0 0 100 0 0 cm /I Do   \nendstream\nendobj\n",
    );
    bytes.extend(b"5 0 obj\n<< /Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Length 3 >>\nstream\nabc\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.pdf");
    std::fs::write(&path, bytes).unwrap();
    let pictures = Ask::Pictures {
        width: 800,
        height: 800,
        pages: vec![1],
    };
    // Drawn without its picture, or refused: either way this program goes on.
    match ask(&path, &pictures) {
        Ok(read) => assert_eq!(read.pictures.len(), 1),
        Err(error) => assert!(
            matches!(
                error,
                PdfError::Crashed | PdfError::Broken | PdfError::TimedOut
            ),
            "{error}"
        ),
    }
}
