//! The definition of a resource: its name, path, collections, fields, and rules of its own.
//!
//! What all resources have in common is in `handle` and `access`; the files of `resources/` contain the differences.

use diesel::QueryResult;
use serde_json::Value;
use utoipa::openapi::schema::Schema;

use super::caller::At;
use super::fields::{Fields, GivenFields, Shape};
use super::problem::HandlerError;
use super::rights::ResourceKind;
use crate::models::Listed;
use crate::models::ownership::users_of;
use crate::models::{AnyKey, Field, Role, UserId};
use databases::connection::AnyConnection;
use transfer::values::InvalidValue;

/// A table that is exposed by the API.
pub(super) trait Resource: Listed + Clone {
    /// Singular name: `bill item`.
    const NAME: &'static str;
    /// Path segment: `bill-items`.
    const PATH: &'static str;
    /// The resource kind that rights are granted on.
    const KIND: ResourceKind;
    /// The collections in which rows are listed and created.
    const COLLECTIONS: &'static [Collection];
    /// Filters that must be used together. Any other filter is used alone, because each has an index of its own.
    const TOGETHER: &'static [&'static [&'static str]] = &[];
    /// Actions besides create, change and delete.
    const ACTIONS: &'static [ResourceAction<Self>] = &[];
    /// Fields whose old and new values are in the audit trail: money and rights. Never secrets, nor what people write.
    const AUDITED: &'static [&'static str] = &[];
    /// Description in the OpenAPI document.
    const ABOUT: &'static str;

    /// The fields of a new row.
    fn new_shapes() -> Vec<Shape> {
        Vec::new()
    }

    /// The fields of a change.
    fn change_shapes() -> Vec<Shape> {
        Vec::new()
    }

    /// Parses a new row; `None` if a field is invalid, or if rows are not created through the API.
    fn read_new(_fields: &mut Fields, _at: &At) -> Option<Self::New> {
        None
    }

    /// Parses a change.
    fn read_changes(_fields: &mut Fields, _at: &At) -> Self::Changes {
        Self::Changes::default()
    }

    /// The column that restricts a list to rows in the scope `Own` of a caller with this role.
    fn own_column(_role: Role) -> Option<&'static str> {
        Self::FILTERS.iter().copied().find(|column| *column == "user_id")
    }

    /// The users whose own row it is, for the scope `Own`.
    fn users(&self, connection: &mut AnyConnection) -> QueryResult<Vec<UserId>> {
        self.owner().map_or(Ok(Vec::new()), |owner| users_of(connection, owner))
    }

    /// Validates and completes a new row before it is inserted.
    fn before_create(
        _new: &mut Self::New,
        _given: &GivenFields,
        _at: &At,
        _connection: &mut AnyConnection,
    ) -> Result<(), HandlerError> {
        Ok(())
    }

    /// Validates and completes a change before it is applied.
    fn before_update(
        &self,
        _changes: &mut Self::Changes,
        _at: &At,
        _connection: &mut AnyConnection,
    ) -> Result<(), HandlerError> {
        Ok(())
    }

    /// Deletes the row. Tables with `deleted_at` are soft-deleted.
    fn remove(&self, _at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
        Self::delete(connection, self.key())?;
        Ok(())
    }

    /// Updates dependent rows after a create, change or delete, in the same transaction.
    fn after_write(&self, _at: &At, _connection: &mut AnyConnection) -> Result<(), HandlerError> {
        Ok(())
    }
}

/// Where rows of a resource are listed and created.
#[derive(Clone, Copy, Debug)]
pub(super) enum Collection {
    /// `/api/PATH`: rows of the caller's organization.
    Organization,
    /// `/api/PATH`: rows of one user, by default the caller; `user_id` selects another one.
    User,
    /// `/api/PATH`: rows that belong to no organization.
    Platform,
    /// `/api/PARENT/{parent_id}/PATH`: children of one row.
    In(Parent),
}

/// The parent of a nested collection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parent {
    /// Path segment of the parent: `projects`.
    pub(super) path: &'static str,
    /// Singular name: `project`.
    pub(super) name: &'static str,
    /// The foreign key column.
    pub(super) column: &'static str,
    /// Parses the primary key of the parent.
    pub(super) key: fn(&str) -> Result<AnyKey, InvalidValue>,
    /// The schema of that key.
    pub(super) schema: fn() -> Schema,
}

impl Parent {
    pub(super) const fn of<K: Field + Into<AnyKey>>(
        path: &'static str,
        name: &'static str,
        column: &'static str,
    ) -> Collection {
        Collection::In(Self {
            path,
            name,
            column,
            key: |text| K::from_parameter(text).map(K::into),
            schema: K::schema,
        })
    }
}

impl Collection {
    /// The path of the collection.
    pub(super) fn address(&self, path: &str) -> String {
        match self {
            Self::In(parent) => format!("/api/{}/{{parent_id}}/{path}", parent.path),
            Self::Organization | Self::User | Self::Platform => format!("/api/{path}"),
        }
    }
}

/// An operation on one row that is more than a change of fields; runs in one transaction.
pub(super) struct ResourceAction<R> {
    /// Path segment, and name in the table of rights: `issue`.
    pub(super) name: &'static str,
    /// The operation in the audit trail: `issued`.
    pub(super) done: &'static str,
    /// Summary in the OpenAPI document.
    pub(super) about: &'static str,
    /// The fields of the body.
    pub(super) shapes: fn() -> Vec<Shape>,
    /// The schema of the response; `None` is the resource itself.
    pub(super) answer: Option<fn() -> Schema>,
    /// Performs the action on the locked row.
    pub(super) run: ActionFn<R>,
}

type ActionFn<R> = fn(&mut AnyConnection, &At, R, Fields) -> Result<Done<R>, HandlerError>;

/// The result of an action.
pub(super) enum Done<R> {
    /// The changed row.
    Row(R),
    /// The unchanged row.
    Unchanged(R),
    /// Another result for this row.
    Other(R, Value),
}

/// Implements [`Resource`] for a model: the fields of bodies with type and limit (`[1..=200]`), their defaults (`=
/// value`, or `=> value` if it depends on the caller), and the columns that the application sets.
macro_rules! resource {
    (
        $(#[doc = $about:literal])+
        $row:ident, $name:literal at $path:literal, $kind:ident;
        collections [$($collection:expr),+ $(,)?];
        $(actions [$($action:expr),+ $(,)?];)?
        $(new |$new_at:ident| $new:ident {
            $($field:ident: $type:ty $([$limit:expr])? $(= $default:expr)? $(=> $usual:expr)?,)*
        } with {
            $($set:ident: $value:expr,)*
        })?
        $(changes |$changes_at:ident| $changes:ident {
            $($change:ident: $change_type:ty $([$change_limit:expr])?,)*
        } with {
            $($change_set:ident: $change_value:expr,)*
        })?
        $(particular { $($particular:item)* })?
    ) => {
        impl $crate::server::resource::Resource for $row {
            const NAME: &'static str = $name;
            const PATH: &'static str = $path;
            const KIND: $crate::server::rights::ResourceKind = $crate::server::rights::ResourceKind::$kind;
            const COLLECTIONS: &'static [$crate::server::resource::Collection] = &[$($collection),+];
            $(const ACTIONS: &'static [$crate::server::resource::ResourceAction<Self>] = &[$($action),+];)?
            const ABOUT: &'static str = concat!($($about, "\n"),+);

            $(fn new_shapes() -> Vec<$crate::server::fields::Shape> {
                vec![$($crate::server::resource::resource!(@new_shape $field: $type $([$limit])? $(= $default)? $(=> $usual)?),)*]
            }

            #[allow(unused_variables, reason = "there are resources to which the application adds nothing")]
            fn read_new(
                fields: &mut $crate::server::fields::Fields,
                $new_at: &$crate::server::caller::At,
            ) -> Option<Self::New> {
                // All fields are parsed before the first `?`, so that all errors are reported.
                $(let $field: Option<$type> =
                    $crate::server::resource::resource!(@read fields, $field: $type $([$limit])? $(= $default)? $(=> $usual)?);)*
                Some($new {
                    $($field: $field?,)*
                    $($set: $value,)*
                })
            })?

            $(fn change_shapes() -> Vec<$crate::server::fields::Shape> {
                vec![$($crate::server::fields::Shape::of_change::<$change_type>(
                    stringify!($change),
                    $crate::server::resource::resource!(@limit $($change_limit)?),
                ),)*]
            }

            #[allow(unused_variables, reason = "there are resources to which the application adds nothing")]
            #[allow(clippy::needless_update, reason = "there are resources of which every column may be changed")]
            fn read_changes(
                fields: &mut $crate::server::fields::Fields,
                $changes_at: &$crate::server::caller::At,
            ) -> Self::Changes {
                $changes {
                    $($change: fields.change::<$change_type>(
                        stringify!($change),
                        $crate::server::resource::resource!(@limit $($change_limit)?),
                    ),)*
                    $($change_set: $change_value,)*
                    ..$changes::default()
                }
            })?

            $($($particular)*)?
        }
    };
    (@limit) => { None };
    (@limit $limit:expr) => { Some($limit) };
    (@read $fields:ident, $field:ident: $type:ty $([$limit:expr])?) => {
        $fields.required::<$type>(stringify!($field), $crate::server::resource::resource!(@limit $($limit)?))
    };
    (@read $fields:ident, $field:ident: $type:ty $([$limit:expr])? = $default:expr) => {
        $fields.optional::<$type>(
            stringify!($field),
            $crate::server::resource::resource!(@limit $($limit)?),
            || Some($default),
        )
    };
    // The default depends on the caller.
    (@read $fields:ident, $field:ident: $type:ty $([$limit:expr])? => $usual:expr) => {
        $crate::server::resource::resource!(@read $fields, $field: $type $([$limit])? = $usual)
    };
    (@new_shape $field:ident: $type:ty $([$limit:expr])?) => {
        $crate::server::fields::Shape::of::<$type>(
            stringify!($field),
            $crate::server::resource::resource!(@limit $($limit)?),
            None,
        )
    };
    (@new_shape $field:ident: $type:ty $([$limit:expr])? = $default:expr) => {
        $crate::server::fields::Shape::with_default::<$type>(
            stringify!($field),
            $crate::server::resource::resource!(@limit $($limit)?),
            || Some($default),
        )
    };
    (@new_shape $field:ident: $type:ty $([$limit:expr])? => $usual:expr) => {
        $crate::server::fields::Shape::of_change::<$type>(
            stringify!($field),
            $crate::server::resource::resource!(@limit $($limit)?),
        )
    };
}
pub(super) use resource;
