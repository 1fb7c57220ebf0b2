//! Demands and numbers in plain words, for messages.

use language::SCALE;

use super::domain::{Counted, Domain, Subject, Words};
use super::interval::Interval;
use crate::codes::words;
use crate::program::{FieldPath, Fixed, Program, ScoreRef, Term, Type};

/// With its sign: `+20`, `-5`.
pub(crate) fn signed(points: Fixed) -> String {
    if points.0 > 0 { format!("+{points}") } else { points.to_string() }
}

/// What something is demanded of, as a reader writes it.
pub(crate) fn subject(program: &Program, of: &Subject<'_>) -> String {
    match of {
        Subject::Field(path) => format!("`{}`", program.path_name(path)),
        Subject::EventField(name) => format!("`{name}`"),
        Subject::Score(of) => format!("`{}`", score(program, *of)),
        Subject::Route(id) => format!("the route of `{}`", score(program, ScoreRef { score: *id, layer: None })),
        Subject::Number(Term::Today) => "`today`".to_owned(),
        Subject::Number(Term::Now) => "`now`".to_owned(),
        Subject::Number(_) | Subject::Latest(_) => "the same calculation".to_owned(),
        Subject::Events => "what happened".to_owned(),
        Subject::Phrases(id) => {
            let name = program.phrases.get(id.index()).map_or("", |phrases| phrases.name.as_str());
            format!("conversation that mentions `{name}`")
        }
    }
}

/// `icp`, `investment`; a layer with its score only where that is needed, which is for the reader's eye to tell.
pub(crate) fn score(program: &Program, of: ScoreRef) -> String {
    let Some(score) = program.scores.get(of.score.index()) else { return String::new() };
    let layer = of.layer.and_then(|layer| score.layers.get(layer as usize)).and_then(|layer| layer.name.clone());
    layer.unwrap_or_else(|| score.name.clone()).to_string()
}

/// What is demanded: `at least 50`, `one of a and b`.
pub(crate) fn domain(program: &Program, of: &Subject<'_>, domain: &Domain<'_>) -> String {
    match domain {
        Domain::Missing => "missing".to_owned(),
        Domain::Known => "known".to_owned(),
        Domain::Number(interval) => range(*interval, |value| number(program, of, value)),
        Domain::Word(Words { only: Some(only), .. }) => words::list(only, "or", 6),
        Domain::Word(Words { not, shapes, .. }) => match shapes.first() {
            Some((operator, value)) => format!("a text that {} `{value}`", operator_word(*operator)),
            None => format!("not {}", words::list(not, "or", 6)),
        },
        Domain::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Domain::List(list) => {
            let has = list.all.iter().chain(list.any.iter().flatten()).copied().collect::<Vec<_>>();
            if has.is_empty() {
                format!("without {}", words::list(&list.none, "and", 6))
            } else {
                format!("with {}", words::list(&has, "or", 6))
            }
        }
        Domain::Counts(counts) => counts.first().map_or_else(String::new, |first| counted(program, of, first)),
        Domain::Labels(labels) => {
            let score = match of {
                Subject::Route(id) => program.scores.get(id.index()),
                _ => None,
            };
            let names: Vec<&str> = labels
                .iter()
                .filter_map(|label| score?.labels.get(label.index()))
                .map(smol_str::SmolStr::as_str)
                .collect();
            words::list(&names, "or", 6)
        }
    }
}

/// ``at least 1 `reply.received` in the last 7 days``
pub(crate) fn counted(program: &Program, of: &Subject<'_>, counted: &Counted<'_>) -> String {
    let events = counted.query.map(|query| {
        let names: Vec<&str> = query
            .events
            .iter()
            .filter_map(|id| program.events.get(id.index()))
            .map(|event| event.name.as_str())
            .collect();
        let filter = if query.filter.is_some() { " of a kind" } else { "" };
        format!("{}{filter}", words::list(&names, "or", 4))
    });
    let what = events.unwrap_or_else(|| subject(program, of));
    let window = counted.window.map_or_else(String::new, |window| format!(" in the last {window}"));
    match counted.at_most {
        Some(0) => format!("no {what}{window}"),
        Some(most) => format!("at most {most} {what}{window}"),
        None => format!("at least {} {what}{window}", counted.at_least),
    }
}

fn operator_word(operator: crate::program::TextOperator) -> &'static str {
    match operator {
        crate::program::TextOperator::Starts => "starts with",
        crate::program::TextOperator::Ends => "ends with",
        crate::program::TextOperator::Contains => "contains",
    }
}

/// `at least 80`, `below 45`, `from 20 to 250`.
pub(crate) fn interval(interval: Interval) -> String {
    range(interval, |value| value.to_string())
}

fn range(interval: Interval, words: impl Fn(Fixed) -> String) -> String {
    let Interval { low, high } = interval;
    // A bound one millionth beside a round number was written with `<` or `>`.
    let open_low = low.rem_euclid(CENT) == 1;
    let open_high = high.rem_euclid(CENT) == CENT - 1;
    let from = if open_low { words(Fixed(low - 1)) } else { words(Fixed(low)) };
    let to = if open_high { words(Fixed(high + 1)) } else { words(Fixed(high)) };
    match (low == i64::MIN, high == i64::MAX) {
        (true, true) => "any number".to_owned(),
        (true, false) if open_high => format!("below {to}"),
        (true, false) => format!("at most {to}"),
        (false, true) if open_low => format!("above {from}"),
        (false, true) => format!("at least {from}"),
        (false, false) if low == high => from,
        (false, false) => match (open_low, open_high) {
            (false, false) => format!("from {from} to {to}"),
            (false, true) => format!("at least {from} and below {to}"),
            (true, false) => format!("above {from} and at most {to}"),
            (true, true) => format!("above {from} and below {to}"),
        },
    }
}

const CENT: i64 = SCALE / 100;

/// A number in the unit of what it is of.
fn number(program: &Program, of: &Subject<'_>, value: Fixed) -> String {
    let ty = match of {
        Subject::Field(path) => field_type(program, path),
        _ => None,
    };
    match ty {
        Some(Type::Percent) => format!("{value}%"),
        Some(Type::Money) => format!("{} {value}", program.client.currency),
        Some(Type::Duration) => duration(value),
        Some(Type::Date | Type::Time) => instant(value, matches!(ty, Some(Type::Date))),
        _ => value.to_string(),
    }
}

/// A number of a field, in its unit.
pub(crate) fn number_of(program: &Program, path: &FieldPath, value: Fixed) -> String {
    number(program, &Subject::Field(path), value)
}

fn field_type<'p>(program: &'p Program, path: &FieldPath) -> Option<&'p Type> {
    program.field(path).map(|field| &field.ty)
}

/// In the largest unit that divides it.
fn duration(seconds: Fixed) -> String {
    for (unit, length) in [("day", 86_400), ("hour", 3_600), ("minute", 60)] {
        if seconds.0 != 0 && seconds.0 % (SCALE * length) == 0 {
            let amount = seconds.0 / (SCALE * length);
            return format!("{amount} {unit}{}", if amount.abs() == 1 { "" } else { "s" });
        }
    }
    format!("{seconds} seconds")
}

fn instant(seconds: Fixed, day: bool) -> String {
    let Ok(instant) = jiff::Timestamp::from_second(seconds.0 / SCALE) else { return seconds.to_string() };
    let civil = instant.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    if day { civil.date().to_string() } else { format!("{} {}", civil.date(), civil.time()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_read_as_english() {
        let at = |low: i64, high: i64| interval(Interval { low, high });
        assert_eq!(at(80 * SCALE, i64::MAX), "at least 80");
        assert_eq!(at(i64::MIN, 45 * SCALE - 1), "below 45");
        assert_eq!(at(20 * SCALE, 250 * SCALE), "from 20 to 250");
        assert_eq!(at(SCALE + 1, i64::MAX), "above 1");
        assert_eq!(at(5 * SCALE, 5 * SCALE), "5");
        assert_eq!(duration(Fixed::from_integer(86_400 * 2)), "2 days");
        assert_eq!(instant(Fixed::from_integer(86_400), true), "1970-01-02");
    }
}
