//! A score turned into a chance: logistic regression on one number.

use super::{Interval, Z, count};

/// `log(p / (1 - p)) = intercept + slope × score`
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Line {
    /// Where the score is nought.
    pub intercept: f64,
    /// For each point.
    pub slope: f64,
    /// Wald's interval of the slope.
    pub interval: Option<Interval>,
}

impl Line {
    /// The chance of a score.
    #[must_use]
    pub fn chance(&self, score: f64) -> f64 {
        logistic(self.intercept + self.slope * score)
    }
}

/// `1 / (1 + exp(-x))`
#[must_use]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `log(p / (1 - p))`, for chances a hair's breadth from 0 and 1 too.
#[must_use]
pub fn logit(p: f64) -> f64 {
    let p = p.clamp(1e-9, 1.0 - 1e-9);
    (p / (1.0 - p)).ln()
}

/// How often Newton's steps are taken before giving up.
const STEPS: usize = 50;

/// A line through scores and outcomes by Newton's steps on the likelihood (D. R. Cox, "The Regression Analysis of Binary Sequences",
/// Journal of the Royal Statistical Society B 20 (1958)). The slope is held a little towards `prior`: as if one decision's worth of
/// evidence spoke for it. None where there are not both kinds, or not two scores.
#[must_use]
pub fn line(scores: &[f64], good: &[bool], prior: Option<f64>) -> Option<Line> {
    let n = count(scores.len());
    let goods = count(good.iter().filter(|good| **good).count());
    if goods <= 0.0 || goods >= n {
        return None;
    }
    let middle = scores.iter().sum::<f64>() / n;
    let spread = (scores.iter().map(|score| (score - middle).powi(2)).sum::<f64>() / n).sqrt();
    if spread <= 1e-12 {
        return None;
    }
    // Of a score with mean 0 and spread 1, so that steps are of one size; a slope of 0.25 decisions' worth each way.
    let held = prior.map_or(0.0, |prior| prior * spread);
    let strength = if prior.is_some() { 0.25 } else { 0.0 };
    let (mut a, mut b) = (logit(goods / n), held);
    let loss = |a: f64, b: f64| {
        let each = scores.iter().zip(good).map(|(score, good)| {
            let x = a + b * (score - middle) / spread;
            softplus(if *good { -x } else { x })
        });
        each.sum::<f64>() + strength / 2.0 * (b - held).powi(2)
    };
    let mut now = loss(a, b);
    let mut done = None;
    for _ in 0..STEPS {
        let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, strength * (b - held), 0.0, 0.0, strength);
        for (score, good) in scores.iter().zip(good) {
            let x = (score - middle) / spread;
            let p = logistic(a + b * x);
            let (residual, weight) = (p - f64::from(*good), (p * (1.0 - p)).max(1e-12));
            ga += residual;
            gb += residual * x;
            haa += weight;
            hab += weight * x;
            hbb += weight * x * x;
        }
        let determinant = haa * hbb - hab * hab;
        if determinant <= 1e-12 {
            return None;
        }
        let (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant);
        let mut size = 1.0;
        let mut next = loss(a - da, b - db);
        while next > now + 1e-12 && size > 1e-4 {
            size /= 2.0;
            next = loss(a - size * da, b - size * db);
        }
        a -= size * da;
        b -= size * db;
        if (now - next).abs() < 1e-10 * (1.0 + now) {
            done = Some((haa / determinant).sqrt());
            break;
        }
        now = next;
    }
    let error = done?;
    if b.abs() > 30.0 {
        return None;
    }
    let interval = Interval { low: (b - Z * error) / spread, high: (b + Z * error) / spread };
    Some(Line { intercept: a - b * middle / spread, slope: b / spread, interval: Some(interval) })
}

/// `log(1 + exp(x))`, without running over.
pub(crate) fn softplus(x: f64) -> f64 {
    if x > 30.0 { x } else { x.exp().ln_1p() }
}
