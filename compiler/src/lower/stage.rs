//! Stages: what is done, what has to be there, what a person is asked, and the ways out.

use language::Span;
use language::syntax::{self, Actor as SyntaxActor, StageClause, Way as SyntaxWay};
use smol_str::SmolStr;

use super::Lowering;
use super::guard::{At, Place};
use super::period::not_longer;
use crate::codes::workflows::{ask_options, never_comes, otherwise_not_last, question_without_way};
use crate::program::{Actor, Ask, FileId, Period, Requirement, Settlement, StageBody, WorkflowId};

impl StageBody {
    /// One in which nothing happens.
    pub(super) fn nothing(by: Actor) -> Self {
        Self {
            by,
            cap: None,
            only_when: None,
            acts: Vec::new(),
            requires: Vec::new(),
            asks: Vec::new(),
            ways: Vec::new(),
        }
    }
}

impl Lowering<'_> {
    pub(super) fn stage(
        &mut self,
        file: FileId,
        stage: &syntax::Stage,
        workflow: WorkflowId,
        workflow_by: &Actor,
    ) -> StageBody {
        let entity = self.names.machine(workflow).and_then(|shape| shape.entity);
        let by = match &stage.by {
            Some(by) => self.actor(file, Some(by)).unwrap_or_else(|| workflow_by.clone()),
            None => workflow_by.clone(),
        };
        let mut body = StageBody::nothing(by);
        if let Some(cap) = &stage.cap {
            let times = self.whole(file, cap.times.value, cap.times.span, 1, u32::MAX);
            let then = self.stage_named(file, workflow, &cap.then);
            body.cap = times.zip(then);
        }
        if let Some(only) = &stage.only_when {
            let guard = self.guard(&only.condition, At::new(file, entity, Place::Outside));
            let otherwise = self.stage_named(file, workflow, &only.otherwise);
            body.only_when = guard.zip(otherwise);
        }
        // A clause that could not be read may have been the question.
        let asked = stage.clauses.iter().any(|clause| matches!(clause, StageClause::Ask(_)))
            || self.names.machine(workflow).is_some_and(|shape| shape.incomplete);
        for clause in &stage.clauses {
            match clause {
                StageClause::Do { act, .. } => body.acts.extend(self.act(file, act, entity)),
                StageClause::Require { conditions, .. } => {
                    for condition in conditions {
                        let guard = self.requirement(condition, At::new(file, entity, Place::Requirement));
                        body.requires.extend(guard.map(|guard| Requirement {
                            guard,
                            words: self.words(file, condition.span),
                            origin: self.origin(file, condition.span),
                        }));
                    }
                }
                StageClause::Ask(ask) => body.asks.extend(self.ask(file, ask)),
                StageClause::Next(next) => body.ways.extend(self.way(file, next, workflow, asked)),
            }
        }
        self.otherwise_comes_last(file, stage);
        self.questions_are_answered(file, stage);
        self.times_come(file, stage);
        body
    }

    /// A question to a person.
    pub(super) fn ask(&mut self, file: FileId, ask: &syntax::Ask) -> Option<Ask> {
        let (whom, span) = match &ask.whom {
            SyntaxActor::Human { person: None, span } => (Some(None), *span),
            SyntaxActor::Human { person: Some(name), span } => (self.person(file, name), *span),
            SyntaxActor::Named(name) => (self.person(file, name), name.span),
        };
        for option in &ask.options {
            if let Some(meant) = ask_options::meant(&option.text) {
                self.report(ask_options::diagnostic(file, option, meant));
            }
        }
        let within = ask.within.map(|within| self.period(file, within));
        let remind = ask.remind_every.map(|remind| self.period(file, remind));
        let message = ask.object.as_ref().is_some_and(|object| object.dotted() == "message");
        let about = match (&ask.object, &ask.by) {
            (Some(object), Some(by)) => self.words(file, object.span.to(by.span)),
            (Some(_), None) if message => SmolStr::default(),
            (Some(object), None) => object.dotted(),
            (None, Some(by)) => smol_str::format_smolstr!("by {}", by.text),
            (None, None) => SmolStr::default(),
        };
        Some(Ask {
            whom: whom?,
            options: ask.options.iter().map(|option| option.text.clone()).collect(),
            message,
            about,
            within: within.flatten(),
            remind: remind.flatten(),
            words: self.words(file, Span::new(span.start, ask.span.end)),
            origin: self.origin(file, ask.span),
        })
    }

    fn otherwise_comes_last(&mut self, file: FileId, stage: &syntax::Stage) {
        let ways: Vec<&syntax::Next> = nexts(stage).collect();
        let Some((_, above)) = ways.split_last() else { return };
        for (index, way) in above.iter().enumerate().filter(|(_, way)| matches!(way.way, SyntaxWay::Otherwise)) {
            // What happens or passes is waited for whatever stands above.
            let closed = ways.iter().skip(index + 1).find(|below| {
                matches!(below.way, SyntaxWay::When(_) | SyntaxWay::Otherwise) || settles(below).next().is_some()
            });
            if let Some(below) = closed {
                self.report(otherwise_not_last::diagnostic(file, way.span, below.span));
            }
        }
    }

    /// Whatever a person answers, or nobody does, the run goes on.
    fn questions_are_answered(&mut self, file: FileId, stage: &syntax::Stage) {
        let asks = stage.clauses.iter().filter_map(|clause| match clause {
            StageClause::Ask(ask) => Some(ask),
            _ => None,
        });
        let ways: Vec<&syntax::Next> = nexts(stage).collect();
        if ways.iter().any(|way| matches!(way.way, SyntaxWay::Otherwise)) || ways.is_empty() {
            return;
        }
        let settled: Vec<Settlement> = ways.iter().flat_map(|way| settles(way)).collect();
        let others = ways.iter().any(|way| settles(way).next().is_none());
        for ask in asks {
            let missing =
                [Settlement::Approved, Settlement::Rejected, Settlement::Expired].into_iter().find(|wanted| {
                    match wanted {
                        Settlement::Expired => ask.within.is_some() && !settled.contains(wanted),
                        // What was changed is approved as changed.
                        Settlement::Approved => !others && !settled.contains(wanted),
                        _ => !others && !settled.contains(wanted),
                    }
                });
            if let Some(missing) = missing {
                self.report(question_without_way::diagnostic(file, ask.span, missing));
                return;
            }
        }
    }

    /// What waits for a time that something else always comes before, waits for ever.
    fn times_come(&mut self, file: FileId, stage: &syntax::Stage) {
        let mut first: Option<(Period, Span)> = None;
        for way in nexts(stage) {
            let SyntaxWay::After(duration) = &way.way else { continue };
            let Some(period) = self.quietly(|lowering| lowering.period(file, *duration)) else { continue };
            match first {
                Some((shortest, place)) if not_longer(shortest, period) => {
                    self.report(never_comes::after(file, way.span, place));
                }
                Some((shortest, _)) if !not_longer(period, shortest) => {}
                _ => first = Some((period, duration.span)),
            }
        }
        for clause in &stage.clauses {
            let StageClause::Ask(ask) = clause else { continue };
            let Some(within) = ask.within else { continue };
            let limit = self.quietly(|lowering| lowering.period(file, within));
            let Some(limit) = limit else { continue };
            if let Some(every) = ask.remind_every
                && let Some(remind) = self.quietly(|lowering| lowering.period(file, every))
                && not_longer(limit, remind)
            {
                self.report(never_comes::reminder(file, every.span, within.span));
            }
        }
        let asked_until =
            stage.clauses.iter().any(|clause| matches!(clause, StageClause::Ask(ask) if ask.within.is_some()));
        let asked = stage.clauses.iter().any(|clause| matches!(clause, StageClause::Ask(_)));
        for way in nexts(stage).filter(|_| asked && !asked_until) {
            if settles(way).any(|settled| settled == Settlement::Expired) {
                self.report(never_comes::expiry(file, way.span));
            }
        }
    }

    /// Without a word: it has been said where this was looked at first.
    fn quietly<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> T {
        let reported = self.diagnostics.len();
        let found = look(self);
        self.diagnostics.truncate(reported);
        found
    }
}

fn nexts(stage: &syntax::Stage) -> impl Iterator<Item = &syntax::Next> {
    stage.clauses.iter().filter_map(|clause| match clause {
        StageClause::Next(next) => Some(next),
        _ => None,
    })
}

/// How the question may have been settled for that way to be taken.
fn settles(way: &syntax::Next) -> impl Iterator<Item = Settlement> {
    let paths = match &way.way {
        SyntaxWay::On(paths) => paths.as_slice(),
        _ => &[],
    };
    paths.iter().filter_map(|path| match path.parts.as_slice() {
        [word] => super::way::settlement(word),
        _ => None,
    })
}
