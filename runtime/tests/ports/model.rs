//! A language model's endpoint, played by a server of the protocol: what is believed, what is refused, and what it may cost.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use compiler::program::Type;
use jiff::tz::TimeZone;
use runtime::agents::model::{DayBudget, LimitName, ModelSettings, ModelWorker, Prices};
use runtime::agents::{Assignment, Outcome, Phrases, PhrasesKind, PortError, PortErrorKind, Secret, Task, Worker as _};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::resend::no_tls;
use super::server::{Server, wait_for};
use super::stand::{assignment, fact, literal, rate, research, write};

struct Desk {
    server: Server,
    budget: Arc<DayBudget>,
    worker: ModelWorker,
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn desk(change: impl FnOnce(&mut ModelSettings)) -> Option<Desk> {
    let server = Server::start("model.py", &[])?;
    let mut settings = ModelSettings {
        url: format!("http://127.0.0.1:{}/v1", server.port).into(),
        name: "little".into(),
        key: Some(Secret::new("sk-test-key".to_owned())),
        timeout: Duration::from_secs(1),
        tries: 3,
        first_wait: Duration::from_millis(20),
        most_tokens: 1000,
        limit_name: LimitName::MaxTokens,
        temperature: Some(Decimal::ZERO),
        prices: Prices { input: decimal("1"), output: decimal("2") },
        most_a_call: decimal("0.05"),
    };
    change(&mut settings);
    let budget = Arc::new(DayBudget::new(decimal("0.1"), TimeZone::UTC, BTreeMap::new()));
    let worker = ModelWorker::new(settings, Arc::<DayBudget>::clone(&budget)).unwrap();
    Some(Desk { server, budget, worker })
}

impl Desk {
    fn request(&self, path: &str, body: Option<&Value>) -> Value {
        wait_for(async {
            let client = reqwest::Client::builder().no_proxy().tls_backend_preconfigured(no_tls()).build().unwrap();
            let url = format!("http://127.0.0.1:{}/{path}", self.server.port);
            let request = match body {
                Some(body) => client.post(url).json(body),
                None => client.get(url),
            };
            request.send().await.unwrap().json().await.unwrap()
        })
    }

    /// The next calls are answered so.
    fn next(&self, answers: &Value) {
        self.request("next", Some(answers));
    }

    fn calls(&self) -> Vec<Value> {
        self.request("calls", None)["calls"].as_array().unwrap().clone()
    }

    fn work(&self, asked: &Assignment) -> Result<Outcome, PortError> {
        wait_for(self.worker.work(asked))
    }

    /// The model says this.
    fn says(&self, asked: &Assignment, content: &Value) -> Result<Outcome, PortError> {
        self.next(&json!([{ "content": content.to_string() }]));
        self.work(asked)
    }
}

fn listening() -> Assignment {
    let set = |name: &str, kind| Phrases { name: name.into(), kind, texts: vec!["copy and paste".into()] };
    assignment(Task::Analyse {
        phrases: vec![set("bid_pain", PhrasesKind::Said), set("timing", PhrasesKind::Objection)],
    })
}

fn insight(kind: &str, value: &str, source: &str, quote: &str) -> Value {
    json!({ "insights": [{ "kind": kind, "value": value, "source": source, "quote": quote }] })
}

#[test]
fn insights_with_true_quotes_are_believed_and_paid_for() {
    let Some(desk) = desk(|_| {}) else { return };
    let answer = json!({
        "insights": [
            { "kind": "said", "value": "bid_pain", "source": "talk-2", "quote": "We copy and paste all weekend" },
            { "kind": "objection", "value": "timing", "source": "talk-2", "quote": "Not this quarter though!" },
            { "kind": "need", "value": "fewer lost bids", "source": "talk-2", "quote": "We lost 12 bids in May." },
        ],
        "open": [{ "what": "budget", "why": "nobody spoke of money" }],
    });
    insta::assert_json_snapshot!(desk.says(&listening(), &answer).unwrap());
    // 1000 tokens there at 1 a million, 500 back at 2.
    assert_eq!(desk.budget.spent(listening().now), decimal("0.002"));
    let call = desk.calls().remove(0);
    assert_eq!(call["model"], "little");
    assert_eq!(call["response_format"]["type"], "json_object");
    insta::assert_snapshot!(
        "asked",
        format!(
            "{}\n\n{}",
            call["messages"][0]["content"].as_str().unwrap(),
            serde_json::to_string_pretty(
                &serde_json::from_str::<Value>(call["messages"][1]["content"].as_str().unwrap()).unwrap()
            )
            .unwrap()
        )
    );
}

#[test]
fn what_cannot_be_looked_up_refuses_the_whole_answer() {
    let Some(desk) = desk(|_| {}) else { return };
    let mut errors = Vec::new();
    let mut refused = |asked: &Assignment, content: &Value| {
        let error = desk.says(asked, content).unwrap_err();
        assert_eq!(error.kind, PortErrorKind::Refused, "{error:?}");
        errors.push(error.to_string());
    };
    let talk = "talk-2";
    refused(&listening(), &insight("said", "bid_pain", talk, "We copy and paste every weekend"));
    refused(&listening(), &insight("said", "bid_pain", talk, ""));
    refused(&listening(), &insight("said", "bid_pain", "talk-9", "We copy and paste"));
    refused(&listening(), &insight("said", "bid_pain", "talk-1", "We copy and paste"));
    refused(&listening(), &insight("said", "price", talk, "We copy and paste"));
    refused(&listening(), &insight("objection", "bid_pain", talk, "We copy and paste"));

    let wanted = assignment(research(&[("company.employees", Type::Number)]));
    let found = |path: &str, value: &str, source: &str, quote: &str| json!({ "facts": [{ "path": path, "value": value, "source": source, "quote": quote }] });
    refused(&wanted, &found("company.revenue", "12", talk, "We lost 12 bids in May."));
    refused(&wanted, &found("company.employees", "a dozen", talk, "We lost 12 bids in May."));
    refused(&wanted, &found("company.employees", "12", "the internet", "We lost 12 bids in May."));

    let drafting = assignment(write(Vec::new(), vec![literal("Hi "), fact("contact.first_name", None)]));
    let draft = |body: &str, claim: &str, evidence: &[&str]| json!({ "subject": null, "body": body, "claims": [{ "text": claim, "evidence": evidence }] });
    refused(&drafting, &draft("Hi Ana", "Ana Kahu", &["field-contact.first_name"]));
    refused(&drafting, &draft("Hi Ana", "Ana", &[]));
    refused(&drafting, &draft("Hi Ana", "Ana", &["field-99"]));
    refused(&drafting, &draft("Hi Ana of 300 people", "Ana", &["field-contact.first_name"]));
    refused(&drafting, &draft("Hi Ana of 300 people", "300 people", &["field-5"]));

    let rating = assignment(rate("spcl", &[(60, "three shown"), (0, "about us")], "We are good."));
    let points =
        |points: &str, quote: &str| json!({ "points": points, "reasons": [{ "words": "so", "quote": quote }] });
    refused(&rating, &points("59", "We are good."));
    refused(&rating, &points("60", "You are good."));
    refused(&rating, &json!({ "points": "60", "reasons": [] }));
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn drafts_facts_and_ratings_that_hold_are_believed() {
    let Some(desk) = desk(|_| {}) else { return };
    let wanted = assignment(research(&[("company.bids", Type::Number)]));
    let answer = json!({ "facts": [
        { "path": "company.bids", "value": "12", "source": "talk-2", "quote": "We lost 12 bids in\u{a0}May." },
    ] });
    insta::assert_json_snapshot!("found", desk.says(&wanted, &answer).unwrap().found);

    let parts = vec![literal("Hi "), fact("contact.first_name", None), literal(", 20 minutes?")];
    let drafting = assignment(write(vec![literal("Bids")], parts));
    let answer = json!({
        "subject": "Your 12 bids",
        "body": "Hi Ana, with 40 people, and 12 bids lost: 20 minutes?",
        "claims": [
            { "text": "Ana", "evidence": ["field-contact.first_name"] },
            { "text": "40 people", "evidence": ["field-5"] },
            { "text": "12 bids", "evidence": ["talk-2"] },
        ],
    });
    insta::assert_json_snapshot!("draft", desk.says(&drafting, &answer).unwrap().draft);

    let rating = assignment(rate("spcl", &[(60, "three shown"), (0, "about us")], "We are good."));
    let answer = json!({ "points": "0", "reasons": [{ "words": "praises itself", "quote": "We are good." }] });
    insta::assert_json_snapshot!("rating", desk.says(&rating, &answer).unwrap().rating);
    let answer = json!({ "points": null, "open": [{ "what": "spcl", "why": "too short" }] });
    assert_eq!(desk.says(&rating, &answer).unwrap().rating, None);
}

const TRUE: &str = r#"{"insights": [], "open": []}"#;

#[test]
fn what_may_work_is_tried_again_and_all_of_it_is_paid() {
    let Some(desk) = desk(|_| {}) else { return };
    let good = json!({ "content": TRUE });
    desk.next(&json!([{ "content": "Sure! Here is your JSON." }, { "status": 500 }, good]));
    let outcome = desk.work(&listening()).unwrap();
    assert_eq!(desk.calls().len(), 3);
    assert!(outcome.spent > decimal("0.004"), "a call that failed inside may have cost the most: {}", outcome.spent);
    assert_eq!(desk.budget.spent(listening().now), outcome.spent);
}

#[test]
fn tries_end_and_a_later_is_told_as_such() {
    let Some(desk) = desk(|settings| settings.tries = 2) else { return };
    desk.next(&json!([{ "status": 429, "headers": { "Retry-After": "600" } }]));
    let error = desk.work(&listening()).unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Busy { retry_after: Some(jiff::SignedDuration::from_mins(10)) });
    assert_eq!(desk.calls().len(), 1, "ten minutes are the outbox's to wait");
    desk.next(
        &json!([{ "status": 429, "headers": { "Retry-After": "1" } }, { "content": format!("```json\n{TRUE}\n```") }]),
    );
    desk.work(&listening()).unwrap();
    desk.next(&json!([{ "drop": true }, { "raw": "{\"choices\": [" }, { "content": TRUE }]));
    assert_eq!(desk.work(&listening()).unwrap_err().kind, PortErrorKind::Broken);
    assert_eq!(desk.calls().len(), 5);
}

#[test]
fn what_cannot_help_is_not_tried_again() {
    let Some(desk) = desk(|_| {}) else { return };
    for (answer, kind) in [
        (json!({ "status": 400, "message": "bad" }), PortErrorKind::Refused),
        (json!({ "status": 429, "code": "insufficient_quota" }), PortErrorKind::OverBudget),
        (json!({ "content": "{", "finish_reason": "length" }), PortErrorKind::Refused),
        (json!({ "content": null, "refusal": "I can't" }), PortErrorKind::Refused),
    ] {
        let before = desk.calls().len();
        desk.next(&json!([answer]));
        assert_eq!(desk.work(&listening()).unwrap_err().kind, kind);
        assert_eq!(desk.calls().len(), before + 1);
    }
}

#[test]
fn a_slow_answer_times_out_and_may_have_cost_the_most() {
    let Some(desk) = desk(|settings| settings.tries = 1) else { return };
    desk.next(&json!([{ "content": TRUE, "wait": 3 }]));
    assert_eq!(desk.work(&listening()).unwrap_err().kind, PortErrorKind::TimedOut);
    assert!(desk.budget.spent(listening().now) > decimal("0.002"));
}

#[test]
fn nothing_is_called_that_is_not_paid_for() {
    let Some(desk) = desk(|settings| settings.most_a_call = decimal("0.001")) else { return };
    let error = desk.work(&listening()).unwrap_err();
    assert_eq!(error.kind, PortErrorKind::OverBudget);
    assert!(error.detail.contains("raise `most_a_call`"), "{error}");
    let Some(desk) = self::desk(|settings| settings.prices.output = decimal("40")) else { return };
    desk.next(&json!([{ "content": TRUE, "usage": null }, { "content": TRUE, "usage": null }, { "content": TRUE, "usage": null }]));
    let errors: Vec<_> = (0..3).filter_map(|_| desk.work(&listening()).err()).collect();
    assert!(!errors.is_empty() && errors.iter().all(|error| error.kind == PortErrorKind::OverBudget), "{errors:?}");
    assert!(desk.calls().len() < 3);
    assert!(desk.budget.spent(listening().now) <= decimal("0.1"));
}

#[test]
fn a_wrong_key_is_refused_and_shown_nowhere() {
    let Some(desk) = desk(|settings| settings.key = Some(Secret::new("sk-wrong-one".to_owned()))) else { return };
    let error = desk.work(&listening()).unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Refused);
    assert!(!format!("{error:?} {:?}", desk.worker).contains("sk-wrong-one"));
    assert!(error.detail.contains("[secret]"), "the server repeats the key, we do not: {error}");
}
