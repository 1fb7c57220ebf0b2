//! The embedded default: deterministic workers that need no network, no model and no clock. The same assignment and the same
//! research notes give the same outcome, to the letter.

mod analyse;
mod criteria;
mod mark;
mod notes;
mod rate;
mod research;
mod schedule;
pub(super) mod values;
mod write;

pub use notes::Notes;

use super::{Assignment, BoxFuture, Outcome, PortError, Task, Worker};

/// All the built-in workers, behind one port.
#[derive(Clone, Debug, Default)]
pub struct BuiltIn {
    notes: Option<Notes>,
}

impl BuiltIn {
    /// With a folder of research notes, or with what the assignment holds alone.
    #[must_use]
    pub const fn new(notes: Option<Notes>) -> Self {
        Self { notes }
    }

    /// Does it. Reads the notes' files and nothing else.
    ///
    /// # Errors
    /// Where a template wants a fact that is missing, a zone is none, or a file of the notes cannot be read.
    pub fn outcome(&self, assignment: &Assignment) -> Result<Outcome, PortError> {
        match &assignment.task {
            Task::Research { wanted, currency, .. } => {
                research::research(assignment, wanted, currency, self.notes.as_ref())
            }
            Task::Write { subject, body, sender, client, .. } => {
                write::write(assignment, subject.as_deref(), body, &write::Who { sender, client })
            }
            Task::Rate { rubric, lines, text } => Ok(rate::rate(assignment, rubric, lines, text)),
            Task::Analyse { phrases } => analyse::analyse(assignment, phrases),
            Task::Schedule { what, zone, hours, holidays, minutes, count, earliest, busy } => schedule::schedule(
                assignment.now,
                what,
                &schedule::Wish {
                    zone,
                    hours: *hours,
                    holidays,
                    minutes: *minutes,
                    count: *count,
                    earliest: *earliest,
                    busy,
                },
            ),
            Task::Mark { stage, word } => Ok(mark::mark(assignment, stage, word)),
        }
    }
}

impl Worker for BuiltIn {
    fn work<'a>(&'a self, assignment: &'a Assignment) -> BoxFuture<'a, Result<Outcome, PortError>> {
        Box::pin(async move { self.outcome(assignment) })
    }
}
