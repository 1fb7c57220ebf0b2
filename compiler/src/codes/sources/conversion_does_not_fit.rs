//! E0509: a conversion that does not fit the field.

use language::Span;
use language::syntax::{Name, Path};

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0509",
    name: "conversion-does-not-fit",
    severity: Severity::Error,
    page: r#"
A cell is converted into something that its field cannot hold: `split by` makes lists, `as date` and `as time` days and instants, `as hours`
durations, `as NZD` money, and `others mean` is for fields with words of their own.

```playbook wrong
use std.crm
source leads from csv "leads.csv" into Contact by email {
  email from "Email"
  city  from "City" split by ";"
}
```

Leave the conversion out, or declare the field with a type that it fits:

```playbook right
use std.crm
extend Contact { cities: list of text? }
source leads from csv "leads.csv" into Contact by email {
  email  from "Email"
  cities from "City" split by ";"
}
```
"#,
};

/// The conversion as written (`split by`), its field, and what that is.
pub(crate) fn diagnostic(file: FileId, span: Span, what: &str, target: &Path, kind: &str) -> Diagnostic {
    let wanted = match what {
        "split by" => "it makes a list, or finds the first of several records",
        "as date" | "as time" => "it makes a date or a time",
        "others mean" => "it is for fields with words of their own, for yes/no, and for the names of events",
        _ => "units make a duration, a currency makes money",
    };
    let headline = format!("`{what}` does not fit `{}`, which is {kind}", target.dotted());
    Diagnostic::new(&CODE, headline, file, span, format!("`{}` is {kind}", target.dotted()))
        .note(wanted)
        .help("leave it out, or declare the field with a type that it fits")
}

/// A meaning that the field cannot hold.
pub(crate) fn meaning(file: FileId, span: Span, word: &str, target: &Path, kind: &str) -> Diagnostic {
    let headline = format!("a cell of `{}` cannot mean `{word}`", target.dotted());
    Diagnostic::new(&CODE, headline, file, span, format!("`{}` is {kind}", target.dotted()))
        .help("a cell can mean `missing`, a word that the field holds, or, for a list, `empty`")
}

/// Other cells of a column of events.
pub(crate) fn other_events(file: FileId, name: &Name) -> Diagnostic {
    Diagnostic::new(&CODE, "other cells cannot all be one event", file, name.span, "events have two words")
        .help("write `others mean missing`: those rows are left out")
}

/// The same conversion again.
pub(crate) fn twice(file: FileId, span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{what}` is there twice"), file, span, "again").help("keep one of them")
}

/// `split by ""`
pub(crate) fn empty_separator(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "a cell cannot be split by nothing", file, span, "empty")
        .help("write what stands between the values, as in `split by \";\"`")
}

/// A unit without a fixed length.
pub(crate) fn no_fixed_unit(file: FileId, span: Span, unit: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("{unit} have no fixed length"), file, span, "longer or shorter")
        .help("durations are read as seconds, minutes, hours, days or weeks")
}
