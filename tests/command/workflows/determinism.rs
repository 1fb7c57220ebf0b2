//! The same playbook, data, seed and instants give the same log, byte for byte.

use super::client::Client;
use super::journey::both_all_the_way;

#[test]
fn two_runs_write_the_same_log() {
    for make in [Client::stackmates, Client::sneakers] {
        let logs: Vec<(String, String)> = (0..2)
            .map(|_| {
                let client = make().started();
                let draft = client.drafts().remove(0);
                client.at("2026-11-20 10:00", &["approve", &draft.question, "--by", client.by]).expect(0);
                client.until("2026-11-20 10:00", "2026-11-24 12:00");
                let log = client.at("2026-11-24 12:00", &["log", "--json"]).expect(0).stdout;
                let verified = client.at("2026-11-24 12:00", &["log", "verify", "--json"]).expect(0).json();
                (log, verified["last"].as_str().unwrap().to_owned())
            })
            .collect();
        assert!(logs[0].0.lines().count() > 500);
        assert_eq!(logs[0], logs[1]);
    }
}

/// From the first research over qualification and the deal to the lifecycle, with all that people answer on the way.
#[test]
fn two_whole_journeys_write_the_same_log() {
    let logs = || {
        both_all_the_way().map(|client| {
            let log = client.at("2026-12-20 10:00", &["log", "--json"]).expect(0).stdout;
            let verified = client.at("2026-12-20 10:00", &["log", "verify", "--json"]).expect(0).json();
            (log, verified["last"].as_str().unwrap().to_owned())
        })
    };
    let (once, again) = (logs(), logs());
    for (one, other) in once.iter().zip(&again) {
        assert!(one.0.contains("CustomerLifecycle"), "nobody went all the way");
        assert_eq!(one, other);
    }
}
