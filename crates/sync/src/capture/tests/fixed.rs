//! Histories on one schema that has each trap.

use rusqlite::types::Value;

use super::histories::Statement;
use super::random::Random;

pub(super) const SCHEMA: &str = "
CREATE TABLE u(id INTEGER PRIMARY KEY, e TEXT UNIQUE, n INTEGER, m TEXT);
CREATE UNIQUE INDEX u_part ON u(n) WHERE m='p'; CREATE UNIQUE INDEX u_expr ON u(lower(m));
CREATE TABLE w(a TEXT COLLATE NOCASE, b INTEGER, v TEXT, PRIMARY KEY(a,b)) WITHOUT ROWID;
CREATE UNIQUE INDEX w_v ON w(v COLLATE NOCASE);
CREATE TABLE p(id INTEGER PRIMARY KEY, q UNIQUE ON CONFLICT REPLACE);
CREATE TABLE ch(id INTEGER PRIMARY KEY, p REFERENCES p(id) ON DELETE CASCADE ON UPDATE CASCADE,
  q REFERENCES p(id) ON DELETE SET NULL, s UNIQUE);
CREATE TABLE l(ts TEXT, m);
CREATE TABLE lu(a UNIQUE, b); INSERT INTO lu VALUES (NULL, 1);
CREATE TABLE \"any\"(k PRIMARY KEY NOT NULL, v);
CREATE TABLE d(id INTEGER PRIMARY KEY DESC, v UNIQUE NOT NULL ON CONFLICT REPLACE DEFAULT 'b');
CREATE TABLE h(id INTEGER PRIMARY KEY, x);
CREATE VIEW vu AS SELECT id, e FROM u;
CREATE TRIGGER vi INSTEAD OF INSERT ON vu BEGIN INSERT OR REPLACE INTO u(id, e) VALUES (NEW.id, NEW.e); END;
CREATE TRIGGER app1 AFTER UPDATE OF n ON u BEGIN
  INSERT INTO h(x) VALUES(OLD.n); UPDATE u SET m=m||'+' WHERE id=NEW.id AND length(m)<4; END;
CREATE TRIGGER app2 BEFORE DELETE ON u BEGIN SELECT RAISE(IGNORE) WHERE OLD.n=3; END;
CREATE TRIGGER app3 BEFORE INSERT ON lu WHEN NEW.b=1 BEGIN DELETE FROM lu WHERE a=2; END;";

fn value(random: &mut Random) -> Value {
    random
        .of(&[
            Value::Null,
            Value::Integer(1),
            Value::Integer(2),
            Value::Integer(3),
            Value::Real(1.0),
            Value::Text("a".to_owned()),
            Value::Text("A".to_owned()),
            Value::Text("b".to_owned()),
            Value::Text("B".to_owned()),
            Value::Text("x".to_owned()),
            Value::Blob(b"a".to_vec()),
            Value::Real(2.5),
            Value::Text("é".to_owned()),
        ])
        .clone()
}

/// Statements with `@or` for a conflict policy, `@i` for a small integer, `@b` for 1 or 2, `@s` for a letter, `@v` for
/// any value and `@m` for a state.
const STATEMENTS: [&str; 37] = [
    "INSERT @or INTO u(id,e,n,m) VALUES(@i,@s,@i,@m)",
    "INSERT @or INTO u(e,n,m) VALUES(@s,@i,@m)",
    "UPDATE @or u SET e=@s WHERE id=@i",
    "UPDATE @or u SET n=n+1",
    "UPDATE @or u SET m=@m WHERE n=@i",
    "UPDATE @or u SET rowid=@i WHERE id=@i",
    "INSERT INTO u(id,e,n,m) VALUES(@i,@s,@i,'z') ON CONFLICT(id) DO UPDATE SET e=excluded.e, n=excluded.n",
    "INSERT INTO u(id,e) VALUES(@i,@s) ON CONFLICT DO NOTHING",
    "DELETE FROM u WHERE id=@i",
    "DELETE FROM u",
    "INSERT INTO vu VALUES(@i,@s)",
    "INSERT @or INTO w VALUES(@s,@b,@s)",
    "UPDATE @or w SET a=@s WHERE b=@b",
    "UPDATE @or w SET v=@s",
    "DELETE FROM w WHERE a=@s",
    "INSERT @or INTO p VALUES(@i,@b)",
    "INSERT @or INTO p(q) VALUES(@i)",
    "UPDATE @or p SET id=@i WHERE id=@i",
    "UPDATE p SET q=@i WHERE id=@i",
    "DELETE FROM p WHERE id=@i",
    "INSERT @or INTO ch VALUES(@i,@i,@i,@i)",
    "UPDATE @or ch SET s=@i WHERE id=@i",
    "INSERT INTO l VALUES(@s,@v)",
    "DELETE FROM l WHERE ts=@s",
    "UPDATE l SET m=@v WHERE ts=@s",
    "INSERT OR REPLACE INTO l(rowid,ts,m) VALUES(@i,@s,@v)",
    "UPDATE @or l SET rowid=@i WHERE rowid=@i",
    "INSERT @or INTO lu VALUES(@v,@i)",
    "UPDATE @or lu SET a=@v WHERE b=@i",
    "INSERT @or INTO \"any\" VALUES(@v,@v)",
    "INSERT @or INTO \"any\"(rowid,k,v) VALUES(@i,@v,@v)",
    "UPDATE @or \"any\" SET k=@v WHERE k=@v",
    "UPDATE @or \"any\" SET rowid=@i WHERE rowid=@i",
    "DELETE FROM \"any\" WHERE k=@v",
    "INSERT @or INTO d(id, v) VALUES(@v, @v)",
    "UPDATE @or d SET v=@v WHERE id=@v",
    "UPDATE @or d SET id=@v WHERE v=@v",
];

pub(super) fn statement(random: &mut Random) -> Statement {
    let template = random.word(&STATEMENTS);
    let policies = ["", "", "OR IGNORE", "OR REPLACE", "OR REPLACE", "OR FAIL", "OR ROLLBACK"];
    let mut statement = Statement { sql: String::new(), values: Vec::new() };
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('@') {
        statement.sql.push_str(before);
        if let Some(after) = after.strip_prefix("or") {
            let policy = random.word(&policies);
            statement.sql.push_str(policy);
            rest = after;
            continue;
        }
        let (kind, after) = after.split_at(1);
        let number =
            |random: &mut Random, end| Value::Integer(i64::try_from(1 + random.below(end)).expect("small"));
        let letter = |random: &mut Random, letters: &[&str]| Value::Text((random.word(letters)).to_owned());
        statement.values.push(match kind {
            "i" => number(random, 6),
            "b" => number(random, 2),
            "s" => letter(random, &["a", "b", "c", "A", "B", "C"]),
            "m" => letter(random, &["p", "P", "q", "pp"]),
            _ => value(random),
        });
        statement.sql.push('?');
        rest = after;
    }
    statement.sql.push_str(rest);
    statement
}
