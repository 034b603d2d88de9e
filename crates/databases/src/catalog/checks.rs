//! Check constraints, split into single conditions.

use super::sql::{Dialect, Expression, Token, conjuncts, tokenize};

/// A check constraint.
pub(super) struct CheckConstraint {
    /// The columns it refers to, each once.
    columns: Vec<String>,
    /// The conditions, combined by AND.
    conditions: Vec<Expression>,
}

impl CheckConstraint {
    pub(super) fn new(columns: Vec<String>, tokens: &[Token]) -> Self {
        Self { columns, conditions: conjuncts(tokens) }
    }

    /// Marks a NOT VALID check, which existing rows may violate: no kind is derived from it.
    pub(super) fn not_valid(columns: Vec<String>, tokens: &[Token]) -> Self {
        let conditions = conjuncts(tokens).into_iter();
        let conditions =
            conditions.map(|condition| Expression::Raw(format!("{condition} NOT VALID"))).collect();
        Self { columns, conditions }
    }

    /// The conditions of `checks` that refer to several columns or to none.
    pub(super) fn spanning(checks: &[Self]) -> impl Iterator<Item = String> {
        let spanning = checks.iter().filter(|check| check.columns.len() != 1);
        spanning.flat_map(|check| &check.conditions).map(ToString::to_string)
    }
}

/// The conditions on one column, and their texts. Those that a kind implies are removed.
pub(super) struct Conditions(Vec<(Expression, String)>);

impl Conditions {
    pub(super) fn on(column: &str, checks: &[CheckConstraint]) -> Self {
        let ours = checks.iter().filter(|check| matches!(check.columns.as_slice(), [only] if only == column));
        let conditions = ours.flat_map(|check| &check.conditions);
        Self(conditions.map(|condition| (condition.clone().about(column), condition.to_string())).collect())
    }

    /// Removes all conditions of `pattern`, in which the column is called `this`; none if one is missing.
    pub(super) fn take(&mut self, pattern: &str) -> bool {
        let pattern = conditions_of(pattern);
        let found = pattern.iter().all(|wanted| self.0.iter().any(|(condition, _)| condition == wanted));
        if found {
            self.0.retain(|(condition, _)| !pattern.contains(condition));
        }
        found
    }

    /// Removes the first condition that `read` accepts.
    pub(super) fn take_one<T>(&mut self, read: impl Fn(&Expression) -> Option<T>) -> Option<T> {
        let mut conditions = self.0.iter().enumerate();
        let (at, value) = conditions.find_map(|(at, (condition, _))| Some((at, read(condition)?)))?;
        self.0.remove(at);
        Some(value)
    }

    /// Returns the first condition that `read` accepts, without removing it.
    pub(super) fn find<T>(&self, read: impl Fn(&Expression) -> Option<T>) -> Option<T> {
        self.0.iter().find_map(|(condition, _)| read(condition))
    }

    /// The remaining conditions.
    pub(super) fn into_texts(self) -> Vec<String> {
        self.0.into_iter().map(|(_, text)| text).collect()
    }
}

/// The conditions of a pattern, in which the column is called `this`.
fn conditions_of(pattern: &str) -> Vec<Expression> {
    let tokens = tokenize(pattern, Dialect::Postgres);
    conjuncts(&tokens).into_iter().map(|condition| condition.about("this")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(columns: &[&str], text: &str) -> CheckConstraint {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        CheckConstraint::new(columns, &tokenize(text, Dialect::Sqlite))
    }

    #[test]
    fn a_pattern_is_taken_whole_or_not_at_all() {
        let checks = [check(&["a"], "length(a) <= 3 AND instr(a, 'x') = 0"), check(&["a", "b"], "a < b")];
        let mut conditions = Conditions::on("a", &checks);
        assert!(!conditions.take("length(this) <= 3 AND length(this) > 1"));
        assert!(conditions.take("length(this) <= 3"));
        assert_eq!(conditions.into_texts(), ["instr(a, 'x') = 0"]);
        assert_eq!(CheckConstraint::spanning(&checks).collect::<Vec<_>>(), ["a < b"]);
    }
}
