//! `playbook simulate`: what would be, if buyers and people did what a scenario says.

mod assumed;
mod leads;
mod page;

use std::sync::{Arc, Mutex};

use compiler::compile::errors_of_turned;
use compiler::modules::Modules;
use compiler::program::{Fixed, Program};
use foresight::reports::{Other as Otherwise, Simulated as Reported, Whose};
use foresight::simulate::{self, Difference, Figures, Fitted, Knob, Report, Setting};
use jiff::{SignedDuration, Timestamp};
use runtime::agents::builtin::{BuiltIn, Notes};
use runtime::calendar;
use serde::Serialize;
use smol_str::SmolStr;

use crate::changes::revision::Revision;
use crate::client::Client;
use crate::exit::{Failure, Outcome};
use crate::layout::listed;
use crate::playbook;
use crate::progress::Progress;
use crate::report::ReportArguments;
use crate::terminal::Terminal;
use crate::words;

/// Play a scenario on a virtual clock, over and over: weeks in seconds, around the engine itself
#[derive(clap::Args)]
#[command(
    override_usage = "playbook simulate [OPTIONS] [CLIENT] [SCENARIO]",
    after_help = "\
Leads are drawn from the records of the file that the scenario names, with all that the client's other files say of them. Agents are \
the built-in ones; people and buyers do what the scenario says, by chance, and two playbooks meet the same buyers.

Exit codes: 0 all that the scenario expects comes out, 1 something does not, 2 wrong usage, 3 could not run.

Example:
  playbook simulate playbooks/stackmates
  playbook simulate playbooks/stackmates \"first quarter\" --vary \"warm=35..55 step 10\"
  playbook simulate playbooks/stackmates --against HEAD~1 --seeds 500
  playbook simulate playbooks/stackmates --report first-quarter.html --figures figures"
)]
pub(crate) struct Arguments {
    /// The client, and the scenario where there are several [default: the first one]
    #[arg(value_name = "CLIENT, SCENARIO", num_args = 0..=2)]
    what: Vec<String>,

    /// How many seeds to play, from the scenario's own on
    #[arg(long, value_name = "NUMBER", default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    seeds: u64,

    /// Play it as well with other values of a number: hot=60..80 step 5, firmographic.weight=10..40 step 10, human.approves=50..90 step 20
    #[arg(long, value_name = "NAME=FROM..TO step BY")]
    vary: Option<String>,

    /// Play another playbook with the same buyers: a client, or a revision of this one
    #[arg(long, value_name = "CLIENT or REVISION", conflicts_with = "vary")]
    against: Option<String>,

    /// Go on for so many weeks, also after the last lead has come in
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=520))]
    weeks: Option<u32>,

    /// What a deal is worth that the playbook makes, evenly from and to: 5000..40000; else nobody knows
    #[arg(long, value_name = "FROM..TO")]
    worth: Option<String>,

    /// Show instead what the client's CRM says of the scenario's habits, as clauses to paste
    #[arg(long)]
    fit: bool,

    /// The CRM's database, for --fit [default: crm.db in the client's folder]
    #[arg(long, value_name = "FILE", requires = "fit")]
    db: Option<std::path::PathBuf>,

    /// Begin with the first week from then on: 2026-11-20, "2026-11-20 09:00" (both in the client's time zone) or RFC 3339
    #[arg(long, value_name = "TIME")]
    now: Option<String>,

    #[command(flatten)]
    page: ReportArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// All that is printed.
#[derive(Debug, Serialize)]
struct Simulated {
    #[serde(flatten)]
    report: Report,
    /// Files that sources name and that are not there: what they would say of leads is not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<String>,
    /// The same with other values of a number, or with another playbook.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<Other>,
}

/// The same scenario with another value or another playbook.
#[derive(Debug, Serialize)]
struct Other {
    /// `hot = 65`, `HEAD~1`
    what: String,
    /// In what its buyers and people are not the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buyers: Vec<String>,
    differences: Vec<Difference>,
}

/// Prints it.
///
/// # Errors
/// Where there is no such scenario, or nobody who could come in.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut what = arguments.what.clone();
    let client = Client::take(&mut what)?;
    let (program, files, modules) = playbook::with_modules(playbook::compiled(&client, &[])?, terminal)?;
    let program = Arc::new(program);
    let scenario = chosen(&program, &what)?;
    let now = words::instant(arguments.now.as_deref(), &program.client.timezone)?;
    if arguments.fit {
        return fit(&client, &program, scenario, arguments, now, terminal);
    }
    arguments.page.check()?;
    let worth = arguments.worth.as_deref().map(worth).transpose()?;
    let scene = Scene { client: &client, now, weeks: arguments.weeks, worth, seeds: arguments.seeds };
    // What cannot be meant is said before anything long begins.
    let turned = arguments.vary.as_deref().map(|vary| varied(&program, &modules, scenario, vary)).transpose()?;
    let against = match &arguments.against {
        Some(other) => Some((other.clone(), against(&client, other, &program, scenario, terminal)?)),
        None => None,
    };
    let mut missing = Vec::new();
    let (setting, figures) = scene.play(&program, scenario, &program.client.name, &mut missing, terminal)?;
    let report = simulate::report(&setting, &figures).ok_or_else(|| Failure::could_not_run("nothing was played"))?;
    let (mut others, mut otherwise) = (Vec::new(), Vec::new());
    let base = scenario;
    let turned = turned.into_iter().flatten().map(|turned| (turned.what, turned.program, scenario, Some(turned.value)));
    let against = against.into_iter().map(|(name, (program, scenario))| (name, program, scenario, None));
    for (what, program, scenario, turned) in turned.chain(against) {
        let (before, after) = ((setting.program(), base), (&program, scenario));
        // What is varied of people is what is asked for; a card that buyers go by is not.
        let buyers = match turned {
            Some(_) => simulate::scores_differ(before, after),
            None => simulate::buyers_differ(before, after),
        };
        let (other, seeds) = scene.play(&Arc::new(program), scenario, &what, &mut missing, terminal)?;
        let differences = simulate::differences(&other, &seeds, (&setting, &figures));
        let playbook = other.book().version.to_string();
        let of = Otherwise { what, turned, playbook, buyers, differences };
        others.push(Other { what: of.what.clone(), buyers: of.buyers.clone(), differences: of.differences.clone() });
        otherwise.push(of);
    }
    missing.dedup();
    if arguments.page.is_wanted() {
        let reported = Reported {
            whose: &Whose {
                client: program.client.name.to_string(),
                playbook: setting.book().version.to_string(),
                zone: program.client.timezone.to_string(),
            },
            program: &program,
            report: &report,
            seeds: &figures,
            assumed: &assumed::text(&program, scenario, &files),
            worth,
            others: &otherwise,
            missing: &missing,
        };
        arguments.page.write(&reported.page(), terminal)?;
    }
    let holds = report.expectations.iter().all(|expected| expected.holds);
    let simulated = Simulated { report, missing, others };
    if arguments.json {
        terminal.print_json(&simulated)?;
    } else {
        terminal.print(&page::page(&simulated, &program, terminal))?;
    }
    Ok(if holds { Outcome::Fine } else { Outcome::Findings })
}

/// What all plays of one command have in common.
struct Scene<'a> {
    client: &'a Client,
    now: Timestamp,
    weeks: Option<u32>,
    worth: Option<(f64, f64)>,
    seeds: u64,
}

impl Scene<'_> {
    fn play(
        &self,
        program: &Arc<Program>,
        scenario: usize,
        label: &str,
        missing: &mut Vec<String>,
        terminal: &Terminal,
    ) -> anyhow::Result<(Setting, Vec<Figures>)> {
        let zone = words::zone(&program.client.timezone);
        let week = calendar::week_start(&zone, self.now);
        let from = if week == self.now {
            week
        } else {
            let next = self.now.checked_add(SignedDuration::from_hours(24 * 7)).unwrap_or(self.now);
            calendar::week_start(&zone, next)
        };
        let until = self.weeks.map(|weeks| {
            let period = compiler::program::Period {
                amount: weeks,
                unit: language::syntax::DurationUnit::Week,
                business: false,
            };
            calendar::after(&program.client, &zone, from, period)
        });
        let streams = program.scenarios.get(scenario).map(|scenario| scenario.leads.as_slice()).unwrap_or_default();
        let mut files: Vec<&SmolStr> = streams.iter().map(|stream| &stream.from).collect();
        files.dedup();
        let pools = files.into_iter().map(|file| leads::pool(self.client, program, file, from, missing));
        let pools = pools.collect::<anyhow::Result<Vec<_>>>()?;
        let notes = self.client.folder.join("research");
        let worker = BuiltIn::new(notes.is_dir().then(|| Notes::new(notes)));
        let setting = Setting::new(Arc::clone(program), scenario, pools, worker, from, until)?.worth(self.worth);
        let progress = Mutex::new(Progress::new(terminal, label, self.seeds));
        let each = |done: u64| {
            if let Ok(mut progress) = progress.try_lock() {
                progress.at(done, done, "seeds");
            }
        };
        let figures = simulate::play(&setting, self.seeds, &each)?;
        Ok((setting, figures))
    }
}

/// The scenario that is named, or the first one.
fn chosen(program: &Program, what: &[String]) -> anyhow::Result<usize> {
    let titles = || program.scenarios.iter().map(|scenario| format!("“{}”", scenario.title)).collect::<Vec<_>>();
    match what {
        [] if program.scenarios.is_empty() => Err(Failure::usage("the playbook has no scenario")
            .help("write one: scenario \"first quarter\" { leads 20 per week from \"sample/contacts.csv\" for 8 weeks … }")
            .into()),
        [] => Ok(0),
        [title, ..] => program.scenarios.iter().position(|scenario| scenario.title == *title).ok_or_else(|| {
            let failure = Failure::usage(format!("the playbook has no scenario “{title}”"));
            let known = titles();
            if known.is_empty() { failure } else { failure.help(format!("it has {}", listed(&known, "and"))) }.into()
        }),
    }
}

/// The playbook with another value of a number.
struct Turned {
    /// `hot = 65`
    what: String,
    /// The number's name, this value, and the one that the playbook has.
    value: (String, f64, f64),
    program: Program,
}

/// `hot=60..80 step 5`: the playbook with each of these values.
fn varied(program: &Program, modules: &Modules, scenario: usize, vary: &str) -> anyhow::Result<Vec<Turned>> {
    let knobs = simulate::knobs(program, scenario);
    let wrong = |why: String| {
        let names: Vec<String> = knobs.iter().map(|knob| format!("{} ({})", knob.name, knob.value)).collect();
        Failure::usage(why)
            .help(format!("write NAME=FROM..TO step BY; names here, with what they are: {}", names.join(", ")))
    };
    let Some((name, range)) = vary.split_once('=') else {
        return Err(wrong(format!("`{vary}` varies nothing: it has no `=`")).into());
    };
    let name = name.trim();
    let knob: &Knob = knobs
        .iter()
        .find(|knob| knob.name == name)
        .ok_or_else(|| wrong(format!("the playbook has no number `{name}` that can be varied")))?;
    let (range, step) = match range.split_once("step") {
        Some((range, step)) => (range.trim(), step.trim()),
        None => (range.trim(), "1"),
    };
    let (from, to) = range.split_once("..").unwrap_or((range, range));
    let number = |text: &str| -> anyhow::Result<Fixed> {
        let text = text.trim().trim_end_matches('%');
        Ok(text.parse().map_err(|_| wrong(format!("`{text}` is not a number")))?)
    };
    let (from, to, step) = (number(from)?, number(to)?, number(step)?);
    if step.0 <= 0 {
        return Err(wrong(format!("a step of {step} leads nowhere")).into());
    }
    if to < from {
        return Err(wrong(format!("`{vary}` goes down: the lower value stands first")).into());
    }
    if (to.0 - from.0) / step.0 >= 50 {
        return Err(wrong(format!("`{vary}` is more than fifty values, and each is played with every seed")).into());
    }
    let values = (0..).map(|times| Fixed(from.0 + times * step.0)).take_while(|value| *value <= to);
    let values = values.filter(|value| *value != knob.value);
    let turned = |value: Fixed| {
        let what = format!("{name} = {value}");
        let refused = |why: String| {
            Failure::usage(format!("`check` would not let `{what}` pass: {why}"))
                .help("vary it between values that a playbook may have")
        };
        if let Some(why) = knob.refuses(program, value) {
            return Err(refused(why).into());
        }
        let program = knob.turned(program, value);
        if let Some(found) = errors_of_turned(&program, modules).first() {
            return Err(refused(found.headline.to_string()).into());
        }
        Ok(Turned { what, value: (name.to_owned(), value.to_f64(), knob.value.to_f64()), program })
    };
    values.map(turned).collect()
}

/// `5000..40000`
fn worth(text: &str) -> anyhow::Result<(f64, f64)> {
    let parsed =
        text.split_once("..").and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?)));
    parsed.filter(|(from, to): &(f64, f64)| *from >= 0.0 && to >= from && to.is_finite()).ok_or_else(|| {
        Failure::usage(format!("`{text}` is not what deals are worth")).help("write --worth 5000..40000").into()
    })
}

/// Another client, or this one as it stood at a revision, with the scenario that is played of it.
fn against(
    client: &Client,
    other: &str,
    program: &Program,
    scenario: usize,
    terminal: &Terminal,
) -> anyhow::Result<(Program, usize)> {
    let path = match client.files.as_slice() {
        [only] if std::path::Path::new(&client.spelled) == only => only.clone(),
        _ => client.folder.clone(),
    };
    let compiled = match Client::named(Some(other)) {
        Ok(other) => playbook::compiled(&other, &[])?,
        Err(_) => Revision::of(other, &path)?.compiled()?,
    };
    let (theirs, _) = playbook::runnable(compiled, terminal)?;
    let title = program.scenarios.get(scenario).map(|scenario| scenario.title.clone()).unwrap_or_default();
    let same = theirs.scenarios.iter().position(|known| known.title == title).ok_or_else(|| {
        Failure::usage(format!("`{other}` has no scenario “{title}”"))
            .help("what is compared has to have it, so that both meet the same buyers")
    })?;
    Ok((theirs, same))
}

/// What a CRM says of the scenario's habits.
fn fit(
    client: &Client,
    program: &Program,
    scenario: usize,
    arguments: &Arguments,
    now: Timestamp,
    terminal: &Terminal,
) -> anyhow::Result<Outcome> {
    let path = client.database(arguments.db.as_deref());
    if !path.exists() {
        return Err(Failure::could_not_run(format!("there is no CRM at `{}`", path.display()))
            .help("habits are read off what happened: import it first, or name the database with --db")
            .into());
    }
    let crm = runtime::crm::Crm::open_to_read(&path, program)?;
    let fitted: Vec<Fitted> = simulate::fit(&crm, program, scenario, now)?;
    if arguments.json {
        terminal.print_json(&serde_json::json!({ "habits": fitted }))?;
    } else {
        terminal.print(&page::fitted(&fitted, terminal))?;
    }
    Ok(Outcome::Fine)
}
