//! One stage, handoff or end beside another: who is there, what is done, what has to be there, who is asked, and what leads on.

use smol_str::SmolStr;

use super::words::stage_name;
use super::workflows::Renamed;
use super::{Area, Both, Changes, Side, reason, without_equal};
use crate::program::{Act, Ask, Handoff, Period, Stage, StageBody, StageId, StageKind, Via, Way, WayWhen, Workflow};

/// How closely two stages of different names have to be alike to be taken for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    /// In all they do.
    Exact,
    /// In all but where they lead, and when.
    WithoutWays,
}

/// What a stage does, without its name; stages that it leads to by their new names.
pub(super) fn form(side: &Side<'_>, workflow: &Workflow, stage: &Stage, renamed: &Renamed, how: Precision) -> String {
    let name = |id: StageId| {
        let name = stage_name(workflow, id);
        if name == stage.name { "itself".into() } else { renamed.get(&name).cloned().unwrap_or(name) }
    };
    match &stage.kind {
        StageKind::End(end) => format!("end {:?} {:?}", end.outcome, end.because),
        StageKind::Handoff(handoff) => format!("handoff {:?}", handoff_words(side, handoff)),
        StageKind::Stage(body) => {
            let acts: Vec<String> = body.acts.iter().map(|act| act_form(side, act)).collect();
            let required: Vec<String> =
                body.requires.iter().map(|required| side.normal.guard(&required.guard)).collect();
            let asks: Vec<String> = body.asks.iter().map(|ask| ask_form(ask, how)).collect();
            let mut form = format!("{} {acts:?} {required:?} {asks:?}", side.words.actor(&body.by));
            if how == Precision::Exact {
                let ways = body.ways.iter().map(|way| format!("{} {}", name(way.to), side.normal.way(&way.when)));
                let cap = body.cap.map(|(most, to)| format!("{most} {}", name(to)));
                let only =
                    body.only_when.as_ref().map(|(guard, to)| format!("{} {}", side.normal.guard(guard), name(*to)));
                form.push_str(&format!(" {:?} {cap:?} {only:?}", ways.collect::<Vec<_>>()));
            }
            form
        }
    }
}

/// A stage by which it can be told from others: it does or asks something.
pub(super) fn is_telling(stage: &Stage) -> bool {
    match &stage.kind {
        StageKind::Stage(body) => !body.acts.is_empty() || !body.asks.is_empty() || !body.requires.is_empty(),
        StageKind::Handoff(_) | StageKind::End(_) => true,
    }
}

/// `LeadGen does write first_touch via email and asks human`
pub(super) fn described(side: &Side<'_>, workflow: &Workflow, stage: &Stage) -> String {
    match &stage.kind {
        StageKind::End(end) => format!("an end as {}", end.outcome),
        StageKind::Handoff(handoff) => format!("a handoff to {}", side.words.workflow(handoff.to)),
        StageKind::Stage(body) => {
            let mut does: Vec<String> = Vec::new();
            if !body.acts.is_empty() {
                does.push(format!(
                    "does {}",
                    listed(&body.acts.iter().map(|act| act.words.to_string()).collect::<Vec<_>>())
                ));
            }
            does.extend(body.asks.iter().map(|ask| format!("asks {}", ask.words)));
            let ways: Vec<String> = body.ways.iter().map(|way| way_words(side, workflow, way)).collect();
            let does = if does.is_empty() { "waits".to_owned() } else { does.join(", ") };
            format!("{} {does}; goes on to {}", side.words.actor(&body.by), ways.join("; to "))
        }
    }
}

fn listed(words: &[String]) -> String {
    words.join(", then ")
}

fn act_form(side: &Side<'_>, act: &Act) -> String {
    let via = act.via.as_ref().map(|via| match via {
        Via::Channel(channel) => channel.to_string(),
        Via::Experiment(id) => {
            let experiment = side.program.experiments.get(id.index());
            format!("experiment {}", experiment.map(|experiment| experiment.name.as_str()).unwrap_or_default())
        }
    });
    format!("{} {} {via:?}", side.words.action(act.action), squeezed(&act.words))
}

/// Words without what layout put between them.
fn squeezed(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn ask_form(ask: &Ask, how: Precision) -> String {
    let mut options: Vec<&str> = ask.options.iter().map(SmolStr::as_str).collect();
    options.sort_unstable();
    let mut form = format!("{:?} {options:?} {} {:?}", ask.whom, ask.message, squeezed(&ask.about));
    if how == Precision::Exact {
        let times = [ask.within, ask.remind].map(|of| of.map(|of| of.to_string()));
        form.push_str(&format!(" {times:?}"));
    }
    form
}

fn whom(ask: &Ask) -> String {
    ask.whom.as_ref().map_or_else(|| "a person".to_owned(), |role| format!("`{role}`"))
}

fn way_words(side: &Side<'_>, workflow: &Workflow, way: &Way) -> String {
    format!("{} {}", stage_name(workflow, way.to), side.words.way(&way.when))
}

fn handoff_words(side: &Side<'_>, handoff: &Handoff) -> [String; 4] {
    let brief: Vec<String> = handoff.brief.iter().map(|brief| side.words.brief(brief)).collect();
    let within = handoff.within.map_or_else(|| "no time limit".to_owned(), |within| within.to_string());
    let asked = handoff.else_ask.as_ref().map_or("nobody".to_owned(), |whom| {
        whom.as_ref().map_or_else(|| "a person".to_owned(), |role| format!("`{role}`"))
    });
    [side.words.workflow(handoff.to).to_owned(), brief.join(", "), within, asked]
}

pub(super) fn compare(
    both: &Both<'_>,
    before: (&Workflow, &Stage),
    after: (&Workflow, &Stage),
    renamed: &Renamed,
    changes: &mut Changes,
) {
    let of = format!("{}.{}", after.0.name, after.1.name);
    match (&before.1.kind, &after.1.kind) {
        (StageKind::Stage(old), StageKind::Stage(new)) => {
            Comparing { both, of: &of, before: before.0, after: after.0, renamed, changes }.bodies(old, new);
        }
        (StageKind::Handoff(old), StageKind::Handoff(new)) => {
            let (old, new) = (handoff_words(&both.before, old), handoff_words(&both.after, new));
            let what = ["hands over to", "briefs", "is accepted within", "asks otherwise:"];
            for (what, (old, new)) in what.into_iter().zip(old.iter().zip(&new)) {
                changes.value(Area::Workflows, &of, what, old, new);
            }
        }
        (StageKind::End(old), StageKind::End(new)) => {
            changes.value(Area::Workflows, &of, "ends as", &old.outcome, &new.outcome);
            if old.because != new.because {
                let words = format!("ends{} (was{})", reason(new.because.as_ref()), reason(old.because.as_ref()));
                changes.only_words(Area::Workflows, of, words);
            }
        }
        (_, new) => {
            let kind = match new {
                StageKind::Stage(_) => "a stage",
                StageKind::Handoff(_) => "a handoff",
                StageKind::End(_) => "an end",
            };
            let words = format!("is now {kind}: {}", described(&both.after, after.0, after.1));
            let old = described(&both.before, before.0, before.1);
            let new = described(&both.after, after.0, after.1);
            changes.changed(Area::Workflows, of, words, old, new);
        }
    }
}

struct Comparing<'a, 'p> {
    both: &'a Both<'p>,
    of: &'a str,
    before: &'a Workflow,
    after: &'a Workflow,
    renamed: &'a Renamed,
    changes: &'a mut Changes,
}

impl Comparing<'_, '_> {
    fn bodies(&mut self, old: &StageBody, new: &StageBody) {
        let (was, is) = (self.both.before.words.actor(&old.by), self.both.after.words.actor(&new.by));
        self.changes.value(Area::Workflows, self.of, "is run by", &was, &is);
        self.acts(old, new);
        self.required(old, new);
        self.asks(old, new);
        self.ways(old, new);
        self.entering(old, new);
    }

    fn acts(&mut self, old: &StageBody, new: &StageBody) {
        let list = |side: &Side<'_>, body: &StageBody| -> Vec<(String, String)> {
            body.acts.iter().map(|act| (act_form(side, act), squeezed(&act.words))).collect()
        };
        let (old, new) = (list(&self.both.before, old), list(&self.both.after, new));
        let (mut gone, mut added) = (old.clone(), new.clone());
        without_equal(&mut gone, &mut added, |one, other| one.0 == other.0);
        if let ([(_, gone)], [(_, added)]) = (gone.as_slice(), added.as_slice()) {
            let words = format!("does {added} (was {gone})");
            self.changes.changed(Area::Workflows, self.of, words, gone.as_str(), added.as_str());
        } else {
            for (_, words) in &added {
                self.changes.added(Area::Workflows, self.of, format!("now does {words}"));
            }
            for (_, words) in &gone {
                self.changes.removed(Area::Workflows, self.of, format!("no longer does {words}"));
            }
            let same = |one: &[(String, String)], other: &[(String, String)]| {
                one.iter().map(|act| &act.0).eq(other.iter().map(|act| &act.0))
            };
            if gone.is_empty() && added.is_empty() && !same(&old, &new) {
                let words =
                    |acts: Vec<(String, String)>| listed(&acts.into_iter().map(|(_, words)| words).collect::<Vec<_>>());
                let (was, is) = (words(old), words(new));
                self.changes.changed(Area::Workflows, self.of, format!("does in another order: {is}"), was, is);
            }
        }
    }

    fn required(&mut self, old: &StageBody, new: &StageBody) {
        let list = |side: &Side<'_>, body: &StageBody| -> Vec<(String, String)> {
            let both = |required: &crate::program::Requirement| {
                (side.normal.guard(&required.guard), squeezed(&required.words))
            };
            body.requires.iter().map(both).collect()
        };
        let (mut gone, mut added) = (list(&self.both.before, old), list(&self.both.after, new));
        without_equal(&mut gone, &mut added, |one, other| one.0 == other.0);
        for (_, words) in added {
            self.changes.added(Area::Workflows, self.of, format!("now requires {words}"));
        }
        for (_, words) in gone {
            self.changes.removed(Area::Workflows, self.of, format!("no longer requires {words}"));
        }
    }

    /// A question that stands before what follows is a gate.
    fn asks(&mut self, old: &StageBody, new: &StageBody) {
        let (was, is) = (old.asks.first(), new.asks.first());
        match (was, is) {
            (None, Some(ask)) => {
                self.changes.added(
                    Area::Gates,
                    self.of,
                    format!("now asks {} before it goes on: {}", whom(ask), ask.words),
                );
            }
            (Some(ask), None) => {
                let words = format!("no longer asks {} before it goes on: {}", whom(ask), ask.words);
                self.changes.removed(Area::Gates, self.of, words);
            }
            (Some(was), Some(is)) => self.ask(was, is),
            (None, None) => {}
        }
    }

    fn ask(&mut self, was: &Ask, is: &Ask) {
        self.changes.value(Area::Gates, self.of, "asks", &whom(was), &whom(is));
        let options = |ask: &Ask| {
            let mut options: Vec<String> = ask.options.iter().map(ToString::to_string).collect();
            options.sort_unstable();
            options.join(" or ")
        };
        self.changes.value(Area::Gates, self.of, "lets them", &options(was), &options(is));
        let about = |ask: &Ask| if ask.message { "the message".to_owned() } else { squeezed(&ask.about) };
        self.changes.value(Area::Gates, self.of, "asks about", &about(was), &about(is));
        self.time("waits", " for an answer", was.within, is.within);
        self.time("reminds every", "", was.remind, is.remind);
    }

    fn time(&mut self, what: &str, behind: &str, was: Option<Period>, is: Option<Period>) {
        let (of, area) = (self.of, Area::Workflows);
        match (was.map(|was| was.to_string()), is.map(|is| is.to_string())) {
            (Some(was), Some(is)) if was != is => {
                self.changes.changed(area, of, format!("{what} {is}{behind} (was {was})"), was, is);
            }
            (None, Some(is)) => self.changes.added(area, of, format!("{what} {is}{behind} (was without a limit)")),
            (Some(was), None) => self.changes.removed(area, of, format!("no longer {what} {was}{behind}")),
            _ => {}
        }
    }

    /// The ways out, by where they lead and when; time limits that differ are one way with another limit.
    fn ways(&mut self, old: &StageBody, new: &StageBody) {
        let name = |id: StageId| {
            let name = stage_name(self.before, id);
            self.renamed.get(&name).cloned().unwrap_or(name)
        };
        let was: Vec<Known<'_>> = old
            .ways
            .iter()
            .map(|way| Known { to: name(way.to), form: self.both.before.normal.way(&way.when), way })
            .collect();
        let is: Vec<Known<'_>> = new
            .ways
            .iter()
            .map(|way| Known { to: stage_name(self.after, way.to), form: self.both.after.normal.way(&way.when), way })
            .collect();
        let (mut gone, mut added) = (was.clone(), is.clone());
        without_equal(&mut gone, &mut added, |one, other| one.to == other.to && one.form == other.form);
        let only_moved = gone.is_empty() && added.is_empty();
        self.limits(&mut gone, &mut added);
        self.leading(&mut gone, &mut added);
        for known in &added {
            let words = format!("now goes on to {} {}", known.to, self.both.after.words.way(&known.way.when));
            self.changes.added(Area::Workflows, self.of, words);
        }
        for known in &gone {
            let words = format!("no longer goes on to {} {}", known.to, self.both.before.words.way(&known.way.when));
            self.changes.removed(Area::Workflows, self.of, words);
        }
        let same = |one: &Known<'_>, other: &Known<'_>| one.to == other.to && one.form == other.form;
        if only_moved && !was.iter().zip(&is).all(|(one, other)| same(one, other)) {
            let words = |ways: &[Known<'_>]| {
                ways.iter().map(|known| known.way.words.to_string()).collect::<Vec<_>>().join("; ")
            };
            let (was, is) = (words(&was), words(&is));
            self.changes.changed(
                Area::Workflows,
                self.of,
                format!("tries its ways out in another order: {is}"),
                was,
                is,
            );
        }
        self.reasons(old, new);
    }

    /// `After` ways that lead to the same stage.
    fn limits(&mut self, gone: &mut Vec<Known<'_>>, added: &mut Vec<Known<'_>>) {
        let mut places = 0;
        while let Some(known) = gone.get(places).cloned() {
            let limit = |known: &Known<'_>| match &known.way.when {
                WayWhen::After(period) => Some(*period),
                _ => None,
            };
            let other = added.iter().position(|other| {
                limit(&known).is_some()
                    && limit(other).is_some()
                    && (other.to == known.to || gone.len() == 1 && added.len() == 1)
            });
            match other {
                Some(place) => {
                    gone.remove(places);
                    let other = added.remove(place);
                    let (was, is) = (limit(&known), limit(&other));
                    let behind = if known.to == other.to {
                        format!(" before it goes on to {}", other.to)
                    } else {
                        format!(" and then goes on to {}, not to {}", other.to, known.to)
                    };
                    if was == is {
                        self.leads_elsewhere(&known, &other);
                    } else {
                        self.time("waits", &behind, was, is);
                    }
                }
                None => places += 1,
            }
        }
    }

    fn leads_elsewhere(&mut self, known: &Known<'_>, other: &Known<'_>) {
        let when = self.both.after.words.way(&other.way.when);
        let words = format!("goes on to {} {when} (was to {})", other.to, known.to);
        self.changes.changed(Area::Workflows, self.of, words, known.to.as_str(), other.to.as_str());
    }

    /// The same condition that leads elsewhere, and another one that leads to the same stage.
    fn leading(&mut self, gone: &mut Vec<Known<'_>>, added: &mut Vec<Known<'_>>) {
        let mut place = 0;
        while let Some(known) = gone.get(place).cloned() {
            let same_when = added.iter().position(|other| other.form == known.form);
            let same_kind = |other: &Known<'_>| {
                other.to == known.to
                    && std::mem::discriminant(&other.way.when) == std::mem::discriminant(&known.way.when)
            };
            if let Some(at) = same_when {
                gone.remove(place);
                let other = added.remove(at);
                self.leads_elsewhere(&known, &other);
            } else if let Some(at) = added.iter().position(same_kind) {
                gone.remove(place);
                let other = added.remove(at);
                let (was, is) =
                    (self.both.before.words.way(&known.way.when), self.both.after.words.way(&other.way.when));
                let words = format!("goes on to {} {is} (was {was})", other.to);
                self.changes.changed(Area::Workflows, self.of, words, was, is);
            } else {
                place += 1;
            }
        }
    }

    fn reasons(&mut self, old: &StageBody, new: &StageBody) {
        for way in &new.ways {
            let form = self.both.after.normal.way(&way.when);
            let known = old.ways.iter().find(|old| self.both.before.normal.way(&old.when) == form);
            if let Some(known) = known.filter(|known| known.because != way.because) {
                let (was, is) = (reason(known.because.as_ref()), reason(way.because.as_ref()));
                let words = format!("goes on to {}{is} (was{was})", stage_name(self.after, way.to));
                self.changes.only_words(Area::Workflows, self.of, words);
            }
        }
    }

    /// What stands at the door: how often, and for whom.
    fn entering(&mut self, old: &StageBody, new: &StageBody) {
        let renamed = |name: SmolStr| self.renamed.get(&name).cloned().unwrap_or(name);
        let cap = |cap: Option<(u32, StageId)>, name: &dyn Fn(StageId) -> SmolStr| {
            cap.map_or_else(
                || "as often as it comes".to_owned(),
                |(most, to)| format!("at most {most} times, then {}", name(to)),
            )
        };
        let old_name = |id: StageId| renamed(stage_name(self.before, id));
        let new_name = |id: StageId| stage_name(self.after, id);
        let (was, is) = (cap(old.cap, &old_name), cap(new.cap, &new_name));
        self.changes.value(Area::Workflows, self.of, "is entered", &was, &is);
        let only = |side: &Side<'_>, body: &StageBody, name: &dyn Fn(StageId) -> SmolStr| {
            body.only_when.as_ref().map(|(guard, to)| {
                let to = name(*to);
                (
                    format!("{} {to}", side.normal.guard(guard)),
                    format!("only when {}, else {to}", side.words.guard(guard)),
                )
            })
        };
        let (was, is) = (only(&self.both.before, old, &old_name), only(&self.both.after, new, &new_name));
        let always = || ("always".to_owned(), "always".to_owned());
        let (was, is) = (was.unwrap_or_else(always), is.unwrap_or_else(always));
        if was.0 != is.0 {
            let words = format!("is for a record {} (was {})", is.1, was.1);
            self.changes.changed(Area::Workflows, self.of, words, was.1, is.1);
        }
    }
}

/// A way out with where it leads, by the later name.
#[derive(Clone)]
struct Known<'w> {
    to: SmolStr,
    form: String,
    way: &'w Way,
}
