//! The routes of the OpenAPI description.

use serde_json::Value;

/// An operation.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// `GET`.
    pub(super) method: String,
    /// `/api/bills/{parent_id}/bill-items`.
    pub(super) address: String,
    /// Whether it requires no authentication.
    pub(super) is_open: bool,
    /// The fields of its body, including those of nested objects: `items/0/product_id`.
    pub(super) fields: Vec<String>,
    /// The parameters of its query.
    pub(super) filters: Vec<String>,
}

/// The meaning of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// `/api/bills`
    All { resource: &'a str },
    /// `/api/bills/{parent_id}/bill-items`
    Under { parent: &'a str, resource: &'a str },
    /// `/api/bills/{id}`
    One { resource: &'a str },
    /// `/api/bills/{id}/issue`
    Action { resource: &'a str, action: &'a str },
    /// Authentication, health and other routes outside of the resources.
    Other,
}

impl Route {
    pub(super) fn kind(&self) -> Kind<'_> {
        let parts: Vec<&str> = self.address.trim_start_matches('/').split('/').collect();
        match parts.as_slice() {
            ["api", resource] => Kind::All { resource },
            ["api", parent, "{parent_id}", resource] => Kind::Under { parent, resource },
            ["api", resource, "{id}"] => Kind::One { resource },
            ["api", resource, "{id}", action] => Kind::Action { resource, action },
            _ => {
                assert!(!self.address.contains('{'), "an address of a form that is not tried: {self:?}");
                Kind::Other
            }
        }
    }
}

/// All routes.
pub(super) fn all() -> Vec<Route> {
    let description = serde_json::to_value(backoffice::server::describe_api()).expect("JSON");
    let mut routes = Vec::new();
    for (address, methods) in description["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let mut fields = Vec::new();
            collect(&description, schema, "", &mut fields);
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let of_query = parameters.iter().filter(|parameter| parameter["in"] == "query");
            let filters = of_query.map(|each| each["name"].as_str().expect("a name").to_owned()).collect();
            let is_open = operation["security"].as_array().is_none_or(Vec::is_empty);
            routes.push(Route {
                method: method.to_uppercase(),
                address: address.clone(),
                is_open,
                fields,
                filters,
            });
        }
    }
    assert!(routes.len() > 150, "the description is read: {}", routes.len());
    routes
}

fn collect(description: &Value, schema: &Value, before: &str, fields: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let named = description.pointer(name.trim_start_matches('#')).expect("a schema of this name");
        return collect(description, named, before, fields);
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        let place = format!("{before}{name}");
        collect(description, &schema["items"], &format!("{place}/0/"), fields);
        fields.push(place);
    }
}
