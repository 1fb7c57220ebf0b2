//! What the conditions of a score depend on: a field, a calculation, how often something happened. Each is a variable with its cells,
//! the sets of values that no condition of the score tells apart.
//!
//! Variables are taken for independent of each other, though a company's two fields are missing together: that makes more possible
//! than is, never less.

use smol_str::SmolStr;

use crate::checks::domain::Counted;
use crate::checks::interval::Interval;
use crate::program::{
    Certainty, Comparison, Condition, EventId, EventQuery, FieldPath, LabelId, PhrasesId, Program, ScoreId, ScoreRef,
    Term, TextOperator, TextTerm, Type, Which, Window,
};

use super::cells::{self, Cell};
use super::formula::{Formula, Truth};

/// What a variable stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind<'p> {
    /// A field, whatever it holds.
    Field(&'p FieldPath),
    /// A calculation; `current` with the scores in it as they stand.
    Number { term: &'p Term, current: bool },
    /// A score or layer; `current` as it stands.
    Score { of: ScoreRef, current: bool },
    /// `latest EVENT.field`
    Latest(&'p TextTerm),
    /// A fact of the event judged, in a filter.
    EventFact(&'p SmolStr),
    /// How often.
    Times(Happening<'p>),
    /// Where another score routes.
    Route(ScoreId),
    /// A condition that is not looked into.
    Whole { condition: &'p Condition, current: bool },
    /// Whether an observation is fresh.
    Fresh(&'p Condition),
}

/// What can happen several times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Happening<'p> {
    Events(&'p EventQuery),
    Said { phrases: PhrasesId, window: Option<Window> },
}

/// What a condition asks of a variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Test<'p> {
    Known,
    /// In millionths.
    Number(Comparison, i64),
    Between(i64, i64),
    Words(&'p [SmolStr]),
    Shape(TextOperator, &'p str),
    Yes,
    Has(Which, &'p [SmolStr]),
    Times {
        at_least: u32,
        at_most: Option<u32>,
    },
    Routed {
        labels: &'p [LabelId],
        certainty: Option<Certainty>,
        current: bool,
    },
    /// That it holds.
    Holds,
}

/// One of them.
#[derive(Debug)]
pub(crate) struct Variable<'p> {
    pub(crate) kind: Kind<'p>,
    pub(crate) tests: Vec<Test<'p>>,
    /// Something asks for the opposite of a test, or how many there are at most.
    pub(crate) denied: bool,
    /// Numbers of times at which the points of an `each` change.
    pub(crate) steps: Vec<u32>,
    /// None before [`Variables::settle`], and where there are too many.
    pub(crate) cells: Vec<Cell<'p>>,
    /// By test, by cell.
    tables: Vec<Vec<Truth>>,
}

/// The variables of a score, or of a filter.
#[derive(Debug)]
pub(crate) struct Variables<'p> {
    pub(crate) program: &'p Program,
    /// In a filter, the events that it is of.
    events: &'p [EventId],
    pub(crate) all: Vec<Variable<'p>>,
    by_print: rustc_hash::FxHashMap<u64, Vec<usize>>,
    /// The opposite of what is at hand is asked for.
    negated: bool,
}

/// Conditions deeper than this are not looked into.
const DEEPEST: usize = 200;

impl<'p> Variables<'p> {
    pub(crate) fn new(program: &'p Program) -> Self {
        Self { program, events: &[], all: Vec::new(), by_print: rustc_hash::FxHashMap::default(), negated: false }
    }

    /// Of a filter over these events.
    pub(crate) fn of_filter(program: &'p Program, events: &'p [EventId]) -> Self {
        Self { events, ..Self::new(program) }
    }

    /// The condition over variables; with scores as they stand where `current`, as in a route.
    pub(crate) fn formula(&mut self, condition: &'p Condition, current: bool) -> Formula {
        self.at_depth(condition, current, 0)
    }

    fn at_depth(&mut self, condition: &'p Condition, current: bool, depth: usize) -> Formula {
        if depth > DEEPEST {
            return self.whole(condition, current);
        }
        match condition {
            Condition::Not(inner) => {
                self.negated = !self.negated;
                let inner = self.at_depth(inner, current, depth + 1);
                self.negated = !self.negated;
                Formula::Not(Box::new(inner))
            }
            Condition::All(parts) => {
                Formula::All(parts.iter().map(|part| self.at_depth(part, current, depth + 1)).collect())
            }
            Condition::Any(parts) => {
                Formula::Any(parts.iter().map(|part| self.at_depth(part, current, depth + 1)).collect())
            }
            Condition::Fresh { condition: inner, .. } => {
                let variable = self.variable(Kind::Fresh(condition));
                Formula::Fresh { variable, of: Box::new(self.at_depth(inner, current, depth + 1)) }
            }
            _ => self.atom(condition, current),
        }
    }

    fn atom(&mut self, condition: &'p Condition, current: bool) -> Formula {
        let (kind, test) = match condition {
            Condition::Compare { left: Term::Constant(left), operator, right: Term::Constant(right) } => {
                let holds = Interval::of(*operator, *right)
                    .map_or(left != right, |those| those.low <= left.0 && left.0 <= those.high);
                return Formula::Constant(Some(holds));
            }
            Condition::Compare { left, operator, right: Term::Constant(value) } => {
                (number(left, current), Test::Number(*operator, value.0))
            }
            Condition::Compare { left: Term::Constant(value), operator, right } => {
                (number(right, current), Test::Number(operator.mirrored(), value.0))
            }
            Condition::Between { term, low: Term::Constant(low), high: Term::Constant(high) } => {
                (number(term, current), Test::Between(low.0, high.0))
            }
            Condition::OneOf { term, values } => (text(term), Test::Words(values)),
            Condition::Text { term, operator, value } => (text(term), Test::Shape(*operator, value)),
            Condition::Yes(term) => (text(term), Test::Yes),
            Condition::Has { list, which, values } => (Kind::Field(list), Test::Has(*which, values)),
            Condition::Known(path) => (Kind::Field(path), Test::Known),
            Condition::Happened { query, at_least, at_most } => {
                (Kind::Times(Happening::Events(query)), Test::Times { at_least: *at_least, at_most: *at_most })
            }
            Condition::Mentions { phrases, window } => (
                Kind::Times(Happening::Said { phrases: *phrases, window: *window }),
                Test::Times { at_least: 1, at_most: None },
            ),
            Condition::Routed { score, labels, certainty } => {
                (Kind::Route(*score), Test::Routed { labels, certainty: *certainty, current })
            }
            _ => return self.whole(condition, current),
        };
        let variable = self.variable(kind);
        self.test(variable, test)
    }

    fn whole(&mut self, condition: &'p Condition, current: bool) -> Formula {
        let variable = self.variable(Kind::Whole { condition, current });
        self.test(variable, Test::Holds)
    }

    fn test(&mut self, at: usize, test: Test<'p>) -> Formula {
        let negated = self.negated;
        let Some(variable) = self.all.get_mut(at) else { return Formula::Constant(None) };
        variable.denied |=
            negated || !matches!(test, Test::Times { at_most: None, .. } | Test::Known | Test::Holds | Test::Yes);
        let test = variable.tests.iter().position(|known| *known == test).unwrap_or_else(|| {
            variable.tests.push(test);
            variable.tests.len() - 1
        });
        Formula::Atom { variable: at, test }
    }

    /// The variable of that kind, made where there is none yet.
    pub(crate) fn variable(&mut self, kind: Kind<'p>) -> usize {
        let group = self.by_print.entry(print(&kind)).or_default();
        let known = group.iter().find(|at| self.all.get(**at).is_some_and(|variable| variable.kind == kind));
        if let Some(known) = known {
            return *known;
        }
        group.push(self.all.len());
        self.all.push(Variable {
            kind,
            tests: Vec::new(),
            denied: false,
            steps: Vec::new(),
            cells: Vec::new(),
            tables: Vec::new(),
        });
        self.all.len() - 1
    }

    /// Divides what each variable can be into cells. `range` says how far another score can go.
    pub(crate) fn settle(&mut self, range: &dyn Fn(ScoreRef) -> Interval) {
        let Self { program, events, all, .. } = self;
        for variable in all {
            let Some(cells) = cells::of(program, events, variable, range) else { continue };
            let table = |test: &Test<'p>| cells.iter().map(|cell| cells::truth(test, cell)).collect::<Vec<Truth>>();
            variable.tables = variable.tests.iter().map(table).collect();
            variable.cells = cells;
        }
    }

    /// What a test says in a cell.
    pub(crate) fn truth(&self, variable: usize, test: usize, cell: usize) -> Truth {
        self.all.get(variable).and_then(|variable| variable.tables.get(test)?.get(cell).copied()).flatten()
    }

    /// Pairs of variables of which the first counts nothing that the second does not count as well. Not all, where many are alike.
    pub(crate) fn nested(&self) -> Vec<(usize, usize)> {
        const COMPARED: usize = 32;
        let mut by_what: std::collections::BTreeMap<(bool, u32), Vec<usize>> = std::collections::BTreeMap::new();
        for (at, variable) in self.all.iter().enumerate() {
            match variable.kind {
                Kind::Times(Happening::Events(query)) => {
                    for event in &query.events {
                        by_what.entry((true, event.0)).or_default().push(at);
                    }
                }
                Kind::Times(Happening::Said { phrases, .. }) => {
                    by_what.entry((false, phrases.0)).or_default().push(at);
                }
                _ => {}
            }
        }
        let counted = |at: usize| match self.all.get(at)?.kind {
            Kind::Times(Happening::Events(query)) => {
                Some(Counted { query: Some(query), window: query.window, at_least: 0, at_most: None })
            }
            Kind::Times(Happening::Said { window, .. }) => {
                Some(Counted { query: None, window, at_least: 0, at_most: None })
            }
            _ => None,
        };
        let mut pairs = Vec::new();
        for group in by_what.values() {
            for narrow in group.iter().take(COMPARED) {
                for wide in group.iter().take(COMPARED).filter(|wide| *wide != narrow) {
                    let (Some(one), Some(other)) = (counted(*narrow), counted(*wide)) else { continue };
                    if one.within(&other) {
                        pairs.push((*narrow, *wide));
                    }
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }
}

fn number(term: &Term, current: bool) -> Kind<'_> {
    match term {
        Term::Field(path) => Kind::Field(path),
        Term::EventField(name) => Kind::EventFact(name),
        Term::Score(of) => Kind::Score { of: *of, current },
        Term::Aggregate(aggregate) if aggregate.function == language::syntax::AggregateFunction::Count => {
            Kind::Times(Happening::Events(&aggregate.query))
        }
        _ => Kind::Number { term, current: current && has_range(term, false) },
    }
}

fn text(term: &TextTerm) -> Kind<'_> {
    match term {
        TextTerm::Field(path) => Kind::Field(path),
        TextTerm::EventField(name) => Kind::EventFact(name),
        TextTerm::Latest(_) => Kind::Latest(term),
    }
}

/// Whether what is unknown leaves a range of it, and not nothing; with scores as they stand where `current`.
pub(crate) fn has_range(term: &Term, current: bool) -> bool {
    match term {
        Term::Score(_) => !current,
        Term::Aggregate(aggregate) => aggregate.function == language::syntax::AggregateFunction::Count,
        Term::Arithmetic { left, right, .. } => has_range(left, current) || has_range(right, current),
        Term::Constant(_) | Term::Field(_) | Term::EventField(_) | Term::Today | Term::Now => false,
    }
}

/// What a fact of an event, or a field, holds.
pub(crate) fn type_of<'p>(program: &'p Program, events: &[EventId], kind: &Kind<'p>) -> Option<&'p Type> {
    let fact = |events: &[EventId], name: &str| {
        let event = program.events.get(events.first()?.index())?;
        event.fields.iter().find(|field| field.name == name).map(|field| &field.ty)
    };
    match kind {
        Kind::Field(path) => program.field(path).map(|field| &field.ty),
        Kind::Latest(TextTerm::Latest(aggregate)) => fact(&aggregate.query.events, aggregate.field.as_ref()?),
        Kind::EventFact(name) => fact(events, name),
        _ => None,
    }
}

/// The numbers for which a test on one is true; none where there are two ranges of them.
pub(crate) fn interval(test: &Test<'_>) -> Option<Interval> {
    match test {
        Test::Number(operator, value) => Interval::of(*operator, language::Fixed(*value)),
        Test::Between(low, high) => Some(Interval { low: *low, high: *high }),
        _ => None,
    }
}

/// The numbers for which it is not, where those are one range and the others are two.
pub(crate) fn outside(test: &Test<'_>) -> Option<Interval> {
    match test {
        Test::Number(Comparison::NotEqual, value) => {
            Interval::of(Comparison::NotEqual.opposite(), language::Fixed(*value))
        }
        _ => None,
    }
}

/// Equal for equal kinds.
fn print(kind: &Kind<'_>) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    std::mem::discriminant(kind).hash(&mut hasher);
    match kind {
        Kind::Field(path) => path.hash(&mut hasher),
        Kind::Score { of, current } => (of, current).hash(&mut hasher),
        Kind::EventFact(name) => name.hash(&mut hasher),
        Kind::Times(Happening::Events(query)) => (&query.events, query.window).hash(&mut hasher),
        Kind::Times(Happening::Said { phrases, window }) => (phrases, window).hash(&mut hasher),
        Kind::Route(score) => score.hash(&mut hasher),
        // They are few; `==` tells them apart.
        Kind::Number { .. } | Kind::Latest(_) | Kind::Whole { .. } | Kind::Fresh(_) => {}
    }
    hasher.finish()
}
