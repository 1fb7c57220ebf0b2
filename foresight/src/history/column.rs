//! What is known of all records in one respect.

use std::collections::HashMap;

use compiler::program::FieldPath;
use smol_str::SmolStr;

/// A column: a cell for each record of a history.
#[derive(Clone, Debug)]
pub struct Column {
    /// As its file or playbook calls it.
    pub name: SmolStr,
    /// What it holds.
    pub kind: Kind,
    /// Its cells.
    pub cells: Cells,
    /// The field of the playbook that it is; none in a table.
    pub path: Option<FieldPath>,
}

/// What a column holds, and with that what may be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Numbers, durations, money: more or less of something.
    Number,
    /// Yes or no.
    YesNo,
    /// Words that come again and again.
    Words,
    /// Days or instants.
    Date,
    /// What is said of hardly more than one record: ids, names, free text. Nothing can be learned from it but whether it is there.
    Name,
}

/// Cells, missing ones among them.
#[derive(Clone, Debug)]
pub enum Cells {
    /// Numbers; not a number is missing.
    Numbers(Vec<f64>),
    /// Places in the levels, from 1; 0 is missing. Of yes/no the levels are `no` and `yes`.
    Levels {
        /// By record.
        codes: Vec<u32>,
        /// What they stand for.
        levels: Vec<SmolStr>,
    },
}

impl Column {
    /// How many cells it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        match &self.cells {
            Cells::Numbers(cells) => cells.len(),
            Cells::Levels { codes, .. } => codes.len(),
        }
    }

    /// It has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether something is known of that record.
    #[must_use]
    pub fn is_known(&self, record: u32) -> bool {
        match &self.cells {
            Cells::Numbers(cells) => cells.get(record as usize).is_some_and(|value| !value.is_nan()),
            Cells::Levels { codes, .. } => codes.get(record as usize).is_some_and(|code| *code != 0),
        }
    }

    /// A number; not a number where it is missing, or where the column has none.
    #[must_use]
    pub fn number(&self, record: u32) -> f64 {
        match &self.cells {
            Cells::Numbers(cells) => cells.get(record as usize).copied().unwrap_or(f64::NAN),
            Cells::Levels { .. } => f64::NAN,
        }
    }

    /// The place of a level, from 1; 0 where it is missing, or where the column has none.
    #[must_use]
    pub fn code(&self, record: u32) -> u32 {
        match &self.cells {
            Cells::Numbers(_) => 0,
            Cells::Levels { codes, .. } => codes.get(record as usize).copied().unwrap_or(0),
        }
    }

    /// Its levels; none of numbers.
    #[must_use]
    pub fn levels(&self) -> &[SmolStr] {
        match &self.cells {
            Cells::Numbers(_) => &[],
            Cells::Levels { levels, .. } => levels,
        }
    }

    /// A number that is the same where two cells say the same.
    #[must_use]
    pub fn fingerprint(&self, record: u32) -> u64 {
        match &self.cells {
            Cells::Numbers(_) => self.number(record).to_bits(),
            Cells::Levels { .. } => u64::from(self.code(record)),
        }
    }

    /// Whether rules can be made of it.
    #[must_use]
    pub const fn is_telling(&self) -> bool {
        matches!(self.kind, Kind::Number | Kind::YesNo | Kind::Words)
    }

    /// The cells in another order: `order` says where each comes from.
    #[must_use]
    pub fn in_order(self, order: &[u32]) -> Self {
        let cells = match self.cells {
            Cells::Numbers(cells) => Cells::Numbers(
                order.iter().map(|from| cells.get(*from as usize).copied().unwrap_or(f64::NAN)).collect(),
            ),
            Cells::Levels { codes, levels } => {
                let codes = order.iter().map(|from| codes.get(*from as usize).copied().unwrap_or(0)).collect();
                Cells::Levels { codes, levels }
            }
        };
        Self { cells, ..self }
    }
}

/// Takes a column's cells in, one after the other.
#[derive(Clone, Debug)]
pub struct Reader {
    cells: Cells,
    places: HashMap<SmolStr, u32>,
}

impl Reader {
    /// For numbers.
    #[must_use]
    pub fn numbers() -> Self {
        Self { cells: Cells::Numbers(Vec::new()), places: HashMap::new() }
    }

    /// For words.
    #[must_use]
    pub fn levels() -> Self {
        Self { cells: Cells::Levels { codes: Vec::new(), levels: Vec::new() }, places: HashMap::new() }
    }

    /// For yes and no.
    #[must_use]
    pub fn yes_no() -> Self {
        let mut reader = Self::levels();
        reader.place("no");
        reader.place("yes");
        reader
    }

    /// A number, or what is none.
    pub fn number(&mut self, value: f64) {
        if let Cells::Numbers(cells) = &mut self.cells {
            cells.push(value);
        }
    }

    /// A word; none is missing.
    pub fn word(&mut self, word: Option<&str>) {
        let code = word.map_or(0, |word| self.place(word));
        if let Cells::Levels { codes, .. } = &mut self.cells {
            codes.push(code);
        }
    }

    /// Makes the column as long as that, with missing cells.
    pub fn fill(&mut self, length: usize) {
        match &mut self.cells {
            Cells::Numbers(cells) => cells.resize(length, f64::NAN),
            Cells::Levels { codes, .. } => codes.resize(length, 0),
        }
    }

    /// How many cells it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        match &self.cells {
            Cells::Numbers(cells) => cells.len(),
            Cells::Levels { codes, .. } => codes.len(),
        }
    }

    /// It has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cells.
    #[must_use]
    pub fn finish(self) -> Cells {
        self.cells
    }

    #[expect(clippy::cast_possible_truncation, reason = "a column has fewer than four billion words")]
    fn place(&mut self, word: &str) -> u32 {
        if let Some(place) = self.places.get(word) {
            return *place;
        }
        let Cells::Levels { levels, .. } = &mut self.cells else { return 0 };
        let word = SmolStr::new(word);
        levels.push(word.clone());
        let place = levels.len() as u32;
        self.places.insert(word, place);
        place
    }
}
