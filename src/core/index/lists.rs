//! Many growing byte lists in one buffer, for building postings without one allocation per word.
//!
//! Every list is a chain of slices, each twice as long as the one before; the last four bytes of a slice hold the
//! address of the next. (The layout of Lucene's in-memory indexer, described in Büttcher, Clarke, Cormack:
//! *Information Retrieval*, section 4.5.)

#![allow(
    clippy::indexing_slicing,
    reason = "the hot path of building: addresses come from this module alone and lie within the buffer"
)]

/// Bytes of the address at the end of a slice.
const LINK: usize = 4;
/// Bytes that the first slice holds; most words occur once.
const FIRST: usize = 4;
/// Bytes of the longest slice.
const LONGEST: usize = 4096;

/// A list in [`Lists`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct List {
    /// Where the first slice starts, plus one; 0 for an empty list.
    first: u32,
    /// Where the next byte goes.
    at: u32,
    /// Where the link of the current slice stands.
    end: u32,
    /// Payload of the current slice.
    room: u32,
}

impl List {
    pub(super) fn is_empty(self) -> bool {
        self.first == 0
    }
}

/// The buffer.
#[derive(Debug, Default)]
pub(super) struct Lists {
    bytes: Vec<u8>,
}

/// Room for so many more values is made at once: doubling takes twice the memory at the worst moment.
pub(super) fn make_room<T>(values: &mut Vec<T>, more: usize) {
    if values.len() + more > values.capacity() {
        values.reserve_exact(values.len() / 4 + more + 1024);
    }
}

impl Lists {
    fn allocate(&mut self, room: usize) -> u32 {
        let at = self.bytes.len();
        make_room(&mut self.bytes, room + LINK);
        self.bytes.resize(at + room + LINK, 0);
        at as u32
    }

    #[cold]
    fn grow(&mut self, list: &mut List) {
        if list.is_empty() {
            let at = self.allocate(FIRST);
            *list = List {
                first: at + 1,
                at,
                end: at + FIRST as u32,
                room: FIRST as u32,
            };
            return;
        }
        let room = (list.room as usize * 2 + LINK).min(LONGEST);
        let next = self.allocate(room);
        let end = list.end as usize;
        self.bytes[end..end + LINK].copy_from_slice(&next.to_le_bytes());
        list.at = next;
        list.end = next + room as u32;
        list.room = room as u32;
    }

    #[inline]
    pub(super) fn push(&mut self, list: &mut List, byte: u8) {
        if list.at == list.end {
            self.grow(list);
        }
        self.bytes[list.at as usize] = byte;
        list.at += 1;
    }

    /// Appends a number in seven-bit groups, the lowest first.
    #[inline]
    pub(super) fn push_number(&mut self, list: &mut List, mut number: u32) {
        while number >= 0x80 {
            self.push(list, (number as u8) | 0x80);
            number >>= 7;
        }
        self.push(list, number as u8);
    }

    /// Hands over the bytes of a list, part by part.
    pub(super) fn each_part(&self, list: List, mut part: impl FnMut(&[u8])) {
        if list.is_empty() {
            return;
        }
        let (mut at, mut room) = ((list.first - 1) as usize, FIRST);
        loop {
            let end = at + room;
            if end == list.end as usize {
                return part(&self.bytes[at..list.at as usize]);
            }
            part(&self.bytes[at..end]);
            let mut link = [0; LINK];
            link.copy_from_slice(&self.bytes[end..end + LINK]);
            at = u32::from_le_bytes(link) as usize;
            room = (room * 2 + LINK).min(LONGEST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn interleaved_lists_keep_their_bytes(pushes in prop::collection::vec((0_usize..4, any::<u8>()), 0..9000)) {
            let mut lists = Lists::default();
            let mut made = [List::default(); 4];
            let mut wanted: [Vec<u8>; 4] = Default::default();
            for (which, byte) in pushes {
                lists.push(&mut made[which], byte);
                wanted[which].push(byte);
            }
            for (list, wanted) in made.iter().zip(wanted) {
                let mut out = Vec::new();
                lists.each_part(*list, |part| out.extend_from_slice(part));
                prop_assert_eq!(out, wanted);
            }
        }
    }
}
