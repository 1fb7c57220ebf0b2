//! `playbook learn`: what outcomes say a score should better be, with what speaks for it; written into the playbook where somebody says so.

use std::collections::BTreeMap;

use compiler::program::{FileId, ScoreId};
use foresight::backtest::{self, Asked, Report};
use foresight::learn::{self, Proposal, Rerouted, RouteCount, WriteError};
use foresight::reports::words as told;
use foresight::reports::{Learned, evidence};
use runtime::crm::RecordId;
use serde::Serialize;
use smol_str::SmolStr;

use crate::backtested::{estimate, percent};
use crate::client::Client;
use crate::desk::Desk;
use crate::exit::{Failure, Outcome};
use crate::files;
use crate::layout::{count, cut, left, paragraph, right, thousands, width};
use crate::people;
use crate::playbook;
use crate::report::{self, ReportArguments};
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;
use crate::verbs::backtest::{choose, learning, read};
use crate::words::signed;

/// Propose points, weights and rules from outcomes, with what speaks for each
#[derive(clap::Args)]
#[command(
    after_help = "The score says what is good: learn { good on deal.won   bad on deal.lost }. Nothing changes without --write.

Example:
  playbook learn playbooks/stackmates
  playbook learn playbooks/stackmates icp --write
  playbook learn playbooks/stackmates --report learned.html"
)]
pub(crate) struct Arguments {
    /// The client, and the score [default: the folder you stand in, its first score that learns]
    #[arg(value_name = "CLIENT, SCORE", num_args = 0..=2)]
    what: Vec<String>,

    /// Write it into the playbook's text
    #[arg(long)]
    write: bool,

    /// Write it although too few decisions are known
    #[arg(long, requires = "write")]
    provisional: bool,

    /// The field that says when a record was decided on [default: what the CRM knows]
    #[arg(long, value_name = "FIELD")]
    time: Option<String>,

    /// Make rules of these fields only: names with commas between
    #[arg(long, value_name = "FIELDS")]
    only: Vec<String>,

    /// Make no rules of these
    #[arg(long, value_name = "FIELDS")]
    without: Vec<String>,

    /// Make rules also of fields that seem to say the outcome
    #[arg(long)]
    with_leaks: bool,

    #[command(flatten)]
    crm: CrmArguments,

    #[command(flatten)]
    page: ReportArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What is printed.
#[derive(Debug, Serialize)]
struct Document {
    proposal: Proposal,
    /// Where everybody would have gone.
    routes: Vec<RouteCount>,
    /// Who would have gone elsewhere.
    rerouted: Vec<Rerouted>,
    /// Forward in time: what the card and what was learned were worth.
    forward: Forward,
    /// Files that were written.
    written: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Forward {
    own: Option<foresight::statistics::Estimate>,
    learned: Option<foresight::statistics::Estimate>,
    difference: Option<foresight::statistics::Estimate>,
}

/// Prints it, and writes it where that is asked for.
///
/// # Errors
/// Where there is no history, or it cannot be written.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut what = arguments.what.clone();
    let client = Client::take(&mut what)?;
    arguments.page.check()?;
    let desk = Desk::open(client, &arguments.crm, terminal)?;
    let score = match what.first() {
        Some(name) => desk.score(Some(name))?,
        None => learning(&desk)?,
    };
    let (report, mut document) = learned(&desk, score, arguments)?;
    if arguments.write {
        if let Some(rule) = report.leaking_rules.first().filter(|_| !arguments.with_leaks) {
            let words = format!("`{}` reads `{}`, which seems to say the outcome", rule.words, rule.column);
            return Err(Failure::findings(words).help("take the rule out first, or say --with-leaks").into());
        }
        document.written = write(&desk, &document.proposal, arguments.provisional, terminal)?;
    }
    if arguments.page.is_wanted() {
        let learned = Learned {
            whose: &report::whose(&desk)?,
            as_of: &desk.as_of(),
            proposal: &document.proposal,
            report: &report,
            routes: &document.routes,
            rerouted: &document.rerouted,
            written: &document.written,
        };
        arguments.page.write(&learned.page(), terminal)?;
    }
    if arguments.json {
        terminal.print_json(&document)?;
    } else {
        terminal.print(&page(&document, &report, arguments, terminal))?;
    }
    Ok(Outcome::Fine)
}

fn learned(desk: &Desk, score: ScoreId, arguments: &Arguments) -> anyhow::Result<(Report, Document)> {
    let history = read(desk, score, arguments.time.as_deref())?;
    let mut settings = learn::settings(&desk.program, score, &history.columns);
    choose(&mut settings, &history, &arguments.only, &arguments.without)?;
    let report = backtest::backtest(&history, &Asked { settings, with_leaks: arguments.with_leaks, from: None });
    let nothing = learn::Scored::default();
    let scored = history.scored.as_ref().unwrap_or(&nothing);
    let decided = history.fresh(&history.decided());
    let mut newest = report.newest.clone();
    if report.too_little.is_some() {
        newest.choice.kept = true;
        newest.points = scored.card.points();
    }
    let is_good = |record: u32| history.is_good(record);
    let proposal = Proposal::new(&desk.program, score, scored, &history.columns, &decided, is_good, &newest);
    let (routes, rerouted) =
        if proposal.is_empty() { (Vec::new(), Vec::new()) } else { learn::rerouted(&history, &newest.points) };
    let rerouted = named(desk, score, rerouted)?;
    let forward = Forward {
        own: report.own.as_ref().map(|own| own.auc),
        learned: report.learned.as_ref().map(|learned| learned.auc),
        difference: report.difference,
    };
    Ok((report, Document { proposal, routes, rerouted, forward, written: Vec::new() }))
}

/// The examples by what people call them.
fn named(desk: &Desk, score: ScoreId, rerouted: Vec<Rerouted>) -> anyhow::Result<Vec<Rerouted>> {
    let entity = desk.program.scores.get(score.index()).map(|score| score.entity).unwrap_or_default();
    let title = |id: SmolStr| -> anyhow::Result<SmolStr> {
        let Ok(number) = id.parse() else { return Ok(id) };
        Ok(people::one(&desk.crm, &desk.program, entity, RecordId(number))?.title().into())
    };
    let with_names = |moved: Rerouted| {
        let examples = moved.examples.into_iter().map(title).collect::<anyhow::Result<_>>()?;
        Ok(Rerouted { examples, ..moved })
    };
    rerouted.into_iter().map(with_names).collect()
}

/// The words that ask for the same again.
fn again(arguments: &Arguments) -> String {
    let mut words: Vec<String> = arguments.what.clone();
    let mut with =
        |flag: &str, values: &[String]| words.extend(values.iter().flat_map(|value| [flag.to_owned(), value.clone()]));
    with("--time", arguments.time.as_slice());
    with("--only", &arguments.only);
    with("--without", &arguments.without);
    with("--db", &arguments.crm.db.iter().map(|path| path.to_string_lossy().into_owned()).collect::<Vec<_>>());
    with("--now", arguments.crm.now.as_slice());
    if arguments.with_leaks {
        words.push("--with-leaks".to_owned());
    }
    words.iter().map(|word| format!(" {}", crate::words::quoted(word))).collect()
}

fn page(document: &Document, report: &Report, arguments: &Arguments, terminal: &Terminal) -> String {
    let (proposal, all) = (&document.proposal, terminal.width());
    let paint = terminal.paint();
    let mut page = format!("{}\n", paint.bold(&format!("what outcomes say of {}", proposal.score)));
    let known = format!(
        "{} known, {} good",
        count(proposal.decisions, "decision is", "decisions are"),
        thousands(proposal.good)
    );
    page.push_str(&paragraph("  ", &known, all));
    if let Some(from) = report.learned_from {
        let words = format!(
            "the card was learned from {} until {} already: only what was decided since then counts here",
            count(from.decisions, "decision", "decisions"),
            told::day(from.until)
        );
        page.push_str(&paragraph("  ", &words, all));
    }
    if proposal.provisional {
        let words = format!(
            "provisional: it takes {} decisions and {} of the rarer outcome",
            proposal.decisions_needed, proposal.rarer_needed
        );
        page.push_str(&paragraph("  ", &words, all));
    }
    if let Some(words) = &report.too_little {
        page.push_str(&paragraph("  ", &format!("too little to learn from: {words}"), all));
    }
    if report.signal.p.is_some() && !report.signal.found {
        page.push_str(&paragraph("  ", "these data do not say who is good", all));
    }
    let auc = |figure: Option<foresight::statistics::Estimate>| figure.map_or("undefined".to_owned(), estimate);
    if document.forward.learned.is_some() {
        let own = document.forward.own.map(|own| format!("the card's AUC was {}, ", estimate(own))).unwrap_or_default();
        let words = format!("forward in time {own}that of what was learned {}", auc(document.forward.learned));
        page.push_str(&paragraph("  ", &words, all));
    }
    if report.leaks_left_out && !report.leaks.is_empty() {
        let names: Vec<String> = report.leaks.iter().map(|leak| format!("`{}`", leak.column)).collect();
        let words = format!("left out, because they seem to say the outcome: {}", names.join(", "));
        page.push_str(&paragraph("  ", &words, all));
    }
    for rule in &report.leaking_rules {
        page.push_str(&paragraph("  ", &told::leaking(rule), all));
    }
    if proposal.is_empty() {
        page.push_str("\nnothing to change: outcomes do not pay for moving the card yet\n");
        return page;
    }
    page.push_str(&weights(proposal));
    page.push_str(&points(proposal, all));
    page.push_str(&rules(proposal, all));
    page.push_str(&routed(document, all));
    if document.written.is_empty() {
        let provisional = if proposal.provisional { " --provisional" } else { "" };
        page.push_str(&format!("\nnothing is written yet: playbook learn{} --write{provisional}\n", again(arguments)));
    } else {
        page.push_str(&format!("\nwritten into {}\n", document.written.join(", ")));
        let words = "it says there what it was learned from: backtest judges it by what is decided from now on";
        page.push_str(&paragraph("", words, all));
    }
    page
}

fn weights(proposal: &Proposal) -> String {
    if proposal.weights.is_empty() {
        return String::new();
    }
    let widest = proposal.weights.iter().map(|change| width(&change.layer)).max().unwrap_or(0);
    let line = |change: &learn::WeightChange| {
        format!(
            "  {}  {} → {}\n",
            left(&change.layer, widest),
            right(&format!("{}%", change.before), 4),
            right(&format!("{}%", change.after), 4)
        )
    };
    format!("\nweights\n{}", proposal.weights.iter().map(line).collect::<String>())
}

fn points(proposal: &Proposal, all: usize) -> String {
    if proposal.points.is_empty() {
        return String::new();
    }
    let mut text = "\npoints\n".to_owned();
    for change in &proposal.points {
        let head = format!("  {} → {}  ", right(&signed(change.before), 4), left(&signed(change.after), 4));
        text.push_str(&format!("{head}{}\n", cut(&change.words, all.saturating_sub(width(&head)))));
        text.push_str(&paragraph(&" ".repeat(width(&head)), &evidence(&change.evidence), all));
    }
    text
}

fn rules(proposal: &Proposal, all: usize) -> String {
    if proposal.rules.is_empty() {
        return String::new();
    }
    let mut text = "\nnew rules\n".to_owned();
    for rule in &proposal.rules {
        let head = format!("  {}  ", right(&signed(rule.points), 4));
        let layer = if rule.layer.is_empty() { String::new() } else { format!(" (in {})", rule.layer) };
        text.push_str(&paragraph(&head, &format!("{}{layer}", rule.words), all));
        text.push_str(&paragraph(&" ".repeat(width(&head)), &evidence(&rule.evidence), all));
    }
    text
}

fn routed(document: &Document, all: usize) -> String {
    if document.routes.is_empty() {
        return String::new();
    }
    let mut text = "\nwould have been routed\n".to_owned();
    let widest = document.routes.iter().map(|route| width(&route.route)).max().unwrap_or(0);
    for route in &document.routes {
        let (before, after) = (thousands(route.before), thousands(route.after));
        text.push_str(&format!("  {}  {} → {}\n", left(&route.route, widest), right(&before, 7), right(&after, 7)));
    }
    for moved in &document.rerouted {
        let name =
            |route: &Option<smol_str::SmolStr>| route.as_ref().map_or("nowhere", |route| route.as_str()).to_owned();
        let good = moved
            .good
            .share
            .map(|_| format!(", {} of the decided ones good", percent(moved.good.share)))
            .unwrap_or_default();
        let words = format!(
            "{} from {} to {}{good}: {}",
            thousands(moved.records),
            name(&moved.from),
            name(&moved.to),
            moved.examples.join(", ")
        );
        text.push_str(&paragraph("  ", &words, all));
    }
    text
}

/// Writes the proposal into the client's own files and makes sure that what stands there then compiles; otherwise nothing changes.
fn write(desk: &Desk, proposal: &Proposal, provisional: bool, terminal: &Terminal) -> anyhow::Result<Vec<String>> {
    if proposal.is_empty() {
        return Ok(Vec::new());
    }
    if proposal.provisional && !provisional {
        return Err(Failure::findings(format!(
            "the proposal is provisional: {} decisions are known and {} of them good, and it takes {} and {} of either kind",
            proposal.decisions, proposal.good, proposal.decisions_needed, proposal.rarer_needed
        ))
        .help("wait for more outcomes, or say --provisional")
        .into());
    }
    let mut own = BTreeMap::new();
    let mut paths = BTreeMap::new();
    for path in &desk.client.files {
        let name = path.strip_prefix(&desk.client.folder).unwrap_or(path).to_string_lossy().into_owned();
        let name = name.trim_start_matches("./");
        let place = desk.program.files.iter().position(|file| file == name || *file == *path.to_string_lossy());
        if let Some(id) = place.and_then(|place| u32::try_from(place).ok()).map(FileId) {
            let text = String::from_utf8(files::read(path)?)
                .map_err(|_| Failure::findings(format!("`{}` is not UTF-8", path.display())))?;
            own.insert(id, text);
            paths.insert(id, path.clone());
        }
    }
    let until = desk.now.to_zoned(crate::words::zone(&desk.program.client.timezone)).date();
    let texts = learn::written(&desk.program, proposal, &own, until).map_err(|error| {
        let help = match &error {
            WriteError::NotOwn { .. } => "refine the score in the client's own files, or change that file by hand",
            WriteError::NotFound { .. } => "put each rule on a line of its own, with its points first",
        };
        Failure::findings(error.to_string()).help(help)
    })?;
    let mut written = Vec::new();
    for (id, text) in &texts {
        if let Some(path) = paths.get(id) {
            files::replace(path, text)?;
            written.push(path.display().to_string());
        }
    }
    let compiled = playbook::compiled(&desk.client, &[])?;
    if compiled.program.is_none() {
        for (id, path) in &paths {
            if let (Some(text), true) = (own.get(id), texts.contains_key(id)) {
                files::replace(path, text)?;
            }
        }
        playbook::say_errors(compiled, terminal);
        return Err(Failure::findings("what was learned does not compile there, so nothing was written").into());
    }
    Ok(written)
}
