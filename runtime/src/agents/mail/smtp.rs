//! Letters over SMTP, by lettre's connection, one letter a connection. The steps are taken one by one, because what a failure
//! means depends on how far it got: before the text nothing was sent, behind it nobody can tell.

use std::future::Future;
use std::time::Duration;

use lettre::message::Message;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use lettre::transport::smtp::{self};
use smol_str::SmolStr;

use super::message::message;
use super::{check_key, without_addresses};
use crate::agents::http::is_loopback;
use crate::agents::{BoxFuture, Letter, Mailer, PortError, PortErrorKind, Receipt, Secret};

/// How the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// `STARTTLS`, without which no letter is sent; port 587 by custom.
    Starttls,
    /// From the first byte; port 465 by custom.
    Implicit,
    /// Not at all: on this machine only.
    None,
}

/// Where letters are handed over.
#[derive(Clone, Debug)]
pub struct SmtpServer {
    /// `smtp.example.com`
    pub host: SmolStr,
    /// 587, 465, …
    pub port: u16,
    /// How it is encrypted.
    pub security: Security,
    /// User and password, where the server wants some.
    pub login: Option<(SmolStr, Secret)>,
    /// Certificates in PEM that are trusted beside the system's.
    pub trusted: Option<Vec<u8>>,
    /// For each step: connecting, each command, handing over the text.
    pub timeout: Duration,
}

/// Hands letters to an SMTP server.
#[derive(Clone, Debug)]
pub struct SmtpMailer {
    server: SmtpServer,
}

/// A step's failure.
enum Failure {
    Late,
    Said(smtp::Error),
}

impl SmtpMailer {
    /// Over that server.
    ///
    /// # Errors
    /// Where it would send in the clear to another machine.
    pub fn new(server: SmtpServer) -> Result<Self, PortError> {
        if server.security == Security::None && !is_loopback(&server.host) {
            return Err(PortError::refused(format!(
                "letters to `{}` would go in the clear: use `starttls` or `implicit`; `none` is for this machine",
                server.host
            )));
        }
        Ok(Self { server })
    }

    async fn deliver(&self, letter: &Letter) -> Result<Receipt, PortError> {
        check_key(letter)?;
        let (message, id) = message(letter)?;
        let mut connection = self.connect().await?;
        let handed = self.hand_over(&mut connection, letter, &message).await;
        // Whatever is said to the goodbye changes nothing.
        let _ = tokio::time::timeout(self.server.timeout, connection.abort()).await;
        let answer = handed?;
        let words = answer.first_line().unwrap_or_default();
        Ok(Receipt { message_id: Some(id.into()), carrier: without_addresses(words, letter).into(), before: false })
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, PortError> {
        let SmtpServer { host, port, security, .. } = &self.server;
        let hello = ClientId::Domain("localhost".to_owned());
        let tls = match security {
            Security::None => None,
            Security::Starttls | Security::Implicit => Some(self.tls()?),
        };
        let at_once = tls.clone().filter(|_| *security == Security::Implicit);
        let connecting = AsyncSmtpConnection::connect_tokio1(
            (host.as_str(), *port),
            Some(self.server.timeout),
            &hello,
            at_once,
            None,
        );
        let mut connection = self.step(connecting).await.map_err(|failure| self.before(failure, None))?;
        if let (Some(tls), Security::Starttls) = (tls, security) {
            if !connection.can_starttls() {
                return Err(PortError::refused(format!(
                    "`{host}` offers no STARTTLS, and no letter goes in the clear: try `implicit` on port 465"
                )));
            }
            self.step(connection.starttls(tls, &hello)).await.map_err(|failure| self.before(failure, None))?;
        }
        if let Some((user, password)) = &self.server.login {
            let credentials = Credentials::new(user.to_string(), password.reveal().to_owned());
            let login = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
            if let Err(failure) = self.step(login).await {
                let error = self.before(failure, None);
                return Err(PortError { detail: error.detail.replace(password.reveal(), "[secret]"), ..error });
            }
        }
        Ok(connection)
    }

    fn tls(&self) -> Result<TlsParameters, PortError> {
        let refused = |error: smtp::Error| PortError::refused(format!("the certificates cannot be used: {error}"));
        let mut builder = TlsParameters::builder(self.server.host.to_string());
        if let Some(pem) = &self.server.trusted {
            builder = builder.add_root_certificate(Certificate::from_pem(pem).map_err(refused)?);
        }
        builder.build_rustls().map_err(refused)
    }

    async fn hand_over(
        &self,
        connection: &mut AsyncSmtpConnection,
        letter: &Letter,
        message: &Message,
    ) -> Result<Response, PortError> {
        let envelope = message.envelope();
        let text = message.formatted();
        let mut parameters = Vec::new();
        let mut addresses = envelope.to().iter().chain(envelope.from());
        if addresses.any(|address| !AsRef::<str>::as_ref(address).is_ascii()) {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(PortError::refused(format!(
                    "`{}` takes no addresses beyond ASCII (SMTPUTF8)",
                    self.server.host
                )));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !text.is_ascii() {
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let before = |failure| self.before(failure, Some(letter));
        self.step(connection.command(Mail::new(envelope.from().cloned(), parameters))).await.map_err(before)?;
        for to in envelope.to() {
            self.step(connection.command(Rcpt::new(to.clone(), Vec::new()))).await.map_err(before)?;
        }
        self.step(connection.command(Data)).await.map_err(before)?;
        self.step(connection.message(&text)).await.map_err(|failure| self.behind(failure, letter))
    }

    async fn step<T>(&self, work: impl Future<Output = Result<T, smtp::Error>>) -> Result<T, Failure> {
        match tokio::time::timeout(self.server.timeout, work).await {
            Ok(done) => done.map_err(Failure::Said),
            Err(_) => Err(Failure::Late),
        }
    }

    /// A failure before the text was handed over: nothing was sent.
    fn before(&self, failure: Failure, letter: Option<&Letter>) -> PortError {
        let host = &self.server.host;
        match failure {
            Failure::Late => PortError::new(PortErrorKind::TimedOut, format!("`{host}` did not answer in time")),
            Failure::Said(error) if error.status().is_some() => self.said_no(&error, letter),
            Failure::Said(error) if error.is_timeout() => {
                PortError::new(PortErrorKind::TimedOut, format!("`{host}` did not answer in time"))
            }
            Failure::Said(error) if error.is_tls() => PortError::refused(format!("`{host}`: {}", whole(&error))),
            Failure::Said(error) if error.is_client() => PortError::refused(format!("`{host}`: {}", whole(&error))),
            Failure::Said(error) if error.is_response() => {
                PortError::new(PortErrorKind::Broken, format!("`{host}` does not speak SMTP: {}", whole(&error)))
            }
            Failure::Said(error) => {
                let detail = format!("`{host}` cannot be reached: {}; check host, port and network", whole(&error));
                PortError::new(PortErrorKind::Unreachable, detail)
            }
        }
    }

    /// A failure behind it: only a clear no means that nothing was sent.
    fn behind(&self, failure: Failure, letter: &Letter) -> PortError {
        match failure {
            Failure::Said(error) if error.status().is_some() => self.said_no(&error, Some(letter)),
            _ => PortError::new(
                PortErrorKind::Uncertain,
                format!(
                    "the connection to `{}` ended after the text and before the answer: whether the letter was sent, only \
                     that server's log can tell",
                    self.server.host
                ),
            ),
        }
    }

    /// 4yz is later, 5yz is never.
    fn said_no(&self, error: &smtp::Error, letter: Option<&Letter>) -> PortError {
        let words = whole(error);
        let words = letter.map_or_else(|| words.clone(), |letter| without_addresses(&words, letter));
        let kind =
            if error.is_transient() { PortErrorKind::Busy { retry_after: None } } else { PortErrorKind::Refused };
        PortError::new(kind, format!("`{}` says: {words}", self.server.host))
    }
}

/// With what lies below it.
fn whole(error: &smtp::Error) -> String {
    error.to_string()
}

impl Mailer for SmtpMailer {
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<Receipt, PortError>> {
        Box::pin(self.deliver(letter))
    }
}
