//! The tables against the standard library's entities, and the client's fields as real columns.

use std::collections::BTreeMap;

use compiler::program::{Program, Type};
use runtime::crm::{Crm, CrmError};

use crate::stand::{Stand, client};

fn sql_type(ty: &Type) -> &'static str {
    match ty {
        Type::Text | Type::OneOf(_) | Type::Money | Type::Date | Type::List(_) => "TEXT",
        Type::Number | Type::Percent | Type::Duration | Type::Score => "ANY",
        Type::YesNo | Type::Time | Type::Record(_) => "INTEGER",
    }
}

#[test]
fn standard_columns_are_exactly_what_the_standard_library_declares() {
    let stand = Stand::new("");
    let tables: Vec<&str> = stand.program.entities.iter().map(|entity| entity.table.as_str()).collect();
    assert_eq!(tables, ["contact", "company", "deal", "activity", "task", "user"]);
    for entity in &stand.program.entities {
        let declared: BTreeMap<String, String> =
            entity.fields.iter().map(|field| (field.column.to_string(), sql_type(&field.ty).to_owned())).collect();
        let rows = stand.rows(&format!("SELECT name, type FROM pragma_table_info('{}')", entity.table));
        let mut there: BTreeMap<String, String> = rows
            .iter()
            .map(|row| row.split_once('|').unwrap())
            .map(|(name, ty)| (name.to_owned(), ty.to_owned()))
            .collect();
        assert_eq!(there.remove("id").as_deref(), Some("INTEGER"));
        assert_eq!(there.remove("import_id").as_deref(), Some("INTEGER"));
        assert_eq!(there.remove("external_system").as_deref(), Some("TEXT"));
        assert_eq!(there, declared, "{}", entity.name);
    }
}

#[test]
fn every_relation_is_a_foreign_key() {
    let stand = Stand::new("extend Deal {\n  developer: User?\n}");
    for entity in &stand.program.entities {
        for field in &entity.fields {
            let Type::Record(to) = &field.ty else { continue };
            let keys =
                stand.rows(&format!("SELECT \"from\", \"table\" FROM pragma_foreign_key_list('{}')", entity.table));
            let wanted = format!("{}|{}", field.column, stand.program.entities[to.index()].table);
            assert!(keys.contains(&wanted), "{wanted} in {keys:?}");
        }
    }
}

#[test]
fn words_that_a_column_lists_are_those_of_the_field() {
    let stand = Stand::new("");
    for (entity, field) in
        [("Activity", "kind"), ("Activity", "direction"), ("Deal", "status"), ("Task", "status"), ("Task", "priority")]
    {
        let of = &stand.program.entities[stand.program.entity(entity).unwrap().index()];
        let field = of.fields.iter().find(|of| of.name == field).unwrap();
        let Type::OneOf(words) = &field.ty else { panic!("{entity}.{} has words", field.name) };
        let sql = &stand.rows(&format!("SELECT sql FROM sqlite_schema WHERE name = '{}'", of.table))[0];
        let list: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        assert!(sql.contains(&format!("({} IN ({}))", field.column, list.join(", "))), "{entity}.{}", field.name);
    }
}

const OWN: &str = "extend Contact {
  home_owner: yes/no?
  built:      number?
  symptoms:   list of one of [mould, damp]
  budget:     money?
  visited:    date?
  waited:     duration?
  referrer:   Contact?
}";

#[test]
fn the_clients_fields_are_columns_and_stay_when_the_playbook_drops_them() {
    let stand = Stand::new(OWN);
    let path = stand.crm.path().to_path_buf();
    drop(stand.crm);
    let crm = Crm::open(&path, &client("")).unwrap();
    drop(crm);
    let stand = Stand { crm: Crm::open(&path, &client(OWN)).unwrap(), ..stand };
    let columns = stand.rows(
        "SELECT name, type FROM pragma_table_info('contact') WHERE name IN \
         ('home_owner', 'built', 'symptoms', 'budget', 'visited', 'waited', 'referrer_id')",
    );
    let wanted = [
        "home_owner|INTEGER",
        "built|ANY",
        "symptoms|TEXT",
        "budget|TEXT",
        "visited|TEXT",
        "waited|ANY",
        "referrer_id|INTEGER",
    ];
    assert_eq!(columns, wanted);
    assert_eq!(stand.count("extension"), 7);
}

#[test]
fn columns_keep_to_their_types() {
    let stand = Stand::new(OWN);
    let connection = stand.sql();
    let wrong = [
        ("contact", "home_owner", "2"),
        ("contact", "built", "'old'"),
        ("contact", "symptoms", "'damp'"),
        ("contact", "symptoms", "'{}'"),
        ("contact", "budget", "'12,50'"),
        ("contact", "visited", "'2026-02-30'"),
        ("contact", "waited", "'1h'"),
        ("contact", "referrer_id", "99"),
        ("contact", "email", "'Ann@Example.com'"),
        ("deal", "probability", "120"),
        ("deal", "status", "'maybe'"),
        ("deal", "close_date", "'3.4.2026'"),
        ("task", "priority", "'urgent'"),
    ];
    connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    for (table, column, value) in wrong {
        let done = connection.execute(&format!("INSERT INTO {table} ({column}) VALUES ({value})"), []);
        let error = done.expect_err(&format!("{table}.{column} = {value}")).to_string();
        assert!(error.contains("constraint failed"), "{error}");
    }
    let both = "INSERT INTO deal (status, won_date, lost_date) VALUES ('won', '2026-01-01', '2026-01-02')";
    let error = connection.execute(both, []).unwrap_err().to_string();
    assert!(error.contains("a deal is won or lost, not both"), "{error}");
    for wrong in ["INSERT INTO activity (kind) VALUES ('email')", "INSERT INTO activity (kind, at) VALUES ('fax', 1)"] {
        assert!(connection.execute(wrong, []).is_err(), "{wrong}");
    }
}

#[test]
fn a_changed_type_is_refused_and_nothing_is_touched() {
    let stand = Stand::new("extend Contact {\n  built: number?\n}");
    let refused = |program: &Program| Crm::open(stand.crm.path(), program).map(drop).unwrap_err();
    let error = refused(&client("extend Contact {\n  built: text?\n}"));
    insta::assert_snapshot!(error, @"`Contact.built` is number in the CRM and text in the playbook: the values there would be misread; give the new field another name, and the old column stays as it is");
    // More words of a `one of` are no other type.
    let words = Stand::new("extend Contact {\n  roof: one of [tin, tile]?\n}");
    assert!(Crm::open(words.crm.path(), &client("extend Contact {\n  roof: one of [tin, slate]?\n}")).is_ok());
}

#[test]
fn a_field_cannot_take_a_column_that_is_used() {
    for field in ["id: number?", "import: User?"] {
        let folder = tempfile::tempdir().unwrap();
        let Some(program) = compiler::compile::compile_text("t.playbook", &format!("client \"T\" {{\n  currency NZD\n  timezone \"UTC\"\n}}\nuse std.crm\nextend Contact {{\n  {field}\n}}\n")).program else { continue };
        let error = Crm::open(&folder.path().join("crm.db"), &program).map(drop).unwrap_err();
        assert!(matches!(error, CrmError::TakenColumn { .. }), "{error}");
    }
}
