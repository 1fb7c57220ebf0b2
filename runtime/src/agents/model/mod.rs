//! A language model as a worker, behind any endpoint that speaks OpenAI's chat completions.
//!
//! It is told only what the assignment holds, and believed only what can be looked up: quotes that occur in their source, facts
//! and claims that name evidence it was given. An answer that breaks one rule is refused as a whole. Every call is paid for
//! beforehand out of a [`Ledger`], at the most that it could cost.

mod answer;
mod budget;
mod call;
mod prompt;

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use rust_decimal::Decimal;
use smol_str::SmolStr;

pub use answer::{AnswerError, believed};
pub use budget::{DayBudget, Ledger};
pub use prompt::{form, told};

use super::http::Endpoint;
use super::{Assignment, BoxFuture, Outcome, PortError, PortErrorKind, Secret, Task, Worker};

/// Which model, and what it may cost.
#[derive(Clone, Debug)]
pub struct ModelSettings {
    /// `https://api.example.com/v1`; `chat/completions` is added.
    pub url: SmolStr,
    /// The model's name there.
    pub name: SmolStr,
    /// Where the endpoint wants one.
    pub key: Option<Secret>,
    /// For the whole of a call.
    pub timeout: Duration,
    /// So many calls for one assignment at most.
    pub tries: u32,
    /// Before the second call; doubled before each further one.
    pub first_wait: Duration,
    /// The answer is cut there.
    pub most_tokens: u32,
    /// What the endpoint calls that limit.
    pub limit_name: LimitName,
    /// Sent where there is one; some models take none.
    pub temperature: Option<Decimal>,
    /// What tokens cost.
    pub prices: Prices,
    /// No call may cost more, in the client's currency.
    pub most_a_call: Decimal,
}

/// What an endpoint calls the limit of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitName {
    /// What most know.
    #[default]
    MaxTokens,
    /// What newer ones want.
    MaxCompletionTokens,
}

/// What a million tokens cost, in the client's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prices {
    /// Of those that are sent.
    pub input: Decimal,
    /// Of those that come back.
    pub output: Decimal,
}

/// A language model that does work.
pub struct ModelWorker {
    endpoint: Endpoint,
    settings: ModelSettings,
    ledger: Arc<dyn Ledger>,
}

impl std::fmt::Debug for ModelWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModelWorker").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Whoever asks for more patience than this is asked again by the outbox, not here.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(30);

impl ModelWorker {
    /// With these settings, paid for out of that ledger.
    ///
    /// # Errors
    /// Where the endpoint is no address that may be called.
    pub fn new(settings: ModelSettings, ledger: Arc<dyn Ledger>) -> Result<Self, PortError> {
        Ok(Self { endpoint: Endpoint::new(&settings.url, settings.timeout)?, settings, ledger })
    }

    async fn outcome(&self, assignment: &Assignment) -> Result<Outcome, PortError> {
        if matches!(assignment.task, Task::Schedule { .. }) {
            return Err(PortError::refused("a language model is not asked for free times: let `schedule` be built in"));
        }
        let messages = prompt::messages(assignment)?;
        let mut spent = Decimal::ZERO;
        let mut tried = 0;
        loop {
            tried += 1;
            let (answer, cost) = self.paid_call(assignment, &messages).await;
            spent = spent.saturating_add(cost);
            let error = match answer.and_then(|answer| answer::read(assignment, &answer).map_err(PortError::from)) {
                Ok(outcome) => return Ok(Outcome { spent, ..outcome }),
                Err(error) => error,
            };
            let Some(wait) = self.wait(tried, &error, &assignment.key) else { return Err(error.having_spent(spent)) };
            tokio::time::sleep(wait).await;
        }
    }

    /// What came back, and what was paid for it.
    async fn paid_call(
        &self,
        assignment: &Assignment,
        messages: &[prompt::Message],
    ) -> (Result<String, PortError>, Decimal) {
        let most = self.settings.prices.most(messages, self.settings.most_tokens);
        let cap = self.settings.most_a_call;
        if most > cap {
            let detail =
                format!("the call could cost {most}, and {cap} is allowed for one: raise `most_a_call`, or send less");
            return (Err(PortError::new(PortErrorKind::OverBudget, detail)), Decimal::ZERO);
        }
        if let Err(error) = self.ledger.reserve(assignment.now, most) {
            return (Err(error), Decimal::ZERO);
        }
        let (answer, cost) = match call::call(&self.endpoint, &self.settings, messages).await {
            Ok(reply) => {
                // Who names no usage is taken to have used all.
                let cost = reply.usage.map_or(most, |usage| self.settings.prices.of(usage));
                (reply.text, cost)
            }
            // Whatever was sent may have been worked on, and billed.
            Err(error) if matches!(error.kind, PortErrorKind::TimedOut | PortErrorKind::Broken) => (Err(error), most),
            Err(error) => (Err(error), Decimal::ZERO),
        };
        self.ledger.settle(assignment.now, most, cost);
        (answer, cost)
    }

    /// Doubled each time, a quarter up or down by the assignment's key, so that the same run waits the same.
    fn wait(&self, tried: u32, error: &PortError, key: &str) -> Option<Duration> {
        if tried >= self.settings.tries || !error.is_retryable() {
            return None;
        }
        let doubled = self.settings.first_wait.saturating_mul(1_u32.checked_shl(tried - 1).unwrap_or(u32::MAX));
        let jitter = doubled.mul_f64(f64::from(super::retry::share(key, tried)) / f64::from(u16::MAX) / 2.0);
        let own = (doubled - doubled / 4 + jitter).min(LONGEST_WAIT.unsigned_abs());
        match error.kind {
            PortErrorKind::Busy { retry_after: Some(asked) } if asked > LONGEST_WAIT => None,
            PortErrorKind::Busy { retry_after: Some(asked) } => Some(own.max(asked.unsigned_abs())),
            _ => Some(own),
        }
    }
}

impl Worker for ModelWorker {
    fn work<'a>(&'a self, assignment: &'a Assignment) -> BoxFuture<'a, Result<Outcome, PortError>> {
        Box::pin(self.outcome(assignment))
    }
}
