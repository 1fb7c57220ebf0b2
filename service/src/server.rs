//! The service as a process: clients are opened, connections are taken, and all of it is stopped in order.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use axum::body::Body;
use axum::http::Request;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower_service::Service as _;

use crate::access::calls::Calls;
use crate::access::guesses::Guesses;
use crate::access::invitation::Invitation;
use crate::access::known::Verified;
use crate::app::{App, Parts};
use crate::config::Configuration;
use crate::folder::{Folder, FolderError};
use crate::meters::Meters;
use crate::opening::{self, Opening};
use crate::pages::templates::Templates;
use crate::surroundings::Surroundings;
use crate::tls::{Certificates, TlsError};
use crate::traces::{Traces, TracesError};
use crate::{copies, doubts, logs, routes};

/// Why the service could not be started.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// There is nobody to serve.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// What the service keeps for a client.
    #[error(transparent)]
    File(#[from] runtime::crm::CrmError),
    /// The address is taken, or none of this machine.
    #[error("cannot listen on {address}: {why}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// The system's words.
        why: std::io::Error,
    },
    /// The system gives no threads, no signals or no randomness.
    #[error("the system does not give what the service needs: {0}")]
    System(#[from] std::io::Error),
    /// Connections cannot be encrypted.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Spans cannot be told.
    #[error(transparent)]
    Traces(#[from] TracesError),
    /// Nothing can be made where clients are to be made.
    #[error("nothing can be written into `{}`, where clients are made: {why}; let the user who runs the service write there", path.display())]
    Unwritable {
        /// The folder.
        path: PathBuf,
        /// The system's words.
        why: std::io::Error,
    },
    /// Another process serves one of the clients.
    #[error("the client `{0}` is served by another process: stop that one first")]
    Served(String),
    /// A setting names a client that is not there.
    #[error("the configuration has settings of the client `{0}`, and there is no such folder")]
    NoSuchClient(String),
    /// Pages cannot be drawn.
    #[error("a template is broken: {0}")]
    Template(String),
}

/// Who asks, as the connection says it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// What there is to say when the service begins.
pub struct Begun {
    /// Where it listens.
    pub address: SocketAddr,
    /// How people reach it.
    pub url: String,
    /// How many clients it serves.
    pub clients: usize,
    /// `/new?key=…` is a page on which a client can be made, once and within an hour; none where no one is to be made.
    pub key: Option<String>,
}

/// A service that is about to begin.
pub struct Service {
    listener: TcpListener,
    certificates: Option<Arc<Certificates>>,
    app: App,
    /// In the link by which a client can be made.
    key: Option<String>,
    stop: watch::Sender<bool>,
}

/// Serves a folder until the process is told to stop; `begun` is told where it listens.
///
/// # Errors
/// Where it cannot be started.
pub fn serve(
    folder: &Path,
    configuration: Configuration,
    surroundings: Surroundings,
    begun: impl FnOnce(&Begun),
) -> Result<(), ServiceError> {
    let tokio = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let traces = configuration.traces.as_ref().map(|settings| Traces::begin(settings, &surroundings, tokio.handle()));
    let traces = traces.transpose()?;
    logs::begin(configuration.log, traces.as_ref().map(Traces::listener));
    let served = tokio.block_on(async {
        let service = Service::begin(folder, configuration, surroundings).await?;
        begun(&service.begun()?);
        let stopped = told_to_stop()?;
        service.run(stopped).await;
        Ok(())
    });
    if let Some(traces) = traces {
        traces.end();
    }
    served
}

/// Ends when the process is told to stop.
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

impl Service {
    /// Opens the clients of a folder and listens. Nothing is answered yet.
    ///
    /// # Errors
    /// Where the folder cannot be read, or the address is taken.
    pub async fn begin(
        folder: &Path,
        mut configuration: Configuration,
        surroundings: Surroundings,
    ) -> Result<Self, ServiceError> {
        let (folders, root) = Folder::served(folder)?;
        let is_there = |name: &&String| folders.iter().any(|folder| folder.name == **name);
        // A client that is yet to be made may have its settings already.
        let invites = root.is_some() && (configuration.invites || folders.is_empty());
        if let Some(name) = configuration.clients.keys().find(|name| !invites && !is_there(name)) {
            return Err(ServiceError::NoSuchClient(name.clone()));
        }
        if let Some(root) = root.as_ref().filter(|_| invites) {
            writable(root)?;
        }
        let certificates = configuration.tls.clone().map(Certificates::read).transpose()?.map(Arc::new);
        let address = configuration.listen;
        let listener = TcpListener::bind(address).await.map_err(|why| ServiceError::Listen { address, why })?;
        doubts::tell(&configuration, &surroundings.environment);
        configuration.follow(listener.local_addr()?);
        let templates = Templates::new().map_err(|error| ServiceError::Template(error.to_string()))?;
        let meters = Arc::new(Meters::default());
        let opening = Opening::new(&configuration, surroundings.clone(), Arc::clone(&meters));
        let drawn = if invites { Some(surroundings.drawn()?) } else { None };
        let (invitation, key) = drawn.map(|drawn| Invitation::new(drawn, surroundings.now())).unzip();
        let (stop, stopping) = watch::channel(false);
        let app = App::new(Parts {
            clients: RwLock::default(),
            opening,
            root: root.clone(),
            invitation,
            guesses: Guesses::new(configuration.logins),
            calls: Calls::new(configuration.calls),
            verified: Verified::new(surroundings.drawn()?),
            form_key: surroundings.drawn()?,
            configuration,
            surroundings,
            meters,
            templates,
            editors: Arc::new(Semaphore::new(crate::pages::editor::AT_ONCE)),
            stopping,
        });
        for folder in folders {
            app.take_in(folder)?;
        }
        if let Some(root) = root {
            tokio::spawn(opening::looking(app.clone(), root));
        }
        copies::begin(&app);
        Ok(Self { listener, certificates, app, key, stop })
    }

    /// What there is to say when it begins.
    ///
    /// # Errors
    /// Where the system does not say where it listens.
    pub fn begun(&self) -> std::io::Result<Begun> {
        Ok(Begun {
            address: self.listener.local_addr()?,
            url: self.app.configuration.public_url.trim_end_matches('/').to_owned(),
            clients: self.app.clients().len(),
            key: self.key.clone(),
        })
    }

    /// Answers until that ends; then finishes what was begun, and the work of each client up to its next transaction.
    pub async fn run(self, until: impl Future<Output = ()>) {
        let Self { listener, certificates, app, stop, .. } = self;
        let limits = app.configuration.limits;
        let router = routes::router(app.clone());
        let places = Arc::new(Semaphore::new(limits.connections));
        if let Some(certificates) = &certificates {
            tokio::spawn(looking(Arc::clone(certificates), app.configuration.scheduler.look_every));
        }
        let mut until = std::pin::pin!(until);
        loop {
            let place = Arc::clone(&places).acquire_owned();
            let taken = tokio::select! {
                () = &mut until => break,
                taken = async { (place.await, listener.accept().await) } => taken,
            };
            let (Ok(place), Ok((stream, peer))) = taken else { continue };
            let (router, stopping) = (router.clone(), app.stopping.clone());
            let acceptor = certificates.as_ref().map(|certificates| certificates.acceptor());
            tokio::spawn(async move {
                // Small answers are not to wait for more.
                let _ = stream.set_nodelay(true);
                match acceptor {
                    None => connection(stream, peer, router, limits.head, stopping).await,
                    Some(acceptor) => {
                        // Whoever agrees on nothing in time is no event of ours.
                        if let Ok(Ok(stream)) = tokio::time::timeout(limits.head, acceptor.accept(stream)).await {
                            connection(stream, peer, router, limits.head, stopping).await;
                        }
                    }
                }
                drop(place);
            });
        }
        drop(listener);
        tracing::info!("told to stop");
        // Whoever is shown live what happens is let go, and each connection ends with its answer.
        stop.send_replace(true);
        let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
        if tokio::time::timeout(limits.stop, places.acquire_many(all)).await.is_err() {
            tracing::warn!("some requests took too long and were left");
        }
        for client in app.clients() {
            client.stop();
        }
        app.opening.stopped().await;
        tracing::info!("stopped in order");
    }
}

/// # Errors
/// Where no client could be made in a folder.
fn writable(root: &Path) -> Result<(), ServiceError> {
    let tried = tempfile::Builder::new().prefix(".new-").tempdir_in(root).and_then(tempfile::TempDir::close);
    tried.map_err(|why| {
        // What was tried has a name of its own, which is nobody's concern.
        let why = std::io::Error::from(why.kind());
        ServiceError::Unwritable { path: root.to_owned(), why }
    })
}

/// Looks whether the certificate was changed, as long as the process lives.
async fn looking(certificates: Arc<Certificates>, every: std::time::Duration) {
    loop {
        tokio::time::sleep(every).await;
        let certificates = Arc::clone(&certificates);
        // Where it could not be looked at, it is the next time.
        let _ = tokio::task::spawn_blocking(move || certificates.look()).await;
    }
}

/// Answers a connection, until it ends or the service is told to stop.
async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    router: axum::Router,
    head: std::time::Duration,
    mut stopping: watch::Receiver<bool>,
) {
    let service = hyper::service::service_fn(move |request: Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        router.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    // A peer that goes away or talks nonsense is no event of ours.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
