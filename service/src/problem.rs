//! What is told to whoever asked for something that cannot be done: problem details by RFC 9457. Nothing of a person and no path of this
//! machine is in them.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use runtime::crm::CrmError;
use runtime::crm::log::LogError;
use runtime::engine::Refusal;
use runtime::runner::RunError;
use serde::Serialize;
use utoipa::ToSchema;

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Which kind of problem: `urn:playbook:problem:changed`.
    #[serde(rename = "type")]
    kind: String,
    /// The same in words.
    title: String,
    /// The status of the answer.
    status: u16,
    /// What happened this time, and what to do.
    detail: String,
    /// Seconds after which it may be tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, kind: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:playbook:problem:{kind}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            retry_after: None,
        }
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", "the request cannot be understood", detail)
    }

    pub(crate) fn unauthorized() -> Self {
        let detail = "send a token that `playbook token create` has shown: Authorization: Bearer pb.…";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "no valid token", detail)
    }

    /// A webhook was not signed, or wrongly.
    pub(crate) fn unsigned(why: &str) -> Self {
        let detail = format!("the webhook is not taken: {why}");
        Self::new(StatusCode::UNAUTHORIZED, "unsigned", "no valid signature", detail)
    }

    /// What the server itself refused before anybody looked at it.
    pub(crate) fn refused(status: StatusCode) -> Self {
        let (kind, title, detail) = match status {
            StatusCode::NOT_FOUND => {
                ("not-found", "there is no such thing", "the address names nothing that can be there")
            }
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method", "nothing is done so here", "nothing here is done by this method; /openapi.json says what is")
            }
            StatusCode::REQUEST_TIMEOUT => ("timeout", "the request took too long", "send it again, in one go"),
            StatusCode::LENGTH_REQUIRED => {
                ("length", "the length is missing", "say in Content-Length how long the body is")
            }
            StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "the body is too large", "send less at once"),
            StatusCode::URI_TOO_LONG => ("too-long", "the address is too long", "send less in the address"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                "media-type",
                "the body is of another kind",
                "say in Content-Type what is sent, as /openapi.json has it",
            ),
            StatusCode::UNPROCESSABLE_ENTITY => (
                "unprocessable",
                "the request makes no sense here",
                "a field is missing, or holds what cannot stand there",
            ),
            StatusCode::UPGRADE_REQUIRED => ("upgrade", "this is for WebSockets", "ask for an upgrade to a WebSocket"),
            _ => (
                "bad-request",
                "the request cannot be understood",
                "a part of it is missing, or is not what can stand there",
            ),
        };
        Self::new(status, kind, title, detail)
    }

    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "not allowed", detail)
    }

    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "there is no such thing", what)
    }

    pub(crate) fn conflict(kind: &str, title: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, kind, title, detail)
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let detail = format!("at most {limit} bytes are taken");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "the body is too large", detail)
    }

    pub(crate) fn too_many(seconds: u64) -> Self {
        let detail = format!("too many attempts failed; try again in {seconds} seconds");
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", "too many failed attempts", detail);
        Self { retry_after: Some(seconds), ..problem }
    }

    pub(crate) fn too_many_calls(seconds: u64) -> Self {
        let detail = format!("the token has called too often; try again in {seconds} seconds");
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-calls", "too many calls", detail);
        Self { retry_after: Some(seconds), ..problem }
    }

    pub(crate) fn unprocessable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unprocessable", "the request makes no sense here", detail)
    }

    pub(crate) fn unavailable(detail: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "not available now", detail);
        Self { retry_after: Some(5), ..problem }
    }

    /// Something of ours is broken. What it is stands in the log, and nothing of it here.
    pub(crate) fn internal() -> Self {
        let detail = "the reason is in the log of the service";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the service failed", detail)
    }

    pub(crate) const fn status(&self) -> u16 {
        self.status
    }

    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// The name of an error's kind, and nothing of what it says: `Locked`.
pub(crate) fn kind(error: &impl std::fmt::Debug) -> String {
    let words = format!("{error:?}");
    let parts = words.split(|letter: char| !letter.is_alphanumeric());
    parts.filter(|part| !part.is_empty()).take(2).collect::<Vec<_>>().join(" ")
}

/// Why a playbook and a CRM do not go together, where that is it: for whoever writes the playbook, without a place on this machine.
pub(crate) fn unfit(error: &CrmError) -> Option<String> {
    match error {
        CrmError::OtherCurrency { found, wanted, .. } => Some(format!(
            "the CRM holds amounts in {found}, and the playbook's client has the currency {wanted}: say `currency {found}` again"
        )),
        CrmError::OtherClient { found, wanted, .. } => Some(format!(
            "the CRM is of the client `{found}`, and the playbook is of `{wanted}`: call the client so again, or run              `playbook run --adopt` once"
        )),
        CrmError::ChangedType { .. } | CrmError::TakenColumn { .. } | CrmError::SharedKey { .. } => {
            Some(error.to_string())
        }
        _ => None,
    }
}

impl From<CrmError> for Problem {
    fn from(error: CrmError) -> Self {
        if let CrmError::Locked { .. } = error {
            return Self::unavailable("another process is writing to the client's CRM; try again");
        }
        if let Some(why) = unfit(&error) {
            return Self::unprocessable(why);
        }
        tracing::error!(kind = kind(&error), "a CRM could not be read or written");
        Self::internal()
    }
}

impl From<LogError> for Problem {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Crm(error) => error.into(),
            other => {
                tracing::error!(kind = kind(&other), "a log could not be read or written");
                Self::internal()
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NoSuchQuestion(_) | Refusal::NotUnderWay(_) | Refusal::MessageGone(_) => Self::not_found(detail),
            Refusal::NotForYou { .. } | Refusal::NotAPerson { .. } => Self::forbidden(detail),
            Refusal::Changed(_) => Self::conflict("changed", "it is not what was seen any more", detail),
            Refusal::Expired { .. } => Self::conflict("not-open", "the question is no longer open", detail),
            Refusal::StillSo { .. } => Self::conflict("still-so", "something stands in the way", detail),
            Refusal::Erased => Self::conflict("erased", "the record was erased", detail),
            Refusal::NotAnOption { .. }
            | Refusal::NoRating { .. }
            | Refusal::NoSuchRating { .. }
            | Refusal::ReasonNeeded(_) => Self::unprocessable(detail),
        }
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Crm(error) => error.into(),
            RunError::Log(error) => error.into(),
            RunError::Refused(refusal) => refusal.into(),
            RunError::NotBelieved(why) => Self::unprocessable(RunError::NotBelieved(why).to_string()),
            RunError::NoSuchQuestion(number) => Self::not_found(format!("there is no open question {number}")),
            RunError::NoSuchWorkflow(_) => Self::not_found("the playbook has no such workflow"),
            RunError::Settled { number, how, by, at } => Self::conflict(
                "not-open",
                "the question is no longer open",
                format!("question {number} is no longer open since {at}: {how}{by}"),
            ),
            other => {
                tracing::error!(kind = kind(&other), "a playbook could not be run");
                Self::internal()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_error_only_its_kind_is_told() {
        #[derive(Debug)]
        #[expect(dead_code, reason = "only its name is of interest")]
        enum Broken {
            Unreadable { value: &'static str },
        }
        let told = kind(&Broken::Unreadable { value: "ana@example.com" });
        assert!(told.starts_with("Unreadable") && !told.contains("ana"), "{told}");
    }
}
