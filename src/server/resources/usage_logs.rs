//! `/api/usage-logs`: usage of the organization, with a summary per billing period.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::json;

use crate::models::tenancy::{NewUsageLog, Subscription, UsageLog, UsageLogChanges, charge};
use crate::models::{BillingPeriod, Field as _};
use crate::models::{ListRequest, Listed as _, Record as _};
use crate::server::access::right;
use crate::server::answer::Answer;
use crate::server::app::AppState;
use crate::server::caller::{ApiRequest, At};
use crate::server::fields::{Shape, to_json};
use crate::server::openapi::Described;
use crate::server::problem::{Code, HandlerError, Problem};
use crate::server::resource::{Collection, Done, ResourceAction, resource};
use crate::server::rights::Verb;
use databases::connection::AnyConnection;
use transfer::values::{Instant, Json, Text};

/// The most action types of a summary: they are texts of the callers.
const MOST_ACTION_TYPES: usize = 1000;

resource! {
    /// A billable use of the application by the organization. It is never deleted, but can be void until it is billed.
    UsageLog, "usage log" at "usage-logs", UsageLogs;
    collections [Collection::Organization];
    actions [VOID];
    new |at| NewUsageLog {
        action_type: Text [1..=100],
        document_count: i32 [0..=i64::from(i32::MAX)] = 1,
        metadata: Option<Json>,
    } with {
        organization_id: at.organization()?,
        user_id: Some(at.caller.user),
        created_at: at.now,
        billed: false,
        billing_period: period_of(at.now)?,
        voided_at: None,
    }
    changes |_at| UsageLogChanges {
        metadata: Option<Json>,
        billed: bool,
    } with {}
    particular {
        const AUDITED: &'static [&'static str] =
            &["action_type", "document_count", "billed", "billing_period", "voided_at"];

        fn before_update(
            &self,
            _changes: &mut UsageLogChanges,
            _at: &At,
            _connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            check_open(self)
        }

        fn remove(&self, _at: &At, _connection: &mut AnyConnection) -> Result<(), HandlerError> {
            Err(HandlerError::wrong_state("usage is kept: use the action void"))
        }
    }
}

/// Usage that is billed or void does not change.
fn check_open(log: &UsageLog) -> Result<(), HandlerError> {
    match (log.billed, log.voided_at) {
        (true, _) => Err(HandlerError::wrong_state("the usage is billed")),
        (false, Some(_)) => Err(HandlerError::wrong_state("the usage is void")),
        (false, None) => Ok(()),
    }
}

const VOID: ResourceAction<UsageLog> = ResourceAction {
    name: "void",
    done: "voided",
    about: "Void usage that is not billed: it is not charged",
    shapes: Vec::new,
    answer: None,
    run: |connection, at, log, fields| {
        fields.finish()?;
        check_open(&log)?;
        let changes = UsageLogChanges { voided_at: Some(Some(at.now)), ..UsageLogChanges::default() };
        let log = UsageLog::update(connection, log.id, &changes)?;
        Ok(Done::Row(log.ok_or_else(|| Problem::not_found("usage log"))?))
    },
};

/// The billing period of an instant: its month in UTC.
fn period_of(at: Instant) -> Option<BillingPeriod> {
    BillingPeriod::from_parameter(at.to_string().get(..7)?).ok()
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/api/usage-logs/summary", get(summarize))
}

pub(super) fn described() -> Vec<Described> {
    let about = "Summarize the usage of a billing period by action type, with the charge of the subscription";
    vec![
        Described::signed_in("get", "/api/usage-logs/summary", about, 200, vec![])
            .parameter(Shape::of::<BillingPeriod>("billing_period", None, None))
            .answers("UsageSummary"),
    ]
}

async fn summarize(State(app): State<AppState>, request: ApiRequest) -> Result<Answer, Problem> {
    let at = request.at;
    right::<UsageLog>(&at, Verb::Do("summarize"))?;
    let organization =
        at.organization().ok_or_else(|| Problem::new(Code::Forbidden, "your account has no organization"))?;
    let period = match request.query.as_slice() {
        [(name, value)] if name == "billing_period" => {
            BillingPeriod::from_parameter(value).map_err(|error| Problem::parameter(name, error))?
        }
        _ => return Err(Problem::parameter("billing_period", "is required, and is the only parameter")),
    };
    app.database
        .read(move |connection| {
            let actions = UsageLog::summary(connection, organization, &period, MOST_ACTION_TYPES)?;
            if actions.len() > MOST_ACTION_TYPES {
                return Err(HandlerError::wrong_state(format!(
                    "the period has more than {MOST_ACTION_TYPES} action types: list the usage logs"
                )));
            }
            let document_count = actions.iter().map(|action| action.document_count).sum();
            let one = ListRequest {
                filters: vec![("organization_id", organization.to_string())],
                sort: "id",
                descending: false,
                after: None,
                limit: 1,
            };
            let subscription = Subscription::list(connection, &one)?.pop();
            let charge =
                subscription.map(|subscription| charge(&subscription, document_count)).transpose()?;
            let body = json!({
                "billing_period": to_json(&period),
                "document_count": document_count,
                "actions": to_json(&actions),
                "charge": to_json(&charge),
            });
            Ok(Answer::of(StatusCode::OK, &body)?)
        })
        .await
}
