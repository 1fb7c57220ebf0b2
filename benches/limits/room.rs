//! A playbook of two stages, and the engine that decides over it: what a durable transition is made of.

use std::collections::BTreeSet;
use std::sync::Arc;

use compiler::program::{Condition, ExperimentId, Fixed, Program, ScoreId, Subject, Term};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use runtime::engine::{Case, Context, EntryId, Input, Judge, RecordRef, Scored, Sending, Step, step};
use runtime::experiments::Chosen;
use runtime::runner::Book;
use smol_str::SmolStr;

const PLAYBOOK: &str = "client \"Bench\" {
  currency NZD
  timezone \"Pacific/Auckland\"
}

use std.crm

agent LeadGen {
  hands \"list\" to human
}

workflow LeadGeneration for Contact by LeadGen {
  start on contact.created
  stage Research {
    next Draft on reply.received
    next Lost  after 9 days
  }
  stage Draft {
    next Research on reply.received
    next Lost     after 9 days
  }
  end Lost as lost
}
";

pub(crate) struct Room {
    book: Book,
    switches: BTreeSet<SmolStr>,
}

impl Room {
    pub(crate) fn new() -> Self {
        let program = compiler::compile::compile_text("bench.playbook", PLAYBOOK).program.expect("no errors");
        Self { book: Book::new(Arc::new(program)).expect("a sound Program"), switches: BTreeSet::new() }
    }

    pub(crate) fn program(&self) -> &Program {
        &self.book.program
    }

    pub(crate) const fn zone(&self) -> &TimeZone {
        &self.book.zone
    }

    /// What follows from an event.
    pub(crate) fn happened(&self, case: &Case, next: EntryId, now: Timestamp, event: &str, row: i64) -> Step {
        let context = Context {
            program: &self.book.program,
            version: &self.book.version,
            zone: &self.book.zone,
            gate: &self.book,
            switches: &self.switches,
            channels: &[],
            next,
        };
        let input = Input::Happened { event: event.into(), of: case.record.clone(), row, at: now, cause: None };
        step(&context, case, &input, now, &mut Nothing).expect("it fits")
    }
}

/// Nothing is known; the two stages ask nothing.
struct Nothing;

impl Judge for Nothing {
    fn holds(&mut self, _: &RecordRef, _: Subject, _: &Condition) -> Option<bool> {
        None
    }

    fn holds_for_now(&mut self, _: &RecordRef, _: Subject, _: &Condition) -> bool {
        false
    }

    fn value(&mut self, _: &RecordRef, _: Subject, _: &Term) -> Option<Fixed> {
        None
    }

    fn fits(&mut self, _: i64, _: &Condition) -> bool {
        false
    }

    fn score(&mut self, _: &RecordRef, _: ScoreId) -> Option<Scored> {
        None
    }

    fn is_trusted(&mut self, _: ScoreId) -> bool {
        false
    }

    fn may_send(&mut self, _: &str) -> Sending {
        Sending::Never(Vec::new())
    }

    fn left_alone(&mut self, _: &str) -> Option<SmolStr> {
        None
    }

    fn has_started(&mut self, _: &str, _: &str, _: &RecordRef) -> bool {
        false
    }

    fn arm(&mut self, _: ExperimentId) -> Option<Chosen> {
        None
    }
}
