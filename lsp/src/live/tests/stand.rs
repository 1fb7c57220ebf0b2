//! A client's folder with its playbook and a CRM that its sample data was imported into, at one instant.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use compiler::program::Program;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use runtime::agents::config::{Ports, Surroundings};
use runtime::crm::Crm;
use runtime::crm::log::Seeded;
use runtime::import::{self, Request};
use runtime::runner::Runner;

use crate::live::AsOf;
use crate::workspace::client::Compilation;
use crate::workspace::disk::{Disk, OnDisk};
use crate::workspace::on_disk;

pub(super) struct Stand {
    /// Gone with it.
    folder: tempfile::TempDir,
    pub(super) disk: Arc<dyn Disk>,
}

/// When all of it takes place: in the week that the sample data leads to.
pub(super) fn now() -> Timestamp {
    "2026-11-20T00:00:00Z".parse().unwrap()
}

pub(super) fn as_of() -> AsOf {
    Arc::new(|_, _| now())
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../playbooks/stackmates")
}

/// All that the sample data says of people.
pub(super) fn contacts() -> String {
    std::fs::read_to_string(repository().join("sample/contacts.csv")).unwrap()
}

impl Stand {
    /// The playbook alone.
    pub(super) fn without_crm() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let client = folder.path().join("stackmates");
        std::fs::create_dir(&client).unwrap();
        for entry in std::fs::read_dir(repository()).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "playbook") {
                std::fs::copy(&path, client.join(path.file_name().unwrap())).unwrap();
            }
        }
        Self { folder, disk: Arc::new(OnDisk) }
    }

    /// With the sample data imported.
    pub(super) fn new() -> Self {
        let stand = Self::without_crm();
        let program = stand.compilation().program.clone().unwrap();
        let mut crm = Crm::open(&stand.crm(), &program).unwrap();
        for source in program.sources.iter().filter(|source| !source.preset) {
            for file in &source.files {
                let file = repository().join(file.as_str());
                let request =
                    Request { program: &program, source, file: &file, now: now(), dry_run: false, rejected: None };
                import::run(&mut crm, &request, &mut |_| {}).unwrap();
            }
        }
        stand
    }

    /// And the playbook has worked on it once.
    pub(super) fn at_work() -> Self {
        let stand = Self::new();
        // The runner waits for its ports by itself, which it may not where somebody waits for it already.
        std::thread::scope(|scope| scope.spawn(|| stand.work()).join()).unwrap();
        stand
    }

    fn work(&self) {
        let program = self.compilation().program.clone().unwrap();
        let settings = std::fs::read_to_string(repository().join("ports.toml")).unwrap();
        let client = self.client();
        let around =
            Surroundings { client: &client, environment: &|_| None, zone: TimeZone::UTC, spent: BTreeMap::new() };
        let ports = Ports::read(&settings, around).unwrap();
        let crm = Crm::open(&self.crm(), &program).unwrap();
        let mut runner = Runner::new(crm, program, ports, Box::new(Seeded::new(1)), "test".to_owned()).unwrap();
        runner.work(now()).unwrap();
    }

    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn client(&self) -> PathBuf {
        self.folder.path().join("stackmates")
    }

    pub(super) fn crm(&self) -> PathBuf {
        self.client().join("crm.db")
    }

    pub(super) fn playbook(&self) -> PathBuf {
        self.client().join("stackmates.playbook")
    }

    pub(super) fn text(&self) -> String {
        std::fs::read_to_string(self.playbook()).unwrap()
    }

    pub(super) fn compilation(&self) -> Arc<Compilation> {
        on_disk(&self.disk, &self.client())
    }

    /// The same client, with another text in its first file.
    pub(super) fn compiled_with(&self, text: &str) -> Arc<Compilation> {
        let was = self.text();
        std::fs::write(self.playbook(), text).unwrap();
        let compilation = self.compilation();
        std::fs::write(self.playbook(), was).unwrap();
        compilation
    }

    pub(super) fn read(&self, program: &Program) -> Crm {
        Crm::open_to_read(&self.crm(), program).unwrap()
    }
}
