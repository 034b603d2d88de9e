//! `/api/contact-submissions`: messages from the contact form; created without authentication, read by staff.

use std::net::IpAddr;
use std::num::NonZeroU32;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::routing::post;

use crate::models::EmailAddress;
use crate::models::Record as _;
use crate::models::tenancy::{ContactSubmission, ContactSubmissionChanges, NewContactSubmission};
use crate::server::answer::Answer;
use crate::server::app::AppState;
use crate::server::attempts::Attempt;
use crate::server::caller::read_body;
use crate::server::fields::{Fields, Shape};
use crate::server::openapi::Described;
use crate::server::problem::{Code, Problem};
use crate::server::resource::{Collection, resource};
use crate::server::sign_in::{client_of, count};
use transfer::values::Text;

/// Maximum length of a message, which needs no authentication.
const LONGEST: i64 = 20_000;
/// Maximum number of messages per client address in 15 minutes.
const MOST: NonZeroU32 = NonZeroU32::new(20).expect("not zero");

resource! {
    /// A message from the contact form. It belongs to no organization.
    ContactSubmission, "contact submission" at "contact-submissions", ContactSubmissions;
    collections [Collection::Platform];
    changes |_at| ContactSubmissionChanges {
        name: Text [1..=200],
        company: Option<Text> [1..=200],
        phone: Option<Text> [1..=50],
        subject: Text [1..=300],
        message: Text [1..=LONGEST],
    } with {}
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/api/contact-submissions", post(create))
}

pub(super) fn described() -> Vec<Described> {
    let shapes = vec![
        Shape::of::<Text>("name", Some(1..=200), None),
        Shape::of::<EmailAddress>("email", None, None),
        Shape::of::<Option<Text>>("company", Some(1..=200), None),
        Shape::of::<Option<Text>>("phone", Some(1..=50), None),
        Shape::of::<Text>("subject", Some(1..=300), None),
        Shape::of::<Text>("message", Some(1..=LONGEST), None),
    ];
    let about = "Send a message to the operators; requires no authentication";
    vec![Described::open("post", "/api/contact-submissions", about, 201, shapes).answers("ContactSubmission")]
}

async fn create(State(app): State<AppState>, request: Request) -> Result<Answer, Problem> {
    let client: IpAddr = client_of(&request, app.trust_proxy);
    let body = read_body(request, &app).await?;
    let mut fields = Fields::of_body(&body)?;
    let name = fields.required("name", Some(1..=200));
    let email = fields.required("email", None);
    let company = fields.required("company", Some(1..=200));
    let phone = fields.required("phone", Some(1..=50));
    let subject = fields.required("subject", Some(1..=300));
    let message = fields.required("message", Some(1..=LONGEST));
    fields.finish()?;
    let now = app.now();
    let new = || -> Option<NewContactSubmission> {
        Some(NewContactSubmission {
            created_at: now,
            name: name?,
            email: email?,
            company: company?,
            phone: phone?,
            subject: subject?,
            message: message?,
        })
    };
    let new = new().ok_or_else(|| Problem::new(Code::InvalidFields, "a required field is missing"))?;
    count(&app, Attempt::of_client("contact", client, MOST)).await?;
    app.database
        .write(move |connection| {
            let row = ContactSubmission::insert(connection, &new)?;
            Ok(Answer::of(StatusCode::CREATED, &row)?)
        })
        .await
}
