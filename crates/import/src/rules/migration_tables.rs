//! Recognises the tables in which migration tools record what they have applied.

/// The tables of migration tools, in lower case: names that no application has for anything else.
pub static KNOWN: &[&str] = &[
    "__diesel_schema_migrations",
    "__drizzle_migrations",
    "__efmigrationshistory",
    "__migrationhistory",
    "_prisma_migrations",
    "_sqlx_migrations",
    "_yoyo_log",
    "_yoyo_migration",
    "_yoyo_version",
    "adonis_schema",
    "adonis_schema_versions",
    "aerich",
    "alembic_version",
    "applied_module_schemas",
    "applied_schema_deltas",
    "ar_internal_metadata",
    "atlas_schema_revisions",
    "cake_migrations",
    "databasechangelog",
    "databasechangeloglock",
    "dbix_class_deploymenthandler_versions",
    "dbix_class_schema_versions",
    "directus_migrations",
    "django_migrations",
    "doctrine_migration_versions",
    "flyway_schema_history",
    "goose_db_version",
    "gorp_migrations",
    "knex_migrations",
    "knex_migrations_lock",
    "kysely_migration",
    "kysely_migration_lock",
    "lapis_migrations",
    "migratehistory",
    "migration_versions",
    "mikro_orm_migrations",
    "mojo_migrations",
    "phinxlog",
    "pgmigrations",
    "play_evolutions",
    "play_evolutions_lock",
    "propel_migration",
    "refinery_schema_history",
    "schema_migrations",
    "schemaversions",
    "seaql_migrations",
    "sequelizemeta",
    "south_migrationhistory",
    "strapi_migrations",
    "strapi_migrations_internal",
    "typeorm_metadata",
    "versioninfo",
    "yoyo_lock",
];

/// The columns of `migrations` of TypeORM.
pub(crate) const TYPEORM_COLUMNS: [&str; 3] = ["id", "timestamp", "name"];

/// Tables whose name is too common: they are known by their columns.
static KNOWN_BY_COLUMNS: &[(&str, &[&str])] = &[
    // TypeORM.
    ("migrations", &TYPEORM_COLUMNS),
    // Laravel.
    ("migrations", &["id", "migration", "batch"]),
    // db-migrate.
    ("migrations", &["id", "name", "run_on"]),
    // CodeIgniter.
    ("migrations", &["id", "version", "class", "group", "namespace", "time", "batch"]),
    // Yii.
    ("migration", &["version", "apply_time"]),
    // tern, golang-migrate.
    ("schema_version", &["version"]),
    // Grafana.
    ("migration_log", &["id", "migration_id", "sql", "success", "error", "timestamp"]),
];

/// The names of columns that migration tools use, in lower case and without underscores.
static COLUMNS: &[&str] = &[
    "applied",
    "appliedat",
    "appliedon",
    "appliedsteps",
    "appliedstepscount",
    "applytime",
    "author",
    "batch",
    "checksum",
    "createdat",
    "createdon",
    "date",
    "description",
    "dirty",
    "executedat",
    "executiontime",
    "executiontimems",
    "filename",
    "finishedat",
    "hash",
    "id",
    "installedby",
    "installedon",
    "installedrank",
    "isapplied",
    "migratedat",
    "migration",
    "migrationid",
    "migrationname",
    "migrationtime",
    "name",
    "productversion",
    "rank",
    "ranat",
    "rolledbackat",
    "runat",
    "runon",
    "script",
    "scriptname",
    "startedat",
    "success",
    "timestamp",
    "tstamp",
    "type",
    "version",
    "versionid",
    "versionrank",
];

/// The columns of which a history has at least one.
static IDENTIFIES: &[&str] = &[
    "version",
    "versionid",
    "migration",
    "migrationid",
    "migrationname",
    "name",
    "script",
    "scriptname",
    "filename",
];

/// The columns of which a history with a common name has at least one: when it was applied.
static APPLIED: &[&str] = &[
    "applied",
    "appliedat",
    "appliedon",
    "applytime",
    "batch",
    "checksum",
    "dirty",
    "executedat",
    "finishedat",
    "hash",
    "installedon",
    "isapplied",
    "migratedat",
    "runat",
    "ranat",
    "runon",
    "success",
    "timestamp",
    "tstamp",
];

/// Whether a table is the history of a migration tool.
#[must_use]
pub fn is_known(name: &str, columns: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    KNOWN.contains(&name.as_str())
        || KNOWN_BY_COLUMNS.iter().any(|(known, with)| *known == name && columns == *with)
}

/// Whether a table looks like the history of a migration tool: its name says so, and all of its columns are those that
/// migration tools use, among them which migration and when it was applied.
#[must_use]
pub fn is_shape(name: &str, columns: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    let is_of_schema = (name.contains("schema") || name.contains("database") || name.starts_with("db_"))
        && ["version", "history", "changes", "changelog", "deltas", "revision"]
            .iter()
            .any(|word| name.contains(word));
    let columns: Vec<String> =
        columns.iter().map(|column| column.to_ascii_lowercase().replace('_', "")).collect();
    let has_one_of = |known: &[&str]| columns.iter().any(|column| known.contains(&column.as_str()));
    (name.contains("migrat") || is_of_schema)
        && columns.iter().all(|column| COLUMNS.contains(&column.as_str()))
        && has_one_of(IDENTIFIES)
        && (has_one_of(APPLIED) || columns == ["version"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_of_migration_tools_are_known_by_name() {
        for name in [
            "django_migrations",
            "SequelizeMeta",
            "_prisma_migrations",
            "__EFMigrationsHistory",
            "VersionInfo",
        ] {
            assert!(is_known(name, &[]), "{name}");
        }
        assert!(!is_known("orders", &["id", "timestamp", "name"]));
        assert!(KNOWN.iter().all(|name| *name == name.to_ascii_lowercase()));
    }

    #[test]
    fn a_table_called_migrations_is_known_by_its_columns() {
        assert!(is_known("migrations", &["id", "timestamp", "name"]));
        assert!(is_known("migrations", &["id", "migration", "batch"]));
        assert!(!is_known("migrations", &["id", "bird", "from", "to"]));
    }

    #[test]
    fn a_history_is_recognised_by_its_shape() {
        assert!(is_shape("app_migrations", &["id", "name", "applied_at"]));
        assert!(is_shape("SchemaHistory", &["Version", "Checksum", "Success"]));
        assert!(is_shape("my_schema_version", &["version"]));
        assert!(!is_shape("bird_migrations", &["id", "name", "distance"]));
        assert!(!is_shape("bird_migrations", &["id", "name"]));
        assert!(!is_shape("song", &["id", "version", "name", "hash"]));
    }
}
