//! The arguments of commands: groups and what closes them.

/// Bytes looked at for an address or a formula.
pub(super) const WINDOW: usize = 2000;

/// What is inside a brace that closes at the very end.
pub fn whole_group(source: &str) -> Option<&str> {
    let inner = source.strip_prefix('{')?;
    let end = closing_brace(inner, inner.len())?;
    let (inner, after) = inner.split_at_checked(end)?;
    (after == "}").then_some(inner)
}

/// Offset of the brace that closes a group whose inside begins `inner`, within so many bytes. A backslash takes the
/// meaning from a brace.
fn closing_brace(inner: &str, window: usize) -> Option<usize> {
    let bytes = inner.as_bytes();
    let bytes = bytes.get(..window.min(bytes.len()))?;
    let mut depth = 0_usize;
    let mut from = 0;
    while let Some(at) = memchr::memchr3(b'{', b'}', b'\\', bytes.get(from..)?) {
        let at = from + at;
        from = at + 1;
        match bytes.get(at)? {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => from += 1,
        }
    }
    None
}

pub(super) fn unescaped_dollar(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let bytes = bytes.get(..WINDOW.min(bytes.len()))?;
    let mut from = 0;
    while let Some(at) = memchr::memchr2(b'$', b'\\', bytes.get(from..)?) {
        let at = from + at;
        if bytes.get(at) == Some(&b'$') {
            return Some(at);
        }
        from = at + 2;
    }
    None
}

/// The argument of a command: a group without its braces, a command, or one character.
pub(super) fn argument(next: &str, window: usize) -> Option<(&str, &str)> {
    let c = next.chars().next()?;
    match c {
        '{' => {
            let inner = next.get(1..)?;
            let end = closing_brace(inner, window)?;
            Some((inner.get(..end)?, inner.get(end + 1..)?))
        }
        '}' => None,
        '\\' => {
            let name = next.get(1..)?;
            let letters = name
                .bytes()
                .position(|byte| !byte.is_ascii_alphabetic())
                .unwrap_or(name.len());
            let len = match letters {
                0 => 1 + name.chars().next().map_or(0, char::len_utf8),
                letters => 1 + letters,
            };
            let after = next.get(len..)?;
            // A command of letters takes the space after it.
            let after = if letters > 0 {
                after.trim_start_matches(' ')
            } else {
                after
            };
            Some((next.get(..len)?, after))
        }
        c => next.split_at_checked(c.len_utf8()),
    }
}

/// `\char"00E9`, `\symbol{233}`.
pub(super) fn character(next: &str) -> Option<(char, &str)> {
    let (number, after) = if let Some(inner) = next.strip_prefix('{') {
        inner.split_once('}')?
    } else {
        let end = next
            .bytes()
            .take(8)
            .position(|byte| !(byte.is_ascii_hexdigit() || byte == b'"' || byte == b'\''))
            .unwrap_or(next.len().min(8));
        next.split_at_checked(end)?
    };
    let code = match number.strip_prefix('"') {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    Some((char::from_u32(code)?, after))
}
