//! The number by which everything speaks of a paper.

/// The place of a paper in its library, counted from 0 in the order of the file.
///
/// Papers are reached by number and field accessors, so that a store may keep its fields as columns, in memory or on
/// disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaperNo(pub u32);

impl PaperNo {
    /// The number as an index into columns.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}
