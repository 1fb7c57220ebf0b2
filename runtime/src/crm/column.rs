//! How a field's type is kept in a column, and a value in a cell of it.
//!
//! Text and words TEXT; numbers, percent and durations (in seconds) INTEGER, or REAL where they have decimals; yes/no 0 or 1;
//! money TEXT, so that it stays exact; dates TEXT, `2026-03-01`; times INTEGER microseconds of UTC; lists TEXT, a JSON array.

use compiler::program::{Fixed, Program, Type, Value};
use jiff::civil::Date;
use rusqlite::types::{Value as Sql, ValueRef};
use smol_str::SmolStr;

/// What a cell holds, borrowed from the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Number, percent, money, duration, date, time.
    Number(Fixed),
    /// Text or word.
    Text(&'a str),
    /// `yes/no`
    YesNo(bool),
    /// A JSON array of texts; the reader takes it apart again.
    List(&'a str),
}

impl Cell<'_> {
    /// The value as the scorer knows it; none for a list that is none.
    #[must_use]
    pub fn to_value(self) -> Option<Value> {
        Some(match self {
            Self::Number(number) => Value::Number(number),
            Self::Text(text) => Value::Text(text.into()),
            Self::YesNo(yes) => Value::YesNo(yes),
            Self::List(json) => Value::List(serde_json::from_str::<Vec<SmolStr>>(json).ok()?),
        })
    }
}

/// What a field of that type is called in messages and in the table `extension`.
pub(super) fn type_words(ty: &Type, program: &Program) -> String {
    match ty {
        Type::Text => "text".into(),
        Type::Number => "number".into(),
        Type::YesNo => "yes/no".into(),
        Type::Percent => "percent".into(),
        Type::Money => "money".into(),
        Type::Duration => "duration".into(),
        Type::Date => "date".into(),
        Type::Time => "time".into(),
        Type::Score => "score".into(),
        // Which words they are may change: those that are there already stay readable.
        Type::OneOf(_) => "one of".into(),
        Type::List(of) => format!("list of {}", type_words(of, program)),
        Type::Record(id) => program.entities.get(id.index()).map_or_else(String::new, |entity| entity.name.to_string()),
    }
}

/// The column's declaration behind its name, with the constraint that keeps it to its type.
pub(super) fn declaration(field: &str, column: &str, ty: &Type, program: &Program) -> String {
    let quoted = quote(column);
    let check = |words: &str, condition: String| {
        format!("CONSTRAINT {} CHECK ({condition})", quote(&format!("{field} is {words}")))
    };
    match ty {
        Type::Text | Type::OneOf(_) => "TEXT".into(),
        Type::Number | Type::Percent | Type::Duration | Type::Score => {
            format!("ANY {}", check("a number", format!("typeof({quoted}) IN ('integer', 'real', 'null')")))
        }
        Type::YesNo => format!("INTEGER {}", check("yes or no", format!("{quoted} IN (0, 1)"))),
        Type::Money => format!("TEXT {}", check("money", format!("{quoted} NOT GLOB '*[^0-9.-]*'"))),
        Type::Date => format!("TEXT {}", check("a date", format!("{quoted} IS date({quoted})"))),
        Type::Time => "INTEGER".into(),
        Type::List(_) => {
            format!("TEXT {}", check("a list", format!("json_valid({quoted}) AND json_type({quoted}) = 'array'")))
        }
        Type::Record(id) => {
            let table = program.entities.get(id.index()).map_or("", |entity| entity.table.as_str());
            format!("INTEGER REFERENCES {} (id)", quote(table))
        }
    }
}

/// A name as SQL takes it.
pub(super) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The value as it is kept. Numbers are whole where they can be, so that equal numbers are equal cells.
#[must_use]
pub(super) fn encode(ty: &Type, value: &Value) -> Sql {
    match (ty, value) {
        (Type::Money, Value::Number(number)) => Sql::Text(number.to_string()),
        (Type::Date, Value::Number(number)) => date_of(*number).map_or(Sql::Null, |date| Sql::Text(date.to_string())),
        (Type::Time, Value::Number(number)) => Sql::Integer(number.0),
        (_, Value::Number(number)) if number.0 % language::SCALE == 0 => Sql::Integer(number.0 / language::SCALE),
        (_, Value::Number(number)) => Sql::Real(number.to_f64()),
        (_, Value::Text(text)) => Sql::Text(text.to_string()),
        (_, Value::YesNo(yes)) => Sql::Integer(i64::from(*yes)),
        (_, Value::List(items)) => Sql::Text(json_array(items)),
    }
}

/// Whether a value of that type can be that word: one of its words, and any text where it has none.
pub(super) fn knows(ty: &Type, word: &str) -> bool {
    match ty {
        Type::OneOf(words) => words.iter().any(|known| known == word),
        _ => true,
    }
}

/// The items of a list that its type knows; none where there were some and it knows none of them.
pub(super) fn known_items(of: &Type, json: &str) -> Option<Vec<SmolStr>> {
    let mut items: Vec<SmolStr> = serde_json::from_str(json).ok()?;
    let all = items.len();
    items.retain(|item| knows(of, item));
    (all == 0 || !items.is_empty()).then_some(items)
}

/// The value of a cell; `Ok(None)` where it is missing, the cell's text where it is nothing of the kind. A word that the type does
/// not know any more is missing, and left out of a list, which `kept` holds then.
pub(super) fn decode<'a>(ty: &Type, cell: ValueRef<'a>, kept: &'a mut String) -> Result<Option<Cell<'a>>, String> {
    let wrong = || Err(words(cell));
    Ok(Some(match (ty, cell) {
        (_, ValueRef::Null) => return Ok(None),
        (Type::YesNo, ValueRef::Integer(yes)) => Cell::YesNo(yes != 0),
        (Type::Time, ValueRef::Integer(micros)) => Cell::Number(Fixed(micros)),
        (Type::Record(_), ValueRef::Integer(id)) => Cell::Number(Fixed::from_integer(id)),
        (Type::Number | Type::Percent | Type::Duration | Type::Score, ValueRef::Integer(whole)) => {
            Cell::Number(Fixed::from_integer(whole))
        }
        (Type::Number | Type::Percent | Type::Duration | Type::Score, ValueRef::Real(real)) => {
            match Fixed::from_f64(real) {
                Some(number) => Cell::Number(number),
                None => return wrong(),
            }
        }
        (_, ValueRef::Text(bytes)) => {
            let Ok(text) = std::str::from_utf8(bytes) else { return wrong() };
            match ty {
                Type::OneOf(_) if !knows(ty, text) => return Ok(None),
                Type::Text | Type::OneOf(_) => Cell::Text(text),
                Type::List(of) if matches!(**of, Type::OneOf(_)) => match known_items(of, text) {
                    Some(items) => {
                        *kept = json_array(&items);
                        Cell::List(kept.as_str())
                    }
                    None => return Ok(None),
                },
                Type::List(_) => Cell::List(text),
                Type::Money => match text.parse() {
                    Ok(number) => Cell::Number(number),
                    Err(_) => return wrong(),
                },
                Type::Date => match text.parse::<Date>() {
                    Ok(date) => Cell::Number(number_of(date)),
                    Err(_) => return wrong(),
                },
                _ => return wrong(),
            }
        }
        _ => return wrong(),
    }))
}

/// Seconds from 1970-01-01 in no zone.
#[must_use]
pub fn number_of(date: Date) -> Fixed {
    let days = date.duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24;
    Fixed::from_integer(days.saturating_mul(86_400))
}

/// The day of so many seconds from 1970-01-01 in no zone; none beyond the year 9999.
#[must_use]
pub fn date_of(number: Fixed) -> Option<Date> {
    let days = number.0.div_euclid(language::SCALE).div_euclid(86_400);
    let span = jiff::Span::new().try_days(days).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(span).ok()
}

/// `["a","b"]`
pub(super) fn json_array(items: &[SmolStr]) -> String {
    serde_json::to_string(items).unwrap_or_default()
}

fn words(cell: ValueRef<'_>) -> String {
    match cell {
        ValueRef::Null => "NULL".into(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => value.to_string(),
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).chars().take(60).collect(),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(ty: &Type, cell: ValueRef<'_>) -> Result<Option<Value>, String> {
        decode(ty, cell, &mut String::new()).map(|cell| cell.and_then(Cell::to_value))
    }

    fn round(ty: &Type, value: &Value) -> Value {
        let kept = encode(ty, value);
        read(ty, ValueRef::from(&kept)).unwrap().unwrap()
    }

    #[test]
    fn every_type_comes_back_as_it_went() {
        let cases = [
            (Type::Text, Value::Text("O'Neill \"x\"".into())),
            (Type::Number, Value::Number("-12.345678".parse().unwrap())),
            (Type::Number, Value::Number(Fixed::from_integer(3))),
            (Type::Money, Value::Number("9007199254740.993001".parse().unwrap_or(Fixed(9_007_199_254_740_993_001)))),
            (Type::YesNo, Value::YesNo(false)),
            (Type::Date, Value::Number(number_of(jiff::civil::date(1969, 12, 31)))),
            (Type::Time, Value::Number(Fixed(1_767_225_600_123_456))),
            (Type::List(Box::new(Type::Text)), Value::List(vec!["a\"b".into(), "".into(), "ü".into()])),
        ];
        for (ty, value) in cases {
            assert_eq!(round(&ty, &value), value, "{ty:?}");
        }
    }

    #[test]
    fn equal_numbers_are_equal_cells() {
        assert_eq!(encode(&Type::Number, &Value::Number(Fixed::from_f64(5.0).unwrap())), Sql::Integer(5));
        assert_eq!(
            encode(&Type::Date, &Value::Number(number_of(jiff::civil::date(2026, 2, 28)))),
            Sql::Text("2026-02-28".into())
        );
    }

    #[test]
    fn words_of_another_time_are_missing() {
        let words = Type::OneOf(vec!["dry".into(), "damp".into()]);
        assert_eq!(read(&words, ValueRef::Text(b"wet")), Ok(None));
        assert_eq!(read(&words, ValueRef::Text(b"damp")), Ok(Some(Value::Text("damp".into()))));
        let list = Type::List(Box::new(words));
        let items = |json: &str| read(&list, ValueRef::Text(json.as_bytes())).unwrap();
        assert_eq!(items(r#"["wet","dry"]"#), Some(Value::List(vec!["dry".into()])));
        assert_eq!(items(r#"["wet"]"#), None);
        assert_eq!(items("[]"), Some(Value::List(Vec::new())), "known to be empty");
    }

    #[test]
    fn what_is_nothing_of_the_kind_is_said() {
        assert_eq!(read(&Type::Money, ValueRef::Text(b"12,50")), Err("12,50".into()));
        assert_eq!(read(&Type::Number, ValueRef::Text(b"12")), Err("12".into()));
    }
}
