//! Sources: what a file fills, what it reports, and its settings. Its columns are in `mapping.rs`.

use language::Span;
use language::syntax::{self, CalendarDate, Path, SourceClause, Text};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::recorded::Named;
use crate::codes::sources::{
    bad_encoding, bad_separator, column_without_name, key_not_filled, period_backwards, source_setting_twice,
    unknown_format, unknown_target,
};
use crate::modules::Declared;
use crate::program::{EntityId, EventId, FieldId, FileId, Mapping, MappingTarget, Report, Source, Target, Type};

/// What a source fills, while its columns are resolved.
#[derive(Clone, Debug)]
pub(super) enum Into {
    Records {
        entity: EntityId,
        existing: bool,
    },
    Event(EventId),
    /// Any of these, as the column of `name` says; all events where it says so by their own names.
    Events(Vec<EventId>),
}

/// A source while it is resolved.
pub(super) struct Reading<'s> {
    pub(super) declared: &'s Declared,
    pub(super) source: &'s syntax::Source,
    pub(super) into: Into,
}

impl Lowering<'_> {
    pub(super) fn source(&mut self, declared: &Declared, source: &syntax::Source) {
        let file = declared.file;
        if source.format.text != "csv" {
            self.report(unknown_format::diagnostic(file, &source.format));
        }
        let into = self.into(file, source);
        let mut lowered = Source {
            name: source.name.dotted(),
            files: source.files.iter().map(|text| text.value.clone()).collect(),
            signature: Vec::new(),
            target: Target::Events { event: None, keyed: false },
            reports: Vec::new(),
            missing: Vec::new(),
            decimal_comma: false,
            separator: None,
            encoding: None,
            mappings: Vec::new(),
            preset: self.modules.is_standard(file),
            origin: self.origin(file, source.name.span),
        };
        self.settings(declared, source, &mut lowered);
        // Without a target nothing can be said about its columns.
        let Some(into) = into else { return };
        let reading = Reading { declared, source, into };
        lowered.mappings = self.mappings(&reading);
        let Some(target) = self.target(&reading, &lowered.mappings) else { return };
        lowered.target = target;
        self.said.sources.push(lowered);
    }

    fn into(&mut self, file: FileId, source: &syntax::Source) -> Option<Into> {
        let existing = source.existing;
        let events = match source.into.parts.as_slice() {
            [name] => {
                if let Some(entity) = self.names.entities.get(&name.text) {
                    self.note(file, name.span, Named::Entity(*entity));
                    return Some(Into::Records { entity: *entity, existing });
                }
                if name.text != "Event" {
                    if !self.names.perhaps(&name.text) {
                        let known: Vec<String> =
                            self.program.entities.iter().map(|entity| entity.name.to_string()).collect();
                        self.report(unknown_target::diagnostic(file, name, &known));
                    }
                    return None;
                }
                Into::Events(self.events_meant(source))
            }
            _ => Into::Event(self.event(file, &source.into)?),
        };
        if existing {
            self.report(unknown_target::existing_events(file, source.into.span, self.text(file, source.into.span)));
        }
        Some(events)
    }

    /// The events that the column of `name` gives other words for.
    fn events_meant(&self, source: &syntax::Source) -> Vec<EventId> {
        let names = source.clauses.iter().filter_map(|clause| match clause {
            SourceClause::Field(field) if field.target.dotted() == "name" => Some(field),
            _ => None,
        });
        let meanings = names.flat_map(|field| &field.conversions).filter_map(|conversion| match conversion {
            syntax::Conversion::Means { meaning, .. } => self.names.events.get(&meaning.dotted()).copied(),
            _ => None,
        });
        meanings.collect()
    }

    fn settings(&mut self, declared: &Declared, source: &syntax::Source, lowered: &mut Source) {
        let mut said: FxHashMap<&'static str, (FileId, Span)> = FxHashMap::default();
        for (index, clause) in source.clauses.iter().enumerate() {
            let file = declared.member_file(index);
            let once = match clause {
                SourceClause::Signature(texts) => texts.first().map(|text| ("signature", text.span)),
                SourceClause::DecimalComma(span) => Some(("decimal comma", *span)),
                SourceClause::Separator(text) => Some(("separator", text.span)),
                SourceClause::Encoding(text) => Some(("encoding", text.span)),
                SourceClause::Reports { .. } | SourceClause::Missing(_) | SourceClause::Field(_) => None,
            };
            if let Some((what, span)) = once {
                if let Some(first) = said.get(what) {
                    self.report(source_setting_twice::diagnostic(file, what, span, *first));
                    continue;
                }
                said.insert(what, (file, span));
            }
            match clause {
                SourceClause::Signature(texts) => lowered.signature = self.headers(file, texts),
                SourceClause::Missing(texts) => lowered.missing.extend(texts.iter().map(|text| text.value.clone())),
                SourceClause::DecimalComma(_) => lowered.decimal_comma = true,
                SourceClause::Separator(text) => lowered.separator = self.separator(file, text),
                SourceClause::Encoding(text) => lowered.encoding = self.encoding(file, text),
                SourceClause::Reports { events, since, until, span } => {
                    let reports = self.reports(file, events, *since, *until, *span);
                    lowered.reports.extend(reports);
                }
                SourceClause::Field(_) => {}
            }
        }
    }

    pub(super) fn headers(&mut self, file: FileId, texts: &[Text]) -> Vec<SmolStr> {
        for text in texts.iter().filter(|text| text.value.trim().is_empty()) {
            self.report(column_without_name::diagnostic(file, text.span));
        }
        texts.iter().map(|text| text.value.clone()).collect()
    }

    fn separator(&mut self, file: FileId, text: &Text) -> Option<char> {
        let mut characters = text.value.chars();
        match (characters.next(), characters.next()) {
            // Quotes and line ends have their own meaning in the format; one byte is what its readers split at.
            (Some(only), None) if only.is_ascii() && !matches!(only, '"' | '\r' | '\n') => Some(only),
            _ => {
                self.report(bad_separator::diagnostic(file, text));
                None
            }
        }
    }

    fn encoding(&mut self, file: FileId, text: &Text) -> Option<SmolStr> {
        let found = encoding_rs::Encoding::for_label(text.value.as_bytes());
        if found.is_none() {
            self.report(bad_encoding::diagnostic(file, text));
        }
        found.map(|encoding| encoding.name().to_ascii_lowercase().into())
    }

    fn reports(
        &mut self,
        file: FileId,
        events: &[Path],
        since: CalendarDate,
        until: Option<CalendarDate>,
        span: Span,
    ) -> Vec<Report> {
        let places = (since.span, until.map(|until| until.span));
        let since = self.date(file, since);
        let until = match until {
            Some(date) => self.date(file, date).map(Some),
            None => Some(None),
        };
        let mut found = Vec::with_capacity(events.len());
        for path in events {
            if path.dotted() == "conversation" {
                found.push(None);
            } else if let Some(event) = self.event(file, path) {
                found.push(Some(event));
            }
        }
        let (Some(since), Some(until)) = (since, until) else { return Vec::new() };
        if until.is_some_and(|until| until < since) {
            self.report(period_backwards::diagnostic(file, span, places));
            return Vec::new();
        }
        found.into_iter().map(|event| Report { event, since, until }).collect()
    }

    /// What it fills, with its key.
    fn target(&mut self, reading: &Reading<'_>, mappings: &[Mapping]) -> Option<Target> {
        let file = reading.declared.file;
        match &reading.into {
            Into::Records { entity, existing } => {
                let key = match &reading.source.key {
                    Some(path) => Some(self.key(reading, *entity, path, mappings)?),
                    None => None,
                };
                if *existing && key.is_none() {
                    self.report(key_not_filled::existing(file, reading.source.into.span));
                }
                Some(Target::Records { entity: *entity, key, existing: *existing })
            }
            Into::Event(_) | Into::Events(_) => {
                let mapped = mappings.iter().any(|mapping| mapping.target == MappingTarget::EventExternalId);
                if let Some(key) = &reading.source.key {
                    let known = key.dotted() == "external_id";
                    if !known {
                        self.report(key_not_filled::event(file, key));
                    } else if !mapped && !reading.declared.declaration.broken {
                        self.report(key_not_filled::diagnostic(file, key));
                    }
                }
                let event = match &reading.into {
                    Into::Event(event) => Some(*event),
                    Into::Records { .. } | Into::Events(_) => None,
                };
                Some(Target::Events { event, keyed: mapped })
            }
        }
    }

    fn key(&mut self, reading: &Reading<'_>, entity: EntityId, path: &Path, mappings: &[Mapping]) -> Option<FieldId> {
        let file = reading.declared.file;
        let Some(field) = self.names.field(entity, &path.dotted()) else {
            self.report_unknown_field(file, path, entity);
            return None;
        };
        self.note(file, path.span, Named::Field(entity, field));
        let ty = self.program.entities.get(entity.index())?.fields.get(field.index())?.ty.clone();
        if !matches!(ty, Type::Text | Type::Number) {
            self.report(key_not_filled::not_a_key(file, path, &super::operand::kind_of(&ty)));
            return None;
        }
        let filled = mappings.iter().any(|mapping| mapping.target == MappingTarget::Field(field));
        let tried = reading.source.clauses.iter().any(|clause| match clause {
            SourceClause::Field(mapping) => mapping.target.dotted() == path.dotted(),
            _ => false,
        });
        if !filled && !tried && !reading.declared.declaration.broken {
            self.report(key_not_filled::diagnostic(file, path));
        }
        Some(field)
    }
}
