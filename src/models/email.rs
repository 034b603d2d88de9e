//! E-mail addresses: text, always in lower case, so that one address is one user.

use std::str::FromStr as _;

use super::text_newtype::utf8_newtype;
use databases::terminal::is_hidden;
use transfer::values::{InvalidValue, Text};

utf8_newtype! {
    /// An e-mail address in lower case.
    EmailAddress
}

impl EmailAddress {
    /// The address in lower case.
    ///
    /// # Errors
    /// When it is not an address of RFC 5321 or RFC 6531, is longer than 320 characters, or contains spaces, control
    /// characters or invisible characters.
    pub fn new(address: &str) -> Result<Self, InvalidValue> {
        let address = address.trim().to_lowercase();
        // RFC 5321 permits spaces in quotes. Nobody's address has them, and they are taken for a separator.
        if address.chars().any(|character| character.is_whitespace() || is_hidden(character)) {
            return Err(InvalidValue::new("e-mail address contains a space, control or invisible character"));
        }
        if address.chars().count() > 320 {
            return Err(InvalidValue::new("e-mail address is longer than 320 characters"));
        }
        let parsed = email_address::EmailAddress::from_str(&address);
        parsed.map_err(|error| InvalidValue::new(format!("invalid e-mail address: {error}")))?;
        Ok(Self(Text::new(address)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_parsed_and_lowered() {
        for (text, address) in [
            (" Ä.B@Example.ORG ", "ä.b@example.org"),
            ("o'brien+%_1@example.com", "o'brien+%_1@example.com"),
            ("用户.1@例え.jp", "用户.1@例え.jp"),
            ("1@x", "1@x"),
        ] {
            assert_eq!(EmailAddress::new(text).expect(text).as_str(), address);
        }
    }

    #[test]
    fn what_is_no_address_is_rejected() {
        for text in [
            "",
            "nobody",
            "@example.org",
            "a@",
            "a@b@c",
            "a b@example.org",
            "\"a b\"@example.org",
            "a\n@example.org",
            "a@example.org\r\nBcc: b@example.org",
            "a\u{202e}@example.org",
            "a\u{0}@example.org",
            "A <a@example.org>",
            "a..b@example.org",
        ] {
            assert!(EmailAddress::new(text).is_err(), "{text:?}");
        }
        assert!(EmailAddress::new(&format!("{}@example.org", "a".repeat(65))).is_err());
    }
}
