//! The impure edge of the program.

pub mod store;
