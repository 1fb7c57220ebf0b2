//! What buyers do in a scenario, in words: `replies to outreach`, `attends discovery`. One table from verbs to events.

use language::syntax::Path;

use super::Lowering;
use crate::codes::trials::buyer_verb;
use crate::program::{EventId, FileId};

/// What a verb means. `*` stands for what is behind it; of each list the first event that is declared counts.
struct Verb {
    word: &'static str,
    /// What happens.
    happens: &'static [&'static str],
    /// Each time after this; when they come in where nothing is listed.
    after: &'static [&'static str],
    /// What happens where they do not.
    instead: &'static [&'static str],
}

const fn verb(
    word: &'static str,
    happens: &'static [&'static str],
    after: &'static [&'static str],
    instead: &'static [&'static str],
) -> Verb {
    Verb { word, happens, after, instead }
}

const VERBS: &[Verb] = &[
    verb("replies", &["reply.received"], &["*.sent", "outreach.sent"], &[]),
    verb("clicks", &["*.clicked", "email.clicked"], &["outreach.sent"], &[]),
    verb("opens", &["*.opened", "email.opened"], &["outreach.sent"], &[]),
    verb("complains", &["email.complained"], &["outreach.sent"], &[]),
    verb("unsubscribes", &["email.unsubscribed"], &["outreach.sent"], &[]),
    verb("books", &["*.booked", "meeting.booked"], &["outreach.sent"], &[]),
    verb(
        "accepts",
        &["*.accepted", "meeting.accepted"],
        &["*.booked", "*.sent", "*.requested", "meeting.booked"],
        &["*.rejected", "meeting.rejected"],
    ),
    verb(
        "attends",
        &["*.held", "*.attended", "meeting.attended"],
        &["*.booked", "meeting.booked"],
        &["*.missed", "meeting.missed"],
    ),
    verb("buys", &["deal.won"], &["proposal.sent", "quote.accepted", "meeting.attended"], &["deal.lost"]),
    verb("shares", &["*.shared", "document.shared"], &["meeting.attended"], &[]),
    verb("introduces", &["*.introduced", "stakeholder.introduced"], &["meeting.attended"], &[]),
    verb("refers", &["referral.received"], &["deal.won"], &[]),
    verb("views", &["*.viewed", "page.viewed"], &[], &[]),
    verb("downloads", &["*.downloaded", "content.downloaded"], &[], &[]),
    verb("submits", &["*.submitted", "form.submitted"], &[], &[]),
    verb("completes", &["*.completed"], &[], &[]),
    verb("requests", &["*.requested"], &[], &[]),
    verb("uploads", &["*.uploaded"], &[], &[]),
];

/// What buyers can do in a scenario, as a playbook writes it.
pub fn buyer_verbs() -> impl Iterator<Item = &'static str> {
    VERBS.iter().map(|verb| verb.word)
}

/// What a buyer does, in events.
pub(super) struct Doing {
    pub(super) event: EventId,
    pub(super) after: Option<EventId>,
    pub(super) instead: Option<EventId>,
}

impl Lowering<'_> {
    /// A verb or an event, to what, and after what.
    pub(super) fn doing(
        &mut self,
        file: FileId,
        act: &Path,
        object: Option<&Path>,
        after: Option<&Path>,
    ) -> Option<Doing> {
        if act.parts.len() > 1 {
            let event = self.event(file, act);
            let since = after.map(|after| self.event(file, after));
            if let Some(object) = object {
                self.report(buyer_verb::event_of_what(file, object, &act.dotted()));
                return None;
            }
            let since = match since {
                Some(since) => Some(since?),
                None => None,
            };
            return Some(Doing { event: event?, after: since, instead: None });
        }
        let word = act.dotted();
        let since = after.map(|after| self.event(file, after));
        let Some(verb) = VERBS.iter().find(|verb| verb.word == word) else {
            let known: Vec<&str> = buyer_verbs().collect();
            self.report(buyer_verb::unknown(file, act, &known));
            return None;
        };
        let of = object.map(Path::dotted);
        let happens = self.first_of(verb.happens, of.as_deref());
        let begins = self.first_of(verb.after, of.as_deref());
        // A header that could not be read may have declared what is looked for.
        let lost = self.names.module_missing || !self.names.unreadable.is_empty();
        let (event, meant) = match happens {
            Some(found) => found,
            None if lost => return None,
            None => {
                let tried = written(verb.happens, of.as_deref());
                self.report(buyer_verb::nothing_happens(file, act, object, &tried));
                return None;
            }
        };
        // What is behind the verb tells what happens where the verb lets it, and only otherwise after what.
        let tells = verb.happens.iter().any(|name| name.starts_with('*'));
        if let Some(object) = object
            && !meant
            && (tells || !begins.is_some_and(|(_, meant)| meant))
        {
            let tried = written(if tells { verb.happens } else { verb.after }, of.as_deref());
            let own: Vec<String> = tried.into_iter().filter(|name| name.starts_with(&*object.dotted())).collect();
            if !lost {
                self.report(buyer_verb::to_what(file, &word, object, &own));
            }
            return None;
        }
        let after = match (since, begins) {
            (Some(since), _) => Some(since?),
            (None, Some((begins, _))) => Some(begins),
            (None, None) if verb.after.is_empty() => None,
            (None, None) if lost => return None,
            (None, None) => {
                self.report(buyer_verb::after_what(file, act, &written(verb.after, of.as_deref())));
                return None;
            }
        };
        let instead = self.first_of(verb.instead, of.as_deref()).map(|(event, _)| event);
        Some(Doing { event, after, instead })
    }

    /// The first event that is declared, and whether it was told by the object.
    fn first_of(&self, names: &[&str], object: Option<&str>) -> Option<(EventId, bool)> {
        names.iter().find_map(|name| {
            let (name, meant) = match (name.strip_prefix('*'), object) {
                (Some(rest), Some(object)) => (format!("{object}{rest}"), true),
                (Some(_), None) => return None,
                (None, object) => {
                    ((*name).to_owned(), object.is_some_and(|object| name.split('.').next() == Some(object)))
                }
            };
            self.names.events.get(name.as_str()).map(|event| (*event, meant))
        })
    }
}

/// The events that were looked for.
fn written(names: &[&str], object: Option<&str>) -> Vec<String> {
    let named = names.iter().filter_map(|name| match (name.strip_prefix('*'), object) {
        (Some(rest), Some(object)) => Some(format!("{object}{rest}")),
        (Some(_), None) => None,
        (None, _) => Some((*name).to_owned()),
    });
    named.collect()
}
