//! The CRM's numbers of events, and the condition that lets through no more rows than somebody looks at.
//!
//! It knows neither records nor scores: which events are wanted, and since when, it is told.

use std::collections::BTreeMap;

use compiler::program::{EventId, Program};

use super::super::{Crm, Needs};

/// Which number of the CRM is which event of the Program. The numbers are few and begin at 1.
pub(super) struct Kinds {
    by_number: Vec<Option<EventId>>,
}

impl Crm {
    pub(super) fn kinds(&self, program: &Program) -> rusqlite::Result<Kinds> {
        let mut statement = self.connection.prepare("SELECT id, name FROM event_kind")?;
        let mut rows = statement.query([])?;
        let mut kinds = Kinds { by_number: Vec::new() };
        while let Some(row) = rows.next()? {
            let (number, name): (i64, String) = (row.get(0)?, row.get(1)?);
            let Ok(number) = usize::try_from(number) else { continue };
            if kinds.by_number.len() <= number {
                kinds.by_number.resize(number + 1, None);
            }
            if let Some(place) = kinds.by_number.get_mut(number) {
                *place = program.event(&name);
            }
        }
        Ok(kinds)
    }
}

impl Kinds {
    pub(super) fn event(&self, number: i64) -> Option<EventId> {
        self.by_number.get(usize::try_from(number).ok()?).copied().flatten()
    }

    /// A condition on the event `x` for those that are wanted.
    ///
    /// A row costs several times as much to hand over as to pass by, and most of a long history is older than any window: the
    /// widest window is asked first, the narrower ones inside it.
    pub(super) fn wanted(&self, needs: &Needs) -> String {
        let mut windows: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (number, event) in self.by_number.iter().enumerate() {
            if let Some(event) = event.filter(|event| needs.events.contains(event)) {
                windows.entry(needs.after.get(&event).copied().unwrap_or(i64::MIN)).or_default().push(number);
            }
        }
        let mut condition: Option<String> = None;
        for (after, numbers) in windows.into_iter().rev() {
            let inside = match condition {
                None => self.one_of(&numbers),
                Some(narrower) => format!("({} OR {narrower})", self.one_of(&numbers)),
            };
            condition = Some(if after == i64::MIN { inside } else { format!("(x.at > {after} AND {inside})") });
        }
        condition.unwrap_or_else(|| "0".into())
    }

    fn one_of(&self, numbers: &[usize]) -> String {
        if numbers.len() + 1 == self.by_number.len() {
            return "1".into();
        }
        if self.by_number.len() <= 63 {
            // A shift is a third of the price of looking a row up in a list.
            let mask = numbers.iter().fold(0_i64, |mask, number| mask | 1 << number);
            return format!("({mask} >> x.kind) & 1");
        }
        let list: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        format!("x.kind IN ({})", list.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(kinds: usize, after: &[(u32, i64)]) -> String {
        let by_number = std::iter::once(None).chain((0..kinds).map(|kind| Some(EventId(kind as u32)))).collect();
        let events = after.iter().map(|(event, _)| EventId(*event)).collect();
        let after = after.iter().filter(|(_, after)| *after != 0).map(|(event, after)| (EventId(*event), *after));
        Kinds { by_number }.wanted(&Needs { events, after: after.collect(), ..Needs::default() })
    }

    #[test]
    fn the_widest_window_is_asked_first() {
        assert_eq!(condition(3, &[(0, 0), (1, 0), (2, 0)]), "1");
        assert_eq!(condition(3, &[]), "0");
        assert_eq!(condition(3, &[(0, 0), (2, 0)]), "(10 >> x.kind) & 1");
        assert_eq!(condition(3, &[(0, 5), (1, 5), (2, 5)]), "(x.at > 5 AND 1)");
        assert_eq!(
            condition(4, &[(0, 9), (1, 5), (2, 0)]),
            "((8 >> x.kind) & 1 OR (x.at > 5 AND ((4 >> x.kind) & 1 OR (x.at > 9 AND (2 >> x.kind) & 1))))"
        );
        assert_eq!(condition(70, &[(0, 0), (68, 7)]), "(x.kind IN (1) OR (x.at > 7 AND x.kind IN (69)))");
    }
}
