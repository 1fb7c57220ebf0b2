//! A copy of the client, and the command run on it: to its end, or killed on the way, with whatever else goes wrong.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// So many contacts.
pub(crate) const CONTACTS: usize = 32;
/// So many of them answer the first letter.
pub(crate) const REPLIES: usize = 7;

/// A small generator of numbers: the same seed, the same delays.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        // SplitMix64, of Steele, Lea and Flood.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// How a process ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// Of itself.
    Itself(i32, String, String),
    /// Killed on the way.
    Killed,
}

/// What is done to processes, and how often it was.
pub(crate) struct Trouble {
    random: Random,
    /// About as long as a process takes.
    pub(crate) usual: Duration,
    pub(crate) kills: usize,
    pub(crate) full: usize,
    pub(crate) locked: usize,
    /// Processes that ended of themselves, and not well.
    pub(crate) failed: usize,
}

impl Trouble {
    pub(crate) fn new(seed: u64, usual: Duration) -> Self {
        Self { random: Random::new(seed), usual, kills: 0, full: 0, locked: 0, failed: 0 }
    }
}

/// A copy of the client in a folder of its own.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
    trouble: RefCell<Option<Trouble>>,
}

impl Desk {
    pub(crate) fn new(ports: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/client");
        for entry in std::fs::read_dir(client).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        if let Some(ports) = ports {
            std::fs::write(folder.path().join("ports.toml"), ports).unwrap();
        }
        let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
        let contact = |number: usize| format!("p{number}@home{number}.example");
        let rows = |row: &dyn Fn(usize) -> String, count: usize| (0..count).map(row).collect::<String>();
        let contacts = rows(&|number| format!("{},Person{number},Pacific/Auckland\n", contact(number)), CONTACTS);
        write("contacts.csv", format!("Email,First name,Zone\n{contacts}"));
        let consents =
            rows(&|number| format!("{},2026-08-24 10:18,email,express,form {number}\n", contact(number)), CONTACTS);
        write("consents.csv", format!("Email,At,Channel,Basis,Proof\n{consents}"));
        let replies = rows(&|number| format!("{},2026-09-02 12:{number:02}\n", contact(number)), REPLIES);
        write("replies.csv", format!("Email,At\n{replies}"));
        Self { folder, trouble: RefCell::new(None) }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path("crm.db")).unwrap()
    }

    /// From now on processes are killed, until [`Desk::calm`].
    pub(crate) fn disturb(&self, trouble: Trouble) {
        *self.trouble.borrow_mut() = Some(trouble);
    }

    pub(crate) fn calm(&self) -> Trouble {
        self.trouble.borrow_mut().take().expect("trouble")
    }

    fn command(&self, arguments: &[&str], blocks: Option<u64>) -> Command {
        let binary = env!("CARGO_BIN_EXE_playbook");
        let mut command = match blocks {
            None => Command::new(binary),
            Some(blocks) => {
                // No file of the child grows beyond that: as on a full disk, a write fails.
                let mut shell = Command::new("sh");
                shell.args([
                    "-c",
                    "trap '' XFSZ; ulimit -f \"$0\" || exit 99; exec \"$@\"",
                    &blocks.to_string(),
                    binary,
                ]);
                shell
            }
        };
        command.args(arguments).current_dir(self.folder.path()).env("FAULTS_KEY", "re_test_key");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it to its end, which has to be a good one.
    #[track_caller]
    pub(crate) fn finish(&self, arguments: &[&str]) -> String {
        match ended(self.command(arguments, None).output().unwrap()) {
            Ended::Itself(0, stdout, _) => stdout,
            other => panic!("{arguments:?}: {other:?}"),
        }
    }

    /// Runs it once, in trouble where there is some. It is given the longer before it is killed the oftener it was tried: how long it
    /// usually takes was measured on a machine that may be busier now, and what is kept whole or not at all has to end some time.
    pub(crate) fn attempt(&self, arguments: &[&str], tries: u64) -> Ended {
        let mut trouble = self.trouble.borrow_mut();
        let Some(trouble) = trouble.as_mut() else { return ended(self.command(arguments, None).output().unwrap()) };
        let kind = trouble.random.below(10);
        let blocks = (kind == 0).then(|| 8 + trouble.random.below(300));
        let locker =
            if kind == 1 && self.path("crm.db").exists() { self.lock(trouble.random.below(150)) } else { None };
        trouble.full += usize::from(blocks.is_some());
        trouble.locked += usize::from(locker.is_some());
        let micros = u64::try_from(trouble.usual.as_micros()).unwrap() * 5 / 4 * (1 + tries / 25);
        let delay = Duration::from_micros(trouble.random.below(micros.max(1)));
        let mut child = self.command(arguments, blocks).spawn().unwrap();
        std::thread::sleep(delay);
        let is_killed = child.try_wait().unwrap().is_none();
        if is_killed {
            // SIGKILL: nothing of the process gets to say goodbye.
            child.kill().unwrap();
        }
        let output = child.wait_with_output().unwrap();
        if let Some(locker) = locker {
            locker.join().unwrap();
        }
        // It may have come to its end in between.
        if is_killed && output.status.code().is_none() {
            trouble.kills += 1;
            return Ended::Killed;
        }
        trouble.failed += usize::from(!output.status.success());
        ended(output)
    }

    /// Somebody else holds the database for a while.
    fn lock(&self, millis: u64) -> Option<std::thread::JoinHandle<()>> {
        let connection = self.database();
        connection.execute_batch("BEGIN IMMEDIATE").ok()?;
        Some(std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(millis));
            drop(connection);
        }))
    }
}

fn ended(output: std::process::Output) -> Ended {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert!(!stderr.contains("panicked"), "{stderr}");
    Ended::Itself(output.status.code().unwrap_or(-1), stdout, stderr)
}
