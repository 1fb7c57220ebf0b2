//! What a rubric says of many texts: figures over ratings, and how far rules or a model agree with people.
//!
//! The ratings come in as arguments, whoever made them. It knows no file, no port and no CRM.

mod agreement;
mod mark;

use compiler::program::{Fixed, Rubric};
use runtime::metrics::statistics::Share;
use serde::Serialize;
use smol_str::SmolStr;

pub use agreement::Agreement;
pub use mark::pass_mark;

/// A text, rated or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Rated {
    /// What it is called: a file, `message 17`.
    pub name: String,
    /// How many points it has, with the line that it earns; or why nobody could say.
    pub rating: Result<(Fixed, SmolStr), String>,
    /// What a person says, where one has.
    pub person: Option<Fixed>,
}

/// What a rubric says of all of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// `spcl`
    pub rubric: SmolStr,
    /// How many texts there are.
    pub texts: u64,
    /// How many of them were rated.
    pub rated: u64,
    /// The mean of those, in points; none of none.
    pub mean: Option<f64>,
    /// How many earn each line, most points first, as the rubric has them.
    pub lines: Vec<Line>,
    /// How many are good enough, where it is said what that is.
    pub pass: Option<Pass>,
    /// With people, over the texts that both have rated; none where there is none.
    pub agreement: Option<Agreement>,
    /// Why the others were not rated, the commonest reason first.
    pub open: Vec<Open>,
}

/// A line of a rubric.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// So many points.
    pub points: Fixed,
    /// For what.
    pub earns: SmolStr,
    /// Of those that were rated.
    pub share: Share,
}

/// Good enough.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pass {
    /// From so many points on.
    pub from: Fixed,
    /// Of those that were rated.
    pub share: Share,
}

/// Why a text was not rated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Open {
    /// In words.
    pub why: String,
    /// So many texts.
    pub texts: u64,
}

/// The figures of a rubric over texts. A text that nobody could rate counts in no mean and no share: it is told apart.
#[must_use]
pub fn figures(rubric: &Rubric, pass: Option<Fixed>, texts: &[Rated]) -> Figures {
    let rated: Vec<(Fixed, &SmolStr)> =
        texts.iter().filter_map(|text| text.rating.as_ref().ok()).map(|(value, line)| (*value, line)).collect();
    let share = |hits: usize| Share::new(hits as u64, rated.len() as u64);
    let mut lines: Vec<Line> = rubric
        .lines
        .iter()
        .map(|(points, earns)| Line {
            points: *points,
            earns: earns.clone(),
            share: share(rated.iter().filter(|(value, line)| value == points && *line == earns).count()),
        })
        .collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.points));
    let pairs: Vec<(f64, f64)> =
        texts.iter().filter_map(|text| Some((text.rating.as_ref().ok()?.0.to_f64(), text.person?.to_f64()))).collect();
    let mut open: Vec<Open> = Vec::new();
    for why in texts.iter().filter_map(|text| text.rating.as_ref().err()) {
        match open.iter_mut().find(|known| known.why == *why) {
            Some(known) => known.texts += 1,
            None => open.push(Open { why: why.clone(), texts: 1 }),
        }
    }
    open.sort_by_key(|open| std::cmp::Reverse(open.texts));
    Figures {
        rubric: rubric.name.clone(),
        texts: texts.len() as u64,
        rated: rated.len() as u64,
        mean: mean(&rated),
        lines,
        pass: pass.map(|from| Pass { from, share: share(rated.iter().filter(|(value, _)| *value >= from).count()) }),
        agreement: Agreement::of(&pairs),
        open,
    }
}

fn mean(rated: &[(Fixed, &SmolStr)]) -> Option<f64> {
    let sum: f64 = rated.iter().map(|(value, _)| value.to_f64()).sum();
    (!rated.is_empty()).then(|| sum / rated.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use compiler::program::{Origin, RubricText};

    fn rubric() -> Rubric {
        let points = Fixed::from_integer;
        Rubric {
            name: "tone".into(),
            from: RubricText::Message,
            confirmed_by: None,
            lines: vec![(points(0), "praises itself".into()), (points(5), "plain words".into())],
            origin: Origin::default(),
        }
    }

    fn text(rating: Result<i64, &str>, person: Option<i64>) -> Rated {
        let line = |points| if points == 5 { "plain words" } else { "praises itself" };
        let rating = rating.map(|points| (Fixed::from_integer(points), line(points).into()));
        Rated { name: "a".into(), rating: rating.map_err(Into::into), person: person.map(Fixed::from_integer) }
    }

    #[test]
    fn what_nobody_could_rate_counts_in_no_mean_and_is_told() {
        let texts = [
            text(Ok(5), None),
            text(Ok(0), Some(5)),
            text(Ok(5), Some(5)),
            text(Err("no rule"), Some(0)),
            text(Err("no rule"), None),
        ];
        let told = figures(&rubric(), Some(Fixed::from_integer(5)), &texts);
        assert_eq!((told.texts, told.rated), (5, 3));
        assert!((told.mean.unwrap() - 10.0 / 3.0).abs() < 1e-12);
        assert_eq!(
            told.lines.iter().map(|line| (line.points.to_f64(), line.share.hits)).collect::<Vec<_>>(),
            [(5.0, 2), (0.0, 1)]
        );
        assert_eq!((told.pass.unwrap().share.hits, told.open), (2, vec![Open { why: "no rule".into(), texts: 2 }]));
        let agreement = told.agreement.unwrap();
        assert_eq!((agreement.same.hits, agreement.same.of), (1, 2));
    }

    #[test]
    fn nothing_rated_has_no_mean_and_no_agreement() {
        let told = figures(&rubric(), None, &[text(Err("no rule"), Some(5))]);
        assert_eq!((told.mean, told.pass, told.agreement), (None, None, None));
        assert_eq!(figures(&rubric(), None, &[]).texts, 0);
    }
}
