//! E0702: a time zone that there is not.

use language::syntax::Text;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0702",
    name: "unknown-timezone",
    severity: Severity::Error,
    page: r#"
A time zone is written as the IANA database calls it: a continent or ocean, and a city.

```playbook wrong
client "Acme" {
  timezone "Pacific/Aukland"
}
```

Write its name:

```playbook right
client "Acme" {
  timezone "Pacific/Auckland"
}
```
"#,
};

/// The name, and the names that there are.
pub(crate) fn diagnostic(file: FileId, text: &Text, known: &[String]) -> Diagnostic {
    let found = Diagnostic::new(
        &CODE,
        format!("there is no time zone \"{}\"", text.value),
        file,
        text.span,
        "not a name of the IANA database",
    );
    let city = |name: &str| name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let written = text.value.trim().to_lowercase().replace(' ', "_");
    let by_city = known.iter().find(|name| name.contains('/') && city(name) == city(&written)).map(String::as_str);
    let meant = by_city.or_else(|| nearest(&written, known.iter().map(String::as_str)));
    let meant = meant.or_else(|| {
        let cities: Vec<String> = known.iter().map(|name| city(name)).collect();
        let near = nearest(&city(&written), cities.iter().map(String::as_str))?;
        known.iter().map(String::as_str).find(|name| city(name) == near)
    });
    match meant {
        Some(meant) => {
            let edit = Edit { file, span: text.span, replacement: format!("\"{meant}\"") };
            found.help(format!("did you mean \"{meant}\"?")).fix(format!("write \"{meant}\""), false, vec![edit])
        }
        None => found.help("write a continent and a city, as in \"Pacific/Auckland\" or \"Europe/Berlin\""),
    }
}
