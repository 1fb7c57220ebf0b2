//! `playbook pause`, `resume`, `cancel`: a person steps in, on one action, one contact, one agent or everything.

use runtime::crm::{Found, RecordId};
use runtime::engine::{EntryId, Override, RecordRef};
use runtime::runner::Target;
use serde::Serialize;

use crate::client::Client;
use crate::desk::{Adopting, Desk};
use crate::exit::{Failure, Outcome};
use crate::layout::{count, listed};
use crate::office::Office;
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;

/// What can be paused and resumed.
#[derive(clap::Args)]
struct Pausable {
    /// The client, unless you stand in its folder, and what: the number of a run, a contact, `agent NAME`, `workflow NAME`, or `everything`
    #[arg(value_name = "WHAT", required = true, num_args = 1..=3)]
    what: Vec<String>,
}

/// What can be cancelled.
#[derive(clap::Args)]
struct Cancellable {
    /// The client, unless you stand in its folder, and what: the number of a run, work or message, or a contact for all of its runs
    #[arg(value_name = "WHAT", required = true, num_args = 1..=3)]
    what: Vec<String>,
}

/// By whom, and why.
#[derive(clap::Args)]
struct Arguments {
    /// Who steps in: one of the client's people
    #[arg(long, value_name = "ROLE")]
    by: Option<String>,

    /// Why, for the log
    #[arg(long, value_name = "REASON")]
    why: Option<String>,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Pause an agent, a workflow, a contact, a run, or everything
#[derive(clap::Args)]
#[command(override_usage = "playbook pause [OPTIONS] [CLIENT] WHAT")]
#[command(after_help = "Example:
  playbook pause playbooks/stackmates agent LeadGen --why 'wrong tone'
  playbook pause playbooks/stackmates everything")]
pub(crate) struct Pause {
    #[command(flatten)]
    on: Pausable,

    #[command(flatten)]
    arguments: Arguments,
}

/// Resume what was paused
#[derive(clap::Args)]
#[command(override_usage = "playbook resume [OPTIONS] [CLIENT] WHAT")]
#[command(after_help = "Example:
  playbook resume playbooks/stackmates agent LeadGen")]
pub(crate) struct Resume {
    #[command(flatten)]
    on: Pausable,

    #[command(flatten)]
    arguments: Arguments,
}

/// Cancel a run, a piece of work, a message on its way, or all runs of a contact
#[derive(clap::Args)]
#[command(override_usage = "playbook cancel [OPTIONS] [CLIENT] WHAT")]
#[command(after_help = "Example:
  playbook cancel playbooks/stackmates 1042 --why 'she called'")]
pub(crate) struct Cancel {
    #[command(flatten)]
    on: Cancellable,

    #[command(flatten)]
    arguments: Arguments,
}

#[derive(Debug, Serialize)]
struct SteppedIn {
    what: String,
    how: Override,
    by: String,
    /// It was so: what is resumed was paused before.
    done: bool,
    entries: usize,
    /// What was sent right away.
    sent: usize,
}

/// Pauses.
///
/// # Errors
/// Where there is no such thing under way.
pub(crate) fn pause(verb: &Pause, terminal: &Terminal) -> anyhow::Result<Outcome> {
    step_in(&verb.on.what, &verb.arguments, Override::Pause, "paused", terminal)
}

/// Resumes.
///
/// # Errors
/// As [`pause`].
pub(crate) fn resume(verb: &Resume, terminal: &Terminal) -> anyhow::Result<Outcome> {
    step_in(&verb.on.what, &verb.arguments, Override::Resume, "resumed", terminal)
}

/// Cancels.
///
/// # Errors
/// As [`pause`].
pub(crate) fn cancel(verb: &Cancel, terminal: &Terminal) -> anyhow::Result<Outcome> {
    step_in(&verb.on.what, &verb.arguments, Override::Cancel, "cancelled", terminal)
}

fn step_in(
    what: &[String],
    arguments: &Arguments,
    how: Override,
    word: &str,
    terminal: &Terminal,
) -> anyhow::Result<Outcome> {
    let mut what = what.to_vec();
    if let [only] = what.as_slice()
        && std::path::Path::new(only).is_dir()
    {
        return Err(Failure::usage(format!("`{only}` is a client, and what of it is meant is not said"))
            .help(format!("name {} behind it", nameable(how)))
            .into());
    }
    let client = if what.len() > 1 && !is_kind(&what) { Client::take(&mut what)? } else { Client::named(None)? };
    let desk = Desk::open_to_write(client, &arguments.crm, Adopting::default(), terminal)?;
    let mut office = Office::open(desk, &arguments.crm)?;
    let by = office.person(arguments.by.as_deref(), None)?;
    let target = target(&office, &what, how)?;
    let now = office.now;
    let what = what.join(" ");
    if how == Override::Resume && !office.runner.is_paused(&target)? {
        let done = SteppedIn { what, how, by, done: false, entries: 0, sent: 0 };
        if arguments.json {
            terminal.print_json(&done)?;
        } else {
            terminal.print(&format!("{} was not paused\n", done.what))?;
        }
        return Ok(Outcome::Fine);
    }
    let told = office.runner.step_in(how, &target, &by, arguments.why.as_deref(), now)?;
    let worked = office.runner.work(now)?;
    let (entries, sent) = (told.entries + worked.entries, worked.sent);
    if arguments.json {
        terminal.print_json(&SteppedIn { what, how, by, done: true, entries, sent })?;
        return Ok(Outcome::Fine);
    }
    let mut page = format!("{what} {word} by {by}\n");
    if sent > 0 {
        page.push_str(&format!("{} sent\n", count(sent as u64, "message was", "messages were")));
    }
    terminal.print(&page)?;
    Ok(Outcome::Fine)
}

/// What may be named behind the client.
const fn nameable(how: Override) -> &'static str {
    match how {
        Override::Cancel => "the number of a run, work or message, or a contact",
        Override::Pause | Override::Resume => {
            "the number of a run, a contact, `agent NAME`, `workflow NAME` or `everything`"
        }
    }
}

fn is_kind(what: &[String]) -> bool {
    what.first().is_some_and(|first| first == "agent" || first == "workflow")
}

fn target(office: &Office, what: &[String], how: Override) -> anyhow::Result<Target> {
    let program = &office.program;
    let names = |of: &str| -> Vec<String> {
        match of {
            "agent" => program.agents.iter().map(|agent| format!("`{}`", agent.name)).collect(),
            _ => program.workflows.iter().map(|workflow| format!("`{}`", workflow.name)).collect(),
        }
    };
    let switch = match what {
        [everything] if everything == "everything" => Some("everything".to_owned()),
        [kind, name] if is_kind(what) => {
            let known = names(kind);
            if !known.contains(&format!("`{name}`")) {
                return Err(Failure::usage(format!("the playbook has no {kind} `{name}`"))
                    .help(format!("it has {}", listed(&known, "and")))
                    .into());
            }
            Some(format!("{kind} {name}"))
        }
        _ => None,
    };
    if let Some(switch) = switch {
        return if how == Override::Cancel {
            Err(Failure::usage(format!("`{switch}` cannot be cancelled"))
                .help("pause it, or cancel a run or a contact")
                .into())
        } else {
            Ok(Target::Switch(switch.into()))
        };
    }
    let [wanted] = what else {
        let words = what.join(" ");
        return Err(Failure::usage(format!("`{words}` begins with no client, and is nothing to step in on"))
            .help(format!("name {}", nameable(how)))
            .into());
    };
    if let Ok(number) = wanted.parse() {
        return Ok(Target::Number(EntryId(number)));
    }
    Ok(Target::Record(contact(office, wanted)?))
}

/// The contact that is meant.
///
/// # Errors
/// Where it is nobody, or could be several.
pub(crate) fn contact(office: &Office, wanted: &str) -> anyhow::Result<RecordRef> {
    let id = match office.runner.crm.find_contact(wanted)? {
        Found::One(named) => RecordId(named.id.0),
        Found::Several { count, .. } => {
            return Err(Failure::usage(format!("`{wanted}` could be any of {count} contacts"))
                .help("name one by its e-mail address")
                .into());
        }
        Found::Nobody { .. } => return Err(Failure::usage(format!("there is no contact `{wanted}`")).into()),
    };
    Ok(RecordRef { entity: "Contact".into(), id: id.0 })
}
