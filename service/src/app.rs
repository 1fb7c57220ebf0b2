//! What all answers are made from: the clients, the configuration, and what is around the service.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{Semaphore, watch};

use crate::access::calls::Calls;
use crate::access::guesses::Guesses;
use crate::access::invitation::Invitation;
use crate::access::known::Verified;
use crate::client::Client;
use crate::config::Configuration;
use crate::folder::Folder;
use crate::meters::Meters;
use crate::opening::Opening;
use crate::pages::templates::Templates;
use crate::server::ServiceError;
use crate::surroundings::Surroundings;
use crate::{a2a, webhooks};

/// What all answers are made from, shared.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

/// The parts.
pub(crate) struct Parts {
    /// The clients, by their names.
    pub(crate) clients: RwLock<BTreeMap<String, Arc<Client>>>,
    pub(crate) opening: Opening,
    /// The folder that has clients right in it; none where the service is of one client alone.
    pub(crate) root: Option<PathBuf>,
    /// A link by which a client can be made.
    pub(crate) invitation: Option<Invitation>,
    pub(crate) configuration: Configuration,
    pub(crate) surroundings: Surroundings,
    pub(crate) meters: Arc<Meters>,
    /// Who has failed to log in.
    pub(crate) guesses: Guesses,
    /// How often each token may call.
    pub(crate) calls: Calls,
    /// Tokens that were looked at already.
    pub(crate) verified: Verified,
    pub(crate) templates: Templates,
    /// Places for editors in pages.
    pub(crate) editors: Arc<Semaphore>,
    /// The service is to stop.
    pub(crate) stopping: watch::Receiver<bool>,
    /// Signs what forms carry.
    pub(crate) form_key: [u8; 32],
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// A client by its name.
    pub(crate) fn client(&self, name: &str) -> Option<Arc<Client>> {
        self.clients.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// All of them, as they are now.
    pub(crate) fn clients(&self) -> Vec<Arc<Client>> {
        self.clients.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Their names.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        self.clients.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// Opens a client, unless that is done already, and begins to tell those elsewhere who are told of it.
    ///
    /// # Errors
    /// Where what the service keeps for it cannot be opened, or the system gives no client of HTTP.
    pub(crate) fn take_in(&self, folder: Folder) -> Result<Arc<Client>, ServiceError> {
        let mut clients = self.clients.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = clients.get(&folder.name) {
            return Ok(Arc::clone(known));
        }
        let client = self.opening.open(folder)?;
        webhooks::out::begin(self, &client)?;
        a2a::begin(self, &client)?;
        clients.insert(client.name().to_owned(), Arc::clone(&client));
        Ok(client)
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
