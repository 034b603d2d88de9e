//! stub
#![allow(missing_docs, reason = "stub")]
use crate::error::*;
pub struct Wish {
    pub rows: u64,
    pub seed: u64,
}
pub struct Progress {
    pub table: &'static str,
    pub written: u64,
    pub total: u64,
}
pub struct SeedReport {
    pub rows: Vec<(&'static str, u64)>,
}
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct SeedError;
impl Explain for SeedError {
    fn exit_status(&self) -> ExitStatus {
        ExitStatus::Unexpected
    }
    fn hint(&self) -> Option<String> {
        None
    }
}
pub fn seed(
    _c: &mut crate::db::connection::AnyConnection,
    _w: Wish,
    _p: &mut dyn FnMut(Progress),
) -> Result<SeedReport, SeedError> {
    Err(SeedError)
}
