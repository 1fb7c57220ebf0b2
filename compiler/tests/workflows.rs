//! What workflows, goals and feedback mean: small texts and the guards, starts, acts and measures that they become.

#![expect(clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use compiler::compile::compile_unproven;
use compiler::program::{
    Actor, Certainty, Condition, Counted, Crossing, Guard, LimitKind, Measure, Object, Period, Program, Schedule,
    StageBody, StageId, StageKind, StartKind, Subject, WayWhen, Workflow, WorkflowId,
};
use language::syntax::DurationUnit;

const BEFORE: &str = r#"client "Acme" {
  currency NZD
  people founder "Founder"
}
use std.crm
use std.actions
use std.spcl
objection price { "too expensive" }
fact velocity of Contact is count of email.clicked in the last 7 days
score icp for Contact {
  layer place { +40 when country is NZ because "near" }
  layer reach { +40 when email is known because "can be written to" }
  route {
    hot  when icp >= 80
    cold otherwise
  }
}
"#;

#[track_caller]
fn program(text: &str) -> Program {
    // What is said here need make no sense beyond its words.
    let compiled = compile_unproven("test.playbook", &format!("{BEFORE}{text}"));
    compiled.program.clone().unwrap_or_else(|| panic!("{}", support::drawn(&compiled)))
}

fn body(workflow: &Workflow, stage: usize) -> &StageBody {
    let StageKind::Stage(body) = &workflow.stages[stage].kind else {
        panic!("{} is no stage", workflow.stages[stage].name)
    };
    body
}

/// The guard of the first way out of the first stage.
#[track_caller]
fn guard(entity: &str, condition: &str) -> (Program, Guard) {
    let program = program(&format!(
        "workflow Work for {entity} {{\n  stage First {{\n    require {}\n    next Done when {condition}\n    next Done after 5 days\n  }}\n  end Done as done\n}}\n",
        if entity == "Deal" { "value" } else { "country" }
    ));
    let WayWhen::When(guard) = body(&program.workflows[0], 0).ways[0].when.clone() else { panic!("no condition") };
    (program, guard)
}

/// The records that a guard asks about, in order.
fn asked(guard: &Guard) -> Vec<Subject> {
    match guard {
        Guard::Not(inner) => asked(inner),
        Guard::All(parts) | Guard::Any(parts) => parts.iter().flat_map(asked).collect(),
        Guard::Facts { of, .. } => vec![*of],
        _ => Vec::new(),
    }
}

#[test]
fn a_condition_about_one_record_stays_whole() {
    let (program, found) = guard("Contact", "icp is hot and not (velocity > 3 or contact.country is AU)");
    let contact = Subject::Own(program.entity("Contact").unwrap());
    assert!(
        matches!(&found, Guard::Facts { of, condition: Condition::All(parts) } if *of == contact && parts.len() == 2)
    );
}

#[test]
fn a_condition_about_two_records_is_split_where_it_says_and() {
    let (program, found) =
        guard("Deal", "(icp is hot or value > NZD 1k) and any reply.received and contact.country is NZ");
    let deal = Subject::Own(program.entity("Deal").unwrap());
    assert_eq!(asked(&found), [Subject::Contact, deal, Subject::Contact, deal], "{found:?}");
    assert!(matches!(&found, Guard::All(parts) if matches!(parts[0], Guard::Any(_))));
    let (program, found) = guard("Contact", "deal.value > NZD 1k and velocity > 3");
    let contact = Subject::Own(program.entity("Contact").unwrap());
    assert_eq!(asked(&found), [Subject::Deal, contact], "{found:?}");
    let (program, found) = guard("Deal", "objections.open has price and deal.value is known");
    assert_eq!(asked(&found), [Subject::Contact, Subject::Own(program.entity("Deal").unwrap())]);
}

#[test]
fn what_the_engine_knows_is_told_apart() {
    let (_, complete) = guard("Contact", "complete and icp is known");
    let Guard::All(parts) = complete else { panic!("{complete:?}") };
    assert_eq!(parts[0], Guard::Complete);
    assert!(matches!(parts[1], Guard::Scored(_)));
    let (_, missing) = guard("Contact", "icp is missing");
    assert!(matches!(missing, Guard::Not(inner) if matches!(*inner, Guard::Scored(_))));
    let (_, certain) = guard("Contact", "icp is certain");
    let Guard::Facts { condition: Condition::Routed { labels, certainty, .. }, .. } = certain else { panic!() };
    assert_eq!((labels.len(), certainty), (2, Some(Certainty::Certain)));
    let (_, message) = guard("Contact", "message.spcl >= 60");
    assert!(matches!(message, Guard::Message { value, .. } if value == "60".parse().unwrap()));
}

#[test]
fn a_contact_is_what_its_stage_of_life_says() {
    for (entity, condition) in [("Contact", "contact is customer"), ("Deal", "contact is customer or evangelist")] {
        let (program, found) = guard(entity, condition);
        let Guard::Facts { condition: Condition::OneOf { term, values }, .. } = found else { panic!("{found:?}") };
        let compiler::program::TextTerm::Field(path) = term else { panic!("{term:?}") };
        assert_eq!(program.path_name(&path), "lifecycle_stage");
        assert_eq!(values[0], "customer");
    }
}

#[test]
fn runs_start_on_events_schedules_and_crossings() {
    let program = program(
        "workflow Work for Contact {
  start on page.viewed where path starts \"/p\"
  start every fri to mon at 08:00 for contacts where icp is missing, at most 20
  start every day
  start every 4 business hours
  start when velocity falls below 3
  start when icp is certainly hot
  stage First { next Done after 2 days }
  end Done as done
}
",
    );
    let starts: Vec<&StartKind> = program.workflows[0].starts.iter().map(|start| &start.kind).collect();
    assert!(matches!(starts[0], StartKind::On(query) if query.filter.is_some()));
    let StartKind::Every { schedule: Schedule::Days { days, at }, guard: Some(_), at_most: Some(20) } = starts[1]
    else {
        panic!("{:?}", starts[1])
    };
    assert_eq!((*days, at.hour()), ([true, false, false, false, true, true, true], 8));
    let StartKind::Every { schedule: Schedule::Days { days, at }, guard: None, at_most: None } = starts[2] else {
        panic!("{:?}", starts[2])
    };
    assert_eq!((*days, at.hour()), ([true; 7], 9), "the client's day begins at nine");
    let every = Period { amount: 4, unit: DurationUnit::Hour, business: true };
    assert!(matches!(starts[3], StartKind::Every { schedule: Schedule::Interval(period), .. } if *period == every));
    assert!(matches!(starts[4], StartKind::Crosses(Crossing { rises: false, .. })));
    assert!(matches!(starts[5], StartKind::Becomes(Guard::Facts { .. })));
}

#[test]
fn acts_know_what_they_are_about() {
    let program = program(
        "template hello { body \"Hi\" }
rubric needs from discovery.notes {
  5 \"a number\"
  0 \"polite\"
}
experiment mix {
  try     email, sms
  success reply.received within 5 days
}
workflow Work for Contact {
  stage First {
    do research company
    do score contact by icp
    do write hello via mix
    do write hello via sms
    do rate message by spcl
    do rate needs
    do send message via sms
    do send message
    do offer home_visit
    do spend
    next Done after 2 days
  }
  end Done as done
}
",
    );
    let acts = &body(&program.workflows[0], 0).acts;
    let variant = |at: usize| program.actions[acts[at].action.index()].variant.clone();
    let objects: Vec<&Object> = acts.iter().map(|act| &act.object).collect();
    assert_eq!(*objects[0], Object::Record(program.entity("Company").unwrap()));
    assert!(matches!(objects[1], Object::Score(_)));
    assert!(matches!(
        (objects[2], objects[4], objects[5]),
        (Object::Template(_), Object::Rubric(_), Object::Rubric(_))
    ));
    assert_eq!((objects[7], objects[9]), (&Object::Message, &Object::None));
    assert_eq!(*objects[8], Object::Named("home_visit".into()));
    assert_eq!((variant(6).as_deref(), variant(7).as_deref()), (Some("sms"), Some("email")), "the first one declared");
    assert_eq!(acts[3].words, "write hello via sms");
}

#[test]
fn who_runs_a_workflow_may_be_said_by_the_agent() {
    let program = program(
        "agent Clerk { runs Work }
workflow Work for Contact {
  stage First by human founder { next Second after 2 days }
  stage Second { next Done after 2 days }
  end Done as done
}
",
    );
    let work = &program.workflows[0];
    assert_eq!(work.by, Actor::Agent(program.agent("Clerk").unwrap()));
    assert_eq!(body(work, 0).by, Actor::Human(Some("founder".into())));
    assert_eq!(body(work, 1).by, work.by);
}

#[test]
fn a_refinement_puts_its_stage_in_the_place_of_the_other() {
    let text = format!(
        "{BEFORE}use ./shared
refine workflow Work {{
  stage Second {{ next Done after 9 days because \"slower\" }}
}}
// ── shared.playbook ──
workflow Work for Contact {{
  stage First {{ next Second after 2 days }}
  stage Second {{ next Done after 2 days }}
  end Done as done
}}
"
    );
    let compiled = support::compiled("test.playbook", &text, &[]);
    let program = compiled.program.clone().unwrap_or_else(|| panic!("{}", support::drawn(&compiled)));
    let work = &program.workflows[0];
    let names: Vec<&str> = work.stages.iter().map(|stage| stage.name.as_str()).collect();
    assert_eq!(names, ["First", "Second", "Done"]);
    let way = &body(work, 1).ways[0];
    assert_eq!((way.to, way.because.as_deref()), (StageId(2), Some("slower")));
    assert!(matches!(way.when, WayWhen::After(Period { amount: 9, .. })));
    let shown = compiler::resolved::resolved(&compiled.modules, Some(&program));
    assert!(shown.contains("refined by test.playbook") && shown.contains("after 9 days"), "{shown}");
    assert!(!shown.contains("next Done after 2 days"), "{shown}");
}

#[test]
fn goals_measure_each_in_its_unit() {
    let program = program(
        "workflow Work for Contact {
  stage First { next Done after 2 days }
  end Done as done
}
workflow Sell for Deal {
  stage Offer { next Won on deal.won }
  end Won as won
}
goal F1 \"a\" at least 20 per week of Work.First done
goal F3 \"b\" at least 70% of icp hot with meeting.accepted
goal O3 \"c\" over NZD 50k per month of deal.value entering Sell
goal c  \"d\" under NZD 85 per month of spend per Work.Done entered
goal \"e\" every workflow at least approved
goal \"f\" share of reply.received in week 8 over week 1
goal \"g\" at most 3 of Work done
",
    );
    let measures: Vec<&Measure> = program.goals.iter().map(|goal| &goal.measure).collect();
    let Measure::Count { limit, per: Some(per), of: Counted::Done(WorkflowId(0), StageId(0)) } = measures[0] else {
        panic!("{:?}", measures[0])
    };
    assert_eq!((limit.kind, limit.percent, per.amount, per.unit), (LimitKind::AtLeast, false, 1, DurationUnit::Week));
    assert!(matches!(measures[1], Measure::Share { limit, of: Counted::Routed(..), .. } if limit.percent));
    let Measure::Sum { limit, field, entering: WorkflowId(1), .. } = measures[2] else { panic!("{:?}", measures[2]) };
    assert_eq!((limit.value, program.path_name(field).as_str()), ("50000".parse().unwrap(), "value"));
    assert!(matches!(measures[3], Measure::SpendPer { each: Counted::Entered(WorkflowId(0), StageId(1)), .. }));
    assert!(matches!(measures[4], Measure::Maturity(_)));
    let Measure::Growth { later, earlier, .. } = measures[5] else { panic!("{:?}", measures[5]) };
    assert_eq!((later.amount, earlier.amount), (8, 1));
    assert!(matches!(measures[6], Measure::Count { per: None, of: Counted::Ended(_), .. }));
    assert_eq!(program.goals[0].words, "at least 20 per week of Work.First done");
}

#[test]
fn what_is_learnt_and_when_it_is_given_up() {
    let program = program(
        "workflow Work for Contact {
  stage First { next Out after 2 days }
  end Out as disqualified
}
feedback from Work to Work {
  when 3 disqualified in a row share a reason, ask founder to refine icp
}
score fit for Contact {
  +60 when country is NZ because \"near\"
  kill when 50 scored contacts bring fewer than 3 deal.won within 60 days {
    pause Work
    ask founder to diagnose by layer
  }
}
",
    );
    let feedback = &program.feedback[0];
    assert_eq!((feedback.count, feedback.outcome.as_str(), feedback.in_a_row), (3, "disqualified", true));
    assert_eq!((feedback.ask.whom.as_deref(), feedback.ask.about.as_str()), (Some("founder"), "icp"));
    let kill = program.scores.iter().find_map(|score| score.kill.as_ref()).unwrap();
    assert_eq!((kill.scored, kill.fewer_than, kill.within.amount), (50, 3, 60));
    assert_eq!((kill.pause.as_slice(), &kill.ask), ([WorkflowId(0)].as_slice(), &Some((Some("founder".into()), true))));
}
