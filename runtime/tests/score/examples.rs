//! What a score means, example by example.

use compiler::program::*;
use language::syntax::AggregateFunction;
use runtime::facts::{Coverage, Facts, Reported};
use runtime::score::{Evaluation, Line, LinkError, Row, Scorer, Standing};

use crate::playbook::*;

/// One playbook with one score, judged for one contact.
struct Judged {
    scorer: Scorer,
    facts: Facts,
    row: Row,
    evaluation: Evaluation,
}

const ICP: ScoreId = ScoreId(0);

fn judge(score: Score, coverage: &Coverage, facts: Facts) -> Judged {
    let program = Program { scores: vec![score], ..program() };
    let scorer = Scorer::link(&program, now(), coverage).unwrap();
    let row = scorer.row(CONTACT, &facts).unwrap();
    let evaluation = scorer.evaluate(CONTACT, &row).unwrap();
    Judged { scorer, facts, row, evaluation }
}

fn known(fields: &[(&str, Value)]) -> Facts {
    Facts { fields: fields.iter().map(|(name, value)| (path(name), value.clone())).collect(), ..Facts::default() }
}

fn text(value: &str) -> Value {
    Value::Text(value.into())
}

fn whole(value: i64) -> Value {
    Value::Number(Fixed::from_integer(value))
}

fn standing_of(value: &str, low: &str, high: &str) -> Standing {
    Standing { value: number(value), low: number(low), high: number(high) }
}

impl Judged {
    fn standing(&self) -> Standing {
        self.evaluation.score(ICP).unwrap()
    }

    fn route(&self) -> String {
        let certain = if self.evaluation.is_certain(ICP) { "certainly" } else { "provisionally" };
        let labels = &self.scorer.program().scores[0].labels;
        let route = self.evaluation.route(ICP).map_or("nowhere", |label| labels[label.index()].as_str());
        format!("{certain} {route}")
    }

    fn ledger(&self) -> String {
        self.scorer.ledger(ICP, &self.row, &self.evaluation).unwrap().to_string()
    }

    fn questions(&self) -> Vec<String> {
        self.scorer.questions(ICP, &self.facts).into_iter().map(|question| question.words).collect()
    }
}

/// The first layer of the target playbook.
fn firmographic() -> Score {
    let rules = vec![
        when("35", one_of("company.industry", &["construction", "solar_epc"])),
        when("25", between("company.employees", "20", "250")),
        when("20", one_of("company.country", &["AU", "NZ"])),
        when("20", has("company.tools", Which::Any, &["Procore", "simPRO"])),
    ];
    let routes = vec![
        ("cold", Some(one_of("company.industry", &["agency"]))),
        ("hot", Some(compare(standing(0, None), Comparison::AtLeast, constant("70")))),
        ("warm", Some(compare(standing(0, None), Comparison::AtLeast, constant("45")))),
        ("cold", None),
    ];
    score("icp", vec![layer("firmographic", Some("100"), None, rules)], routes)
}

#[test]
fn an_unknown_headcount_is_asked_for_not_guessed() {
    let facts = known(&[("company.industry", text("construction")), ("company.country", text("NZ"))]);
    let judged = judge(firmographic(), &all_reported(), facts);
    assert_eq!(judged.standing(), standing_of("55", "55", "80"));
    assert_eq!(judged.route(), "provisionally warm");
    assert_eq!(judged.questions(), ["company.employees"]);
    let question = &judged.scorer.questions(ICP, &judged.facts)[0];
    assert_eq!((question.route, question.points), (Some(LabelId(0)), number("25")), "it could become hot");
}

#[test]
fn an_agency_is_certainly_cold_whatever_is_missing() {
    let judged = judge(firmographic(), &all_reported(), known(&[("company.industry", text("agency"))]));
    assert_eq!(judged.route(), "certainly cold");
}

#[test]
fn the_questions_that_could_change_the_route_come_first() {
    let facts = known(&[
        ("company.employees", whole(80)),
        ("company.country", text("NZ")),
        ("company.tools", Value::List(vec![])),
    ]);
    let judged = judge(firmographic(), &all_reported(), facts);
    assert_eq!(judged.standing(), standing_of("45", "45", "80"));
    assert_eq!(judged.questions(), ["company.industry"]);

    let judged = judge(firmographic(), &all_reported(), known(&[("company.country", text("NZ"))]));
    assert_eq!(judged.questions(), ["company.industry", "company.employees"], "35 points and a route before 25");
}

#[test]
fn a_list_is_empty_where_the_record_belongs_somewhere_and_unknown_where_not() {
    let has_none = score(
        "icp",
        vec![layer("l", None, None, vec![when("5", has("company.tools", Which::None, &["Excel"]))])],
        vec![],
    );
    assert_eq!(judge(has_none.clone(), &all_reported(), Facts::default()).standing(), standing_of("0", "0", "5"));
    let with_company = known(&[("company.country", text("NZ"))]);
    assert_eq!(judge(has_none.clone(), &all_reported(), with_company).standing(), standing_of("5", "5", "5"));
    let only_company = known(&[("company", text("7"))]);
    assert_eq!(judge(has_none, &all_reported(), only_company).standing(), standing_of("5", "5", "5"));
}

#[test]
fn points_fade_from_the_newest_evidence_and_each_event_by_itself() {
    let rules = vec![
        each("15", query(CLICKED, None, days(30)), "30"),
        when("30", any(query(REPLIED, None, days(30)))),
        when("10", one_of("country", &["NZ"])),
    ];
    let behavioral = score("icp", vec![layer("behavioral", None, Some(10), rules)], vec![]);
    let mut facts = known(&[("country", text("NZ"))]);
    facts.events = vec![
        happening(CLICKED, 0, vec![]),
        happening(CLICKED, 10, vec![]),
        happening(CLICKED, 40, vec![]),
        happening(REPLIED, 20, vec![]),
        happening(REPLIED, 25, vec![]),
    ];
    let judged = judge(behavioral, &all_reported(), facts);
    assert_eq!(judged.standing(), standing_of("40", "40", "40"), "15 + 7.5, then 30 / 4, then 10 that have no date");
}

#[test]
fn silence_of_a_source_is_unknown_not_false() {
    let lively = || {
        score(
            "icp",
            vec![layer(
                "l",
                None,
                None,
                vec![
                    when("10", any(query(REPLIED, None, days(30)))),
                    when("5", happened(query(REPLIED, None, days(30)), 0, Some(0))),
                ],
            )],
            vec![],
        )
    };
    assert_eq!(judge(lively(), &all_reported(), Facts::default()).standing(), standing_of("5", "5", "5"));
    let judged = judge(lively(), &Coverage::default(), Facts::default());
    assert_eq!(judged.standing(), standing_of("0", "0", "15"));
    assert_eq!(judged.questions(), ["reply.received"]);
    let mut late = all_reported();
    late.events.insert(REPLIED, Reported { since: days_ago(29), until: None });
    assert_eq!(
        judge(lively(), &late, Facts::default()).standing(),
        standing_of("0", "0", "15"),
        "not over the whole window"
    );
    late.events.insert(REPLIED, Reported { since: days_ago(30), until: None });
    assert_eq!(judge(lively(), &late, Facts::default()).standing(), standing_of("5", "5", "5"));
}

#[test]
fn a_window_begins_after_its_first_instant_and_ends_with_now() {
    let count = || {
        compare(
            Term::Aggregate(aggregate(AggregateFunction::Count, "", query(CLICKED, None, days(2)))),
            Comparison::Equal,
            constant("2"),
        )
    };
    let exact = score("icp", vec![layer("l", None, None, vec![when("1", count())])], vec![]);
    let events = vec![
        happening(CLICKED, 2, vec![]),
        happening(CLICKED, 1, vec![]),
        happening(CLICKED, 0, vec![]),
        happening(CLICKED, -1, vec![]),
    ];
    let facts = Facts { events, ..Facts::default() };
    assert_eq!(judge(exact, &all_reported(), facts).standing(), standing_of("1", "1", "1"));
}

#[test]
fn a_layer_is_clamped_and_the_clamp_is_a_line() {
    let rules = vec![when("80", one_of("country", &["NZ"])), when("40", one_of("region", &["x"]))];
    let clamped = score("icp", vec![layer("l", Some("100"), None, rules)], vec![]);
    let judged = judge(clamped, &all_reported(), known(&[("country", text("NZ")), ("region", text("x"))]));
    assert_eq!(judged.standing().value, number("100"));
    let ledger = judged.scorer.ledger(ICP, &judged.row, &judged.evaluation).unwrap();
    assert!(ledger.lines().iter().any(|line| matches!(line, Line::Clamp { points, .. } if *points == number("-20"))));
}

#[test]
fn a_layer_waits_until_its_event_is_reported() {
    let mut waiting = layer("behavioral", Some("25"), None, vec![when("60", any(query(REPLIED, None, days(30))))]);
    waiting.once = Some(REPLIED);
    let ready = layer("firmographic", Some("75"), None, vec![when("50", one_of("country", &["NZ"]))]);
    let both = || score("icp", vec![waiting.clone(), ready.clone()], vec![]);
    let facts = || known(&[("country", text("NZ"))]);

    let judged = judge(both(), &Coverage::default(), facts());
    assert_eq!(judged.standing(), standing_of("50", "50", "50"), "the whole weight is firmographic's");
    insta::assert_snapshot!(judged.ledger(), @r#"
    icp 50
    behavioral left out until reply.received is reported
    +50  country is "NZ": it is so  test.playbook:7
    firmographic 50 at 75%: +37.5
    +12.5  the other layers' weights rescaled to 100%
    "#);

    assert_eq!(judge(both(), &all_reported(), facts()).standing().value, number("37.5"));
}

#[test]
fn open_objections_are_stored_or_said_and_not_answered() {
    let priced = || {
        score(
            "icp",
            vec![layer("l", None, None, vec![when("-30", has("objections.open", Which::Any, &["price"]))])],
            vec![],
        )
    };
    let value = |coverage: &Coverage, facts: Facts| judge(priced(), coverage, facts).standing();
    let open = standing_of("-30", "-30", "-30");
    let closed = standing_of("0", "0", "0");

    assert_eq!(value(&all_reported(), Facts::default()), closed, "they listened, and nothing was said");
    assert_eq!(value(&Coverage::default(), Facts::default()), standing_of("0", "-30", "0"), "nobody listened");
    assert_eq!(value(&Coverage::default(), known(&[("objections.open", Value::List(texts(&["price"])))])), open);

    let mut heard = Facts { conversations: vec![said(5, "That is TOO  expensive.")], ..Facts::default() };
    assert_eq!(value(&Coverage::default(), heard.clone()), open);
    heard.events = vec![happening(ANSWERED, 6, vec![("objection", text("price"))])];
    assert_eq!(value(&Coverage::default(), heard.clone()), open, "answered before it came up again");
    heard.events = vec![happening(ANSWERED, 4, vec![("objection", text("price"))])];
    assert_eq!(value(&Coverage::default(), heard), closed);
}

#[test]
fn the_ledger_tells_facts_ages_and_quotes() {
    let rules = vec![
        when("25", between("company.employees", "20", "250")),
        when("30", Condition::Mentions { phrases: PAIN, window: days(60) }),
        when("15", any(query(CLICKED, None, days(30)))),
        when("-30", has("objections.open", Which::Any, &["price"])),
        when(
            "5",
            compare(
                Term::Aggregate(aggregate(AggregateFunction::Median, "delay", query(REPLIED, None, days(60)))),
                Comparison::Less,
                constant("86400"),
            ),
        ),
        each("10", query(CLICKED, None, days(30)), "15"),
        when("7", one_of("region", &["x"])),
    ];
    let routes = vec![("hot", Some(compare(standing(0, None), Comparison::AtLeast, constant("70")))), ("cold", None)];
    let full = score("icp", vec![layer("all", Some("100"), Some(20), rules)], routes);
    let mut facts = known(&[("company.employees", whole(80))]);
    facts.conversations =
        vec![said(20, "Hello. We copy and\npaste it all! Ever so slowly."), said(2, "Sorry, no budget.")];
    facts.events = vec![
        happening(CLICKED, 20, vec![]),
        happening(CLICKED, 3, vec![]),
        happening(REPLIED, 1, vec![("delay", whole(7200))]),
    ];
    insta::assert_snapshot!(judge(full, &all_reported(), facts).ledger(), @r#"
    icp 42.53, could be 42.53 to 49.53: certainly cold
    +25  company.employees is 80: it is so  test.playbook:7
    +15 of +30, 20 days old  “We copy and paste it all!” on 2026-05-01: it is so  test.playbook:7
    +13.52 of +15, 3 days old  2 email.clicked, the newest on 2026-05-18: it is so  test.playbook:7
    -30  objections.open is [price], as “Sorry, no budget.” on 2026-05-19: it is so  test.playbook:7
    +5  median reply.received.delay is 2 hours: it is so  test.playbook:7
    +14.01, +10 each  2 email.clicked, the newest on 2026-05-18: it is so  test.playbook:7
    all 42.53 at 100%: +42.53
    undecided +7  as written: region is missing  test.playbook:7
    "#);
}

#[test]
fn the_nearest_flip_is_told_in_words() {
    let flip = |facts: Facts| {
        let judged = judge(firmographic(), &all_reported(), facts);
        judged.scorer.nearest_flip(ICP, &judged.facts).unwrap().words
    };
    let facts = known(&[
        ("company.industry", text("construction")),
        ("company.country", text("NZ")),
        ("company.employees", whole(10)),
    ]);
    assert_eq!(
        flip(facts),
        "if company.tools were [\"Procore\"] or [\"simPRO\"] or [\"Procore\", \"simPRO\"] → hot (75)"
    );

    let facts = known(&[
        ("company.industry", text("construction")),
        ("company.tools", Value::List(vec![])),
        ("company.country", text("US")),
        ("company.employees", whole(10)),
    ]);
    assert_eq!(flip(facts), "if company.country were \"AU\" or \"NZ\" → warm (55)");
}

#[test]
fn scores_that_read_each_other_in_a_circle_are_refused() {
    let circle = vec![when("5", compare(standing(0, None), Comparison::AtLeast, constant("1")))];
    let program = Program { scores: vec![score("icp", vec![layer("l", None, None, circle)], vec![])], ..program() };
    let error = Scorer::link(&program, now(), &all_reported()).unwrap_err();
    assert_eq!(error, LinkError::Cycle("icp".into()));
    let elsewhere =
        Program { client: Client { timezone: "Nowhere/At_All".into(), ..Client::default() }, ..Program::default() };
    assert!(matches!(Scorer::link(&elsewhere, now(), &all_reported()), Err(LinkError::Zone(_))));
}

#[test]
fn routes_ask_a_person_until_enough_decisions_are_known() {
    let trusted = Score { trust_after: Some(50), ..firmographic() };
    let judged = judge(trusted, &all_reported(), Facts::default());
    assert!(!judged.scorer.trusted(ICP, 49));
    assert!(judged.scorer.trusted(ICP, 50));
    assert!(judge(firmographic(), &all_reported(), Facts::default()).scorer.trusted(ICP, 0));
}

#[test]
fn only_what_rules_read_has_to_be_loaded() {
    let rules = vec![
        when(
            "1",
            any(query(
                CLICKED,
                Some(Condition::Text {
                    term: TextTerm::EventField("url".into()),
                    operator: TextOperator::Starts,
                    value: "/p".into(),
                }),
                days(30),
            )),
        ),
        when("1", one_of("company.industry", &["agency"])),
    ];
    let program = Program { scores: vec![score("icp", vec![layer("l", None, None, rules)], vec![])], ..program() };
    let scorer = Scorer::link(&program, now(), &all_reported()).unwrap();
    let needs = scorer.needs(CONTACT);
    assert_eq!(needs.fields.iter().map(|field| &field.path).collect::<Vec<_>>(), [&path("company.industry")]);
    assert_eq!(needs.events.len(), 1);
    assert_eq!((needs.events[0].event, needs.events[0].after), (CLICKED, Some(days_ago(30))));
    assert_eq!(needs.events[0].fields, ["url"]);
    assert!(!needs.conversations);
    assert!(scorer.needs(COMPANY).fields.is_empty());
}
