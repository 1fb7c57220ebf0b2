//! What success is: goals, the signals that something does not work, and what one workflow learns from another.

use serde::Serialize;
use smol_str::SmolStr;

use super::workflows::question;
use super::{Mark, mark};
use crate::doc::words::{Words, listed, period, plain};

/// How it is known whether it works.
#[derive(Debug, Serialize)]
pub(super) struct Success {
    goals: Vec<Goal>,
    kills: Vec<Kill>,
    feedback: Vec<Feedback>,
}

#[derive(Debug, Serialize)]
struct Goal {
    name: Option<SmolStr>,
    title: SmolStr,
    words: String,
    mark: Mark,
}

#[derive(Debug, Serialize)]
struct Kill {
    score: String,
    words: String,
    then: Vec<String>,
    mark: Mark,
}

#[derive(Debug, Serialize)]
struct Feedback {
    from: String,
    to: String,
    words: String,
    mark: Mark,
}

/// All of it.
pub(super) fn success(words: Words<'_>) -> Success {
    let program = words.program;
    let goals = program.goals.iter().map(|goal| Goal {
        name: goal.name.clone(),
        title: goal.title.clone(),
        words: words.measure(&goal.measure),
        mark: mark(words, goal.origin),
    });
    let kills = program.scores.iter().filter_map(|score| {
        let kill = score.kill.as_ref()?;
        let mut then = Vec::new();
        if !kill.pause.is_empty() {
            then.push(format!("{} is paused", listed(kill.pause.iter().map(|id| words.workflow(*id)), "and")));
        }
        if let Some((role, by_layer)) = &kill.ask {
            let how = if *by_layer { ", layer by layer" } else { "" };
            then.push(format!("{} is asked to find out why{how}", words.role(role.as_deref())));
        }
        Some(Kill {
            score: plain(&score.name),
            words: format!(
                "Of the first {} contacts scored, fewer than {} had “{}” within {} of their scoring.",
                kill.scored,
                kill.fewer_than,
                words.event(kill.event),
                period(kill.within)
            ),
            then,
            mark: mark(words, kill.origin),
        })
    });
    let feedback = program.feedback.iter().map(|feedback| {
        let asked = question(words, &feedback.ask);
        let row = if feedback.in_a_row { " in a row" } else { " within 30 days" };
        Feedback {
            from: words.workflow(feedback.from),
            to: words.workflow(feedback.to),
            words: format!(
                "When {} runs{row} end as {} for the same reason, {} is asked to {}.",
                feedback.count,
                plain(&feedback.outcome),
                words.role(feedback.ask.whom.as_deref()),
                asked.what
            ),
            mark: mark(words, feedback.origin),
        }
    });
    // What the client itself wants to reach comes first.
    let mut goals: Vec<Goal> = goals.collect();
    goals.sort_by_key(|goal| goal.mark.whose);
    Success { goals, kills: kills.collect(), feedback: feedback.collect() }
}
