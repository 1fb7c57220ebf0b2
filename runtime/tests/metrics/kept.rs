//! The same figures, read from a CRM that kept what was decided.

use jiff::tz::TimeZone;
use runtime::crm::Crm;
use runtime::crm::RecordId;
use runtime::crm::log::{Decision, LogError, Means, Raised, Seeded};
use runtime::metrics::{Journal, Observed, stages};

use crate::stand::{BEGIN, Log, event, program, record, zone};

fn keep(crm: &mut Crm, log: &Log, zone: &TimeZone) {
    let mut salts = Seeded::new(1);
    for logged in &log.entries {
        let mut means = Means { now: logged.at, zone, randomness: &mut salts };
        let decision = Decision { entries: vec![logged.entry.clone().into()], ..Decision::default() };
        let kept = match &logged.record {
            Some(record) => crm.decide::<LogError>(record, &mut means, |_, _, _| Ok(decision)),
            None => crm.declare(&decision, &mut means),
        };
        assert_eq!(kept.unwrap().turn.first, logged.number);
    }
}

#[test]
fn a_crm_gives_what_its_entries_give() {
    let (program, zone) = (program(), zone());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("crm.db");
    let mut crm = Crm::open(&path, &program).unwrap();
    let people = "INSERT INTO contact (id, email) VALUES (1, 'a@example.com'), (2, 'b@example.com');
                  INSERT INTO deal (id, contact_id, value) VALUES (7, 1, '60000.50'), (8, 1, NULL)";
    rusqlite::Connection::open(&path).unwrap().execute_batch(people).unwrap();
    let mut log = Log::new();
    let won = log.generation(1);
    log.score(&won, "hot", &[("fit", 60)]);
    log.wait_hours(3);
    log.reach(&won);
    log.win(&won);
    let cold = log.generation(2);
    log.drop_cold(&cold);
    log.start("Selling", record("Deal", 7), 1, "Talks");
    keep(&mut crm, &log, &zone);
    let raise = |crm: &mut Crm, at: jiff::Timestamp| {
        let raised =
            Raised { contact: RecordId(1), event: "discovery.held".into(), at, facts: None, external_id: None };
        let mut salts = Seeded::new(2);
        let mut means = Means { now: log.now, zone: &zone, randomness: &mut salts };
        let decision = Decision { raised: vec![raised], ..Decision::default() };
        crm.decide::<LogError>(&record("Contact", 1), &mut means, |_, _, _| Ok(decision)).unwrap();
    };
    raise(&mut crm, log.now);
    raise(&mut crm, BEGIN.parse().unwrap());
    raise(&mut crm, log.now + jiff::SignedDuration::from_hours(1));

    let crm = Crm::open_to_read(&path, &program).unwrap();
    let journal = Journal::read(&crm, log.now, &zone).unwrap();
    assert_eq!(journal, log.journal());
    let observed = Observed::read(&crm, &program, &zone, log.now).unwrap();
    assert_eq!(observed.journal, journal);
    let held = &observed.happened[&event(&program, "discovery.held")][&1];
    assert_eq!(held.as_slice(), [BEGIN.parse().unwrap(), log.now], "what comes later is not there yet");
    let values: Vec<_> = observed.values.values().flatten().collect();
    assert_eq!(values, [(&7, &"60000.5".parse().unwrap())], "unknown is not nought");

    // Every transition that the store counts is one that is measured, in the same week.
    let mut kept = Vec::new();
    crm.transitions(jiff::Timestamp::MIN, |transition| {
        if let Some((from, _)) = &transition.from {
            kept.push((transition.workflow, from.clone(), transition.agent, transition.week));
        }
    })
    .unwrap();
    for (workflow, stage, agent, week) in kept {
        let row = stages(&program, &journal).finest.into_iter().find(|row| {
            row.workflow.as_ref() == Some(&workflow)
                && row.stage.as_ref() == Some(&stage)
                && row.agent.as_ref() == Some(&agent)
                && row.week.as_ref() == Some(&week)
        });
        assert!(row.is_some_and(|row| row.left > 0), "{workflow} {stage} {agent} {week}");
    }
}
