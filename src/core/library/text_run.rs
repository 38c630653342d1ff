//! Passing quickly over the bytes of a JSON text, which are most of a library.

/// Length of the run of bytes that stand for themselves inside a text: up to a quote, a backslash or a control
/// character.
///
/// Keys and names end soon and are read by words of eight bytes; longer texts by blocks that the compiler turns into
/// vector instructions.
pub(super) fn plain_run(bytes: &[u8]) -> usize {
    let (near, far) = bytes.split_at(bytes.len().min(32));
    if let Some(run) = first_stop(near) {
        return run;
    }
    let (blocks, _) = far.as_chunks::<64>();
    let mut run = 0;
    for block in blocks {
        let mut any = 0_u8;
        for &byte in block {
            any |= u8::from(byte == b'"') | u8::from(byte == b'\\') | u8::from(byte < 0x20);
        }
        if any != 0 {
            break;
        }
        run += 64;
    }
    let rest = far.get(run..).unwrap_or_default();
    near.len() + run + first_stop(rest).unwrap_or(rest.len())
}

/// The first byte that ends a run, found by the arithmetic of "Hacker's Delight", section 6-1: a byte of `x` is zero
/// where the highest bit of `(x - 0x01…) & !x` is set, and the lowest such byte is exact.
fn first_stop(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let (words, tail) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let quote = zero(word ^ (ONES * u64::from(b'"')));
        let backslash = zero(word ^ (ONES * u64::from(b'\\')));
        let stops = (control | quote | backslash) & HIGH;
        if stops != 0 {
            return Some(number * 8 + stops.trailing_zeros() as usize / 8);
        }
    }
    tail.iter()
        .position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20)
        .map(|at| words.len() * 8 + at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_run_ends_at_the_first_byte_that_needs_care(
            bytes in prop::collection::vec(prop_oneof![20 => 0x20..=0xFF_u8, 1 => 0..0x20_u8], 0..300)
        ) {
            let plain = |byte: &u8| *byte != b'"' && *byte != b'\\' && *byte >= 0x20;
            prop_assert_eq!(plain_run(&bytes), bytes.iter().take_while(|byte| plain(byte)).count());
        }
    }
}
