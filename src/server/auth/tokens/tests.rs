use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::server::auth::keys::Algorithm;

const NOW: i64 = 1_800_000_000;
const SECRET: [u8; 64] = [1; 64];
const NONE: [&[u8]; 0] = [];

fn keys() -> SigningKeys {
    keys_of(Algorithm::Hs256, &SECRET)
}

fn keys_of(algorithm: Algorithm, secret: &[u8]) -> SigningKeys {
    SigningKeys::new(algorithm, secret, NONE).expect("the secret is fine")
}

fn access() -> AccessClaims {
    AccessClaims {
        sub: Uuid::from_u128(1),
        sid: Uuid::from_u128(2),
        user_version: 3,
        organization_version: Some(i32::MAX),
        iat: NOW,
        exp: NOW + 900,
    }
}

fn invite() -> InviteClaims {
    InviteClaims { sub: Uuid::from_u128(1), iat: NOW, exp: NOW + 900 }
}

fn read_access(token: &str) -> Result<AccessClaims, TokenError> {
    read(&keys(), NOW, token)
}

/// The header as text, the claims as text, and the signature.
fn parts(token: &str) -> (String, String, String) {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, body, signature] = parts[..] else { panic!("a token has three parts: {token}") };
    let text =
        |part| String::from_utf8(URL_SAFE_NO_PAD.decode(part).expect("it is base64")).expect("it is text");
    (text(header), text(body), signature.to_owned())
}

/// A correctly signed token with this header and body.
fn signed(algorithm: Algorithm, header: &str, body: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(body));
    let key = keys().current;
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key.signing, super::in_header(algorithm));
    format!("{message}.{}", signature.expect("it is signed"))
}

/// A token with a valid header and this body.
fn saying(body: &Value) -> String {
    let header = json!({ "alg": "HS256", "kid": keys().current.id });
    signed(Algorithm::Hs256, &header.to_string(), &body.to_string())
}

fn access_body() -> Value {
    serde_json::from_str(&parts(&issue(&keys(), &access())).1).expect("it is JSON")
}

#[test]
fn a_token_round_trips_with_each_algorithm() {
    for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
        let keys = keys_of(algorithm, &SECRET);
        assert_eq!(read(&keys, NOW, &issue(&keys, &access())), Ok(access()));
        assert_eq!(read(&keys, NOW, &issue(&keys, &invite())), Ok(invite()));
        let nowhere = AccessClaims { organization_version: None, ..access() };
        assert_eq!(read(&keys, NOW, &issue(&keys, &nowhere)), Ok(nowhere));
    }
}

#[test]
fn the_form_is_the_one_of_the_standard() {
    let (header, body, _) = parts(&issue(&keys(), &access()));
    let header: Value = serde_json::from_str(&header).expect("it is JSON");
    let body: Value = serde_json::from_str(&body).expect("it is JSON");
    assert_eq!(header, json!({ "typ": "JWT", "alg": "HS256", "kid": keys().current.id }));
    assert_eq!(
        body,
        json!({
            "iss": "backoffice",
            "typ": "access",
            "sub": "00000000-0000-0000-0000-000000000001",
            "sid": "00000000-0000-0000-0000-000000000002",
            "user_version": 3,
            "organization_version": i32::MAX,
            "iat": NOW,
            "exp": NOW + 900,
        })
    );
}

/// Signed by another HMAC implementation.
#[test]
fn a_token_of_another_program_is_read() {
    let token = "eyJraWQiOiAiNTY3MDBiN2U1YWYxMmU5YSIsICJhbGciOiAiSFMyNTYifQ.eyJpc3MiOiAiYmFja29mZmljZSIsICJzdWIi\
                 OiAiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAxIiwgInNpZCI6ICIwMDAwMDAwMC0wMDAwLTAwMDAtMDA\
                 wMC0wMDAwMDAwMDAwMDIiLCAidHlwIjogImFjY2VzcyIsICJ1c2VyX3ZlcnNpb24iOiAzLCAib3JnYW5pemF0aW9uX3Zlcn\
                 Npb24iOiAyMTQ3NDgzNjQ3LCAiZXhwIjogMTgwMDAwMDkwMCwgImlhdCI6IDE4MDAwMDAwMDB9.f5IDxrFbWoSvdyays6fy\
                 rNL6hZ-9G4OCRski0duP13E";
    assert_eq!(read_access(token), Ok(access()));
}

/// RFC 7515, appendix A.1: the signature is valid, but the token has no `kid`.
#[test]
fn a_token_that_names_no_key_is_refused() {
    let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let secret = URL_SAFE_NO_PAD.decode(secret).expect("the example is base64");
    let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6L\
                 y9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let read = read::<AccessClaims>(&keys_of(Algorithm::Hs256, &secret), NOW, token);
    assert_eq!(read, Err(TokenError::UnknownKey));
}

#[test]
fn it_is_valid_from_its_first_second_to_before_its_last() {
    let token = issue(&keys(), &access());
    let read = |now| read::<AccessClaims>(&keys(), now, &token).map(|_claims| ());
    assert_eq!(read(NOW - 1), Err(TokenError::NotYet));
    assert_eq!(read(NOW), Ok(()));
    assert_eq!(read(NOW + 899), Ok(()));
    assert_eq!(read(NOW + 900), Err(TokenError::Expired));
    assert_eq!(read(i64::MAX), Err(TokenError::Expired));
    assert_eq!(read(i64::MIN), Err(TokenError::NotYet));
    let never = AccessClaims { exp: NOW, ..access() };
    assert_eq!(read_access(&issue(&keys(), &never)), Err(TokenError::Expired));
}

#[test]
fn a_token_of_another_type_is_rejected() {
    let as_invite = read::<InviteClaims>(&keys(), NOW, &issue(&keys(), &access()));
    assert_eq!(as_invite, Err(TokenError::WrongKind));
    assert_eq!(read_access(&issue(&keys(), &invite())), Err(TokenError::WrongKind));

    // Not even with all claims of the other type.
    for (field, value) in [("typ", json!("invite")), ("typ", json!(["access"])), ("iss", json!("somebody"))] {
        let mut body = access_body();
        assert_eq!(read_access(&saying(&body)), Ok(access()));
        body[field] = value;
        assert_eq!(read_access(&saying(&body)), Err(TokenError::WrongKind), "{body}");
        body.as_object_mut().expect("it is an object").remove(field);
        assert_eq!(read_access(&saying(&body)), Err(TokenError::WrongKind), "{body}");
    }
}

#[test]
fn signed_tokens_with_invalid_claims_are_rejected() {
    let changed = [
        ("sub", json!("somebody")),
        ("sub", json!(null)),
        ("user_version", json!("1")),
        ("user_version", json!(null)),
        ("organization_version", json!(1.5)),
        // Claims of tokens of earlier versions, which have no counters.
        ("org", json!(1)),
        ("role", json!("owner")),
        ("exp", json!("1900000000")),
        ("exp", json!(1_900_000_000.5)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(null)),
        ("iat", json!("0")),
        ("aud", json!("somebody")),
        ("nbf", json!(0)),
    ];
    for (field, value) in changed {
        let mut body = access_body();
        body[field] = value;
        assert_eq!(read_access(&saying(&body)), Err(TokenError::Malformed), "{body}");
    }
    for field in ["sub", "user_version", "sid", "iat", "exp"] {
        let mut body = access_body();
        body.as_object_mut().expect("it is an object").remove(field);
        assert_eq!(read_access(&saying(&body)), Err(TokenError::Malformed), "{body}");
    }
    for body in [json!([]), json!("access"), json!(null)] {
        assert_eq!(read_access(&saying(&body)), Err(TokenError::Malformed), "{body}");
    }
}

#[test]
fn no_character_of_a_token_can_be_changed() {
    let token = issue(&keys(), &access());
    for (at, char) in token.char_indices() {
        for other in ['A', 'B', 'x', '_', '.', '=', ' '] {
            let mut changed = token.clone();
            changed.replace_range(at..=at, other.encode_utf8(&mut [0; 4]));
            if char != other {
                assert!(read_access(&changed).is_err(), "{changed}");
            }
        }
    }
}

#[test]
fn no_part_of_a_token_can_be_changed() {
    let token = issue(&keys(), &access());
    let (header, body, signature) = parts(&token);
    let unsigned = |header: &str, body: &str| {
        format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(body))
    };
    assert_eq!(unsigned(&header, &body), token);

    let promoted = unsigned(&header, &body.replace("\"user_version\":3", "\"user_version\":4"));
    assert_eq!(read_access(&promoted), Err(TokenError::BadSignature));
    let of_another_form = unsigned(&header.replace("JWT", "jwt"), &body);
    assert_eq!(read_access(&of_another_form), Err(TokenError::BadSignature));
    let (message, _) = token.rsplit_once('.').expect("it has parts");
    let signature_of_another = parts(&issue(&keys(), &invite())).2;
    assert_eq!(read_access(&format!("{message}.{signature_of_another}")), Err(TokenError::BadSignature));
    let cut = &signature[..signature.len() - 3];
    assert_eq!(read_access(&format!("{message}.{cut}")), Err(TokenError::BadSignature));
    assert_eq!(read_access(&format!("{message}.")), Err(TokenError::BadSignature));
    for malformed in [message.to_owned(), format!("{token}."), format!("{token}="), format!(".{token}")] {
        assert_eq!(read_access(&malformed), Err(TokenError::Malformed), "{malformed}");
    }
}

#[test]
fn other_algorithms_are_rejected() {
    let id = keys().current.id;
    let body = access_body().to_string();
    // Correctly signed with the same secret, but with another algorithm.
    for algorithm in [Algorithm::Hs384, Algorithm::Hs512] {
        let header = json!({ "alg": super::in_header(algorithm), "kid": id }).to_string();
        let token = signed(algorithm, &header, &body);
        assert_eq!(read_access(&token), Err(TokenError::BadSignature), "{header}");
        assert_eq!(read(&keys_of(algorithm, &SECRET), NOW, &token), Ok(access()), "{header}");
    }
    let signature = parts(&saying(&access_body())).2;
    for name in ["RS256", "ES256", "PS256", "EdDSA", "none", "None", "NONE", "", "hs256", "HS999"] {
        let header = json!({ "alg": name, "kid": id }).to_string();
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(&header), URL_SAFE_NO_PAD.encode(&body));
        for signature in ["", &signature] {
            let read = read_access(&format!("{message}.{signature}"));
            let is_refused = matches!(read, Err(TokenError::BadSignature | TokenError::Malformed));
            assert!(is_refused, "{header}: {read:?}");
        }
    }
    let header = json!({ "kid": id }).to_string();
    assert_eq!(read_access(&signed(Algorithm::Hs256, &header, &body)), Err(TokenError::Malformed));
}

#[test]
fn each_token_is_checked_by_the_key_it_names() {
    let old = issue(&keys_of(Algorithm::Hs256, &[2; 32]), &access());
    let foreign = issue(&keys_of(Algorithm::Hs256, &[3; 32]), &access());
    let rotated = SigningKeys::new(Algorithm::Hs256, SECRET, [[2; 32]]).expect("the secrets are fine");
    let new = issue(&rotated, &access());

    assert_eq!(read(&rotated, NOW, &old), Ok(access()));
    assert_eq!(read(&rotated, NOW, &new), Ok(access()));
    assert_eq!(read::<AccessClaims>(&rotated, NOW, &foreign), Err(TokenError::UnknownKey));
    // Signed with the current key: the previous key is no longer needed.
    assert_eq!(read_access(&new), Ok(access()));
    assert_eq!(read_access(&old), Err(TokenError::UnknownKey));

    // Signed by the current key, with the id of the previous one.
    let old_id = keys_of(Algorithm::Hs256, &[2; 32]).current.id;
    let header = json!({ "alg": "HS256", "kid": old_id }).to_string();
    let swapped = signed(Algorithm::Hs256, &header, &access_body().to_string());
    assert_eq!(read::<AccessClaims>(&rotated, NOW, &swapped), Err(TokenError::BadSignature));
}

#[test]
fn a_token_that_is_too_long_is_not_decoded() {
    let mut body = access_body();
    body["org"] = json!("x".repeat(4096));
    assert_eq!(read_access(&saying(&body)), Err(TokenError::Malformed));
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    #[test]
    fn any_claims_round_trip(
        (sub, sid) in any::<(u128, u128)>(),
        (user_version, organization_version) in any::<(i32, Option<i32>)>(),
        (iat, ttl) in (0..NOW, 1..NOW),
    ) {
        let (sub, sid) = (Uuid::from_u128(sub), Uuid::from_u128(sid));
        let exp = iat + ttl;
        let claims = AccessClaims { sub, sid, user_version, organization_version, iat, exp };
        prop_assert_eq!(read(&keys(), iat + ttl - 1, &issue(&keys(), &claims)), Ok(claims));
    }

    #[test]
    fn any_text_is_refused(text in "\\PC{0,200}") {
        prop_assert!(read_access(&text).is_err());
    }

    #[test]
    fn any_parts_are_refused(
        alg in "HS256|HS384|HS512|RS256|none",
        other_header in any::<Option<String>>(),
        body in any::<Option<String>>(),
        signature: Vec<u8>,
    ) {
        let header = json!({ "alg": alg, "kid": keys().current.id }).to_string();
        let header = URL_SAFE_NO_PAD.encode(other_header.unwrap_or(header));
        let body = URL_SAFE_NO_PAD.encode(body.unwrap_or(access_body().to_string()));
        let signature = URL_SAFE_NO_PAD.encode(signature);
        let token = format!("{header}.{body}.{signature}");
        prop_assert!(read_access(&token).is_err());
    }

    #[test]
    fn any_other_bytes_in_place_of_some_are_refused(at: prop::sample::Index, bits in 1..=u8::MAX) {
        let mut token = issue(&keys(), &access()).into_bytes();
        let at = at.index(token.len());
        token[at] ^= bits;
        let changed = String::from_utf8_lossy(&token);
        prop_assert!(read_access(&changed).is_err());
    }
}
