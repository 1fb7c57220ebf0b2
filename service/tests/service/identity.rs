//! Who may what: each role at each address, tokens that end, sessions that end with them.

use serde_json::{Value, json};
use service::access::role::Role;
use service::access::tokens::Tokens;

use crate::stand::Stand;

#[test]
fn each_role_may_what_the_table_says() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let question = stand.question(&owner);
    let approve = format!("/inbox/{}/approve", question["number"]);
    let wrong = json!({"hash": "0".repeat(64)});
    let pause = json!({"what": "agent Nobody", "how": "pause"});
    let tell = json!({"contact": "nobody@x.example", "event": "reply.received"});
    let files = json!({"files": {"hillside.playbook": "client"}});
    let upload = json!({"files": {"hillside.playbook": "client"}, "version": "0"});
    // What is not refused for who asks is refused for what it asks: nothing is changed by any of it.
    let doings: [(&str, &Value, u16); 5] = [
        (&approve, &wrong, 409),
        ("/switches", &pause, 404),
        ("/events", &tell, 404),
        ("/playbook/check", &files, 200),
        ("/playbook", &upload, 422),
    ];
    for (role, looks, may) in [
        (Role::Owner, true, [true, true, true, true, true]),
        (Role::Consultant, true, [false, true, false, true, true]),
        (Role::Approver, true, [true, true, true, true, false]),
        (Role::Viewer, true, [false, false, false, true, false]),
        (Role::Agent, false, [false, false, true, false, false]),
    ] {
        let token = stand.token(role);
        for path in
            ["", "/contacts", "/inbox", "/log", "/runs", "/scores", "/playbook", "/metrics", "/denials", "/experiments"]
        {
            assert_eq!(stand.get(&token, path).status, if looks { 200 } else { 403 }, "{role:?} {path}");
        }
        for ((path, body, status), may) in doings.into_iter().zip(may) {
            let answer = stand.post(&token, path, body);
            assert_eq!(answer.status, if may { status } else { 403 }, "{role:?} {path}: {}", answer.body);
        }
    }
    assert_eq!(stand.question(&owner)["number"], question["number"], "nothing was changed");
}

#[test]
fn a_token_is_worth_nothing_once_it_was_revoked_or_has_expired() {
    let stand = Stand::new();
    let (one, other) = (stand.token(Role::Owner), stand.token(Role::Viewer));
    assert_eq!((stand.get(&one, "").status, stand.get(&other, "").status), (200, 200));
    let id = one.rsplit('.').nth(1).unwrap();
    let tokens = Tokens::of(&stand.client("hillside")).unwrap();
    assert!(tokens.revoke(id, crate::stand::NOW.parse().unwrap()).unwrap());
    assert_eq!((stand.get(&one, "").status, stand.get(&other, "").status), (401, 200), "at once, and no other");
    stand.later(jiff::SignedDuration::from_hours(24 * 90));
    assert_eq!(stand.get(&other, "").status, 401, "it has expired");
    let kept = std::fs::read(stand.client("hillside").join("service.db")).unwrap();
    let wal = std::fs::read(stand.client("hillside").join("service.db-wal")).unwrap_or_default();
    let secret = one.rsplit('.').next().unwrap().as_bytes();
    for bytes in [kept, wal] {
        assert!(!bytes.windows(secret.len()).any(|part| part == secret), "the secret is nowhere in the file");
    }
}
