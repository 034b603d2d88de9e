//! What a table is to clients: its name, where it is listed, which fields they give, and what is particular to it.
//!
//! Everything that resources have in common is in `handle` and `access`; a file of `resources/` holds the rest.

use serde_json::Value;
use utoipa::openapi::schema::Schema;

use super::caller::At;
use super::fields::{Fields, Shape};
use super::problem::HandlerError;
use super::rights::ResourceKind;
use crate::models::Listed;
use crate::models::ownership::users_of;
use crate::models::{AnyKey, Field, Role, UserId};
use databases::connection::AnyConnection;
use diesel::QueryResult;
use transfer::values::InvalidValue;

/// A table that clients work with.
pub(super) trait Resource: Listed + Clone {
    /// One of them, in words: `bill item`.
    const NAME: &'static str;
    /// Their address: `bill-items`.
    const PATH: &'static str;
    /// What rights are given on.
    const KIND: ResourceKind;
    /// Where they are listed and made.
    const COLLECTIONS: &'static [Collection];
    /// Columns that lists are filtered by together only. Of others, a list takes one at a time: each has an index.
    const TOGETHER: &'static [&'static [&'static str]] = &[];
    /// What can be done to one of them besides.
    const ACTIONS: &'static [ResourceAction<Self>] = &[];
    /// What it is, for the description of the API.
    const ABOUT: &'static str;

    /// The fields of a new one.
    fn new_shapes() -> Vec<Shape> {
        Vec::new()
    }

    /// The fields that can be changed.
    fn change_shapes() -> Vec<Shape> {
        Vec::new()
    }

    /// Reads a new one; `None` when a field has a fault, or none is made this way.
    fn read_new(_fields: &mut Fields, _at: &At) -> Option<Self::New> {
        None
    }

    /// Reads changes.
    fn read_changes(_fields: &mut Fields, _at: &At) -> Self::Changes {
        Self::Changes::default()
    }

    /// The column by which a list is narrowed to what is about a caller of this role.
    fn own_column(_role: Role) -> Option<&'static str> {
        Self::FILTERS.iter().copied().find(|column| *column == "user_id")
    }

    /// The people it is about.
    fn users(&self, connection: &mut AnyConnection) -> QueryResult<Vec<UserId>> {
        self.owner().map_or(Ok(Vec::new()), |owner| users_of(connection, owner))
    }

    /// The role of a person: access tokens that tell another one are refused.
    fn role(&self) -> Option<Role> {
        None
    }

    /// Looks at a new one, and completes it, before it is written.
    fn before_create(
        _new: &mut Self::New,
        _at: &At,
        _connection: &mut AnyConnection,
    ) -> Result<(), HandlerError> {
        Ok(())
    }

    /// Looks at changes, and completes them, before they are written.
    fn before_update(
        &self,
        _changes: &mut Self::Changes,
        _at: &At,
        _connection: &mut AnyConnection,
    ) -> Result<(), HandlerError> {
        Ok(())
    }

    /// Takes it away. Tables with `deleted_at` keep it.
    fn remove(&self, _at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
        Self::delete(connection, self.key())?;
        Ok(())
    }

    /// What follows when it was created, changed or deleted, in the same transaction.
    fn after_write(&self, _at: &At, _connection: &mut AnyConnection) -> Result<(), HandlerError> {
        Ok(())
    }
}

/// Where a resource is listed and made.
#[derive(Clone, Copy, Debug)]
pub(super) enum Collection {
    /// `/api/PATH`: those of the caller's organization.
    Organization,
    /// `/api/PATH`: those of one person, the caller unless `user_id` says who.
    Person,
    /// `/api/PATH`: those of nobody.
    Platform,
    /// `/api/PARENT/{parent_id}/PATH`: those of one other row.
    In(Parent),
}

/// The row that others stand under.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parent {
    /// Its address: `projects`.
    pub(super) path: &'static str,
    /// In words: `project`.
    pub(super) name: &'static str,
    /// The column that refers to it.
    pub(super) column: &'static str,
    /// Reads its key.
    pub(super) key: fn(&str) -> Result<AnyKey, InvalidValue>,
    /// The schema of its key.
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
    /// The address of a list.
    pub(super) fn address(&self, path: &str) -> String {
        match self {
            Self::In(parent) => format!("/api/{}/{{parent_id}}/{path}", parent.path),
            Self::Organization | Self::User | Self::Platform => format!("/api/{path}"),
        }
    }
}

/// Something that can be done to one of a resource: one step, one transaction.
pub(super) struct ResourceAction<R> {
    /// Its address and its name in the table of rights: `issue`.
    pub(super) name: &'static str,
    /// What the audit trail says: `issued`.
    pub(super) done: &'static str,
    /// What it does, for the description of the API.
    pub(super) about: &'static str,
    /// The fields it takes.
    pub(super) shapes: fn() -> Vec<Shape>,
    /// The schema of its answer; that of the resource itself when there is none.
    pub(super) answer: Option<fn() -> Schema>,
    /// Does it to the row, which is locked.
    pub(super) run: ActionFn<R>,
}

type ActionFn<R> = fn(&mut AnyConnection, &At, R, Fields) -> Result<Done<R>, HandlerError>;

/// What an action gives back.
pub(super) enum Done<R> {
    /// The row as it is now.
    Row(R),
    /// The row as it was: there was nothing to do.
    Unchanged(R),
    /// Something else about this row.
    Other(R, Value),
}

/// Writes the implementation of [`Resource`] for a model: which fields clients give, of which type and within which
/// limit (`[1..=200]`), what they are when nobody gives them (`= value`, or `=> value` where it follows from who asks),
/// and what the application adds.
macro_rules! resource {
    (
        $(#[doc = $about:literal])+
        $row:ident, $name:literal at $path:literal, $kind:ident;
        places [$($collection:expr),+ $(,)?];
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
                // Each field is read before the first fault ends this: all faults are told.
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
    // What it is without a word follows from who asks.
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
