//! What time cures: quiet hours and caps, and the first instant at which all of them let a send pass.

use compiler::program::{Cap, Client, ContactPolicy, Quiet};
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::{Reason, Recipient, Rule, Sent};
use crate::calendar::{OpenHours, after};

/// How often hours are tried against each other: each round goes at least to the next opening of one of them, so this is about two
/// years of days. Hours that leave no moment in that time leave none.
const ROUNDS: usize = 1_500;

pub(super) struct Timing<'a> {
    pub(super) policy: &'a ContactPolicy,
    pub(super) client: &'a Client,
    pub(super) zone: &'a TimeZone,
    pub(super) now: Timestamp,
    pub(super) recipient: &'a Recipient<'a>,
    pub(super) everybody: &'a [Sent],
}

/// Hours outside of which nothing is sent, on somebody's clock.
struct Loud<'a> {
    hours: OpenHours<'a>,
    zone: TimeZone,
    reason: Reason,
}

impl Timing<'_> {
    /// The first instant at which all rules let the send pass, [`Timestamp::MAX`] where there is none; and what stands in the way
    /// until then.
    pub(super) fn first(&self) -> (Timestamp, Vec<Reason>) {
        let mut at = self.now;
        let mut full = Vec::new();
        // Once a cap has room it has room for ever, as long as nothing is sent: the latest of these instants is free of all.
        for cap in &self.policy.caps {
            let free = self.free(cap);
            if free > self.now {
                at = at.max(free);
                full.push(Reason {
                    rule: Rule::Cap,
                    words: format!("as much as may be was sent: {}", cap.words),
                    because: cap.because.clone(),
                });
            }
        }
        let loud: Vec<Loud<'_>> = self.policy.quiet.iter().map(|quiet| self.loud(quiet)).collect();
        let mut in_the_way = vec![false; loud.len()];
        let mut settled = false;
        for _ in 0..ROUNDS {
            let mut next = at;
            for (loud, in_the_way) in loud.iter().zip(&mut in_the_way) {
                let opens = loud.hours.opens_at(&loud.zone, at);
                *in_the_way |= opens > at;
                next = next.max(opens);
            }
            settled = next == at;
            if settled {
                break;
            }
            at = next;
        }
        let quiet = loud.into_iter().zip(in_the_way).filter_map(|(loud, in_the_way)| in_the_way.then_some(loud.reason));
        let reasons = quiet.chain(full).collect();
        (if settled { at } else { Timestamp::MAX }, reasons)
    }

    /// When a cap has room for this send.
    fn free(&self, cap: &Cap) -> Timestamp {
        let counts = |channel: &str| cap.channel.as_ref().is_none_or(|counted| counted == channel);
        if !counts(self.recipient.channel) {
            return self.now;
        }
        let sends = if cap.per_contact { self.recipient.sends } else { self.everybody };
        let over = |sent: &Sent| after(self.client, self.zone, sent.at, cap.per);
        let mut over: Vec<Timestamp> = sends.iter().filter(|sent| counts(&sent.channel)).map(over).collect();
        let Some(last) = usize::try_from(cap.count).unwrap_or(usize::MAX).checked_sub(1) else { return Timestamp::MAX };
        if last >= over.len() {
            return self.now;
        }
        // With the latest `count` of them it is full until the first of those no longer counts.
        let (_, free, _) = over.select_nth_unstable_by(last, |one, other| other.cmp(one));
        *free
    }

    fn loud(&self, quiet: &Quiet) -> Loud<'_> {
        let on_theirs = !matches!(quiet, Quiet::OutsideHours { of_contact: false });
        let theirs = self.recipient.timezone.filter(|_| on_theirs);
        let known = theirs.and_then(|name| TimeZone::get(name).ok());
        let (hours, from, to) = match quiet {
            Quiet::OutsideHours { .. } => (OpenHours::of(self.client), self.client.hours.from, self.client.hours.to),
            Quiet::Outside { from, to } => (OpenHours::daily(*from, *to), *from, *to),
        };
        let whose = match (&known, theirs) {
            (Some(_), Some(name)) => format!("`{name}`, their time zone"),
            (None, Some(name)) => {
                format!("`{}`, our time zone, because theirs, `{name}`, is not known", self.client.timezone)
            }
            _ => format!("`{}`, our time zone", self.client.timezone),
        };
        let words = format!("nothing is sent outside {} to {} in {whose}", clock(from), clock(to));
        let reason = Reason { rule: Rule::Quiet, words, because: self.policy.quiet_because.clone() };
        Loud { hours, zone: known.unwrap_or_else(|| self.zone.clone()), reason }
    }
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
