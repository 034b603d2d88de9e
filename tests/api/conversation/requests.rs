//! Common features of requests: conditional requests, idempotency keys, problems.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::{alike, faults, key, number};
use crate::site::{Answer, PASSWORD, on_both};

#[test]
fn a_change_with_an_outdated_etag_fails() {
    alike(|talk| {
        let made = talk.with(201, "POST", "/api/customers", &[], json!({"name": "Bob"}));
        let customer = format!("/api/customers/{}", key(&made.body));
        assert_eq!(made.headers["location"], customer);
        let old = made.headers["etag"].clone();
        let read = talk.with(200, "GET", &customer, &[], Value::Null);
        assert_eq!(read.headers["etag"], old);
        let known = talk.with(304, "GET", &customer, &[("if-none-match", &old)], Value::Null);
        assert_eq!((known.text.as_str(), &known.headers["etag"]), ("", &old));

        let changed = talk.with(200, "PATCH", &customer, &[("if-match", &old)], json!({"phone": "1"}));
        let new = changed.headers["etag"].clone();
        assert_ne!(new, old);
        talk.with(200, "GET", &customer, &[("if-none-match", &old)], Value::Null);
        let stale = talk.with(412, "PATCH", &customer, &[("if-match", &old)], json!({"phone": "2"}));
        assert_eq!(stale.body["code"], "precondition_failed");
        talk.with(412, "DELETE", &customer, &[("if-match", &old)], Value::Null);
        talk.with(412, "PATCH", &customer, &[("if-match", &format!("W/{new}"))], json!({"phone": "2"}));
        let same = talk.with(200, "PATCH", &customer, &[("if-match", &new)], json!({}));
        assert_eq!((&same.headers["etag"], &same.body["phone"]), (&new, &json!("1")));
        talk.with(204, "DELETE", &customer, &[("if-match", "*")], Value::Null);
        talk.with(404, "DELETE", &customer, &[], Value::Null);
    });
}

#[test]
fn an_action_with_an_outdated_etag_fails() {
    alike(|talk| {
        let made = talk.with(201, "POST", "/api/tasks", &[], json!({"title": "x"}));
        let task = format!("/api/tasks/{}", key(&made.body));
        talk.ask(200, "PATCH", &task, json!({"title": "y"}));
        let stale = [("if-match", made.headers["etag"].as_str())];
        talk.with(412, "POST", &format!("{task}/complete"), &stale, Value::Null);
        assert_eq!(talk.ask(200, "GET", &task, Value::Null)["completed"], false);
    });
}

#[test]
fn a_repeated_request_returns_the_stored_response() {
    alike(|talk| {
        let headers = [("idempotency-key", "k-1")];
        let first = talk.with(201, "POST", "/api/customers", &headers, json!({"name": "Bob"}));
        let again = talk.with(201, "POST", "/api/customers", &headers, json!({"name": "Bob"}));
        assert_eq!((&again.text, &again.headers["etag"]), (&first.text, &first.headers["etag"]));
        assert_eq!(again.headers["location"], first.headers["location"]);
        assert_eq!(again.headers["idempotency-replayed"], "true");
        assert!(!first.headers.contains_key("idempotency-replayed"));
        let reused = talk.with(422, "POST", "/api/customers", &headers, json!({"name": "Eve"}));
        assert_eq!(reused.body["code"], "idempotency_key_reused");
        talk.with(422, "POST", "/api/products", &headers, json!({"code": "x", "name": "x", "price": "1"}));
        assert_eq!(talk.list("/api/customers").len(), 1);

        // A rejected request was not executed: its key can be used again.
        let headers = [("idempotency-key", "k-2")];
        let bill = talk.create("/api/bills", json!({"bill_number": "B"}));
        let issue = format!("/api/bills/{bill}/issue");
        talk.with(409, "POST", &issue, &headers, Value::Null);
        let item = json!({"description": "x", "quantity": "1", "unit_price": "10"});
        talk.create(&format!("/api/bills/{bill}/bill-items"), item);
        talk.with(200, "POST", &issue, &headers, Value::Null);
        let again = talk.with(200, "POST", &issue, &headers, Value::Null);
        assert_eq!(again.headers["idempotency-replayed"], "true");

        // The key of another user is independent; stored responses expire after a day.
        let member = talk.site.join(&talk.owner, "member", "m@example.org");
        let headers = [("idempotency-key", "k-1")];
        talk.ask_with(Some(&member), 201, "POST", "/api/customers", &headers, &json!({"name": "Eve"}));
        talk.with(400, "POST", "/api/customers", &[("idempotency-key", "")], json!({"name": "x"}));
    });
}

#[test]
fn an_idempotency_key_is_valid_for_a_day() {
    alike(|talk| {
        let headers = [("idempotency-key", "k")];
        talk.with(201, "POST", "/api/customers", &headers, json!({"name": "Bob"}));
        crate::site::pass(std::time::Duration::from_secs(24 * 60 * 60 + 1));
        let body = json!({"email": talk.owner.email, "password": PASSWORD});
        let again = talk.site.ask("POST", "/api/auth/login", None, &body);
        talk.owner.token = again.body["access_token"].as_str().expect("a token").to_owned();
        let later = talk.with(201, "POST", "/api/customers", &headers, json!({"name": "Eve"}));
        assert!(!later.headers.contains_key("idempotency-replayed"));
        assert_eq!(talk.list("/api/customers").len(), 2);
    });
}

#[test]
fn of_two_concurrent_requests_one_is_executed_and_both_get_its_response() {
    let counts = on_both(|site| {
        let owner = site.register("Acme", "ada@example.org");
        let request = || {
            let request =
                Request::post("/api/customers").header("authorization", format!("Bearer {}", owner.token));
            let request = request.header("content-type", "application/json").header("idempotency-key", "k");
            request.body(Body::from(r#"{"name":"Bob"}"#)).expect("a request")
        };
        let answers: Vec<Answer> = site.send_at_once((0..6).map(|_| request()).collect());
        for answer in &answers {
            assert_eq!((answer.status, &answer.text), (201, &answers[0].text), "{}", site.backend);
        }
        let again =
            answers.iter().filter(|answer| answer.headers.contains_key("idempotency-replayed")).count();
        let rows = site.expect(200, &owner, "GET", "/api/customers", &Value::Null);
        (again, super::items(rows).len())
    });
    assert_eq!(counts, ((5, 1), (5, 1)));
}

#[test]
fn all_errors_of_a_body_are_reported_at_once() {
    alike(|talk| {
        let body = json!({"code": "", "price": 1.5, "tax_rate": "-1", "stock": 2_147_483_648_i64, "is_active": null,
            "no/such~field": 1, "barcode": "a\u{0}b"});
        let told = talk.with(422, "POST", "/api/products", &[], body);
        assert_eq!(told.headers["content-type"], "application/problem+json");
        let expected = [
            ("/code", "out_of_range"),
            ("/name", "required"),
            ("/price", "invalid"),
            ("/tax_rate", "out_of_range"),
            ("/stock", "invalid"),
            ("/barcode", "invalid"),
            ("/is_active", "invalid"),
            ("/no~1such~0field", "unknown_field"),
        ];
        assert_eq!(faults(&told.body), expected);
        let told = &told.body;
        assert_eq!((&told["status"], &told["code"]), (&json!(422), &json!("invalid_fields")));
        assert_eq!(told["type"], "/problems/invalid_fields");

        let bill = talk.create("/api/bills", json!({"bill_number": "B"}));
        let items = json!({"items": [{"description": "x", "quantity": "1", "unit_price": "1"}, {"quantity": "x"}, 7]});
        let told = talk.ask(422, "POST", &format!("/api/bills/{bill}/issue"), items);
        let expected = [
            ("/items/1/description", "required"),
            ("/items/1/quantity", "invalid"),
            ("/items/1/unit_price", "required"),
            ("/items/2", "invalid"),
        ];
        assert_eq!(faults(&told), expected);
        let told = talk.ask(
            422,
            "POST",
            &format!("/api/bills/{bill}/bill-items"),
            json!({"bill_id": number(&bill),
            "description": "x", "quantity": "1", "unit_price": "1"}),
        );
        assert_eq!(faults(&told), [("/bill_id", "not_taken")]);
    });
}

#[test]
fn unreadable_requests_have_their_own_status() {
    alike(|talk| {
        let token = format!("Bearer {}", talk.owner.token);
        let mut send = |status: u16, code: &str, method: &str, path: &str, kind: &str, body: String| {
            let request = Request::builder().method(method).uri(path).header("authorization", &token);
            let request = request.header("content-type", kind).body(Body::from(body)).expect("a request");
            let answer = talk.site.send(request);
            assert_eq!(
                (answer.status, answer.body["code"].as_str()),
                (status, Some(code)),
                "{method} {path}"
            );
            talk.steps.push((format!("{method} {path}"), answer.status, answer.body));
        };
        let json = "application/json";
        for body in ["", "{", "[]", "7", "{\"name\":\"x\",\"name\":\"y\"}"] {
            send(400, "invalid_body", "POST", "/api/customers", json, body.into());
        }
        // JSON in its form, but not a value of its field.
        let unpaired = "{\"name\":\"\\ud800\"}";
        send(422, "invalid_fields", "POST", "/api/customers", json, unpaired.into());
        send(
            415,
            "unsupported_media_type",
            "POST",
            "/api/customers",
            "text/plain",
            "{\"name\":\"x\"}".into(),
        );
        send(
            413,
            "body_too_large",
            "POST",
            "/api/customers",
            json,
            format!("{{\"name\":\"{}\"}}", "x".repeat(1 << 20)),
        );
        send(405, "method_not_allowed", "PUT", "/api/customers", json, "{}".into());
        send(405, "method_not_allowed", "POST", "/api/activities", json, "{}".into());
        send(405, "method_not_allowed", "DELETE", "/api/bills/1/issue", json, String::new());
        for path in ["/api/nothing", "/api/customers/1/nothing", "/api/customers/x", "/api/customers/-1"] {
            send(404, "not_found", "GET", path, json, String::new());
        }
        send(404, "not_found", "GET", "/api/batches/1/documents", json, String::new());
        for query in [
            "limit=0",
            "limit=201",
            "sort=phone",
            "cursor=x",
            "name=x",
            "limit=1&limit=1",
            "organization_id=1",
        ] {
            send(400, "invalid_parameter", "GET", &format!("/api/customers?{query}"), json, String::new());
        }
        for (coding, status) in [("gzip", 415), ("identity, br", 415), ("Identity", 201)] {
            let request = Request::post("/api/customers").header("authorization", &token);
            let request = request.header("content-type", json).header("content-encoding", coding);
            let answer = talk.site.send(request.body(Body::from("{\"name\":\"x\"}")).expect("a request"));
            assert_eq!(answer.status, status, "{coding}");
        }
    });
}
