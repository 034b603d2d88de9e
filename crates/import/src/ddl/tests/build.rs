//! Builds a schema and a conversion from CREATE statements, as far as these tests need them: values match the
//! declared types, and NOT NULL columns contain no NULL.

use fallible_iterator::FallibleIterator;
use sqlite3_parser::ast::{
    Cmd, ColumnConstraint, CreateTableBody, DeferSubclause, Expr, ForeignKeyClause, InitDeferredPred,
    Literal, Name, NamedTableConstraint, RefAct, RefArg, SortOrder, SortedColumn, Stmt, TabFlags,
    TableConstraint, Type, TypeSize,
};
use sqlite3_parser::lexer::sql::Parser;

use crate::conversion::{ColumnConversion, Conversion, OnIncompatible, TableConversion};
use crate::names;
use crate::schema::*;
use crate::types::{DateForm, InstantForm, Reading, TargetType, UuidForm};

/// The schema that these statements create.
pub(super) fn schema(sql: &str) -> Schema {
    let mut schema = Schema::default();
    for text in sql.split(";\n").filter(|text| !text.trim().is_empty()) {
        let text = text.trim().trim_end_matches(';');
        let ended = format!("{text};");
        let command = Parser::new(ended.as_bytes()).next().expect("a statement can be read");
        let Some(Cmd::Stmt(statement)) = command else { panic!("not a statement: {text}") };
        match statement {
            Stmt::CreateTable { tbl_name, body, .. } => schema.tables.push(table(&tbl_name.name, body)),
            Stmt::CreateIndex { unique, idx_name, tbl_name, columns, where_clause, .. } => {
                let name = plain(&tbl_name);
                let table =
                    schema.tables.iter_mut().find(|table| table.name == name).expect("the table is there");
                let terms = columns.into_iter().map(|column| term(table, column)).collect();
                table.indexes.push(Index {
                    name: plain(&idx_name.name),
                    is_unique: unique,
                    terms,
                    predicate: where_clause,
                });
            }
            Stmt::CreateView { view_name, .. } => {
                schema.views.push(View { name: plain(&view_name.name), sql: text.to_owned() });
            }
            Stmt::CreateVirtualTable { tbl_name, module_name, args, .. } => {
                schema.virtual_tables.push(VirtualTable {
                    name: plain(&tbl_name.name),
                    module: plain(&module_name).to_lowercase(),
                    arguments: args.unwrap_or_default().iter().map(ToString::to_string).collect(),
                    shadow_tables: Vec::new(),
                });
            }
            other => panic!("these tests do not know {other:?}"),
        }
    }
    resolve_parents(&mut schema);
    schema
}

/// The conversion with the declared types.
pub(super) fn conversion(schema: &Schema) -> Conversion {
    let names = names::assign_tables(schema);
    let convert = |(table, (source, target)): (&SqliteTable, (String, String))| TableConversion {
        source,
        target,
        columns: names::assign_columns(table)
            .into_iter()
            .zip(&table.columns)
            .map(|((source, target), column)| ColumnConversion {
                reading: Reading::default(),
                labels: Vec::new(),
                source,
                target,
                target_type: target_type(column),
                not_null: column.not_null || is_in_primary_key(table, &column.name),
                is_generated: column.generated.is_some(),
                identity: is_numbered(table, &column.name).then(|| table.sequence.unwrap_or(41) + 1),
                on_incompatible: OnIncompatible::Reject,
                is_mixed: false,
            })
            .collect(),
        row_count: 0,
        size_bytes: 0,
    };
    Conversion { schema: "public".to_owned(), tables: schema.tables.iter().zip(names).map(convert).collect() }
}

fn is_in_primary_key(table: &SqliteTable, column: &str) -> bool {
    table.primary_key.as_ref().is_some_and(|key| key.columns.iter().any(|one| one.name == column))
}

fn is_numbered(table: &SqliteTable, column: &str) -> bool {
    table.primary_key.as_ref().is_some_and(|key| key.is_rowid) && is_in_primary_key(table, column)
}

fn target_type(column: &Column) -> TargetType {
    match column.declared_type.to_ascii_lowercase().as_str() {
        "integer" | "bigint" => TargetType::BigInt,
        "int" => TargetType::Integer,
        "smallint" => TargetType::SmallInt,
        "real" => TargetType::Double,
        "decimal(10, 2)" => TargetType::Numeric { precision: 10, scale: 2 },
        "boolean" => TargetType::Boolean,
        "blob" => TargetType::Bytea,
        "uuid" => TargetType::Uuid(UuidForm::Hyphenated),
        "date" => TargetType::Date(DateForm::Iso),
        "timestamp" => TargetType::Timestamp(InstantForm::Iso),
        "json" => TargetType::Json,
        "jsonb" => TargetType::Jsonb,
        "varchar(40)" => TargetType::Varchar(40),
        _ => TargetType::Text,
    }
}

fn written(declared: &Type) -> String {
    let number = |tree: &Expr| match tree {
        Expr::Literal(Literal::Numeric(text)) => text.to_string(),
        other => panic!("not a size: {other:?}"),
    };
    match &declared.size {
        None => declared.name.clone(),
        Some(TypeSize::MaxSize(size)) => format!("{}({})", declared.name, number(size)),
        Some(TypeSize::TypeSize(one, two)) => format!("{}({}, {})", declared.name, number(one), number(two)),
    }
}

fn affinity(declared: &str) -> Affinity {
    let declared = declared.to_ascii_lowercase();
    let has = |part: &str| declared.contains(part);
    match () {
        () if has("int") => Affinity::Integer,
        () if has("char") || has("clob") || has("text") => Affinity::Text,
        () if has("blob") || declared.is_empty() => Affinity::Blob,
        () if has("real") || has("floa") || has("doub") => Affinity::Real,
        () => Affinity::Numeric,
    }
}

fn table(name: &Name, body: CreateTableBody) -> SqliteTable {
    let CreateTableBody::ColumnsAndConstraints { columns, constraints, flags } = body else {
        panic!("a table made by a query has no declaration")
    };
    let mut table = SqliteTable {
        name: plain(name),
        columns: Vec::new(),
        primary_key: None,
        uniques: Vec::new(),
        checks: Vec::new(),
        foreign_keys: Vec::new(),
        indexes: Vec::new(),
        without_rowid: flags.contains(TabFlags::WithoutRowid),
        strict: flags.contains(TabFlags::Strict),
        rowid: Some("rowid"),
        sequence: None,
    };
    for definition in columns.into_values() {
        let declared_type = definition.col_type.as_ref().map(written).unwrap_or_default();
        let name = plain(&definition.col_name);
        let is_integer = declared_type.eq_ignore_ascii_case("INTEGER");
        let mut column = Column {
            name: name.clone(),
            affinity: affinity(&declared_type),
            declared_type,
            not_null: false,
            default: None,
            collation: "BINARY".to_owned(),
            generated: None,
        };
        let key = |name: &str| KeyColumn {
            name: name.to_owned(),
            collation: "BINARY".to_owned(),
            is_descending: false,
        };
        for named in definition.constraints {
            let constraint_name = named.name.as_ref().map(plain);
            match named.constraint {
                ColumnConstraint::PrimaryKey { auto_increment, .. } => {
                    table.primary_key = Some(PrimaryKey {
                        name: constraint_name,
                        columns: vec![key(&name)],
                        is_rowid: is_integer && !table.without_rowid,
                        is_autoincrement: auto_increment,
                    });
                }
                ColumnConstraint::NotNull { .. } => column.not_null = true,
                ColumnConstraint::Unique(_) => {
                    table.uniques.push(Unique { name: constraint_name, columns: vec![key(&name)] });
                }
                ColumnConstraint::Check(expression) => {
                    table.checks.push(Check {
                        name: constraint_name,
                        column: Some(name.clone()),
                        expression,
                    });
                }
                ColumnConstraint::Default(expression) => column.default = Some(expression),
                ColumnConstraint::Collate { collation_name } => column.collation = plain(&collation_name),
                ColumnConstraint::ForeignKey { clause, defer_clause } => {
                    let columns = vec![name.clone()];
                    table.foreign_keys.push(foreign_key(constraint_name, columns, &clause, defer_clause));
                }
                ColumnConstraint::Generated { expr, typ } => {
                    let is_stored = typ.is_some_and(|typ| typ.0.eq_ignore_ascii_case("STORED"));
                    column.generated = Some(Generated { expression: expr, is_stored });
                }
                ColumnConstraint::Defer(clause) => {
                    let key = table.foreign_keys.last_mut().expect("a foreign key stands before");
                    key.is_deferred = is_deferred(Some(clause));
                }
            }
        }
        table.columns.push(column);
    }
    let mut collated = Vec::new();
    collated.extend(table.primary_key.as_mut().map(|key| &mut key.columns));
    collated.extend(table.uniques.iter_mut().map(|unique| &mut unique.columns));
    for key in collated.into_iter().flatten() {
        let column =
            table.columns.iter().find(|column| column.name == key.name).expect("the column is there");
        key.collation.clone_from(&column.collation);
    }
    constraints.unwrap_or_default().into_iter().for_each(|constraint| constrain(&mut table, constraint));
    table
}

fn constrain(table: &mut SqliteTable, named: NamedTableConstraint) {
    let name = named.name.as_ref().map(plain);
    match named.constraint {
        TableConstraint::PrimaryKey { columns, .. } => {
            let columns = columns.into_iter().map(|column| key_column(table, column)).collect();
            table.primary_key = Some(PrimaryKey { name, columns, is_rowid: false, is_autoincrement: false });
        }
        TableConstraint::Unique { columns, .. } => {
            let columns = columns.into_iter().map(|column| key_column(table, column)).collect();
            table.uniques.push(Unique { name, columns });
        }
        TableConstraint::Check(expression, _) => table.checks.push(Check { name, column: None, expression }),
        TableConstraint::ForeignKey { columns, clause, defer_clause } => {
            let columns = columns.iter().map(|column| plain(&column.col_name)).collect();
            table.foreign_keys.push(foreign_key(name, columns, &clause, defer_clause));
        }
    }
}

fn foreign_key(
    name: Option<String>,
    columns: Vec<String>,
    clause: &ForeignKeyClause,
    defer: Option<DeferSubclause>,
) -> ForeignKey {
    let action = |act: &RefAct| match act {
        RefAct::SetNull => Action::SetNull,
        RefAct::SetDefault => Action::SetDefault,
        RefAct::Cascade => Action::Cascade,
        RefAct::Restrict => Action::Restrict,
        RefAct::NoAction => Action::NoAction,
    };
    let mut key = ForeignKey {
        name,
        columns,
        parent_table: plain(&clause.tbl_name),
        parent_columns: clause.columns.iter().flatten().map(|column| plain(&column.col_name)).collect(),
        on_delete: Action::NoAction,
        on_update: Action::NoAction,
        is_deferred: is_deferred(defer),
        problem: None,
    };
    for argument in &clause.args {
        match argument {
            RefArg::OnDelete(act) => key.on_delete = action(act),
            RefArg::OnUpdate(act) => key.on_update = action(act),
            RefArg::OnInsert(_) | RefArg::Match(_) => {}
        }
    }
    key
}

fn is_deferred(clause: Option<DeferSubclause>) -> bool {
    clause.is_some_and(|one| one.deferrable && one.init_deferred == Some(InitDeferredPred::InitiallyDeferred))
}

fn key_column(table: &SqliteTable, column: SortedColumn) -> KeyColumn {
    let term = term(table, column);
    let IndexOn::Column(name) = term.on else { panic!("a key is over columns") };
    KeyColumn { name, collation: term.collation, is_descending: term.is_descending }
}

fn term(table: &SqliteTable, column: SortedColumn) -> IndexTerm {
    let is_descending = column.order == Some(SortOrder::Desc);
    let (tree, collation) = match column.expr {
        Expr::Collate(tree, collation) => (*tree, Some(collation.to_string())),
        tree => (tree, None),
    };
    let name = match &tree {
        Expr::Id(id) => plain(&Name(id.0.clone())),
        Expr::Name(name) => plain(name),
        _ => {
            let collation = collation.unwrap_or_else(|| "BINARY".to_owned());
            return IndexTerm { on: IndexOn::Expression(tree), collation, is_descending };
        }
    };
    let declared = table.columns.iter().find(|column| column.name == name).expect("the column is there");
    let collation = collation.unwrap_or_else(|| declared.collation.clone());
    IndexTerm { on: IndexOn::Column(name), collation, is_descending }
}

fn resolve_parents(schema: &mut Schema) {
    let keys: Vec<(String, Vec<String>)> = schema
        .tables
        .iter()
        .map(|table| {
            let key = table.primary_key.iter().flat_map(|key| &key.columns);
            (table.name.clone(), key.map(|column| column.name.clone()).collect())
        })
        .collect();
    for key in schema.tables.iter_mut().flat_map(|table| &mut table.foreign_keys) {
        let parent = keys.iter().find(|(name, _)| *name == key.parent_table);
        match parent {
            Some((_, columns)) if key.parent_columns.is_empty() => key.parent_columns.clone_from(columns),
            Some(_) => {}
            None => key.problem = Some("there is no such table".to_owned()),
        }
    }
}

fn plain(name: &Name) -> String {
    let text = name.0.as_ref();
    match text.chars().next() {
        Some(quote @ ('"' | '`' | '\'')) => {
            let inner = &text[1..text.len() - 1];
            inner.replace(&format!("{quote}{quote}"), &quote.to_string())
        }
        Some('[') => text[1..text.len() - 1].to_owned(),
        _ => text.to_owned(),
    }
}
