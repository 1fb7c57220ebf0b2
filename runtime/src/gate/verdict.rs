//! All checks of an act side by side: permission, priority, approval, contact policy. All that fail are reported, the first leads.

use compiler::program::{AgentId, Priority, Program};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::denial::{self, Denial};
use super::{Attempt, Decision};
use crate::contact_policy::PolicyVerdict;

/// What each check found.
#[derive(Clone, Debug)]
pub struct Checks<'a> {
    /// Who.
    pub agent: AgentId,
    /// What.
    pub attempt: Attempt<'a>,
    /// What the table says: [`super::Gate::decide`].
    pub permission: Decision<'a>,
    /// The line that puts somebody before it, and whom: [`super::against`].
    pub priority: Option<(&'a Priority, AgentId)>,
    /// How a person decided about exactly this.
    pub approval: Approval,
    /// What the contact policy says, where somebody is written to.
    pub policy: Option<&'a PolicyVerdict>,
}

/// How a person decided about exactly this act with exactly this artifact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Approval {
    /// Nobody did.
    #[default]
    Missing,
    /// Approved.
    Given,
    /// Approved, but it was changed since.
    Changed,
    /// Approved, but too long ago.
    Expired,
    /// Rejected.
    Rejected,
    /// Approved by somebody with that role, which is not the one that was asked for.
    OtherRole(SmolStr),
}

/// Every check that failed, in the order of checks; none where the act may be done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The first one leads.
    pub denials: Vec<Denial>,
}

impl Verdict {
    /// Nothing is in the way.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.denials.is_empty()
    }
}

/// Puts the checks together. An external action and whatever the table asks a person about needs an approval, whether or not
/// another check fails.
#[must_use]
pub fn verdict(program: &Program, checks: &Checks<'_>) -> Verdict {
    let Checks { agent, attempt, permission, priority, approval, policy } = checks;
    let mut denials = Vec::new();
    denials.extend(denial::permission(program, *agent, attempt, *permission));
    denials.extend(priority.map(|(line, winner)| denial::priority(program, *agent, line, winner)));
    let asks = match (permission, attempt) {
        (Decision::AskHuman { role }, _) => Some(*role),
        (_, Attempt::Act(action)) => {
            program.actions.get(action.index()).is_some_and(|action| action.external).then_some(None)
        }
        _ => None,
    };
    denials.extend(asks.and_then(|role| denial::approval(program, *agent, attempt, role, approval)));
    denials.extend(policy.iter().flat_map(|policy| denial::contact_policy(program, policy)));
    Verdict { denials }
}
