//! The cells of a variable: sets of values that no test tells apart, each with a value of its own that stands for it.
//!
//! Together they hold every value that there could be, so that what no cell allows nothing allows.

use smol_str::SmolStr;

use super::formula::{Truth, joined};
use super::variable::{Happening, Kind, Test, Variable, has_range, interval, outside, type_of};
use crate::checks::domain::has_shape;
use crate::checks::interval::Interval;
use crate::program::{Certainty, Comparison, EventId, LabelId, Program, ScoreRef, Term, TextOperator, Type, Which};

/// A set of values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell<'p> {
    /// Missing, or not to be told.
    Unknown,
    /// One number out of these.
    Number(Interval),
    /// Unknown facts leave it anywhere from a number of the first to one of the second.
    Ranged(Interval, Interval),
    /// This text or one like it.
    Text(SmolStr),
    /// A text that is named nowhere, of these shapes and no other that is asked for, of which no example was found.
    Shaped(Vec<(TextOperator, &'p str)>),
    /// Yes and no; that it holds, is fresh, is known.
    Holds(bool),
    /// Of the values that are told apart, these.
    List(Vec<&'p str>),
    /// So many times, or more where there is no `high`; more may have gone unseen where not `reported`.
    Times { low: u32, high: Option<u32>, reported: bool },
    /// Where it stands now, and what it may come to; the place behind the last label is nowhere.
    Routed { now: usize, possible: u32 },
}

/// More of them are too many.
const MOST: usize = 2000;
/// Values of lists and shapes of texts that are told apart.
const TOLD_APART: usize = 10;
/// Numbers of times that are told apart for the points of an `each`.
const STEPS: u32 = 4;

/// The cells of a variable; none where there are too many. Where its value may be unknown, the first cell says so.
pub(super) fn of<'p>(
    program: &'p Program,
    events: &'p [EventId],
    variable: &Variable<'p>,
    range: &dyn Fn(ScoreRef) -> Interval,
) -> Option<Vec<Cell<'p>>> {
    let tests = &variable.tests;
    let cells = match variable.kind {
        Kind::Field(path) => {
            let field = program.field(path)?;
            let always = matches!(field.ty, Type::List(_)) && !field.optional && path.relations.is_empty();
            of_type(&field.ty, tests, always)?
        }
        Kind::Latest(_) | Kind::EventFact(_) => match type_of(program, events, &variable.kind) {
            Some(ty) => of_type(ty, tests, false)?,
            None => vec![Cell::Unknown, Cell::Holds(true), Cell::Holds(false)],
        },
        Kind::Number { term, current } => {
            let whole = if matches!(term, Term::Today) { DAY } else { 1 };
            let exact = numbers(tests, Interval::ALL, whole);
            let mut cells = vec![Cell::Unknown];
            if has_range(term, current) {
                cells.extend(ranges(&exact)?);
            } else {
                cells.extend(exact.into_iter().map(Cell::Number));
            }
            cells
        }
        Kind::Score { of, current } => {
            let exact = numbers(tests, range(of), 1);
            if current { exact.into_iter().map(Cell::Number).collect() } else { ranges(&exact)? }
        }
        Kind::Times(happening) => {
            let possible = match happening {
                Happening::Events(query) => {
                    query.filter.as_ref().is_none_or(|filter| super::filter::possible(program, &query.events, filter))
                }
                Happening::Said { .. } => true,
            };
            times(variable, possible)
        }
        Kind::Route(score) => {
            let labels = program.scores.get(score.index())?.labels.len();
            routed(labels, tests)?
        }
        Kind::Whole { .. } => vec![Cell::Unknown, Cell::Holds(true), Cell::Holds(false)],
        Kind::Fresh(_) => vec![Cell::Holds(false), Cell::Holds(true)],
    };
    (cells.len() <= MOST).then_some(cells)
}

/// A day in millionths of seconds.
const DAY: i64 = 86_400 * language::SCALE;

fn of_type<'p>(ty: &'p Type, tests: &[Test<'p>], always_known: bool) -> Option<Vec<Cell<'p>>> {
    let mut cells = if always_known { Vec::new() } else { vec![Cell::Unknown] };
    match ty {
        Type::Number | Type::Percent | Type::Money | Type::Duration | Type::Time | Type::Score => {
            cells.extend(numbers(tests, Interval::ALL, 1).into_iter().map(Cell::Number));
        }
        Type::Date => cells.extend(numbers(tests, Interval::ALL, DAY).into_iter().map(Cell::Number)),
        Type::YesNo => cells.extend([Cell::Holds(true), Cell::Holds(false)]),
        Type::Record(_) => cells.push(Cell::Holds(true)),
        Type::Text => cells.extend(texts(tests)?),
        Type::OneOf(words) => {
            let all = words.iter().map(|word| Cell::Text(word.clone())).collect();
            cells.extend(told_apart(all, tests));
        }
        Type::List(_) => cells.extend(lists(tests)?),
    }
    Some(cells)
}

/// One of each kind that the tests tell apart, the first.
fn told_apart<'p>(cells: Vec<Cell<'p>>, tests: &[Test<'p>]) -> Vec<Cell<'p>> {
    let mut seen: std::collections::HashSet<Vec<Truth>> = std::collections::HashSet::new();
    cells.into_iter().filter(|cell| seen.insert(tests.iter().map(|test| truth(test, cell)).collect())).collect()
}

/// The numbers of `within`, cut where a test changes; only such as hold a multiple of `step`.
fn numbers(tests: &[Test<'_>], within: Interval, step: i64) -> Vec<Interval> {
    let mut cuts: Vec<i64> = Vec::new();
    for test in tests {
        for those in [interval(test), outside(test)].into_iter().flatten() {
            cuts.push(those.low);
            cuts.extend(those.high.checked_add(1));
        }
    }
    cuts.retain(|cut| *cut > within.low && *cut <= within.high);
    cuts.sort_unstable();
    cuts.dedup();
    let mut cells = Vec::with_capacity(cuts.len() + 1);
    let mut low = within.low;
    for cut in cuts {
        cells.push(Interval { low, high: cut - 1 });
        low = cut;
    }
    cells.push(Interval { low, high: within.high });
    cells.retain(|cell| step == 1 || cell.high.div_euclid(step).saturating_mul(step) >= cell.low);
    cells
}

/// Every pair of ends that a range may have.
fn ranges<'p>(exact: &[Interval]) -> Option<Vec<Cell<'p>>> {
    const EXACT: usize = 16;
    if exact.len() > EXACT {
        return None;
    }
    let pairs =
        exact.iter().enumerate().flat_map(|(at, low)| exact.iter().skip(at).map(move |high| Cell::Ranged(*low, *high)));
    Some(pairs.collect())
}

/// Texts that are named, and one of each shape that is asked for.
fn texts<'p>(tests: &[Test<'p>]) -> Option<Vec<Cell<'p>>> {
    let mut cells: Vec<Cell<'p>> = Vec::new();
    let mut shapes: Vec<(TextOperator, &'p str)> = Vec::new();
    for test in tests {
        match test {
            Test::Words(words) => cells.extend(words.iter().map(|word| Cell::Text(word.clone()))),
            Test::Shape(operator, value) => shapes.push((*operator, value)),
            _ => {}
        }
    }
    if shapes.len() > TOLD_APART {
        return None;
    }
    let mut cells = told_apart(cells, tests);
    for chosen in 0..1_u32 << shapes.len() {
        let is_chosen = |at: usize| chosen & (1 << at) != 0;
        let wanted: Vec<_> =
            shapes.iter().enumerate().filter(|(at, _)| is_chosen(*at)).map(|(_, shape)| *shape).collect();
        let others: Vec<_> =
            shapes.iter().enumerate().filter(|(at, _)| !is_chosen(*at)).map(|(_, shape)| *shape).collect();
        if contradict(&wanted, &others) {
            continue;
        }
        let named = |text: &str| {
            tests.iter().any(|test| matches!(test, Test::Words(words) if words.iter().any(|word| word == text)))
        };
        let example = example(&wanted).filter(|text| {
            !named(text)
                && wanted.iter().all(|shape| has_shape(text, *shape))
                && !others.iter().any(|shape| has_shape(text, *shape))
        });
        cells.push(match example {
            Some(text) => Cell::Text(text.into()),
            None => Cell::Shaped(wanted),
        });
    }
    Some(cells)
}

/// Whether no text has all of the one and none of the other, as far as that is plain.
fn contradict(wanted: &[(TextOperator, &str)], others: &[(TextOperator, &str)]) -> bool {
    let apart = |one: &(TextOperator, &str), other: &(TextOperator, &str)| match (one.0, other.0) {
        (TextOperator::Starts, TextOperator::Starts) => !one.1.starts_with(other.1) && !other.1.starts_with(one.1),
        (TextOperator::Ends, TextOperator::Ends) => !one.1.ends_with(other.1) && !other.1.ends_with(one.1),
        _ => false,
    };
    let implies = |one: &(TextOperator, &str), other: &(TextOperator, &str)| match other.0 {
        TextOperator::Contains => one.1.contains(other.1),
        _ => one.0 == other.0 && has_shape(one.1, *other),
    };
    wanted
        .iter()
        .any(|one| wanted.iter().any(|other| apart(one, other)) || others.iter().any(|other| implies(one, other)))
}

/// A text of these shapes.
fn example(shapes: &[(TextOperator, &str)]) -> Option<String> {
    let longest = |operator| {
        let of = shapes.iter().filter(move |shape| shape.0 == operator).map(|shape| shape.1);
        of.max_by_key(|value| value.len()).unwrap_or_default()
    };
    let (start, end) = (longest(TextOperator::Starts), longest(TextOperator::Ends));
    let held: Vec<&str> =
        shapes.iter().filter(|shape| shape.0 == TextOperator::Contains).map(|shape| shape.1).collect();
    if shapes.is_empty() {
        return Some("something else".to_owned());
    }
    [format!("{start}{}{end}", held.join(" ")), format!("{start} {} {end}", held.join(" ")).trim().to_owned()]
        .into_iter()
        .find(|text| shapes.iter().all(|shape| has_shape(text, *shape)))
}

/// What lists can have of the values that are told apart. Values that all tests name together are told apart from the first of them only.
fn lists<'p>(tests: &[Test<'p>]) -> Option<Vec<Cell<'p>>> {
    let mut values: Vec<&'p str> = Vec::new();
    for test in tests {
        if let Test::Has(_, named) = test {
            values.extend(named.iter().map(SmolStr::as_str));
        }
    }
    values.sort_unstable();
    values.dedup();
    let mut classes: Vec<(Vec<bool>, Vec<&'p str>)> = Vec::new();
    for value in values {
        let named_in: Vec<bool> = tests
            .iter()
            .map(|test| matches!(test, Test::Has(_, named) if named.iter().any(|named| named == value)))
            .collect();
        match classes.iter_mut().find(|class| class.0 == named_in) {
            Some(class) => class.1.push(value),
            None => classes.push((named_in, vec![value])),
        }
    }
    // Of a class, what matters is none, some or all.
    let parts: Vec<Vec<&'p str>> = classes
        .into_iter()
        .flat_map(|(_, class)| match class.split_first() {
            Some((first, rest)) if !rest.is_empty() => vec![vec![*first], rest.to_vec()],
            _ => vec![class],
        })
        .collect();
    if parts.len() > TOLD_APART {
        return None;
    }
    let subsets = (0..1_u32 << parts.len()).map(|chosen| {
        let kept = parts.iter().enumerate().filter(|(at, _)| chosen & (1 << at) != 0);
        Cell::List(kept.flat_map(|(_, part)| part.iter().copied()).collect())
    });
    Some(told_apart(subsets.collect(), tests))
}

fn times<'p>(variable: &Variable<'p>, possible: bool) -> Vec<Cell<'p>> {
    let mut cuts: Vec<u32> = Vec::new();
    for test in &variable.tests {
        match test {
            Test::Times { at_least, at_most } => {
                cuts.push(*at_least);
                cuts.extend(at_most.map(|most| most.saturating_add(1)));
            }
            _ => {
                for those in [interval(test), outside(test)].into_iter().flatten() {
                    for cut in [Some(those.low), those.high.checked_add(1)].into_iter().flatten() {
                        let times = i128::from(cut).max(0).div_euclid(i128::from(language::SCALE))
                            + i128::from(i128::from(cut).rem_euclid(i128::from(language::SCALE)) != 0 && cut > 0);
                        cuts.extend(u32::try_from(times).ok().filter(|times| *times < u32::MAX));
                    }
                }
            }
        }
    }
    match variable.steps.iter().max() {
        Some(last) if *last > STEPS => cuts.extend([1, 2, *last]),
        Some(last) => cuts.extend(1..=*last),
        None => {}
    }
    if !possible {
        cuts.clear();
    }
    cuts.retain(|cut| *cut > 0);
    cuts.sort_unstable();
    cuts.dedup();
    let mut cells = Vec::new();
    for reported in if variable.denied { [true, false].as_slice() } else { [true].as_slice() } {
        let mut low = 0;
        for cut in &cuts {
            cells.push(Cell::Times { low, high: Some(*cut - 1), reported: *reported });
            low = *cut;
        }
        cells.push(Cell::Times { low, high: (!possible).then_some(0), reported: *reported });
    }
    cells
}

fn routed<'p>(labels: usize, tests: &[Test<'p>]) -> Option<Vec<Cell<'p>>> {
    if labels > 5 {
        return None;
    }
    let all =
        (0..=labels).flat_map(|now| (1..1_u32 << (labels + 1)).map(move |possible| Cell::Routed { now, possible }));
    // What it comes to for certain is where it stands.
    let sensible = |cell: &Cell<'_>| match cell {
        Cell::Routed { now, possible } => possible.count_ones() > 1 || *possible == 1 << now,
        _ => true,
    };
    Some(told_apart(all.filter(sensible).collect(), tests))
}

/// What a test says of a cell.
pub(super) fn truth(test: &Test<'_>, cell: &Cell<'_>) -> Truth {
    match (test, cell) {
        (Test::Known, cell) => Some(*cell != Cell::Unknown),
        (_, Cell::Unknown) => None,
        (Test::Number(..) | Test::Between(..), Cell::Number(one)) => of_number(test, *one, *one),
        (Test::Number(..) | Test::Between(..), Cell::Ranged(low, high)) => of_number(test, *low, *high),
        (Test::Number(..) | Test::Between(..), Cell::Times { low, reported, .. }) => {
            // The cells are cut at every number that a test asks about, so that the least of them stands for all.
            let least = i64::from(*low).saturating_mul(language::SCALE);
            let most = if *reported { least } else { i64::MAX };
            of_number(test, Interval { low: least, high: least }, Interval { low: most, high: most })
        }
        (Test::Words(words), Cell::Text(text)) => Some(words.contains(text)),
        (Test::Words(_), Cell::Shaped(_)) => Some(false),
        (Test::Shape(operator, value), Cell::Text(text)) => Some(has_shape(text, (*operator, value))),
        (Test::Shape(operator, value), Cell::Shaped(shapes)) => Some(shapes.contains(&(*operator, value))),
        (Test::Yes | Test::Holds, Cell::Holds(holds)) => Some(*holds),
        (Test::Has(which, values), Cell::List(list)) => {
            let mut had = values.iter().map(|value| list.contains(&value.as_str()));
            Some(match which {
                Which::Any => had.any(|had| had),
                Which::All => had.all(|had| had),
                Which::None => !had.any(|had| had),
            })
        }
        (Test::Times { at_least, at_most }, Cell::Times { low, high, reported }) => {
            let too_many = at_most.is_some_and(|most| *low > most);
            let enough = *low >= *at_least;
            if too_many {
                Some(false)
            } else if enough {
                (at_most.is_none() || *reported).then_some(true)
            } else {
                // The cells are cut at every number that is asked for.
                debug_assert!(high.is_some_and(|high| high < *at_least));
                reported.then_some(false)
            }
        }
        (Test::Routed { labels, certainty, current }, Cell::Routed { now, possible }) => {
            routed_truth(labels, *certainty, *current, *now, *possible)
        }
        _ => None,
    }
}

/// Of a number that lies somewhere from one cell to another: the cells themselves are never divided by a test.
fn of_number(test: &Test<'_>, low: Interval, high: Interval) -> Truth {
    match test {
        Test::Between(from, to) => joined(
            [Test::Number(Comparison::AtLeast, *from), Test::Number(Comparison::AtMost, *to)]
                .iter()
                .map(|test| of_number(test, low, high)),
            false,
        ),
        Test::Number(Comparison::NotEqual, value) => {
            of_number(&Test::Number(Comparison::Equal, *value), low, high).map(|holds| !holds)
        }
        Test::Number(operator, value) => {
            let those = Interval::of(*operator, language::Fixed(*value))?;
            let whole = Interval { low: low.low, high: high.high };
            if low == high {
                return Some(low.within(those));
            }
            if *operator == Comparison::Equal {
                return if those.meet(whole).is_empty() { Some(false) } else { None };
            }
            let (low_in, high_in) = (!those.meet(low).is_empty(), !those.meet(high).is_empty());
            if low_in && high_in {
                Some(true)
            } else if low_in || high_in {
                None
            } else {
                Some(false)
            }
        }
        _ => None,
    }
}

fn routed_truth(labels: &[LabelId], certainty: Option<Certainty>, current: bool, now: usize, possible: u32) -> Truth {
    let wanted = labels.iter().fold(0_u32, |mask, label| mask | 1_u32.checked_shl(label.0).unwrap_or(0));
    let here = 1_u32.checked_shl(u32::try_from(now).unwrap_or(u32::MAX)).unwrap_or(0) & wanted != 0;
    match certainty {
        Some(Certainty::Certain) => Some(possible.count_ones() == 1 && here),
        Some(Certainty::Provisional) => Some(possible.count_ones() > 1 && here),
        None if current => Some(here),
        None if possible & !wanted == 0 => Some(true),
        None if possible & wanted != 0 => None,
        None => Some(false),
    }
}
