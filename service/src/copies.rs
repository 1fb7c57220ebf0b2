//! Copies of each client's CRM, taken by the clock while it works. What was not changed is not copied again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::{SignedDuration, Timestamp};
use runtime::crm::backup::{BackupError, Backups};

use crate::app::App;
use crate::config::Copies;
use crate::folder::Folder;

/// Where copies are, in a client's folder.
const FOLDER: &str = ".backups";

/// When a CRM was changed: its file, and the log beside it.
type Stamp = [Option<(SystemTime, u64)>; 2];

/// Takes copies until the service stops, where the configuration says so.
pub(crate) fn begin(app: &App) {
    if let Some(copies) = app.configuration.backups.clone() {
        tokio::spawn(taking(app.clone(), copies));
    }
}

async fn taking(app: App, copies: Copies) {
    let mut stopping = app.stopping.clone();
    let mut seen: BTreeMap<String, Stamp> = BTreeMap::new();
    loop {
        tokio::select! {
            () = tokio::time::sleep(copies.every) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
        for client in app.clients() {
            let (folder, now, name) = (client.folder.clone(), app.surroundings.now(), client.name().to_owned());
            let stamp = stamp(&folder.crm());
            if stamp.iter().all(Option::is_none) || seen.get(&name) == Some(&stamp) {
                continue;
            }
            let settings = copies.clone();
            let done = tokio::task::spawn_blocking(move || take(&folder, &settings, now)).await;
            let how = match done {
                Ok(Ok(())) => {
                    seen.insert(name, stamp);
                    "taken"
                }
                Ok(Err(error)) => {
                    let kind = crate::problem::kind(&error);
                    tracing::error!(
                        client = client.name(),
                        kind,
                        "a copy of the CRM could not be taken; it is tried again"
                    );
                    "failed"
                }
                Err(_) => "failed",
            };
            app.meters.copied(client.name(), how);
        }
    }
}

fn take(folder: &Folder, settings: &Copies, now: Timestamp) -> Result<(), BackupError> {
    let place =
        settings.folder.as_ref().map_or_else(|| folder.path().join(FOLDER), |all: &PathBuf| all.join(&folder.name));
    let backups = Backups::within(place);
    backups.take(&folder.crm(), now)?;
    let keep = SignedDuration::try_from(settings.keep).unwrap_or(SignedDuration::MAX);
    if let Ok(before) = now.checked_sub(keep) {
        backups.forget(before)?;
    }
    Ok(())
}

fn stamp(crm: &Path) -> Stamp {
    let mut log = crm.as_os_str().to_owned();
    log.push("-wal");
    [crm, Path::new(&log)].map(|path| {
        let known = path.metadata().ok()?;
        Some((known.modified().ok()?, known.len()))
    })
}
