//! What is found when rows go into PostgreSQL: rows and objects it refuses, orphans, and a target that is there already.

use crate::finding::{Rule, Weight};

/// Every rule of this area.
pub static ALL: &[&Rule] = &[
    &ROW_REJECTED,
    &TABLE_FAILED,
    &OBJECT_REFUSED,
    &ORPHAN_NOT_VALID,
    &ORPHAN_QUARANTINED,
    &ORPHAN_SET_NULL,
    &ORPHAN_NOT_CHECKED,
    &TARGET_EXTRA_COLUMN,
    &TARGET_REQUIRED_COLUMN,
    &TARGET_MISSING_COLUMN,
    &TARGET_MISSING_TABLE,
    &TARGET_TYPE_TOO_NARROW,
    &TARGET_MIGRATION_TABLE,
    &SIZE_ROW_TOO_LARGE,
];

/// A row the target refused.
pub static ROW_REJECTED: Rule = Rule {
    id: "row/rejected",
    weight: Weight::Decision,
    what: "A row holds a value that its column in PostgreSQL does not take, or breaks a constraint there",
    by_default: "The row is set aside with every value, its key and the reason; all other rows are copied",
    change: "Correct the row in the source, or give the column a type that holds it in the configuration file; \
             `app db rejects list` names the rows; when their cause is gone the same import, run again, copies those of tables with an \
             INTEGER PRIMARY KEY, and `--restart` all",
};

/// A table that was not copied to its end.
pub static TABLE_FAILED: Rule = Rule {
    id: "table/failed",
    weight: Weight::Decision,
    what: "A table could not be copied to its end: the source could not be read on, or PostgreSQL failed",
    by_default: "What is missing is counted and named; every other table is copied, and foreign keys to this table stay NOT VALID",
    change: "See to the cause and run the same import again: it copies what is missing",
};

/// A statement the target refused.
pub static OBJECT_REFUSED: Rule = Rule {
    id: "object/refused",
    weight: Weight::Decision,
    what: "PostgreSQL refused a statement that makes a constraint, an index, a view or a comment",
    by_default: "The object is not made; it is named with the statement and what PostgreSQL said, and everything else is carried",
    change: "Correct the statement in the output of `app db convert`, and run it after the import",
};

/// Orphans under a foreign key that is not validated.
pub static ORPHAN_NOT_VALID: Rule = Rule {
    id: "orphan/not-valid",
    weight: Weight::Decision,
    what: "Rows refer to rows that do not exist, which SQLite lets stand where foreign keys are not switched on",
    by_default: "All rows are copied; the foreign key is made NOT VALID, so that it holds for new rows only, and the orphans are listed",
    change: "Correct the rows and run ALTER TABLE ... VALIDATE CONSTRAINT, or import with `--orphans quarantine` to set them aside, \
             `--orphans null` to clear the reference, `--orphans stop` to copy nothing while there are any",
};

/// Orphans that are set aside.
pub static ORPHAN_QUARANTINED: Rule = Rule {
    id: "orphan/quarantined",
    weight: Weight::Decision,
    what: "Rows refer to rows that do not exist, and `--orphans quarantine` was given",
    by_default: "They are set aside as rejects with every value, and so are the rows that refer to them; the foreign key is valid. In a \
                 table without an INTEGER PRIMARY KEY they are copied, and the foreign key stays NOT VALID",
    change: "Correct the rows in the source and run the import again, or import with another `--orphans`",
};

/// Orphans whose reference becomes NULL.
pub static ORPHAN_SET_NULL: Rule = Rule {
    id: "orphan/set-null",
    weight: Weight::Decision,
    what: "Rows refer to rows that do not exist, and `--orphans null` was given",
    by_default: "The columns of the reference become NULL, and each row is listed with the value they had; where a column takes no NULL, \
                 the row is set aside; the foreign key is valid",
    change: "Import with another `--orphans`: `not-valid` changes no value",
};

/// A foreign key that cannot be checked in the source.
pub static ORPHAN_NOT_CHECKED: Rule = Rule {
    id: "orphan/not-checked",
    weight: Weight::Decision,
    what: "SQLite cannot compare the columns of a foreign key, for it does not know a collation of theirs",
    by_default: "All rows are copied; the foreign key is NOT VALID where rows are against it, and is named then",
    change: "Look for such rows with the application that knows the collation",
};

/// A column only the target has.
pub static TARGET_EXTRA_COLUMN: Rule = Rule {
    id: "target/extra-column",
    weight: Weight::Note,
    what: "A table of the target has a column that the source does not have",
    by_default: "The column takes its default in every row, or NULL where it has none",
    change: "Name the column of the source that belongs there in the configuration file",
};

/// A column only the target has, and which needs a value.
pub static TARGET_REQUIRED_COLUMN: Rule = Rule {
    id: "target/required-column",
    weight: Weight::Impossible,
    what: "A column of the target takes no NULL and has no default, and the source does not have it",
    by_default: "Nothing is copied into this table; the other tables are",
    change: "Give the column a default in a migration of the application, or name the column of the source that belongs there in the configuration file",
};

/// A column only the source has.
pub static TARGET_MISSING_COLUMN: Rule = Rule {
    id: "target/missing-column",
    weight: Weight::Decision,
    what: "A column of the source is not in the target's table",
    by_default: "The column is left out; how many of its values are not NULL, and so not carried, is told",
    change: "Add the column in a migration of the application, or name the column of the target it belongs into in the configuration file",
};

/// A table only the source has.
pub static TARGET_MISSING_TABLE: Rule = Rule {
    id: "target/missing-table",
    weight: Weight::Decision,
    what: "A table of the source is not in the target",
    by_default: "The table is left out; how many rows are not carried is told",
    change: "Make the table in a migration of the application, name the table of the target it belongs into in the configuration file, \
             or import without `--data-only`",
};

/// A column of the target that does not hold what the source has.
pub static TARGET_TYPE_TOO_NARROW: Rule = Rule {
    id: "target/type-too-narrow",
    weight: Weight::Impossible,
    what: "A column of the target has a type that does not hold every value of the source, such as integer for values beyond 2,147,483,647",
    by_default: "Nothing is copied into this table; its column is not widened behind the application's back, and the other tables are copied",
    change: "Widen the column in a migration of the application, where the application can read the wider type, or correct the values in the source",
};

/// The table of a migration tool.
pub static TARGET_MIGRATION_TABLE: Rule = Rule {
    id: "target/migration-table",
    weight: Weight::Note,
    what: "A table is the one in which a migration tool keeps what it has applied, such as django_migrations, alembic_version or schema_migrations",
    by_default: "The target's table is left as it is, and the source's is not copied over it",
    change: "There is nothing to change: its rows tell of the source's schema, not of the target's",
};

/// A row beyond PostgreSQL's limits.
pub static SIZE_ROW_TOO_LARGE: Rule = Rule {
    id: "size/row-too-large",
    weight: Weight::Decision,
    what: "A row is larger than PostgreSQL takes: a value, or all values of a row together, of 1 GB",
    by_default: "The row is set aside as a reject with its key and sizes; its values stay in the source, and all other rows are copied",
    change: "Keep such values outside of the database, or cut them into several rows in the source",
};

/// The names of tables in which migration tools keep what they have applied, in lower case.
const MIGRATION_TABLES: &[&str] = &[
    "__diesel_schema_migrations",
    "__drizzle_migrations",
    "__efmigrationshistory",
    "_prisma_migrations",
    "_sqlx_migrations",
    "aerich",
    "alembic_version",
    "ar_internal_metadata",
    "databasechangelog",
    "databasechangeloglock",
    "django_migrations",
    "doctrine_migration_versions",
    "flyway_schema_history",
    "goose_db_version",
    "gorp_migrations",
    "knex_migrations",
    "knex_migrations_lock",
    "kysely_migration",
    "kysely_migration_lock",
    "mikro_orm_migrations",
    "phinxlog",
    "refinery_schema_history",
    "schema_migrations",
    "sequelizemeta",
    "south_migrationhistory",
    "typeorm_metadata",
];

/// Whether a table is one in which a migration tool keeps what it has applied. `migrations` could be anybody's word:
/// it is one with the columns of TypeORM or Laravel only.
pub fn is_migration_table(name: &str, columns: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    let of_typeorm = columns == ["id", "timestamp", "name"];
    let of_laravel = columns == ["id", "migration", "batch"];
    MIGRATION_TABLES.contains(&name.as_str()) || name == "migrations" && (of_typeorm || of_laravel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_of_migration_tools_are_known_by_name() {
        for name in ["django_migrations", "SequelizeMeta", "_prisma_migrations", "__EFMigrationsHistory"] {
            assert!(is_migration_table(name, &[]), "{name}");
        }
        assert!(!is_migration_table("orders", &["id", "timestamp", "name"]));
    }

    #[test]
    fn a_table_called_migrations_is_known_by_its_columns() {
        assert!(is_migration_table("migrations", &["id", "timestamp", "name"]));
        assert!(is_migration_table("migrations", &["id", "migration", "batch"]));
        assert!(!is_migration_table("migrations", &["id", "bird", "from", "to"]));
    }
}
