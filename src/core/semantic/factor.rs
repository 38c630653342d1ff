//! The directions in which the rows of a sparse matrix differ most: its first right singular vectors, by subspace
//! iteration from random directions (Halko, Martinsson and Tropp 2011, *Finding structure with randomness*, algorithm
//! 4.4, on the side of the terms). Rows are read one after the other, so that nothing as long as the library is held.

#![allow(
    clippy::indexing_slicing,
    reason = "hot loops over dense blocks whose sizes are fixed above them"
)]

use super::sparse::Rows;

/// Directions beside those asked for, which catch what the random start missed.
const SPARE: usize = 12;
/// Times that the directions are sent through the matrix and back.
const ROUNDS: usize = 2;
/// Rows between two looks at whether to go on.
const STEP: usize = 4096;

/// A dense block: for each term its share in each direction.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) width: usize,
    pub(super) values: Vec<f32>,
}

impl Block {
    fn new(height: usize, width: usize) -> Block {
        Block {
            width,
            values: vec![0.0; height * width],
        }
    }

    pub(super) fn row(&self, row: usize) -> &[f32] {
        self.values
            .get(row * self.width..(row + 1) * self.width)
            .unwrap_or_default()
    }
}

/// The first `most` directions of a matrix of `terms` columns, the weightiest first; fewer where there are not so many.
/// `None` when `cancel` said yes.
pub(super) fn directions(
    rows: &Rows,
    terms: usize,
    most: usize,
    cancel: &dyn Fn() -> bool,
) -> Option<Block> {
    let width = (most + SPARE).min(terms).min(rows.len());
    let mut block = Block::new(terms, width);
    if width == 0 {
        return Some(block);
    }
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    for value in &mut block.values {
        // xorshift64*: the same directions each time.
        random ^= random >> 12;
        random ^= random << 25;
        random ^= random >> 27;
        let sign = random.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 63;
        *value = if sign == 0 { 1.0 } else { -1.0 };
    }
    for _ in 0..ROUNDS {
        block = there_and_back(rows, &block, cancel)?;
        orthogonalise(&mut block);
    }
    // Within the space that is left the directions are told apart by how much of the rows lies along them.
    let mut products = Products::new(width);
    let mut along = vec![0.0_f32; width];
    for row in 0..rows.len() {
        if row % STEP == 0 && cancel() {
            return None;
        }
        project(rows, row, &block, &mut along);
        products.add(&along);
    }
    let mut gram = products.finish();
    for p in 0..width {
        for q in p + 1..width {
            gram[p * width + q] = gram[q * width + p];
        }
    }
    let (weights, turned) = eigen(gram, width);
    let mut order: Vec<usize> = (0..width).collect();
    order.sort_by(|a, b| weights[*b].total_cmp(&weights[*a]));
    let strongest = order.first().map_or(0.0, |first| weights[*first]);
    // What is left of directions that the rows do not have is the noise of rounding.
    order.retain(|at| weights[*at] > strongest * 1e-9);
    order.truncate(most);
    let mut found = Block::new(terms, order.len());
    if found.width == 0 {
        return Some(found);
    }
    let turned: Vec<f32> = turned.iter().map(|value| *value as f32).collect();
    let to_rows = found.values.chunks_exact_mut(order.len());
    for (from, to) in block.values.chunks_exact(width).zip(to_rows) {
        for (from, line) in from.iter().zip(turned.chunks_exact(width)) {
            for (value, direction) in to.iter_mut().zip(&order) {
                *value += from * line[*direction];
            }
        }
    }
    Some(found)
}

/// What of a row lies along each direction.
pub(super) fn project(rows: &Rows, row: usize, block: &Block, along: &mut [f32]) {
    along.fill(0.0);
    for (term, weight) in rows.row(row) {
        for (sum, share) in along.iter_mut().zip(block.row(term as usize)) {
            *sum += weight * share;
        }
    }
}

/// The transposed matrix times the matrix times a block.
fn there_and_back(rows: &Rows, block: &Block, cancel: &dyn Fn() -> bool) -> Option<Block> {
    let width = block.width;
    let mut back = Block::new(block.values.len() / width.max(1), width);
    let mut along = vec![0.0_f32; width];
    for row in 0..rows.len() {
        if row % STEP == 0 && cancel() {
            return None;
        }
        project(rows, row, block, &mut along);
        for (term, weight) in rows.row(row) {
            let at = term as usize * width;
            if let Some(to) = back.values.get_mut(at..at + width) {
                for (sum, share) in to.iter_mut().zip(&along) {
                    *sum += weight * share;
                }
            }
        }
    }
    Some(back)
}

/// Sums of the products of all entries of rows: the lower half of a symmetric matrix.
struct Products {
    width: usize,
    /// Of the last few rows.
    few: Vec<f32>,
    rows: usize,
    all: Vec<f64>,
}

impl Products {
    /// So many rows are summed with few digits.
    const FEW: usize = 64;

    fn new(width: usize) -> Products {
        Products {
            width,
            few: vec![0.0; width * width],
            rows: 0,
            all: vec![0.0; width * width],
        }
    }

    fn add(&mut self, row: &[f32]) {
        let lines = self.few.chunks_exact_mut(self.width);
        for ((at, a), line) in row.iter().enumerate().zip(lines) {
            for (sum, b) in line[..=at].iter_mut().zip(row) {
                *sum += a * b;
            }
        }
        self.rows += 1;
        if self.rows == Products::FEW {
            self.flush();
        }
    }

    fn flush(&mut self) {
        for (all, few) in self.all.iter_mut().zip(&mut self.few) {
            *all += f64::from(std::mem::take(few));
        }
        self.rows = 0;
    }

    fn finish(mut self) -> Vec<f64> {
        self.flush();
        self.all
    }
}

/// Makes the columns orthogonal and of length one, by the triangular factor of their products (Cholesky QR). Columns
/// that depend on those before them become nothing.
fn orthogonalise(block: &mut Block) {
    let width = block.width;
    let mut products = Products::new(width);
    for row in block.values.chunks_exact(width) {
        products.add(row);
    }
    let mut gram = products.finish();
    let trace: f64 = (0..width).map(|at| gram[at * width + at]).sum();
    let least = (trace / width as f64 * 1e-10).max(f64::MIN_POSITIVE);
    let inverses = cholesky(&mut gram, width, least);
    // The inverse of the factor, transposed: what each column gives to those after it.
    let mut gives = vec![0.0_f64; width * width];
    for column in 0..width {
        gives[column * width + column] = inverses[column];
        for at in column + 1..width {
            let known: f64 = (column..at)
                .map(|k| gram[at * width + k] * gives[column * width + k])
                .sum();
            gives[column * width + at] = -known * inverses[at];
        }
    }
    let gives: Vec<f32> = gives.iter().map(|value| *value as f32).collect();
    let mut turned = vec![0.0_f32; width];
    for row in block.values.chunks_exact_mut(width) {
        turned.fill(0.0);
        for ((at, value), line) in row.iter().enumerate().zip(gives.chunks_exact(width)) {
            for (sum, give) in turned[at..].iter_mut().zip(&line[at..]) {
                *sum += value * give;
            }
        }
        row.copy_from_slice(&turned);
    }
}

/// The lower triangular factor of a symmetric matrix, in place; one by its diagonal, nothing where that is nothing.
fn cholesky(gram: &mut [f64], width: usize, least: f64) -> Vec<f64> {
    let mut inverses = vec![0.0; width];
    for i in 0..width {
        for j in 0..=i {
            let dot: f64 = (0..j)
                .map(|k| gram[i * width + k] * gram[j * width + k])
                .sum();
            let value = gram[i * width + j] - dot;
            if i == j {
                let root = if value > least { value.sqrt() } else { 0.0 };
                gram[i * width + i] = root;
                inverses[i] = if root > 0.0 { 1.0 / root } else { 0.0 };
            } else {
                gram[i * width + j] = value * inverses[j];
            }
        }
    }
    inverses
}

/// Eigenvalues of a symmetric matrix, and its eigenvectors as columns, by Jacobi's rotations.
fn eigen(mut matrix: Vec<f64>, width: usize) -> (Vec<f64>, Vec<f64>) {
    let mut vectors = vec![0.0_f64; width * width];
    for at in 0..width {
        vectors[at * width + at] = 1.0;
    }
    let scale: f64 = (0..width).map(|at| matrix[at * width + at].abs()).sum();
    for _ in 0..30 {
        let mut off = 0.0;
        for p in 0..width {
            for q in p + 1..width {
                let between = matrix[p * width + q];
                off += between.abs();
                if between.abs() <= scale * 1e-15 {
                    continue;
                }
                let (pp, qq) = (matrix[p * width + p], matrix[q * width + q]);
                let theta = (qq - pp) / (2.0 * between);
                let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
                let cosine = 1.0 / tangent.hypot(1.0);
                let sine = tangent * cosine;
                for k in 0..width {
                    let (a, b) = (matrix[p * width + k], matrix[q * width + k]);
                    matrix[p * width + k] = cosine * a - sine * b;
                    matrix[q * width + k] = sine * a + cosine * b;
                }
                for line in matrix.chunks_exact_mut(width) {
                    let (a, b) = (line[p], line[q]);
                    line[p] = cosine * a - sine * b;
                    line[q] = sine * a + cosine * b;
                }
                for line in vectors.chunks_exact_mut(width) {
                    let (a, b) = (line[p], line[q]);
                    line[p] = cosine * a - sine * b;
                    line[q] = sine * a + cosine * b;
                }
            }
        }
        if off <= scale * 1e-12 {
            break;
        }
    }
    let values = (0..width).map(|at| matrix[at * width + at]).collect();
    (values, vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(dense: &[&[f32]]) -> Rows {
        let lengths: Vec<u32> = dense.iter().map(|row| row.len() as u32).collect();
        let mut left = lengths.clone();
        let mut rows = Rows::with_lengths(&lengths);
        for (at, row) in dense.iter().enumerate() {
            for (term, weight) in row.iter().enumerate() {
                rows.set(at, &mut left, term as u32, *weight);
            }
        }
        rows
    }

    #[test]
    fn the_directions_of_two_topics_are_found() {
        // Two topics of two terms each, the first in more rows than the second.
        let topics: &[&[f32]] = &[
            &[1.0, 1.0, 0.0, 0.0],
            &[1.0, 1.0, 0.0, 0.0],
            &[1.0, 1.0, 0.0, 0.0],
            &[0.0, 0.0, 1.0, 1.0],
            &[0.0, 0.0, 1.0, 1.0],
        ];
        let found = directions(&rows(topics), 4, 2, &|| false).expect("not cancelled");
        assert_eq!(found.width, 2);
        let half = std::f32::consts::FRAC_1_SQRT_2;
        for (term, wanted) in [
            (0, [half, 0.0]),
            (1, [half, 0.0]),
            (2, [0.0, half]),
            (3, [0.0, half]),
        ] {
            for (value, wanted) in found.row(term).iter().zip(wanted) {
                assert!((value.abs() - wanted).abs() < 1e-4, "{:?}", found.row(term));
            }
        }
    }

    #[test]
    fn directions_that_the_rows_do_not_have_are_not_made_up() {
        let one: &[&[f32]] = &[&[3.0, 4.0], &[6.0, 8.0], &[0.3, 0.4]];
        let found = directions(&rows(one), 2, 2, &|| false).expect("not cancelled");
        assert_eq!(found.width, 1);
        assert!((found.row(0)[0].abs() - 0.6).abs() < 1e-4);
        assert_eq!(
            directions(&rows(&[]), 0, 5, &|| false)
                .expect("not cancelled")
                .width,
            0
        );
        assert!(directions(&rows(one), 2, 2, &|| true).is_none());
    }

    #[test]
    fn eigenvalues_are_those_of_the_matrix() {
        let (mut values, _) = eigen(vec![2.0, 1.0, 1.0, 2.0], 2);
        values.sort_by(f64::total_cmp);
        assert!((values[0] - 1.0).abs() < 1e-9 && (values[1] - 3.0).abs() < 1e-9);
    }
}
