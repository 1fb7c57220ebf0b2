//! A value that stands for a cell, as a person would choose it, and how it is written in the language.

use language::SCALE;

use super::cells::Cell;
use crate::checks::interval::Interval;
use crate::program::{Client, Fixed, Type, Value};

/// A value of that type out of the cell; none where the cell is that nothing is known, or no such value can be written.
pub(super) fn of(ty: &Type, cell: &Cell<'_>) -> Option<Option<Value>> {
    Some(match (cell, ty) {
        (Cell::Unknown, _) => None,
        (Cell::Number(interval), _) => Some(Value::Number(number(ty, *interval)?)),
        (Cell::Text(text), _) => Some(Value::Text(text.clone())),
        (Cell::Holds(yes), Type::YesNo) => Some(Value::YesNo(*yes)),
        (Cell::List(list), _) => Some(Value::List(list.iter().map(|value| (*value).into()).collect())),
        _ => return None,
    })
}

/// A round number in the interval.
pub(super) fn number(ty: &Type, interval: Interval) -> Option<Fixed> {
    let steps: &[i64] = match ty {
        Type::Date => &[86_400 * SCALE],
        Type::Duration => &[86_400 * SCALE, 3600 * SCALE, 60 * SCALE, SCALE],
        // No instant is written in a test.
        Type::Time => return None,
        _ => &[SCALE, SCALE / 10, SCALE / 100, SCALE / 1000, SCALE / 10_000, SCALE / 100_000, 1],
    };
    steps.iter().find_map(|step| on_grid(*step, interval)).map(Fixed)
}

/// A multiple of the step, near the end that says something.
fn on_grid(step: i64, Interval { low, high }: Interval) -> Option<i64> {
    let (open_below, open_above) = (low == i64::MIN, high == i64::MAX);
    let value = match (open_below, open_above) {
        (true, true) => step,
        (true, false) => high.div_euclid(step).checked_mul(step)?,
        (false, _) => low.checked_add(step - 1)?.div_euclid(step).checked_mul(step)?,
    };
    (low <= value && value <= high).then_some(value)
}

/// As a test writes it: `NZD 50`, `3 days`, `construction`, `["Procore"]`.
pub(super) fn written(client: &Client, ty: &Type, value: &Value) -> Option<String> {
    Some(match value {
        Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Text(text) => word(ty, text),
        Value::List(values) => {
            let Type::List(element) = ty else { return None };
            let values: Vec<String> = values.iter().map(|value| word(element, value)).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Number(number) => match ty {
            Type::Percent => format!("{number}%"),
            Type::Money if number.0 >= 0 => format!("{} {number}", client.currency),
            Type::Duration if number.0 >= 0 => duration(*number)?,
            Type::Date => {
                let instant = jiff::Timestamp::from_second(number.0.div_euclid(SCALE)).ok()?;
                instant.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
            }
            Type::Number | Type::Score => number.to_string(),
            _ => return None,
        },
    })
}

fn word(ty: &Type, text: &str) -> String {
    match ty {
        Type::OneOf(_) => text.to_owned(),
        _ => quoted(text),
    }
}

/// In quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// In the largest unit that divides it.
fn duration(seconds: Fixed) -> Option<String> {
    let units = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];
    units.iter().find_map(|(unit, length)| {
        let whole = seconds.0 % (SCALE * length) == 0 && (seconds.0 != 0 || *length == 1);
        let amount = seconds.0 / (SCALE * length);
        whole.then(|| format!("{amount} {unit}{}", if amount == 1 { "" } else { "s" }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_round_and_lie_inside() {
        let within = |low: i64, high: i64| number(&Type::Number, Interval { low, high });
        assert_eq!(within(20 * SCALE, 250 * SCALE), Some(Fixed::from_integer(20)));
        assert_eq!(within(i64::MIN, 45 * SCALE - 1), Some(Fixed::from_integer(44)));
        assert_eq!(within(250 * SCALE + 1, i64::MAX), Some(Fixed::from_integer(251)));
        assert_eq!(within(1, SCALE - 1), Some(Fixed(SCALE / 10)));
        let below = Interval { low: i64::MIN, high: 86_400 * SCALE - 1 };
        assert_eq!(duration(number(&Type::Duration, below).unwrap()).as_deref(), Some("0 seconds"));
        assert_eq!(duration(Fixed::from_integer(36 * 3600)).as_deref(), Some("36 hours"));
    }
}
