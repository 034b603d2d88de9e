//! Any text for the query adapter.
#![no_main]

#[path = "../targets/adapt.rs"]
mod adapt;

libfuzzer_sys::fuzz_target!(|data: &[u8]| adapt::run(data));
