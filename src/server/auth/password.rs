//! Passwords: which ones may be chosen, and how they are kept.
//!
//! A password is kept as its argon2id hash, in the PHC string form that names its own parameters. Checking one costs
//! the same whether or not there is such an account, if [`waste_time`] is called where there is none.
//!
//! Hashing takes tens of milliseconds and, at [`Cost::STANDARD`], 19 MiB: callers keep it off the threads that serve
//! requests, and limit how many run at once.

mod common;

use std::fmt;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use common::COMMON;

/// Characters a password has at least.
const SHORTEST: usize = 10;
/// Characters a password has at most, so that nobody makes us hash a book.
const LONGEST: usize = 256;

/// A stored hash may ask for as much memory, in KiB, ...
const MOST_MEMORY_KIB: u32 = 256 * 1024;
/// ... as many passes ...
const MOST_PASSES: u32 = 32;
/// ... and as many lanes. A damaged one must not stop the program.
const MOST_LANES: u32 = 16;
/// Bytes of the salt of a stored hash. A damaged salt could be shorter and still valid base64.
const SALT_LENGTH: usize = argon2::RECOMMENDED_SALT_LEN;
/// Bytes of the output of a stored hash, for the same reason.
const OUTPUT_LENGTH: usize = Params::DEFAULT_OUTPUT_LEN;

/// A password as somebody typed it. It is never printed.
#[derive(Clone)]
pub struct Password(String);

/// Why a text is not taken as a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// It has too few characters.
    #[error("the password is shorter than {SHORTEST} characters")]
    TooShort,
    /// It has too many characters.
    #[error("the password is longer than {LONGEST} characters")]
    TooLong,
    /// It holds a NUL character.
    #[error("the password contains a NUL character")]
    HasNul,
    /// It is the e-mail address of its own account.
    #[error("the password equals the e-mail address")]
    IsEmail,
    /// It is among the first that are tried.
    #[error("the password is too common")]
    TooCommon,
}

impl PasswordRefused {
    /// The name of this reason for programs. It stays as it is.
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
    /// A password somebody signs in with. Only its form is looked at: the rules for choosing one may get stricter,
    /// and those who chose before must still get in.
    ///
    /// # Errors
    /// When no account can have this password.
    pub fn new(text: &str) -> Result<Self, PasswordRefused> {
        // Counting stops early: the text may be of any length.
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

    /// A password somebody chooses for the account with this e-mail address.
    ///
    /// # Errors
    /// When the form is wrong, or it is too easy to guess.
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

/// How much work a hash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// For real accounts: what OWASP asks for at least.
    pub const STANDARD: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
    /// For tests that make many accounts. It protects nothing.
    pub const TEST: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };

    fn argon2(self) -> Argon2<'static> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(OUTPUT_LENGTH))
            .expect("both costs are within argon2's limits");
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }
}

/// Why a password could not be hashed or checked. None of it is the fault of whoever typed it.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// There was no memory, or no randomness for the salt.
    #[error("hash password")]
    Hash(#[source] password_hash::Error),
    /// What is stored cannot be read.
    #[error("read stored password hash")]
    Stored(#[source] password_hash::Error),
    /// What is stored lacks a part that checking needs.
    #[error("stored password hash has no {0}")]
    Incomplete(&'static str),
    /// A part of what is stored is cut, or longer than that of any hash of this program.
    #[error("stored password hash has a {part} of {found} bytes instead of {expected}")]
    Length {
        /// The part: salt or output.
        part: &'static str,
        /// Its length in bytes.
        found: usize,
        /// The length that every hash has.
        expected: usize,
    },
    /// What is stored names other parameters than the three, or not each of them once, in order and without leading
    /// zeros.
    #[error("stored password hash has other parameters than m, t and p")]
    Parameters,
    /// What is stored asks for more work than any hash of ours.
    #[error("stored password hash exceeds the cost limits")]
    TooCostly,
}

impl HashError {
    /// The name of this reason for programs. It stays as it is.
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

/// The hash to store, with a salt of its own.
///
/// # Errors
/// When there is no memory or no randomness.
pub fn hash(password: &Password, cost: Cost) -> Result<String, HashError> {
    let hash = cost.argon2().hash_password(password.0.as_bytes()).map_err(HashError::Hash)?;
    Ok(hash.to_string())
}

/// Whether this is the password of the stored hash.
///
/// # Errors
/// When what is stored is no hash that could be checked, or there is no memory.
pub fn matches(password: &Password, phc: &str) -> Result<bool, HashError> {
    let (stored, _) = read(phc)?;
    // Version and parameters are those of the stored hash, not of this instance.
    match Argon2::default().verify_password(password.0.as_bytes(), &stored) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(HashError::Hash(error)),
    }
}

/// Whether the stored hash was made in another way than [`hash`] makes it now; once the password is known to match,
/// a new hash should take its place.
///
/// # Errors
/// When what is stored is no hash that could be checked.
pub fn needs_rehash(phc: &str, cost: Cost) -> Result<bool, HashError> {
    let (stored, found) = read(phc)?;
    let is_current = stored.algorithm.as_str() == Algorithm::Argon2id.as_str()
        && stored.version == Some(Version::V0x13.into())
        && found == cost;
    Ok(!is_current)
}

/// Does the work of [`matches()`] where there is no account to check, so that the time tells nobody which addresses
/// have one.
///
/// # Errors
/// As [`matches()`]: who is not told apart by time should not be by errors either.
pub fn waste_time(password: &Password, cost: Cost) -> Result<(), HashError> {
    let salt = [0; 16];
    let hash =
        cost.argon2().hash_password_with_salt(password.0.as_bytes(), &salt).map_err(HashError::Hash)?;
    // Without this, the compiler might see that nobody needs the work.
    std::hint::black_box(hash);
    Ok(())
}

/// A stored hash with everything that checking needs, and how much work it is.
fn read(phc: &str) -> Result<(PasswordHash, Cost), HashError> {
    let stored = PasswordHash::new(phc).map_err(|error| HashError::Stored(error.into()))?;
    Algorithm::try_from(stored.algorithm.as_str()).map_err(HashError::Stored)?;
    // The library would take the newest version where none is named; the string's own rules say the oldest.
    let version = stored.version.ok_or(HashError::Incomplete("version"))?;
    Version::try_from(version).map_err(|error| HashError::Stored(error.into()))?;
    // Where one of these two is missing or has another length, the library would call every password wrong.
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
