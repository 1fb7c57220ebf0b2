//! Finding the contact that somebody means: by number, e-mail address, external id, or a part of the name.

use rusqlite::Row;

use super::names::folded;
use super::{ContactId, Crm, CrmError};

/// How many are named where several could be meant.
const SHOWN: usize = 10;

/// Who could be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// This one.
    One(Named),
    /// One of these; at most ten are named.
    Several {
        /// The first of them, by name.
        shown: Vec<Named>,
        /// How many there are.
        count: usize,
    },
    /// Nobody.
    Nobody {
        /// The address or name most like it, where one is like enough.
        nearest: Option<Named>,
    },
}

/// A contact, as a person tells one from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Which.
    pub id: ContactId,
    /// First and last name; empty where neither is known.
    pub name: String,
    /// The address.
    pub email: Option<String>,
    /// The company's name, or else its domain.
    pub company: Option<String>,
}

const NAMED: &str = "SELECT c.id, trim(ifnull(c.first_name, '') || ' ' || ifnull(c.last_name, '')) AS called, c.email, \
     ifnull(f.name, f.domain) FROM contact AS c LEFT JOIN company AS f ON f.id = c.company_id";

impl Crm {
    /// The contact whose e-mail address, external id or number this is, or whose name or address alone it is a part of.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn find_contact(&self, wanted: &str) -> Result<Found, CrmError> {
        let wanted = wanted.trim();
        let number = wanted.strip_prefix('#').unwrap_or(wanted).parse::<i64>().ok();
        let exact = [
            ("c.email = ?1", rusqlite::types::Value::from(wanted.to_lowercase())),
            ("c.external_id = ?1", wanted.to_owned().into()),
            ("c.id = ?1", number.into()),
        ];
        for (condition, value) in exact {
            let found = self.named(&format!("{NAMED} WHERE {condition} ORDER BY c.id"), [value])?;
            if let Some(found) = one_or_several(found) {
                return Ok(found);
            }
        }
        if wanted.is_empty() {
            return Ok(Found::Nobody { nearest: None });
        }
        match self.with_part(wanted)? {
            Some(found) => Ok(found),
            None => Ok(Found::Nobody { nearest: self.nearest(wanted)? }),
        }
    }

    /// A contact as people tell it from others; none where there is none.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn contact_named(&self, id: ContactId) -> Result<Option<Named>, CrmError> {
        Ok(self.named(&format!("{NAMED} WHERE c.id = ?1"), [id.0.into()])?.pop())
    }

    fn named(&self, sql: &str, values: [rusqlite::types::Value; 1]) -> Result<Vec<Named>, CrmError> {
        let failed = |error: rusqlite::Error| self.error(&error);
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows = statement.query_map(values, named).map_err(failed)?;
        rows.collect::<Result<_, _>>().map_err(failed)
    }

    /// Those whose name or address has that part, whatever the case of its letters and the marks on them. SQLite's own functions know
    /// the case of ASCII alone.
    fn with_part(&self, wanted: &str) -> Result<Option<Found>, CrmError> {
        let failed = |error: rusqlite::Error| self.error(&error);
        let wanted = folded(wanted);
        let mut statement = self.connection.prepare(&format!("{NAMED} ORDER BY called, c.id")).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        let (mut shown, mut count) = (Vec::new(), 0);
        while let Some(row) = rows.next().map_err(failed)? {
            let texts = [row.get_ref(1).map_err(failed)?, row.get_ref(2).map_err(failed)?];
            let mut texts = texts.iter().filter_map(|text| text.as_str_or_null().ok().flatten());
            if texts.any(|text| folded(text).contains(&wanted)) {
                count += 1;
                if shown.len() < SHOWN {
                    shown.push(named(row).map_err(failed)?);
                }
            }
        }
        Ok(match count {
            0 => None,
            1 => shown.pop().map(Found::One),
            _ => Some(Found::Several { shown, count }),
        })
    }

    fn nearest(&self, wanted: &str) -> Result<Option<Named>, CrmError> {
        let failed = |error: rusqlite::Error| self.error(&error);
        let wanted = wanted.to_lowercase();
        let limit = (wanted.chars().count() / 3).clamp(1, 4);
        let mut statement = self.connection.prepare(NAMED).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        let mut best: Option<(usize, Named)> = None;
        while let Some(row) = rows.next().map_err(failed)? {
            let (name, email) = (row.get_ref(1).map_err(failed)?, row.get_ref(2).map_err(failed)?);
            let texts = [name.as_str_or_null(), email.as_str_or_null()];
            for text in texts.into_iter().filter_map(|text| text.ok().flatten()) {
                let most = best.as_ref().map_or(limit, |(distance, _)| distance.saturating_sub(1));
                if text.chars().count().abs_diff(wanted.chars().count()) <= most {
                    let distance = strsim::osa_distance(&wanted, &text.to_lowercase());
                    if distance <= most && best.as_ref().is_none_or(|(least, _)| distance < *least) {
                        best = Some((distance, named(row).map_err(failed)?));
                    }
                }
            }
        }
        Ok(best.map(|(_, named)| named))
    }
}

fn one_or_several(mut found: Vec<Named>) -> Option<Found> {
    match found.len() {
        0 => None,
        1 => found.pop().map(Found::One),
        count => {
            found.truncate(SHOWN);
            Some(Found::Several { shown: found, count })
        }
    }
}

fn named(row: &Row<'_>) -> rusqlite::Result<Named> {
    Ok(Named { id: ContactId(row.get(0)?), name: row.get(1)?, email: row.get(2)?, company: row.get(3)? })
}
