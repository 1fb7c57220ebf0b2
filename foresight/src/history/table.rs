//! A history from a table that no source describes: columns are typed by looking, and row order is time where no column is.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use smol_str::SmolStr;
use thiserror::Error;

use super::column::{Column, Kind, Reader};
use super::{History, Outcome, Record, Remark};

/// Rows of cells as a file has them.
#[derive(Clone, Debug, Default)]
pub struct Table {
    headers: Vec<SmolStr>,
    /// By column, by row.
    cells: Vec<Vec<SmolStr>>,
    /// The line of each row.
    lines: Vec<u64>,
    remarks: Vec<Remark>,
    /// Rows with more cells than headers, or fewer.
    ragged: u64,
}

/// How a table is looked at.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// The column with the outcome.
    pub outcome: &'a str,
    /// Which of its values is good; where absent it has to be yes or no.
    pub good: Option<&'a str>,
    /// The column that says when.
    pub time: Option<&'a str>,
    /// Only these columns are looked at; each a name, or names with commas between.
    pub only: Vec<String>,
    /// These are not; written the same way.
    pub without: Vec<String>,
    /// Cells that mean missing, beside empty ones.
    pub missing: Vec<String>,
}

/// Why a table cannot be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TableError {
    /// It has a header at most.
    #[error("the file has no rows")]
    Empty,
    /// There is no such column.
    #[error("the file has no column `{name}`")]
    NoColumn {
        /// What was asked for.
        name: String,
        /// What there is.
        columns: Vec<String>,
    },
    /// Nobody said which value is good.
    #[error("`{column}` is not yes or no: say which value is the good one")]
    WhichIsGood {
        /// The column.
        column: String,
        /// Its commonest values.
        values: Vec<String>,
    },
    /// No row has that value.
    #[error("no row has `{value}` in `{column}`")]
    NoSuchValue {
        /// The column.
        column: String,
        /// What was asked for.
        value: String,
        /// Its commonest values.
        values: Vec<String>,
    },
    /// The column of time has no times.
    #[error("`{value}` in `{column}` is no day or time")]
    NoTime {
        /// The column.
        column: String,
        /// The first cell that is none.
        value: String,
    },
}

/// Cells that often stand for nothing.
const DISGUISES: [&str; 14] = [
    "select",
    "n/a",
    "na",
    "null",
    "none",
    "nan",
    "unknown",
    "not specified",
    "-",
    "--",
    "?",
    "undefined",
    "missing",
    "nil",
];

impl Table {
    /// An empty table with that header line. Columns without a name are called by their place, and of two with one name the later one
    /// has its place behind it.
    #[must_use]
    pub fn new(headers: &[&str]) -> Self {
        let mut table = Self::default();
        for (place, header) in headers.iter().enumerate() {
            let name = header.split_whitespace().collect::<Vec<_>>().join(" ");
            let mut shown = if name.is_empty() { format!("column {}", place + 1) } else { name.clone() };
            if table.headers.iter().any(|known| *known == shown) {
                shown = format!("{shown} ({})", place + 1);
                let words = format!("two columns are called `{name}`: the later one is called `{shown}` here");
                table.remarks.push(Remark::of(&SmolStr::new(&shown), words));
            }
            table.headers.push(shown.into());
            table.cells.push(Vec::new());
        }
        table
    }

    /// Takes a row in; cells that it does not have are empty.
    pub fn row(&mut self, line: u64, cells: &[&str]) {
        if cells.len() != self.headers.len() {
            self.ragged += 1;
        }
        for (place, column) in self.cells.iter_mut().enumerate() {
            column.push(SmolStr::new(cells.get(place).copied().unwrap_or_default()));
        }
        self.lines.push(line);
    }

    /// There is a column of that very name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|header| header == name)
    }

    fn place(&self, name: &str) -> Result<usize, TableError> {
        let tidy = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let exact = self.headers.iter().position(|header| *header == tidy);
        let same = |header: &SmolStr| header.to_lowercase() == tidy.to_lowercase();
        exact.or_else(|| self.headers.iter().position(same)).ok_or_else(|| TableError::NoColumn {
            name: name.to_owned(),
            columns: self.headers.iter().map(ToString::to_string).collect(),
        })
    }

    /// The columns of a list: one, where one is called as the whole list is.
    fn places(&self, list: &str) -> Result<Vec<usize>, TableError> {
        match self.place(list) {
            Ok(place) => Ok(vec![place]),
            Err(_) => list.split(',').filter(|name| !name.trim().is_empty()).map(|name| self.place(name)).collect(),
        }
    }

    /// The history that it is.
    ///
    /// # Errors
    /// Where a column that is asked for is not there or is not what it has to be.
    pub fn history(mut self, wanted: &Wanted<'_>) -> Result<History, TableError> {
        if self.lines.is_empty() {
            return Err(TableError::Empty);
        }
        let outcome = self.place(wanted.outcome)?;
        let time = wanted.time.map(|name| self.place(name)).transpose()?;
        let mut asked = Vec::new();
        for name in &wanted.only {
            asked.extend(self.places(name)?);
        }
        let mut left_out = Vec::new();
        for name in &wanted.without {
            left_out.extend(self.places(name)?);
        }
        let goods = self.outcomes(outcome, wanted)?;
        let (times, ordered_by) = match time {
            Some(place) => (Some(self.times(place, wanted)?), self.headers.get(place).map(ToString::to_string)),
            None => (None, None),
        };
        let mut order = order(self.lines.len(), times.as_deref());
        if times.is_some() && order.len() < self.lines.len() {
            let gone = self.lines.len() - order.len();
            self.remarks.push(Remark::all(format!("{gone} rows say no time and are left out")));
        }
        order.shrink_to_fit();
        if self.ragged > 0 {
            let words = format!("{} rows have more or fewer cells than the header line", self.ragged);
            self.remarks.push(Remark::all(words));
        }
        let at = |row: u32| match &times {
            Some(times) => times.get(row as usize).copied().flatten().unwrap_or_default(),
            None => i64::from(row),
        };
        let records = order.iter().map(|&row| Record {
            name: format!("line {}", self.lines.get(row as usize).copied().unwrap_or_default()).into(),
            at: at(row),
            outcome: goods.get(row as usize).copied().flatten().map(|good| Outcome { good, known: at(row) }),
        });
        let records: Vec<Record> = records.collect();
        let mut columns = Vec::new();
        let mut remarks = std::mem::take(&mut self.remarks);
        for (place, header) in self.headers.iter().enumerate() {
            let is_asked = asked.is_empty() || asked.contains(&place);
            if place == outcome || Some(place) == time || !is_asked || left_out.contains(&place) {
                continue;
            }
            let cells = self.cells.get(place).map(Vec::as_slice).unwrap_or_default();
            if let Some(column) = typed(header, cells, &wanted.missing, &mut remarks) {
                columns.push(column.in_order(&order));
            }
        }
        let ordered_by = ordered_by.unwrap_or_else(|| "row order".to_owned());
        Ok(History { records, columns, scored: None, ordered_by, remarks, learned_from: None })
    }

    fn outcomes(&self, place: usize, wanted: &Wanted<'_>) -> Result<Vec<Option<bool>>, TableError> {
        let cells = self.cells.get(place).map(Vec::as_slice).unwrap_or_default();
        let column = || self.headers.get(place).map(ToString::to_string).unwrap_or_default();
        let said = |cell: &SmolStr| {
            let cell = cell.trim();
            (!is_missing(cell, &wanted.missing)).then(|| cell.to_owned())
        };
        if let Some(value) = wanted.good {
            let is_good = |cell: &String| cell == value || cell.eq_ignore_ascii_case(value);
            let goods: Vec<Option<bool>> = cells.iter().map(|cell| said(cell).map(|cell| is_good(&cell))).collect();
            if !goods.contains(&Some(true)) {
                let value = value.to_owned();
                return Err(TableError::NoSuchValue { column: column(), value, values: commonest(cells) });
            }
            return Ok(goods);
        }
        let mut goods = Vec::with_capacity(cells.len());
        for cell in cells {
            goods.push(match said(cell) {
                None => None,
                Some(cell) => Some(
                    yes_or_no(&cell)
                        .ok_or_else(|| TableError::WhichIsGood { column: column(), values: commonest(cells) })?,
                ),
            });
        }
        Ok(goods)
    }

    fn times(&mut self, place: usize, wanted: &Wanted<'_>) -> Result<Vec<Option<i64>>, TableError> {
        let cells = self.cells.get(place).map(Vec::as_slice).unwrap_or_default();
        let said: Vec<Option<&str>> =
            cells.iter().map(|cell| Some(cell.trim()).filter(|cell| !is_missing(cell, &wanted.missing))).collect();
        let mut first_failure = None;
        for reading in Reading::ALL {
            match said.iter().map(|cell| cell.map_or(Ok(None), |cell| reading.of(cell).map(Some).ok_or(cell))).collect()
            {
                Ok(times) => {
                    let both = reading == Reading::DayFirst
                        && said.iter().flatten().all(|cell| Reading::MonthFirst.of(cell).is_some());
                    if both {
                        let words = "every date could be read with the day or the month first: the day is taken to be"
                            .to_owned();
                        let name = self.headers.get(place).cloned().unwrap_or_default();
                        self.remarks.push(Remark::of(&name, words));
                    }
                    return Ok(times);
                }
                Err(cell) => {
                    first_failure.get_or_insert(cell);
                }
            }
        }
        let column = self.headers.get(place).map(ToString::to_string).unwrap_or_default();
        Err(TableError::NoTime { column, value: first_failure.unwrap_or_default().to_owned() })
    }
}

/// Rows by their time, those without one left out; as they stand where there are no times.
#[expect(clippy::cast_possible_truncation, reason = "fewer than four billion rows are held in memory")]
fn order(rows: usize, times: Option<&[Option<i64>]>) -> Vec<u32> {
    let mut order: Vec<u32> = (0..rows as u32).collect();
    if let Some(times) = times {
        let at = |row: &u32| times.get(*row as usize).copied().flatten();
        order.retain(|row| at(row).is_some());
        order.sort_by_key(at);
    }
    order
}

/// In which ways a time may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Iso,
    DayFirst,
    MonthFirst,
    Named,
    Number,
}

impl Reading {
    const ALL: [Self; 5] = [Self::Iso, Self::DayFirst, Self::MonthFirst, Self::Named, Self::Number];

    /// In microseconds, or as the number that it is.
    fn of(self, cell: &str) -> Option<i64> {
        let day = |date: Date| instant(date.at(0, 0, 0, 0));
        match self {
            Self::Iso => {
                let cell = cell.trim_end_matches(" UTC");
                let instant_of = || cell.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_microsecond);
                // A date and a time are asked first: a day reads the beginning of either.
                instant_of()
                    .or_else(|| cell.parse::<DateTime>().ok().and_then(instant))
                    .or_else(|| cell.parse::<Date>().ok().and_then(day))
            }
            Self::DayFirst => strptime(cell, &["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"]),
            Self::MonthFirst => strptime(cell, &["%m/%d/%Y", "%m-%d-%Y"]),
            Self::Named => strptime(cell, &["%d %b %Y", "%b %d, %Y", "%d %B %Y", "%d-%b-%Y"]),
            #[expect(clippy::cast_possible_truncation, reason = "only the order matters")]
            Self::Number => number(cell).map(|value| (value * 1000.0).round() as i64),
        }
    }
}

fn instant(at: DateTime) -> Option<i64> {
    at.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|at| at.timestamp().as_microsecond())
}

fn strptime(cell: &str, patterns: &[&str]) -> Option<i64> {
    let (day, time) = cell.split_once([' ', 'T']).filter(|(_, time)| time.contains(':')).unwrap_or((cell, ""));
    let date = patterns
        .iter()
        .find_map(|pattern| Date::strptime(pattern, day).or_else(|_| Date::strptime(pattern, cell)).ok())?;
    let time = time.parse::<jiff::civil::Time>().unwrap_or_default();
    instant(date.to_datetime(time))
}

fn is_missing(cell: &str, missing: &[String]) -> bool {
    cell.is_empty() || missing.iter().any(|token| token == cell)
}

fn number(cell: &str) -> Option<f64> {
    let cell = cell.trim().trim_end_matches('%').trim_end();
    let plain = cell.starts_with(|letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '+' | '.'));
    let value = if plain { cell.parse::<f64>().ok() } else { None };
    value
        .or_else(|| {
            // `12,400`: groups of three and nothing else.
            let mut groups = cell.split(',');
            let first = groups.next()?.trim_start_matches('-');
            let digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
            let grouped = cell.contains(',')
                && first.len() <= 3
                && digits(first)
                && groups.all(|group| {
                    let whole = group.split('.').next().unwrap_or_default();
                    whole.len() == 3 && digits(whole)
                });
            grouped.then(|| cell.replace(',', "").parse().ok()).flatten()
        })
        .filter(|value| value.is_finite())
}

/// Yes, no, or neither.
fn yes_or_no(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "1" | "yes" | "y" | "true" | "t" | "1.0" | "won" => Some(true),
        "0" | "no" | "n" | "false" | "f" | "0.0" | "lost" => Some(false),
        _ => None,
    }
}

/// The commonest values, the commonest first.
fn commonest(cells: &[SmolStr]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in cells {
        *counts.entry(cell.trim()).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().filter(|(cell, _)| !cell.is_empty()).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.into_iter().take(8).map(|(cell, _)| cell.to_owned()).collect()
}

/// A column of what its cells say; none where all are missing.
fn typed(header: &SmolStr, cells: &[SmolStr], missing: &[String], remarks: &mut Vec<Remark>) -> Option<Column> {
    let said = |cell: &'_ SmolStr| !is_missing(cell.trim(), missing);
    let known: Vec<&str> = cells.iter().filter(|cell| said(cell)).map(|cell| cell.trim()).collect();
    if known.is_empty() {
        return None;
    }
    let column = |kind, reader: Reader| Some(Column { name: header.clone(), kind, cells: reader.finish(), path: None });
    if known.iter().all(|cell| yes_or_no(cell).is_some()) {
        let mut reader = Reader::yes_no();
        for cell in cells {
            let word = yes_or_no(cell.trim()).map(|yes| if yes { "yes" } else { "no" });
            reader.word(word.filter(|_| said(cell)));
        }
        return column(Kind::YesNo, reader);
    }
    if known.iter().all(|cell| number(cell).is_some()) {
        let mut reader = Reader::numbers();
        for cell in cells {
            reader.number(if said(cell) { number(cell.trim()).unwrap_or(f64::NAN) } else { f64::NAN });
        }
        let kind = if counts_rows(header, &known) { Kind::Name } else { Kind::Number };
        return column(kind, reader);
    }
    for reading in [Reading::Iso, Reading::DayFirst, Reading::MonthFirst, Reading::Named] {
        if known.iter().all(|cell| reading.of(cell).is_some()) {
            let mut reader = Reader::numbers();
            for cell in cells {
                #[expect(clippy::cast_precision_loss, reason = "to the microsecond for three centuries")]
                let at = reading.of(cell.trim()).filter(|_| said(cell)).map_or(f64::NAN, |at| at as f64);
                reader.number(at);
            }
            return column(Kind::Date, reader);
        }
    }
    let mut reader = Reader::levels();
    for cell in cells {
        // Blanks at the ends are no part of a word; inner ones are, and are pointed out.
        reader.word(Some(cell.trim()).filter(|_| said(cell)));
    }
    let mut column = column(Kind::Words, reader)?;
    if column.levels().len() * 2 > known.len().max(40) {
        column.kind = Kind::Name;
    } else {
        remark_on(&column, remarks);
    }
    Some(column)
}

/// Whole numbers of which each is there once and which grow or fall from row to row, or are called a number: they count rows.
fn counts_rows(header: &SmolStr, known: &[&str]) -> bool {
    let numbers: Vec<f64> = known.iter().filter_map(|cell| number(cell)).collect();
    if numbers.len() < 20 || numbers.iter().any(|value| value.fract() != 0.0) {
        return false;
    }
    let mut sorted = numbers.clone();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    if sorted.len() < numbers.len() {
        return false;
    }
    let steps = || numbers.iter().zip(numbers.iter().skip(1));
    let name = header.to_lowercase();
    let called = name
        .split(|letter: char| !letter.is_alphanumeric())
        .any(|word| matches!(word, "id" | "number" | "no" | "nr" | "key" | "index"));
    called || steps().all(|(one, next)| one < next) || steps().all(|(one, next)| one > next)
}

/// Points out levels that differ in case or blanks only, and those that look like nothing.
fn remark_on(column: &Column, remarks: &mut Vec<Remark>) {
    let mut same: BTreeMap<String, Vec<&SmolStr>> = BTreeMap::new();
    for level in column.levels() {
        let plain = level.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        same.entry(plain).or_default().push(level);
    }
    for (plain, levels) in same {
        let written = || levels.iter().map(|level| format!("`{level}`")).collect::<Vec<_>>();
        if levels.len() > 1 {
            let words = format!("{} differ in case or blanks only, and count as different", written().join(" and "));
            remarks.push(Remark::of(&column.name, words));
        }
        if DISGUISES.contains(&plain.as_str()) {
            let words = format!("{} looks like a missing value: --missing takes it for one", written().join(" or "));
            remarks.push(Remark::of(&column.name, words));
        }
    }
}
