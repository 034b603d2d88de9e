//! Token signatures: HMAC by `ring`, for the JWT library.
//!
//! The library is built without its own cryptography, which would add RSA and elliptic curves. Only the three HMAC
//! algorithms exist here, so a token cannot select another one.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{self, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| Ok(Box::new(Mac::new(*algorithm, key.family(), key.as_bytes())?)),
    verifier_factory: |algorithm, key| {
        Ok(Box::new(Mac::new(*algorithm, key.family(), key.try_get_as_bytes()?)?))
    },
    // Only for JSON Web Key Sets, which are not used.
    key_utils: KeyUtils::new_unimplemented(),
};

/// The signing and the verifying key of a secret.
///
/// All keys are created here, so [`PROVIDER`] is installed before the first use of a key.
pub(super) fn keys(secret: &[u8]) -> (EncodingKey, DecodingKey) {
    // The provider is global to the process; only the first installation succeeds.
    let _already_there = PROVIDER.install_default();
    (EncodingKey::from_secret(secret), DecodingKey::from_secret(secret))
}

struct Mac {
    algorithm: Algorithm,
    key: ring::hmac::Key,
}

impl Mac {
    fn new(algorithm: Algorithm, family: AlgorithmFamily, secret: &[u8]) -> Result<Self> {
        if family != AlgorithmFamily::Hmac {
            return Err(ErrorKind::InvalidKeyFormat.into());
        }
        let mac = match algorithm {
            Algorithm::HS256 => ring::hmac::HMAC_SHA256,
            Algorithm::HS384 => ring::hmac::HMAC_SHA384,
            Algorithm::HS512 => ring::hmac::HMAC_SHA512,
            _ => return Err(ErrorKind::UnsupportedAlgorithm.into()),
        };
        Ok(Self { algorithm, key: ring::hmac::Key::new(mac, secret) })
    }
}

impl Signer<Vec<u8>> for Mac {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, signature::Error> {
        Ok(ring::hmac::sign(&self.key, message).as_ref().to_vec())
    }
}

impl Verifier<Vec<u8>> for Mac {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        ring::hmac::verify(&self.key, message, signature).map_err(|_differs| signature::Error::new())
    }
}

impl JwtSigner for Mac {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl JwtVerifier for Mac {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use jsonwebtoken::crypto::{sign, verify};

    use super::*;

    fn hex_of(signature: &str) -> String {
        let bytes = URL_SAFE_NO_PAD.decode(signature).expect("a signature is base64");
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// RFC 4231, test case 2.
    #[test]
    fn signs_as_the_standard_of_hmac_says() {
        let (signing, _) = keys(b"Jefe");
        let sign = |algorithm| {
            hex_of(&sign(b"what do ya want for nothing?", &signing, algorithm).expect("it is signed"))
        };
        assert_eq!(
            sign(Algorithm::HS256),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            sign(Algorithm::HS384),
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"
        );
        assert_eq!(
            sign(Algorithm::HS512),
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
             9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        );
    }

    /// RFC 7515, appendix A.1.
    #[test]
    fn verifies_the_example_of_the_standard_of_jws() {
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let message = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0d\
                       HA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let (_, checking) = keys(&URL_SAFE_NO_PAD.decode(secret).expect("the example is base64"));

        let verify = |message: &str, algorithm| verify(signature, message.as_bytes(), &checking, algorithm);
        assert_eq!(verify(message, Algorithm::HS256), Ok(true));
        assert_eq!(verify(&message[1..], Algorithm::HS256), Ok(false));
        assert_eq!(verify(message, Algorithm::HS384), Ok(false));
    }

    #[test]
    fn knows_no_algorithm_without_a_shared_secret() {
        let (signing, checking) = keys(&[7; 32]);
        for algorithm in [Algorithm::RS256, Algorithm::ES256, Algorithm::PS256, Algorithm::EdDSA] {
            assert!(sign(b"text", &signing, algorithm).is_err(), "{algorithm:?}");
            assert!(verify("", b"text", &checking, algorithm).is_err(), "{algorithm:?}");
        }
        let key_of_another_family = DecodingKey::from_rsa_der(&[7; 32]);
        assert!(verify("", b"text", &key_of_another_family, Algorithm::HS256).is_err());
    }
}
