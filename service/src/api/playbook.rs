//! The playbook: what it says, what another one would change, and putting that to work. What was at work before is kept beside it.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use axum::Json;
use compiler::program::Program;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sent::Sent;
use crate::access::caller::Caller;
use crate::access::role::Doing;
use crate::blocking::blocking;
use crate::folder::{Folder, LARGEST, is_playbook_name};
use crate::problem::Problem;
use crate::views::playbook::{Changes, Checked, Playbook, changes};

/// Where former versions are kept, in the client's folder.
pub(crate) const VERSIONS: &str = ".versions";

/// Files of a playbook, beside those that stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Files {
    /// By their names; `null` takes a file away.
    pub(crate) files: BTreeMap<String, Option<String>>,
}

/// Files to be put to work.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Upload {
    /// By their names; `null` takes a file away.
    pub(crate) files: BTreeMap<String, Option<String>>,
    /// What is at work now, as it was seen: another one, and nothing is changed.
    pub(crate) version: String,
}

/// A former version to be put to work again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Back {
    /// Which.
    to: String,
    /// What is at work now, as it was seen.
    version: String,
}

/// What is at work now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Activated {
    /// Its hash.
    pub(crate) version: String,
    /// What was at work before.
    pub(crate) before: String,
    /// Live runs whose stage it does not have: each waits for a person.
    pub(crate) stranded: usize,
}

/// Former versions that can be put to work again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Versions {
    /// What is at work.
    version: String,
    /// Their hashes.
    former: Vec<String>,
}

/// The playbook as it stands.
#[utoipa::path(get, path = "/playbook", tag = "playbook", params(("client" = String, Path)), responses((status = 200, body = Playbook)))]
pub(crate) async fn playbook(caller: Caller) -> Result<Json<Playbook>, Problem> {
    caller.may(Doing::Look)?;
    let stands = caller.client.stands();
    let files = sources(&caller.client.folder)?;
    let version = stands.at_work.as_ref().map(|at_work| at_work.version.to_string());
    Ok(Json(Playbook { version, trouble: stands.trouble.clone(), files }))
}

/// What would be found about a playbook. Nothing is changed.
#[utoipa::path(post, path = "/playbook/check", tag = "playbook", params(("client" = String, Path)), request_body = Files, responses((status = 200, body = Checked)))]
pub(crate) async fn check(caller: Caller, Sent(sent): Sent<Files>) -> Result<Json<Checked>, Problem> {
    caller.may(Doing::TryPlaybook)?;
    let (program, checked) = compiled(&caller, sent.files).await?;
    drop(program);
    Ok(Json(checked))
}

/// What a playbook would change: in meaning, for who is routed where, for live runs. Nothing is changed.
#[utoipa::path(post, path = "/playbook/diff", tag = "playbook", params(("client" = String, Path)), request_body = Files, responses((status = 200, body = Changes)))]
pub(crate) async fn diff(caller: Caller, Sent(sent): Sent<Files>) -> Result<Json<Changes>, Problem> {
    caller.may(Doing::TryPlaybook)?;
    let (program, checked) = compiled(&caller, sent.files).await?;
    let program = program.ok_or_else(|| broken(&checked))?;
    caller.client.read(move |reader, now| changes(reader, program, now)).await.map(Json)
}

/// Puts a playbook to work.
#[utoipa::path(post, path = "/playbook", tag = "playbook", params(("client" = String, Path)), request_body = Upload, responses((status = 200, body = Activated)))]
pub(crate) async fn put_to_work(caller: Caller, Sent(sent): Sent<Upload>) -> Result<Json<Activated>, Problem> {
    caller.may(Doing::Activate)?;
    activate(&caller, sent.files, sent.version).await.map(Json)
}

/// Former versions.
#[utoipa::path(get, path = "/playbook/versions", tag = "playbook", params(("client" = String, Path)), responses((status = 200, body = Versions)))]
pub(crate) async fn versions(caller: Caller) -> Result<Json<Versions>, Problem> {
    caller.may(Doing::Look)?;
    let version = caller.client.at_work()?.version.to_string();
    Ok(Json(Versions {
        former: former(&caller.client.folder).into_iter().filter(|former| *former != version).collect(),
        version,
    }))
}

/// Puts a former version to work again.
#[utoipa::path(post, path = "/playbook/roll-back", tag = "playbook", params(("client" = String, Path)), request_body = Back, responses((status = 200, body = Activated)))]
pub(crate) async fn roll_back(caller: Caller, Sent(sent): Sent<Back>) -> Result<Json<Activated>, Problem> {
    put_back(&caller, &sent.to, sent.version).await.map(Json)
}

/// Puts a former version to work again, in the place of what was seen to be at work.
///
/// # Errors
/// Where whoever asks may not, there is no such version, or something else is at work meanwhile.
pub(crate) async fn put_back(caller: &Caller, to: &str, seen: String) -> Result<Activated, Problem> {
    caller.may(Doing::Activate)?;
    // Only a name that is there is ever made a path of.
    let folder = &caller.client.folder;
    if !former(folder).iter().any(|former| former == to) {
        return Err(Problem::not_found("there is no such former version"));
    }
    let kept = folder.path().join(VERSIONS).join(to);
    let mut files: BTreeMap<String, Option<String>> = sources(folder)?.into_keys().map(|name| (name, None)).collect();
    for entry in std::fs::read_dir(kept).map_err(|error| unreadable(&error))? {
        let path = entry.map_err(|error| unreadable(&error))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        files.insert(name, Some(std::fs::read_to_string(&path).map_err(|error| unreadable(&error))?));
    }
    activate(caller, files, seen).await
}

/// Puts files to work in the place of what was seen to be at work.
///
/// # Errors
/// Where something else is at work meanwhile, or the files have errors.
pub(crate) async fn activate(
    caller: &Caller,
    files: BTreeMap<String, Option<String>>,
    seen: String,
) -> Result<Activated, Problem> {
    let (program, checked) = compiled(caller, files.clone()).await?;
    program.ok_or_else(|| broken(&checked))?;
    let folder = caller.client.folder.clone();
    let before = seen.clone();
    // On the client's own thread, which looks at the files between two orders: it never finds half of them.
    caller
        .client
        .order(move |runner, _| {
            let version = runner.book().version.to_string();
            if version != seen {
                let detail = format!("{version} is at work by now: look at it, then try again");
                return Err(Problem::conflict("changed", "it is not what was seen any more", detail));
            }
            keep(&folder, &version).and_then(|()| write(&folder, &files)).map_err(|error| unreadable(&error))
        })
        .await?;
    if let Some(trouble) = caller.client.look().await? {
        return Err(Problem::conflict("not-taken", "the playbook is not taken", trouble));
    }
    let version = caller.client.at_work()?.version.to_string();
    let (client, by) = (caller.client.name(), &caller.token.id);
    tracing::info!(client, token = by, version, "a playbook was put to work");
    let stranded = caller.client.order(|runner, _| Ok(runner.stranded()?.len())).await?;
    Ok(Activated { version, before, stranded })
}

/// The client's files with others in their place.
///
/// # Errors
/// Where a name leads elsewhere, or a file is too large.
pub(crate) fn merged(
    folder: &Folder,
    files: BTreeMap<String, Option<String>>,
) -> Result<BTreeMap<String, String>, Problem> {
    let mut sources = sources(folder)?;
    for (name, text) in files {
        if !is_playbook_name(&name) {
            return Err(Problem::unprocessable(
                "a file is named by letters, digits, `-`, `_` and `.`, and ends in `.playbook`",
            ));
        }
        match text {
            Some(text) if text.len() as u64 > LARGEST => {
                return Err(Problem::unprocessable("the file is too large for a playbook"));
            }
            Some(text) => drop(sources.insert(name, text)),
            None => drop(sources.remove(&name)),
        }
    }
    if sources.is_empty() {
        return Err(Problem::unprocessable("no file would be left"));
    }
    Ok(sources)
}

async fn compiled(
    caller: &Caller,
    files: BTreeMap<String, Option<String>>,
) -> Result<(Option<Program>, Checked), Problem> {
    let folder = caller.client.folder.clone();
    let sources = merged(&folder, files)?;
    blocking(move || Checked::of(folder.compile(&sources))).await
}

fn broken(checked: &Checked) -> Problem {
    let first = checked.findings.iter().find(|finding| finding.severity == "error");
    let first = first.map(|first| format!("{}:{}: {}", first.file, first.line, first.message)).unwrap_or_default();
    Problem::unprocessable(format!("the playbook has errors, and nothing was changed: {first}"))
}

fn sources(folder: &Folder) -> Result<BTreeMap<String, String>, Problem> {
    folder.sources().map_err(|error| unreadable(&error))
}

fn unreadable(error: &std::io::Error) -> Problem {
    tracing::error!(kind = %error.kind(), "a playbook could not be read or written");
    Problem::internal()
}

/// The hashes of former versions.
pub(crate) fn former(folder: &Folder) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder.path().join(VERSIONS)) else { return Vec::new() };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.bytes().all(|letter| letter.is_ascii_hexdigit())).collect();
    names.sort();
    names
}

/// Keeps the files as they are, under the hash of what they mean.
fn keep(folder: &Folder, version: &str) -> std::io::Result<()> {
    let kept = folder.path().join(VERSIONS).join(version);
    std::fs::create_dir_all(&kept)?;
    for (name, text) in folder.sources()? {
        replace(&kept.join(name), &text)?;
    }
    Ok(())
}

fn write(folder: &Folder, files: &BTreeMap<String, Option<String>>) -> std::io::Result<()> {
    for (name, text) in files {
        let path = folder.path().join(name);
        match text {
            Some(text) => replace(&path, text)?,
            None if path.exists() => std::fs::remove_file(path)?,
            None => {}
        }
    }
    Ok(())
}

/// Whoever reads the file meets the old text or the new one, never a part.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut beside = PathBuf::from(path);
    beside.set_extension("playbook.new");
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    });
    if written.is_err() {
        // It may never have been made; either way nothing of it is needed.
        let _ = std::fs::remove_file(&beside);
    }
    written
}
