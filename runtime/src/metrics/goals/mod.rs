//! The goals of a playbook, measured at an instant: over the period that it is in, and over the last complete one.
//!
//! Two answers are given. `holds` is about the figure itself: twenty-two is at least twenty. The verdict is about what the workflow
//! does as a rule: met or missed once the whole interval lies on one side of the limit, undecided while the limit is inside it.
//! What nobody can measure is undefined, and says why.

mod counted;
mod figure;
mod growth;
mod spend;
mod verdict;

use compiler::program::{Goal, Limit, Measure, Period, Program};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::maturity::Matured;
use super::observed::Observed;
use super::period::Span;
pub use figure::{Figure, Unit};
pub use spend::cost;
pub use verdict::{Verdict, judge};

/// What goals are measured by.
#[derive(Clone, Copy)]
pub struct Measuring<'a> {
    /// The playbook.
    pub program: &'a Program,
    /// The client's zone.
    pub zone: &'a TimeZone,
    /// The instant.
    pub now: Timestamp,
    /// What is measured.
    pub observed: &'a Observed,
    /// How mature each workflow is.
    pub maturity: &'a [Matured],
}

/// A goal, measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// `F1`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<SmolStr>,
    /// In words.
    pub title: SmolStr,
    /// As written, from the limit on.
    pub words: SmolStr,
    /// The limit; none where the goal is about maturity or growth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// The period that the instant is in; of a goal without periods, all until now.
    pub current: Reading,
    /// The last complete period; none where the goal has no periods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Reading>,
}

/// What was found in a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The period; none where the goal is about how things stand now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// How much of it has passed, from 0 to 1.
    pub elapsed: f64,
    /// The figure, its interval, and what is odd about them.
    #[serde(flatten)]
    pub figure: Figure,
    /// Whether the figure is on the right side of the limit as it stands; none where it is undefined.
    pub holds: Option<bool>,
    /// Whether the goal is met as a rule.
    pub verdict: Verdict,
}

/// Measures every goal of the Program, in source order.
#[must_use]
pub fn goals(measuring: Measuring<'_>) -> Vec<Measured> {
    measuring.program.goals.iter().map(|goal| measuring.goal(goal)).collect()
}

impl Measuring<'_> {
    fn goal(self, goal: &Goal) -> Measured {
        let (limit, current, last) = match &goal.measure {
            Measure::Count { limit, per, of } => self.periodic(*limit, *per, |span| figure::count(self, of, span)),
            Measure::Share { limit, per, of, with } => {
                self.periodic(*limit, *per, |span| figure::share(self, of, *with, span))
            }
            Measure::Sum { limit, per, field, entering } => {
                self.periodic(*limit, *per, |span| figure::sum(self, field, *entering, span))
            }
            Measure::SpendPer { limit, per, each } => {
                self.periodic(*limit, *per, |span| spend::per_unit(self, each, span))
            }
            Measure::Maturity(wanted) => (None, figure::maturity(self, *wanted), None),
            Measure::Growth { of, later, earlier } => (None, growth::growth(self, *of, *later, *earlier), None),
        };
        Measured { name: goal.name.clone(), title: goal.title.clone(), words: goal.words.clone(), limit, current, last }
    }

    /// Reads a figure over the current period and over the last one.
    fn periodic(
        self,
        limit: Limit,
        per: Option<Period>,
        figure: impl Fn(Span) -> Figure,
    ) -> (Option<Limit>, Reading, Option<Reading>) {
        let read = |span: Span| {
            let mut figure = figure(span);
            // Of a time before the first entry nothing can be blamed on the playbook.
            if self.observed.journal.began.is_none_or(|began| began >= span.until) {
                figure = Figure::undefined(figure.unit, "the playbook had not run yet");
            }
            let holds = figure.value.map(|value| verdict::holds(limit, value));
            let verdict = judge(limit, &figure);
            Reading { span: Some(span), elapsed: span.elapsed(self.now), figure, holds, verdict }
        };
        let Some(per) = per else {
            let from = self.observed.journal.began.unwrap_or(self.now);
            // The instant itself belongs to what has been so far.
            let until = self.now.checked_add(jiff::SignedDuration::from_micros(1)).unwrap_or(self.now);
            let reading = Reading { elapsed: 1.0, ..read(Span { from, until }) };
            return (Some(limit), reading, None);
        };
        let (current, last) = Span::current_and_last(&self.program.client, self.zone, self.now, per);
        (Some(limit), read(current), Some(read(last)))
    }
}
