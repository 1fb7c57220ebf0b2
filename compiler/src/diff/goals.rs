//! What success is, and what one workflow learns from another.

use smol_str::SmolStr;

use super::{Area, Both, Changes, Side, paired, without_equal};
use crate::program::{Feedback, Goal};

pub(super) fn compare(both: &Both<'_>, changes: &mut Changes) {
    let name = |goal: &Goal| goal.name.clone().unwrap_or_else(|| goal.title.clone());
    for pair in paired(&both.before.program.goals, &both.after.program.goals, name) {
        match pair {
            (None, Some(new)) => {
                changes.added(Area::Goals, name(new).as_str(), format!("is a new goal: {}", squeezed(&new.words)));
            }
            (Some(old), None) => {
                changes.removed(
                    Area::Goals,
                    name(old).as_str(),
                    format!("is no goal any more: {}", squeezed(&old.words)),
                );
            }
            (Some(old), Some(new)) => {
                let of = name(new);
                changes.value(Area::Goals, &of, "wants", &squeezed(&old.words), &squeezed(&new.words));
                if old.title != new.title {
                    let words = format!("is called \"{}\" (was \"{}\")", new.title, old.title);
                    changes.only_words(Area::Goals, of.as_str(), words);
                }
            }
            (None, None) => {}
        }
    }
    feedback(both, changes);
}

fn feedback(both: &Both<'_>, changes: &mut Changes) {
    let list = |side: &Side<'_>| -> Vec<(String, String)> {
        side.program.feedback.iter().map(|feedback| (route(side, feedback), words(feedback))).collect()
    };
    let (mut gone, mut added) = (list(&both.before), list(&both.after));
    without_equal(&mut gone, &mut added, |one, other| one == other);
    for (of, words) in added {
        let known = gone.iter().position(|(known, _)| *known == of);
        match known.map(|place| gone.remove(place)) {
            Some((_, was)) => changes.value(Area::Goals, &of, "is given", &was, &words),
            None => changes.added(Area::Goals, of, format!("is new: {words}")),
        }
    }
    for (of, words) in gone {
        changes.removed(Area::Goals, of, format!("is gone: {words}"));
    }
}

/// `feedback from LeadQualification to LeadGeneration`
fn route(side: &Side<'_>, feedback: &Feedback) -> String {
    format!("feedback from {} to {}", side.words.workflow(feedback.from), side.words.workflow(feedback.to))
}

fn words(feedback: &Feedback) -> String {
    let row = if feedback.in_a_row { " in a row" } else { "" };
    let whom = feedback.ask.whom.as_ref().map_or("a person", SmolStr::as_str);
    let within = feedback.ask.within.map(|within| format!(" within {within}")).unwrap_or_default();
    format!(
        "when {} {}{row} share a reason, {whom} is asked to {} {}{within}",
        feedback.count,
        feedback.outcome,
        feedback.ask.options.join(" or "),
        squeezed(&feedback.ask.about)
    )
}

fn squeezed(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
