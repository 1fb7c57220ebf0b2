//! The built command as a user meets it: every verb, every exit code, every kind of bad input. One binary, because linking costs.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod ahead;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod at_work;
#[cfg(test)]
mod bad_files;
#[cfg(test)]
mod check;
#[cfg(test)]
mod ci_forms;
#[cfg(test)]
mod database;
#[cfg(test)]
mod desk_work;
#[cfg(test)]
mod diff;
#[cfg(test)]
mod doc;
#[cfg(test)]
mod eval;
#[cfg(test)]
mod fmt;
#[cfg(test)]
mod forgetting;
#[cfg(test)]
mod judged;
#[cfg(test)]
mod misled;
#[cfg(test)]
mod new;
#[cfg(test)]
mod output;
#[cfg(test)]
mod playbook_tests;
#[cfg(test)]
mod proof_of_tests;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod real_data;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod showing;
#[cfg(test)]
mod simulate;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod support;
#[cfg(test)]
mod texts;
#[cfg(test)]
mod tried_again;
#[cfg(test)]
mod upgrade;
#[cfg(test)]
mod usage;
#[cfg(test)]
mod workflows;
