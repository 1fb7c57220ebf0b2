//! Values as people read them.

use compiler::program::{Type, Value};
use jiff::Timestamp;
use runtime::engine::said::lasted;
use smol_str::SmolStr;

/// A value as people read it.
pub(crate) fn in_words(value: &Value, ty: Option<&Type>) -> String {
    match (value, ty) {
        (Value::Number(seconds), Some(Type::Date)) => {
            let at = Timestamp::from_second(seconds.to_f64() as i64).ok();
            at.map_or_else(String::new, |at| at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
        }
        (Value::Number(seconds), Some(Type::Time)) => {
            Timestamp::from_second(seconds.to_f64() as i64).map_or_else(|_| String::new(), |at| at.to_string())
        }
        (Value::Number(seconds), Some(Type::Duration)) => lasted(seconds.to_f64() as i64),
        (Value::Number(number), _) => number.to_string(),
        (Value::Text(text), _) => text.to_string(),
        (Value::YesNo(yes), _) => if *yes { "yes" } else { "no" }.to_owned(),
        (Value::List(items), _) => items.iter().map(SmolStr::as_str).collect::<Vec<_>>().join(", "),
    }
}
