//! A server of the Resend API on loopback, that of the ports' own tests; it outlives the processes that speak to it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// In .ci/run what is missing fails; elsewhere it is told and left out.
const MUST: &str = "PLAYBOOK_TESTS_NEED_SERVERS";

pub(crate) struct Carrier {
    child: Child,
    port: u16,
}

impl Carrier {
    /// None where this machine has no Python.
    pub(crate) fn start() -> Option<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/tests/ports/servers/resend.py");
        let mut command = Command::new("python3");
        command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let Ok(mut child) = command.spawn() else {
            assert!(std::env::var_os(MUST).is_none(), "{MUST} is set, and this machine has no python3");
            let _ = writeln!(std::io::stderr(), "\n*** NOT TESTED: this machine has no python3 ***\n");
            return None;
        };
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Some(Self { child, port: port.trim().parse().expect("the server says its port") })
    }

    /// The client's ports, with this carrier.
    pub(crate) fn ports(&self) -> String {
        let folder = "[mail.folder]\npath = \"outbox\"\n";
        let own = format!("[mail.resend]\nkey_env = \"FAULTS_KEY\"\nurl = \"http://127.0.0.1:{}\"\n", self.port);
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/client/ports.toml");
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains(folder));
        text.replace(folder, &own)
    }

    /// The letters that went out, each as `recipient subject`.
    pub(crate) fn letters(&self) -> Vec<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(b"GET /letters HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let letter = |letter: &serde_json::Value| {
            let to = letter["to"][0].as_str().unwrap();
            let address = to.rsplit_once('<').map_or(to, |(_, address)| address.trim_end_matches('>'));
            format!("{address} {}", letter["subject"].as_str().unwrap())
        };
        body["letters"].as_array().unwrap().iter().map(letter).collect()
    }
}

impl Drop for Carrier {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
