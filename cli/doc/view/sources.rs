//! Where the facts come from, and what each source reports.

use std::collections::BTreeMap;

use compiler::program::{FieldId, MappingTarget, Source as Program, Target};
use serde::Serialize;
use smol_str::SmolStr;

use super::{Mark, mark};
use crate::doc::words::{Words, plain};

/// All sources.
#[derive(Debug, Serialize)]
pub(super) struct Sources {
    own: Vec<Source>,
    /// Forms of files that are known by their columns, ready for whoever has one.
    presets: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Source {
    name: String,
    files: Vec<SmolStr>,
    fills: String,
    key: Option<String>,
    existing: bool,
    fields: Vec<String>,
    /// What happened, since when, until when.
    reports: Vec<Report>,
    mark: Mark,
}

#[derive(Debug, Serialize)]
struct Report {
    what: Vec<String>,
    since: String,
    until: Option<String>,
}

/// The client's own sources, and the names of the ready-made ones.
pub(super) fn sources(words: Words<'_>) -> Sources {
    let (presets, own): (Vec<&Program>, Vec<&Program>) = words.program.sources.iter().partition(|source| source.preset);
    Sources {
        own: own.into_iter().map(|source| view(words, source)).collect(),
        presets: presets.into_iter().map(|source| plain(&source.name)).collect(),
    }
}

fn view(words: Words<'_>, source: &Program) -> Source {
    let (fills, key, existing) = match &source.target {
        Target::Records { entity, key, existing } => {
            let fields = words.program.entities.get(entity.index()).map(|entity| &entity.fields);
            let key = key.and_then(|key: FieldId| fields?.get(key.index())).map(|field| plain(&field.name));
            (format!("{} records", words.entity(*entity)), key, *existing)
        }
        Target::Events { event: Some(event), .. } => (format!("“{}”", words.event(*event)), None, false),
        Target::Events { event: None, .. } => ("what happened".to_owned(), None, false),
    };
    let is_fact = |target: &MappingTarget| {
        matches!(
            target,
            MappingTarget::Field(_)
                | MappingTarget::Relation { .. }
                | MappingTarget::RelationField { .. }
                | MappingTarget::EventField(_)
        )
    };
    let mut by_time: BTreeMap<(jiff::civil::Date, Option<jiff::civil::Date>), Vec<String>> = BTreeMap::new();
    for report in &source.reports {
        let what = report.event.map_or_else(|| "conversations".to_owned(), |event| words.event(event));
        by_time.entry((report.since, report.until)).or_default().push(what);
    }
    let day = |day: jiff::civil::Date| day.strftime("%-d %B %Y").to_string();
    Source {
        name: plain(&source.name),
        files: source.files.clone(),
        fills,
        key,
        existing,
        fields: source
            .mappings
            .iter()
            .filter(|mapping| is_fact(&mapping.target))
            .map(|mapping| plain(&mapping.words))
            .collect(),
        reports: by_time
            .into_iter()
            .map(|((since, until), what)| Report { what, since: day(since), until: until.map(day) })
            .collect(),
        mark: mark(words, source.origin),
    }
}
