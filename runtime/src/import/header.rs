//! The header line: which column is called what, and which name is nearest to one that is not there.

use super::ImportError;
use super::error::MissingColumn;
use super::rows::Row;

/// The headers of a file, blanks at their ends gone and inner ones made one.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    names: Vec<String>,
}

impl Header {
    /// Refuses two columns of one name. Columns without one are left to the rows: they are an error only where they hold data.
    pub(super) fn new(row: &Row) -> Result<Self, ImportError> {
        let names: Vec<String> = row.cells().map(tidy).collect();
        for (index, name) in names.iter().enumerate() {
            let same = |from: usize| names.iter().enumerate().skip(from).filter(|(_, other)| *other == name);
            if !name.is_empty() && same(index + 1).next().is_some() {
                let columns: Vec<usize> = same(index).map(|(index, _)| index + 1).collect();
                return Err(ImportError::DuplicateHeader { header: name.clone(), count: columns.len(), columns });
            }
        }
        Ok(Self { names })
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn name(&self, index: usize) -> &str {
        self.names.get(index).map_or("", String::as_str)
    }

    /// Columns without a name.
    pub(super) fn nameless(&self) -> Vec<usize> {
        self.names.iter().enumerate().filter(|(_, name)| name.is_empty()).map(|(index, _)| index).collect()
    }

    /// The first of these headers that is there.
    pub(super) fn find<'a>(&self, wanted: impl IntoIterator<Item = &'a str>) -> Option<usize> {
        wanted.into_iter().find_map(|wanted| {
            let wanted = tidy(wanted);
            self.names.iter().position(|name| *name == wanted)
        })
    }

    /// What to say about headers that are not there.
    pub(super) fn missing(&self, headers: &[&str], field: Option<&str>) -> MissingColumn {
        let nearest = headers.iter().find_map(|header| self.nearest(header));
        MissingColumn {
            headers: headers.iter().map(|header| (*header).to_owned()).collect(),
            field: field.map(str::to_owned),
            nearest: nearest.map(str::to_owned),
        }
    }

    fn nearest(&self, wanted: &str) -> Option<&str> {
        let wanted = plain(wanted);
        let limit = (wanted.chars().count() / 3).clamp(1, 4);
        let measured = self
            .names
            .iter()
            .filter(|name| !name.is_empty())
            .map(|name| (strsim::osa_distance(&plain(name), &wanted), name.as_str()));
        measured.filter(|(distance, _)| *distance <= limit).min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
    }
}

fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `E-Mail address` and `email_address` are nearly the same.
fn plain(name: &str) -> String {
    name.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect()
}
