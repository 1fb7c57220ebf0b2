//! What the log says of how well a playbook works: every transition, the goals, the kill signals, what workflows learn from each other,
//! how mature they are.
//!
//! Pure over what was read: an instant, a zone and plain data in, figures out. It decides nothing and writes nothing; it reads the
//! CRM through its functions alone. Statistics are in [`statistics`] and know nothing of playbooks.

mod decisions;
pub mod feedback;
mod figures;
mod goals;
pub mod journal;
mod kill;
mod maturity;
mod names;
mod observed;
mod period;
mod stages;
pub mod statistics;

pub use decisions::{Decisions, decisions};
pub use figures::{Figures, proofs};
pub use goals::{Figure, Measured, Measuring, Reading, Unit, Verdict, cost, goals, judge};
pub use journal::Journal;
pub use kill::{ErrorRate, Finding, KillSignal, KillVerdict, LayerDiagnosis, kill_signals};
pub use maturity::{Evidence, Matured, Proof, RUNS, Signature, UNDISTURBED, maturity};
pub use observed::Observed;
pub use period::Span;
pub use stages::{Conversion, Drafts, Duration, Row, Stages, stages};
