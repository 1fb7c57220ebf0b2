//! E0912: a cap on sends that could not be counted.

use language::Span;
use language::syntax::Name;
use smol_str::SmolStr;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0912",
    name: "bad-cap",
    severity: Severity::Error,
    page: r#"
A cap says how many sends there are at most, for each contact or all together, in a time that has just passed: `at most 1 send per contact per 3
days`, `at most 40 sends per day`, `at most 2 emails per contact per week`.

```playbook wrong
contact policy {
  at most 1 send per contact
}
```

Say in which time:

```playbook right
contact policy {
  at most 1 send per contact per 3 days
}
```
"#,
};

/// No time.
pub(crate) fn no_time(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "this cap has no time to count in", file, span, "so many, and never more again")
        .help("say in which time: `per day`, `per 3 days`, `per week`")
}

/// Something that nothing is counted by.
pub(crate) fn unit(file: FileId, name: &Name) -> Diagnostic {
    let found =
        Diagnostic::new(&CODE, format!("sends are not counted per {}", name.text), file, name.span, "not counted by");
    match nearest(&name.text, ["contact", "hour", "day", "week", "month", "year"]) {
        Some(meant) => {
            let edit = Edit { file, span: name.span, replacement: meant.to_owned() };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None => found.help("they are counted `per contact`, and per hour, day, week, month or year"),
    }
}

/// The same said twice.
pub(crate) fn twice(file: FileId, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "a cap counts in one time", file, span, "said again here")
        .label(file, first, "first said here")
        .help("write a clause for each")
}

/// What is counted is no send.
pub(crate) fn act(file: FileId, act: &Name, channels: &[SmolStr]) -> Diagnostic {
    let found = Diagnostic::new(
        &CODE,
        format!("`{}` are not counted", act.text),
        file,
        act.span,
        "neither sends nor a channel",
    );
    let known: Vec<&str> = channels.iter().map(SmolStr::as_str).chain(["send", "sends"]).collect();
    match nearest(&act.text, known) {
        Some(meant) => {
            let edit = Edit { file, span: act.span, replacement: meant.to_owned() };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None if channels.is_empty() => found.help("count `sends`; channels come with `use std.actions`"),
        None => found.help(format!("count `sends`, or those of one channel: {}", words::list(channels, "or", 12))),
    }
}
