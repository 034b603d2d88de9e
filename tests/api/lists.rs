//! The lists of the API with their models.

use serde_json::{Value, json};

use backoffice::models::{ListRequest, Listed, Position, billing, documents, projects, tasks, tenancy};
use databases::connection::AnyConnection;

/// A list.
#[derive(Clone, Copy)]
pub(crate) struct List {
    /// The path segment.
    pub(crate) path: &'static str,
    pub(crate) table: &'static str,
    pub(crate) filters: &'static [&'static str],
    /// The key first.
    pub(crate) sorts: &'static [&'static str],
    /// Reads a page, and returns the number of its rows and its last position.
    pub(crate) page: fn(&mut AnyConnection, &ListRequest) -> (usize, Option<Position>),
    properties: fn() -> Vec<(&'static str, utoipa::openapi::schema::Schema)>,
}

impl List {
    fn of<R: Listed>(path: &'static str) -> Self {
        let (table, filters, sorts) = (R::TABLE, R::FILTERS, R::SORTS);
        Self { path, table, filters, sorts, page: page::<R>, properties: R::properties }
    }

    /// Whether this column is text, and not a key, date or instant.
    pub(crate) fn is_text(&self, column: &str) -> bool {
        let schema =
            (self.properties)().into_iter().find(|(name, _)| *name == column).map(|(_, schema)| schema);
        let schema = serde_json::to_value(schema.expect("a column that is shown")).expect("a schema");
        schema["type"] == "string" && [Value::Null, json!("email")].contains(&schema["format"])
    }
}

fn page<R: Listed>(connection: &mut AnyConnection, request: &ListRequest) -> (usize, Option<Position>) {
    let rows =
        R::list(connection, request).unwrap_or_else(|error| panic!("{} {request:?}: {error}", R::TABLE));
    (rows.len(), rows.last().map(|row| row.position(request.sort)))
}

/// All lists.
pub(crate) fn all() -> Vec<List> {
    vec![
        List::of::<tenancy::Organization>("organizations"),
        List::of::<tenancy::OrganizationSetting>("organization-settings"),
        List::of::<tenancy::User>("users"),
        List::of::<tenancy::Subscription>("subscriptions"),
        List::of::<tenancy::UsageLog>("usage-logs"),
        List::of::<tenancy::Notification>("notifications"),
        List::of::<tenancy::Activity>("activities"),
        List::of::<tenancy::ContactSubmission>("contact-submissions"),
        List::of::<tenancy::ReportRun>("report-runs"),
        List::of::<documents::Batch>("batches"),
        List::of::<documents::Document>("documents"),
        List::of::<documents::FieldCorrection>("field-corrections"),
        List::of::<documents::ConnectorConfig>("connector-configs"),
        List::of::<documents::FieldMapping>("field-mappings"),
        List::of::<tasks::RecurringPattern>("recurring-patterns"),
        List::of::<tasks::Task>("tasks"),
        List::of::<billing::Customer>("customers"),
        List::of::<billing::Product>("products"),
        List::of::<billing::Bill>("bills"),
        List::of::<billing::BillItem>("bill-items"),
        List::of::<projects::Payment>("payments"),
        List::of::<projects::Project>("projects"),
        List::of::<projects::Milestone>("milestones"),
        List::of::<projects::Applicant>("applicants"),
        List::of::<projects::ApplicantEmbedding>("applicant-embeddings"),
        List::of::<projects::ProjectEmbedding>("project-embeddings"),
        List::of::<projects::Match>("matches"),
        List::of::<projects::Investment>("investments"),
        List::of::<projects::InvestmentValuation>("investment-valuations"),
    ]
}

#[test]
fn every_list_of_the_description_is_covered() {
    let description = serde_json::to_value(backoffice::server::describe_api()).expect("JSON");
    let mut described: Vec<&str> = Vec::new();
    for (address, item) in description["paths"].as_object().expect("paths") {
        let parameters = item["get"]["parameters"].as_array();
        if parameters.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == "cursor")) {
            described.push(address.rsplit('/').next().unwrap_or_default());
        }
    }
    let mut here: Vec<&str> = all().iter().map(|list| list.path).collect();
    here.sort_unstable();
    described.sort_unstable();
    described.dedup();
    assert_eq!(here, described);
}
