//! A connection remembers the cases that it wrote last: whatever happens to them elsewhere, or is taken back, it is never wrong.

use proptest::prelude::*;
use runtime::crm::log::{Decision, LogError, Means, Sealed, Seeded, Standing};
use runtime::crm::{Crm, CrmError};
use runtime::engine::{Entry, EntryId};

use crate::stand::{Stand, asked_for, contact, decision, ended, entered, started, wrote, zone};

fn held(run: i64, until: &str) -> Sealed {
    Entry::Held { run: EntryId(run), until: until.parse().unwrap(), why: "later".into() }.into()
}

/// The case as whoever decides is shown it, where nothing is decided.
fn shown(stand: &mut Stand, id: i64) -> Standing {
    let mut seen = None;
    let looked = stand.decide(id, |_, standing| {
        seen = Some(standing.clone());
        Vec::new()
    });
    looked.unwrap();
    seen.unwrap()
}

fn decide_by(crm: &mut Crm, stand: &Stand, id: i64, entries: Vec<Sealed>) -> Standing {
    let (zone, mut salts) = (zone(), Seeded::new(7));
    let mut means = Means { now: stand.now, zone: &zone, randomness: &mut salts };
    let done =
        crm.decide(&contact(id), &mut means, |_, standing, turn| Ok::<_, LogError>(decision(standing, turn, entries)));
    done.unwrap().case.unwrap()
}

#[test]
fn what_somebody_else_wrote_in_between_is_seen() {
    let mut stand = Stand::new();
    let mut other = Crm::open(stand.path(), &stand.program).unwrap();
    let run = stand.start(1, "Generation", "event:1");
    let (research, draft) = (Some("research"), Some("draft"));
    stand.decide(1, |_, _| vec![entered(run, research, "draft")]).unwrap();
    let theirs = decide_by(&mut other, &stand, 1, vec![entered(run, draft, "send")]);
    assert_eq!(shown(&mut stand, 1), theirs);
    let ours = stand.decide(1, |_, _| vec![entered(run, Some("send"), "draft")]).unwrap().case;
    let seen = decide_by(&mut other, &stand, 1, Vec::new());
    assert_eq!((seen.revision, Some(seen)), (4, ours));

    // By hand, the revision as it was: what the file says counts.
    stand.sql().execute("UPDATE case_file SET body = replace(body, '\"draft\"', '\"spoilt\"')", []).unwrap();
    assert_eq!(shown(&mut stand, 1).case.runs[0].stage, "spoilt");
    stand.sql().execute_batch("DELETE FROM case_file").unwrap();
    assert_eq!(shown(&mut stand, 1).revision, 0);
}

#[test]
fn nothing_is_remembered_of_what_was_taken_back() {
    let mut stand = Stand::new();
    let run = stand.start(1, "Generation", "event:1");
    let before = shown(&mut stand, 1);
    let (zone, now) = (zone(), stand.now);
    let certain = |standing: &Standing, turn| decision(standing, turn, vec![held(run, "2026-12-01T08:00:00Z")]);

    let mut means = Means { now, zone: &zone, randomness: &mut stand.salts };
    let mut group = stand.crm.group().unwrap();
    let kept = group.decide(&contact(1), &mut means, |_, standing, turn| Ok::<_, LogError>(certain(standing, turn)));
    assert_eq!(kept.unwrap().case.unwrap().revision, 2);
    drop(group);
    assert_eq!(shown(&mut stand, 1), before, "a group that was dropped");

    // A decision that is refused takes only itself back; those before it in the group stand, and are what the next one sees.
    let mut means = Means { now, zone: &zone, randomness: &mut stand.salts };
    let mut group = stand.crm.group().unwrap();
    let mut decide = |entries: Vec<Sealed>| {
        group.decide(&contact(1), &mut means, |_, standing, turn| Ok::<_, LogError>(decision(standing, turn, entries)))
    };
    let first = decide(vec![entered(run, Some("research"), "draft")]).unwrap().case;
    decide(vec![asked_for(run, "Writer", "write"), started(1, "Generation", "event:2")]).unwrap_err();
    assert_eq!(decide(Vec::new()).unwrap().case, first);
    group.finish().unwrap();
    assert_eq!(Some(shown(&mut stand, 1)), first);

    // So does a disk that is full at the end of it, and takes everything with it.
    let pages: i64 = stand.sql().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    stand.crm.limit_pages(pages + 1).unwrap();
    let mut means = Means { now, zone: &zone, randomness: &mut stand.salts };
    let mut group = stand.crm.group().unwrap();
    let mut decide = |entries: Vec<Sealed>| {
        group.decide(&contact(1), &mut means, |_, standing, turn| Ok::<_, LogError>(decision(standing, turn, entries)))
    };
    assert_eq!(decide(vec![held(run, "2026-12-02T08:00:00Z")]).unwrap().case.unwrap().revision, 3);
    let long = "words ".repeat(5_000);
    let error = decide(vec![asked_for(run, "Writer", "write"), wrote(4, &long)]).unwrap_err();
    assert!(matches!(error, LogError::Crm(CrmError::Full { .. })), "{error}");
    drop(group);
    stand.crm.limit_pages(i64::from(u32::MAX) - 2).unwrap();
    assert_eq!(Some(shown(&mut stand, 1)), first, "a group that the disk had no room for");
}

#[test]
fn who_is_forgotten_is_so_for_the_connection_that_forgets() {
    let mut stand = Stand::new();
    stand.start(1, "Generation", "event:1");
    let (zone, mut salts) = (zone(), Seeded::new(3));
    let mut means = Means { now: stand.now, zone: &zone, randomness: &mut salts };
    let erased = stand.crm.erase(&contact(1), &mut means, |_, standing, turn| {
        let entries = vec![ended(1), Entry::Erased { by: "founder".into() }.into()];
        Ok::<_, LogError>(decision(standing, turn, entries))
    });
    let erased = erased.unwrap().committed.case.unwrap();
    assert!(erased.case.erased && erased.case.runs.is_empty());
    assert_eq!(shown(&mut stand, 1), erased);
    assert_eq!(stand.crm.case(&contact(1)).unwrap(), erased);
}

/// What can be done to a case, by whom.
#[derive(Clone, Copy, Debug)]
enum Move {
    Ours(i64),
    Theirs(i64),
    TakenBack(i64),
    Refused(i64),
    Scrubbed,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let id = 1..4_i64;
    let one = prop_oneof![
        id.clone().prop_map(Move::Ours),
        id.clone().prop_map(Move::Theirs),
        id.clone().prop_map(Move::TakenBack),
        id.prop_map(Move::Refused),
        Just(Move::Scrubbed),
    ];
    prop::collection::vec(one, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_decides_is_shown_what_the_file_says(moves in moves()) {
        let mut stand = Stand::new();
        let mut other = Crm::open(stand.path(), &stand.program).unwrap();
        for id in 1..4 {
            stand.start(id, "Generation", "event:1");
        }
        let later = |at: usize| format!("2026-12-01T08:00:{:02}Z", at % 60);
        for (at, one) in moves.into_iter().enumerate() {
            let run = |id: i64| id * 2 - 1;
            match one {
                Move::Ours(id) => drop(stand.decide(id, |_, _| vec![held(run(id), &later(at))]).unwrap()),
                Move::Theirs(id) => drop(decide_by(&mut other, &stand, id, vec![held(run(id), &later(at))])),
                Move::TakenBack(id) => {
                    let zone = zone();
                    let mut means = Means { now: stand.now, zone: &zone, randomness: &mut stand.salts };
                    let mut group = stand.crm.group().unwrap();
                    let entries = vec![held(run(id), &later(at))];
                    group.decide(&contact(id), &mut means, |_, standing, turn| {
                        Ok::<_, LogError>(decision(standing, turn, entries))
                    }).unwrap();
                    let nothing = |_: &Crm, _: &Standing, _| Err::<Decision, _>(LogError::NotKept { why: "no".into() });
                    group.decide(&contact(id), &mut means, nothing).unwrap_err();
                }
                Move::Refused(id) => {
                    let twice = started(id, "Generation", "event:1");
                    stand.decide(id, |_, _| vec![held(run(id), &later(at)), twice]).unwrap_err();
                }
                Move::Scrubbed => drop(stand.crm.scrub().unwrap()),
            }
            for id in 1..4 {
                let kept = stand.crm.case(&contact(id)).unwrap();
                prop_assert_eq!(&shown(&mut stand, id), &kept);
                prop_assert_eq!(&decide_by(&mut other, &stand, id, Vec::new()), &kept);
            }
        }
        let replayed = stand.crm.replay(&zone()).unwrap();
        prop_assert_eq!(replayed.different, 0);
    }
}
