use super::*;
use crate::catalog::{CatalogForeignKey, CatalogIndex, ColumnKind, ReferentialAction};

fn catalog(change: impl Fn(&mut CatalogTable)) -> Catalog {
    let column = |name: &str, kind| CatalogColumn {
        name: name.to_owned(),
        kind,
        nullable: false,
        default: None,
        identity: false,
    };
    let mut table = CatalogTable {
        columns: vec![
            column("id", ColumnKind::BigInt),
            column("name", ColumnKind::Text { max_chars: Some(5) }),
        ],
        primary_key: vec!["id".to_owned()],
        foreign_keys: vec![CatalogForeignKey {
            columns: vec!["id".to_owned()],
            parent_table: "p".to_owned(),
            parent_columns: vec!["id".to_owned()],
            on_delete: ReferentialAction::Cascade,
            deferrable: false,
            unusual: Vec::new(),
        }],
        indexes: vec![CatalogIndex {
            name: "i".to_owned(),
            columns: vec![("name".to_owned(), true)],
            unique: false,
            predicate: None,
            unusual: Vec::new(),
        }],
        checks: vec!["id > 0".to_owned()],
    };
    change(&mut table);
    Catalog { tables: BTreeMap::from([("t".to_owned(), table)]) }
}

#[test]
fn each_difference_is_one_sentence() {
    let left = catalog(|_| ());
    assert_eq!(differences(&left, &left), [""; 0]);
    assert_eq!(differences(&left, &Catalog::default()), ["table `t`: missing"]);
    type Change = fn(&mut CatalogTable);
    let changes: [(Change, &str); 10] = [
        (|t| t.columns.truncate(1), "column `t.name`: missing"),
        (|t| t.columns.reverse(), "order of the columns of table `t`: (id, name) expected, (name, id) found"),
        (|t| t.columns[1].kind = ColumnKind::Email, "kind of column `t.name`: text(5) expected, email found"),
        (
            |t| t.columns[1].nullable = true,
            "nullability of column `t.name`: not null expected, nullable found",
        ),
        (
            |t| t.columns[1].default = Some(String::new()),
            "default of column `t.name`: none expected, `` found",
        ),
        (|t| t.columns[0].identity = true, "identity of column `t.id`: plain expected, identity found"),
        (|t| t.primary_key.clear(), "primary key of table `t`: (id) expected, () found"),
        (
            |t| t.foreign_keys[0].on_delete = ReferentialAction::SetNull,
            "foreign key of table `t` on `id`: (id) to p (id) on delete CASCADE expected, \
             (id) to p (id) on delete SET NULL found",
        ),
        (
            |t| t.indexes[0].predicate = Some("id > 1".to_owned()),
            "index of table `t` named `i`: on (name desc) expected, on (name desc) where id > 1 found",
        ),
        (|t| t.checks.clear(), "check of table `t` `id > 0`: missing"),
    ];
    for (change, sentence) in changes {
        assert_eq!(differences(&left, &catalog(change)), [sentence]);
    }
}

#[test]
fn a_scale_counts_where_both_sides_know_it() {
    let scaled = |scale| {
        catalog(move |t| t.columns[1].kind = ColumnKind::Decimal { precision: 5, scale, positive: false })
    };
    assert_eq!(differences(&scaled(None), &scaled(Some(2))).len(), 0);
    assert_eq!(differences(&scaled(Some(4)), &scaled(Some(2))).len(), 1);
}
