//! Places in the reading queue: strings between any two of which there is another.
//!
//! A place is a fraction between 0 and 1 in base 36, written without `0.` and without trailing zeros, so that the
//! order of the strings is that of the fractions. Putting a paper between two others changes no other paper, and so
//! two machines can reorder one queue at the same time.
//!
//! Source of the idea: "fractional indexing", Evan Wallace, "Realtime editing of ordered sequences", Figma 2017.

/// Digits that count by one when a paper is put at either end, so that places there do not grow.
const WHOLE_DIGITS: usize = 6;
/// Places longer than this are no places of ours.
const MAX_DIGITS: usize = 4096;
const BASE: u8 = 36;

/// A place in the reading queue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(Box<str>);

impl Place {
    /// Reads a place of a journal; `None` for anything but digits of base 36 in lower case.
    pub fn parse(text: &str) -> Option<Place> {
        let is_place = text.len() <= MAX_DIGITS
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
        is_place.then(|| Place(text.trim_end_matches('0').into()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A place after `before` and before `after` (`None`: the end). `None` when there is none, that is when
    /// `before >= after`, or `after` is the very first place.
    pub fn between(before: Option<&Place>, after: Option<&Place>) -> Option<Place> {
        match (before, after) {
            (None, None) => Some(Place("i".into())),
            (Some(before), None) => before.step(1).or_else(|| Some(middle(&before.0, None))),
            (None, Some(after)) => after
                .step(-1)
                .or_else(|| (!after.0.is_empty()).then(|| middle("", Some(&after.0)))),
            (Some(before), Some(after)) => {
                (before < after).then(|| middle(&before.0, Some(&after.0)))
            }
        }
    }

    /// The place one whole step further; `None` at the end of the whole numbers.
    fn step(&self, by: i64) -> Option<Place> {
        let mut whole: i64 = 0;
        for at in 0..WHOLE_DIGITS {
            let digit = self.0.as_bytes().get(at).map_or(0, |byte| value_of(*byte));
            whole = whole * i64::from(BASE) + i64::from(digit);
        }
        // A place with more digits lies above its whole part: that part is the step down.
        let stays = by < 0 && self.0.len() > WHOLE_DIGITS;
        let mut rest = if stays { whole } else { whole + by };
        if rest <= 0 || rest >= i64::from(BASE).pow(WHOLE_DIGITS as u32) {
            return None;
        }
        let mut digits = Vec::with_capacity(WHOLE_DIGITS);
        while digits.len() < WHOLE_DIGITS {
            digits.push(digit_of((rest % i64::from(BASE)) as u8));
            rest /= i64::from(BASE);
        }
        let text: String = digits.into_iter().rev().collect();
        Place::parse(&text)
    }
}

/// The middle of two fractions, `before < after`; no `after` is 1.
fn middle(before: &str, after: Option<&str>) -> Place {
    let mut out = String::new();
    let mut before = before.bytes();
    let mut after = after.map(str::bytes);
    loop {
        let low = before.next().map_or(0, value_of);
        let high = match &mut after {
            Some(digits) => digits.next().map_or(0, value_of),
            None => BASE,
        };
        if high > low + 1 {
            out.push(digit_of(u8::midpoint(low, high)));
            break;
        }
        out.push(digit_of(low));
        if high == low + 1 {
            // Above the rest of `before` and below the next digit, anything goes.
            after = None;
        }
    }
    Place(out.into())
}

fn value_of(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        _ => byte.saturating_sub(b'a').saturating_add(10).min(BASE - 1),
    }
}

fn digit_of(value: u8) -> char {
    char::from_digit(u32::from(value), u32::from(BASE)).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place() -> impl Strategy<Value = Place> {
        "[0-9a-z]{0,9}".prop_map(|text| Place::parse(&text).unwrap())
    }

    proptest! {
        #[test]
        fn there_is_a_place_between_any_two(a in place(), b in place()) {
            prop_assume!(a != b);
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            let middle = Place::between(Some(&low), Some(&high)).unwrap();
            prop_assert!(low < middle && middle < high, "{low:?} {middle:?} {high:?}");
            prop_assert_eq!(Place::parse(middle.as_str()), Some(middle));
        }

        #[test]
        fn there_is_a_place_after_any(a in place()) {
            let next = Place::between(Some(&a), None).unwrap();
            prop_assert!(next > a);
            prop_assert_eq!(Place::parse(next.as_str()), Some(next));
        }

        #[test]
        fn there_is_a_place_before_any_but_the_first(a in place()) {
            prop_assume!(!a.as_str().is_empty());
            let previous = Place::between(None, Some(&a)).unwrap();
            prop_assert!(previous < a);
        }
    }

    #[test]
    fn places_at_the_ends_do_not_grow() {
        let mut last = Place::between(None, None).unwrap();
        let mut first = last.clone();
        for _ in 0..10_000 {
            last = Place::between(Some(&last), None).unwrap();
            first = Place::between(None, Some(&first)).unwrap();
        }
        assert!(last.as_str().len() <= WHOLE_DIGITS && first.as_str().len() <= WHOLE_DIGITS);
    }

    #[test]
    fn equal_or_crossed_neighbours_have_nothing_between() {
        let place = Place::between(None, None).unwrap();
        assert_eq!(Place::between(Some(&place), Some(&place)), None);
        assert_eq!(Place::between(None, Place::parse("00").as_ref()), None);
    }
}
