//! A cell to a value: missing, meanings, words, lists, numbers, dates. Pure: no file, no CRM, no clock.

mod address;
mod moment;
mod number;

use std::borrow::Cow;
use std::collections::HashMap;

use compiler::program::{Client, Conversion, Fixed, Meaning, Source, Type, Value};
use jiff::tz::TimeZone;
use smol_str::SmolStr;

pub(super) use address::is_address;
pub(super) use moment::{Form, pattern_error};
use number::Style;

use super::visible;

/// Why a cell means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// Problems of one kind in one column are told once, with their count.
    pub(super) kind: &'static str,
    /// For the reader, with the cell in it.
    pub(super) reason: String,
    /// The way in which a date is written, where it is one.
    pub(super) form: Option<Form>,
}

impl Problem {
    pub(super) fn new(kind: &'static str, reason: String) -> Self {
        Self { kind, reason, form: None }
    }

    fn date(form: Form, text: &str) -> Self {
        Self {
            kind: "date form",
            reason: format!("`{text}` is a date written otherwise than asked for"),
            form: Some(form),
        }
    }
}

/// How text is brought into the form in which it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Normal {
    /// Blanks at the ends go.
    Trimmed,
    /// Inner blanks become one, too.
    Key,
    /// Lower case.
    Email,
    /// `https://www.Example.com/about` is `example.com`.
    Domain,
}

impl Normal {
    /// What a field of that name is kept as; `key` where rows or records are known again by it.
    pub(super) fn of(field: &str, standard: bool, key: bool) -> Self {
        match field {
            "email" if standard => Self::Email,
            "domain" if standard => Self::Domain,
            _ if key => Self::Key,
            _ => Self::Trimmed,
        }
    }

    fn apply(self, text: &str) -> SmolStr {
        match self {
            Self::Trimmed => text.into(),
            Self::Key => one_blank(text),
            Self::Email => text.strip_prefix("mailto:").unwrap_or(text).trim().to_lowercase().into(),
            Self::Domain => domain(text).into(),
        }
    }
}

fn one_blank(text: &str) -> SmolStr {
    if text.contains("  ") || text.contains(|letter: char| letter.is_whitespace() && letter != ' ') {
        return text.split_whitespace().collect::<Vec<_>>().join(" ").into();
    }
    text.into()
}

fn domain(text: &str) -> String {
    let lower = text.to_lowercase();
    let bare = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let bare = bare.split(['/', '?', '#', ':']).next().unwrap_or(bare);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    bare.trim_end_matches('.').trim().to_owned()
}

/// How the cells of one column are read.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    ty: Type,
    normal: Normal,
    missing: Vec<SmolStr>,
    means: HashMap<SmolStr, Meaning>,
    others: Option<Meaning>,
    split_by: Option<SmolStr>,
    unit_seconds: Option<u32>,
    style: Style,
    currency: SmolStr,
    moments: moment::Reader,
    /// A text of several lines.
    keeps_lines: bool,
    /// The words of a `one of`, folded.
    words: HashMap<String, SmolStr>,
}

impl Cells {
    pub(super) fn new(
        source: &Source,
        client: &Client,
        zone: &TimeZone,
        ty: &Type,
        conversion: &Conversion,
        normal: Normal,
    ) -> Self {
        let words = match ty {
            Type::OneOf(words) => words.as_slice(),
            Type::List(of) => match of.as_ref() {
                Type::OneOf(words) => words.as_slice(),
                _ => &[],
            },
            _ => &[],
        };
        Self {
            ty: ty.clone(),
            normal,
            missing: source.missing.clone(),
            means: conversion.means.iter().cloned().collect(),
            others: conversion.others.clone(),
            split_by: conversion.split_by.clone(),
            unit_seconds: conversion.unit_seconds,
            style: Style { decimal_comma: source.decimal_comma, semicolons: false },
            currency: client.currency.clone(),
            moments: moment::Reader {
                pattern: conversion.pattern.as_ref().map(ToString::to_string),
                zone: zone.clone(),
            },
            keeps_lines: false,
            words: words.iter().map(|word| (folded(word), word.clone())).collect(),
        }
    }

    /// The file separates its cells by `;`, as programs do where commas are decimal.
    pub(super) fn in_semicolons(&mut self) {
        self.style.semicolons = true;
    }

    /// The column holds texts of several lines.
    pub(super) fn keep_lines(&mut self) {
        self.keeps_lines = true;
    }

    /// The cell without what nobody sees; borrowed where there was nothing of the kind.
    pub(super) fn clean<'c>(&self, cell: &'c str) -> Cow<'c, str> {
        let cell = cell.trim();
        if self.keeps_lines { visible::lines(cell) } else { visible::line(cell) }
    }

    /// What the cell says; none where it is missing.
    pub(super) fn value(&self, cell: &str) -> Result<Option<Value>, Problem> {
        let cell = self.clean(cell);
        let cell = cell.trim();
        if self.is_missing(cell) {
            return Ok(None);
        }
        match &self.ty {
            Type::List(of) => self.list(cell, of).map(|items| items.map(Value::List)),
            ty => self.one(cell, ty),
        }
    }

    /// The cell's parts, each with its meaning, for looking records up; none of them is missing.
    pub(super) fn keys(&self, cell: &str) -> Result<Vec<Value>, Problem> {
        let cell = self.clean(cell);
        let cell = cell.trim();
        if self.is_missing(cell) {
            return Ok(Vec::new());
        }
        let mut keys = Vec::new();
        for part in self.parts(cell) {
            if self.is_missing(&part) {
                continue;
            }
            match self.one(&part, &self.ty) {
                // Nobody has such an address: it leads nowhere, and the row has more to say.
                Err(problem) if problem.kind == address::KIND => keys.push(Value::Text(self.normal.apply(&part))),
                read => keys.extend(read?),
            }
        }
        Ok(keys)
    }

    fn is_missing(&self, cell: &str) -> bool {
        cell.is_empty() || self.missing.iter().any(|missing| missing == cell)
    }

    fn parts(&self, cell: &str) -> Vec<String> {
        if let Some(items) = cell.starts_with('[').then(|| serde_json::from_str::<Vec<String>>(cell).ok()).flatten() {
            return items.into_iter().map(|item| self.clean(&item).trim().to_owned()).collect();
        }
        match &self.split_by {
            Some(separator) => cell.split(separator.as_str()).map(|part| part.trim().to_owned()).collect(),
            None => vec![cell.to_owned()],
        }
    }

    fn list(&self, cell: &str, of: &Type) -> Result<Option<Vec<SmolStr>>, Problem> {
        match self.means.get(cell) {
            Some(Meaning::Missing) => return Ok(None),
            Some(Meaning::Empty) => return Ok(Some(Vec::new())),
            Some(Meaning::Value(_)) | None => {}
        }
        let mut items = Vec::new();
        for part in self.parts(cell) {
            if self.is_missing(&part) {
                continue;
            }
            match self.one(&part, of)? {
                Some(Value::Text(text)) => items.push(text),
                Some(Value::Number(number)) => items.push(number.to_string().into()),
                Some(Value::YesNo(yes)) => items.push(if yes { "yes" } else { "no" }.into()),
                Some(Value::List(_)) | None => {}
            }
        }
        // All that it named is missing: it is not known to be empty.
        Ok((!items.is_empty() || cell.starts_with('[')).then_some(items))
    }

    fn one(&self, cell: &str, ty: &Type) -> Result<Option<Value>, Problem> {
        if let Some(meaning) = self.means.get(cell) {
            return self.meant(meaning, ty);
        }
        let read = match ty {
            Type::Text if self.normal == Normal::Email => address::read(&self.normal.apply(cell)).map(Value::Text),
            Type::Text => match &self.others {
                Some(others) => return self.meant(others, ty),
                None => Ok(Value::Text(self.normal.apply(cell))),
            },
            Type::OneOf(words) => self.word(cell, words).map(Value::Text),
            Type::YesNo => yes_no(cell).map(Value::YesNo),
            Type::Number | Type::Score => number::number(cell, self.style).map(Value::Number),
            Type::Percent => number::percent(cell, self.style).map(Value::Number),
            Type::Money => number::money(cell, self.style, &self.currency).map(Value::Number),
            Type::Duration => number::duration(cell, self.style, self.unit_seconds).map(Value::Number),
            Type::Date => self.moments.date(cell).map(Value::Number),
            Type::Time => self.moments.time(cell).map(Value::Number),
            Type::List(_) | Type::Record(_) => Ok(Value::Text(self.normal.apply(cell))),
        };
        match (read, &self.others) {
            (Ok(value), _) => Ok(Some(value)),
            (Err(_), Some(others)) => self.meant(others, ty),
            (Err(problem), None) => Err(problem),
        }
    }

    fn meant(&self, meaning: &Meaning, ty: &Type) -> Result<Option<Value>, Problem> {
        let Meaning::Value(word) = meaning else { return Ok(None) };
        Ok(Some(match ty {
            Type::YesNo => Value::YesNo(word == "yes"),
            Type::Number | Type::Percent | Type::Money | Type::Duration | Type::Score => {
                let number = word.parse::<Fixed>();
                Value::Number(
                    number.map_err(|error| Problem::new("meaning", format!("`{word}` is meant, which is {error}")))?,
                )
            }
            _ => Value::Text(word.clone()),
        }))
    }

    fn word(&self, cell: &str, words: &[SmolStr]) -> Result<SmolStr, Problem> {
        if let Some(word) = self.words.get(&folded(cell)) {
            return Ok(word.clone());
        }
        let list = if words.len() > 12 { String::new() } else { format!(" ({})", words.join(", ")) };
        Err(Problem::new(
            "word",
            format!(
                "`{cell}` is none of the field's words{list}: say what it means, `\"{cell}\" means …`, or `others mean missing`"
            ),
        ))
    }
}

/// Lower case, with one `_` for each run of blanks, hyphens and underscores.
pub(super) fn folded(word: &str) -> String {
    let parts = word.split(|letter: char| letter.is_whitespace() || matches!(letter, '-' | '_'));
    parts.filter(|part| !part.is_empty()).map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

fn yes_no(cell: &str) -> Result<bool, Problem> {
    match cell.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" => Ok(true),
        "no" | "n" | "false" | "0" => Ok(false),
        _ => Err(Problem::new(
            "yes/no",
            format!("`{cell}` is neither yes nor no: say `\"{cell}\" means yes`, no or missing"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(ty: &Type, conversion: &Conversion) -> Cells {
        let source = Source {
            name: "leads".into(),
            files: Vec::new(),
            signature: Vec::new(),
            target: compiler::program::Target::Events { event: None, keyed: false },
            reports: Vec::new(),
            missing: vec!["Select".into()],
            decimal_comma: false,
            separator: None,
            encoding: None,
            mappings: Vec::new(),
            preset: false,
            origin: compiler::program::Origin::default(),
        };
        Cells::new(&source, &Client::default(), &TimeZone::UTC, ty, conversion, Normal::Trimmed)
    }

    fn text(value: &str) -> Option<Value> {
        Some(Value::Text(value.into()))
    }

    fn list(values: &[&str]) -> Option<Value> {
        Some(Value::List(values.iter().map(|value| (*value).into()).collect()))
    }

    fn industry() -> Type {
        Type::OneOf(vec!["food_and_drink".into(), "solar_epc".into(), "other".into()])
    }

    #[test]
    fn missing_in_disguise_is_missing() {
        let plain = cells(&Type::Text, &Conversion::default());
        for cell in ["", "  ", "Select", " Select "] {
            assert_eq!(plain.value(cell), Ok(None), "{cell:?}");
        }
        assert_eq!(plain.value("select"), Ok(text("select")), "only to the letter");
        let means =
            cells(&Type::Text, &Conversion { means: vec![("-".into(), Meaning::Missing)], ..Conversion::default() });
        assert_eq!(means.value(" - "), Ok(None));
    }

    #[test]
    fn words_are_found_whatever_their_case_and_blanks() {
        let column = cells(&industry(), &Conversion::default());
        for cell in ["Food and Drink", "FOOD_AND_DRINK", "food-and  drink"] {
            assert_eq!(column.value(cell), Ok(text("food_and_drink")), "{cell}");
        }
        insta::assert_snapshot!(column.value("Fishing").unwrap_err().reason, @r#"`Fishing` is none of the field's words (food_and_drink, solar_epc, other): say what it means, `"Fishing" means …`, or `others mean missing`"#);
        let means = vec![("Solar".into(), Meaning::Value("solar_epc".into()))];
        let others = cells(
            &industry(),
            &Conversion { means, others: Some(Meaning::Value("other".into())), ..Conversion::default() },
        );
        assert_eq!(others.value("Solar"), Ok(text("solar_epc")));
        assert_eq!(others.value("Fishing"), Ok(text("other")));
    }

    #[test]
    fn yes_and_no_are_read_in_many_ways() {
        let means = vec![("Ja".into(), Meaning::Value("yes".into()))];
        let column = cells(&Type::YesNo, &Conversion { means, ..Conversion::default() });
        for (cell, yes) in
            [("YES", true), ("y", true), ("True", true), ("1", true), ("Ja", true), ("no", false), ("FALSE", false)]
        {
            assert_eq!(column.value(cell), Ok(Some(Value::YesNo(yes))), "{cell}");
        }
        assert_eq!(column.value("perhaps").unwrap_err().kind, "yes/no");
    }

    #[test]
    fn lists_are_split_or_json() {
        let split = Conversion {
            split_by: Some(";".into()),
            means: vec![("none".into(), Meaning::Empty)],
            ..Conversion::default()
        };
        let column = cells(&Type::List(Box::new(Type::Text)), &split);
        assert_eq!(column.value("a; b ;;Select"), Ok(list(&["a", "b"])));
        assert_eq!(column.value("[\"a;b\", \"c\"]"), Ok(list(&["a;b", "c"])));
        assert_eq!(column.value("[]"), Ok(list(&[])));
        assert_eq!(column.value("none"), Ok(list(&[])));
        assert_eq!(column.value(""), Ok(None));
        assert_eq!(column.value(";"), Ok(None));
    }

    #[test]
    fn addresses_and_domains_have_one_form() {
        assert_eq!(domain("https://www.Example.com/about?x#y"), "example.com");
        assert_eq!(domain("EXAMPLE.com:8080"), "example.com");
        assert_eq!(domain("sub.example.com."), "sub.example.com");
        assert_eq!(Normal::Email.apply("Ann@Example.COM"), "ann@example.com");
        assert_eq!(Normal::Key.apply("Solar  West\u{a0}Ltd"), "Solar West Ltd");
    }
}
