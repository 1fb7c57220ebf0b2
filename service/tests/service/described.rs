//! The description is of what there is: each address of it answers, and each address that answers is in it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::stand::{Stand, repository};

#[test]
fn every_address_is_described_and_every_description_is_answered() {
    let stand = Stand::new();
    let description = stand.send("GET", "/openapi.json", &[], b"").json();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut described = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.insert(format!("{method} {path}"));
            let address = path.replace("{client}", "hillside").replace("{number}", "1").replace("{hook}", "resend");
            let answer = stand.send(&method.to_uppercase(), &address, &[("Content-Type", "application/json")], b"");
            // Nobody asks: whatever needs somebody says so, and nothing says that it is not there.
            let expected: &[u16] = if path.starts_with("/api") || path.starts_with("/hooks") { &[401] } else { &[200] };
            assert!(expected.contains(&answer.status), "{method} {path}: {} {}", answer.status, answer.body);
        }
    }
    // The functions that answer say themselves where: each of them is there.
    let mut written = BTreeSet::new();
    for (folder, base) in
        [("service/src/api", "/api/v1/clients/{client}"), ("service/src/webhooks", ""), ("service/src", "")]
    {
        for entry in std::fs::read_dir(repository(folder)).unwrap().flatten().filter(|entry| entry.path().is_file()) {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            for said in text.split("#[utoipa::path(").skip(1) {
                let method = said.split(',').next().unwrap().trim();
                let path = said.split("path = \"").nth(1).unwrap().split('"').next().unwrap();
                written.insert(format!("{method} {base}{path}"));
            }
        }
    }
    assert!(written.len() > 30, "{written:?}");
    assert_eq!(described, written);
}

#[test]
fn every_reference_of_the_description_is_there_and_each_operation_says_what_fails() {
    let stand = Stand::new();
    let description = stand.send("GET", "/openapi.json", &[], b"").json();
    let mut references = BTreeSet::new();
    gather(&description, &mut references);
    assert!(references.len() > 20, "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(description.pointer(pointer).is_some(), "{reference} is not there");
    }
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let problem = &operation["responses"]["default"]["content"]["application/problem+json"];
            assert!(problem.is_object(), "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path} says nothing of itself");
            let header = match (path.starts_with("/api/"), method.as_str()) {
                (false, _) => continue,
                (true, "get") => "If-None-Match",
                (true, _) => "Idempotency-Key",
            };
            let parameters = operation["parameters"].as_array().unwrap();
            let is_there = |of: &Value| of["name"] == header && of["in"] == "header" && of["required"] == false;
            assert!(parameters.iter().any(is_there), "{method} {path} takes no {header}");
        }
    }
}

fn gather(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| gather(value, references));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, references)),
        _ => {}
    }
}
