//! A playbook that changes while runs are in stages that it no longer has.

use std::sync::Arc;

use compiler::program::Program;
use runtime::engine::{Answer, Input, QuestionKind};
use runtime::runner::Book;

use super::stand::{Stand, YES, program, words};

const BEFORE: &str = "
workflow Work for Contact by Writer {
  start on page.viewed
  stage First {
    next Second on email.clicked
    next Done   after 20 days
  }
  stage Second {
    next Done on reply.received
    next Done after 20 days
  }
  end Done as done
}";

fn change(stand: &mut Stand, declarations: &str) {
    let program: Arc<Program> = Arc::new(program(declarations).unwrap());
    stand.book = Book::new(Arc::clone(&program)).unwrap();
    stand.facts.program = program;
}

fn in_second() -> Stand {
    let mut stand = Stand::new(BEFORE);
    stand.happen("page.viewed");
    stand.happen("email.clicked");
    stand
}

const RENAMED: &str = "
workflow Work for Contact by Writer {
  start on page.viewed
  stage Opening {
    next Later on email.clicked
    next Done  after 20 days
  }
  stage Later {
    next Done on reply.received
    next Done after 20 days
  }
  end Done as done
}";

#[test]
fn a_run_whose_stage_is_gone_goes_on_where_a_person_says_or_ends() {
    for (answer, stage) in [(YES, "Opening"), (Answer::Reject, "ended rejected")] {
        let mut stand = in_second();
        change(&mut stand, RENAMED);
        assert_eq!(words(&stand.say(Input::Woke)), ["asked stranded"]);
        assert!(stand.say(Input::Woke).is_empty(), "asked once");
        let asked = &stand.case.questions[0];
        insta::allow_duplicates! {
            insta::assert_snapshot!(asked.words, @"Work no longer has the stage Second, where this run is: approve to go on to Opening, reject to end this run");
        }
        assert_eq!(asked.kind, QuestionKind::Stranded { stage: "Second".into(), to: Some("Opening".into()) });
        stand.answer(answer);
        assert_eq!(stand.stage(), stage);
        assert!(stand.case.questions.is_empty());
    }
}

#[test]
fn where_the_stage_comes_back_nobody_is_asked_any_more() {
    let mut stand = in_second();
    change(&mut stand, RENAMED);
    stand.say(Input::Woke);
    change(&mut stand, BEFORE);
    assert_eq!(words(&stand.say(Input::Woke)), ["settled void"]);
    stand.happen("reply.received");
    assert_eq!(stand.stage(), "ended done");
}

#[test]
fn a_run_whose_workflow_is_gone_waits_for_it_or_ends() {
    let mut stand = in_second();
    change(&mut stand, &RENAMED.replace("workflow Work", "workflow Other"));
    stand.say(Input::Woke);
    assert_eq!(stand.case.questions[0].options, ["reject"]);
    change(&mut stand, RENAMED);
    assert_eq!(words(&stand.say(Input::Woke)), ["settled void", "asked stranded"], "now there is where to go");
    stand.answer(Answer::Reject);
    assert_eq!(stand.stage(), "ended rejected");
}
