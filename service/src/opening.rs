//! Opening clients: those that are there when the service begins, and those that come later, made on a page or beside it by `playbook new`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, mpsc};
use std::time::Duration;

use runtime::crm::service_file::ServiceFile;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::app::App;
use crate::client::{Client, Stands};
use crate::config::{Configuration, Readers};
use crate::desk::Desk;
use crate::folder::Folder;
use crate::lock::{Lock, Taken};
use crate::meters::Meters;
use crate::pool::Pool;
use crate::server::ServiceError;
use crate::surroundings::Surroundings;
use crate::turns::{self, Places};

/// What it takes to open a client.
pub(crate) struct Opening {
    surroundings: Surroundings,
    meters: Arc<Meters>,
    look_every: Duration,
    readers: Readers,
    places: Places,
    desks: Mutex<JoinSet<()>>,
}

impl Opening {
    pub(crate) fn new(configuration: &Configuration, surroundings: Surroundings, meters: Arc<Meters>) -> Self {
        Self {
            surroundings,
            meters,
            look_every: configuration.scheduler.look_every,
            readers: configuration.readers,
            places: Places::new(configuration.scheduler.at_once),
            desks: Mutex::default(),
        }
    }

    /// Opens a client, and gives its desk turns from now on.
    ///
    /// # Errors
    /// Where what the service keeps for it cannot be opened, or another process serves it.
    pub(crate) fn open(&self, folder: Folder) -> Result<Arc<Client>, ServiceError> {
        let lock = Lock::of(folder.path()).map_err(|Taken| ServiceError::Served(folder.name.clone()))?;
        let file = ServiceFile::open(&folder.service_file())?;
        let (orders, inbox) = mpsc::channel();
        let (news, heard) = watch::channel(0);
        let stands = Arc::new(RwLock::new(Arc::new(Stands::default())));
        let (bell, pool) = (Arc::new(Notify::new()), Arc::<Pool>::default());
        let desk = Desk::new(
            folder.clone(),
            self.surroundings.clone(),
            Arc::clone(&self.meters),
            self.look_every,
            inbox,
            (Arc::clone(&stands), news),
            Arc::clone(&pool),
        );
        let mut desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        desks.spawn(turns::take(desk, Arc::clone(&bell), self.places.clone()));
        let surroundings = self.surroundings.clone();
        let kept = (file, lock);
        Ok(Arc::new(Client::new(folder, (orders, bell), (stands, heard), kept, self.readers, pool, surroundings)))
    }

    /// Waits until all desks have done what they are at, once they are told to stop.
    pub(crate) async fn stopped(&self) {
        let mut desks = std::mem::take(&mut *self.desks.lock().unwrap_or_else(PoisonError::into_inner));
        while desks.join_next().await.is_some() {}
    }
}

/// Looks for new clients right in a folder, until the service stops.
pub(crate) async fn looking(app: App, folder: PathBuf) {
    let mut stopping = app.stopping.clone();
    let mut refused = BTreeSet::new();
    loop {
        tokio::select! {
            () = tokio::time::sleep(app.configuration.scheduler.look_every) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
        let (known, folder) = (app.names(), folder.clone());
        let found = tokio::task::spawn_blocking(move || Folder::beside(&folder, &known)).await;
        // What cannot be looked at now is looked at the next time.
        for new in found.into_iter().flatten().flatten().flatten() {
            let name = new.name.clone();
            if let Err(error) = app.take_in(new) {
                // Once is enough.
                if refused.insert(name.clone()) {
                    let kind = crate::problem::kind(&error);
                    tracing::error!(client = name, kind, "a new client cannot be opened");
                }
            }
        }
    }
}

/// Puts a new client's files in their place at once, so that nobody sees half of them.
///
/// # Errors
/// Where it is there already, or cannot be written.
pub(crate) fn place(within: &Path, name: &str, files: &[(String, String)]) -> std::io::Result<Folder> {
    let place = within.join(name);
    if place.exists() {
        return Err(std::io::ErrorKind::AlreadyExists.into());
    }
    let making = tempfile::Builder::new().prefix(".new-").tempdir_in(within)?;
    for (file, text) in files {
        let path = making.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap_or(within))?;
        std::fs::write(path, text)?;
    }
    // A folder that is empty may be written over, and nothing else.
    std::fs::rename(making.path(), &place)?;
    let _ = making.keep();
    Folder::of(place).map_err(std::io::Error::other)
}
