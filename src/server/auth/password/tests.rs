use proptest::prelude::*;

use super::*;

fn password(text: &str) -> Password {
    Password::new(text).expect("it is a password")
}

/// A hash of "a password of mine" at minimal cost.
fn stored() -> String {
    hash(&password("a password of mine"), Cost::TEST).expect("it is hashed")
}

#[test]
fn length_counts_characters() {
    assert_eq!(Password::new("").err(), Some(PasswordRefused::TooShort));
    assert_eq!(Password::new(&"ü".repeat(9)).err(), Some(PasswordRefused::TooShort));
    assert!(Password::new(&"ü".repeat(10)).is_ok());
    assert!(Password::new(&"ü".repeat(256)).is_ok());
    assert_eq!(Password::new(&"ü".repeat(257)).err(), Some(PasswordRefused::TooLong));
    assert_eq!(Password::new("ten \0 chars").err(), Some(PasswordRefused::HasNul));
}

#[test]
fn common_passwords_are_rejected() {
    let choose = |text: &str| Password::choose(text, "Ada.Lovelace@example.org").err();
    assert_eq!(choose("ada.lovelace@EXAMPLE.org"), Some(PasswordRefused::IsEmail));
    assert_eq!(choose(" ada.lovelace@example.org "), Some(PasswordRefused::IsEmail));
    for common in COMMON {
        assert_eq!(choose(common), Some(PasswordRefused::TooCommon), "{common}");
        assert_eq!(choose(&common.to_uppercase()), Some(PasswordRefused::TooCommon), "{common}");
    }
    assert_eq!(choose("xxxxxxxxxxxxxxx"), Some(PasswordRefused::TooCommon));
    assert_eq!(choose("short"), Some(PasswordRefused::TooShort));
    assert_eq!(choose("a password of mine"), None);
    // Users who chose a password before it was listed can still sign in.
    assert!(Password::new("1234567890").is_ok());
}

#[test]
fn the_common_ones_could_be_chosen_if_they_were_not_common() {
    for common in COMMON {
        assert!(Password::new(common).is_ok(), "{common}");
        assert_eq!(common.to_lowercase(), common);
    }
}

#[test]
fn a_hash_matches_its_password_only() {
    let stored = stored();
    assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{stored}");
    assert!(matches(&password("a password of mine"), &stored).expect("the hash is fine"));
    for other in ["a password of mine ", "A password of mine", "a password of yours"] {
        assert!(!matches(&password(other), &stored).expect("the hash is fine"), "{other}");
    }
}

#[test]
fn each_hash_has_its_own_salt() {
    assert_ne!(stored(), stored());
}

/// From the test suite of the argon2 reference implementation.
const STORED: &str =
    "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$WFWCPM0Y2kXbkzDVcsFgsImcRNRz76v+dueFH/hItz4";

#[test]
fn a_hash_of_another_program_matches() {
    for stored in [
        STORED,
        "$argon2id$v=19$m=256,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$XwFEmiuQqnBs2oTgAB9zlyw2JD5WPKf3X4NgsabJEhU",
        "$argon2i$v=16$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$Ym70kAlitWvDB1Qs8dBEyJoEl0TsArlNSpTXe7SdL3o",
        "$argon2d$v=19$m=16,t=1,p=2$MDEyMzQ1Njc4OWFiY2RlZg$8m8toJNLLLNLGNBrGU/uVa1MyzCwUbmJ+aPheqHIgfc",
    ] {
        assert!(matches(&password("a password of mine"), stored).expect("the hash is fine"), "{stored}");
        assert!(!matches(&password("a password of mind"), stored).expect("the hash is fine"), "{stored}");
    }
}

#[test]
fn the_standard_cost_is_that_of_owasp() {
    let stored = hash(&password("a password of mine"), Cost::STANDARD).expect("it is hashed");
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    assert!(matches(&password("a password of mine"), &stored).expect("the hash is fine"));
    assert!(!needs_rehash(&stored, Cost::STANDARD).expect("the hash is fine"));
    waste_time(&password("a password of mine"), Cost::STANDARD).expect("there is memory");
}

#[test]
fn a_hash_with_other_parameters_needs_a_rehash() {
    let stored = stored();
    let needs = |phc: &str, cost| needs_rehash(phc, cost).expect("the hash is fine");
    assert!(!needs(&stored, Cost::TEST));
    assert!(needs(&stored, Cost::STANDARD));
    for (from, to) in [
        ("argon2id", "argon2i"),
        ("v=19", "v=16"),
        ("m=8", "m=9"),
        ("t=1", "t=2"),
        ("m=8,t=1,p=1", "m=16,t=1,p=2"),
    ] {
        let other = stored.replace(from, to);
        assert_ne!(other, stored);
        assert!(needs(&other, Cost::TEST), "{other}");
    }
}

/// Neither checking nor the question whether it is current takes the hash, and no work is done for it.
fn assert_refused(phc: &str, code: &str) {
    let matched = matches(&password("a password of mine"), phc);
    assert_eq!(matched.map_err(|error| error.code()), Err(code), "{phc:?}");
    assert_eq!(needs_rehash(phc, Cost::TEST).map_err(|error| error.code()), Err(code), "{phc:?}");
}

/// The stored hash with one part replaced, which must be there.
fn with(from: &str, to: &str) -> String {
    let other = STORED.replacen(from, to, 1);
    assert_ne!(other, STORED, "{from}");
    other
}

#[test]
fn a_malformed_hash_is_an_error_and_no_wrong_password() {
    let parts: Vec<&str> = STORED.split('$').collect();
    for phc in [
        String::new(),
        "$".to_owned(),
        "a password of mine".to_owned(),
        "$2b$12$GhvMmNVjRW29ulnudl.LbuAnUtN/LRfe1JsBm1Xu6LE3059z5Tr8m".to_owned(),
        parts[..5].join("$"),
        parts[..4].join("$"),
        format!(" {STORED}"),
        format!("{STORED}\n"),
        format!("{STORED}$more"),
        // The padding of base64, its other alphabet, and bits behind the last byte.
        format!("{STORED}="),
        with("76v+", "76v-"),
        with("Itz4", "Itz5"),
    ] {
        assert_refused(&phc, "password_hash_malformed");
    }
}

#[test]
fn a_hash_of_an_unknown_algorithm_or_version_is_malformed() {
    for phc in [
        with("argon2id", "argon2x"),
        with("argon2id", "argon2"),
        with("argon2id", "ARGON2ID"),
        with("argon2id", "scrypt"),
        with("argon2id", ""),
        with("$v=19", ""),
        with("v=19", "v=18"),
        with("v=19", "v=0"),
        with("v=19", "v=20"),
        with("v=19", "v=19x"),
        with("v=19", "v=4294967315"),
    ] {
        assert_refused(&phc, "password_hash_malformed");
    }
}

/// Each of these is valid base64, and most of them were hashed from this very password.
#[test]
fn a_hash_of_the_wrong_length_is_malformed() {
    for rest in [
        // A salt of 7, 8, 15, 17, 32 and 49 bytes.
        "MDEyMzQ1Ng$3mgcZjwm5JDjL9zoeD9Co9X9JxcOWDZVt/bzcQiyJs8",
        "MDEyMzQ1Njc$3mgcZjwm5JDjL9zoeD9Co9X9JxcOWDZVt/bzcQiyJs8",
        "MDEyMzQ1Njc4OWFiY2Rl$jv9s6xwd0BZkBZJEmO86hYAQR7vKwJkAeGGJMtGZW9M",
        "MDEyMzQ1Njc4OWFiY2RlZjA$iJOkNga7xqiejPGyphMpdeUYQ+KKOizNMu/daSkr5H4",
        "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY$hGvL7HSn7/UlY9xwhCA2WPRW6LNMd6EYne/bGD8pVLg",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA$hGvL7HSn7/UlY9xwhCA2WPRW6LNMd6EYne/bGD8pVLg",
        // An output of 1, 16, 31, 33, 64 and 65 bytes.
        "MDEyMzQ1Njc4OWFiY2RlZg$AA",
        "MDEyMzQ1Njc4OWFiY2RlZg$h+oFOUc6WIzcsc2bJA/uBQ",
        "MDEyMzQ1Njc4OWFiY2RlZg$J5iCk6cCPFP2lfwYrdJ2nYBLhjBaoVUubpRahBh7wg",
        "MDEyMzQ1Njc4OWFiY2RlZg$bFcOBCCHMJk/dgimcUG+l0SWCGGf5vEhSxmOdb6jSy3u",
        "MDEyMzQ1Njc4OWFiY2RlZg$iN3aikDsliA3HYQBHUcYqmostT/0eWd+mPDJfIbCsTDkQGSxtKRWV0qGcVVn9GuqL29uNlwJVcC9AMnDx3U0ow",
        "MDEyMzQ1Njc4OWFiY2RlZg$iN3aikDsliA3HYQBHUcYqmostT/0eWd+mPDJfIbCsTDkQGSxtKRWV0qGcVVn9GuqL29uNlwJVcC9AMnDx3U0owA",
    ] {
        assert_refused(&format!("$argon2id$v=19$m=8,t=1,p=1${rest}"), "password_hash_malformed");
    }
}

/// The second is still valid base64 without its last character.
#[test]
fn a_hash_that_lost_its_end_is_malformed_wherever_it_was_cut() {
    for end in ["WFWCPM0Y2kXbkzDVcsFgsImcRNRz76v+dueFH/hItz4", "WFWCPM0Y2kXbkzDVcsFgsImcRNRz76v+dueFH/hItgA"]
    {
        let stored = format!("$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg${end}");
        assert!(matches(&password("a password of mine"), &stored).is_ok());
        for length in 0..stored.len() {
            assert_refused(&stored[..length], "password_hash_malformed");
        }
    }
}

#[test]
fn parameters_that_no_hash_has_are_malformed() {
    for params in [
        "m=7,t=1,p=1",
        "m=0,t=1,p=1",
        "m=8,t=0,p=1",
        "m=8,t=1,p=0",
        // Memory for less than eight blocks in each lane.
        "m=15,t=1,p=2",
        "m=-8,t=1,p=1",
        "m=4294967296,t=1,p=1",
        "m=8,t=4294967296,p=1",
        "m=8,t=1,p=16777216",
        // Missing, unknown, twice, in another order, written in another way.
        "t=1,p=1",
        "m=8,p=1",
        "m=8,t=1",
        "x=8,t=1,p=1",
        "m=8,t=1,p=1,x=1",
        "m=8,m=8,t=1,p=1",
        "t=1,m=8,p=1",
        "m=08,t=1,p=1",
        "m=8,t=1,p=1,",
        "m=,t=1,p=1",
        // A secret that this program does not have, and data hashed along.
        "m=8,t=1,p=1,keyid=AAAAAAAAAAA",
        "m=8,t=1,p=1,data=AAAAAAAAAAA",
    ] {
        assert_refused(&with("m=8,t=1,p=1", params), "password_hash_malformed");
    }
    assert_refused(&with("m=8,t=1,p=1$", ""), "password_hash_malformed");
}

#[test]
fn a_hash_that_asks_for_too_much_work_is_refused_without_doing_it() {
    for params in [
        "m=262145,t=1,p=1",
        "m=4294967295,t=1,p=1",
        "m=8,t=33,p=1",
        "m=8,t=4294967295,p=1",
        "m=4096,t=1,p=17",
        "m=4294967295,t=4294967295,p=16777215",
    ] {
        assert_refused(&with("m=8,t=1,p=1", params), "password_hash_too_costly");
    }
}

#[test]
fn a_password_is_not_printed() {
    assert_eq!(format!("{:?}", password("a password of mine")), "Password(***)");
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    #[test]
    fn any_text_as_a_stored_hash_is_no_match(text in "(\\$argon2id?\\$v=19\\$m=8,t=1,p=1)?[$a-zA-Z0-9+/=,]{0,80}") {
        prop_assert!(!matches!(matches(&password("a password of mine"), &text), Ok(true)));
    }

    #[test]
    fn any_password_matches_its_hash(text in "[^\\x00]{10,40}", other in "[^\\x00]{10,40}") {
        let stored = hash(&password(&text), Cost::TEST).expect("it is hashed");
        prop_assert!(matches(&password(&text), &stored).expect("the hash is fine"));
        prop_assert_eq!(matches(&password(&other), &stored).expect("the hash is fine"), text == other);
    }
}
