//! A client's playbook at work: the runner with the ports that its folder configures, for verbs that act.

use std::collections::BTreeMap;
use std::sync::Arc;

use compiler::program::Program;
use jiff::Timestamp;
use runtime::agents::config::{ConfigError, Ports, Surroundings};
use runtime::crm::log::{Randomness, Seeded};
use runtime::runner::Runner;
use smol_str::SmolStr;

use crate::ahead;
use crate::client::Client;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::standing::{self, Standing};
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;
use crate::words;

/// A playbook at work.
pub(crate) struct Office {
    /// Whose.
    pub(crate) client: Client,
    /// What it says.
    pub(crate) program: Arc<Program>,
    /// What runs it.
    pub(crate) runner: Runner,
    /// The instant asked about.
    pub(crate) now: Timestamp,
    /// Where time stands, where it does and no instant was named.
    pub(crate) stands: Option<Standing>,
}

impl Office {
    /// Puts the playbook of a desk to work. With a seed, two runs on the same CRM write the same log, byte for byte.
    ///
    /// # Errors
    /// Where the ports' configuration is wrong, the CRM cannot be read, or the instant lies too far ahead for a client who works in
    /// earnest.
    pub(crate) fn open(desk: Desk, arguments: &CrmArguments) -> anyhow::Result<Self> {
        let ports = ports(&desk)?;
        if let Some(ahead) = ahead::of(&desk.crm, &ports.outside, "`--now`", desk.now)? {
            return Err(ahead.refusal().into());
        }
        Self::with(desk, ports, arguments)
    }

    /// Opens the CRM that is there, to look at the playbook's work: nothing of the file changes, whoever is writing to it is not waited
    /// for, and no port is needed, because nothing is done.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub(crate) fn to_read(client: Client, arguments: &CrmArguments, terminal: &Terminal) -> anyhow::Result<Self> {
        let desk = Desk::open(client, arguments, terminal)?;
        let ports = built_in(&desk)?;
        Self::with(desk, ports, arguments)
    }

    /// As [`Office::open`], with these ports, and whatever the instant is.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub(crate) fn with(desk: Desk, ports: Ports, arguments: &CrmArguments) -> anyhow::Result<Self> {
        let Desk { client, program, crm, now, stands } = desk;
        let mut randomness: Box<dyn Randomness + Send> = match arguments.seed {
            Some(seed) => Box::new(Seeded::new(seed)),
            None => Box::new(Seeded::of(drawn()?)),
        };
        let mut name = [0; 32];
        randomness.fill(&mut name);
        let holder = name.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let runner = Runner::new(crm, Arc::clone(&program), ports, randomness, holder)?;
        Ok(Self { client, program, runner, now, stands })
    }

    /// Work is done by the clock: where anything is known of the time up to now, this is no sample any more.
    ///
    /// # Errors
    /// Where the CRM cannot be read or written.
    pub(crate) fn go_by_the_clock(&mut self) -> anyhow::Result<()> {
        let crm = &self.runner.crm;
        let is_said = crm.cursor(ahead::BY_THE_CLOCK)? > 0;
        if is_said || self.stands.is_some() || crm.newest(self.now)?.is_none() {
            return Ok(());
        }
        Ok(self.runner.remember(ahead::BY_THE_CLOCK, 1, self.now)?)
    }

    /// From now on time stands at the last instant that anything is known of, until something newer comes in.
    ///
    /// # Errors
    /// Where the CRM cannot be written.
    pub(crate) fn let_time_stand(&mut self) -> anyhow::Result<()> {
        Ok(self.runner.remember(standing::STANDS, 1, self.now)?)
    }

    /// Back to the desk, with the records as they are now.
    pub(crate) fn into_desk(self) -> Desk {
        let Self { client, program, runner, now, stands } = self;
        Desk { client, program, crm: runner.into_crm(), now, stands }
    }

    /// The role that answers: the one named, the one asked, or the client's only person.
    ///
    /// # Errors
    /// Where it is nobody's role, or several could be meant.
    pub(crate) fn person(&self, named: Option<&str>, asked: Option<&str>) -> anyhow::Result<String> {
        let people = &self.program.client.people;
        let roles: Vec<String> = people.iter().map(|(role, title)| format!("--by {role}   {title}")).collect();
        let Some(role) = named.or(asked) else {
            return match people.as_slice() {
                [(role, _)] => Ok(role.to_string()),
                [] => Ok("human".to_owned()),
                _ => Err(Failure::usage("several people could be answering: say who does").list(roles).into()),
            };
        };
        let called = |(known, title): &&(SmolStr, SmolStr)| known == role || title.eq_ignore_ascii_case(role);
        if let Some((known, _)) = people.iter().find(called) {
            return Ok(known.to_string());
        }
        if people.is_empty() && role == "human" {
            return Ok(role.to_owned());
        }
        let failure = Failure::usage(format!("`{role}` is none of the client's people"));
        // Agents are no people, and the name of one is no slip.
        let near = people.iter().find(|(known, title)| words::is_slip(role, known) || words::is_slip(role, title));
        let failure = match near {
            Some((known, _)) => failure.help(format!("did you mean `{known}`?")),
            None => failure,
        };
        Err(failure.list(roles).into())
    }
}

/// Ports that leave nothing to anybody else, whatever the client's folder configures.
///
/// # Errors
/// Never, as long as no configuration is a good one.
pub(crate) fn built_in(desk: &Desk) -> anyhow::Result<Ports> {
    let zone = words::zone(&desk.program.client.timezone);
    let no_configuration = "";
    let surroundings =
        Surroundings { client: &desk.client.folder, environment: &|_| None, zone, spent: BTreeMap::new() };
    Ok(Ports::read(no_configuration, surroundings)?)
}

/// The ports that the client's folder configures.
///
/// # Errors
/// Where the configuration is wrong, or a secret is not there.
pub(crate) fn ports(desk: &Desk) -> anyhow::Result<Ports> {
    Ok(ports_of(&desk.client, &desk.program)?)
}

/// As [`ports`], of a client whose CRM need not be open.
///
/// # Errors
/// As [`ports`].
pub(crate) fn ports_of(client: &Client, program: &Program) -> Result<Ports, ConfigError> {
    let zone = words::zone(&program.client.timezone);
    let environment = |name: &str| std::env::var(name).ok();
    Ports::beside(Surroundings { client: &client.folder, environment: &environment, zone, spent: BTreeMap::new() })
}

/// Randomness of the system's own.
///
/// # Errors
/// Where it has none.
pub(crate) fn drawn() -> anyhow::Result<[u8; 32]> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("the system has no randomness to give: {error}"))?;
    Ok(seed)
}
