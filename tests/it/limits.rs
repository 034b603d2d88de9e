//! Limits of columns: the same on both backends, and those that the types of the application compute.

use std::str::FromStr as _;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text as SqlText};
use serde_json::Value;

use crate::app::both_backends;
use crate::cluster::TestDatabase;
use backoffice::models::Record as _;
use backoffice::models::projects::{
    Applicant, ApplicantEmbedding, ApplicantEmbeddingChanges, NewApplicant, NewApplicantEmbedding,
};
use backoffice::models::tenancy::{NewOrganization, Organization, OrganizationChanges};
use backoffice::models::{EmailAddress, OrganizationStatus, Plan, ReviewMode};
use databases::connection::AnyConnection;
use databases::failure::Failure;
use transfer::values::{Instant, Json, Money, Real, Text, Vector, json_extent};

const MIB: usize = 1024 * 1024;

fn now() -> Instant {
    Instant::from_str("2026-01-31T12:00:00.123456Z").expect("instant")
}

fn text(text: &str) -> Text {
    Text::new(text).expect("text")
}

fn organization(connection: &mut AnyConnection) -> Organization {
    let new = NewOrganization {
        created_at: now(),
        name: text("O"),
        status: OrganizationStatus::Active,
        plan: Plan::Trial,
        billing_email: None,
        settings: Json::parse("{}").expect("JSON"),
        review_mode: ReviewMode::ReviewAll,
        confidence_threshold: Real::new(0.5).expect("finite"),
        auto_upload_enabled: false,
        updated_at: now(),
        closing_at: None,
        access_version: 0,
    };
    Organization::insert(connection, &new).expect("insert")
}

#[test]
fn the_extent_of_json_is_the_length_of_the_text_that_postgres_prints() {
    #[derive(QueryableByName)]
    struct Length {
        #[diesel(sql_type = BigInt)]
        length: i64,
    }
    let target = TestDatabase::create();
    let mut connection = target.connect();
    for text in [
        "{}",
        "[]",
        "null",
        "true",
        "false",
        "0",
        "-0.0",
        "-12345678901234567890.12345678901234567890",
        "[1e300,1e-300,-1e300,0.10,5e-324,-2.5E+3,9e399,1e-400,100e-2]",
        r#"{"größe":"schön","鍵":"値","🔑":"😀","b":{"a":[[],[{}],{"c":[1,2,[3,null]]}]}}"#,
        r#"{"escapes":"\" \\ \/ \b \f \n \r \t \u0001 \u001f \u007f \u0080 \u2028 \ud83d\ude00"}"#,
        r#"["", [""], {"": ""}]"#,
    ] {
        let value: Value = serde_json::from_str(text).expect("JSON");
        let extent = json_extent(&value).expect("an extent");
        let canonical = Json::new(value).expect("JSON");
        let query = diesel::sql_query("SELECT octet_length($1::jsonb::text)::bigint AS length");
        let printed: Length =
            query.bind::<SqlText, _>(canonical.text()).get_result(&mut connection).expect(text);
        assert_eq!(extent.bytes, printed.length, "{text}");
    }
}

#[test]
fn json_is_limited_to_one_mebibyte_on_both_backends() {
    both_backends(|connection| {
        let row = organization(connection);
        let mut write = |length: usize| {
            let value = Json::new(Value::String("x".repeat(length - 2))).expect("JSON");
            let changes = OrganizationChanges { settings: Some(value), ..OrganizationChanges::default() };
            Organization::update(connection, row.id, &changes)
        };
        let kept = write(MIB).expect("it fits").expect("there");
        assert_eq!(kept.settings.text().len(), MIB);
        assert!(write(MIB + 1).is_err());
        // Also by the check itself.
        let longer = match connection {
            AnyConnection::Sqlite(_) => "'\"' || replace(hex(zeroblob(524288)), '0', 'x') || '\"'",
            AnyConnection::Postgres(_) => "('\"' || repeat('x', 1048576) || '\"')::jsonb",
        };
        let update = diesel::sql_query(format!("UPDATE organizations SET settings = {longer}"));
        let refused = update.execute(connection).expect_err("too long");
        assert_eq!(Failure::of_query(&refused), Failure::Check);
        // Their texts are shorter than a mebibyte, but not as PostgreSQL prints them.
        let long =
            [format!("[{}]", vec!["1"; 400_000].join(",")), format!("[{}]", ["1e131071"; 9].join(","))];
        for text in long {
            let changes = OrganizationChanges {
                settings: Some(Json::parse(&text).expect("JSON")),
                ..OrganizationChanges::default()
            };
            assert!(Organization::update(connection, row.id, &changes).is_err(), "{}", text.len());
        }
        // As long as it may be, of integers with many digits.
        let digits = Json::parse(&format!("[{}]", vec!["1".repeat(41); 23_900].join(","))).expect("JSON");
        let changes = OrganizationChanges { settings: Some(digits), ..OrganizationChanges::default() };
        Organization::update(connection, row.id, &changes).expect("it fits").expect("there");
    });
}

#[test]
fn text_and_vectors_are_limited_by_characters_and_elements_on_both_backends() {
    both_backends(|connection| {
        let owner = organization(connection);
        let applicant = NewApplicant {
            organization_id: owner.id,
            created_at: now(),
            first_name: text("A"),
            last_name: text("B"),
            email: EmailAddress::new("a@example.org").expect("address"),
            phone: None,
            household_size: 1,
            income: Money::ZERO,
            ami_percent: None,
            location_preference: Some(text(&"😀".repeat(2_000))),
            latitude: None,
            longitude: None,
            status: text("active"),
        };
        let longer =
            NewApplicant { location_preference: Some(text(&"x".repeat(2_001))), ..applicant.clone() };
        let refused = Applicant::insert(connection, &longer).expect_err("too long");
        assert_eq!(Failure::of_query(&refused), Failure::Check);
        let applicant = Applicant::insert(connection, &applicant).expect("it fits");

        let vector = |length| Vector::new(vec![0.5; length]).expect("a vector");
        let embedding = NewApplicantEmbedding {
            applicant_id: applicant.id,
            created_at: now(),
            model: text("m"),
            embedding: vector(16_384),
            preferences_text: text(&"x".repeat(100_000)),
            updated_at: now(),
        };
        let row = ApplicantEmbedding::insert(connection, &embedding).expect("it fits");
        for changes in [
            ApplicantEmbeddingChanges {
                embedding: Some(vector(16_385)),
                ..ApplicantEmbeddingChanges::default()
            },
            ApplicantEmbeddingChanges {
                preferences_text: Some(text(&"x".repeat(100_001))),
                ..ApplicantEmbeddingChanges::default()
            },
        ] {
            let refused = ApplicantEmbedding::update(connection, row.id, &changes).expect_err("too long");
            assert_eq!(Failure::of_query(&refused), Failure::Check);
        }
    });
}
