//! What an agent can read beside its tools: the client's own playbook files, and contacts with their ledgers, as far as they are granted.

use rmcp::model::{Resource, ResourceTemplate};

use super::gate::Agent;
use crate::folder::is_playbook_name;

/// How the address of a playbook file begins.
const PLAYBOOK: &str = "playbook:///";
/// How the address of a contact begins.
const CONTACT: &str = "contact:///";

/// What an address names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A file of the playbook.
    Playbook(String),
    /// A contact.
    Contact(i64),
    /// A score of one.
    Score(i64, String),
}

/// What an address names; none where it names nothing that can be there.
pub(super) fn named(uri: &str) -> Option<Named> {
    if let Some(name) = uri.strip_prefix(PLAYBOOK) {
        return is_playbook_name(name).then(|| Named::Playbook(name.to_owned()));
    }
    let rest = uri.strip_prefix(CONTACT)?;
    match rest.split_once('/') {
        None => rest.parse().ok().map(Named::Contact),
        Some((id, score)) => Some(Named::Score(id.parse().ok()?, score.to_owned())),
    }
}

/// The files of a playbook.
pub(super) fn files<'n>(names: impl Iterator<Item = &'n String>) -> Vec<Resource> {
    let resource = |name: &String| {
        Resource::new(format!("{PLAYBOOK}{name}"), name.as_str())
            .with_description("a file of the client's playbook, as it stands")
            .with_mime_type("text/plain")
    };
    names.map(resource).collect()
}

/// What else there is.
pub(super) fn templates(agent: &Agent) -> Vec<ResourceTemplate> {
    let mut templates = Vec::new();
    if agent.book.contact.is_some_and(|contact| !agent.reads(contact).is_empty()) {
        templates.push(
            ResourceTemplate::new("contact:///{contact}", "contact")
                .with_description("a contact, the fields that the playbook grants this agent")
                .with_mime_type("application/json"),
        );
    }
    if !agent.scores().is_empty() {
        templates.push(
            ResourceTemplate::new("contact:///{contact}/{score}", "score")
                .with_description("a contact's score as a ledger")
                .with_mime_type("application/json"),
        );
    }
    templates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_nowhere_else() {
        assert_eq!(named("playbook:///a.playbook"), Some(Named::Playbook("a.playbook".to_owned())));
        assert_eq!(named("contact:///7"), Some(Named::Contact(7)));
        assert_eq!(named("contact:///7/fit"), Some(Named::Score(7, "fit".to_owned())));
        for uri in [
            "playbook:///../other/a.playbook",
            "playbook:///ports.toml",
            "playbook:///crm.db",
            "file:///etc/passwd",
            "contact:///x",
            "contact:///",
            "playbook:///.versions/a.playbook",
            "",
        ] {
            assert_eq!(named(uri), None, "{uri}");
        }
    }
}
