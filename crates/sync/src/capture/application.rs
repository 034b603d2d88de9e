//! Triggers of the application that change rows while another row is being changed.

use import::schema::{Schema, SqliteTable};
use sqlite3_parser::dialect::TokenType;
use sqlite3_parser::lexer::Scanner;
use sqlite3_parser::lexer::sql::Tokenizer;

/// Whether a BEFORE trigger of the table contains a statement that changes rows: these may be rows of the same table, even
/// the row that the trigger is about, after the triggers of capture were executed.
pub(super) fn changes_rows_before(schema: &Schema, table: &SqliteTable) -> bool {
    let mut triggers =
        schema.triggers.iter().filter(|trigger| trigger.table.eq_ignore_ascii_case(&table.name));
    triggers.any(|trigger| is_changing_before(&trigger.sql))
}

/// From the tokens, so that nothing but AFTER is taken for it; in doubt `true`.
fn is_changing_before(sql: &str) -> bool {
    let mut scanner = Scanner::new(Tokenizer::new());
    let (mut is_after, mut is_before, mut is_body, mut is_name) = (false, false, false, false);
    loop {
        let token = match scanner.scan(sql.as_bytes()) {
            Ok((_, Some((_, token)), _)) => token,
            Ok((_, None, _)) => return false,
            Err(_unreadable) => return true,
        };
        match token {
            TokenType::TK_AFTER if !is_body && !is_name => is_after = true,
            TokenType::TK_BEFORE if !is_body && !is_name => is_before = true,
            TokenType::TK_BEGIN if is_after && !is_before => return false,
            TokenType::TK_BEGIN => is_body = true,
            TokenType::TK_INSERT | TokenType::TK_UPDATE | TokenType::TK_DELETE | TokenType::TK_REPLACE
                if is_body =>
            {
                return true;
            }
            _ => {}
        }
        is_name = matches!(token, TokenType::TK_TRIGGER | TokenType::TK_EXISTS | TokenType::TK_DOT);
    }
}

#[cfg(test)]
mod tests {
    use super::is_changing_before;

    #[test]
    fn only_before_triggers_that_change_rows_are_found() {
        assert!(is_changing_before("CREATE TRIGGER t BEFORE INSERT ON a BEGIN SELECT 1; DELETE FROM b; END"));
        assert!(is_changing_before("CREATE TRIGGER after INSERT ON a BEGIN UPDATE a SET x = 1; END"));
        assert!(!is_changing_before("CREATE TRIGGER \"before\" AFTER INSERT ON a BEGIN DELETE FROM b; END"));
        assert!(!is_changing_before(
            "CREATE TRIGGER t BEFORE INSERT ON a BEGIN SELECT RAISE(ABORT, 'no'); END"
        ));
    }
}
