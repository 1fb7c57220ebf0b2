//! Stages: acts in their order, evidence, ways out, caps, skips, provisional routes, circles.

use runtime::engine::{Answer, Entry, Input, QuestionKind, WorkResult};

use super::stand::{Stand, YES, words};

const RESEARCH: &str = "
workflow Work for Contact by Writer {
  start on contact.created
  stage Research {
    do research contact
    do score contact by icp
    require job_title
    next Found  when complete
    next Nobody after 5 days
  }
  end Found as found
  end Nobody as lost because \"cannot be researched\"
}";

const FOUND: WorkResult = WorkResult::Found { kept: 1, refused: 0 };

#[test]
fn acts_are_done_in_order_and_the_stage_waits_for_its_evidence() {
    let mut stand = Stand::new(RESEARCH);
    assert_eq!(words(&stand.begin()), ["started Work", "entered Research", "work asked research"]);
    assert_eq!(words(&stand.done(FOUND)), ["work done", "acted", "scored", "acted"]);
    assert_eq!(stand.stage(), "Research");
    assert!(stand.wait(47).is_empty(), "nobody knows the job title");
    stand.facts.known.insert("job_title");
    assert_eq!(words(&stand.wait(48)), ["entered Found", "ended found"], "it looks again within a day");
}

#[test]
fn time_leads_out_whatever_keeps_the_acts() {
    let mut stand = Stand::new(RESEARCH);
    stand.begin();
    let entries = stand.wait(5 * 24);
    assert_eq!(words(&entries), ["entered Nobody", "ended lost"]);
    assert!(stand.case.work.is_empty() && stand.wake.is_none());
    let Some(Entry::Ended { because, .. }) = entries.last() else { panic!() };
    assert_eq!(because.as_deref(), Some("cannot be researched"));
}

#[test]
fn work_that_failed_is_tried_again_when_a_person_says_so() {
    let mut stand = Stand::new(RESEARCH);
    stand.begin();
    let work = stand.case.work[0].id;
    let failed = Input::Failed { work, why: "no answer".into() };
    assert_eq!(words(&stand.say(failed.clone())), ["work failed", "asked trouble"]);
    assert!(stand.tell(&failed).is_err(), "it is not under way any more");
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "work asked research"]);
    let work = stand.case.work[0].id;
    stand.say(Input::Failed { work, why: "no answer".into() });
    assert_eq!(words(&stand.answer(Answer::Reject)), ["settled rejected", "ended rejected"]);
}

#[test]
fn a_draft_of_a_stage_that_the_run_has_left_is_nobodys() {
    let mut stand = Stand::new(
        "
workflow Work for Contact by Writer {
  start on contact.created
  stage First {
    do write hello via email
    next Second after 2 days
  }
  stage Second {
    do research contact
    next Done otherwise
  }
  end Done as done
}",
    );
    stand.begin();
    stand.wait(48);
    assert_eq!(stand.stage(), "Second");
    let late = stand.case.work[0].id;
    let entries = stand.say(Input::Done { work: late, result: super::stand::wrote("late", "email") });
    assert_eq!(words(&entries), ["work done"]);
    assert!(stand.case.runs[0].message.is_none());
    assert_eq!(words(&stand.done(FOUND)), ["work done", "acted", "entered Done", "ended done"]);
}

#[test]
fn a_stage_is_entered_no_oftener_than_its_cap_and_skipped_for_others() {
    let mut stand = Stand::new(
        "
workflow Work for Contact by Writer {
  start on contact.created
  stage Once only when job_title is known, else Round {
    do research contact
    next Round otherwise
  }
  stage Round at most 2 times, then Done {
    do research contact
    next Once on reply.received
    next Done after 9 days
  }
  end Done as done
}",
    );
    let begun = stand.begin();
    let Entry::Entered { stage, way, .. } = &begun[1] else { panic!("{begun:?}") };
    assert_eq!((stage.as_str(), way.as_str()), ("Round", "contact.created:7, but Once is skipped"));
    let again = stand.happen("reply.received");
    assert_eq!(words(&again), ["entered Round", "work asked research"]);
    let capped = stand.happen("reply.received");
    assert_eq!(words(&capped), ["entered Done", "ended done"]);
    let Entry::Entered { way, .. } = &capped[0] else { panic!() };
    assert!(way.ends_with("but Once is skipped, but Round at most 2 times"), "{way}");
    stand.facts.known.insert("job_title");
}

#[test]
fn an_event_from_before_the_stage_opens_no_way() {
    let mut stand = Stand::new(
        "
workflow Work for Contact by Writer {
  start on contact.created
  stage Wait {
    next Done on reply.received
    next Lost after 9 days
  }
  end Done as done
  end Lost as lost
}",
    );
    stand.begin();
    let before = stand.now - jiff::SignedDuration::from_secs(1);
    let event =
        |at, row| Input::Happened { event: "reply.received".into(), of: super::stand::contact(), row, at, cause: None };
    assert!(stand.say(event(before, 90)).is_empty());
    let now = stand.now;
    assert_eq!(words(&stand.say(event(now, 91))), ["entered Done", "ended done"]);
}

const ROUTES: &str = "
workflow Work for Contact by Writer {
  start on contact.created
  stage Rating {
    do score contact by icp
    next Hot  when icp is hot
    next Cold after 9 days
  }
  end Hot as found
  end Cold as lost
}";

#[test]
fn a_provisional_route_is_a_persons_to_take_and_time_still_leads_out() {
    let mut stand = Stand::new(ROUTES);
    (stand.facts.certain, stand.facts.route) = (false, "hot".into());
    assert_eq!(words(&stand.begin())[2..], ["scored", "acted", "asked way"]);
    assert!(stand.case.questions[0].notes[0].contains("could still route otherwise"));
    let mut no = Stand::new(ROUTES);
    (no.facts.certain, no.facts.route) = (false, "hot".into());
    no.begin();
    assert_eq!(words(&no.answer(Answer::Reject)), ["settled rejected"]);
    assert!(no.wait(8 * 24).is_empty(), "a way that a person closed is not asked about again");
    assert_eq!(words(&no.wait(24)), ["entered Cold", "ended lost"]);
    let mut late = Stand::new(ROUTES);
    (late.facts.trusted, late.facts.route) = (false, "hot".into());
    late.begin();
    assert!(late.case.questions[0].notes[0].contains("too few decisions"));
    assert_eq!(words(&late.wait(9 * 24)), ["settled void", "entered Cold", "ended lost"]);
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "entered Hot", "ended found"]);
}

#[test]
fn a_provisional_route_to_a_stage_that_asks_first_is_taken() {
    let mut stand = Stand::new(
        "
workflow Work for Contact by Writer {
  start on contact.created
  stage Rating {
    do score contact by icp
    next Talk when icp is hot
    next Cold after 9 days
  }
  stage Talk {
    ask founder to approve this within 2 days
    next Hot  on approved
    next Cold on rejected or expired
  }
  end Hot as found
  end Cold as lost
}",
    );
    (stand.facts.certain, stand.facts.route) = (false, "hot".into());
    assert_eq!(words(&stand.begin())[2..], ["scored", "acted", "entered Talk", "asked stage"]);
}

#[test]
fn a_certain_route_is_taken_when_the_facts_are_in() {
    let mut stand = Stand::new(&ROUTES.replace("icp is hot", "icp is certainly hot"));
    (stand.facts.certain, stand.facts.route) = (false, "hot".into());
    assert_eq!(words(&stand.begin())[2..], ["scored", "acted"]);
    stand.facts.certain = true;
    assert_eq!(words(&stand.wait(24)), ["entered Hot", "ended found"]);
}

#[test]
fn stages_that_lead_round_in_a_circle_are_stopped_and_a_person_asked() {
    let mut stand = Stand::new(
        "
workflow Work for Contact by Writer {
  start on contact.created
  stage Ping {
    next Pong when icp is hot
    next Done after 9 days
  }
  stage Pong {
    next Ping when icp is hot
    next Done after 9 days
  }
  end Done as done
}",
    );
    stand.facts.route = "hot".into();
    let entries = stand.begin();
    let said = words(&entries);
    assert!(said.len() < 250, "{}", said.len());
    assert_eq!(said[said.len() - 3..], ["caught Work", "overridden", "asked trouble"]);
    assert_eq!(stand.case.runs[0].paused.as_deref(), Some("engine"));
    assert!(stand.wait(24).is_empty(), "nothing moves before somebody says so");
    assert!(matches!(stand.kind(), QuestionKind::Trouble(_)));
    stand.facts.route = "cold".into();
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "overridden"]);
    assert_eq!(words(&stand.wait(9 * 24)), ["entered Done", "ended done"]);
}

#[test]
fn a_persons_stage_is_an_errand() {
    let text = "
workflow Work for Contact by Writer {
  start on contact.created
  stage Call by human closer {
    do schedule call
    next Done otherwise
  }
  end Done as done
}";
    let mut stand = Stand::new(text);
    assert_eq!(words(&stand.begin())[2..], ["asked errand"]);
    let refused = stand.answer_as(Answer::Done, "founder", None).unwrap_err();
    assert!(refused.to_string().contains("is for `closer`, not for `founder`"), "{refused}");
    let done = stand.answer_as(Answer::Done, "closer", None).unwrap();
    assert_eq!(words(&done), ["settled approved", "acted", "entered Done", "ended done"]);
    let mut no = Stand::new(text);
    no.begin();
    let done = no.answer_as(Answer::Reject, "closer", None).unwrap();
    assert_eq!(words(&done), ["settled rejected", "ended rejected"]);
}
