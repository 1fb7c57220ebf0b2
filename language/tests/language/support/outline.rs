//! A syntax tree told shortly: its `Debug` text without spans, absent parts and wrappers, so that a snapshot can be read.

use std::fmt::Write;

/// A value of a `Debug` text.
enum Value {
    /// `None`, `12`, `"text"`
    Plain(String),
    /// `Name { field: value }`
    Fields(String, Vec<(String, Value)>),
    /// `Name(value)`, `(value, value)`, `[value]`
    Items(String, char, Vec<Value>),
}

/// Tells any tree.
pub(crate) fn told(tree: &impl std::fmt::Debug) -> String {
    let text = format!("{tree:?}");
    let mut rest = text.as_str();
    shown(&value(&mut rest))
}

fn value(rest: &mut &str) -> Value {
    if rest.starts_with('"') || rest.starts_with('\'') {
        let quote = rest.chars().next().unwrap();
        let mut escaped = false;
        let close = |character: char| {
            let closes = character == quote && !escaped;
            escaped = character == '\\' && !escaped;
            closes
        };
        let end = 2 + rest[1..].find(close).unwrap();
        let text = rest[..end].to_owned();
        *rest = &rest[end..];
        return Value::Plain(text);
    }
    let end = rest.find([' ', ',', '(', ')', '[', ']', '{', '}']).unwrap_or(rest.len());
    let name = rest[..end].to_owned();
    *rest = &rest[end..];
    if let Some(inner) = rest.strip_prefix(" { ") {
        *rest = inner;
        let mut fields = Vec::new();
        while !rest.starts_with('}') {
            let (field, after) = rest.split_once(": ").unwrap();
            *rest = after;
            fields.push((field.to_owned(), value(rest)));
            *rest = rest.trim_start_matches([',', ' ']);
        }
        *rest = &rest[1..];
        return Value::Fields(name, fields);
    }
    let Some(open) = rest.chars().next().filter(|open| "([".contains(*open)) else { return Value::Plain(name) };
    *rest = &rest[1..];
    let mut items = Vec::new();
    while !rest.starts_with([')', ']']) {
        items.push(value(rest));
        *rest = rest.trim_start_matches([',', ' ']);
    }
    *rest = &rest[1..];
    Value::Items(name, open, items)
}

fn shown(value: &Value) -> String {
    match value {
        Value::Plain(text) => text.clone(),
        Value::Fields(name, fields) => structure(name, fields),
        Value::Items(name, open, items) => {
            let items: Vec<&Value> = items.iter().filter(|item| !is_span(item)).collect();
            let shown: Vec<String> = items.iter().map(|item| shown(item)).collect();
            match (name.as_str(), items.as_slice(), shown.as_slice()) {
                ("Fixed", _, [millionths]) => language::Fixed(millionths.parse().unwrap()).to_string(),
                // What says nothing but what is in it.
                ("Some" | "Literal" | "Number" | "Named" | "Value" | "Field", _, [only]) => only.clone(),
                (name, [Value::Fields(inner, _)], [only]) if name == inner => only.clone(),
                _ => {
                    let close = if *open == '(' { ')' } else { ']' };
                    format!("{name}{open}{}{close}", shown.join(", "))
                }
            }
        }
    }
}

fn structure(name: &str, fields: &[(String, Value)]) -> String {
    let field =
        |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| shown(value)).unwrap_or_default();
    match name {
        "Expression" | "Literal" => field("kind"),
        "TypeExpression" if field("optional") == "true" => field("kind") + "?",
        "TypeExpression" => field("kind"),
        "Name" => field("text").trim_matches('"').to_owned(),
        "Text"
            if fields.iter().any(|(name, _)| name == "value") && !fields.iter().any(|(name, _)| name == "operator") =>
        {
            field("value")
        }
        "Path" => match &fields[0].1 {
            Value::Items(_, _, parts) => parts.iter().map(shown).collect::<Vec<_>>().join("."),
            _ => field("parts"),
        },
        "Window" => format!("last {}", field("duration")),
        "Count" => field("value"),
        "DurationLiteral" => {
            let business = if field("business") == "true" { "business " } else { "" };
            format!("{} {business}{}", field("amount"), field("unit"))
        }
        "CalendarDate" => format!("{}-{}-{}", field("year"), field("month"), field("day")),
        "ClockTime" => format!("{}:{}", field("hour"), field("minute")),
        _ => {
            let mut text = format!("{name} {{");
            for (field, value) in fields.iter().filter(|(_, value)| !is_span(value)) {
                let shown = shown(value);
                if !matches!(shown.as_str(), "false" | "[]") && (shown != "None" || field == "which") {
                    write!(text, " {field}: {shown},").unwrap();
                }
            }
            text.trim_end_matches(',').to_owned() + " }"
        }
    }
}

fn is_span(value: &Value) -> bool {
    match value {
        Value::Fields(name, _) => name == "Span",
        Value::Items(name, _, items) => name == "Some" && items.iter().all(is_span),
        Value::Plain(_) => false,
    }
}
