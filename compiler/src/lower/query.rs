//! Which events are meant: their kinds, the filter over their facts, and the window.

use language::Span;
use language::syntax::{self, DurationUnit, Path};

use super::Lowering;
use super::literal::seconds_of;
use super::recorded::Named;
use super::scope::{DEEPEST, Scope};
use crate::codes::names::ambiguous_name;
use crate::codes::types::{only_event_facts, too_involved, whole_number, wrong_aggregate};
use crate::program::{EventId, EventQuery, FileId, Fixed, Window};

/// No window reaches further back: about a thousand years.
const LONGEST_WINDOW: i64 = 1000 * 366 * 24 * 60 * 60;

impl Lowering<'_> {
    /// A query whose paths are events.
    pub(super) fn query(&mut self, query: &syntax::EventQuery, scope: Scope<'_>) -> Option<EventQuery> {
        let found: Vec<Option<EventId>> = query.events.iter().map(|path| self.event(scope.file, path)).collect();
        let whole = found.iter().all(Option::is_some);
        let mut events: Vec<EventId> = Vec::with_capacity(found.len());
        for event in found.into_iter().flatten() {
            if !events.contains(&event) {
                events.push(event);
            }
        }
        let rest = self.filter_and_window(query, &events, whole, scope);
        if whole { rest } else { None }
    }

    /// A query over events that are resolved already. Its filter is silent where some are not.
    pub(super) fn filter_and_window(
        &mut self,
        query: &syntax::EventQuery,
        events: &[EventId],
        whole: bool,
        scope: Scope<'_>,
    ) -> Option<EventQuery> {
        if scope.events.is_some() {
            self.report(only_event_facts::events(scope.file, query.span));
            return None;
        }
        if scope.depth >= DEEPEST {
            self.report(too_involved::nested(scope.file, query.span));
            return None;
        }
        let mut complete = true;
        let filter = match (&query.filter, whole) {
            (Some(filter), true) => {
                let filter = self.condition(filter, scope.deeper().inside(events));
                complete &= filter.is_some();
                filter.map(Box::new)
            }
            _ => None,
        };
        let window = match (&query.window, scope.window) {
            (Some(window), _) => {
                let window = self.window(scope.file, window);
                complete &= window.is_some();
                window
            }
            (None, inherited) => {
                if let (Some(taken), Some(_)) = (scope.window_taken, inherited) {
                    taken.set(true);
                }
                inherited
            }
        };
        complete.then(|| EventQuery { events: events.to_vec(), filter, window })
    }

    /// The event of that name; reported where there is none.
    pub(super) fn event(&mut self, file: FileId, path: &Path) -> Option<EventId> {
        let found = match path.parts.as_slice() {
            [first, second] => {
                let mut name = String::with_capacity(first.text.len() + second.text.len() + 1);
                name.push_str(&first.text);
                name.push('.');
                name.push_str(&second.text);
                self.names.events.get(name.as_str()).copied()
            }
            _ => self.names.events.get(&path.dotted()).copied(),
        };
        match found {
            Some(event) => self.note(file, path.span, Named::Event(event)),
            None => self.report_unknown_event(file, path),
        }
        found
    }

    /// An event and the place of one of its facts, from `reply.received.delay` or, short, `reply.delay`.
    pub(super) fn event_and_fact(&mut self, file: FileId, path: &Path) -> Option<(EventId, usize)> {
        if self.names.events.contains_key(&path.dotted()) {
            let known = self.facts_of(&path.dotted());
            self.report(wrong_aggregate::which_fact(file, path, &known));
            return None;
        }
        if let Some((event, fact)) = path.parts.split_at_checked(2).filter(|(_, fact)| !fact.is_empty()) {
            let name = super::path::dotted(event);
            if let Some(event) = self.names.events.get(&name).copied() {
                return self.fact_place(file, path, event, &super::path::dotted(fact));
            }
        }
        let [word, rest @ ..] = path.parts.as_slice() else { return None };
        let fact = super::path::dotted(rest);
        let events = self.names.events_by_word.get(&word.text).cloned().unwrap_or_default();
        let having: Vec<(EventId, usize)> = events
            .iter()
            .filter_map(|event| {
                let fields = &self.program.events.get(event.index())?.fields;
                Some((*event, fields.iter().position(|field| field.name == fact)?))
            })
            .collect();
        match (having.as_slice(), events.as_slice()) {
            ([only], _) => Some(*only),
            ([], [event]) => self.fact_place(file, path, *event, &fact),
            ([], _) if events.iter().any(|event| self.names.incomplete_events.contains(event)) => None,
            ([], _) => {
                self.report_unknown_event(file, path);
                None
            }
            (several, _) => {
                let names: Vec<String> = several
                    .iter()
                    .filter_map(|(event, _)| Some(self.program.events.get(event.index())?.name.to_string()))
                    .collect();
                self.report(ambiguous_name::event_fact(file, path, &fact, &names));
                None
            }
        }
    }

    fn fact_place(&mut self, file: FileId, path: &Path, event: EventId, fact: &str) -> Option<(EventId, usize)> {
        let found = self.program.events.get(event.index())?;
        if let Some(place) = found.fields.iter().position(|field| field.name == fact) {
            return Some((event, place));
        }
        if !self.names.incomplete_events.contains(&event) {
            let known: Vec<String> = found.fields.iter().map(|field| field.name.to_string()).collect();
            let name = found.name.clone();
            self.report(wrong_aggregate::no_such_fact(file, path, &name, fact, &known));
        }
        None
    }

    fn facts_of(&self, event: &str) -> Vec<String> {
        let event = self.names.events.get(event).and_then(|event| self.program.events.get(event.index()));
        event.map(|event| event.fields.iter().map(|field| field.name.to_string()).collect()).unwrap_or_default()
    }

    /// `in the last 30 days`; reported where nobody can look back so.
    pub(super) fn window(&mut self, file: FileId, window: &syntax::Window) -> Option<Window> {
        self.span_of_time(file, window.duration)
    }

    /// A duration as a window: a positive whole number of a unit.
    pub(super) fn span_of_time(&mut self, file: FileId, duration: syntax::DurationLiteral) -> Option<Window> {
        let seconds = match duration.unit {
            DurationUnit::Month => 31 * 24 * 60 * 60,
            DurationUnit::Year => 366 * 24 * 60 * 60,
            unit => seconds_of(unit).unwrap_or(1),
        };
        let business_of_more = matches!(duration.unit, DurationUnit::Week | DurationUnit::Month | DurationUnit::Year);
        if duration.business && business_of_more {
            self.report(whole_number::business(file, &duration));
            return None;
        }
        let longest = u32::try_from(LONGEST_WINDOW / seconds).unwrap_or(u32::MAX);
        let amount = self.whole(file, duration.amount, duration.span, 1, longest)?;
        Some(Window { amount, unit: duration.unit, business: duration.business })
    }

    /// A whole number within bounds; reported where it is none.
    pub(super) fn whole(&mut self, file: FileId, value: Fixed, span: Span, least: u32, most: u32) -> Option<u32> {
        let whole = (value.0 % language::SCALE == 0).then_some(value.0 / language::SCALE);
        let found = whole.and_then(|whole| u32::try_from(whole).ok()).filter(|whole| (least..=most).contains(whole));
        if found.is_none() {
            self.report(whole_number::diagnostic(file, span, value, least, most));
        }
        found
    }
}
