//! Where finished columns go: into memory, or into a file that is mapped.

use bytemuck::Pod;

use super::{CacheError, Numbers, Piece, Text};

/// Takes columns one after the other and gives them back to be read. What cannot be written to a file any more is kept
/// in memory, so that it never fails.
pub trait Shelf {
    /// Adds bytes to the column at hand.
    fn append(&mut self, bytes: &[u8]);

    /// The column at hand is complete.
    fn end(&mut self, name: &str) -> Piece;

    /// A shelf for columns that are needed for a while only; `None` where they would be in memory all the same.
    fn scratch(&mut self) -> Option<Box<dyn Shelf>> {
        None
    }

    /// Whether all columns can be read.
    fn is_whole(&self) -> bool {
        true
    }
}

/// Adds numbers to the column at hand.
pub fn append_numbers<T: Pod>(shelf: &mut dyn Shelf, numbers: &[T]) {
    shelf.append(bytemuck::cast_slice(numbers));
}

impl dyn Shelf + '_ {
    /// A column of numbers.
    pub fn numbers<T: Pod>(&mut self, name: &str, numbers: &[T]) -> Numbers<T> {
        append_numbers(self, numbers);
        // A whole number of them was put there.
        Numbers::kept(self.end(name)).unwrap_or_default()
    }

    /// A column of text.
    pub fn text(&mut self, name: &str, text: &str) -> Text {
        self.append(text.as_bytes());
        Text::kept(self.end(name))
    }

    /// A column of bytes.
    pub fn bytes(&mut self, name: &str, bytes: &[u8]) -> Piece {
        self.append(bytes);
        self.end(name)
    }
}

/// A column by its name, from wherever they are.
pub type Sections<'a> = dyn Fn(&str) -> Option<Piece> + 'a;

/// The column of numbers of this name.
///
/// # Errors
/// When there is none, or it holds no whole number of them.
pub fn numbers_of<T: Pod>(sections: &Sections<'_>, name: &str) -> Result<Numbers<T>, CacheError> {
    Numbers::kept(sections(name).ok_or(CacheError::Damaged)?)
}

/// Columns in memory.
#[derive(Debug, Default)]
pub struct MemoryShelf {
    open: Vec<u8>,
}

impl Shelf for MemoryShelf {
    fn append(&mut self, bytes: &[u8]) {
        let needed = self.open.len() + bytes.len();
        if needed > self.open.capacity() {
            // Doubling takes twice the memory at the worst moment.
            self.open.reserve_exact(bytes.len() + self.open.len() / 4);
        }
        self.open.extend_from_slice(bytes);
    }

    fn end(&mut self, _: &str) -> Piece {
        let mut bytes = std::mem::take(&mut self.open);
        bytes.shrink_to_fit();
        Piece::of(bytes)
    }
}
