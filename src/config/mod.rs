//! What the reader has set: keys, theme.

pub mod keys;
pub mod theme;
