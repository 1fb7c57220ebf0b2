//! A CRM that an older version left: what it wrote more words for means the same, and its log folds to what it kept.

use runtime::crm::Crm;
use runtime::engine::Override::{Pause, Resume};
use runtime::engine::{Entry, EntryId, Override};

use crate::stand::{Stand, contact, entered, question, zone};

/// As a case was written when what is nothing was written too.
fn in_full(body: &str) -> String {
    let mut case: serde_json::Value = serde_json::from_str(body).unwrap();
    let fill = |object: &mut serde_json::Value, nothing: serde_json::Value| {
        for (name, value) in nothing.as_object().unwrap() {
            object.as_object_mut().unwrap().entry(name.as_str()).or_insert_with(|| value.clone());
        }
    };
    let lists = serde_json::json!({
        "runs": [], "questions": [], "work": [], "sends": [], "handoffs": [], "scored": [], "sides": [], "lineage": [],
        "paused": null, "erased": false,
    });
    fill(&mut case, lists);
    for run in case["runs"].as_array_mut().unwrap() {
        let nothing = serde_json::json!({
            "sent": null, "acts_done": 0, "waits_for": null, "held": null, "message": null, "settled": null,
            "allowed": false, "closed": [], "paused": null,
        });
        fill(run, nothing);
    }
    for question in case["questions"].as_array_mut().unwrap() {
        fill(question, serde_json::json!({ "whom": null, "options": [], "notes": [], "due": null, "remind": null }));
    }
    case.to_string()
}

#[test]
fn what_an_older_version_kept_is_what_its_log_folds_to() {
    let mut stand = Stand::new();
    let overridden = |how: Override, run: Option<i64>| -> runtime::crm::log::Sealed {
        Entry::Overridden { how, run: run.map(EntryId), by: "founder".into() }.into()
    };
    // Of the first contact all is paused; of the second one run is, and all was; the third is at work.
    let mut runs = Vec::new();
    for id in 1..4 {
        let run = stand.start(id, "Generation", "event:1");
        stand.start(id, "Qualification", "event:1");
        stand.wait(60);
        stand
            .decide(id, |_, _| vec![entered(run, Some("research"), "draft"), question(Some(run), None, None)])
            .unwrap();
        runs.push(run);
    }
    stand.decide(1, |_, _| vec![overridden(Pause, None)]).unwrap();
    for (how, run) in [(Pause, Some(runs[1])), (Pause, None), (Resume, None)] {
        stand.decide(2, |_, _| vec![overridden(how, run)]).unwrap();
    }
    // The version before marked each run of a contact that was paused, and unmarked each of one that was resumed.
    let sql = stand.sql();
    let bodies: Vec<(i64, String)> = sql
        .prepare("SELECT record, body FROM case_file")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(bodies.len(), 3);
    for (record, body) in bodies {
        let full = in_full(&body);
        assert!(full.len() > body.len());
        sql.execute("UPDATE case_file SET body = ?2 WHERE record = ?1", (record, full)).unwrap();
    }
    sql.execute_batch(
        "UPDATE run SET paused = 'founder' WHERE case_record = 1; DROP TABLE trial; PRAGMA user_version = 8",
    )
    .unwrap();
    drop(sql);

    let crm = Crm::open(stand.path(), &stand.program).unwrap();
    let replayed = crm.replay(&zone()).unwrap();
    assert_eq!((replayed.different, replayed.differences), (0, vec![]));
    let marked = stand.rows("SELECT number, paused FROM run WHERE paused IS NOT NULL");
    assert_eq!(marked, [format!("{}|founder", runs[1])], "by itself, and not with all of its contact");
    assert!(crm.case(&contact(1)).unwrap().case.paused.is_some());
}
