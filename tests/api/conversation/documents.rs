//! Documents: uploaded in batches, with or without review, corrected, exported.

use serde_json::{Value, json};

use super::{Talk, alike, key};

/// A document with this confidence, and its resulting status.
#[track_caller]
fn hand_in(talk: &mut Talk<'_>, path: &str, confidence: Option<f64>) -> (String, Value) {
    let new = json!({"filename": "a.pdf", "file_path": "/x/a.pdf", "category": "invoice",
        "confidence_score": confidence, "extracted_data": {"total": 1.50}});
    let document = talk.ask(201, "POST", path, new);
    (key(&document), document["status"].clone())
}

#[test]
fn the_review_mode_decides_whether_a_document_needs_review() {
    alike(|talk| {
        let me = talk.ask(200, "GET", "/api/auth/me", Value::Null);
        assert!(me.is_object());
        let organization = key(&talk.list("/api/organizations")[0]);
        let organization = format!("/api/organizations/{organization}");
        assert_eq!(hand_in(talk, "/api/documents", Some(1.0)).1, "pending_review");
        talk.ask(
            200,
            "PATCH",
            &organization,
            json!({"review_mode": "low_confidence", "confidence_threshold": 0.8}),
        );
        assert_eq!(hand_in(talk, "/api/documents", Some(0.8)).1, "approved");
        assert_eq!(hand_in(talk, "/api/documents", Some(0.799)).1, "pending_review");
        assert_eq!(hand_in(talk, "/api/documents", None).1, "pending_review");
        talk.ask(200, "PATCH", &organization, json!({"review_mode": "automatic"}));
        assert_eq!(hand_in(talk, "/api/documents", None).1, "approved");
    });
}

#[test]
fn a_document_is_reviewed_once_and_then_exported() {
    alike(|talk| {
        let me = talk.owner.id.clone();
        let (document, _) = hand_in(talk, "/api/documents", None);
        let document = format!("/api/documents/{document}");
        talk.ask(409, "PATCH", &document, json!({"uploaded": true}));
        let approved = talk.ask(200, "POST", &format!("{document}/approve"), Value::Null);
        assert_eq!((&approved["status"], &approved["reviewed_by_user_id"]), (&json!("approved"), &json!(me)));
        assert_eq!(approved["approved_at"], approved["reviewed_at"]);
        talk.ask(409, "POST", &format!("{document}/approve"), Value::Null);
        talk.ask(409, "POST", &format!("{document}/reject"), json!({"reason": "late"}));
        let passed = talk.ask(200, "PATCH", &document, json!({"uploaded": true}));
        assert!(passed["status"] == "uploaded" && passed["uploaded_at"].is_string(), "{passed}");
        let back = talk.ask(200, "PATCH", &document, json!({"uploaded": false}));
        assert_eq!((&back["status"], &back["uploaded_at"]), (&json!("approved"), &Value::Null));

        let (other, _) = hand_in(talk, "/api/documents", None);
        let reject = format!("/api/documents/{other}/reject");
        let rejected = talk.ask(200, "POST", &reject, json!({"reason": "blurred"}));
        assert_eq!(
            (&rejected["status"], &rejected["error_message"]),
            (&json!("rejected"), &json!("blurred"))
        );
        talk.ask(409, "POST", &reject, Value::Null);
    });
}

#[test]
fn a_batch_has_documents_and_they_have_corrections() {
    alike(|talk| {
        let batch = format!("/api/batches/{}", talk.create("/api/batches", json!({"total_files": 2})));
        let (document, _) = hand_in(talk, &format!("{batch}/documents"), Some(0.5));
        assert_eq!(talk.list(&format!("{batch}/documents")).len(), 1);
        talk.ask(422, "PATCH", &batch, json!({"processed_files": 3}));
        let ended = talk.ask(200, "PATCH", &batch, json!({"status": "completed", "processed_files": 2}));
        assert!(ended["completed_at"].is_string());
        assert_eq!(
            talk.ask(200, "PATCH", &batch, json!({"status": "processing"}))["completed_at"],
            Value::Null
        );

        let corrections = format!("/api/documents/{document}/field-corrections");
        let new = json!({"field_name": "total", "original_value": "1,5", "corrected_value": "1.50"});
        let correction = format!("/api/field-corrections/{}", talk.create(&corrections, new));
        let told = talk.ask(200, "PATCH", &correction, json!({"original_value": null}));
        assert_eq!((&told["original_value"], &told["corrected_value"]), (&Value::Null, &json!("1.50")));
        assert_eq!(talk.list(&corrections), talk.list("/api/field-corrections"));
        talk.ask(204, "DELETE", &format!("/api/documents/{document}"), Value::Null);
        talk.ask(404, "GET", &correction, Value::Null);
        talk.ask(204, "DELETE", &batch, Value::Null);
    });
}
