//! Random numbers: the same from the same seed, on every machine and in every order.
//!
//! Each thing has a stream of its own, named by what it is: whatever else is made up before it changes
//! nothing. Nothing here but additions, multiplications and roots, which all machines round alike:
//! exponentials of the system's library differ in their last bits.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use sha2::{Digest, Sha256};

/// So many are drawn one by one; more, by their mean and deviation.
const DRAWN_ONE_BY_ONE: i64 = 24;
/// Squarings that make an exponential.
const SQUARINGS: u32 = 12;

/// A stream of random numbers.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of a thing.
    pub fn of(seed: u64, thing: &[&str]) -> Self {
        let mut digest = Sha256::new();
        digest.update(seed.to_le_bytes());
        for part in thing {
            digest.update(part.as_bytes());
            digest.update(b"\n");
        }
        Self(ChaCha8Rng::from_seed(digest.finalize().into()))
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `sides`.
    pub fn throw(&mut self, sides: usize) -> usize {
        ((u128::from(self.number()) * sides as u128) >> 64) as usize
    }

    /// A number from 0 up to 1.
    pub fn unit(&mut self) -> f64 {
        const BITS: u32 = 53;
        (self.number() >> (u64::BITS - BITS)) as f64 / (1_u64 << BITS) as f64
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of them; `of` is not empty.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.throw(of.len())]
    }

    /// One of them, those that stand first far more often.
    pub fn pick_common<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let most = self.throw(of.len()) + 1;
        let most = self.throw(most) + 1;
        &of[self.throw(most)]
    }

    /// Mean 0, deviation 1: twelve numbers added up.
    pub fn normal(&mut self) -> f64 {
        let mut sum = -6.0;
        for _ in 0..12 {
            sum += self.unit();
        }
        sum
    }

    /// A number with a heavy tail: its logarithm has this mean and deviation.
    pub fn heavy(&mut self, mean: f64, deviation: f64) -> f64 {
        exponential(mean + deviation * self.normal())
    }

    /// A whole number that is `expected` in the mean.
    pub fn count(&mut self, expected: f64) -> i64 {
        let whole = expected.max(0.0).floor();
        whole as i64 + i64::from(self.chance(expected - whole))
    }

    /// How many of `n` things that each happen with a probability.
    pub fn some_of(&mut self, n: i64, probability: f64) -> i64 {
        if n <= DRAWN_ONE_BY_ONE {
            return (0..n).map(|_| i64::from(self.chance(probability))).sum();
        }
        let mean = n as f64 * probability;
        let deviation = (mean * (1.0 - probability)).max(0.0).sqrt();
        let drawn = mean + deviation * self.normal();
        self.count(drawn).min(n)
    }

    /// `n` things put into drawers of these weights; what is put in adds up to `n`.
    pub fn split(&mut self, n: i64, weights: &[f64]) -> Vec<i64> {
        let mut parts = vec![0; weights.len()];
        let (mut left, mut weight_left) = (n, weights.iter().sum::<f64>());
        for (part, weight) in parts.iter_mut().zip(weights) {
            if left == 0 {
                break;
            }
            *part = self.some_of(left, (weight / weight_left).min(1.0));
            left -= *part;
            weight_left -= weight;
        }
        // What rounding left over.
        if let Some(last) = parts.last_mut() {
            *last += left;
        }
        parts
    }
}

/// The exponential, as (1 + x / n) to the power of n.
fn exponential(x: f64) -> f64 {
    let mut power = 1.0 + x / f64::from(1_u32 << SQUARINGS);
    for _ in 0..SQUARINGS {
        power *= power;
    }
    power
}
