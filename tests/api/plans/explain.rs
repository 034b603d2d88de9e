//! The query plan of a page on each backend, and the number of rows it reads.

use std::sync::{Arc, Mutex};

use diesel::connection::{Connection as _, InstrumentationEvent, SimpleConnection as _};
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::lists::List;
use backoffice::models::{ListRequest, Position};
use databases::connection::AnyConnection;

/// A connection that records its statements.
pub(super) struct Watched {
    pub(super) connection: AnyConnection,
    statements: Arc<Mutex<Vec<String>>>,
}

/// A page: number of rows, last position, and its plan.
pub(super) struct Page {
    pub(super) rows: usize,
    pub(super) end: Option<Position>,
    /// The lines of the plan.
    pub(super) plan: Vec<String>,
}

#[derive(QueryableByName)]
struct SqliteLine {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PostgresLine {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

impl Watched {
    pub(super) fn new(mut connection: AnyConnection) -> Self {
        let statements: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&statements);
        let watch = move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let text = query.to_string();
                let sql = text.split(" -- binds").next().unwrap_or(&text).to_owned();
                seen.lock().expect("one thread").push(sql);
            }
        };
        match &mut connection {
            AnyConnection::Sqlite(connection) => connection.set_instrumentation(watch),
            AnyConnection::Postgres(connection) => connection.set_instrumentation(watch),
        }
        Self { connection, statements }
    }

    /// Reads a page like the application, and explains the same statement.
    pub(super) fn page(&mut self, list: &List, request: &ListRequest) -> Page {
        self.statements.lock().expect("one thread").clear();
        let (rows, end) = (list.page)(&mut self.connection, request);
        let statement = self.statements.lock().expect("one thread")[0].clone();
        let plan = match &mut self.connection {
            AnyConnection::Sqlite(connection) => {
                let lines = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}"));
                let lines: Vec<SqliteLine> = lines.load(connection).expect("plan");
                lines.into_iter().map(|line| line.detail).collect()
            }
            AnyConnection::Postgres(connection) => {
                connection.batch_execute(&format!("PREPARE page AS {statement}")).expect("prepare");
                let explain = "EXPLAIN (ANALYZE, TIMING OFF) EXECUTE page";
                let lines = diesel::sql_query(format!("{explain} ({})", values(request)));
                let lines: Vec<PostgresLine> = lines.load(connection).expect("plan");
                connection.batch_execute("DEALLOCATE page").expect("deallocate");
                lines.into_iter().map(|line| line.line).collect()
            }
        };
        Page { rows, end, plan }
    }
}

/// The bind values of a list's statement in order.
fn values(request: &ListRequest) -> String {
    let mut values: Vec<&str> = request.filters.iter().map(|(_, value)| value.as_str()).collect();
    if let Some(after) = &request.after {
        if request.sort != "id" {
            values.extend([after.value.as_str(), after.value.as_str()]);
        }
        values.push(&after.key);
    }
    let limit = request.limit.to_string();
    values.push(&limit);
    values.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join(", ")
}

impl Page {
    /// The rows that PostgreSQL read from tables and indexes.
    pub(super) fn met(&self) -> usize {
        let number = |text: &str| {
            let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<usize>().expect("a number")
        };
        let mut met = 0;
        for line in &self.plan {
            if let Some((_, rest)) = line.split_once("Rows Removed by ") {
                met += number(rest.split_once(": ").expect("a number follows").1);
            } else if line.contains("Scan") {
                let rows = line.split_once("actual rows=").map(|(_, rest)| number(rest));
                met += rows.unwrap_or(0);
            }
        }
        met
    }

    /// The columns by which SQLite searches an index for equality.
    pub(super) fn equalities(&self) -> Vec<&str> {
        let inside = self.plan.iter().filter_map(|line| line.rsplit_once('(')?.1.strip_suffix(')'));
        inside.flat_map(|all| all.split(" AND ")).filter_map(|each| each.strip_suffix("=?")).collect()
    }
}
