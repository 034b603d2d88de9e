//! Parsing of expressions, with the operator precedence of SQLite.
//!
//! PostgreSQL prints every pair of parentheses, so its own precedence does not matter.

use std::ops::ControlFlow::{self, Break, Continue};

use super::expression::Expression;
use super::print::is_match;
use super::tokens::{Token, render};

/// The maximum nesting depth, and the maximum number of chained operators: beyond it, expressions remain text. The
/// limit of SQLite is 1000; unlimited nesting would overflow the stack.
const MAX_DEPTH: usize = 100;
const MAX_OPERATORS: usize = 500;

/// The expression in `tokens`, or their text if they cannot be parsed.
pub(in crate::catalog) fn parse(tokens: &[Token]) -> Expression {
    let mut parser = Parser { tokens, depth: 0, operators: 0 };
    match parser.expression(Power::Or) {
        Some(expression) if parser.tokens.is_empty() => expression,
        _ => Expression::Raw(render(tokens)),
    }
}

/// The operands of the AND in `tokens`.
pub(in crate::catalog) fn conjuncts(tokens: &[Token]) -> Vec<Expression> {
    match parse(tokens) {
        Expression::And(parts) => parts,
        single => vec![single],
    }
}

/// Operator precedence, lowest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Power {
    Or,
    And,
    Not,
    Equal,
    Compare,
    Bits,
    Add,
    Multiply,
    Other,
    Collate,
    Sign,
    Cast,
    Operand,
}

impl Power {
    fn of_symbol(symbol: &str) -> Option<(Self, Self)> {
        Some(match symbol {
            "=" | "==" | "<>" | "!=" => (Self::Equal, Self::Compare),
            "<" | "<=" | ">" | ">=" => (Self::Compare, Self::Bits),
            "&" | "|" | "<<" | ">>" => (Self::Bits, Self::Add),
            "+" | "-" => (Self::Add, Self::Multiply),
            "*" | "/" | "%" => (Self::Multiply, Self::Other),
            "::" => (Self::Cast, Self::Operand),
            "(" | ")" | "[" | "]" | "," | ";" | "." => return None,
            _ => (Self::Other, Self::Collate),
        })
    }
}

/// The left operand so far: continue with it, or stop.
type Flow = ControlFlow<Expression, Expression>;

struct Parser<'a> {
    tokens: &'a [Token],
    depth: usize,
    operators: usize,
}

impl<'a> Parser<'a> {
    /// An expression of operators with at least the precedence `least`.
    fn expression(&mut self, least: Power) -> Option<Expression> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut flow = Continue(self.operand()?);
        while let Continue(left) = flow {
            flow = self.operator(left, least)?;
        }
        self.depth -= 1;
        flow.break_value()
    }

    /// Applies the next operator to `left`; breaks with `left` when there is none of sufficient precedence.
    fn operator(&mut self, left: Expression, least: Power) -> Option<Flow> {
        let Some(first) = self.tokens.first() else {
            return Some(Break(left));
        };
        if let Token::Symbol(symbol) = first {
            return self.symbol_operator(left, symbol, least);
        }
        let negated = first.is_word("NOT");
        let Some(Token::Word(word)) = self.tokens.get(usize::from(negated)) else {
            return Some(Break(left));
        };
        let word = word.to_ascii_uppercase();
        let power = match (word.as_str(), negated) {
            ("OR", false) => Power::Or,
            ("AND", false) => Power::And,
            ("COLLATE", false) => Power::Collate,
            ("IS" | "ISNULL" | "NOTNULL", false) | ("NULL", true) | ("IN" | "BETWEEN", _) => Power::Equal,
            (word, _) if is_match(word) => Power::Equal,
            _ => return Some(Break(left)),
        };
        if power < least {
            return Some(Break(left));
        }
        self.count_operator()?;
        self.tokens = self.tokens.get(1 + usize::from(negated)..)?;
        let applied = match word.as_str() {
            "OR" => left.or(self.expression(Power::And)?),
            "AND" => left.and(self.expression(Power::Not)?),
            "COLLATE" => Expression::binary(&word, left, Expression::Name(self.next()?.name()?.to_owned())),
            "ISNULL" | "NULL" => is_null(left),
            "NOTNULL" => is_null(left).negated(),
            "IS" => self.is(left)?,
            "IN" => {
                self.expect_symbol("(")?;
                Expression::in_list(left, self.list(")")?)
            }
            "BETWEEN" => {
                let low = self.expression(Power::Compare)?;
                let high = self.take_word("AND").then(|| self.expression(Power::Compare))??;
                left.between(low, high)?
            }
            _ => Expression::binary(&word, left, self.expression(Power::Compare)?),
        };
        Some(Continue(if negated { applied.negated() } else { applied }))
    }

    fn symbol_operator(&mut self, left: Expression, symbol: &str, least: Power) -> Option<Flow> {
        let Some((power, right)) = Power::of_symbol(symbol).filter(|(power, _)| *power >= least) else {
            return Some(Break(left));
        };
        self.count_operator()?;
        self.next();
        Some(Continue(if power == Power::Cast {
            Expression::cast(left, self.type_name()?)
        } else {
            Expression::binary(symbol, left, self.expression(right)?)
        }))
    }

    /// The operand of IS: `a IS b` of SQLite is `a IS NOT DISTINCT FROM b` of PostgreSQL.
    fn is(&mut self, left: Expression) -> Option<Expression> {
        let mut negated = self.take_word("NOT");
        if self.take_word("DISTINCT") {
            self.take_word("FROM").then_some(())?;
            negated = !negated;
        }
        let is = Expression::binary("IS", left, self.expression(Power::Compare)?);
        Some(if negated { is.negated() } else { is })
    }

    fn operand(&mut self) -> Option<Expression> {
        match self.next()? {
            Token::Number(number) => Some(Expression::number(number)),
            Token::Text(text) => Some(Expression::Text(text.clone())),
            Token::Quoted(name) => self.name_or_call(name),
            Token::Word(word) => self.word_operand(word),
            Token::Symbol(symbol) if symbol == "(" => {
                let mut parts = self.list(")")?;
                match (parts.pop()?, parts.is_empty()) {
                    (only, true) => Some(only),
                    (last, false) => {
                        parts.push(last);
                        Some(Expression::Call("row".to_owned(), parts))
                    }
                }
            }
            Token::Symbol(symbol) if matches!(symbol.as_str(), "-" | "+" | "~") => {
                self.count_operator()?;
                Some(Expression::prefixed(symbol, self.expression(Power::Sign)?))
            }
            Token::Symbol(_) => None,
        }
    }

    fn word_operand(&mut self, word: &str) -> Option<Expression> {
        let upper = word.to_ascii_uppercase();
        match upper.as_str() {
            "NOT" => {
                self.count_operator()?;
                Some(self.expression(Power::Equal)?.negated())
            }
            "NULL" | "TRUE" | "FALSE" | "CURRENT_DATE" | "CURRENT_TIME" | "CURRENT_TIMESTAMP" => {
                Some(Expression::Constant(upper))
            }
            "CASE" | "EXISTS" | "SELECT" => None,
            "CAST" => {
                self.expect_symbol("(")?;
                let operand = self.expression(Power::Or)?;
                let target = self.take_word("AS").then(|| self.type_name())??;
                self.expect_symbol(")")?;
                Some(Expression::cast(operand, target))
            }
            "ARRAY" if self.take_symbol("[") => Some(Expression::Array(self.list("]")?)),
            "X" => match self.tokens.split_first() {
                Some((Token::Text(digits), rest)) => {
                    self.tokens = rest;
                    Some(Expression::Constant(format!("x'{digits}'")))
                }
                _ => self.name_or_call(&word.to_ascii_lowercase()),
            },
            _ => self.name_or_call(&word.to_ascii_lowercase()),
        }
    }

    fn name_or_call(&mut self, name: &str) -> Option<Expression> {
        let name = name.to_owned();
        Some(if self.take_symbol("(") {
            Expression::Call(name, self.list(")")?)
        } else {
            Expression::Name(name)
        })
    }

    /// Comma-separated expressions, up to and including `close`.
    fn list(&mut self, close: &str) -> Option<Vec<Expression>> {
        let mut elements = Vec::new();
        if self.take_symbol(close) {
            return Some(elements);
        }
        loop {
            elements.push(self.expression(Power::Or)?);
            if self.take_symbol(close) {
                return Some(elements);
            }
            self.expect_symbol(",")?;
        }
    }

    /// The name of a type, in lower case: `timestamp(3) with time zone`, `numeric(14,2)`, `text[]`.
    fn type_name(&mut self) -> Option<String> {
        let mut name = self.next()?.name()?.to_ascii_lowercase();
        for word in ["precision", "varying"] {
            if self.take_word(word) {
                name = format!("{name} {word}");
            }
        }
        if self.take_symbol("(") {
            let arguments: Vec<String> = self.list(")")?.iter().map(ToString::to_string).collect();
            name = format!("{name}({})", arguments.join(","));
        }
        for word in ["with", "without"] {
            if self.take_word(word) {
                (self.take_word("time") && self.take_word("zone")).then_some(())?;
                name = format!("{name} {word} time zone");
            }
        }
        while self.take_symbol("[") {
            self.expect_symbol("]")?;
            name.push_str("[]");
        }
        Some(name)
    }

    fn next(&mut self) -> Option<&'a Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.tokens.first().is_some_and(|token| token.is_word(word));
        if found {
            self.next();
        }
        found
    }

    fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.tokens.first().is_some_and(|token| token.is_symbol(symbol));
        if found {
            self.next();
        }
        found
    }

    fn expect_symbol(&mut self, symbol: &str) -> Option<()> {
        self.take_symbol(symbol).then_some(())
    }

    fn count_operator(&mut self) -> Option<()> {
        self.operators += 1;
        (self.operators <= MAX_OPERATORS).then_some(())
    }
}

fn is_null(operand: Expression) -> Expression {
    Expression::binary("IS", operand, Expression::Constant("NULL".to_owned()))
}
