//! `playbook diff`: what a change of a playbook means.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use compiler::program::Program;

use crate::changes::revision::Revision;
use crate::changes::{self, End, Looking};
use crate::client::{Client, is_playbook};
use crate::exit::{Failure, Outcome, Told};
use crate::playbook::{self, Playbook};
use crate::standing;
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;
use crate::words;

/// Show what a change means: rights, gates, workflows, scores, and what it does to a CRM
#[derive(clap::Args)]
#[command(
    override_usage = "playbook diff [OPTIONS] [BEFORE] [AFTER]",
    after_help = "BEFORE and AFTER are files, folders, REV:PATH, or a revision and the client: HEAD~1, main..HEAD.
Exit codes: 0 nothing changed in meaning, 1 something did, 2 wrong usage, 3 could not run.

Example:
  playbook diff HEAD~1 playbooks/stackmates
  playbook diff main..HEAD playbooks/stackmates --format markdown
  playbook diff old.playbook new.playbook"
)]
pub(crate) struct Arguments {
    /// What to compare: two files or folders, or a revision and the client
    #[arg(value_name = "BEFORE, AFTER", num_args = 0..=2)]
    what: Vec<String>,

    /// Compare the client as it stands with this revision of it
    #[arg(long, value_name = "REV")]
    since: Option<String>,

    /// How to write it
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text, conflicts_with = "json")]
    format: Format,

    /// Leave the CRM out, also where one is at hand
    #[arg(long, conflicts_with = "db")]
    no_crm: bool,

    /// Name so many records that are routed otherwise
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    limit: usize,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

// Its variants have no docs: clap would make every help page longer by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
}

/// Where the search for a record begins, where nobody says so: always the same, so that two runs find the same one.
const SEED: u64 = 1;

/// One of the two.
enum Place {
    Here(Client),
    Then(Revision),
}

/// Prints it.
///
/// # Errors
/// Where one of the two is not there, or has errors.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let (before, after) = places(&arguments.what, arguments.since.as_deref())?;
    let old = end(&before, terminal)?;
    let new = end(&after, terminal)?;
    let db = if arguments.no_crm { None } else { database(&after, arguments.crm.db.as_deref())? };
    let now = words::instant(arguments.crm.now.as_deref(), &new.program.client.timezone)?;
    let now = match &db {
        Some(path) if arguments.crm.now.is_none() => {
            let crm = runtime::crm::Crm::open_to_read(path, &new.program)?;
            let folder = match &after {
                Place::Here(client) => &client.folder,
                Place::Then(_) => path.parent().unwrap_or(path),
            };
            standing::now(&crm, folder, now)?.map_or(now, |stands| stands.at)
        }
        _ => now,
    };
    let at_terminal = std::io::stdout().is_terminal();
    let looking = Looking {
        db: db.as_deref(),
        now,
        seed: arguments.crm.seed.unwrap_or(SEED),
        shown: arguments.limit,
        names: at_terminal && !arguments.json && arguments.format == Format::Text,
    };
    let changes = changes::between(&old, &new, &looking)?;
    match (arguments.json, arguments.format) {
        (true, _) | (false, Format::Json) => terminal.print_json(&changes)?,
        (false, Format::Markdown) => terminal.print(&changes::markdown::markdown(&changes))?,
        (false, Format::Text) => terminal.print(&changes::page::page(&changes, terminal))?,
    }
    Ok(if changes.changed { Outcome::Findings } else { Outcome::Fine })
}

/// The two that are meant.
fn places(what: &[String], since: Option<&str>) -> anyhow::Result<(Place, Place)> {
    match (what, since) {
        ([], Some(revision)) => of_client(revision, None),
        ([client], Some(revision)) => of_client(revision, Some(client)),
        ([revision], None) if !is_there(revision) => of_client(revision, None),
        ([before, after], None) if is_place(before) => Ok((place(before)?, place(after)?)),
        ([revision, client], None) => of_client(revision, Some(client)),
        ([only], None) => Err(Failure::usage(format!("`{only}` is compared with nothing"))
            .help(format!("name what stood there before: playbook diff HEAD {}", words::quoted(only)))
            .into()),
        (_, Some(_)) => {
            Err(Failure::usage("`--since` names what stood there before: name only the client beside it").into())
        }
        _ => Err(Failure::usage("nothing is compared: name what stood there before, and the client")
            .help("playbook diff HEAD~1 playbooks/stackmates")
            .into()),
    }
}

/// A client at a revision, and as it stands or at another one: `main..HEAD`.
fn of_client(revision: &str, client: Option<&String>) -> anyhow::Result<(Place, Place)> {
    let path = match client {
        Some(client) => match Client::named(Some(client)) {
            Ok(known) => path_of(&known),
            // It may have been there then.
            Err(error) if Path::new(client).extension().is_none() && !revision.contains("..") => return Err(error),
            Err(_) => PathBuf::from(client),
        },
        None => path_of(&Client::named(None)?),
    };
    if let Some((before, after)) = revision.split_once("..") {
        let after = after.trim_start_matches('.');
        let name = |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
        return Ok((Place::Then(Revision::of(&name(before), &path)?), Place::Then(Revision::of(&name(after), &path)?)));
    }
    let spelled = client.cloned().unwrap_or_default();
    let here =
        if path.is_file() { Client::of_file(&path, &spelled) } else { Client::named(client.map(String::as_str))? };
    Ok((Place::Then(Revision::of(revision, &path)?), Place::Here(here)))
}

/// The folder, or the file that stands for itself.
fn path_of(client: &Client) -> PathBuf {
    match client.files.as_slice() {
        [only] if Path::new(&client.spelled) == only => only.clone(),
        _ => client.folder.clone(),
    }
}

fn is_there(word: &str) -> bool {
    Path::new(word).exists()
}

/// A path that is there, or one in a revision.
fn is_place(word: &str) -> bool {
    is_there(word) || word.contains(':') || is_playbook(Path::new(word)) || Path::new("playbooks").join(word).is_dir()
}

fn place(word: &str) -> anyhow::Result<Place> {
    if !is_there(word)
        && let Some((revision, path)) = word.split_once(':')
    {
        let path = if path.is_empty() { "." } else { path };
        return Ok(Place::Then(Revision::of(revision, Path::new(path))?));
    }
    let path = Path::new(word);
    if !is_there(word) && is_playbook(path) {
        return Err(Failure::could_not_run(format!("there is no file `{word}`")).into());
    }
    Ok(Place::Here(Client::named(Some(word))?))
}

/// Compiles one of the two; its errors are drawn on stderr.
fn end(place: &Place, terminal: &Terminal) -> anyhow::Result<End> {
    let (name, playbook) = match place {
        Place::Here(client) => (spelled(client), playbook::compiled(client, &[])?),
        Place::Then(revision) => (revision.spelled(), revision.compiled()?),
    };
    let program = program(playbook, &name, terminal)?;
    Ok(End { name, program: Arc::new(program) })
}

fn spelled(client: &Client) -> String {
    if client.spelled.is_empty() { client.folder.display().to_string() } else { client.spelled.clone() }
}

/// A playbook with errors means nothing that could be compared.
fn program(playbook: Playbook, name: &str, terminal: &Terminal) -> anyhow::Result<Program> {
    playbook::runnable(playbook, terminal).map(|(program, _)| program).map_err(|error| {
        if error.downcast_ref::<Told>().is_some() {
            terminal.say(&format!("`{name}` has errors: what it means cannot be compared\n"));
            return Told(Outcome::CouldNotRun).into();
        }
        error
    })
}

/// The CRM's file, where one is named, or stands beside the client.
fn database(after: &Place, named: Option<&Path>) -> anyhow::Result<Option<PathBuf>> {
    if let Some(path) = named {
        if !path.exists() {
            return Err(Failure::could_not_run(format!("there is no CRM at `{}`", path.display())).into());
        }
        return Ok(Some(path.to_owned()));
    }
    let path = match after {
        Place::Here(client) => client.database(None),
        Place::Then(_) => return Ok(None),
    };
    Ok(path.exists().then_some(path))
}
