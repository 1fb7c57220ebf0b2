//! What of a Program goes into an assignment: names instead of ids, so that a port needs no Program. Pure.

use compiler::program::{FieldPath, Fixed, PhraseSet, Piece, Program, Rubric, Type, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use language::SCALE;
use smol_str::{SmolStr, format_smolstr};

use super::{Part, Phrases, PhrasesKind, RubricLine, Wanted};

/// What a field is called in an assignment: `contact.first_name` for one of the record's own, the relations walked for others,
/// `company.industry`.
#[must_use]
pub fn path(program: &Program, path: &FieldPath) -> SmolStr {
    let name = program.path_name(path);
    if !path.relations.is_empty() {
        return name.into();
    }
    match program.entities.get(path.entity.index()) {
        Some(entity) => format_smolstr!("{}.{name}", entity.table),
        None => name.into(),
    }
}

/// A field that is wanted; none where the Program has none there.
#[must_use]
pub fn wanted(program: &Program, field: &FieldPath) -> Option<Wanted> {
    Some(Wanted { path: path(program, field), ty: program.field(field)?.ty.clone() })
}

/// A template's subject or body.
#[must_use]
pub fn parts(program: &Program, pieces: &[Piece]) -> Vec<Part> {
    let part = |piece: &Piece| match piece {
        Piece::Literal(text) => Part::Literal(text.clone()),
        Piece::Fill { field, otherwise, .. } => Part::Fact { path: path(program, field), otherwise: otherwise.clone() },
        Piece::Sender { field, otherwise } => Part::Sender { field: field.clone(), otherwise: otherwise.clone() },
        Piece::Client => Part::Client,
    };
    pieces.iter().map(part).collect()
}

/// A rubric's lines.
#[must_use]
pub fn rubric_lines(rubric: &Rubric) -> Vec<RubricLine> {
    rubric.lines.iter().map(|(points, earns)| RubricLine { points: *points, earns: earns.clone() }).collect()
}

/// Phrases and objections.
#[must_use]
pub fn phrases(sets: &[PhraseSet]) -> Vec<Phrases> {
    let kind = |set: &PhraseSet| match (set.objection, set.hidden) {
        (true, true) => PhrasesKind::HiddenObjection,
        (true, false) => PhrasesKind::Objection,
        (false, _) => PhrasesKind::Said,
    };
    sets.iter().map(|set| Phrases { name: set.name.clone(), kind: kind(set), texts: set.texts.clone() }).collect()
}

/// A value as it reads in a sentence: `12`, `NZD 5000`, `25%`, `90 minutes`, `2026-05-01`, `Procore, simPRO`.
#[must_use]
pub fn reads(value: &Value, ty: &Type, currency: &str, zone: &TimeZone) -> SmolStr {
    match (value, ty) {
        (Value::Text(text), _) => text.clone(),
        (Value::YesNo(yes), _) => if *yes { "yes" } else { "no" }.into(),
        (Value::List(list), _) => list.join(", ").into(),
        (Value::Number(number), Type::Percent) => format_smolstr!("{number}%"),
        (Value::Number(number), Type::Money) => format_smolstr!("{currency} {number}"),
        (Value::Number(number), Type::Duration) => duration(*number),
        (Value::Number(number), Type::Date) => day(*number, &TimeZone::UTC, "%Y-%m-%d"),
        (Value::Number(number), Type::Time) => day(*number, zone, "%Y-%m-%d %H:%M"),
        (Value::Number(number), _) => format_smolstr!("{number}"),
    }
}

fn day(seconds: Fixed, zone: &TimeZone, form: &str) -> SmolStr {
    match Timestamp::from_microsecond(seconds.0) {
        Ok(at) => format_smolstr!("{}", at.to_zoned(zone.clone()).strftime(form)),
        Err(_) => format_smolstr!("{seconds}"),
    }
}

/// In the largest unit that divides it.
fn duration(seconds: Fixed) -> SmolStr {
    for (unit, name) in [(86_400, "day"), (3600, "hour"), (60, "minute")] {
        if seconds.0 != 0 && seconds.0 % (unit * SCALE) == 0 {
            return counted(Fixed(seconds.0 / unit), name);
        }
    }
    counted(seconds, "second")
}

fn counted(number: Fixed, unit: &str) -> SmolStr {
    format_smolstr!("{number} {unit}{}", if number == Fixed::ONE { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use compiler::program::{Entity, EntityId, Field, FieldId, Origin, Subject};

    use super::*;

    #[test]
    fn values_read_as_people_write_them() {
        let zone = TimeZone::get("Pacific/Auckland").unwrap();
        let number = |number, ty: &Type| reads(&Value::Number(Fixed::from_integer(number)), ty, "NZD", &zone);
        assert_eq!(number(5000, &Type::Money), "NZD 5000");
        assert_eq!(number(25, &Type::Percent), "25%");
        assert_eq!(number(5400, &Type::Duration), "90 minutes");
        assert_eq!(number(86_400, &Type::Duration), "1 day");
        assert_eq!(number(86_400, &Type::Date), "1970-01-02");
        assert_eq!(number(1_777_582_800, &Type::Time), "2026-05-01 09:00");
        assert_eq!(number(12, &Type::Number), "12");
        let list = Value::List(vec!["Procore".into(), "simPRO".into()]);
        assert_eq!(reads(&list, &Type::List(Box::new(Type::Text)), "NZD", &zone), "Procore, simPRO");
        assert_eq!(reads(&Value::YesNo(false), &Type::YesNo, "NZD", &zone), "no");
    }

    /// A contact of a company of an industry.
    fn program() -> Program {
        let field = |name: &str, ty: Type| Field {
            name: name.into(),
            column: name.into(),
            ty,
            optional: true,
            standard: true,
            origin: Origin::default(),
        };
        let entity =
            |name: &str, fields| Entity { name: name.into(), table: name.to_lowercase().into(), fields, docs: None };
        let contact = vec![field("first_name", Type::Text), field("company", Type::Record(EntityId(1)))];
        let entities = vec![entity("Contact", contact), entity("Company", vec![field("industry", Type::Text)])];
        Program { entities, ..Program::default() }
    }

    #[test]
    fn fields_are_named_from_the_records_word_on() {
        let program = program();
        let own = FieldPath { entity: EntityId(0), relations: Vec::new(), field: FieldId(0) };
        let of_company = FieldPath { entity: EntityId(0), relations: vec![FieldId(1)], field: FieldId(0) };
        assert_eq!(path(&program, &own), "contact.first_name");
        assert_eq!(path(&program, &of_company), "company.industry");
        assert_eq!(wanted(&program, &of_company), Some(Wanted { path: "company.industry".into(), ty: Type::Text }));
        let nowhere = FieldPath { field: FieldId(9), ..own.clone() };
        assert_eq!(wanted(&program, &nowhere), None);
        let pieces = [
            Piece::Literal("Hi ".into()),
            Piece::Fill { of: Subject::Own(EntityId(0)), field: own, otherwise: Some("there".into()) },
            Piece::Client,
        ];
        let first_name = Part::Fact { path: "contact.first_name".into(), otherwise: Some("there".into()) };
        assert_eq!(parts(&program, &pieces), [Part::Literal("Hi ".into()), first_name, Part::Client]);
    }
}
