//! `/api/tasks`: what people have to do.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::error::ApiError;
use super::state::AppState;
use crate::models::tasks::{NewTask, Task, TaskChanges};
use crate::values::{Instant, RecurringPatternId, TaskId, TaskPriority, Text, UserId};

/// Tasks on one page of a list.
const PAGE: i64 = 50;
/// Tasks on one page at most.
const LARGEST_PAGE: i64 = 500;
/// Characters of a title at most, as both tables check.
const TITLE_CHARS: usize = 300;

/// A task as clients see it.
#[derive(Serialize)]
pub(super) struct TaskView {
    id: TaskId,
    user_id: UserId,
    parent_task_id: Option<TaskId>,
    recurring_pattern_id: Option<RecurringPatternId>,
    title: Text,
    description: Option<Text>,
    due_date: Option<Instant>,
    priority: TaskPriority,
    completed: bool,
    completed_at: Option<Instant>,
    created_at: Instant,
    updated_at: Instant,
}

impl From<Task> for TaskView {
    fn from(task: Task) -> Self {
        Self {
            id: task.id,
            user_id: task.user_id,
            parent_task_id: task.parent_task_id,
            recurring_pattern_id: task.recurring_pattern_id,
            title: task.title,
            description: task.description,
            due_date: task.due_date,
            priority: task.priority,
            completed: task.completed,
            completed_at: task.completed_at,
            created_at: task.created_at,
            updated_at: task.updated_at,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewTaskBody {
    user_id: UserId,
    title: Text,
    parent_task_id: Option<TaskId>,
    recurring_pattern_id: Option<RecurringPatternId>,
    description: Option<Text>,
    due_date: Option<Instant>,
    priority: Option<TaskPriority>,
    #[serde(default)]
    completed: bool,
}

/// What is left out stays; `null` empties what may be empty.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TaskChangesBody {
    #[serde(default, deserialize_with = "given")]
    title: Option<Text>,
    #[serde(default, deserialize_with = "given")]
    parent_task_id: Option<Option<TaskId>>,
    #[serde(default, deserialize_with = "given")]
    recurring_pattern_id: Option<Option<RecurringPatternId>>,
    #[serde(default, deserialize_with = "given")]
    description: Option<Option<Text>>,
    #[serde(default, deserialize_with = "given")]
    due_date: Option<Option<Instant>>,
    #[serde(default, deserialize_with = "given")]
    priority: Option<TaskPriority>,
    #[serde(default, deserialize_with = "given")]
    completed: Option<bool>,
}

/// A field that is there, `null` or not, is `Some`; serde alone takes `null` for a missing field.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    user_id: UserId,
    after: Option<TaskId>,
    limit: Option<i64>,
}

#[derive(Serialize)]
pub(super) struct Page {
    tasks: Vec<TaskView>,
    /// Give it as `after` for the next page; `null` on the last.
    next: Option<TaskId>,
}

fn body<T: for<'de> Deserialize<'de>>(bytes: Result<Bytes, BytesRejection>) -> Result<T, ApiError> {
    let bytes = bytes
        .map_err(|error| ApiError::new(error.status(), "the body could not be read, or is too large"))?;
    let value: Value = serde_json::from_slice(&bytes)
        .map_err(|error| ApiError::new(StatusCode::BAD_REQUEST, format!("the body is not JSON: {error}")))?;
    // serde would also take an array, field by field in their order.
    if !value.is_object() {
        return Err(ApiError::invalid("the body is not a JSON object"));
    }
    T::deserialize(value).map_err(|error| ApiError::invalid(error.to_string()))
}

fn key(path: Result<Path<i64>, PathRejection>) -> Result<TaskId, ApiError> {
    let Path(id) = path.map_err(|_not_a_number| ApiError::not_found("task"))?;
    Ok(TaskId(id))
}

fn check_title(title: &Text) -> Result<(), ApiError> {
    if title.trim().is_empty() {
        return Err(ApiError::invalid("title is empty"));
    }
    if title.chars().count() > TITLE_CHARS {
        return Err(ApiError::invalid(format!("title is longer than {TITLE_CHARS} characters")));
    }
    Ok(())
}

pub(super) async fn list(
    State(state): State<AppState>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<Page>, ApiError> {
    let Query(query) = query.map_err(|error| ApiError::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=LARGEST_PAGE).contains(&limit) {
        return Err(ApiError::invalid(format!("limit is not between 1 and {LARGEST_PAGE}")));
    }
    // One more than asked for tells whether there is a next page.
    let mut tasks =
        state.query(move |connection| Task::list(connection, query.user_id, query.after, limit + 1)).await?;
    let more = i64::try_from(tasks.len()).is_ok_and(|count| count > limit);
    if more {
        tasks.pop();
    }
    let next = more.then(|| tasks.last().map(|task| task.id)).flatten();
    Ok(Json(Page { tasks: tasks.into_iter().map(TaskView::from).collect(), next }))
}

pub(super) async fn create(
    State(state): State<AppState>,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let given: NewTaskBody = body(bytes)?;
    check_title(&given.title)?;
    let now = (state.clock)();
    let new = NewTask {
        user_id: given.user_id,
        created_at: now,
        parent_task_id: given.parent_task_id,
        recurring_pattern_id: given.recurring_pattern_id,
        title: given.title,
        description: given.description,
        due_date: given.due_date,
        priority: given.priority.unwrap_or(TaskPriority::Medium),
        completed: given.completed,
        completed_at: given.completed.then_some(now),
        updated_at: now,
    };
    let task = state.query(move |connection| Task::insert(connection, &new)).await?;
    let location = format!("/api/tasks/{}", task.id);
    let mut response = (StatusCode::CREATED, Json(TaskView::from(task))).into_response();
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

pub(super) async fn show(
    State(state): State<AppState>,
    path: Result<Path<i64>, PathRejection>,
) -> Result<Json<TaskView>, ApiError> {
    let key = key(path)?;
    let task = state.query(move |connection| Task::find(connection, key)).await?;
    task.map(|task| Json(task.into())).ok_or_else(|| ApiError::not_found("task"))
}

pub(super) async fn update(
    State(state): State<AppState>,
    path: Result<Path<i64>, PathRejection>,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Json<TaskView>, ApiError> {
    let key = key(path)?;
    let given: TaskChangesBody = body(bytes)?;
    given.title.as_ref().map_or(Ok(()), check_title)?;
    if given.parent_task_id == Some(Some(key)) {
        return Err(ApiError::invalid("a task cannot be part of itself"));
    }
    let now = (state.clock)();
    let changes = TaskChanges {
        parent_task_id: given.parent_task_id,
        recurring_pattern_id: given.recurring_pattern_id,
        title: given.title,
        description: given.description,
        due_date: given.due_date,
        priority: given.priority,
        completed: given.completed,
        completed_at: given.completed.map(|completed| completed.then_some(now)),
        updated_at: Some(now),
    };
    let task = state.query(move |connection| Task::update(connection, key, &changes)).await?;
    task.map(|task| Json(task.into())).ok_or_else(|| ApiError::not_found("task"))
}

pub(super) async fn delete(
    State(state): State<AppState>,
    path: Result<Path<i64>, PathRejection>,
) -> Result<StatusCode, ApiError> {
    let key = key(path)?;
    match state.query(move |connection| Task::delete(connection, key)).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(ApiError::not_found("task")),
    }
}
