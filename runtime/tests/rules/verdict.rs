//! All checks side by side: their order, what follows from each, and the words that people read.

use compiler::program::{Loser, Origin, Program};
use runtime::contact_policy::{PolicyVerdict, Reason as PolicyReason, Rule};
use runtime::gate::{Approval, Attempt, Check, Checks, Decision, Denial, Gate, Target, Then, against, verdict};

use crate::team::{
    ACTIVITY, AGENTS, CONTACT, DEAL, EMAIL, ICP, LETTER, NAME, RESEARCH, STAGE, TABLE, agent_named, priority, program,
};

fn full() -> Program {
    let mut program = program(TABLE);
    program.priorities = vec![priority("Conversion", &["Lifecycle"], None, Loser::Waits, "nearest to a decision")];
    let origin = Origin { line: 31, ..Origin::default() };
    program.policy = Some(compiler::program::ContactPolicy { origin, ..Default::default() });
    program
}

fn never() -> PolicyVerdict {
    let reason = |words: &str, because: Option<&str>| PolicyReason {
        rule: Rule::Consent,
        words: words.into(),
        because: because.map(Into::into),
    };
    PolicyVerdict::Never { reasons: vec![reason("no consent", Some("the law")), reason("too late", None)] }
}

fn outcome(denial: &Denial) -> (Check, Option<&str>, Option<&str>, &Then) {
    (denial.check, denial.place.as_deref(), denial.because.as_deref(), &denial.then)
}

#[test]
fn all_that_fail_are_reported_in_the_order_of_checks() {
    let program = full();
    let gate = Gate::new(&program);
    let (agent, others, attempt) = (agent_named("Lifecycle"), [agent_named("Conversion")], Attempt::Act(EMAIL));
    let policy = never();
    let checks = Checks {
        agent,
        attempt,
        permission: gate.decide(agent, &attempt),
        priority: against(&program, agent, &others, &mut |_| None),
        approval: Approval::Missing,
        policy: Some(&policy),
    };
    let said = verdict(&program, &checks);
    let said: Vec<_> = said.denials.iter().map(outcome).collect();
    assert_eq!(
        said,
        [
            (Check::Permission, Some("team.playbook:10"), None, &Then::Stops),
            (Check::Priority, Some("team.playbook:20"), Some("nearest to a decision"), &Then::Waits),
            (Check::Approval, None, None, &Then::Asks(None)),
            (Check::ContactPolicy, Some("team.playbook:31"), Some("the law"), &Then::Stops),
            (Check::ContactPolicy, Some("team.playbook:31"), None, &Then::Stops),
        ]
    );
}

#[test]
fn nothing_in_the_way_is_no_denial() {
    let program = full();
    let gate = Gate::new(&program);
    let agent = agent_named("Conversion");
    for (attempt, approval, allowed) in [
        (Attempt::Act(EMAIL), Approval::Given, true),
        (Attempt::Act(EMAIL), Approval::Missing, false),
        (Attempt::Act(EMAIL), Approval::Changed, false),
        (Attempt::Act(EMAIL), Approval::Expired, false),
        (Attempt::Act(EMAIL), Approval::Rejected, false),
        (Attempt::Act(EMAIL), Approval::OtherRole("closer".into()), false),
        (Attempt::Act(RESEARCH), Approval::Missing, true),
        (Attempt::Act(LETTER), Approval::Given, false),
        (Attempt::Read { entity: DEAL, field: None }, Approval::Missing, true),
        (Attempt::Score(ICP), Approval::Given, false),
    ] {
        let permission = gate.decide(agent, &attempt);
        let policy = PolicyVerdict::Now;
        let checks = Checks { agent, attempt, permission, priority: None, approval, policy: Some(&policy) };
        assert_eq!(verdict(&program, &checks).is_allowed(), allowed, "{checks:?}");
    }
}

#[test]
fn a_send_that_is_early_is_tried_again() {
    let at = "2026-04-02T09:00:00Z".parse().unwrap();
    let reasons = vec![PolicyReason { rule: Rule::Quiet, words: "quiet".into(), because: None }];
    let policy = PolicyVerdict::Later { at, reasons };
    let checks = Checks {
        agent: agent_named("LeadGen"),
        attempt: Attempt::Act(EMAIL),
        permission: Decision::AskHuman { role: None },
        priority: None,
        approval: Approval::Given,
        policy: Some(&policy),
    };
    let said = verdict(&full(), &checks);
    assert_eq!(
        said.denials.iter().map(outcome).collect::<Vec<_>>(),
        [(Check::ContactPolicy, Some("team.playbook:31"), None, &Then::Later(at))]
    );
}

#[test]
fn denials_are_read_by_people() {
    let mut program = full();
    program.priorities.push(priority(
        "Qualification",
        &["LeadGen"],
        Some(2),
        Loser::Stops,
        "no outreach mid-qualification",
    ));
    let gate = Gate::new(&program);
    let [lead, qualification, conversion, lifecycle] = AGENTS.map(agent_named);
    let others = Target::default();
    let own = |purpose| Target { purpose, own: true };
    let mut lines = Vec::new();
    let mut say = |agent, attempt: Attempt<'_>, approval, priority| {
        let permission = gate.decide(agent, &attempt);
        let said = verdict(&program, &Checks { agent, attempt, permission, priority, approval, policy: None });
        for denial in said.denials {
            let because = denial.because.map_or_else(String::new, |because| format!(" because \"{because}\""));
            let place = denial.place.map_or_else(String::new, |place| format!(" ({place})"));
            lines.push(format!("{}: {}{because}{place}", denial.check.word(), denial.words));
        }
    };
    for (agent, attempt) in [
        (lead, Attempt::Read { entity: DEAL, field: None }),
        (lead, Attempt::Write { entity: DEAL, field: Some(STAGE), target: others }),
        (qualification, Attempt::Write { entity: DEAL, field: Some(NAME), target: others }),
        (qualification, Attempt::Create { entity: CONTACT, purpose: None }),
        (lead, Attempt::Create { entity: ACTIVITY, purpose: Some("proposal") }),
        (lead, Attempt::Write { entity: ACTIVITY, field: None, target: own(None) }),
        (lead, Attempt::Score(ICP)),
        (lead, Attempt::Act(LETTER)),
        (compiler::program::AgentId(9), Attempt::Act(RESEARCH)),
    ] {
        say(agent, attempt, Approval::Given, None);
    }
    for approval in [
        Approval::Missing,
        Approval::Changed,
        Approval::Expired,
        Approval::Rejected,
        Approval::OtherRole("closer".into()),
    ] {
        say(conversion, Attempt::Act(EMAIL), approval, None);
    }
    say(lead, Attempt::Act(EMAIL), Approval::Missing, None);
    let waits = against(&program, lifecycle, &[conversion], &mut |_| Some(true));
    say(lifecycle, Attempt::Read { entity: DEAL, field: None }, Approval::Given, waits);
    let stops = against(&program, lead, &[qualification], &mut |_| Some(true));
    say(lead, Attempt::Read { entity: CONTACT, field: None }, Approval::Given, stops);
    insta::assert_snapshot!(lines.join("\n"));
}
