//! When each client's desk has its turn. A desk that waits costs a task and no thread, so that many clients share a few threads, and what
//! one has freed in memory serves the next one.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};

use crate::desk::Desk;

/// So many desks just look whether something was changed, at once: they are many and quick, and each thread would keep memory of its own.
const LOOKS: usize = 4;

/// No more desks have a turn at once than there are places.
#[derive(Clone)]
pub(crate) struct Places {
    /// For what was ordered or is due.
    work: Arc<Semaphore>,
    /// For looking whether something was changed.
    looks: Arc<Semaphore>,
}

impl Places {
    pub(crate) fn new(at_once: usize) -> Self {
        Self { work: Arc::new(Semaphore::new(at_once)), looks: Arc::new(Semaphore::new(LOOKS.min(at_once))) }
    }
}

/// Gives a desk its turns, until it is told to stop: whenever the bell was rung, or what it waits for is due.
pub(crate) async fn take(mut desk: Desk, bell: Arc<Notify>, places: Places) {
    let name = desk.name().to_owned();
    let mut patience = Duration::ZERO;
    loop {
        // A bell that was rung during the last turn still sounds.
        let is_ordered = tokio::time::timeout(patience, bell.notified()).await.is_ok();
        let places = if is_ordered || desk.is_due() { &places.work } else { &places.looks };
        let Ok(place) = Arc::clone(places).acquire_owned().await else { return };
        let turn = tokio::task::spawn_blocking(move || desk.turn().map(|patience| (desk, patience)));
        let ended = turn.await;
        // Not before its thread is free: the next turn is to have the same one.
        drop(place);
        match ended {
            Ok(Some(next)) => (desk, patience) = next,
            Ok(None) => return,
            Err(_) => {
                tracing::error!(client = name, "the client's turn panicked, and it has no other one");
                return;
            }
        }
    }
}
