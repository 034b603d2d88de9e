//! Any bytes as a SQLite file.
#![no_main]

#[path = "../targets/conversion.rs"]
mod conversion;
#[path = "../targets/file.rs"]
mod file;
#[path = "../targets/lexing.rs"]
mod lexing;

libfuzzer_sys::fuzz_target!(|data: &[u8]| file::run(data));
