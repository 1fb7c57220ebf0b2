//! How far two raters agree, over the texts that both have rated.

use runtime::metrics::statistics::Share;
use serde::Serialize;

/// Two raters.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// They give the very same points.
    pub same: Share,
    /// So many points lie between them, in the mean.
    pub apart: f64,
    /// Weighted kappa, the disagreement of two ratings weighing as the square of what lies between them: 1 is perfect, 0 is what chance
    /// would bring: J. Cohen, "Weighted kappa: Nominal scale agreement with provision for scaled disagreement or partial credit",
    /// Psychological Bulletin 70 (1968). None where both always give the same one rating: then there is nothing that chance could miss.
    pub kappa: Option<f64>,
}

impl Agreement {
    /// Of pairs of ratings; none of none.
    #[must_use]
    pub fn of(pairs: &[(f64, f64)]) -> Option<Self> {
        if pairs.is_empty() {
            return None;
        }
        let n = pairs.len() as f64;
        let same = pairs.iter().filter(|(one, other)| (one - other).abs() < f64::EPSILON).count();
        let apart = pairs.iter().map(|(one, other)| (one - other).abs()).sum::<f64>() / n;
        let observed = pairs.iter().map(|(one, other)| (one - other).powi(2)).sum::<f64>() / n;
        let each = pairs.iter().flat_map(|(one, _)| pairs.iter().map(move |(_, other)| (one - other).powi(2)));
        let by_chance = each.sum::<f64>() / (n * n);
        let kappa = (by_chance > 0.0).then(|| 1.0 - observed / by_chance);
        Some(Self { same: Share::new(same as u64, pairs.len() as u64), apart, kappa })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn perfect_is_one_and_the_opposite_is_below_nought() {
        let same = Agreement::of(&[(0.0, 0.0), (5.0, 5.0), (3.0, 3.0)]).unwrap();
        assert_eq!((same.same.hits, same.apart, same.kappa), (3, 0.0, Some(1.0)));
        let opposite = Agreement::of(&[(0.0, 5.0), (5.0, 0.0)]).unwrap();
        assert_eq!((opposite.same.hits, opposite.apart, opposite.kappa), (0, 5.0, Some(-1.0)));
        assert_eq!(Agreement::of(&[(5.0, 5.0), (5.0, 5.0)]).unwrap().kappa, None);
        assert_eq!(Agreement::of(&[]), None);
    }

    /// Cohen's own form, over a table of how often each pair of lines comes: w is the square of the distance.
    fn by_table(pairs: &[(f64, f64)], levels: &[f64]) -> Option<f64> {
        let n = pairs.len() as f64;
        let is = |value: f64, level: f64| (value - level).abs() < 1e-9;
        let (mut observed, mut expected) = (0.0, 0.0);
        for one in levels {
            for other in levels {
                let weight = (one - other).powi(2);
                let both = pairs.iter().filter(|(a, b)| is(*a, *one) && is(*b, *other)).count() as f64 / n;
                let first = pairs.iter().filter(|(a, _)| is(*a, *one)).count() as f64 / n;
                let second = pairs.iter().filter(|(_, b)| is(*b, *other)).count() as f64 / n;
                observed += weight * both;
                expected += weight * first * second;
            }
        }
        (expected > 1e-12).then(|| 1.0 - observed / expected)
    }

    proptest! {
        #[test]
        fn kappa_is_what_cohens_table_says(picks in proptest::collection::vec((0_usize..4, 0_usize..4), 1..40)) {
            let levels = [0.0, 1.0, 3.0, 5.0];
            let pairs: Vec<(f64, f64)> = picks.into_iter().map(|(one, other)| (levels[one], levels[other])).collect();
            let (ours, table) = (Agreement::of(&pairs).unwrap().kappa, by_table(&pairs, &levels));
            match (ours, table) {
                (Some(ours), Some(table)) => prop_assert!((ours - table).abs() < 1e-9, "{ours} {table}"),
                (ours, table) => prop_assert_eq!(ours, table),
            }
        }
    }
}
