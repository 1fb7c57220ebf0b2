//! The way to the collector: OTLP over HTTP, as protobuf, by the client of HTTP that all else goes out by. What knows it is in headers of the
//! environment.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use reqwest::Client as Http;
use tokio::runtime::Handle;

use super::TracesError;
use crate::config::Traces as Settings;
use crate::surroundings::Surroundings;

/// Where spans go below the collector's address.
const PATH: &str = "/v1/traces";
/// No answer of a collector is larger.
const LARGEST: usize = 1 << 20;

pub(super) fn exporter(
    settings: &Settings,
    surroundings: &Surroundings,
    on: &Handle,
) -> Result<SpanExporter, TracesError> {
    let headers = match &settings.headers_env {
        Some(name) => (surroundings.environment)(name)
            .and_then(|text| headers(&text))
            .ok_or_else(|| TracesError::Headers(name.clone()))?,
        None => HashMap::new(),
    };
    let http = crate::webhooks::out::http(settings.timeout, true).map_err(|_| TracesError::System)?;
    SpanExporter::builder()
        .with_http()
        .with_http_client(Sends { http, on: on.clone() })
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}{PATH}", settings.endpoint.as_str().trim_end_matches('/')))
        .with_headers(headers)
        .with_timeout(settings.timeout)
        .build()
        .map_err(|_| TracesError::System)
}

/// `name=value,name=value`, as other programs' variables have it; nothing where it is none.
fn headers(text: &str) -> Option<HashMap<String, String>> {
    let decoded = |text: &str| percent_encoding::percent_decode_str(text.trim()).decode_utf8_lossy().into_owned();
    let pairs = text.split(',').filter(|pair| !pair.trim().is_empty());
    let read: Option<HashMap<_, _>> =
        pairs.map(|pair| pair.split_once('=').map(|(name, value)| (decoded(name), decoded(value)))).collect();
    read.filter(|read| !read.is_empty())
}

/// Sends on the service's own runtime: whoever waits for it is a thread without one.
#[derive(Debug)]
struct Sends {
    http: Http,
    on: Handle,
}

impl HttpClient for Sends {
    fn send_bytes<'this, 'sent>(
        &'this self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'sent>>
    where
        'this: 'sent,
        Self: 'sent,
    {
        let http = self.http.clone();
        let sent = self.on.spawn(async move {
            let request = reqwest::Request::try_from(request.map(reqwest::Body::from))?;
            let mut answer = http.execute(request).await.map_err(reqwest::Error::without_url)?;
            let mut bytes = Vec::new();
            let (status, headers) = (answer.status(), answer.headers().clone());
            while let Some(part) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
                bytes.extend_from_slice(&part);
                if bytes.len() > LARGEST {
                    return Err("the collector's answer is too long".into());
                }
            }
            let mut response = Response::new(Bytes::from(bytes));
            (*response.status_mut(), *response.headers_mut()) = (status, headers);
            Ok::<_, HttpError>(response)
        });
        Box::pin(async move { sent.await? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_pairs_and_nothing_else() {
        let read = headers("authorization=Bearer%20a%3Db, x-team = sales ,").unwrap();
        assert_eq!((read["authorization"].as_str(), read["x-team"].as_str()), ("Bearer a=b", "sales"));
        for none in ["", " , ", "authorization", "a=b,c"] {
            assert!(headers(none).is_none(), "{none}");
        }
    }
}
