//! Ownership of rows: the organization that a row belongs to, and the users whose own row it is.

use diesel::{OptionalExtension as _, QueryDsl as _, QueryResult, RunQueryDsl as _};

use crate::models::{AnyKey, OrganizationId, UserId};
use crate::schema::{
    applicants, batches, bills, connector_configs, customers, document_metadata, investments, milestones,
    products, projects, recurring_patterns, tasks, users,
};
use databases::connection::AnyConnection;

/// The organization of the row with this key; `None` if there is no such row, or if it belongs to no organization.
///
/// # Errors
/// When the database fails. `QueryBuilderError` for a table that no foreign key refers to.
pub fn organization_of(connection: &mut AnyConnection, key: AnyKey) -> QueryResult<Option<OrganizationId>> {
    macro_rules! column {
        ($table:ident, $key:ident, $column:ident) => {
            $table::table.find($key).select($table::$column).first(connection).optional()?
        };
    }
    let parent: Option<AnyKey> = match key {
        AnyKey::Organization(id) => return Ok(Some(id)),
        AnyKey::User(id) => return Ok(column!(users, id, organization_id).flatten()),
        AnyKey::Batch(id) => return Ok(column!(batches, id, organization_id).flatten()),
        AnyKey::Document(id) => return Ok(column!(document_metadata, id, organization_id)),
        AnyKey::Customer(id) => return Ok(column!(customers, id, organization_id)),
        AnyKey::Product(id) => return Ok(column!(products, id, organization_id)),
        AnyKey::Bill(id) => return Ok(column!(bills, id, organization_id)),
        AnyKey::Project(id) => return Ok(column!(projects, id, organization_id)),
        AnyKey::Applicant(id) => return Ok(column!(applicants, id, organization_id)),
        AnyKey::Investment(id) => return Ok(column!(investments, id, organization_id)),
        AnyKey::ConnectorConfig(id) => column!(connector_configs, id, user_id).map(AnyKey::User),
        AnyKey::RecurringPattern(id) => column!(recurring_patterns, id, user_id).map(AnyKey::User),
        AnyKey::Task(id) => column!(tasks, id, user_id).map(AnyKey::User),
        AnyKey::Milestone(id) => column!(milestones, id, project_id).map(AnyKey::Project),
        other => return Err(nothing_refers(other)),
    };
    parent.map_or(Ok(None), |parent| organization_of(connection, parent))
}

/// The users whose own row this is: the user of a task, client and freelancer of a project.
///
/// # Errors
/// When the database fails.
pub fn users_of(connection: &mut AnyConnection, key: AnyKey) -> QueryResult<Vec<UserId>> {
    macro_rules! person {
        ($table:ident, $key:ident, $column:ident) => {
            $table::table.find($key).select($table::$column).first(connection).optional()?
        };
    }
    let person: Option<UserId> = match key {
        AnyKey::User(id) => Some(id),
        AnyKey::Batch(id) => person!(batches, id, user_id),
        AnyKey::ConnectorConfig(id) => person!(connector_configs, id, user_id),
        AnyKey::RecurringPattern(id) => person!(recurring_patterns, id, user_id),
        AnyKey::Task(id) => person!(tasks, id, user_id),
        AnyKey::Investment(id) => person!(investments, id, user_id),
        AnyKey::Document(id) => {
            let batch = document_metadata::table.find(id).select(document_metadata::batch_id);
            let batch = batch.first(connection).optional()?.flatten();
            return batch.map_or(Ok(Vec::new()), |batch| users_of(connection, AnyKey::Batch(batch)));
        }
        AnyKey::Milestone(id) => {
            let project =
                milestones::table.find(id).select(milestones::project_id).first(connection).optional()?;
            return project.map_or(Ok(Vec::new()), |project| users_of(connection, AnyKey::Project(project)));
        }
        AnyKey::Project(id) => {
            let people = (projects::client_user_id, projects::freelancer_user_id);
            let people: Option<(Option<UserId>, Option<UserId>)> =
                projects::table.find(id).select(people).first(connection).optional()?;
            let (client, freelancer) = people.unwrap_or_default();
            return Ok(client.into_iter().chain(freelancer).collect());
        }
        _ => None,
    };
    Ok(person.into_iter().collect())
}

fn nothing_refers(key: AnyKey) -> diesel::result::Error {
    diesel::result::Error::QueryBuilderError(format!("no foreign key refers to the table of {key:?}").into())
}
