//! What Prometheus is told: counters and gauges, with the names of clients and routes, and of nobody else.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// What an answer is counted under.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answer {
    method: String,
    /// As it is declared: `/api/v1/clients/{client}/contacts`.
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Of {
    client: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfHow {
    client: String,
    how: &'static str,
}

/// All meters.
pub(crate) struct Meters {
    registry: Registry,
    answers: Family<Answer, Counter>,
    seconds: Histogram,
    refused: Counter,
    at_work: Family<Of, Gauge>,
    questions: Family<Of, Gauge>,
    entries: Family<Of, Counter>,
    sent: Family<Of, Counter>,
    failed: Family<Of, Counter>,
    reloads: Family<OfHow, Counter>,
    refused_change: Family<Of, Gauge>,
    webhooks: Family<OfHow, Counter>,
    outgoing: Family<OfHow, Counter>,
    copies: Family<OfHow, Counter>,
    behind: Family<Of, Gauge<f64, AtomicU64>>,
}

/// Seconds that answers take, as they are counted.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

impl Default for Meters {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("playbook");
        let mut meters = Self {
            answers: Family::default(),
            seconds: Histogram::new(BUCKETS),
            refused: Counter::default(),
            at_work: Family::default(),
            questions: Family::default(),
            entries: Family::default(),
            sent: Family::default(),
            failed: Family::default(),
            reloads: Family::default(),
            refused_change: Family::default(),
            webhooks: Family::default(),
            outgoing: Family::default(),
            copies: Family::default(),
            behind: Family::default(),
            registry: Registry::default(),
        };
        registry.register("http_answers", "Requests that were answered", meters.answers.clone());
        registry.register("http_seconds", "How long answers took", meters.seconds.clone());
        registry.register("logins_refused", "Logins that failed", meters.refused.clone());
        registry.register("client_at_work", "1 where the client's playbook is at work", meters.at_work.clone());
        registry.register("open_questions", "Questions that wait for people", meters.questions.clone());
        registry.register("log_entries", "Entries written to the log", meters.entries.clone());
        registry.register("messages_sent", "Messages that went out", meters.sent.clone());
        registry.register("port_failures", "Runs of ports that failed", meters.failed.clone());
        registry.register("playbook_reloads", "Changed playbooks, taken or refused", meters.reloads.clone());
        registry.register(
            "refused_change",
            "1 where the client's playbook was changed and the change is not taken",
            meters.refused_change.clone(),
        );
        registry.register("webhooks", "Webhooks that came in, by what became of them", meters.webhooks.clone());
        registry.register(
            "webhooks_out",
            "Tries of webhooks that go out, by what came of them",
            meters.outgoing.clone(),
        );
        registry.register("backups", "Copies of CRMs, taken or failed", meters.copies.clone());
        registry.register("work_seconds", "How long the last look at all that is due took", meters.behind.clone());
        meters.registry = registry;
        meters
    }
}

impl Meters {
    pub(crate) fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let answer = Answer { method: method.to_owned(), route: route.to_owned(), status };
        self.answers.get_or_create(&answer).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    pub(crate) fn login_refused(&self) {
        self.refused.inc();
    }

    pub(crate) fn at_work(&self, client: &str, is: bool) {
        self.at_work.get_or_create(&of(client)).set(i64::from(is));
    }

    pub(crate) fn worked(&self, client: &str, worked: &runtime::runner::Worked, open: usize, took: Duration) {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        self.entries.get_or_create(&of(client)).inc_by(count(worked.entries));
        self.sent.get_or_create(&of(client)).inc_by(count(worked.sent));
        self.failed.get_or_create(&of(client)).inc_by(count(worked.failed));
        self.questions.get_or_create(&of(client)).set(i64::try_from(open).unwrap_or(i64::MAX));
        self.behind.get_or_create(&of(client)).set(took.as_secs_f64());
    }

    pub(crate) fn reloaded(&self, client: &str, how: &'static str) {
        self.reloads.get_or_create(&OfHow { client: client.to_owned(), how }).inc();
    }

    pub(crate) fn refused_change(&self, client: &str, is: bool) {
        self.refused_change.get_or_create(&of(client)).set(i64::from(is));
    }

    pub(crate) fn hooked(&self, client: &str, how: &'static str) {
        self.webhooks.get_or_create(&OfHow { client: client.to_owned(), how }).inc();
    }

    pub(crate) fn sent_out(&self, client: &str, how: &'static str) {
        self.outgoing.get_or_create(&OfHow { client: client.to_owned(), how }).inc();
    }

    pub(crate) fn copied(&self, client: &str, how: &'static str) {
        self.copies.get_or_create(&OfHow { client: client.to_owned(), how }).inc();
    }

    /// All of them as Prometheus reads them.
    pub(crate) fn page(&self) -> String {
        let mut page = String::new();
        // A string takes whatever is written to it.
        let _ = text::encode(&mut page, &self.registry);
        page
    }
}

fn of(client: &str) -> Of {
    Of { client: client.to_owned() }
}
