//! `/api/openapi.json`, and `/api/docs`: the description as an HTML page without scripts. A test compares
//! `docs/openapi.json` with the response of the former.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value;

use super::{describe_api, print};
use crate::models::{Currency, Field as _};
use crate::server::fields::to_json;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let mut document = to_json(&describe_api());
    print::share_parameters(&mut document);
    print::share_schema(&mut document, "Currency", &to_json(&Currency::schema()));
    print::pretty(&document)
});
static PAGE: LazyLock<String> = LazyLock::new(|| render(&to_json(&describe_api())));

/// The description as JSON.
pub(in crate::server) async fn document() -> Response {
    let mut response = DOCUMENT.as_str().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The description as an HTML page.
pub(in crate::server) async fn page() -> Response {
    let mut response = Html(PAGE.as_str()).into_response();
    let policy =
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#222}\
h2{margin-top:2.5rem;border-bottom:1px solid #ddd}details{border:1px solid #ddd;border-radius:4px;margin:.4rem 0;padding:.3rem .7rem}\
summary{cursor:pointer}code{font-family:ui-monospace,monospace}.m{display:inline-block;width:4.2rem;font-weight:600}\
table{border-collapse:collapse;margin:.5rem 0}td{padding:.1rem .8rem .1rem 0;vertical-align:top}.r{color:#a00}";

fn render(document: &Value) -> String {
    let mut out = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Backoffice API</title><style>{STYLE}</style>\
         <h1>Backoffice API</h1><p>{}</p><p>OpenAPI document: <a href=\"/api/openapi.json\">openapi.json</a></p>",
        escape(text(&document["info"]["description"]))
    );
    let operations = operations(document);
    let mut tags: Vec<&str> = operations.iter().map(|(tag, ..)| *tag).collect();
    tags.dedup();
    let mut seen: Vec<&str> = Vec::new();
    for tag in tags {
        if seen.contains(&tag) {
            continue;
        }
        seen.push(tag);
        out.push_str(&format!("<h2>{}</h2>", escape(tag)));
        for (_, address, method, operation) in operations.iter().filter(|(each, ..)| *each == tag) {
            render_operation(&mut out, document, address, method, operation);
        }
    }
    out
}

/// All operations with tag, path and method, sorted by tag.
fn operations(document: &Value) -> Vec<(&str, &str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let mut all: Vec<_> = paths
        .flat_map(|(address, item)| {
            let methods = item.as_object().into_iter().flatten();
            methods.map(move |(method, operation)| {
                (text(&operation["tags"][0]), address.as_str(), method.as_str(), operation)
            })
        })
        .collect();
    all.sort_by_key(|(tag, address, ..)| (*tag, *address));
    all
}

fn render_operation(out: &mut String, document: &Value, address: &str, method: &str, operation: &Value) {
    out.push_str(&format!(
        "<details><summary><span class=m>{}</span><code>{}</code> {}</summary><table>",
        method.to_uppercase(),
        escape(address),
        escape(text(&operation["summary"]))
    ));
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let label = format!("{} ({})", text(&parameter["name"]), text(&parameter["in"]));
        render_row(out, &label, &parameter["schema"], parameter["required"] == true);
    }
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    let body = resolve(document, body);
    let required: Vec<&str> = body["required"].as_array().into_iter().flatten().map(text).collect();
    for (name, schema) in body["properties"].as_object().into_iter().flatten() {
        render_row(out, name, schema, required.contains(&name.as_str()));
    }
    out.push_str("</table><p>Responses: ");
    let answers = operation["responses"].as_object().into_iter().flatten();
    let answers: Vec<&str> = answers.map(|(status, _)| status.as_str()).collect();
    out.push_str(&answers.join(", "));
    out.push_str("</p></details>");
}

fn render_row(out: &mut String, name: &str, schema: &Value, is_required: bool) {
    let mark = if is_required { " <span class=r>required</span>" } else { "" };
    out.push_str(&format!(
        "<tr><td><code>{}</code>{mark}<td><code>{}</code>",
        escape(name),
        escape(&schema.to_string())
    ));
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
    name.map_or(schema, |name| &document["components"]["schemas"][name])
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
