//! A denial as people and the log get it: which check, why, where that is written, and what follows.

use compiler::program::{AgentId, Loser, Origin, PermissionObject, Priority, Program};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, format_smolstr};

use super::{Approval, Attempt, Decision, Reason};
use crate::contact_policy::PolicyVerdict;

/// The checks of an act, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The table allows it.
    Permission,
    /// Nobody who goes first is at work on the record.
    Priority,
    /// A person has approved it.
    Approval,
    /// We may write to this person now.
    ContactPolicy,
}

impl Check {
    /// As it is called in the playbook.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Permission => "permission",
            Self::Priority => "priority",
            Self::Approval => "approval",
            Self::ContactPolicy => "contact policy",
        }
    }
}

/// A check that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denial {
    /// Which.
    pub check: Check,
    /// What was attempted, why it is denied, what to do.
    pub words: String,
    /// Where the row or line stands that decided, `team.playbook:12`; none where it is that there is none.
    pub place: Option<SmolStr>,
    /// The author's own words.
    pub because: Option<SmolStr>,
    /// What becomes of the work.
    pub then: Then,
}

/// What becomes of the work after a denial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// It ends as denied.
    Stops,
    /// It is tried again when the line no longer holds.
    Waits,
    /// A person is asked: of that role, or anybody.
    Asks(Option<SmolStr>),
    /// It is tried again at that instant.
    Later(Timestamp),
}

pub(super) fn permission(
    program: &Program,
    agent: AgentId,
    attempt: &Attempt<'_>,
    decision: Decision<'_>,
) -> Option<Denial> {
    let Decision::Denied { row, reason } = decision else { return None };
    let row = row.and_then(|row| program.permissions.rows.get(row as usize));
    let (who, verb, object) = (name(program, agent), attempt.verb(), attempt.object(program));
    let about = row.map(|row| about(program, &row.about)).unwrap_or_default();
    let why = match reason {
        Reason::NoRow => {
            format!("no row of the permissions is about it: add one about `{object}`, or leave it to a person")
        }
        Reason::Empty => format!("its cell in the row `{about}` is empty"),
        Reason::OnlyReads => format!("the row `{about}` lets it read only"),
        Reason::OnlyCreates => {
            format!("the row `{about}` lets it create new ones, and this one is somebody else's")
        }
        Reason::OtherPurpose => {
            let cell = row.and_then(|row| row.cells.get(agent.index()));
            let only: Vec<&str> = cell.iter().flat_map(|cell| &cell.only).map(SmolStr::as_str).collect();
            let only = only.join("`, `");
            match attempt.purpose() {
                Some(purpose) => format!("the row `{about}` lets it do so for `{only}`, and this is for `{purpose}`"),
                None => format!("the row `{about}` lets it do so for `{only}` only: say what this is for"),
            }
        }
        Reason::Unknown => "the playbook has no such thing: check the name of the agent and of what it wants".into(),
    };
    Some(Denial {
        check: Check::Permission,
        words: format!("`{who}` may not {verb} `{object}`: {why}"),
        place: row.map(|row| place(program, row.origin)),
        because: None,
        then: Then::Stops,
    })
}

pub(super) fn priority(program: &Program, agent: AgentId, line: &Priority, winner: AgentId) -> Denial {
    let (who, first) = (name(program, agent), name(program, winner));
    let (then, follows) = match line.loser {
        Loser::Waits => (Then::Waits, "waits until that no longer holds"),
        Loser::Stops => (Then::Stops, "stops"),
    };
    Denial {
        check: Check::Priority,
        words: format!(
            "`{first}` goes before `{who}` on this record, by `{}`: the work of `{who}` {follows}",
            line.words
        ),
        place: Some(place(program, line.origin)),
        because: line.because.clone(),
        then,
    }
}

pub(super) fn approval(
    program: &Program,
    agent: AgentId,
    attempt: &Attempt<'_>,
    role: Option<&str>,
    approval: &Approval,
) -> Option<Denial> {
    if *approval == Approval::Given {
        return None;
    }
    let (who, object) = (name(program, agent), attempt.object(program));
    let asked = role.map_or_else(|| "a person".to_owned(), |role| format!("`{role}`"));
    let why = match approval {
        Approval::Given => return None,
        Approval::Missing => format!("{asked} has to approve it first"),
        Approval::Changed => format!("it was changed after it was approved: {asked} has to approve it as it is now"),
        Approval::Expired => format!("its approval has expired: {asked} has to approve it again"),
        Approval::Rejected => format!("{asked} has rejected it"),
        Approval::OtherRole(by) => format!("`{by}` has approved it, and it is {asked} who has to"),
    };
    let rejected = matches!(approval, Approval::Rejected);
    Some(Denial {
        check: Check::Approval,
        words: format!("`{who}` may not {} `{object}`{}: {why}", attempt.verb(), if rejected { "" } else { " yet" }),
        place: None,
        because: None,
        then: if rejected { Then::Stops } else { Then::Asks(role.map(SmolStr::from)) },
    })
}

pub(super) fn contact_policy(program: &Program, verdict: &PolicyVerdict) -> Vec<Denial> {
    let (reasons, then) = match verdict {
        PolicyVerdict::Now => return Vec::new(),
        PolicyVerdict::Later { at, reasons } => (reasons, Then::Later(*at)),
        PolicyVerdict::Never { reasons } => (reasons, Then::Stops),
    };
    let place = program.policy.as_ref().map(|policy| place(program, policy.origin));
    let denials = reasons.iter().map(|reason| Denial {
        check: Check::ContactPolicy,
        words: reason.words.clone(),
        place: place.clone(),
        because: reason.because.clone(),
        then: then.clone(),
    });
    denials.collect()
}

fn name(program: &Program, agent: AgentId) -> &str {
    program.agents.get(agent.index()).map_or("an unknown agent", |agent| agent.name.as_str())
}

fn about(program: &Program, about: &PermissionObject) -> String {
    let attempt = match *about {
        PermissionObject::Entity(entity) => Attempt::Read { entity, field: None },
        PermissionObject::Field(entity, field) => Attempt::Read { entity, field: Some(field) },
        PermissionObject::Score(_, score) => Attempt::Score(score),
        PermissionObject::Action(action) => Attempt::Act(action),
        PermissionObject::Undeclared(_, ref name) => return name.to_string(),
        PermissionObject::Spend => return "spend".into(),
    };
    attempt.object(program)
}

fn place(program: &Program, origin: Origin) -> SmolStr {
    let file = program.files.get(origin.file.index()).map_or("", SmolStr::as_str);
    format_smolstr!("{file}:{}", origin.line)
}
