//! Texts rated outside of any run: by rules without a model, by the model where there is one, and what that costs is in the log.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use compiler::compile::compile_unproven;
use compiler::program::Program;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use runtime::agents::config::{Ports, Surroundings};
use runtime::crm::Crm;
use runtime::crm::log::Seeded;
use runtime::runner::Runner;
use rust_decimal::Decimal;
use serde_json::json;

use super::resend::no_tls;
use super::server::{Server, wait_for};

const PLAYBOOK: &str = r#"client "Test" {
  currency NZD
  timezone "UTC"
  people founder "Founder"
}

use std.crm
use std.actions

rubric warmth from message {
  5 "is kind"
  0 "about us"
}
"#;

const NOW: &str = "2026-11-19T21:00:00Z";

fn program() -> Arc<Program> {
    let compiled = compile_unproven("test.playbook", PLAYBOOK);
    let found: Vec<&String> = compiled.diagnostics.iter().map(|found| &found.headline).collect();
    Arc::new(compiled.program.unwrap_or_else(|| panic!("{found:#?}")))
}

fn runner(folder: &Path, settings: &str) -> Runner {
    let program = program();
    let crm = Crm::open(&folder.join("crm.db"), &program).unwrap();
    let environment = |name: &str| (name == "KEY").then(|| "sk-test-key".to_owned());
    let around =
        Surroundings { client: folder, environment: &environment, zone: TimeZone::UTC, spent: BTreeMap::new() };
    let ports = Ports::read(settings, around).unwrap();
    Runner::new(crm, program, ports, Box::new(Seeded::new(1)), "test".to_owned()).unwrap()
}

fn spent(runner: &Runner) -> Decimal {
    let (from, until) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
    runner.crm.spent(&TimeZone::UTC, from, until).unwrap().into_values().sum()
}

#[test]
fn by_rules_what_no_rule_knows_is_open_and_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut runner = runner(folder.path(), "");
    let rubric = program().rubrics[0].clone();
    let brought = runner.rate(&rubric, "How are you?", Vec::new(), NOW.parse().unwrap()).unwrap().unwrap();
    assert_eq!(brought.rating, None);
    assert!(brought.open[0].why.contains("`is kind`"), "{:?}", brought.open);
    assert_eq!(spent(&runner), Decimal::ZERO);
    assert_eq!(runner.texts(&rubric).unwrap(), Vec::new());
}

#[test]
fn by_a_model_the_rating_is_believed_and_paid_for_until_the_day_has_no_budget_left() {
    let Some(server) = Server::start("model.py", &[]) else { return };
    let settings = format!(
        "[workers]\nrate = \"model\"\n\n[model]\nurl = \"http://127.0.0.1:{}/v1\"\nname = \"little\"\nkey_env = \"KEY\"\ninput_price = \"1\"\n\
         output_price = \"2\"\nmost_a_call = \"0.05\"\nmost_a_day = \"0.05\"\nmost_tokens = 1000\n",
        server.port
    );
    let folder = tempfile::tempdir().unwrap();
    let mut first = runner(folder.path(), &settings);
    let rubric = program().rubrics[0].clone();
    let answer = json!({ "points": "5", "reasons": [{ "words": "asks", "quote": "How are you?" }] });
    wait_for(async {
        let client = reqwest::Client::builder().no_proxy().tls_backend_preconfigured(no_tls()).build().unwrap();
        let url = format!("http://127.0.0.1:{}/next", server.port);
        // A million tokens each way would cost 3: a call of twenty thousand costs 0.04.
        let usage = json!({ "prompt_tokens": 20_000, "completion_tokens": 10_000 });
        client.post(url).json(&json!([{ "content": answer.to_string(), "usage": usage }])).send().await.unwrap();
    });
    let now = NOW.parse().unwrap();
    let brought = first.rate(&rubric, "How are you?", Vec::new(), now).unwrap().unwrap();
    assert_eq!(brought.rating.unwrap().value.to_string(), "5");
    let paid = spent(&first);
    assert_eq!(paid, "0.04".parse().unwrap());
    // Another process finds in the log what this one has paid.
    drop(first);
    let mut other = runner(folder.path(), &settings);
    for _ in 0..30 {
        // Whatever the model says to these, its budget ends before they do.
        let _ = other.rate(&rubric, "How are you?", Vec::new(), now).unwrap();
    }
    assert!(other.rate(&rubric, "How are you?", Vec::new(), now).unwrap().unwrap_err().to_string().contains("a day"));
    assert!(spent(&other) <= "0.05".parse().unwrap());
}
