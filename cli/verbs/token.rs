//! `playbook token`: who may use the service, for a client: made, shown once, listed, revoked.

use jiff::{SignedDuration, Span, SpanRelativeTo};
use runtime::crm::service_file::Token;
use serde::Serialize;
use service::access::role::Role;
use service::access::tokens::{Tokens, Wanted};

use super::serve::surroundings;
use crate::client::Client;
use crate::exit::{Failure, Outcome};
use crate::layout::{listed, paragraph};
use crate::playbook;
use crate::table;
use crate::terminal::Terminal;
use crate::words;

/// Make, list or revoke the tokens by which people and agents use the service
#[derive(clap::Args)]
#[command(after_help = "\
A token is of one client, is shown once, and only a hash of it is kept, in service.db beside the CRM. Only a person answers questions,
whatever the role of an agent's token.

Example:
  playbook token create playbooks/stackmates --role owner --name 'Mere Ngata' --person founder --expires 90d
  playbook token create playbooks/stackmates --agent LeadGen
  playbook token list playbooks/stackmates
  playbook token revoke playbooks/stackmates 3f9a2c1b7d40")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    Create(Create),
    List(List),
    Revoke(Revoke),
}

/// Make a token, and show it this once
#[derive(clap::Args)]
struct Create {
    /// The client
    client: String,

    /// What may be done with it: owner, consultant, approver or viewer
    #[arg(long, value_name = "ROLE", required_unless_present = "agent", conflicts_with = "agent")]
    role: Option<String>,

    /// Whose it is [default: the person or the agent]
    #[arg(long, value_name = "NAME", required_unless_present_any = ["person", "agent"])]
    name: Option<String>,

    /// Which of the client's people answers with it [default: the only one]
    #[arg(long, value_name = "ROLE", conflicts_with = "agent")]
    person: Option<String>,

    /// An agent's: it says what happened, and approves nothing
    #[arg(long, value_name = "AGENT")]
    agent: Option<String>,

    /// For how long it is worth something: 12h, 90d, 52w [default: until it is revoked]
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// List the tokens of a client
#[derive(clap::Args)]
struct List {
    /// The client
    client: String,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Make a token worth nothing
#[derive(clap::Args)]
struct Revoke {
    /// The client
    client: String,

    /// Its public part, as `token list` shows it
    id: String,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A token as it is printed: without what it is known by.
#[derive(Debug, Serialize)]
struct Shown {
    id: String,
    name: String,
    role: String,
    person: Option<String>,
    agent: Option<String>,
    created: jiff::Timestamp,
    expires: Option<jiff::Timestamp>,
    revoked: Option<jiff::Timestamp>,
    /// The token itself, where it was just made.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

#[derive(Debug, Serialize)]
struct Revoked {
    id: String,
    /// It was worth something before.
    revoked: bool,
}

/// Does it.
///
/// # Errors
/// Where there is no such client, role, person, agent or token.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    match &arguments.what {
        What::Create(wanted) => create(wanted, terminal),
        What::List(wanted) => list(wanted, terminal),
        What::Revoke(wanted) => revoke(wanted, terminal),
    }
}

fn tokens(client: &Client) -> anyhow::Result<Tokens> {
    Ok(Tokens::of(&client.folder).map_err(|error| Failure::could_not_run(error.to_string()))?)
}

fn create(wanted: &Create, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let client = Client::named(Some(&wanted.client))?;
    let program = playbook::program(&client, terminal)?;
    let role = match &wanted.role {
        None => Role::Agent,
        Some(name) => Role::named(name).filter(|role| role.is_person()).ok_or_else(|| {
            Failure::usage(format!("there is no role `{name}`")).help("it is owner, consultant, approver or viewer")
        })?,
    };
    if let Some(agent) = &wanted.agent
        && !program.agents.iter().any(|known| known.name == *agent)
    {
        let known: Vec<String> = program.agents.iter().map(|known| format!("`{}`", known.name)).collect();
        return Err(Failure::usage(format!("the playbook has no agent `{agent}`"))
            .help(format!("it has {}", listed(&known, "and")))
            .into());
    }
    let people = &program.client.people;
    let person = match (&wanted.person, people.as_slice()) {
        (Some(person), _) if people.iter().any(|(known, _)| known == person) => Some(person.clone()),
        (Some(person), []) if person == "human" => Some(person.clone()),
        (Some(person), _) => {
            let known = people.iter().map(|(role, title)| format!("--person {role}   {title}"));
            return Err(Failure::usage(format!("`{person}` is none of the client's people")).list(known).into());
        }
        (None, _) if !role.answers() => None,
        (None, []) => Some("human".to_owned()),
        (None, [(only, _)]) => Some(only.to_string()),
        (None, several) => {
            let known = several.iter().map(|(role, title)| format!("--person {role}   {title}"));
            return Err(Failure::usage("several people could be answering with it: say who does").list(known).into());
        }
    };
    // One of the three is always there.
    let name = [&wanted.name, &wanted.person, &wanted.agent].into_iter().find_map(Option::as_deref);
    let wish = Wanted {
        role,
        name: name.unwrap_or(role.name()),
        person: person.as_deref(),
        agent: wanted.agent.as_deref(),
        lasts: wanted.expires.as_deref().map(lasts).transpose()?,
    };
    let around = surroundings();
    let made = tokens(&client)?.create(&wish, words::clock(), &around.entropy);
    let (token, secret) = made.map_err(|error| Failure::could_not_run(error.to_string()))?;
    if wanted.json {
        terminal.print_json(&shown(token, Some(secret)))?;
        return Ok(Outcome::Fine);
    }
    // On a line of its own: it is copied, or read by a script.
    terminal.print(&format!("{secret}\n"))?;
    let until = token.expires.map(|at| format!(", until {}", words::as_of(at, &program.client.timezone)));
    let line = format!(
        "it is shown this once: keep it where passwords are kept; {} {}{}, to be revoked by: {} token revoke{} {}",
        token.role,
        token.name,
        until.unwrap_or_default(),
        words::command(),
        client.as_argument(),
        token.id
    );
    terminal.say(&paragraph("note: ", &line, terminal.width()));
    Ok(Outcome::Fine)
}

/// `90d`; a day has 24 hours.
///
/// # Errors
/// Where it is no length of time.
pub(super) fn lasts(text: &str) -> anyhow::Result<SignedDuration> {
    let span = text.parse::<Span>().ok();
    let lasts = span.and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok());
    lasts
        .filter(jiff::SignedDuration::is_positive)
        .ok_or_else(|| Failure::usage(format!("`{text}` is no length of time")).help("write 12h, 90d or 52w").into())
}

fn list(wanted: &List, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let client = Client::named(Some(&wanted.client))?;
    let all = tokens(&client)?.all()?;
    if wanted.json {
        terminal.print_json(&all.into_iter().map(|token| shown(token, None)).collect::<Vec<_>>())?;
        return Ok(Outcome::Fine);
    }
    if all.is_empty() {
        terminal.print("there are no tokens yet\n")?;
        return Ok(Outcome::Fine);
    }
    let now = words::clock();
    let mut table = table::table(&["id", "role", "name", "answers as", "state"], terminal);
    for token in all {
        let state = match (token.revoked, token.expires) {
            (Some(_), _) => "revoked".to_owned(),
            (None, Some(at)) if at <= now => "expired".to_owned(),
            (None, Some(at)) => format!("until {}", words::as_of(at, "UTC")),
            (None, None) => "until revoked".to_owned(),
        };
        let who = token.person.or(token.agent).unwrap_or_default();
        table.add_row(vec![token.id, token.role, token.name, who, state]);
    }
    terminal.print(&table::lines(&table))?;
    Ok(Outcome::Fine)
}

fn revoke(wanted: &Revoke, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let client = Client::named(Some(&wanted.client))?;
    let tokens = tokens(&client)?;
    if !tokens.all()?.iter().any(|token| token.id == wanted.id) {
        let list = format!("{} token list{}", words::command(), client.as_argument());
        return Err(Failure::usage(format!("there is no token `{}`", wanted.id)).help(list).into());
    }
    let revoked = tokens.revoke(&wanted.id, words::clock())?;
    if wanted.json {
        terminal.print_json(&Revoked { id: wanted.id.clone(), revoked })?;
    } else {
        let words = if revoked { "is worth nothing any more" } else { "was revoked before" };
        terminal.print(&format!("{} {words}\n", wanted.id))?;
    }
    Ok(Outcome::Fine)
}

fn shown(token: Token, secret: Option<String>) -> Shown {
    let Token { id, name, role, person, agent, created, expires, revoked, .. } = token;
    Shown { id, name, role, person, agent, created, expires, revoked, token: secret }
}
