//! COPY into a table that is known only at run time.

use std::cell::RefCell;

use diesel::pg::{CopyFormat, CopyTarget, Pg};
use diesel::prelude::*;
use diesel::query_builder::AstPass;

diesel::table! {
    /// A placeholder for any table: Diesel requires a type for the target of COPY.
    any_table (name) {
        /// Not used.
        name -> Text,
    }
}

thread_local! {
    /// The target of COPY. `CopyTarget` has no value to store it in.
    static TARGET: RefCell<String> = const { RefCell::new(String::new()) };
}

struct AnyTarget;

impl CopyTarget for AnyTarget {
    type Table = any_table::table;
    type SqlType = diesel::sql_types::Text;

    fn walk_target(mut pass: AstPass<'_, '_, Pg>) -> QueryResult<()> {
        TARGET.with_borrow(|target| pass.push_sql(target));
        Ok(())
    }
}

/// Writes `data`, a complete binary COPY stream, into `columns` of `table`, both as SQL.
///
/// # Errors
/// When PostgreSQL rejects a row; then none of them is written.
pub fn copy_in(target: &mut PgConnection, table: &str, columns: &str, data: &[u8]) -> QueryResult<usize> {
    TARGET.set(format!("{table} ({columns})"));
    diesel::copy_from(any_table::table)
        .from_raw_data(AnyTarget, |out| {
            // In chunks: libpq buffers what it is given at once, and sends the chunk before.
            data.chunks(64 * 1024)
                .try_for_each(|piece| out.write_all(piece))
                .map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))
        })
        .with_format(CopyFormat::Binary)
        .execute(target)
}
