//! Parsing of request bodies: each field by its type and limit; all errors of a body are reported at once.
//!
//! A field stays text until its type parses it: as a tree of values, a body takes thirty times its size.

mod object;

use axum::body::Bytes;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::openapi::schema::Schema;

use self::object::{Object, ObjectError};
use super::problem::{Code, FieldError, Problem};
use crate::models::{AnyKey, Field, Limit, limited};

/// The most unknown fields of an object that are reported.
const MOST_UNKNOWN: usize = 100;
/// The most errors of a body that are reported.
const MOST_ERRORS: usize = 1000;

/// The fields of a body that are not parsed yet, and the errors so far.
#[derive(Clone)]
pub(super) struct Fields {
    object: Object,
    errors: Vec<FieldError>,
    references: Vec<(String, AnyKey)>,
    given: Vec<&'static str>,
}

/// What parsing collected besides the values: references to other rows, and names of the fields in the body.
#[derive(Clone, Debug, Default)]
pub(super) struct GivenFields {
    /// Path in the body (`items/0/product_id`), and the referenced key.
    pub(super) references: Vec<(String, AnyKey)>,
    pub(super) names: Vec<&'static str>,
}

impl Fields {
    /// Parses the body as a JSON object.
    pub(super) fn of_body(bytes: &Bytes) -> Result<Self, Problem> {
        let wrong = |why: &str| Problem::new(Code::InvalidBody, why);
        let text = std::str::from_utf8(bytes).map_err(|_position| wrong("the body is not UTF-8"))?;
        Object::parse(text).map(Self::of_object).map_err(|error| match error {
            ObjectError::NotJson(error) => wrong(&format!("the body is not valid JSON: {error}")),
            ObjectError::NotAnObject => wrong("the body is not a JSON object"),
            ObjectError::DuplicateKey => wrong("a JSON object in the body has a duplicate key"),
        })
    }

    /// Like [`of_body`](Self::of_body), for an optional body.
    pub(super) fn of_optional_body(bytes: &Bytes) -> Result<Self, Problem> {
        match bytes.is_empty() {
            true => Ok(Self::of_object(Object::default())),
            false => Self::of_body(bytes),
        }
    }

    fn of_object(object: Object) -> Self {
        Self { object, errors: Vec::new(), references: Vec::new(), given: Vec::new() }
    }

    /// Sets a field from the path. The body must not contain it.
    pub(super) fn put(&mut self, name: &'static str, value: Value) {
        if self.object.insert(name, &value).is_some() {
            self.fault(name, "not_taken", "is set by the path: omit it from the body");
        }
    }

    /// A required field. A nullable field may be missing.
    pub(super) fn required<T: Field>(&mut self, name: &'static str, limit: Option<Limit>) -> Option<T> {
        match self.object.remove(name) {
            Some(value) => self.read(name, &value, limit),
            None if T::NULLABLE => T::from_json(Value::Null).ok(),
            None => {
                self.fault(name, "required", "is required");
                None
            }
        }
    }

    /// A field with a default.
    pub(super) fn optional<T: Field>(
        &mut self,
        name: &'static str,
        limit: Option<Limit>,
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        match self.object.remove(name) {
            Some(value) => self.read(name, &value, limit),
            None => default(),
        }
    }

    /// A field of a change: unchanged if it is missing.
    pub(super) fn change<T: Field>(&mut self, name: &'static str, limit: Option<Limit>) -> Option<T> {
        let value = self.object.remove(name)?;
        self.read(name, &value, limit)
    }

    fn read<T: Field>(&mut self, name: &'static str, value: &RawValue, limit: Option<Limit>) -> Option<T> {
        self.given.push(name);
        let read = match T::from_text(value.get()) {
            Ok(read) => read,
            Err(error) => {
                self.fault(name, "invalid", error.to_string());
                return None;
            }
        };
        if let (Some(limit), Some(measure)) = (limit, read.measure())
            && !limit.contains(&measure)
        {
            self.fault(name, "out_of_range", beyond::<T>(&limit));
            return None;
        }
        self.references.extend(read.refers_to().map(|key| (name.to_owned(), key)));
        Some(read)
    }

    /// The objects of an array, each with fields of its own; empty if the field is missing.
    pub(super) fn each<T>(
        &mut self,
        name: &'static str,
        most: usize,
        mut read: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some(value) = self.object.remove(name) else {
            return Some(Vec::new());
        };
        self.given.push(name);
        // Its elements are counted before they are parsed.
        let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(value.get()) else {
            self.fault(name, "invalid", "must be an array");
            return None;
        };
        if elements.len() > most {
            self.fault(name, "out_of_range", format!("must have at most {most} elements"));
            return None;
        }
        let mut all = Vec::new();
        for (index, element) in elements.into_iter().enumerate() {
            let object = match Object::parse(element.get()) {
                Ok(object) => object,
                Err(error) => {
                    let pointer = format!("/{name}/{index}");
                    let detail = match error {
                        ObjectError::DuplicateKey => "has a duplicate key".to_owned(),
                        ObjectError::NotAnObject | ObjectError::NotJson(_) => "must be an object".to_owned(),
                    };
                    self.report(FieldError { pointer, code: "invalid", detail });
                    continue;
                }
            };
            let mut inner = Self::of_object(object);
            all.extend(read(&mut inner));
            for left in std::mem::take(&mut inner.object).into_names().take(MOST_UNKNOWN) {
                inner.fault(&left, "unknown_field", "is not a known field");
            }
            for error in inner.errors {
                self.report(FieldError { pointer: format!("/{name}/{index}{}", error.pointer), ..error });
            }
            let references = inner.references.into_iter();
            self.references.extend(references.map(|(inner, key)| (format!("{name}/{index}/{inner}"), key)));
        }
        Some(all)
    }

    pub(super) fn fault(&mut self, name: &str, code: &'static str, detail: impl Into<String>) {
        self.report(FieldError { pointer: pointer(name), code, detail: detail.into() });
    }

    /// Reports an error, unless there are many already.
    fn report(&mut self, error: FieldError) {
        if self.errors.len() < MOST_ERRORS {
            self.errors.push(error);
        }
    }

    /// Finishes parsing: remaining fields are unknown.
    pub(super) fn finish(mut self) -> Result<GivenFields, Problem> {
        for name in std::mem::take(&mut self.object).into_names().take(MOST_UNKNOWN) {
            self.fault(&name, "unknown_field", "is not a known field");
        }
        match self.errors.is_empty() {
            true => Ok(GivenFields { references: self.references, names: self.given }),
            false => Err(Problem::fields(self.errors)),
        }
    }
}

/// RFC 6901, section 3.
fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn beyond<T: Field>(limit: &Limit) -> String {
    let (least, most) = (limit.start(), limit.end());
    match T::schema() {
        Schema::Object(object) if object.minimum.is_some() => format!("must be between {least} and {most}"),
        Schema::Object(object) if object.format.is_some() => {
            format!("must be between {least} and {most} units of the last decimal place")
        }
        Schema::Array(_) => format!("must have between {least} and {most} elements"),
        _ => format!("length must be between {least} and {most}"),
    }
}

/// A field in the OpenAPI description.
#[derive(Clone)]
pub(super) struct Shape {
    pub(super) name: &'static str,
    pub(super) schema: Schema,
    pub(super) is_required: bool,
}

impl Shape {
    /// A field with its type, limit and default.
    pub(super) fn of<T: Field>(name: &'static str, limit: Option<Limit>, default: Option<Value>) -> Self {
        let schema = limit.map_or_else(T::schema, |limit| limited(T::schema(), &limit));
        let is_required = default.is_none() && !T::NULLABLE;
        let schema = match (schema, default) {
            (Schema::Object(mut object), Some(default)) => {
                object.default = Some(default);
                Schema::Object(object)
            }
            (schema, _) => schema,
        };
        Self { name, schema, is_required }
    }

    /// A field with a default.
    pub(super) fn with_default<T: Field + Serialize>(
        name: &'static str,
        limit: Option<Limit>,
        default: impl FnOnce() -> Option<T>,
    ) -> Self {
        Self::of::<T>(name, limit, default().map(|default| to_json(&default)))
    }

    /// The field in a change, where no field is required.
    pub(super) fn of_change<T: Field>(name: &'static str, limit: Option<Limit>) -> Self {
        Self { is_required: false, ..Self::of::<T>(name, limit, None) }
    }
}

/// A value as JSON, for descriptions and responses. Infallible for all types used here.
pub(super) fn to_json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("values, rows and words have a form in JSON")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::UserId;
    use transfer::values::{Money, Text};

    fn read(body: &str) -> (Option<Text>, Option<Option<UserId>>, Result<GivenFields, Problem>) {
        let mut fields = Fields::of_body(&Bytes::from(body.to_owned())).expect("an object");
        let title = fields.required("title", Some(1..=5));
        let user = fields.required("user_id", None);
        let _price: Option<Money> = fields.optional("price", Some(0..=100), || Some(Money::ZERO));
        (title, user, fields.finish())
    }

    #[test]
    fn all_errors_are_reported_at_once() {
        let (_, _, outcome) = read(r#"{"title":"too long","user_id":7,"price":"-1","other/x":1}"#);
        let problem = outcome.expect_err("faults");
        let told: Vec<_> =
            problem.errors().iter().map(|error| (error.pointer.as_str(), error.code)).collect();
        assert_eq!(
            told,
            [
                ("/title", "out_of_range"),
                ("/user_id", "invalid"),
                ("/price", "out_of_range"),
                ("/other~1x", "unknown_field")
            ]
        );
    }

    #[test]
    fn nullable_fields_are_optional() {
        let (title, user, outcome) = read(r#"{"title":"ok"}"#);
        assert_eq!((title.as_deref(), user), (Some("ok"), Some(None)));
        assert_eq!(outcome.expect("no fault").names, ["title"]);
    }

    #[test]
    fn a_body_is_an_object_without_duplicate_keys() {
        for body in ["[1]", "{", "{\"a\":1,\"a\":2}", "\"x\""] {
            assert!(Fields::of_body(&Bytes::from(body)).is_err(), "{body}");
        }
    }
}
