//! What a research note says, as a value of the field's type. Strict: what could mean two things is not taken.

use compiler::program::{Fixed, Type, Value};
use jiff::civil::Date;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use language::NumberError;
use smol_str::SmolStr;

/// The value; otherwise why there is none.
pub(in crate::agents) fn read(text: &str, ty: &Type, currency: &str) -> Result<Value, String> {
    let text = text.trim();
    match ty {
        Type::Text => Ok(Value::Text(text.into())),
        Type::Number => number(text).map(Value::Number),
        Type::Percent => number(text.strip_suffix('%').unwrap_or(text).trim_end()).map(Value::Number),
        Type::Money => money(text, currency).map(Value::Number),
        Type::YesNo => match text.to_lowercase().as_str() {
            "yes" | "true" => Ok(Value::YesNo(true)),
            "no" | "false" => Ok(Value::YesNo(false)),
            _ => Err(format!("`{text}` is neither `yes` nor `no`")),
        },
        Type::Date => {
            let day: Date = text.parse().map_err(|_| format!("`{text}` is no day: write `2026-05-01`"))?;
            let start = day.to_zoned(jiff::tz::TimeZone::UTC).map_err(|error| error.to_string())?;
            Ok(Value::Number(Fixed(start.timestamp().as_microsecond())))
        }
        Type::Time => {
            let at: Timestamp =
                text.parse().map_err(|_| format!("`{text}` is no instant: write `2026-05-01T09:00:00+12:00`"))?;
            Ok(Value::Number(Fixed(at.as_microsecond())))
        }
        Type::Duration => duration(text).map(Value::Number),
        Type::OneOf(words) => word(text, words).map(Value::Text),
        Type::List(of) => list(text, of),
        Type::Score => Err("scores are computed, not found".to_owned()),
        Type::Record(_) => Err("it names a record, and notes know none".to_owned()),
    }
}

/// Digits, with or without commas between groups of three.
fn number(text: &str) -> Result<Fixed, String> {
    let problem = |why: &str| format!("`{text}` is no number{why}; write `1234.5`");
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut digits = first.to_owned();
    for group in groups {
        let alike = group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
        if !alike || first.trim_start_matches('-').len() > 3 {
            return Err(problem(": the comma could be a decimal point"));
        }
        digits.push_str(group);
    }
    if let Some(fraction) = fraction {
        digits.push('.');
        digits.push_str(fraction);
    }
    digits.parse().map_err(|error| match error {
        NumberError::NotANumber => problem(""),
        NumberError::TooLarge | NumberError::TooPrecise => problem(&format!(": it is {error}")),
    })
}

/// In the client's currency, named before or behind, or not named.
fn money(text: &str, currency: &str) -> Result<Fixed, String> {
    let bare = text.strip_prefix(currency).or_else(|| text.strip_suffix(currency)).unwrap_or(text).trim();
    if bare.contains(char::is_alphabetic) {
        return Err(format!("`{text}` is not an amount in {currency}"));
    }
    number(bare)
}

fn duration(text: &str) -> Result<Fixed, String> {
    let problem = || format!("`{text}` is no length of time: write `90 minutes`, `3 days`");
    let span: Span = text.parse().map_err(|_| problem())?;
    let relative = SpanRelativeTo::days_are_24_hours();
    let length: SignedDuration = span.to_duration(relative).map_err(|_| problem())?;
    i64::try_from(length.as_micros()).map(Fixed).map_err(|_| problem())
}

fn word(text: &str, words: &[SmolStr]) -> Result<SmolStr, String> {
    let found = words.iter().find(|word| word.to_lowercase() == text.to_lowercase());
    found.cloned().ok_or_else(|| format!("`{text}` is none of {}", words.join(", ")))
}

/// Separated by `;` where there is one, otherwise by `,`.
fn list(text: &str, of: &Type) -> Result<Value, String> {
    let separator = if text.contains(';') { ';' } else { ',' };
    let items = text.split(separator).map(str::trim).filter(|item| !item.is_empty());
    let items: Result<Vec<SmolStr>, String> = match of {
        Type::Text => Ok(items.map(SmolStr::from).collect()),
        Type::OneOf(words) => items.map(|item| word(item, words)).collect(),
        _ => Err("lists are of texts or words".to_owned()),
    };
    match items? {
        items if items.is_empty() => Err("the list is empty".to_owned()),
        items => Ok(Value::List(items)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, ty: &Type) -> String {
        match read(text, ty, "NZD") {
            Ok(value) => format!("{value:?}"),
            Err(why) => why,
        }
    }

    #[test]
    fn values_are_read_and_doubts_are_told() {
        let one_of = Type::OneOf(vec!["construction".into(), "retail".into()]);
        let list = Type::List(Box::new(Type::Text));
        let all: Vec<String> = [
            ("12", &Type::Number),
            ("1,200.5", &Type::Number),
            ("1,2", &Type::Number),
            ("about 12", &Type::Number),
            ("25 %", &Type::Percent),
            ("NZD 5,000", &Type::Money),
            ("5000 NZD", &Type::Money),
            ("EUR 5000", &Type::Money),
            ("Yes", &Type::YesNo),
            ("maybe", &Type::YesNo),
            ("1970-01-02", &Type::Date),
            ("2 January", &Type::Date),
            ("1970-01-01T00:00:01Z", &Type::Time),
            ("90 minutes", &Type::Duration),
            ("3 days", &Type::Duration),
            ("soon", &Type::Duration),
            ("Construction", &one_of),
            ("building", &one_of),
            ("Procore; simPRO, old", &list),
            (" , ", &list),
            ("80", &Type::Score),
        ]
        .into_iter()
        .map(|(text, ty)| format!("{text} as {ty:?}: {}", shown(text, ty)))
        .collect();
        insta::assert_snapshot!(all.join("\n"));
    }
}
