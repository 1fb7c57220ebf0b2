//! What the service writes about itself: a line for each thing that happened, as text or JSON, on stderr. No line has anything of a person:
//! clients, routes, numbers and kinds of errors are all that it names.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Level, Log, LogFormat};
use crate::traces::Listener;

/// Begins to write, and to tell spans to whoever listens to them. Only the first call of a process counts.
pub(crate) fn begin(log: Log, listener: Option<Listener>) {
    let level = match log.level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
    };
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_target(false).with_writer(std::io::stderr);
    let lines = match log.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed(),
    };
    // Spans are none of its lines, so that without a listener nobody makes any.
    let lines = lines
        .with_filter(filter_fn(move |about| about.is_event() && *about.level() <= level).with_max_level_hint(level));
    // Where somebody else writes already, as in a process with several services, that stands.
    let _ = tracing_subscriber::registry().with(listener).with(lines).try_init();
}
