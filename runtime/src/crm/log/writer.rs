//! A thread that writes for many: it takes what is asked for at once into one group, flushes once, and then tells each.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use super::{Group, LogError};
use crate::crm::Crm;

/// Tells the one who asked whether it was kept.
type Tell = Box<dyn FnOnce(Result<(), String>)>;
/// Something to be done in a group.
type Job = Box<dyn FnOnce(Result<&mut Group<'_>, String>) -> Tell + std::marker::Send>;

/// A thread that writes for many.
pub struct LogWriter {
    jobs: Sender<Job>,
    thread: JoinHandle<Crm>,
}

/// An answer that is on its way.
pub struct Ticket<T, E>(Receiver<Result<T, E>>);

impl<T, E: From<LogError>> Ticket<T, E> {
    /// Waits until it is on the disk, or not.
    ///
    /// # Errors
    /// The work's own, and why it was not kept.
    pub fn wait(self) -> Result<T, E> {
        let gone = || E::from(LogError::NotKept { why: "the writer has stopped".into() });
        self.0.recv().unwrap_or_else(|_| Err(gone()))
    }
}

impl LogWriter {
    /// Starts it; it takes at most so many into one group.
    #[must_use]
    pub fn start(crm: Crm, most: usize) -> Self {
        let (jobs, waiting) = channel();
        Self { jobs, thread: std::thread::spawn(move || write(crm, &waiting, most)) }
    }

    /// Asks for something to be done in the next group. Nobody is told before the group is on the disk.
    pub fn ask<T, E>(
        &self,
        work: impl FnOnce(&mut Group<'_>) -> Result<T, E> + std::marker::Send + 'static,
    ) -> Ticket<T, E>
    where
        T: std::marker::Send + 'static,
        E: From<LogError> + std::marker::Send + 'static,
    {
        let (told, ticket) = channel();
        let job: Job = Box::new(move |group| {
            let done = match group {
                Ok(group) => work(group),
                Err(why) => Err(E::from(LogError::NotKept { why })),
            };
            Box::new(move |kept| {
                let answer = match (done, kept) {
                    (Ok(_), Err(why)) => Err(E::from(LogError::NotKept { why })),
                    (done, _) => done,
                };
                // Who does not wait for an answer gets none.
                let _ = told.send(answer);
            })
        });
        // Where the thread is gone the ticket says so.
        let _ = self.jobs.send(job);
        Ticket(ticket)
    }

    /// Does what is asked for already, and gives the CRM back; none where the thread has died.
    #[must_use]
    pub fn stop(self) -> Option<Crm> {
        drop(self.jobs);
        self.thread.join().ok()
    }
}

fn write(mut crm: Crm, waiting: &Receiver<Job>, most: usize) -> Crm {
    while let Ok(first) = waiting.recv() {
        let mut told: Vec<Tell> = Vec::new();
        let kept = match crm.group() {
            Err(error) => {
                told.push(first(Err(error.to_string())));
                Err(error)
            }
            Ok(mut group) => {
                told.push(first(Ok(&mut group)));
                while told.len() < most && group.is_open() {
                    let Ok(next) = waiting.try_recv() else { break };
                    told.push(next(Ok(&mut group)));
                }
                group.finish()
            }
        };
        let kept = kept.map_err(|error| error.to_string());
        for tell in told {
            tell(kept.clone());
        }
    }
    crm
}
