//! The records of runs: in a schema of their own, beside the tables where no schema can be created, and deleted by `forget`.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::app::{App, Move};
use crate::cluster::TestDatabase;

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The tables of records, wherever they are.
fn tables(target: &TestDatabase) -> Vec<String> {
    let query = "SELECT schemaname || '.' || tablename AS name FROM pg_tables
        WHERE schemaname LIKE '\\_\\_backoffice\\_%' OR tablename LIKE '\\_\\_backoffice\\_%' ORDER BY 1";
    let names: Vec<Name> = diesel::sql_query(query).load(&mut target.connect()).expect("the tables");
    let of_migrations = ["public.__backoffice_identity", "public.__backoffice_migrations"];
    names.into_iter().map(|row| row.name).filter(|name| !of_migrations.contains(&name.as_str())).collect()
}

const KINDS: [&str; 8] = ["definitions", "left_out", "owner", "parts", "rejects", "runs", "stages", "sync"];

fn in_own_schema(schema: &str) -> Vec<String> {
    KINDS.map(|kind| format!("__backoffice_{schema}.{kind}")).to_vec()
}

fn beside() -> Vec<String> {
    KINDS.map(|kind| format!("public.__backoffice_{kind}")).to_vec()
}

#[test]
fn records_are_in_a_schema_of_their_own_and_are_deleted_after_a_finished_move() {
    let this = Move::done(100);
    assert_eq!(tables(&this.target), in_own_schema("public"));
    let forget = ["db", "forget", "--postgres", this.target.url()];
    let unconfirmed = this.app.expect(10, &forget);
    assert!(unconfirmed.stderr.contains("add --yes"), "{}", unconfirmed.stderr);
    let confirmed = [&forget[..], &["--yes"]].concat();

    this.on_target("UPDATE __backoffice_public.runs SET state = 'failed'");
    let needed = this.app.expect(10, &confirmed);
    assert!(needed.stderr.contains("is not completed"), "{}", needed.stderr);
    this.on_target("UPDATE __backoffice_public.runs SET state = 'completed'");
    this.on_target(
        "INSERT INTO __backoffice_public.rejects (run_id, source_id, table_name, key, reason)
         VALUES ('r', 's', 'tasks', '1', 'no reason')",
    );
    let needed = this.app.expect(10, &confirmed);
    assert!(needed.stderr.contains("--with-rejects"), "{}", needed.stderr);
    assert_eq!(tables(&this.target), in_own_schema("public"));

    let deleted = this.app.expect(0, &[&confirmed[..], &["--with-rejects"]].concat());
    assert!(
        deleted.stdout.contains("deleted 1 run, 1 rejected row, 0 skipped objects"),
        "{}",
        deleted.stdout
    );
    assert_eq!(tables(&this.target), Vec::<String>::new());
    let schemas = "SELECT nspname::text AS name FROM pg_namespace WHERE nspname LIKE '\\_\\_backoffice%'";
    let schemas: Vec<Name> = diesel::sql_query(schemas).load(&mut this.postgres()).expect("the schemas");
    assert!(schemas.is_empty(), "{:?}", schemas[0].name);
    assert!(this.app.expect(0, &confirmed).stdout.contains("no records"));
    // The move itself is as it was.
    this.verify(0, &[]);
}

#[test]
fn each_schema_has_its_own_records() {
    let app = App::new();
    app.sqlite()
        .batch_execute("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
        .expect("make");
    let target = TestDatabase::create();
    let source = app.path("backoffice.db");
    let source = source.to_str().expect("UTF-8");
    let long = "ä".repeat(30);
    for schema in ["public", "else", &long] {
        app.expect(0, &["db", "import", source, "--postgres", target.url(), "--schema", schema]);
        let runs = app.expect(0, &["db", "runs", "--json", "--postgres", target.url(), "--schema", schema]);
        let runs: serde_json::Value = serde_json::from_str(&runs.stdout).expect("JSON");
        assert_eq!(runs.as_array().expect("runs").len(), 1, "{schema}");
    }
    assert_eq!(tables(&target).len(), 3 * KINDS.len());
    app.expect(0, &["db", "forget", "--yes", "--postgres", target.url(), "--schema", "else"]);
    assert_eq!(tables(&target).len(), 2 * KINDS.len());
    assert!(in_own_schema("public").iter().all(|name| tables(&target).contains(name)));
}

#[test]
fn a_role_that_may_create_no_schema_keeps_them_beside_the_tables_until_it_may() {
    let this = Move::seeded(100);
    let role = format!("keeper_{}", std::process::id());
    this.on_target(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT USAGE, CREATE ON SCHEMA public TO {role}"
    ));
    let place = this.target.url().split_once('@').expect("a user in the URL").1;
    let url = format!("postgresql://{role}:x@{place}");
    let copy = ["db", "copy-from-sqlite", "--postgres", &url];
    let planned = this.app.expect(0, &[&copy[..], &["--dry-run"]].concat());
    let said = format!("{}{}", planned.stdout, planned.stderr);
    assert!(said.contains("CREATE SCHEMA \"__backoffice_public\" AUTHORIZATION"), "{said}");
    this.app.expect(0, &copy);
    assert_eq!(tables(&this.target), beside());

    // A schema of somebody else is not used: its owner could read and change what is written there.
    this.on_target("CREATE SCHEMA __backoffice_public; GRANT ALL ON SCHEMA __backoffice_public TO public");
    this.app.expect(0, &copy);
    assert_eq!(tables(&this.target), beside());

    this.on_target(&format!("ALTER SCHEMA __backoffice_public OWNER TO {role}"));
    let moved = this.app.expect(0, &copy);
    assert!(!moved.stderr.contains("beside the tables"), "{}", moved.stderr);
    assert_eq!(tables(&this.target), in_own_schema("public"));
    let runs = this.app.expect(0, &["db", "runs", "--json", "--postgres", &url]);
    let runs: serde_json::Value = serde_json::from_str(&runs.stdout).expect("JSON");
    assert_eq!(runs.as_array().expect("runs").len(), 3);
    this.app.expect(0, &["db", "verify", "--postgres", &url]);
    this.on_target(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn records_in_two_places_are_an_error_and_moved_ones_belong_to_their_role() {
    let this = Move::seeded(100);
    let role = format!("owner_{}", std::process::id());
    this.on_target(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT USAGE, CREATE ON SCHEMA public TO {role}"
    ));
    let place = this.target.url().split_once('@').expect("a user in the URL").1;
    let url = format!("postgresql://{role}:x@{place}");
    this.app.expect(0, &["db", "copy-from-sqlite", "--postgres", &url]);
    assert_eq!(tables(&this.target), beside());
    // A role that may create schemas moves them, for the role that owns them.
    this.app.expect(0, &["db", "copy-from-sqlite", "--postgres", this.target.url()]);
    assert_eq!(tables(&this.target), in_own_schema("public"));
    this.app.expect(0, &["db", "runs", "--postgres", &url]);

    this.on_target("CREATE TABLE public.__backoffice_runs (id text)");
    let refused = this.app.expect(21, &["db", "runs", "--postgres", this.target.url()]);
    assert!(refused.stderr.contains("in two places"), "{}", refused.stderr);
    this.app.expect(21, &["db", "forget", "--yes", "--postgres", this.target.url()]);
    this.on_target(&format!(
        "DROP TABLE public.__backoffice_runs; DROP OWNED BY {role} CASCADE; DROP ROLE {role}"
    ));
}
