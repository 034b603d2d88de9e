//! The SQLSTATE of a failed statement on PostgreSQL (PostgreSQL manual, appendix "PostgreSQL Error Codes").
//!
//! Diesel keeps the result of libpq, which has the SQLSTATE, to itself: it maps twelve codes to
//! [`DatabaseErrorKind`] and makes all others [`DatabaseErrorKind::Unknown`]. What is left is a message in the language
//! of the server (`lc_messages`), which decides nothing. The server itself gives the code: a block in PL/pgSQL
//! executes the statement, and its exception handler raises the error again with its SQLSTATE in a field that Diesel
//! passes on.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

/// The name of the table in errors whose name of the constraint is the SQLSTATE.
const MARK: &str = "SQLSTATE for backoffice";

/// The SQLSTATE of `error`, where it is known.
pub fn sqlstate(error: &Error) -> Option<&str> {
    let Error::DatabaseError(kind, information) = error else { return None };
    match kind {
        // Known to Diesel, which gives no other code these kinds.
        DatabaseErrorKind::UniqueViolation => Some("23505"),
        DatabaseErrorKind::ForeignKeyViolation => Some("23503"),
        DatabaseErrorKind::RestrictViolation => Some("23001"),
        DatabaseErrorKind::NotNullViolation => Some("23502"),
        DatabaseErrorKind::CheckViolation => Some("23514"),
        DatabaseErrorKind::ExclusionViolation => Some("23P01"),
        DatabaseErrorKind::SerializationFailure => Some("40001"),
        DatabaseErrorKind::ReadOnlyTransaction => Some("25006"),
        DatabaseErrorKind::ClosedConnection => Some("08006"),
        DatabaseErrorKind::Unknown => {
            information.constraint_name().filter(|_| information.table_name() == Some(MARK))
        }
        _ => None,
    }
}

/// Whether the error is one of PostgreSQL whose SQLSTATE only the server can give.
pub fn is_hidden(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(DatabaseErrorKind::Unknown, _)) && sqlstate(error).is_none()
}

/// The error with this SQLSTATE, if its own is hidden.
#[must_use]
pub fn with_sqlstate(error: Error, state: &str) -> Error {
    match error {
        Error::DatabaseError(DatabaseErrorKind::Unknown, cause) => Error::DatabaseError(
            DatabaseErrorKind::Unknown,
            Box::new(Marked { cause, state: state.to_owned() }),
        ),
        error => error,
    }
}

struct Marked {
    cause: Box<dyn DatabaseErrorInformation + Send + Sync>,
    state: String,
}

impl DatabaseErrorInformation for Marked {
    fn message(&self) -> &str {
        self.cause.message()
    }

    fn details(&self) -> Option<&str> {
        self.cause.details()
    }

    fn hint(&self) -> Option<&str> {
        self.cause.hint()
    }

    fn table_name(&self) -> Option<&str> {
        Some(MARK)
    }

    fn column_name(&self) -> Option<&str> {
        self.cause.column_name()
    }

    fn constraint_name(&self) -> Option<&str> {
        Some(&self.state)
    }

    fn statement_position(&self) -> Option<i32> {
        self.cause.statement_position()
    }
}

/// A statement that executes `statements` and fails as they do, with an error whose SQLSTATE is known. `$1` and further
/// parameters of `statements` are NULL.
///
/// It needs PL/pgSQL, which a database has unless it was dropped. A statement that may not be in a function (COMMIT,
/// VACUUM, COPY from the client) fails for that reason.
pub fn reporting(statements: &str) -> String {
    let (block, quote) = (unused_tag(statements, "block"), unused_tag(statements, "statements"));
    let parameters = vec!["NULL::text"; parameter_count(statements)].join(", ");
    let using = if parameters.is_empty() { String::new() } else { format!(" USING {parameters}") };
    // WHEN OTHERS does not catch a statement that was canceled (manual, "Trapping Errors").
    format!(
        "DO {block} DECLARE
             state text;
             words text;
             detail text;
         BEGIN
             EXECUTE {quote}{statements}{quote}{using};
         EXCEPTION WHEN OTHERS OR query_canceled OR assert_failure THEN
             GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, words = MESSAGE_TEXT,
                 detail = PG_EXCEPTION_DETAIL;
             IF detail = '' THEN
                 RAISE EXCEPTION USING ERRCODE = state, MESSAGE = words, TABLE = '{MARK}', CONSTRAINT = state;
             END IF;
             RAISE EXCEPTION USING ERRCODE = state, MESSAGE = words, DETAIL = detail, TABLE = '{MARK}',
                 CONSTRAINT = state;
         END {block}"
    )
}

/// A tag of dollar quotes that is not in the text.
fn unused_tag(text: &str, name: &str) -> String {
    let tags = (0_u32..).map(|number| format!("${name}_{number}$"));
    // The text is finite, the numbers are not.
    tags.into_iter().find(|tag| !text.contains(tag.as_str())).unwrap_or_default()
}

/// The highest number of a parameter, `$1` and so on. A dollar sign within a literal counts as well, which adds a
/// parameter that is not used.
fn parameter_count(statements: &str) -> usize {
    let after = statements.split('$').skip(1);
    let numbers = after.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    numbers
        .filter_map(|digits| digits.parse::<usize>().ok())
        .filter(|number| *number < 100)
        .max()
        .unwrap_or(0)
}

/// Whether a row can cause a failure with this SQLSTATE, so that the same statement succeeds without the row.
///
/// Classes 22 (data exception) and 23 (integrity constraint violation), 21 (cardinality violation, of a trigger), 44
/// (WITH CHECK OPTION), 54 (program limit exceeded: an index entry or a row that is too large, JSON nested too deep), P0
/// (RAISE in a trigger), and classes that PostgreSQL does not define: those too are raised by triggers.
pub fn is_of_row(state: &str) -> bool {
    match state.get(..2) {
        Some("21" | "22" | "23" | "44" | "54" | "P0") => true,
        Some(class) => !CLASSES.contains(&class),
        None => false,
    }
}

/// Whether the server or the connection failed, or the transaction met another one, whatever the statement is.
///
/// Classes 08 (connection exception), 40 (transaction rollback), 53 (insufficient resources), 57 (operator intervention),
/// 58 (system error), F0 (configuration file) and XX (internal error), 55P03 (`lock_not_available`, also of
/// `lock_timeout`) and 55006 (`object_in_use`).
pub fn is_of_server(state: &str) -> bool {
    matches!(state, "55P03" | "55006")
        || matches!(state.get(..2), Some("08" | "40" | "53" | "57" | "58" | "F0" | "XX"))
}

/// The classes of PostgreSQL.
const CLASSES: [&str; 43] = [
    "00", "01", "02", "03", "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "20", "21", "22", "23",
    "24", "25", "26", "27", "28", "2B", "2D", "2F", "34", "38", "39", "3B", "3D", "3F", "40", "42", "44",
    "53", "54", "55", "57", "58", "F0", "HV", "P0", "XX",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(text: &str) -> Error {
        Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(text.to_owned()))
    }

    #[test]
    fn an_error_gets_its_sqlstate_and_keeps_its_message() {
        let error = unknown("Verklemmung entdeckt");
        assert!(is_hidden(&error) && sqlstate(&error).is_none());
        let error = with_sqlstate(error, "40P01");
        assert_eq!((sqlstate(&error), error.to_string()), (Some("40P01"), "Verklemmung entdeckt".to_owned()));
        assert!(!is_hidden(&error));
        let known = Error::DatabaseError(DatabaseErrorKind::UniqueViolation, Box::new(String::new()));
        assert_eq!(sqlstate(&with_sqlstate(known, "40P01")), Some("23505"));
        assert_eq!(sqlstate(&Error::NotFound), None);
    }

    #[test]
    fn statements_are_quoted_by_what_they_do_not_contain() {
        let block = reporting("SELECT $block_0$a$block_0$, $2, '$statements_0$'");
        assert!(block.starts_with("DO $block_1$ ") && block.ends_with("END $block_1$"), "{block}");
        assert!(
            block.contains("EXECUTE $statements_1$SELECT ")
                && block.contains("$statements_1$ USING NULL::text, NULL::text;"),
            "{block}"
        );
        assert!(reporting("SELECT 1").contains("$statements_0$SELECT 1$statements_0$;"));
    }

    #[test]
    fn a_failure_is_of_the_row_or_not() {
        for state in ["22003", "23P01", "P0001", "54000", "54001", "44000", "ZZ123", "U0001"] {
            assert!(is_of_row(state) && !is_of_server(state), "{state}");
        }
        for state in
            ["08006", "40001", "40P01", "53100", "53200", "55P03", "57014", "57P01", "58030", "XX000"]
        {
            assert!(!is_of_row(state) && is_of_server(state), "{state}");
        }
        for state in ["42501", "42P01", "42883", "25006", "0A000", ""] {
            assert!(!is_of_row(state) && !is_of_server(state), "{state}");
        }
    }
}
