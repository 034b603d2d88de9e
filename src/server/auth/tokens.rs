//! Signed tokens (JWT): access tokens and invitations.
//!
//! What [`read`] returns was signed by one of our keys with the configured algorithm, has the requested type, and is
//! valid at the given second. There is no leeway, and the time is a parameter.

use std::ops::Range;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Header, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::keys::{SigningKeys, in_header};

/// The issuer (`iss`).
const ISSUER: &str = "backoffice";
/// Maximum length. Tokens of this program have about 400 bytes; longer input is not decoded.
const LONGEST: usize = 4096;

/// Claims of an access token. Issuer and type are set and checked here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessClaims {
    /// The user.
    pub sub: Uuid,
    /// The session.
    pub sid: Uuid,
    /// The counter of the user, which grows when the access of all their tokens ends.
    pub user_version: i32,
    /// The same counter of the user's organization, if any.
    pub organization_version: Option<i32>,
    /// Issued at, in seconds.
    pub iat: i64,
    /// The first second at which the token has expired.
    pub exp: i64,
}

/// Claims of an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteClaims {
    /// The invited user.
    pub sub: Uuid,
    /// Issued at, in seconds.
    pub iat: i64,
    /// The first second at which the token has expired.
    pub exp: i64,
}

/// A type of token with its claims.
pub trait Claims: Serialize + DeserializeOwned {
    /// The value of the claim `typ`.
    const TYP: &'static str;

    /// The seconds at which the token is valid.
    fn lifetime(&self) -> Range<i64>;
}

impl Claims for AccessClaims {
    const TYP: &'static str = "access";

    fn lifetime(&self) -> Range<i64> {
        self.iat..self.exp
    }
}

impl Claims for InviteClaims {
    const TYP: &'static str = "invite";

    fn lifetime(&self) -> Range<i64> {
        self.iat..self.exp
    }
}

/// Why a token is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a JWT, or a claim is missing or unknown.
    #[error("the token is malformed")]
    Malformed,
    /// The `kid` is missing or unknown.
    #[error("the token is signed with an unknown key")]
    UnknownKey,
    /// The signature or the algorithm does not match the key.
    #[error("the token signature is invalid")]
    BadSignature,
    /// Expired.
    #[error("the token has expired")]
    Expired,
    /// Issued in the future.
    #[error("the token is not valid yet")]
    NotYet,
    /// Another token type.
    #[error("the token has another type")]
    WrongKind,
}

impl TokenError {
    /// Stable code of the error.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "token_malformed",
            Self::UnknownKey => "token_key_unknown",
            Self::BadSignature => "token_signature_wrong",
            Self::Expired => "token_expired",
            Self::NotYet => "token_not_yet_valid",
            Self::WrongKind => "token_kind_wrong",
        }
    }
}

/// All claims of a token: those of its type, issuer and type name.
#[derive(Serialize)]
struct Body<'a, C> {
    iss: &'a str,
    typ: &'a str,
    #[serde(flatten)]
    claims: &'a C,
}

/// Signs a token with the current key.
pub fn issue<C: Claims>(keys: &SigningKeys, claims: &C) -> String {
    let mut header = Header::new(in_header(keys.algorithm));
    header.kid = Some(keys.current.id.clone());
    let body = Body { iss: ISSUER, typ: C::TYP, claims };
    jsonwebtoken::encode(&header, &body, &keys.current.signing)
        .expect("plain fields are always JSON, and our keys fit our algorithms")
}

/// Verifies a token of this type at the second `now`.
///
/// # Errors
/// When it is not valid. The reason must only be shown to clients that may know it.
pub fn read<C: Claims>(keys: &SigningKeys, now: i64, token: &str) -> Result<C, TokenError> {
    let mut body = verified(keys, token)?;
    for (field, expected) in [("iss", ISSUER), ("typ", C::TYP)] {
        if body.remove(field) != Some(Value::from(expected)) {
            return Err(TokenError::WrongKind);
        }
    }
    let claims = C::deserialize(Value::Object(body)).map_err(|_not_these_fields| TokenError::Malformed)?;
    let lifetime = claims.lifetime();
    if now >= lifetime.end {
        return Err(TokenError::Expired);
    }
    if now < lifetime.start {
        return Err(TokenError::NotYet);
    }
    Ok(claims)
}

/// The claims of a token whose signature is verified.
fn verified(keys: &SigningKeys, token: &str) -> Result<serde_json::Map<String, Value>, TokenError> {
    if token.len() > LONGEST {
        return Err(TokenError::Malformed);
    }
    let header = jsonwebtoken::decode_header(token).map_err(|_no_header| TokenError::Malformed)?;
    let key = header.kid.and_then(|id| keys.by_id(&id)).ok_or(TokenError::UnknownKey)?;
    // The algorithm comes from the key; that of the token is only compared.
    let mut validation = Validation::new(in_header(keys.algorithm));
    // These validations would use the system clock.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.required_spec_claims.clear();
    // `aud` is not used; it is rejected like all unknown claims.
    validation.validate_aud = false;
    match jsonwebtoken::decode(token, &key.checking, &validation) {
        Ok(token) => Ok(token.claims),
        Err(error) => Err(match error.kind() {
            ErrorKind::InvalidSignature | ErrorKind::InvalidAlgorithm => TokenError::BadSignature,
            _ => TokenError::Malformed,
        }),
    }
}

#[cfg(test)]
mod tests;
