//! Program, facts and time to decisions, and the world around them: the CRM, the scorer, imports.
//!
//! The scorer is pure: facts and the instant come in as arguments. Only `crm` names SQL; only `import` and `crm` touch files.

pub mod agents;
pub mod calendar;
pub mod contact_policy;
pub mod crm;
pub mod diff;
pub mod engine;
pub mod experiments;
pub mod facts;
pub mod gate;
pub mod import;
pub mod metrics;
pub mod people;
pub mod placeholders;
pub mod records;
pub mod runner;
pub mod score;
pub mod shell;
pub mod testing;
pub mod upgrade;
