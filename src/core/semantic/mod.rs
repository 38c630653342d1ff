//! What papers are about, beyond the words they use: latent semantic analysis of the reader's own library (Deerwester,
//! Dumais, Furnas, Landauer and Harshman 1990, *Indexing by latent semantic analysis*).
//!
//! Words that stand in the same papers point in the same directions; each paper becomes a short vector of how far it
//! goes in each, and papers with close vectors are about the same thing even where one says "tumour" and the other
//! "carcinoma". The directions are those of the library itself: nothing is shipped and nothing is asked elsewhere.
//!
//! * [`Latent::fit`] finds them; [`Latent::fold_in`] finds the vectors of a library that has changed a little.
//! * [`Latent::to_bytes`] and [`Latent::from_piece`] keep them.

mod bytes;
mod factor;
mod latent;
mod sparse;
mod vectors;
mod words;

pub use bytes::Damaged;
pub use latent::{Latent, TermPapers};
pub use sparse::Rows;
pub use vectors::{Vector, Vectors};
