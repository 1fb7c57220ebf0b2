//! What time does not cure: no policy, suppression, no consent, no way to end the sends.

use compiler::program::ContactPolicy;
use jiff::Timestamp;

use super::{Reason, Recipient, Rule};

pub(super) fn no_policy() -> Reason {
    Reason {
        rule: Rule::Policy,
        words: "nothing is sent without a contact policy, and the playbook has none: write a `contact policy`".into(),
        because: None,
    }
}

/// Beats everything, a later consent too: whoever wants to be written to again is taken off the list first.
pub(super) fn suppression(recipient: &Recipient<'_>) -> Option<Reason> {
    let why = recipient.suppressed?;
    let words = format!("this address is on the suppression list: {why}");
    Some(Reason { rule: Rule::Suppression, words, because: None })
}

pub(super) fn consent(policy: &ContactPolicy, recipient: &Recipient<'_>, now: Timestamp) -> Option<Reason> {
    let channel = recipient.channel;
    if !policy.consent.iter().any(|named| named == channel) {
        return None;
    }
    let given = recipient.consents.iter().filter(|consent| consent.channel == channel && consent.given_at <= now);
    let (mut unproven, mut withdrawn) = (false, false);
    for consent in given {
        let is_withdrawn = consent.withdrawn.is_some_and(|at| at <= now);
        let is_proven = consent.proof.as_ref().is_some_and(|proof| !proof.trim().is_empty());
        if is_proven && !is_withdrawn {
            return None;
        }
        withdrawn |= is_withdrawn;
        unproven |= !is_withdrawn;
    }
    let words = if unproven {
        format!("the consent for `{channel}` has no proof, and it is ours to prove: record how it was given")
    } else if withdrawn {
        format!("the consent for `{channel}` was withdrawn: ask for a new one by other means, or leave them alone")
    } else {
        format!("there is no consent for `{channel}`: record one with its proof, or use a channel that needs none")
    };
    Some(Reason { rule: Rule::Consent, words, because: policy.consent_because.clone() })
}

pub(super) fn unsubscribe(policy: &ContactPolicy, has_unsubscribe: bool) -> Option<Reason> {
    policy.unsubscribe.filter(|_| !has_unsubscribe)?;
    Some(Reason {
        rule: Rule::Unsubscribe,
        words: "the message does not say how to end such messages, and every send has to: add an unsubscribe".into(),
        because: policy.unsubscribe_because.clone(),
    })
}
