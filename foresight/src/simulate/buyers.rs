//! Whether two playbooks that are played side by side meet the same buyers: what differs is theirs only as far as that goes.

use compiler::diff;
use compiler::program::{Program, ScoreId};

/// In what buyers and people of one scenario are others than those of the other one; nothing where they are the same.
#[must_use]
pub fn buyers_differ(before: (&Program, usize), after: (&Program, usize)) -> Vec<String> {
    let Some(scenario) = after.0.scenarios.get(after.1) else { return Vec::new() };
    let of = format!("scenario \"{}\"", scenario.title);
    // What is expected of a scenario makes nobody do anything.
    let is_played = |change: &diff::Change| {
        let said = change.words.trim_start_matches("now ").trim_start_matches("no longer ").trim_start_matches("says ");
        change.of == of && !said.starts_with("expect ")
    };
    let changes = diff::diff(before.0, after.0).into_iter().filter(is_played);
    let mut said: Vec<String> = changes.map(|change| format!("its scenario {}", change.words)).collect();
    said.extend(scores_differ(before, after));
    said
}

/// Scores by which buyers go and which are others there, so that they do otherwise for that alone.
#[must_use]
pub fn scores_differ(before: (&Program, usize), after: (&Program, usize)) -> Vec<String> {
    let habits = |(program, scenario): (&Program, usize)| {
        let buyers = program.scenarios.get(scenario).map(|scenario| scenario.buyers.clone()).unwrap_or_default();
        buyers.into_iter().filter(|habit| habit.when.is_some())
    };
    let habits: Vec<_> = habits(before).chain(habits(after)).collect();
    let mut said = Vec::new();
    for (id, score) in (0..).map(ScoreId).zip(&before.0.scores) {
        let Some(other) = after.0.score(&score.name) else { continue };
        // `icp is hot` asks where somebody is routed, `icp >= 60` only how many points there are.
        let go_by_points = |words: &str| {
            words.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == score.name)
        };
        let go_by_route = |words: &str| words.contains(&format!("{} is ", score.name));
        let is_same = habits.iter().filter(|habit| go_by_points(&habit.words)).all(|habit| {
            if go_by_route(&habit.words) {
                diff::same_score((before.0, id), (after.0, other))
            } else {
                diff::same_score((&without_routes(before.0, id), id), (&without_routes(after.0, other), other))
            }
        });
        if !is_same {
            said.push(format!("buyers go by `{}`, which is another score there", score.name));
        }
    }
    said
}

fn without_routes(program: &Program, score: ScoreId) -> Program {
    let mut program = program.clone();
    if let Some(score) = program.scores.get_mut(score.index()) {
        score.routes.clear();
    }
    program
}
