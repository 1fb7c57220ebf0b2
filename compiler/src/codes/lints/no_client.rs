//! `no-client`: a playbook that leaves open whose it is, and says what depends on that. Asked by `playbook check`; silent otherwise.

use crate::checks::no_client::{Setting, Use};
use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::{Client, Hours};

pub(crate) static CODE: Code = Code {
    id: "no-client",
    name: "no-client",
    severity: Severity::Note,
    page: r#"
No file of the playbook has a `client`, and something in it means another thing in another place: an amount of money, a day's beginning,
a time of day, business hours. It is taken for US dollars, UTC, and monday to friday from 09:00 to 17:00.

`playbook check` asks for this lint by itself; other verbs are silent about it.

```playbook wrong
use std.crm
score fit for Deal {
  +10 when value >= USD 50_000
}
```

Say whose playbook it is, once, in any of its files:

```playbook right
client "Acme" {
  currency NZD
  timezone "Pacific/Auckland"
}

use std.crm
score fit for Deal {
  +10 when value >= NZD 50_000
}
```
"#,
};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What depends on the settings, the first use of each.
pub(crate) fn diagnostic(client: &Client, first: &Use, others: &[Use]) -> Diagnostic {
    let taken: Vec<String> =
        std::iter::once(first).chain(others).map(|(setting, ..)| taken_for(*setting, client)).collect();
    let (setting, file, span) = first;
    let headline = format!("the playbook names no client, so {}", words::together(&taken));
    let mut diagnostic = Diagnostic::new(&CODE, headline, *file, *span, asked(*setting));
    for (setting, file, span) in others {
        diagnostic = diagnostic.label(*file, *span, asked(*setting));
    }
    let says: Vec<String> = std::iter::once(first).chain(others).map(|(setting, ..)| said(*setting, client)).collect();
    diagnostic.help(format!("say in a `client \"…\"` what is right, such as {}", words::list(&says, "and", 3)))
}

fn taken_for(setting: Setting, client: &Client) -> String {
    match setting {
        Setting::Currency => format!("amounts are in {}", client.currency),
        Setting::Timezone => format!("days and times are those of {}", client.timezone),
        Setting::Hours => format!("business hours are {}", hours(&client.hours)),
    }
}

const fn asked(setting: Setting) -> &'static str {
    match setting {
        Setting::Currency => "in which currency?",
        Setting::Timezone => "in which time zone?",
        Setting::Hours => "at which hours?",
    }
}

fn said(setting: Setting, client: &Client) -> String {
    match setting {
        Setting::Currency => format!("currency {}", client.currency),
        Setting::Timezone => format!("timezone \"{}\"", client.timezone),
        Setting::Hours => format!("hours {}", hours(&client.hours)),
    }
}

/// `mon to fri, 09:00 to 17:00`
fn hours(hours: &Hours) -> String {
    let days: Vec<&str> = DAYS.iter().zip(hours.days).filter(|(_, open)| *open).map(|(day, _)| *day).collect();
    let [first, last] = [days.first(), days.last()].map(|day| day.copied().unwrap_or_default());
    format!("{first} to {last}, {} to {}", hours.from.strftime("%H:%M"), hours.to.strftime("%H:%M"))
}
