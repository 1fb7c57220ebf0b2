//! What a playbook publishes, signed, and checked by strangers: by the command itself, and by Python's `cryptography`.

use std::process::Command;

use super::journey::both_all_the_way;
use crate::support::Desk;

const KEY: &str = "0707070707070707070707070707070707070707070707070707070707070707";
const PUBLIC: &str = "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c";

#[test]
fn a_stranger_checks_what_a_playbook_publishes() {
    let [client, _] = both_all_the_way();
    let export = |arguments: &[&str]| {
        let mut command = client.desk.command(&[&["export", "proof", client.name], arguments].concat());
        let output = command.env("PLAYBOOK_SIGNING_KEY", KEY).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let now = ["--now", "2026-12-16 10:00"];
    let said = export(&[&now[..], &["--out", "proofs.jsonl"]].concat());
    assert!(said.contains("`qualification_proof`") && said.contains(PUBLIC), "{said}");
    let proofs = client.desk.read("proofs.jsonl");
    assert_eq!(export(&now), proofs, "the same records give the same bytes");

    // It says what happened: somebody was qualified after a person said yes, with the layers that the log has.
    let receipts: Vec<serde_json::Value> = proofs.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let qualified = receipts.iter().find(|line| line["receipt"]["content"]["outcome"]["is"] == "handed off").unwrap();
    let content = &qualified["receipt"]["content"];
    let number = &qualified["receipt"]["standing"]["number"];
    let ended = client.log().into_iter().find(|entry| entry["number"] == *number).unwrap();
    assert_eq!(ended["entry"]["kind"], "ended");
    let scored = client.entries("scored");
    let case = &ended["record"];
    let last = scored.iter().rev().find(|entry| entry["record"] == *case && entry["entry"]["score"] == "icp").unwrap();
    assert_eq!(content["icp"]["value"].as_str().unwrap(), last["entry"]["value"].to_string().trim_matches('"'));
    assert_eq!(content["icp"]["layers"].as_object().unwrap().len(), 4, "{content}");
    assert!(content["reasons"]["icp"]["rules"].as_array().unwrap().iter().all(|rule| rule["when"].is_string()));

    // It names nobody.
    let database = rusqlite::Connection::open(client.desk.path(&format!("{}/crm.db", client.name))).unwrap();
    let mut names = database.prepare("SELECT email, last_name, first_name FROM contact").unwrap();
    let names = names.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?])).unwrap();
    for name in names.map(Result::unwrap).flat_map(|names: [Option<String>; 3]| names).flatten() {
        assert!(!proofs.contains(&format!("\"{name}")), "a receipt names {name}");
    }

    // Anybody can check it, anywhere, and nothing that was changed passes.
    let stranger = Desk::new();
    stranger.file("proofs.jsonl", &proofs);
    stranger.run(&["export", "verify", "proofs.jsonl", "--key", PUBLIC]).expect(0);
    stranger.file("changed.jsonl", proofs.replace("handed off", "disqualified"));
    let wrong = stranger.run(&["export", "verify", "changed.jsonl"]).expect(1);
    assert!(wrong.stdout.contains("it was changed, or somebody else signed it"), "{}", wrong.stdout);
    if python(&["-c", "import cryptography"], &stranger).is_none() {
        eprintln!("left out: Python's `cryptography` is not installed");
        return;
    }
    stranger.file("check.py", CHECK);
    assert!(python(&["check.py", "proofs.jsonl"], &stranger).is_some(), "Python finds a signature wrong");
    assert!(python(&["check.py", "changed.jsonl"], &stranger).is_none(), "Python finds what was changed right");
}

/// What docs/receipts.md tells a stranger to do, without a line of ours.
const CHECK: &str = r#"
import json, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
for line in open(sys.argv[1], encoding="utf-8"):
    signed = json.loads(line)
    receipt = signed["receipt"]
    text = json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(receipt["issuer"]["key"]))
    key.verify(bytes.fromhex(signed["signature"]), text.encode())
"#;

fn python(arguments: &[&str], desk: &Desk) -> Option<()> {
    let run = Command::new("python3").args(arguments).current_dir(desk.path("")).output().ok()?;
    run.status.success().then_some(())
}
