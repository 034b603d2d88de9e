//! Query parameters of lists: limit, sort, filters and cursor.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::problem::{Code, Problem};
use super::resource::{Collection, Resource};
use crate::models::{ListRequest, Position};

/// Default number of rows per page.
pub(super) const PAGE: i64 = 50;
/// Maximum number of rows per page.
pub(super) const LARGEST_PAGE: i64 = 200;

/// Parameters of every list.
const COMMON: [&str; 3] = ["limit", "sort", "cursor"];

/// The filters of a list: those of the model, except the columns that the collection fixes, the key and the
/// organization.
pub(super) fn filters<R: Resource>(fixed: Option<&str>) -> impl Iterator<Item = &'static str> {
    let fixed = fixed.map(str::to_owned);
    R::FILTERS.iter().copied().filter(move |column| {
        !["id", "organization_id"].contains(column) && Some(*column) != fixed.as_deref()
    })
}

/// Parses the query of a list of this collection.
pub(super) fn read<R: Resource>(
    query: &[(String, String)],
    collection: &Collection,
) -> Result<ListRequest, Problem> {
    let fixed = match collection {
        Collection::In(parent) => Some(parent.column),
        Collection::Organization | Collection::User | Collection::Platform => None,
    };
    let mut seen: Vec<&str> = Vec::new();
    let mut request =
        ListRequest { filters: Vec::new(), sort: R::SORTS[0], descending: false, after: None, limit: PAGE };
    let mut cursor = None;
    for (name, value) in query {
        if seen.contains(&name.as_str()) {
            return Err(Problem::parameter(name, "is given more than once"));
        }
        seen.push(name);
        match name.as_str() {
            "limit" => {
                let limit = value.parse().ok().filter(|limit| (1..=LARGEST_PAGE).contains(limit));
                let wrong = || Problem::parameter(name, format!("must be between 1 and {LARGEST_PAGE}"));
                request.limit = limit.ok_or_else(wrong)?;
            }
            "sort" => {
                let column = value.strip_prefix('-').unwrap_or(value);
                let known = R::SORTS.iter().find(|sort| **sort == column);
                let wrong = || {
                    Problem::parameter(
                        name,
                        format!("must be one of {}, optionally with the prefix `-`", R::SORTS.join(", ")),
                    )
                };
                request.sort = known.copied().ok_or_else(wrong)?;
                request.descending = value.starts_with('-');
            }
            "cursor" => cursor = Some(value),
            other => {
                let known = filters::<R>(fixed).find(|column| *column == other).ok_or_else(|| {
                    let names: Vec<&str> = COMMON.into_iter().chain(filters::<R>(fixed)).collect();
                    Problem::parameter(name, format!("is not a known parameter: {}", names.join(", ")))
                })?;
                R::check(known, value).map_err(|error| Problem::parameter(name, error))?;
                request.filters.push((known, value.clone()));
            }
        }
    }
    check_together::<R>(&request, collection)?;
    if let Some(cursor) = cursor {
        request.after = Some(open_cursor::<R>(&request, cursor)?);
    }
    Ok(request)
}

/// Rejects combinations that no index serves in order: their cost would depend on the rows skipped.
fn check_together<R: Resource>(request: &ListRequest, collection: &Collection) -> Result<(), Problem> {
    // In a collection of a user, the filter `user_id` is always present.
    let is_owner = |column: &str| matches!(collection, Collection::User) && column == "user_id";
    let given: Vec<&str> =
        request.filters.iter().map(|(column, _)| *column).filter(|column| !is_owner(column)).collect();
    let Some(first) = given.first().copied() else { return Ok(()) };
    if request.sort != R::SORTS[0] {
        return Err(Problem::parameter("sort", format!("cannot be combined with `{first}`")));
    }
    let inseparable = R::TOGETHER.iter().find(|columns| columns.contains(&first)).copied();
    let expected = inseparable.unwrap_or(std::slice::from_ref(&first));
    if let Some(missing) = expected.iter().find(|column| !given.contains(column)) {
        return Err(Problem::parameter(first, format!("requires `{missing}`")));
    }
    match given.iter().find(|column| !expected.contains(column)) {
        Some(other) => Err(Problem::parameter(other, format!("cannot be combined with `{first}`"))),
        None => Ok(()),
    }
}

/// The cursor after this row. It contains the sort order, so that a list of another order rejects it.
pub(super) fn cursor<R: Resource>(request: &ListRequest, last: &R) -> String {
    let Position { value, key } = last.position(request.sort);
    let encoded = serde_json::json!([order(request), value, key]);
    URL_SAFE_NO_PAD.encode(encoded.to_string())
}

fn order(request: &ListRequest) -> String {
    format!("{}{}", if request.descending { "-" } else { "" }, request.sort)
}

fn open_cursor<R: Resource>(request: &ListRequest, cursor: &str) -> Result<Position, Problem> {
    let wrong =
        || Problem::new(Code::InvalidParameter, "cursor: not a cursor of a list with this sort order");
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_letters| wrong())?;
    let (encoded, value, key): (String, String, String) =
        serde_json::from_slice(&bytes).map_err(|_form| wrong())?;
    let is_read = R::check(request.sort, &value).is_ok() && R::check(R::SORTS[0], &key).is_ok();
    match encoded == order(request) && is_read {
        true => Ok(Position { value, key }),
        false => Err(wrong()),
    }
}
