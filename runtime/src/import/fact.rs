//! A fact that a person types: read as a cell of a file would be. Knows no file and no CRM.

use compiler::program::{Conversion, Origin, Program, Source, Target, Type, Value};

use super::convert::{Cells, Normal};

/// A fact as a person types it: a list has its items parted by commas.
///
/// # Errors
/// Where the text means nothing for that type: why, in words.
pub fn fact(program: &Program, ty: &Type, text: &str) -> Result<Value, String> {
    let typed = Source {
        name: "typed".into(),
        files: Vec::new(),
        signature: Vec::new(),
        target: Target::Events { event: None, keyed: false },
        reports: Vec::new(),
        missing: Vec::new(),
        decimal_comma: false,
        separator: None,
        encoding: None,
        mappings: Vec::new(),
        preset: false,
        origin: Origin::default(),
    };
    let conversion = Conversion { split_by: Some(",".into()), ..Conversion::default() };
    let zone = crate::crm::zone(program);
    let cells = Cells::new(&typed, &program.client, &zone, ty, &conversion, Normal::Trimmed);
    match cells.value(text) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err("it is empty".to_owned()),
        Err(problem) => match (problem.kind, ty) {
            ("word", Type::OneOf(words)) => Err(format!("`{text}` is none of {}", words.join(", "))),
            ("yes/no", _) => Err(format!("`{text}` is neither yes nor no")),
            _ => Err(problem.reason),
        },
    }
}
