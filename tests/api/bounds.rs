//! What a request may store and what a response may contain is bounded by bytes, on both backends.

use serde_json::{Value, json};

use crate::site::{Person, Site, on_both};

/// A report run with these parameters, as JSON text: numbers keep their form.
fn run(params: &str) -> Value {
    let params: Value = serde_json::from_str(params).expect("JSON");
    json!({"kind": "x", "params": params})
}

#[test]
fn a_number_that_becomes_thousands_of_digits_is_refused_with_its_field() {
    let (sqlite, postgres) = on_both(|site| {
        let owner = site.register("Acme", "ada@example.org");
        let ask = |params: &str| {
            let answer = site.ask("POST", "/api/report-runs", Some(&owner.token), &run(params));
            (answer.status, answer.body["errors"][0].clone())
        };
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let written_out = format!("[{}]", ["1e399"; 700].join(","));
        for refused in
            ["9e131071", r#"{"a":[-1e400]}"#, "1e-401", "1e99999999999999999999", &deep(65), &written_out]
        {
            let (status, error) = ask(refused);
            assert_eq!((status, &error["pointer"]), (422, &json!("/params")), "{refused}: {error}");
        }
        // Every finite double, and the most levels.
        let extremes = "[1.7976931348623157e308,5e-324,-1.7976931348623157e+308,9e399,1e-400]";
        let kept: Vec<String> = [extremes, &deep(64)]
            .into_iter()
            .map(|params| {
                let made = site.expect(201, &owner, "POST", "/api/report-runs", &run(params));
                let key = made["id"].as_str().expect("a key").to_owned();
                let read = site.expect(200, &owner, "GET", &format!("/api/report-runs/{key}"), &Value::Null);
                assert_eq!(read, made, "{}", site.backend);
                read["params"].to_string()
            })
            .collect();
        assert!(kept[0].len() < 120, "as digits with an exponent: {}", kept[0]);
        let listed = site.expect(200, &owner, "GET", "/api/report-runs", &Value::Null);
        assert!(listed.to_string().len() < 2000, "{listed}");
        kept
    });
    assert_eq!(sqlite, postgres);
}

/// The keys of all pages of a list, and the rows and bytes of each page.
fn pages(site: &Site, owner: &Person, path: &str) -> (Vec<String>, Vec<(usize, usize)>) {
    let (mut keys, mut sizes, mut next) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = site.ask("GET", &format!("{path}&limit=200{next}"), Some(&owner.token), &Value::Null);
        assert_eq!(page.status, 200, "{}", page.body);
        let items = page.body["items"].as_array().expect("items");
        keys.extend(items.iter().map(|row| row["id"].as_str().expect("a key").to_owned()));
        sizes.push((items.len(), page.text.len()));
        match page.body["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => return (keys, sizes),
        }
    }
}

#[test]
fn a_page_ends_before_eight_mebibytes_and_its_cursor_continues() {
    const MOST: usize = 8 * 1024 * 1024;
    // Together three quarters more than a page, in fewer rows than a page may have.
    const ROWS: usize = 190;
    on_both(|site| {
        let owner = site.register("Acme", "ada@example.org");
        let body = json!({"kind": "x", "params": ["x".repeat(MOST * 7 / 4 / ROWS)]});
        let made: Vec<String> = (0..ROWS)
            .map(|_| site.expect(201, &owner, "POST", "/api/report-runs", &body))
            .map(|row| row["id"].as_str().expect("a key").to_owned())
            .collect();
        for (path, descending) in [("/api/report-runs?sort=id", false), ("/api/report-runs?sort=-id", true)] {
            let (keys, sizes) = pages(site, &owner, path);
            assert_eq!(sizes.len(), 2, "{} {sizes:?}", site.backend);
            assert!(sizes[0].1 <= MOST + 200 && sizes[0].1 > MOST * 9 / 10, "{} {sizes:?}", site.backend);
            let mut sorted = made.clone();
            sorted.sort_unstable();
            if descending {
                sorted.reverse();
            }
            assert_eq!(keys, sorted, "{}", site.backend);
        }
    });
}

#[test]
fn a_summary_of_usage_has_at_most_a_thousand_action_types() {
    on_both(|site| {
        let owner = site.register("Acme", "ada@example.org");
        for number in 0..=1000 {
            let body = json!({"action_type": format!("a{number}"), "document_count": 1});
            site.expect(201, &owner, "POST", "/api/usage-logs", &body);
            let status = match number {
                999 => 200,
                1000 => 409,
                _ => continue,
            };
            let path = "/api/usage-logs/summary?billing_period=2026-01";
            site.expect(status, &owner, "GET", path, &Value::Null);
        }
    });
}
