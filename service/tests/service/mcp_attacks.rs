//! Ways in over MCP that are none: each is tried, refused, and changes nothing.

use std::io::Write as _;
use std::net::TcpStream;

use serde_json::{Value, json};
use service::access::role::Role;

use crate::mcp::{Agent, Session};
use crate::stand::{Stand, agent_token, client, token};
use crate::wire::read;

/// What could have been changed by any of it.
fn standing(stand: &Stand, owner: &str) -> (Value, Value, usize) {
    (stand.get(owner, "/inbox").json(), stand.get(owner, "/scores").json()["contacts"].clone(), stand.letters())
}

#[test]
fn only_this_clients_agents_get_in() {
    let folder = tempfile::tempdir().unwrap();
    client(folder.path(), "hillside");
    client(folder.path(), "valley");
    let stand = Stand::over(folder, "[logins]\nfailures = 100");
    let owner = stand.token(Role::Owner);
    stand.question(&owner);
    let before = standing(&stand, &owner);
    let theirs = agent_token(&stand.client("valley"), "LeadGen");
    let guessed = format!("pb.hillside.000000000000.{}", "A".repeat(43));
    for (what, token, status) in [
        ("nothing", String::new(), 401),
        ("a guess", guessed, 401),
        ("another client's agent", theirs.clone(), 401),
        ("another client's under this one's name", theirs.replace("pb.valley.", "pb.hillside."), 401),
        ("a viewer", token(&stand.client("hillside"), Role::Viewer), 403),
        ("an approver", token(&stand.client("hillside"), Role::Approver), 403),
        ("the owner, who has pages", owner.clone(), 403),
    ] {
        let agent = Agent { token, ..Agent::new(&stand, "LeadGen") };
        for (method, params) in [
            ("server/discover", json!({})),
            ("tools/list", json!({})),
            ("tools/call", json!({ "name": "read_contact", "arguments": { "contact": 1 } })),
        ] {
            let answer = agent.send(method, params);
            assert_eq!(answer.status, status, "{what} {method}: {}", answer.body);
            assert!(!answer.body.contains("Quillfeather"), "{what}");
        }
    }
    // An agent that the playbook does not have sees nothing.
    let stranger = Agent::new(&stand, "Stranger");
    assert!(stranger.ask("tools/list", json!({}))["error"].is_object());
    assert!(stranger.call("read_contact", json!({ "contact": 1 })).to_string().contains("no agent `Stranger`"));
    assert_eq!(standing(&stand, &owner), before);
}

#[test]
fn what_is_not_granted_is_denied_whether_it_is_listed_or_not() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    stand.question(&owner);
    let before = standing(&stand, &owner);
    let agent = Agent::new(&stand, "Qualification");
    let id = agent.contact("ana@");
    // It only reads contacts here: the tool is not listed, and calling it all the same is denied in the log.
    let denied = agent.told("change_contact", json!({ "contact": id, "fields": { "contact.first_name": "Eve" } }));
    assert_eq!(denied["status"], "denied", "{denied}");
    let stepped = stand.get(&owner, "/denials").body;
    assert!(stepped.contains("Qualification may not change first_name"), "{stepped}");
    // A message that another agent's stage has written is not its own to send, or to write.
    assert_eq!(agent.told("send_message", json!({ "contact": id }))["status"], "denied");
    assert!(agent.told("draft_message", json!({ "contact": id, "body": "Pay here" }))["why"].is_string());
    // Nobody says for a person that they agreed.
    let consent = json!({ "contact": id.to_string(), "event": "consent.given", "facts": { "channel": "email", "proof": "trust me" } });
    assert!(agent.told("report_event", consent)["why"].as_str().unwrap().contains("a person does"));
    let giver = Agent::new(&stand, "LeadGen");
    for (tool, arguments) in [
        ("change_contact", json!({ "contact": id, "fields": { "contact.consent.email": true } })),
        (
            "report_event",
            json!({ "contact": id.to_string(), "event": "outreach.sent", "facts": { "channel": "email" } }),
        ),
    ] {
        assert!(giver.told(tool, arguments)["why"].is_string(), "{tool}");
    }
    for (tool, arguments) in [
        ("approve", json!({ "question": 1 })),
        ("answer_question", json!({ "question": 1, "answer": "approve" })),
        ("read_contact'; DROP TABLE contact; --", json!({})),
        ("", json!({})),
    ] {
        let none = agent.call(tool, arguments);
        assert!(none["error"]["code"] == -32602 || none["error"]["code"] == -32020, "{tool}: {none}");
    }
    for (tool, arguments) in [
        ("read_contact", json!({ "contact": "1 OR 1=1" })),
        ("read_contact", json!({ "contact": id, "as": "founder" })),
        ("find_contacts", json!({ "search": "'; DROP TABLE contact; --", "limit": 9_000_000 })),
        ("read_contact", json!({ "contact": -1 })),
        ("read_contact", json!({ "contact": i64::MAX })),
        ("read_contact", json!({ "contact": i64::MIN })),
        ("read_score", json!({ "contact": id, "score": "'; DROP TABLE contact; --" })),
        ("finish_work", json!({ "work": 1, "answer": {} })),
        ("answer_handoff", json!({ "work": 1, "accept": true })),
    ] {
        let answer = agent.call(tool, arguments.clone());
        let told = &answer["result"]["structuredContent"];
        assert!(told["status"] == "failed" || told["contacts"] == json!([]), "{tool} {arguments}: {answer}");
    }
    assert_eq!(standing(&stand, &owner), before);
}

#[test]
fn what_is_waited_by_is_bound_to_who_waits_and_to_what_was_asked() {
    let stand = Stand::new();
    let question = stand.question(&stand.token(Role::Owner));
    let agent = Agent::new(&stand, "LeadGen");
    let contact = &question["contact"];
    let state = agent.call("send_message", json!({ "contact": contact }))["result"]["requestState"].clone();
    let sealed = state.as_str().unwrap().to_owned();
    let with = |agent: &Agent<'_>, tool: &str, arguments: Value, state: &str| {
        agent.ask("tools/call", json!({ "name": tool, "arguments": arguments, "requestState": state }))
    };
    let own = json!({ "contact": contact });
    assert_eq!(with(&agent, "send_message", own.clone(), &sealed)["result"]["resultType"], "input_required");
    let mut bent = sealed.clone().into_bytes();
    let last = bent.len() - 3;
    bent[last] = if bent[last] == b'A' { b'B' } else { b'A' };
    let bent = String::from_utf8(bent).unwrap();
    let same_agent = Agent::new(&stand, "LeadGen");
    for (what, answer) in [
        ("bent", with(&agent, "send_message", own.clone(), &bent)),
        ("made up", with(&agent, "send_message", own.clone(), "{\"contact\":1,\"run\":1,\"message\":1}")),
        ("another call's", with(&agent, "send_message", json!({ "contact": 1 + contact.as_i64().unwrap() }), &sealed)),
        ("another tool's", with(&agent, "read_contact", own.clone(), &sealed)),
        ("another token's", with(&same_agent, "send_message", own, &sealed)),
    ] {
        assert_eq!(answer["error"]["code"], -32602, "{what}: {answer}");
    }
    assert_eq!(stand.letters(), 0);
}

#[test]
fn a_session_is_whose_it_is() {
    let stand = Stand::new();
    let (one, other) =
        (agent_token(&stand.client("hillside"), "LeadGen"), agent_token(&stand.client("hillside"), "Qualification"));
    let session = Session::begin(&stand, &one);
    let list = json!({ "jsonrpc": "2.0", "id": 3, "method": "tools/list", "params": {} });
    assert_eq!(session.send(&list).status, 200);
    let mut theirs = Session::begin(&stand, &other);
    for id in
        [session.id.as_str(), "00000000-0000-0000-0000-000000000000", "'; DROP TABLE session; --", &"a".repeat(3000)]
    {
        theirs.id = id.to_owned();
        assert_eq!(theirs.send(&list).status, 404, "{id}");
    }
    // Of too many sessions the oldest end, and nobody else's.
    let first = Session::begin(&stand, &other);
    for _ in 0..16 {
        Session::begin(&stand, &other);
    }
    assert_eq!(first.send(&list).status, 404);
    assert_eq!(session.send(&list).status, 200);
    // Whoever began one ends it, and nobody else.
    theirs.id.clone_from(&session.id);
    assert_eq!(theirs.end().status, 404);
    assert_eq!(session.send(&list).status, 200);
    assert_eq!(session.end().status, 204);
    assert_eq!((session.send(&list).status, session.end().status), (404, 404));
}

#[test]
fn what_is_too_large_or_comes_from_another_site_is_refused() {
    let stand = Stand::new();
    let agent = Agent::new(&stand, "LeadGen");
    let bearer = format!("Bearer {}", agent.token);
    let large = stand.send(
        "POST",
        "/mcp/hillside",
        &[
            ("Authorization", &bearer),
            ("Content-Type", "application/json"),
            ("Accept", "application/json, text/event-stream"),
        ],
        "a".repeat(70_000).as_bytes(),
    );
    assert_eq!(large.status, 413);
    let mut stream = TcpStream::connect(stand.at).unwrap();
    write!(stream, "POST /mcp/hillside HTTP/1.1\r\nHost: {}\r\nAuthorization: {bearer}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n", stand.at).unwrap();
    let chunk = format!("4000\r\n{}\r\n", "a".repeat(0x4000));
    for _ in 0..8 {
        if stream.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    assert_eq!(read(stream).status, 413);
    for (name, value) in [("Origin", "https://evil.example"), ("Origin", "null")] {
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
            ("Accept", "application/json, text/event-stream"),
            (name, value),
        ];
        assert_eq!(stand.send("POST", "/mcp/hillside", &headers, b"{}").status, 403, "{name}: {value}");
    }
    let mut stream = TcpStream::connect(stand.at).unwrap();
    write!(stream, "POST /mcp/hillside HTTP/1.1\r\nHost: evil.example\r\nAuthorization: {bearer}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}").unwrap();
    assert_eq!(read(stream).status, 403, "a name that is not ours");
}
