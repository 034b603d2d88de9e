//! E-mail addresses: text, always in lower case, so that one address is one user.

use super::text_newtype::utf8_newtype;
use transfer::values::{InvalidValue, Text};

utf8_newtype! {
    /// An e-mail address in lower case.
    EmailAddress
}

impl EmailAddress {
    /// The address in lower case.
    ///
    /// # Errors
    /// When there is no `@` with text on both sides, or it is longer than 320 characters.
    pub fn new(address: &str) -> Result<Self, InvalidValue> {
        let address = address.trim().to_lowercase();
        let parts = address.rsplit_once('@');
        if !parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty()) {
            return Err(InvalidValue::new("e-mail address has no local part or no domain"));
        }
        if address.chars().count() > 320 {
            return Err(InvalidValue::new("e-mail address is longer than 320 characters"));
        }
        Ok(Self(Text::new(address)?))
    }
}
