//! Refresh tokens: used by a client to get new access tokens until the session ends.
//!
//! The form is `<session>.<secret>`: the id of the session, and 32 random bytes in base64url. Only the SHA-256 of the
//! secret is stored; with 256 bits of randomness no slower hash is needed. A token has exactly one textual form.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::random::{self, NoRandomness};

/// The refresh token of a session. Its secret is never printed.
#[derive(Clone)]
pub struct RefreshToken {
    session: Uuid,
    secret: [u8; 32],
}

/// The text has not the form of [`RefreshToken::expose`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the refresh token is malformed")]
pub struct MalformedRefreshToken;

impl MalformedRefreshToken {
    /// Stable code of the error.
    pub fn code(self) -> &'static str {
        "refresh_token_malformed"
    }
}

impl RefreshToken {
    /// Generates a new secret for this session.
    ///
    /// # Errors
    /// When no random bytes are available.
    pub fn new(session: Uuid) -> Result<Self, NoRandomness> {
        Ok(Self { session, secret: random::bytes()? })
    }

    /// Parses a token sent by a client.
    ///
    /// # Errors
    /// When it is not in canonical form.
    pub fn parse(text: &str) -> Result<Self, MalformedRefreshToken> {
        let token = Self::read(text).ok_or(MalformedRefreshToken)?;
        // A UUID has several textual forms; only one is accepted.
        if token.expose() == text { Ok(token) } else { Err(MalformedRefreshToken) }
    }

    fn read(text: &str) -> Option<Self> {
        let (session, secret) = text.split_once('.')?;
        let session = Uuid::try_parse(session).ok()?;
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        Some(Self { session, secret })
    }

    /// The session of the token.
    pub fn session(&self) -> Uuid {
        self.session
    }

    /// The token in plain text, for its client only.
    pub fn expose(&self) -> String {
        format!("{}.{}", self.session.as_hyphenated(), URL_SAFE_NO_PAD.encode(self.secret))
    }

    /// The hash that is stored.
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(self.secret).into()
    }

    /// Whether the stored hash is that of this secret; in constant time.
    pub fn matches(&self, stored: &[u8]) -> bool {
        self.sha256().ct_eq(stored).into()
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefreshToken({}.***)", self.session)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SESSION: Uuid = Uuid::from_u128(0x0190_a0a0_0000_7000_8000_0000_0000_00af);
    /// The secret is 32 bytes of zero.
    const TEXT: &str = "0190a0a0-0000-7000-8000-0000000000af.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn a_token_round_trips() {
        let token = RefreshToken::new(SESSION).expect("there is randomness");
        let back = RefreshToken::parse(&token.expose()).expect("it is a token");
        assert_eq!((back.session(), back.secret), (SESSION, token.secret));
        assert!(back.matches(&token.sha256()));
        let other = RefreshToken::new(SESSION).expect("there is randomness");
        assert!(!other.matches(&token.sha256()));
    }

    #[test]
    fn the_form_and_what_is_stored_are_known() {
        let token = RefreshToken::parse(TEXT).expect("it is a token");
        assert_eq!(token.expose(), TEXT);
        let stored: String = token.sha256().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(stored, "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
        assert!(token.matches(&token.sha256()));
        for stored in [&token.sha256()[..31], &[], &[0; 32], &[0; 33]] {
            assert!(!token.matches(stored));
        }
    }

    #[test]
    fn non_canonical_forms_are_rejected() {
        let (session, secret) = TEXT.split_once('.').expect("it has two parts");
        let others = [
            String::new(),
            ".".to_owned(),
            session.to_owned(),
            format!("{session}."),
            format!(".{secret}"),
            format!("{TEXT} "),
            format!("{TEXT}."),
            format!("{TEXT}="),
            format!("{TEXT}A"),
            TEXT[..TEXT.len() - 1].to_owned(),
            // The last character has two unused bits.
            format!("{}B", &TEXT[..TEXT.len() - 1]),
            format!("{}.{secret}", session.to_uppercase()),
            format!("{}.{secret}", session.replace('-', "")),
            format!("{{{session}}}.{secret}"),
            format!("urn:uuid:{session}.{secret}"),
            format!("{session}.{}", secret.replacen("A", "+", 1)),
        ];
        for text in others {
            assert_eq!(RefreshToken::parse(&text).err(), Some(MalformedRefreshToken), "{text:?}");
        }
    }

    #[test]
    fn the_secret_is_not_printed() {
        let token = RefreshToken::parse(TEXT).expect("it is a token");
        assert_eq!(format!("{token:?}"), format!("RefreshToken({SESSION}.***)"));
    }

    proptest! {
        #![proptest_config(test_seed::config(256))]

        #[test]
        fn any_text_is_refused_or_is_the_form(text in "\\PC{0,90}") {
            prop_assert!(RefreshToken::parse(&text).is_err());
        }

        #[test]
        fn any_session_and_secret_round_trip(session: u128, secret: [u8; 32]) {
            let token = RefreshToken { session: Uuid::from_u128(session), secret };
            let back = RefreshToken::parse(&token.expose()).expect("it is a token");
            prop_assert_eq!((back.session, back.secret), (token.session, secret));
        }

        #[test]
        fn what_is_near_the_form_is_refused_or_is_the_form(
            text in "[0-9a-fA-F]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\\.[0-9A-Za-z_-]{42,44}",
        ) {
            if let Ok(token) = RefreshToken::parse(&text) {
                prop_assert_eq!(token.expose(), text);
            }
        }
    }
}
