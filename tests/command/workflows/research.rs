//! Whoever cannot be researched: looked for once, and not every morning again.

use std::collections::BTreeMap;

use super::client::{Client, START};

/// How often Lead Generation began with each contact.
fn begun(client: &Client) -> BTreeMap<i64, usize> {
    let mut begun = BTreeMap::new();
    for started in client.entries("started") {
        if started["entry"]["workflow"] == "LeadGeneration" {
            *begun.entry(started["record"]["id"].as_i64().unwrap()).or_default() += 1;
        }
    }
    begun
}

#[test]
fn what_ended_for_want_of_facts_is_not_begun_anew_on_the_same_ones() {
    let client = Client::stackmates().started();
    client.until(START, "2026-12-18 12:00");
    let once = begun(&client);
    assert!(once.values().all(|times| *times == 1), "begun anew though nothing is new: {once:?}");
    assert!(!client.entries("ended").is_empty(), "nobody was given up");
    // After a month somebody may have taken notes that the CRM does not hold.
    client.until("2026-12-18 12:00", "2026-12-31 12:00");
    assert!(begun(&client).values().any(|times| *times == 2), "nobody was looked at again");
}
