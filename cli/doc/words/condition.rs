//! Conditions over facts, in words.

use compiler::program::{
    Aggregate, Arithmetic, Certainty, Comparison, Condition, EventQuery, FactValue, FieldPath, Fixed, LabelId, ScoreId,
    ScoreRef, Term, TextOperator, TextTerm, Type, Which, Window,
};
use language::SCALE;
use language::syntax::AggregateFunction;

use super::{Words, listed, number, period, plain, quoted};

impl Words<'_> {
    /// A condition, or, `negated`, its contrary.
    pub(crate) fn condition(self, condition: &Condition, negated: bool) -> String {
        let not = if negated { "not " } else { "" };
        match condition {
            Condition::Not(inner) => self.condition(inner, !negated),
            Condition::All(parts) => self.joined(parts, negated, if negated { " or " } else { " and " }),
            Condition::Any(parts) => self.joined(parts, negated, if negated { " and " } else { " or " }),
            Condition::Compare { left, operator, right } => {
                let ty = self.term_type(left).or_else(|| self.term_type(right));
                let operator = if negated { operator.opposite() } else { *operator };
                let left = self.term(left, ty);
                format!("{left} {} {} {}", be(&left), compared(operator), self.term(right, ty))
            }
            Condition::Between { term, low, high } => {
                let ty = self.term_type(term);
                let (term, low, high) = (self.term(term, ty), self.term(low, ty), self.term(high, ty));
                format!("{term} {} {not}from {low} to {high}", be(&term))
            }
            Condition::OneOf { term, values } => {
                format!("{} is {not}{}", self.text_term(term), listed(values.iter().map(|value| quoted(value)), "or"))
            }
            Condition::Same { left, right } => {
                format!("{} is {not}the same as {}", self.text_term(left), self.text_term(right))
            }
            Condition::Text { term, operator, value } => {
                let (does, does_not) = match operator {
                    TextOperator::Starts => ("starts with", "does not start with"),
                    TextOperator::Ends => ("ends with", "does not end with"),
                    TextOperator::Contains => ("contains", "does not contain"),
                };
                format!("{} {} “{value}”", self.text_term(term), if negated { does_not } else { does })
            }
            Condition::Yes(term) => format!("{} is {}", self.text_term(term), if negated { "no" } else { "yes" }),
            Condition::Has { list, which, values } => {
                let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
                format!("{} {}", self.field(list), has(*which, negated, values.len(), &values))
            }
            Condition::HasOf { list, which, other } => {
                format!("{} {}", self.field(list), has(*which, negated, 2, &[self.field(other)]))
            }
            Condition::Known(field) => {
                let field = self.field(field);
                format!("{field} {} {not}known", be(&field))
            }
            Condition::Fresh { condition, window, .. } => {
                format!("{}, as seen in the last {}", self.condition(condition, negated), period(*window))
            }
            Condition::Happened { query, at_least, at_most } => self.happened(query, *at_least, *at_most, negated),
            Condition::Mentions { phrases, window } => {
                let name = self.program.phrases.get(phrases.index()).map(|set| plain(&set.name)).unwrap_or_default();
                let some = if negated { "no conversation" } else { "a conversation" };
                format!("{some}{} has words of “{name}”", within(*window))
            }
            Condition::Routed { score, labels, certainty } => self.routed(*score, labels, *certainty, negated),
        }
    }

    fn joined(self, parts: &[Condition], negated: bool, word: &str) -> String {
        if parts.is_empty() {
            return if (word == " and ") == negated { "never" } else { "always" }.to_owned();
        }
        let several = parts.len() > 1;
        let part = |part: &Condition| {
            let text = self.condition(part, negated);
            let is_group = matches!(part, Condition::All(parts) | Condition::Any(parts) if parts.len() > 1);
            if several && is_group { format!("({text})") } else { text }
        };
        parts.iter().map(part).collect::<Vec<_>>().join(word)
    }

    /// `stakeholder introduced at least 2 times in the last 60 days`
    fn happened(self, query: &EventQuery, at_least: u32, at_most: Option<u32>, negated: bool) -> String {
        let times = |count: u32| if count == 1 { "once".to_owned() } else { format!("{count} times") };
        let (first, how_often) = match (at_least, at_most, negated) {
            (0, Some(0), false) | (1, None, true) => ("no ", String::new()),
            (1, None, false) | (0, Some(0), true) => ("", String::new()),
            (least, None, false) => ("", format!(" at least {}", times(least))),
            (least, None, true) => ("", format!(" fewer than {}", times(least))),
            (0, Some(most), false) => ("", format!(" at most {}", times(most))),
            (0, Some(most), true) => ("", format!(" more than {}", times(most))),
            (least, Some(most), false) if least == most => ("", format!(" exactly {}", times(least))),
            (least, Some(most), _) => {
                ("", format!(" {}from {least} to {most} times", if negated { "not " } else { "" }))
            }
        };
        format!("{first}{}{how_often}{}", self.events(query, "or"), self.circumstances(query))
    }

    /// `email clicked, reply received or meeting attended`
    pub(crate) fn events(self, query: &EventQuery, and: &str) -> String {
        listed(query.events.iter().map(|event| self.event(*event)), and)
    }

    /// `, in the last 14 days, where path is “/pricing”`
    pub(crate) fn circumstances(self, query: &EventQuery) -> String {
        let filter = query.filter.as_ref().map(|filter| format!(", where {}", self.condition(filter, false)));
        format!("{}{}", within(query.window), filter.unwrap_or_default())
    }

    fn routed(self, score: ScoreId, labels: &[LabelId], certainty: Option<Certainty>, negated: bool) -> String {
        let Some(score) = self.program.scores.get(score.index()) else { return String::new() };
        let labels = labels.iter().filter_map(|label| score.labels.get(label.index())).map(|label| plain(label));
        let certainty = match certainty {
            Some(Certainty::Certain) => "certainly ",
            Some(Certainty::Provisional) => "provisionally ",
            None => "",
        };
        let not = if negated { "not " } else { "" };
        format!("{} is {not}{certainty}{}", plain(&score.name), listed(labels, "or"))
    }

    /// `the company's industry`, `job title`
    pub(crate) fn field(self, path: &FieldPath) -> String {
        let mut entity = self.program.entities.get(path.entity.index());
        let mut words = String::new();
        for step in &path.relations {
            let Some(field) = entity.and_then(|entity| entity.fields.get(step.index())) else { break };
            words = if words.is_empty() { "the ".to_owned() } else { words };
            words.push_str(&plain(&field.name));
            words.push_str("’s ");
            entity = match &field.ty {
                Type::Record(id) => self.program.entities.get(id.index()),
                _ => None,
            };
        }
        let field = entity.and_then(|entity| entity.fields.get(path.field.index()));
        words + &field.map(|field| plain(&field.name)).unwrap_or_default()
    }

    fn text_term(self, term: &TextTerm) -> String {
        match term {
            TextTerm::Field(path) => self.field(path),
            TextTerm::EventField(name) => plain(name),
            TextTerm::Latest(aggregate) => self.aggregate(aggregate),
        }
    }

    /// A calculation; constants in the unit of what they are compared with.
    pub(crate) fn term(self, term: &Term, ty: Option<&Type>) -> String {
        // What the playbook has a name for is called by it.
        let named =
            self.program.facts.iter().find(|fact| matches!(&fact.value, FactValue::Term(known, _) if known == term));
        if let (Some(fact), Term::Aggregate(_) | Term::Arithmetic { .. }) = (named, term) {
            return plain(&fact.name);
        }
        self.spelled(term, ty)
    }

    /// A calculation, in full where it has a name.
    pub(crate) fn spelled(self, term: &Term, ty: Option<&Type>) -> String {
        match term {
            Term::Constant(value) => self.value(*value, ty),
            Term::Field(path) => self.field(path),
            Term::EventField(name) => plain(name),
            Term::Aggregate(aggregate) => self.aggregate(aggregate),
            Term::Score(of) => self.score(*of),
            Term::Arithmetic { operator, left, right } => {
                let operator = match operator {
                    Arithmetic::Plus => "+",
                    Arithmetic::Minus => "−",
                    Arithmetic::Times => "×",
                    Arithmetic::Over => "÷",
                };
                let side = |side: &Term| {
                    let text = self.term(side, ty);
                    if matches!(side, Term::Arithmetic { .. }) { format!("({text})") } else { text }
                };
                format!("{} {operator} {}", side(left), side(right))
            }
            Term::Today => "today".to_owned(),
            Term::Now => "now".to_owned(),
        }
    }

    /// `icp`, `the layer investment`
    pub(crate) fn score(self, of: ScoreRef) -> String {
        let Some(score) = self.program.scores.get(of.score.index()) else { return String::new() };
        let layer = of.layer.and_then(|layer| score.layers.get(layer as usize)).and_then(|layer| layer.name.as_deref());
        layer.map_or_else(|| plain(&score.name), |layer| format!("{} in {}", plain(layer), plain(&score.name)))
    }

    /// `the median reply delay in the last 60 days`
    fn aggregate(self, aggregate: &Aggregate) -> String {
        let query = &aggregate.query;
        let (function, field) = match (aggregate.function, &aggregate.field) {
            (AggregateFunction::Count, _) | (_, None) => {
                return format!("the count of {}{}", self.events(query, "or"), self.circumstances(query));
            }
            (function, Some(field)) => (function, plain(field)),
        };
        let function = match function {
            AggregateFunction::Count => "number of",
            AggregateFunction::Average => "average",
            AggregateFunction::Median => "median",
            AggregateFunction::Sum => "sum of",
            AggregateFunction::Highest => "highest",
            AggregateFunction::Lowest => "lowest",
            AggregateFunction::Latest => "latest",
        };
        format!("the {function} {field} of {}{}", self.events(query, "or"), self.circumstances(query))
    }

    fn term_type(&self, term: &Term) -> Option<&Type> {
        let of_event = |name: &str, events: &[compiler::program::EventId]| {
            let event = self.program.events.get(events.first()?.index())?;
            event.fields.iter().find(|field| field.name == name).map(|field| &field.ty)
        };
        match term {
            Term::Field(path) => self.program.field(path).map(|field| &field.ty),
            Term::Aggregate(Aggregate { function: AggregateFunction::Count, .. }) => None,
            Term::Aggregate(aggregate) => of_event(aggregate.field.as_deref()?, &aggregate.query.events),
            Term::Arithmetic { left, right, .. } => self.term_type(left).or_else(|| self.term_type(right)),
            _ => None,
        }
    }

    /// A number in its unit.
    fn value(self, value: Fixed, ty: Option<&Type>) -> String {
        match ty {
            Some(Type::Percent) => format!("{}%", number(value)),
            Some(Type::Money) => self.money(value),
            Some(Type::Duration) => duration(value),
            Some(Type::Date | Type::Time) => instant(value, matches!(ty, Some(Type::Date))),
            _ => number(value),
        }
    }
}

/// ` in the last 14 days`
fn within(window: Option<Window>) -> String {
    window.map(|window| format!(" in the last {}", period(window))).unwrap_or_default()
}

/// `is`, or `are` behind what looks like several.
fn be(name: &str) -> &'static str {
    let is_one = ["ss", "us", "is"].iter().any(|ending| name.ends_with(ending)) || name.contains(" of ");
    if name.ends_with('s') && !is_one { "are" } else { "is" }
}

fn has(which: Which, negated: bool, several: usize, values: &[String]) -> String {
    let one = several == 1;
    let words = match (which, negated, one) {
        (Which::Any | Which::All, false, true) | (Which::None, true, true) => "include",
        (Which::Any | Which::All, true, true) | (Which::None, false, true) => "do not include",
        (Which::Any, false, false) | (Which::None, true, false) => "include any of",
        (Which::All, false, false) => "include all of",
        (Which::None, false, false) | (Which::Any, true, false) => "include none of",
        (Which::All, true, false) => "lack some of",
    };
    format!("{words} {}", values.join(", "))
}

pub(super) const fn compared(operator: Comparison) -> &'static str {
    match operator {
        Comparison::Less => "under",
        Comparison::AtMost => "at most",
        Comparison::More => "over",
        Comparison::AtLeast => "at least",
        Comparison::Equal => "exactly",
        Comparison::NotEqual => "not",
    }
}

/// In the largest unit that divides it.
pub(crate) fn duration(seconds: Fixed) -> String {
    for (unit, length) in [("day", 86_400), ("hour", 3_600), ("minute", 60)] {
        if seconds.0 != 0 && seconds.0 % (SCALE * length) == 0 {
            let amount = seconds.0 / (SCALE * length);
            return format!("{amount} {unit}{}", if amount.abs() == 1 { "" } else { "s" });
        }
    }
    format!("{} seconds", number(seconds))
}

fn instant(seconds: Fixed, day: bool) -> String {
    let Ok(instant) = jiff::Timestamp::from_second(seconds.0 / SCALE) else { return seconds.to_string() };
    let civil = instant.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    if day { civil.strftime("%-d %B %Y").to_string() } else { civil.strftime("%-d %B %Y, %H:%M UTC").to_string() }
}
