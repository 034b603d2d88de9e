//! Projects: milestones up to the payment, and matching.

use serde_json::{Value, json};

use super::{alike, key};

#[test]
fn a_milestone_is_submitted_approved_and_released() {
    alike(|talk| {
        let client = talk.site.join(&talk.owner, "client", "client@example.org");
        let freelancer = talk.site.join(&talk.owner, "freelancer", "free@example.org");
        let project = json!({"name": "House", "client_user_id": client.id, "freelancer_user_id": freelancer.id,
            "currency": "EUR"});
        let project = format!("/api/projects/{}", talk.create("/api/projects", project));
        let new = json!({"position": 1, "title": "Roof", "amount": "1000"});
        let milestone = format!("/api/milestones/{}", talk.create(&format!("{project}/milestones"), new));
        let (submit, approve, release) =
            (format!("{milestone}/submit"), format!("{milestone}/approve"), format!("{milestone}/release"));

        talk.ask_as(&freelancer, 403, "PATCH", &milestone, json!({"amount": "2000"}));
        talk.ask_as(&freelancer, 200, "PATCH", &milestone, json!({"status": "in_progress"}));
        talk.ask_as(&client, 403, "POST", &submit, Value::Null);
        talk.ask_as(&client, 409, "POST", &approve, Value::Null);
        talk.ask_as(&freelancer, 200, "POST", &submit, Value::Null);
        talk.ask_as(&freelancer, 409, "POST", &submit, Value::Null);
        talk.ask_as(&freelancer, 403, "POST", &approve, Value::Null);
        talk.ask(409, "PATCH", &milestone, json!({"amount": "2000"}));
        talk.ask(422, "PATCH", &milestone, json!({"status": "approved"}));
        talk.ask_as(&client, 409, "POST", &release, Value::Null);
        talk.ask_as(&client, 200, "POST", &approve, Value::Null);
        talk.ask(409, "DELETE", &milestone, Value::Null);
        let paid = talk.ask_as(&client, 200, "POST", &release, json!({"reference": "R-1"}));
        assert_eq!(paid["status"], "paid");
        talk.ask_as(&client, 409, "POST", &release, Value::Null);
        talk.ask(409, "PATCH", &milestone, json!({"title": "Other"}));

        let payments = talk.list(&format!("{milestone}/payments"));
        let [payment] = payments.as_slice() else { panic!("{payments:?}") };
        let told =
            ["kind", "amount", "currency", "status", "reference", "method"].map(|name| payment[name].clone());
        assert_eq!(told, ["release", "1000.00", "EUR", "completed", "R-1", "transfer"].map(Value::from));
        assert_eq!(
            (&payment["payer_user_id"], &payment["payee_user_id"]),
            (&json!(client.id), &json!(freelancer.id))
        );
        talk.ask(200, "PATCH", &project, json!({"status": "active"}));
        talk.ask(409, "DELETE", &project, Value::Null);
    });
}

#[test]
fn applicants_are_matched_by_embedding_and_decided_matches_are_kept() {
    alike(|talk| {
        let project =
            talk.create("/api/projects", json!({"name": "House", "latitude": 52.5, "longitude": 13.4}));
        let project = format!("/api/projects/{project}");
        let run = format!("{project}/match");
        talk.ask(409, "POST", &run, Value::Null);
        let embedding =
            |model: &str, vector: &[f64], text: &str| json!({"model": model, "embedding": vector, text: "x"});
        let embeddings = format!("{project}/project-embeddings");
        talk.create(&embeddings, embedding("m", &[1.0, 0.0], "description_text"));
        talk.ask(409, "POST", &embeddings, embedding("m", &[0.0, 1.0], "description_text"));

        let mut keys = Vec::new();
        // The third vector has another length, and the fourth is of another model.
        let vectors: [(&str, &str, &[f64]); 4] = [
            ("Near", "m", &[1.0, 0.1]),
            ("Far", "m", &[0.1, 1.0]),
            ("Long", "m", &[1.0, 0.0, 0.0]),
            ("Other", "n", &[1.0, 0.0]),
        ];
        for (name, model, vector) in vectors {
            let new = json!({"first_name": name, "last_name": "X", "email": format!("{name}@example.org"),
                "latitude": 52.5, "longitude": 13.4});
            let applicant = talk.create("/api/applicants", new);
            let path = format!("/api/applicants/{applicant}/applicant-embeddings");
            talk.create(&path, embedding(model, vector, "preferences_text"));
            keys.push(applicant);
        }
        let told = talk.ask(200, "POST", &run, Value::Null);
        assert_eq!(told["incomparable_count"], 1, "{told}");
        let matched: Vec<String> = told["matches"]
            .as_array()
            .expect("matches")
            .iter()
            .map(|row| row["applicant_id"].to_string())
            .collect();
        assert_eq!(matched, keys[..2], "the nearest first");

        let second = &told["matches"][1];
        talk.ask(200, "PATCH", &format!("/api/matches/{}", key(second)), json!({"status": "declined"}));
        let again = talk.ask(200, "POST", &run, json!({"limit": 100}));
        assert_eq!(again["matches"][1]["status"], "declined");
        assert_eq!(again["matches"][0]["id"], told["matches"][0]["id"], "the same match");
        let best = talk.ask(200, "POST", &run, json!({"limit": 1}));
        assert_eq!(best["matches"].as_array().map(Vec::len), Some(1));
        assert_eq!(talk.list(&format!("{project}/matches")).len(), 2);
        talk.ask(422, "POST", &run, json!({"limit": 101}));
    });
}
