//! The sequences that generate values of a table's columns.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::Target;
use crate::rows::NumberRow;
use databases::name::quote_name;

/// A sequence that generates the values of a column: one that the column owns, or that its default uses.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Sequence {
    /// The column.
    #[diesel(sql_type = Text)]
    pub column: String,
    /// The full name of the sequence, as SQL has it.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Whether the column is text, which contains the number.
    #[diesel(sql_type = Bool)]
    is_text: bool,
    /// The last number that it has generated; `None` when it has generated none.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub last: Option<i64>,
    /// The number that it generates next, where it has generated none.
    #[diesel(sql_type = BigInt)]
    start: i64,
    /// The step from one number to the next; negative for a descending sequence.
    #[diesel(sql_type = BigInt)]
    increment: i64,
    /// The last number that it can generate.
    #[diesel(sql_type = BigInt)]
    end: i64,
}

impl Sequence {
    /// Whether it generates lower and lower numbers.
    pub fn is_descending(&self) -> bool {
        self.increment < 0
    }

    /// Whether it has generated, or begins after, this number.
    pub fn is_past(&self, number: i64) -> bool {
        let next = self.last.map_or(self.start, |last| last.saturating_add(self.increment));
        // At its end it generates no further number, which is correct.
        self.last == Some(self.end) || if self.is_descending() { next < number } else { next > number }
    }

    /// The number to continue after, so that it is past `number`: one that the sequence itself would generate.
    pub fn last_for(&self, number: i64) -> i64 {
        let from = i128::from(self.last.unwrap_or(self.start));
        let (number, step, end) = (i128::from(number), i128::from(self.increment), i128::from(self.end));
        let distance = number - from;
        let steps = distance / step + i128::from(distance % step != 0);
        let last = from + steps.max(0) * step;
        let last = if self.is_descending() { last.max(end) } else { last.min(end) };
        i64::try_from(last).unwrap_or(self.end)
    }
}

/// The sequences of the columns of the table `$1`: owned ones, those on which a default depends, and those that a
/// default names by text.
const SEQUENCES: &str = r#"
WITH columns AS (
    SELECT a.attrelid, a.attnum, a.attname::text AS name, t.typname::text AS type,
           pg_catalog.pg_get_expr(f.adbin, f.adrelid) AS default_text, f.oid AS default_oid
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_type d ON d.oid = a.atttypid
    JOIN pg_catalog.pg_type t ON t.oid = CASE WHEN d.typtype = 'd' THEN d.typbasetype ELSE d.oid END
    LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum AND a.attgenerated = ''
    WHERE a.attrelid = $1::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped
),
used AS (
    SELECT c.name, c.type, d.objid AS sequence
    FROM columns c JOIN pg_catalog.pg_depend d
      ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = c.attrelid
     AND d.refobjsubid = c.attnum AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
     AND d.deptype IN ('a', 'i')
    UNION
    SELECT c.name, c.type, d.refobjid
    FROM columns c JOIN pg_catalog.pg_depend d
      ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = c.default_oid
     AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    UNION
    SELECT c.name, c.type, pg_catalog.to_regclass(named.name)::pg_catalog.oid
    FROM columns c
    CROSS JOIN LATERAL (SELECT pg_catalog.substring(c.default_text, 'nextval\(\(?''([^'']+)''::text') AS name) named
    WHERE named.name ~ '^(\w+\.)?\w+$|^("[^"]+"\.)?"[^"]+"$'
)
SELECT u.name AS column, u.sequence::pg_catalog.regclass::text AS name,
       u.type IN ('text', 'varchar', 'bpchar') AS is_text,
       pg_catalog.pg_sequence_last_value(s.seqrelid) AS last,
       s.seqstart AS start, s.seqincrement AS increment,
       CASE WHEN s.seqincrement > 0 THEN s.seqmax ELSE s.seqmin END AS end
FROM used u JOIN pg_catalog.pg_sequence s ON s.seqrelid = u.sequence
WHERE u.type IN ('int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'text', 'varchar', 'bpchar')
ORDER BY 1, 2
"#;

impl Target {
    /// The sequences that generate values of columns of `table`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sequences(&mut self, table: &str) -> QueryResult<Vec<Sequence>> {
        let query = diesel::sql_query(SEQUENCES).bind::<Text, _>(self.full_name(table));
        let mut sequences: Vec<Sequence> = query.load(self.postgres())?;
        for sequence in sequences.iter_mut().filter(|sequence| sequence.last.is_none()) {
            // Not always the one that it was created with: RESTART sets another.
            let query = format!("SELECT last_value AS number FROM {}", sequence.name);
            let next: NumberRow = diesel::sql_query(query).get_result(self.postgres())?;
            sequence.start = next.number.unwrap_or(sequence.start);
        }
        Ok(sequences)
    }

    /// The value of the column of a sequence that is farthest in its direction; in text, the farthest of the last numbers of
    /// each: those before may be a date.
    ///
    /// # Errors
    /// When the database fails.
    pub fn farthest(&mut self, table: &str, sequence: &Sequence) -> QueryResult<Option<i64>> {
        let column = quote_name(&sequence.column);
        let (farthest, toward) = if sequence.is_descending() { ("min", "floor") } else { ("max", "ceil") };
        let from = self.full_name(table);
        let found = match sequence.is_text {
            false => format!("SELECT {farthest}({column})::numeric AS found FROM {from}"),
            true => format!(
                "SELECT {farthest}(digits[1]::numeric) AS found FROM {from},
                    LATERAL pg_catalog.regexp_matches({column}::text, '(\\d{{1,18}})\\D*$') AS digits"
            ),
        };
        // Without a value there is none: `least` and `greatest` ignore NULL.
        let query = format!(
            "SELECT CASE WHEN found <> 'NaN' THEN
                 least(greatest({toward}(found), -9223372036854775808), 9223372036854775807)::bigint
                 END AS number FROM ({found}) AS of_column"
        );
        Ok(diesel::sql_query(query).get_result::<NumberRow>(self.postgres())?.number)
    }

    /// Lets a sequence go on after `last`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_sequence(&mut self, name: &str, last: i64) -> QueryResult<()> {
        let query = diesel::sql_query("SELECT setval($1::pg_catalog.regclass, $2) AS number");
        query.bind::<Text, _>(name).bind::<BigInt, _>(last).get_result::<NumberRow>(self.postgres())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequence(last: Option<i64>, start: i64, increment: i64, end: i64) -> Sequence {
        let text = String::new;
        Sequence { column: text(), name: text(), is_text: false, last, start, increment, end }
    }

    #[test]
    fn a_sequence_goes_on_past_the_farthest_number_in_its_own_steps() {
        // (last, start, increment, end), the number, whether it is past it, and where it is set.
        let cases = [
            ((None, 1, 1, i64::MAX), 8, false, 8),
            ((None, 1, 1, i64::MAX), 1, false, 1),
            ((None, 100, 1, i64::MAX), 99, true, 100),
            ((Some(8), 1, 1, i64::MAX), 8, true, 8),
            ((Some(7), 1, 1, i64::MAX), 8, false, 8),
            ((None, 1, 1, i64::MAX), -5, true, 1),
            ((None, 1, 1, i64::MAX), i64::MAX, false, i64::MAX),
            // Odd numbers stay odd.
            ((Some(3), 1, 2, i64::MAX), 8, false, 9),
            ((Some(3), 1, 2, i64::MAX), 9, false, 9),
            ((None, 10, 10, i64::MAX), 25, false, 30),
            ((None, -1, -1, i64::MIN), -7, false, -7),
            ((Some(-9), -1, -1, i64::MIN), -7, true, -9),
            ((None, -1, -2, i64::MIN), -8, false, -9),
            ((None, -1, -1, i64::MIN), 5, true, -1),
            // Its end is lower than the number: it generates no further one.
            ((Some(3), 1, 1, 5), 8, false, 5),
            ((Some(5), 1, 1, 5), 8, true, 5),
        ];
        for ((last, start, increment, end), number, is_past, set) in cases {
            let sequence = sequence(last, start, increment, end);
            assert_eq!(sequence.is_past(number), is_past, "{sequence:?} past {number}");
            assert_eq!(sequence.last_for(number), set, "{sequence:?} for {number}");
        }
    }
}
