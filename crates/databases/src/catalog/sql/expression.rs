//! The normalized form of the expressions of both backends.

/// A normalized expression: `a BETWEEN b AND c` is two comparisons, `= ANY (ARRAY[...])` is `IN`, casts without effect
/// are removed, numbers have one spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::catalog) enum Expression {
    /// The column of a condition ([`about`](Expression::about)).
    This,
    Name(String),
    Text(String),
    Number(String),
    /// NULL, TRUE, FALSE, CURRENT_TIMESTAMP and the like.
    Constant(String),
    Call(String, Vec<Expression>),
    Array(Vec<Expression>),
    Not(Box<Expression>),
    /// A prefix operator.
    Prefix(String, Box<Expression>),
    Binary(String, Box<Expression>, Box<Expression>),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    In(Box<Expression>, Vec<Expression>),
    Cast(Box<Expression>, String),
    /// An expression that is not parsed, with normalized spaces.
    Raw(String),
}

impl Expression {
    /// The same with [`This`](Self::This) in place of the column's name.
    #[must_use]
    pub(in crate::catalog) fn about(self, column: &str) -> Self {
        let all = |parts: Vec<Self>| parts.into_iter().map(|part| part.about(column)).collect();
        let boxed = |part: Box<Self>| Box::new(part.about(column));
        match self {
            Self::Name(name) if name == column => Self::This,
            Self::Call(name, arguments) => Self::Call(name, all(arguments)),
            Self::Array(elements) => Self::Array(all(elements)),
            Self::Not(operand) => Self::Not(boxed(operand)),
            Self::Prefix(operator, operand) => Self::Prefix(operator, boxed(operand)),
            Self::Binary(operator, left, right) => Self::Binary(operator, boxed(left), boxed(right)),
            Self::And(parts) => Self::And(all(parts)),
            Self::Or(parts) => Self::Or(all(parts)),
            Self::In(operand, elements) => Self::In(boxed(operand), all(elements)),
            Self::Cast(operand, target) => Self::Cast(boxed(operand), target),
            Self::This
            | Self::Name(_)
            | Self::Text(_)
            | Self::Number(_)
            | Self::Constant(_)
            | Self::Raw(_) => self,
        }
    }

    /// `NOT self`. PostgreSQL prints `a IS NOT DISTINCT FROM b` as the negation of a negation.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Not(inner) if matches!(&*inner, Self::Binary(operator, ..) if operator == "IS") => *inner,
            positive => Self::Not(Box::new(positive)),
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        let mut parts = Vec::new();
        for side in [self, other] {
            match side {
                Self::And(inner) => parts.extend(inner),
                single => parts.push(single),
            }
        }
        Self::And(parts)
    }

    pub(super) fn or(self, other: Self) -> Self {
        let mut parts = Vec::new();
        for side in [self, other] {
            match side {
                Self::Or(inner) => parts.extend(inner),
                single => parts.push(single),
            }
        }
        Self::Or(parts)
    }

    /// `left operator right`, where the operator may be an alternative spelling.
    pub(super) fn binary(operator: &str, left: Self, right: Self) -> Self {
        let operator = match operator {
            "==" => "=",
            "!=" => "<>",
            other => other,
        };
        if let Self::Call(name, arguments) = &right
            && let [Self::Array(elements)] = arguments.as_slice()
        {
            match (operator, name.as_str()) {
                ("=", "any") => return Self::in_list(left, elements.clone()),
                ("<>", "all") => return Self::in_list(left, elements.clone()).negated(),
                _ => {}
            }
        }
        Self::Binary(operator.to_owned(), Box::new(left), Box::new(right))
    }

    /// `operand IN (elements)`; a list of one element is a comparison, as PostgreSQL prints it.
    pub(super) fn in_list(operand: Self, elements: Vec<Self>) -> Self {
        match <[Self; 1]>::try_from(elements) {
            Ok([only]) => Self::binary("=", operand, only),
            Err(elements) => Self::In(Box::new(operand), elements),
        }
    }

    /// `low <= operand AND operand <= high`, unless the operand is too large to be duplicated: nested, such operands
    /// would double in size with each level.
    pub(super) fn between(self, low: Self, high: Self) -> Option<Self> {
        let small = |operand: &Self| matches!(operand, Self::Name(_) | Self::Text(_) | Self::Number(_));
        let fits = small(&self) || matches!(&self, Self::Call(_, arguments) if arguments.iter().all(small));
        fits.then(|| Self::binary(">=", self.clone(), low).and(Self::binary("<=", self, high)))
    }

    /// `operand::target`. A cast of a literal has no effect; of other expressions only a cast to text has none.
    pub(super) fn cast(operand: Self, target: String) -> Self {
        let number = is_number_type(&target);
        match operand {
            Self::Text(text) if number => canonical_number(&text).map_or(Self::Text(text), Self::Number),
            Self::Text(_) | Self::Number(_) | Self::Constant(_) | Self::Array(_) => operand,
            _ if matches!(target.as_str(), "text" | "text[]") => operand,
            _ => Self::Cast(Box::new(operand), target),
        }
    }

    pub(super) fn prefixed(operator: &str, operand: Self) -> Self {
        match (operator, operand) {
            ("-", Self::Number(number)) => Self::Number(match number.strip_prefix('-') {
                Some(positive) => positive.to_owned(),
                None if number == "0" => number,
                None => format!("-{number}"),
            }),
            ("+", Self::Number(number)) => Self::Number(number),
            (_, operand) => Self::Prefix(operator.to_owned(), Box::new(operand)),
        }
    }

    pub(super) fn number(text: &str) -> Self {
        Self::Number(canonical_number(text).unwrap_or_else(|| text.to_owned()))
    }
}

fn is_number_type(name: &str) -> bool {
    let base = name.split('(').next().unwrap_or(name).trim_end();
    matches!(base, "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision")
}

/// One spelling for equal numbers: plain digits if that is exact, else the digits of the nearest double.
fn canonical_number(text: &str) -> Option<String> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let digits = if digits.bytes().all(|b| b.is_ascii_digit()) {
        let significant = digits.trim_start_matches('0');
        if significant.is_empty() { "0".to_owned() } else { significant.to_owned() }
    } else {
        // Never an exponent: Rust writes every digit out, as PostgreSQL does for numeric.
        digits.parse::<f64>().ok().filter(|number| number.is_finite())?.to_string()
    };
    Some(if digits == "0" { digits } else { format!("{sign}{digits}") })
}
