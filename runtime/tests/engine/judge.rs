//! A judge written by hand: it says what the test told it, and knows no CRM.

use std::collections::BTreeSet;
use std::sync::Arc;

use compiler::program::{Certainty, Condition, ExperimentId, Fixed, Program, ScoreId, Subject, Term};
use runtime::engine::{Judge, RecordRef, Scored, Sending};
use runtime::experiments::{Chosen, Why};
use smol_str::SmolStr;

/// What is so, until the test says otherwise.
#[derive(Clone)]
pub(crate) struct Facts {
    pub(crate) program: Arc<Program>,
    /// Fields that are known, by their paths.
    pub(crate) known: BTreeSet<&'static str>,
    /// Where every score routes.
    pub(crate) route: SmolStr,
    /// Nothing can change that any more.
    pub(crate) certain: bool,
    /// Scores may route by themselves.
    pub(crate) trusted: bool,
    /// What the contact policy says.
    pub(crate) sending: Sending,
    /// Why nobody may write to the contact any more.
    pub(crate) left_alone: Option<SmolStr>,
    /// What every watched term is.
    pub(crate) value: Option<Fixed>,
    /// Every start that there was.
    pub(crate) started: BTreeSet<(SmolStr, SmolStr, RecordRef)>,
}

impl Facts {
    pub(crate) fn new(program: Arc<Program>) -> Self {
        Self {
            program,
            known: BTreeSet::new(),
            route: "cold".into(),
            certain: true,
            trusted: true,
            sending: Sending::Now,
            left_alone: None,
            value: None,
            started: BTreeSet::new(),
        }
    }

    fn says(&self, condition: &Condition, for_now: bool) -> Option<bool> {
        match condition {
            Condition::Known(path) => Some(self.known.contains(self.program.path_name(path).as_str())),
            Condition::Not(inner) => self.says(inner, for_now).map(|value| !value),
            Condition::All(parts) => {
                let all: Vec<Option<bool>> = parts.iter().map(|part| self.says(part, for_now)).collect();
                if all.contains(&Some(false)) {
                    Some(false)
                } else {
                    all.into_iter().collect::<Option<Vec<_>>>().map(|_| true)
                }
            }
            Condition::Routed { score, labels, certainty } => {
                let names = &self.program.scores[score.index()].labels;
                let is_there = labels.iter().any(|label| names[label.index()] == self.route);
                match certainty {
                    None if self.certain || for_now => Some(is_there),
                    None => None,
                    Some(Certainty::Certain) => Some(self.certain && is_there),
                    Some(Certainty::Provisional) => Some(!self.certain && is_there),
                }
            }
            other => panic!("the playbooks of these tests do not ask {other:?}"),
        }
    }
}

impl Judge for Facts {
    fn holds(&mut self, _: &RecordRef, _: Subject, condition: &Condition) -> Option<bool> {
        self.says(condition, false)
    }

    fn holds_for_now(&mut self, _: &RecordRef, _: Subject, condition: &Condition) -> bool {
        self.says(condition, true) == Some(true)
    }

    fn value(&mut self, _: &RecordRef, _: Subject, _: &Term) -> Option<Fixed> {
        self.value
    }

    fn fits(&mut self, _: i64, _: &Condition) -> bool {
        true
    }

    fn score(&mut self, _: &RecordRef, _: ScoreId) -> Option<Scored> {
        let value: Fixed = "40".parse().unwrap();
        let (route, certain) = (Some(self.route.clone()), self.certain);
        Some(Scored { value, low: value, high: value, route, certain, layers: Vec::new() })
    }

    fn is_trusted(&mut self, _: ScoreId) -> bool {
        self.trusted
    }

    fn may_send(&mut self, _: &str) -> Sending {
        self.sending.clone()
    }

    fn left_alone(&mut self, _: &str) -> Option<SmolStr> {
        self.left_alone.clone()
    }

    fn has_started(&mut self, workflow: &str, trigger: &str, record: &RecordRef) -> bool {
        self.started.contains(&(workflow.into(), trigger.into(), record.clone()))
    }

    fn arm(&mut self, _: ExperimentId) -> Option<Chosen> {
        Some(Chosen { arm: "email".into(), why: Why::Lot })
    }
}
