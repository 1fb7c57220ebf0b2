//! Weights of layers in whole percents that add up to 100, within the bounds that a playbook keeps.

/// Weights moved as the layers' scales are: twice the log-odds a point, twice the weight, before they are brought to 100 again.
pub(super) fn proposed(weights: &[f64], scales: &[f64], keep: Option<(f64, f64)>) -> Vec<f64> {
    let counted = weights.iter().filter(|weight| **weight > 0.0).count();
    if counted == 0 {
        return weights.to_vec();
    }
    let (low, high) = bounds(keep, counted);
    let moved: Vec<f64> = weights.iter().zip(scales).map(|(weight, scale)| weight * scale.max(0.0)).collect();
    if moved.iter().sum::<f64>() <= 0.0 {
        return weights.to_vec();
    }
    let fitting = within(&moved, weights, low, high);
    whole(&fitting, weights, low, high)
}

/// Bounds that can be kept: where they cannot add up to 100 they are no bounds.
fn bounds(keep: Option<(f64, f64)>, counted: usize) -> (f64, f64) {
    let n = crate::statistics::count(counted);
    let (low, high) = keep.unwrap_or((1.0, 100.0));
    if low * n > 100.0 || high * n < 100.0 { (1.0, 100.0) } else { (low, high) }
}

/// Scaled so that, cut to the bounds, they add up to 100.
fn within(moved: &[f64], weights: &[f64], low: f64, high: f64) -> Vec<f64> {
    let at = |factor: f64| -> Vec<f64> {
        let cut = |(moved, weight): (&f64, &f64)| if *weight > 0.0 { (moved * factor).clamp(low, high) } else { 0.0 };
        moved.iter().zip(weights).map(cut).collect()
    };
    let (mut below, mut above) = (0.0, 1.0);
    while at(above).iter().sum::<f64>() < 100.0 && above < 1e12 {
        above *= 2.0;
    }
    for _ in 0..100 {
        let middle = (below + above) / 2.0;
        if at(middle).iter().sum::<f64>() < 100.0 { below = middle } else { above = middle }
    }
    at(above)
}

/// To whole percents by the largest remainders, within the bounds.
fn whole(fitting: &[f64], weights: &[f64], low: f64, high: f64) -> Vec<f64> {
    let mut whole: Vec<f64> = fitting.iter().map(|weight| weight.floor()).collect();
    for (weight, before) in whole.iter_mut().zip(weights) {
        if *before > 0.0 {
            *weight = weight.max(low.ceil());
        }
    }
    let mut left = 100.0 - whole.iter().sum::<f64>();
    while left.abs() >= 0.5 {
        let step = left.signum();
        let can = |place: usize, weight: f64| {
            weights.get(place).is_some_and(|before| *before > 0.0)
                && weight + step >= low.floor()
                && weight + step <= high
        };
        let far = |place: usize, weight: f64| (fitting.get(place).copied().unwrap_or(0.0) - weight) * step;
        let next = whole.iter().enumerate().filter(|(place, weight)| can(*place, **weight));
        let next =
            next.max_by(|one, other| far(one.0, *one.1).total_cmp(&far(other.0, *other.1))).map(|(place, _)| place);
        let Some(weight) = next.and_then(|place| whole.get_mut(place)) else { return weights.to_vec() };
        *weight += step;
        left -= step;
    }
    whole
}
