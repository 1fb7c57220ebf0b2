//! Scenarios: who comes in, how people and buyers behave, and what has to come out.

use language::syntax::{self, DeclarationKind, Name, Path, ScenarioClause, Text};
use language::{SCALE, Span};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::measure::count;
use super::recorded::Named;
use super::scope::Scope;
use crate::codes::trials::{
    bad_chance, habit_covered, leads_file, nobody_comes, scenario_without_end, title_twice, unknown_habit,
    unknown_trial_goal,
};
use crate::codes::workflows::said_twice;
use crate::modules::Declared;
use crate::program::{
    BuyerHabit, FileId, Fixed, LeadStream, Limit, LimitKind, PersonAct, PersonHabit, Scenario, SeedExpectation,
};

const HUNDRED: Fixed = Fixed(100 * SCALE);

/// Of a scenario that names none.
const SEED: u64 = 1;

impl Lowering<'_> {
    pub(super) fn lower_scenarios(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            if let DeclarationKind::Scenario(scenario) = &declared.declaration.kind {
                let first = self.said.scenarios.iter().find(|known| known.title == scenario.title.value);
                if let Some(first) = first.map(|first| first.origin) {
                    self.report(title_twice::diagnostic(declared.file, &scenario.title, "scenario", first));
                }
                let lowered = self.scenario(declared, scenario);
                self.said.scenarios.push(lowered);
            }
        }
    }

    fn scenario(&mut self, declared: &Declared, scenario: &syntax::Scenario) -> Scenario {
        let file = declared.file;
        let mut lowered = Scenario {
            title: scenario.title.value.clone(),
            leads: Vec::new(),
            seed: SEED,
            people: Vec::new(),
            buyers: Vec::new(),
            expectations: Vec::new(),
            origin: self.origin(file, scenario.title.span),
        };
        let mut seeded: Option<Span> = None;
        let mut habits: FxHashMap<PersonAct, Vec<(Option<SmolStr>, Span)>> = FxHashMap::default();
        let (mut come, mut endless): (bool, Option<Span>) = (false, None);
        let mut ends = false;
        for clause in &scenario.clauses {
            match clause {
                ScenarioClause::Leads { count, per, from, during, span } => {
                    come = true;
                    ends |= during.is_some();
                    endless = endless.or(Some(*span));
                    let number = self.whole(file, count.value, count.span, 1, 1_000_000);
                    let per = self.per(file, per);
                    let from = self.leads_file(file, from);
                    let during = match during {
                        Some(during) => self.period(file, *during).map(Some),
                        None => Some(None),
                    };
                    if let (Some(count), Some(per), Some(from), Some(during)) = (number, per, from, during) {
                        let origin = self.origin(file, *span);
                        lowered.leads.push(LeadStream { count, per, from, during, origin });
                    }
                }
                ScenarioClause::Seed { value, span } => match seeded {
                    Some(first) => self.report(said_twice::diagnostic(file, "seed", *span, (file, first))),
                    None => {
                        seeded = Some(*span);
                        if let Some(seed) = self.whole(file, value.value, value.span, 0, u32::MAX) {
                            lowered.seed = u64::from(seed);
                        }
                    }
                },
                ScenarioClause::Person { .. } => {
                    let habit = self.person_habit(file, clause);
                    if let Some((habit, span)) = habit {
                        let known = habits.entry(habit.act).or_default();
                        let first = known.iter().find(|(whom, _)| whom.is_none() || *whom == habit.whom);
                        match first.map(|(_, first)| *first) {
                            Some(first) => self.report(habit_covered::diagnostic(file, span, first)),
                            None => {
                                known.push((habit.whom.clone(), span));
                                lowered.people.push(habit);
                            }
                        }
                    }
                }
                ScenarioClause::Buyer { .. } => lowered.buyers.extend(self.buyer_habit(file, clause)),
                ScenarioClause::Expect { goal, bound, share, span } => {
                    let goal = self.goal_named(file, goal);
                    let value = self.chance(file, *share);
                    if let (Some(goal), Some(value)) = (goal, value) {
                        lowered.expectations.push(SeedExpectation {
                            goal,
                            share: Limit { kind: limit_kind(*bound), value, percent: true },
                            words: self.words(file, *span),
                            origin: self.origin(file, *span),
                        });
                    }
                }
            }
        }
        if !come && !declared.declaration.broken {
            self.report(nobody_comes::diagnostic(file, &scenario.title));
        }
        if let Some(leads) = endless.filter(|_| !ends && !declared.declaration.broken) {
            self.report(scenario_without_end::diagnostic(file, &scenario.title.value, leads));
        }
        lowered
    }

    fn person_habit(&mut self, file: FileId, clause: &ScenarioClause) -> Option<(PersonHabit, Span)> {
        let ScenarioClause::Person { whom, act, chance, within, at_most, span } = clause else { return None };
        let known = PersonAct::ALL.iter().find(|known| known.verb() == act.text).copied();
        if known.is_none() {
            let words: Vec<&str> = PersonAct::ALL.iter().map(|act| act.verb()).collect();
            self.report(unknown_habit::diagnostic(file, act, &words));
        }
        let whom = match whom {
            Some(name) => self.person(file, name),
            None => Some(None),
        };
        let chance = self.chance(file, *chance);
        let within = match within {
            Some(within) => self.period(file, *within).map(Some),
            None => Some(None),
        };
        let at_most = match at_most {
            Some((number, per)) => {
                let number = self.whole(file, number.value, number.span, 1, 1_000_000);
                let per = self.per(file, per);
                number.zip(per).map(Some)
            }
            None => Some(None),
        };
        let origin = self.origin(file, *span);
        let habit =
            PersonHabit { whom: whom?, act: known?, chance: chance?, within: within?, at_most: at_most?, origin };
        Some((habit, *span))
    }

    fn buyer_habit(&mut self, file: FileId, clause: &ScenarioClause) -> Option<BuyerHabit> {
        let ScenarioClause::Buyer { act, object, after, chance, within, when, instead, span } = clause else {
            return None;
        };
        let doing = self.doing(file, act, object.as_ref(), after.as_ref());
        let chance = self.chance(file, *chance);
        let within = match within {
            Some(within) => self.period(file, *within).map(Some),
            None => Some(None),
        };
        let when = match when {
            Some((condition, otherwise)) => {
                let contact = self.names.entities.get("Contact").copied();
                let condition = self.condition(condition, Scope::new(file, contact));
                let otherwise = self.chance(file, *otherwise);
                condition.zip(otherwise).map(Some)
            }
            None => Some(None),
        };
        let instead = match instead {
            Some(path) => self.event(file, path).map(Some),
            None => Some(None),
        };
        let (doing, instead) = (doing?, instead?);
        Some(BuyerHabit {
            event: doing.event,
            after: doing.after,
            chance: chance?,
            within: within?,
            when: when?,
            otherwise: instead.or(doing.instead),
            words: self.words(file, *span),
            origin: self.origin(file, *span),
        })
    }

    /// So many of a hundred.
    fn chance(&mut self, file: FileId, (chance, span): (Fixed, Span)) -> Option<Fixed> {
        if chance > HUNDRED {
            self.report(bad_chance::diagnostic(file, span, self.text(file, span)));
            return None;
        }
        Some(chance)
    }

    /// A file that a source of the client reads contacts from.
    fn leads_file(&mut self, file: FileId, from: &Text) -> Option<SmolStr> {
        let modules = self.modules;
        let mut known: Vec<SmolStr> = Vec::new();
        for declared in &modules.declarations {
            let DeclarationKind::Source(source) = &declared.declaration.kind else { continue };
            if source.into.dotted() == "Contact" && !modules.is_standard(declared.file) {
                known.extend(source.files.iter().map(|file| file.value.clone()));
            }
        }
        if known.contains(&from.value) {
            return Some(from.value.clone());
        }
        let unread = modules.declarations.iter().any(|declared| {
            matches!(&declared.declaration.kind, DeclarationKind::Broken { .. }) && modules.is_client(declared.file)
        });
        if !self.names.module_missing && !unread {
            known.sort_unstable();
            known.dedup();
            self.report(leads_file::diagnostic(file, from, &known));
        }
        None
    }

    /// The goal of that name; reported where there is none.
    fn goal_named(&mut self, file: FileId, name: &Name) -> Option<u32> {
        let found = self.said.goals.iter().position(|goal| goal.name.as_ref() == Some(&name.text));
        if found.is_some() {
            self.note(file, name.span, Named::Goal);
        } else {
            let goals = self.modules.declarations.iter().filter_map(|declared| match &declared.declaration.kind {
                DeclarationKind::Goal(goal) => goal.name.as_ref().map(|name| name.text.clone()),
                _ => None,
            });
            let known: Vec<SmolStr> = goals.collect();
            // One that could not be understood has been reported.
            if !known.contains(&name.text) && !self.names.perhaps(&name.text) {
                self.report(unknown_trial_goal::diagnostic(file, name, &known));
            }
        }
        found.map(count)
    }
}

/// As the Program has it.
pub(super) const fn limit_kind(bound: syntax::Bound) -> LimitKind {
    match bound {
        syntax::Bound::AtLeast => LimitKind::AtLeast,
        syntax::Bound::AtMost => LimitKind::AtMost,
        syntax::Bound::Over => LimitKind::Over,
        syntax::Bound::Under => LimitKind::Under,
    }
}

/// A name as a path of one word.
pub(super) fn as_path(name: &Name) -> Path {
    Path { parts: vec![name.clone()], span: name.span }
}
