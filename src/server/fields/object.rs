//! The members of a JSON object, whose values are still text.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

/// Members by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Object(BTreeMap<String, Box<RawValue>>);

/// Why a text is no object.
#[derive(Debug)]
pub(super) enum ObjectError {
    NotJson(serde_json::Error),
    NotAnObject,
    DuplicateKey,
}

/// Members in their order, so that duplicate names are seen.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ReadMembers;

        impl<'de> Visitor<'de> for ReadMembers {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(ReadMembers)
    }
}

impl Object {
    pub(super) fn parse(text: &str) -> Result<Self, ObjectError> {
        let Members(members) = serde_json::from_str(text).map_err(|error| {
            // An array or a number is JSON, and no object.
            match serde_json::from_str::<IgnoredAny>(text) {
                Ok(_) if !text.trim_start().starts_with('{') => ObjectError::NotAnObject,
                _ => ObjectError::NotJson(error),
            }
        })?;
        let count = members.len();
        let object: BTreeMap<_, _> = members.into_iter().collect();
        match object.len() == count {
            true => Ok(Self(object)),
            false => Err(ObjectError::DuplicateKey),
        }
    }

    /// Sets a member; returns the one before.
    pub(super) fn insert(&mut self, name: &str, value: &Value) -> Option<Box<RawValue>> {
        let value = to_raw_value(value).expect("a value of JSON has a text");
        self.0.insert(name.to_owned(), value)
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Box<RawValue>> {
        self.0.remove(name)
    }

    /// The names of the members.
    pub(super) fn into_names(self) -> impl Iterator<Item = String> {
        self.0.into_keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_text() {
        let mut object =
            Object::parse(r#" {"a": 1.50, "b": [1, {"c": "\u00e9"}], "": null} "#).expect("an object");
        assert_eq!(object.remove("a").expect("a member").get(), "1.50");
        assert_eq!(object.remove("b").expect("a member").get(), r#"[1, {"c": "\u00e9"}]"#);
        assert!(object.insert("", &Value::Null).is_some());
        assert_eq!(object.into_names().collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn other_texts_are_refused_for_their_reason() {
        for text in ["[1]", "1", " \"x\"", "null"] {
            assert!(matches!(Object::parse(text), Err(ObjectError::NotAnObject)), "{text}");
        }
        for text in ["", "{", "{\"a\":}", "{\"a\":1,}", "{}x", "[1", "{\"a\":[1}", "{\"\\ud800\":1}"] {
            assert!(matches!(Object::parse(text), Err(ObjectError::NotJson(_))), "{text}");
        }
        for text in [r#"{"a":1,"a":2}"#, r#"{"a":1,"\u0061":2}"#] {
            assert!(matches!(Object::parse(text), Err(ObjectError::DuplicateKey)), "{text}");
        }
        // Deep nesting costs no stack.
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(500_000), "]".repeat(500_000));
        assert!(Object::parse(&deep).is_ok());
    }
}
