//! What fields hold, as JSON Schema, and what was sent for them, as the playbook's values.

use compiler::program::{Program, Type, Value};
use runtime::import;
use serde_json::{Value as Json, json};
use smol_str::SmolStr;

/// What a field takes.
pub(super) fn schema(ty: &Type, currency: &str) -> Json {
    match ty {
        Type::Text => json!({ "type": "string" }),
        Type::Number => json!({ "type": "number" }),
        Type::Percent => json!({ "type": "number", "description": "25 for 25%" }),
        Type::Score => json!({ "type": "number", "minimum": 0, "maximum": 100 }),
        Type::Money => json!({ "type": "number", "description": format!("in {currency}") }),
        Type::YesNo => json!({ "type": "boolean" }),
        Type::Duration => json!({ "type": "string", "description": "a length of time: `3 days`, `2 hours`" }),
        Type::Date => json!({ "type": "string", "format": "date" }),
        Type::Time => json!({ "type": "string", "format": "date-time" }),
        Type::OneOf(words) => json!({ "type": "string", "enum": words }),
        Type::List(inner) => json!({ "type": "array", "items": schema(inner, currency) }),
        Type::Record(_) => json!({ "type": "integer" }),
    }
}

/// What was sent for a field.
///
/// # Errors
/// Where the field cannot hold it: why, in words.
pub(super) fn value(program: &Program, ty: &Type, sent: &Json) -> Result<Value, String> {
    match (ty, sent) {
        (Type::List(inner), Json::Array(items)) => {
            let item = |item: &Json| -> Result<SmolStr, String> {
                match value(program, inner, item)? {
                    Value::Text(text) => Ok(text),
                    _ => Err("a list holds texts".to_owned()),
                }
            };
            items.iter().map(item).collect::<Result<_, String>>().map(Value::List)
        }
        (Type::Text, Json::String(text)) => match text.trim() {
            "" => Err("it is empty".to_owned()),
            text if text.len() > LONGEST => Err(format!("it has more than {LONGEST} bytes")),
            text => Ok(Value::Text(text.into())),
        },
        (_, Json::String(text)) => import::fact(program, ty, text),
        (_, Json::Number(number)) => import::fact(program, ty, &number.to_string()),
        (Type::YesNo, Json::Bool(yes)) => Ok(Value::YesNo(*yes)),
        _ => Err("it is neither a text, a number, true or false, nor a list of those".to_owned()),
    }
}

/// No text of a field is longer.
const LONGEST: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_field_holds_is_what_its_schema_says() {
        let program =
            compiler::compile::compile_text("a.playbook", include_str!("../../../tests/hillside/hillside.playbook"));
        let program = program.program.unwrap();
        let words = Type::OneOf(vec!["hot".into(), "cold".into()]);
        let list = Type::List(Box::new(Type::Text));
        for (ty, sent, held) in [
            (&Type::Text, json!(" Ana "), Ok(Value::Text("Ana".into()))),
            (&Type::Text, json!("  "), Err(())),
            (&Type::Text, json!(7), Ok(Value::Text("7".into()))),
            (&Type::Text, json!({"a": 1}), Err(())),
            (&Type::YesNo, json!(true), Ok(Value::YesNo(true))),
            (&Type::YesNo, json!("perhaps"), Err(())),
            (&words, json!("hot"), Ok(Value::Text("hot".into()))),
            (&words, json!("'; DROP TABLE contact; --"), Err(())),
            (&list, json!(["a", "b"]), Ok(Value::List(vec!["a".into(), "b".into()]))),
            (&list, json!([["a"]]), Err(())),
            (&Type::Number, json!("many"), Err(())),
            (&Type::Text, Json::Null, Err(())),
        ] {
            assert_eq!(value(&program, ty, &sent).map_err(drop), held, "{ty:?} {sent}");
        }
        assert_eq!(schema(&words, "NZD"), json!({"type": "string", "enum": ["hot", "cold"]}));
        assert_eq!(schema(&list, "NZD"), json!({"type": "array", "items": {"type": "string"}}));
    }
}
