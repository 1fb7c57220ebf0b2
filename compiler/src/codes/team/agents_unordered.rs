//! E0918: two agents that can meet on one record, in no order.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0918",
    name: "agents-unordered",
    severity: Severity::Error,
    page: r#"
Two agents can be at work on one contact at the same time, and no line of `priority` surely says who goes first: whoever comes first would,
by chance. A line with `while` decides only while it holds; `contact is in WORKFLOW` surely does where one of the two works in it.

```playbook wrong
use std.crm
agent Finder { hands "names" to human }
agent Keeper { hands "reports" to human }
priority {
  Keeper over Finder while contact is customer
}
workflow Finding for Contact by Finder {
  start on contact.created
  stage Looking { next Out after 5 days }
  end Out as found
}
workflow Keeping for Contact by Keeper {
  start on deal.won
  stage Caring { next Out after 90 days }
  end Out as cared_for
}
```

Put them in order for all other cases; the last line may stand without a `while`:

```playbook right
use std.crm
agent Finder { hands "names" to human }
agent Keeper { hands "reports" to human }
priority {
  Keeper over Finder while contact is customer because "a customer is not a prospect"
  Finder over Keeper                           because "first come, first served"
}
workflow Finding for Contact by Finder {
  start on contact.created
  stage Looking { next Out after 5 days }
  end Out as found
}
workflow Keeping for Contact by Keeper {
  start on deal.won
  stage Caring { next Out after 90 days }
  end Out as cared_for
}
```
"#,
};

/// Who meets, and where.
pub(crate) struct Meeting<'a> {
    pub(crate) one: AtWork<'a>,
    pub(crate) other: AtWork<'a>,
    /// A line that names both and does not always hold.
    pub(crate) sometimes: Option<String>,
}

/// An agent at work in a stage.
pub(crate) struct AtWork<'a> {
    pub(crate) agent: &'a str,
    /// `Funnel.Opening`
    pub(crate) stage: &'a str,
    pub(crate) place: (FileId, Span),
}

/// The table of priorities, if there is one, and the meeting.
pub(crate) fn diagnostic(table: Option<(FileId, Span)>, meeting: &Meeting<'_>) -> Diagnostic {
    let Meeting { one: first, other: second, sometimes } = meeting;
    let (one, other) = (first.agent, second.agent);
    let headline = format!("`{one}` and `{other}` can meet on one contact, and nothing says who goes first");
    let label = format!("`{one}` may be at work here …");
    let found = match table {
        Some((file, span)) => Diagnostic::new(&CODE, headline, file, span, "no line surely puts the two in order")
            .label(first.place.0, first.place.1, label),
        None => Diagnostic::new(&CODE, headline, first.place.0, first.place.1, label),
    };
    let found = found
        .label(second.place.0, second.place.1, format!("… while `{other}` is here"))
        .note(format!("a contact can be in `{}` and in `{}` at once", first.stage, second.stage));
    let found = match sometimes {
        Some(line) => found.note(format!("`{line}` names both, and holds only sometimes")),
        None => found,
    };
    found.help(format!("add a line to `priority` that always holds: `{one} over {other}`, or the other way round"))
}

/// The first meeting, where no line orders anybody, with the others that can meet.
pub(crate) fn and_others(first: Diagnostic, others: &[String]) -> Diagnostic {
    let shown: Vec<&str> = others.iter().take(6).map(String::as_str).collect();
    let more = others.len().saturating_sub(shown.len());
    let more = if more == 0 { String::new() } else { format!(", and {more} more pairs") };
    let mut found = first.note(format!("so can {}{more}: there is no `priority` at all", shown.join(", ")));
    found.help =
        vec!["write `priority { … }` with a line for each pair; its last line may be `AGENT over everyone`".to_owned()];
    found
}
