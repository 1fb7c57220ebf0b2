//! One HTTP client for the ports that need one: TLS by rustls with ring, no redirects, a time limit for the whole of a call.
//! It knows neither letters nor models.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use reqwest::{Client, RequestBuilder, StatusCode, Url, redirect};
use rustls::{ClientConfig, RootCertStore};

use super::{PortError, PortErrorKind};

/// No answer of these protocols is longer.
const LONGEST_ANSWER: usize = 4 * 1024 * 1024;

/// A base address to which calls go.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    client: Client,
    base: Url,
    /// For messages: the address's host.
    host: String,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// As the header says, in seconds or as a date seen from the answer's own `Date`.
    pub(super) retry_after: Option<SignedDuration>,
    pub(super) body: Vec<u8>,
}

impl Endpoint {
    /// Encrypted, unless it is on this very machine.
    pub(super) fn new(base: &str, timeout: Duration) -> Result<Self, PortError> {
        let invalid = |why: &str| PortError::refused(format!("`{base}` is no address to call: {why}"));
        let mut base_url = Url::parse(base).map_err(|error| invalid(&error.to_string()))?;
        let host = base_url.host_str().ok_or_else(|| invalid("it names no host"))?.to_owned();
        let local = is_loopback(&host);
        if base_url.scheme() != "https" && !(base_url.scheme() == "http" && local) {
            return Err(invalid("only `https` is, and `http` on this machine"));
        }
        if !base_url.path().ends_with('/') {
            let path = format!("{}/", base_url.path());
            base_url.set_path(&path);
        }
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls(base_url.scheme() == "https")?)
            .redirect(redirect::Policy::none())
            .timeout(timeout)
            .user_agent("playbook");
        if local {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| invalid(&error.to_string()))?;
        Ok(Self { client, base: base_url, host })
    }

    /// A POST to a path below the base.
    pub(super) fn post(&self, path: &str) -> Result<RequestBuilder, PortError> {
        let url = self.base.join(path).map_err(|error| PortError::refused(error.to_string()))?;
        Ok(self.client.post(url))
    }

    /// Sends it and reads all of the answer.
    pub(super) async fn call(&self, request: RequestBuilder) -> Result<Answer, PortError> {
        let mut response = request.send().await.map_err(|error| self.failed(&error))?;
        let status = response.status();
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        let retry_after = header("retry-after").and_then(|after| wait(after, header("date")));
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.failed(&error))? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                return Err(self.broken("the answer is longer than 4 MB"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, retry_after, body })
    }

    pub(super) fn broken(&self, why: &str) -> PortError {
        PortError::new(PortErrorKind::Broken, format!("`{}` gave no answer that can be used: {why}", self.host))
    }

    /// The words of the library may hold the address with its query; ours hold the host alone.
    fn failed(&self, error: &reqwest::Error) -> PortError {
        let host = &self.host;
        if error.is_connect() {
            let detail = format!("`{host}` cannot be reached: {}; check the address and the network", root(error));
            PortError::new(PortErrorKind::Unreachable, detail)
        } else if error.is_timeout() {
            PortError::new(PortErrorKind::TimedOut, format!("`{host}` did not answer in time"))
        } else {
            PortError::new(PortErrorKind::Broken, format!("the connection to `{host}` was lost: {}", root(error)))
        }
    }
}

/// The innermost reason.
fn root(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// `Retry-After`, RFC 9110: seconds, or a date.
fn wait(after: &str, date: Option<&str>) -> Option<SignedDuration> {
    if let Ok(seconds) = after.trim().parse::<u32>() {
        return Some(SignedDuration::from_secs(i64::from(seconds)));
    }
    let read = |text: &str| jiff::fmt::rfc2822::parse(text).ok().map(|at| at.timestamp());
    let wait = read(after)?.duration_since(read(date?)?);
    Some(wait.max(SignedDuration::ZERO))
}

/// Whether a base address is one of this very machine.
pub(super) fn is_here(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.host_str().is_some_and(is_loopback))
}

/// Names of this very machine.
pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Trusts whom the system trusts.
fn tls(encrypted: bool) -> Result<ClientConfig, PortError> {
    let mut roots = RootCertStore::empty();
    if encrypted {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            return Err(PortError::refused(
                "this system trusts no certificate authority, so nothing encrypted can be called: install `ca-certificates`",
            ));
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| PortError::refused(error.to_string()))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_seconds_or_dates() {
        assert_eq!(wait("120", None), Some(SignedDuration::from_mins(2)));
        let now = Some("Fri, 31 Dec 1999 23:59:00 GMT");
        assert_eq!(wait("Fri, 31 Dec 1999 23:59:59 GMT", now), Some(SignedDuration::from_secs(59)));
        assert_eq!(wait("Fri, 31 Dec 1999 23:58:00 GMT", now), Some(SignedDuration::ZERO));
        assert_eq!(wait("soon", now), None);
    }

    #[test]
    fn only_this_machine_is_called_without_encryption() {
        let address = |base: &str| Endpoint::new(base, Duration::from_secs(1)).map(|_| ()).map_err(|e| e.to_string());
        assert_eq!(address("http://127.0.0.1:8080/v1"), Ok(()));
        assert_eq!(address("http://[::1]:8080"), Ok(()));
        for base in ["http://api.example/v1", "ftp://localhost", "api.example", "http://127.0.0.1.example/"] {
            assert!(address(base).is_err(), "{base}");
        }
    }
}
