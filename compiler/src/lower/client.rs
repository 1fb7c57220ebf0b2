//! The client's settings: currency, time zone, business hours, holidays, people.

use jiff::civil::{Date, Time};
use language::Span;
use language::syntax::{CalendarDate, ClientClause, ClockTime, Name, Text};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use crate::codes::client::{bad_hours, setting_twice, unknown_currency, unknown_timezone};
use crate::codes::types::no_such_day;
use crate::program::{FileId, Hours};

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Lowering<'_> {
    pub(super) fn client(&mut self) {
        let Some((declared, client)) = self.modules.client() else {
            self.currency = Some(self.program.client.currency.clone());
            return;
        };
        let file = declared.file;
        self.program.client.name = client.name.value.clone();
        let mut said: FxHashMap<&'static str, Span> = FxHashMap::default();
        let mut currency_said = declared.declaration.broken;
        for clause in &client.clauses {
            let (what, span) = match clause {
                ClientClause::Currency(name) => ("currency", name.span),
                ClientClause::Timezone(text) => ("timezone", text.span),
                ClientClause::Hours { span, .. } => ("hours", *span),
                ClientClause::Holidays(_) | ClientClause::People(_) | ClientClause::Allow { .. } => {
                    ("", client.name.span)
                }
            };
            if !what.is_empty() {
                if let Some(first) = said.get(what) {
                    self.report(setting_twice::diagnostic(file, what, span, *first));
                    continue;
                }
                said.insert(what, span);
            }
            match clause {
                ClientClause::Currency(name) => {
                    currency_said = true;
                    self.currency(file, name);
                }
                ClientClause::Timezone(text) => self.timezone(file, text),
                ClientClause::Hours { days, times, span } => self.hours(file, days, *times, *span),
                ClientClause::Holidays(dates) => self.holidays(file, dates),
                ClientClause::People(people) => self.people(file, people),
                ClientClause::Allow { .. } => {}
            }
        }
        if !currency_said {
            self.currency = Some(self.program.client.currency.clone());
        }
    }

    fn currency(&mut self, file: FileId, name: &Name) {
        if iso_currency::Currency::from_code(&name.text).is_some() {
            self.program.client.currency = name.text.clone();
            self.currency = Some(name.text.clone());
        } else {
            self.report(unknown_currency::diagnostic(file, name));
        }
    }

    fn timezone(&mut self, file: FileId, text: &Text) {
        let zones = jiff::tz::TimeZoneDatabase::bundled();
        // The database ignores case; a Program names a zone as the database does.
        let known = zones.get(&text.value).ok();
        match known.and_then(|zone| Some((SmolStr::new(zone.iana_name()?), zone))) {
            Some((name, zone)) => {
                self.program.client.timezone = name;
                self.zone = zone;
            }
            None => {
                let names: Vec<String> = zones.available().map(|zone| zone.as_str().to_owned()).collect();
                self.report(unknown_timezone::diagnostic(file, text, &names));
            }
        }
    }

    fn hours(&mut self, file: FileId, days: &(Name, Name), times: (ClockTime, ClockTime), span: Span) {
        let Some(open) = self.weekdays(file, days) else { return };
        let (Some(from), Some(to)) = (self.clock(file, times.0), self.clock(file, times.1)) else { return };
        if from >= to {
            self.report(bad_hours::backwards(file, span, times.0.span, times.1.span));
            return;
        }
        self.program.client.hours = Hours { days: open, from, to };
    }

    /// The days from one to the other, monday first; reported where one is none.
    pub(super) fn weekdays(&mut self, file: FileId, days: &(Name, Name)) -> Option<[bool; 7]> {
        let mut place = [0, 0];
        for (place, name) in place.iter_mut().zip([&days.0, &days.1]) {
            let Some(index) = WEEKDAYS.iter().position(|day| *day == name.text) else {
                self.report(bad_hours::weekday(file, name, &WEEKDAYS));
                return None;
            };
            *place = index;
        }
        let [first, last] = place;
        let mut open = [false; 7];
        for (day, open) in open.iter_mut().enumerate() {
            // `fri to mon` goes over the week's end.
            *open = if first <= last { (first..=last).contains(&day) } else { day >= first || day <= last };
        }
        Some(open)
    }

    fn holidays(&mut self, file: FileId, dates: &[CalendarDate]) {
        let days: Vec<Date> = dates.iter().filter_map(|date| self.date(file, *date)).collect();
        let holidays = &mut self.program.client.holidays;
        holidays.extend(days);
        holidays.sort();
        holidays.dedup();
    }

    fn people(&mut self, file: FileId, people: &[(Name, Text)]) {
        let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
        for (role, title) in people {
            if let Some(first) = seen.get(role.text.as_str()) {
                self.report(setting_twice::diagnostic(file, &role.text, role.span, *first));
                continue;
            }
            seen.insert(&role.text, role.span);
            self.program.client.people.push((role.text.clone(), title.value.clone()));
        }
    }

    /// A day of the calendar; reported where there is none.
    pub(super) fn date(&mut self, file: FileId, date: CalendarDate) -> Option<Date> {
        let day = i8::try_from(date.day).ok().zip(i8::try_from(date.month).ok());
        let found =
            day.and_then(|(day, month)| Date::new(date.year, month, day).ok()).filter(|date| date.year() >= 1900);
        if found.is_none() {
            self.report(no_such_day::date(file, date));
        }
        found
    }

    /// A time of the day; reported where there is none.
    pub(super) fn clock(&mut self, file: FileId, time: ClockTime) -> Option<Time> {
        let parts = i8::try_from(time.hour).ok().zip(i8::try_from(time.minute).ok());
        let found = parts.and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
        if found.is_none() {
            self.report(no_such_day::clock(file, time));
        }
        found
    }
}
