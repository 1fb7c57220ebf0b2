//! E0206: a refinement of a member that its base does not have.

use language::syntax::Name;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0206",
    name: "unknown-member",
    severity: Severity::Error,
    page: r#"
A `refine` replaces or removes a member that its base does not have. A member of the refinement stands for the base's member of
the same name; where there is none, the name is most likely misspelt.

```playbook wrong
use std.crm
score fit for Contact {
  layer company weight 100% { +100 when company.country is "NZ" }
}
refine score fit {
  layer compny weight 100% { +100 when company.country is "AU" }
}
```

Write the member's name as the base does:

```playbook right
use std.crm
score fit for Contact {
  layer company weight 100% { +100 when company.country is "NZ" }
}
refine score fit {
  layer company weight 100% { +100 when company.country is "AU" }
}
```

A score with other layers than its base's is another score: declare it under a name of its own. A source may be given fields that
its base does not map.
"#,
};

/// The member as named, its base, the nearest that there is, and all that there are.
pub(crate) fn diagnostic(file: FileId, name: &Name, base: &str, meant: Option<&str>, known: &[&str]) -> Diagnostic {
    let headline = format!("`{base}` has nothing called `{}` to refine", name.text);
    let diagnostic = Diagnostic::new(&CODE, headline, file, name.span, "not a member of the base");
    if let Some(meant) = meant {
        let edit = Edit { file, span: name.span, replacement: meant.to_owned() };
        return diagnostic.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit]);
    }
    if known.is_empty() {
        return diagnostic.help("its members have no names: write the whole list instead");
    }
    diagnostic.help(format!("it has {}", words::list(known, "and", 12)))
}
