//! The operations of the OpenAPI description: new resources are included automatically.

use serde_json::{Map, Value};

/// An operation of the description.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    /// `GET`.
    pub(super) method: String,
    /// `/api/bills/{parent_id}/bill-items`.
    pub(super) address: String,
    /// The resource of the response: `bill-items`.
    pub(super) resource: String,
    /// The resource of the parent key in the path: `bills`.
    pub(super) parent: Option<String>,
    /// Query parameters with their schemas.
    pub(super) query: Vec<(String, Value)>,
    /// The schema of the body.
    pub(super) body: Option<Value>,
    pub(super) is_list: bool,
    pub(super) is_action: bool,
}

/// All operations on resources.
pub(super) fn operations() -> Vec<Operation> {
    let description = serde_json::to_value(backoffice::server::describe_api()).expect("JSON");
    let paths = description["paths"].as_object().expect("paths");
    let resources = paths.iter().filter(|(path, _)| path.starts_with("/api/") && !path.contains("/auth/"));
    let all: Vec<Operation> = resources
        .flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().map(move |(method, it)| (path, method, it))
        })
        .map(|(path, method, it)| operation(path, method, it, &description["components"]["schemas"]))
        .collect();
    assert!(all.len() > 150, "{} operations", all.len());
    all
}

fn operation(address: &str, method: &str, it: &Value, schemas: &Value) -> Operation {
    let segments: Vec<&str> = address.trim_start_matches("/api/").split('/').collect();
    let is_action = matches!(segments.as_slice(), [_, "{id}", _]);
    let parent = segments.get(1).filter(|second| second.starts_with('{')).map(|_| segments[0].to_owned());
    let resource = match segments.as_slice() {
        [_, "{parent_id}", child] => child,
        [first, ..] => first,
        [] => unreachable!("an address has a segment"),
    };
    let parameters = it["parameters"].as_array().into_iter().flatten().filter(|each| each["in"] == "query");
    let query: Vec<(String, Value)> = parameters
        .map(|each| (each["name"].as_str().expect("a name").to_owned(), each["schema"].clone()))
        .collect();
    let body = &it["requestBody"]["content"]["application/json"]["schema"];
    let body = match body["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        Some(name) => Some(schemas[name].clone()),
        None => Some(body.clone()).filter(|body| !body.is_null()),
    };
    Operation {
        method: method.to_uppercase(),
        address: address.to_owned(),
        resource: (*resource).to_owned(),
        parent,
        is_list: query.iter().any(|(name, _)| name == "cursor"),
        query,
        body,
        is_action,
    }
}

impl Operation {
    /// The resources that must exist for this operation.
    pub(super) fn needs(&self) -> Vec<String> {
        let required = self.body.iter().flat_map(|body| body["required"].as_array().into_iter().flatten());
        let referred = required.filter_map(|name| resource_of(name.as_str()?));
        self.parent.clone().into_iter().chain(referred).filter(|each| each != "users").collect()
    }
}

/// The resource that a field refers to by its name: `customers` for `customer_id`.
pub(super) fn resource_of(field: &str) -> Option<String> {
    let name = field.strip_suffix("_id")?;
    let name = match name {
        "entity" | "stripe_customer" | "stripe_subscription" => return None,
        "parent_task" => "task",
        name if name.ends_with("user") => "user",
        name => name,
    };
    let name = name.replace('_', "-");
    Some(if name.ends_with("ch") { format!("{name}es") } else { format!("{name}s") })
}

/// The fields of a body's schema.
pub(super) fn fields(schema: &Value) -> Map<String, Value> {
    schema["properties"].as_object().cloned().unwrap_or_default()
}
