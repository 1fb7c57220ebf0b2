//! Experiments: what is tried, and what counts as success.

use std::collections::HashMap;

use language::Span;
use language::syntax::{self, DeclarationKind, ExperimentClause};
use smol_str::SmolStr;

use super::Lowering;
use super::measure::count;
use crate::codes::messages::{experiment_clauses, unknown_arm};
use crate::modules::Declared;
use crate::program::{Choice, EventId, Experiment, ExperimentId, FileId, Period, Tried};

impl Lowering<'_> {
    pub(super) fn collect_experiments(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            let DeclarationKind::Experiment(experiment) = &declared.declaration.kind else { continue };
            let id = ExperimentId(count(self.program.experiments.len()));
            self.names.experiments.insert(experiment.name.text.clone(), id);
            let lowered = Experiment {
                name: experiment.name.text.clone(),
                arms: self.arms(declared, experiment),
                tries: Tried::default(),
                choose: Choice::default(),
                at_least: None,
                hold_out: None,
                half_life: None,
                stop: None,
                success: EventId::default(),
                within: None,
                origin: self.origin(declared.file, experiment.name.span),
            };
            self.program.experiments.push(lowered);
        }
    }

    pub(super) fn lower_experiments(&mut self) {
        let modules = self.modules;
        let experiments = modules.declarations.iter().filter_map(|declared| match &declared.declaration.kind {
            DeclarationKind::Experiment(experiment) => Some((declared, experiment)),
            _ => None,
        });
        for (place, (declared, experiment)) in experiments.enumerate() {
            if let Some((success, within)) = self.success(declared, experiment)
                && let Some(lowered) = self.program.experiments.get_mut(place)
            {
                (lowered.success, lowered.within) = (success, within);
            }
        }
    }

    /// What is tried: each a channel, once, and two of them at least.
    fn arms(&mut self, declared: &Declared, experiment: &syntax::Experiment) -> Vec<SmolStr> {
        let channels = self.channels();
        let mut first: Option<(FileId, Span)> = None;
        let mut seen: HashMap<&str, (FileId, Span)> = HashMap::new();
        let mut arms = Vec::new();
        let mut sound = !declared.declaration.broken;
        for (index, clause) in experiment.clauses.iter().enumerate() {
            let ExperimentClause::Try { variants, span } = clause else { continue };
            let file = declared.member_file(index);
            if let Some(first) = first.replace((file, *span)) {
                self.report(experiment_clauses::twice(file, *span, "try", first));
                sound = false;
            }
            for arm in variants {
                if let Some(first) = seen.insert(&arm.text, (file, arm.span)) {
                    self.report(experiment_clauses::arm_twice(file, arm, first));
                    sound = false;
                } else if !channels.contains(&arm.text) && !self.names.module_missing {
                    self.report(unknown_arm::diagnostic(file, arm, &channels));
                    sound = false;
                } else {
                    self.note_channel(file, arm.span, &arm.text);
                    arms.push(arm.text.clone());
                }
            }
        }
        if sound && arms.len() < 2 {
            let place = first.unwrap_or((declared.file, experiment.name.span));
            self.report(experiment_clauses::too_few(place, &experiment.name.text));
        }
        arms
    }

    fn success(&mut self, declared: &Declared, experiment: &syntax::Experiment) -> Option<(EventId, Option<Period>)> {
        let mut first: Option<(FileId, Span)> = None;
        let mut found = None;
        for (index, clause) in experiment.clauses.iter().enumerate() {
            let ExperimentClause::Success { event, within, span } = clause else { continue };
            let file = declared.member_file(index);
            if let Some(first) = first.replace((file, *span)) {
                self.report(experiment_clauses::twice(file, *span, "success", first));
                continue;
            }
            let event = self.event(file, event);
            let within = match within {
                Some(within) => self.span_of_time(file, *within).map(Some),
                None => Some(None),
            };
            found = event.zip(within);
        }
        if first.is_none() && !declared.declaration.broken {
            self.report(experiment_clauses::no_success(declared.file, &experiment.name));
        }
        found
    }
}
