//! `playbook happened`: something that no file tells of, such as an opt-out on the phone, is put into the CRM and worked on.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use compiler::program::{Event, Field, Program, Type, Value};
use jiff::Timestamp;
use runtime::crm::log::{Logged, Raised};
use runtime::crm::{ContactId, RecordId, facts_json};
use runtime::engine::{EntryId, RecordRef};
use runtime::import;
use serde::Serialize;
use smol_str::SmolStr;

use crate::client::Client;
use crate::desk::{Adopting, Desk};
use crate::exit::{Failure, Outcome};
use crate::inbox;
use crate::layout::{count, listed};
use crate::log_lines::Lines;
use crate::office::Office;
use crate::people;
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;
use crate::words;

/// Over which somebody can be written to or called.
const CHANNELS: [&str; 5] = ["email", "sms", "phone", "linkedin", "letter"];
/// So many lines of the log are shown of what came of it.
const SHOWN: usize = 8;
/// So many events are named where none is like the one typed.
const NEAR: usize = 6;

/// Record that something happened, such as an opt-out or a reply, and work on
#[derive(clap::Args)]
#[command(override_usage = "playbook happened [OPTIONS] [CLIENT] CONTACT EVENT [FACT=VALUE]…")]
#[command(after_help = "\
An event is recorded as an import would: who unsubscribes, complains or withdraws a consent is never written to again that way.

Example:
  playbook happened playbooks/stackmates wanda.bellthorn@harrowden-civil.example email.unsubscribed
  playbook happened playbooks/stackmates 'Wanda Bellthorn' consent.withdrawn channel=phone --by founder
  playbook happened playbooks/stackmates 17 reply.received words=40 --at '2026-11-20 09:30'")]
pub(crate) struct Arguments {
    /// The client, unless you stand in its folder, the contact, the event, and its facts
    #[arg(value_name = "WHAT", required = true)]
    what: Vec<String>,

    /// When it happened: 2026-11-20, "2026-11-20 09:00" or RFC 3339 [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,

    /// Who says so: one of the client's people
    #[arg(long, value_name = "ROLE")]
    by: Option<String>,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Happened {
    contact: i64,
    event: String,
    at: Timestamp,
    by: String,
    facts: serde_json::Value,
    /// Channels over which they are not written to any more, and why.
    never_again: Vec<NeverAgain>,
    /// Questions that went away by it.
    gone: Vec<i64>,
    /// Questions about them that are still open.
    still_asked: Vec<i64>,
    entries: usize,
    sent: usize,
    open: usize,
}

#[derive(Debug, Serialize)]
struct NeverAgain {
    channel: &'static str,
    why: String,
}

/// Records it.
///
/// # Errors
/// Where there is no such contact, event or fact, or it is yet to happen.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut what = arguments.what.clone();
    let before_facts = what.iter().take_while(|word| !word.contains('=')).count();
    let client = if before_facts > 2 { Client::take(&mut what)? } else { Client::named(None)? };
    let [wanted, name, facts @ ..] = what.as_slice() else {
        return Err(Failure::usage("what happened is not said")
            .help("playbook happened [CLIENT] CONTACT EVENT: a name with a blank is one word in quotes")
            .into());
    };
    let desk = Desk::open_to_write(client, &arguments.crm, Adopting::default(), terminal)?;
    let mut office = Office::open(desk, &arguments.crm)?;
    let program = std::sync::Arc::clone(&office.program);
    let event = event(&program, name)?;
    let facts = typed(&program, event, facts)?;
    let record = super::step_in::contact(&office, wanted)?;
    let by = office.person(arguments.by.as_deref(), None)?;
    let now = office.now;
    let at = match &arguments.at {
        Some(_) => words::instant(arguments.at.as_deref(), &program.client.timezone)?,
        None => now,
    };
    if at > now {
        let (at, now) = (words::as_of(at, &program.client.timezone), words::as_of(now, &program.client.timezone));
        return Err(Failure::usage(format!("{at} is yet to come: it is {now}")).help("say when it happened").into());
    }
    let facts = facts_json::write(event, &facts);
    // Known again by all that it says: typed twice, it is refused and not counted twice.
    let known = facts.as_deref().unwrap_or_default();
    let external_id = format!("by {by}: contact {} at {} {known}", record.id, at.as_microsecond());
    let asked_before = questions(&office, &record)?;
    let first = office.runner.crm.next_entry()?;
    let raised = Raised {
        contact: RecordId(record.id),
        event: event.name.clone(),
        at,
        facts: facts.clone(),
        external_id: Some(external_id),
    };
    office.runner.happened(vec![raised], now).map_err(|error| {
        // Events are unique by what they are known again by: it is the only way in which this one can be refused.
        if error.to_string().contains("event.external_id") {
            return anyhow::Error::from(Failure::findings("that is recorded already: nothing was changed"));
        }
        error.into()
    })?;
    let worked = office.runner.work(now)?;
    let asked_now = questions(&office, &record)?;
    let happened = Happened {
        contact: record.id,
        event: event.name.to_string(),
        at,
        by,
        facts: facts.as_deref().and_then(|facts| serde_json::from_str(facts).ok()).unwrap_or_default(),
        never_again: never_again(&office, &record)?,
        gone: asked_before.difference(&asked_now).copied().collect(),
        still_asked: asked_now.iter().copied().collect(),
        entries: worked.entries,
        sent: worked.sent,
        open: inbox::open(&office, None)?.len(),
    };
    if arguments.json {
        terminal.print_json(&happened)?;
    } else {
        terminal.print(&page(&office, &happened, &record, first, terminal)?)?;
    }
    Ok(Outcome::Fine)
}

fn event<'p>(program: &'p Program, name: &str) -> anyhow::Result<&'p Event> {
    if let Some(event) = program.events.iter().find(|event| event.name == name) {
        return Ok(event);
    }
    let failure = Failure::usage(format!("the playbook has no event `{name}`"));
    if let Some(near) = program.events.iter().find(|event| words::is_slip(name, &event.name)) {
        return Err(failure.help(format!("did you mean `{}`?", near.name)).into());
    }
    let mut near: Vec<&SmolStr> = program.events.iter().map(|event| &event.name).collect();
    near.sort_by_cached_key(|known| strsim::osa_distance(name, known));
    let near: Vec<String> = near.into_iter().take(NEAR).map(|known| format!("`{known}`")).collect();
    Err(failure.help(format!("near to it are {}", listed(&near, "and"))).into())
}

/// The facts typed, as the event declares them.
fn typed(program: &Program, event: &Event, typed: &[String]) -> anyhow::Result<Vec<(SmolStr, Value)>> {
    let mut facts: Vec<(SmolStr, Value)> = Vec::new();
    for word in typed {
        let Some((name, text)) = word.split_once('=') else {
            return Err(Failure::usage(format!("`{word}` is no fact")).help("a fact is NAME=VALUE").into());
        };
        let Some(field) = event.fields.iter().find(|field| field.name == name) else {
            let failure = Failure::usage(format!("`{}` has no fact `{name}`", event.name));
            let near = event.fields.iter().find(|field| words::is_slip(name, &field.name));
            return Err(failure
                .help(near.map_or_else(|| has(event), |near| format!("did you mean `{}`?", near.name)))
                .into());
        };
        if facts.iter().any(|(known, _)| *known == field.name) {
            return Err(Failure::usage(format!("`{name}` is said twice")).into());
        }
        let value = import::fact(program, &field.ty, text)
            .map_err(|why| Failure::usage(format!("the fact `{name}` does not hold what was typed: {why}")))?;
        facts.push((field.name.clone(), value));
    }
    let is_missing = |field: &&Field| {
        !field.optional && !matches!(field.ty, Type::List(_)) && !facts.iter().any(|(name, _)| *name == field.name)
    };
    if let Some(field) = event.fields.iter().find(is_missing) {
        return Err(Failure::usage(format!(
            "`{}` has no `{}`, and such an event is never without it",
            event.name, field.name
        ))
        .help(match &field.ty {
            Type::OneOf(words) => format!("say {}=WORD, one of {}", field.name, words.join(", ")),
            _ => format!("say {}=VALUE", field.name),
        })
        .into());
    }
    Ok(facts)
}

fn has(event: &Event) -> String {
    let names: Vec<String> = event.fields.iter().map(|field| format!("`{}`", field.name)).collect();
    if names.is_empty() { "it has none".to_owned() } else { format!("it has {}", listed(&names, "and")) }
}

fn questions(office: &Office, record: &RecordRef) -> anyhow::Result<BTreeSet<i64>> {
    Ok(office.runner.crm.case(record)?.case.questions.iter().map(|question| question.id.0).collect())
}

/// What the suppression list says of them.
fn never_again(office: &Office, record: &RecordRef) -> anyhow::Result<Vec<NeverAgain>> {
    let crm = &office.runner.crm;
    let reachable = crm.reachable(ContactId(record.id))?;
    let mut found = Vec::new();
    for channel in CHANNELS {
        for address in [&reachable.email, &reachable.phone].into_iter().flatten() {
            if let Some(because) = crm.suppressed(address, channel)? {
                found.push(NeverAgain { channel, why: because.reason });
                break;
            }
        }
    }
    Ok(found)
}

fn page(
    office: &Office,
    happened: &Happened,
    record: &RecordRef,
    first: EntryId,
    terminal: &Terminal,
) -> anyhow::Result<String> {
    let name = people::of(&office.runner.crm, &office.program, record)?.title();
    let at = words::as_of(happened.at, &office.program.client.timezone);
    let mut page = format!("{name}: {} on {at}, says {}\n", happened.event, happened.by);
    if !happened.never_again.is_empty() {
        let channels: Vec<String> = happened.never_again.iter().map(|never| never.channel.to_owned()).collect();
        let why = happened.never_again.first().map(|never| never.why.as_str()).unwrap_or_default();
        page.push_str(&format!("they are never written to again by {}: {why}\n", listed(&channels, "or")));
    }
    if !happened.never_again.is_empty() && !happened.still_asked.is_empty() {
        let numbers: Vec<String> = happened.still_asked.iter().map(ToString::to_string).collect();
        page.push_str(&format!(
            "still asked about them: {}; no approval makes a message leave that way\n",
            listed(&numbers, "and")
        ));
    }
    let mut entries: Vec<Logged> = Vec::new();
    let mut lines = Lines::new(office, terminal.width());
    office.runner.crm.entries(Some(record), EntryId(0), |logged| {
        lines.learn(&logged);
        if logged.number >= first {
            entries.push(logged);
        }
        ControlFlow::Continue(())
    })?;
    for logged in entries.iter().take(SHOWN) {
        page.push_str(&lines.line(logged)?);
    }
    if entries.len() > SHOWN {
        page.push_str(&format!(
            "{} in the log\n",
            count((entries.len() - SHOWN) as u64, "more entry is", "more entries are")
        ));
    }
    if entries.is_empty() {
        page.push_str("no workflow waits for it: it counts where the playbook asks for it\n");
    }
    if happened.sent > 0 {
        page.push_str(&format!("{} sent\n", count(happened.sent as u64, "message was", "messages were")));
    }
    page.push_str(&format!("{} left\n", count(happened.open as u64, "open question", "open questions")));
    Ok(page)
}
