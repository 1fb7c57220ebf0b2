//! F4 and F5: leads that go from generation over qualification and conversion to the lifecycle, each handoff and each step measured.

use std::collections::BTreeMap;

use serde_json::Value;

use super::client::Client;

/// What happened later in the samples: the file, and when it is imported.
type Later = &'static [(&'static str, &'static str)];
const STACKMATES: Later = &[
    ("1-replies.csv", "2026-11-24 09:00"),
    ("2-booked.csv", "2026-11-30 09:00"),
    ("3-held.csv", "2026-12-05 10:00"),
    ("4-decided.csv", "2026-12-16 10:00"),
];
const SNEAKERS: Later = &[
    ("1-bookings.csv", "2026-11-25 09:00"),
    ("2-visits.csv", "2026-11-29 10:00"),
    ("3-quotes.csv", "2026-12-13 10:00"),
];

/// Both clients, with all that happened in their samples.
pub(super) fn both_all_the_way() -> [Client; 2] {
    [travelled(Client::stackmates(), STACKMATES), travelled(Client::sneakers(), SNEAKERS)]
}

/// The whole way, with a person who says yes.
fn travelled(client: Client, later: Later) -> Client {
    let client = client.started();
    client.approve_all("2026-11-20 10:00");
    for (file, now) in later {
        let file = format!("{}/sample/later/{file}", client.name);
        client.at(now, &["import", client.events, &file]).expect(0);
        client.at(now, &["run"]).expect(0);
        client.approve_all(now);
    }
    client
}

#[test]
fn a_lead_goes_all_the_way_and_every_handoff_is_in_the_log() {
    for (client, later) in [(Client::stackmates(), STACKMATES), (Client::sneakers(), SNEAKERS)] {
        let client = travelled(client, later);
        let log = client.log();
        let mut journeys: BTreeMap<i64, Vec<&Value>> = BTreeMap::new();
        for entry in log.iter().filter(|entry| entry["record"]["entity"] == "Contact") {
            journeys.entry(entry["record"]["id"].as_i64().unwrap()).or_default().push(entry);
        }
        let stages = ["LeadGeneration", "LeadQualification", "Funnel", "CustomerLifecycle"];
        let all_the_way = journeys.values().filter(|journey| {
            let begun: Vec<&str> = journey.iter().filter_map(|entry| entry["entry"]["workflow"].as_str()).collect();
            let mut wanted = stages.iter().peekable();
            for workflow in begun {
                wanted.next_if(|next| **next == workflow);
            }
            wanted.peek().is_none()
        });
        assert!(all_the_way.count() >= 1, "{}: nobody went all the way", client.name);
        let mut handed = 0;
        for offer in log.iter().filter(|entry| entry["entry"]["kind"] == "offered") {
            handed += 1;
            let number = &offer["number"];
            let answer = log
                .iter()
                .find(|entry| entry["entry"]["kind"] == "offer_answered" && entry["entry"]["offer"] == *number);
            let answer = answer.unwrap_or_else(|| panic!("nobody answered {offer}"));
            assert_eq!(answer["entry"]["accepted"], true, "{answer}");
            let trigger = format!("handoff:{number}");
            let begun = log.iter().filter(|entry| entry["entry"]["trigger"] == trigger.as_str());
            // Where the receiver is at work on the contact already, nothing begins a second time.
            let begun = begun.count();
            assert!(begun == 1 || is_under_way(&log, offer), "{begun} runs begin by {offer}");
            let over = log
                .iter()
                .find(|entry| entry["entry"]["kind"] == "ended" && entry["entry"]["run"] == offer["entry"]["run"]);
            assert_eq!(over.unwrap()["entry"]["outcome"], "handed off");
            claims_rest_on_evidence(offer);
        }
        assert!(handed >= 6, "{}: {handed} handoffs", client.name);
        client.assert_sound();
    }
}

/// A run of the receiving workflow was under way when a handoff was offered.
fn is_under_way(log: &[Value], offer: &Value) -> bool {
    let before = |entry: &&Value| entry["number"].as_i64() < offer["number"].as_i64();
    let begun = log.iter().filter(before).filter(|entry| {
        entry["entry"]["kind"] == "started"
            && entry["entry"]["workflow"] == offer["entry"]["to"]
            && entry["record"] == offer["record"]
    });
    let ended = |run: &Value| {
        log.iter()
            .filter(before)
            .any(|entry| entry["entry"]["kind"] == "ended" && entry["entry"]["run"] == run["number"])
    };
    begun.filter(|run| !ended(run)).count() == 1
}

/// The packet says what is expected next, and of each field by which import or observation it is known.
fn claims_rest_on_evidence(offer: &Value) {
    let packet: Value = serde_json::from_str(offer["sealed"].as_str().unwrap()).unwrap();
    assert_eq!(packet["to"], offer["entry"]["to"], "{packet}");
    assert!(packet["expected"].is_string(), "{packet}");
    let claims = packet["contact"].as_array().unwrap_or_else(|| panic!("no contact in {packet}"));
    assert!(!claims.is_empty(), "{packet}");
    for claim in claims {
        assert!(claim["evidence"].as_str().is_some_and(|evidence| !evidence.is_empty()), "{claim}");
    }
}

#[test]
fn every_step_of_every_run_is_measured() {
    for (client, later) in [(Client::stackmates(), STACKMATES), (Client::sneakers(), SNEAKERS)] {
        let client = travelled(client, later);
        let log = client.log();
        let mut standing: BTreeMap<i64, (&str, jiff::Timestamp)> = BTreeMap::new();
        let mut left: BTreeMap<(String, String), u64> = BTreeMap::new();
        for logged in &log {
            let (entry, at) = (&logged["entry"], logged["at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap());
            if entry["kind"] != "entered" {
                continue;
            }
            let run = entry["run"].as_i64().unwrap();
            assert!(entry["way"].as_str().is_some_and(|way| !way.is_empty()), "{logged}");
            match standing.insert(run, (entry["stage"].as_str().unwrap(), at)) {
                None => assert_eq!(entry["from"], Value::Null, "{logged}"),
                Some((stage, since)) => {
                    assert_eq!(entry["from"], stage, "{logged}");
                    assert_eq!(entry["seconds"], at.duration_since(since).as_secs(), "{logged}");
                    assert!(entry["by"].as_str().is_some_and(|by| !by.is_empty()), "{logged}");
                    let begun = log.iter().find(|begun| begun["number"] == run).unwrap();
                    let workflow = begun["entry"]["workflow"].as_str().unwrap().to_owned();
                    *left.entry((workflow, stage.to_owned())).or_default() += 1;
                }
            }
        }
        assert!(left.len() >= 10, "{}: {left:?}", client.name);
        // `metrics` counts the same steps.
        let (_, last) = later.last().unwrap();
        let metrics = client.at(last, &["metrics", "--json"]).expect(0).json();
        let rows = metrics["transitions"]["stages"].as_array().unwrap();
        for ((workflow, stage), steps) in left {
            let row = rows.iter().find(|row| row["workflow"] == workflow.as_str() && row["stage"] == stage.as_str());
            let row = row.unwrap_or_else(|| panic!("{workflow}.{stage} is not measured"));
            assert_eq!(row["left"], steps, "{row}");
            assert!(row["duration"].is_object() && row["conversion"].is_array(), "{row}");
        }
    }
}

/// Whoever bought is a customer from then on, as the CRM says it: so that the lines of the playbook that ask for it hold.
#[test]
fn whoever_bought_is_a_customer() {
    for client in both_all_the_way() {
        let log = client.log();
        let begun = log.iter().filter(|entry| entry["entry"]["workflow"] == "CustomerLifecycle");
        let begun: Vec<&Value> = begun.filter(|entry| entry["entry"]["kind"] == "started").collect();
        assert!(!begun.is_empty(), "{}: nobody bought", client.name);
        let database = rusqlite::Connection::open(client.desk.path(&format!("{}/crm.db", client.name))).unwrap();
        for run in begun {
            let of_run = |kind: &str, action: &str| {
                let is_it = |entry: &&Value| {
                    entry["entry"]["run"] == run["number"]
                        && entry["entry"]["kind"] == kind
                        && entry["entry"]["action"] == action
                };
                log.iter().find(is_it).cloned()
            };
            let marks = of_run("work_asked", "mark").unwrap_or_else(|| panic!("{}: {run}", client.name));
            assert_eq!(
                (&marks["entry"]["agent"], &marks["entry"]["object"]),
                (&"Lifecycle".into(), &"customer".into())
            );
            let done = log.iter().find(|entry| entry["entry"]["work"] == marks["number"]).unwrap();
            assert_eq!(done["entry"]["result"]["found"]["kept"], 1, "{done}");
            assert!(done["sealed"].as_str().is_some_and(|sealed| sealed.contains("mark customer")), "{done}");
            let id = run["entry"]["record"]["id"].as_i64().unwrap();
            let stage = database.query_row("SELECT lifecycle_stage FROM contact WHERE id = ?1", [id], |row| {
                row.get::<_, Option<String>>(0)
            });
            assert_eq!(stage.unwrap().as_deref(), Some("customer"), "{}: {run}", client.name);
            // That they crossed over to it starts nothing anew.
            let again = log.iter().filter(|entry| {
                entry["entry"]["kind"] == "started"
                    && entry["entry"]["workflow"] == "CustomerLifecycle"
                    && entry["record"] == run["record"]
            });
            assert_eq!(again.count(), 1, "{}: {run}", client.name);
        }
    }
}
