//! Any text as a configuration file.
#![no_main]

#[path = "../targets/conversion.rs"]
mod conversion;
#[path = "../targets/decisions.rs"]
mod decisions;
#[path = "../targets/lexing.rs"]
mod lexing;

libfuzzer_sys::fuzz_target!(|data: &[u8]| decisions::run(data));
