//! What is wrong in a `ports.toml`, and where: for whoever checks the file on a machine that has none of its secrets.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use jiff::tz::TimeZone;
use toml::de::DeTable;

use super::config::{ConfigError, Ports, Surroundings, misread};

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// What, in one line.
    pub what: String,
    /// Where in the text, in bytes; the beginning where it is nowhere in particular.
    pub place: Range<usize>,
}

/// The first thing that is wrong in the file's text; none where it would do, once the environment has what it names.
#[must_use]
pub fn flaw(text: &str, client: &Path) -> Option<Flaw> {
    let set = |_: &str| Some("set".to_owned());
    let around = Surroundings { client, environment: &set, zone: TimeZone::UTC, spent: BTreeMap::new() };
    let error = Ports::read(text, around).err()?;
    let place = match &error {
        ConfigError::Unreadable(_) => misread(text),
        ConfigError::Wrong { setting, .. } | ConfigError::NoSecret { setting, .. } => written(text, setting),
    };
    let what = match error {
        ConfigError::Unreadable(why) => why.split_once(": ").map_or(why.clone(), |(_, what)| what.replace('\n', "; ")),
        ConfigError::Wrong { setting, why } => format!("`{setting}`: {why}"),
        ConfigError::NoSecret { .. } => error.to_string(),
    };
    Some(Flaw { what, place: place.unwrap_or(0..0) })
}

/// Where a setting such as `mail.smtp.port` is written; the nearest table around it where it is left out.
fn written(text: &str, setting: &str) -> Option<Range<usize>> {
    let document = DeTable::parse(text).ok()?;
    let mut table = document.get_ref();
    let mut place = None;
    for name in setting.split('.') {
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == name) else { break };
        place = Some(key.span());
        let Some(inner) = value.get_ref().as_table() else { break };
        table = inner;
    }
    place
}
