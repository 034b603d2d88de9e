//! Building blocks of the OpenAPI description.

use serde_json::json;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, Object, ObjectBuilder, Ref, Schema, SchemaType, Type,
};
use utoipa::openapi::{Components, ContentBuilder, HeaderBuilder, RefOr, ResponseBuilder};

use crate::models::Field as _;
use crate::server::fields::Shape;
use crate::server::problem::Code;
use crate::server::resource::Resource;
use transfer::values::Text;

pub(super) const ABOUT: &str = "Every error response is a problem details object (RFC 9457) with a stable `code`. Lists are \
paginated: pass `next` as `cursor` to get the next page. A list accepts one filter at a time (`entity_type` and `entity_id` \
count as one; `user_id` does not count where it selects the owner of the list); a filtered list is ordered by the primary key, \
so that the cost of a page does not depend on the size of the table. A change accepts `If-Match` with the ETag of the row and \
fails with 412 if the row has changed. A request with an `Idempotency-Key` is executed once: sent again, it returns the stored \
response. Decimals are strings, so that no digit is lost; instants are RFC 3339 in UTC.";

pub(super) fn text() -> Schema {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).build().into()
}

pub(super) fn nullable_text() -> Schema {
    ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null])).build().into()
}

pub(in crate::server) fn count() -> Schema {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer)).minimum(Some(0)).build().into()
}

pub(super) fn limit(usual: i64, most: i64) -> Schema {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::Integer))
        .minimum(Some(1))
        .maximum(Some(most))
        .default(Some(json!(usual)))
        .build()
        .into()
}

pub(super) fn one_of(words: impl Iterator<Item = String>) -> Schema {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).enum_values(Some(words)).build().into()
}

pub(in crate::server) fn array(items: impl Into<RefOr<Schema>>) -> Schema {
    let items: RefOr<Schema> = items.into();
    ArrayBuilder::new().items(items).build().into()
}

/// An array of at most `most` elements.
pub(in crate::server) fn array_of_at_most(most: usize, items: impl Into<RefOr<Schema>>) -> Schema {
    let items: RefOr<Schema> = items.into();
    ArrayBuilder::new().items(items).max_items(Some(most)).build().into()
}

/// An object in which all properties are required.
pub(in crate::server) fn object<S: Into<RefOr<Schema>>, const N: usize>(
    properties: [(&str, S); N],
) -> Schema {
    let object = properties
        .into_iter()
        .fold(ObjectBuilder::new(), |object, (name, schema)| object.property(name, schema).required(name));
    object.build().into()
}

/// The schema of a body.
pub(in crate::server) fn object_of(shapes: &[Shape]) -> Schema {
    let object = shapes.iter().fold(ObjectBuilder::new(), |object, shape| {
        let object = object.property(shape.name, shape.schema.clone());
        if shape.is_required { object.required(shape.name) } else { object }
    });
    object.additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false))).build().into()
}

/// Adds the schemas of a resource and its changes.
pub(super) fn add_schemas<R: Resource>(components: &mut Components, name: &str) {
    let row = R::properties().into_iter().fold(ObjectBuilder::new(), |object, (column, schema)| {
        object.property(column, schema).required(column)
    });
    let row = row.description(Some(R::ABOUT.trim())).build();
    components.schemas.insert(name.to_owned(), RefOr::T(row.into()));
    let changes = R::change_shapes();
    if !changes.is_empty() {
        components.schemas.insert(format!("{name}Changes"), RefOr::T(object_of(&changes)));
    }
}

/// The header `Idempotency-Key`.
pub(super) fn once() -> Parameter {
    let key = ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[!-~]([ -~]*[!-~])?$"));
    super::parameter(
        "Idempotency-Key",
        ParameterIn::Header,
        "Makes the request idempotent: sent again, it returns the stored response",
        key,
    )
    .build()
}

/// The error responses of an operation: status and name of the shared response.
pub(super) fn problems(is_open: bool, has_body: bool, has_id: bool) -> Vec<(u16, &'static str)> {
    let always = [(400, "BadRequest"), (429, "TooManyAttempts"), (500, "Internal"), (503, "Unavailable")];
    let mut all: Vec<_> = always.to_vec();
    all.extend([(401, "Unauthorized"), (403, "Forbidden")]);
    if has_id || !is_open {
        all.push((404, "NotFound"));
    }
    if has_body || has_id {
        all.extend([(409, "Conflict"), (412, "PreconditionFailed")]);
    }
    if has_body {
        all.extend([
            (408, "RequestTimeout"),
            (413, "TooLarge"),
            (415, "UnsupportedMediaType"),
            (422, "InvalidFields"),
        ]);
    }
    all
}

/// Shared schemas and responses.
pub(super) fn common(components: &mut Components) {
    let codes = one_of(Code::ALL.iter().map(|code| code.name().to_owned()));
    let error = object([("pointer", text()), ("code", text()), ("detail", text())]);
    let problem = ObjectBuilder::new()
        .property("type", text())
        .property("title", text())
        .property("status", count())
        .property("code", codes)
        .property("detail", text())
        .property("errors", array(error))
        .description(Some("Problem details (RFC 9457)"));
    let problem =
        ["type", "title", "status", "code", "detail"].into_iter().fold(problem, ObjectBuilder::required);
    components.schemas.insert("Problem".to_owned(), RefOr::T(problem.build().into()));
    for (name, status) in RESPONSES {
        let titles: Vec<&str> =
            Code::ALL.iter().filter(|code| code.status() == *status).map(|code| code.title()).collect();
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let mut response = ResponseBuilder::new()
            .description(titles.join("; "))
            .content("application/problem+json", content);
        if [429, 503].contains(status) {
            let header = HeaderBuilder::new().schema(count()).description(Some("Seconds to wait")).build();
            response = response.header("Retry-After", header);
        }
        components.responses.insert((*name).to_owned(), RefOr::T(response.build()));
    }
    components.schemas.insert("Tokens".to_owned(), RefOr::T(tokens()));
    let invitation = object([
        ("user", RefOr::Ref(Ref::from_schema_name("User"))),
        ("invitation_token", RefOr::T(Text::schema())),
        ("expires_at", RefOr::T(transfer::values::Instant::schema())),
    ]);
    components.schemas.insert("Invitation".to_owned(), RefOr::T(invitation));
    let any = || RefOr::T(Schema::from(Object::with_type(SchemaType::AnyValue)));
    let me = object([("user", RefOr::Ref(Ref::from_schema_name("User"))), ("organization", any())]);
    components.schemas.insert("Me".to_owned(), RefOr::T(me));
    let action = object([
        ("action_type", RefOr::T(text())),
        ("log_count", count_ref()),
        ("document_count", count_ref()),
    ]);
    let summary = object([
        ("billing_period", RefOr::T(text())),
        ("document_count", count_ref()),
        ("actions", RefOr::T(array(action))),
        ("charge", any()),
    ]);
    components.schemas.insert("UsageSummary".to_owned(), RefOr::T(summary));
}

fn count_ref() -> RefOr<Schema> {
    RefOr::T(count())
}

fn tokens() -> Schema {
    object([
        ("access_token", RefOr::T(text())),
        ("token_type", RefOr::T(text())),
        ("expires_in", count_ref()),
        ("refresh_token", RefOr::T(text())),
        ("user", RefOr::Ref(Ref::from_schema_name("User"))),
    ])
}

const RESPONSES: &[(&str, u16)] = &[
    ("BadRequest", 400),
    ("Unauthorized", 401),
    ("Forbidden", 403),
    ("NotFound", 404),
    ("RequestTimeout", 408),
    ("Conflict", 409),
    ("PreconditionFailed", 412),
    ("TooLarge", 413),
    ("UnsupportedMediaType", 415),
    ("InvalidFields", 422),
    ("TooManyAttempts", 429),
    ("Internal", 500),
    ("Unavailable", 503),
];

/// The schema name for a resource name: `BillItem` for `bill item`.
pub(super) fn pascal(name: &str) -> String {
    name.split(' ').map(capital).collect()
}

pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A noun with its indefinite article: `an activity`, `a user`.
pub(super) fn with_article(noun: &str) -> String {
    let is_vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']) && !noun.starts_with("us");
    format!("{} {noun}", if is_vowel { "an" } else { "a" })
}

/// The tag of an operation outside of the resources.
pub(super) fn tag_of(address: &'static str) -> &'static str {
    match address.strip_prefix("/api/") {
        Some(rest) => rest.split('/').next().unwrap_or(rest),
        None => "operating",
    }
}
