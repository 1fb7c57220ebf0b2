//! Starts: once for each event, schedule's slot and crossing; never by a workflow's own doing.

use jiff::Timestamp;
use runtime::engine::Input;

use super::stand::{Stand, contact, words};

const BY_EVENT: &str = "
workflow Work for Contact by Writer {
  start on page.viewed
  stage Wait {
    next Done on reply.received
    next Done after 9 days
  }
  end Done as done
}";

#[test]
fn an_event_starts_one_run_once() {
    let mut stand = Stand::new(BY_EVENT);
    assert_eq!(words(&stand.happen("page.viewed")), ["started Work", "entered Wait"]);
    assert!(stand.happen("page.viewed").is_empty(), "one is live");
    stand.happen("reply.received");
    let again = Input::Happened { event: "page.viewed".into(), of: contact(), row: 1, at: stand.now, cause: None };
    assert!(stand.say(again).is_empty(), "that event has started it");
    assert_eq!(words(&stand.happen("page.viewed")), ["started Work", "entered Wait"]);
}

#[test]
fn a_workflow_that_feeds_itself_is_caught_however_long_the_way_round() {
    let mut stand = Stand::new(&format!(
        "{BY_EVENT}
priority {{
  Writer over Seller
}}
workflow Other for Contact by Seller {{
  start on email.clicked
  stage Wait {{
    next Done on reply.received
    next Done after 9 days
  }}
  end Done as done
}}"
    ));
    stand.happen("page.viewed");
    let first = stand.run();
    stand.happen("reply.received");
    assert_eq!(words(&stand.happen_by("page.viewed", Some(first))), ["caught Work"]);
    assert_eq!(words(&stand.happen_by("email.clicked", Some(first))), ["started Other", "entered Wait"]);
    let second = stand.run();
    assert_eq!(words(&stand.happen_by("page.viewed", Some(second))), ["caught Work"]);
    assert_eq!(words(&stand.happen("page.viewed")), ["started Work", "entered Wait"], "anybody else's starts it");
}

#[test]
fn a_slot_starts_one_run_once() {
    let mut stand =
        Stand::new(&BY_EVENT.replace("on page.viewed", "every mon at 08:00 for contacts where job_title is known"));
    let slot = |at: Timestamp| Input::Scheduled { workflow: "Work".into(), start: 0, slot: at, of: contact() };
    let at = stand.now;
    assert_eq!(words(&stand.say(slot(at))), ["started Work", "entered Wait"]);
    stand.happen("reply.received");
    assert!(stand.say(slot(at)).is_empty());
    let next = at + jiff::SignedDuration::from_hours(168);
    assert_eq!(words(&stand.say(slot(next))), ["started Work", "entered Wait"]);
}

#[test]
fn a_threshold_starts_when_it_is_crossed_and_not_while_it_is_unknown() {
    let mut stand = Stand::new(&BY_EVENT.replace("on page.viewed", "when velocity rises above 3"));
    assert!(stand.happen("page.viewed").is_empty(), "nobody knows");
    stand.facts.value = Some("3".parse().unwrap());
    assert!(stand.happen("page.viewed").is_empty());
    stand.facts.value = Some("4".parse().unwrap());
    assert_eq!(words(&stand.happen("page.viewed")), ["side", "started Work", "entered Wait"]);
    stand.happen("reply.received");
    assert!(stand.happen("page.viewed").is_empty(), "it stayed beyond");
    assert!(stand.wake.is_some(), "it looks whether it has come back");
    stand.facts.value = Some("1".parse().unwrap());
    assert_eq!(words(&stand.wait(24)), ["side"]);
    stand.facts.value = Some("9".parse().unwrap());
    assert_eq!(words(&stand.happen("page.viewed")), ["side", "started Work", "entered Wait"]);
}
