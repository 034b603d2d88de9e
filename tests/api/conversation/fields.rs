//! Limits and forms of fields.

use serde_json::{Value, json};

use super::{alike, faults, number};

#[test]
fn a_longer_value_than_its_column_holds_is_rejected_with_its_pointer() {
    alike(|talk| {
        let project = json!({
            "name": "P",
            "description": "é".repeat(20_000),
            "location": "x".repeat(2_000),
            // With the quotes: 256 KiB.
            "ami_levels": "x".repeat(256 * 1024 - 2),
        });
        let made = talk.create("/api/projects", project);
        let path = format!("/api/projects/{made}");
        let long = json!({
            "description": "é".repeat(20_001),
            "location": "x".repeat(2_001),
            "currency": "EURO",
            "ami_levels": vec!["9e399"; 700].iter().map(|number| serde_json::from_str(number).expect("a number")).collect::<Vec<Value>>(),
        });
        let answer = talk.with(422, "PATCH", &path, &[], long);
        let mut found = faults(&answer.body);
        found.sort_unstable();
        assert_eq!(
            found,
            [
                ("/ami_levels", "invalid"),
                ("/currency", "invalid"),
                ("/description", "out_of_range"),
                ("/location", "out_of_range")
            ]
        );
        let applicant = json!({"first_name": "A", "last_name": "B", "email": "a@example.org"});
        let applicant = talk.create("/api/applicants", applicant);
        let embedding =
            |length| json!({"model": "m", "embedding": vec![0.5; length], "preferences_text": "t"});
        let list = format!("/api/applicants/{applicant}/applicant-embeddings");
        let answer = talk.with(422, "POST", &list, &[], embedding(16_385));
        assert_eq!(faults(&answer.body), [("/embedding", "out_of_range")]);
        talk.create(&list, embedding(16_384));
    });
}

#[test]
fn only_urls_of_the_web_are_accepted() {
    alike(|talk| {
        let path = format!("/api/users/{}", talk.owner.id);
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            "/a",
            "https://a@example.org/",
            "https://example.org/a b",
        ] {
            let answer = talk.with(422, "PATCH", &path, &[], json!({"avatar_url": url}));
            assert_eq!(faults(&answer.body), [("/avatar_url", "invalid")], "{url}");
        }
        let long = format!("https://example.org/{}", "a".repeat(2_029));
        let answer = talk.with(422, "PATCH", &path, &[], json!({"avatar_url": long}));
        assert_eq!(faults(&answer.body), [("/avatar_url", "out_of_range")]);
        let changed = talk.ask(200, "PATCH", &path, json!({"avatar_url": &long[..2_048]}));
        assert_eq!(changed["avatar_url"], long[..2_048]);
        talk.ask(200, "PATCH", &path, json!({"avatar_url": null}));
    });
}

#[test]
fn an_email_address_has_no_spaces_or_control_characters() {
    alike(|talk| {
        for email in [
            "a b@example.org",
            "a\n@example.org",
            "a\u{202e}@example.org",
            "\"a\"\r\n@example.org",
            "a@",
            "<a@b>",
        ] {
            let answer = talk.with(422, "POST", "/api/customers", &[], json!({"name": "C", "email": email}));
            assert_eq!(faults(&answer.body), [("/email", "invalid")], "{email:?}");
        }
        talk.create("/api/customers", json!({"name": "C", "email": "o'Neil+x@Example.org"}));
    });
}

#[test]
fn a_bill_number_is_not_blank() {
    alike(|talk| {
        let customer = talk.create("/api/customers", json!({"name": "C"}));
        for blank in [" ", "\t", "\u{a0}\n"] {
            let bill = json!({"bill_number": blank, "customer_id": number(&customer)});
            let answer = talk.with(422, "POST", "/api/bills", &[], bill);
            assert_eq!(faults(&answer.body), [("/bill_number", "blank")], "{blank:?}");
        }
    });
}
