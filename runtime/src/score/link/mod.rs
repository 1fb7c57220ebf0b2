//! Program to plans: names become slots, windows instants, constants codes and ranges, conditions a straight line of operations.
//!
//! Whatever a condition needs is linked before it, so that the plan runs from front to back without looking anything up.

mod condition;
mod slots;
mod term;

pub(super) use term::calculate;

use std::cell::Cell;
use std::collections::HashMap;

use compiler::program::{
    Condition, EntityId, EventId, Layer, Program, Rule, RuleForm, Score, ScoreId, ScoreRef, Term, Window,
};
use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use language::SCALE;
use smol_str::SmolStr;

use super::error::LinkError;
use super::plan::{
    Each, Evidence, LayerPlan, Leaf, Literal, Op, Placed, Plan, RoutePlan, RuleKind, RulePlan, RuleWords, ScorePlan,
    SimpleRule, Step, TermNode,
};
use super::points::{MOST, cents, fixed, signed};
use super::window;
use crate::facts::{Coverage, Reported};

/// What beside the scores is to be known of a record.
#[derive(Clone, Debug, Default)]
pub(super) struct Asks<'p> {
    pub(super) conditions: Vec<&'p Condition>,
    pub(super) terms: Vec<&'p Term>,
}

/// What a score's part is waiting for, or has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Open,
    Started,
    Done,
}

pub(super) struct Linker<'p> {
    program: &'p Program,
    coverage: &'p Coverage,
    zone: TimeZone,
    now: Timestamp,
    plan: Plan,
    ops: HashMap<Op, u32>,
    terms: HashMap<TermNode, u32>,
    scheduled: usize,
    layer_progress: Vec<Progress>,
    total_progress: Vec<Progress>,
    route_progress: Vec<Progress>,
    leaves: Vec<Leaf>,
    reads_today: Cell<bool>,
    reads_now: Cell<bool>,
}

/// How a condition reads scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// As ranges.
    Possible,
    /// As they stand now.
    Current,
}

impl<'p> Linker<'p> {
    /// Links the scores of one entity.
    pub(super) fn link(
        program: &'p Program,
        entity: EntityId,
        now: Timestamp,
        coverage: &'p Coverage,
        asks: &Asks<'p>,
    ) -> Result<Plan, LinkError> {
        let zone =
            TimeZone::get(&program.client.timezone).map_err(|_| LinkError::Zone(program.client.timezone.clone()))?;
        let mut linker = Self {
            program,
            coverage,
            now,
            plan: Plan { entity, now: now.as_microsecond(), ..Plan::default() },
            zone,
            ops: HashMap::new(),
            terms: HashMap::new(),
            scheduled: 0,
            layer_progress: Vec::new(),
            total_progress: Vec::new(),
            route_progress: Vec::new(),
            leaves: Vec::new(),
            reads_today: Cell::new(false),
            reads_now: Cell::new(false),
        };
        linker.plan.today = today(linker.zone.to_datetime(now));
        linker.plan.conversations_reported = reported(coverage.conversations, now.as_microsecond(), now);
        linker.plan.by_event = vec![Vec::new(); program.events.len()];
        linker.lay_out(entity)?;
        for place in 0..linker.plan.scores.len() {
            linker.route(place)?;
        }
        for condition in &asks.conditions {
            let literal = linker.condition(condition, Mode::Current)?;
            linker.plan.asked_conditions.push(literal);
            let literal = linker.condition(condition, Mode::Possible)?;
            linker.plan.asked_possible.push(literal);
        }
        for term in &asks.terms {
            let term = linker.term(term, Mode::Current)?;
            linker.plan.asked_terms.push(term);
        }
        linker.leaves.clear();
        linker.schedule_ops();
        linker.tell_words();
        let heard = (0..).zip(&linker.plan.ops).filter(|(_, op)| matches!(op, Op::Heard { .. }));
        linker.plan.hearing = heard.map(|(place, _)| place).collect();
        (linker.plan.reads_today, linker.plan.reads_now) = (linker.reads_today.get(), linker.reads_now.get());
        Ok(linker.plan)
    }

    /// Makes a place for each score and layer of the entity, so that they can name each other.
    fn lay_out(&mut self, entity: EntityId) -> Result<(), LinkError> {
        for (id, score) in (0..).zip(&self.program.scores).filter(|(_, score)| score.entity == entity) {
            if score.labels.len() > 63 {
                return Err(LinkError::TooManyLabels(score.name.clone()));
            }
            check_points(score)?;
            let before = self
                .plan
                .scores
                .last()
                .map_or((0, 0), |last| (last.first_rule + last.rules, last.first_word + last.rules.div_ceil(64)));
            let first = self.plan.layers.len();
            let mut rules = 0;
            for layer in &score.layers {
                self.plan.layers.push(LayerPlan {
                    score: self.plan.scores.len(),
                    weighted: score.weighted,
                    weight: layer.weight.unwrap_or_default().0,
                    once: layer.once,
                    left_out: layer.once.is_some_and(|event| !self.reported_now(event)),
                    percent: None,
                    rules: Vec::new(),
                    simple: Vec::new(),
                    dated: Vec::new(),
                    first_rule: rules,
                    opening: format!("{} ", layer.name.as_deref().unwrap_or("points")).into(),
                    weighed: layer.weight.map(|weight| format!(" at {weight}%: ")).unwrap_or_default().into(),
                });
                rules += layer.rules.len();
            }
            let layers = first..self.plan.layers.len();
            let counted = self.plan.layers.get(layers.clone()).unwrap_or_default();
            self.plan.scores.push(ScorePlan {
                id: ScoreId(id),
                weighted: score.weighted,
                rules,
                first_rule: before.0,
                first_word: before.1,
                weight: counted.iter().filter(|layer| !layer.left_out).map(|layer| layer.weight).sum(),
                rescaled: counted.iter().any(|layer| layer.left_out),
                layers,
                routes: Vec::new(),
                labels: score.labels.len(),
            });
        }
        self.layer_progress = vec![Progress::Open; self.plan.layers.len()];
        self.total_progress = vec![Progress::Open; self.plan.scores.len()];
        self.route_progress = vec![Progress::Open; self.plan.scores.len()];
        Ok(())
    }

    fn score(&self, place: usize) -> Result<&'p Score, LinkError> {
        let plan = self.plan.scores.get(place).ok_or(LinkError::Broken("a score"))?;
        self.program.scores.get(plan.id.index()).ok_or(LinkError::Broken("a score"))
    }

    /// The place of a score in the plan.
    fn place(&self, score: ScoreId) -> Result<usize, LinkError> {
        let name = self.program.scores.get(score.index()).ok_or(LinkError::Broken("a score"))?.name.clone();
        self.plan.scores.iter().position(|plan| plan.id == score).ok_or(LinkError::OtherEntity(name))
    }

    /// Links a score's route, and with it the whole score.
    fn route(&mut self, place: usize) -> Result<(), LinkError> {
        let name = &self.score(place)?.name;
        if !begin(&mut self.route_progress, place, name)? {
            return Ok(());
        }
        self.total(place)?;
        let score = self.score(place)?;
        let mut routes = Vec::new();
        for line in &score.routes {
            let outer = std::mem::take(&mut self.leaves);
            let (possible, current) = match &line.condition {
                Some(condition) => {
                    let current = self.condition(condition, Mode::Current)?;
                    self.leaves.clear();
                    (Some(self.condition(condition, Mode::Possible)?), Some(current))
                }
                None => (None, None),
            };
            let leaves = std::mem::replace(&mut self.leaves, outer);
            let label = score.labels.get(line.label.index()).map(SmolStr::as_str).unwrap_or_default();
            let reason = match &line.because {
                Some(because) => format!(", {because}"),
                None if line.words.is_empty() => String::new(),
                None => format!(", when {}", line.words),
            };
            let certainly = format!(": certainly {label}{reason}\n").into();
            let provisionally = format!(": provisionally {label}{reason}\n").into();
            routes.push(RoutePlan { label: line.label, possible, current, leaves, certainly, provisionally });
        }
        self.schedule_ops();
        self.plan.schedule.push(Step::Route(place));
        if let Some(plan) = self.plan.scores.get_mut(place) {
            plan.routes = routes;
        }
        end(&mut self.route_progress, place);
        Ok(())
    }

    fn total(&mut self, place: usize) -> Result<(), LinkError> {
        let name = &self.score(place)?.name;
        if !begin(&mut self.total_progress, place, name)? {
            return Ok(());
        }
        let layers = self.plan.scores.get(place).map(|score| score.layers.clone()).unwrap_or_default();
        for layer in layers {
            self.layer(place, layer)?;
        }
        self.schedule_ops();
        self.plan.schedule.push(Step::Total(place));
        end(&mut self.total_progress, place);
        Ok(())
    }

    fn layer(&mut self, score_place: usize, place: usize) -> Result<(), LinkError> {
        let score = self.score(score_place)?;
        if !begin(&mut self.layer_progress, place, &score.name)? {
            return Ok(());
        }
        let first = self.plan.scores.get(score_place).map_or(0, |score| score.layers.start);
        let layer = score.layers.get(place - first).ok_or(LinkError::Broken("a layer"))?;
        let mut rules = Vec::new();
        for rule in &layer.rules {
            let outer = std::mem::take(&mut self.leaves);
            let kind = self.rule(layer, rule)?;
            let leaves = std::mem::replace(&mut self.leaves, outer);
            let (points, words) = (small(cents(rule.points)), self.words(rule));
            rules.push(RulePlan { points, kind, repeats: repeats(&leaves), leaves, words });
        }
        let never = self.op(Op::Constant(Some(false)));
        let simple = rules.iter().map(|rule| match rule.kind {
            RuleKind::Plain(when) => SimpleRule { when, points: rule.points },
            _ => SimpleRule { when: never, points: 0 },
        });
        let simple: Vec<SimpleRule> = simple.collect();
        let dated = rules.iter().enumerate().filter(|(_, rule)| !matches!(rule.kind, RuleKind::Plain(_)));
        let dated: Vec<usize> = dated.map(|(number, _)| number).collect();
        let whole = dated.is_empty() && simple.iter().all(|rule| rule.points % 100 == 0);
        self.schedule_ops();
        self.plan.schedule.push(Step::Layer(place));
        if let Some(plan) = self.plan.layers.get_mut(place) {
            let percent = plan.weight / SCALE;
            plan.percent = i32::try_from(percent).ok().filter(|_| whole && plan.weighted && plan.weight % SCALE == 0);
            (plan.rules, plan.simple, plan.dated) = (rules, simple, dated);
        }
        end(&mut self.layer_progress, place);
        Ok(())
    }

    fn rule(&mut self, layer: &Layer, rule: &Rule) -> Result<RuleKind, LinkError> {
        let half_life = layer.half_life.map(|half_life| half_life.0).filter(|&half_life| half_life > 0);
        match &rule.form {
            RuleForm::When(condition) => {
                let when = self.condition(condition, Mode::Possible)?;
                let mut evidence = Vec::new();
                if half_life.is_some() {
                    self.evidence(condition, &mut evidence)?;
                }
                Ok(match half_life {
                    Some(half_life) if !evidence.is_empty() => {
                        RuleKind::Fading { when, points: rule.points.0, half_life, evidence }
                    }
                    _ => RuleKind::Plain(when),
                })
            }
            RuleForm::Each { query, up_to } => {
                let query = self.query(query)?;
                let sum = self.new_number();
                let cap = signed(cents(*up_to), rule.points);
                let each = Each { points: rule.points.0, half_life, cap, sum };
                let cap = small(cap);
                let slot = self.plan.queries.get_mut(query as usize).ok_or(LinkError::Broken("a query"))?;
                slot.each.push(each);
                let complete = slot.complete;
                let reads = vec![super::plan::Reading::Query(query)];
                let literal = self.op(Op::Known { known: complete });
                self.leaves.push(Leaf { literal, stale: Vec::new(), reads });
                Ok(RuleKind::Each { query, sum, complete, cap })
            }
        }
    }

    /// What a ledger says of a rule whatever the record.
    fn words(&self, rule: &Rule) -> RuleWords {
        let file = self.program.files.get(rule.origin.file.index()).map(SmolStr::as_str).unwrap_or_default();
        let place = format!("  {file}:{}\n", rule.origin.line);
        let sign = if rule.points.0 < 0 { "" } else { "+" };
        let because = rule.because.as_ref().map(|because| format!(": {because}")).unwrap_or_default();
        RuleWords {
            opening: format!("{sign}{}  ", fixed(small(cents(rule.points)))).into(),
            closing: format!("{because}{place}").into(),
            undecided: format!("undecided {sign}{}  {}", rule.points, rule.words).into(),
            place: place.into(),
        }
    }

    /// The events and conversations whose age counts for a condition: those it affirms, through `and` and `or`.
    fn evidence(&mut self, condition: &Condition, found: &mut Vec<Evidence>) -> Result<(), LinkError> {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.evidence(part, found)?;
                }
            }
            Condition::Fresh { condition, .. } => self.evidence(condition, found)?,
            Condition::Happened { at_least, .. } if *at_least == 0 => {}
            Condition::Happened { query, .. } => {
                let literal = self.leaf(condition, Mode::Possible)?;
                let query = self.query(query)?;
                let slot = self.plan.queries.get(query as usize).ok_or(LinkError::Broken("a query"))?;
                let complete = super::plan::Completeness::Cell(slot.complete);
                found.push(Evidence { found: literal, newest: slot.newest, complete });
            }
            Condition::Mentions { phrases, window } => {
                let literal = self.leaf(condition, Mode::Possible)?;
                let (heard, reported) = (self.heard(*phrases)?, self.conversations_reported(*window));
                let newest = self.plan.heard.get(heard as usize).map_or(0, |heard| heard.newest);
                found.push(Evidence {
                    found: literal,
                    newest,
                    complete: super::plan::Completeness::Reported(reported),
                });
            }
            _ => {}
        }
        Ok(())
    }

    /// Links what a reference needs, and gives its places: the score's and, where one is meant, the layer's.
    fn reference(&mut self, reference: ScoreRef) -> Result<(usize, Option<usize>), LinkError> {
        let score = self.place(reference.score)?;
        match reference.layer {
            None => {
                self.total(score)?;
                Ok((score, None))
            }
            Some(layer) => {
                let layers = self.plan.scores.get(score).map(|plan| plan.layers.clone()).unwrap_or_default();
                let place = layers.start + layer as usize;
                if !layers.contains(&place) {
                    return Err(LinkError::Broken("a layer"));
                }
                self.layer(score, place)?;
                Ok((score, Some(place)))
            }
        }
    }

    fn op(&mut self, op: Op) -> Literal {
        if let Some(&known) = self.ops.get(&op) {
            return Literal::new(known);
        }
        let place = index(self.plan.ops.len());
        self.plan.ops.push(op.clone());
        self.ops.insert(op, place);
        Literal::new(place)
    }

    /// What has been linked since the last step runs before the next.
    fn schedule_ops(&mut self) {
        let Plan { ops, by_kind, schedule, .. } = &mut self.plan;
        for (at, op) in (0_u32..).zip(ops.iter()).skip(self.scheduled) {
            match op {
                Op::Range(test) => by_kind.ranges.push(Placed { at, test: *test }),
                Op::Code(test) => by_kind.codes.push(Placed { at, test: *test }),
                Op::Set(test) => by_kind.sets.push(Placed { at, test: *test }),
                Op::Flag { flag, known } => by_kind.flags.push(Placed { at, test: (*flag, *known) }),
                Op::Constant(_)
                | Op::CodeWide { .. }
                | Op::Known { .. }
                | Op::Happened { .. }
                | Op::Heard { .. }
                | Op::Compare { exact: true, .. } => by_kind.first.push(at),
                Op::And(one, other) => {
                    let place = by_kind.ands.len();
                    by_kind.ands.push(Placed { at, test: (*one, *other) });
                    match schedule.last_mut() {
                        Some(Step::Ands(range)) if range.end == place => range.end += 1,
                        _ => schedule.push(Step::Ands(place..place + 1)),
                    }
                }
                Op::AtLeast { .. } | Op::Compare { exact: false, .. } | Op::Fresh { .. } | Op::Routed { .. } => {
                    let place = by_kind.rest.len();
                    by_kind.rest.push(at);
                    match schedule.last_mut() {
                        Some(Step::Rest(range)) if range.end == place => range.end += 1,
                        _ => schedule.push(Step::Rest(place..place + 1)),
                    }
                }
            }
        }
        self.scheduled = ops.len();
    }

    fn and(&mut self, one: Literal, other: Literal) -> Literal {
        self.op(Op::And(one, other))
    }

    fn or(&mut self, one: Literal, other: Literal) -> Literal {
        self.op(Op::And(one.not(), other.not())).not()
    }

    /// The instant a window begins, not included; none is the beginning of time.
    fn begins(&self, window: Option<Window>) -> i64 {
        window
            .map_or(i64::MIN, |window| window::ago(&self.program.client, &self.zone, self.now, window).as_microsecond())
    }

    fn reported(&self, of: Option<Reported>, after: i64) -> bool {
        reported(of, after, self.now)
    }

    fn reported_now(&self, event: EventId) -> bool {
        self.reported(self.coverage.events.get(&event).copied(), self.now.as_microsecond())
    }

    fn conversations_reported(&self, window: Option<Window>) -> bool {
        self.reported(self.coverage.conversations, self.begins(window))
    }
}

/// All that happened after one instant and up to another is reported.
pub(super) fn reported(reported: Option<Reported>, after: i64, now: Timestamp) -> bool {
    reported.is_some_and(|reported| {
        let from_the_start = reported.since == Timestamp::MIN || reported.since.as_microsecond() <= after;
        from_the_start && reported.until.is_none_or(|until| until >= now)
    })
}

/// The client's day as a date is kept: its midnight, were the client in UTC.
pub(super) fn today(now: DateTime) -> i64 {
    let midnight = Offset::UTC.to_timestamp(now.date().to_datetime(Time::midnight()));
    midnight.map(Timestamp::as_microsecond).unwrap_or_default()
}

/// Whether two of the leaves read the same.
fn repeats(leaves: &[Leaf]) -> bool {
    (1..leaves.len()).any(|place| {
        let (before, rest) = leaves.split_at(place);
        let here = rest.first().map_or(&[][..], |leaf| &leaf.reads);
        here.iter().any(|reading| before.iter().any(|leaf| leaf.reads.contains(reading)))
    })
}

fn begin(progress: &mut [Progress], place: usize, name: &smol_str::SmolStr) -> Result<bool, LinkError> {
    match progress.get_mut(place) {
        Some(state @ Progress::Open) => {
            *state = Progress::Started;
            Ok(true)
        }
        Some(Progress::Done) => Ok(false),
        Some(Progress::Started) => Err(LinkError::Cycle(name.clone())),
        None => Err(LinkError::Broken("a score")),
    }
}

fn end(progress: &mut [Progress], place: usize) {
    if let Some(state) = progress.get_mut(place) {
        *state = Progress::Done;
    }
}

/// A score has to stay within the numbers that it is calculated in.
fn check_points(score: &Score) -> Result<(), LinkError> {
    let most = |rule: &Rule| match &rule.form {
        RuleForm::When(_) => cents(rule.points).saturating_abs(),
        RuleForm::Each { up_to, .. } => cents(*up_to).saturating_abs().max(cents(rule.points).saturating_abs()),
    };
    let rules = score.layers.iter().flat_map(|layer| &layer.rules);
    let sum = rules.fold(0_i64, |sum, rule| sum.saturating_add(most(rule)));
    let weights = score.layers.iter().filter_map(|layer| layer.weight);
    let within = weights.into_iter().all(|weight| (0..=100 * SCALE).contains(&weight.0));
    if sum > MOST || (score.weighted && !within) {
        return Err(LinkError::TooManyPoints(score.name.clone()));
    }
    Ok(())
}

/// Hundredths that [`check_points`] has found small enough.
fn small(cents: i64) -> i32 {
    i32::try_from(cents).unwrap_or(i32::MAX)
}

#[expect(clippy::cast_possible_truncation, reason = "a plan has fewer than two billion parts")]
const fn index(place: usize) -> u32 {
    place as u32
}
