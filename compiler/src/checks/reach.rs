//! How far a score and its layers can go, over all facts that there could be.
//!
//! Sound: no facts lead outside a range. Precise as far as it is cheap: rules that exclude each other are not counted together.

use super::demand::{self, Demands, Never};
use super::domain::{Domain, Subject};
use super::exclusive;
use super::interval::Interval;
use crate::program::{Fixed, Layer, Program, RuleForm, Score, ScoreId, ScoreRef};

/// What a score or layer can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub low: Fixed,
    /// The most.
    pub high: Fixed,
}

/// Of a sum of nothing.
const NOUGHT: Range = Range { low: Fixed::ZERO, high: Fixed::ZERO };

impl Range {
    /// Of the sum of two.
    fn plus(self, other: Self) -> Self {
        Self { low: self.low.plus(other.low), high: self.high.plus(other.high) }
    }
}

/// The range of a score or layer over all facts; nought for what is not there.
#[must_use]
pub fn range_of(program: &Program, of: ScoreRef) -> Range {
    let Some(score) = program.scores.get(of.score.index()) else {
        return Range { low: Fixed::ZERO, high: Fixed::ZERO };
    };
    let (low, high) = super::scores::Model::new(program, of.score, score).range(of.layer.map(|layer| layer as usize));
    Range { low: super::scores::fixed(low), high: super::scores::fixed(high) }
}

/// A score made ready to ask for ranges under many assumptions.
pub(crate) struct Reach<'p> {
    id: ScoreId,
    score: &'p Score,
    /// By layer.
    pieces: Vec<Vec<Piece<'p>>>,
}

/// What a rule can give.
pub(crate) struct Piece<'p> {
    /// With the points' sign, rounded as its line is.
    pub(crate) most: Fixed,
    /// What has to be so for it.
    pub(crate) demands: Result<Demands<'p>, Never<'p>>,
    /// It gives all its points whenever its condition holds: nothing fades.
    certain: Option<&'p crate::program::Condition>,
}

/// Rules of a layer that name the same subject are compared in pairs up to this number.
const COMPARED: usize = 64;

impl<'p> Reach<'p> {
    pub(crate) fn new(program: &'p Program, id: ScoreId, score: &'p Score) -> Self {
        let pieces = score.layers.iter().map(|layer| pieces(program, layer)).collect();
        Self { id, score, pieces }
    }

    /// The rules of a layer, in order.
    pub(crate) fn pieces(&self, layer: usize) -> &[Piece<'p>] {
        self.pieces.get(layer).map_or(&[], Vec::as_slice)
    }

    /// The range of a layer where all of `given` holds.
    pub(crate) fn layer(&self, layer: usize, given: &Demands<'_>) -> Range {
        let pieces: Vec<&Piece<'p>> = self.pieces(layer).iter().collect();
        let range = sum(&pieces, given, |piece| piece.most);
        let range = if self.score.weighted { clamped(range) } else { range };
        #[expect(clippy::cast_possible_truncation, reason = "a score has fewer than four billion layers")]
        let known = self.known(Some(layer as u32), given);
        Range { low: Fixed(range.low.0.max(known.low)), high: Fixed(range.high.0.min(known.high)) }
    }

    /// What is given about the score or layer itself.
    fn known(&self, layer: Option<u32>, given: &Demands<'_>) -> Interval {
        let subject = Subject::Score(ScoreRef { score: self.id, layer });
        let known = given.iter().find_map(|(known, domain)| match domain {
            Domain::Number(interval) if *known == subject => Some(*interval),
            _ => None,
        });
        known.unwrap_or(Interval::ALL)
    }

    /// The range of the score where all of `given` holds.
    pub(crate) fn score(&self, given: &Demands<'_>) -> Range {
        let layers: Vec<Range> = (0..self.pieces.len()).map(|layer| self.layer(layer, given)).collect();
        if !self.score.weighted {
            // A layer that may be left out (`once`) adds nothing then, whatever is given about it.
            let is_optional = |at: usize| self.score.layers.get(at).is_some_and(|layer| layer.once.is_some());
            let (mut apart, mut optional) = (NOUGHT, NOUGHT);
            for (at, layer) in layers.iter().enumerate() {
                if is_optional(at) {
                    let with_nought = Range { low: layer.low.min(Fixed::ZERO), high: layer.high.max(Fixed::ZERO) };
                    optional = optional.plus(with_nought);
                } else {
                    apart = apart.plus(*layer);
                }
            }
            let always = self.pieces.iter().enumerate().filter(|(at, _)| !is_optional(*at));
            let always: Vec<&Piece<'p>> = always.flat_map(|(_, pieces)| pieces).collect();
            let at_once = sum(&always, given, |piece| piece.most);
            let low = apart.low.max(at_once.low);
            return Range { low, high: apart.high.min(at_once.high) }.plus(optional);
        }
        let parts: Vec<(Fixed, Range, bool)> = self
            .score
            .layers
            .iter()
            .zip(layers)
            .map(|(layer, range)| (layer.weight.unwrap_or(Fixed::ZERO), range, layer.once.is_some()))
            .collect();
        weighted(&parts)
    }
}

fn pieces<'p>(program: &Program, layer: &'p Layer) -> Vec<Piece<'p>> {
    let piece = |rule: &'p crate::program::Rule| match &rule.form {
        RuleForm::When(condition) => Piece {
            most: cents(rule.points),
            demands: demand::demands(program, condition, false),
            certain: layer.half_life.is_none().then_some(condition),
        },
        RuleForm::Each { up_to, .. } => {
            let most = if rule.points < Fixed::ZERO { Fixed(-up_to.0.abs()) } else { Fixed(up_to.0.abs()) };
            Piece { most, demands: Ok(Vec::new()), certain: None }
        }
    };
    layer.rules.iter().map(piece).collect()
}

/// The range of a sum of rules.
fn sum(pieces: &[&Piece<'_>], given: &Demands<'_>, worth: impl Fn(&Piece<'_>) -> Fixed) -> Range {
    let possible: Vec<(Fixed, &Demands<'_>)> = pieces
        .iter()
        .filter_map(|piece| {
            let demands = piece.demands.as_ref().ok()?;
            (given.is_empty() || !demand::exclude(demands, given)).then(|| (worth(piece), demands))
        })
        .collect();
    // What the assumptions force to fire counts on both sides.
    let forced: Vec<Fixed> = if given.is_empty() {
        Vec::new()
    } else {
        let certain =
            |piece: &&&Piece<'_>| piece.certain.is_some_and(|condition| demand::implied(given, condition, false));
        pieces.iter().filter(certain).map(|piece| worth(piece)).collect()
    };
    let side = |sign: i64| {
        let of_side: Vec<&(Fixed, &Demands<'_>)> =
            possible.iter().filter(|(points, _)| points.0.signum() == sign).collect();
        let weights: Vec<i64> = of_side.iter().map(|(points, _)| points.0.saturating_abs()).collect();
        let demands: Vec<&Demands<'_>> = of_side.iter().map(|(_, demands)| *demands).collect();
        let most = exclusive::most(&weights, &exclusions(&demands));
        let against: i64 =
            forced.iter().filter(|points| points.0.signum() == -sign).map(|points| points.0.saturating_abs()).sum();
        most.saturating_sub(against)
    };
    Range { low: Fixed(-side(-1)), high: Fixed(side(1)) }
}

/// The pairs that exclude each other, among those that name the same subject.
pub(crate) fn exclusions(demands: &[&Demands<'_>]) -> Vec<(usize, usize)> {
    let mut by_subject: rustc_hash::FxHashMap<u64, Vec<usize>> = rustc_hash::FxHashMap::default();
    for (at, demands) in demands.iter().enumerate() {
        for (subject, _) in *demands {
            let group = by_subject.entry(fingerprint(subject)).or_default();
            if group.len() < COMPARED {
                group.push(at);
            }
        }
    }
    let mut pairs = Vec::new();
    for group in by_subject.values() {
        for (place, one) in group.iter().enumerate() {
            for other in group.iter().skip(place + 1) {
                let (Some(left), Some(right)) = (demands.get(*one), demands.get(*other)) else { continue };
                if demand::exclude(left, right) {
                    pairs.push((*one, *other));
                }
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Equal for equal subjects; a calculation's is its kind's.
fn fingerprint(subject: &Subject<'_>) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    std::mem::discriminant(subject).hash(&mut hasher);
    match subject {
        Subject::Field(path) => path.hash(&mut hasher),
        Subject::Score(of) => of.hash(&mut hasher),
        Subject::Phrases(phrases) => phrases.hash(&mut hasher),
        Subject::Route(score) => score.hash(&mut hasher),
        Subject::EventField(name) => name.hash(&mut hasher),
        Subject::Number(_) | Subject::Latest(_) | Subject::Events => {}
    }
    hasher.finish()
}

fn clamped(range: Range) -> Range {
    let hundred = Fixed::from_integer(100);
    Range { low: range.low.clamp(Fixed::ZERO, hundred), high: range.high.clamp(Fixed::ZERO, hundred) }
}

/// The weighted sum; layers that may be left out (`once`) are tried with and without.
fn weighted(parts: &[(Fixed, Range, bool)]) -> Range {
    let optional: Vec<usize> = parts.iter().enumerate().filter(|(_, part)| part.2).map(|(at, _)| at).collect();
    if optional.len() > 6 {
        let highs = parts.iter().map(|part| part.1.high).max().unwrap_or(Fixed::ZERO);
        let lows = parts.iter().map(|part| part.1.low).min().unwrap_or(Fixed::ZERO);
        let lows = if optional.len() == parts.len() { lows.min(Fixed::ZERO) } else { lows };
        return Range { low: lows, high: highs };
    }
    let mut range: Option<Range> = None;
    for left_out in 0..1_u32 << optional.len() {
        let out = |at: usize| {
            optional.iter().position(|optional| *optional == at).is_some_and(|bit| left_out & (1 << bit) != 0)
        };
        let kept: Vec<&(Fixed, Range, bool)> =
            parts.iter().enumerate().filter(|(at, _)| !out(*at)).map(|(_, part)| part).collect();
        let weights = kept.iter().fold(Fixed::ZERO, |sum, part| sum.plus(part.0));
        if weights <= Fixed::ZERO {
            // Where every layer is left out the score is nought, whatever points the layers have.
            range = Some(range.map_or(NOUGHT, |before| Range {
                low: before.low.min(Fixed::ZERO),
                high: before.high.max(Fixed::ZERO),
            }));
            continue;
        }
        // Rescaled weights are rounded; a cent a layer covers whichever way.
        let slack = if left_out == 0 { Fixed::ZERO } else { Fixed(kept.len() as i64 * CENT) };
        let full = Fixed::from_integer(100);
        let line = |weight: Fixed, value: Fixed| {
            let weight = if left_out == 0 { weight } else { weight.times(full).over(weights).unwrap_or(weight) };
            cents(weight.times(value).over(full).unwrap_or(Fixed::ZERO))
        };
        let low = kept.iter().fold(Fixed::ZERO, |sum, part| sum.plus(line(part.0, part.1.low))).minus(slack);
        let high = kept.iter().fold(Fixed::ZERO, |sum, part| sum.plus(line(part.0, part.1.high))).plus(slack);
        range = Some(match range {
            None => Range { low, high },
            Some(before) => Range { low: before.low.min(low), high: before.high.max(high) },
        });
    }
    let range = range.unwrap_or(Range { low: Fixed::ZERO, high: Fixed::ZERO });
    clamped(range)
}

/// A hundredth, in millionths.
const CENT: i64 = 10_000;

/// Rounded half to even at the second decimal, as a ledger's line is.
fn cents(value: Fixed) -> Fixed {
    let rounded = language::divide_half_even(i128::from(value.0), i128::from(CENT)).saturating_mul(i128::from(CENT));
    Fixed(i64::try_from(rounded).unwrap_or(value.0))
}
