//! A proposal: which weights and points would change, which rules would be new, and what speaks for each.

use compiler::program::{
    Comparison, Condition, FieldPath, Fixed, Origin, Program, Rule, RuleForm, Score, ScoreId, Term, TextTerm, Type,
};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::card::{Card, NewRule, Scored, Test, rules};
use super::decision::{Decision, table};
use super::model::{Choice, Learned, Settings, learn};
use crate::history::{Column, Kind};
use crate::statistics::{Interval, Share, newcombe};

/// Nothing is trusted before so many decisions are known, where the playbook says nothing else.
pub const DECISIONS: u64 = 50;

/// Nor before so many of the rarer outcome are: fewer do not tell a rule that works from one that does not.
pub const RARER: u64 = 15;

/// What would change in a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Of which score.
    pub score: SmolStr,
    /// Into [`Program::scores`].
    #[serde(skip)]
    pub id: ScoreId,
    /// How many decisions are known.
    pub decisions: u64,
    /// How many of them were good.
    pub good: u64,
    /// So many decisions are needed before it is trusted.
    pub decisions_needed: u64,
    /// And so many of the rarer outcome.
    pub rarer_needed: u64,
    /// Too few are known of either.
    pub provisional: bool,
    /// How it came about.
    pub choice: Choice,
    /// Weights that change.
    pub weights: Vec<WeightChange>,
    /// Points that change.
    pub points: Vec<PointChange>,
    /// Rules that would be new.
    pub rules: Vec<ProposedRule>,
}

/// A weight that changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightChange {
    /// The layer's name.
    pub layer: SmolStr,
    /// Its place in the score.
    pub place: usize,
    /// In percent.
    pub before: Fixed,
    /// In percent.
    pub after: Fixed,
    /// Where the layer stands.
    #[serde(skip)]
    pub origin: Origin,
}

/// Points that change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PointChange {
    /// `behavioral.3`
    pub rule: SmolStr,
    /// The condition as written.
    pub words: SmolStr,
    /// As they are.
    pub before: Fixed,
    /// As proposed; nought switches the rule off.
    pub after: Fixed,
    /// What speaks for it.
    pub evidence: Evidence,
    /// Where the rule stands.
    #[serde(skip)]
    pub origin: Origin,
}

/// A rule that would be new.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProposedRule {
    /// The layer's name.
    pub layer: SmolStr,
    /// Its place in the score.
    pub place: usize,
    /// With their sign.
    pub points: Fixed,
    /// The condition as it would be written.
    pub words: SmolStr,
    /// The words for the evidence trail.
    pub because: String,
    /// What it means; none of a table that no playbook reads.
    #[serde(skip)]
    pub condition: Option<Condition>,
    /// What speaks for it.
    pub evidence: Evidence,
}

/// What came of those for whom a rule held, and of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Of those for whom it held.
    pub holds: Share,
    /// Of the others.
    pub others: Share,
    /// The first share less the second (Newcombe).
    pub difference: Option<Interval>,
}

impl Evidence {
    /// Counts outcomes where something holds and where not.
    #[must_use]
    pub fn of(pairs: impl Iterator<Item = (bool, bool)>) -> Self {
        let mut counts = [(0_u64, 0_u64); 2];
        for (holds, good) in pairs {
            if let Some((hits, of)) = counts.get_mut(usize::from(holds)) {
                *hits += u64::from(good);
                *of += 1;
            }
        }
        let [others, holds] = counts;
        Self {
            holds: Share::new(holds.0, holds.1),
            others: Share::new(others.0, others.1),
            difference: newcombe(holds, others),
        }
    }
}

/// Learns from decisions, the oldest first: what a score would better say. Pure, and quick enough to be asked for again and again.
#[must_use]
pub fn propose(program: &Program, score: ScoreId, decisions: &[Decision]) -> Proposal {
    let (scored, columns) = table(program, score, decisions);
    let all: Vec<u32> = (0..u32::try_from(decisions.len()).unwrap_or(u32::MAX)).collect();
    let is_good = |record: u32| decisions.get(record as usize).is_some_and(|decision| decision.good);
    let settings = settings(program, score, &columns);
    let learned = learn(&scored, &columns, &all, is_good, &settings);
    Proposal::new(program, score, &scored, &columns, &all, is_good, &learned)
}

/// How a score's playbook wants it learned: bounds kept, dates and names left alone.
#[must_use]
pub fn settings(program: &Program, score: ScoreId, columns: &[Column]) -> Settings {
    let learn = program.scores.get(score.index()).and_then(|score| score.learn.as_ref());
    let keep = learn.and_then(|learn| learn.keep).map(|(low, high)| (low.to_f64(), high.to_f64()));
    let outcome = outcome_fields(program, score);
    let mut settings = Settings { keep, ..Settings::of(columns) };
    for (allowed, column) in settings.allowed.iter_mut().zip(columns) {
        *allowed = column.path.as_ref().is_none_or(|path| !outcome.contains(path));
    }
    settings
}

/// The fields that say the outcome itself.
#[must_use]
pub fn outcome_fields(program: &Program, score: ScoreId) -> Vec<FieldPath> {
    let mut paths = Vec::new();
    let learn = program.scores.get(score.index()).and_then(|score| score.learn.as_ref());
    for outcome in learn.iter().flat_map(|learn| learn.good.iter().chain(&learn.bad)) {
        if let compiler::program::Outcome::Holds(condition) = outcome {
            super::reads::fields(condition, &mut paths);
        }
    }
    paths
}

impl Proposal {
    /// What was learned, beside what the playbook says.
    #[must_use]
    pub fn new(
        program: &Program,
        id: ScoreId,
        scored: &Scored,
        columns: &[Column],
        records: &[u32],
        is_good: impl Fn(u32) -> bool,
        learned: &Learned,
    ) -> Self {
        let nothing = Score {
            name: SmolStr::default(),
            entity: Default::default(),
            docs: None,
            weighted: false,
            layers: Vec::new(),
            routes: Vec::new(),
            labels: Vec::new(),
            trust_after: None,
            learn: None,
            kill: None,
            origin: Origin::default(),
        };
        let score = program.scores.get(id.index()).unwrap_or(&nothing);
        let good = records.iter().filter(|record| is_good(**record)).count() as u64;
        let decisions = records.len() as u64;
        let decisions_needed = score.trust_after.map_or(DECISIONS, u64::from);
        let card = &scored.card;
        Self {
            score: score.name.clone(),
            id,
            decisions,
            good,
            decisions_needed,
            rarer_needed: RARER,
            provisional: decisions < decisions_needed || good.min(decisions - good) < RARER,
            choice: learned.choice,
            weights: weights(score, card, learned),
            points: rules(score)
                .zip(&scored.rules)
                .zip(&learned.points.points)
                .filter_map(|(((_, rule), activation), after)| {
                    let after = whole(*after);
                    (after != rule.points && rule.points != Fixed::ZERO).then(|| PointChange {
                        rule: rule.id.clone(),
                        words: rule.words.clone(),
                        before: rule.points,
                        after,
                        evidence: Evidence::of(
                            records.iter().map(|record| (activation.of(*record) != 0.0, is_good(*record))),
                        ),
                        origin: rule.origin,
                    })
                })
                .filter(|_| !learned.choice.kept)
                .collect(),
            rules: learned
                .points
                .new
                .iter()
                .filter_map(|rule| proposed(program, card, columns, rule, records, &is_good))
                .collect(),
        }
    }

    /// Nothing would change.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.weights.is_empty() && self.points.is_empty() && self.rules.is_empty()
    }

    /// The playbook with the proposal adopted.
    #[must_use]
    pub fn apply(&self, program: &Program) -> Program {
        let mut program = program.clone();
        let Some(score) = program.scores.get_mut(self.id.index()) else { return program };
        for change in &self.weights {
            if let Some(layer) = score.layers.get_mut(change.place) {
                layer.weight = Some(change.after);
            }
        }
        for rule in score.layers.iter_mut().flat_map(|layer| &mut layer.rules) {
            if let Some(change) = self.points.iter().find(|change| change.rule == rule.id) {
                rule.points = change.after;
            }
        }
        for new in &self.rules {
            let (Some(layer), Some(condition)) = (score.layers.get_mut(new.place), &new.condition) else { continue };
            let number = layer.rules.len() + 1;
            let id = match &layer.name {
                Some(name) => format!("{name}.{number}"),
                None => number.to_string(),
            };
            layer.rules.push(Rule {
                id: id.into(),
                points: new.points,
                form: RuleForm::When(condition.clone()),
                because: Some(SmolStr::new(&new.because)),
                words: new.words.clone(),
                origin: layer.origin,
            });
        }
        program
    }
}

fn weights(score: &Score, card: &Card, learned: &Learned) -> Vec<WeightChange> {
    if !score.weighted || learned.choice.kept {
        return Vec::new();
    }
    let left_out = card.layers.iter().any(|layer| layer.weight <= 0.0);
    let layers = score.layers.iter().zip(&learned.points.weights).enumerate();
    let change = layers.filter_map(|(place, (layer, after))| {
        let (before, after) = (layer.weight?, whole(*after));
        // While a layer does not count, the others' weights are not those that the playbook states.
        (before != after && !left_out).then(|| WeightChange {
            layer: layer.name.clone().unwrap_or_default(),
            place,
            before,
            after,
            origin: layer.origin,
        })
    });
    change.collect()
}

fn proposed(
    program: &Program,
    card: &Card,
    columns: &[Column],
    rule: &NewRule,
    records: &[u32],
    is_good: impl Fn(u32) -> bool,
) -> Option<ProposedRule> {
    let column = columns.get(rule.column)?;
    let evidence = Evidence::of(records.iter().map(|record| (rule.holds(columns, *record), is_good(*record))));
    Some(ProposedRule {
        layer: card.layers.get(rule.layer).map(|layer| layer.name.clone()).unwrap_or_default(),
        place: rule.layer,
        points: whole(rule.points),
        words: words(program, column, &rule.test).into(),
        because: because(&evidence),
        condition: condition(column, &rule.test),
        evidence,
    })
}

fn because(evidence: &Evidence) -> String {
    let percent = |share: Share| share.share.map_or(0.0, |share| share * 100.0);
    format!(
        "learned: {:.0}% of {} turned out well, {:.0}% of the others",
        percent(evidence.holds),
        evidence.holds.of,
        percent(evidence.others)
    )
}

#[expect(clippy::cast_possible_truncation, reason = "points and thresholds are far below the largest number")]
fn fixed(value: f64) -> Fixed {
    Fixed((value * 1e6).round() as i64)
}

fn whole(value: f64) -> Fixed {
    fixed(value.round())
}

fn condition(column: &Column, test: &Test) -> Option<Condition> {
    let path = column.path.clone()?;
    let compare = |operator, value: f64| Condition::Compare {
        left: Term::Field(path.clone()),
        operator,
        right: Term::Constant(fixed(value)),
    };
    Some(match test {
        Test::AtLeast(value) => compare(Comparison::AtLeast, *value),
        Test::Below(value) => compare(Comparison::Less, *value),
        Test::OneOf(codes) if column.kind == Kind::YesNo => {
            let yes = Condition::Yes(TextTerm::Field(path.clone()));
            if codes.contains(&2) { yes } else { Condition::Not(Box::new(yes)) }
        }
        Test::OneOf(codes) => {
            let mut values: Vec<SmolStr> = levels(column, codes);
            values.sort();
            Condition::OneOf { term: TextTerm::Field(path.clone()), values }
        }
    })
}

fn levels(column: &Column, codes: &[u32]) -> Vec<SmolStr> {
    codes.iter().filter_map(|code| column.levels().get((*code as usize).checked_sub(1)?).cloned()).collect()
}

/// The condition as a playbook writes it; of a table's column, with its header in backticks.
fn words(program: &Program, column: &Column, test: &Test) -> String {
    let ty = column.path.as_ref().and_then(|path| program.field(path)).map(|field| &field.ty);
    let name = if column.path.is_some() { column.name.to_string() } else { format!("`{}`", column.name) };
    let amount = |value: f64| {
        let value = fixed(value);
        match ty {
            Some(Type::Duration) => format!("{value} seconds"),
            Some(Type::Money) => format!("{} {value}", program.client.currency),
            Some(Type::Percent) => format!("{value}%"),
            _ => value.to_string(),
        }
    };
    match test {
        Test::AtLeast(value) => format!("{name} >= {}", amount(*value)),
        Test::Below(value) => format!("{name} < {}", amount(*value)),
        Test::OneOf(codes) => {
            let is_word = matches!(ty, Some(Type::OneOf(_))) || column.kind == Kind::YesNo;
            let written = |level: &SmolStr| {
                if is_word {
                    level.to_string()
                } else {
                    format!("\"{}\"", level.replace('\\', "\\\\").replace('"', "\\\""))
                }
            };
            let values: Vec<String> = levels(column, codes).iter().map(written).collect();
            match values.as_slice() {
                [only] => format!("{name} is {only}"),
                all => format!("{name} is one of [{}]", all.join(", ")),
            }
        }
    }
}
