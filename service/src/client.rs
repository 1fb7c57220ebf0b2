//! A client as the rest of the service knows it: orders for its desk, reading by connections of their own, what stands at the moment.
//! Nothing of one client is at hand from another one.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use compiler::program::Program;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use runtime::crm::service_file::ServiceFile;
use runtime::crm::{Crm, CrmError};
use runtime::metrics::Proof;
use runtime::runner::Runner;
use smol_str::SmolStr;
use tokio::sync::{Notify, Semaphore, oneshot, watch};

use crate::blocking::blocking;
use crate::config::Readers;
use crate::desk::{Command, Order};
use crate::folder::Folder;
use crate::lock::Lock;
use crate::pool::{Pool, Reader};
use crate::problem::Problem;
use crate::surroundings::Surroundings;

/// A client of the service.
pub(crate) struct Client {
    pub(crate) folder: Folder,
    orders: mpsc::Sender<Command>,
    /// Wakes its desk.
    bell: Arc<Notify>,
    stands: Arc<RwLock<Arc<Stands>>>,
    /// Counts what may have changed, for whoever shows it live.
    pub(crate) news: watch::Receiver<u64>,
    /// What the service keeps for it.
    file: Mutex<ServiceFile>,
    pool: Arc<Pool>,
    permits: Arc<Semaphore>,
    cache_kib: u32,
    surroundings: Surroundings,
    /// Its playbook's tests are being run.
    proving: Arc<AtomicBool>,
    /// Nobody else serves it.
    _lock: Lock,
}

/// What stands at the moment.
#[derive(Clone, Default)]
pub(crate) struct Stands {
    /// The playbook at work; none where it has errors and none was at work before.
    pub(crate) at_work: Option<AtWork>,
    /// What is wrong, where something is: a changed playbook that is not taken, or work that cannot go on.
    pub(crate) trouble: Option<String>,
    /// When something is due next.
    pub(crate) next_due: Option<Timestamp>,
    /// Questions that wait for people.
    pub(crate) open_questions: usize,
}

/// A playbook at work.
#[derive(Clone)]
pub(crate) struct AtWork {
    pub(crate) program: Arc<Program>,
    /// Its hash.
    pub(crate) version: SmolStr,
    pub(crate) zone: TimeZone,
    pub(crate) proofs: Proofs,
    pub(crate) leaves: Leaves,
}

/// What is left to the playbook's agents themselves.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Leaves {
    /// Work of some verb.
    pub(crate) work: bool,
    /// The taking of handoffs.
    pub(crate) handoffs: bool,
}

/// How the playbook's own tests go: they are of its text alone, so that they are run once, and not while somebody waits for a page.
#[derive(Clone, Default)]
pub(crate) struct Proofs(Arc<OnceLock<Vec<Proof>>>);

impl Proofs {
    /// How they go; whoever asks while they are run waits for it.
    pub(crate) fn of(&self, program: &Program) -> &[Proof] {
        self.0.get_or_init(|| runtime::metrics::proofs(program))
    }
}

impl Client {
    pub(crate) fn new(
        folder: Folder,
        (orders, bell): (mpsc::Sender<Command>, Arc<Notify>),
        (stands, news): (Arc<RwLock<Arc<Stands>>>, watch::Receiver<u64>),
        (file, lock): (ServiceFile, Lock),
        readers: Readers,
        pool: Arc<Pool>,
        surroundings: Surroundings,
    ) -> Self {
        Self {
            folder,
            orders,
            bell,
            stands,
            news,
            file: Mutex::new(file),
            pool,
            permits: Arc::new(Semaphore::new(readers.connections)),
            cache_kib: readers.cache_kib,
            surroundings,
            proving: Arc::default(),
            _lock: lock,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.folder.name
    }

    pub(crate) fn stands(&self) -> Arc<Stands> {
        Arc::clone(&self.stands.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The playbook at work.
    ///
    /// # Errors
    /// Where there is none.
    pub(crate) fn at_work(&self) -> Result<AtWork, Problem> {
        let stands = self.stands();
        stands.at_work.clone().ok_or_else(|| not_at_work(&stands))
    }

    /// Does something with what the service keeps for the client.
    pub(crate) fn file<T>(&self, with: impl FnOnce(&ServiceFile) -> T) -> T {
        with(&self.file.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The same, on a thread for that.
    ///
    /// # Errors
    /// As what is done says.
    pub(crate) async fn file_aside<T: Send + 'static>(
        self: &Arc<Self>,
        with: impl FnOnce(&ServiceFile) -> Result<T, CrmError> + Send + 'static,
    ) -> Result<T, Problem> {
        let client = Arc::clone(self);
        Ok(blocking(move || client.file(with)).await??)
    }

    /// Lets the client's desk do something, in its turn.
    ///
    /// # Errors
    /// Where no playbook is at work, the service stops, or what is done says so.
    pub(crate) async fn order<T: Send + 'static>(
        &self,
        order: impl FnOnce(&mut Runner, Timestamp) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (answer, answered) = oneshot::channel();
        let (stands, span) = (self.stands(), crate::traces::order(self.name()));
        let order: Order = Box::new(move |runner, now| {
            let _span = span.entered();
            let done = match runner {
                Some(runner) => order(runner, now),
                None => Err(not_at_work(&stands)),
            };
            // Whoever asked may have gone away.
            let _ = answer.send(done);
        });
        self.tell(Command::Do(order))?;
        answered.await.map_err(|_| Problem::internal())?
    }

    /// Lets the client's desk look at its files now; gives what is wrong with them.
    ///
    /// # Errors
    /// Where the service stops.
    pub(crate) async fn look(&self) -> Result<Option<String>, Problem> {
        let (answer, answered) = oneshot::channel();
        self.tell(Command::Look(answer))?;
        answered.await.map_err(|_| stopping())
    }

    /// Tells its desk to stop once it has done what it is at.
    pub(crate) fn stop(&self) {
        // It may have stopped already.
        let _ = self.tell(Command::Stop);
    }

    fn tell(&self, command: Command) -> Result<(), Problem> {
        self.orders.send(command).map_err(|_| stopping())?;
        self.bell.notify_one();
        Ok(())
    }

    /// Reads, on a thread for that, by a connection that writes nothing.
    ///
    /// # Errors
    /// Where no playbook is at work, the CRM cannot be read, or what is read says so.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Reader, Timestamp) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Problem::internal())?;
        let client = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let reader = client.reader()?;
            let done = std::panic::catch_unwind(AssertUnwindSafe(|| read(&reader, client.surroundings.now())));
            let Ok(done) = done else {
                tracing::error!(client = client.name(), "reading panicked");
                return Err(Problem::internal());
            };
            client.pool.put(reader);
            done
        });
        done.await.map_err(|_| Problem::internal())?
    }

    /// Runs the playbook's own tests, where nobody has, on a thread on which nobody waits: somebody has begun to look.
    pub(crate) fn prove(&self) {
        let Some(AtWork { program, proofs, .. }) = self.stands().at_work.clone() else { return };
        if proofs.0.get().is_none() && !self.proving.swap(true, Ordering::Relaxed) {
            let proving = Arc::clone(&self.proving);
            tokio::task::spawn_blocking(move || {
                proofs.of(&program);
                proving.store(false, Ordering::Relaxed);
            });
        }
    }

    fn reader(&self) -> Result<Reader, Problem> {
        let AtWork { program, version, zone, proofs, .. } = self.at_work()?;
        if let Some(reader) = self.pool.take(&version) {
            return Ok(reader);
        }
        let crm = Crm::open_to_read(&self.folder.crm(), &program)?;
        crm.limit_cache(self.cache_kib)?;
        Ok(Reader { crm, program, zone, version, proofs })
    }
}

fn stopping() -> Problem {
    Problem::unavailable("the client is being stopped")
}

fn not_at_work(stands: &Stands) -> Problem {
    let why = stands.trouble.as_deref().unwrap_or("it is being started");
    Problem::unavailable(format!("the client's playbook is not at work: {why}"))
}
