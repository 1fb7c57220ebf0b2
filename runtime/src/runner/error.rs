//! What can keep a playbook from running.

use crate::crm::CrmError;
use crate::crm::log::LogError;
use crate::engine::Refusal;
use crate::score::LinkError;

/// Why a playbook could not be run on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The CRM.
    #[error(transparent)]
    Crm(#[from] CrmError),
    /// The log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The Program.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// What was asked does not fit what stands.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such workflow.
    #[error("the playbook has no workflow `{0}`")]
    NoSuchWorkflow(String),
    /// There is no such question.
    #[error("there is no open question {0}: `playbook inbox` shows those that are")]
    NoSuchQuestion(i64),
    /// A letter of somebody who is to be forgotten could not be removed.
    #[error("a letter to them is still there: {0}")]
    Letter(crate::agents::PortError),
    /// It is no longer open.
    #[error("question {number} is no longer open: {how}{by}")]
    Settled {
        /// Which.
        number: i64,
        /// How it was settled.
        how: Settled,
        /// By whom, with a blank before it.
        by: String,
        /// When.
        at: jiff::Timestamp,
    },
    /// What an agent brought cannot be looked up, or is not of the form that was asked for.
    #[error("{}", .0.to_string().replacen("the model's answer", "the answer", 1).replacen("the model", "the answer", 1))]
    NotBelieved(#[from] crate::agents::model::AnswerError),
    /// The ports' own runtime could not be started.
    #[error("the ports could not be started: {0}")]
    Ports(std::io::Error),
}

/// How a question that is no longer open was settled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Settled {
    /// A person answered: `approved`.
    #[error("it was {0}")]
    Answered(&'static str),
    /// Nobody did in time.
    #[error("it expired")]
    Expired,
    /// What it was about is gone, and why.
    #[error("{0}")]
    Void(String),
}
