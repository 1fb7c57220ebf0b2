//! Ratings: a person's needs a value, an agent's counts where a person has confirmed it or nobody has to.

use compiler::program::Fixed;
use runtime::engine::{Answer, QuestionKind, Refusal, WorkResult};

use super::questions::LETTER;
use super::stand::{Stand, YES, words};

const TALK: &str = "
rubric budget from discovery.notes, confirmed by human {
  5 \"names a sum\"
  3 \"names a range\"
  0 \"no money\"
}
rubric timing from discovery.notes {
  5 \"a date\"
  0 \"no date\"
}
workflow Work for Contact by Writer {
  start on contact.created
  stage Talk BY {
    do rate budget
    do rate timing
    next Done otherwise
    next Done after 30 days
  }
  end Done as done
}";

fn talk(by: &str) -> Stand {
    let mut stand = Stand::new(&TALK.replace("BY", by));
    stand.begin();
    stand
}

fn fixed(value: &str) -> Fixed {
    value.parse().unwrap()
}

fn rate(value: &str) -> Answer {
    Answer::Rate { value: fixed(value) }
}

fn rated(rubric: &str, value: &str) -> WorkResult {
    WorkResult::Rated { rubric: rubric.into(), value: Some(fixed(value)), message: None }
}

/// What the record is, as the case has it: `budget 4 by closer`.
fn ratings(stand: &Stand) -> Vec<String> {
    let of = |rating: &runtime::engine::Rating| format!("{} {} by {}", rating.rubric, rating.value, rating.by);
    stand.case.ratings.iter().map(of).collect()
}

#[test]
fn a_person_rates_with_a_value_within_the_rubric() {
    let mut stand = talk("by human closer");
    assert_eq!(stand.case.questions[0].options, ["rate", "reject"]);
    for nothing in [YES, Answer::Done] {
        let refused = stand.answer_as(nothing, "closer", None).unwrap_err();
        assert!(
            matches!(refused, Refusal::NoRating { .. }) && refused.to_string().contains("from 0 to 5"),
            "{refused}"
        );
    }
    for outside in ["6", "-1", "5.01"] {
        let refused = stand.answer_as(rate(outside), "closer", None).unwrap_err();
        assert!(matches!(refused, Refusal::NoSuchRating { .. }), "{refused}");
    }
    assert!(matches!(stand.answer_as(rate("4"), "founder", None), Err(Refusal::NotForYou { .. })));
    let answered = stand.answer_as(rate("4"), "closer", Some("she said fifty thousand")).unwrap();
    assert_eq!(words(&answered), ["settled approved", "rated", "acted", "asked rating"]);
    assert_eq!(ratings(&stand), ["budget 4 by closer"]);
    let rating = stand.case.ratings[0].clone();
    assert_eq!(rating.level, "between \u{201c}names a range\u{201d} and \u{201c}names a sum\u{201d}");
    assert_eq!(rating.answer.map(|answer| answer.0 + 1), Some(rating.id.0), "the reasons are sealed under the answer");
    let answered = stand.answer_as(rate("0"), "closer", None).unwrap();
    assert_eq!(words(&answered), ["settled approved", "rated", "acted", "entered Done", "ended done"]);
    assert_eq!(stand.case.ratings[1].level, "no date");
}

#[test]
fn who_cannot_rate_ends_the_run() {
    let mut stand = talk("by human closer");
    let answered = stand.answer_as(Answer::Reject, "closer", None).unwrap();
    assert_eq!(words(&answered), ["settled rejected", "ended rejected"]);
    assert!(stand.case.ratings.is_empty());
}

#[test]
fn an_agents_rating_counts_once_a_person_has_confirmed_or_changed_it() {
    let mut stand = talk("");
    assert_eq!(words(&stand.done(rated("budget", "3"))), ["work done", "asked rating"]);
    assert!(stand.case.ratings.is_empty(), "nobody has confirmed it");
    assert_eq!(stand.case.questions[0].words, "is 3 right as budget?");
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "rated", "acted", "work asked rate"]);
    assert_eq!(ratings(&stand), ["budget 3 by founder"]);
    // Nobody has to confirm this one.
    let done = stand.done(rated("timing", "5"));
    assert_eq!(words(&done), ["work done", "rated", "acted", "entered Done", "ended done"]);
    assert_eq!(ratings(&stand), ["budget 3 by founder", "timing 5 by Writer"]);

    let mut changed = talk("");
    changed.done(rated("budget", "3"));
    assert_eq!(words(&changed.answer(rate("5"))), ["settled changed", "rated", "acted", "work asked rate"]);
    assert_eq!(ratings(&changed), ["budget 5 by founder"]);
}

#[test]
fn who_could_not_rate_leaves_it_to_the_person() {
    let mut stand = talk("");
    let nothing = WorkResult::Rated { rubric: "budget".into(), value: None, message: None };
    assert_eq!(words(&stand.done(nothing)), ["work done", "asked rating"]);
    assert!(matches!(stand.answer_as(YES, "founder", None), Err(Refusal::NoRating { .. })));
    stand.answer(rate("3"));
    assert_eq!(ratings(&stand), ["budget 3 by founder"]);
}

#[test]
fn whoever_the_rubric_names_confirms_what_another_person_says() {
    let named = TALK.replace("confirmed by human", "confirmed by founder").replace("BY", "by human closer");
    let mut stand = Stand::new(&named);
    stand.begin();
    assert_eq!(words(&stand.answer_as(rate("5"), "closer", None).unwrap()), ["settled approved", "asked rating"]);
    assert_eq!(stand.case.questions[0].whom.as_deref(), Some("founder"));
    assert!(stand.case.ratings.is_empty());
    let answered = stand.answer_as(rate("3"), "founder", Some("a range, no sum")).unwrap();
    assert_eq!(words(&answered), ["settled changed", "rated", "acted", "asked rating"]);
    assert_eq!(ratings(&stand), ["budget 3 by founder"]);
}

#[test]
fn a_rating_of_a_message_is_evidence_once_it_is_confirmed() {
    let mut stand = Stand::new(&LETTER.replace("    ask human", "    require message.tone >= 4\n    ask human"));
    stand.begin();
    stand.write("a");
    let (message, hash) = stand.message();
    let tone = WorkResult::Rated { rubric: "tone".into(), value: Some(fixed("3")), message: Some(hash.clone()) };
    assert_eq!(words(&stand.done(tone)), ["work done", "asked rating"]);
    let QuestionKind::Rating { message: asked, proposed, act, .. } = stand.kind() else { panic!() };
    assert_eq!((asked, *proposed, *act), (&Some((message, hash)), Some(fixed("3")), None));
    assert_eq!(words(&stand.answer(rate("4"))), ["settled changed", "rated", "asked stage"]);
    assert!(stand.case.questions[0].notes.is_empty(), "the person says that it is there");
    stand.answer(YES);
}

#[test]
fn a_message_that_is_changed_is_rated_anew() {
    let mut stand = Stand::new(&LETTER.replace("    ask human", "    require message.tone >= 4\n    ask human"));
    stand.begin();
    stand.write("a");
    let (message, hash) = stand.message();
    stand.done(WorkResult::Rated { rubric: "tone".into(), value: Some(fixed("5")), message: Some(hash) });
    let changed =
        runtime::engine::Input::Rewritten { message, hash: super::stand::hash("b"), by: "Writer".into(), agent: true };
    assert_eq!(words(&stand.say(changed)), ["rewritten", "settled void", "work asked rate"]);
}
