//! E1006: an experiment tries what is neither a channel nor a template.

use language::syntax::Name;
use smol_str::SmolStr;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::{ArmKind, FileId};

pub(crate) static CODE: Code = Code {
    id: "E1006",
    name: "unknown-arm",
    severity: Severity::Error,
    page: r#"
An experiment tries channels, the ways in which something can be sent, or templates, the messages that can be written. `use std.actions`
brings the channels email, linkedin, phone, sms and letter.

```playbook wrong
use std.crm
use std.actions
experiment channel_mix {
  try      email, linkdin
  success  reply.received within 10 days
}
```

```playbook right
use std.crm
use std.actions
experiment channel_mix {
  try      email, linkedin
  success  reply.received within 10 days
}
```

Another channel is declared as an action, `action send whatsapp external`, another message as a template.
"#,
};

/// What is tried; the kind of what is tried beside it, where there is something; the channels and the templates that there are.
pub(crate) fn diagnostic(
    file: FileId,
    arm: &Name,
    wanted: Option<ArmKind>,
    channels: &[SmolStr],
    templates: &[SmolStr],
) -> Diagnostic {
    let (what, label) = match wanted {
        Some(ArmKind::Channels) => ("channel", "nothing is sent so"),
        Some(ArmKind::Templates) => ("template", "nothing is written so"),
        None => ("channel or template", "nothing is sent or written so"),
    };
    let known: Vec<&SmolStr> = match wanted {
        Some(ArmKind::Channels) => channels.iter().collect(),
        Some(ArmKind::Templates) => templates.iter().collect(),
        None => channels.iter().chain(templates).collect(),
    };
    let found = Diagnostic::new(&CODE, format!("there is no {what} `{}`", arm.text), file, arm.span, label);
    if let Some(meant) = nearest(&arm.text, known.iter().map(|known| known.as_str())) {
        let edit = Edit { file, span: arm.span, replacement: meant.to_owned() };
        return found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit]);
    }
    if channels.is_empty() && wanted != Some(ArmKind::Templates) {
        return found.help("channels come with `use std.actions`: add that line");
    }
    let known: Vec<SmolStr> = known.into_iter().cloned().collect();
    found.help(format!("there is {}", words::list(&known, "and", 12)))
}

/// A score is tried.
pub(crate) fn score(file: FileId, arm: &Name) -> Diagnostic {
    let headline = format!("score `{}` cannot be an arm", arm.text);
    Diagnostic::new(&CODE, headline, file, arm.span, "a score").help(
        "an experiment tries channels or templates; two scores are compared over what has happened with a `backtest` of each",
    )
}
