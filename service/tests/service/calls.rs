//! Whoever calls too often waits, whatever it speaks, and hears so in words of what it speaks.

use serde_json::{Value, json};
use service::access::role::Role;

use crate::mcp::Agent;
use crate::stand::{Stand, agent_token};
use crate::wire::Answer;

/// It is refused in time, and the answer has nothing of another one.
fn waits(answer: &Answer) -> u64 {
    assert_eq!(answer.status, 429, "{}", answer.body);
    let seconds = answer.header("retry-after").unwrap_or_else(|| panic!("{}", answer.body)).parse().unwrap();
    // One of four comes back in fifteen seconds.
    assert!((1..=16).contains(&seconds), "{seconds}");
    seconds
}

#[test]
fn calls_of_a_token_are_counted_together_whatever_it_speaks() {
    let stand = Stand::with("[calls]\nmost = 4\nwithin = \"60s\"");
    let agent = Agent::new(&stand, "LeadGen");
    let a2a = |path: &str, token: &str, body: &Value| {
        let bearer = format!("Bearer {token}");
        let head = [("Authorization", bearer.as_str()), ("Content-Type", "application/json"), ("A2A-Version", "1.0")];
        let method = if path.is_empty() { "POST" } else { "GET" };
        let body = if path.is_empty() { body.to_string() } else { String::new() };
        stand.send(method, &format!("/a2a/hillside/LeadGen{path}"), &head, body.as_bytes())
    };
    let list = json!({ "jsonrpc": "2.0", "id": "seven", "method": "ListTasks", "params": {} });
    assert_eq!(agent.send("tools/list", json!({})).status, 200);
    assert_eq!(a2a("", &agent.token, &list).status, 200);
    assert_eq!(a2a("/tasks", &agent.token, &list).status, 200);
    assert_ne!(stand.get(&agent.token, "/inbox").status, 429, "it may not, and it counts");
    // MCP.
    let answer = agent.send("tools/list", json!({}));
    let seconds = waits(&answer);
    let told = answer.json();
    assert_eq!(
        (&told["id"], &told["error"]["code"], &told["error"]["data"]["retryAfter"]),
        (&json!(1), &json!(-32000), &json!(seconds)),
        "{told}"
    );
    // A2A by JSON-RPC, to the request that it was.
    let answer = a2a("", &agent.token, &list);
    let seconds = waits(&answer);
    let told = answer.json();
    assert_eq!((&told["id"], &told["error"]["code"]), (&json!("seven"), &json!(-32000)), "{told}");
    assert_eq!(told["error"]["data"][0]["retryDelay"], json!(format!("{seconds}s")), "{told}");
    // A2A by REST.
    let answer = a2a("/tasks", &agent.token, &list);
    waits(&answer);
    assert_eq!(
        (&answer.json()["error"]["code"], &answer.json()["error"]["status"]),
        (&json!(429), &json!("RESOURCE_EXHAUSTED"))
    );
    // The API.
    let answer = stand.post(&agent.token, "/events", &json!({}));
    waits(&answer);
    assert_eq!(answer.json()["type"], "urn:playbook:problem:too-many-calls");
    // Nobody else waits: another token of the same agent, a person, and whoever reads the card.
    assert_eq!(a2a("", &agent_token(&stand.client("hillside"), "LeadGen"), &list).status, 200);
    assert_eq!(stand.get(&stand.token(Role::Owner), "/inbox").status, 200);
    assert_eq!(stand.send("GET", "/a2a/hillside/LeadGen/.well-known/agent-card.json", &[], b"").status, 200);
    assert_eq!(stand.send("GET", "/health", &[], b"").status, 200);
}
