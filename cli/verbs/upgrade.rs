//! `playbook upgrade`: live runs to the playbook as it stands now.

use runtime::upgrade::{Mapping, Plan, Problem, Whither};
use serde::Serialize;

use crate::client::Client;
use crate::desk::{Adopting, Desk};
use crate::exit::{Failure, Outcome};
use crate::layout::{self, count, paragraph};
use crate::office::Office;
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;

/// Move live runs to the playbook as it stands now, each to the stage where it goes on
#[derive(clap::Args)]
#[command(
    after_help = "A stage that the playbook still has is itself; for any other, --map says where its runs go on. Nothing is moved
before that is said of every stage in which a run is.

Example:
  playbook upgrade playbooks/stackmates --dry-run
  playbook upgrade playbooks/stackmates --map LeadQualification.Invite=LeadQualification.Booked --by founder"
)]
pub(crate) struct Arguments {
    /// The client [default: the folder you stand in]
    client: Option<String>,

    /// Where runs go on: WORKFLOW.STAGE=WORKFLOW.STAGE, or WORKFLOW=WORKFLOW for all of its stages
    #[arg(long, value_name = "FROM=TO")]
    map: Vec<String>,

    /// Who says so: one of the client's people
    #[arg(long, value_name = "ROLE")]
    by: Option<String>,

    /// Why, for the log
    #[arg(long, value_name = "REASON")]
    why: Option<String>,

    /// Show where runs would go on, and move nothing
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What was moved, or would be.
#[derive(Debug, Serialize)]
struct Upgraded {
    dry_run: bool,
    /// It is said of every live run where it goes on.
    total: bool,
    stages: Vec<Stage>,
    /// Runs that were moved, or would be.
    moved: usize,
    /// What stands in the way.
    problems: Vec<String>,
    /// What was said of stages in which no run is.
    idle: Vec<String>,
    /// Who said so; none of a dry run.
    by: Option<String>,
}

/// The runs of a stage.
#[derive(Debug, Serialize)]
struct Stage {
    from: String,
    runs: u64,
    /// Where they go on; none where nobody has said.
    to: Option<String>,
    stays: bool,
}

/// Plans, and moves.
///
/// # Errors
/// Where there is no CRM, or a mapping cannot be read.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let client = Client::named(arguments.client.as_deref())?;
    let mapping =
        Mapping::read(arguments.map.iter().map(String::as_str)).map_err(|error| Failure::usage(error.to_string()))?;
    if arguments.dry_run {
        let office = Office::to_read(client, &arguments.crm, terminal)?;
        let plan = office.runner.plan_upgrade(&mapping)?;
        return told(arguments, &office, &plan, None, terminal);
    }
    let desk = Desk::open_to_write(client, &arguments.crm, Adopting::default(), terminal)?;
    let mut office = Office::open(desk, &arguments.crm)?;
    let now = office.now;
    let idle = office.runner.plan_upgrade(&mapping)?;
    if arguments.by.is_none() && idle.is_total() && idle.moves.is_empty() {
        // Nobody has to say anything about it; what the playbook is now is at work from here on.
        office.runner.work(now)?;
        return told(arguments, &office, &idle, None, terminal);
    }
    let by = office.person(arguments.by.as_deref(), None)?;
    let plan = office.runner.upgrade(&mapping, &by, arguments.why.as_deref(), now)?;
    if plan.is_total() {
        // What the playbook is now is at work from here on, also where nothing had to move.
        office.runner.work(now)?;
    }
    told(arguments, &office, &plan, Some(by), terminal)
}

fn told(
    arguments: &Arguments,
    office: &Office,
    plan: &Plan,
    by: Option<String>,
    terminal: &Terminal,
) -> anyhow::Result<Outcome> {
    if arguments.json {
        terminal.print_json(&upgraded(plan, arguments.dry_run, by))?;
    } else {
        terminal.print(&page(office, plan, by.as_deref(), terminal))?;
    }
    Ok(if plan.is_total() { Outcome::Fine } else { Outcome::Findings })
}

fn upgraded(plan: &Plan, dry_run: bool, by: Option<String>) -> Upgraded {
    let stage = |line: &runtime::upgrade::Line| {
        let from = format!("{}.{}", line.workflow, line.stage);
        let to = match &line.to {
            Whither::Stay => Some(from.clone()),
            Whither::To(workflow, stage) => Some(format!("{workflow}.{stage}")),
            Whither::Unsaid => None,
        };
        Stage { from, runs: line.runs, to, stays: line.to == Whither::Stay }
    };
    Upgraded {
        dry_run,
        total: plan.is_total(),
        stages: plan.lines.iter().map(stage).collect(),
        moved: if plan.is_total() { plan.moves.len() } else { 0 },
        problems: plan.problems.iter().map(ToString::to_string).collect(),
        idle: plan.idle.iter().map(ToString::to_string).collect(),
        by,
    }
}

fn page(office: &Office, plan: &Plan, by: Option<&str>, terminal: &Terminal) -> String {
    let (paint, width) = (terminal.paint(), terminal.width());
    let mut page = String::new();
    let from = |line: &runtime::upgrade::Line| format!("{}.{}", line.workflow, line.stage);
    let widest = plan.lines.iter().map(|line| layout::width(&from(line))).max().unwrap_or(0);
    let most = plan.lines.iter().map(|line| line.runs.to_string().len()).max().unwrap_or(0);
    for line in &plan.lines {
        let to = match &line.to {
            Whither::Stay => paint.dim("stay"),
            Whither::To(workflow, stage) => format!("→ {}", paint.green(&format!("{workflow}.{stage}"))),
            Whither::Unsaid => paint.red("nobody has said where they go on"),
        };
        let runs = layout::right(&line.runs.to_string(), most);
        page.push_str(&format!("{}  {runs}  {to}\n", layout::left(&from(line), widest)));
    }
    if plan.lines.is_empty() {
        page.push_str("nothing is under way\n");
    }
    page.push('\n');
    for idle in &plan.idle {
        page.push_str(&paragraph("", &format!("no run is in {idle}: what was said of it changes nothing"), width));
    }
    for problem in &plan.problems {
        page.push_str(&paragraph("error: ", &problem.to_string(), width).replacen("error", &paint.red("error"), 1));
    }
    if !plan.is_total() {
        for help in helps(office, plan) {
            page.push_str(&paragraph("help: ", &help, width).replacen("help", &paint.cyan("help"), 1));
        }
        page.push_str("nothing was moved\n");
        return page;
    }
    let moved = plan.moves.len() as u64;
    page.push_str(&match (by, moved) {
        (_, 0) => "nothing has to move\n".to_owned(),
        (None, _) => format!("{} would move; nothing was moved\n", count(moved, "run", "runs")),
        (Some(by), _) => format!("{} moved by {by}\n", count(moved, "run", "runs")),
    });
    page
}

/// What to write for each stage of which nobody has said anything.
fn helps(office: &Office, plan: &Plan) -> Vec<String> {
    let unsaid = plan.problems.iter().filter_map(|problem| match problem {
        Problem::Unsaid { workflow, stage, .. } => Some((workflow, stage)),
        _ => None,
    });
    unsaid
        .map(|(workflow, stage)| {
            let known = office.program.workflows.iter().find(|known| known.name == *workflow);
            match known {
                Some(known) => {
                    let stages: Vec<&str> = known.stages.iter().map(|stage| stage.name.as_str()).collect();
                    format!("--map {workflow}.{stage}={workflow}.STAGE, where STAGE is one of {}", stages.join(", "))
                }
                None => {
                    let all: Vec<&str> =
                        office.program.workflows.iter().map(|workflow| workflow.name.as_str()).collect();
                    format!("--map {workflow}.{stage}=WORKFLOW.STAGE, where WORKFLOW is one of {}", all.join(", "))
                }
            }
        })
        .collect()
}
