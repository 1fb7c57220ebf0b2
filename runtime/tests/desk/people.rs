//! Reading people: finding the one that is meant, everybody in one pass, and what is reported.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use runtime::crm::{Cell, ContactId, Conversation, EventRow, Found, Needs, RecordId, Visitor};

use crate::stand::Stand;

const SOURCES: &str = "source contacts from csv into Contact by email {
  email       from \"E-mail\"
  first_name  from \"First\"
  last_name   from \"Last\"
  company     from \"Domain\" lookup Company by domain or create
}
source clicks from csv into page.viewed {
  reports  page.viewed since 2026-03-01 until 2026-04-30
  contact  from \"E-mail\" lookup Contact by email
  at       from \"When\"
  path     from \"Page\"
}
source talks from csv into Activity by external_id {
  reports      conversation since 2026-03-01
  external_id  from \"ID\"
  contact      from \"E-mail\" lookup Contact by email
  at           from \"When\"
  kind         from \"Kind\"
  direction    from \"Way\"
  subject      from \"Subject\"
  body         from \"Text\"
}
source silence from csv \"s.csv\" into reply.received {
  reports  reply.received since 2026-01-01
  contact  from \"E-mail\" lookup Contact by email
  at       from \"When\"
}";

fn stand() -> Stand {
    let mut stand = Stand::new(SOURCES);
    let people = "E-mail,First,Last,Domain\nann@example.com,Ann,Lee,solar.example\nbo@example.com,Bo,Lee,\ncy_100%@example.com,Cy,Moss,solar.example\n";
    stand.import("contacts", people).unwrap();
    stand.import("clicks", "E-mail,When,Page\nbo@example.com,2026-04-02T00:00:00Z,/b\nann@example.com,2026-04-03T00:00:00Z,/c\nbo@example.com,2026-04-01T00:00:00Z,/a\n").unwrap();
    let talks = "ID,E-mail,When,Kind,Way,Subject,Text\n1,ann@example.com,2026-04-02,email,inbound,Hello,we copy and paste\n\
        2,ann@example.com,2026-04-01,email,outbound,Re,our words\n3,ann@example.com,2026-04-03,note,,,heard of it\n4,bo@example.com,2026-04-03,call,,,\n";
    stand.import("talks", talks).unwrap();
    stand
}

#[derive(Default)]
struct Lines(Vec<String>);

impl Visitor for Lines {
    fn record(&mut self, id: RecordId) {
        self.0.push(format!("contact {id}"));
    }
    fn field(&mut self, slot: usize, value: Cell<'_>) {
        self.0.push(format!("  field {slot} {value:?}"));
    }
    fn observed(&mut self, slot: usize, at: i64) {
        self.0.push(format!("  observed {slot} {at}"));
    }
    fn event(&mut self, event: EventRow<'_>) {
        self.0.push(format!("  event {} {}", event.at / 86_400_000_000, event.facts.unwrap_or("-")));
    }
    fn conversation(&mut self, said: Conversation<'_>) {
        self.0.push(format!("  said {:?}", said.text));
    }
    fn end(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn needs(stand: &Stand) -> Needs {
    Needs {
        fields: vec![stand.path("first_name"), stand.path("company.domain"), stand.path("city")],
        fresh: Vec::new(),
        events: vec![stand.program.event("page.viewed").unwrap()],
        after: BTreeMap::new(),
        conversations: true,
    }
}

#[test]
fn everybody_is_read_in_one_pass_in_order() {
    let stand = stand();
    let contact = stand.program.entity("Contact").unwrap();
    let mut lines = Lines::default();
    stand.crm.visit(&stand.program, contact, &needs(&stand), &mut lines).unwrap();
    insta::assert_snapshot!(lines.0.join("\n"), @r#"
    contact 1
      field 0 Text("Ann")
      field 1 Text("solar.example")
      event 20546 {"path":"/c"}
      said "Hello\nwe copy and paste"
      said "heard of it"
    contact 2
      field 0 Text("Bo")
      event 20544 {"path":"/a"}
      event 20545 {"path":"/b"}
    contact 3
      field 0 Text("Cy")
      field 1 Text("solar.example")
    "#);
    let mut alone = Lines::default();
    stand.crm.visit_one(&stand.program, contact, &needs(&stand), RecordId(2), &mut alone).unwrap();
    assert_eq!(alone.0, lines.0[6..10]);
    let mut nobody = Lines::default();
    stand.crm.visit_one(&stand.program, contact, &needs(&stand), RecordId(9), &mut nobody).unwrap();
    assert!(nobody.0.is_empty());
}

#[test]
fn what_a_companys_contacts_did_and_said_is_the_companys() {
    let mut stand = stand();
    stand.import("clicks", "E-mail,When,Page\ncy_100%@example.com,2026-04-02T12:00:00Z,/d\n").unwrap();
    let company = stand.program.entity("Company").unwrap();
    let needs = Needs { fields: Vec::new(), ..needs(&stand) };
    let mut lines = Lines::default();
    stand.crm.visit(&stand.program, company, &needs, &mut lines).unwrap();
    insta::assert_snapshot!(lines.0.join("\n"), @r#"
    contact 1
      event 20545 {"path":"/d"}
      event 20546 {"path":"/c"}
      said "Hello\nwe copy and paste"
      said "heard of it"
    "#);
}

#[test]
fn what_is_older_than_every_window_is_passed_by() {
    let stand = stand();
    let (contact, viewed) = (stand.program.entity("Contact").unwrap(), stand.program.event("page.viewed").unwrap());
    let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_microsecond();
    let days = |after: &str| {
        let needs = Needs { events: vec![viewed], after: [(viewed, at(after))].into(), ..Needs::default() };
        let mut lines = Lines::default();
        stand.crm.visit(&stand.program, contact, &needs, &mut lines).unwrap();
        lines.0.into_iter().filter(|line| line.contains("event")).collect::<Vec<_>>()
    };
    assert_eq!(days("2026-03-31T23:59:59Z").len(), 3);
    assert_eq!(days("2026-04-01T00:00:00Z"), ["  event 20546 {\"path\":\"/c\"}", "  event 20545 {\"path\":\"/b\"}"]);
    assert_eq!(days("2026-04-03T00:00:00Z"), [""; 0], "the instant itself is not later");
}

#[test]
fn only_what_is_needed_is_read() {
    let stand = stand();
    let contact = stand.program.entity("Contact").unwrap();
    let mut lines = Lines::default();
    stand.crm.visit(&stand.program, contact, &Needs::default(), &mut lines).unwrap();
    assert_eq!(lines.0, ["contact 1", "contact 2", "contact 3"]);
}

#[test]
fn a_contact_is_found_by_what_somebody_knows_of_it() {
    let stand = stand();
    let one = |wanted: &str| match stand.crm.find_contact(wanted).unwrap() {
        Found::One(named) => named.id,
        other => panic!("{wanted}: {other:?}"),
    };
    for (wanted, id) in
        [("ANN@example.com", 1), ("#2", 2), ("3", 3), ("moss", 3), ("Ann L", 1), ("bo@", 2), ("_100%", 3)]
    {
        assert_eq!(one(wanted), ContactId(id), "{wanted}");
    }
    let Found::Several { shown, count } = stand.crm.find_contact("Lee").unwrap() else { panic!("two are called Lee") };
    assert_eq!(
        (count, shown.iter().map(|named| named.name.as_str()).collect::<Vec<_>>()),
        (2, vec!["Ann Lee", "Bo Lee"])
    );
    assert_eq!(shown[0].company.as_deref(), Some("solar.example"));
    let Found::Nobody { nearest } = stand.crm.find_contact("ann@exmaple.com").unwrap() else { panic!("nobody is") };
    assert_eq!(nearest.unwrap().id, ContactId(1));
    assert_eq!(stand.crm.find_contact("zzzzzz").unwrap(), Found::Nobody { nearest: None });
}

#[test]
fn events_are_reported_once_their_source_was_imported() {
    let mut stand = stand();
    let coverage = stand.crm.coverage(&stand.program).unwrap();
    let viewed = stand.program.event("page.viewed").unwrap();
    assert_eq!(coverage.events.len(), 1, "reply.received was never imported");
    let reported = coverage.events[&viewed];
    assert_eq!(reported.since.to_string(), "2026-02-28T11:00:00Z");
    assert_eq!(reported.until.unwrap().to_string(), "2026-04-30T11:59:59.999999Z");
    let spoken = coverage.conversations.unwrap();
    assert_eq!(spoken.until.unwrap().to_string(), "2026-05-08T00:00:00Z", "a week after the import");
    stand.crm.undo(None, crate::stand::NOW.parse().unwrap()).unwrap();
    assert_eq!(stand.crm.coverage(&stand.program).unwrap().conversations, None);
}
