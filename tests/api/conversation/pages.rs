//! Pagination: every row exactly once, in every order, for any page size.

use serde_json::{Value, json};

use super::{Talk, alike};

/// The rows of a list, page by page.
#[track_caller]
fn all(talk: &mut Talk<'_>, path: &str, limit: usize) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut next = String::new();
    loop {
        let page = talk.ask(200, "GET", &format!("{path}&limit={limit}{next}"), Value::Null);
        // A cursor contains a key, which may differ between the backends.
        let told = talk.steps.last_mut().expect("a step");
        told.0 = format!("{path} {limit}");
        told.2["next"] = json!(page["next"].is_string());
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= limit, "{path}");
        rows.extend(items.iter().cloned());
        let Some(cursor) = page["next"].as_str() else {
            return rows;
        };
        assert_eq!(items.len(), limit, "only the last page is short");
        next = format!("&cursor={cursor}");
    }
}

fn numbers(rows: &[Value], field: &str) -> Vec<String> {
    rows.iter().map(|row| row[field].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn every_sort_order_returns_every_row_once() {
    alike(|talk| {
        // In byte order on both backends.
        let names =
            ["a", "B", "ä", "Z", "_", "a b", "🦀", "\u{ffff}", "aa", "e\u{301}", "é", "10", "9", " ", "ß"];
        for name in names {
            talk.create("/api/customers", json!({"name": name}));
        }
        // Ties are sorted by key.
        let twins: Vec<String> =
            (0..4).map(|_| talk.create("/api/customers", json!({"name": "aa"}))).collect();
        let made: Vec<&str> = names.iter().copied().chain(["aa"; 4]).collect();
        let mut sorted = made.clone();
        sorted.sort_unstable();
        for limit in [1, 2, 7, 19, 200] {
            let rows = all(talk, "/api/customers?sort=id", limit);
            assert_eq!(numbers(&rows, "name"), made);
            let rows = all(talk, "/api/customers?sort=-id", limit);
            assert!(numbers(&rows, "name").iter().eq(made.iter().rev()));
            let rows = all(talk, "/api/customers?sort=name", limit);
            assert_eq!(numbers(&rows, "name"), sorted);
            let keys: Vec<String> = rows.iter().filter(|row| row["name"] == "aa").map(super::key).collect();
            assert_eq!(keys[1..], twins);
            let rows = all(talk, "/api/customers?sort=-name", limit);
            assert!(numbers(&rows, "name").iter().eq(sorted.iter().rev()));
        }
    });
}

#[test]
fn a_cursor_keeps_its_position_and_is_bound_to_its_sort_order() {
    alike(|talk| {
        let keys: Vec<String> = ["1", "2", "3", "4"]
            .iter()
            .map(|name| talk.create("/api/customers", json!({"name": name})))
            .collect();
        let token = talk.owner.clone();
        let page = talk.site.expect(200, &token, "GET", "/api/customers?sort=name&limit=2", &Value::Null);
        let cursor = page["next"].as_str().expect("a cursor").to_owned();
        // Inserted and deleted rows, including that of the cursor, do not shift pages.
        talk.create("/api/customers", json!({"name": "0"}));
        talk.create("/api/customers", json!({"name": "25"}));
        talk.ask(204, "DELETE", &format!("/api/customers/{}", keys[1]), Value::Null);
        let rest = talk.site.expect(
            200,
            &token,
            "GET",
            &format!("/api/customers?sort=name&cursor={cursor}"),
            &Value::Null,
        );
        assert_eq!(numbers(&super::items(rest), "name"), ["25", "3", "4"]);
        for order in ["-name", "id"] {
            let path = format!("/api/customers?sort={order}&cursor={cursor}");
            let told = talk.site.ask("GET", &path, Some(&token.token), &Value::Null);
            assert_eq!((told.status, told.body["code"].as_str()), (400, Some("invalid_parameter")));
        }
    });
}

#[test]
fn uuid_keys_are_sorted_and_filters_apply() {
    alike(|talk| {
        for number in 0..5 {
            talk.create("/api/batches", json!({"total_files": number}));
        }
        let files = |rows: Vec<Value>| -> Vec<String> {
            rows.iter().map(|row| row["total_files"].to_string()).collect()
        };
        assert_eq!(files(all(talk, "/api/batches?sort=id", 2)), ["0", "1", "2", "3", "4"]);
        assert_eq!(files(all(talk, "/api/batches?sort=-id", 2)), ["4", "3", "2", "1", "0"]);
        let second = super::key(&talk.list("/api/batches")[1]);
        talk.ask(200, "PATCH", &format!("/api/batches/{second}"), json!({"status": "failed"}));
        assert_eq!(files(all(talk, "/api/batches?status=pending", 1)), ["0", "2", "3", "4"]);
        assert_eq!(files(all(talk, "/api/batches?status=failed", 1)), ["1"]);
        for (number, due) in [("b", "paid"), ("a", "open")] {
            talk.create("/api/bills", json!({"bill_number": format!("{number}-{due}")}));
        }
        let bills = all(talk, "/api/bills?status=draft", 1);
        assert_eq!(numbers(&bills, "bill_number"), ["b-paid", "a-open"]);
        let bills = all(talk, "/api/bills?sort=bill_number", 1);
        assert_eq!(numbers(&bills, "bill_number"), ["a-open", "b-paid"]);
    });
}
