//! The verbs, one file each: their flags, what they ask the libraries, how the answer is laid out.

pub(crate) mod answer;
mod backtest;
mod backup;
mod check;
mod completions;
mod diff;
mod doc;
mod eval;
mod explain;
mod export;
mod fmt;
mod forecast;
mod forget;
mod happened;
mod import;
pub(crate) mod inbox;
mod learn;
mod log;
mod lsp;
mod metrics;
mod new;
mod replay;
mod restore;
mod run;
mod score;
mod serve;
mod show;
mod sign;
mod simulate;
pub(crate) mod status;
pub(crate) mod step_in;
mod test;
mod token;
mod upgrade;
pub(crate) mod why;

use std::path::PathBuf;

use crate::exit::Outcome;
use crate::terminal::Terminal;

/// What to do.
#[derive(clap::Subcommand)]
pub(crate) enum Verb {
    New(new::Arguments),
    Check(check::Arguments),
    Fmt(fmt::Arguments),
    Show(show::Arguments),
    Doc(doc::Arguments),
    Diff(diff::Arguments),
    Import(import::Arguments),
    Score(score::Arguments),
    Why(why::Arguments),
    Test(test::Arguments),
    Run(run::Arguments),
    Status(status::Arguments),
    Inbox(inbox::Arguments),
    Approve(answer::Approve),
    Reject(answer::Reject),
    Change(answer::Change),
    Happened(happened::Arguments),
    Pause(step_in::Pause),
    Resume(step_in::Resume),
    Cancel(step_in::Cancel),
    Serve(serve::Arguments),
    Token(token::Arguments),
    Backup(backup::Arguments),
    Restore(restore::Arguments),
    Lsp(lsp::Arguments),
    Log(log::Arguments),
    Metrics(metrics::Arguments),
    Sign(sign::Arguments),
    Simulate(simulate::Arguments),
    Backtest(backtest::Arguments),
    Learn(learn::Arguments),
    Forecast(forecast::Arguments),
    Eval(eval::Arguments),
    Upgrade(upgrade::Arguments),
    Replay(replay::Arguments),
    Export(export::Arguments),
    Forget(forget::Arguments),
    Explain(explain::Arguments),
    Completions(completions::Arguments),
}

impl Verb {
    /// Does it.
    ///
    /// # Errors
    /// What `exit::explain` puts into words.
    pub(crate) fn run(&self, terminal: &Terminal) -> anyhow::Result<Outcome> {
        match self {
            Self::New(arguments) => new::run(arguments, terminal),
            Self::Check(arguments) => check::run(arguments, terminal),
            Self::Fmt(arguments) => fmt::run(arguments, terminal),
            Self::Show(arguments) => show::run(arguments, terminal),
            Self::Doc(arguments) => doc::run(arguments, terminal),
            Self::Diff(arguments) => diff::run(arguments, terminal),
            Self::Import(arguments) => import::run(arguments, terminal),
            Self::Score(arguments) => score::run(arguments, terminal),
            Self::Why(arguments) => why::run(arguments, terminal),
            Self::Test(arguments) => test::run(arguments, terminal),
            Self::Run(arguments) => run::run(arguments, terminal),
            Self::Status(arguments) => status::run(arguments, terminal),
            Self::Inbox(arguments) => inbox::run(arguments, terminal),
            Self::Approve(arguments) => answer::approve(arguments, terminal),
            Self::Reject(arguments) => answer::reject(arguments, terminal),
            Self::Change(arguments) => answer::change(arguments, terminal),
            Self::Happened(arguments) => happened::run(arguments, terminal),
            Self::Pause(arguments) => step_in::pause(arguments, terminal),
            Self::Resume(arguments) => step_in::resume(arguments, terminal),
            Self::Cancel(arguments) => step_in::cancel(arguments, terminal),
            Self::Serve(arguments) => serve::run(arguments, terminal),
            Self::Token(arguments) => token::run(arguments, terminal),
            Self::Backup(arguments) => backup::run(arguments, terminal),
            Self::Restore(arguments) => restore::run(arguments, terminal),
            Self::Lsp(arguments) => lsp::run(arguments),
            Self::Log(arguments) => log::run(arguments, terminal),
            Self::Metrics(arguments) => metrics::run(arguments, terminal),
            Self::Sign(arguments) => sign::run(arguments, terminal),
            Self::Simulate(arguments) => simulate::run(arguments, terminal),
            Self::Backtest(arguments) => backtest::run(arguments, terminal),
            Self::Learn(arguments) => learn::run(arguments, terminal),
            Self::Forecast(arguments) => forecast::run(arguments, terminal),
            Self::Eval(arguments) => eval::run(arguments, terminal),
            Self::Upgrade(arguments) => upgrade::run(arguments, terminal),
            Self::Replay(arguments) => replay::run(arguments, terminal),
            Self::Export(arguments) => export::run(arguments, terminal),
            Self::Forget(arguments) => forget::run(arguments, terminal),
            Self::Explain(arguments) => explain::run(arguments, terminal),
            Self::Completions(arguments) => completions::run(arguments, terminal),
        }
    }
}

/// For verbs that read the CRM at an instant.
#[derive(clap::Args)]
pub(crate) struct CrmArguments {
    /// The CRM's database [default: crm.db in the client's folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,

    /// Answer as of this instant: 2026-11-20, "2026-11-20 09:00" (both in the client's time zone) or RFC 3339
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,

    /// Draw all randomness from this number, so that two runs write the same log
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
}

/// Takes the number off the end of the arguments, where there is one.
///
/// # Errors
/// Where what stands behind the client is no number.
pub(crate) fn number(what: &mut Vec<String>) -> anyhow::Result<Option<i64>> {
    let Some(last) = what.last() else { return Ok(None) };
    if let Ok(number) = last.trim_start_matches('#').parse() {
        what.pop();
        return Ok(Some(number));
    }
    match what.as_slice() {
        [_, last] => Err(crate::exit::Failure::usage(format!("`{last}` is not the number of a question"))
            .help("`playbook inbox` shows the numbers")
            .into()),
        _ => Ok(None),
    }
}
