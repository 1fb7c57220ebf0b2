//! People are reminded and asked in another's place while the client is open, never at night.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use runtime::engine::{Entry, Input};

use super::stand::{Stand, contact};

const ASKS: &str = "
workflow Work for Contact by Writer {
  start on page.viewed
  stage Ask {
    ask human to approve going_on within 5 business days, remind every EVERY
    next Done on approved
    next Done on rejected or expired
  }
  end Done as done
}";

/// Work that begins at an instant, and when people are reminded until it is over.
fn reminded(every: &str, begins: &str) -> Vec<String> {
    let mut stand = Stand::new(&ASKS.replace("EVERY", every));
    let zone = TimeZone::get("Pacific/Auckland").unwrap();
    stand.now = begins.parse().unwrap();
    let at = stand.now;
    stand.say(Input::Happened { event: "page.viewed".into(), of: contact(), row: 1, at, cause: None });
    stand.wait(24 * 9);
    let reminded = stand.log.iter().filter(|(_, entry)| matches!(entry, Entry::Reminded { .. }));
    let shown = |at: &Timestamp| at.to_zoned(zone.clone()).strftime("%a %H:%M").to_string();
    reminded.map(|(at, _)| shown(at)).collect()
}

#[test]
fn hours_of_a_reminder_are_hours_in_which_the_client_is_open() {
    // Monday, 22:00 in Auckland; the client is open from nine to five.
    let evening = "2026-11-30T09:00:00Z";
    insta::assert_snapshot!(
        reminded("4 hours", evening).join(", "),
        @"Tue 13:00, Tue 17:00, Wed 13:00, Wed 17:00, Thu 13:00, Thu 17:00, Fri 13:00, Fri 17:00, Mon 13:00, Mon 17:00"
    );
    insta::assert_snapshot!(reminded("1 business day", evening).join(", "), @"Wed 09:00, Thu 09:00, Fri 09:00, Mon 09:00");
    insta::assert_snapshot!(reminded("2 days", evening).join(", "), @"Thu 09:00, Mon 09:00");
}

#[test]
fn nobody_is_reminded_while_the_client_is_closed() {
    // Friday, 16:00: the next reminder would be at 20:00, and the weekend follows.
    insta::assert_snapshot!(
        reminded("4 hours", "2026-12-04T03:00:00Z").join(", "),
        @"Mon 12:00, Mon 16:00, Tue 12:00, Tue 16:00, Wed 12:00, Wed 16:00, Thu 12:00, Thu 16:00, Fri 12:00"
    );
    insta::assert_snapshot!(
        reminded("1 day", "2026-12-04T03:00:00Z").join(", "),
        @"Mon 09:00, Tue 09:00, Wed 09:00, Thu 09:00, Fri 09:00"
    );
}

#[test]
fn who_is_asked_in_anothers_place_is_asked_while_the_client_is_open() {
    let mut stand = Stand::new(
        "priority {
  Writer over Seller
}
workflow Work for Contact by Writer {
  start on page.viewed
  stage First {
    next Over when job_title is known
    next Over otherwise
  }
  handoff Over to Next {
    brief contact
    accepted within 6 hours, else ask founder
  }
}
workflow Next for Contact by Seller {
  stage Wait {
    next Done after 9 days
  }
  end Done as done
}",
    );
    // Monday, 16:00 in Auckland: six hours later it is night.
    stand.now = "2026-11-30T03:00:00Z".parse().unwrap();
    stand.happen("page.viewed");
    let due = stand.case.handoffs[0].due.unwrap();
    let morning: Timestamp = "2026-11-30T20:00:00Z".parse().unwrap();
    assert_eq!(due, morning, "nine in the morning");
    stand.wait(16);
    assert!(stand.case.questions.is_empty());
    stand.now += SignedDuration::from_hours(1);
    stand.say(Input::Woke);
    assert_eq!(stand.case.questions.len(), 1);
}
