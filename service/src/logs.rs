//! What the service writes about itself: a line for each thing that happened, as text or JSON, on stderr. No line has anything of a person:
//! clients, routes, numbers and kinds of errors are all that it names.

use tracing::level_filters::LevelFilter;

use crate::config::{Level, Log, LogFormat};

/// Begins to write. Only the first call of a process counts.
pub(crate) fn begin(log: Log) {
    let level = match log.level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
    };
    let lines = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .with_target(false)
        .with_writer(std::io::stderr);
    // Where somebody else writes already, as in a process with several services, that stands.
    let _ = match log.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
}
