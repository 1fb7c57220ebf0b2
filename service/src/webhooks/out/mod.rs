//! Webhooks that go out: each receiver of the configuration is told of what enters the log, in order of time as far as it takes it, until it
//! takes it or is given up. What is on its way is kept beside the tokens, so that nothing is lost where the process ends.

mod address;
mod told;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Client as Http, Url, redirect};
use runtime::crm::service_file::deliveries::{Delivery, Receiver, Tried};
use runtime::engine::EntryId;

use crate::app::App;
use crate::client::Client;
use crate::config::Outgoing;
use crate::problem::Problem;
use crate::views::log::Logline;
pub(crate) use address::checked;
use address::{Guarded, Private};

/// So many entries are looked at together.
const LOOKED_AT: usize = 500;
/// So many are sent to a receiver at once.
const AT_ONCE: usize = 8;
/// So many are sent before the log is looked at again.
const TOGETHER: usize = 64;
/// How long what is over stays in the list.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Nothing got through for so long: nothing more is sent.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24 * 5);
/// No more of an answer is read than its head.
const GONE: u16 = 410;

/// A receiver of a client.
struct Sender {
    app: App,
    client: Arc<Client>,
    name: String,
    settings: Outgoing,
    http: Http,
}

/// Why a try came to nothing.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("the variable with its secret is not set, or holds none")]
    NoSecret,
    #[error("the entry is not in the log any more")]
    NoEntry,
    #[error(transparent)]
    Private(#[from] Private),
    #[error("it did not answer in time")]
    TooLate,
    #[error("it cannot be reached")]
    Unreachable,
}

/// Begins to tell all receivers of a client.
///
/// # Errors
/// Where the system gives no client of HTTP.
pub(crate) fn begin(app: &App, client: &Arc<Client>) -> std::io::Result<()> {
    let settings = app.configuration.webhooks;
    let receivers = app.configuration.clients.get(client.name()).into_iter().flat_map(|of| &of.outgoing);
    for (name, outgoing) in receivers {
        let http = http(settings.timeout, settings.private).map_err(std::io::Error::other)?;
        let (app, client, name, settings) = (app.clone(), Arc::clone(client), name.clone(), outgoing.clone());
        tokio::spawn(Sender { app, client, name, settings, http }.run());
    }
    Ok(())
}

/// Trusts whom the system trusts, follows nothing, and goes nowhere that it may not.
pub(crate) fn http(timeout: Duration, allows_private: bool) -> Result<Http, Box<dyn std::error::Error + Send + Sync>> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let http = Http::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .timeout(timeout)
        // Behind a proxy nobody could say where it goes.
        .no_proxy()
        .dns_resolver(Arc::new(Guarded { allows_private }))
        .user_agent("playbook");
    Ok(http.build()?)
}

impl Sender {
    async fn run(self) {
        let (mut news, mut stopping) = (self.client.news.clone(), self.app.stopping.clone());
        let look_every = self.app.configuration.scheduler.look_every;
        loop {
            match self.turn().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(problem) => {
                    // Without a playbook at work there is nobody who could read the log; it is looked at again.
                    tracing::debug!(
                        client = self.client.name(),
                        receiver = self.name,
                        status = problem.status(),
                        "no webhooks went out"
                    );
                }
            }
            tokio::select! {
                changed = news.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(look_every) => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Looks at the log and sends what is due. Whether there is more to do at once.
    async fn turn(&self) -> Result<bool, Problem> {
        let now = self.app.surroundings.now();
        let next = self.client.read(|reader, _| Ok(reader.crm.next_entry()?.0)).await?;
        let name = self.name.clone();
        // Whoever is new is told of what comes, and not of all that was.
        let receiver = self.client.file_aside(move |file| file.receiver(&name, next - 1)).await?;
        if receiver.stopped.is_some() || *self.app.stopping.borrow() {
            return Ok(false);
        }
        if let Some(since) = receiver.failing
            && now.duration_since(since) >= PATIENCE
        {
            return self.stop("nothing got through for five days").await;
        }
        let more = self.look(&receiver, now).await?;
        let name = self.name.clone();
        let due = self.client.file_aside(move |file| file.due(&name, now, TOGETHER)).await?;
        let many = due.len() == TOGETHER;
        let sent: Vec<Result<bool, Problem>> = futures_util::stream::iter(due.into_iter().map(|due| self.deliver(due)))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let is_gone = sent.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().any(|is_gone| is_gone);
        if is_gone {
            return self.stop("it answered that it is gone for good").await;
        }
        Ok(more || many)
    }

    async fn stop(&self, why: &'static str) -> Result<bool, Problem> {
        let (name, now) = (self.name.clone(), self.app.surroundings.now());
        self.client.file_aside(move |file| file.stop_receiver(&name, now, why)).await?;
        tracing::error!(client = self.client.name(), receiver = self.name, why, "no more webhooks are sent");
        Ok(false)
    }

    /// Queues what is new in the log. Whether there is more.
    async fn look(&self, receiver: &Receiver, now: Timestamp) -> Result<bool, Problem> {
        let (told, types) = (receiver.told, self.settings.types.clone());
        let (entries, last, many) = self
            .client
            .read(move |reader, _| {
                let (mut entries, mut last, mut count) = (Vec::new(), told, 0);
                reader.crm.entries(None, EntryId(told), |logged| {
                    let line = Logline::from(&logged);
                    let kind = told::kind(&line.entry).unwrap_or_default();
                    (last, count) = (line.number, count + 1);
                    if types.is_empty() || types.contains(&kind) {
                        entries.push((line.number, kind));
                    }
                    if count < LOOKED_AT { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                })?;
                Ok((entries, last, count == LOOKED_AT))
            })
            .await?;
        if last > told {
            let (name, forget) = (self.name.clone(), now.checked_sub(KEPT).unwrap_or(now));
            self.client.file_aside(move |file| file.queue(&name, &entries, last, (now, forget))).await?;
        }
        Ok(many)
    }

    /// Tries a delivery and keeps what came of it. Whether the receiver is gone for good.
    async fn deliver(&self, delivery: Delivery) -> Result<bool, Problem> {
        let answered = self.post(&delivery).await?;
        let at = self.app.surroundings.now();
        let id = told::id(self.client.name(), &self.name, delivery.entry);
        let (status, error) = match &answered {
            Ok(status) => (Some(*status), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let taken = status.is_some_and(|status| (200..300).contains(&status));
        let is_hopeless = matches!(answered, Err(Failed::NoEntry)) || status == Some(GONE);
        let again = (!taken && !is_hopeless).then(|| told::again(&id, delivery.tries + 1, at)).flatten();
        let how = if taken {
            "delivered"
        } else if again.is_some() {
            "tried again"
        } else {
            "given up"
        };
        self.app.meters.sent_out(self.client.name(), how);
        if !taken {
            let why = error.as_deref().unwrap_or("it did not take it");
            tracing::warn!(
                client = self.client.name(),
                receiver = self.name,
                status,
                why,
                how,
                "a webhook was not taken"
            );
        }
        let (name, number) = (self.name.clone(), delivery.number);
        self.client
            .file_aside(move |file| file.tried(&name, number, &Tried { at, taken, status, error, again }))
            .await?;
        Ok(status == Some(GONE))
    }

    async fn post(&self, delivery: &Delivery) -> Result<Result<u16, Failed>, Problem> {
        let (entry, client) = (delivery.entry, self.client.name().to_owned());
        let read = self.client.read(move |reader, _| {
            let mut body = None;
            reader.crm.entries(None, EntryId(entry - 1), |logged| {
                body = (logged.number.0 == entry).then(|| told::body(&client, &Logline::from(&logged)));
                ControlFlow::Break(())
            })?;
            Ok(body)
        });
        let Some(body) = read.await? else { return Ok(Err(Failed::NoEntry)) };
        Ok(self.sent(&told::id(self.client.name(), &self.name, entry), body).await)
    }

    async fn sent(&self, id: &str, body: String) -> Result<u16, Failed> {
        let url: &Url = &self.settings.url;
        address::checked(url, self.app.configuration.webhooks.private)?;
        let secrets = (self.app.surroundings.environment)(&self.settings.secret_env).ok_or(Failed::NoSecret)?;
        let now = self.app.surroundings.now();
        let signature = told::signature(&secrets, id, now, &body).ok_or(Failed::NoSecret)?;
        let request = self
            .http
            .post(url.clone())
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", now.as_second().to_string())
            .header("webhook-signature", signature)
            .body(body);
        match request.send().await {
            Ok(answer) => Ok(answer.status().as_u16()),
            Err(error) if is_private(&error) => Err(Private.into()),
            Err(error) if error.is_timeout() => Err(Failed::TooLate),
            Err(_) => Err(Failed::Unreachable),
        }
    }
}

fn is_private(error: &reqwest::Error) -> bool {
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        if error.is::<Private>() {
            return true;
        }
        next = error.source();
    }
    false
}
