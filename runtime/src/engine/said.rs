//! Entries of the log in sentences, by the entry alone. They name no person: whoever shows one knows whose case it is of, and whoever
//! knows more of that case says more.

use compiler::program::Settlement;

use super::{Arrived, Entry, Override, WorkResult};
use crate::experiments::Why;

/// What an entry says.
#[must_use]
pub fn said(entry: &Entry) -> String {
    match entry {
        Entry::Started { workflow, .. } => format!("{workflow} begins"),
        Entry::Entered { from: None, stage, .. } => format!("is in {stage}"),
        Entry::Entered { from: Some(from), stage, way, seconds, .. } => {
            let after = if *seconds > 0 { format!(" after {}", lasted(*seconds)) } else { String::new() };
            let way = way.strip_prefix(stage.as_str()).unwrap_or(way).trim_start();
            let way = if way.is_empty() { String::new() } else { format!(": {way}") };
            format!("goes on from {from} to {stage}{after}{way}")
        }
        Entry::WorkAsked { agent, words, channel, .. } => {
            let over = channel.as_ref().filter(|channel| !words.ends_with(channel.as_str()));
            let over = over.map(|channel| format!(", over {channel}")).unwrap_or_default();
            format!("{agent} is asked to {words}{over}")
        }
        Entry::WorkDone { result, .. } => format!("work is done: {}", came_of(result)),
        Entry::WorkFailed { why, .. } => format!("work failed: {why}"),
        Entry::Tried { experiment, arm, why, .. } => match why {
            Why::HeldOut => format!("{experiment} gives them {arm}, by lot, to compare with"),
            Why::Lot => format!("{experiment} gives them {arm}, by lot"),
            Why::Learned => format!("{experiment} gives them {arm}, after what it has learned"),
            Why::Settled => format!("{experiment} gives them {arm}, which it has found to be the best"),
        },
        Entry::Spent { agent, action, amount, .. } => format!("{agent} has spent {amount} to {action}"),
        Entry::Scored { score, value, low, high, route, certain, by, .. } => {
            let route = route.as_ref().map(|route| format!(": {route}")).unwrap_or_default();
            let open =
                if certain == &true || low == high { String::new() } else { format!(", could be {low} to {high}") };
            format!("{score} is {value}{open}{route}, asked by {by}")
        }
        Entry::Rated { rubric, value, level, by, .. } => format!("{rubric} is {value}, says {by}: {level}"),
        Entry::Acted { act, .. } => format!("step {} of the stage is done", act + 1),
        Entry::Asked { whom, words, notes, .. } => {
            let whom = whom.as_ref().map_or("anybody", |whom| whom.as_str());
            let notes: String = notes.iter().map(|note| format!("; {note}")).collect();
            format!("{whom} is asked: {}{notes}", words.replace('_', " "))
        }
        Entry::Reminded { question, .. } => format!("somebody is reminded of question {question}"),
        Entry::Prolonged { question, .. } => {
            format!("question {question} stood still in a pause: there is as much time left")
        }
        Entry::StoodStill { .. } => "stood still in a pause: that does not count as time in its stage".to_owned(),
        Entry::Settled { question, how, by, why, .. } => {
            let how = match how {
                Some(Settlement::Approved) => "is approved",
                Some(Settlement::Changed) => "is approved, in other words",
                Some(Settlement::Rejected) => "is rejected",
                Some(Settlement::Expired) => "has expired",
                None => "is void",
            };
            let by = by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
            let why = why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            format!("question {question} {how}{by}{why}")
        }
        Entry::Rewritten { message, by, .. } => {
            format!("message {message} is changed by {by}: no approval of it holds any more")
        }
        Entry::Queued { message, channel, approval, .. } => {
            format!("message {message} may go out by {channel}: answer {approval} approves it")
        }
        Entry::Delivered { send } => format!("send {send} is out"),
        Entry::Undelivered { send, why, uncertain: true } => format!("send {send} may be out, or not: {why}"),
        Entry::Undelivered { send, why, uncertain: false } => format!("send {send} is not out: {why}"),
        Entry::Held { why, .. } => format!("waits: {why}"),
        Entry::Denied { agent, act, reasons, .. } => {
            let reasons: Vec<String> = reasons.iter().map(|(check, why)| format!("{check}: {why}")).collect();
            format!("{agent} may not {act}; {}", reasons.join("; "))
        }
        Entry::Allowed { agent, act } => format!("{agent} may {act}"),
        Entry::Offered { handoff, to, .. } => format!("the handoff {handoff} is offered to {to}"),
        Entry::OfferAnswered { offer, accepted, by } => {
            format!("handoff {offer} is {} by {by}", if *accepted { "accepted" } else { "refused" })
        }
        Entry::Ended { outcome, because, .. } => {
            let because = because.as_ref().map(|because| format!(", {because}")).unwrap_or_default();
            format!("is over: {outcome}{because}")
        }
        Entry::Moved { run, workflow, by, .. } => {
            format!("run {run} is of {workflow} in the changed playbook, says {by}")
        }
        Entry::Overridden { how, run, by } => {
            let what = run.map_or_else(|| "everything about them".to_owned(), |run| format!("run {run}"));
            format!("{what} is {} by {by}", done(*how))
        }
        Entry::Side { workflow, beyond, .. } => {
            format!("{} a threshold of {workflow}", if *beyond { "beyond" } else { "on this side of" })
        }
        Entry::PutOff { what: Arrived::Event { event, .. }, .. } => {
            format!("{event} waits until what is paused goes on")
        }
        Entry::PutOff { what: Arrived::Crossed { .. }, workflows, .. } => {
            format!("a threshold of {} was crossed while it is paused: that waits", workflows.join(", "))
        }
        Entry::TakenUp { .. } => "what was put off is worked off".to_owned(),
        Entry::Caught { workflow, .. } => format!("{workflow} does not start itself anew"),
        Entry::Erased { by } => format!("forgotten, seen to by {by}"),
        Entry::Activated { version } => {
            format!("the playbook {} is at work", version.chars().take(12).collect::<String>())
        }
        Entry::Signed { workflow, by, .. } => format!("{by} stands behind {workflow} as it is"),
        Entry::Switched { what, paused, by, why } => {
            let why = why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            format!("{what} is {} by {by}{why}", if *paused { "paused" } else { "resumed" })
        }
    }
}

/// `paused`
#[must_use]
pub const fn done(how: Override) -> &'static str {
    match how {
        Override::Pause => "paused",
        Override::Resume => "resumed",
        Override::Cancel => "cancelled",
    }
}

/// What came of a piece of work: `3 found, 1 refused`
#[must_use]
pub fn came_of(result: &WorkResult) -> String {
    match result {
        WorkResult::Found { kept, refused: 0 } => format!("{kept} found"),
        WorkResult::Found { kept, refused } => format!("{kept} found, {refused} refused"),
        WorkResult::Wrote { template, channel, .. } => format!("{template} is written, for {channel}"),
        WorkResult::Rated { rubric, value: Some(value), .. } => format!("{rubric} says {value}"),
        WorkResult::Rated { rubric, value: None, .. } => format!("{rubric} cannot say"),
        WorkResult::Nothing => "nothing to tell".to_owned(),
    }
}

/// `3 days`, `5 hours`, `20 minutes`: the largest unit that fits.
#[must_use]
pub fn lasted(seconds: i64) -> String {
    for (size, one) in [(86_400, "day"), (3_600, "hour"), (60, "minute")] {
        let number = seconds / size;
        if number > 0 {
            return format!("{number} {one}{}", if number == 1 { "" } else { "s" });
        }
    }
    format!("{seconds} second{}", if seconds == 1 { "" } else { "s" })
}
