//! `playbook status`: where everything stands.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use runtime::runner;
use serde::Serialize;

use crate::client::Client;
use crate::exit::Outcome;
use crate::followed::{self, Retrying};
use crate::layout::{self, count};
use crate::office::{self, Office};
use crate::paused::{self, Paused};
use crate::people;
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;
use crate::words;

/// Show where everything stands: runs by stage, what is paused, what failed, what is due next
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook status playbooks/stackmates")]
pub(crate) struct Arguments {
    /// The client [default: the folder you stand in]
    client: Option<String>,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// So many entries of the log, the last ones, are looked at whenever something is to be decided on top of them.
pub(crate) const LATELY: i64 = 10_000;

/// Where everything stands.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    /// Workflow by workflow.
    workflows: Vec<Workflow>,
    /// What is paused.
    paused: Vec<Paused>,
    /// Why work cannot go on: what is wrong with the ports.
    cannot_work: Option<String>,
    /// What is wrong with the last entries of the log, where something is; `log verify` looks at all of them.
    broken: Option<String>,
    /// Live runs in stages that the playbook does not have any more: each waits for a person.
    stranded: Vec<Stranded>,
    /// Work and messages that were given up, or may have gone out.
    dead_letters: Vec<DeadLetter>,
    /// Letters that did not go out yet and are tried again by themselves.
    retrying: Vec<Retrying>,
    /// What ports were paid today, agent by agent, in the client's currency.
    spent_today: BTreeMap<String, String>,
    /// Questions to people.
    open_questions: usize,
    /// When something is due next.
    next_due: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct Workflow {
    name: String,
    /// Live runs by stage, in the order of the playbook.
    stages: Vec<Stage>,
    /// Runs that are over, by outcome.
    ended: BTreeMap<String, usize>,
}

#[derive(Debug, Serialize)]
struct Stage {
    stage: String,
    runs: usize,
}

#[derive(Debug, Serialize)]
struct Stranded {
    run: i64,
    workflow: String,
    stage: String,
    about: String,
}

#[derive(Debug, Serialize)]
struct DeadLetter {
    number: i64,
    agent: String,
    channel: Option<String>,
    uncertain: bool,
    attempts: u32,
    why: String,
}

/// Prints it.
///
/// # Errors
/// Where there is no CRM.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let client = Client::named(arguments.client.as_deref())?;
    let office = Office::to_read(client, &arguments.crm, terminal)?;
    let status = status(&office)?;
    if arguments.json {
        terminal.print_json(&status)?;
    } else {
        terminal.print(&page(&office, &status, terminal))?;
    }
    Ok(Outcome::Fine)
}

/// Gathers it.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn status(office: &Office) -> anyhow::Result<Status> {
    let crm = &office.runner.crm;
    let runs = crm.runs(None, false)?;
    let mut workflows = Vec::new();
    let known = |name: &str| office.program.workflows.iter().find(|workflow| workflow.name == name);
    let mut names: Vec<&str> = office.program.workflows.iter().map(|workflow| workflow.name.as_str()).collect();
    for run in runs.iter().filter(|run| run.ended.is_none()) {
        if !names.contains(&run.workflow.as_str()) {
            names.push(&run.workflow);
        }
    }
    for name in names {
        let own = || runs.iter().filter(|run| run.workflow == name);
        let live = |stage: &str| {
            own().filter(|run| run.ended.is_none() && run.stage.as_ref().is_some_and(|(name, _)| name == stage)).count()
        };
        // Behind the stages that there are, those that are gone and still have runs.
        let stages_of = known(name).map(|workflow| workflow.stages.as_slice()).unwrap_or_default();
        let mut names: Vec<&str> = stages_of.iter().map(|stage| stage.name.as_str()).collect();
        for run in own().filter(|run| run.ended.is_none()) {
            if let Some((stage, _)) = &run.stage
                && !names.contains(&stage.as_str())
            {
                names.push(stage);
            }
        }
        let stages = names.into_iter().map(|stage| Stage { stage: stage.to_owned(), runs: live(stage) });
        let stages: Vec<Stage> = stages.filter(|stage| stage.runs > 0).collect();
        let mut ended = BTreeMap::new();
        for (_, outcome) in own().filter_map(|run| run.ended.as_ref()) {
            *ended.entry(outcome.to_string()).or_default() += 1;
        }
        workflows.push(Workflow { name: name.to_owned(), stages, ended });
    }
    let dead = crm.dead_letters()?.into_iter().map(|failed| DeadLetter {
        number: failed.number.0,
        agent: failed.agent.to_string(),
        channel: failed.channel.map(|channel| channel.to_string()),
        uncertain: failed.uncertain,
        attempts: failed.attempts,
        why: failed.error,
    });
    let mut stranded = Vec::new();
    for run in runner::stranded(crm, &office.program)? {
        stranded.push(Stranded {
            run: run.number.0,
            workflow: run.workflow.to_string(),
            stage: run.stage.map(|(stage, _)| stage.to_string()).unwrap_or_default(),
            about: people::of(crm, &office.program, &run.record)?.title(),
        });
    }
    Ok(Status {
        workflows,
        paused: paused::all(crm, &office.program)?,
        cannot_work: office::ports_of(&office.client, &office.program).err().map(|error| error.to_string()),
        broken: crm.verify_last(LATELY)?.err().map(|broken| broken.to_string()),
        stranded,
        dead_letters: dead.collect(),
        retrying: followed::retrying(office)?,
        spent_today: spent_today(office)?,
        open_questions: crm.inbox(&runtime::crm::log::Asked::default())?.len(),
        next_due: office.runner.next_due()?,
    })
}

/// What ports were paid on the client's day.
fn spent_today(office: &Office) -> anyhow::Result<BTreeMap<String, String>> {
    let zone = words::zone(&office.program.client.timezone);
    let today = office.now.to_zoned(zone.clone()).start_of_day()?.timestamp();
    let spent = office.runner.crm.spent(&zone, today, office.now.saturating_add(SignedDuration::from_nanos(1))?)?;
    Ok(spent.into_iter().map(|((_, agent), amount)| (agent.to_string(), amount.to_string())).collect())
}

/// The status for a reader.
pub(crate) fn page(office: &Office, status: &Status, terminal: &Terminal) -> String {
    let (paint, zone) = (terminal.paint(), &office.program.client.timezone);
    let mut page = String::new();
    let widest = status.workflows.iter().map(|workflow| layout::width(&workflow.name)).max().unwrap_or(0);
    for workflow in &status.workflows {
        let live: Vec<String> = workflow.stages.iter().map(|Stage { stage, runs }| format!("{stage} {runs}")).collect();
        let ended: Vec<String> = workflow.ended.iter().map(|(outcome, runs)| format!("{outcome} {runs}")).collect();
        let mut line = if live.is_empty() { "nothing under way".to_owned() } else { live.join(" · ") };
        if !ended.is_empty() {
            line.push_str(&format!("; ended: {}", ended.join(" · ")));
        }
        let first = format!("{}  ", layout::left(&workflow.name, widest));
        page.push_str(&layout::paragraph(&first, &line, terminal.width()));
    }
    if status.workflows.is_empty() {
        page.push_str("the playbook has no workflows\n");
    }
    page.push('\n');
    if let Some(why) = &status.cannot_work {
        let line = layout::paragraph("work cannot go on: ", why, terminal.width());
        page.push_str(&line.replacen("work cannot go on", &paint.red("work cannot go on"), 1));
    }
    if let Some(broken) = &status.broken {
        let verify = format!("{} log{} verify", words::command(), office.client.as_argument());
        page.push_str(&format!("{}: {verify}\n", paint.red(broken)));
    }
    for paused in &status.paused {
        page.push_str(&paused.line(zone, paint));
    }
    page.push_str(&stranded(office, status, terminal));
    for letter in &status.dead_letters {
        let what = if letter.uncertain { "may have gone out" } else { "given up" };
        let line = layout::paragraph(
            "",
            &format!("{what} {} by {}: {}", letter.number, letter.agent, letter.why),
            terminal.width(),
        );
        page.push_str(&line.replacen(what, &paint.red(what), 1));
    }
    for letter in &status.retrying {
        page.push_str(&layout::paragraph("", &letter.words(office), terminal.width()));
    }
    if !status.spent_today.is_empty() {
        let agents: Vec<String> =
            status.spent_today.iter().map(|(agent, amount)| format!("{agent} {amount}")).collect();
        page.push_str(&format!("spent today, in {}: {}\n", office.program.client.currency, agents.join(" · ")));
    }
    page.push_str(&format!("{}\n", count(status.open_questions as u64, "open question", "open questions")));
    if let Some(next) = status.next_due {
        page.push_str(&format!("{}\n", paint.dim(&format!("due next: {}", words::as_of(next, zone)))));
    }
    page
}

/// Runs that wait in stages which are gone, stage by stage, and what shows where they can go on.
fn stranded(office: &Office, status: &Status, terminal: &Terminal) -> String {
    let mut stages: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for run in &status.stranded {
        *stages.entry((&run.workflow, &run.stage)).or_default() += 1;
    }
    let mut lines = String::new();
    for ((workflow, stage), runs) in &stages {
        let are = if *runs == 1 { "is" } else { "are" };
        let runs = count(*runs, "run", "runs");
        let words = format!("{runs} {are} in {workflow}.{stage}, which the playbook does not have any more");
        let line = layout::paragraph("stranded: ", &words, terminal.width());
        lines.push_str(&line.replacen("stranded", &terminal.paint().red("stranded"), 1));
    }
    if !stages.is_empty() {
        let (playbook, client) = (words::command(), office.client.as_argument());
        lines.push_str(&format!("  {playbook} upgrade{client} --dry-run   where they can go on\n"));
    }
    lines
}
