//! Values and facts as words, appended to a text: numbers, money, durations, days, instants, lists.

mod piece;

use compiler::program::{Fixed, Type, Value};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use language::SCALE;
use language::syntax::AggregateFunction;

pub(super) use piece::Piece;
use piece::push_small;

/// Who reads it: zone and currency.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) zone: TimeZone,
    pub(super) currency: smol_str::SmolStr,
}

/// `1234.5`, without the formatter's machinery: ledgers are full of numbers.
pub(super) fn push_number(out: &mut String, number: Fixed) {
    if number.0 < 0 {
        out.push('-');
    }
    let magnitude = number.0.unsigned_abs();
    push_whole(out, magnitude / SCALE.unsigned_abs());
    let mut fraction = magnitude % SCALE.unsigned_abs();
    if fraction == 0 {
        return;
    }
    out.push('.');
    while fraction > 0 {
        fraction *= 10;
        push_digit(out, fraction / SCALE.unsigned_abs());
        fraction %= SCALE.unsigned_abs();
    }
}

/// `+15`, `-7.25`
pub(super) fn push_points(out: &mut String, points: Fixed) {
    if points.0 >= 0 {
        out.push('+');
    }
    push_number(out, points);
}

pub(super) fn push_whole(out: &mut String, number: u64) {
    if number < 1000 {
        return push_small(out, number);
    }
    push_whole(out, number / 1000);
    for unit in [100, 10, 1] {
        push_digit(out, number / unit);
    }
}

/// The last digit of a number.
#[inline]
fn push_digit(out: &mut String, number: u64) {
    push_small(out, number % 10);
}

impl Reader {
    /// A number of a type.
    pub(super) fn push_of_type(&self, out: &mut String, number: Fixed, ty: &Type) {
        match ty {
            Type::Percent => {
                push_number(out, number);
                out.push('%');
            }
            Type::Money => {
                out.push_str(&self.currency);
                out.push(' ');
                push_number(out, number);
            }
            Type::Duration => push_duration(out, number),
            Type::Date => self.push_day(out, number.0, &TimeZone::UTC),
            Type::Time => self.push_instant(out, number.0),
            _ => push_number(out, number),
        }
    }

    /// The day of an instant in microseconds.
    pub(super) fn push_day(&self, out: &mut String, at: i64, zone: &TimeZone) {
        if let Ok(at) = Timestamp::from_microsecond(at) {
            let day = at.to_zoned(zone.clone()).date();
            push_padded(out, i64::from(day.year()), 4);
            out.push('-');
            push_padded(out, i64::from(day.month()), 2);
            out.push('-');
            push_padded(out, i64::from(day.day()), 2);
        }
    }

    /// An instant in microseconds, in the reader's zone.
    pub(super) fn push_instant(&self, out: &mut String, at: i64) {
        self.push_day(out, at, &self.zone);
        if let Ok(at) = Timestamp::from_microsecond(at) {
            let time = at.to_zoned(self.zone.clone()).time();
            out.push(' ');
            push_padded(out, i64::from(time.hour()), 2);
            out.push(':');
            push_padded(out, i64::from(time.minute()), 2);
        }
    }

    /// The day of an instant in microseconds, in the reader's zone.
    pub(super) fn push_local_day(&self, out: &mut String, at: i64) {
        self.push_day(out, at, &self.zone);
    }

    /// A value of a type.
    pub(super) fn push_value(&self, out: &mut String, value: &Value, ty: &Type) {
        match value {
            Value::Number(number) => self.push_of_type(out, *number, ty),
            Value::Text(text) => push_text(out, text, ty),
            Value::YesNo(yes) => out.push_str(if *yes { "yes" } else { "no" }),
            Value::List(list) => push_list(out, list, ty),
        }
    }
}

/// A word as it is, a text in quotes.
pub(super) fn push_text(out: &mut String, text: &str, ty: &Type) {
    if matches!(ty, Type::OneOf(_)) {
        out.push_str(text);
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
}

pub(super) fn push_list(out: &mut String, list: &[smol_str::SmolStr], ty: &Type) {
    let of = match ty {
        Type::List(of) => of,
        other => other,
    };
    let (opening, between, closing) =
        if matches!(of, Type::OneOf(_)) { ("[", ", ", "]") } else { ("[\"", "\", \"", "\"]") };
    let Some((first, rest)) = list.split_first() else { return out.push_str("[]") };
    out.push_str(opening);
    out.push_str(first);
    for value in rest {
        out.push_str(between);
        out.push_str(value);
    }
    out.push_str(closing);
}

fn push_padded(out: &mut String, number: i64, width: u32) {
    let mut unit = 10_u64.pow(width - 1);
    let number = number.unsigned_abs();
    while unit > 1 && number < unit {
        out.push('0');
        unit /= 10;
    }
    push_whole(out, number);
}

/// The largest unit that divides it: `3 days`, `90 minutes`, `1.5 seconds`.
pub(super) fn push_duration(out: &mut String, seconds: Fixed) {
    for (unit, name) in [(86_400, "day"), (3600, "hour"), (60, "minute")] {
        let unit = unit * SCALE;
        if seconds.0 != 0 && seconds.0 % unit == 0 {
            return push_counted(out, Fixed(seconds.0 / unit * SCALE), name);
        }
    }
    push_counted(out, seconds, "second");
}

fn push_counted(out: &mut String, number: Fixed, unit: &str) {
    push_number(out, number);
    out.push(' ');
    out.push_str(unit);
    if number != Fixed::ONE {
        out.push('s');
    }
}

/// An age, roughly: `3 days old`, `5 hours old`, `just now`.
pub(super) fn push_age(out: &mut String, age: SignedDuration) {
    let seconds = age.as_secs().unsigned_abs();
    for (unit, name) in [(86_400, "day"), (3600, "hour"), (60, "minute")] {
        if seconds >= unit {
            push_whole(out, seconds / unit);
            out.push(' ');
            out.push_str(name);
            if seconds / unit != 1 {
                out.push('s');
            }
            out.push_str(" old");
            return;
        }
    }
    out.push_str("just now");
}

/// `median`, `sum`, …
pub(super) const fn function(function: AggregateFunction) -> &'static str {
    match function {
        AggregateFunction::Count => "count",
        AggregateFunction::Average => "average",
        AggregateFunction::Median => "median",
        AggregateFunction::Sum => "sum",
        AggregateFunction::Highest => "highest",
        AggregateFunction::Lowest => "lowest",
        AggregateFunction::Latest => "latest",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(push: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        push(&mut out);
        out
    }

    #[test]
    fn numbers_are_written_as_fixed_writes_them() {
        for text in [
            "0",
            "7",
            "10",
            "99",
            "100",
            "101",
            "9999",
            "10000",
            "12345678901",
            "-0.5",
            "1234.567891",
            "100.05",
            "9000000000000",
            "-12.1",
        ] {
            let number: Fixed = text.parse().unwrap();
            assert_eq!(written(|out| push_number(out, number)), text);
        }
        assert_eq!(written(|out| push_points(out, Fixed(14_510_000))), "+14.51");
    }

    #[test]
    fn durations_use_the_largest_unit_that_divides_them() {
        let seconds = |seconds| written(|out| push_duration(out, Fixed::from_integer(seconds)));
        assert_eq!(seconds(86_400), "1 day");
        assert_eq!(seconds(5400), "90 minutes");
        assert_eq!(seconds(61), "61 seconds");
        assert_eq!(seconds(0), "0 seconds");
    }

    #[test]
    fn values_are_written_as_in_the_language() {
        let reader = Reader { zone: TimeZone::get("Pacific/Auckland").unwrap(), currency: "NZD".into() };
        let number = |number, ty: &Type| written(|out| reader.push_of_type(out, Fixed::from_integer(number), ty));
        assert_eq!(number(50_000, &Type::Money), "NZD 50000");
        assert_eq!(number(25, &Type::Percent), "25%");
        assert_eq!(number(86_400, &Type::Date), "1970-01-02");
        assert_eq!(number(1_777_582_800, &Type::Time), "2026-05-01 09:00");
        let list = Value::List(vec!["Procore".into(), "simPRO".into()]);
        let ty = Type::List(Box::new(Type::Text));
        assert_eq!(written(|out| reader.push_value(out, &list, &ty)), "[\"Procore\", \"simPRO\"]");
        assert_eq!(written(|out| push_age(out, SignedDuration::from_hours(50))), "2 days old");
        assert_eq!(written(|out| push_age(out, SignedDuration::from_secs(5))), "just now");
    }
}
