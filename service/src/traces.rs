//! Spans of OpenTelemetry, told to a collector by OTLP where the configuration names one: requests, what they order of a client's desk, its
//! work, and the ports that it calls (`runtime::agents`). Routes, states and verbs are all that they name, beside the client; no span has
//! anything of a person. Where no collector is named nobody is interested in spans, and none is made.
//!
//! Ids of spans and their instants are drawn and read by the library: they decide nothing, and nobody keeps them here.

mod collector;

use std::time::Duration;

use axum::extract::Request;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, Span as SdkSpan, SpanData, SpanProcessor,
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::Registry;

use crate::config::Traces as Settings;
use crate::surroundings::Surroundings;

/// By which the spans of this project are told from those of others, which nobody is told.
use runtime::agents::TRACED as TARGET;

/// So long the last spans may take to leave once the service has stopped.
const LAST: Duration = Duration::from_secs(2);
/// So often spans leave.
const EVERY: Duration = Duration::from_secs(1);
/// So many wait to leave; more are lost, and nobody waits for them.
const QUEUE: usize = 4096;
/// The field of work at which nothing was to be done.
const IDLE: &str = "playbook.idle";

/// What listens to spans.
pub(crate) type Listener = Box<dyn Layer<Registry> + Send + Sync>;

/// Spans on their way to a collector.
pub(crate) struct Traces(SdkTracerProvider);

/// Why no spans can be told.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    /// The variable with the headers.
    #[error(
        "`traces.headers_env` names `{0}`, which is not set, or holds no `name=value`; set it or leave the setting out"
    )]
    Headers(String),
    /// The system gives no client of HTTP, or no thread.
    #[error("spans cannot be told: the system gives no client of HTTP, or no thread for it")]
    System,
}

impl Traces {
    /// Begins to tell spans, by a runtime that goes on until the last of them has left.
    ///
    /// # Errors
    /// Where the headers are not there, or the system gives no client of HTTP.
    pub(crate) fn begin(
        settings: &Settings,
        surroundings: &Surroundings,
        on: &tokio::runtime::Handle,
    ) -> Result<Self, TracesError> {
        let exporter = collector::exporter(settings, surroundings, on)?;
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(QUEUE)
            .with_scheduled_delay(EVERY)
            .with_max_export_batch_size(QUEUE / 8)
            .build();
        let batches = BatchSpanProcessor::builder(exporter).with_batch_config(batches).build();
        let resource = Resource::builder_empty()
            .with_service_name("playbook")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(settings.share))))
            .with_span_processor(NotIdle(batches))
            .build();
        Ok(Self(provider))
    }

    /// What listens to spans: to ours, without where in the source and on which thread they were made, and to no line of the log.
    pub(crate) fn listener(&self) -> Listener {
        let layer = tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("playbook"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_level(false)
            .with_tracked_inactivity(false);
        Box::new(layer.with_filter(filter_fn(|about| about.is_span() && about.target() == TARGET)))
    }

    /// Lets the last ones leave, and no longer than that.
    pub(crate) fn end(self) {
        if self.0.shutdown_with_timeout(LAST).is_err() {
            tracing::warn!("the last spans did not reach the collector");
        }
    }
}

/// A client is looked at again and again: work at which nothing was to be done is told to nobody.
#[derive(Debug)]
struct NotIdle(BatchSpanProcessor);

impl SpanProcessor for NotIdle {
    fn on_start(&self, span: &mut SdkSpan, context: &Context) {
        self.0.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        if !span.attributes.iter().any(|attribute| attribute.key.as_str() == IDLE) {
            self.0.on_end(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

/// A request, under the span that it says it comes from.
pub(crate) fn request(request: &Request, route: Option<&str>) -> Span {
    let method = match request.method().as_str() {
        known @ ("GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "OPTIONS" | "PATCH") => known,
        // Whoever asks may call it as they like.
        _ => "_OTHER",
    };
    let route = route.unwrap_or("none");
    let span = tracing::info_span!(
        target: TARGET, "request",
        otel.name = format!("{method} {route}"), otel.kind = "server", otel.status_code = tracing::field::Empty,
        http.request.method = method, http.route = route, http.response.status_code = tracing::field::Empty,
    );
    if !span.is_disabled() {
        let parent = TraceContextPropagator::new().extract(&HeaderExtractor(request.headers()));
        if parent.span().span_context().is_valid() {
            // Where nobody listens any more there is no parent to be set.
            let _ = span.set_parent(parent);
        }
    }
    span
}

/// How it was answered.
pub(crate) fn answered(span: &Span, status: u16) {
    span.record("http.response.status_code", i64::from(status));
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// What a request orders of a client's desk, from the order to its end; of what nobody has asked for nothing is told.
pub(crate) fn order(client: &str) -> Span {
    if Span::current().is_none() {
        return Span::none();
    }
    tracing::info_span!(target: TARGET, "order", playbook.client = client)
}

/// A client's work.
pub(crate) fn work(client: &str) -> Span {
    tracing::info_span!(
        target: TARGET, parent: None, "work",
        playbook.client = client, playbook.entries = tracing::field::Empty, playbook.sent = tracing::field::Empty,
        playbook.failed = tracing::field::Empty, playbook.idle = tracing::field::Empty,
    )
}

/// What was done.
pub(crate) fn worked(span: &Span, worked: &runtime::runner::Worked) {
    let count = |many: usize| i64::try_from(many).unwrap_or(i64::MAX);
    if worked.entries == 0 && worked.work == 0 && worked.sent == 0 && worked.failed == 0 {
        span.record(IDLE, true);
        return;
    }
    span.record("playbook.entries", count(worked.entries));
    span.record("playbook.sent", count(worked.sent));
    span.record("playbook.failed", count(worked.failed));
}
