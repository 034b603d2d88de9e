//! Subtasks, generated tasks, and notifications.

use serde_json::{Value, json};

use super::{alike, faults, key, number};

#[test]
fn a_task_cannot_be_its_own_ancestor() {
    alike(|talk| {
        let whole = talk.create("/api/tasks", json!({"title": "whole"}));
        let part = talk.create(&format!("/api/tasks/{whole}/tasks"), json!({"title": "part"}));
        let whole_address = format!("/api/tasks/{whole}");
        for parent in [&part, &whole] {
            let told = talk.ask(422, "PATCH", &whole_address, json!({"parent_task_id": number(parent)}));
            assert_eq!(faults(&told), [("/parent_task_id", "circular")]);
        }
        let told =
            talk.ask(422, "PATCH", &whole_address, json!({"parent_task_id": 4_611_686_018_427_387_904_i64}));
        assert_eq!(faults(&told), [("/parent_task_id", "unknown_reference")]);
        let mut deepest = part;
        for _ in 0..30 {
            deepest = talk.create(&format!("/api/tasks/{deepest}/tasks"), json!({"title": "deeper"}));
        }
        let told =
            talk.ask(422, "POST", &format!("/api/tasks/{deepest}/tasks"), json!({"title": "too deep"}));
        assert_eq!(faults(&told), [("/parent_task_id", "too_deep")]);
        assert_eq!(talk.list(&format!("{whole_address}/tasks")).len(), 1);
        talk.ask(200, "PATCH", &whole_address, json!({"parent_task_id": null}));
    });
}

#[test]
fn a_task_is_completed_once() {
    alike(|talk| {
        let task = format!(
            "/api/tasks/{}",
            talk.create("/api/tasks", json!({"title": "x", "due_date": "2026-02-01T00:00:00+02:00"}))
        );
        let done = talk.ask(200, "POST", &format!("{task}/complete"), Value::Null);
        assert_eq!(
            (&done["completed"], &done["due_date"]),
            (&json!(true), &json!("2026-01-31T22:00:00.000000Z"))
        );
        crate::site::pass(std::time::Duration::from_secs(60));
        let again = talk.ask(200, "POST", &format!("{task}/complete"), Value::Null);
        assert_eq!(again["completed_at"], done["completed_at"]);
        assert_eq!(talk.ask(200, "PATCH", &task, json!({"completed": false}))["completed_at"], Value::Null);
        let open = talk.list("/api/tasks?completed=false");
        assert_eq!((open.len(), talk.list("/api/tasks?completed=true").len()), (1, 0));
    });
}

#[test]
fn a_pattern_generates_each_task_once() {
    alike(|talk| {
        let faulty = json!({"title": "x", "frequency": "weekly", "days_of_week": "someday", "start_date": "2026-01-01"});
        talk.ask(422, "POST", "/api/recurring-patterns", faulty);
        let new = json!({"title": "Water", "frequency": "weekly", "days_of_week": "sun, mon", "time_of_day": "09:30",
            "start_date": "2026-01-01"});
        let pattern = talk.ask(201, "POST", "/api/recurring-patterns", new);
        assert_eq!(pattern["days_of_week"], "mon,sun");
        let pattern = format!("/api/recurring-patterns/{}", key(&pattern));
        let generate = format!("{pattern}/generate");
        let told = talk.ask(200, "POST", &generate, json!({"until": "2026-01-12T09:30:00Z"}));
        let due: Vec<&str> = told["tasks"]
            .as_array()
            .expect("tasks")
            .iter()
            .filter_map(|task| task["due_date"].as_str())
            .collect();
        let days = ["04", "05", "11", "12"].map(|day| format!("2026-01-{day}T09:30:00.000000Z"));
        assert_eq!(due, days);
        let again = talk.ask(200, "POST", &generate, json!({"until": "2026-01-12T09:30:00Z"}));
        assert_eq!(again["tasks"], json!([]));
        // Until now: the 31st at noon.
        let more = talk.ask(200, "POST", &generate, Value::Null);
        assert_eq!(more["tasks"].as_array().map(Vec::len), Some(4));
        assert_eq!(talk.list(&format!("{pattern}/tasks")).len(), 8);
    });
}

#[test]
fn notifications_are_visible_to_their_user_only() {
    alike(|talk| {
        let member = talk.site.join(&talk.owner, "member", "m@example.org");
        let new = json!({"user_id": member.id, "kind": "note", "title": "Hello", "message": "🦀"});
        let message = format!("/api/notifications/{}", talk.create("/api/notifications", new.clone()));
        talk.ask(404, "GET", &message, Value::Null);
        let told = talk.ask_as(&member, 200, "PATCH", &message, json!({"status": "read"}));
        let read_at = told["read_at"].clone();
        assert!(read_at.is_string(), "{told}");
        crate::site::pass(std::time::Duration::from_secs(60));
        let told = talk.ask_as(&member, 200, "PATCH", &message, json!({"status": "archived"}));
        assert_eq!(told["read_at"], read_at, "it was read when it was");
        let told = talk.ask_as(&member, 200, "PATCH", &message, json!({"status": "unread"}));
        assert_eq!(told["read_at"], Value::Null);
        let page = talk.ask_as(&member, 200, "GET", "/api/notifications?status=unread", Value::Null);
        assert_eq!(super::items(page).len(), 1);
        assert_eq!(talk.list("/api/notifications").len(), 0);
        talk.ask_as(&member, 204, "DELETE", &message, Value::Null);
    });
}
