//! Ratings by rules: the first line of a rubric, from the most points down, whose criterion the text meets. A line that no
//! rule understands ends it: then there is no rating, and it says so. Never a made-up number.

use smol_str::SmolStr;

use super::criteria::{self, Reading};
use crate::agents::{Assignment, Named, OpenPoint, Outcome, Rating, RubricLine};

pub(super) fn rate(assignment: &Assignment, rubric: &SmolStr, lines: &[RubricLine], text: &Named) -> Outcome {
    let reading = Reading::new(&text.text, &assignment.facts);
    let mut sorted: Vec<&RubricLine> = lines.iter().collect();
    sorted.sort_by_key(|line| std::cmp::Reverse(line.points));
    let mut outcome = Outcome::default();
    for line in sorted {
        let Some(verdict) = criteria::judge(&line.earns, &reading) else {
            let why = format!("no rule says when a text earns `{}`; a person or a model has to rate it", line.earns);
            outcome.open.push(OpenPoint { what: rubric.clone(), why });
            return outcome;
        };
        if let Some(reasons) = verdict {
            outcome.rating = Some(Rating { value: line.points, line: line.earns.clone(), reasons });
            return outcome;
        }
    }
    outcome.open.push(OpenPoint { what: rubric.clone(), why: "the text earns none of its lines".to_owned() });
    outcome
}
