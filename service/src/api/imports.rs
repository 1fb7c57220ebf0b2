//! Files brought in: tried, taken whole or not at all, taken back. What a file says is read by the playbook's sources, as by the command.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use compiler::program::{Program, Source};
use runtime::crm::{CrmError, ImportId};
use runtime::import::{self, Detected, ImportError, Preview, Report};
use runtime::runner::Runner;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::sent::{Asked, At, Numbered};
use crate::access::caller::Caller;
use crate::access::role::Doing;
use crate::app::App;
use crate::folder::Folder;
use crate::problem::Problem;

/// Where files lie while they are brought in, in the client's folder.
const UPLOADS: &str = ".uploads";
/// How long one may lie there that was tried, and neither kept nor left.
const LIES: Duration = Duration::from_secs(3600);
/// How the names of files with rejected rows end.
const REJECTED: &str = ".rejected";
/// So many rows are shown of a file that is tried.
const SHOWN: usize = 5;
/// So many imports are listed.
const LISTED: usize = 50;

/// How a file is to be read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct How {
    /// By which source of the playbook; by the one whose headers the file has where nothing is said.
    source: Option<String>,
    /// What the file is called, for the list of imports.
    name: Option<String>,
    /// Everything is tried and nothing is kept.
    #[serde(default)]
    dry_run: bool,
}

/// What an import did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Imported {
    /// In figures: rows, how they fared, why some were rejected.
    #[schema(value_type = Object)]
    pub(crate) report: Report,
    /// The first rows as they would be read, where it was only tried.
    #[schema(value_type = Option<Object>)]
    pub(crate) preview: Option<Preview>,
}

/// An import as the CRM remembers it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listed {
    number: i64,
    /// By which source.
    source: String,
    /// The file's name.
    file: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
    /// Records or events made.
    created: u64,
    /// Records or events that say something else than before.
    updated: u64,
    /// Rows that could not be taken.
    rejected: u64,
    /// When it was taken back.
    #[schema(value_type = Option<String>, format = DateTime)]
    undone: Option<jiff::Timestamp>,
}

/// What was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TakenBack {
    number: i64,
    /// Records and events that are gone again.
    removed: u64,
    /// Records that say again what they said before.
    restored: u64,
}

/// Imports, the newest first.
#[utoipa::path(get, path = "/imports", tag = "imports", params(("client" = String, Path)), responses((status = 200, body = Vec<Listed>)))]
pub(crate) async fn imports(caller: Caller) -> Result<Json<Vec<Listed>>, Problem> {
    caller.may(Doing::Look)?;
    caller.client.read(|reader, _| listed(&reader.crm)).await.map(Json)
}

/// Brings a CSV file in: all of it that can be taken, or nothing.
#[utoipa::path(post, path = "/imports", tag = "imports", params(("client" = String, Path), How), request_body(content = String, content_type = "text/csv"), responses((status = 200, body = Imported)))]
pub(crate) async fn bring(
    State(app): State<App>,
    caller: Caller,
    Asked(how): Asked<How>,
    request: Request<Body>,
) -> Result<Json<Imported>, Problem> {
    caller.may(Doing::Import)?;
    let most = app.configuration.limits.upload;
    let bytes = to_bytes(request.into_body(), most).await.map_err(|_| Problem::too_large(most))?;
    let upload = Upload::begin(&app, &caller, how.name.as_deref().unwrap_or("upload.csv"))?;
    let path = upload.path.clone();
    let written = tokio::task::spawn_blocking(move || std::fs::write(path, bytes)).await;
    written.map_err(|_| Problem::internal())?.map_err(|error| unwritten(&error))?;
    let done = take(&caller, &upload, how.source, how.dry_run).await;
    upload.forget();
    done.map(Json)
}

/// Takes an import back: what it made is gone, what it changed is as it was.
#[utoipa::path(post, path = "/imports/{number}/undo", tag = "imports", params(("client" = String, Path), ("number" = i64, Path)), responses((status = 200, body = TakenBack)))]
pub(crate) async fn undo(caller: Caller, At(at): At<Numbered>) -> Result<Json<TakenBack>, Problem> {
    take_back(&caller, at.number).await.map(Json)
}

/// Takes an import back.
///
/// # Errors
/// Where there is none of that number, or later work stands on it.
pub(crate) async fn take_back(caller: &Caller, number: i64) -> Result<TakenBack, Problem> {
    caller.may(Doing::Import)?;
    let done = caller.client.order(move |runner, now| {
        let undone = runner.crm.undo(Some(ImportId(number)), now).map_err(not_undone)?;
        Ok(TakenBack {
            number,
            removed: undone.removed.iter().map(|(_, number)| number).sum(),
            restored: undone.restored,
        })
    });
    done.await
}

fn not_undone(error: CrmError) -> Problem {
    match error {
        CrmError::NoSuchImport { .. } => Problem::not_found(error.to_string()),
        CrmError::AtWork { .. } | CrmError::StoodUpon { .. } => {
            Problem::conflict("not-undone", "the import is not taken back", error.to_string())
        }
        other => other.into(),
    }
}

/// The newest imports.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn listed(crm: &runtime::crm::Crm) -> Result<Vec<Listed>, Problem> {
    let listed = crm.imports()?.into_iter().take(LISTED).map(|import| Listed {
        number: import.id.0,
        source: import.source,
        file: import.file,
        at: import.started,
        created: import.counts.created,
        updated: import.counts.updated,
        rejected: import.counts.rejected,
        undone: import.undone,
    });
    Ok(listed.collect())
}

/// A file that is being brought in, in a folder of its own.
pub(crate) struct Upload {
    /// By which it is found again.
    pub(crate) id: String,
    pub(crate) path: PathBuf,
    folder: PathBuf,
}

impl Upload {
    /// A place for a file; those of others that were left there are taken away.
    ///
    /// # Errors
    /// Where there is no randomness, or the folder cannot be made.
    pub(crate) fn begin(app: &App, caller: &Caller, name: &str) -> Result<Self, Problem> {
        let drawn = app.surroundings.drawn().map_err(|_| Problem::internal())?;
        let id: String = drawn.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let around = caller.client.folder.path().join(UPLOADS);
        forget_old(&around);
        let folder = around.join(&id);
        std::fs::create_dir_all(&folder).map_err(|error| unwritten(&error))?;
        let left = folder.clone();
        tokio::spawn(async move {
            tokio::time::sleep(LIES).await;
            // It is gone where somebody kept or left it.
            let _ = tokio::fs::remove_dir_all(left).await;
        });
        Ok(Self { path: folder.join(plain(name)), folder, id })
    }

    /// One that was begun before.
    ///
    /// # Errors
    /// Where there is none.
    pub(crate) fn found(folder: &Folder, id: &str) -> Result<Self, Problem> {
        let gone = || Problem::not_found("that file is not here any more: choose it again");
        // Only what can be a name of ours is ever made a path of.
        if id.len() != 32 || !id.bytes().all(|letter| letter.is_ascii_hexdigit()) {
            return Err(gone());
        }
        let folder = folder.path().join(UPLOADS).join(id);
        let mut files = std::fs::read_dir(&folder).map_err(|_| gone())?.flatten();
        let path = files.next().ok_or_else(gone)?.path();
        Ok(Self { id: id.to_owned(), path, folder })
    }

    /// It holds what people told of themselves: it is not kept.
    pub(crate) fn forget(self) {
        // What cannot be taken away now is with the next upload.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Files that nobody has kept or left in time, before a restart.
fn forget_old(around: &Path) {
    let Ok(entries) = std::fs::read_dir(around) else { return };
    for entry in entries.flatten() {
        let age = entry.metadata().and_then(|known| known.modified()).ok().and_then(|at| at.elapsed().ok());
        if age.is_some_and(|age| age > LIES) {
            // It is tried again with the next upload.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// A name that leads nowhere else, and can be shown.
fn plain(name: &str) -> String {
    let is_fit = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | ' ');
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(is_fit).take(80).collect();
    let plain = plain.trim_matches(['.', ' ']);
    if plain.is_empty() { "upload.csv".to_owned() } else { plain.to_owned() }
}

pub(crate) fn unwritten(error: &std::io::Error) -> Problem {
    tracing::error!(kind = %error.kind(), "a file that was sent could not be written");
    Problem::internal()
}

/// Imports a file, in the client's turn.
///
/// # Errors
/// Where whoever asks may not, or nothing of the file could be taken.
pub(crate) async fn take(
    caller: &Caller,
    upload: &Upload,
    source: Option<String>,
    dry_run: bool,
) -> Result<Imported, Problem> {
    caller.may(Doing::Import)?;
    let (path, folder) = (upload.path.clone(), caller.client.folder.path().to_owned());
    let done =
        caller.client.order(move |runner, now| taken(runner, &path, &folder, source.as_deref(), dry_run, now)).await?;
    let (client, token, rows) = (caller.client.name(), &caller.token.id, done.report.rows);
    tracing::info!(client, token, rows, dry_run, "a file was brought in");
    Ok(done)
}

fn taken(
    runner: &mut Runner,
    path: &Path,
    folder: &Path,
    source: Option<&str>,
    dry_run: bool,
    now: jiff::Timestamp,
) -> Result<Imported, Problem> {
    let program = std::sync::Arc::clone(&runner.book().program);
    let said = |error: ImportError| refused(error, path);
    let source = source_of(&program, path, source)?;
    // Beside the client's other files, where they are found again.
    let rejected = rejects(folder, path);
    let request = import::Request { program: &program, source, file: path, now, dry_run, rejected: Some(rejected) };
    let preview = dry_run.then(|| import::preview(&request, SHOWN)).transpose().map_err(said)?;
    let mut report = import::run(&mut runner.crm, &request, &mut |_| {}).map_err(said)?;
    // Whoever asks is told what the file is called, and not where on this machine it lies.
    report.rejected_file = report.rejected_file.and_then(|path| path.file_name().map(PathBuf::from));
    Ok(Imported { report, preview })
}

/// The files of the client's own folder that the playbook's sources name, by source.
pub(crate) fn lying(program: &Program, folder: &Folder) -> Vec<(String, String)> {
    let own = program.sources.iter().filter(|source| !source.preset);
    let named = own.flat_map(|source| source.files.iter().map(move |file| (source.name.to_string(), file.to_string())));
    named.filter(|(_, file)| within(folder, file).is_some()).collect()
}

/// Tries such a file.
///
/// # Errors
/// Where the playbook names no such file, or nothing of it could be taken.
pub(crate) async fn try_lying(
    app: &App,
    caller: &Caller,
    source: &str,
    file: &str,
) -> Result<(Imported, String), Problem> {
    caller.may(Doing::Import)?;
    let known = lying(&caller.client.at_work()?.program, &caller.client.folder);
    let is_known = known.iter().any(|(of, named)| of == source && named == file);
    let gone = || Problem::not_found("that file is not here any more");
    let path = within(&caller.client.folder, file).filter(|_| is_known).ok_or_else(gone)?;
    let upload = Upload::begin(app, caller, file)?;
    tokio::fs::copy(path, &upload.path).await.map_err(|error| unwritten(&error))?;
    tried(caller, upload, Some(source.to_owned())).await
}

/// Tries a file: what came of it, and by which it is found again to be kept. One of which nothing could be taken is forgotten.
///
/// # Errors
/// As [`take`].
pub(crate) async fn tried(
    caller: &Caller,
    upload: Upload,
    source: Option<String>,
) -> Result<(Imported, String), Problem> {
    match take(caller, &upload, source, true).await {
        Ok(imported) => Ok((imported, upload.id)),
        Err(problem) => {
            upload.forget();
            Err(problem)
        }
    }
}

/// A file of the client's own folder, whatever its name leads through.
fn within(folder: &Folder, file: &str) -> Option<PathBuf> {
    let around = folder.path().canonicalize().ok()?;
    around.join(file).canonicalize().ok().filter(|path| path.starts_with(&around) && path.is_file())
}

/// The rows of an earlier import that were rejected, as a CSV.
///
/// # Errors
/// Where whoever asks may not, or there is no such file.
pub(crate) async fn rejected(caller: &Caller, name: &str) -> Result<Vec<u8>, Problem> {
    caller.may(Doing::Import)?;
    let stem = name.strip_suffix(".csv").unwrap_or_default();
    let stem = stem.rsplit_once('-').filter(|(_, number)| number.parse::<u32>().is_ok()).map_or(stem, |(stem, _)| stem);
    let gone = || Problem::not_found("there is no such file");
    // Only what can be a name of ours is ever made a path of.
    if !stem.ends_with(REJECTED) || plain(name) != name {
        return Err(gone());
    }
    tokio::fs::read(caller.client.folder.path().join(name)).await.map_err(|_| gone())
}

/// The first name for rejected rows that is free.
fn rejects(folder: &Path, file: &Path) -> PathBuf {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let first = folder.join(format!("{name}{REJECTED}.csv"));
    let numbered = (2..10_000).map(|number| import::with_number(&first, number));
    let is_free = |path: &PathBuf| path.symlink_metadata().is_err();
    std::iter::once(first.clone()).chain(numbered).find(is_free).unwrap_or(first)
}

/// The source that is named, or the one whose headers the file has.
fn source_of<'p>(program: &'p Program, file: &Path, named: Option<&str>) -> Result<&'p Source, Problem> {
    if let Some(name) = named.filter(|name| !name.is_empty()) {
        return program
            .sources
            .iter()
            .find(|source| source.name == name)
            .ok_or_else(|| Problem::unprocessable("the playbook has no such source"));
    }
    let listed =
        |sources: &[&Source]| sources.iter().map(|source| format!("`{}`", source.name)).collect::<Vec<_>>().join(", ");
    match import::detect(program, file).map_err(|error| refused(error, file))? {
        Detected::One(source) => Ok(source),
        Detected::Several(several) => {
            Err(Problem::unprocessable(format!("several sources could read it: say which of {}", listed(&several))))
        }
        Detected::None { .. } => {
            let own: Vec<&Source> = program.sources.iter().filter(|source| !source.preset).collect();
            Err(Problem::unprocessable(format!(
                "no source has the file's headers: say by which to read it, {}",
                listed(&own)
            )))
        }
    }
}

/// What stands in the file's way, without its place on this machine.
fn refused(error: ImportError, path: &Path) -> Problem {
    if let ImportError::Crm(error) = error {
        return error.into();
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Problem::unprocessable(error.to_string().replace(&path.display().to_string(), &name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        for (name, plain_name) in [
            ("leads 2026.csv", "leads 2026.csv"),
            ("../../etc/passwd", "passwd"),
            ("C:\\files\\a.csv", "a.csv"),
            ("..", "upload.csv"),
            ("", "upload.csv"),
            ("ä\u{202e}\n.csv", "csv"),
        ] {
            assert_eq!(plain(name), plain_name, "{name}");
        }
    }
}
