//! When somebody may be written to, and who goes first.

use super::{Area, Both, Changes, Side, because, reason, without_equal};
use crate::program::{Cap, ContactPolicy, Loser, Priority, Quiet};

pub(super) fn compare(both: &Both<'_>, changes: &mut Changes) {
    policy(both.before.program.policy.as_ref(), both.after.program.policy.as_ref(), changes);
    priorities(both, changes);
}

const OF: &str = "contact policy";

fn policy(before: Option<&ContactPolicy>, after: Option<&ContactPolicy>, changes: &mut Changes) {
    let (old, new) = match (before, after) {
        (None, None) => return,
        (None, Some(_)) => return changes.added(Area::ContactPolicy, OF, "is new: without one nothing was sent"),
        (Some(_), None) => return changes.removed(Area::ContactPolicy, OF, "is gone: nothing is sent any more"),
        (Some(old), Some(new)) => (old, new),
    };
    let channels = |policy: &ContactPolicy| {
        let mut list: Vec<&str> = policy.consent.iter().map(smol_str::SmolStr::as_str).collect();
        list.sort_unstable();
        if list.is_empty() { "nothing".to_owned() } else { list.join(", ") }
    };
    changes.value(Area::ContactPolicy, OF, "needs a consent for", &channels(old), &channels(new));
    gates(old, new, changes);
    let unsubscribe = |policy: &ContactPolicy| {
        policy.unsubscribe.map_or_else(|| "needs none".to_owned(), |within| format!("within {within}"))
    };
    changes.value(Area::ContactPolicy, OF, "honours an unsubscribe", &unsubscribe(old), &unsubscribe(new));
    let quiet = |policy: &ContactPolicy| {
        let mut list: Vec<String> = policy.quiet.iter().map(quiet_words).collect();
        list.sort_unstable();
        if list.is_empty() { "never".to_owned() } else { list.join(" and ") }
    };
    changes.value(Area::ContactPolicy, OF, "is quiet", &quiet(old), &quiet(new));
    caps(old, new, changes);
    for (what, was, is) in [
        ("a consent is needed", &old.consent_because, &new.consent_because),
        ("an unsubscribe is honoured", &old.unsubscribe_because, &new.unsubscribe_because),
        ("it is quiet", &old.quiet_because, &new.quiet_because),
    ] {
        if was != is {
            let words = format!("{what}{} (was{})", reason(is.as_ref()), reason(was.as_ref()));
            changes.only_words(Area::ContactPolicy, OF, words);
        }
    }
}

/// A consent stands before a message as a question does: who need not have given it any more is written to.
fn gates(old: &ContactPolicy, new: &ContactPolicy, changes: &mut Changes) {
    let only_in = |one: &ContactPolicy, other: &ContactPolicy| {
        let mut list: Vec<smol_str::SmolStr> =
            one.consent.iter().filter(|channel| !other.consent.contains(channel)).cloned().collect();
        list.sort_unstable();
        list.dedup();
        list
    };
    for channel in only_in(new, old) {
        changes.added(Area::Gates, OF, format!("now asks for a consent before anything is sent by {channel}"));
    }
    for channel in only_in(old, new) {
        let words = format!("no longer asks for a consent before something is sent by {channel}");
        changes.removed(Area::Gates, OF, words);
    }
    match (old.unsubscribe, new.unsubscribe) {
        (Some(_), None) => changes.removed(Area::Gates, OF, "no longer wants a way to unsubscribe in every send"),
        (None, Some(_)) => changes.added(Area::Gates, OF, "now wants a way to unsubscribe in every send"),
        _ => {}
    }
}

fn quiet_words(quiet: &Quiet) -> String {
    match quiet {
        Quiet::OutsideHours { of_contact: true } => "outside the hours on the contact's clock".to_owned(),
        Quiet::OutsideHours { of_contact: false } => "outside the hours on the client's clock".to_owned(),
        Quiet::Outside { from, to } => format!("outside {} to {}", from.strftime("%H:%M"), to.strftime("%H:%M")),
    }
}

fn caps(old: &ContactPolicy, new: &ContactPolicy, changes: &mut Changes) {
    let (mut gone, mut added) = (old.caps.clone(), new.caps.clone());
    let same_kind = |one: &Cap, other: &Cap| one.channel == other.channel && one.per_contact == other.per_contact;
    without_equal(&mut gone, &mut added, |one, other| {
        same_kind(one, other) && one.count == other.count && one.per == other.per
    });
    for cap in added {
        let place = gone.iter().position(|known| same_kind(known, &cap));
        match place.map(|place| gone.remove(place)) {
            Some(known) => {
                let (was, is) = (cap_words(&known), cap_words(&cap));
                changes.changed(Area::ContactPolicy, OF, format!("allows {is} (was {was})"), was, is);
            }
            None => changes.added(Area::ContactPolicy, OF, format!("now allows {}", cap_words(&cap))),
        }
    }
    for cap in gone {
        changes.removed(Area::ContactPolicy, OF, format!("has no cap any more of {}", cap_words(&cap)));
    }
}

fn cap_words(cap: &Cap) -> String {
    let channel = cap.channel.as_ref().map(|channel| format!(" by {channel}")).unwrap_or_default();
    let sends = if cap.count == 1 { "send" } else { "sends" };
    let whom = if cap.per_contact { " per contact" } else { "" };
    format!("at most {} {sends}{channel}{whom} in {}", cap.count, cap.per)
}

fn priorities(both: &Both<'_>, changes: &mut Changes) {
    let list = |side: &Side<'_>| -> Vec<(String, String)> {
        side.program.priorities.iter().map(|line| (form(side, line), words(side, line))).collect()
    };
    let (old, new) = (list(&both.before), list(&both.after));
    let (mut gone, mut added) = (old.clone(), new.clone());
    without_equal(&mut gone, &mut added, |one, other| one.0 == other.0);
    let only_moved = gone.is_empty() && added.is_empty();
    for (_, words) in added {
        changes.added(Area::Priorities, "priority", format!("now: {words}"));
    }
    for (_, words) in gone {
        changes.removed(Area::Priorities, "priority", format!("no longer: {words}"));
    }
    if only_moved && old.iter().map(|line| &line.0).ne(new.iter().map(|line| &line.0)) {
        let joined =
            |lines: Vec<(String, String)>| lines.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join("; ");
        let (was, is) = (joined(old), joined(new));
        changes.changed(Area::Priorities, "priority", format!("is read in another order: {is}"), was, is);
    }
}

fn form(side: &Side<'_>, line: &Priority) -> String {
    let mut over: Vec<&str> = line.over.iter().map(|agent| side.words.agent(*agent)).collect();
    over.sort_unstable();
    let guard = line.guard.as_ref().map(|guard| side.normal.guard(guard));
    format!("{} {over:?} {guard:?} {:?} {:?}", side.words.agent(line.first), line.loser, line.because)
}

fn words(side: &Side<'_>, line: &Priority) -> String {
    let over: Vec<&str> = line.over.iter().map(|agent| side.words.agent(*agent)).collect();
    let over = if over.is_empty() { "everyone".to_owned() } else { over.join(", ") };
    let guard = line.guard.as_ref().map(|guard| format!(" while {}", side.words.guard(guard))).unwrap_or_default();
    let loser = if line.loser == Loser::Stops { ", others stop" } else { "" };
    format!("{} over {over}{guard}{loser}{}", side.words.agent(line.first), because(line.because.as_ref()))
}
