//! The seed of every test that uses random values.
//!
//! It is printed, so that it is in the output of a test that fails, and the environment variable `TEST_SEED` sets it
//! for all tests of a run. The same seed gives each test the same values, whatever other tests run beside it.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::OnceLock;

use proptest::test_runner::{Config, RngSeed};

/// The name of the environment variable.
const VARIABLE: &str = "TEST_SEED";

/// `TEST_SEED`, or one random seed for the whole process.
///
/// # Panics
/// When `TEST_SEED` is no unsigned number of 64 bits.
pub fn seed() -> u64 {
    static FRESH: OnceLock<u64> = OnceLock::new();
    print(given().unwrap_or_else(|| *FRESH.get_or_init(|| RandomState::new().hash_one(VARIABLE))))
}

/// `TEST_SEED`, or a fixed seed: for tests that use the same values in each run, so that what fails is due to what was
/// changed.
///
/// # Panics
/// When `TEST_SEED` is no unsigned number of 64 bits.
pub fn seed_or(fixed: u64) -> u64 {
    print(given().unwrap_or(fixed))
}

/// The configuration of a property test with so many cases, by [`seed()`].
///
/// # Panics
/// When `TEST_SEED` is no unsigned number of 64 bits.
pub fn config(cases: u32) -> Config {
    config_of(seed(), cases)
}

/// The configuration of a property test with so many cases, by a seed of [`seed()`] or [`seed_or()`].
pub fn config_of(seed: u64, cases: u32) -> Config {
    // A seed repeats a failure: files with failed cases would make the next run another one.
    Config { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() }
}

fn given() -> Option<u64> {
    let text = std::env::var_os(VARIABLE)?;
    let number = text.to_str().and_then(|text| text.parse().ok());
    Some(number.unwrap_or_else(|| panic!("{VARIABLE} is {text:?} instead of an unsigned number of 64 bits")))
}

#[expect(clippy::print_stderr, reason = "cargo shows the captured standard error of a test that fails")]
fn print(seed: u64) -> u64 {
    eprintln!("{VARIABLE}={seed}");
    seed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::TestRunner;

    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_values_and_another_one_others() {
        let values = |seed| {
            let mut values = Vec::new();
            let mut runner = TestRunner::new(config_of(seed, 20));
            for _ in 0..20 {
                let tree = any::<u64>().new_tree(&mut runner).expect("a value");
                values.push(proptest::strategy::ValueTree::current(&tree));
            }
            values
        };
        assert_eq!(values(7), values(7));
        assert_ne!(values(7), values(8));
    }
}
