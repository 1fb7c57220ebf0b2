//! What is shown of a client, to machines and to people alike: read off the CRM, the log and the ledgers. Nothing here writes.

pub(crate) mod contacts;
pub(crate) mod experiments;
pub(crate) mod inbox;
pub(crate) mod ledger;
pub(crate) mod log;
pub(crate) mod number;
pub(crate) mod playbook;
pub(crate) mod ranking;
pub(crate) mod records;
pub(crate) mod runs;
pub(crate) mod story;
pub(crate) mod tests;
pub(crate) mod value;
