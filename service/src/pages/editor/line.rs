//! The line between a browser and the editor's server: which messages pass, and how files are named on either side of it. A browser names a
//! client's file `file:///CLIENT/NAME.playbook` and never learns where on this machine it lies; it names no other.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::sync::mpsc;

use crate::folder::{Folder, is_playbook_name};

/// What stands in an address of a file as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
/// How the address of a file begins.
const FILE: &str = "file://";
/// What is said at the beginning and at the end; of all else only what asks or tells about the text that is shown.
const METHODS: [&str; 6] =
    ["initialize", "initialized", "shutdown", "exit", "$/cancelRequest", "completionItem/resolve"];
/// What asks or tells about a text.
const OF_A_TEXT: &str = "textDocument/";
/// No message of the server's is longer.
const LONGEST: usize = 32 << 20;

/// How files are named on either side.
pub(super) struct Line {
    client: String,
    /// The folder in which the client's lies, as the server names it, with a `/` at its end.
    around: String,
}

impl Line {
    pub(super) fn of(folder: &Folder) -> Self {
        let around = folder.path().parent().unwrap_or(folder.path()).to_string_lossy().into_owned();
        let around = utf8_percent_encode(around.trim_end_matches('/'), PLAIN);
        Self { client: folder.name.clone(), around: format!("{FILE}{around}/") }
    }

    /// A message as the server is told it; none where it is told nothing.
    pub(super) fn inward(&self, text: &str) -> Option<String> {
        let mut message: Value = serde_json::from_str(text).ok()?;
        let fields = message.as_object_mut()?;
        let passes = match fields.get("method") {
            Some(method) => {
                method.as_str().is_some_and(|method| METHODS.contains(&method) || method.starts_with(OF_A_TEXT))
            }
            // An answer.
            None => fields.contains_key("id"),
        };
        if !passes {
            return None;
        }
        if let Some(params) = fields.get_mut("params") {
            if let Some(params) = params.as_object_mut() {
                for name in ["rootPath", "initializationOptions"] {
                    params.remove(name);
                }
            }
            self.name(params)?;
        }
        serde_json::to_string(&message).ok()
    }

    /// Names files as the server does; none where one is named that is not the client's.
    fn name(&self, value: &mut Value) -> Option<()> {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields.iter_mut() {
                    match value {
                        Value::String(uri) if name.to_ascii_lowercase().ends_with("uri") => *uri = self.real(uri)?,
                        _ => self.name(value)?,
                    }
                }
            }
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.name(item))?,
            _ => {}
        }
        Some(())
    }

    fn real(&self, uri: &str) -> Option<String> {
        let path = uri.strip_prefix(FILE)?.strip_prefix('/')?;
        let is_own = match path.split_once('/') {
            None => path == self.client,
            Some((client, name)) => client == self.client && is_playbook_name(name),
        };
        is_own.then(|| format!("{}{path}", self.around))
    }

    /// A message as the browser is told it.
    pub(super) fn outward(&self, text: String) -> String {
        if text.contains(&self.around) { text.replace(&self.around, "file:///") } else { text }
    }
}

/// Takes the heads off what the server says, until it says no more.
pub(super) async fn messages(from: impl AsyncRead + Unpin, to: mpsc::UnboundedSender<String>) {
    let mut from = BufReader::new(from);
    while let Some(message) = message(&mut from).await {
        // The browser may have gone away; what the server says is read all the same.
        let _ = to.send(message);
    }
}

async fn message(from: &mut (impl AsyncBufRead + Unpin)) -> Option<String> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(said) = line.strip_prefix("Content-Length: ") {
            length = said.parse::<usize>().ok();
        }
    }
    let mut body = vec![0; length.filter(|length| *length <= LONGEST)?];
    from.read_exact(&mut body).await.ok()?;
    String::from_utf8(body).ok()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn line() -> Line {
        Line::of(&Folder::of(PathBuf::from("/srv/our clients/acme")).unwrap())
    }

    fn open(uri: &str) -> String {
        format!(
            r#"{{"method":"textDocument/didOpen","params":{{"textDocument":{{"uri":"{uri}","text":"file:///etc/x"}}}}}}"#
        )
    }

    #[test]
    fn files_are_named_by_the_client_and_no_other_is() {
        let told = line().inward(&open("file:///acme/a.playbook")).unwrap();
        assert!(told.contains(r#""uri":"file:///srv/our%20clients/acme/a.playbook""#), "{told}");
        assert!(told.contains(r#""text":"file:///etc/x""#), "what a text says is a text: {told}");
        assert_eq!(line().outward(told.clone()), told.replace("/srv/our%20clients", ""));
        for uri in [
            "file:///other/a.playbook",
            "file:///acme/../other/a.playbook",
            "file:///acme/%2e%2e/other/a.playbook",
            "file:///acme/crm.db",
            "file:///acme/sub/a.playbook",
            "file:///etc/passwd",
            "file://acme/a.playbook",
            "untitled:1",
        ] {
            assert_eq!(line().inward(&open(uri)), None, "{uri}");
        }
    }

    #[test]
    fn only_what_is_asked_about_the_text_passes() {
        for method in ["workspace/executeCommand", "workspace/didChangeWatchedFiles", "workspace/willRenameFiles", "x"]
        {
            assert_eq!(line().inward(&format!(r#"{{"id":1,"method":"{method}","params":{{}}}}"#)), None, "{method}");
        }
        let begun = r#"{"id":1,"method":"initialize","params":{"rootUri":"file:///acme","rootPath":"/","initializationOptions":{"a":1}}}"#;
        let told = line().inward(begun).unwrap();
        assert_eq!(told, r#"{"id":1,"method":"initialize","params":{"rootUri":"file:///srv/our%20clients/acme"}}"#);
        assert!(line().inward(r#"{"id":1,"result":null}"#).is_some());
        for nonsense in ["", "1", "[]", "{}", r#"{"method":1}"#] {
            assert_eq!(line().inward(nonsense), None, "{nonsense}");
        }
    }

    #[tokio::test]
    async fn heads_are_taken_off() {
        let (to, mut heard) = mpsc::unbounded_channel();
        messages(
            "Content-Length: 2\r\n\r\n{}Content-Type: x\r\nContent-Length: 4\r\n\r\n\"ä\"Content-Length: 9\r\n\r\n{"
                .as_bytes(),
            to,
        )
        .await;
        assert_eq!(heard.recv().await.as_deref(), Some("{}"));
        assert_eq!(heard.recv().await.as_deref(), Some("\"ä\""));
        assert_eq!(heard.recv().await, None);
    }
}
