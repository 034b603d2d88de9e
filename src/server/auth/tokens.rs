//! Signed tokens (JWT): one to use the application with, one to accept an invitation.
//!
//! What [`read`] gives was signed by a key of ours with the one algorithm of our keys, is of the kind asked for, and
//! has begun and not ended at the given second: there is no leeway, and no clock here.

use std::ops::Range;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Header, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::keys::{SigningKeys, in_header};

/// Who signs our tokens.
const ISSUER: &str = "backoffice";
/// Ours have some 400 bytes. What is longer is not even decoded.
const LONGEST: usize = 4096;

/// What an access token says. Issuer and kind are set and checked here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessClaims {
    /// The user.
    pub sub: Uuid,
    /// The user's organization, if any.
    pub org: Option<i64>,
    /// The user's role.
    pub role: String,
    /// The session.
    pub sid: Uuid,
    /// The second it was issued.
    pub iat: i64,
    /// The first second it is not valid any more.
    pub exp: i64,
}

/// What the token of an invitation says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteClaims {
    /// The user who is invited.
    pub sub: Uuid,
    /// The second it was issued.
    pub iat: i64,
    /// The first second it is not valid any more.
    pub exp: i64,
}

/// A kind of token: what it says, and the name that no other kind has.
pub trait Claims: Serialize + DeserializeOwned {
    /// The name of the kind.
    const TYP: &'static str;

    /// The seconds at which it is valid.
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

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no JWT, or does not say what this kind must say.
    #[error("the token is malformed")]
    Malformed,
    /// It names no key, or none of ours.
    #[error("the token is signed with an unknown key")]
    UnknownKey,
    /// The signature is not that of the key it names, or is by another algorithm.
    #[error("the token signature is invalid")]
    BadSignature,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// It was issued later than now.
    #[error("the token is not valid yet")]
    NotYet,
    /// It is for something else.
    #[error("the token has another type")]
    WrongKind,
}

impl TokenError {
    /// The name of this reason for programs. It stays as it is.
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

/// What a token is encoded from: what it says, who says it, and what for.
#[derive(Serialize)]
struct Body<'a, C> {
    iss: &'a str,
    typ: &'a str,
    #[serde(flatten)]
    claims: &'a C,
}

/// A token that says this, signed by the current key.
pub fn issue<C: Claims>(keys: &SigningKeys, claims: &C) -> String {
    let mut header = Header::new(in_header(keys.algorithm));
    header.kid = Some(keys.current.id.clone());
    let body = Body { iss: ISSUER, typ: C::TYP, claims };
    jsonwebtoken::encode(&header, &body, &keys.current.signing)
        .expect("plain fields are always JSON, and our keys fit our algorithms")
}

/// What a token says, if it is of this kind and valid at the second `now`.
///
/// # Errors
/// When it is not. Who may not know why should be told none of it.
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

/// What a token says, once its signature is known to be ours.
fn verified(keys: &SigningKeys, token: &str) -> Result<serde_json::Map<String, Value>, TokenError> {
    if token.len() > LONGEST {
        return Err(TokenError::Malformed);
    }
    let header = jsonwebtoken::decode_header(token).map_err(|_no_header| TokenError::Malformed)?;
    let key = header.kid.and_then(|id| keys.by_id(&id)).ok_or(TokenError::UnknownKey)?;
    // The key says which algorithm it is for; what the token says is compared with that.
    let mut validation = Validation::new(in_header(keys.algorithm));
    // These would ask a clock.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.required_spec_claims.clear();
    // An audience is a field we do not write; it is refused with all other unknown fields.
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
