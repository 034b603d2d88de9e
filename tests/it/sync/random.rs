//! Random numbers that a seed repeats.

use crate::proxy::scattered;

/// A sequence of random numbers.
pub(super) struct Random {
    seed: u64,
    place: u64,
}

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, place: 0 }
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.place += 1;
        scattered(self.seed, self.place) % end
    }

    /// Whether something of this probability in percent happens.
    pub(super) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(super) fn word<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let count = u64::try_from(words.len()).expect("few words");
        words[usize::try_from(self.below(count)).expect("few words")]
    }
}
