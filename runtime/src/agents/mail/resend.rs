//! Letters over the Resend API: `POST /emails` with an idempotency key, by which a second try is no second letter.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::message::{body, mailbox, subject, unsubscribe};
use super::{check_key, without_addresses};
use crate::agents::http::{Answer, Endpoint};
use crate::agents::{BoxFuture, Letter, Mailer, PortError, PortErrorKind, Receipt, Secret};

/// The public one.
pub(in crate::agents) const PUBLIC: &str = "https://api.resend.com";

/// Hands letters to the Resend API.
#[derive(Clone, Debug)]
pub struct ResendMailer {
    endpoint: Endpoint,
    key: Secret,
}

/// What is posted.
#[derive(Serialize)]
struct Email {
    from: String,
    to: [String; 1],
    subject: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<String>,
    headers: serde_json::Map<String, serde_json::Value>,
}

/// The answer to a letter that was taken.
#[derive(Deserialize)]
struct Taken {
    id: String,
}

/// The answer to one that was not.
#[derive(Default, Deserialize)]
struct Trouble {
    #[serde(default)]
    name: String,
    #[serde(default)]
    message: String,
}

impl ResendMailer {
    /// With that key; at the public API where no base is named.
    ///
    /// # Errors
    /// Where the base is no address that may be called.
    pub fn new(base: Option<&str>, key: Secret, timeout: Duration) -> Result<Self, PortError> {
        Ok(Self { endpoint: Endpoint::new(base.unwrap_or(PUBLIC), timeout)?, key })
    }

    async fn deliver(&self, letter: &Letter) -> Result<Receipt, PortError> {
        check_key(letter)?;
        let email = Email {
            from: mailbox(&letter.from, "sender")?.to_string(),
            to: [mailbox(&letter.to, "recipient")?.to_string()],
            subject: subject(letter)?,
            text: body(letter),
            reply_to: match &letter.reply_to {
                Some(reply_to) => Some(mailbox(reply_to, "reply-to")?.to_string()),
                None => None,
            },
            headers: unsubscribe(letter)?.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect(),
        };
        let request = self
            .endpoint
            .post("emails")?
            .bearer_auth(self.key.reveal())
            .header("Idempotency-Key", letter.key.as_str())
            .json(&email);
        let answer = self.endpoint.call(request).await?;
        if !answer.status.is_success() {
            return Err(trouble(&answer, letter));
        }
        let taken: Taken = serde_json::from_slice(&answer.body)
            .map_err(|_| self.endpoint.broken("it took the letter and did not say as what"))?;
        Ok(Receipt { message_id: None, carrier: taken.id.into(), before: false })
    }
}

/// By status and name, as the API documents them; a letter whose fate is unknown is tried again under the same key.
fn trouble(answer: &Answer, letter: &Letter) -> PortError {
    let Trouble { name, message } = serde_json::from_slice(&answer.body).unwrap_or_default();
    let retry_after = answer.retry_after;
    let kind = match (answer.status.as_u16(), name.as_str()) {
        (409, "concurrent_idempotent_requests" | "resource_locked") | (429, _) | (503, _) => {
            PortErrorKind::Busy { retry_after }
        }
        (408, _) => PortErrorKind::TimedOut,
        (500.., _) => PortErrorKind::Broken,
        _ => PortErrorKind::Refused,
    };
    let words = without_addresses(&message, letter);
    let name = if name.is_empty() { "no name".to_owned() } else { without_addresses(&name, letter) };
    PortError::new(kind, format!("Resend says {} ({name}): {words}", answer.status.as_u16()))
}

impl Mailer for ResendMailer {
    // For a day, within which all tries are: `next_try` sees to that.
    fn knows_its_keys(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<Receipt, PortError>> {
        Box::pin(self.deliver(letter))
    }
}
