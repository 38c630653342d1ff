//! Reading bibliographies in other formats than the library's own.

pub mod latex;
pub mod markup;
