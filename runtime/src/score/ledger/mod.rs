//! A score as a ledger: lines that add up to it, each with rule, facts, age, words, quote and place.
//!
//! Nothing is put into words before somebody reads it: a ledger borrows the row and what evaluating it gave.

mod readings;
mod text;

use compiler::program::{EntityId, Fixed, Layer, RouteLine, Rule, Score, ScoreId};
use jiff::{SignedDuration, Timestamp};
use smol_str::SmolStr;

use super::evaluate::{self, State};
use super::evaluation::{Evaluation, Standing, standing};
use super::load::{Quote, Row};
use super::plan::{LayerPlan, Leaf, Plan, RoutePlan, RuleKind, RulePlan, ScorePlan};
use super::points::{faded, fixed, share};
use super::scorer::Scorer;
use super::words::Reader;

/// Why a score is what it is.
#[derive(Clone, Copy, Debug)]
pub struct Ledger<'a> {
    scorer: &'a Scorer,
    plan: &'a Plan,
    score_plan: &'a ScorePlan,
    place: usize,
    score: &'a Score,
    row: &'a Row,
    state: &'a State<1>,
}

/// A line of a ledger. Rule and clamp lines of a layer add up to its layer line's value; layer and rescaling lines add up to
/// the score.
#[derive(Clone, Copy, Debug)]
pub enum Line<'a> {
    /// Points of a rule.
    Rule(RuleLine<'a>),
    /// What takes a layer's sum back into 0 to 100.
    Clamp {
        /// The layer's place.
        layer: usize,
        /// Negative where the sum was above.
        points: Fixed,
    },
    /// A layer's share of the score.
    Layer {
        /// The layer's place.
        layer: usize,
        /// `behavioral`; none for rules that stand directly in the score.
        name: Option<&'a SmolStr>,
        /// 25 for 25%; none in a score without weights.
        weight: Option<Fixed>,
        /// What its lines add up to.
        value: Fixed,
        /// What it gives the score.
        points: Fixed,
    },
    /// A layer that does not count yet.
    LeftOut {
        /// The layer's place.
        layer: usize,
        /// Its name.
        name: Option<&'a SmolStr>,
        /// The event that nobody reports.
        event: &'a SmolStr,
    },
    /// What the layers that count gain, as their weights are rescaled to 100%.
    Rescaled {
        /// How much.
        points: Fixed,
    },
}

/// A rule that gives points.
#[derive(Clone, Copy, Debug)]
pub struct RuleLine<'a> {
    /// The layer's place.
    pub layer: usize,
    /// The rule as the playbook has it: id, words, because, origin, and its points when fresh.
    pub rule: &'a Rule,
    /// What it gives.
    pub points: Fixed,
    /// How old its newest evidence is, where its points fade.
    pub age: Option<SignedDuration>,
    ledger: Ledger<'a>,
    plan: &'a RulePlan,
}

/// A rule that could still give or take points.
#[derive(Clone, Copy, Debug)]
pub struct OpenLine<'a> {
    /// The layer's place.
    pub layer: usize,
    /// The rule as the playbook has it.
    pub rule: &'a Rule,
    ledger: Ledger<'a>,
    plan: &'a RulePlan,
}

/// The line of the route that holds.
#[derive(Clone, Copy, Debug)]
pub struct Routed<'a> {
    /// Where to.
    pub label: &'a SmolStr,
    /// Nothing unknown can change it.
    pub certain: bool,
    /// The line as the playbook has it.
    pub line: &'a RouteLine,
}

impl Scorer {
    /// The ledger of a score of the record judged.
    #[must_use]
    pub fn ledger<'a>(&'a self, score: ScoreId, row: &'a Row, evaluation: &'a Evaluation) -> Option<Ledger<'a>> {
        let (plan, score_plan, place) = self.plan_of(score)?;
        let score = self.program().scores.get(score.index())?;
        Some(Ledger { scorer: self, plan, score_plan, place, score, row, state: &evaluation.state })
    }
}

impl<'a> Ledger<'a> {
    /// The score as the playbook has it.
    #[must_use]
    pub const fn score(&self) -> &'a Score {
        self.score
    }

    /// The entity judged.
    #[must_use]
    pub const fn entity(&self) -> EntityId {
        self.score.entity
    }

    /// Value and range.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.state.totals.get(self.place).map(standing).unwrap_or(Standing {
            value: Fixed::ZERO,
            low: Fixed::ZERO,
            high: Fixed::ZERO,
        })
    }

    /// Where it routes, and by which line.
    #[must_use]
    pub fn routed(&self) -> Option<Routed<'a>> {
        let (place, _) = self.route_line()?;
        let line = self.score.routes.get(place)?;
        let label = self.score.labels.get(line.label.index())?;
        Some(Routed { label, certain: self.is_certain(), line })
    }

    /// The first line that holds.
    fn route_line(&self) -> Option<(usize, &'a RoutePlan)> {
        let mut lines = self.score_plan.routes.iter().enumerate();
        lines.find(|(_, line)| line.current.is_none_or(|literal| self.state.truth(literal).yes & 1 == 1))
    }

    fn is_certain(&self) -> bool {
        self.state.routes.get(self.place).is_some_and(|routing| routing.certain & 1 == 1)
    }

    /// All lines, layer by layer in source order.
    #[must_use]
    pub fn lines(&self) -> Vec<Line<'a>> {
        let mut lines = Vec::with_capacity(self.score_plan.rules + 2 * self.score_plan.layers.len());
        self.each_line(|line| lines.push(line));
        lines
    }

    fn each_line(&self, mut give: impl FnMut(Line<'a>)) {
        let mut given = 0;
        for (number, (layer, source)) in self.layers().zip(&self.score.layers).enumerate() {
            for line in self.rule_lines(number, layer, &source.rules) {
                give(Line::Rule(line));
            }
            given += self.layer_lines(number, layer, source, &mut give);
        }
        self.rescaling(given).into_iter().for_each(give);
    }

    /// The lines of a layer behind those of its rules, and what it gives the score, in hundredths.
    fn layer_lines(&self, number: usize, layer: &LayerPlan, source: &'a Layer, give: &mut impl FnMut(Line<'a>)) -> i32 {
        let place = self.score_plan.layers.start + number;
        let sum = self.state.sums.get(place).and_then(|sum| sum.first()).copied().unwrap_or_default();
        let value = self.state.layers.get(place).and_then(|points| points.value.first()).copied().unwrap_or_default();
        if sum != value {
            give(Line::Clamp { layer: number, points: fixed(value - sum) });
        }
        let name = source.name.as_ref();
        if let Some(event) = source.once.filter(|_| layer.left_out) {
            if let Some(event) = self.scorer.program().events.get(event.index()) {
                give(Line::LeftOut { layer: number, name, event: &event.name });
            }
            return 0;
        }
        let points = if layer.weighted { share(layer.weight, value) } else { value };
        give(Line::Layer { layer: number, name, weight: source.weight, value: fixed(value), points: fixed(points) });
        points
    }

    /// What lies between the score and what its layers give, where their weights are rescaled.
    fn rescaling(&self, given: i32) -> Option<Line<'a>> {
        let total =
            self.state.totals.get(self.place).and_then(|total| total.value.first()).copied().unwrap_or_default();
        (total != given).then(|| Line::Rescaled { points: fixed(total - given) })
    }

    fn layers(&self) -> impl Iterator<Item = &'a LayerPlan> + use<'a> {
        self.plan.layers.get(self.score_plan.layers.clone()).unwrap_or_default().iter()
    }

    fn rule_lines(
        &self,
        number: usize,
        layer: &'a LayerPlan,
        rules: &'a [Rule],
    ) -> impl Iterator<Item = RuleLine<'a>> + use<'a> {
        let ledger = *self;
        let fired = ledger.state.fired_of(ledger.score_plan, layer);
        fired.filter_map(move |place| {
            let (plan, rule) = (layer.rules.get(place)?, rules.get(place)?);
            Some(ledger.rule_line(number, plan, rule))
        })
    }

    fn rule_line(&self, layer: usize, plan: &'a RulePlan, rule: &'a Rule) -> RuleLine<'a> {
        let (points, age) = self.points_of(plan);
        RuleLine { layer, rule, points: fixed(points), age, ledger: *self, plan }
    }

    /// The rules that could still change, with what would have to be known.
    #[must_use]
    pub fn open(&self) -> Vec<OpenLine<'a>> {
        let mut lines = Vec::new();
        self.each_open(|line| lines.push(line));
        lines
    }

    fn each_open(&self, mut give: impl FnMut(OpenLine<'a>)) {
        for (number, (layer, source)) in self.layers().zip(&self.score.layers).enumerate() {
            if layer.left_out {
                continue;
            }
            for place in self.state.open_of(self.score_plan, layer) {
                if let (Some(plan), Some(rule)) = (layer.rules.get(place), source.rules.get(place)) {
                    give(OpenLine { layer: number, rule, ledger: *self, plan });
                }
            }
        }
    }

    fn reader(&self) -> &'a Reader {
        self.scorer.reader()
    }

    /// A fired rule's line in hundredths, and the age of its evidence.
    fn points_of(&self, rule: &RulePlan) -> (i32, Option<SignedDuration>) {
        match &rule.kind {
            RuleKind::Plain(_) => (rule.points, None),
            RuleKind::Fading { points, half_life, evidence, .. } => {
                match evaluate::newest(evidence, &self.row.record, self.state, 0) {
                    None => (rule.points, None),
                    Some(at) => {
                        let age = self.plan.now.saturating_sub(at);
                        (faded(*points, age, *half_life), Some(SignedDuration::from_micros(age)))
                    }
                }
            }
            RuleKind::Each { sum, query, .. } => {
                let newest = self.plan.queries.get(*query as usize).map(|query| self.row.record.number(query.newest));
                let age = newest.filter(|&at| at != i64::MIN).map(|at| self.plan.now.saturating_sub(at));
                (evaluate::within(self.row.record.number(*sum)), age.map(SignedDuration::from_micros))
            }
        }
    }
}

impl RuleLine<'_> {
    /// Appends the facts that made it hold, `company.employees is 80`.
    pub fn push_facts(&self, out: &mut String) {
        let state = self.ledger.state;
        let each = matches!(self.plan.kind, RuleKind::Each { .. });
        self.ledger.push_readings(out, self.plan, |leaf| each || state.truth(leaf.literal).first() == Some(true));
    }

    /// The facts that made it hold, `company.employees is 80`.
    #[must_use]
    pub fn facts(&self) -> String {
        let mut words = String::new();
        self.push_facts(&mut words);
        words
    }

    /// The newest words of theirs that made it hold.
    #[must_use]
    pub fn quote(&self) -> Option<Quote> {
        self.ledger.quote(&self.plan.leaves)
    }

    /// When its newest evidence is from, where its points fade.
    #[must_use]
    pub fn at(&self) -> Option<Timestamp> {
        self.ledger.scorer.now().checked_sub(self.age?).ok()
    }
}

impl OpenLine<'_> {
    /// The least and the most that it could give.
    #[must_use]
    pub fn range(&self) -> (Fixed, Fixed) {
        let cap = match self.plan.kind {
            RuleKind::Each { cap, .. } => cap,
            _ => self.plan.points,
        };
        (fixed(cap.min(0)), fixed(cap.max(0)))
    }

    /// Appends what would have to be known, `company.employees is missing`.
    pub fn push_unknown(&self, out: &mut String) {
        let ledger = &self.ledger;
        let state = ledger.state;
        let record = &ledger.row.record;
        let dated = matches!(self.plan.kind, RuleKind::Each { .. } | RuleKind::Fading { .. });
        let open = |leaf: &Leaf| {
            let stale = leaf.stale.iter().any(|&flag| record.flag(flag));
            stale
                || state.truth(leaf.literal).first().is_none()
                || (dated && leaf.reads.iter().any(|read| ledger.is_silent(read)))
        };
        ledger.push_readings(out, self.plan, open);
    }
}

impl Line<'_> {
    /// What it adds to its layer (rules, clamps) or to the score (the others).
    #[must_use]
    pub const fn points(&self) -> Fixed {
        match self {
            Self::Rule(line) => line.points,
            Self::Clamp { points, .. } | Self::Layer { points, .. } | Self::Rescaled { points } => *points,
            Self::LeftOut { .. } => Fixed::ZERO,
        }
    }
}
