//! The editor's server over a WebSocket: for whoever has logged in on this very site, and of the client's own files.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use service::access::role::Role;

use crate::pages::log_in;
use crate::stand::{Stand, client};

/// A socket that was opened, or the head of the answer where it was not.
fn open(stand: &Stand, origin: &str, cookie: &str) -> Result<TcpStream, String> {
    let mut stream = TcpStream::connect(stand.at).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    write!(
        stream,
        "GET /playbook/editor HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}\r\nCookie: {cookie}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        stand.at
    )
    .unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        assert_eq!(stream.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&head));
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    if head.starts_with("HTTP/1.1 101") { Ok(stream) } else { Err(head) }
}

/// Sends a message; by a mask of noughts it stays as it is.
fn say(stream: &mut TcpStream, message: &Value) {
    let text = message.to_string();
    let length = u16::try_from(text.len()).unwrap();
    let mut frame = vec![0x81, 0xfe];
    frame.extend(length.to_be_bytes());
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    stream.write_all(&frame).unwrap();
}

/// The next message; none where the socket is closed.
fn hear(stream: &mut TcpStream) -> Option<String> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).ok()?;
    let length = match head[1] {
        126 => {
            let mut more = [0; 2];
            stream.read_exact(&mut more).unwrap();
            usize::from(u16::from_be_bytes(more))
        }
        127 => {
            let mut more = [0; 8];
            stream.read_exact(&mut more).unwrap();
            usize::try_from(u64::from_be_bytes(more)).unwrap()
        }
        short => usize::from(short),
    };
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    (head[0] & 0x0f == 1).then(|| String::from_utf8(body).unwrap())
}

/// The answer to a question, or the first message that has those words.
fn until(stream: &mut TcpStream, words: &str) -> String {
    std::iter::from_fn(|| hear(stream)).find(|message| message.contains(words)).expect("it is said")
}

fn begin(stream: &mut TcpStream) -> String {
    let params = json!({"processId": null, "rootUri": "file:///hillside", "capabilities": {}});
    say(stream, &json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}));
    let begun = until(stream, "capabilities");
    say(stream, &json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}));
    begun
}

fn document(uri: &str, text: &str) -> Value {
    let document = json!({"uri": uri, "languageId": "playbook", "version": 1, "text": text});
    json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": document}})
}

#[test]
fn whoever_has_logged_in_on_this_site_is_answered_and_nobody_else() {
    let stand = Stand::new();
    let own = format!("http://{}", stand.at);
    let refused = open(&stand, &own, "").unwrap_err();
    assert!(refused.contains("303") && refused.to_lowercase().contains("location: /login"), "{refused}");
    let token = stand.token(Role::Viewer);
    let cookie = log_in(&stand, &token);
    for origin in ["http://evil.example", "null", "http://127.0.0.1"] {
        let refused = open(&stand, origin, &cookie).unwrap_err();
        assert!(refused.contains("403"), "{origin}: {refused}");
    }
    let mut stream = open(&stand, &own, &cookie).unwrap();
    assert!(begin(&mut stream).contains("completionProvider"));
    let text = std::fs::read_to_string(stand.client("hillside").join("hillside.playbook")).unwrap();
    say(&mut stream, &document("file:///hillside/hillside.playbook", &text.replace("by fit", "by fitt")));
    let found = until(&mut stream, "publishDiagnostics");
    assert!(found.contains("fitt") && found.contains("file:///hillside/hillside.playbook"), "{found}");
    assert!(!found.contains(&*stand.folder.path().to_string_lossy()), "nobody learns where it lies: {found}");
}

#[test]
fn the_files_of_others_are_not_there() {
    let folder = tempfile::tempdir().unwrap();
    client(folder.path(), "hillside");
    client(folder.path(), "valley");
    std::fs::write(
        folder.path().join("valley/secret.playbook"),
        "/// The valley's own.\nscore secret for Contact {}\n",
    )
    .unwrap();
    let stand = Stand::over(folder, "");
    let cookie = log_in(&stand, &stand.token(Role::Owner));
    let mut stream = open(&stand, &format!("http://{}", stand.at), &cookie).unwrap();
    begin(&mut stream);
    say(&mut stream, &document("file:///valley/secret.playbook", "score secret for Contact {}"));
    say(
        &mut stream,
        &json!({"jsonrpc": "2.0", "id": 2, "method": "workspace/executeCommand", "params": {"command": "x"}}),
    );
    let text = "client \"H\" {\n  currency NZD\n  timezone \"UTC\"\n}\nuse \"../valley/secret.playbook\"\n";
    say(&mut stream, &document("file:///hillside/hillside.playbook", text));
    let found = until(&mut stream, "publishDiagnostics");
    assert!(found.contains("file:///hillside/") && !found.contains("valley's own"), "{found}");
    let at =
        json!({"textDocument": {"uri": "file:///hillside/hillside.playbook"}, "position": {"line": 4, "character": 8}});
    say(&mut stream, &json!({"jsonrpc": "2.0", "id": 3, "method": "textDocument/hover", "params": at}));
    let told = until(&mut stream, "\"id\":3");
    assert!(!told.contains("valley's own"), "{told}");
}

#[test]
fn an_editor_ends_with_its_token() {
    let stand = Stand::new();
    let token = stand.token(Role::Owner);
    let cookie = log_in(&stand, &token);
    let mut stream = open(&stand, &format!("http://{}", stand.at), &cookie).unwrap();
    begin(&mut stream);
    let id = token.rsplit('.').nth(1).unwrap();
    let tokens = service::access::tokens::Tokens::of(&stand.client("hillside")).unwrap();
    tokens.revoke(id, crate::stand::NOW.parse().unwrap()).unwrap();
    say(&mut stream, &document("file:///hillside/hillside.playbook", ""));
    while hear(&mut stream).is_some() {}
}
