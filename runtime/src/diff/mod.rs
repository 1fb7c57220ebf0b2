//! What a change of a playbook means for records: one that tells two scores apart, who of a CRM is routed otherwise, and where live
//! runs stand. What it means by itself is the compiler's ([`compiler::diff`]). Pure, but for what it is shown of a CRM.

mod asked;
mod choices;
mod example;
mod instances;
mod routes;
mod search;
mod shared;

pub use example::{Example, Happening};
pub use instances::{Instances, Standing, instances};
pub use routes::{Moved, Moves, Reading, routes};
pub use search::{Compared, Difference, Found, Side, search};
