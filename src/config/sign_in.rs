//! Settings of authentication: signing keys, token lifetimes, registration.
//!
//! Keys are never shown; an error contains at most the length of a key.

use std::time::Duration;

use super::read::word_of;
use super::{ConfigError, Inputs, Row, Setting, row, set_or_not};
use databases::url::Secret;

/// Minimum length of a key in bytes: the output length of SHA-256, as RFC 7518 requires for HS256.
pub(super) const MIN_KEY_BYTES: usize = 32;

/// The settings of authentication, with origins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInConfig {
    /// `SECRET_KEY`: signs new tokens. See [`ServerConfig::secret_for`](super::ServerConfig::secret_for).
    pub secret_key: Setting<Option<Secret>>,
    /// `SECRET_KEY_PREVIOUS`: previous keys, whose tokens are still accepted.
    pub previous_keys: Setting<Vec<Secret>>,
    /// `ALGORITHM`.
    pub algorithm: Setting<Algorithm>,
    /// `ACCESS_TOKEN_EXPIRE_MINUTES`.
    pub access_token_lifetime: Setting<Duration>,
    /// `REFRESH_TOKEN_EXPIRE_DAYS`.
    pub refresh_token_lifetime: Setting<Duration>,
    /// `REGISTRATION`.
    pub registration: Setting<Registration>,
    /// `SIGN_IN_ATTEMPTS`: the failure for an e-mail address from one client address at which delays begin.
    pub attempts: Setting<u32>,
}

/// The settings of authentication, without the current key: see
/// [`ServerConfig::secret_for`](super::ServerConfig::secret_for).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInSettings {
    /// Previous keys, whose tokens are still accepted.
    pub previous_keys: Vec<Secret>,
    /// The signature algorithm.
    pub algorithm: Algorithm,
    /// Lifetime of an access token, in whole minutes.
    pub access_token_lifetime: Duration,
    /// Lifetime of a refresh token, in whole days.
    pub refresh_token_lifetime: Duration,
    /// Whether registration is open.
    pub registration: Registration,
    /// The failure for an e-mail address from one client address at which delays begin; at least 1.
    pub attempts: u32,
}

/// The signature algorithm: HMAC with this hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-256; the default.
    Hs256,
    /// SHA-384.
    Hs384,
    /// SHA-512.
    Hs512,
}

impl Algorithm {
    const WORDS: [(&str, Self); 3] = [("HS256", Self::Hs256), ("HS384", Self::Hs384), ("HS512", Self::Hs512)];
}

/// Who may register and create an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// Everyone; the default.
    Open,
    /// No one: users are created by invitation or on the command line.
    Closed,
}

impl Registration {
    const WORDS: [(&str, Self); 2] = [("open", Self::Open), ("closed", Self::Closed)];
}

impl SignInConfig {
    pub(super) fn resolve(inputs: &Inputs) -> Result<Self, ConfigError> {
        let minutes = inputs.number("ACCESS_TOKEN_EXPIRE_MINUTES", 1..=1440_u32, 15)?;
        let days = inputs.number("REFRESH_TOKEN_EXPIRE_DAYS", 1..=365_u32, 30)?;
        let span = |count: &Setting<u32>, seconds: u64| {
            count.with(Duration::from_secs(u64::from(count.value) * seconds))
        };
        Ok(Self {
            secret_key: secret_key(inputs)?,
            previous_keys: previous_keys(inputs)?,
            algorithm: inputs.word("ALGORITHM", &Algorithm::WORDS, Algorithm::Hs256)?,
            access_token_lifetime: span(&minutes, 60),
            refresh_token_lifetime: span(&days, 24 * 60 * 60),
            registration: inputs.word("REGISTRATION", &Registration::WORDS, Registration::Open)?,
            attempts: inputs.number("SIGN_IN_ATTEMPTS", 1..=1000, 10)?,
        })
    }

    /// The values without origins.
    pub fn settings(&self) -> SignInSettings {
        SignInSettings {
            previous_keys: self.previous_keys.value.clone(),
            algorithm: self.algorithm.value,
            access_token_lifetime: self.access_token_lifetime.value,
            refresh_token_lifetime: self.refresh_token_lifetime.value,
            registration: self.registration.value,
            attempts: self.attempts.value,
        }
    }

    pub(super) fn describe(&self) -> Vec<Row> {
        let previous = match self.previous_keys.value.len() {
            0 => "not set".to_owned(),
            count => format!("set ({count})"),
        };
        let minutes = self.access_token_lifetime.value.as_secs() / 60;
        let days = self.refresh_token_lifetime.value.as_secs() / (24 * 60 * 60);
        let algorithm = word_of(&Algorithm::WORDS, &self.algorithm.value);
        let registration = word_of(&Registration::WORDS, &self.registration.value);
        vec![
            row("secret key", &self.secret_key, set_or_not(&self.secret_key)),
            row("secret keys before it", &self.previous_keys, previous),
            row("tokens, algorithm", &self.algorithm, algorithm.to_owned()),
            row("tokens, access holds", &self.access_token_lifetime, format!("{minutes} min")),
            row("tokens, refresh holds", &self.refresh_token_lifetime, format!("{days} d")),
            row("registration", &self.registration, registration.to_owned()),
            row("sign-in, failed attempts", &self.attempts, self.attempts.value.to_string()),
        ]
    }
}

fn secret_key(inputs: &Inputs) -> Result<Setting<Option<Secret>>, ConfigError> {
    let name = "SECRET_KEY";
    let Some(typed) = inputs.secret(name) else {
        return Ok(Setting::by_default(name, None));
    };
    // A key is later moved to SECRET_KEY_PREVIOUS, where commas separate keys.
    if typed.value.expose().contains(',') {
        return Err(ConfigError::KeyComma { origin: typed.origin });
    }
    check_length(&typed, typed.value.expose())?;
    Ok(typed.with(Some(typed.value.clone())))
}

fn previous_keys(inputs: &Inputs) -> Result<Setting<Vec<Secret>>, ConfigError> {
    let name = "SECRET_KEY_PREVIOUS";
    let Some(typed) = inputs.secret(name) else {
        return Ok(Setting::by_default(name, Vec::new()));
    };
    let keys: Vec<&str> = typed.value.expose().split(',').map(str::trim).collect();
    for key in &keys {
        check_length(&typed, key)?;
    }
    Ok(typed.with(keys.into_iter().map(Secret::new).collect()))
}

fn check_length<T>(typed: &Setting<T>, key: &str) -> Result<(), ConfigError> {
    if key.len() < MIN_KEY_BYTES {
        let (name, origin) = (typed.name, typed.origin.clone());
        return Err(ConfigError::KeyTooShort { name, origin, length: key.len() });
    }
    Ok(())
}
