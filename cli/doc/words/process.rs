//! What happens in workflows, in words: guards, starts, acts, questions, ways out, handoffs, goals.

use compiler::program::{
    Act, Actor, Ask, Brief, Certainty, Condition, Counted, Guard, Limit, Maturity, Measure, Object, Settlement,
    StageId, Start, StartKind, Subject, Term, TextTerm, Via, WayWhen, Workflow, WorkflowId,
};

use super::condition::compared;
use super::time::schedule;
use super::{Words, listed, number, period, plain, spaced};

impl Words<'_> {
    /// `Lead Generation`
    pub(crate) fn workflow(self, id: WorkflowId) -> String {
        self.program.workflows.get(id.index()).map(|workflow| spaced(&workflow.name)).unwrap_or_default()
    }

    /// `Rating`
    pub(crate) fn stage(self, workflow: WorkflowId, stage: StageId) -> String {
        let workflow = self.program.workflows.get(workflow.index());
        workflow.map(|workflow| stage_name(workflow, stage)).unwrap_or_default()
    }

    /// `Lead Gen`, `Sales lead`, `a person`
    pub(crate) fn actor(self, actor: &Actor) -> String {
        match actor {
            Actor::Agent(id) => {
                self.program.agents.get(id.index()).map(|agent| spaced(&agent.name)).unwrap_or_default()
            }
            Actor::Human(None) => "a person".to_owned(),
            Actor::Human(Some(role)) => self.role(Some(role.as_str())),
        }
    }

    /// A condition of a workflow, or, `negated`, its contrary.
    pub(crate) fn guard(self, guard: &Guard, negated: bool) -> String {
        let not = if negated { "not " } else { "" };
        match guard {
            Guard::Not(inner) => self.guard(inner, !negated),
            Guard::All(parts) => self.guards(parts, negated, if negated { " or " } else { " and " }),
            Guard::Any(parts) => self.guards(parts, negated, if negated { " and " } else { " or " }),
            Guard::Facts { of, condition } => {
                let text = self.condition(condition, negated);
                match of {
                    Subject::Own(_) => text,
                    Subject::Contact if begins_with_field(condition) => format!("the contact’s {text}"),
                    Subject::Deal if begins_with_field(condition) => format!("the deal’s {text}"),
                    Subject::Contact => format!("of the contact: {text}"),
                    Subject::Deal => format!("of the deal: {text}"),
                }
            }
            Guard::Complete if negated => "not all that is required is there".to_owned(),
            Guard::Complete => "all that is required is there".to_owned(),
            Guard::Scored(score) => {
                let name = self.program.scores.get(score.index()).map(|score| plain(&score.name)).unwrap_or_default();
                format!("{name} has {}", if negated { "never been worked out" } else { "been worked out" })
            }
            Guard::In { workflow, stage } => {
                let stage = stage.map(|stage| format!(", in “{}”", self.stage(*workflow, stage)));
                format!("the contact is {not}in {}{}", self.workflow(*workflow), stage.unwrap_or_default())
            }
            Guard::Message { rubric, operator, value } => {
                let name = self.program.rubrics.get(rubric.index()).map(|rubric| plain(&rubric.name));
                let words = format!("{} {}", compared(*operator), number(*value));
                format!("the message’s {} is {not}{words}", name.unwrap_or_default())
            }
        }
    }

    fn guards(self, parts: &[Guard], negated: bool, word: &str) -> String {
        parts.iter().map(|part| self.guard(part, negated)).collect::<Vec<_>>().join(word)
    }

    /// What starts a run.
    pub(crate) fn start(self, workflow: &Workflow, start: &Start) -> String {
        match &start.kind {
            StartKind::On(query) => {
                format!("as soon as this happens: {}{}", self.events(query, "or"), self.circumstances(query))
            }
            StartKind::Every { schedule: when, guard, at_most } => {
                let records = format!("{}s", self.entity(workflow.entity));
                let guard = guard.as_ref().map(|guard| format!(" of whom {}", self.guard(guard, false)));
                let most = at_most.map(|most| format!(", at most {most} at a time")).unwrap_or_default();
                format!("{}: {records}{}{most}", schedule(when), guard.unwrap_or_default())
            }
            StartKind::Crosses(crossing) => {
                let way = if crossing.rises { "rises above" } else { "falls below" };
                format!("when {} {way} {}", self.term(&crossing.term, None), number(crossing.threshold))
            }
            StartKind::Becomes(guard) => format!("when this becomes true: {}", self.guard(guard, false)),
        }
    }

    /// `write “first touch”, by e-mail`
    pub(crate) fn act(self, act: &Act) -> String {
        let verb = self.program.actions.get(act.action.index()).map(|action| plain(&action.name)).unwrap_or_default();
        let object = match &act.object {
            Object::None => String::new(),
            Object::Record(entity) => format!("the {}", self.entity(*entity)),
            Object::Score(score) => {
                let name = self.program.scores.get(score.index()).map(|score| plain(&score.name));
                format!("by {}", name.unwrap_or_default())
            }
            Object::Template(template) => {
                let name = self.program.templates.get(template.index()).map(|template| plain(&template.name));
                format!("“{}”", name.unwrap_or_default())
            }
            Object::Experiment(id) => {
                let name = self.program.experiments.get(id.index()).map(|experiment| plain(&experiment.name));
                format!("the message that the experiment “{}” gives", name.unwrap_or_default())
            }
            Object::Message => "the message".to_owned(),
            Object::Rubric(rubric) => {
                self.program.rubrics.get(rubric.index()).map(|rubric| plain(&rubric.name)).unwrap_or_default()
            }
            Object::Named(name) => plain(name),
        };
        let via = match &act.via {
            None => String::new(),
            Some(Via::Channel(channel)) => format!(", by {}", plain(channel)),
            Some(Via::Experiment(id)) => {
                let name = self.program.experiments.get(id.index()).map(|experiment| plain(&experiment.name));
                format!(", by the channel that the experiment “{}” gives", name.unwrap_or_default())
            }
        };
        format!("{verb} {object}{via}").trim_end().to_owned()
    }

    /// `approve or change the message`
    pub(crate) fn question(self, ask: &Ask) -> String {
        let about = if ask.message { "the message".to_owned() } else { plain(&ask.about) };
        let options = listed(ask.options.iter().map(|option| plain(option)), "or");
        format!("{options} {about}").trim().to_owned()
    }

    /// When a way out is open: what kind of way it is, and the words.
    pub(crate) fn way(self, when: &WayWhen) -> (&'static str, String) {
        match when {
            WayWhen::When(Guard::Complete) => ("when", "all that is required is there".to_owned()),
            WayWhen::When(guard) => ("when", self.guard(guard, false)),
            WayWhen::On(events) => ("on", listed(events.iter().map(|event| self.event(*event)), "or")),
            WayWhen::Settled(how) => ("answer", listed(how.iter().map(|how| settled(*how)), "or")),
            WayWhen::After(of) => ("after", format!("after {}", period(*of))),
            WayWhen::Otherwise => ("otherwise", "otherwise".to_owned()),
        }
    }

    /// What a handoff tells.
    pub(crate) fn brief(self, brief: &Brief) -> String {
        match brief {
            Brief::Record(entity) => format!("the {}", self.entity(*entity)),
            Brief::Score(score) => {
                let name = self.program.scores.get(score.index()).map(|score| plain(&score.name)).unwrap_or_default();
                format!("{name} with its layers")
            }
            Brief::Reasons(count) => format!("the {count} strongest reasons"),
            Brief::OpenQuestions => "open questions".to_owned(),
            Brief::Activities(count) => format!("the last {count} activities"),
            Brief::Fields(name) => plain(name),
        }
    }

    fn counted(self, counted: &Counted) -> String {
        match counted {
            Counted::Event(event) => format!("“{}”", self.event(*event)),
            Counted::Entered(workflow, stage) => {
                format!("“{}” entered, in {}", self.stage(*workflow, *stage), self.workflow(*workflow))
            }
            Counted::Done(workflow, stage) => {
                format!("“{}” done, in {}", self.stage(*workflow, *stage), self.workflow(*workflow))
            }
            Counted::Ended(workflow) => format!("{} brought to an end", self.workflow(*workflow)),
            Counted::Routed(score, label, certainty) => {
                let score = self.program.scores.get(score.index());
                let name = score.map(|score| plain(&score.name)).unwrap_or_default();
                let label = score.and_then(|score| score.labels.get(label.index())).map(|label| plain(label));
                let certain = match certainty {
                    Some(Certainty::Certain) => "certainly ",
                    Some(Certainty::Provisional) => "provisionally ",
                    None => "",
                };
                format!("contacts whose {name} is {certain}{}", label.unwrap_or_default())
            }
        }
    }

    /// `at least 5 per month: “discovery held”`
    pub(crate) fn measure(self, measure: &Measure) -> String {
        let per =
            |of: &Option<compiler::program::Period>| of.map(|of| format!(" per {}", of.each())).unwrap_or_default();
        match measure {
            Measure::Count { limit, per: of, of: counted } => {
                format!("{}{}: {}", self.limit(*limit, false), per(of), self.counted(counted))
            }
            Measure::Share { limit, per: of, of: counted, with } => {
                format!(
                    "{} of {}, with “{}” afterwards{}",
                    self.limit(*limit, false),
                    self.counted(counted),
                    self.event(*with),
                    per(of)
                )
            }
            Measure::Sum { limit, per: of, field, entering } => format!(
                "{}{}: the {} of what enters {}",
                self.limit(*limit, true),
                per(of),
                self.field(field),
                self.workflow(*entering)
            ),
            Measure::SpendPer { limit, per: of, each: counted } => {
                format!("{} spent for each {}{}", self.limit(*limit, true), self.counted(counted), per(of))
            }
            Measure::Maturity(maturity) => format!("every workflow is at least {}", matured(*maturity)),
            Measure::Growth { of, later, earlier } => format!(
                "the share of “{}” among what is sent grows, {} over {}",
                self.event(*of),
                ordinal(*later),
                ordinal(*earlier)
            ),
        }
    }

    fn limit(self, limit: Limit, money: bool) -> String {
        let kind = limit.kind.words();
        let value = if money { self.money(limit.value) } else { number(limit.value) };
        format!("{kind} {value}{}", if limit.percent { "%" } else { "" })
    }
}

/// Whether a condition's words begin with a field of the record's own.
fn begins_with_field(condition: &Condition) -> bool {
    let (Condition::Compare { left: Term::Field(path), .. }
    | Condition::Between { term: Term::Field(path), .. }
    | Condition::OneOf { term: TextTerm::Field(path), .. }
    | Condition::Same { left: TextTerm::Field(path), .. }
    | Condition::Text { term: TextTerm::Field(path), .. }
    | Condition::Yes(TextTerm::Field(path))
    | Condition::Has { list: path, .. }
    | Condition::HasOf { list: path, .. }
    | Condition::Known(path)) = condition
    else {
        return false;
    };
    path.relations.is_empty()
}

/// `week 8`
fn ordinal(of: compiler::program::Period) -> String {
    format!("{} {}", compiler::program::Period { amount: 1, ..of }.each(), of.amount)
}

/// A stage's name in words.
pub(crate) fn stage_name(workflow: &Workflow, stage: StageId) -> String {
    workflow.stages.get(stage.index()).map(|stage| spaced(&stage.name)).unwrap_or_default()
}

/// A step's word.
pub(crate) const fn matured(maturity: Maturity) -> &'static str {
    match maturity {
        Maturity::Draft => "draft",
        Maturity::Documented => "documented",
        Maturity::Measured => "measured",
        Maturity::Approved => "approved",
    }
}

const fn settled(how: Settlement) -> &'static str {
    match how {
        Settlement::Approved => "approved",
        Settlement::Changed => "changed",
        Settlement::Rejected => "rejected",
        Settlement::Expired => "no answer in time",
    }
}
