//! What each role may. What no line allows is refused.

use serde::Serialize;
use utoipa::ToSchema;

/// What somebody is for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May do all that a person may.
    Owner,
    /// Writes the playbook; approves no message.
    Consultant,
    /// Answers questions and steps in; changes no playbook.
    Approver,
    /// Looks.
    Viewer,
    /// No person: brings events in, and nothing else. Agents see and act over ports of their own.
    Agent,
}

/// Something that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Look at what there is.
    Look,
    /// Answer a question.
    Answer,
    /// Pause, resume, cancel.
    StepIn,
    /// Say that something happened.
    Tell,
    /// Bring files in, and take that back.
    Import,
    /// Check and compare a playbook.
    TryPlaybook,
    /// Put a playbook to work.
    Activate,
}

impl Role {
    /// By its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Owner, Self::Consultant, Self::Approver, Self::Viewer, Self::Agent]
            .into_iter()
            .find(|role| role.name() == name)
    }

    /// `owner`
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Consultant => "consultant",
            Self::Approver => "approver",
            Self::Viewer => "viewer",
            Self::Agent => "agent",
        }
    }

    /// Whether a person has it.
    #[must_use]
    pub const fn is_person(self) -> bool {
        !matches!(self, Self::Agent)
    }

    /// Whether whoever has it answers in the place of one of the client's people.
    #[must_use]
    pub const fn answers(self) -> bool {
        self.may(Doing::Answer) || self.may(Doing::StepIn)
    }

    pub(crate) const fn may(self, doing: Doing) -> bool {
        matches!(
            (self, doing),
            (Self::Owner, _)
                | (
                    Self::Consultant,
                    Doing::Look | Doing::StepIn | Doing::Import | Doing::TryPlaybook | Doing::Activate
                )
                | (Self::Approver, Doing::Look | Doing::Answer | Doing::StepIn | Doing::Tell | Doing::TryPlaybook)
                | (Self::Viewer, Doing::Look | Doing::TryPlaybook)
                | (Self::Agent, Doing::Tell)
        )
    }
}

impl Doing {
    /// `answer questions`
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Look => "look at what there is",
            Self::Answer => "answer questions",
            Self::StepIn => "pause, resume or cancel",
            Self::Tell => "say that something happened",
            Self::Import => "bring files in",
            Self::TryPlaybook => "check a playbook",
            Self::Activate => "put a playbook to work",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Doing; 7] =
        [Doing::Look, Doing::Answer, Doing::StepIn, Doing::Tell, Doing::Import, Doing::TryPlaybook, Doing::Activate];

    #[test]
    fn an_agent_only_tells_and_a_viewer_changes_nothing() {
        let may = |role: Role| ALL.into_iter().filter(|doing| role.may(*doing)).collect::<Vec<_>>();
        assert_eq!(may(Role::Agent), [Doing::Tell]);
        assert_eq!(may(Role::Viewer), [Doing::Look, Doing::TryPlaybook]);
        assert!(!may(Role::Consultant).contains(&Doing::Answer));
        assert!(!may(Role::Approver).contains(&Doing::Activate) && !may(Role::Approver).contains(&Doing::Import));
        assert_eq!(may(Role::Owner), ALL);
    }
}
