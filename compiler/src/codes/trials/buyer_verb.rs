//! E1103: something that no buyer does in a scenario.

use language::syntax::Path;

use super::suggested;
use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1103",
    name: "buyer-verb",
    severity: Severity::Error,
    page: r#"
A buyer does something that is an event, most often after another one. A verb stands for both: `replies to outreach` is `reply.received` after
`outreach.sent`, `attends meeting` is `meeting.attended` after `meeting.booked`, else `meeting.missed`.

```playbook wrong
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
scenario "first quarter" {
  leads 20 per week from "contacts.csv" for 8 weeks
  buyer repleis to outreach 14% within 5 days
}
```

Write the verb, or the event itself and after which other one:

```playbook right
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
scenario "first quarter" {
  leads 20 per week from "contacts.csv" for 8 weeks
  buyer replies to outreach 14% within 5 days
  buyer page.viewed after email.clicked 40% within 1 hour
}
```
"#,
};

const EVENT: &str = "name a verb, or the event itself: `buyer page.viewed after email.clicked 40% within 1 hour`";

/// No such verb.
pub(crate) fn unknown(file: FileId, act: &Path, known: &[&str]) -> Diagnostic {
    let name = act.dotted();
    let found = Diagnostic::new(&CODE, format!("no buyer `{name}`"), file, act.span, "not what a buyer does here");
    suggested(found.help(EVENT), (file, act.span), &name, known)
}

/// None of the events that the verb may stand for is declared.
pub(crate) fn nothing_happens(file: FileId, act: &Path, object: Option<&Path>, tried: &[String]) -> Diagnostic {
    let name = act.dotted();
    let Some(object) = object else {
        let headline = format!("`{name}` says nothing by itself here");
        let found = Diagnostic::new(&CODE, headline, file, act.span, "no event is meant");
        return match tried {
            [] => found.help(format!("say what: `buyer {name} quiz`")),
            tried => found.help(format!("declare {}", words::list(tried, "or", 8))).help(EVENT),
        };
    };
    let headline = format!("there is no event for `{name} {}`", object.dotted());
    Diagnostic::new(&CODE, headline, file, act.span.to(object.span), "no event is meant")
        .help(format!("declare {}", words::list(tried, "or", 8)))
        .help(EVENT)
}

/// It is not known after what.
pub(crate) fn after_what(file: FileId, act: &Path, tried: &[String]) -> Diagnostic {
    let name = act.dotted();
    Diagnostic::new(&CODE, format!("it is not known after what a buyer `{name}`"), file, act.span, "after what?")
        .note(format!("of {} none is declared", words::list(tried, "and", 8)))
        .help(format!("say it: `buyer {name} … after EVENT 40%`"))
}

/// Behind the verb stands what it has nothing to do with.
pub(crate) fn to_what(file: FileId, verb: &str, object: &Path, tried: &[String]) -> Diagnostic {
    let headline = format!("`{}` says nothing behind `{verb}`", object.dotted());
    let found = Diagnostic::new(&CODE, headline, file, object.span, "no event is meant");
    match tried {
        [] => found.help("leave it out").help(EVENT),
        tried => found.help(format!("leave it out, or declare {}", words::list(tried, "or", 8))).help(EVENT),
    }
}

/// Behind an event stands something.
pub(crate) fn event_of_what(file: FileId, object: &Path, event: &str) -> Diagnostic {
    let headline = format!("`{}` says nothing behind an event", object.dotted());
    Diagnostic::new(&CODE, headline, file, object.span, "this would be ignored")
        .help(format!("write `buyer {event} after EVENT 40%`, or leave it out"))
}
