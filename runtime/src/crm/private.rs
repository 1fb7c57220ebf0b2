//! New files with personal data are their owner's alone. SQLite makes what stands beside a database as the database is.

use std::path::Path;

/// Makes an empty file that nobody but its owner reads, where there is none. What cannot be made so is left for SQLite to make, or to say why not.
///
/// It is made beside and put in its place whole: whoever closes a file loses all locks that the process has on it, so that nobody may
/// open it twice.
pub(super) fn make(path: &Path) {
    if path.exists() {
        return;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(made) = tempfile::Builder::new().prefix(".making-").tempfile_in(folder) {
        // Whoever comes second finds that of the first.
        let _ = made.into_temp_path().persist_noclobber(path);
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use jiff::Timestamp;

    use crate::crm::Crm;
    use crate::crm::backup::Backups;
    use crate::crm::service_file::ServiceFile;

    fn mode(path: &std::path::Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn new_files_are_their_owners_alone_and_old_ones_stay_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let text = "client \"T\" {\n  currency NZD\n  timezone \"UTC\"\n}\nuse std.crm\n";
        let program = compiler::compile::compile_text("t.playbook", text).program.unwrap();
        let crm = Crm::open(&at("crm.db"), &program).unwrap();
        let service = ServiceFile::open(&at("service.db")).unwrap();
        for name in ["crm.db", "crm.db-wal", "crm.db-shm", "service.db", "service.db-wal"] {
            assert_eq!(mode(&at(name)), 0o600, "{name}");
        }
        let backups = Backups::within(at("copies"));
        for second in [0, 60] {
            let kept = backups.take(&at("crm.db"), Timestamp::from_second(second).unwrap()).unwrap();
            assert_eq!(mode(&at("copies").join(&kept.file)), 0o600, "{kept:?}");
        }
        drop((crm, service));
        std::fs::set_permissions(at("crm.db"), std::fs::Permissions::from_mode(0o640)).unwrap();
        drop(Crm::open(&at("crm.db"), &program).unwrap());
        assert_eq!(mode(&at("crm.db")), 0o640);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "nothing is left beside them");
    }
}
