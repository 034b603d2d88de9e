//! Any SQL as the schema of a database.
#![no_main]

#[path = "../targets/conversion.rs"]
mod conversion;
#[path = "../targets/lexing.rs"]
mod lexing;
#[path = "../targets/schema.rs"]
mod schema;

libfuzzer_sys::fuzz_target!(|data: &[u8]| schema::run(data));
