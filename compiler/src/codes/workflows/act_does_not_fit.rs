//! E0809: an act without what its verb needs, or with what it cannot use.

use language::Span;
use language::syntax::Path;
use smol_str::SmolStr;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0809",
    name: "act-does-not-fit",
    severity: Severity::Error,
    page: r#"
An act lacks what its verb needs, or says something that the verb has no use for: `score` needs a score, `rate` a rubric, `write` a
template, `send` a message that was written; `via` names the channel of what is written or sent.

```playbook wrong
use std.crm
action score internal
score fit for Contact { +10 when country is NZ because "near" }
workflow Greeting for Contact {
  stage Hello {
    do score contact
    next Done when fit >= 10
    next Done after 2 days
  }
  end Done as greeted
}
```

Say what is missing:

```playbook right
use std.crm
action score internal
score fit for Contact { +10 when country is NZ because "near" }
workflow Greeting for Contact {
  stage Hello {
    do score contact by fit
    next Done when fit >= 10
    next Done after 2 days
  }
  end Done as greeted
}
```
"#,
};

/// `with`, `to`, … that the verb has no use for.
pub(crate) fn manner(file: FileId, span: Span, manner: &str, verb: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{manner}` says nothing to `{verb}`"), file, span, "this would be ignored").help(
        "`by` names the score or rubric of `score` and `rate`, `via` the channel of `write` and `send`: leave this out",
    )
}

/// Two of one kind.
pub(crate) fn manner_twice(file: FileId, span: Span, manner: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{manner}` is there twice"), file, span, "again here").help("keep one of them")
}

/// `write` without a template.
pub(crate) fn write(file: FileId, act: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "`write` needs a template", file, act, "what is written?")
        .help("name a template: `do write first_touch via email`")
}

/// `write` with an experiment that tries channels.
pub(crate) fn writes_channels(file: FileId, experiment: &Path) -> Diagnostic {
    let name = experiment.dotted();
    Diagnostic::new(
        &CODE,
        format!("experiment `{name}` tries channels, not messages"),
        file,
        experiment.span,
        "what is written?",
    )
    .help(format!("name a template, and the experiment behind it: `do write first_touch via {name}`"))
}

/// `via` with an experiment that tries templates.
pub(crate) fn sent_by_templates(file: FileId, experiment: &Path) -> Diagnostic {
    let name = experiment.dotted();
    Diagnostic::new(
        &CODE,
        format!("experiment `{name}` tries messages, not channels"),
        file,
        experiment.span,
        "no channel",
    )
    .help(format!("write what it gives: `do write {name} via email`"))
}

/// Something else than the message is sent; `template` where it is one.
pub(crate) fn send(file: FileId, span: Span, what: &str, template: bool) -> Diagnostic {
    let found = Diagnostic::new(&CODE, format!("`{what}` cannot be sent"), file, span, "not the message");
    if template {
        found.help(format!(
            "write it first, so that somebody can approve it: `do write {what} via email`, then `do send message`"
        ))
    } else {
        found.help("what the run wrote last is sent: `do send message`")
    }
}

/// `research` without a record.
pub(crate) fn research(file: FileId, act: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "`research` needs a record", file, act, "who is looked into?")
        .help("name the record, or one that it belongs to: `do research company`")
}

/// `score` without a score.
pub(crate) fn score(file: FileId, act: Span, known: &[SmolStr]) -> Diagnostic {
    let example = known.first().map_or("icp", SmolStr::as_str);
    Diagnostic::new(&CODE, "`score` needs a score", file, act, "by which one?")
        .help(format!("name it: `do score contact by {example}`"))
}

/// A score of another record.
pub(crate) fn scored(file: FileId, by: &Path, scored: &str, record: &str) -> Diagnostic {
    let headline = format!("score `{}` is about {scored}, not about {record}", by.dotted());
    Diagnostic::new(&CODE, headline, file, by.span, format!("a score for {scored}")).help(format!(
        "name the record that it is about: `do score {} by {}`",
        scored.to_lowercase(),
        by.dotted()
    ))
}

/// `rate` without a rubric.
pub(crate) fn rate(file: FileId, act: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "`rate` needs a rubric", file, act, "by which one?").help(
        "name it: `do rate needs` for one that reads notes, `do rate message by spcl` for one that reads the message",
    )
}

/// A rubric that reads something else.
pub(crate) fn rubric(file: FileId, rubric: &Path, message: bool) -> Diagnostic {
    let name = rubric.dotted();
    let (reads, write) = if message {
        ("notes, not a message", format!("do rate {name}"))
    } else {
        ("a message", format!("do rate message by {name}"))
    };
    Diagnostic::new(&CODE, format!("rubric `{name}` reads {reads}"), file, rubric.span, format!("reads {reads}"))
        .help(format!("write `{write}`"))
}
