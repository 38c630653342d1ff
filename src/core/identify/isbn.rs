//! ISBNs and their check digits (ISO 2108).

/// The ISBN of a text that is one, without hyphens and spaces, if its check digit is right.
pub fn isbn(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', ',', ';', ')', ']']);
    let mut number = String::with_capacity(13);
    for c in text.chars() {
        match c {
            '0'..='9' => number.push(c),
            'x' | 'X' if number.len() == 9 => number.push('X'),
            '-' | ' ' | '–' | '‐' | '‑' if !number.is_empty() => {}
            _ => return None,
        }
        if number.len() > 13 {
            return None;
        }
    }
    let right = match number.len() {
        10 => ten(&number),
        13 => (number.starts_with("978") || number.starts_with("979")) && thirteen(&number),
        _ => false,
    };
    right.then_some(number)
}

fn ten(number: &str) -> bool {
    let sum: u32 = (number.chars().zip((1..=10).rev()))
        .map(|(c, weight)| weight * c.to_digit(10).unwrap_or(10))
        .sum();
    sum.is_multiple_of(11)
}

fn thirteen(number: &str) -> bool {
    let sum: u32 = (number.chars().zip([1, 3].into_iter().cycle()))
        .map(|(c, weight)| weight * c.to_digit(10).unwrap_or_default())
        .sum();
    sum.is_multiple_of(10)
}
