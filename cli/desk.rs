//! A client at work: its playbook, its CRM, and the instant that is asked about.

use std::path::Path;
use std::sync::Arc;

use compiler::program::{Program, ScoreId};
use jiff::Timestamp;
use runtime::crm::{Crm, CrmError};
use runtime::score::Scorer;

use crate::client::Client;
use crate::exit::Failure;
use crate::layout::listed;
use crate::playbook;
use crate::standing::{self, Standing};
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;
use crate::words;

/// A client at work.
pub(crate) struct Desk {
    /// Whose.
    pub(crate) client: Client,
    /// Its playbook.
    pub(crate) program: Arc<Program>,
    /// Its records.
    pub(crate) crm: Crm,
    /// The instant asked about.
    pub(crate) now: Timestamp,
    /// Where time stands, where it does and no instant was named.
    pub(crate) stands: Option<Standing>,
}

/// One of the ways in which a CRM is opened.
type Opening = fn(&Path, &Program) -> Result<Crm, CrmError>;

/// For verbs that write to the CRM.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(crate) struct Adopting {
    /// Take the CRM over from the client whose it was: for a client that was renamed
    #[arg(long)]
    adopt: bool,
}

impl Adopting {
    fn opening(self) -> Opening {
        if self.adopt { Crm::adopt } else { Crm::open }
    }

    fn rehearsing(self) -> Opening {
        if self.adopt { Crm::rehearse_adopting } else { Crm::rehearse }
    }
}

impl Desk {
    /// Opens the CRM that is there, to read it: nothing of the file changes.
    ///
    /// # Errors
    /// Where the playbook has errors, the time is none, or there is no CRM to open.
    pub(crate) fn open(client: Client, arguments: &CrmArguments, terminal: &Terminal) -> anyhow::Result<Self> {
        Self::there(client, arguments, terminal, Crm::open_to_read)
    }

    /// Opens the CRM that is there, to write to it.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub(crate) fn open_to_write(
        client: Client,
        arguments: &CrmArguments,
        adopting: Adopting,
        terminal: &Terminal,
    ) -> anyhow::Result<Self> {
        Self::there(client, arguments, terminal, adopting.opening())
    }

    /// Opens the CRM to write to it, or makes it.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub(crate) fn open_or_make(
        client: Client,
        arguments: &CrmArguments,
        adopting: Adopting,
        terminal: &Terminal,
    ) -> anyhow::Result<Self> {
        let program = playbook::program(&client, terminal)?;
        Self::at(client, program, arguments, adopting.opening())
    }

    /// Opens a copy of the CRM that is gone at the end, for trying what would be written.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub(crate) fn rehearse(
        client: Client,
        arguments: &CrmArguments,
        adopting: Adopting,
        terminal: &Terminal,
    ) -> anyhow::Result<Self> {
        let program = playbook::program(&client, terminal)?;
        Self::at(client, program, arguments, adopting.rehearsing())
    }

    fn there(client: Client, arguments: &CrmArguments, terminal: &Terminal, opening: Opening) -> anyhow::Result<Self> {
        let path = client.database(arguments.db.as_deref());
        let program = playbook::program(&client, terminal)?;
        if !path.exists() {
            return Err(Failure::could_not_run(format!("there is no CRM at `{}` yet", path.display()))
                .help(format!("fill it with: playbook import{}", client.as_argument()))
                .into());
        }
        let desk = Self::at(client, program, arguments, opening)?;
        if arguments.now.is_none() {
            desk.say_time(terminal);
        }
        Ok(desk)
    }

    /// Says what is to be known of a time that nobody has named: that it stands, or that the CRM is ahead of it.
    pub(crate) fn say_time(&self, terminal: &Terminal) {
        standing::say(&self.crm, self.stands, &self.program.client.timezone, terminal);
    }

    fn at(client: Client, program: Program, arguments: &CrmArguments, opening: Opening) -> anyhow::Result<Self> {
        let now = words::instant(arguments.now.as_deref(), &program.client.timezone)?;
        let crm = opening(&client.database(arguments.db.as_deref()), &program)?;
        let stands = if arguments.now.is_none() { standing::now(&crm, &client.folder, now)? } else { None };
        let now = stands.map_or(now, |stands| stands.at);
        Ok(Self { client, program: Arc::new(program), crm, now, stands })
    }

    /// The scores, linked for the instant asked about.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub(crate) fn scorer(&self) -> anyhow::Result<Scorer> {
        let coverage = self.crm.coverage(&self.program)?;
        Ok(Scorer::link_shared(Arc::clone(&self.program), self.now, &coverage)?)
    }

    /// The score of that name; without one, the first one of the client's own files, or else of the modules that it uses.
    ///
    /// # Errors
    /// Where there is none.
    pub(crate) fn score(&self, named: Option<&str>) -> anyhow::Result<ScoreId> {
        let names: Vec<String> = self.program.scores.iter().map(|score| format!("`{}`", score.name)).collect();
        let Some(name) = named else {
            return self.program.first_score().ok_or_else(|| {
                Failure::could_not_run("the playbook has no score")
                    .help("a score begins with: score NAME for Contact { … }; docs/language.md says the rest")
                    .into()
            });
        };
        self.program.score(name).ok_or_else(|| {
            let known =
                if names.is_empty() { "it has none".to_owned() } else { format!("it has {}", listed(&names, "and")) };
            Failure::usage(format!("the playbook has no score `{name}`")).help(known).into()
        })
    }

    /// `20 Nov 2026, 09:00 (Pacific/Auckland)`
    pub(crate) fn as_of(&self) -> String {
        words::as_of(self.now, &self.program.client.timezone)
    }
}
