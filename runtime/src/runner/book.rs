//! A playbook made ready to be run: its gate, and every condition that its workflows ask, linked once for an instant.

use std::collections::HashMap;
use std::sync::Arc;

use compiler::program::{
    Condition, EntityId, EventQuery, Guard, Outcome, Program, StageKind, StartKind, Subject, Term, Workflow,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use smol_str::SmolStr;

use crate::facts::Coverage;
use crate::gate::Gate;
use crate::score::{Asking, LinkError, Scorer};

/// A playbook made ready to be run.
pub struct Book {
    /// What it means.
    pub program: Arc<Program>,
    /// Its hash, in hexadecimal.
    pub version: SmolStr,
    /// The client's zone.
    pub zone: TimeZone,
    /// Permissions and priorities.
    pub gate: Gate,
    /// The client's kind of people.
    pub contact: Option<EntityId>,
    /// The client's kind of deals.
    pub deal: Option<EntityId>,
    /// `where` of starts, as conditions over the one event that is asked about.
    filters: Vec<(usize, EntityId, Condition)>,
    /// Conditions of scenarios are asked as well.
    scenarios: bool,
    /// Where a condition or term of the Program, known by where it lies, is among those asked.
    places: HashMap<usize, usize>,
}

impl Book {
    /// Makes a playbook ready.
    ///
    /// # Errors
    /// Where its time zone is none, or the Program cannot be written down.
    pub fn new(program: Arc<Program>) -> Result<Self, LinkError> {
        Self::with(program, false)
    }

    /// The same, to be asked as well what buyers of its scenarios go by.
    ///
    /// # Errors
    /// As [`Book::new`].
    pub fn for_scenarios(program: Arc<Program>) -> Result<Self, LinkError> {
        Self::with(program, true)
    }

    fn with(program: Arc<Program>, scenarios: bool) -> Result<Self, LinkError> {
        let zone =
            TimeZone::get(&program.client.timezone).map_err(|_| LinkError::Zone(program.client.timezone.clone()))?;
        let text = serde_json::to_vec(&*program).map_err(|_| LinkError::Broken("the Program"))?;
        let version = blake3::hash(&text).to_hex().to_string().into();
        let gate = Gate::new(&program);
        let (contact, deal) = (program.entity("Contact"), program.entity("Deal"));
        let mut filters = Vec::new();
        for workflow in &program.workflows {
            for start in &workflow.starts {
                if let StartKind::On(query) = &start.kind
                    && let Some(filter) = query.filter.as_deref()
                {
                    let query = EventQuery { window: None, ..query.clone() };
                    let condition = Condition::Happened { query, at_least: 1, at_most: None };
                    // Events are a contact's, whatever the workflow runs for.
                    filters.push((address(filter), contact.unwrap_or(workflow.entity), condition));
                }
            }
        }
        let places = HashMap::new();
        let mut book = Self { program, version, zone, gate, contact, deal, filters, scenarios, places };
        book.places = book.asking().1;
        Ok(book)
    }

    /// The scorer for an instant, with everything that is asked of it.
    ///
    /// # Errors
    /// Where the Program is damaged.
    pub fn scorer(&self, now: Timestamp, coverage: &Coverage) -> Result<Scorer, LinkError> {
        let (asking, _) = self.asking();
        Scorer::link_asking(Arc::clone(&self.program), now, coverage, &asking)
    }

    /// Where a condition of the Program is among those asked.
    #[must_use]
    pub fn condition(&self, condition: &Condition) -> Option<usize> {
        self.places.get(&address(condition)).copied()
    }

    /// Where a term of the Program is among those asked.
    #[must_use]
    pub fn term(&self, term: &Term) -> Option<usize> {
        self.places.get(&address(term)).copied()
    }

    /// What records a subject's facts are of.
    #[must_use]
    pub fn entity_of(&self, subject: Subject) -> Option<EntityId> {
        match subject {
            Subject::Own(entity) => Some(entity),
            Subject::Contact => self.contact,
            Subject::Deal => self.deal,
        }
    }

    fn asking(&self) -> (Asking<'_>, HashMap<usize, usize>) {
        let mut gathered = Gathered { book: self, asking: Asking::default(), places: HashMap::new() };
        for workflow in &self.program.workflows {
            gathered.workflow(workflow);
        }
        for priority in &self.program.priorities {
            priority.guard.iter().for_each(|guard| gathered.guard(guard));
        }
        let buyers = self.program.scenarios.iter().filter(|_| self.scenarios).flat_map(|scenario| &scenario.buyers);
        for (condition, _) in buyers.filter_map(|buyer| buyer.when.as_ref()) {
            if let Some(contact) = self.contact {
                let place = gathered.asking.condition(contact, condition);
                gathered.places.insert(address(condition), place);
            }
        }
        for (filter, entity, condition) in &self.filters {
            let place = gathered.asking.condition(*entity, condition);
            gathered.places.insert(*filter, place);
        }
        for score in &self.program.scores {
            let outcomes = score.learn.iter().flat_map(|learn| learn.good.iter().chain(&learn.bad));
            for outcome in outcomes {
                if let Outcome::Holds(condition) = outcome {
                    let place = gathered.asking.condition(score.entity, condition);
                    gathered.places.insert(address(condition), place);
                }
            }
        }
        (gathered.asking, gathered.places)
    }
}

/// What tells two conditions of one Program apart: the Program lies still as long as the book has it.
fn address<T>(thing: &T) -> usize {
    std::ptr::from_ref(thing).addr()
}

struct Gathered<'b> {
    book: &'b Book,
    asking: Asking<'b>,
    places: HashMap<usize, usize>,
}

impl<'b> Gathered<'b> {
    fn workflow(&mut self, workflow: &'b Workflow) {
        for start in &workflow.starts {
            match &start.kind {
                StartKind::Every { guard, .. } => guard.iter().for_each(|guard| self.guard(guard)),
                StartKind::Becomes(guard) => self.guard(guard),
                StartKind::Crosses(crossing) => {
                    if let Some(entity) = self.book.entity_of(crossing.of) {
                        let place = self.asking.term(entity, &crossing.term);
                        self.places.insert(address(&crossing.term), place);
                    }
                }
                StartKind::On(_) => {}
            }
        }
        for stage in &workflow.stages {
            let StageKind::Stage(body) = &stage.kind else { continue };
            body.only_when.iter().for_each(|(guard, _)| self.guard(guard));
            body.requires.iter().for_each(|requirement| self.guard(&requirement.guard));
            for way in &body.ways {
                if let compiler::program::WayWhen::When(guard) = &way.when {
                    self.guard(guard);
                }
            }
        }
    }

    fn guard(&mut self, guard: &'b Guard) {
        match guard {
            Guard::Not(inner) => self.guard(inner),
            Guard::All(parts) | Guard::Any(parts) => parts.iter().for_each(|part| self.guard(part)),
            Guard::Facts { of, condition } => {
                if let Some(entity) = self.book.entity_of(*of) {
                    let place = self.asking.condition(entity, condition);
                    self.places.insert(address(condition), place);
                }
            }
            Guard::Complete | Guard::Scored(_) | Guard::In { .. } | Guard::Message { .. } => {}
        }
    }
}
