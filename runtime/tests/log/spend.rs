//! What ports were paid is in the log, to the last digit, and is known of a day without reading it.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use runtime::engine::{Entry, EntryId};

use crate::stand::{Stand, asked_for, contact};

fn spent(run: i64, work: i64, agent: &str, amount: &str) -> runtime::crm::log::Sealed {
    let (run, work, agent, action) = (EntryId(run), EntryId(work), agent.into(), "write".into());
    Entry::Spent { run, work, agent, action, amount: amount.parse().unwrap() }.into()
}

#[test]
fn what_was_spent_is_summed_by_day_and_agent_and_outlives_the_process() {
    let mut stand = Stand::new();
    let run = stand.start(1, "Generation", "event:1");
    let work = stand.decide(1, |_, _| vec![asked_for(run, "Writer", "write")]).unwrap().turn.first.0;
    let begins = stand.now;
    stand.decide(1, |_, _| vec![spent(run, work, "Writer", "0.0000123")]).unwrap();
    stand.decide(1, |_, _| vec![spent(run, work, "Writer", "0.1")]).unwrap();
    stand.decide(1, |_, _| vec![spent(run, work, "Rater", "2")]).unwrap();
    stand.wait(24 * 60 * 60);
    stand.decide(1, |_, _| vec![spent(run, work, "Writer", "0.5")]).unwrap();
    let sums = |from: Timestamp| {
        let spent = stand.crm.spent(&TimeZone::UTC, from, Timestamp::MAX).unwrap();
        spent.into_iter().map(|((_, agent), amount)| format!("{agent} {amount}")).collect::<Vec<_>>()
    };
    assert_eq!(sums(begins), ["Rater 2", "Writer 0.1000123", "Writer 0.5"]);
    assert_eq!(sums(begins + SignedDuration::from_hours(12)), ["Writer 0.5"]);
    let case = stand.crm.case(&contact(1)).unwrap().case;
    assert_eq!(case.work.len(), 1, "money moves no case");
    let replayed = stand.crm.replay(&TimeZone::UTC).unwrap();
    assert_eq!(replayed.different, 0, "{:?}", replayed.differences);
}
