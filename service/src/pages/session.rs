//! People's sessions: begun with a token, carried by a cookie that no script and no other site can use, ended by time, by hand or with
//! their token. What is sent by a form carries a word that only the session's own pages have.

use axum::extract::FromRequestParts;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

use crate::access::caller::Caller;
use crate::access::role::Role;
use crate::app::App;
use crate::problem::Problem;

/// A person who has logged in.
pub(super) struct Session {
    pub(super) caller: Caller,
    /// What forms carry.
    pub(super) csrf: String,
    hash: [u8; 32],
}

/// Whoever has not logged in is asked to.
pub(super) struct LogIn;

impl IntoResponse for LogIn {
    fn into_response(self) -> Response {
        Redirect::to("/login").into_response()
    }
}

impl Session {
    /// Begins one; gives the cookie.
    ///
    /// # Errors
    /// Where the token is an agent's, or nothing can be kept.
    pub(super) async fn begin(app: &App, caller: Caller) -> Result<HeaderValue, Problem> {
        if !caller.role.is_person() {
            return Err(Problem::forbidden("these pages are for people, and the token is an agent's"));
        }
        let secret = app.surroundings.drawn().map_err(|_| Problem::internal())?;
        let hash: [u8; 32] = blake3::hash(&secret).into();
        let now = app.surroundings.now();
        let last = jiff::SignedDuration::try_from(app.configuration.sessions.last).unwrap_or_default();
        let expires = now.checked_add(last).map_err(|_| Problem::internal())?;
        let name = caller.client.name().to_owned();
        let token = caller.token.id;
        caller.client.file_aside(move |file| file.begin_session(&hash, &token, now, expires)).await?;
        let value = format!("{name}.{}", URL_SAFE_NO_PAD.encode(secret));
        cookie(app, &value, last.as_secs())
    }

    /// Ends it; gives the cookie that takes its place.
    ///
    /// # Errors
    /// Where nothing can be kept.
    pub(super) fn end(self, app: &App) -> Result<HeaderValue, Problem> {
        self.caller.client.file(|file| file.end_session(&self.hash))?;
        cookie(app, "", 0)
    }

    /// Whether a form is of this session's own pages.
    ///
    /// # Errors
    /// Where it is not.
    pub(super) fn own(&self, sent: &str) -> Result<(), Problem> {
        if bool::from(self.csrf.as_bytes().ct_eq(sent.as_bytes())) {
            return Ok(());
        }
        tracing::warn!(client = self.caller.client.name(), "a form of another site was refused");
        Err(Problem::forbidden("the form is out of date, or not of this site: load the page again"))
    }
}

impl FromRequestParts<App> for Session {
    type Rejection = LogIn;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, LogIn> {
        if parts.method != axum::http::Method::GET && is_of_another_site(&parts.headers) {
            return Err(LogIn);
        }
        let cookies = parts.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let value = pairs.filter(|(known, _)| *known == name(app)).map(|(_, value)| value).next_back().ok_or(LogIn)?;
        let (client, secret) = value.rsplit_once('.').ok_or(LogIn)?;
        let secret = URL_SAFE_NO_PAD.decode(secret).map_err(|_| LogIn)?;
        let client = app.client(client).ok_or(LogIn)?;
        let hash: [u8; 32] = blake3::hash(&secret).into();
        let now = app.surroundings.now();
        let token = client.file(|file| file.session(&hash, now)).ok().flatten().filter(|token| token.is_valid(now));
        let token = token.ok_or(LogIn)?;
        let role = Role::named(&token.role).filter(|role| role.is_person()).ok_or(LogIn)?;
        let csrf = blake3::keyed_hash(&app.form_key, &hash).to_hex().to_string();
        Ok(Self { caller: Caller { client, token, role }, csrf, hash })
    }
}

/// Browsers say where a request comes from; what another site sends is nobody's.
pub(super) fn is_of_another_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}

fn name(app: &App) -> &'static str {
    if app.configuration.is_secure() { "__Host-playbook" } else { "playbook" }
}

fn cookie(app: &App, value: &str, seconds: i64) -> Result<HeaderValue, Problem> {
    let secure = if app.configuration.is_secure() { "; Secure" } else { "" };
    let cookie = format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}", name(app));
    HeaderValue::from_str(&cookie).map_err(|_| Problem::internal())
}

/// An answer with a cookie.
pub(super) fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().insert(SET_COOKIE, cookie);
    response
}
