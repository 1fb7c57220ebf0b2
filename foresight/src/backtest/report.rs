//! A back-test: what a card and what is learned would have said forward in time, and what is to be known of the data before it is believed.

use compiler::program::FieldPath;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::figures::{Figures, Said};
use super::forward::{Block, forward, known_before, learn_from};
use super::leaks::{Alone, Leak, leaks};
use super::quality::{Gap, Shift, copies, gaps, shifts};
use super::signal::{Signal, signal};
use crate::history::{History, LearnedFrom, Remark};
use crate::learn::{CardRule, Evidence, LEAST, LEAST_RARER, Learned, Part, Points, Scored, Settings};
use crate::statistics::{Estimate, Line, Ranked, Share, auc, auc_within, difference_within, line};

/// The share of decisions, in time, that teach before any is judged: 30 of a hundred.
const TEACHING: usize = 30;

/// Nor is any judged before so many of the rarer outcome are known: then there is something to have learned. Seven of ten teach at most.
const TEACHING_RARER: usize = 50;

/// How many records a part of a card is judged over at most.
const SAMPLE: usize = 40_000;

/// How a back-test is made.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Learning's own settings; columns that leak are taken away from them unless they are wanted.
    pub settings: Settings,
    /// Columns that leak are learned from all the same.
    pub with_leaks: bool,
    /// Decisions before this instant teach and are not judged.
    pub from: Option<i64>,
}

/// What came of a back-test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What decisions are ordered by.
    pub ordered_by: String,
    /// How many records there are.
    pub records: u64,
    /// Of the decided ones, how many are good.
    pub decided: Share,
    /// Not decided yet: neither good nor bad.
    pub open: u64,
    /// What the card was learned from already: it neither judges it nor teaches it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned_from: Option<LearnedFrom>,
    /// How many of the decided ones the card was not learned from.
    pub fresh: u64,
    /// How many of these only taught.
    pub taught: u64,
    /// How many were judged.
    pub judged: u64,
    /// There is too little for learning, and why.
    pub too_little: Option<String>,
    /// Whether the data say anything about the outcome.
    pub signal: Signal,
    /// Columns that seem to say the outcome.
    pub leaks: Vec<Leak>,
    /// They were left out of learning.
    pub leaks_left_out: bool,
    /// Rules of the card that read one of them: that they tell good from bad is no evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaking_rules: Vec<LeakingRule>,
    /// Columns with gaps that have a reason.
    pub gaps: Vec<Gap>,
    /// Records that say the same as an earlier one in all.
    pub copies: u64,
    /// Records that say the same as an earlier one in all but names and ids.
    pub near_copies: u64,
    /// What is otherwise in the newer half.
    pub shifts: Vec<Shift>,
    /// What was learned in one half of the records picked evenly over time, judged on the other: what shuffling would have shown.
    pub shuffled: Estimate,
    /// What shuffling shows does not hold forward in time.
    pub decays: bool,
    /// What else is to be known of the data.
    pub remarks: Vec<Remark>,
    /// The playbook's own card; none where there is none.
    pub own: Option<Figures>,
    /// What was learned before each block.
    pub learned: Option<Figures>,
    /// The learned AUC less the card's own.
    pub difference: Option<Estimate>,
    /// Both by how many outcomes were known.
    pub curve: Vec<CurvePoint>,
    /// What the card's parts contribute.
    pub parts: Vec<Contribution>,
    /// What each column alone says.
    pub columns: Vec<Alone>,
    /// What is learned from all decided records.
    #[serde(skip)]
    pub newest: Learned,
}

/// What both cards are worth after so many outcomes, on all that came later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// How many outcomes were known.
    pub known: u64,
    /// On how many later ones both are judged.
    pub judged: u64,
    /// The card's own.
    pub own: Option<Estimate>,
    /// What was learned.
    pub learned: Estimate,
    /// The second less the first.
    pub difference: Option<Estimate>,
}

/// What a part of the card contributes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// The layer's name, or the rule's id.
    pub part: SmolStr,
    /// It is a layer.
    pub layer: bool,
    /// The rule's condition; empty for a layer.
    pub words: SmolStr,
    /// Its points, or its weight.
    pub points: f64,
    /// The AUC that is lost where it is left out.
    pub lost: Estimate,
    /// What came of those for whom it fired, and of the others; none for a layer.
    pub evidence: Option<Evidence>,
}

/// A rule that reads what seems to say the outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeakingRule {
    /// `firm.2`
    pub rule: SmolStr,
    /// Its condition as written.
    pub words: SmolStr,
    /// The column.
    pub column: SmolStr,
}

/// The rules of a card that read a column which leaks.
fn leaking_rules(history: &History, leaks: &[Leak]) -> Vec<LeakingRule> {
    let rules = history.scored.iter().flat_map(|scored| &scored.card.rules);
    let columns = |path: &FieldPath| history.columns.iter().find(|column| column.path.as_ref() == Some(path));
    let of = |rule: &CardRule| {
        let mut read = rule.reads.iter().filter_map(columns).map(|column| &column.name);
        let column = read.find(|name| leaks.iter().any(|leak| leak.column == **name))?;
        Some(LeakingRule { rule: rule.id.clone(), words: rule.words.clone(), column: column.clone() })
    };
    rules.filter_map(of).collect()
}

/// Makes a back-test.
#[must_use]
pub fn backtest(history: &History, asked: &Asked) -> Report {
    let decided = history.decided();
    let good = |records: &[u32]| records.iter().filter(|record| history.is_good(**record)).count();
    // A card that was learned is as good as it gets on what it was learned from: nothing of that says what it is worth.
    let fresh = history.fresh(&decided);
    let rarer = good(&fresh).min(fresh.len() - good(&fresh));
    let (found, columns) = leaks(history, &decided);
    let mut settings = asked.settings.clone();
    if !asked.with_leaks {
        for (allowed, column) in settings.allowed.iter_mut().zip(&history.columns) {
            *allowed &= !found.iter().any(|leak| leak.column == column.name);
        }
    }
    let gaps = gaps(history, &decided);
    for (allowed, column) in settings.allowed.iter_mut().zip(&history.columns) {
        // What was switched off for a time says nothing of the times to come.
        *allowed &= !gaps.iter().any(|gap| gap.column == column.name && gap.switched_off.is_some());
    }
    let (copies, near_copies) = copies(history);
    let mut report = Report {
        ordered_by: history.ordered_by.clone(),
        records: history.records.len() as u64,
        decided: Share::new(good(&decided) as u64, decided.len() as u64),
        open: (history.records.len() - decided.len()) as u64,
        learned_from: history.learned_from,
        fresh: fresh.len() as u64,
        taught: 0,
        judged: 0,
        too_little: too_little(decided.len(), fresh.len(), rarer),
        signal: signal(history, &decided, &settings.allowed),
        leaking_rules: leaking_rules(history, &found),
        leaks: found,
        leaks_left_out: !asked.with_leaks,
        gaps,
        copies,
        near_copies,
        shifts: shifts(history, &decided),
        shuffled: Estimate::default(),
        decays: false,
        remarks: history.remarks.clone(),
        own: None,
        learned: None,
        difference: None,
        curve: Vec::new(),
        parts: Vec::new(),
        columns,
        newest: Learned::default(),
    };
    let decided = fresh;
    let from = first_judged(history, &decided, asked.from, report.too_little.is_some());
    report.taught = from as u64;
    report.judged = (decided.len() - from) as u64;
    let own_card = history.scored.as_ref().filter(|scored| !scored.card.rules.is_empty());
    if report.too_little.is_some() {
        if let Some(scored) = own_card.filter(|_| report.judged > 0) {
            report.own = Some(own_only(history, scored, decided.get(from..).unwrap_or_default()));
            report.parts = parts(history, scored, decided.get(from..).unwrap_or_default());
        }
        return report;
    }
    let blocks = forward(history, &decided, from, &settings);
    let mut learned = Said::default();
    for block in &blocks {
        learned.take(history, &block.learned.points, block.learned.line, &block.records);
    }
    let figures = learned.figures(history, &blocks);
    if let Some(scored) = own_card {
        let own = own_said(history, scored, &decided, &blocks);
        let pairs: Vec<_> = learned.ranked().into_iter().zip(own.ranked()).collect();
        report.difference = Some(difference_within(&pairs));
        report.own = Some(own.figures(history, &blocks));
        report.parts = parts(history, scored, decided.get(from..).unwrap_or_default());
    }
    report.shuffled = shuffled(history, &decided, &settings);
    report.decays = report.shuffled.interval.zip(figures.auc.interval).is_some_and(|(one, other)| one.low > other.high);
    report.curve = curve(history, own_card, &decided, &settings);
    if report.judged > 0 {
        report.learned = Some(figures);
    } else {
        // Nothing lies late enough: what follows from no record at all is no figure.
        (report.own, report.difference, report.parts) = (None, None, Vec::new());
    }
    report.newest = learn_from(history, &decided, &settings);
    report
}

fn too_little(decided: usize, fresh: usize, rarer: usize) -> Option<String> {
    let since = if fresh < decided { " since the card was learned" } else { "" };
    if decided == 0 {
        Some("nothing is decided yet".to_owned())
    } else if fresh == 0 {
        Some(format!("nothing was decided{since}"))
    } else if rarer == 0 {
        Some(format!("all {fresh} decided ones{since} came out the same"))
    } else if fresh < LEAST || rarer < LEAST_RARER {
        Some(format!(
            "{fresh} are decided{since} and {rarer} of them came out the rarer way; learning wants {LEAST} and {LEAST_RARER}"
        ))
    } else {
        None
    }
}

/// The place of the first decided record that is judged: all are where nothing is learned.
fn first_judged(history: &History, decided: &[u32], from: Option<i64>, too_little: bool) -> usize {
    let at = |record: &u32| history.records.get(*record as usize).map_or(0, |record| record.at);
    match from {
        Some(from) => decided.partition_point(|record| at(record) < from),
        None if too_little => 0,
        None => {
            let least = decided.len() * TEACHING / 100;
            let most = decided.len() * 7 / 10;
            // Outcomes are known later than they are decided on: what counts is what is known by then.
            (0..=8)
                .map(|step| least + (most - least) * step / 8)
                .find(|place| {
                    let first = decided.get(*place).map_or(i64::MAX, at);
                    let known = known_before(history, decided, first);
                    let good = known.iter().filter(|record| history.is_good(**record)).count();
                    good.min(known.len() - good) >= TEACHING_RARER
                })
                .unwrap_or(most)
        }
    }
}

fn own_points(scored: &Scored) -> Points {
    scored.card.points()
}

fn own_only(history: &History, scored: &Scored, records: &[u32]) -> Figures {
    let block = Block { records: records.to_vec(), known: 0, learned: Learned::default() };
    let mut said = Said::default();
    said.take(history, &own_points(scored), None, records);
    said.figures(history, &[block])
}

/// What the card itself says, its chances by what was known before each block.
fn own_said(history: &History, scored: &Scored, decided: &[u32], blocks: &[Block]) -> Said {
    let own = own_points(scored);
    let mut said = Said::default();
    let scores = own.values(&scored.card, &scored.rules, &history.columns, decided, None).scores;
    let place = |record: &u32| decided.binary_search(record).ok();
    for block in blocks {
        let first = block.records.first().and_then(|record| history.records.get(*record as usize));
        let mut known = first.map(|first| known_before(history, decided, first.at)).unwrap_or_default();
        let step = known.len().div_ceil(SAMPLE).max(1);
        known = known.into_iter().step_by(step).collect();
        let known_scores: Vec<f64> = known.iter().filter_map(|record| scores.get(place(record)?).copied()).collect();
        let good: Vec<bool> = known.iter().map(|record| history.is_good(*record)).collect();
        let line: Option<Line> = line(&known_scores, &good, Some(0.03));
        said.take(history, &own, line, &block.records);
    }
    said
}

fn ranked(history: &History, scored: &Scored, points: &Points, records: &[u32], leave: Option<Part>) -> Option<Ranked> {
    let values = points.values(&scored.card, &scored.rules, &history.columns, records, leave);
    let good: Vec<bool> = records.iter().map(|record| history.is_good(*record)).collect();
    Ranked::new(&values.scores, &good)
}

/// Learned from every other record, judged on those between.
fn shuffled(history: &History, decided: &[u32], settings: &Settings) -> Estimate {
    let even: Vec<u32> = decided.iter().step_by(2).copied().collect();
    let odd: Vec<u32> = decided.iter().skip(1).step_by(2).copied().collect();
    let nothing = Scored::default();
    let scored = history.scored.as_ref().unwrap_or(&nothing);
    let learned = learn_from(history, &even, settings);
    let values = learned.points.values(&scored.card, &scored.rules, &history.columns, &odd, None);
    let good: Vec<bool> = odd.iter().map(|record| history.is_good(*record)).collect();
    auc(&values.scores, &good)
}

fn curve(history: &History, own: Option<&Scored>, decided: &[u32], settings: &Settings) -> Vec<CurvePoint> {
    let last = decided.len() * 7 / 10;
    let mut sizes: Vec<usize> =
        std::iter::successors(Some(25_usize), |size| Some(size * 2)).take_while(|size| *size < last).collect();
    sizes.push(last);
    let nothing = Scored::default();
    let scored = history.scored.as_ref().unwrap_or(&nothing);
    let point = |size: &usize| {
        let (known, later) = decided.split_at_checked(*size)?;
        let step = later.len().div_ceil(SAMPLE).max(1);
        let later: Vec<u32> = later.iter().step_by(step).copied().collect();
        // What is judged begins where learning ends; an outcome that was not known by then teaches nothing.
        let first = later.first().and_then(|record| history.records.get(*record as usize))?;
        let known = known_before(history, known, first.at);
        let learned = learn_from(history, &known, settings);
        let after = ranked(history, scored, &learned.points, &later, None);
        let before = own.map(|own| ranked(history, own, &own_points(own), &later, None));
        Some(CurvePoint {
            known: known.len() as u64,
            judged: later.len() as u64,
            own: before.as_ref().map(|before| auc_within(std::slice::from_ref(before))),
            learned: auc_within(std::slice::from_ref(&after)),
            difference: before.map(|before| difference_within(&[(after, before)])),
        })
    };
    let mut curve: Vec<CurvePoint> = sizes.par_iter().filter_map(point).collect();
    // Where outcomes are known late, several sizes may know the same.
    curve.dedup_by_key(|point| point.known);
    curve.retain(|point| point.known >= 10);
    curve
}

/// What each layer and rule of the card contributes over some records.
fn parts(history: &History, scored: &Scored, records: &[u32]) -> Vec<Contribution> {
    let step = records.len().div_ceil(SAMPLE).max(1);
    let records: Vec<u32> = records.iter().step_by(step).copied().collect();
    let own = own_points(scored);
    let whole = ranked(history, scored, &own, &records, None);
    let lost = |part: Part| difference_within(&[(whole.clone(), ranked(history, scored, &own, &records, Some(part)))]);
    let layers =
        scored.card.layers.par_iter().enumerate().filter(|(_, layer)| !layer.name.is_empty()).map(|(place, layer)| {
            Contribution {
                part: layer.name.clone(),
                layer: true,
                words: SmolStr::default(),
                points: layer.weight,
                lost: lost(Part::Layer(place)),
                evidence: None,
            }
        });
    let rules =
        scored.card.rules.par_iter().zip(&scored.rules).enumerate().map(|(place, (rule, activation))| Contribution {
            part: rule.id.clone(),
            layer: false,
            words: rule.words.clone(),
            points: rule.points,
            lost: lost(Part::Rule(place)),
            evidence: Some(Evidence::of(
                records.iter().map(|record| (activation.of(*record) != 0.0, history.is_good(*record))),
            )),
        });
    let mut parts: Vec<Contribution> = layers.collect();
    parts.extend(rules.collect::<Vec<_>>());
    parts
}
