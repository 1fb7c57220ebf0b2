//! Events that the engine itself causes, and whose doing they are.

use compiler::program::Value;
use smol_str::SmolStr;

use crate::engine::EntryId;

/// What a message that went out over a channel, written by a template, means for whoever watches: the events, with their facts.
#[must_use]
pub fn raised_by_delivery(channel: &SmolStr, template: Option<&str>) -> Vec<(&'static str, Vec<(SmolStr, Value)>)> {
    let mut facts = vec![("channel".into(), Value::Text(channel.clone()))];
    facts.extend(template.map(|template| ("template".into(), Value::Text(template.into()))));
    let mut all = vec![("outreach.sent", facts)];
    if *channel == "email" {
        all.push(("email.sent", Vec::new()));
    }
    all
}

/// The run whose doing an event was: `run:17:…` is what the engine's own are known by.
#[must_use]
pub fn cause(external_id: Option<&str>) -> Option<EntryId> {
    let rest = external_id?.strip_prefix("run:")?;
    rest.split(':').next()?.parse().ok().filter(|run| *run != 0).map(EntryId)
}
