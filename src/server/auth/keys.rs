//! The keys that sign tokens.
//!
//! New tokens are signed with the current key. A token names its key by a short id (`kid`), so tokens of previous
//! keys are verified with exactly the key they name. To rotate, move the current secret to the previous ones, and
//! remove it there when the last token signed with it has expired.

use std::fmt;

use jsonwebtoken::{DecodingKey, EncodingKey};
use sha2::{Digest, Sha256};

use super::hmac;
use super::random::{self, NoRandomness};
pub use crate::config::Algorithm;

/// Minimum length of a secret in bytes.
pub const SHORTEST_SECRET: usize = 32;

/// Prefix for the hash of the id, so that the id is not the hash of the secret alone.
const ID_PREFIX: &[u8] = b"backoffice signing key id\0";

/// The algorithm as the JWT library names it.
pub(super) fn in_header(algorithm: Algorithm) -> jsonwebtoken::Algorithm {
    match algorithm {
        Algorithm::Hs256 => jsonwebtoken::Algorithm::HS256,
        Algorithm::Hs384 => jsonwebtoken::Algorithm::HS384,
        Algorithm::Hs512 => jsonwebtoken::Algorithm::HS512,
    }
}

/// Why the keys are rejected.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A secret is too short.
    #[error("secret has {0} bytes: at least {SHORTEST_SECRET} are required")]
    TooShort(usize),
    /// A secret occurs twice, which is probably a mistake in the rotation.
    #[error("duplicate secret")]
    Twice,
    /// No random secret could be generated.
    #[error("generate a random secret")]
    Random(#[from] NoRandomness),
}

impl KeyError {
    /// Stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooShort(_) => "secret_too_short",
            Self::Twice => "secret_given_twice",
            Self::Random(_) => "no_randomness",
        }
    }
}

/// One secret, for signing and verifying. It is never printed.
#[derive(Clone)]
pub(super) struct SigningKey {
    pub(super) id: String,
    pub(super) signing: EncodingKey,
    pub(super) checking: DecodingKey,
}

impl SigningKey {
    fn new(secret: &[u8]) -> Result<Self, KeyError> {
        if secret.len() < SHORTEST_SECRET {
            return Err(KeyError::TooShort(secret.len()));
        }
        let digest = Sha256::new().chain_update(ID_PREFIX).chain_update(secret).finalize();
        let id = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let (signing, checking) = hmac::keys(secret);
        Ok(Self { id, signing, checking })
    }
}

/// The key that signs new tokens, and the previous keys whose tokens are still accepted. All use the same algorithm.
#[derive(Clone)]
pub struct SigningKeys {
    pub(super) algorithm: Algorithm,
    pub(super) current: SigningKey,
    previous: Vec<SigningKey>,
}

impl SigningKeys {
    /// Creates the keys from secrets.
    ///
    /// # Errors
    /// When a secret is too short or occurs twice.
    pub fn new<Secret: AsRef<[u8]>>(
        algorithm: Algorithm,
        current: impl AsRef<[u8]>,
        previous: impl IntoIterator<Item = Secret>,
    ) -> Result<Self, KeyError> {
        let mut keys = Self { algorithm, current: SigningKey::new(current.as_ref())?, previous: Vec::new() };
        for secret in previous {
            let key = SigningKey::new(secret.as_ref())?;
            if keys.by_id(&key.id).is_some() {
                return Err(KeyError::Twice);
            }
            keys.previous.push(key);
        }
        Ok(keys)
    }

    /// A random key for development: its tokens become invalid when the process ends.
    ///
    /// # Errors
    /// When the operating system provides no random bytes.
    pub fn random(algorithm: Algorithm) -> Result<Self, KeyError> {
        let secret: [u8; 64] = random::bytes()?;
        Self::new(algorithm, secret, std::iter::empty::<[u8; 0]>())
    }

    pub(super) fn by_id(&self, id: &str) -> Option<&SigningKey> {
        std::iter::once(&self.current).chain(&self.previous).find(|key| key.id == id)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} ***)", self.id)
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeys")
            .field("algorithm", &self.algorithm)
            .field("current", &self.current)
            .field("previous", &self.previous)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [&[u8]; 0] = [];

    #[test]
    fn a_secret_has_at_least_32_bytes() {
        assert!(SigningKeys::new(Algorithm::Hs256, [1; 32], NONE).is_ok());
        let too_short = SigningKeys::new(Algorithm::Hs256, [1; 31], NONE);
        assert!(matches!(too_short, Err(KeyError::TooShort(31))));
        let previous_too_short = SigningKeys::new(Algorithm::Hs256, [1; 32], [b"short"]);
        assert!(matches!(previous_too_short, Err(KeyError::TooShort(5))));
    }

    #[test]
    fn duplicate_secrets_are_rejected() {
        let current_again = SigningKeys::new(Algorithm::Hs256, [1; 32], [[2; 32], [1; 32]]);
        assert!(matches!(current_again, Err(KeyError::Twice)));
        let previous_again = SigningKeys::new(Algorithm::Hs256, [1; 32], [[2; 32], [2; 32]]);
        assert!(matches!(previous_again, Err(KeyError::Twice)));
    }

    #[test]
    fn a_key_is_found_by_an_id_that_stays_the_same() {
        let keys = SigningKeys::new(Algorithm::Hs256, [1; 32], [[2; 32], [3; 32]]).expect("secrets are fine");
        assert_eq!(keys.current.id, ID_OF_ONES);
        for secret in [[1; 32], [2; 32], [3; 32]] {
            let id = SigningKey::new(&secret).expect("the secret is fine").id;
            assert_eq!(id.len(), 16);
            assert_eq!(keys.by_id(&id).expect("the key is there").signing.as_bytes(), secret);
        }
        assert!(keys.by_id("").is_none());
        assert!(keys.by_id(&SigningKey::new(&[4; 32]).expect("the secret is fine").id).is_none());
    }

    /// Computed independently: the first eight bytes of the SHA-256 of the prefix and 32 bytes of 1.
    const ID_OF_ONES: &str = "71d6cb96c562858c";

    #[test]
    fn random_keys_differ() {
        let random = || SigningKeys::random(Algorithm::Hs256).expect("there is randomness").current.id;
        assert_ne!(random(), random());
    }

    #[test]
    fn secrets_are_not_printed() {
        let secret = "a secret of more than thirty-two bytes";
        let keys = SigningKeys::new(Algorithm::Hs512, secret, ["another secret of more than 32 bytes"]);
        let keys = keys.expect("secrets are fine");
        for printed in [format!("{keys:?}"), format!("{keys:#?}")] {
            assert!(printed.contains(&keys.current.id) && printed.contains("***"), "{printed}");
            assert!(!printed.contains("secret") && !printed.contains("97, 32"), "{printed}");
        }
    }
}
