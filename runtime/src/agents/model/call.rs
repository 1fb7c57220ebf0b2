//! One chat completion over HTTP. Knows the protocol and nothing of what is asked.

use reqwest::RequestBuilder;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::prompt::Message;
use super::{LimitName, ModelSettings};
use crate::agents::http::{Answer, Endpoint};
use crate::agents::texts::in_short;
use crate::agents::{PortError, PortErrorKind};

/// Tokens, as the endpoint counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Usage {
    pub(super) prompt_tokens: u64,
    pub(super) completion_tokens: u64,
}

/// What an endpoint answered that worked.
pub(super) struct Reply {
    /// The text; an error where there is none that is whole.
    pub(super) text: Result<String, PortError>,
    pub(super) usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Said,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
}

#[derive(Default, Deserialize)]
struct Trouble {
    #[serde(default)]
    error: TroubleWords,
}

#[derive(Default, Deserialize)]
struct TroubleWords {
    #[serde(default)]
    message: String,
    #[serde(default)]
    code: Value,
}

pub(super) async fn call(
    endpoint: &Endpoint,
    settings: &ModelSettings,
    messages: &[Message],
) -> Result<Reply, PortError> {
    let request = authorized(endpoint.post("chat/completions")?, settings).json(&body(settings, messages));
    let answer = endpoint.call(request).await?;
    if !answer.status.is_success() {
        return Err(trouble(&answer, settings));
    }
    let completion: Completion = serde_json::from_slice(&answer.body)
        .map_err(|error| endpoint.broken(&format!("no chat completion: {error}")))?;
    Ok(Reply { text: text(completion.choices), usage: completion.usage })
}

fn authorized(request: RequestBuilder, settings: &ModelSettings) -> RequestBuilder {
    match &settings.key {
        Some(key) => request.bearer_auth(key.reveal()),
        None => request,
    }
}

fn body(settings: &ModelSettings, messages: &[Message]) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(settings.name));
    body.insert("messages".to_owned(), json!(messages));
    body.insert("response_format".to_owned(), json!({ "type": "json_object" }));
    let limit = match settings.limit_name {
        LimitName::MaxTokens => "max_tokens",
        LimitName::MaxCompletionTokens => "max_completion_tokens",
    };
    body.insert(limit.to_owned(), json!(settings.most_tokens));
    if let Some(temperature) = settings.temperature.and_then(|temperature| temperature.to_f64()) {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    body
}

fn text(choices: Vec<Choice>) -> Result<String, PortError> {
    let broken =
        |why: &str| PortError::new(PortErrorKind::Broken, format!("the model gave no answer that can be used: {why}"));
    let choice = choices.into_iter().next().ok_or_else(|| broken("there is no choice in it"))?;
    if choice.message.refusal.is_some_and(|refusal| !refusal.is_empty()) {
        return Err(PortError::refused("the model declined to answer: a person has to do this"));
    }
    match choice.finish_reason.as_deref() {
        Some("length") => {
            Err(PortError::refused("the model's answer was cut at `most_tokens`: raise it, or ask for less"))
        }
        Some("content_filter") => Err(PortError::refused("the endpoint withheld the model's answer")),
        _ => choice.message.content.filter(|text| !text.trim().is_empty()).ok_or_else(|| broken("it is empty")),
    }
}

/// By status; the endpoint's words may repeat a key, so it is taken out.
fn trouble(answer: &Answer, settings: &ModelSettings) -> PortError {
    let Trouble { error } = serde_json::from_slice(&answer.body).unwrap_or_default();
    let kind = match (answer.status.as_u16(), error.code.as_str()) {
        (402, _) | (429, Some("insufficient_quota")) => PortErrorKind::OverBudget,
        (429 | 503, _) => PortErrorKind::Busy { retry_after: answer.retry_after },
        (408, _) => PortErrorKind::TimedOut,
        (500.., _) => PortErrorKind::Broken,
        _ => PortErrorKind::Refused,
    };
    let mut words = error.message;
    if let Some(key) = &settings.key {
        words = words.replace(key.reveal(), "[secret]");
    }
    PortError::new(kind, format!("the model's endpoint says {}: {}", answer.status.as_u16(), in_short(&words)))
}
