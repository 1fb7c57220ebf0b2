//! Playbooks of random stages, as text: whatever compiles has to behave.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use compiler::program::Program;

use super::stand::program;

/// So many are compiled, once.
const PLAYBOOKS: u64 = 60;

/// A small generator of numbers; the same seed, the same playbook.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        // SplitMix64, of Steele, Lea and Flood.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    pub(crate) fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }
}

/// All that compile of the generated ones.
pub(crate) fn playbooks() -> &'static [(String, Arc<Program>)] {
    static ALL: OnceLock<Vec<(String, Arc<Program>)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut refused = Vec::new();
        let mut all = Vec::new();
        for text in (0..PLAYBOOKS).map(text) {
            match program(&text) {
                Ok(program) => all.push((text, Arc::new(program))),
                Err(found) => refused.push(found),
            }
        }
        let last = refused.last();
        assert!(all.len() > refused.len(), "only {} of {PLAYBOOKS} compile: {}", all.len(), last.unwrap());
        all
    })
}

fn text(seed: u64) -> String {
    let mut random = Random(seed);
    let mut text = String::new();
    let losers = if random.one_in(2) { "wait" } else { "stop" };
    writeln!(
        text,
        "priority {{ Seller over Writer while contact is in Deals, others {losers} because \"one voice\" }}"
    )
    .unwrap();
    workflow(&mut text, &mut random, "Work", "Writer", "start on contact.created\n  start on page.viewed", true);
    let receiver = if random.one_in(3) { "human closer" } else { "Seller" };
    workflow(&mut text, &mut random, "Deals", receiver, "start on meeting.booked", false);
    text
}

fn workflow(text: &mut String, random: &mut Random, name: &str, by: &str, starts: &str, hands_over: bool) {
    writeln!(text, "workflow {name} for Contact by {by} {{\n  {starts}").unwrap();
    let stages = 2 + random.below(3);
    for stage in 0..stages {
        let cap = if stage > 0 && random.one_in(3) { " at most 2 times, then Lost" } else { "" };
        let skip = if stage > 0 && random.one_in(4) { " only when job_title is known, else Lost" } else { "" };
        writeln!(text, "  stage S{stage}{cap}{skip} {{").unwrap();
        acts(text, random, stage);
        let requires = random.one_in(3);
        if requires {
            writeln!(text, "    require job_title").unwrap();
        }
        let asks = random.one_in(2);
        if asks && stage == 0 && random.one_in(2) {
            writeln!(text, "    require message.tone >= 4").unwrap();
        }
        if asks {
            let what = if stage == 0 { "message" } else { "this" };
            let whom = if random.one_in(2) { "human" } else { "founder" };
            let change = if stage == 0 { "approve or change" } else { "approve" };
            writeln!(text, "    ask {whom} to {change} {what} within 2 days, remind every 9 hours").unwrap();
        }
        ways(text, random, stage, stages, asks, hands_over);
        // An answer that comes in time is way out enough; evidence that nobody ever finds is none.
        if !asks || requires || random.one_in(2) {
            writeln!(text, "    next Lost after {} days", 1 + random.below(9)).unwrap();
        }
        writeln!(text, "  }}").unwrap();
    }
    if hands_over {
        let within = if random.one_in(2) {
            "    accepted within 4 hours, else ask closer\n"
        } else {
            "    accepted within 9 days, else ask human\n"
        };
        writeln!(text, "  handoff Over to Deals {{\n    brief contact\n{within}  }}").unwrap();
    }
    writeln!(text, "  end Won as won\n  end Lost as lost\n}}").unwrap();
}

fn acts(text: &mut String, random: &mut Random, stage: u64) {
    if stage == 0 {
        let channel = if random.one_in(3) { "linkedin" } else { "email" };
        writeln!(text, "    do write hello via {channel}").unwrap();
    }
    for _ in 0..random.below(3) {
        let act = match random.below(4) {
            0 => "research contact",
            1 => "score contact by icp",
            2 => "offer visit",
            _ => "send message",
        };
        writeln!(text, "    do {act}").unwrap();
    }
}

fn ways(text: &mut String, random: &mut Random, stage: u64, stages: u64, asks: bool, hands_over: bool) {
    let next = if stage + 1 < stages {
        format!("S{}", stage + 1)
    } else if hands_over {
        "Over".to_owned()
    } else {
        "Won".to_owned()
    };
    let anywhere = |random: &mut Random| match random.below(4) {
        0 => "Won".to_owned(),
        1 => "Lost".to_owned(),
        _ => format!("S{}", random.below(stages)),
    };
    if random.one_in(2) {
        writeln!(text, "    next {} on reply.received", anywhere(random)).unwrap();
    }
    if stage + 1 == stages {
        writeln!(text, "    next Won on meeting.accepted").unwrap();
    }
    if random.one_in(2) {
        writeln!(text, "    next {} when icp is hot", anywhere(random)).unwrap();
    }
    if asks {
        writeln!(text, "    next {next} on approved\n    next Lost on rejected or expired").unwrap();
    } else {
        writeln!(text, "    next {next} when complete").unwrap();
    }
}
