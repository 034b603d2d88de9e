//! Password rules and hashing.
//!
//! A password is stored as an argon2id hash in PHC string format, which includes its parameters. With [`waste_time`]
//! for unknown accounts, verification takes the same time whether or not the account exists.
//!
//! Hashing takes tens of milliseconds and, at [`Cost::STANDARD`], 19 MiB: callers run it on blocking threads and
//! limit the concurrency.

mod common;

use std::fmt;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use common::COMMON;

/// Minimum number of characters.
const SHORTEST: usize = 10;
/// Maximum number of characters, which bounds the cost of hashing.
const LONGEST: usize = 256;

/// Maximum memory of a stored hash in KiB.
const MOST_MEMORY_KIB: u32 = 256 * 1024;
/// Maximum number of passes of a stored hash.
const MOST_PASSES: u32 = 32;
/// Maximum number of lanes. A corrupted hash must not exhaust the process.
const MOST_LANES: u32 = 16;
/// Bytes of the salt of a stored hash. A damaged salt could be shorter and still valid base64.
const SALT_LENGTH: usize = argon2::RECOMMENDED_SALT_LEN;
/// Bytes of the output of a stored hash, for the same reason.
const OUTPUT_LENGTH: usize = Params::DEFAULT_OUTPUT_LEN;

/// A password in plain text. It is never printed.
#[derive(Clone)]
pub struct Password(String);

/// Why a password is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Too few characters.
    #[error("the password is shorter than {SHORTEST} characters")]
    TooShort,
    /// Too many characters.
    #[error("the password is longer than {LONGEST} characters")]
    TooLong,
    /// Contains NUL.
    #[error("the password contains a NUL character")]
    HasNul,
    /// Equals the e-mail address of the account.
    #[error("the password equals the e-mail address")]
    IsEmail,
    /// Is in the list of common passwords.
    #[error("the password is too common")]
    TooCommon,
}

impl PasswordRefused {
    /// Stable code of the error.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "password_too_short",
            Self::TooLong => "password_too_long",
            Self::HasNul => "password_has_nul",
            Self::IsEmail => "password_is_email",
            Self::TooCommon => "password_too_common",
        }
    }
}

impl Password {
    /// A password for signing in. Only its form is checked: stricter rules for new passwords must not lock out
    /// existing users.
    ///
    /// # Errors
    /// When no account can have this password.
    pub fn new(text: &str) -> Result<Self, PasswordRefused> {
        // Counts at most one character too many: the text can have any length.
        match text.chars().take(LONGEST + 1).count() {
            ..SHORTEST => return Err(PasswordRefused::TooShort),
            SHORTEST..=LONGEST => {}
            _ => return Err(PasswordRefused::TooLong),
        }
        if text.contains('\0') {
            return Err(PasswordRefused::HasNul);
        }
        Ok(Self(text.to_owned()))
    }

    /// A new password for the account with this e-mail address.
    ///
    /// # Errors
    /// When the form is invalid or the password is easy to guess.
    pub fn choose(text: &str, email: &str) -> Result<Self, PasswordRefused> {
        let password = Self::new(text)?;
        let lower = text.trim().to_lowercase();
        if lower == email.trim().to_lowercase() {
            return Err(PasswordRefused::IsEmail);
        }
        let mut chars = lower.chars();
        let first = chars.next();
        if chars.all(|char| Some(char) == first) || COMMON.contains(&lower.as_str()) {
            return Err(PasswordRefused::TooCommon);
        }
        Ok(password)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

/// Cost parameters of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// For production: the minimum recommended by OWASP.
    pub const STANDARD: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
    /// For tests only; provides no protection.
    pub const TEST: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };

    fn argon2(self) -> Argon2<'static> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(OUTPUT_LENGTH))
            .expect("both costs are within argon2's limits");
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }
}

/// Why hashing or verification failed. Never caused by the user.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// No memory, or no random bytes for the salt.
    #[error("hash password")]
    Hash(#[source] password_hash::Error),
    /// The stored hash cannot be parsed.
    #[error("read stored password hash")]
    Stored(#[source] password_hash::Error),
    /// The stored hash lacks a part.
    #[error("stored password hash has no {0}")]
    Incomplete(&'static str),
    /// A part of the stored hash has another length than in every hash of this program.
    #[error("stored password hash has a {part} of {found} bytes instead of {expected}")]
    Length {
        /// The part: salt or output.
        part: &'static str,
        /// Its length in bytes.
        found: usize,
        /// The length that every hash has.
        expected: usize,
    },
    /// The stored hash has other parameters than `m`, `t` and `p`, each once, in order and without leading zeros.
    #[error("stored password hash has other parameters than m, t and p")]
    Parameters,
    /// The stored hash has higher costs than any hash of this program.
    #[error("stored password hash exceeds the cost limits")]
    TooCostly,
}

impl HashError {
    /// Stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Hash(_) => "password_not_hashed",
            Self::Stored(_) | Self::Incomplete(_) | Self::Length { .. } | Self::Parameters => {
                "password_hash_malformed"
            }
            Self::TooCostly => "password_hash_too_costly",
        }
    }
}

/// Hashes a password with a random salt.
///
/// # Errors
/// When memory or random bytes are not available.
pub fn hash(password: &Password, cost: Cost) -> Result<String, HashError> {
    let hash = cost.argon2().hash_password(password.0.as_bytes()).map_err(HashError::Hash)?;
    Ok(hash.to_string())
}

/// Whether the password matches the stored hash.
///
/// # Errors
/// When the stored hash is invalid, or memory is not available.
pub fn matches(password: &Password, phc: &str) -> Result<bool, HashError> {
    let (stored, _) = read(phc)?;
    // Version and parameters are taken from the stored hash.
    match Argon2::default().verify_password(password.0.as_bytes(), &stored) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(HashError::Hash(error)),
    }
}

/// Whether the stored hash has other parameters than [`hash`] uses now: after a successful verification it should be
/// replaced.
///
/// # Errors
/// When the stored hash is invalid.
pub fn needs_rehash(phc: &str, cost: Cost) -> Result<bool, HashError> {
    let (stored, found) = read(phc)?;
    let is_current = stored.algorithm.as_str() == Algorithm::Argon2id.as_str()
        && stored.version == Some(Version::V0x13.into())
        && found == cost;
    Ok(!is_current)
}

/// Does the work of [`matches()`] for an unknown account, so that the response time does not reveal which accounts
/// exist.
///
/// # Errors
/// Like [`matches()`].
pub fn waste_time(password: &Password, cost: Cost) -> Result<(), HashError> {
    let salt = [0; 16];
    let hash =
        cost.argon2().hash_password_with_salt(password.0.as_bytes(), &salt).map_err(HashError::Hash)?;
    // Prevents the compiler from removing the work.
    std::hint::black_box(hash);
    Ok(())
}

/// Parses and validates a stored hash; returns it with its cost.
fn read(phc: &str) -> Result<(PasswordHash, Cost), HashError> {
    let stored = PasswordHash::new(phc).map_err(|error| HashError::Stored(error.into()))?;
    Algorithm::try_from(stored.algorithm.as_str()).map_err(HashError::Stored)?;
    // The library assumes the newest version if none is given; the PHC format says the oldest.
    let version = stored.version.ok_or(HashError::Incomplete("version"))?;
    Version::try_from(version).map_err(|error| HashError::Stored(error.into()))?;
    // Without these parts the library would report every password as wrong.
    let salt = stored.salt.as_ref().ok_or(HashError::Incomplete("salt"))?;
    let output = stored.hash.as_ref().ok_or(HashError::Incomplete("hash"))?;
    for (part, found, expected) in
        [("salt", salt.len(), SALT_LENGTH), ("output", output.len(), OUTPUT_LENGTH)]
    {
        if found != expected {
            return Err(HashError::Length { part, found, expected });
        }
    }
    let params = Params::try_from(&stored).map_err(HashError::Stored)?;
    let cost = Cost { memory_kib: params.m_cost(), passes: params.t_cost(), lanes: params.p_cost() };
    if cost.memory_kib > MOST_MEMORY_KIB || cost.passes > MOST_PASSES || cost.lanes > MOST_LANES {
        return Err(HashError::TooCostly);
    }
    // The library uses defaults for parameters that are missing, and hashes the optional `data` along.
    if stored.params.as_str() != format!("m={},t={},p={}", cost.memory_kib, cost.passes, cost.lanes) {
        return Err(HashError::Parameters);
    }
    Ok((stored, cost))
}

#[cfg(test)]
mod tests;
