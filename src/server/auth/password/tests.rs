use proptest::prelude::*;

use super::*;

fn password(text: &str) -> Password {
    Password::new(text).expect("it is a password")
}

/// A hash of "a password of mine" that costs nothing.
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
fn what_is_guessed_first_is_not_chosen() {
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
    // Those who chose one of them before the list had it still sign in.
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

/// From the tests of argon2's authors.
#[test]
fn a_hash_of_another_program_matches() {
    let stored = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    // Shorter than any of ours.
    assert!(matches(&Password("password".to_owned()), stored).expect("the hash is fine"));
    assert!(!matches(&Password("passwore".to_owned()), stored).expect("the hash is fine"));
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
fn a_hash_made_in_another_way_needs_another_one() {
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
    let shorter = format!("{}$AAAAAAAAAAAAAAAAAAAAAA", stored.rsplit_once('$').expect("it has parts").0);
    assert!(needs(&shorter, Cost::TEST));
}

#[test]
fn a_malformed_hash_is_an_error_and_no_wrong_password() {
    let stored = stored();
    let parts: Vec<&str> = stored.split('$').collect();
    let cases = [
        (String::new(), "password_hash_malformed"),
        ("a password of mine".to_owned(), "password_hash_malformed"),
        (
            "$2b$12$GhvMmNVjRW29ulnudl.LbuAnUtN/LRfe1JsBm1Xu6LE3059z5Tr8m".to_owned(),
            "password_hash_malformed",
        ),
        (parts[..5].join("$"), "password_hash_malformed"),
        (parts[..4].join("$"), "password_hash_malformed"),
        (format!("{stored}$more"), "password_hash_malformed"),
        (stored[..stored.len() - 1].to_owned(), "password_hash_malformed"),
        (stored.replace("$v=19", ""), "password_hash_malformed"),
        (stored.replace("$v=19", "$v=18"), "password_hash_malformed"),
        (stored.replace("argon2id", "argon2x"), "password_hash_malformed"),
        (stored.replace("m=8", "m=7"), "password_hash_malformed"),
        (stored.replace("m=8", "x=8"), "password_hash_malformed"),
        (stored.replace("m=8", "m=4294967295"), "password_hash_too_costly"),
        (stored.replace("t=1", "t=4294967295"), "password_hash_too_costly"),
        (stored.replace("m=8,t=1,p=1", "m=4096,t=1,p=17"), "password_hash_too_costly"),
    ];
    for (phc, code) in cases {
        assert_ne!(phc, stored);
        let matched = matches(&password("a password of mine"), &phc);
        assert_eq!(matched.map_err(|error| error.code()), Err(code), "{phc:?}");
        assert_eq!(needs_rehash(&phc, Cost::TEST).map_err(|error| error.code()), Err(code), "{phc:?}");
    }
}

#[test]
fn a_password_is_not_printed() {
    assert_eq!(format!("{:?}", password("a password of mine")), "Password(***)");
}

proptest! {
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
