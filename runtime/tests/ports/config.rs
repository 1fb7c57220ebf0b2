//! `ports.toml`: the example of the documentation, the defaults, and what is wrong told with its setting.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::tz::TimeZone;
use runtime::agents::config::{ConfigError, Ports, Surroundings};
use runtime::agents::{Mailbox, Worker as _};

use super::server::wait_for;
use super::stand::{assignment, instant, schedule};

fn read(text: &str, client: &Path) -> Result<Ports, ConfigError> {
    let environment = |name: &str| (name == "A_KEY").then(|| "hush-hush".to_owned());
    Ports::read(text, Surroundings { client, environment: &environment, zone: TimeZone::UTC, spent: BTreeMap::new() })
}

fn problem(text: &str) -> String {
    match read(text, Path::new("nowhere")) {
        Ok(_) => format!("nothing is wrong with {text}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn without_a_file_all_is_built_in_and_letters_go_into_the_outbox() {
    let client = tempfile::tempdir().unwrap();
    let environment = |_: &str| None;
    let around =
        Surroundings { client: client.path(), environment: &environment, zone: TimeZone::UTC, spent: BTreeMap::new() };
    let ports = Ports::beside(around).unwrap();
    assert!(ports.sender.is_none() && ports.budget.is_none());
    wait_for(ports.mailer.send(&super::letters::letter("send-1", "ana@acme.example"))).unwrap();
    assert!(client.path().join("outbox/send-1.eml").exists());
    wait_for(ports.workers.work(&assignment(schedule(30, 1, "2026-11-30T20:10:00Z")))).unwrap();
}

/// Every example in the page is read as it stands.
#[test]
fn the_examples_of_the_documentation_are_right() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ports.md")).unwrap();
    let examples: Vec<_> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 4);
    for example in examples {
        let keyed = ["SMTP_PASSWORD", "RESEND_API_KEY", "MODEL_API_KEY"]
            .iter()
            .fold(example.to_owned(), |text, name| text.replace(name, "A_KEY"));
        if let Err(error) = read(&keyed, Path::new("nowhere")) {
            panic!("{error}\n{example}");
        }
    }
}

#[test]
fn a_letter_has_what_the_sender_says() {
    let text = r#"
        [sender]
        address = "mere@stackmates.example"
        unsubscribe = "https://stackmates.example/stop/{key}"
    "#;
    let sender = read(text, Path::new("nowhere")).unwrap().sender.unwrap();
    let to = Mailbox { name: None, address: "ana@acme.example".into() };
    let letter = sender.letter("send-7", to, "Hi".into(), "Hi".into(), instant("2026-11-30T20:00:00Z"));
    assert_eq!(letter.unsubscribe, "https://stackmates.example/stop/send-7");
}

#[test]
fn what_is_wrong_is_told_with_its_setting() {
    let model = "[model]\nurl = \"https://api.example/v1\"\nname = \"m\"\ninput_price = \"1\"\noutput_price = \"1\"\nmost_a_call = \"1\"\n";
    let problems: Vec<String> = [
        "[mail.pigeon]\nspeed = 1",
        "[mail.smtp]\nhost = \"mail.example\"\nsecurity = \"none\"",
        "[mail.smtp]\nhost = \"localhost\"\nsecurity = \"none\"\nuser = \"mere\"\npassword_env = \"A_KEY\"",
        "[mail.smtp]\nhost = \"mail.example\"\nuser = \"mere\"",
        "[mail.smtp]\nhost = \"mail.example\"\ntimeout_seconds = 0",
        "[mail.smtp]\nhost = \"mail.example\"\npassword = \"hush-hush\"",
        "[mail.resend]\nkey_env = \"NO_SUCH_KEY\"",
        "[mail.resend]\nkey_env = \"A_KEY\"\nurl = \"http://api.example\"",
        "[sender]\naddress = \"mere\"\nunsubscribe = \"https://stackmates.example/stop\"",
        "[sender]\naddress = \"mere@stackmates.example\"\nunsubscribe = \"http://stackmates.example/stop\"",
        "[workers]\nwrite = \"model\"",
        "[workers]\nschedule = \"model\"",
        "[workers]\naccept = \"model\"",
        &format!("{model}most_a_day = \"-1\""),
        &format!("{model}most_a_day = \"1\"\ntries = 0"),
    ]
    .into_iter()
    .map(problem)
    .collect();
    insta::assert_snapshot!(problems.join("\n\n"));
}
