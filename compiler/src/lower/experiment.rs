//! Experiments: what is tried, and what counts as success.

use language::syntax::{self, DeclarationKind, ExperimentClause, Name};
use language::{SCALE, Span};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::measure::count;
use super::recorded::Named;
use crate::codes::messages::{experiment_clauses, experiment_shares, mixed_arms, unknown_arm, unknown_choice};
use crate::modules::Declared;
use crate::program::{ArmKind, Choice, EventId, Experiment, ExperimentId, FileId, Fixed, Period, Stop};

const HUNDRED: Fixed = Fixed(100 * SCALE);
const HALF: Fixed = Fixed(50 * SCALE);

impl Lowering<'_> {
    pub(super) fn collect_experiments(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            let DeclarationKind::Experiment(experiment) = &declared.declaration.kind else { continue };
            let id = ExperimentId(count(self.program.experiments.len()));
            self.names.experiments.insert(experiment.name.text.clone(), id);
            let (of, arms) = self.arms(declared, experiment);
            let lowered = Experiment {
                name: experiment.name.text.clone(),
                arms,
                of,
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
            self.choosing(declared, experiment, place);
        }
    }

    /// What is tried: each once, two of them at least, and all of the kind that the first one is of.
    fn arms(&mut self, declared: &Declared, experiment: &syntax::Experiment) -> (ArmKind, Vec<SmolStr>) {
        let channels = self.channels();
        let templates: Vec<SmolStr> = self.program.templates.iter().map(|template| template.name.clone()).collect();
        let mut first: Option<(FileId, Span)> = None;
        let mut seen: FxHashMap<&str, (FileId, Span)> = FxHashMap::default();
        let mut kind: Option<(ArmKind, FileId, &Name)> = None;
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
                    continue;
                }
                let wanted = kind.map(|(kind, ..)| kind);
                let Some(is) = self.arm_kind(arm, wanted, &channels) else {
                    if self.names.scores.contains_key(&arm.text) {
                        self.report(unknown_arm::score(file, arm));
                    } else if !self.names.module_missing && !self.names.perhaps(&arm.text) {
                        self.report(unknown_arm::diagnostic(file, arm, wanted, &channels, &templates));
                    }
                    sound = false;
                    continue;
                };
                match kind {
                    Some((wanted, file_of_first, first)) if wanted != is => {
                        self.report(mixed_arms::diagnostic((file, arm, is), (file_of_first, first, wanted)));
                        sound = false;
                    }
                    _ => {
                        kind.get_or_insert((is, file, arm));
                        self.note_arm(file, arm, is);
                        arms.push(arm.text.clone());
                    }
                }
            }
        }
        if sound && arms.len() < 2 {
            let place = first.unwrap_or((declared.file, experiment.name.span));
            self.report(experiment_clauses::too_few(place, &experiment.name.text));
        }
        (kind.map_or_else(ArmKind::default, |(kind, ..)| kind), arms)
    }

    /// What an arm's name means, that kind first which is wanted.
    fn arm_kind(&self, arm: &Name, wanted: Option<ArmKind>, channels: &[SmolStr]) -> Option<ArmKind> {
        let is = |kind: &ArmKind| match kind {
            ArmKind::Channels => channels.contains(&arm.text),
            ArmKind::Templates => self.names.templates.contains_key(&arm.text),
        };
        wanted.into_iter().chain([ArmKind::Channels, ArmKind::Templates]).find(is)
    }

    fn note_arm(&self, file: FileId, arm: &Name, kind: ArmKind) {
        match kind {
            ArmKind::Channels => self.note_channel(file, arm.span, &arm.text),
            ArmKind::Templates => {
                if let Some(template) = self.names.templates.get(&arm.text) {
                    self.note(file, arm.span, Named::Template(*template));
                }
            }
        }
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

    /// How the next one is chosen, and when that ends.
    fn choosing(&mut self, declared: &Declared, experiment: &syntax::Experiment, place: usize) {
        let mut first: FxHashMap<&'static str, (FileId, Span)> = FxHashMap::default();
        let (mut choose, mut half_life, mut stop) = (Choice::default(), None, None);
        let (mut at_least, mut hold_out) = (None, None);
        for (index, clause) in experiment.clauses.iter().enumerate() {
            if matches!(clause, ExperimentClause::Try { .. } | ExperimentClause::Success { .. }) {
                continue;
            }
            let file = declared.member_file(index);
            if let Some(first) = first.insert(clause.what(), (file, clause.span())) {
                self.report(experiment_clauses::twice(file, clause.span(), clause.what(), first));
                continue;
            }
            match clause {
                ExperimentClause::Choose { how, by, span } => choose = self.choice(file, how, *by, *span),
                ExperimentClause::AtLeast { share, .. } => at_least = Some((file, *share)),
                ExperimentClause::HoldOut { share: (share, span), .. } if *share >= HUNDRED => {
                    self.report(experiment_shares::all_held_out(file, *span));
                }
                ExperimentClause::HoldOut { share: (share, _), .. } => hold_out = Some(*share),
                ExperimentClause::Forget { every, .. } => half_life = self.half_life(file, *every, "what was seen"),
                ExperimentClause::Stop { probability: (probability, span), after, .. } => {
                    let after = self.whole(file, after.value, after.span, 1, 1_000_000);
                    if *probability >= HUNDRED || *probability < HALF {
                        self.report(experiment_shares::never_so_probable(file, *span, self.text(file, *span)));
                    } else if let Some(after) = after {
                        stop = Some(Stop { probability: *probability, after });
                    }
                }
                ExperimentClause::Try { .. } | ExperimentClause::Success { .. } => {}
            }
        }
        let arms = self.program.experiments.get(place).map_or(0, |experiment| experiment.arms.len());
        if let Some((file, (each, span))) = at_least {
            let number = Fixed::from_integer(i64::try_from(arms).unwrap_or(i64::MAX));
            if each.times(number).plus(hold_out.unwrap_or(Fixed::ZERO)) > HUNDRED {
                self.report(experiment_shares::too_much(file, span, arms, each, hold_out));
            }
        }
        if let Some(lowered) = self.program.experiments.get_mut(place) {
            lowered.at_least = at_least.map(|(_, (each, _))| each);
            (lowered.choose, lowered.hold_out, lowered.half_life, lowered.stop) = (choose, hold_out, half_life, stop);
        }
    }

    fn choice(&mut self, file: FileId, how: &Name, by: bool, span: Span) -> Choice {
        let choice = match how.text.as_str() {
            "evenly" => Choice::Evenly,
            "thompson" => Choice::Thompson,
            "ucb" => Choice::Ucb,
            _ => {
                self.report(unknown_choice::diagnostic(file, how));
                return Choice::default();
            }
        };
        if by == (choice == Choice::Evenly) {
            self.report(unknown_choice::written(file, span, &format!("choose {}", choice.words())));
        }
        choice
    }
}
