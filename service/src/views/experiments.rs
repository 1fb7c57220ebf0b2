//! Experiments: what is known of each arm.

use jiff::Timestamp;
use runtime::experiments::standing;
use serde::Serialize;
use utoipa::ToSchema;

use crate::pool::Reader;
use crate::problem::Problem;

/// An experiment and what is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Experiment {
    /// Its name.
    name: String,
    /// The event that counts.
    success: String,
    /// The arms, in the order of the playbook.
    arms: Vec<Arm>,
    /// The arm that everybody gets from now on, where it is settled.
    settled: Option<String>,
}

/// An arm.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Arm {
    /// `email`
    name: String,
    /// Trials whose window is still open.
    open: u64,
    /// Trials whose window has closed.
    closed: u64,
    /// Those of them that succeeded.
    succeeded: u64,
    /// How likely it is the best one, from 0 to 1.
    best: f64,
}

/// All of them.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn all(reader: &Reader, now: Timestamp) -> Result<Vec<Experiment>, Problem> {
    let program = &reader.program;
    let mut all = Vec::new();
    for experiment in &program.experiments {
        let trials = reader.crm.trials(program, experiment)?;
        let known = standing(experiment, &trials, &program.client, &reader.zone, now);
        let best = known.probabilities_of_best();
        let arms = known.arms.iter().zip(best).map(|(arm, best)| Arm {
            name: arm.name.to_string(),
            open: arm.open,
            closed: arm.closed.of,
            succeeded: arm.closed.hits,
            best,
        });
        all.push(Experiment {
            name: experiment.name.to_string(),
            success: program
                .events
                .get(experiment.success.index())
                .map(|event| event.name.to_string())
                .unwrap_or_default(),
            arms: arms.collect(),
            settled: known.settled.map(|arm| arm.to_string()),
        });
    }
    Ok(all)
}
