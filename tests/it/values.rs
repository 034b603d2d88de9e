//! Every logical type: written and read on each backend, and from SQLite through COPY into PostgreSQL.

use std::cell::RefCell;

use chrono::NaiveDate;
use diesel::connection::SimpleConnection as _;
use diesel::pg::CopyFormat;
use diesel::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::app::memory;
use crate::cluster::TestDatabase;
use backoffice::models::{EmailAddress, TaskPriority, UserId};
use databases::connection::AnyConnection;
use transfer::table::{COPY_HEADER, COPY_TRAILER};
use transfer::values::{
    BinaryField as _, Instant, Json, Money, Quantity, Rate, Real, Sha256, Text, TimeOfDay, UnitPrice, Vector,
};

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    samples (id) {
        id -> BigInt,
        flag -> Bool,
        small -> Integer,
        number -> Double,
        money -> Fixed<14, 2>,
        price -> Fixed<14, 4>,
        rate -> Fixed<5, 2>,
        quantity -> Fixed<12, 3>,
        day -> Date,
        time -> TimeOfDay,
        at -> Instant,
        json -> Json,
        vector -> Vector,
        digest -> Binary,
        text -> Text,
        word -> Text,
        email -> Text,
        person -> Uuid,
        maybe -> Nullable<Text>,
    }
}

#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = samples, treat_none_as_default_value = false)]
struct Sample {
    id: i64,
    flag: bool,
    small: i32,
    number: Real,
    money: Money,
    price: UnitPrice,
    rate: Rate,
    quantity: Quantity,
    day: NaiveDate,
    time: TimeOfDay,
    at: Instant,
    json: Json,
    vector: Vector,
    digest: Sha256,
    text: Text,
    word: TaskPriority,
    email: EmailAddress,
    person: UserId,
    maybe: Option<Text>,
}

const SQLITE: &str =
    "CREATE TABLE samples (id INTEGER PRIMARY KEY, flag INTEGER NOT NULL, small INTEGER NOT NULL,
    number REAL NOT NULL, money INTEGER NOT NULL, price INTEGER NOT NULL, rate INTEGER NOT NULL,
    quantity INTEGER NOT NULL, day TEXT NOT NULL, time TEXT NOT NULL, at TEXT NOT NULL, json TEXT NOT NULL,
    vector BLOB NOT NULL, digest BLOB NOT NULL, text TEXT NOT NULL, word TEXT NOT NULL, email TEXT NOT NULL,
    person TEXT NOT NULL, maybe TEXT) STRICT";

const POSTGRES: &str = "CREATE TABLE samples (id bigint PRIMARY KEY, flag boolean NOT NULL, small integer NOT NULL,
    number double precision NOT NULL, money numeric(14,2) NOT NULL, price numeric(14,4) NOT NULL,
    rate numeric(5,2) NOT NULL, quantity numeric(12,3) NOT NULL, day date NOT NULL, time time NOT NULL,
    at timestamptz NOT NULL, json jsonb NOT NULL, vector real[] NOT NULL, digest bytea NOT NULL, text text NOT NULL,
    word text NOT NULL, email text NOT NULL, person uuid NOT NULL, maybe text)";

fn number() -> impl Strategy<Value = Real> {
    prop_oneof![
        any::<f64>().prop_filter_map("finite", |number| Real::new(number).ok()),
        prop::sample::select(vec![0.0, -0.0, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 0.1, 1e23])
            .prop_map(|number| Real::new(number).expect("finite")),
    ]
}

fn text() -> impl Strategy<Value = Text> {
    prop_oneof![
        Just(String::new()),
        any::<String>(),
        Just("\u{FFFD} \u{FEFF} e\u{301} \u{202E} 漢字 🦀 \r\n\t'\"\\%".to_owned()),
    ]
    .prop_map(|text| Text::new(text.replace('\0', "")).expect("no NUL"))
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        any::<u64>().prop_map(serde_json::Value::from),
        any::<f64>().prop_map(serde_json::Value::from),
        (any::<i64>(), -300_i32..300).prop_map(|(digits, exponent)| {
            serde_json::Value::Number(format!("{digits}e{exponent}").parse().expect("number"))
        }),
        any::<String>().prop_map(|text| serde_json::Value::from(text.replace('\0', ""))),
    ];
    let tree = leaf.prop_recursive(4, 32, 6, |inner| {
        let key = any::<String>().prop_map(|text| text.replace('\0', ""));
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            prop::collection::btree_map(key, inner, 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    });
    tree.prop_map(|value| Json::new(value).expect("within the limits of numeric"))
}

/// Units of a decimal number with this number of digits, including the minimum and maximum.
fn units(digits: u32) -> impl Strategy<Value = i64> {
    let most = 10_i64.pow(digits) - 1;
    prop_oneof![Just(0), Just(most), Just(-most), Just(1), Just(-1), -most..=most]
}

fn day() -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(1, 1, 1).expect("day");
    let last = NaiveDate::from_ymd_opt(9999, 12, 31).expect("day");
    let days = u64::try_from((last - first).num_days()).expect("positive");
    prop_oneof![Just(first), Just(last), (0..=days).prop_map(move |n| first + chrono::Days::new(n))]
}

fn instant() -> impl Strategy<Value = Instant> {
    let range = Instant::MIN.micros()..=Instant::MAX.micros();
    prop_oneof![
        Just(Instant::MIN),
        Just(Instant::MAX),
        range.prop_map(|n| Instant::from_micros(n).expect("range"))
    ]
}

fn time() -> impl Strategy<Value = TimeOfDay> {
    let range = 0..=TimeOfDay::MAX.micros();
    prop_oneof![
        Just(TimeOfDay::MIN),
        Just(TimeOfDay::MAX),
        range.prop_map(|n| TimeOfDay::from_micros(n).expect("range"))
    ]
}

fn sample() -> impl Strategy<Value = Sample> {
    let vector = prop::collection::vec(any::<u32>().prop_map(f32::from_bits), 1..40);
    let vector = vector.prop_map(|elements| Vector::new(elements).expect("not empty"));
    let small = prop_oneof![Just(i32::MIN), Just(i32::MAX), any::<i32>()];
    let id = prop_oneof![Just(i64::MIN), Just(i64::MAX), any::<i64>()];
    let numbers = (id, any::<bool>(), small, number(), units(14), units(14), units(5), units(12));
    let times = (day(), time(), instant());
    let word = prop::sample::select(TaskPriority::ALL);
    let email = "[a-zà-ž0-9+]{1,10}(\\.[a-zà-ž0-9+]{1,9})?@[a-z]{1,10}";
    let others =
        (json(), vector, any::<[u8; 32]>(), text(), word, email, any::<u128>(), prop::option::of(text()));
    (numbers, times, others).prop_map(|(numbers, (day, time, at), others)| {
        let (id, flag, small, number, money, price, rate, quantity) = numbers;
        let (json, vector, digest, text, word, email, person, maybe) = others;
        Sample {
            id,
            flag,
            small,
            number,
            money: Money::from_units(money).expect("range"),
            price: UnitPrice::from_units(price).expect("range"),
            rate: Rate::from_units(rate).expect("range"),
            quantity: Quantity::from_units(quantity).expect("range"),
            day,
            time,
            at,
            json,
            vector,
            digest: digest.into(),
            text,
            word,
            email: EmailAddress::new(&email).expect("address"),
            person: UserId(uuid::Uuid::from_u128(person)),
            maybe,
        }
    })
}

/// The row as a COPY stream.
fn stream(row: &Sample) -> Vec<u8> {
    let mut out = COPY_HEADER.to_vec();
    out.extend_from_slice(&19_i16.to_be_bytes());
    out.extend_from_slice(&8_i32.to_be_bytes());
    out.extend_from_slice(&row.id.to_be_bytes());
    let out_field = &mut out;
    row.flag.write_field(out_field).expect("encode");
    row.small.write_field(out_field).expect("encode");
    row.number.write_field(out_field).expect("encode");
    row.money.write_field(out_field).expect("encode");
    row.price.write_field(out_field).expect("encode");
    row.rate.write_field(out_field).expect("encode");
    row.quantity.write_field(out_field).expect("encode");
    row.day.write_field(out_field).expect("encode");
    row.time.write_field(out_field).expect("encode");
    row.at.write_field(out_field).expect("encode");
    row.json.write_field(out_field).expect("encode");
    row.vector.write_field(out_field).expect("encode");
    row.digest.write_field(out_field).expect("encode");
    row.text.write_field(out_field).expect("encode");
    row.word.write_field(out_field).expect("encode");
    row.email.write_field(out_field).expect("encode");
    row.person.write_field(out_field).expect("encode");
    row.maybe.write_field(out_field).expect("encode");
    out.extend_from_slice(&COPY_TRAILER);
    out
}

fn written_and_read(connection: &mut AnyConnection, row: &Sample) -> Sample {
    diesel::delete(samples::table).execute(connection).expect("delete");
    diesel::insert_into(samples::table).values(row.clone()).execute(connection).expect("insert");
    samples::table.select(Sample::as_select()).first(connection).expect("read")
}

#[test]
fn every_type_is_preserved_on_each_backend_and_by_a_copy() {
    let target = TestDatabase::create();
    let mut sqlite = AnyConnection::Sqlite(memory());
    let mut postgres = AnyConnection::Postgres(target.connect());
    sqlite.batch_execute(SQLITE).expect("create");
    postgres.batch_execute(POSTGRES).expect("create");
    let connections = RefCell::new((sqlite, postgres, target.connect()));
    let mut runner = TestRunner::new(test_seed::config(512));
    let outcome = runner.run(&sample(), |row| {
        let (sqlite, postgres, copied) = &mut *connections.borrow_mut();
        let from_sqlite = written_and_read(sqlite, &row);
        prop_assert_eq!(&from_sqlite, &row);
        let from_postgres = written_and_read(postgres, &row);
        prop_assert_eq!(&from_postgres, &row);

        diesel::delete(samples::table).execute(copied).expect("delete");
        let stream = stream(&from_sqlite);
        let written = diesel::copy_from(samples::table)
            .from_raw_data(samples::all_columns, |out| {
                out.write_all(&stream)
                    .map_err(|error| diesel::result::Error::SerializationError(error.into()))
            })
            .with_format(CopyFormat::Binary)
            .execute(copied)
            .expect("copy");
        prop_assert_eq!(written, 1);
        let arrived: Sample = samples::table.select(Sample::as_select()).first(copied).expect("read");
        prop_assert_eq!(&arrived, &row);
        Ok(())
    });
    outcome.expect("every value survives");
}

#[test]
fn the_server_reads_the_binary_encodings_as_the_same_values() {
    let target = TestDatabase::create();
    let mut connection = target.connect();
    #[derive(QueryableByName)]
    struct Words {
        #[diesel(sql_type = diesel::sql_types::Text)]
        words: String,
    }
    let mut says = |sql: &str| {
        diesel::sql_query(format!("SELECT ({sql})::text AS words"))
            .get_result::<Words>(&mut connection)
            .expect(sql)
            .words
    };
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    // PostgreSQL's binary output of a literal equals our encoding.
    let money: Money = "-99999999999.05".parse().expect("money");
    let mut bytes = Vec::new();
    money.write_binary(&mut bytes).expect("encode");
    assert_eq!(says("encode(numeric_send('-99999999999.05'::numeric(14,2)), 'hex')"), hex(&bytes));
    let at: Instant = "1969-12-31T23:59:59.999999Z".parse().expect("instant");
    bytes.clear();
    at.write_binary(&mut bytes).expect("encode");
    assert_eq!(says("encode(timestamptz_send('1969-12-31 23:59:59.999999+00'), 'hex')"), hex(&bytes));
    let day = NaiveDate::from_ymd_opt(1, 1, 1).expect("day");
    bytes.clear();
    day.write_binary(&mut bytes).expect("encode");
    assert_eq!(says("encode(date_send('0001-01-01'), 'hex')"), hex(&bytes));
    let vector = Vector::new(vec![1.5, -0.0]).expect("vector");
    bytes.clear();
    vector.write_binary(&mut bytes).expect("encode");
    assert_eq!(says("encode(array_send('{1.5,-0}'::real[]), 'hex')"), hex(&bytes));
}

#[test]
fn values_that_one_backend_cannot_store_are_rejected_on_both() {
    assert!(Real::new(f64::NAN).is_err());
    assert!(Real::new(f64::INFINITY).is_err());
    assert!(Text::new("a\0b").is_err());
    assert!(Instant::from_micros(Instant::MAX.micros() + 1).is_err());
    assert!(TimeOfDay::from_micros(86_400_000_000).is_err());
    assert!(Vector::new(Vec::new()).is_err());
    assert!(Money::from_units(Money::MAX.units() + 1).is_err());
    assert!(EmailAddress::new("nobody").is_err());
    assert_eq!(EmailAddress::new(" Ä.B@Example.ORG ").expect("address").as_str(), "ä.b@example.org");
}

#[test]
fn bytes_of_another_length_are_rejected_as_a_digest() {
    let target = TestDatabase::create();
    for mut connection in [AnyConnection::Sqlite(memory()), AnyConnection::Postgres(target.connect())] {
        let is_sqlite = matches!(connection, AnyConnection::Sqlite(_));
        let mut read = |digits: String| {
            let bytes = if is_sqlite { format!("x'{digits}'") } else { format!("'\\x{digits}'::bytea") };
            let digest = diesel::dsl::sql::<diesel::sql_types::Binary>(&bytes);
            diesel::select(digest).get_result::<Sha256>(&mut connection)
        };
        assert_eq!(read("5a".repeat(32)).expect("digest"), Sha256::from([0x5a; 32]));
        for length in [0, 31, 33] {
            let refused = format!("{:?}", read("5a".repeat(length)).expect_err("of another length"));
            assert!(refused.contains(&format!("{length} bytes")), "{refused}");
        }
    }
}
