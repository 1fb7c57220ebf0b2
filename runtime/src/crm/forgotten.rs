//! Words that records hold and the playbook does not know any more: they read as missing, and somebody has to be told.

use std::collections::BTreeMap;

use compiler::program::{Event, Program, Type};
use rusqlite::types::ValueRef;
use smol_str::SmolStr;

use super::column::{knows, quote};
use super::facts_json::{Raw, scan};
use super::{Crm, CrmError};

/// So many words of a field are named.
const EXAMPLES: usize = 3;

/// Cells of one field that hold words of another time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// `Contact.stage`, or `quiz.completed.result` for a fact of an event.
    pub field: String,
    /// How many.
    pub cells: u64,
    /// Some of the words.
    pub words: Vec<String>,
}

impl Forgotten {
    fn of(field: String) -> Self {
        Self { field, ..Self::default() }
    }

    /// Counts a cell with these words, where one of them is unknown.
    fn cell<'w>(&mut self, words: impl IntoIterator<Item = &'w str>, ty: &Type) {
        let mut any = false;
        for word in words {
            if !knows(ty, word) {
                any = true;
                if self.words.len() < EXAMPLES && !self.words.iter().any(|known| known == word) {
                    self.words.push(word.to_owned());
                }
            }
        }
        self.cells += u64::from(any);
    }
}

impl Crm {
    /// How many cells of which field hold words that the Program does not know, in the order in which fields are declared. Each
    /// table is read once.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn forgotten(&self, program: &Program) -> Result<Vec<Forgotten>, CrmError> {
        let mut all = Vec::new();
        for entity in &program.entities {
            let fields: Vec<_> = entity.fields.iter().filter(|field| has_words(&field.ty)).collect();
            if fields.is_empty() {
                continue;
            }
            let columns: Vec<String> = fields.iter().map(|field| quote(&field.column)).collect();
            let mut found: Vec<Forgotten> =
                fields.iter().map(|field| Forgotten::of(format!("{}.{}", entity.name, field.name))).collect();
            let select = format!("SELECT {} FROM {}", columns.join(", "), quote(&entity.table));
            self.each(&select, |row| {
                for (place, (field, found)) in fields.iter().zip(&mut found).enumerate() {
                    if let ValueRef::Text(text) = row.get_ref(place)? {
                        count(&field.ty, &String::from_utf8_lossy(text), found);
                    }
                }
                Ok(())
            })?;
            all.append(&mut found);
        }
        all.append(&mut self.forgotten_facts(program)?);
        all.retain(|found| found.cells > 0);
        Ok(all)
    }

    fn forgotten_facts(&self, program: &Program) -> Result<Vec<Forgotten>, CrmError> {
        let mut found: Vec<(&Event, Vec<Forgotten>)> = Vec::new();
        for event in program.events.iter().filter(|event| event.fields.iter().any(|field| has_words(&field.ty))) {
            let fields = event.fields.iter().map(|field| Forgotten::of(format!("{}.{}", event.name, field.name)));
            found.push((event, fields.collect()));
        }
        // By the number that the CRM has for it.
        let mut kinds: BTreeMap<i64, usize> = BTreeMap::new();
        self.each("SELECT id, name FROM event_kind", |row| {
            let name: String = row.get(1)?;
            let place = found.iter().position(|(event, _)| event.name == name);
            if let Some(place) = place {
                kinds.insert(row.get(0)?, place);
            }
            Ok(())
        })?;
        if kinds.is_empty() {
            return Ok(Vec::new());
        }
        let numbers: Vec<String> = kinds.keys().map(ToString::to_string).collect();
        let select =
            format!("SELECT kind, facts FROM event WHERE kind IN ({}) AND facts IS NOT NULL", numbers.join(", "));
        self.each(&select, |row| {
            let place = kinds.get(&row.get::<_, i64>(0)?).copied();
            let Some((event, found)) = place.and_then(|place| found.get_mut(place)) else { return Ok(()) };
            scan(row.get_ref(1)?.as_str()?, |name, raw| {
                let mut fields = event.fields.iter().zip(found.iter_mut());
                if let Some((field, found)) = fields.find(|(field, _)| field.name == name) {
                    match raw {
                        Raw::Text(text) => count(&field.ty, &text, found),
                        Raw::List(text) => count(&field.ty, text, found),
                        Raw::Number(_) | Raw::YesNo(_) => {}
                    }
                }
            });
            Ok(())
        })?;
        Ok(found.into_iter().flat_map(|(_, found)| found).collect())
    }

    fn each(
        &self,
        select: &str,
        mut each: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), CrmError> {
        let failed = |error: rusqlite::Error| self.error(&error);
        let mut statement = self.connection.prepare(select).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            each(row).map_err(failed)?;
        }
        Ok(())
    }
}

fn has_words(ty: &Type) -> bool {
    match ty {
        Type::OneOf(_) => true,
        Type::List(of) => has_words(of),
        _ => false,
    }
}

/// Counts a cell of that type, given as it is kept.
fn count(ty: &Type, text: &str, found: &mut Forgotten) {
    match ty {
        Type::OneOf(_) => found.cell([text], ty),
        Type::List(of) if has_words(of) => {
            let words: Vec<SmolStr> = serde_json::from_str(text).unwrap_or_default();
            found.cell(words.iter().map(SmolStr::as_str), of);
        }
        _ => {}
    }
}
