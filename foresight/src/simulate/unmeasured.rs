//! Goals that a scenario cannot measure, and why: what nothing in it brings about is neither reached nor missed.

use compiler::program::{Counted, EventId, FieldPath, Goal, Measure, WorkflowId, raised_by};
use smol_str::{SmolStr, format_smolstr};

use super::figures::{Figures, watched};
use super::setting::Setting;

/// By goal of the playbook, over all seeds.
pub(super) fn unmeasured(setting: &Setting, seeds: &[Figures]) -> Vec<Option<SmolStr>> {
    let program = setting.program();
    let mut events = watched(setting);
    events.extend(raised_by("send").iter().filter_map(|name| program.event(name)));
    let costs = seeds.iter().any(|seed| seed.cost > 0.0);
    let measuring = Measuring { setting, events, costs };
    let why = |(place, goal): (usize, &Goal)| {
        let undefined = || {
            let of = |seed: &Figures| seed.goals.get(place).cloned().unwrap_or_default();
            let is_defined = seeds.iter().any(|seed| of(seed).holds.is_some());
            let note = || seeds.iter().find_map(|seed| of(seed).note);
            (!is_defined).then(|| note().unwrap_or_else(|| "there is nothing to measure in a scenario".into()))
        };
        measuring.never(&goal.measure).or_else(undefined)
    };
    program.goals.iter().enumerate().map(why).collect()
}

struct Measuring<'s> {
    setting: &'s Setting,
    /// What can happen to a contact.
    events: Vec<EventId>,
    /// Something that was done costs something.
    costs: bool,
}

impl Measuring<'_> {
    fn never(&self, measure: &Measure) -> Option<SmolStr> {
        match measure {
            Measure::Count { of, .. } => self.counted(of),
            Measure::Share { of, with, .. } => self.counted(of).or_else(|| self.event(*with)),
            Measure::Sum { field, entering, .. } => self.sum(field, *entering),
            Measure::SpendPer { each, .. } => self.counted(each).or_else(|| {
                let why = "nothing that was done in it costs anything, and a scenario pays no port";
                (!self.costs).then(|| why.into())
            }),
            Measure::Growth { of, .. } => self.event(*of),
            Measure::Maturity(_) => Some("a scenario shows no maturity: that is of runs and signatures".into()),
        }
    }

    fn counted(&self, of: &Counted) -> Option<SmolStr> {
        match of {
            Counted::Event(event) => self.event(*event),
            Counted::Entered(..) | Counted::Done(..) | Counted::Ended(_) | Counted::Routed(..) => None,
        }
    }

    fn event(&self, event: EventId) -> Option<SmolStr> {
        if self.events.contains(&event) {
            return None;
        }
        let name = self.setting.program().events.get(event.index()).map(|event| event.name.as_str());
        Some(format_smolstr!("no line of the scenario brings `{}`", name.unwrap_or_default()))
    }

    /// The field of records that a workflow of deals is entered with: what a deal is worth is all that may be known of it.
    fn sum(&self, field: &FieldPath, entering: WorkflowId) -> Option<SmolStr> {
        let program = self.setting.program();
        let workflow = program.workflows.get(entering.index())?;
        let path = program.path_name(field);
        let is_worth = field.relations.is_empty()
            && Some(field.entity) == self.setting.book().deal
            && Some(field.field) == self.setting.layout.deal_value();
        if workflow.entity != field.entity || !is_worth {
            return Some(format_smolstr!("nobody in a scenario says `{path}`"));
        }
        self.setting.worth.is_none().then(|| "nobody says what a deal is worth: --worth does".into())
    }
}
