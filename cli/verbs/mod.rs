//! The verbs, one file each: their flags, what they ask the libraries, how the answer is laid out.

mod check;
mod completions;
mod explain;
mod fmt;
mod import;
mod new;
mod run;
mod score;
mod show;
mod test;
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
    Import(import::Arguments),
    Score(score::Arguments),
    Why(why::Arguments),
    Test(test::Arguments),
    Run(run::Arguments),
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
            Self::Import(arguments) => import::run(arguments, terminal),
            Self::Score(arguments) => score::run(arguments, terminal),
            Self::Why(arguments) => why::run(arguments, terminal),
            Self::Test(arguments) => test::run(arguments, terminal),
            Self::Run(arguments) => run::run(arguments, terminal),
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
}
