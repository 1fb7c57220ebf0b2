//! Judging, inputs ready, beside the same model written by hand.
//!
//! Every contestant judges the same 100,000 leads; before the clock starts, all have to agree on composite, route and fired
//! rules of every one.

use crate::leads::{self, Lead};
use crate::limit::{self, Judged};
use crate::limit_ranged;
use crate::measure::{Contestant, contestant, side_by_side};
use crate::ours::Ours;

const LEADS: usize = 100_000;
const SEED: u64 = 42;
const TURNS: usize = 15;

pub(crate) fn run() {
    let known = leads::leads(SEED, LEADS);
    let gaps = leads::with_gaps(&known, SEED + 1);
    let ours = Ours::new();
    check(&ours, &known);
    compare(
        "Scoring, all facts known",
        &ours,
        &known,
        vec![
            contestant("by hand over strings, with the list of fired rules (the limit)", None, || {
                known.iter().fold(0, |checksum, lead| {
                    let judged: Judged<Vec<&str>> = limit::judge(lead);
                    mix(checksum, judged.composite, judged.route, judged.fired.len() as u64)
                })
            }),
            contestant("by hand over strings, fired rules as bits", None, || by_hand(&known)),
        ],
    );
    check(&ours, &gaps);
    compare(
        "Scoring, a tenth of the facts missing",
        &ours,
        &gaps,
        vec![
            contestant(
                "by hand over strings, with ranges, certainty and the list of fired rules (the limit)",
                None,
                || {
                    gaps.iter().fold(0, |checksum, lead| {
                        let judged = limit_ranged::judge(lead);
                        mix(checksum, judged.low + judged.high, judged.route, judged.fired.len() as u64)
                    })
                },
            ),
            contestant("by hand over strings, without ranges, fired rules as bits", None, || by_hand(&gaps)),
        ],
    );
}

fn by_hand(leads: &[Lead]) -> u64 {
    leads.iter().fold(0, |checksum, lead| {
        let judged: Judged = limit::judge(lead);
        mix(checksum, judged.composite, judged.route, u64::from(judged.fired))
    })
}

fn mix(checksum: u64, composite: i64, route: u8, fired: u64) -> u64 {
    let one = (composite as u64) << 32 ^ u64::from(route) << 24 ^ fired;
    (checksum.rotate_left(5) ^ one).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn compare(title: &str, ours: &Ours, leads: &[Lead], by_hand: Vec<Contestant<'_>>) {
    let (rows, batch) = (ours.rows(leads), ours.batch(leads));
    let mut evaluation = ours.evaluation();
    let mut other = ours.evaluation();
    let mut words = String::new();
    let mut contestants = by_hand;
    contestants.extend([
        contestant("playbook, one at a time, with fired rules", Some(1.5), || {
            rows.iter().fold(0, |checksum, row| {
                let judged = ours.judge(row, &mut evaluation);
                mix(checksum, judged.composite, judged.route, u64::from(judged.fired))
            })
        }),
        contestant("playbook, one at a time, the whole ledger in words", Some(4.0), || {
            rows.iter().fold(0, |checksum, row| {
                ours.words(row, &mut other, &mut words);
                checksum.wrapping_add(words.len() as u64)
            })
        }),
        contestant("playbook, a batch", Some(0.3), || {
            let outcomes = ours.judge_all(&batch);
            ours.of_record(&outcomes, leads.len() - 1).composite as u64
        }),
    ]);
    side_by_side(title, "lead", leads.len(), TURNS, contestants);
}

/// All say the same of every lead: composite, range, certainty, route and fired rules.
fn check(ours: &Ours, leads: &[Lead]) {
    let outcomes = ours.judge_all(&ours.batch(leads));
    let mut evaluation = ours.evaluation();
    let mut checksum = 0;
    let mut routes = [0; 3];
    for (record, (lead, row)) in leads.iter().zip(ours.rows(leads)).enumerate() {
        let expected: Judged = limit::judge(lead);
        assert_eq!(ours.judge(&row, &mut evaluation), expected, "{lead:#?}");
        assert_eq!(ours.of_record(&outcomes, record), expected, "{lead:#?}");
        let ranged = limit_ranged::judge(lead);
        assert_eq!(ours.range(&evaluation), (ranged.low, ranged.high, ranged.certain), "{lead:#?}");
        assert_eq!((ranged.composite, ranged.route), (expected.composite, expected.route), "{lead:#?}");
        assert_eq!(ranged.fired.len(), expected.fired.count_ones() as usize, "{lead:#?}");
        checksum = mix(checksum, expected.composite, expected.route, u64::from(expected.fired));
        routes[usize::from(expected.route)] += 1;
    }
    println!(
        "\n{} leads, hot {} warm {} cold {}: all agree, checksum {checksum:016x}",
        leads.len(),
        routes[0],
        routes[1],
        routes[2],
    );
}
