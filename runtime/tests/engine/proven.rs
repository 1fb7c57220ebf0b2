//! What the compiler says of workflows is so at run time: generated workflows are played by the engine, by ports and people who do what
//! they are asked at once or leave it, and nothing that is called impossible happens.
//!
//! Ports that fail, people who step in and playbooks that change are no part of a proof: `properties` has them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use compiler::compile::compile_text;
use compiler::diagnostics::lines::Lines;
use compiler::program::{Program, StageKind};
use compiler::proofs::bounds;
use jiff::{SignedDuration, Timestamp};
use runtime::engine::{Answer, Entry, EntryId, Input, QuestionKind, Step, WorkResult, step};

use super::generated::Random;
use super::stand::{BEFORE, Stand, contact, hash, wrote};

/// Playbooks, contacts for each of them, and what is told to a contact at most.
const PLAYBOOKS: u64 = 500;
const CONTACTS: u64 = 20;
const INPUTS: usize = 40;

fn text(random: &mut Random) -> String {
    let mut text = match random.below(2) {
        0 => BEFORE.replace("| ask human | ask human |", "| ask founder | ask human |"),
        _ => BEFORE.to_owned(),
    };
    text.push_str("workflow Work for Contact by Writer {\n  start on contact.created\n");
    if random.one_in(2) {
        text.push_str("  start on page.viewed\n");
    }
    let stages = 2 + random.below(4);
    let endless = stages > 2 && random.one_in(4);
    for number in 0..stages {
        stage(&mut text, random, number, stages, endless && number > 0);
    }
    text + "  end Out as done\n}\n"
}

/// An `endless` one leads to others but the first, and to no end.
fn stage(text: &mut String, random: &mut Random, number: u64, stages: u64, endless: bool) {
    let to = |random: &mut Random| match random.below(stages + 2) {
        _ if endless => format!("S{}", 1 + (number + random.below(stages - 2)) % (stages - 1)),
        stage if stage < stages => format!("S{stage}"),
        _ => "Out".to_owned(),
    };
    let guards = [
        "job_title is known",
        "job_title is missing",
        "phone is known and job_title is known",
        "icp is hot",
        "icp is cold",
        "email is known",
        "icp is hot and email is missing",
        "email is missing and email is known",
    ];
    let guard = |random: &mut Random| guards[usize::try_from(random.below(8)).unwrap()];
    // Whoever does not enter is sent to another one.
    let aside = |random: &mut Random| {
        let other = to(random);
        if other == format!("S{number}") { "Out".to_owned() } else { other }
    };
    write!(text, "  stage S{number}").unwrap();
    if !endless && random.one_in(4) {
        write!(text, " at most {} times, then {}", 1 + random.below(2), aside(random)).unwrap();
    }
    if random.one_in(9) {
        write!(text, " by human founder").unwrap();
    }
    if !endless && random.one_in(6) {
        write!(text, " only when {}, else {}", guard(random), aside(random)).unwrap();
    }
    text.push_str(" {\n");
    for _ in 0..random.below(4) {
        let act = match random.below(11) {
            0..=2 => "write hello via email",
            3 => "write hello via linkedin",
            4..=7 => "send message",
            8 => "offer visit",
            9 => "research contact",
            _ => "score contact by icp",
        };
        writeln!(text, "    do {act}").unwrap();
    }
    if endless {
        let (first, second) = (to(random), to(random));
        writeln!(text, "    next {first} on reply.received\n    next {second} after 3 days\n  }}").unwrap();
        return;
    }
    if random.one_in(8) {
        text.push_str("    require job_title\n");
    }
    let asks = random.one_in(2);
    let expires = random.below(5) > 0;
    if asks {
        let whom = if random.one_in(2) { "human" } else { "founder" };
        let options = if random.one_in(2) { "approve" } else { "approve or change" };
        let about = if random.one_in(4) { "visit" } else { "message" };
        let within = if expires { " within 2 days" } else { "" };
        writeln!(text, "    ask {whom} to {options} {about}{within}").unwrap();
    }
    let no = if expires { "on rejected or expired" } else { "on rejected" };
    let waits = !asks && random.one_in(2);
    for _ in 0..1 + random.below(3) {
        let when = match random.below(7) {
            0 | 1 if asks => "on approved".to_owned(),
            2 if asks => no.to_owned(),
            3 if asks => "on changed or rejected".to_owned(),
            0 | 1 if !waits => "when complete".to_owned(),
            4 => "on reply.received".to_owned(),
            _ => format!("when {}", guard(random)),
        };
        writeln!(text, "    next {} {when}", to(random)).unwrap();
    }
    // Every answer has to lead somewhere.
    if waits {
        writeln!(text, "    next {} after {} days", to(random), 1 + 9 * random.below(3)).unwrap();
    } else if !asks || random.one_in(2) {
        writeln!(text, "    next {} otherwise", to(random)).unwrap();
    } else {
        writeln!(text, "    next {} on approved\n    next {} {no}", to(random), to(random)).unwrap();
    }
    text.push_str("  }\n");
}

/// What was found in a workflow, by the lines that it stands on.
struct Claims {
    text: String,
    program: Arc<Program>,
    found: BTreeMap<u32, BTreeSet<&'static str>>,
    /// Messages to one contact in any 24 hours.
    messages: Option<u32>,
}

/// Codes that say of a way out that it is never taken.
const CLOSED: &[&str] = &["E0804", "E0820", "E0831", "E0832"];

impl Claims {
    /// None where the text does not compile for another reason than a proof.
    fn of(text: String) -> Option<Self> {
        let compiled = compile_text("work.playbook", &text);
        let program = compiled.program.or(compiled.refuted)?;
        let lines = Lines::of(&text);
        let mut found: BTreeMap<u32, BTreeSet<&'static str>> = BTreeMap::new();
        for diagnostic in &compiled.diagnostics {
            let line = lines.position(&text, diagnostic.primary.span.start).line;
            // What is taken once a person says no to another way is possible.
            if !diagnostic.headline.contains("said no") {
                found.entry(line).or_default().insert(diagnostic.code.id);
            }
        }
        let messages = bounds(&program).messages;
        Some(Self { text, program: Arc::new(program), found, messages })
    }

    fn is_found(&self, line: u32, codes: &[&str]) -> bool {
        self.found.get(&line).is_some_and(|found| codes.iter().any(|code| found.contains(code)))
    }

    fn is_anywhere(&self, code: &str) -> bool {
        self.found.values().any(|found| found.contains(code))
    }

    fn stage(&self, name: &str) -> &compiler::program::Stage {
        self.program.workflows[0].stages.iter().find(|stage| stage.name == name).unwrap()
    }
}

/// Where a run is, as the log tells it.
#[derive(Clone, Default)]
struct At {
    stage: String,
    /// So many acts of the stage are done.
    acted: usize,
    /// It was in a stage from which nobody comes to an end.
    lost: bool,
}

/// Reads the log as it grows, and holds it against what is claimed.
struct Reader<'c> {
    claims: &'c Claims,
    runs: BTreeMap<EntryId, At>,
    queued: Vec<Timestamp>,
    /// Lines of acts that were kept for want of an approval: each is among the findings.
    unapproved: BTreeSet<u32>,
}

impl Reader<'_> {
    fn read(&mut self, now: Timestamp, id: EntryId, entry: &Entry) {
        match entry {
            Entry::Started { .. } => {
                self.runs.insert(id, At::default());
            }
            Entry::Entered { run, from, stage, way, .. } => self.entered(*run, from.as_deref(), stage, way),
            Entry::Acted { run, act } => {
                self.runs.get_mut(run).unwrap().acted = usize::try_from(*act).unwrap() + 1;
            }
            Entry::Denied { run: Some(run), reasons, .. } if reasons.iter().any(|(check, _)| check == "approval") => {
                self.unapproved(*run);
            }
            Entry::Asked { run: Some(run), question: QuestionKind::Act { .. }, .. } => self.unapproved(*run),
            Entry::Caught { trigger, .. } if trigger == "its stages lead round in a circle" => {
                assert!(self.claims.is_anywhere("E0835"), "it goes round in a circle\n{}", self.claims.text);
            }
            Entry::Queued { .. } => self.queued(now),
            _ => {}
        }
    }

    fn entered(&mut self, run: EntryId, from: Option<&str>, to: &str, way: &str) {
        let claims = self.claims;
        let (text, stage) = (&claims.text, claims.stage(to));
        let line = stage.origin.line;
        assert!(!claims.is_found(line, &["E0815"]), "{to} is entered by `{way}`\n{text}");
        // Whoever goes from door to door in a circle, which is told, is let in somewhere.
        let in_a_circle = claims.is_anywhere("E0835");
        assert!(in_a_circle || !claims.is_found(line, &["E0831"]), "{to} is entered by `{way}`\n{text}");
        let at = self.runs.get_mut(&run).unwrap();
        let is_end = matches!(stage.kind, StageKind::End(_));
        assert!(!(at.lost && is_end), "a run comes to its end by `{way}`\n{text}");
        at.lost |= claims.is_found(line, &["E0833", "E0816"]);
        (at.stage, at.acted) = (to.to_owned(), 0);
        let Some(from) = from.map(|from| claims.stage(from)) else { return };
        let stays = claims.is_found(from.origin.line, &["E0816"]);
        assert!(!stays || from.name == to, "{} is left by `{way}`\n{text}", from.name);
        let StageKind::Stage(body) = &from.kind else { return };
        // Two ways may be written alike: one of them was taken.
        let mut taken = body.ways.iter().filter(|known| way.starts_with(known.words.as_str())).peekable();
        assert!(taken.peek().is_some(), "no way is called `{way}`\n{text}");
        let closed = taken.all(|way| claims.is_found(way.origin.line, CLOSED));
        assert!(!closed, "`{way}` is taken\n{text}");
    }

    /// The act at hand was kept because nobody has approved it.
    fn unapproved(&mut self, run: EntryId) {
        let at = &self.runs[&run];
        let StageKind::Stage(body) = &self.claims.stage(&at.stage).kind else { return };
        let line = body.acts[at.acted].origin.line;
        let text = &self.claims.text;
        assert!(self.claims.is_found(line, &["E0917"]), "`{}` is not approved\n{text}", body.acts[at.acted].words);
        self.unapproved.insert(line);
    }

    fn queued(&mut self, now: Timestamp) {
        self.queued.push(now);
        let since = now - SignedDuration::from_hours(24);
        let of_a_day = self.queued.iter().filter(|at| **at > since).count();
        let text = &self.claims.text;
        let holds = self.claims.messages.is_none_or(|most| of_a_day <= most as usize);
        assert!(holds, "{of_a_day} messages in a day, and {:?} at most\n{text}", self.claims.messages);
    }
}

/// What the record is: `icp` routes as its facts say.
#[derive(Clone, Copy, Default)]
struct Record {
    email: bool,
    /// `NZ`, or not.
    country: Option<bool>,
    job_title: bool,
    phone: bool,
}

impl Record {
    fn drawn(random: &mut Random) -> Self {
        let country = [None, Some(true), Some(true), Some(false)][usize::try_from(random.below(4)).unwrap()];
        Self { email: !random.one_in(4), country, job_title: random.one_in(2), phone: random.one_in(2) }
    }

    fn tell(self, stand: &mut Stand) {
        let known = [
            (self.email, "email"),
            (self.country.is_some(), "country"),
            (self.job_title, "job_title"),
            (self.phone, "phone"),
        ];
        stand.facts.known = known.into_iter().filter(|(known, _)| *known).map(|(_, name)| name).collect();
        stand.facts.route = if self.email && self.country == Some(true) { "hot".into() } else { "cold".into() };
        stand.facts.certain = self.country.is_some() || !self.email;
    }
}

/// Over which channel that work is to write.
fn channel(stand: &Stand, work: EntryId) -> String {
    match &stand.log[usize::try_from(work.0).unwrap() - 1].1 {
        Entry::WorkAsked { channel: Some(channel), .. } => channel.to_string(),
        other => panic!("{other:?} asks for no letter"),
    }
}

/// What is told next; none where there is nothing to tell, or time passes.
fn next(stand: &mut Stand, random: &mut Random, number: usize) -> Option<Input> {
    // Ports take no time.
    if let Some(send) = stand.case.sends.first() {
        return Some(Input::Delivered { send: send.id });
    }
    if let Some(work) = stand.case.work.first().cloned()
        && !random.one_in(9)
    {
        let result = match work.action.as_str() {
            "write" => wrote(&format!("draft {number}"), &channel(stand, work.id)),
            "research" => WorkResult::Found { kept: 1, refused: 0 },
            _ => WorkResult::Nothing,
        };
        return Some(Input::Done { work: work.id, result });
    }
    let questions = stand.case.questions.len();
    let event = |event: &str, stand: &Stand| Input::Happened {
        event: event.into(),
        of: contact(),
        row: i64::try_from(number).unwrap() + 1,
        at: stand.now,
        cause: None,
    };
    match random.below(12) {
        0..=5 if questions > 0 => {
            let asked = &stand.case.questions[usize::try_from(random.below(questions as u64)).unwrap()];
            let allows = |option: &str| asked.options.iter().any(|known| known == option);
            let answer = match random.below(6) {
                0 if allows("reject") => Answer::Reject,
                1 | 2 if allows("change") => Answer::Change { hash: hash(&format!("own {number}")) },
                _ if allows("done") => Answer::Done,
                _ => Answer::Approve { hash: None },
            };
            let anybody = if random.one_in(2) { "founder" } else { "closer" };
            let by = asked.whom.clone().unwrap_or_else(|| anybody.into());
            Some(Input::Answered { question: asked.id, answer, by, why: Some("because".to_owned()), record: None })
        }
        6 => Some(event("reply.received", stand)),
        7 => Some(event("page.viewed", stand)),
        8 => {
            Record::drawn(random).tell(stand);
            Some(Input::Woke)
        }
        _ if stand.case.work.is_empty() => {
            let wake = stand.wake?;
            // As far as the next time that something is due, and often less.
            let whole = wake.duration_since(stand.now);
            stand.now = if random.one_in(3) { stand.now + whole / 3 } else { wake };
            Some(Input::Woke)
        }
        _ => None,
    }
}

/// Plays one contact; how many inputs were taken.
fn play(claims: &Claims, reader: &mut Reader<'_>, random: &mut Random) -> usize {
    let mut stand = Stand::of(Arc::clone(&claims.program));
    Record::drawn(random).tell(&mut stand);
    stand.facts.trusted = !random.one_in(4);
    let at = stand.now;
    let mut input = Some(Input::Happened { event: "contact.created".into(), of: contact(), row: 0, at, cause: None });
    let mut taken = 0;
    for number in 0..INPUTS {
        if let Some(input) = &input {
            let mut facts = stand.facts.clone();
            // What does not fit changes nothing.
            if let Ok(Step { entries, case, wake }) = step(&stand.context(), &stand.case, input, stand.now, &mut facts)
            {
                taken += 1;
                (stand.case, stand.wake) = (case, wake);
                for entry in entries {
                    if let Entry::Started { workflow, trigger, record, .. } = &entry {
                        stand.facts.started.insert((workflow.clone(), trigger.clone(), record.clone()));
                    }
                    reader.read(stand.now, stand.next(), &entry);
                    stand.log.push((stand.now, entry));
                }
            }
        }
        input = next(&mut stand, random, number);
    }
    taken
}

/// 500 playbooks with 20 contacts each, and up to 40 inputs for each of them: more than 100,000 steps of the engine.
#[test]
fn what_is_called_impossible_never_happens() {
    let (mut playbooks, mut inputs, mut holes, mut shown) = (0, 0, 0, 0);
    let mut claimed: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..PLAYBOOKS {
        let mut random = Random(seed);
        let Some(claims) = Claims::of(text(&mut random)) else { continue };
        playbooks += 1;
        claims.found.values().flatten().for_each(|code| *claimed.entry(code).or_default() += 1);
        *claimed.entry("messages").or_default() += usize::from(claims.messages.is_some_and(|most| most > 0));
        let mut unapproved = BTreeSet::new();
        for _ in 0..CONTACTS {
            let runs = BTreeMap::new();
            let mut reader = Reader { claims: &claims, runs, queued: Vec::new(), unapproved: BTreeSet::new() };
            inputs += play(&claims, &mut reader, &mut random);
            unapproved.append(&mut reader.unapproved);
        }
        let found = claims.found.values().filter(|found| found.contains("E0917")).count();
        (holes, shown) = (holes + found, shown + unapproved.len());
    }
    // What is said of findings that are never made, or of runs that go nowhere, is worth nothing.
    assert!(playbooks * 2 > PLAYBOOKS, "only {playbooks} of {PLAYBOOKS} can be played");
    assert!(inputs > 100_000, "only {inputs} inputs were taken");
    assert!(shown * 2 > holes && holes > 100, "of {holes} sends without an approval {shown} came about");
    for code in ["E0815", "E0816", "E0831", "E0832", "E0833", "E0835", "messages"] {
        let times = claimed.get(code).copied().unwrap_or_default();
        assert!(times >= 10, "{code} is said {times} times\n{claimed:?}");
    }
}
