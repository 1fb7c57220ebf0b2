//! What has to be so when a condition is true: its demands, subject by subject.
//!
//! An over-approximation: whatever makes the condition true meets the demands, not the other way round. So "excluded" is certain, and
//! "implied" is certain, and whatever is neither may be anything.

use super::domain::{Counted, Domain, List, Subject, Words, has_shape};
use super::interval::Interval;
use crate::program::{Certainty, Condition, Fixed, LabelId, Program, Term, TextTerm, Which};

/// Demands on each subject, met together.
pub(crate) type Demands<'p> = Vec<(Subject<'p>, Domain<'p>)>;

/// Why a condition can never be true.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Never<'p> {
    /// Two demands on it exclude each other.
    Clash(Subject<'p>, Box<(Domain<'p>, Domain<'p>)>),
    /// Numbers that do not compare so.
    Numbers,
    /// A range whose upper end is below its lower.
    EmptyRange,
    /// It says so by itself: an empty `or`, a thing less than itself.
    Always,
}

/// Demands deeper than this are not looked at; conditions nest less.
const DEEPEST: usize = 200;

/// What has to be so when the condition is true (or, `negated`, false).
pub(crate) fn demands<'p>(
    program: &Program,
    condition: &'p Condition,
    negated: bool,
) -> Result<Demands<'p>, Never<'p>> {
    let mut collected = Vec::new();
    collect(program, condition, negated, &mut collected, 0)?;
    Ok(collected)
}

/// Adds a demand to others.
pub(crate) fn add<'p>(demands: &mut Demands<'p>, subject: Subject<'p>, domain: Domain<'p>) -> Result<(), Never<'p>> {
    let Some(at) = demands.iter().position(|(known, _)| *known == subject) else {
        demands.push((subject, domain));
        return Ok(());
    };
    let Some((_, known)) = demands.get_mut(at) else { return Ok(()) };
    let before = known.clone();
    match before.clone().meet(domain.clone()) {
        Some(met) => {
            *known = met;
            Ok(())
        }
        None => Err(Never::Clash(subject, Box::new((before, domain)))),
    }
}

/// Whether the two can never hold together.
pub(crate) fn exclude(one: &Demands<'_>, other: &Demands<'_>) -> bool {
    one.iter().any(|(subject, domain)| {
        let clash =
            |known: &(Subject<'_>, Domain<'_>)| known.0 == *subject && known.1.clone().meet(domain.clone()).is_none();
        other.iter().any(clash)
    })
}

fn collect<'p>(
    program: &Program,
    condition: &'p Condition,
    negated: bool,
    into: &mut Demands<'p>,
    depth: usize,
) -> Result<(), Never<'p>> {
    if depth > DEEPEST {
        return Ok(());
    }
    match (condition, negated) {
        (Condition::Not(inner), _) => collect(program, inner, !negated, into, depth + 1),
        (Condition::Fresh { condition, .. }, _) => collect(program, condition, negated, into, depth + 1),
        (Condition::All(parts), false) | (Condition::Any(parts), true) => {
            parts.iter().try_for_each(|part| collect(program, part, negated, into, depth + 1))
        }
        (Condition::Any(parts), false) | (Condition::All(parts), true) => {
            let common = either(program, parts, negated, depth)?;
            common.into_iter().try_for_each(|(subject, domain)| add(into, subject, domain))
        }
        _ => atom(program, condition, negated, into),
    }
}

/// What every part that can be true demands; never, where none can.
fn either<'p>(
    program: &Program,
    parts: &'p [Condition],
    negated: bool,
    depth: usize,
) -> Result<Demands<'p>, Never<'p>> {
    let mut common: Option<Demands<'p>> = None;
    let mut never = Never::Always;
    for part in parts {
        let mut of_part = Vec::new();
        match collect(program, part, negated, &mut of_part, depth + 1) {
            Err(why) => never = why,
            Ok(()) => {
                common = Some(match common {
                    None => of_part,
                    Some(common) => join(common, &of_part),
                });
            }
        }
    }
    common.ok_or(never)
}

fn join<'p>(one: Demands<'p>, other: &Demands<'p>) -> Demands<'p> {
    let joined = one.into_iter().filter_map(|(subject, domain)| {
        let (_, opposite) = other.iter().find(|(known, _)| *known == subject)?;
        Some((subject, domain.join(opposite)?))
    });
    joined.collect()
}

fn atom<'p>(
    program: &Program,
    condition: &'p Condition,
    negated: bool,
    into: &mut Demands<'p>,
) -> Result<(), Never<'p>> {
    match condition {
        Condition::Compare { left, operator, right } => {
            let operator = if negated { operator.opposite() } else { *operator };
            match (left, right) {
                (Term::Constant(left), Term::Constant(right)) => {
                    let holds = Interval::of(operator, *right)
                        .map_or(left != right, |those| those.low <= left.0 && left.0 <= those.high);
                    if holds { Ok(()) } else { Err(Never::Numbers) }
                }
                (term, Term::Constant(value)) => number(term, Interval::of(operator, *value), into),
                (Term::Constant(value), term) => number(term, Interval::of(operator.mirrored(), *value), into),
                (one, other)
                    if one == other
                        && Interval::of(operator, Fixed::ZERO).is_none_or(|those| those.low > 0 || those.high < 0) =>
                {
                    Err(Never::Always)
                }
                (one, other) => {
                    number(one, None, into)?;
                    number(other, None, into)
                }
            }
        }
        Condition::Between { term, low: Term::Constant(low), high: Term::Constant(high) } => {
            if low > high && !negated {
                return Err(Never::EmptyRange);
            }
            number(term, (!negated).then_some(Interval::new(*low, *high)), into)
        }
        Condition::Between { term, .. } => number(term, None, into),
        Condition::OneOf { term, values } => {
            let values = values.iter().map(smol_str::SmolStr::as_str).collect();
            let words = if negated {
                Words { not: values, ..Words::default() }
            } else {
                Words { only: Some(values), ..Words::default() }
            };
            add(into, word(term), Domain::Word(words))
        }
        Condition::Same { left, right } => {
            if negated && left == right {
                return Err(Never::Always);
            }
            add(into, word(left), Domain::Known)?;
            add(into, word(right), Domain::Known)
        }
        Condition::Text { term, operator, value } => {
            let shape = Words { shapes: vec![(*operator, value)], ..Words::default() };
            add(into, word(term), if negated { Domain::Known } else { Domain::Word(shape) })
        }
        Condition::Yes(term) => add(into, word(term), Domain::YesNo(!negated)),
        Condition::Has { list, which, values } => {
            let values: Vec<&str> = values.iter().map(smol_str::SmolStr::as_str).collect();
            let list_demand = match (which, negated, values.as_slice()) {
                (Which::Any, false, _) | (Which::None, true, _) => List { any: vec![values], ..List::default() },
                (Which::All, false, _) => List { all: values, ..List::default() },
                (Which::None, false, _) | (Which::Any, true, _) | (Which::All, true, [_]) => {
                    List { none: values, ..List::default() }
                }
                (Which::All, true, _) => List::default(),
            };
            add(into, Subject::Field(list), Domain::List(list_demand))
        }
        Condition::HasOf { list, other, .. } => {
            add(into, Subject::Field(list), Domain::Known)?;
            add(into, Subject::Field(other), Domain::Known)
        }
        Condition::Known(field) => {
            add(into, Subject::Field(field), if negated { Domain::Missing } else { Domain::Known })
        }
        Condition::Happened { query, at_least, at_most } => {
            let counted = Counted { query: Some(query), window: query.window, at_least: *at_least, at_most: *at_most };
            match if negated { counted.contrary() } else { Contrary::Is(counted) } {
                Contrary::Never => Err(Never::Always),
                Contrary::Anything => Ok(()),
                Contrary::Is(counted) => add(into, Subject::Events, Domain::Counts(vec![counted])),
            }
        }
        Condition::Mentions { phrases, window } => {
            let counted =
                Counted { query: None, window: *window, at_least: u32::from(!negated), at_most: negated.then_some(0) };
            add(into, Subject::Phrases(*phrases), Domain::Counts(vec![counted]))
        }
        Condition::Routed { score, labels, certainty } => routed(program, *score, labels, *certainty, negated, into),
        // Taken apart by the caller.
        Condition::Not(_) | Condition::All(_) | Condition::Any(_) | Condition::Fresh { .. } => Ok(()),
    }
}

fn routed<'p>(
    program: &Program,
    score: crate::program::ScoreId,
    labels: &[LabelId],
    certainty: Option<Certainty>,
    negated: bool,
    into: &mut Demands<'p>,
) -> Result<(), Never<'p>> {
    let demanded = match (negated, certainty) {
        (false, _) => labels.to_vec(),
        (true, Some(_)) => return Ok(()),
        (true, None) => {
            let all = program.scores.get(score.index()).map_or(0, |score| score.labels.len());
            (0..u32::try_from(all).unwrap_or(u32::MAX)).map(LabelId).filter(|label| !labels.contains(label)).collect()
        }
    };
    if demanded.is_empty() {
        return Err(Never::Always);
    }
    add(into, Subject::Route(score), Domain::Labels(demanded))
}

/// A number known, and inside the interval where there is one.
fn number<'p>(term: &'p Term, interval: Option<Interval>, into: &mut Demands<'p>) -> Result<(), Never<'p>> {
    let Some(subject) = number_subject(term) else { return Ok(()) };
    if let Some(interval) = interval
        && interval.is_empty()
    {
        return Err(Never::Numbers);
    }
    add(into, subject, interval.map_or(Domain::Known, Domain::Number))
}

pub(crate) fn number_subject(term: &Term) -> Option<Subject<'_>> {
    Some(match term {
        Term::Field(path) => Subject::Field(path),
        Term::EventField(name) => Subject::EventField(name),
        Term::Score(score) => Subject::Score(*score),
        Term::Aggregate(_) | Term::Arithmetic { .. } | Term::Today | Term::Now => Subject::Number(term),
        Term::Constant(_) => return None,
    })
}

fn word(term: &TextTerm) -> Subject<'_> {
    match term {
        TextTerm::Field(path) => Subject::Field(path),
        TextTerm::EventField(name) => Subject::EventField(name),
        TextTerm::Latest(_) => Subject::Latest(term),
    }
}

enum Contrary<'p> {
    Is(Counted<'p>),
    /// It is always true, so that its contrary never is.
    Never,
    /// On both sides of a range.
    Anything,
}

impl<'p> Counted<'p> {
    fn contrary(self) -> Contrary<'p> {
        match (self.at_least.checked_sub(1), self.at_most) {
            (None, None) => Contrary::Never,
            (Some(below), None) => Contrary::Is(Counted { at_least: 0, at_most: Some(below), ..self }),
            (None, Some(most)) => Contrary::Is(Counted { at_least: most.saturating_add(1), at_most: None, ..self }),
            (Some(_), Some(_)) => Contrary::Anything,
        }
    }
}

/// Whether the condition is true (or, `negated`, false) wherever the demands are met.
pub(crate) fn implied(given: &Demands<'_>, condition: &Condition, negated: bool) -> bool {
    implied_at(given, condition, negated, 0)
}

fn implied_at(given: &Demands<'_>, condition: &Condition, negated: bool, depth: usize) -> bool {
    if depth > DEEPEST {
        return false;
    }
    let of = |subject: Subject<'_>| given.iter().find(|(known, _)| *known == subject).map(|(_, domain)| domain);
    let inside = |term: &Term, interval: Option<Interval>| {
        let known = number_subject(term).and_then(of);
        matches!((known, interval), (Some(Domain::Number(known)), Some(interval)) if known.within(interval))
    };
    match (condition, negated) {
        (Condition::Not(inner), _) => implied_at(given, inner, !negated, depth + 1),
        (Condition::All(parts), false) | (Condition::Any(parts), true) => {
            parts.iter().all(|part| implied_at(given, part, negated, depth + 1))
        }
        (Condition::Any(parts), false) | (Condition::All(parts), true) => {
            parts.iter().any(|part| implied_at(given, part, negated, depth + 1))
        }
        (Condition::Compare { left, operator, right: Term::Constant(value) }, _) => {
            inside(left, Interval::of(if negated { operator.opposite() } else { *operator }, *value))
        }
        (Condition::Compare { left: Term::Constant(value), operator, right }, _) => {
            inside(right, Interval::of((if negated { operator.opposite() } else { *operator }).mirrored(), *value))
        }
        (Condition::Between { term, low: Term::Constant(low), high: Term::Constant(high) }, false) => {
            inside(term, Some(Interval::new(*low, *high)))
        }
        (Condition::OneOf { term, values }, _) => match of(word(term)) {
            Some(Domain::Word(Words { only: Some(only), .. })) => {
                only.iter().all(|word| values.iter().any(|value| value == word) != negated)
            }
            Some(Domain::Word(Words { not, .. })) if negated => {
                values.iter().all(|value| not.contains(&value.as_str()))
            }
            _ => false,
        },
        (Condition::Text { term, operator, value }, false) => match of(word(term)) {
            Some(Domain::Word(Words { only: Some(only), .. })) => {
                only.iter().all(|word| has_shape(word, (*operator, value)))
            }
            Some(Domain::Word(words)) => words.shapes.contains(&(*operator, value.as_str())),
            _ => false,
        },
        (Condition::Yes(term), _) => of(word(term)) == Some(&Domain::YesNo(!negated)),
        (Condition::Has { list, which, values }, false) => match of(Subject::Field(list)) {
            Some(Domain::List(known)) => {
                let sure = |value: &smol_str::SmolStr| known.all.contains(&value.as_str());
                match which {
                    Which::All => values.iter().all(sure),
                    Which::None => values.iter().all(|value| known.none.contains(&value.as_str())),
                    Which::Any => {
                        values.iter().any(sure)
                            || known
                                .any
                                .iter()
                                .any(|any| any.iter().all(|word| values.iter().any(|value| value == word)))
                    }
                }
            }
            _ => false,
        },
        (Condition::Known(field), false) => {
            matches!(of(Subject::Field(field)), Some(known) if *known != Domain::Missing)
        }
        (Condition::Known(field), true) => of(Subject::Field(field)) == Some(&Domain::Missing),
        (Condition::Happened { query, at_least, at_most }, false) => {
            let wanted = Counted { query: Some(query), window: query.window, at_least: *at_least, at_most: *at_most };
            matches!(of(Subject::Events), Some(Domain::Counts(known)) if counted(known, &wanted))
        }
        (Condition::Mentions { phrases, window }, false) => {
            let wanted = Counted { query: None, window: *window, at_least: 1, at_most: None };
            matches!(of(Subject::Phrases(*phrases)), Some(Domain::Counts(known)) if counted(known, &wanted))
        }
        (Condition::Routed { score, labels, certainty: None }, false) => {
            matches!(of(Subject::Route(*score)), Some(Domain::Labels(known)) if known.iter().all(|label| labels.contains(label)))
        }
        _ => false,
    }
}

/// Whether what is known to have happened suffices, and does not go beyond.
fn counted(known: &[Counted<'_>], wanted: &Counted<'_>) -> bool {
    let enough = wanted.at_least == 0 || known.iter().any(|one| one.within(wanted) && one.at_least >= wanted.at_least);
    let not_beyond = wanted.at_most.is_none_or(|most| {
        known.iter().any(|one| wanted.within(one) && one.at_most.is_some_and(|at_most| at_most <= most))
    });
    enough && not_beyond
}
