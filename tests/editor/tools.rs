//! Programs that these tests need and that a machine may lack, and where the project's files are.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// In .ci/run what is missing fails; elsewhere it is told and left out.
const MUST: &str = "PLAYBOOK_TESTS_NEED_SERVERS";

/// Whether that is there; tells loudly that a test is not run where it is not.
pub(crate) fn has(what: &str, program: &str, arguments: &[&str]) -> bool {
    let mut run = Command::new(program);
    run.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let there = run.status().is_ok_and(|status| status.success());
    if !there {
        assert!(std::env::var_os(MUST).is_none(), "{MUST} is set, and this machine has no {what}");
        let _ = writeln!(std::io::stderr(), "\n*** NOT TESTED: this machine has no {what} ***\n");
    }
    there
}

/// The project's folder.
pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The command, built.
pub(crate) fn playbook() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_playbook"))
}
