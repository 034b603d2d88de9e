use super::*;

fn views(sql: &str) -> (Vec<String>, Vec<String>) {
    let made = make(sql);
    let names = made.statements.iter().filter(|one| one.kind == StatementKind::View);
    let found = made.findings.iter().filter(|finding| finding.rule.id == "view/not-carried");
    (
        names.map(|one| one.name.clone()).collect(),
        found.map(|finding| finding.object.clone().unwrap_or_default()).collect(),
    )
}

#[test]
fn a_view_comes_after_those_it_reads() {
    let (made, refused) = views(
        "CREATE TABLE t (a INTEGER);
CREATE VIEW three AS SELECT x.a FROM two AS x;
CREATE VIEW two AS SELECT a FROM \"One\";
CREATE VIEW one AS SELECT a FROM t;
CREATE VIEW four AS SELECT a FROM one",
    );
    assert_eq!(made, ["one", "two", "three", "four"]);
    assert!(refused.is_empty());
}

#[test]
fn views_in_a_circle_are_named() {
    let (made, mut refused) = views(
        "CREATE TABLE t (a INTEGER);
CREATE VIEW x AS SELECT a FROM y;
CREATE VIEW y AS SELECT a FROM z;
CREATE VIEW z AS SELECT a FROM x;
CREATE VIEW self AS SELECT a FROM self;
CREATE VIEW good AS SELECT a FROM t",
    );
    refused.sort_unstable();
    assert_eq!(made, ["good"]);
    assert_eq!(refused, ["self", "x", "y", "z"]);
}

#[test]
fn a_view_on_skipped_objects_is_reported() {
    let sql = "CREATE TABLE t (a INTEGER, b INTEGER);\nCREATE VIEW v AS SELECT b FROM t;\nCREATE VIEW w AS SELECT b FROM v";
    let made = make_with(sql, &DdlOptions::default(), |_, conversion| leave_out(conversion, "b"));
    assert_eq!(made.rules(), ["view/not-carried", "view/not-carried"]);
    assert!(made.of(StatementKind::View).is_empty());
}

#[test]
fn a_long_chain_of_views_is_ordered_in_time() {
    let views_of_views: Vec<String> =
        (0..5_000).map(|place| format!("CREATE VIEW v{place} AS SELECT a FROM v{}", place + 1)).collect();
    let sql = format!(
        "CREATE TABLE t (a INTEGER);\n{};\nCREATE VIEW v5000 AS SELECT a FROM t",
        views_of_views.join(";\n")
    );
    let (made, refused) = views(&sql);
    assert_eq!((made.len(), refused.len()), (5_001, 0));
    assert_eq!((made[0].as_str(), made[5_000].as_str()), ("v5000", "v0"));
}

#[test]
fn a_view_with_another_name_says_which_it_had() {
    let made = make("CREATE TABLE t (a INTEGER);\nCREATE VIEW __backoffice_v AS SELECT a FROM t");
    let statements = made.of(StatementKind::View);
    assert!(statements[1].starts_with("COMMENT ON VIEW \"public\".\"backoffice_v_"), "{}", statements[1]);
    assert!(statements[1].ends_with("IS 'Name in SQLite: __backoffice_v'"));
    assert_eq!(made.rules(), ["name/reserved-table"]);
}

#[test]
fn every_trigger_is_named() {
    let made = make_with("CREATE TABLE t (a INTEGER)", &DdlOptions::default(), |schema, _| {
        let trigger = |name: &str| crate::schema::Trigger {
            name: name.to_owned(),
            table: "t".to_owned(),
            sql: String::new(),
        };
        schema.triggers = vec![trigger("x"), trigger("y")];
    });
    let objects: Vec<&str> = made.findings.iter().filter_map(|finding| finding.object.as_deref()).collect();
    assert_eq!(made.rules(), ["trigger/not-carried", "trigger/not-carried"]);
    assert_eq!(objects, ["x", "y"]);
}
