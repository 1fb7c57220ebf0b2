//! A small server of HTTP on loopback: it answers each request as it is told to, and tells what was asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

/// What was asked: the head in small letters, and the body.
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Listens at an address of its own, until it has no answer or nobody hears any more. An answer is the status, and JSON.
pub(crate) fn listen(
    mut answer: impl FnMut(&Asked) -> Option<(&'static str, String)> + Send + 'static,
) -> (String, Receiver<Asked>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (told, heard) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream);
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) < 3 {
                    break;
                }
                let line = line.to_lowercase();
                if let Some(value) = line.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                head.push_str(&line);
            }
            let mut body = vec![0; length];
            if head.is_empty() || reader.read_exact(&mut body).is_err() {
                continue;
            }
            let asked = Asked { head, body };
            let Some((status, text)) = answer(&asked) else { return };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                text.len()
            );
            // Whoever has asked may be gone.
            let _ = reader.into_inner().write_all(format!("{head}{text}").as_bytes());
            if told.send(asked).is_err() {
                return;
            }
        }
    });
    (url, heard)
}
