//! Runs that go on in another stage because the playbook was changed: a person has said where.

use smol_str::SmolStr;

use super::step::Stepper;
use super::{Entry, EntryId, Refusal};

/// A run that goes on in another stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relocation {
    /// Which.
    pub run: EntryId,
    /// In which workflow.
    pub workflow: SmolStr,
    /// In which stage.
    pub stage: SmolStr,
}

impl Stepper<'_> {
    /// Moves runs to where a person has said; what was open about the stages they leave is void. They go on at once.
    pub(super) fn moved(&mut self, moves: &[Relocation], by: &SmolStr, why: Option<&str>) -> Result<(), Refusal> {
        for Relocation { run: id, workflow, stage } in moves {
            let run = self.case.run(*id).cloned().ok_or(Refusal::NotUnderWay(*id))?;
            let is_there = self.context.workflow(workflow).is_some_and(|known| known.stage(stage).is_some());
            if !is_there {
                return Err(Refusal::NotUnderWay(*id));
            }
            self.drop_open(*id, "the playbook was changed");
            let offers: Vec<EntryId> =
                self.case.handoffs.iter().filter(|offer| offer.run == *id).map(|offer| offer.id).collect();
            for offer in offers {
                self.emit(Entry::OfferAnswered { offer, accepted: false, by: by.clone() });
            }
            let version = self.context.version.into();
            self.emit(Entry::Moved { run: *id, workflow: workflow.clone(), version, by: by.clone() });
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            let way = format!("moved by {by}, because the playbook was changed{why}").into();
            let seconds = self.now.duration_since(run.entered).as_secs();
            let (from, stage, by) = (Some(run.stage), stage.clone(), by.clone());
            self.emit(Entry::Entered { run: *id, from, stage, way, seconds, by });
        }
        Ok(())
    }
}
