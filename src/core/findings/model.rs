//! The linear model that tells what a sentence of an abstract is for.
//!
//! `assets/models/roles.bin`, all little-endian: `OFRL`, version 1, the number of classes (5), the number of bits of a
//! feature's place (`u32` each); then `f32`s: a scale and a bias for each class, the weights of one class following
//! another (5 × 5), of a class coming first (5), priors (5), and how much the last two kinds count (2); then for each
//! feature five weights of one signed byte each.

use std::sync::OnceLock;

use super::features::Tokens;

/// What a sentence of an abstract is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// What was known.
    Background,
    /// What was to be found out.
    Objective,
    /// What was done.
    Methods,
    /// What was found.
    Results,
    /// What follows from it.
    Conclusions,
}

impl Role {
    /// All of them, in the order of the model.
    pub const ALL: [Role; CLASSES] = [
        Role::Background,
        Role::Objective,
        Role::Methods,
        Role::Results,
        Role::Conclusions,
    ];

    /// Its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Role::Background => "background",
            Role::Objective => "objective",
            Role::Methods => "methods",
            Role::Results => "results",
            Role::Conclusions => "conclusions",
        }
    }
}

/// The number of roles.
pub const CLASSES: usize = 5;

/// A number for each role, in the order of [`Role::ALL`].
pub type PerRole = [f64; CLASSES];

/// More bits than this would mean more than 80 MB of weights.
const MOST_BITS: u32 = 24;

/// The sentence that was labelled and how sure the model is of each role, 0–1, before the order of roles is weighed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Labelled {
    /// The most likely role in the sequence.
    pub role: Role,
    /// Probabilities that add up to 1.
    pub probabilities: PerRole,
}

impl Labelled {
    /// How likely a role is, 0–1.
    pub fn probability(&self, role: Role) -> f64 {
        let at = Role::ALL.iter().position(|one| *one == role);
        at.and_then(|at| self.probabilities.get(at))
            .copied()
            .unwrap_or_default()
    }
}

/// Why bytes are no model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// It does not begin like one.
    #[error("these bytes are no model of sentence roles")]
    Magic,
    /// It is one of another version.
    #[error(
        "a model of version {version} with {classes} classes; this program reads version 1 with 5"
    )]
    Version {
        /// The version it says.
        version: u32,
        /// The number of classes it says.
        classes: u32,
    },
    /// A number is out of range.
    #[error("the model holds a number that is out of range")]
    Number,
    /// It is cut short or too long.
    #[error("the model has {found} bytes where {expected} are expected")]
    Length {
        /// Bytes that there are.
        found: usize,
        /// Bytes that its header asks for.
        expected: usize,
    },
}

/// A model in memory, with its weights where they are.
#[derive(Debug, Clone)]
pub struct Model<'a> {
    scale: PerRole,
    bias: PerRole,
    follows: [PerRole; CLASSES],
    first: PerRole,
    prior: PerRole,
    order_weight: f64,
    prior_weight: f64,
    mask: u32,
    weights: &'a [[u8; CLASSES]],
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn word(&mut self) -> Option<[u8; 4]> {
        let (word, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(*word)
    }

    fn number(&mut self) -> Option<u32> {
        self.word().map(u32::from_le_bytes)
    }

    fn float(&mut self) -> Result<f64, ModelError> {
        let word = self.word().ok_or(ModelError::Number)?;
        Some(f64::from(f32::from_le_bytes(word)))
            .filter(|float| float.is_finite())
            .ok_or(ModelError::Number)
    }

    fn floats(&mut self) -> Result<PerRole, ModelError> {
        let mut floats = PerRole::default();
        for float in &mut floats {
            *float = self.float()?;
        }
        Ok(floats)
    }
}

/// Bytes before the weights.
const HEADER: usize = 16 + 4 * (9 * CLASSES + 2);

impl<'a> Model<'a> {
    /// Reads a model.
    ///
    /// # Errors
    /// When the bytes are not one whole model of version 1.
    pub fn read(bytes: &'a [u8]) -> Result<Model<'a>, ModelError> {
        let mut reader = Reader(bytes);
        if reader.word() != Some(*b"OFRL") {
            return Err(ModelError::Magic);
        }
        let short = |expected| ModelError::Length {
            found: bytes.len(),
            expected,
        };
        let (Some(version), Some(classes), Some(bits)) =
            (reader.number(), reader.number(), reader.number())
        else {
            return Err(short(HEADER));
        };
        if version != 1 || classes != CLASSES as u32 {
            return Err(ModelError::Version { version, classes });
        }
        if bits > MOST_BITS {
            return Err(ModelError::Number);
        }
        let expected = HEADER + (CLASSES << bits);
        if bytes.len() != expected {
            return Err(short(expected));
        }
        let (scale, bias) = (reader.floats()?, reader.floats()?);
        let mut follows = [PerRole::default(); CLASSES];
        for row in &mut follows {
            *row = reader.floats()?;
        }
        let (first, prior) = (reader.floats()?, reader.floats()?);
        let (order_weight, prior_weight) = (reader.float()?, reader.float()?);
        let (weights, _) = reader.0.as_chunks::<CLASSES>();
        Ok(Model {
            scale,
            bias,
            follows,
            first,
            prior,
            order_weight,
            prior_weight,
            mask: (1 << bits) - 1,
            weights,
        })
    }

    /// The model that comes with the program, read when it is first wanted.
    pub fn embedded() -> Option<&'static Model<'static>> {
        static MODEL: OnceLock<Option<Model<'static>>> = OnceLock::new();
        MODEL
            .get_or_init(|| Model::read(include_bytes!("../../../assets/models/roles.bin")).ok())
            .as_ref()
    }

    /// Labels the sentences of one abstract, in their order.
    pub fn label(&self, sentences: &[&str]) -> Vec<Labelled> {
        let probabilities = self.probabilities(sentences);
        self.decode(&probabilities)
            .into_iter()
            .zip(probabilities)
            .map(|(role, probabilities)| Labelled {
                role,
                probabilities,
            })
            .collect()
    }

    fn probabilities(&self, sentences: &[&str]) -> Vec<PerRole> {
        let tokens: Vec<Tokens> = sentences.iter().map(|text| Tokens::of(text)).collect();
        (0..tokens.len())
            .map(|at| {
                let mut sums = PerRole::default();
                super::features::each(&tokens, at, &mut |hash, value| {
                    let Some(weights) = self.weights.get((hash & self.mask) as usize) else {
                        return;
                    };
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum += value * f64::from(weight.cast_signed());
                    }
                });
                self.softmax(sums)
            })
            .collect()
    }

    fn softmax(&self, sums: PerRole) -> PerRole {
        let mut out = sums;
        for ((out, scale), bias) in out.iter_mut().zip(self.scale).zip(self.bias) {
            *out = *out * scale + bias;
        }
        let most = out.iter().copied().fold(f64::MIN, f64::max);
        for out in &mut out {
            *out = (*out - most).exp();
        }
        let total: f64 = out.iter().sum();
        out.map(|one| one / total)
    }

    /// The most likely sequence of roles (Viterbi), with the odds of one role following another.
    fn decode(&self, probabilities: &[PerRole]) -> Vec<Role> {
        let scores = |row: &PerRole| {
            let mut scores = *row;
            for (score, prior) in scores.iter_mut().zip(self.prior) {
                *score = (*score + 1e-9).ln() - self.prior_weight * prior;
            }
            scores
        };
        let Some((first, rest)) = probabilities.split_first() else {
            return Vec::new();
        };
        let mut best = scores(first);
        for (best, first) in best.iter_mut().zip(self.first) {
            *best += self.order_weight * first;
        }
        let mut before: Vec<[usize; CLASSES]> = Vec::with_capacity(rest.len());
        for row in rest {
            let mut now = scores(row);
            let mut from = [0; CLASSES];
            for (class, (score, from)) in now.iter_mut().zip(&mut from).enumerate() {
                let mut reached = PerRole::default();
                for ((reached, best), follows) in reached.iter_mut().zip(best).zip(&self.follows) {
                    let follows = follows.get(class).copied().unwrap_or_default();
                    *reached = best + self.order_weight * follows;
                }
                *from = highest(&reached);
                *score += reached.get(*from).copied().unwrap_or_default();
            }
            before.push(from);
            best = now;
        }
        let mut class = highest(&best);
        let mut path = vec![class];
        for from in before.iter().rev() {
            class = from.get(class).copied().unwrap_or_default();
            path.push(class);
        }
        path.iter()
            .rev()
            .filter_map(|class| Role::ALL.get(*class).copied())
            .collect()
    }
}

/// The place of the highest number, the first of equals.
fn highest(scores: &PerRole) -> usize {
    let mut best = (0, f64::NEG_INFINITY);
    for (at, score) in scores.iter().enumerate() {
        if *score > best.1 {
            best = (at, *score);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTES: &[u8] = include_bytes!("../../../assets/models/roles.bin");

    #[test]
    fn sentences_of_an_abstract_get_their_roles() {
        let model = Model::embedded().unwrap();
        let labelled = model.label(&[
            "Obesity is a growing problem worldwide.",
            "The aim of this study was to compare two diets.",
            "A total of 120 adults were randomly assigned to one of two groups.",
            "Weight fell by 5.1 kg in the first group and by 2.2 kg in the second (p < 0.01).",
            "No harm was seen in either group.",
            "In conclusion, diet may be a promising therapeutic target.",
        ]);
        let roles: Vec<&str> = labelled.iter().map(|one| one.role.name()).collect();
        assert_eq!(
            roles,
            [
                "background",
                "background",
                "methods",
                "results",
                "results",
                "conclusions"
            ]
        );
        for one in labelled {
            let total: f64 = one.probabilities.iter().sum();
            assert!((total - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn no_sentences_and_empty_ones_are_no_trouble() {
        let model = Model::embedded().unwrap();
        assert!(model.label(&[]).is_empty());
        assert_eq!(model.label(&["", "…", "深層学習"]).len(), 3);
    }

    #[test]
    fn what_is_no_whole_model_is_refused() {
        assert_eq!(Model::read(b"").unwrap_err(), ModelError::Magic);
        assert_eq!(Model::read(b"OFRX____").unwrap_err(), ModelError::Magic);
        let length = |found, expected| ModelError::Length { found, expected };
        assert_eq!(Model::read(b"OFRL\x01").unwrap_err(), length(5, HEADER));
        let cut = &BYTES[..BYTES.len() - 1];
        assert_eq!(
            Model::read(cut).unwrap_err(),
            length(BYTES.len() - 1, BYTES.len())
        );
        let changed = |at: usize, to: [u8; 4]| {
            let mut bytes = BYTES.to_vec();
            bytes[at..at + 4].copy_from_slice(&to);
            Model::read(&bytes).map(|_| ()).unwrap_err()
        };
        assert_eq!(
            changed(4, 2_u32.to_le_bytes()),
            ModelError::Version {
                version: 2,
                classes: 5
            }
        );
        assert_eq!(changed(12, u32::MAX.to_le_bytes()), ModelError::Number);
        assert_eq!(changed(16, f32::NAN.to_le_bytes()), ModelError::Number);
    }
}
