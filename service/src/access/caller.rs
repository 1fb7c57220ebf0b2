//! Who asks: read off the token that comes with a request. A token of one client opens nothing of another one.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use runtime::crm::service_file::Token;

use super::role::{Doing, Role};
use super::secret;
use crate::app::App;
use crate::client::Client;
use crate::problem::Problem;
use crate::server::Peer;

/// Who asks, and of which client.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) client: Arc<Client>,
    pub(crate) token: Token,
    pub(crate) role: Role,
}

impl Caller {
    /// # Errors
    /// Where their role may not.
    pub(crate) fn may(&self, doing: Doing) -> Result<(), Problem> {
        if self.role.may(doing) {
            return Ok(());
        }
        let (client, token, role) = (self.client.name(), &self.token.id, self.role.name());
        tracing::warn!(client, token, role, doing = doing.words(), "refused");
        let more = if self.role.is_person() {
            ""
        } else {
            "; agents see and act over ports of their own, and only a person approves"
        };
        Err(Problem::forbidden(format!("a token with the role `{role}` may not {}{more}", doing.words())))
    }

    /// Which of the client's people answers.
    ///
    /// # Errors
    /// Where it is nobody: an agent's token never stands for a person.
    pub(crate) fn person(&self) -> Result<String, Problem> {
        match &self.token.person {
            Some(person) if self.role.is_person() => Ok(person.clone()),
            _ => Err(Problem::forbidden("this token stands for none of the client's people: make one with `--person`")),
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Problem::internal())?;
        let client = params.iter().find(|(name, _)| *name == "client").map(|(_, value)| value.to_owned());
        let from = address(parts, app.configuration.behind_proxy);
        let text = bearer(&parts.headers);
        let caller = proven(app, client.as_deref(), text.as_deref().unwrap_or_default(), from).await?;
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

/// Who a token is, for a client; for the token's own one where none is named.
///
/// # Errors
/// Where it is worth nothing there, or the address has failed too often.
pub(crate) async fn proven(app: &App, client: Option<&str>, text: &str, from: IpAddr) -> Result<Caller, Problem> {
    let named = look_up(app, client, text)?;
    let token = named.as_ref().and_then(|named| named.token.as_ref());
    // What has proven itself before is no guess and takes no hashing: whoever else fails behind the same address does not stop it.
    if !token.is_some_and(|token| app.verified.is_known(text, &token.hash)) {
        if let Some(wait) = app.guesses.wait(from, Instant::now()) {
            return Err(Problem::too_many(wait.as_secs().max(1)));
        }
        if text.is_empty() {
            // Who sends none guesses none.
            return Err(Problem::unauthorized());
        }
        let proves = named.is_some() && proves(app, text, token.map(|token| token.hash.clone())).await?;
        if !proves {
            app.guesses.failed(from, Instant::now());
            return Err(refused(app));
        }
    }
    let Some(Named { client, token: Some(token) }) = named else { return Err(refused(app)) };
    app.verified.remember(text, &token.hash);
    // Whoever has the secret of a token that was revoked or has expired does not guess either.
    let role = Role::named(&token.role).filter(|_| token.is_valid(app.surroundings.now()));
    let role = role.ok_or_else(|| refused(app))?;
    Ok(Caller { client, token, role })
}

fn refused(app: &App) -> Problem {
    app.meters.login_refused();
    tracing::warn!("a token was refused");
    Problem::unauthorized()
}

/// What a token's text names.
struct Named {
    client: Arc<Client>,
    /// What is kept of it, where something is.
    token: Option<Token>,
}

/// What a token's text names; nothing where it can open nothing there.
fn look_up(app: &App, client: Option<&str>, text: &str) -> Result<Option<Named>, Problem> {
    let Some(spelled) = secret::read(text) else { return Ok(None) };
    if client.is_some_and(|client| client != spelled.client) {
        return Ok(None);
    }
    let Some(client) = app.client(spelled.client) else { return Ok(None) };
    let token = client.file(|file| file.token(spelled.id))?;
    Ok(Some(Named { client, token }))
}

/// Whether a secret is the one of which a hash is kept. It takes as long where none is.
async fn proves(app: &App, text: &str, kept: Option<String>) -> Result<bool, Problem> {
    let _turn = app.verified.hashing.acquire().await.map_err(|_| Problem::internal())?;
    let text = text.to_owned();
    let proves = tokio::task::spawn_blocking(move || {
        let Some(spelled) = secret::read(&text) else { return false };
        match kept {
            Some(kept) => secret::proves(&spelled, &kept),
            None => {
                secret::pretend(&spelled);
                false
            }
        }
    });
    proves.await.map_err(|_| Problem::internal())
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// Where a request comes from: as the connection says, or the nearest proxy.
pub(crate) fn address(parts: &Parts, behind_proxy: bool) -> IpAddr {
    let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
    let forwarded = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    let peer = parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Peer(peer)| peer.ip());
    forwarded.filter(|_| behind_proxy).unwrap_or(peer)
}
