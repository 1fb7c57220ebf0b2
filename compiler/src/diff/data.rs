//! What everything else stands on: the client's settings, fields, events, facts, phrases, sources. And the tests, which only prove.

use smol_str::SmolStr;

use super::{Area, Both, Changes, Side, paired, words};
use crate::program::{
    Client, Conversion, Entity, Event, Fact, FactValue, Field, FieldId, Mapping, MappingTarget, Meaning, PhraseSet,
    Source, Target,
};

pub(super) fn compare(both: &Both<'_>, changes: &mut Changes) {
    let (before, after) = (both.before.program, both.after.program);
    client(&before.client, &after.client, changes);
    for (old, new) in paired(&before.entities, &after.entities, |entity| entity.name.clone()) {
        let of = new.or(old).map(|entity| entity.name.clone()).unwrap_or_default();
        let list = |entity: Option<&Entity>| entity.map(|entity| entity.fields.clone()).unwrap_or_default();
        fields(both, &of, &list(old), &list(new), changes);
    }
    for pair in paired(&before.events, &after.events, |event| event.name.clone()) {
        event(both, pair, changes);
    }
    for pair in paired(&before.facts, &after.facts, |fact| fact.name.clone()) {
        fact(both, pair, changes);
    }
    for pair in paired(&before.phrases, &after.phrases, |phrases| phrases.name.clone()) {
        phrases(pair, changes);
    }
    for pair in paired(&before.sources, &after.sources, |source| source.name.clone()) {
        source(both, pair, changes);
    }
    for (old, new) in paired(&before.tests, &after.tests, |test| test.name.clone()) {
        match (old, new) {
            (None, Some(new)) => changes.only_words(Area::Tests, format!("\"{}\"", new.name), "is a new test"),
            (Some(old), None) => changes.only_words(Area::Tests, format!("\"{}\"", old.name), "is no test any more"),
            _ => {}
        }
    }
}

fn client(old: &Client, new: &Client, changes: &mut Changes) {
    let mut value = |what: &str, was: String, is: String| changes.value(Area::Data, "client", what, &was, &is);
    value("is called", old.name.to_string(), new.name.to_string());
    value("counts money in", old.currency.to_string(), new.currency.to_string());
    value("lives in the zone", old.timezone.to_string(), new.timezone.to_string());
    let hours = |client: &Client| {
        let hours = &client.hours;
        let days = words::days_words(&hours.days);
        format!("{days}, {} to {}", hours.from.strftime("%H:%M"), hours.to.strftime("%H:%M"))
    };
    value("works", hours(old), hours(new));
    let holidays = |client: &Client| {
        let mut days: Vec<String> = client.holidays.iter().map(ToString::to_string).collect();
        days.sort_unstable();
        if days.is_empty() { "none".to_owned() } else { days.join(", ") }
    };
    value("has holidays", holidays(old), holidays(new));
    let people = |client: &Client| {
        let mut people: Vec<String> = client.people.iter().map(|(role, title)| format!("{role} \"{title}\"")).collect();
        people.sort_unstable();
        if people.is_empty() { "nobody".to_owned() } else { people.join(", ") }
    };
    value("has people", people(old), people(new));
}

fn fields(both: &Both<'_>, of: &str, old: &[Field], new: &[Field], changes: &mut Changes) {
    for (was, is) in paired(old, new, |field| field.name.clone()) {
        let ty = |side: &Side<'_>, field: &Field| {
            let mut field = field.clone();
            if let crate::program::Type::OneOf(words) = &mut field.ty {
                words.sort_unstable();
            }
            side.words.ty(&field.ty, field.optional)
        };
        match (was, is) {
            (None, Some(is)) => {
                changes.added(Area::Data, format!("{of}.{}", is.name), format!("is new: {}", ty(&both.after, is)));
            }
            (Some(was), None) => changes.removed(Area::Data, format!("{of}.{}", was.name), "is gone"),
            (Some(was), Some(is)) => {
                let (old, new) = (ty(&both.before, was), ty(&both.after, is));
                changes.value(Area::Data, &format!("{of}.{}", is.name), "is", &old, &new);
            }
            (None, None) => {}
        }
    }
}

fn event(both: &Both<'_>, pair: (Option<&Event>, Option<&Event>), changes: &mut Changes) {
    match pair {
        (None, Some(new)) => changes.added(Area::Data, new.name.as_str(), "is a new event"),
        (Some(old), None) => changes.removed(Area::Data, old.name.as_str(), "is no event any more"),
        (Some(old), Some(new)) => fields(both, &new.name, &old.fields, &new.fields, changes),
        (None, None) => {}
    }
}

fn fact(both: &Both<'_>, pair: (Option<&Fact>, Option<&Fact>), changes: &mut Changes) {
    let form = |side: &Side<'_>, fact: &Fact| match &fact.value {
        FactValue::Term(term, ty) => (side.normal.term(term, &[]) + &side.words.ty(ty, false), side.words.term(term)),
        FactValue::Condition(condition) => (side.normal.condition(condition), side.words.condition(condition)),
    };
    match pair {
        (None, Some(new)) => {
            changes.added(Area::Data, new.name.as_str(), format!("is a new fact: {}", form(&both.after, new).1));
        }
        (Some(old), None) => changes.removed(Area::Data, old.name.as_str(), "is no fact any more"),
        (Some(old), Some(new)) => {
            let entity = |side: &Side<'_>, fact: &Fact| side.words.entity(fact.entity).to_owned();
            changes.value(Area::Data, &new.name, "is of", &entity(&both.before, old), &entity(&both.after, new));
            let ((was, old_words), (is, words)) = (form(&both.before, old), form(&both.after, new));
            if was != is {
                let sentence = format!("is {words} (was {old_words})");
                changes.changed(Area::Data, new.name.as_str(), sentence, old_words, words);
            }
        }
        (None, None) => {}
    }
}

fn phrases(pair: (Option<&PhraseSet>, Option<&PhraseSet>), changes: &mut Changes) {
    let kind = |phrases: &PhraseSet| match (phrases.objection, phrases.hidden) {
        (false, _) => "phrases",
        (true, false) => "an objection",
        (true, true) => "a hidden objection",
    };
    let texts = |phrases: &PhraseSet| {
        let mut texts: Vec<SmolStr> = phrases.texts.clone();
        texts.sort_unstable();
        texts.dedup();
        texts
    };
    match pair {
        (None, Some(new)) => changes.added(Area::Data, new.name.as_str(), format!("is new: {}", kind(new))),
        (Some(old), None) => changes.removed(Area::Data, old.name.as_str(), format!("is gone: {}", kind(old))),
        (Some(old), Some(new)) => {
            let of = new.name.as_str();
            changes.value(Area::Data, of, "is", kind(old), kind(new));
            let (was, is) = (texts(old), texts(new));
            for text in is.iter().filter(|text| !was.contains(text)) {
                changes.added(Area::Data, of, format!("is now heard in \"{text}\""));
            }
            for text in was.iter().filter(|text| !is.contains(text)) {
                changes.removed(Area::Data, of, format!("is no longer heard in \"{text}\""));
            }
        }
        (None, None) => {}
    }
}

fn source(both: &Both<'_>, pair: (Option<&Source>, Option<&Source>), changes: &mut Changes) {
    match pair {
        (None, Some(new)) => {
            changes.added(Area::Data, new.name.as_str(), format!("is a new source of {}", target(&both.after, new)));
        }
        (Some(old), None) => changes.removed(Area::Data, old.name.as_str(), "is no source any more"),
        (Some(old), Some(new)) => {
            let of = new.name.as_str();
            changes.value(Area::Data, of, "fills", &target(&both.before, old), &target(&both.after, new));
            let list = |words: &[SmolStr]| {
                let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
                if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
            };
            changes.value(Area::Data, of, "reads", &list(&old.files), &list(&new.files));
            changes.value(Area::Data, of, "is known by the headers", &list(&old.signature), &list(&new.signature));
            changes.value(Area::Data, of, "takes for missing", &list(&old.missing), &list(&new.missing));
            let how = |source: &Source| {
                let comma = if source.decimal_comma { "decimal comma" } else { "decimal point" };
                let separator = source.separator.map(|sign| format!(", separator {sign:?}")).unwrap_or_default();
                let encoding = source.encoding.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
                format!("{comma}{separator}{encoding}")
            };
            changes.value(Area::Data, of, "is read with", &how(old), &how(new));
            reports(both, of, (old, new), changes);
            mappings(both, of, (old, new), changes);
        }
        (None, None) => {}
    }
}

fn target(side: &Side<'_>, source: &Source) -> String {
    match &source.target {
        Target::Records { entity, key, existing } => {
            let entity = side.program.entities.get(entity.index());
            let name = entity.map_or("", |entity| entity.name.as_str());
            let key = key.and_then(|key| entity?.fields.get(key.index()));
            let by = key.map(|key| format!(" by {}", key.name)).unwrap_or_default();
            format!("{}{name}{by}", if *existing { "existing " } else { "" })
        }
        Target::Events { event, keyed } => {
            let event = event.map_or("events", |event| side.words.event(event));
            format!("{event}{}", if *keyed { " by external_id" } else { "" })
        }
    }
}

fn reports(both: &Both<'_>, of: &str, (old, new): (&Source, &Source), changes: &mut Changes) {
    let list = |side: &Side<'_>, source: &Source| -> Vec<(String, String)> {
        let report = |report: &crate::program::Report| {
            let event = report.event.map_or("conversation", |event| side.words.event(event)).to_owned();
            let until = report.until.map(|until| format!(" until {until}")).unwrap_or_default();
            (event, format!("since {}{until}", report.since))
        };
        let mut list: Vec<_> = source.reports.iter().map(report).collect();
        list.sort_unstable();
        list
    };
    let (was, is) = (list(&both.before, old), list(&both.after, new));
    for (event, since) in &is {
        match was.iter().find(|(known, _)| known == event) {
            None => changes.added(Area::Data, of, format!("now reports {event} {since}")),
            Some((_, before)) => changes.value(Area::Data, of, &format!("reports {event}"), before, since),
        }
    }
    for (event, _) in was.iter().filter(|(event, _)| !is.iter().any(|(known, _)| known == event)) {
        changes.removed(Area::Data, of, format!("no longer reports {event}"));
    }
}

fn mappings(both: &Both<'_>, of: &str, (old, new): (&Source, &Source), changes: &mut Changes) {
    let list = |side: &Side<'_>, source: &Source| -> Vec<(SmolStr, String)> {
        source.mappings.iter().map(|mapping| (mapping.words.clone(), mapped(side, mapping))).collect()
    };
    let (was, is) = (list(&both.before, old), list(&both.after, new));
    for (field, how) in &is {
        match was.iter().find(|(known, _)| known == field) {
            None => changes.added(Area::Data, of, format!("now fills {field} from {how}")),
            Some((_, before)) => changes.value(Area::Data, of, &format!("fills {field} from"), before, how),
        }
    }
    for (field, _) in was.iter().filter(|(field, _)| !is.iter().any(|(known, _)| known == field)) {
        changes.removed(Area::Data, of, format!("no longer fills {field}"));
    }
}

fn mapped(side: &Side<'_>, mapping: &Mapping) -> String {
    let mut how = mapping.columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(" or ");
    match &mapping.target {
        MappingTarget::Relation { entity, by, create, .. } => {
            how.push_str(&lookup(side.program.entities.get(entity.index()), *by, *create));
        }
        MappingTarget::EventContact { by, create } => {
            let contact = side.program.entity("Contact").and_then(|id| side.program.entities.get(id.index()));
            how.push_str(&lookup(contact, *by, *create));
        }
        _ => {}
    }
    let Conversion { split_by, means, others, unit_seconds, pattern } = &mapping.conversion;
    if let Some(separator) = split_by {
        how.push_str(&format!(", split by {separator:?}"));
    }
    let meaning = |meaning: &Meaning| match meaning {
        Meaning::Missing => "missing".to_owned(),
        Meaning::Empty => "empty".to_owned(),
        Meaning::Value(value) => value.to_string(),
    };
    let mut means: Vec<String> = means.iter().map(|(cell, of)| format!("\"{cell}\" means {}", meaning(of))).collect();
    means.sort_unstable();
    for words in means {
        how.push_str(&format!(", {words}"));
    }
    if let Some(others) = others {
        how.push_str(&format!(", others mean {}", meaning(others)));
    }
    if let Some(seconds) = unit_seconds {
        how.push_str(&format!(", in {seconds} seconds"));
    }
    if let Some(pattern) = pattern {
        how.push_str(&format!(", as {pattern:?}"));
    }
    how
}

fn lookup(entity: Option<&Entity>, by: FieldId, create: bool) -> String {
    let name = entity.map_or("", |entity| entity.name.as_str());
    let by = entity.and_then(|entity| entity.fields.get(by.index())).map_or("", |field| field.name.as_str());
    format!(" lookup {name} by {by}{}", if create { " or create" } else { "" })
}
