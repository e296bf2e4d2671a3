//! Seeded randomness for the demo nation. Everything here is integer arithmetic or plain sums of floats, with no
//! transcendental functions, so that the same seed gives the same nation on every machine.

use rand::RngCore;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// What a stream of random numbers is for. Each purpose has streams of its own, so that a change in how names are
/// drawn does not move everybody's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Areas, places and boards.
    Places = 1,
    /// Organisations: names, addresses, opening dates.
    Organisations = 2,
    /// Relations and successors.
    Relations = 3,
    /// People and their memberships.
    People = 4,
    /// Returns: answers, comments, times.
    Returns = 5,
    /// Reviews: samples, verdicts, reasons.
    Reviews = 6,
}

/// One stream of random numbers, determined by the nation's seed, a purpose and an index.
#[derive(Debug, Clone)]
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream of `purpose` number `index` in the nation of `seed`.
    #[must_use]
    pub fn new(seed: u64, purpose: Purpose, index: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(((purpose as u64) << 48) | (index & 0xFFFF_FFFF_FFFF));
        Self(rng)
    }

    /// A whole number from 0 to `bound - 1`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.0.next_u64()) * (bound as u128);
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// A whole number from `low` to `high`, both included; `low` when they are the wrong way round.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).saturating_add(1);
        let drawn = self.below(usize::try_from(span).unwrap_or(0));
        low.saturating_add(i64::try_from(drawn).unwrap_or(0))
    }

    /// A number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        to_unit(self.0.next_u64())
    }

    /// True with probability `share`.
    pub fn happens(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// One of the options, or the type's default when there are none.
    pub fn pick<T: Copy + Default>(&mut self, options: &[T]) -> T {
        let index = self.below(options.len());
        options.get(index).copied().unwrap_or_default()
    }

    /// One of the options, if there are any.
    pub fn pick_one<T: Copy>(&mut self, options: &[T]) -> Option<T> {
        let index = self.below(options.len());
        options.get(index).copied()
    }

    /// The index of one of the weights, in proportion to its size.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: usize = weights.iter().map(|weight| *weight as usize).sum();
        let mut left = self.below(total);
        for (index, weight) in weights.iter().enumerate() {
            let weight = *weight as usize;
            if left < weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// Puts the items in a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }
}

fn to_unit(bits: u64) -> f64 {
    // 53 bits are all that a double holds exactly.
    (bits >> 11) as f64 / 9_007_199_254_740_992.0
}

fn scramble(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// A fixed number for a text (FNV-1a), so that a requirement code has the same difficulty in every edition.
#[must_use]
pub fn text_key(text: &str) -> u64 {
    text.bytes()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

/// A number that belongs to the given keys for ever: used for lasting properties (an organisation's quality, a
/// requirement's difficulty) which several years must agree about without being stored.
#[must_use]
pub fn fixed(seed: u64, keys: [u64; 3]) -> u64 {
    let mut bits = scramble(seed.wrapping_add(0x9E37_79B9_7F4A_7C15));
    for key in keys {
        bits = scramble(bits ^ key.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x632B_E59B_D9B4_E019));
    }
    bits
}

/// Like [`fixed`], as a number in [0, 1).
#[must_use]
pub fn fixed_unit(seed: u64, keys: [u64; 3]) -> f64 {
    to_unit(fixed(seed, keys))
}

/// Like [`fixed`], as an approximately normal deviate of mean 0 and variance 1: the sum of twelve 16-bit uniforms
/// less six, which never leaves -6 to 6 and needs no logarithm.
#[must_use]
pub fn fixed_normal(seed: u64, keys: [u64; 3]) -> f64 {
    let mut bits = fixed(seed, keys);
    let mut sum = 0.0;
    for _ in 0..3 {
        for quarter in 0..4 {
            let piece = (bits >> (quarter * 16)) & 0xFFFF;
            sum += (piece as f64 + 0.5) / 65_536.0;
        }
        bits = scramble(bits.wrapping_add(0x9E37_79B9_7F4A_7C15));
    }
    sum - 6.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let draw = |purpose, index| {
            let mut chance = Chance::new(7, purpose, index);
            (0..8).map(|_| chance.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(Purpose::People, 3), draw(Purpose::People, 3));
        assert_ne!(draw(Purpose::People, 3), draw(Purpose::People, 4));
        assert_ne!(draw(Purpose::People, 3), draw(Purpose::Returns, 3));
    }

    #[test]
    fn normal_deviates_have_mean_zero_and_variance_one() {
        let drawn: Vec<f64> = (0..20_000).map(|i| fixed_normal(1, [i, 2, 3])).collect();
        let mean = drawn.iter().sum::<f64>() / 20_000.0;
        let variance = drawn.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03, "{mean}");
        assert!((variance - 1.0).abs() < 0.05, "{variance}");
    }

    #[test]
    fn weights_are_kept() {
        let mut chance = Chance::new(1, Purpose::Places, 0);
        let mut counts = [0_u32; 3];
        for _ in 0..6000 {
            counts[chance.weighted(&[1, 0, 5])] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!((800..1200).contains(&counts[0]), "{counts:?}");
    }

    #[test]
    fn empty_choices_do_not_fail() {
        let mut chance = Chance::new(1, Purpose::Places, 0);
        assert_eq!(chance.below(0), 0);
        assert_eq!(chance.pick::<&str>(&[]), "");
        assert_eq!(chance.between(5, 2), 5);
    }
}
