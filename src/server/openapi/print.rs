//! The description as readable JSON with small diffs: shared parameters are referenced, and short values are on one
//! line.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Maximum length of a line.
const WIDTH: usize = 116;

/// Moves parameters that several operations share to `components`; utoipa has no references to parameters.
pub(super) fn share_parameters(document: &mut Value) {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for parameter in parameters(document) {
        *uses.entry(parameter.to_string()).or_default() += 1;
    }
    let mut shared = Map::new();
    for parameter in parameters(document) {
        if uses.get(&parameter.to_string()).is_none_or(|count| *count < 2) {
            continue;
        }
        let name = place_of(&mut shared, parameter);
        *parameter = json!({"$ref": format!("#/components/parameters/{name}")});
    }
    if let Some(components) = document["components"].as_object_mut() {
        components.insert("parameters".to_owned(), Value::Object(shared));
    }
}

/// Moves a schema that several places share to `components`. A place keeps what it adds, such as a default.
pub(super) fn share_schema(document: &mut Value, name: &str, schema: &Value) {
    let Some(shared) = schema.as_object() else { return };
    refer(document, &format!("#/components/schemas/{name}"), shared);
    document["components"]["schemas"][name] = schema.clone();
}

fn refer(value: &mut Value, place: &str, shared: &Map<String, Value>) {
    match value {
        Value::Object(members) => {
            if shared.iter().all(|(name, held)| members.get(name) == Some(held)) {
                members.retain(|name, _| !shared.contains_key(name));
                members.insert("$ref".to_owned(), json!(place));
            }
            members.values_mut().for_each(|member| refer(member, place, shared));
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| refer(element, place, shared)),
        _ => {}
    }
}

/// The parameters of all operations.
fn parameters(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let items = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    let operations = items.filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    operations.filter_map(|operation| operation.get_mut("parameters")?.as_array_mut()).flatten()
}

/// The name of a shared parameter: its own, with a number if it is taken.
fn place_of(shared: &mut Map<String, Value>, parameter: &Value) -> String {
    let own = parameter["name"].as_str().unwrap_or_default();
    let mut name = own.to_owned();
    let mut number = 1;
    while shared.get(&name).is_some_and(|other| other != parameter) {
        number += 1;
        name = format!("{own}-{number}");
    }
    shared.insert(name.clone(), parameter.clone());
    name
}

/// The value as JSON text; deterministic.
pub(super) fn pretty(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, 0, 0);
    out.push('\n');
    out
}

/// Writes a value that starts at column `used` of a line at this depth.
fn write(out: &mut String, value: &Value, depth: usize, used: usize) {
    let line = value.to_string();
    let parts: Vec<(String, &Value)> = match value {
        // One column is left for a comma.
        _ if used + line.chars().count() < WIDTH => return out.push_str(&line),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (format!("{}: ", json!(name)), member)).collect()
        }
        Value::Array(elements) => elements.iter().map(|element| (String::new(), element)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return out.push_str(&line),
    };
    let (open, close) = if value.is_array() { ('[', ']') } else { ('{', '}') };
    let indent = "  ".repeat(depth);
    out.push(open);
    for (index, (name, part)) in parts.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&format!("{indent}  {name}"));
        write(out, part, depth + 1, indent.len() + 2 + name.chars().count());
    }
    out.push_str(&format!("\n{indent}{close}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_json_parses_to_the_same_value() {
        let long = "x".repeat(80);
        let value = json!({"a": [1, {"b": long, "c\"": [long, null, {}]}], "d": [], "e": {"f": -1.5}});
        let text = pretty(&value);
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), value);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.contains("\n  \"e\": {\"f\":-1.5}\n"), "{text}");
    }

    #[test]
    fn shared_parameters_are_moved_to_components() {
        let parameter = |name: &str, most: i32| json!({"name": name, "schema": {"maximum": most}});
        let of = |parameters: &[Value]| json!({"get": {"parameters": parameters}, "post": {}});
        let mut document = json!({"components": {}, "paths": {
            "/a": of(&[parameter("x", 1), parameter("x", 2)]),
            "/b": of(&[parameter("x", 1), parameter("y", 1)]),
            "/c": of(&[parameter("x", 2)]),
        }});
        share_parameters(&mut document);
        let shared = json!({"x": parameter("x", 1), "x-2": parameter("x", 2)});
        assert_eq!(document["components"]["parameters"], shared);
        let reference = |name: &str| json!({"$ref": format!("#/components/parameters/{name}")});
        assert_eq!(document["paths"]["/a"], of(&[reference("x"), reference("x-2")]));
        assert_eq!(document["paths"]["/b"], of(&[reference("x"), parameter("y", 1)]));
    }
}
