//! An event's facts as the CRM keeps them: one flat JSON object, and a reader of it that allocates nothing.
//!
//! Keys are the facts' names. Numbers, percent, money and durations (in seconds) are JSON numbers with at most six
//! decimals; dates are `"2026-03-01"`; times are whole microseconds of UTC; yes/no is `true` or `false`; lists are arrays of texts.

use std::borrow::Cow;

use compiler::program::{Event, Fixed, Type, Value};
use smol_str::SmolStr;

use super::column::{date_of, json_array, known_items, knows, number_of};

/// A value in the object, as it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raw<'a> {
    /// A number's digits.
    Number(&'a str),
    /// A text; owned only where it holds a backslash.
    Text(Cow<'a, str>),
    /// `true`, `false`
    YesNo(bool),
    /// An array, as it stands there.
    List(&'a str),
}

impl Raw<'_> {
    /// The value for a fact of that type; none where it is nothing of the kind, or a word that it does not know any more.
    #[must_use]
    pub fn value(&self, ty: &Type) -> Option<Value> {
        Some(match (ty, self) {
            (Type::Time, Self::Number(digits)) => Value::Number(Fixed(digits.parse().ok()?)),
            (_, Self::Number(digits)) => Value::Number(digits.parse().ok()?),
            (Type::Date, Self::Text(text)) => Value::Number(number_of(text.parse().ok()?)),
            (Type::OneOf(_), Self::Text(text)) if !knows(ty, text) => return None,
            (_, Self::Text(text)) => Value::Text(text.as_ref().into()),
            (_, Self::YesNo(yes)) => Value::YesNo(*yes),
            (Type::List(of), Self::List(json)) => Value::List(known_items(of, json)?),
            (_, Self::List(json)) => Value::List(serde_json::from_str::<Vec<SmolStr>>(json).ok()?),
        })
    }
}

/// The facts of an event as the CRM keeps them, in the order in which they are declared; none where there are none.
#[must_use]
pub fn write(event: &Event, facts: &[(SmolStr, Value)]) -> Option<String> {
    let mut json = String::new();
    for field in &event.fields {
        let Some((_, value)) = facts.iter().find(|(name, _)| *name == field.name) else { continue };
        json.push(if json.is_empty() { '{' } else { ',' });
        json.push_str(&text_json(&field.name));
        json.push(':');
        match (&field.ty, value) {
            (Type::Time, Value::Number(number)) => json.push_str(&number.0.to_string()),
            (Type::Date, Value::Number(number)) => {
                json.push_str(&text_json(&date_of(*number).map_or_else(String::new, |date| date.to_string())));
            }
            (_, Value::Number(number)) => json.push_str(&number.to_string()),
            (_, Value::Text(text)) => json.push_str(&text_json(text)),
            (_, Value::YesNo(yes)) => json.push_str(if *yes { "true" } else { "false" }),
            (_, Value::List(items)) => json.push_str(&json_array(items)),
        }
    }
    if json.is_empty() {
        return None;
    }
    json.push('}');
    Some(json)
}

/// The facts with their values, for those that the event still declares.
#[must_use]
pub fn read(event: &Event, json: &str) -> Vec<(SmolStr, Value)> {
    let mut facts = Vec::new();
    scan(json, |name, raw| {
        if let Some(field) = event.fields.iter().find(|field| field.name == name)
            && let Some(value) = raw.value(&field.ty)
        {
            facts.push((field.name.clone(), value));
        }
    });
    facts
}

/// Gives each name and value in turn. Ends without a word where the text is no flat object: the column's constraint keeps
/// others out.
pub fn scan<'a>(json: &'a str, mut each: impl FnMut(&str, Raw<'a>)) {
    let mut rest = json.trim_start();
    let Some(inside) = rest.strip_prefix('{') else { return };
    rest = inside.trim_start();
    while let Some((name, after)) = text(rest) {
        let Some(value) = after.trim_start().strip_prefix(':') else { return };
        let Some((raw, after)) = value_of(value.trim_start()) else { return };
        each(&name, raw);
        let Some(next) = after.trim_start().strip_prefix(',') else { return };
        rest = next.trim_start();
    }
}

fn value_of(text_of: &str) -> Option<(Raw<'_>, &str)> {
    match text_of.as_bytes().first()? {
        b'"' => text(text_of).map(|(value, after)| (Raw::Text(value), after)),
        b't' => Some((Raw::YesNo(true), text_of.strip_prefix("true")?)),
        b'f' => Some((Raw::YesNo(false), text_of.strip_prefix("false")?)),
        b'[' => {
            let end = array_end(text_of)?;
            text_of.split_at_checked(end).map(|(array, after)| (Raw::List(array), after))
        }
        _ => {
            let end = text_of.find([',', '}']).unwrap_or(text_of.len());
            text_of.split_at_checked(end).map(|(digits, after)| (Raw::Number(digits.trim_end()), after))
        }
    }
}

/// The text in quotes at the start, and what follows it.
fn text(from: &str) -> Option<(Cow<'_, str>, &str)> {
    let inside = from.strip_prefix('"')?;
    let end = memchr::memchr2(b'"', b'\\', inside.as_bytes())?;
    let (plain, after) = inside.split_at_checked(end)?;
    if let Some(after) = after.strip_prefix('"') {
        return Some((Cow::Borrowed(plain), after));
    }
    let mut values = serde_json::Deserializer::from_str(from).into_iter::<String>();
    let value = values.next()?.ok()?;
    let after = from.get(values.byte_offset()..)?;
    Some((Cow::Owned(value), after))
}

fn array_end(from: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in from.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            b']' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn text_json(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use compiler::program::{Field, Origin};

    fn event() -> Event {
        let field = |name: &str, ty| Field {
            name: name.into(),
            column: name.into(),
            ty,
            optional: true,
            standard: false,
            origin: Origin::default(),
        };
        Event {
            name: "thing.done".into(),
            fields: vec![
                field("path", Type::Text),
                field("words", Type::Number),
                field("at", Type::Time),
                field("day", Type::Date),
                field("yes", Type::YesNo),
                field("tools", Type::List(Box::new(Type::Text))),
            ],
            docs: None,
            origin: Origin::default(),
        }
    }

    #[test]
    fn facts_come_back_as_they_went() {
        let facts = vec![
            ("path".into(), Value::Text("/a \"b\" \\ ü\n,}".into())),
            ("words".into(), Value::Number("-1.5".parse().unwrap())),
            ("at".into(), Value::Number(Fixed(1_767_225_600_000_001))),
            ("day".into(), Value::Number(number_of(jiff::civil::date(2026, 3, 1)))),
            ("yes".into(), Value::YesNo(false)),
            ("tools".into(), Value::List(vec!["a]".into(), "\"b\"".into()])),
        ];
        let json = write(&event(), &facts).unwrap();
        assert_eq!(read(&event(), &json), facts, "{json}");
        assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{json}");
    }

    #[test]
    fn no_facts_are_no_object() {
        assert_eq!(write(&event(), &[]), None);
        assert_eq!(write(&event(), &[("gone".into(), Value::YesNo(true))]), None);
    }

    #[test]
    fn plain_texts_are_borrowed() {
        scan("{\"path\":\"/pricing\", \"words\" : 12 }", |name, raw| match name {
            "path" => assert!(matches!(raw, Raw::Text(Cow::Borrowed("/pricing")))),
            _ => assert_eq!(raw, Raw::Number("12")),
        });
    }

    #[test]
    fn what_is_no_object_gives_nothing() {
        for text in ["", "[]", "{", "{\"a\"", "{\"a\":", "{\"a\":\"", "null"] {
            scan(text, |_, _| panic!("{text}"));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_comes_back(path in ".{0,40}", tools in proptest::collection::vec(".{0,10}", 0..4), words in proptest::num::i64::ANY) {
            let facts = vec![
                ("path".into(), Value::Text(path.into())),
                ("words".into(), Value::Number(Fixed(words / 2))),
                ("tools".into(), Value::List(tools.into_iter().map(Into::into).collect())),
            ];
            proptest::prop_assert_eq!(read(&event(), &write(&event(), &facts).unwrap()), facts);
        }

        #[test]
        fn no_text_is_a_trap(json in "[\\{\\}\\[\\]\",:a1\\\\ ]{0,30}") {
            scan(&json, |_, _| {});
        }
    }
}
