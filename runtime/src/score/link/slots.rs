//! Names to slots: each field, list, event query and set of phrases that some condition reads gets its cells once.

use compiler::program::{Aggregate, Condition, EventQuery, FieldPath, PhrasesId, Term, TextTerm, Type};
use language::syntax::AggregateFunction;
use smol_str::SmolStr;

use super::{Linker, index};
use crate::score::error::LinkError;
use crate::score::plan::{Calculation, FieldSlot, Heard, Holds, ListSlot, Output, Query, TextSlot};
use crate::score::words::{Piece, push_text};

/// The contact's field that conversations fill as well.
const OPEN_OBJECTIONS: &str = "objections.open";

/// The event that takes an objection off that list; its field `objection` says which.
const OBJECTION_ANSWERED: &str = "objection.answered";

impl Linker<'_> {
    pub(super) fn new_number(&mut self) -> u32 {
        take(&mut self.plan.shape.numbers)
    }

    pub(super) fn new_flag(&mut self) -> u32 {
        take(&mut self.plan.shape.flags)
    }

    pub(super) fn new_known(&mut self) -> u32 {
        take(&mut self.plan.shape.known)
    }

    /// The slot of a field.
    pub(super) fn field(&mut self, path: &FieldPath) -> Result<u32, LinkError> {
        if let Some(place) = self.plan.fields.iter().position(|field| field.path == *path) {
            return Ok(index(place));
        }
        if path.entity != self.plan.entity {
            return Err(LinkError::Broken("a field of this record"));
        }
        let field = self.program.field(path).ok_or(LinkError::Broken("a field"))?;
        let known = self.new_known();
        let holds = match &field.ty {
            Type::YesNo => Holds::Flag(self.new_flag()),
            Type::Text | Type::OneOf(_) => Holds::Text(self.new_text(known)),
            Type::List(_) => {
                let place = index(self.plan.lists.len());
                let objections = field.name == OPEN_OBJECTIONS && path.relations.len() < 2;
                let length = self.new_number();
                let slot =
                    ListSlot { length, sets: Vec::new(), known, words: Default::default(), raw: false, objections };
                self.plan.lists.push(slot);
                if objections {
                    self.listen_for_objections()?;
                }
                Holds::List(place)
            }
            Type::Record(_) => {
                let walked: Vec<_> = path.relations.iter().chain([&path.field]).copied().collect();
                self.relation(&walked);
                Holds::Record
            }
            Type::Number | Type::Percent | Type::Money | Type::Duration | Type::Date | Type::Time | Type::Score => {
                Holds::Number(self.new_number())
            }
        };
        let relation = (!path.relations.is_empty()).then(|| self.relation(&path.relations));
        let name = SmolStr::from(self.program.path_name(path));
        let never_missing = matches!(field.ty, Type::List(_)) && !field.optional;
        let ty = field.ty.clone();
        let (opening, missing) = (format!("{name} is ").into(), format!("{name} is missing").into());
        self.plan.fields.push(FieldSlot {
            path: path.clone(),
            name,
            opening,
            told: Vec::new(),
            missing,
            ty,
            holds,
            known,
            never_missing,
            relation,
        });
        Ok(index(self.plan.fields.len() - 1))
    }

    fn relation(&mut self, relations: &[compiler::program::FieldId]) -> u32 {
        if let Some(place) = self.plan.relations.iter().position(|known| known == relations) {
            return index(place);
        }
        self.plan.relations.push(relations.to_vec());
        index(self.plan.relations.len() - 1)
    }

    fn slot(&mut self, path: &FieldPath) -> Result<(Holds, u32), LinkError> {
        let place = self.field(path)?;
        let slot = self.plan.fields.get(place as usize).ok_or(LinkError::Broken("a field"))?;
        Ok((slot.holds, slot.known))
    }

    pub(super) fn known(&mut self, path: &FieldPath) -> Result<u32, LinkError> {
        Ok(self.slot(path)?.1)
    }

    pub(super) fn number(&mut self, path: &FieldPath) -> Result<(u32, u32), LinkError> {
        match self.slot(path)? {
            (Holds::Number(number), known) => Ok((number, known)),
            _ => Err(LinkError::Broken("a number")),
        }
    }

    pub(super) fn list(&mut self, path: &FieldPath) -> Result<u32, LinkError> {
        match self.slot(path)?.0 {
            Holds::List(list) => Ok(list),
            _ => Err(LinkError::Broken("a list")),
        }
    }

    pub(super) fn text(&mut self, term: &TextTerm) -> Result<u32, LinkError> {
        match term {
            TextTerm::Field(path) => match self.slot(path)?.0 {
                Holds::Text(text) => Ok(text),
                _ => Err(LinkError::Broken("a text")),
            },
            TextTerm::Latest(aggregate) => match self.output(aggregate)? {
                Output::Text(text) => Ok(text),
                _ => Err(LinkError::Broken("a text")),
            },
            TextTerm::EventField(name) => Err(LinkError::Filter(name.clone())),
        }
    }

    pub(super) fn flag(&mut self, term: &TextTerm) -> Result<(u32, u32), LinkError> {
        match term {
            TextTerm::Field(path) => match self.slot(path)? {
                (Holds::Flag(flag), known) => Ok((flag, known)),
                _ => Err(LinkError::Broken("a yes/no")),
            },
            TextTerm::Latest(aggregate) => match self.output(aggregate)? {
                Output::Flag { flag, known } => Ok((flag, known)),
                _ => Err(LinkError::Broken("a yes/no")),
            },
            TextTerm::EventField(name) => Err(LinkError::Filter(name.clone())),
        }
    }

    fn new_text(&mut self, known: u32) -> u32 {
        let code = take(&mut self.plan.shape.codes);
        self.plan.texts.push(TextSlot { code, known, words: Default::default(), raw: false });
        index(self.plan.texts.len() - 1)
    }

    pub(super) fn need_raw_text(&mut self, text: u32) {
        if let Some(slot) = self.plan.texts.get_mut(text as usize) {
            slot.raw = true;
        }
    }

    pub(super) fn need_raw_list(&mut self, list: u32) {
        if let Some(slot) = self.plan.lists.get_mut(list as usize) {
            slot.raw = true;
        }
    }

    /// The codes of constants that a text is compared with.
    pub(super) fn codes(&mut self, text: u32, values: &[SmolStr]) -> Result<Vec<u16>, LinkError> {
        let slot = self.plan.texts.get_mut(text as usize).ok_or(LinkError::Broken("a text"))?;
        let mut codes = Vec::with_capacity(values.len());
        for value in values {
            let next = u16::try_from(slot.words.len() + 1).map_err(|_| LinkError::TooManyWords(value.clone()))?;
            codes.push(*slot.words.entry(value.clone()).or_insert(next));
        }
        Ok(codes)
    }

    /// The bits of constants that a list is compared with: by set, in the order of the sets.
    pub(super) fn masks(&mut self, list: u32, values: &[SmolStr]) -> Vec<(u32, u64)> {
        let Some(slot) = self.plan.lists.get_mut(list as usize) else { return Vec::new() };
        let mut masks: Vec<u64> = Vec::new();
        for value in values {
            let next = index(slot.words.len());
            let bit = *slot.words.entry(value.clone()).or_insert(next) as usize;
            if bit / 64 >= slot.sets.len() {
                slot.sets.push(take(&mut self.plan.shape.sets));
            }
            if masks.len() <= bit / 64 {
                masks.resize(bit / 64 + 1, 0);
            }
            if let Some(mask) = masks.get_mut(bit / 64) {
                *mask |= 1 << (bit % 64);
            }
        }
        slot.sets.iter().copied().zip(masks).filter(|(_, mask)| *mask != 0).collect()
    }

    /// Puts into words once what fields say so often: each word that they are compared with.
    pub(super) fn tell_words(&mut self) {
        for slot in &mut self.plan.fields {
            let Holds::Text(text) = slot.holds else { continue };
            let Some(text) = self.plan.texts.get(text as usize) else { continue };
            slot.told = vec![Piece::default(); text.words.len() + 1];
            for (word, &code) in &text.words {
                let mut told = format!("{} is ", slot.name);
                push_text(&mut told, word, &slot.ty);
                if let Some(place) = slot.told.get_mut(usize::from(code)) {
                    *place = told.into();
                }
            }
        }
    }

    /// The slot of an event query.
    pub(super) fn query(&mut self, query: &EventQuery) -> Result<u32, LinkError> {
        if let Some(place) = self.plan.queries.iter().position(|known| known.query == *query) {
            return Ok(index(place));
        }
        let mut names = Vec::new();
        for event in &query.events {
            names.push(self.program.events.get(event.index()).ok_or(LinkError::Broken("an event"))?.name.as_str());
        }
        let name = SmolStr::from(names.join(" or "));
        if let Some(filter) = &query.filter {
            self.filter(filter, &name)?;
        }
        let after = self.begins(query.window);
        let silent = query.events.iter().copied();
        let silent: Vec<_> =
            silent.filter(|event| !self.reported(self.coverage.events.get(event).copied(), after)).collect();
        let (count, newest, complete) = (self.new_number(), self.new_number(), self.new_known());
        let place = index(self.plan.queries.len());
        for event in &query.events {
            if let Some(queries) = self.plan.by_event.get_mut(event.index())
                && !queries.contains(&place)
            {
                queries.push(place);
            }
        }
        self.plan.queries.push(Query {
            query: query.clone(),
            name,
            after,
            reported: silent.is_empty(),
            silent,
            count,
            newest,
            complete,
            calculations: Vec::new(),
            each: Vec::new(),
        });
        Ok(place)
    }

    /// A filter's fields need slots and their texts; what it cannot read is refused.
    fn filter(&mut self, condition: &Condition, event: &SmolStr) -> Result<(), LinkError> {
        match condition {
            Condition::Not(inner) => self.filter(inner, event),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().try_for_each(|part| self.filter(part, event)),
            Condition::Compare { left, right, .. } => {
                self.filter_term(left, event)?;
                self.filter_term(right, event)
            }
            Condition::Between { term, low, high } => {
                [term, low, high].into_iter().try_for_each(|term| self.filter_term(term, event))
            }
            Condition::OneOf { term, .. } | Condition::Text { term, .. } => self.filter_text(term, event),
            Condition::Same { left, right } => {
                self.filter_text(left, event)?;
                self.filter_text(right, event)
            }
            Condition::Yes(TextTerm::EventField(_)) => Ok(()),
            Condition::Yes(term @ TextTerm::Field(_)) => self.flag(term).map(|_| ()),
            Condition::Has { list, .. } => {
                let list = self.list(list)?;
                self.need_raw_list(list);
                Ok(())
            }
            Condition::HasOf { list, other, .. } => {
                for path in [list, other] {
                    let list = self.list(path)?;
                    self.need_raw_list(list);
                }
                Ok(())
            }
            Condition::Known(path) => self.known(path).map(|_| ()),
            Condition::Yes(TextTerm::Latest(_))
            | Condition::Fresh { .. }
            | Condition::Happened { .. }
            | Condition::Mentions { .. }
            | Condition::Routed { .. } => Err(LinkError::Filter(event.clone())),
        }
    }

    fn filter_term(&mut self, term: &Term, event: &SmolStr) -> Result<(), LinkError> {
        match term {
            Term::Constant(_) | Term::EventField(_) | Term::Today | Term::Now => Ok(()),
            Term::Field(path) => self.number(path).map(|_| ()),
            Term::Arithmetic { left, right, .. } => {
                self.filter_term(left, event)?;
                self.filter_term(right, event)
            }
            Term::Aggregate(_) | Term::Score(_) => Err(LinkError::Filter(event.clone())),
        }
    }

    fn filter_text(&mut self, term: &TextTerm, event: &SmolStr) -> Result<(), LinkError> {
        match term {
            TextTerm::EventField(_) => Ok(()),
            TextTerm::Field(_) => {
                let text = self.text(term)?;
                self.need_raw_text(text);
                Ok(())
            }
            TextTerm::Latest(_) => Err(LinkError::Filter(event.clone())),
        }
    }

    fn output(&mut self, aggregate: &Aggregate) -> Result<Output, LinkError> {
        let (query, calculation) = self.calculation(aggregate, false)?;
        let query = self.plan.queries.get(query as usize);
        let found = query.and_then(|query| query.calculations.get(calculation as usize));
        Ok(found.ok_or(LinkError::Broken("an aggregate"))?.output)
    }

    /// The place of an aggregate among its query's calculations; the event's field says whether it is a number.
    pub(super) fn calculation(&mut self, aggregate: &Aggregate, number: bool) -> Result<(u32, u32), LinkError> {
        let place = self.query(&aggregate.query)?;
        let slot = self.plan.queries.get(place as usize).ok_or(LinkError::Broken("a query"))?;
        if let Some(known) = slot.calculations.iter().position(|known| known.aggregate == *aggregate) {
            return Ok((place, index(known)));
        }
        let field = aggregate.field.clone().ok_or(LinkError::Broken("the field of an aggregate"))?;
        let ty = aggregate.query.events.iter().find_map(|event| {
            let event = self.program.events.get(event.index())?;
            event.fields.iter().find(|known| known.name == field).map(|known| known.ty.clone())
        });
        let output = match ty {
            _ if number => Output::Number { number: self.new_number(), known: self.new_known() },
            Some(Type::YesNo) => Output::Flag { flag: self.new_flag(), known: self.new_known() },
            _ => {
                let known = self.new_known();
                Output::Text(self.new_text(known))
            }
        };
        let function = aggregate.function;
        if !number && function != AggregateFunction::Latest {
            return Err(LinkError::Broken("a number"));
        }
        let slot = self.plan.queries.get_mut(place as usize).ok_or(LinkError::Broken("a query"))?;
        slot.calculations.push(Calculation { aggregate: aggregate.clone(), function, field, output });
        Ok((place, index(slot.calculations.len() - 1)))
    }

    /// The slot of a set of phrases.
    pub(super) fn heard(&mut self, phrases: PhrasesId) -> Result<u32, LinkError> {
        if let Some(place) = self.plan.heard.iter().position(|heard| heard.phrases == phrases) {
            return Ok(index(place));
        }
        let name = self.program.phrases.get(phrases.index()).ok_or(LinkError::Broken("phrases"))?.name.clone();
        let newest = self.new_number();
        self.plan.heard.push(Heard { phrases, name, newest });
        Ok(index(self.plan.heard.len() - 1))
    }

    fn listen_for_objections(&mut self) -> Result<(), LinkError> {
        self.plan.answered = self.program.event(OBJECTION_ANSWERED).and_then(|event| {
            let field =
                self.program.events.get(event.index())?.fields.iter().find(|field| field.name == "objection")?;
            Some((event, field.name.clone()))
        });
        let objections = (0..).zip(&self.program.phrases).filter(|(_, phrases)| phrases.objection);
        for (id, _) in objections {
            self.heard(PhrasesId(id))?;
            if !self.plan.objections.contains(&PhrasesId(id)) {
                self.plan.objections.push(PhrasesId(id));
            }
        }
        Ok(())
    }
}

fn take(count: &mut usize) -> u32 {
    let place = index(*count);
    *count += 1;
    place
}
