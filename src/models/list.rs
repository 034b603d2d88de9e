//! Lists: rows filtered by equality, sorted by one column, from a position on.
//!
//! Keyset pagination: the next page starts after the sort value and key of the last row, so its cost does not depend
//! on the pages before. An index starts with each filter and sort column of a model.

use std::ops::ControlFlow;

use diesel::QueryResult;
use diesel::result::Error;
use serde::Serialize;
use utoipa::openapi::schema::Schema;

use super::Record;
use crate::models::Field;
use databases::connection::AnyConnection;
use transfer::values::InvalidValue;

/// A request for a page.
#[derive(Clone, Debug)]
pub struct ListRequest {
    /// Filter columns with their values as text.
    pub filters: Vec<(&'static str, String)>,
    /// The sort column, one of [`Listed::SORTS`]; ties are sorted by the key.
    pub sort: &'static str,
    /// Whether the order is descending.
    pub descending: bool,
    /// The end of the previous page.
    pub after: Option<Position>,
    /// Maximum number of rows.
    pub limit: i64,
}

/// A position in a list: sort value and key of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The value, as text.
    pub value: String,
    /// The key, as text.
    pub key: String,
}

/// A model with lists.
pub trait Listed: Record + Serialize {
    /// Filter columns.
    const FILTERS: &'static [&'static str];
    /// Sort columns, the key first.
    const SORTS: &'static [&'static str];

    /// The visible columns with their schemas.
    fn properties() -> Vec<(&'static str, Schema)>;

    /// The schema of a filter value; `None` if there is no such filter.
    fn filter_schema(column: &str) -> Option<Schema>;

    /// Validates the value of a filter or position.
    ///
    /// # Errors
    /// When it cannot be parsed.
    fn check(column: &str, text: &str) -> Result<(), InvalidValue>;

    /// This row's position in a list ordered by `sort`.
    fn position(&self, sort: &str) -> Position;

    /// Reads a page row by row, until `take` breaks. One row at a time is in memory, on both backends.
    ///
    /// # Errors
    /// When the database fails; `QueryBuilderError` for values that [`check`](Self::check) rejects.
    fn each(
        connection: &mut AnyConnection,
        request: &ListRequest,
        take: &mut dyn FnMut(Self) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// Reads a page of few rows.
    ///
    /// # Errors
    /// As [`each`](Self::each).
    fn list(connection: &mut AnyConnection, request: &ListRequest) -> QueryResult<Vec<Self>> {
        let mut rows = Vec::new();
        Self::each(connection, request, &mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        })?;
        Ok(rows)
    }
}

/// A value in the form that [`read`] parses.
pub(super) fn text_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(error) => error.to_string(),
    }
}

/// Parses the value of a filter or position.
pub(super) fn read<T: Field>(text: &str) -> QueryResult<T> {
    T::from_parameter(text).map_err(|error| Error::QueryBuilderError(error.into()))
}

/// The error for an unknown column.
pub(super) fn unknown(column: &str) -> Error {
    Error::QueryBuilderError(format!("lists have no filter or order by `{column}`").into())
}

macro_rules! listed {
    (
        $table:ident: $row:ident;
        key $id:ident: $key:ty;
        soft { $($deleted:ident)? }
        filter { $($filter:ident: $filter_type:ty,)* }
        sort { $($sort:ident: $sort_type:ty,)* }
        fields { $($(#[$secret:ident])? $field:ident: $type:ty,)* }
    ) => {
        impl crate::models::Listed for $row {
            const FILTERS: &'static [&'static str] = &[$(stringify!($filter),)*];
            const SORTS: &'static [&'static str] = &[stringify!($id), $(stringify!($sort),)*];

            fn properties() -> Vec<(&'static str, utoipa::openapi::schema::Schema)> {
                use crate::models::Field as _;
                let mut properties = vec![(stringify!($id), <$key>::schema())];
                $(
                    let is_secret = false $(|| stringify!($secret) == "secret")?;
                    if !is_secret {
                        properties.push((stringify!($field), <$type>::schema()));
                    }
                )*
                properties
            }

            fn filter_schema(column: &str) -> Option<utoipa::openapi::schema::Schema> {
                match column {
                    $(stringify!($filter) => Some(<$filter_type as crate::models::Field>::schema()),)*
                    _ => None,
                }
            }

            fn check(column: &str, text: &str) -> Result<(), transfer::values::InvalidValue> {
                use crate::models::Field as _;
                match column {
                    stringify!($id) => <$key>::from_parameter(text).map(|_value| ()),
                    $(#[allow(unreachable_patterns, reason = "the key may filter")]
                    stringify!($filter) => <$filter_type>::from_parameter(text).map(|_value| ()),)*
                    // A column that is both filter and sort column is matched above.
                    $(#[allow(unreachable_patterns, reason = "a column may filter and order")]
                    stringify!($sort) => <$sort_type>::from_parameter(text).map(|_value| ()),)*
                    other => Err(transfer::values::InvalidValue::new(format!("`{other}` is not a filter"))),
                }
            }

            fn position(&self, sort: &str) -> crate::models::Position {
                let key = crate::models::list::text_of(&self.$id);
                let value = match sort {
                    $(stringify!($sort) => crate::models::list::text_of(&self.$sort),)*
                    _ => key.clone(),
                };
                crate::models::Position { value, key }
            }

            #[allow(unreachable_code, unused_variables, reason = "there are tables without a filter")]
            fn each(
                connection: &mut databases::connection::AnyConnection,
                request: &crate::models::ListRequest,
                take: &mut dyn FnMut(Self) -> std::ops::ControlFlow<()>,
            ) -> diesel::QueryResult<()> {
                use crate::models::list::{read, unknown};
                use crate::schema::$table as columns;
                use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _, SelectableHelper as _};
                let is_sqlite = matches!(connection, databases::connection::AnyConnection::Sqlite(_));
                databases::connection::row_by_row!(connection, Self, {
                    let mut rows = columns::table.select(Self::as_select()).limit(request.limit).into_boxed();
                    $(rows = rows.filter(columns::$deleted.is_null());)?
                    // A foreign key is more selective than the organization, which it implies. SQLite has no statistics
                    // here and would use the index on the organization: a unary `+` excludes that index.
                    let narrows = |column: &str, value: &str| match column {
                        $(stringify!($filter) => {
                            let value = <$filter_type as crate::models::Field>::from_parameter(value);
                            value.is_ok_and(|value| crate::models::Field::refers_to(&value).is_some())
                        })*
                        _ => false,
                    };
                    let narrowing = request.filters.iter().filter(|(column, value)| narrows(column, value));
                    let is_narrow = is_sqlite
                        && narrowing.clone().any(|(column, _)| *column != "organization_id");
                    for (column, value) in &request.filters {
                        rows = match *column {
                            $(stringify!($filter) if is_narrow && *column == "organization_id" => {
                                let start = concat!("+", stringify!($table), ".", stringify!($filter), " = ");
                                rows.filter(
                                    diesel::dsl::sql::<diesel::sql_types::Bool>(start)
                                        .bind::<diesel::dsl::SqlTypeOf<columns::$filter>, _>(read::<$filter_type>(value)?),
                                )
                            })*
                            $(stringify!($filter) => rows.filter(columns::$filter.eq(read::<$filter_type>(value)?)),)*
                            other => return Err(unknown(other)),
                        };
                    }
                    rows = match (request.sort, request.descending) {
                        (stringify!($id), false) => rows.order(columns::$id.asc()),
                        (stringify!($id), true) => rows.order(columns::$id.desc()),
                        $((stringify!($sort), false) => rows.order((columns::$sort.asc(), columns::$id.asc())),
                        (stringify!($sort), true) => rows.order((columns::$sort.desc(), columns::$id.desc())),)*
                        (other, _) => return Err(unknown(other)),
                    };
                    if let Some(after) = &request.after {
                        let key = read::<$key>(&after.key)?;
                        rows = match (request.sort, request.descending) {
                            (stringify!($id), false) => rows.filter(columns::$id.gt(key)),
                            (stringify!($id), true) => rows.filter(columns::$id.lt(key)),
                            // The first condition is the index range, the second one resolves ties.
                            $((stringify!($sort), false) => {
                                use diesel::BoolExpressionMethods as _;
                                let value = read::<$sort_type>(&after.value)?;
                                rows.filter(columns::$sort.ge(value.clone()))
                                    .filter(columns::$sort.gt(value).or(columns::$id.gt(key)))
                            }
                            (stringify!($sort), true) => {
                                use diesel::BoolExpressionMethods as _;
                                let value = read::<$sort_type>(&after.value)?;
                                rows.filter(columns::$sort.le(value.clone()))
                                    .filter(columns::$sort.lt(value).or(columns::$id.lt(key)))
                            })*
                            (other, _) => return Err(unknown(other)),
                        };
                    }
                    rows
                }, rows => for row in rows {
                    if take(row?).is_break() {
                        break;
                    }
                });
                Ok(())
            }
        }
    };
}
pub(crate) use listed;
