//! What is sent over A2A, read: fields that are not known are passed over, as the protocol wants it.

use serde::Deserialize;
use serde_json::Value;

use super::error::{Kind, Refused};
use crate::misread;

/// A message is sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sending {
    pub(super) message: Message,
    #[serde(default)]
    pub(super) configuration: Configuration,
}

/// A message.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message {
    pub(super) message_id: String,
    pub(super) context_id: Option<String>,
    pub(super) task_id: Option<String>,
    role: String,
    parts: Vec<Part>,
}

/// A part of one.
#[derive(Debug, Deserialize)]
struct Part {
    text: Option<String>,
    raw: Option<Value>,
    url: Option<Value>,
    data: Option<Value>,
}

/// How it is to be answered.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Configuration {
    #[serde(default)]
    accepted_output_modes: Vec<String>,
    #[serde(default)]
    pub(super) return_immediately: bool,
    pub(super) task_push_notification_config: Option<super::push::Config>,
}

/// What is handed over: of a message, the data. Its texts are words to nobody here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Handed {
    /// The contact's number or address.
    pub(super) contact: Value,
    /// To which workflow.
    pub(super) workflow: Option<String>,
}

/// Which task.
#[derive(Debug, Deserialize)]
pub(super) struct Which {
    pub(super) id: String,
}

/// Which tasks.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listing {
    pub(super) context_id: Option<String>,
    pub(super) status: Option<String>,
    pub(super) history_length: Option<i64>,
    pub(super) page_size: Option<i64>,
    pub(super) page_token: Option<String>,
    #[serde(default)]
    pub(super) include_artifacts: bool,
}

/// # Errors
/// Where it is not what the method takes.
pub(super) fn read<T: serde::de::DeserializeOwned>(params: Value) -> Result<T, Refused> {
    let params = if params.is_null() { Value::Object(serde_json::Map::new()) } else { params };
    misread::value(params).map_err(|why| Refused::field("params", why))
}

impl Sending {
    /// What is handed over.
    ///
    /// # Errors
    /// Where it is nothing that can be taken.
    pub(super) fn handed(&self) -> Result<Handed, Refused> {
        let message = &self.message;
        let modes = &self.configuration.accepted_output_modes;
        let fits = |mode: &String| matches!(mode.as_str(), "application/json" | "text/plain" | "text" | "*/*");
        if !modes.is_empty() && !modes.iter().any(fits) {
            return Err(Refused::new(Kind::ContentTypeNotSupported, "what comes of it is told as JSON or plain text"));
        }
        if message.message_id.is_empty() || message.message_id.len() > 200 {
            return Err(Refused::field("message.messageId", "it has 1 to 200 bytes"));
        }
        if message.role != "ROLE_USER" {
            return Err(Refused::field("message.role", "whoever hands something over is `ROLE_USER`"));
        }
        if message.parts.is_empty() {
            return Err(Refused::field("message.parts", "there is none"));
        }
        if message.parts.iter().any(|part| part.raw.is_some() || part.url.is_some()) {
            return Err(Refused::new(Kind::ContentTypeNotSupported, "files are not taken: send data"));
        }
        if message.parts.iter().any(|part| part.text.is_none() && part.data.is_none()) {
            return Err(Refused::field("message.parts", "a part has text or data"));
        }
        let mut data = message.parts.iter().filter_map(|part| part.data.as_ref());
        let Some(handed) = data.next().filter(|_| data.next().is_none()) else {
            let words =
                "one part has data, {\"contact\": its number or address, \"workflow\": its name}: texts are not read";
            return Err(Refused::field("message.parts", words));
        };
        misread::value(handed.clone()).map_err(|why| Refused::field("message.parts", why))
    }
}

impl Handed {
    /// The contact, as one names it.
    ///
    /// # Errors
    /// Where it is neither a number nor a text.
    pub(super) fn contact(&self) -> Result<String, Refused> {
        match &self.contact {
            Value::String(contact) => Ok(contact.clone()),
            // Other languages have no integers in their JSON.
            Value::Number(number) => {
                Ok(number.as_f64().map_or_else(|| number.to_string(), |number| format!("{number:.0}")))
            }
            _ => Err(Refused::field("message.parts", "`contact` is a number or an address")),
        }
    }
}
