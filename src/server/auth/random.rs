//! Cryptographically secure random bytes from the operating system.

/// The operating system provides no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("read random bytes from the operating system")]
pub struct NoRandomness(#[from] getrandom::Error);

/// Returns `COUNT` random bytes.
///
/// # Errors
/// When the operating system provides none.
pub fn bytes<const COUNT: usize>() -> Result<[u8; COUNT], NoRandomness> {
    let mut bytes = [0; COUNT];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
