//! A folder of its own for each test, and the built command run in it the way a script would: no terminal, no stdin, a fixed `--now`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The instant of all tests.
pub(crate) const NOW: &str = "2026-11-20T09:00:00+13:00";

/// A folder that goes away with the test.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
}

/// What a run left behind.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    shown: String,
}

impl Desk {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// One with a copy of a folder of this repository, under its own name.
    pub(crate) fn with(folder: &str) -> Self {
        let desk = Self::new();
        let from = repository().join(folder);
        copy(&from, &desk.path(from.file_name().unwrap().to_str().unwrap()));
        desk
    }

    /// Where a file of that name is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, contents).unwrap();
        self
    }

    /// What a file says.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs the command in this folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.finish(arguments, self.command(arguments).stdin(Stdio::null()).output().unwrap())
    }

    /// Runs the command in this folder with that on stdin.
    pub(crate) fn run_with_stdin(&self, arguments: &[&str], stdin: &[u8]) -> Ran {
        self.file("stdin", stdin);
        let stdin = std::fs::File::open(self.path("stdin")).unwrap();
        self.finish(arguments, self.command(arguments).stdin(stdin).output().unwrap())
    }

    /// The command in this folder, to be run otherwise.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_playbook"));
        command.args(arguments).current_dir(self.folder.path());
        command
            .env_remove("NO_COLOR")
            .env_remove("COLUMNS")
            .env_remove("CLICOLOR_FORCE")
            .env_remove("CARGO_MANIFEST_DIR");
        command
    }

    fn finish(&self, arguments: &[&str], output: Output) -> Ran {
        let here = self.folder.path().canonicalize().unwrap();
        let clean = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            let text = text.replace(here.to_str().unwrap(), "[desk]");
            text.replace(self.folder.path().to_str().unwrap(), "[desk]")
        };
        Ran {
            code: output.status.code(),
            stdout: clean(output.stdout),
            stderr: clean(output.stderr),
            shown: arguments.join(" ").replace(NOW, "NOW"),
        }
    }
}

impl Ran {
    /// Command, exit code and both streams, as a snapshot shows them.
    pub(crate) fn page(&self) -> String {
        let mut page = format!("$ playbook {}\n", self.shown);
        for (stream, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                writeln!(page, "── {stream}\n{}", text.trim_end_matches('\n')).unwrap();
            }
        }
        writeln!(page, "── exit {}", self.code.map_or("by a signal".to_owned(), |code| code.to_string())).unwrap();
        page
    }

    /// Asserts an exit code, showing everything where it is another.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.page());
        assert!(
            !self.stdout.contains('\u{1b}') && !self.stderr.contains('\u{1b}'),
            "terminal codes in a pipe: {}",
            self.page()
        );
        self
    }

    /// What it printed, as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.page()))
    }
}

/// The repository's root.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Says so straight to the stream: of a test that passes, the harness keeps what the print macros say to itself.
pub(crate) fn skipped(why: &str) {
    use std::io::Write;
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    writeln!(std::io::stderr(), "skipped {name}: {why}").unwrap();
}

/// The real data, where it is; says so where it is not.
pub(crate) fn real_data() -> Option<PathBuf> {
    let data = repository().join("../shared/data");
    if !data.is_dir() {
        skipped("../shared/data is not here");
        return None;
    }
    Some(data.canonicalize().unwrap())
}

/// Copies a folder with all that is in it, but no database.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let name = name.to_str().unwrap();
        if name.contains("crm.db") {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(name));
        } else {
            std::fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}
