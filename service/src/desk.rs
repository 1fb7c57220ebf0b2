//! A client's desk: the only place from which its CRM is written. In its turn it does what it is ordered to, works on what is due, and takes a
//! changed playbook in the place of the one at work, unless the changed one is broken. When it has its turn is for `turns` to say.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError, RwLock, mpsc};
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use runtime::agents::config::{Ports, Surroundings as Around};
use runtime::crm::Crm;
use runtime::crm::log::{Asked, Randomness as _};
use runtime::runner::{Runner, Worked};
use tokio::sync::{oneshot, watch};

use crate::client::{AtWork, Leaves, Proofs, Stands};
use crate::folder::{Finding, Folder, Read};
use crate::meters::Meters;
use crate::pool::Pool;
use crate::problem::{kind, unfit};
use crate::surroundings::Surroundings;
use crate::traces;

/// Something to be done with the playbook at work; with none where none is.
pub(crate) type Order = Box<dyn FnOnce(Option<&mut Runner>, Timestamp) + Send>;

/// What a client's desk is told.
pub(crate) enum Command {
    /// Do that.
    Do(Order),
    /// Look at the files now, and say what is wrong with them.
    Look(oneshot::Sender<Option<String>>),
    /// Stop.
    Stop,
}

/// So many orders are done before what is due has its turn again: what came in together is worked on together.
const AT_ONCE: usize = 256;
/// Whoever has just been answered may have more to say: what is due waits so long for another order …
const LINGER: Duration = Duration::from_millis(2);
/// … and, while orders go on coming in, so long altogether.
const LINGER_AT_MOST: Duration = Duration::from_millis(100);
/// What only the passing of time brings is looked for so often, whatever is said to be due.
const AT_LEAST_EVERY: Duration = Duration::from_secs(60);
/// The mark of a CRM on which work was done by the clock, as `playbook run` sets it: time never stands there again.
const BY_THE_CLOCK: &str = "by the clock";

/// Work that `ports.toml` can leave to agents.
const LEFT: [&str; 4] = ["research", "write", "rate", "analyse"];

/// When a file that matters was changed.
type Stamp = Vec<(PathBuf, u64, Option<SystemTime>)>;

/// A client's desk.
pub(crate) struct Desk {
    folder: Folder,
    surroundings: Surroundings,
    meters: Arc<Meters>,
    look_every: Duration,
    orders: mpsc::Receiver<Command>,
    stands: Arc<RwLock<Arc<Stands>>>,
    news: watch::Sender<u64>,
    runner: Option<Runner>,
    /// Of the runner's playbook.
    proofs: Proofs,
    stamp: Stamp,
    /// What is wrong with the files, where something is.
    refused: Option<String>,
    /// Why work did not go on.
    stuck: Option<String>,
    /// When work was looked for last.
    worked_at: Option<Instant>,
    /// When something is due.
    due: Option<Timestamp>,
    /// By what it is known that another process has written to the CRM.
    written: Option<i64>,
    /// Nothing is kept that can be given back.
    resting: bool,
    /// Connections for reading.
    pool: Arc<Pool>,
}

impl Desk {
    pub(crate) fn new(
        folder: Folder,
        surroundings: Surroundings,
        meters: Arc<Meters>,
        look_every: Duration,
        orders: mpsc::Receiver<Command>,
        (stands, news): (Arc<RwLock<Arc<Stands>>>, watch::Sender<u64>),
        pool: Arc<Pool>,
    ) -> Self {
        Self {
            folder,
            surroundings,
            meters,
            look_every,
            orders,
            stands,
            news,
            runner: None,
            proofs: Proofs::default(),
            stamp: Stamp::new(),
            refused: None,
            stuck: None,
            worked_at: None,
            due: None,
            written: None,
            resting: false,
            pool,
        }
    }

    /// Whose it is.
    pub(crate) fn name(&self) -> &str {
        &self.folder.name
    }

    /// One turn: does all that can be done now. Gives how long the next one can wait, where no order comes in before; none where it was told
    /// to stop.
    pub(crate) fn turn(&mut self) -> Option<Duration> {
        let began = Instant::now();
        let mut done = 0;
        while let Some(command) = self.next(done, began) {
            match command {
                Command::Stop => {
                    self.runner = None;
                    tracing::info!(client = self.folder.name, "stopped");
                    return None;
                }
                Command::Look(answer) => {
                    let _ = self.look();
                    // What is put to work is in the log before anybody is told, and before the next one takes its place.
                    self.work();
                    // Whoever asked may have gone away.
                    let _ = answer.send(self.refused.clone());
                }
                Command::Do(order) => self.obey(order),
            }
            done += 1;
        }
        let changed = self.look();
        let worked = done > 0 || changed || self.is_awaited();
        if worked {
            self.work();
        }
        // What opening it took is not kept until the next look: all clients are opened at the same time.
        if !worked || changed && done == 0 {
            self.rest();
        }
        Some(self.patience())
    }

    /// Whether something is due.
    pub(crate) fn is_due(&self) -> bool {
        self.due.is_some_and(|due| due <= self.surroundings.now())
    }

    /// Whether something is to be done that nobody has ordered: it is due, another process has written, or work did not go on.
    fn is_awaited(&mut self) -> bool {
        let Some(runner) = self.runner.as_ref() else { return false };
        let written = runner.crm.written_elsewhere().ok();
        let is_news = std::mem::replace(&mut self.written, written) != written || written.is_none();
        is_news
            || self.is_due()
            || self.stuck.is_some()
            || self.worked_at.is_none_or(|at| at.elapsed() >= AT_LEAST_EVERY)
    }

    /// Nobody has asked for anything for a while: what only makes the next turn quicker is given back.
    fn rest(&mut self) {
        self.pool.rest();
        if self.resting {
            return;
        }
        self.resting = true;
        if let Some(runner) = self.runner.as_ref() {
            // Where it cannot be read, the next turn says so.
            let _ = runner.crm.rest();
        }
    }

    /// The next order of this turn.
    fn next(&self, done: usize, began: Instant) -> Option<Command> {
        if done >= AT_ONCE {
            return None;
        }
        if done == 0 || began.elapsed() >= LINGER_AT_MOST {
            return self.orders.try_recv().ok();
        }
        self.orders.recv_timeout(LINGER).ok()
    }

    /// How long to wait: until something is due, and no longer than until the next look.
    fn patience(&self) -> Duration {
        let now = self.surroundings.now();
        let until = self.due.map(|due| Duration::try_from(due.duration_since(now)).unwrap_or_default());
        // What is due and was not done is tried again with the next look, and not at once for ever.
        until.filter(|until| !until.is_zero()).map_or(self.look_every, |until| until.min(self.look_every))
    }

    /// Whatever goes wrong in an order takes nothing else with it.
    fn obey(&mut self, order: Order) {
        let now = self.surroundings.now();
        let runner = self.runner.as_mut();
        if std::panic::catch_unwind(AssertUnwindSafe(|| order(runner, now))).is_err() {
            tracing::error!(client = self.folder.name, "an order panicked; the playbook is opened anew");
            self.open_anew();
        }
    }

    fn open_anew(&mut self) {
        self.runner = None;
        self.stamp = Stamp::new();
        let _ = self.look();
        self.worked_at = None;
    }

    /// Takes the files as they are now, where they were changed; says whether they were.
    fn look(&mut self) -> bool {
        let stamp = self.folder.stamp();
        if stamp == self.stamp {
            return false;
        }
        self.stamp = stamp;
        let is_first = self.runner.is_none();
        match self.open() {
            Ok(runner) => {
                let how = if is_first { "opened" } else { "taken" };
                let version = runner.book().version.clone();
                tracing::info!(client = self.folder.name, version = %version, how, "the playbook is at work");
                self.meters.reloaded(&self.folder.name, how);
                self.meters.refused_change(&self.folder.name, false);
                self.runner = Some(runner);
                self.proofs = Proofs::default();
                self.refused = None;
            }
            Err(why) => {
                tracing::warn!(client = self.folder.name, why, "a changed playbook is not taken");
                self.meters.reloaded(&self.folder.name, "refused");
                self.meters.refused_change(&self.folder.name, true);
                self.refused = Some(if is_first {
                    why
                } else {
                    format!("the changed playbook is not taken, the one before is at work: {why}")
                });
            }
        }
        self.meters.at_work(&self.folder.name, self.runner.is_some());
        self.tell(None);
        true
    }

    /// Compiles the files and puts them to work; the words of an error name files and lines, and nobody.
    fn open(&self) -> Result<Runner, String> {
        let sources = self.folder.sources().map_err(|error| format!("its files cannot be read: {}", error.kind()))?;
        let read = compiled(&self.folder, sources)?;
        let Some(program) = read.program else { return Err(first_error(&read.findings)) };
        let program = Arc::new(program);
        let zone = TimeZone::get(&program.client.timezone).unwrap_or(TimeZone::UTC);
        let environment = |name: &str| (self.surroundings.environment)(name);
        let around = Around { client: self.folder.path(), environment: &environment, zone, spent: BTreeMap::new() };
        let ports = Ports::beside(around).map_err(|error| error.to_string())?;
        let crm = Crm::open(&self.folder.crm(), &program)
            .map_err(|error| unfit(&error).unwrap_or_else(|| format!("its CRM cannot be opened ({})", kind(&error))))?;
        let mut salts = self.surroundings.salts().map_err(|error| format!("there is no randomness: {error}"))?;
        let mut name = [0; 32];
        salts.fill(&mut name);
        let holder = name.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Runner::new(crm, program, ports, Box::new(salts), holder)
            .map_err(|error| format!("it cannot be run ({})", kind(&error)))
    }

    /// Does what is due.
    fn work(&mut self) {
        let (now, began) = (self.surroundings.now(), Instant::now());
        (self.worked_at, self.resting) = (Some(began), false);
        let Some(runner) = self.runner.as_mut() else { return };
        let span = traces::work(&self.folder.name).entered();
        let worked = std::panic::catch_unwind(AssertUnwindSafe(|| worked(runner, now)));
        match worked {
            Ok(Ok((worked, open))) => {
                self.stuck = None;
                traces::worked(&span, &worked);
                self.meters.worked(&self.folder.name, &worked, open, began.elapsed());
                if worked.entries > 0 {
                    let Worked { entries, work, sent, failed } = worked;
                    tracing::info!(client = self.folder.name, entries, work, sent, failed, "worked");
                }
                self.tell(Some(open));
            }
            Ok(Err(error)) => {
                let why = kind(&error);
                if self.stuck.is_none() {
                    tracing::error!(client = self.folder.name, kind = why, "work does not go on; it is tried again");
                }
                self.stuck = Some(format!("work does not go on ({why}); it is tried again"));
                self.tell(None);
            }
            Err(_) => {
                tracing::error!(client = self.folder.name, "work panicked; the playbook is opened anew");
                self.open_anew();
            }
        }
    }

    /// Says what stands now, and that there may be news.
    fn tell(&mut self, open: Option<usize>) {
        let before = Arc::clone(&self.stands.read().unwrap_or_else(PoisonError::into_inner));
        let at_work = self.runner.as_ref().map(|runner| AtWork {
            program: Arc::clone(&runner.book().program),
            version: runner.book().version.clone(),
            zone: runner.book().zone.clone(),
            proofs: self.proofs.clone(),
            leaves: Leaves {
                work: LEFT.into_iter().any(|verb| runner.leaves(verb)),
                handoffs: runner.leaves(runtime::engine::ACCEPT),
            },
        });
        self.due = self.runner.as_ref().and_then(|runner| runner.next_due().ok().flatten());
        let stands = Stands {
            at_work,
            trouble: self.refused.clone().or(self.stuck.clone()),
            next_due: self.due,
            open_questions: open.unwrap_or(before.open_questions),
        };
        *self.stands.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(stands);
        let last = self.runner.as_ref().and_then(|runner| runner.crm.next_entry().ok());
        let mark = last.map_or(0, |next| u64::try_from(next.0).unwrap_or_default());
        self.news.send_if_modified(|known| std::mem::replace(known, mark) != mark);
    }
}

/// A desk whose turns just end, with the task that gives them, is closed elsewhere: a runner cannot be where nobody may wait.
impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(runner) = self.runner.take() {
            // Without a thread the process is at its end, and what was decided is kept.
            let _ = std::thread::Builder::new().spawn(move || drop(runner));
        }
    }
}

/// All playbooks are compiled on one thread, one after the other: what compiling leaves behind in memory serves the next one, and is not kept
/// by the thread of each client.
fn compiled(folder: &Folder, sources: BTreeMap<String, String>) -> Result<Read, String> {
    type Job = Box<dyn FnOnce() + Send>;
    static COMPILER: OnceLock<mpsc::Sender<Job>> = OnceLock::new();
    let compiler = COMPILER.get_or_init(|| {
        let (jobs, todo) = mpsc::channel::<Job>();
        // Where there is no thread, whoever sends a job is told that nobody takes it.
        let _ = std::thread::Builder::new()
            .name("compiler".to_owned())
            .spawn(move || todo.into_iter().for_each(|job| job()));
        jobs
    });
    let (done, waiting) = mpsc::channel();
    let folder = folder.clone();
    let job = move || {
        let read = std::panic::catch_unwind(AssertUnwindSafe(|| folder.compile(&sources)));
        // Whoever waits does so until it is told.
        let _ = done.send(read);
    };
    let failed = || "the compiler failed, which is a fault of this program".to_owned();
    compiler.send(Box::new(job)).map_err(|_| failed())?;
    waiting.recv().map_err(|_| failed())?.map_err(|_| failed())
}

fn worked(runner: &mut Runner, now: Timestamp) -> Result<(Worked, usize), runtime::runner::RunError> {
    if runner.crm.cursor(BY_THE_CLOCK)? == 0 && runner.crm.newest(now)?.is_some() {
        runner.remember(BY_THE_CLOCK, 1, now)?;
    }
    let worked = runner.work(now)?;
    Ok((worked, runner.crm.inbox(&Asked::default())?.len()))
}

/// `stackmates.playbook:12: there is no field `industri``
fn first_error(findings: &[Finding]) -> String {
    let errors: Vec<&Finding> = findings.iter().filter(|finding| finding.severity == "error").collect();
    let Some(first) = errors.first() else { return "it has errors".to_owned() };
    let more = errors.len() - 1;
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("{}:{}: {}{more}", first.file, first.line, first.message)
}
