//! The area under the receiver operating characteristic: how often a good one scores above a bad one, ties counting half.

use super::{Estimate, Interval, Undefined, Z, count, wilson};

/// Scores of good and bad ones, and where each stands among those of the other kind: E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson,
/// "Comparing the Areas under Two or More Correlated Receiver Operating Characteristic Curves", Biometrics 44 (1988), by midranks as in
/// X. Sun and W. Xu, "Fast Implementation of DeLong's Algorithm", IEEE Signal Processing Letters 21 (2014).
#[derive(Clone, Debug)]
pub struct Ranked {
    area: f64,
    /// Of each good one, in their order: the share of bad ones below it.
    of_good: Vec<f64>,
    /// Of each bad one, in their order: the share of good ones above it.
    of_bad: Vec<f64>,
}

impl Ranked {
    /// Ranks scores; none where there are not both kinds.
    #[must_use]
    pub fn new(scores: &[f64], good: &[bool]) -> Option<Self> {
        let goods = good.iter().filter(|good| **good).count();
        let bads = scores.len().min(good.len()) - goods;
        if goods == 0 || bads == 0 {
            return None;
        }
        let mut order: Vec<(f64, bool, u32)> =
            scores.iter().zip(good).zip(0_u32..).map(|((score, good), place)| (*score, *good, place)).collect();
        order.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
        // By place, the share of the other kind below a good one, or above a bad one.
        let mut shares = vec![0.0; order.len()];
        let (mut good_below, mut bad_below) = (0_usize, 0_usize);
        for tie in order.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
            let good_here = tie.iter().filter(|(_, good, _)| *good).count();
            let bad_here = tie.len() - good_here;
            let below = (count(bad_below) + count(bad_here) / 2.0) / count(bads);
            let above = (count(goods - good_below - good_here) + count(good_here) / 2.0) / count(goods);
            for (_, good, place) in tie {
                if let Some(share) = shares.get_mut(*place as usize) {
                    *share = if *good { below } else { above };
                }
            }
            good_below += good_here;
            bad_below += bad_here;
        }
        let of = |kind: bool| shares.iter().zip(good).filter(move |(_, good)| **good == kind).map(|(share, _)| *share);
        let of_good: Vec<f64> = of(true).collect();
        let area = of_good.iter().sum::<f64>() / count(goods);
        Some(Self { area, of_good, of_bad: of(false).collect() })
    }

    /// The area.
    #[must_use]
    pub const fn area(&self) -> f64 {
        self.area
    }

    /// How many pairs of a good and a bad one there are.
    #[must_use]
    pub fn pairs(&self) -> f64 {
        count(self.of_good.len()) * count(self.of_bad.len())
    }

    fn covariance(&self, other: &Self) -> Option<f64> {
        let good = spread(&self.of_good, &other.of_good, self.area, other.area)?;
        let bad = spread(&self.of_bad, &other.of_bad, self.area, other.area)?;
        Some(good + bad)
    }
}

/// The covariance of two means; none of one pair.
fn spread(one: &[f64], other: &[f64], one_mean: f64, other_mean: f64) -> Option<f64> {
    let n = count(one.len());
    let sum: f64 = one.iter().zip(other).map(|(one, other)| (one - one_mean) * (other - other_mean)).sum();
    (one.len() > 1).then(|| sum / (n - 1.0) / n)
}

/// The area with DeLong's interval, taken on the logit so that it stays within 0 and 1. Where the two kinds are told apart without an
/// error the variance is nought and says nothing: then Wilson's interval of the rarer kind stands in.
#[must_use]
pub fn auc(scores: &[f64], good: &[bool]) -> Estimate {
    auc_within(&[Ranked::new(scores, good)])
}

/// The area over pairs that stand in the same group, each group's weighed by its pairs: for scores that can only be compared within one.
/// Groups without both kinds have none.
#[must_use]
pub fn auc_within(groups: &[Option<Ranked>]) -> Estimate {
    let groups: Vec<&Ranked> = groups.iter().flatten().collect();
    let pairs: f64 = groups.iter().map(|group| group.pairs()).sum();
    if groups.is_empty() || pairs <= 0.0 {
        return Estimate::undefined(Undefined::OneClass);
    }
    let area = groups.iter().map(|group| group.area * group.pairs() / pairs).sum::<f64>().clamp(0.0, 1.0);
    let rarer: usize = groups.iter().map(|group| group.of_good.len().min(group.of_bad.len())).sum();
    // A group of one pair has no variance of its own: the others' have to do.
    let variances: Vec<(f64, f64)> =
        groups.iter().filter_map(|group| Some((group.pairs() / pairs, group.covariance(group)?))).collect();
    let known: f64 = variances.iter().map(|(weight, _)| weight).sum();
    let variance: f64 = variances.iter().map(|(weight, variance)| weight * weight * variance).sum();
    let interval = if variance > 0.0 && known > 0.5 && area > 0.0 && area < 1.0 {
        let variance = variance / (known * known);
        let half = Z * variance.sqrt() / (area * (1.0 - area));
        let middle = (area / (1.0 - area)).ln();
        Some(Interval { low: 1.0 / (1.0 + (half - middle).exp()), high: 1.0 / (1.0 + (-half - middle).exp()) })
    } else {
        coarse(area, rarer)
    };
    Estimate::new(area, interval)
}

fn coarse(area: f64, rarer: usize) -> Option<Interval> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between nought and how many there are"
    )]
    let hits = (area * count(rarer)).round() as u64;
    wilson(hits, rarer as u64)
}

/// How much larger the first area is than the second of the same ones, with DeLong's paired interval; pairs within groups as in
/// [`auc_within`].
#[must_use]
pub fn difference_within(groups: &[(Option<Ranked>, Option<Ranked>)]) -> Estimate {
    let groups: Vec<(&Ranked, &Ranked)> =
        groups.iter().filter_map(|(one, other)| Some((one.as_ref()?, other.as_ref()?))).collect();
    let pairs: f64 = groups.iter().map(|(one, _)| one.pairs()).sum();
    if groups.is_empty() || pairs <= 0.0 {
        return Estimate::undefined(Undefined::OneClass);
    }
    let (mut difference, mut variance, mut known) = (0.0, 0.0, 0.0);
    for (one, other) in groups {
        let weight = one.pairs() / pairs;
        difference += weight * (one.area - other.area);
        let parts = one.covariance(one).zip(other.covariance(other)).zip(one.covariance(other));
        if let Some(((own, others), shared)) = parts {
            variance += weight * weight * (own + others - 2.0 * shared).max(0.0);
            known += weight;
        }
    }
    let half = Z * variance.sqrt();
    let interval =
        (known > 0.5).then(|| Interval { low: (difference - half).max(-1.0), high: (difference + half).min(1.0) });
    Estimate::new(difference, interval)
}
