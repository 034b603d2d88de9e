//! Any text as a file of decisions.
#![no_main]

#[path = "../targets/conversion.rs"]
mod conversion;
#[path = "../targets/decisions.rs"]
mod decisions;
#[path = "../targets/lexing.rs"]
mod lexing;

libfuzzer_sys::fuzz_target!(|data: &[u8]| decisions::run(data));
