//! What a receipt says, item by item.

use compiler::program::{Fixed, Program, Type, Value};
use runtime::crm::date_of;
use runtime::engine::Entry;
use serde_json::{Map, Value as Json, json};
use smol_str::SmolStr;

use super::SigningKey;

/// A score as an entry has it.
pub(super) fn score(entry: &Entry, by_layer: bool) -> Option<Json> {
    let Entry::Scored { value, low, high, route, certain, layers, .. } = entry else { return None };
    let mut said = Map::new();
    said.insert("value".into(), number(*value));
    said.insert("could_be".into(), json!([low.to_string(), high.to_string()]));
    said.insert("route".into(), route.as_ref().map_or(Json::Null, |route| json!(route)));
    said.insert("certain".into(), json!(certain));
    if by_layer {
        let layers = layers.iter().map(|(name, value)| (name.to_string(), number(*value)));
        said.insert("layers".into(), Json::Object(layers.collect()));
    }
    Some(Json::Object(said))
}

fn number(value: Fixed) -> Json {
    json!(value.to_string())
}

/// A fact. What somebody wrote is a pseudonym, so that it can be compared and not read; all else is said as it is.
pub(super) fn fact(key: &SigningKey, ty: &Type, value: &Value) -> Json {
    match (ty, value) {
        (Type::Text, Value::Text(text)) => json!({ "pseudonym": key.pseudonym("text", &folded(text)) }),
        (Type::List(of), Value::List(items)) if **of == Type::Text => {
            json!({ "pseudonyms": items.iter().map(|item| key.pseudonym("text", &folded(item))).collect::<Vec<_>>() })
        }
        (Type::Date, Value::Number(value)) => date_of(*value).map_or(Json::Null, |date| json!(date.to_string())),
        (Type::Time, Value::Number(value)) => {
            let at = jiff::Timestamp::from_microsecond(value.0).ok();
            at.map_or(Json::Null, |at| json!(at.to_string()))
        }
        (_, Value::Number(value)) => number(*value),
        (_, Value::YesNo(yes)) => json!(yes),
        (_, Value::Text(word)) => json!(word),
        (_, Value::List(words)) => json!(words),
    }
}

/// However somebody spells a name, it is the same one.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The name of the item in a receipt: as in the playbook, `by layer` apart.
pub(super) fn score_name(program: &Program, score: compiler::program::ScoreId) -> SmolStr {
    program.scores.get(score.index()).map(|score| score.name.clone()).unwrap_or_default()
}
