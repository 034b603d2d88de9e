//! The OpenAPI 3.1 description, generated from the same definitions as the router.

mod parts;
mod print;
mod reference;

use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{Ref, Schema};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, HeaderBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder,
    RefOr, Required, ResponseBuilder,
};

use super::fields::Shape;
use super::listing::{LARGEST_PAGE, PAGE, filters};
use super::resource::{Collection, Resource};
use super::rights::{Verb, is_offered};
use super::{health, resources, sign_in};

pub(super) use parts::{array, array_of_at_most, count, object, object_of};
pub(super) use reference::{document, page};

/// Name of the security scheme for access tokens.
const BEARER: &str = "bearer";

/// The description while it is built.
pub(super) struct Description {
    paths: PathsBuilder,
    components: Components,
}

/// An operation outside of the generic resource routes.
#[derive(Clone)]
pub(super) struct Described {
    method: &'static str,
    address: &'static str,
    about: &'static str,
    status: u16,
    shapes: Vec<Shape>,
    parameters: Vec<Shape>,
    answer: Option<&'static str>,
    is_open: bool,
}

impl Described {
    /// An operation without authentication.
    pub(super) fn open(
        method: &'static str,
        address: &'static str,
        about: &'static str,
        status: u16,
        shapes: Vec<Shape>,
    ) -> Self {
        let (parameters, answer) = (Vec::new(), None);
        Self { method, address, about, status, shapes, parameters, answer, is_open: true }
    }

    /// An operation that requires an access token.
    pub(super) fn signed_in(
        method: &'static str,
        address: &'static str,
        about: &'static str,
        status: u16,
        shapes: Vec<Shape>,
    ) -> Self {
        Self { is_open: false, ..Self::open(method, address, about, status, shapes) }
    }

    /// Sets the schema of the response.
    pub(super) fn answers(self, schema: &'static str) -> Self {
        Self { answer: Some(schema), ..self }
    }

    /// Adds a query parameter.
    pub(super) fn parameter(mut self, shape: Shape) -> Self {
        self.parameters.push(shape);
        self
    }
}

/// The complete description.
pub fn describe_api() -> OpenApi {
    let mut description = Description { paths: PathsBuilder::new(), components: Components::new() };
    parts::common(&mut description.components);
    resources::describe(&mut description);
    for described in [sign_in::described(), resources::described(), health::described()].concat() {
        description.add(&described);
    }
    let bearer = Http::builder().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    description.components.add_security_scheme(BEARER, SecurityScheme::Http(bearer));
    let info = InfoBuilder::new()
        .title("Backoffice")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(parts::ABOUT))
        .build();
    OpenApiBuilder::new().info(info).paths(description.paths).components(Some(description.components)).build()
}

/// An operation without its responses.
struct Sketch<'a> {
    id: String,
    tag: &'a str,
    about: String,
    is_open: bool,
    has_body: bool,
    has_id: bool,
}

impl Sketch<'_> {
    fn begin(&self) -> OperationBuilder {
        let mut operation = OperationBuilder::new()
            .operation_id(Some(self.id.clone()))
            .tag(self.tag)
            .summary(Some(self.about.clone()));
        if !self.is_open {
            operation = operation.security(SecurityRequirement::new::<_, [&str; 0], &str>(BEARER, []));
        }
        for (status, about) in parts::problems(self.is_open, self.has_body, self.has_id) {
            operation = operation.response(status.to_string(), Ref::from_response_name(about));
        }
        operation
    }
}

fn schema_ref(name: &str) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(name))
}

fn body_of(schema: RefOr<Schema>, is_required: bool) -> utoipa::openapi::request_body::RequestBody {
    let required = if is_required { Required::True } else { Required::False };
    let content = ContentBuilder::new().schema(Some(schema)).build();
    RequestBodyBuilder::new().content("application/json", content).required(Some(required)).build()
}

fn answer_of(about: &str, schema: Option<RefOr<Schema>>, headers: &[&str]) -> ResponseBuilder {
    let mut response = ResponseBuilder::new().description(about);
    if let Some(schema) = schema {
        response = response.content("application/json", ContentBuilder::new().schema(Some(schema)).build());
    }
    for header in headers {
        response = response.header(*header, HeaderBuilder::new().schema(parts::text()).build());
    }
    response
}

fn parameter(
    name: &str,
    location: ParameterIn,
    about: &str,
    schema: impl Into<RefOr<Schema>>,
) -> ParameterBuilder {
    let is_required = location == ParameterIn::Path;
    ParameterBuilder::new()
        .name(name)
        .parameter_in(location)
        .required(if is_required { Required::True } else { Required::False })
        .description(Some(about))
        .schema(Some(schema))
}

impl Description {
    fn operation(&mut self, address: &str, method: HttpMethod, operation: OperationBuilder) {
        let paths = std::mem::take(&mut self.paths);
        // Operations of the same path are merged.
        self.paths = paths.path(address, PathItem::new(method, operation));
    }

    fn add(&mut self, described: &Described) {
        let Described { method, address, about, status, shapes, parameters, answer, is_open } = described;
        let verb = if *method == "get" { HttpMethod::Get } else { HttpMethod::Post };
        let tail = address.trim_start_matches("/api/").replace(['/', '-'], "_");
        let tag = if address.starts_with("/api/auth") { "sign-in" } else { parts::tag_of(address) };
        let sketch = Sketch {
            id: format!("{method}_{tail}"),
            tag,
            about: (*about).to_owned(),
            is_open: *is_open,
            has_body: *method == "post",
            has_id: false,
        };
        let mut operation = sketch.begin();
        if !shapes.is_empty() {
            operation = operation.request_body(Some(body_of(object_of(shapes).into(), true)));
        }
        for shape in parameters {
            let given = parameter(shape.name, ParameterIn::Query, "", shape.schema.clone());
            let required = if shape.is_required { Required::True } else { Required::False };
            operation = operation.parameter(given.required(required).description::<String>(None));
        }
        let answer = answer_of("Success", answer.map(schema_ref), &[]);
        operation = operation.response(status.to_string(), answer);
        self.operation(address, verb, operation);
    }
}

/// Describes a resource.
pub(super) fn describe<R: Resource>(description: &mut Description) {
    let name = parts::pascal(R::NAME);
    parts::add_schemas::<R>(&mut description.components, &name);
    for collection in R::COLLECTIONS {
        describe_collection::<R>(description, collection, &name);
    }
    let address = format!("/api/{}/{{id}}", R::PATH);
    let id = || parameter("id", ParameterIn::Path, "Primary key", <R::Key as crate::models::Field>::schema());
    let if_match = || {
        parameter(
            "If-Match",
            ParameterIn::Header,
            "ETag of the row that the change is based on",
            parts::text(),
        )
    };
    let sketch = |verb: &str, has_body: bool| Sketch {
        id: format!("{verb}_{}", R::NAME.replace(' ', "_")),
        tag: R::PATH,
        about: format!("{} {}", parts::capital(verb), parts::with_article(R::NAME)),
        is_open: false,
        has_body,
        has_id: true,
    };
    let row = || answer_of("The row, with its ETag", Some(schema_ref(&name)), &["ETag"]);
    let known = parameter(
        "If-None-Match",
        ParameterIn::Header,
        "ETag of the representation that the client has",
        parts::text(),
    );
    let read = sketch("read", false).begin().parameter(id()).parameter(known).response("200", row());
    let read = read.response("304", answer_of("Not Modified", None, &["ETag"]));
    description.operation(&address, HttpMethod::Get, read);
    if is_offered(R::KIND, Verb::Update) {
        let body = body_of(schema_ref(&format!("{name}Changes")), true);
        let change = sketch("change", true).begin().parameter(id()).parameter(if_match());
        let change = change.request_body(Some(body)).response("200", row());
        description.operation(&address, HttpMethod::Patch, change);
    }
    if is_offered(R::KIND, Verb::Delete) {
        let delete = sketch("delete", false).begin().parameter(id()).parameter(if_match());
        let delete = delete.response("204", answer_of("Deleted", None, &[]));
        description.operation(&address, HttpMethod::Delete, delete);
    }
    for action in R::ACTIONS {
        let shapes = (action.shapes)();
        let about = Sketch { about: action.about.to_owned(), ..sketch(&action.name.replace('-', "_"), true) };
        let mut operation = about.begin().parameter(id()).parameter(if_match()).parameter(parts::once());
        let is_required = shapes.iter().any(|shape| shape.is_required);
        operation = operation.request_body(Some(body_of(object_of(&shapes).into(), is_required)));
        operation = match action.answer {
            None => operation.response("200", row()),
            Some(answer) => {
                operation.response("200", answer_of("Result of the action", Some(answer().into()), &[]))
            }
        };
        description.operation(&format!("{address}/{}", action.name), HttpMethod::Post, operation);
    }
}

fn describe_collection<R: Resource>(description: &mut Description, collection: &Collection, name: &str) {
    let address = collection.address(R::PATH);
    let (suffix, fixed) = match collection {
        Collection::In(parent) => (format!("_of_{}", parent.name.replace(' ', "_")), Some(parent)),
        Collection::Organization | Collection::User | Collection::Platform => (String::new(), None),
    };
    let parent = || {
        let parent = fixed?;
        Some(parameter(
            "parent_id",
            ParameterIn::Path,
            &format!("Primary key of the {}", parent.name),
            (parent.schema)(),
        ))
    };
    let plural = R::PATH.replace('-', "_");
    let sketch = |verb: &str, about: String, has_body: bool| Sketch {
        id: format!("{verb}_{plural}{suffix}"),
        tag: R::PATH,
        about,
        is_open: false,
        has_body,
        has_id: fixed.is_some(),
    };
    if is_offered(R::KIND, Verb::Read) {
        let mut list = sketch("list", format!("List {}", R::PATH.replace('-', " ")), false).begin();
        list = parent().into_iter().fold(list, OperationBuilder::parameter);
        list = list.parameter(parameter(
            "limit",
            ParameterIn::Query,
            "Rows per page",
            parts::limit(PAGE, LARGEST_PAGE),
        ));
        let sorts = R::SORTS.iter().flat_map(|sort| [(*sort).to_owned(), format!("-{sort}")]);
        list = list.parameter(parameter(
            "sort",
            ParameterIn::Query,
            "Sort column; prefix `-` for descending order",
            parts::one_of(sorts),
        ));
        list = list.parameter(parameter(
            "cursor",
            ParameterIn::Query,
            "`next` of the previous page",
            parts::text(),
        ));
        for filter in filters::<R>(fixed.map(|parent| parent.column)) {
            let Some(schema) = R::filter_schema(filter) else { continue };
            list = list.parameter(parameter(filter, ParameterIn::Query, "Only rows with this value", schema));
        }
        let page = object([("items", array(schema_ref(name))), ("next", parts::nullable_text())]);
        list = list.response("200", answer_of("A page of the list", Some(page.into()), &[]));
        description.operation(&address, HttpMethod::Get, list);
    }
    if is_offered(R::KIND, Verb::Create) {
        let mut create = sketch("create", format!("Create {}", parts::with_article(R::NAME)), true)
            .begin()
            .parameter(parts::once());
        create = parent().into_iter().fold(create, OperationBuilder::parameter);
        let mut shapes = R::new_shapes();
        shapes.retain(|shape| Some(shape.name) != fixed.map(|parent| parent.column));
        create = create.request_body(Some(body_of(object_of(&shapes).into(), true)));
        let headers = ["ETag", "Location"];
        create = create.response("201", answer_of("Created", Some(schema_ref(name)), &headers));
        description.operation(&address, HttpMethod::Post, create);
    }
}
