//! Generic handlers for all resources: list, create, read, change, delete, and actions.

use std::ops::ControlFlow;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, get, post};

use super::access::{check_parent, check_references, find, is_within, key_of, lock, right};
use super::answer::{Answer, check_match};
use super::app::AppState;
use super::audit::{RowChange, record_change};
use super::caller::{ApiRequest, At};
use super::fields::Fields;
use super::idempotency::Once;
use super::listing;
use super::page::Page;
use super::problem::{Code, HandlerError, Problem};
use super::resource::{Collection, Done, Parent, Resource, ResourceAction};
use super::rights::{AccessScope, Principal, Verb, is_offered};
use crate::models::AnyKey;
use databases::connection::AnyConnection;

/// The routes of a resource. An operation that no role may perform has no route.
pub(super) fn routes<R: Resource>() -> Router<AppState> {
    let mut router = Router::new();
    for collection in R::COLLECTIONS {
        let mut methods = MethodRouter::new();
        if is_offered(R::KIND, Verb::Read) {
            methods = methods.get(move |State(app), request| list::<R>(app, request, collection));
        }
        if is_offered(R::KIND, Verb::Create) {
            methods = methods.post(move |State(app), request| create::<R>(app, request, collection));
        }
        router = router.route(&collection.address(R::PATH), methods);
    }
    let mut methods = get(|State(app), request| read::<R>(app, request));
    if is_offered(R::KIND, Verb::Update) {
        methods = methods.patch(|State(app), request| update::<R>(app, request));
    }
    if is_offered(R::KIND, Verb::Delete) {
        methods = methods.delete(|State(app), request| delete::<R>(app, request));
    }
    router = router.route(&format!("/api/{}/{{id}}", R::PATH), methods);
    for action in R::ACTIONS {
        let address = format!("/api/{}/{{id}}/{}", R::PATH, action.name);
        router = router.route(&address, post(move |State(app), request| act::<R>(app, request, action)));
    }
    router
}

async fn list<R: Resource>(
    app: AppState,
    api: ApiRequest,
    collection: &'static Collection,
) -> Result<Answer, Problem> {
    let at = api.at;
    let scope = right::<R>(&at, Verb::Read)?;
    let mut request = listing::read::<R>(&api.query, collection)?;
    let parent = narrow::<R>(&mut request.filters, &api, collection, scope)?;
    app.database
        .list(at.caller.user, move |connection| {
            if let Some((name, key)) = parent {
                check_parent(connection, &at, scope, name, key)?;
            }
            // One row more than requested shows whether there is a next page.
            let more = crate::models::ListRequest { limit: request.limit + 1, ..request.clone() };
            let mut page = Page::new(request.limit);
            let mut written = Ok(());
            R::each(connection, &more, &mut |row| {
                page.add(row).unwrap_or_else(|error| {
                    written = Err(error);
                    ControlFlow::Break(())
                })
            })?;
            let body = written.and_then(|()| page.finish(|last| listing::cursor(&request, last)));
            let body = body.map_err(|error| Problem::internal(&error))?;
            Ok(Answer { body, ..Answer::empty(StatusCode::OK) })
        })
        .await
}

type Filters = Vec<(&'static str, String)>;

/// Restricts a list to the collection and the scope of the right; returns the parent row of the collection.
fn narrow<R: Resource>(
    filters: &mut Filters,
    request: &ApiRequest,
    collection: &Collection,
    scope: AccessScope,
) -> Result<Option<(&'static str, AnyKey)>, Problem> {
    let caller = request.at.caller;
    let me = caller.user.to_string();
    match collection {
        // Staff list all rows of the platform; other users only their own organization.
        Collection::Platform => match caller.principal() {
            Principal::Staff => Ok(None),
            Principal::In(organization, _) => {
                filters.push(("id", organization.to_string()));
                Ok(None)
            }
            Principal::Outside => Err(Problem::new(Code::Forbidden, "your account has no organization")),
        },
        Collection::In(parent) => {
            let key = parent_key(parent, request)?;
            filters.push((parent.column, request.parameter("parent_id").to_owned()));
            // A parent in scope can have children that concern other users, such as investments in a project.
            let own = R::own_column(caller.role).filter(|_| scope == AccessScope::Own);
            filters.extend(own.map(|column| (column, me)));
            Ok(Some((parent.name, key)))
        }
        Collection::User => {
            let person =
                filters.iter().find(|(column, _)| *column == "user_id").map(|(_, value)| value.clone());
            match person {
                Some(person) => {
                    let key = crate::models::Field::from_parameter(&person);
                    let key: crate::models::UserId =
                        key.map_err(|error| Problem::parameter("user_id", error))?;
                    Ok(Some(("user", key.into())))
                }
                None => {
                    filters.push(("user_id", me));
                    Ok(None)
                }
            }
        }
        Collection::Organization => {
            let Principal::In(organization, role) = caller.principal() else {
                return Err(Problem::new(Code::Forbidden, "your account has no organization"));
            };
            filters.push(("organization_id", organization.to_string()));
            if scope == AccessScope::Own {
                let column = R::own_column(role);
                let none = || {
                    Problem::new(Code::Forbidden, format!("your role does not permit list on {}", R::PATH))
                };
                filters.push((column.ok_or_else(none)?, me));
            }
            Ok(None)
        }
    }
}

fn parent_key(parent: &Parent, request: &ApiRequest) -> Result<AnyKey, Problem> {
    (parent.key)(request.parameter("parent_id")).map_err(|_no_key| Problem::not_found(parent.name))
}

async fn read<R: Resource>(app: AppState, request: ApiRequest) -> Result<Answer, Problem> {
    let key = key_of::<R>(request.parameter("id"))?;
    let at = request.at;
    let headers = request.headers;
    app.database
        .read(move |connection| {
            let row: R = find(connection, &at, Verb::Read, key)?;
            Ok(Answer::of_row(StatusCode::OK, &row)?.unless_known(&headers))
        })
        .await
}

async fn create<R: Resource>(
    app: AppState,
    request: ApiRequest,
    collection: &'static Collection,
) -> Result<Answer, Problem> {
    let at = request.at;
    let scope = right::<R>(&at, Verb::Create)?;
    let mut fields = Fields::of_body(&request.body)?;
    let parent = match collection {
        Collection::In(parent) => {
            let key = parent_key(parent, &request)?;
            fields.put(parent.column, parent_value(request.parameter("parent_id")));
            Some((parent.name, key))
        }
        Collection::Organization | Collection::User | Collection::Platform => None,
    };
    // Parsed here, so that an invalid body uses no connection; parsed again in each try, because `insert` consumes
    // the row.
    let mut first = fields.clone();
    R::read_new(&mut first, &at);
    let given = first.finish()?;
    let once = Once::of(&request)?;
    app.database
        .change(at.caller.user, move |connection| {
            if let Some(answer) = recall(&once, connection, &at)? {
                return Ok(answer);
            }
            if let Some((name, key)) = parent {
                check_parent(connection, &at, scope, name, key)?;
            }
            check_references(connection, &at, scope, &given)?;
            let new = R::read_new(&mut fields.clone(), &at);
            let mut new =
                new.ok_or_else(|| Problem::new(Code::Forbidden, "your account has no organization"))?;
            R::before_create(&mut new, &given, &at, connection)?;
            let row = R::insert(connection, &new)?;
            if !is_within(connection, &at, scope, &row)? {
                return Err(
                    Problem::new(Code::Forbidden, "your role permits this only for your own rows").into()
                );
            }
            row.after_write(&at, connection)?;
            record_change(connection, &at, RowChange::Created(&row), "created", &given.names)?;
            let location = format!("/api/{}/{}", R::PATH, row.key());
            let answer = Answer::of_row(StatusCode::CREATED, &row)?.at(location);
            keep(&once, connection, &at, &answer)?;
            Ok(answer)
        })
        .await
}

/// A key in the path as the body represents it.
fn parent_value(text: &str) -> serde_json::Value {
    text.parse::<i64>().map_or_else(|_not_a_number| text.into(), serde_json::Value::from)
}

async fn update<R: Resource>(app: AppState, request: ApiRequest) -> Result<Answer, Problem> {
    let key = key_of::<R>(request.parameter("id"))?;
    let at = request.at;
    let scope = right::<R>(&at, Verb::Update)?;
    let fields = Fields::of_body(&request.body)?;
    let mut first = fields.clone();
    R::read_changes(&mut first, &at);
    let given = first.finish()?;
    let headers = request.headers;
    app.database
        .change(at.caller.user, move |connection| {
            let before: R = lock(connection, &at, Verb::Update, key)?;
            check_match(&headers, &before)?;
            if given.names.is_empty() {
                return Ok(Answer::of_row(StatusCode::OK, &before)?);
            }
            check_references(connection, &at, scope, &given)?;
            let mut changes = R::read_changes(&mut fields.clone(), &at);
            before.before_update(&mut changes, &at, connection)?;
            let row = R::update(connection, key, &changes)?.ok_or_else(|| Problem::not_found(R::NAME))?;
            if !is_within(connection, &at, scope, &row)? {
                return Err(
                    Problem::new(Code::Forbidden, "your role permits this only for your own rows").into()
                );
            }
            row.after_write(&at, connection)?;
            record_change(connection, &at, RowChange::Changed(&before, &row), "changed", &given.names)?;
            Answer::of_row(StatusCode::OK, &row).map_err(HandlerError::from)
        })
        .await
}

async fn delete<R: Resource>(app: AppState, request: ApiRequest) -> Result<Answer, Problem> {
    let key = key_of::<R>(request.parameter("id"))?;
    let at = request.at;
    let headers = request.headers;
    app.database
        .change(at.caller.user, move |connection| {
            let row: R = lock(connection, &at, Verb::Delete, key)?;
            check_match(&headers, &row)?;
            row.remove(&at, connection)?;
            row.after_write(&at, connection)?;
            record_change(connection, &at, RowChange::Deleted(&row), "deleted", &[])?;
            Ok(Answer::empty(StatusCode::NO_CONTENT))
        })
        .await
}

async fn act<R: Resource>(
    app: AppState,
    request: ApiRequest,
    action: &'static ResourceAction<R>,
) -> Result<Answer, Problem> {
    let key = key_of::<R>(request.parameter("id"))?;
    let at = request.at;
    right::<R>(&at, Verb::Do(action.name))?;
    let fields = Fields::of_optional_body(&request.body)?;
    let once = Once::of(&request)?;
    let headers = request.headers;
    app.database
        .change(at.caller.user, move |connection| {
            if let Some(answer) = recall(&once, connection, &at)? {
                return Ok(answer);
            }
            let row: R = lock(connection, &at, Verb::Do(action.name), key)?;
            // A concurrent request with the same key held the row lock until now.
            if let Some(answer) = recall(&once, connection, &at)? {
                return Ok(answer);
            }
            check_match(&headers, &row)?;
            let before = row.clone();
            let done = (action.run)(connection, &at, row, fields.clone())?;
            let answer = match &done {
                Done::Row(row) | Done::Unchanged(row) => Answer::of_row(StatusCode::OK, row)?,
                Done::Other(_, value) => Answer::of(StatusCode::OK, value)?,
            };
            if let Done::Row(row) | Done::Other(row, _) = &done {
                record_change(connection, &at, RowChange::Changed(&before, row), action.done, &[])?;
            }
            keep(&once, connection, &at, &answer)?;
            Ok(answer)
        })
        .await
}

fn recall(
    once: &Option<Once>,
    connection: &mut AnyConnection,
    at: &At,
) -> Result<Option<Answer>, HandlerError> {
    once.as_ref().map_or(Ok(None), |once| once.recall(connection, at.now))
}

fn keep(
    once: &Option<Once>,
    connection: &mut AnyConnection,
    at: &At,
    answer: &Answer,
) -> Result<(), HandlerError> {
    once.as_ref().map_or(Ok(()), |once| once.keep(connection, at.now, answer))
}
