//! What all answers are made from: the clients, the configuration, and what is around the service.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

use crate::access::guesses::Guesses;
use crate::access::known::Verified;
use crate::client::Client;
use crate::config::Configuration;
use crate::meters::Meters;
use crate::pages::templates::Templates;
use crate::problem::Problem;
use crate::surroundings::Surroundings;

/// What all answers are made from, shared.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

/// The parts.
pub(crate) struct Parts {
    pub(crate) clients: BTreeMap<String, Arc<Client>>,
    pub(crate) configuration: Configuration,
    pub(crate) surroundings: Surroundings,
    pub(crate) meters: Arc<Meters>,
    /// Who has failed to log in.
    pub(crate) guesses: Guesses,
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
    ///
    /// # Errors
    /// Where there is none.
    pub(crate) fn client(&self, name: &str) -> Result<Arc<Client>, Problem> {
        self.clients.get(name).cloned().ok_or_else(|| Problem::not_found("there is no such client here"))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
