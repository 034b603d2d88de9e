//! What `make fuzz` lets a fuzzer search is run here on its seeds and on changes of them: the same inputs each time
//! unless `TEST_SEED` is set, so that whoever breaks something sees it at once. A process that dies leaves its last input behind.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

#[path = "../../fuzz/targets/adapt.rs"]
mod adapt;
#[path = "../../fuzz/targets/conversion.rs"]
mod conversion;
#[path = "../../fuzz/targets/decisions.rs"]
mod decisions;
#[path = "../../fuzz/targets/file.rs"]
mod file;
#[path = "../../fuzz/targets/lexing.rs"]
mod lexing;
#[path = "../../fuzz/targets/schema.rs"]
mod schema;
#[path = "../../fuzz/targets/values.rs"]
mod values;

/// The time limit for one input, generous for a debug build on a busy machine.
const HANG: Duration = Duration::from_secs(60);

fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let entries = std::fs::read_dir(folder).expect("read the seeds");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a seed").path()).collect();
    paths.sort();
    let seeds: Vec<_> =
        paths.into_iter().map(|path| (path.clone(), std::fs::read(path).expect("read"))).collect();
    assert!(seeds.len() > 5, "{target} has no seeds");
    seeds
}

/// Runs the seeds, and this number of mutations.
fn fuzz(target: &str, run: fn(&[u8]), changes: u32) {
    let last = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{target}"));
    let run = |name: &str, input: &[u8]| {
        std::fs::write(&last, input).expect("keep the input");
        let began = Instant::now();
        let outcome = std::panic::catch_unwind(|| run(input));
        assert!(outcome.is_ok(), "{target} does not take {name}, kept in {}", last.display());
        assert!(began.elapsed() < HANG, "{target} hangs at {name}, kept in {}", last.display());
    };
    let seeds = seeds(target);
    for (path, seed) in &seeds {
        run(&path.display().to_string(), seed);
    }
    let mut randomness = ChaCha8Rng::seed_from_u64(test_seed::seed_or(4));
    for number in 0..changes {
        run(&format!("change {number}"), &changed(&seeds, &mut randomness));
    }
    std::fs::remove_file(&last).expect("nothing was found");
}

fn below(limit: usize, randomness: &mut ChaCha8Rng) -> usize {
    let number = usize::try_from(randomness.next_u32()).expect("a usize has 32 bits");
    number.checked_rem(limit).unwrap_or_default()
}

/// A seed with a few mutations: bits, bytes, parts of itself and of other seeds.
fn changed(seeds: &[(PathBuf, Vec<u8>)], randomness: &mut ChaCha8Rng) -> Vec<u8> {
    const BYTES: &[u8] = b"\0\x01\x7f\x80\xff \n'\"`[]().,;:?$@%_+-*/=<>|0123456789eETZaAx";
    let one = |randomness: &mut ChaCha8Rng| &seeds[below(seeds.len(), randomness)].1;
    let mut input = one(randomness).clone();
    for _ in 0..=below(4, randomness) {
        let start = below(input.len() + 1, randomness);
        let end = (start + below(12, randomness)).min(input.len());
        match below(7, randomness) {
            0 => {
                input.drain(start..end);
            }
            1 => {
                let piece = input[start..end].repeat(1 + below(40, randomness));
                input.splice(start..start, piece);
            }
            2 => {
                let other = one(randomness);
                let from = below(other.len() + 1, randomness);
                let upto = (from + below(40, randomness)).min(other.len());
                input.splice(start..end, other[from..upto].iter().copied());
            }
            3 => input.insert(start, BYTES[below(BYTES.len(), randomness)]),
            4 => input.truncate(start),
            _ => {
                if let Some(byte) = input.get_mut(start) {
                    *byte = match below(2, randomness) {
                        0 => *byte ^ (1 << below(8, randomness)),
                        _ => BYTES[below(BYTES.len(), randomness)],
                    };
                }
            }
        }
    }
    input
}

#[test]
fn any_text_is_adapted_or_rejected() {
    fuzz("adapt", adapt::run, 4_000);
}

#[test]
fn any_text_is_a_decisions_file_or_rejected() {
    fuzz("decisions", decisions::run, 1_000);
}

#[test]
fn any_bytes_are_surveyed_or_rejected() {
    fuzz("file", file::run, 500);
}

#[test]
fn any_schema_is_converted() {
    fuzz("schema", schema::run, 1_500);
}

#[test]
fn any_value_is_encoded_or_rejected() {
    fuzz("values", values::run, 20_000);
}
