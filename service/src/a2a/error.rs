//! What A2A says where something cannot be done: the same errors for both bindings, each in its own shape.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::access::calls::Wait;
use crate::problem::Problem;

/// Whose errors these are.
const DOMAIN: &str = "a2a-protocol.org";

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    kind: Kind,
    words: String,
    /// The field that is wrong, where one is.
    field: Option<&'static str>,
    /// Seconds after which it may be tried again, where that is so.
    wait: Option<u64>,
}

/// The errors of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Parse,
    InvalidRequest,
    NoSuchMethod,
    InvalidParams,
    Internal,
    TaskNotFound,
    TaskNotCancelable,
    UnsupportedOperation,
    ContentTypeNotSupported,
    VersionNotSupported,
    TooOften,
}

impl Kind {
    /// The code of JSON-RPC, the status of HTTP, the name of that status, and the reason.
    const fn parts(self) -> (i32, StatusCode, &'static str, Option<&'static str>) {
        match self {
            Self::Parse => (-32700, StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", None),
            Self::InvalidRequest => (-32600, StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", None),
            Self::NoSuchMethod => (-32601, StatusCode::NOT_FOUND, "NOT_FOUND", None),
            Self::InvalidParams => (-32602, StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", None),
            Self::Internal => (-32603, StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", None),
            Self::TaskNotFound => (-32001, StatusCode::NOT_FOUND, "NOT_FOUND", Some("TASK_NOT_FOUND")),
            Self::TaskNotCancelable => {
                (-32002, StatusCode::BAD_REQUEST, "FAILED_PRECONDITION", Some("TASK_NOT_CANCELABLE"))
            }
            Self::UnsupportedOperation => {
                (-32004, StatusCode::BAD_REQUEST, "FAILED_PRECONDITION", Some("UNSUPPORTED_OPERATION"))
            }
            Self::ContentTypeNotSupported => {
                (-32005, StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", Some("CONTENT_TYPE_NOT_SUPPORTED"))
            }
            // The protocol has no code for it: this is the first of those that are a server's own.
            Self::TooOften => (-32000, StatusCode::TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED", None),
            Self::VersionNotSupported => {
                (-32009, StatusCode::BAD_REQUEST, "FAILED_PRECONDITION", Some("VERSION_NOT_SUPPORTED"))
            }
        }
    }
}

impl Refused {
    pub(super) fn new(kind: Kind, words: impl Into<String>) -> Self {
        Self { kind, words: words.into(), field: None, wait: None }
    }

    /// A field of what was sent is wrong.
    pub(super) fn field(field: &'static str, words: impl Into<String>) -> Self {
        Self { field: Some(field), ..Self::new(Kind::InvalidParams, words) }
    }

    /// There is no such task, or it is somebody else's: nobody learns which.
    pub(super) fn no_task() -> Self {
        Self::new(Kind::TaskNotFound, "there is no such task")
    }

    /// It is called something else than JSON.
    pub(super) fn no_json() -> Self {
        Self::new(
            Kind::ContentTypeNotSupported,
            format!("what is sent here is JSON: `application/json` or `{}`", super::MEDIA),
        )
    }

    pub(super) const fn wait(&self) -> Option<u64> {
        self.wait
    }

    pub(super) const fn status(&self) -> StatusCode {
        self.kind.parts().1
    }

    fn details(&self) -> Vec<Value> {
        let (.., reason) = self.kind.parts();
        let info = reason.map(|reason| {
            json!({ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": DOMAIN, "metadata": {} })
        });
        let violation = self.field.map(|field| {
            json!({
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [{ "field": field, "description": self.words }],
            })
        });
        let wait = self.wait.map(
            |seconds| json!({ "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": format!("{seconds}s") }),
        );
        info.into_iter().chain(violation).chain(wait).collect()
    }

    /// As JSON-RPC has it.
    pub(super) fn rpc(&self) -> Value {
        let (code, ..) = self.kind.parts();
        json!({ "code": code, "message": self.words, "data": self.details() })
    }

    /// As the REST binding has it.
    pub(super) fn rest(&self) -> Value {
        let (_, status, name, _) = self.kind.parts();
        json!({ "error": { "code": status.as_u16(), "status": name, "message": self.words, "details": self.details() } })
    }
}

impl From<Wait> for Refused {
    fn from(Wait(seconds): Wait) -> Self {
        let words = format!("the token has called too often; try again in {seconds} seconds");
        Self { wait: Some(seconds), ..Self::new(Kind::TooOften, words) }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        match problem.status() {
            404 | 422 => Self::field("message.parts", problem.detail()),
            400..500 => Self::new(Kind::InvalidRequest, problem.detail()),
            _ => Self::new(Kind::Internal, problem.detail()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_binding_says_the_same_in_its_own_shape() {
        let refused = Refused::no_task();
        assert_eq!(refused.rpc()["code"], -32001);
        assert_eq!(refused.rpc()["data"][0]["reason"], "TASK_NOT_FOUND");
        assert_eq!((refused.status().as_u16(), &refused.rest()["error"]["status"]), (404, &json!("NOT_FOUND")));
        let wrong = Refused::field("message.parts", "it is empty");
        assert_eq!(wrong.rest()["error"]["details"][0]["fieldViolations"][0]["field"], "message.parts");
    }
}
