//! What an editor can ask, one file each. A feature takes the [`crate::server::Server`] and the protocol's parameters and gives the
//! protocol's answer; nothing here waits for anything.
#![expect(
    clippy::needless_pass_by_value,
    reason = "a feature is given what has arrived, whether or not it keeps any of it"
)]

pub(crate) mod actions;
pub(crate) mod call_hierarchy;
pub(crate) mod code_lens;
pub(crate) mod commands;
pub(crate) mod completion;
pub(crate) mod definition;
pub(crate) mod diagnostics;
pub(crate) mod folding;
pub(crate) mod format;
pub(crate) mod highlight;
pub(crate) mod hover;
pub(crate) mod initialize;
pub(crate) mod inlay_hints;
pub(crate) mod links;
mod names;
pub(crate) mod references;
pub(crate) mod rename;
pub(crate) mod selection;
pub(crate) mod semantic_tokens;
pub(crate) mod signature;
pub(crate) mod symbols;
pub(crate) mod sync;

use tower_lsp::jsonrpc::{Error, ErrorCode};

/// What comes of a question.
pub(crate) type Answer<R> = Result<R, Refusal>;

/// Why a question is not answered.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The text has changed meanwhile: whatever were said would be about another one. The editor asks again by itself.
    #[error("the text has changed meanwhile")]
    Stale,
    /// Findings are asked for while edits wait: the editor should ask again.
    #[error("the text has changed meanwhile")]
    AskAgain,
    /// What is asked for cannot be done; in words for the user.
    #[error("{0}")]
    Impossible(String),
}

/// `ServerCancelled` of LSP 3.17.
const SERVER_CANCELLED: i64 = -32802;

/// `RequestFailed` of LSP 3.17.
const REQUEST_FAILED: i64 = -32803;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let (code, data) = match &refusal {
            Refusal::Stale => (ErrorCode::ContentModified, None),
            Refusal::AskAgain => {
                (ErrorCode::ServerError(SERVER_CANCELLED), Some(serde_json::json!({ "retriggerRequest": true })))
            }
            Refusal::Impossible(_) => (ErrorCode::ServerError(REQUEST_FAILED), None),
        };
        Self { code, message: refusal.to_string().into(), data }
    }
}
