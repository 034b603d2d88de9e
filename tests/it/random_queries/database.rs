//! Random tables with random rows.

use super::random::Random;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Real,
    Decimal,
    Text,
    NoCase,
    Boolean,
    Date,
    /// `2024-01-31 10:00:00`.
    Stamp,
    /// `2024-01-31T10:00:00.123`.
    StampT,
    /// Seconds since 1970, declared as an integer.
    Seconds,
    /// Seconds since 1970, declared as an instant.
    Epoch,
    Json,
    Blob,
    /// Text that is mostly numbers.
    Numeral,
    /// Text with dates.
    TextDate,
}

pub(super) const KINDS: [Kind; 15] = [
    Kind::Integer,
    Kind::Real,
    Kind::Decimal,
    Kind::Text,
    Kind::NoCase,
    Kind::Boolean,
    Kind::Date,
    Kind::Stamp,
    Kind::StampT,
    Kind::Seconds,
    Kind::Epoch,
    Kind::Json,
    Kind::Blob,
    Kind::Numeral,
    Kind::TextDate,
];

impl Kind {
    fn declared(self) -> &'static str {
        match self {
            Self::Integer | Self::Seconds => "INTEGER",
            Self::Real => "REAL",
            Self::Decimal => "DECIMAL(10,2)",
            Self::Text | Self::Numeral | Self::TextDate => "TEXT",
            Self::NoCase => "TEXT COLLATE NOCASE",
            Self::Boolean => "BOOLEAN",
            Self::Date => "DATE",
            Self::Stamp | Self::StampT => "DATETIME",
            Self::Epoch => "TIMESTAMP",
            Self::Json => "JSON",
            Self::Blob => "BLOB",
        }
    }

    /// A literal of this kind.
    pub(super) fn literal(self, random: &mut Random) -> String {
        let days = ["2024-01-31", "2024-02-29", "2023-12-31", "2024-03-01", "1999-06-15"];
        let clocks = ["00:00:00", "10:30:00", "23:59:59", "07:05:09"];
        match self {
            Self::Integer => {
                random.pick(&["0", "1", "2", "-3", "7", "10", "100", "-1", "2147483647"]).to_owned()
            }
            Self::Real => {
                random.pick(&["0.0", "1.5", "-2.25", "3.0", "0.1", "100.125", "1e10", "7.0"]).to_owned()
            }
            Self::Decimal => random.pick(&["1", "2.50", "3.00", "-0.99", "10.25", "99.99", "0"]).to_owned(),
            Self::Text | Self::NoCase => random
                .pick(&["'a'", "'A'", "'b'", "'Ba'", "''", "'z Z'", "'ä'", "'a%'", "'x_y'", "'10'"])
                .to_owned(),
            Self::Boolean => random.pick(&["0", "1"]).to_owned(),
            Self::Date => format!("'{}'", random.pick(&days)),
            Self::Stamp => format!("'{} {}'", random.pick(&days), random.pick(&clocks)),
            Self::StampT => format!(
                "'{}T{}.{}'",
                random.pick(&days),
                random.pick(&clocks),
                random.pick(&["000", "125", "500"])
            ),
            Self::Seconds | Self::Epoch => {
                random.pick(&["1700000000", "1706700000", "1709164800", "1600000001"]).to_owned()
            }
            Self::Json => random
                .pick(&[
                    r#"'{"a":1,"b":"x","c":[1,2,3]}'"#,
                    r#"'{"a":"1","b":null,"c":[]}'"#,
                    r#"'{"a":2.5,"b":"y","d":{"e":true}}'"#,
                    r#"'{"b":"x","d":{"e":false}}'"#,
                    r#"'{}'"#,
                ])
                .to_owned(),
            Self::Blob => random.pick(&["x'00ff'", "x''", "x'61'", "x'6162'"]).to_owned(),
            Self::Numeral => {
                random.pick(&["'1'", "'10'", "'2.5'", "'-3'", "'5x'", "'abc'", "' 7'", "'007'"]).to_owned()
            }
            Self::TextDate => match random.chance(50) {
                true => format!("'{}'", random.pick(&days)),
                false => format!("'{} {}'", random.pick(&days), random.pick(&clocks)),
            },
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) not_null: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: String,
    /// Without `id`, the key of each table.
    pub(super) columns: Vec<Column>,
    /// A unique column besides the key.
    pub(super) unique: Option<String>,
    /// The definition and the rows.
    pub(super) statements: Vec<String>,
}

/// Two or three tables.
pub(super) fn tables(random: &mut Random) -> Vec<Table> {
    let count = 2 + random.below(2);
    (0..count).map(|number| table(random, number)).collect()
}

fn table(random: &mut Random, number: usize) -> Table {
    let name = ["users", "Posts", "tags"][number].to_owned();
    let mut columns = Vec::new();
    for (at, kind) in KINDS.iter().enumerate() {
        if random.chance(75) {
            let name = format!("{}{at}", random.pick(&["c", "col_", "Name"]));
            columns.push(Column { name, kind: *kind, not_null: random.chance(15) });
        }
    }
    // Tables are joined by this one.
    columns.push(Column { name: "ref".to_owned(), kind: Kind::Integer, not_null: false });
    let unique = random.chance(50).then(|| "u".to_owned());
    let mut parts = vec!["id INTEGER PRIMARY KEY".to_owned()];
    for column in &columns {
        let mut part = format!("{} {}", column.name, column.kind.declared());
        if column.not_null {
            part.push_str(" NOT NULL");
        }
        if random.chance(20) && !matches!(column.kind, Kind::Json | Kind::Blob) {
            part.push_str(&format!(" DEFAULT {}", column.kind.literal(random)));
        }
        parts.push(part);
    }
    if let Some(unique) = &unique {
        parts.push(format!("{unique} TEXT UNIQUE"));
    }
    let mut statements = vec![format!("CREATE TABLE {name} ({})", parts.join(", "))];
    for id in 1..=3 + random.below(10) {
        let mut values = vec![id.to_string()];
        for column in &columns {
            let is_null = !column.not_null && random.chance(15);
            values.push(match (is_null, column.name.as_str()) {
                (true, _) => "NULL".to_owned(),
                (false, "ref") => (1 + random.below(8)).to_string(),
                (false, _) => column.kind.literal(random),
            });
        }
        if unique.is_some() {
            values.push(format!("'u{id}'"));
        }
        statements.push(format!("INSERT INTO {name} VALUES ({})", values.join(", ")));
    }
    Table { name, columns, unique, statements }
}
