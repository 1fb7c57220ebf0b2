//! Calls of ports as spans: which kind of port, for what, and how it went. What was asked of it, about whom, and what it said is in none.

use tracing::Span;

use super::{PortError, PortErrorKind};

/// By which spans of this project are known from those of others.
pub const TRACED: &str = "playbook::traces";

/// A call of a port that begins.
pub(crate) fn called(port: &'static str, verb: &str) -> Span {
    tracing::info_span!(
        target: TRACED, "port",
        otel.name = format!("{port} {verb}"), otel.kind = "client", otel.status_code = tracing::field::Empty,
        playbook.port = port, playbook.verb = verb, error.type = tracing::field::Empty,
    )
}

/// How it went.
pub(crate) fn returned<T>(span: &Span, outcome: &Result<T, PortError>) {
    if let Err(error) = outcome {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", name(&error.kind));
    }
}

const fn name(kind: &PortErrorKind) -> &'static str {
    match kind {
        PortErrorKind::Unreachable => "unreachable",
        PortErrorKind::TimedOut => "timed_out",
        PortErrorKind::Refused => "refused",
        PortErrorKind::Busy { .. } => "busy",
        PortErrorKind::Broken => "broken",
        PortErrorKind::Uncertain => "uncertain",
        PortErrorKind::OverBudget => "over_budget",
    }
}
