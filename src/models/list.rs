//! Lists: rows of a table by equality of some columns, in the order of one, from a position on.
//!
//! Keyset pagination: a list goes on after the last row's sort value and key, so that its cost does not grow with what
//! was listed before. Each filter and sort that a model names has an index that begins with it.

use diesel::QueryResult;
use diesel::result::Error;
use serde::Serialize;
use utoipa::openapi::schema::Schema;

use super::Record;
use crate::models::Field;
use databases::connection::AnyConnection;
use transfer::values::InvalidValue;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct ListRequest {
    /// Columns and the values they must have, as text.
    pub filters: Vec<(&'static str, String)>,
    /// The column that orders, one of [`Listed::SORTS`]; the key orders rows that are equal in it.
    pub sort: &'static str,
    /// Whether the largest comes first.
    pub descending: bool,
    /// Where the list before ended.
    pub after: Option<Position>,
    /// Rows at most.
    pub limit: i64,
}

/// Where a list ended: the last row's value of the sorting column, and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The value, as text.
    pub value: String,
    /// The key, as text.
    pub key: String,
}

/// A table that is listed.
pub trait Listed: Record + Serialize {
    /// Columns that may be filtered by.
    const FILTERS: &'static [&'static str];
    /// Columns that may order, the key first.
    const SORTS: &'static [&'static str];

    /// The columns that are shown, with their schemas.
    fn properties() -> Vec<(&'static str, Schema)>;

    /// What a filter takes; `None` when there is no such filter.
    fn filter_schema(column: &str) -> Option<Schema>;

    /// Whether a filter's value, or a position's, can be read.
    ///
    /// # Errors
    /// Why not.
    fn check(column: &str, text: &str) -> Result<(), InvalidValue>;

    /// This row's position in a list ordered by `sort`.
    fn position(&self, sort: &str) -> Position;

    /// The rows.
    ///
    /// # Errors
    /// When the database fails; `QueryBuilderError` for what [`check`](Self::check) refuses.
    fn list(connection: &mut AnyConnection, request: &ListRequest) -> QueryResult<Vec<Self>>;
}

/// A value as the text that [`read`] takes.
pub(super) fn text_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(error) => error.to_string(),
    }
}

/// Reads a filter's or position's value.
pub(super) fn read<T: Field>(text: &str) -> QueryResult<T> {
    T::from_parameter(text).map_err(|error| Error::QueryBuilderError(error.into()))
}

/// A column that is none of those the model names.
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
                    // A column that both filters and orders has been met above.
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
            fn list(
                connection: &mut databases::connection::AnyConnection,
                request: &crate::models::ListRequest,
            ) -> diesel::QueryResult<Vec<Self>> {
                use crate::models::list::{read, unknown};
                use crate::schema::$table as columns;
                use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _, SelectableHelper as _};
                let mut rows = columns::table.select(Self::as_select()).limit(request.limit).into_boxed();
                $(rows = rows.filter(columns::$deleted.is_null());)?
                // Who has this customer has its organization. SQLite, which knows nothing of how many have which, would
                // go through the organization's rows for it: with a `+` no index is entered by them.
                let narrows = |column: &str, value: &str| match column {
                    $(stringify!($filter) => {
                        let value = <$filter_type as crate::models::Field>::from_parameter(value);
                        value.is_ok_and(|value| crate::models::Field::refers_to(&value).is_some())
                    })*
                    _ => false,
                };
                let narrowing = request.filters.iter().filter(|(column, value)| narrows(column, value));
                let is_narrow = matches!(connection, databases::connection::AnyConnection::Sqlite(_))
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
                        // The first condition is what an index is entered by; the second decides among equals.
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
                rows.load(connection)
            }
        }
    };
}
pub(crate) use listed;
