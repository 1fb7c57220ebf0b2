//! The inbox: what people are asked, and what became of it.

use compiler::program::Settlement;
use jiff::Timestamp;
use rusqlite::Row;
use smol_str::SmolStr;

use super::LogError;
use super::case::instant;
use crate::crm::Crm;
use crate::engine::{EntryId, Question, QuestionKind, RecordRef};

/// Which questions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked<'a> {
    /// What this role may answer: its own, and those for anybody.
    pub whom: Option<&'a str>,
    /// Of this case.
    pub record: Option<&'a RecordRef>,
    /// This one.
    pub number: Option<EntryId>,
    /// Settled ones too.
    pub settled: bool,
}

/// A question as the inbox has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Inquiry {
    /// As its case has it.
    pub question: Question,
    /// Whose case; none for what is about the whole playbook.
    pub record: Option<RecordRef>,
    /// The workflow and the stage that its run is in.
    pub run: Option<(SmolStr, SmolStr)>,
    /// How often somebody was reminded of it.
    pub reminded: u32,
    /// How it was settled.
    pub answer: Option<Answered>,
}

/// How a question was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The entry that says so.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
    /// How; none where it is void because what it was about is gone.
    pub how: Option<Settlement>,
    /// By whom; nobody where it expired or is void.
    pub by: Option<SmolStr>,
}

impl Crm {
    /// Questions: those first that are due first, then the oldest.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn inbox(&self, asked: &Asked<'_>) -> Result<Vec<Inquiry>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut all = String::from(
            "SELECT q.number, q.run, q.entity, q.record, q.about, q.whom, q.options, q.words, q.notes, q.asked, q.due, q.remind, \
             q.reminded, q.settled, q.settled_at, q.how, q.who, r.workflow, r.stage \
             FROM question AS q LEFT JOIN run AS r ON r.number = q.run WHERE (?1 IS NULL OR q.whom IS NULL OR q.whom = ?1)",
        );
        let entity = asked.record.map(|record| record.entity.as_str());
        let record = asked.record.map(|record| record.id);
        let number = asked.number.map(|number| number.0);
        // Named only where they are asked for, so that their indexes are used.
        for (wanted, condition) in [
            (record.is_some(), " AND q.entity = ?2 AND q.record = ?3"),
            (number.is_some(), " AND q.number = ?4"),
            (!asked.settled, " AND q.settled IS NULL"),
        ] {
            if wanted {
                all.push_str(condition);
            }
        }
        all.push_str(" ORDER BY q.due IS NULL, q.due, q.number");
        let mut statement = self.connection.prepare_cached(&all).map_err(sql)?;
        let wanted = statement.parameter_count();
        let values =
            [asked.whom.map(str::to_owned).into(), entity.map(str::to_owned).into(), record.into(), number.into()];
        let values: [rusqlite::types::Value; 4] = values;
        let rows = statement.query_map(rusqlite::params_from_iter(values.into_iter().take(wanted)), inquiry);
        Ok(rows.map_err(sql)?.collect::<Result<_, _>>().map_err(sql)?)
    }
}

fn inquiry(row: &Row<'_>) -> rusqlite::Result<Inquiry> {
    let optional = |column: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(column)?.map(SmolStr::from));
    let at = |column: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.and_then(instant));
    let how = match row.get_ref(15)?.as_str_or_null()? {
        None => None,
        Some("approved") => Some(Settlement::Approved),
        Some("changed") => Some(Settlement::Changed),
        Some("rejected") => Some(Settlement::Rejected),
        Some(_) => Some(Settlement::Expired),
    };
    let answer = match (row.get::<_, Option<i64>>(13)?, at(14)?) {
        (Some(entry), Some(at)) => Some(Answered { entry: EntryId(entry), at, how, by: optional(16)? }),
        _ => None,
    };
    let question = Question {
        id: EntryId(row.get(0)?),
        run: row.get::<_, Option<i64>>(1)?.map(EntryId),
        kind: json::<QuestionKind>(row, 4)?,
        whom: optional(5)?,
        options: json(row, 6)?,
        words: super::outbox::text(row, 7)?,
        notes: json(row, 8)?,
        asked: at(9)?.unwrap_or_default(),
        due: at(10)?,
        remind: at(11)?,
        // Only what goes on with the case needs that.
        prolonged: None,
    };
    Ok(Inquiry {
        question,
        record: optional(2)?.zip(row.get(3)?).map(|(entity, id)| RecordRef { entity, id }),
        run: optional(17)?
            .map(|workflow| Ok::<_, rusqlite::Error>((workflow, optional(18)?.unwrap_or_default())))
            .transpose()?,
        reminded: row.get(12)?,
        answer,
    })
}

fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}
