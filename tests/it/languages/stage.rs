use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use crate::app::{App, Ended};

/// Password of the role.
const PASSWORD: &str = "S3cr3tWord";

/// What the trigger does, by the subject of a row. The role owns all of it.
const TRIGGER: &str = "CREATE SCHEMA aside;
    CREATE SEQUENCE aside.once;
    CREATE TABLE aside.parent (id integer PRIMARY KEY); INSERT INTO aside.parent VALUES (1);
    CREATE TABLE aside.child (id integer REFERENCES aside.parent);
    CREATE TABLE aside.checked (id integer NOT NULL CHECK (id > 0));
    CREATE TABLE aside.overlap (during int4range, EXCLUDE USING gist (during WITH &&));
    INSERT INTO aside.overlap VALUES ('[1,5)');
    CREATE TABLE aside.narrow (id smallint, words varchar(3), day date);
    CREATE TABLE aside.indexed (words text); CREATE INDEX ON aside.indexed (words);
    CREATE FUNCTION aside.act() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        CASE NEW.subject
        WHEN 'unique' THEN INSERT INTO aside.parent VALUES (1);
        WHEN 'foreign key' THEN INSERT INTO aside.child VALUES (7);
        WHEN 'check' THEN INSERT INTO aside.checked VALUES (0);
        WHEN 'not null' THEN INSERT INTO aside.checked VALUES (NULL);
        WHEN 'exclusion' THEN INSERT INTO aside.overlap VALUES ('[2,3)');
        WHEN 'overflow' THEN INSERT INTO aside.narrow (id) SELECT 70000;
        WHEN 'too long' THEN INSERT INTO aside.narrow (words) VALUES ('words');
        WHEN 'no date' THEN INSERT INTO aside.narrow (day) SELECT 'x'::text::date;
        WHEN 'division' THEN PERFORM 1 / length(substr(NEW.subject, 100));
        WHEN 'index' THEN INSERT INTO aside.indexed SELECT string_agg(md5(n::text), '') FROM generate_series(1, 400) n;
        WHEN 'raise' THEN RAISE EXCEPTION 'deadlock detected, out of memory, permission denied';
        WHEN 'own code' THEN RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = 'could not write';
        WHEN 'denied' THEN PERFORM FROM pg_catalog.pg_authid;
        WHEN 'canceled' THEN PERFORM pg_cancel_backend(pg_backend_pid()), pg_sleep(5);
        WHEN 'ended' THEN
            IF nextval('aside.once') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(5); END IF;
        WHEN 'deadlock' THEN PERFORM pg_advisory_xact_lock(7, 2); PERFORM pg_advisory_xact_lock(7, 1);
        WHEN 'disk' THEN INSERT INTO aside.filler SELECT convert_to(NEW.subject, 'UTF8') FROM generate_series(1, 200000);
        ELSE NULL;
        END CASE;
        RETURN NEW;
    END $$;
    CREATE TRIGGER act BEFORE INSERT ON contact_submissions FOR EACH ROW EXECUTE FUNCTION aside.act()";

/// A role, its database with the tables of the application, and a source.
pub(super) struct Stage {
    pub(super) app: App,
    /// The URL of the database, for a superuser.
    pub(super) admin: String,
    /// The same for the role.
    pub(super) url: String,
    name: String,
    server: String,
}

impl Stage {
    /// At the server of this URL, for a superuser.
    pub(super) fn new(server: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("languages_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        // Settings of a role that change what statements do.
        connect(server)
            .batch_execute(&format!(
                "CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}';
                 ALTER ROLE {name} SET statement_timeout = '50ms'; ALTER ROLE {name} SET DateStyle = 'SQL, DMY';
                 ALTER ROLE {name} SET TimeZone = 'Asia/Tokyo'; ALTER ROLE {name} SET IntervalStyle = 'sql_standard'"
            ))
            .expect("make a role");
        connect(server)
            .batch_execute(&format!("CREATE DATABASE {name} OWNER {name} TEMPLATE template0"))
            .expect("make a database");
        let (start, _) = server.rsplit_once('/').expect("a database in the URL");
        let (_, place) = start.rsplit_once('@').expect("a role in the URL");
        let admin = format!("{start}/{name}");
        let url = format!("postgres://{name}:{PASSWORD}@{place}/{name}");
        let this = Self { app: App::new(), admin, url, name, server: server.to_owned() };
        this.app.expect(0, &["db", "setup"]);
        this.app.expect(0, &["db", "setup", "--database-url", &this.url]);
        let mut role = connect(&this.url);
        role.batch_execute("SET statement_timeout = 0").expect("set");
        role.batch_execute(TRIGGER).expect("make the trigger");
        this
    }

    /// Makes these the rows of the source, by subject, and empties the table of the target.
    pub(super) fn rows(&self, subjects: &[&str]) {
        let mut source = self.app.sqlite();
        source.batch_execute("BEGIN; DELETE FROM contact_submissions").expect("delete");
        for (id, subject) in (1..).zip(subjects) {
            source
                .batch_execute(&format!(
                    "INSERT INTO contact_submissions (id, name, email, subject, message, created_at)
                     VALUES ({id}, 'n', 'e@example.com', '{subject}', '', '2026-01-02T03:04:05.000000Z')"
                ))
                .expect("insert");
        }
        source.batch_execute("COMMIT").expect("commit");
        self.admin().batch_execute("TRUNCATE contact_submissions").expect("empty the table");
    }

    /// Makes so many rows of one and a half kilobytes the rows of the source.
    pub(super) fn large_rows(&self, count: u32) {
        self.rows(&["good"]);
        self.app
            .sqlite()
            .batch_execute(&format!(
                "INSERT INTO contact_submissions (id, name, email, subject, message, created_at)
                 WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
                 SELECT n, 'n', 'e@example.com', '', hex(randomblob(750)), '2026-01-02T03:04:05.000000Z' FROM numbers"
            ))
            .expect("insert");
    }

    /// Copies these rows.
    pub(super) fn copy(&self, further: &[&str]) -> Ended {
        self.app.run(&[&self.command()[..], further].concat())
    }

    /// The command that copies the rows.
    pub(super) fn command(&self) -> [&str; 7] {
        ["db", "copy-from-sqlite", "--restart", "--tables", "contact_submissions", "--postgres", &self.url]
    }

    /// A connection of a superuser.
    pub(super) fn admin(&self) -> PgConnection {
        connect(&self.admin)
    }

    /// The name of the role and of its database.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let name = &self.name;
        let mut server = connect(&self.server);
        server.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).expect("drop the database");
        server.batch_execute(&format!("DROP ROLE {name}")).expect("drop the role");
    }
}

pub(super) fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).expect("the server accepts connections")
}

/// The last hint of a run.
pub(super) fn hint(ended: &Ended) -> &str {
    let mut hints = ended.stderr.lines().filter_map(|line| line.strip_prefix("hint: "));
    hints.next_back().unwrap_or_default()
}
