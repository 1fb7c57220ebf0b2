//! What the tests of ports share: assignments about made-up people.

use compiler::program::{Fixed, Hours, Type, Value};
use runtime::agents::{Assignment, Direction, EvidenceId, Given, Heard, Named, Part, RubricLine, Task, Wanted};

pub(crate) fn instant(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

/// About Ana Kahu of Acme Builders, both made up.
pub(crate) fn assignment(task: Task) -> Assignment {
    Assignment {
        work: 7,
        key: "work-7".into(),
        agent: "LeadGen".into(),
        task,
        facts: vec![
            text("contact.first_name", "Ana"),
            text("contact.email", "ana.kahu@acme.example"),
            text("company.name", "Acme Builders"),
            text("company.domain", "acme.example"),
            Given {
                path: "company.employees".into(),
                value: Value::Number(Fixed::from_integer(40)),
                words: "40".into(),
                observed: Some(instant("2026-03-01T00:00:00Z")),
                evidence: EvidenceId("field-5".into()),
            },
        ],
        conversations: vec![
            said("talk-1", Direction::Outbound, "How do you do it today? We copy and paste, too."),
            said(
                "talk-2",
                Direction::Inbound,
                "Hi. We copy\u{a0}and  paste all weekend, honestly. Not this quarter though! We lost 12 bids in May.",
            ),
            said("talk-3", Direction::Inbound, "Send me something. COPY AND PASTE is what we do."),
        ],
        now: instant("2026-11-30T20:00:00Z"),
    }
}

pub(crate) fn text(path: &str, value: &str) -> Given {
    Given {
        path: path.into(),
        value: Value::Text(value.into()),
        words: value.into(),
        observed: None,
        evidence: EvidenceId(format!("field-{path}").into()),
    }
}

fn said(id: &str, direction: Direction, text: &str) -> Heard {
    Heard {
        id: EvidenceId(id.into()),
        at: instant("2026-11-20T00:00:00Z"),
        direction,
        subject: None,
        text: text.into(),
    }
}

pub(crate) fn literal(text: &str) -> Part {
    Part::Literal(text.into())
}

pub(crate) fn fact(path: &str, otherwise: Option<&str>) -> Part {
    Part::Fact { path: path.into(), otherwise: otherwise.map(Into::into) }
}

pub(crate) fn write(subject: Vec<Part>, body: Vec<Part>) -> Task {
    Task::Write {
        template: "first_touch".into(),
        channel: Some("email".into()),
        subject: Some(subject),
        body,
        sender: vec![("first_name".into(), "Mere".into())],
        client: "Stackmates".into(),
    }
}

pub(crate) fn research(wanted: &[(&str, Type)]) -> Task {
    let wanted = wanted.iter().map(|(path, ty)| Wanted { path: (*path).into(), ty: ty.clone() }).collect();
    Task::Research { entity: "company".into(), wanted, currency: "NZD".into() }
}

pub(crate) fn rate(rubric: &str, lines: &[(i64, &str)], text: &str) -> Task {
    let line =
        |(points, earns): &(i64, &str)| RubricLine { points: Fixed::from_integer(*points), earns: (*earns).into() };
    Task::Rate {
        rubric: rubric.into(),
        lines: lines.iter().map(line).collect(),
        text: Named { id: EvidenceId("message".into()), text: text.into() },
    }
}

pub(crate) fn schedule(minutes: u32, count: u32, earliest: &str) -> Task {
    Task::Schedule {
        what: "discovery".into(),
        zone: "Pacific/Auckland".into(),
        hours: Hours::default(),
        holidays: Vec::new(),
        minutes,
        count,
        earliest: instant(earliest),
        busy: Vec::new(),
    }
}
