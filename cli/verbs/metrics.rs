//! `playbook metrics`: goals with their intervals, every transition, kill signals, and how mature each workflow is.

use compiler::program::{Fixed, Maturity};
use runtime::metrics::{
    self, Figures, Finding, KillSignal, KillVerdict, Matured, Measured, Reading, Row, Stages, Unit, Verdict, proofs,
};

use crate::client::Client;
use crate::desk::Desk;
use crate::exit::Outcome;
use crate::layout::{self, count, paragraph};
use crate::table;
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;
use crate::words;

/// Show what success is and how far it is: goals with intervals, every transition, kill signals, maturity
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook metrics playbooks/stackmates
  playbook metrics playbooks/stackmates --json")]
pub(crate) struct Arguments {
    /// The client [default: the folder you stand in]
    client: Option<String>,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints them.
///
/// # Errors
/// Where there is no CRM.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let desk = Desk::open(Client::named(arguments.client.as_deref())?, &arguments.crm, terminal)?;
    let zone = words::zone(&desk.program.client.timezone);
    let metrics = Figures::read(&desk.crm, &desk.program, &zone, &proofs(&desk.program), desk.now)?;
    if arguments.json {
        terminal.print_json(&metrics)?;
    } else {
        terminal.print(&page(&desk, &metrics, terminal))?;
    }
    Ok(Outcome::Fine)
}

fn page(desk: &Desk, metrics: &Figures, terminal: &Terminal) -> String {
    let paint = terminal.paint();
    let mut page = format!("{}\n", paint.dim(&format!("as of {}", desk.as_of())));
    page.push_str("\ngoals\n");
    for goal in &metrics.goals {
        page.push_str(&goal_lines(goal, terminal));
    }
    if metrics.goals.is_empty() {
        page.push_str("  the playbook has none\n");
    }
    for signal in &metrics.kill_signals {
        page.push_str(&kill_lines(signal, terminal));
    }
    page.push_str("\nworkflows\n");
    page.push_str(&transitions(&metrics.transitions, terminal));
    page.push_str("\nmaturity\n");
    page.push_str(&maturity_lines(&metrics.maturity, terminal));
    page
}

/// A line for each workflow, and once what the next step wants that several of them have in common.
fn maturity_lines(all: &[Matured], terminal: &Terminal) -> String {
    let mut page = String::new();
    let widest = all.iter().map(|matured| layout::width(&matured.workflow)).max().unwrap_or(0);
    for matured in all {
        let mut line = step(matured.derived).to_owned();
        if matured.overclaimed {
            line.push_str(&format!(", though its author says {}", step(matured.claimed)));
        }
        match matured.derived {
            Maturity::Draft => line.push_str(&format!("; next: {}", matured.missing.join("; "))),
            Maturity::Documented => {
                let (ended, undisturbed) = (matured.ended, &matured.undisturbed);
                let (hits, of) = (undisturbed.hits, undisturbed.of);
                line.push_str(&format!(
                    "; {ended} of {} runs ended, {hits} of {of} transitions undisturbed",
                    metrics::RUNS
                ));
            }
            Maturity::Measured | Maturity::Approved => {}
        }
        page.push_str(&paragraph(&format!("  {}  ", layout::left(&matured.workflow, widest)), &line, terminal.width()));
    }
    let is_any = |step: Maturity| all.iter().any(|matured| matured.derived == step);
    let measured = format!(
        "measured is what had {} runs that ended in the last 90 days, and {}% of its transitions without anybody stepping in",
        metrics::RUNS,
        metrics::UNDISTURBED
    );
    let approved = "approved is what somebody among the client's `people` has then signed as it stands".to_owned();
    for (step, words) in [(Maturity::Documented, measured), (Maturity::Measured, approved)] {
        if is_any(step) {
            page.push_str(&paragraph("  next: ", &words, terminal.width()));
        }
    }
    page
}

fn step(maturity: Maturity) -> &'static str {
    match maturity {
        Maturity::Draft => "draft",
        Maturity::Documented => "documented",
        Maturity::Measured => "measured",
        Maturity::Approved => "approved",
    }
}

fn goal_lines(goal: &Measured, terminal: &Terminal) -> String {
    let name = goal.name.as_ref().map(|name| format!("{name}, ")).unwrap_or_default();
    let mut lines = paragraph("  ", &format!("{name}“{}”: {}", goal.title, goal.words), terminal.width());
    let readings = [("now", Some(&goal.current)), ("last", goal.last.as_ref())];
    for (label, reading) in readings.into_iter().filter_map(|(label, reading)| Some((label, reading?))) {
        let verdict = match reading.verdict {
            Verdict::Met => "met",
            Verdict::Missed => "missed",
            Verdict::Undecided => "not decided yet",
            Verdict::Undefined => "undefined",
        };
        lines.push_str(&paragraph(
            &format!("    {}  ", layout::left(label, 4)),
            &format!("{}: {verdict}", figure(reading)),
            terminal.width(),
        ));
    }
    lines
}

fn figure(reading: &Reading) -> String {
    let unit = match reading.figure.unit {
        Unit::Percent => "%",
        Unit::Points => " points",
        Unit::Times | Unit::Money | Unit::Workflows => "",
    };
    let mut words = match reading.figure.value {
        Some(value) => format!("{}{unit}", short(value, reading.figure.unit)),
        None => "nothing to measure".to_owned(),
    };
    if let Some(interval) = reading.figure.interval {
        words.push_str(&format!(" ({:.1} to {:.1}{unit})", interval.low, interval.high));
    }
    for note in &reading.figure.notes {
        words.push_str(&format!(", {note}"));
    }
    words
}

/// A figure as people read it: shares and points to a tenth, money to the cent, as their intervals are. `--json` has all digits.
fn short(value: Fixed, unit: Unit) -> String {
    let digits = match unit {
        Unit::Percent | Unit::Points => 1,
        Unit::Money => 2,
        Unit::Times | Unit::Workflows => return value.to_string(),
    };
    let whole = value.0 % language::SCALE == 0;
    if whole { value.to_string() } else { format!("{:.digits$}", value.to_f64()) }
}

fn kill_lines(signal: &KillSignal, terminal: &Terminal) -> String {
    let verdict = match signal.verdict {
        KillVerdict::Kill => "kill: too few",
        KillVerdict::Works => "it works",
        KillVerdict::TooEarly => "too early to say",
        KillVerdict::Unknown => "not all is reported",
    };
    let mut lines = format!("\nkill signal of {}\n", signal.score);
    let line = format!(
        "{} of {} scored contacts had `{}`, fewer than {} would be too few: {verdict}",
        signal.seen.hits, signal.decided, signal.event, signal.fewer_than
    );
    lines.push_str(&paragraph("  ", &line, terminal.width()));
    for layer in &signal.layers {
        let finding = match layer.finding {
            Finding::WrongWay => "those with it have fewer points",
            Finding::TellsNothing => "does not tell who has it",
            Finding::TellsApart => "tells who has it",
            Finding::Undefined => "too few to say",
        };
        lines.push_str(&format!("    {}  {finding}\n", layer.layer));
    }
    lines
}

fn transitions(stages: &Stages, terminal: &Terminal) -> String {
    let mut table = table::table(&["stage", "now", "left", "went on to", "median", "approved unchanged"], terminal);
    for row in &stages.stages {
        table.add_row(cells(row));
    }
    if stages.stages.is_empty() {
        return format!("  {}\n", count(0, "transition", "transitions"));
    }
    table::lines(&table)
}

fn cells(row: &Row) -> Vec<String> {
    let name = |part: &Option<smol_str::SmolStr>| part.as_ref().map(ToString::to_string).unwrap_or_default();
    let to: Vec<String> =
        row.conversion.iter().map(|conversion| format!("{} {}", conversion.to, conversion.share.hits)).collect();
    let median = row.duration.map(|duration| span(duration.median)).unwrap_or_default();
    let approved = &row.drafts.approved;
    let drafts = if approved.of == 0 { String::new() } else { format!("{} of {}", approved.hits, approved.of) };
    vec![
        format!("{}.{}", name(&row.workflow), name(&row.stage)),
        row.now.unwrap_or(0).to_string(),
        row.left.to_string(),
        to.join(", "),
        median,
        drafts,
    ]
}

/// `3 days`, `4 hours`, `at once`
fn span(seconds: f64) -> String {
    const UNITS: [(f64, &str); 3] = [(86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute")];
    for (size, unit) in UNITS {
        if seconds >= size {
            let number = (seconds / size).round();
            return format!("{number} {unit}{}", if number > 1.0 { "s" } else { "" });
        }
    }
    "at once".to_owned()
}
