//! Rules that never fire, that say the same twice, that another implies, and points that can never count.

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::cards::{Card, LayerCard};
use super::demand::{self, Demands, Never};
use super::describe::{self, signed};
use super::domain::{Counted, Domain, Subject};
use super::interval::Interval;
use super::reach::Reach;
use super::scores::{self, HUNDRED, Model, Witness, fixed};
use crate::codes::lints::{implied_rule, short_layer, useless_points};
use crate::codes::scores::{dead_rule, duplicate_rule};
use crate::diagnostics::Diagnostic;
use crate::program::{Fixed, Program, RuleForm, Type};

pub(super) fn run(
    program: &Program,
    card: &Card<'_>,
    (reach, model): (&Reach<'_>, &Model<'_>),
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut first = 0;
    for (at, layer) in card.layers.iter().enumerate() {
        let of = Tried { model, layer, at, first };
        first += layer.rules.len();
        let demands = demands_of(program, &of, reach, diagnostics);
        let twice = duplicates(&of, diagnostics);
        implied(&of, &demands, &twice, diagnostics);
        useless(card, &of, diagnostics);
        short(card, &of, diagnostics);
    }
}

/// A layer, and what was found out by trying.
struct Tried<'a> {
    model: &'a Model<'a>,
    layer: &'a LayerCard<'a>,
    /// Its place.
    at: usize,
    /// The place of its first rule among all of the score.
    first: usize,
}

impl Tried<'_> {
    /// Whether the rule fires for nobody.
    fn is_dead(&self, rule: usize) -> bool {
        self.fired(rule).is_some_and(|fired| !fired.contains(&true))
    }

    /// In which outcomes of its group it fires.
    fn fired(&self, rule: usize) -> Option<Vec<bool>> {
        let (group, place) = self.group(rule)?;
        let group = self.model.groups.get(group)?;
        Some(group.outcomes.iter().map(|outcome| outcome.fired.get(place) == Some(&true)).collect())
    }

    /// The group that it was tried in, and its place there.
    fn group(&self, rule: usize) -> Option<(usize, usize)> {
        self.model.homes.get(self.first + rule).copied().flatten()
    }

    /// A test with somebody for whom these rules fire together, and what the layer is then.
    fn witness(&self, rules: &[usize], name: &str) -> Option<String> {
        let witness = self.somebody(rules)?;
        let value = *witness.judged.layers.get(self.at)?;
        scores::test(self.model, &witness, name, &[scores::is_so_much(self.model, Some(self.at), value)])
    }

    /// A test with somebody for whom they fire together, and that says so in their own words.
    fn both(&self, rules: &[usize]) -> Option<String> {
        // What a test names by itself is a contact's: of another record its score says it.
        let entity = self.model.program.entities.get(self.model.score.entity.index())?;
        if entity.name != "Contact" {
            return self.witness(rules, "both conditions hold");
        }
        let witness = self.somebody(rules)?;
        let mut expected: Vec<String> = Vec::new();
        for rule in rules.iter().filter_map(|rule| self.layer.rules.get(*rule)) {
            let words = match &rule.rule.form {
                RuleForm::When(_) => rule.rule.words.to_string(),
                RuleForm::Each { .. } => any_of(&rule.rule.words),
            };
            if !expected.contains(&words) {
                expected.push(words);
            }
        }
        scores::test(self.model, &witness, "both conditions hold", &expected)
    }

    fn somebody(&self, rules: &[usize]) -> Option<Witness> {
        let (at, _) = self.group(*rules.first()?)?;
        let group = self.model.groups.get(at)?;
        let places: Vec<usize> = rules.iter().filter_map(|rule| self.group(*rule)).map(|(_, place)| place).collect();
        let all = |outcome: &&scores::Outcome| places.iter().all(|place| outcome.fired.get(*place) == Some(&true));
        group.outcomes.iter().enumerate().filter(|(_, outcome)| all(outcome)).take(TRIED).find_map(|(outcome, _)| {
            let mut chosen = vec![0; self.model.groups.len()];
            *chosen.get_mut(at)? = outcome;
            let witness = scores::made(self.model, &chosen, 0)?;
            let fires = rules.iter().all(|rule| witness.judged.fired.get(self.first + rule) == Some(&true));
            fires.then_some(witness)
        })
    }
}

/// So many records are made for a witness.
const TRIED: usize = 16;

/// `any email.clicked`, of `each email.clicked, up to 30`.
fn any_of(each: &str) -> String {
    let events = each.strip_prefix("each ").unwrap_or(each);
    format!("any {}", events.rsplit_once(", up to").map_or(events, |(events, _)| events))
}

/// The demands of each rule; none, and said so, where it never fires.
fn demands_of<'r>(
    program: &Program,
    of: &Tried<'_>,
    reach: &'r Reach<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Option<&'r Demands<'r>>> {
    let pieces = reach.pieces(of.at).iter().zip(&of.layer.rules).enumerate();
    let demands = pieces.map(|(at, (piece, rule))| {
        let why = match &piece.demands {
            Ok(demands) => match exhausted(program, demands) {
                None if of.is_dead(at) => no_facts(of, at),
                None => return Some(demands),
                Some(why) => why,
            },
            Err(why) => never(program, why),
        };
        diagnostics.push(dead_rule::diagnostic(rule.condition(), &signed(rule.rule.points), &why));
        None
    });
    demands.collect()
}

/// That nothing makes it true, with what it asks about.
fn no_facts(of: &Tried<'_>, rule: usize) -> String {
    let (fields, events) = scores::asked(of.model, of.first + rule);
    let list = |names: &[String], last| crate::codes::words::list(names, last, 4);
    match (fields.as_slice(), events.as_slice()) {
        ([], []) => "no facts make it true".to_owned(),
        ([], events) => format!("no {} can be like that", list(events, "or")),
        ([field], _) => format!("no value of {} makes it true", list(std::slice::from_ref(field), "and")),
        (fields, _) => format!("no values of {} make it true", list(fields, "and")),
    }
}

/// A word of a list that is excluded down to the last one.
fn exhausted(program: &Program, demands: &Demands<'_>) -> Option<String> {
    demands.iter().find_map(|(subject, domain)| {
        let (Subject::Field(path), Domain::Word(words)) = (subject, domain) else { return None };
        let Type::OneOf(all) = &program.field(path)?.ty else { return None };
        let none_left = words.only.is_none() && all.iter().all(|word| words.not.contains(&word.as_str()));
        none_left.then(|| format!("it leaves no value of `{}`", program.path_name(path)))
    })
}

/// Why, in words.
pub(super) fn never(program: &Program, why: &Never<'_>) -> String {
    match why {
        Never::Clash(subject, both) => match &**both {
            (Domain::Counts(one), Domain::Counts(other)) => counts_clash(program, subject, one, other),
            (one, other) => {
                let (named, one) = (describe::subject(program, subject), describe::domain(program, subject, one));
                format!("it wants {named} to be both {one} and {}", describe::domain(program, subject, other))
            }
        },
        Never::Numbers => "its numbers do not compare so".to_owned(),
        Never::EmptyRange => "the range ends below where it begins".to_owned(),
        Never::Always => "it contradicts itself".to_owned(),
    }
}

fn counts_clash(program: &Program, subject: &Subject<'_>, one: &[Counted<'_>], other: &[Counted<'_>]) -> String {
    let clash =
        one.iter().find_map(|one| Some((one, other.iter().find(|other| one.excludes(other) || other.excludes(one))?)));
    clash.map_or_else(
        || "it contradicts itself".to_owned(),
        |(one, other)| {
            let (one, other) = (describe::counted(program, subject, one), describe::counted(program, subject, other));
            format!("it wants {one}, and {other}")
        },
    )
}

/// Which rules stand there twice.
fn duplicates(of: &Tried<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<bool> {
    let rules = &of.layer.rules;
    let mut seen: FxHashMap<&str, usize> = FxHashMap::with_capacity_and_hasher(rules.len(), FxBuildHasher);
    // Conditions in other words fire in the same outcomes of the same group.
    let mut patterns: FxHashMap<(usize, Vec<bool>), usize> = FxHashMap::default();
    let mut twice = vec![false; rules.len()];
    for (at, rule) in rules.iter().enumerate() {
        let as_written = seen.get(rule.rule.words.as_str()).copied();
        let as_written =
            as_written.filter(|first| rules.get(*first).is_some_and(|first| same(&first.rule.form, &rule.rule.form)));
        let pattern = match (&rule.rule.form, of.group(at)) {
            (RuleForm::When(_), Some((group, _))) => {
                of.fired(at).filter(|fired| fired.contains(&true)).map(|fired| (group, fired))
            }
            _ => None,
        };
        let in_other_words = pattern.as_ref().and_then(|pattern| patterns.get(pattern)).copied();
        if let Some(first) = as_written.or(in_other_words)
            && let Some(first_rule) = rules.get(first)
        {
            let against = (first_rule.rule.points.0 < 0) != (rule.rule.points.0 < 0);
            let points = (signed(first_rule.rule.points), signed(rule.rule.points));
            let made = if as_written.is_some() { duplicate_rule::diagnostic } else { duplicate_rule::in_other_words };
            let found = made(rule.place(), first_rule.place(), &points.0, &points.1, against);
            diagnostics.push(found.witness(of.both(&[first, at])));
            if let Some(slot) = twice.get_mut(at) {
                *slot = true;
            }
            continue;
        }
        seen.insert(&rule.rule.words, at);
        if let Some(pattern) = pattern {
            patterns.insert(pattern, at);
        }
    }
    twice
}

/// Whether they fire together; an `each` whatever its cap.
fn same(one: &RuleForm, other: &RuleForm) -> bool {
    match (one, other) {
        (RuleForm::Each { query: one, .. }, RuleForm::Each { query: other, .. }) => one == other,
        (one, other) => one == other,
    }
}

/// Rules that name the same subject are compared up to this number.
const COMPARED: usize = 64;

fn implied(of: &Tried<'_>, demands: &[Option<&Demands<'_>>], twice: &[bool], diagnostics: &mut Vec<Diagnostic>) {
    let layer = of.layer;
    let fired: Vec<Option<(usize, Vec<bool>)>> =
        (0..layer.rules.len()).map(|at| Some((of.group(at)?.0, of.fired(at)?))).collect();
    let mut by_field: FxHashMap<Vec<u32>, Vec<usize>> = FxHashMap::default();
    for (at, demands) in demands.iter().enumerate() {
        for (subject, _) in demands.iter().copied().flatten() {
            let group = by_field.entry(fingerprint(subject)).or_default();
            if group.len() < COMPARED {
                group.push(at);
            }
        }
    }
    let mut found: Vec<(usize, usize)> = Vec::new();
    for group in by_field.values() {
        for narrow in group {
            for wide in group.iter().filter(|wide| *wide != narrow) {
                if twice.get(*narrow) != Some(&false) || twice.get(*wide) != Some(&false) {
                    continue;
                }
                let (Some(Some(given)), Some(Some(wanted)), Some(rule)) =
                    (demands.get(*narrow), demands.get(*wide), layer.rules.get(*wide))
                else {
                    continue;
                };
                let RuleForm::When(condition) = &rule.rule.form else { continue };
                let tried = match (fired.get(*narrow), fired.get(*wide)) {
                    (Some(Some((one, narrow))), Some(Some((other, wide)))) => {
                        one == other
                            && narrow.contains(&true)
                            && narrow.iter().zip(wide).all(|(narrow, wide)| !narrow || *wide)
                    }
                    _ => false,
                };
                if !is_tier(wanted) && (tried || demand::implied(given, condition, false)) {
                    found.push((*narrow, *wide));
                }
            }
        }
    }
    found.sort_unstable();
    // One is enough: of several, the first says it.
    found.dedup_by_key(|(narrow, _)| *narrow);
    for (narrow_at, wide_at) in found {
        let (Some(narrow), Some(wide)) = (layer.rules.get(narrow_at), layer.rules.get(wide_at)) else { continue };
        let together = signed(narrow.rule.points.plus(wide.rule.points));
        let (few, many) = (signed(narrow.rule.points), signed(wide.rule.points));
        let found = implied_rule::diagnostic(narrow.place(), &few, wide.place(), &many, &together);
        diagnostics.push(found.witness(of.witness(&[narrow_at, wide_at], "both conditions hold")));
    }
}

/// A threshold: a number with one open end, or so many of something. Such rules are steps of one scale, and meant to add up.
fn is_tier(demands: &Demands<'_>) -> bool {
    let step = |(subject, domain): &(Subject<'_>, Domain<'_>)| match domain {
        Domain::Number(Interval { low, high }) => *low == i64::MIN || *high == i64::MAX,
        Domain::Counts(_) => matches!(subject, Subject::Events | Subject::Phrases(_)),
        Domain::Known => true,
        _ => false,
    };
    demands.iter().all(step)
}

fn fingerprint(subject: &Subject<'_>) -> Vec<u32> {
    match subject {
        Subject::Field(path) => {
            let steps = path.relations.iter().map(|step| step.0);
            [0, path.entity.0].into_iter().chain(steps).chain([path.field.0]).collect()
        }
        Subject::Score(of) => vec![1, of.score.0, of.layer.map_or(0, |layer| layer + 1)],
        Subject::Phrases(phrases) => vec![2, phrases.0],
        Subject::Route(score) => vec![3, score.0],
        Subject::Events => vec![4],
        Subject::Number(_) | Subject::Latest(_) | Subject::EventField(_) => vec![5],
    }
}

fn useless(card: &Card<'_>, of: &Tried<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let layer = of.layer;
    let hundred = Fixed::from_integer(100);
    let name = layer.layer.name.as_deref().unwrap_or(&card.score.name);
    let takes_away = layer.rules.iter().any(|rule| rule.rule.points < Fixed::ZERO);
    let gives = layer.rules.iter().any(|rule| rule.rule.points > Fixed::ZERO);
    let only_takes_away = card.score.weighted && takes_away && !gives;
    if only_takes_away {
        diagnostics.push(useless_points::never_above_zero(layer.header, name));
    }
    let spread = Spread::new(of);
    for (at, rule) in layer.rules.iter().enumerate() {
        let points = rule.rule.points;
        if points == Fixed::ZERO {
            diagnostics.push(useless_points::nought(rule.points()));
            continue;
        }
        let size = Fixed(points.0.saturating_abs());
        match &rule.rule.form {
            RuleForm::Each { up_to, .. } if size > *up_to => {
                diagnostics.push(useless_points::beyond_cap(rule.place(), &size.to_string(), &up_to.to_string()));
            }
            RuleForm::Each { up_to, .. } if card.score.weighted && !takes_away && *up_to > hundred => {
                diagnostics.push(useless_points::cap_beyond_clamp(rule.place(), &up_to.to_string(), name));
            }
            // With points that are taken away beside them, more than a hundred may count after all.
            RuleForm::When(_) if card.score.weighted && !takes_away && points > hundred => {
                diagnostics.push(useless_points::beyond_clamp(rule.points(), &points.to_string(), name));
            }
            RuleForm::When(_) if card.score.weighted && !only_takes_away => {
                if let Some(at_the_top) = spread.never_counts(of, at) {
                    let found = useless_points::never_count(rule.place(), &signed(points), name, at_the_top);
                    diagnostics.push(found.witness(of.witness(&[at], "points that do not count")));
                }
            }
            _ => {}
        }
    }
}

/// The least and the most that all groups give to a layer, and each of them.
struct Spread {
    all: (i64, i64),
    each: Vec<(i64, i64)>,
}

impl Spread {
    fn new(of: &Tried<'_>) -> Self {
        let each: Vec<(i64, i64)> = of
            .model
            .groups
            .iter()
            .map(|group| {
                let sums = group.outcomes.iter().map(|outcome| group.sum(outcome, of.at));
                let ends = sums.reduce(|ends, sum| (ends.0.min(sum.0), ends.1.max(sum.1)));
                ends.unwrap_or((0, 0))
            })
            .collect();
        let add = |sum: (i64, i64), ends: &(i64, i64)| (sum.0.saturating_add(ends.0), sum.1.saturating_add(ends.1));
        Self { all: each.iter().fold((0, 0), add), each }
    }

    /// Whether a clamp takes the rule's points away whenever it fires; at the top, or else at the bottom.
    fn never_counts(&self, of: &Tried<'_>, rule: usize) -> Option<bool> {
        let (at, place) = of.group(rule)?;
        let group = of.model.groups.get(at)?;
        let giver = of.model.rules.get(of.first + rule)?;
        let own = self.each.get(at)?;
        let others = (self.all.0.saturating_sub(own.0), self.all.1.saturating_sub(own.1));
        let mut tops = Vec::new();
        for outcome in group.outcomes.iter().filter(|outcome| outcome.fired.get(place) == Some(&true)) {
            let (low, high) = group.sum(outcome, of.at);
            let (low, high) = (low.saturating_add(others.0), high.saturating_add(others.1));
            // Points that fade are somewhere between nought and all of them.
            let points = giver.points;
            let (with, without) = if giver.fades {
                ((low, high), (low.saturating_sub(points.min(0)), high.saturating_sub(points.max(0))))
            } else {
                ((low, high), (low.saturating_sub(points), high.saturating_sub(points)))
            };
            let top = with.0 >= HUNDRED && without.0 >= HUNDRED;
            let bottom = with.1 <= 0 && without.1 <= 0;
            if !top && !bottom {
                return None;
            }
            tops.push(top);
        }
        Some(*tops.first()? && tops.iter().all(|top| *top))
    }
}

/// A layer with a weight that does not come to 100.
fn short(card: &Card<'_>, of: &Tried<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(weight), Some(name)) = (of.layer.layer.weight, of.layer.layer.name.as_deref()) else { return };
    let extreme = of.model.extreme(Some(of.at), true, None);
    // Of a layer that is never above nought something else is said.
    if !card.score.weighted || extreme.value >= HUNDRED || extreme.value <= 0 {
        return;
    }
    let most = fixed(extreme.value);
    let worth = weight.times(most).over(Fixed::from_integer(100)).unwrap_or(Fixed::ZERO);
    let found = short_layer::diagnostic(of.layer.header, name, weight, most, worth);
    let witness = scores::end(of.model, Some(of.at), &extreme).and_then(|witness| {
        let expected = scores::is_so_much(of.model, Some(of.at), extreme.value);
        scores::test(of.model, &witness, &format!("{name} is at most {most}"), &[expected])
    });
    diagnostics.push(found.witness(witness));
}
