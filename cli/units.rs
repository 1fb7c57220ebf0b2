//! What `check`, `fmt` and `test` go through: clients, files that stand for themselves, and files that belong to a client.

use std::path::{Path, PathBuf};

use crate::client::{Client, is_playbook, playbooks_in};
use crate::exit::Failure;
use crate::files;

/// A playbook to look at as a whole, and what of it was asked for.
#[derive(Debug)]
pub(crate) struct Unit {
    /// What is compiled.
    pub(crate) client: Client,
    /// The files asked for; empty for all of them.
    pub(crate) only: Vec<PathBuf>,
}

/// The units that arguments name: each a client or a file. Without arguments, the folder one stands in.
///
/// A file that declares a `client` among others that do, as in a folder of examples, stands for itself; otherwise it belongs to the
/// client of its folder. A folder with several clients stands for each of its files.
///
/// # Errors
/// Where an argument is no client and no file.
pub(crate) fn named(arguments: &[String]) -> anyhow::Result<Vec<Unit>> {
    if arguments.is_empty() {
        return of_client(Client::named(None)?);
    }
    let mut units: Vec<Unit> = Vec::new();
    for argument in arguments {
        let path = Path::new(argument);
        if path.is_file() {
            add_file(&mut units, path, argument)?;
        } else if is_playbook(path) {
            return Err(Failure::could_not_run(format!("there is no file `{argument}`")).into());
        } else {
            units.extend(of_client(Client::named(Some(argument))?)?);
        }
    }
    Ok(units)
}

fn of_client(client: Client) -> anyhow::Result<Vec<Unit>> {
    if client.files.iter().filter(|file| declares_client(file)).count() < 2 {
        return Ok(vec![Unit { client, only: Vec::new() }]);
    }
    Ok(client.files.iter().map(|file| alone(file, &file.display().to_string())).collect())
}

fn add_file(units: &mut Vec<Unit>, path: &Path, spelled: &str) -> anyhow::Result<()> {
    let whole = Client::of_file(path, spelled);
    let beside = playbooks_in(&whole.folder)?;
    let clients = beside.iter().filter(|file| declares_client(file)).count();
    if clients != 1 || !is_playbook(path) {
        units.push(alone(path, spelled));
        return Ok(());
    }
    let folder = whole.folder.display().to_string();
    let client = Client::named(Some(&folder))?;
    let known = units.iter_mut().find(|unit| unit.client.folder == client.folder && !unit.only.is_empty());
    match known {
        Some(unit) => unit.only.push(path.to_owned()),
        None => units.push(Unit { client, only: vec![path.to_owned()] }),
    }
    Ok(())
}

fn alone(path: &Path, spelled: &str) -> Unit {
    Unit { client: Client::of_file(path, spelled), only: Vec::new() }
}

/// Whether a file declares a client: what starts a declaration stands in column 0, and nothing else does. A file that cannot be
/// read declares nothing; reading it in earnest says why.
pub(crate) fn declares_client(path: &Path) -> bool {
    files::read(path).is_ok_and(|bytes| bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"client ")))
}
