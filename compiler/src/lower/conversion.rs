//! What happens to a cell on its way into a field, and whether it fits what the field holds.

use language::Span;
use language::syntax::{self, DurationUnit, FieldMapping, Name, Path, Text};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::domain::words_of_type;
use super::literal::seconds_of;
use super::mapping::Slot;
use super::operand::kind_of;
use crate::codes::sources::{bad_pattern, cell_means_two_things, conversion_does_not_fit};
use crate::program::{Conversion, FileId, Meaning, Type};

impl Lowering<'_> {
    pub(super) fn conversion(&mut self, file: FileId, line: &FieldMapping, slot: &Slot) -> Option<Conversion> {
        let mut converted = Conversion::default();
        let mut cells: FxHashMap<&str, Span> = FxHashMap::default();
        let mut said: Vec<&'static str> = Vec::new();
        let mut fine = true;
        for conversion in &line.conversions {
            let (what, span) = match conversion {
                syntax::Conversion::SplitBy(text) => ("split by", text.span),
                syntax::Conversion::OthersMean(name) => ("others mean", name.span),
                syntax::Conversion::AsUnit(_, span) => ("as", *span),
                syntax::Conversion::AsDate(text) | syntax::Conversion::AsTime(text) => ("as", text.span),
                syntax::Conversion::AsCurrency(name) => ("as", name.span),
                syntax::Conversion::Lookup { span, .. } => ("lookup", *span),
                syntax::Conversion::Means { .. } => ("", line.span),
            };
            if said.contains(&what) {
                self.report(conversion_does_not_fit::twice(file, span, what));
                fine = false;
                continue;
            }
            if !what.is_empty() {
                said.push(what);
            }
            fine &= match conversion {
                syntax::Conversion::SplitBy(text) => self.split(file, line, slot, text, &mut converted).is_some(),
                syntax::Conversion::Means { cells: texts, meaning } => {
                    self.means(file, line, slot, (texts, meaning), &mut cells, &mut converted).is_some()
                }
                syntax::Conversion::OthersMean(name) => {
                    self.others_mean(file, line, slot, name, &mut converted).is_some()
                }
                syntax::Conversion::AsUnit(unit, span) => {
                    self.as_unit(file, line, slot, *unit, *span, &mut converted).is_some()
                }
                syntax::Conversion::AsDate(text) => {
                    self.pattern(file, line, slot, text, false, &mut converted).is_some()
                }
                syntax::Conversion::AsTime(text) => {
                    self.pattern(file, line, slot, text, true, &mut converted).is_some()
                }
                syntax::Conversion::AsCurrency(name) => self.as_currency(file, line, slot, name).is_some(),
                syntax::Conversion::Lookup { .. } => true,
            };
        }
        fine.then_some(converted)
    }

    fn does_not_fit(&mut self, file: FileId, span: Span, what: &str, line: &FieldMapping, slot: &Slot) {
        let kind = if slot.event_name() { "the name of an event".to_owned() } else { kind_of(&slot.ty) };
        self.report(conversion_does_not_fit::diagnostic(file, span, what, &line.target, &kind));
    }

    fn split(
        &mut self,
        file: FileId,
        line: &FieldMapping,
        slot: &Slot,
        text: &Text,
        into: &mut Conversion,
    ) -> Option<()> {
        if !matches!(slot.ty, Type::List(_)) && !slot.relation() {
            self.does_not_fit(file, text.span, "split by", line, slot);
            return None;
        }
        if text.value.is_empty() {
            self.report(conversion_does_not_fit::empty_separator(file, text.span));
            return None;
        }
        into.split_by = Some(text.value.clone());
        Some(())
    }

    fn means<'s>(
        &mut self,
        file: FileId,
        line: &FieldMapping,
        slot: &Slot,
        (texts, meaning): (&'s [Text], &Path),
        cells: &mut FxHashMap<&'s str, Span>,
        into: &mut Conversion,
    ) -> Option<()> {
        for text in texts {
            if let Some(first) = cells.get(text.value.trim()) {
                self.report(cell_means_two_things::diagnostic(file, text, *first));
                return None;
            }
            cells.insert(text.value.trim(), text.span);
        }
        let meant = self.meaning(file, line, slot, meaning)?;
        into.means.extend(texts.iter().map(|text| (text.value.trim().into(), meant.clone())));
        Some(())
    }

    fn meaning(&mut self, file: FileId, line: &FieldMapping, slot: &Slot, meaning: &Path) -> Option<Meaning> {
        let word = meaning.dotted();
        if slot.event_name() && word != "missing" {
            return self.event(file, meaning).map(|_| Meaning::Value(word));
        }
        self.word_meaning(file, line, slot, (word, meaning.span))
    }

    fn word_meaning(
        &mut self,
        file: FileId,
        line: &FieldMapping,
        slot: &Slot,
        (word, span): (SmolStr, Span),
    ) -> Option<Meaning> {
        let target = line.target.dotted();
        match (&slot.ty, word.as_str()) {
            // A word of the field's own list comes first, whatever it is called.
            (ty, own) if words_of_type(ty).is_some_and(|words| words.iter().any(|known| known == own)) => {
                self.note_value(file, span, own, slot.domain);
                self.note_value_of_each(file, span, own, slot.domain, &slot.events);
                Some(Meaning::Value(word))
            }
            (_, "missing") => Some(Meaning::Missing),
            (Type::List(_), "empty") => Some(Meaning::Empty),
            (Type::YesNo, "yes" | "no") => Some(Meaning::Value(word)),
            (Type::Text, _) => Some(Meaning::Value(word)),
            (Type::OneOf(_) | Type::List(_), _) => {
                self.in_domain(file, span, &word, slot.domain, &target).then_some(Meaning::Value(word))
            }
            _ => {
                self.report(conversion_does_not_fit::meaning(file, span, &word, &line.target, &kind_of(&slot.ty)));
                None
            }
        }
    }

    fn others_mean(
        &mut self,
        file: FileId,
        line: &FieldMapping,
        slot: &Slot,
        name: &Name,
        into: &mut Conversion,
    ) -> Option<()> {
        let words = words_of_type(&slot.ty).is_some() || slot.ty == Type::YesNo;
        if slot.event_name() {
            if name.text != "missing" {
                self.report(conversion_does_not_fit::other_events(file, name));
                return None;
            }
        } else if !words {
            self.does_not_fit(file, name.span, "others mean", line, slot);
            return None;
        }
        into.others = Some(self.word_meaning(file, line, slot, (name.text.clone(), name.span))?);
        Some(())
    }

    fn as_unit(
        &mut self,
        file: FileId,
        line: &FieldMapping,
        slot: &Slot,
        unit: DurationUnit,
        span: Span,
        into: &mut Conversion,
    ) -> Option<()> {
        if slot.ty != Type::Duration {
            self.does_not_fit(file, span, "as", line, slot);
            return None;
        }
        match seconds_of(unit).and_then(|seconds| u32::try_from(seconds).ok()) {
            Some(seconds) => into.unit_seconds = Some(seconds),
            None => {
                self.report(conversion_does_not_fit::no_fixed_unit(file, span, self.text(file, span)));
                return None;
            }
        }
        Some(())
    }

    fn pattern(
        &mut self,
        file: FileId,
        line: &FieldMapping,
        slot: &Slot,
        text: &Text,
        time: bool,
        into: &mut Conversion,
    ) -> Option<()> {
        if !matches!(slot.ty, Type::Date | Type::Time) {
            self.does_not_fit(file, text.span, if time { "as time" } else { "as date" }, line, slot);
            return None;
        }
        if let Err(why) = usable(&text.value) {
            self.report(bad_pattern::diagnostic(file, text, why));
            return None;
        }
        into.pattern = Some(text.value.clone());
        Some(())
    }

    fn as_currency(&mut self, file: FileId, line: &FieldMapping, slot: &Slot, name: &Name) -> Option<()> {
        if slot.ty != Type::Money {
            self.does_not_fit(file, name.span, "as", line, slot);
            return None;
        }
        self.clients_currency(file, name, name.span)
    }
}

/// Whether a pattern can be read and gives a whole day: a day written with it has to be found in what was written.
fn usable(pattern: &str) -> Result<(), bad_pattern::Why> {
    let day = jiff::civil::DateTime::constant(2026, 11, 23, 14, 35, 56, 0);
    let zoned = day.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| bad_pattern::Why::Unknown)?;
    let written = jiff::fmt::strtime::format(pattern, &zoned).map_err(|_| bad_pattern::Why::Unknown)?;
    let read = jiff::fmt::strtime::parse(pattern, &written).map_err(|_| bad_pattern::Why::Unknown)?;
    match read.to_date() {
        Ok(date) if date == zoned.date() => Ok(()),
        _ => Err(bad_pattern::Why::NoDay),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_has_to_give_a_day() {
        for pattern in ["%d %b %Y", "%Y-%m-%d %H:%M", "%d/%m/%Y", "%m/%d/%y", "%Y-%m-%dT%H:%M:%S%z"] {
            assert!(usable(pattern).is_ok(), "{pattern}");
        }
        assert_eq!(usable("%H:%M"), Err(bad_pattern::Why::NoDay));
        assert_eq!(usable("%Y-%m"), Err(bad_pattern::Why::NoDay));
        assert_eq!(usable("%Y-%Q-%d"), Err(bad_pattern::Why::Unknown));
    }
}
