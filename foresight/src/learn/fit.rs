//! Logistic regression towards a prior, within bounds: Newton's steps of our own.

use crate::statistics::{count, logistic, logit, softplus};

/// What is fitted: features by column, and how their weights are held.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problem {
    /// By feature, a value an example.
    pub(crate) features: Vec<Vec<f32>>,
    /// By feature.
    pub(crate) holds: Vec<Hold>,
}

/// How a weight is held.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hold {
    /// Where it is drawn to.
    pub(crate) prior: f64,
    /// How strongly: the inverse of the variance that it is believed to have around there.
    pub(crate) strength: f64,
    /// It is never below this.
    pub(crate) low: f64,
    /// It is never above.
    pub(crate) high: f64,
}

/// Weights in log-odds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fitted {
    pub(crate) intercept: f64,
    pub(crate) weights: Vec<f64>,
    /// Of each example, foretold.
    pub(crate) chances: Vec<f64>,
}

impl Problem {
    /// Adds a feature.
    pub(crate) fn add(&mut self, values: Vec<f32>, hold: Hold) {
        self.features.push(values);
        self.holds.push(hold);
    }

    /// The weights that explain the outcomes best, less what their distance from the prior costs (A. E. Hoerl and R. W. Kennard, "Ridge
    /// Regression", Technometrics 12 (1970); for the logistic S. le Cessie and J. C. van Houwelingen, "Ridge Estimators in Logistic
    /// Regression", Applied Statistics 41 (1992)). Newton's steps; within each the bounded quadratic is solved weight by weight.
    pub(crate) fn fit(&self, good: &[bool], start: Option<&Fitted>, steps: usize) -> Fitted {
        let size = self.features.len();
        let goods = count(good.iter().filter(|good| **good).count());
        let base = logit(((goods + 0.5) / (count(good.len()) + 1.0)).clamp(1e-6, 1.0 - 1e-6));
        let mut weights: Vec<f64> = self.holds.iter().map(|hold| hold.prior).collect();
        let mut intercept = base;
        if let Some(start) = start {
            intercept = start.intercept;
            weights.iter_mut().zip(&start.weights).for_each(|(weight, known)| *weight = *known);
        }
        for (weight, hold) in weights.iter_mut().zip(&self.holds) {
            *weight = weight.clamp(hold.low, hold.high);
        }
        let mut foretold = self.foretell(intercept, &weights, good.len());
        let mut now = self.loss(&foretold, &weights, good);
        for _ in 0..steps {
            let (gradient, hessian) = self.curvature(&foretold, &weights, good);
            let step = self.bounded_step(&gradient, &hessian, &weights);
            let mut part = 1.0;
            let moved = |part: f64| -> (f64, Vec<f64>) {
                let to = |(place, weight): (usize, &f64)| weight + part * step.get(place + 1).copied().unwrap_or(0.0);
                (intercept + part * step.first().copied().unwrap_or(0.0), weights.iter().enumerate().map(to).collect())
            };
            let (mut next_intercept, mut next_weights) = moved(part);
            let mut next_foretold = self.foretell(next_intercept, &next_weights, good.len());
            let mut next = self.loss(&next_foretold, &next_weights, good);
            while next > now + 1e-9 && part > 1e-3 {
                part /= 2.0;
                (next_intercept, next_weights) = moved(part);
                next_foretold = self.foretell(next_intercept, &next_weights, good.len());
                next = self.loss(&next_foretold, &next_weights, good);
            }
            if next > now {
                break;
            }
            let gain = now - next;
            (intercept, weights, foretold, now) = (next_intercept, next_weights, next_foretold, next);
            if gain < 1e-6 * (1.0 + now) {
                break;
            }
        }
        debug_assert_eq!(weights.len(), size);
        Fitted { intercept, weights, chances: foretold.iter().map(|x| logistic(*x)).collect() }
    }

    /// Log-odds of each example.
    pub(crate) fn foretell(&self, intercept: f64, weights: &[f64], examples: usize) -> Vec<f64> {
        let mut foretold = vec![intercept; examples];
        for (feature, weight) in self.features.iter().zip(weights) {
            if *weight != 0.0 {
                for (sum, value) in foretold.iter_mut().zip(feature) {
                    *sum += weight * f64::from(*value);
                }
            }
        }
        foretold
    }

    fn loss(&self, foretold: &[f64], weights: &[f64], good: &[bool]) -> f64 {
        let data: f64 = foretold.iter().zip(good).map(|(x, good)| softplus(if *good { -x } else { *x })).sum();
        let held: f64 =
            weights.iter().zip(&self.holds).map(|(weight, hold)| hold.strength * (weight - hold.prior).powi(2)).sum();
        data + held / 2.0
    }

    /// Gradient and second derivatives, the intercept's first.
    #[expect(clippy::indexing_slicing, reason = "all rows and columns are made here, one for each feature")]
    fn curvature(&self, foretold: &[f64], weights: &[f64], good: &[bool]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let size = self.features.len() + 1;
        let (mut gradient, mut hessian) = (vec![0.0; size], vec![vec![0.0; size]; size]);
        let chances: Vec<f64> = foretold.iter().map(|x| logistic(*x)).collect();
        let residuals: Vec<f64> = chances.iter().zip(good).map(|(p, good)| p - f64::from(*good)).collect();
        let curves: Vec<f64> = chances.iter().map(|p| (p * (1.0 - p)).max(1e-9)).collect();
        gradient[0] = residuals.iter().sum();
        hessian[0][0] = curves.iter().sum();
        let mut weighed = vec![0.0_f64; good.len()];
        for (row, feature) in self.features.iter().enumerate() {
            let mut sum = 0.0;
            for (((slot, value), curve), residual) in weighed.iter_mut().zip(feature).zip(&curves).zip(&residuals) {
                let value = f64::from(*value);
                *slot = value * curve;
                sum += value * residual;
            }
            let hold = self.holds[row];
            gradient[row + 1] = sum + hold.strength * (weights[row] - hold.prior);
            let own: f64 = weighed.iter().sum();
            hessian[row + 1][0] = own;
            hessian[0][row + 1] = own;
            for other in 0..=row {
                let shared: f64 =
                    weighed.iter().zip(&self.features[other]).map(|(one, other)| one * f64::from(*other)).sum();
                hessian[row + 1][other + 1] = shared;
                hessian[other + 1][row + 1] = shared;
            }
            hessian[row + 1][row + 1] += hold.strength;
        }
        (gradient, hessian)
    }

    /// The step to the lowest point of the quadratic within the bounds, by coordinate descent.
    #[expect(clippy::indexing_slicing, reason = "gradient and hessian have a row for each feature and the intercept")]
    fn bounded_step(&self, gradient: &[f64], hessian: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
        let size = gradient.len();
        let mut step = vec![0.0; size];
        // What the gradient is after the step so far.
        let mut slope = gradient.to_vec();
        for _ in 0..200 {
            let mut largest: f64 = 0.0;
            for place in 0..size {
                let curve = hessian[place][place].max(1e-9);
                let mut to = step[place] - slope[place] / curve;
                if let Some((hold, weight)) = place.checked_sub(1).map(|at| (self.holds[at], weights[at])) {
                    to = to.clamp(hold.low - weight, hold.high - weight);
                }
                let change = to - step[place];
                if change != 0.0 {
                    step[place] = to;
                    for (slope, second) in slope.iter_mut().zip(&hessian[place]) {
                        *slope += second * change;
                    }
                    largest = largest.max(change.abs());
                }
            }
            if largest < 1e-7 {
                break;
            }
        }
        step
    }
}
