//! Random bytes that nobody can guess, from the operating system.

/// The operating system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("read random bytes from the operating system")]
pub struct NoRandomness(#[from] getrandom::Error);

/// As many random bytes as the type says.
///
/// # Errors
/// When the operating system has none.
pub fn bytes<const COUNT: usize>() -> Result<[u8; COUNT], NoRandomness> {
    let mut bytes = [0; COUNT];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
