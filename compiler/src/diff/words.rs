//! What a Program means, in the language's own words: for who reads a change, and for facts that are to be pasted into a playbook.
//! It knows no text of the playbook: the same meaning has the same words, however it was written.

use language::SCALE;
use language::syntax::AggregateFunction;
use smol_str::SmolStr;

use crate::program::{
    ActionId, Actor, AgentId, Aggregate, Arithmetic, Brief, Certainty, Comparison, Condition, Crossing, EntityId,
    EventId, EventQuery, FieldPath, Fixed, Guard, LabelId, PhrasesId, Program, RubricId, Schedule, ScoreId, ScoreRef,
    Settlement, StageId, StartKind, Subject, Term, TextOperator, TextTerm, Type, Value, WayWhen, Which, Window,
    Workflow, WorkflowId,
};

/// A Program's words.
#[derive(Clone, Copy, Debug)]
pub struct Words<'p> {
    program: &'p Program,
}

impl<'p> Words<'p> {
    /// Of that Program.
    #[must_use]
    pub const fn new(program: &'p Program) -> Self {
        Self { program }
    }

    pub(super) fn entity(self, id: EntityId) -> &'p str {
        self.program.entities.get(id.index()).map_or("", |entity| entity.name.as_str())
    }

    pub(super) fn event(self, id: EventId) -> &'p str {
        self.program.events.get(id.index()).map_or("", |event| event.name.as_str())
    }

    pub(super) fn score(self, id: ScoreId) -> &'p str {
        self.program.scores.get(id.index()).map_or("", |score| score.name.as_str())
    }

    pub(super) fn label(self, score: ScoreId, label: LabelId) -> &'p str {
        let score = self.program.scores.get(score.index());
        score.and_then(|score| score.labels.get(label.index())).map_or("", SmolStr::as_str)
    }

    pub(super) fn agent(self, id: AgentId) -> &'p str {
        self.program.agents.get(id.index()).map_or("", |agent| agent.name.as_str())
    }

    /// `send.email`
    pub(super) fn action(self, id: ActionId) -> String {
        self.program.about(&crate::program::PermissionObject::Action(id))
    }

    pub(super) fn workflow(self, id: WorkflowId) -> &'p str {
        self.program.workflows.get(id.index()).map_or("", |workflow| workflow.name.as_str())
    }

    pub(super) fn stage(self, workflow: WorkflowId, stage: StageId) -> String {
        let name = self.program.workflows.get(workflow.index()).map(|of| stage_name(of, stage)).unwrap_or_default();
        format!("{}.{name}", self.workflow(workflow))
    }

    fn rubric(self, id: RubricId) -> &'p str {
        self.program.rubrics.get(id.index()).map_or("", |rubric| rubric.name.as_str())
    }

    fn phrases(self, id: PhrasesId) -> &'p str {
        self.program.phrases.get(id.index()).map_or("", |phrases| phrases.name.as_str())
    }

    /// `icp`, `icp.investment`
    #[must_use]
    pub fn score_ref(self, of: ScoreRef) -> String {
        let name = self.score(of.score);
        let layer = of.layer.and_then(|layer| {
            self.program.scores.get(of.score.index())?.layers.get(layer as usize).and_then(|layer| layer.name.clone())
        });
        layer.map_or_else(|| name.to_owned(), |layer| format!("{name}.{layer}"))
    }

    /// `LeadGen`, `human`, `human closer`
    pub(super) fn actor(self, actor: &Actor) -> String {
        match actor {
            Actor::Agent(id) => self.agent(*id).to_owned(),
            Actor::Human(None) => "human".to_owned(),
            Actor::Human(Some(role)) => format!("human {role}"),
        }
    }

    /// A value as a test gives it: `construction`, `"NZ"`, `NZD 50`, `3 days`, `["Procore"]`.
    #[must_use]
    pub fn value(self, value: &Value, ty: &Type) -> String {
        match value {
            Value::Number(number) => self.number(*number, Some(ty)),
            Value::Text(text) => word(text, ty),
            Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Value::List(list) => {
                let of = match ty {
                    Type::List(of) => of,
                    other => other,
                };
                format!("[{}]", list.iter().map(|text| word(text, of)).collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// A number in its unit.
    pub(super) fn number(self, number: Fixed, ty: Option<&Type>) -> String {
        match ty {
            Some(Type::Percent) => format!("{number}%"),
            Some(Type::Money) => format!("{} {number}", self.program.client.currency),
            Some(Type::Duration) => duration(number),
            Some(Type::Date) => day(number),
            _ => number.to_string(),
        }
    }

    /// A condition as one would write it.
    #[must_use]
    pub fn condition(self, condition: &Condition) -> String {
        self.asked(condition, &[])
    }

    fn asked(self, condition: &Condition, events: &[EventId]) -> String {
        match condition {
            Condition::Not(inner) => format!("not {}", self.bracketed(inner, events)),
            Condition::All(parts) => self.joined(parts, "and", "always", events),
            Condition::Any(parts) => self.joined(parts, "or", "never", events),
            Condition::Compare { left, operator, right } => {
                let ty = self.type_of(left, events).or_else(|| self.type_of(right, events));
                let side = |term: &Term| self.term_of(term, ty.as_ref(), events);
                format!("{} {} {}", side(left), comparison(*operator), side(right))
            }
            Condition::Between { term, low, high } => {
                let ty = self.type_of(term, events);
                let side = |term: &Term| self.term_of(term, ty.as_ref(), events);
                format!("{} is from {} to {}", side(term), side(low), side(high))
            }
            Condition::OneOf { term, values } => {
                let (name, ty) = self.text(term, events);
                let words: Vec<String> = values.iter().map(|value| word(value, &ty)).collect();
                match words.as_slice() {
                    [only] => format!("{name} is {only}"),
                    _ => format!("{name} is one of [{}]", words.join(", ")),
                }
            }
            Condition::Same { left, right } => {
                format!("{} is {}", self.text(left, events).0, self.text(right, events).0)
            }
            Condition::Text { term, operator, value } => {
                let how = match operator {
                    TextOperator::Starts => "starts",
                    TextOperator::Ends => "ends",
                    TextOperator::Contains => "contains",
                };
                format!("{} {how} {}", self.text(term, events).0, quoted(value))
            }
            Condition::Yes(term) => format!("{} is yes", self.text(term, events).0),
            Condition::Has { list, which, values } => {
                let ty = self.program.field(list).map_or(Type::Text, |field| field.ty.clone());
                let name = self.program.path_name(list);
                let words = self.value(&Value::List(values.clone()), &ty);
                format!("{name} has {} of {words}", self::which(*which))
            }
            Condition::HasOf { list, which, other } => {
                let (list, other) = (self.program.path_name(list), self.program.path_name(other));
                format!("{list} has {} of {other}", self::which(*which))
            }
            Condition::Known(path) => format!("{} is known", self.program.path_name(path)),
            Condition::Fresh { condition, window, .. } => {
                format!("{} observed{}", self.bracketed(condition, events), back(Some(window)))
            }
            Condition::Happened { query, at_least, at_most } => {
                let what = self.query(query);
                match (at_least, at_most) {
                    (1, None) => format!("any {what}"),
                    (least, None) => format!("at least {least} {what}"),
                    (0, Some(0)) => format!("no {what}"),
                    (0, Some(most)) => format!("at most {most} {what}"),
                    (least, Some(most)) if least == most => format!("exactly {most} {what}"),
                    (least, Some(most)) => format!("from {least} to {most} {what}"),
                }
            }
            Condition::Mentions { phrases, window } => {
                format!("any conversation mentions {}{}", self.phrases(*phrases), back(window.as_ref()))
            }
            Condition::Routed { score, labels, certainty } => {
                let labels: Vec<&str> = labels.iter().map(|label| self.label(*score, *label)).collect();
                let how = match certainty {
                    None => "",
                    Some(Certainty::Certain) => "certainly ",
                    Some(Certainty::Provisional) => "provisionally ",
                };
                format!("{} is {how}{}", self.score(*score), labels.join(" or "))
            }
        }
    }

    fn bracketed(self, condition: &Condition, events: &[EventId]) -> String {
        let words = self.asked(condition, events);
        let joined = matches!(condition, Condition::All(parts) | Condition::Any(parts) if parts.len() > 1);
        if joined || matches!(condition, Condition::Not(_)) { format!("({words})") } else { words }
    }

    fn joined(self, parts: &[Condition], with: &str, nothing: &str, events: &[EventId]) -> String {
        match parts {
            [] => nothing.to_owned(),
            [only] => self.asked(only, events),
            _ => {
                let parts: Vec<String> = parts.iter().map(|part| self.bracketed(part, events)).collect();
                parts.join(&format!(" {with} "))
            }
        }
    }

    /// `email.clicked where url starts "/p" in the last 7 days`
    pub(super) fn query(self, query: &EventQuery) -> String {
        let names: Vec<&str> = query.events.iter().map(|event| self.event(*event)).collect();
        let names = match names.as_slice() {
            [only] => (*only).to_owned(),
            _ => format!("[{}]", names.join(", ")),
        };
        let filter = query
            .filter
            .as_ref()
            .map(|filter| format!(" where {}", self.asked(filter, &query.events)))
            .unwrap_or_default();
        format!("{names}{filter}{}", back(query.window.as_ref()))
    }

    /// A term as one would write it.
    #[must_use]
    pub fn term(self, term: &Term) -> String {
        self.term_of(term, None, &[])
    }

    fn term_of(self, term: &Term, ty: Option<&Type>, events: &[EventId]) -> String {
        match term {
            Term::Constant(number) => self.number(*number, ty),
            Term::Field(path) => self.program.path_name(path),
            Term::EventField(name) => name.to_string(),
            Term::Aggregate(aggregate) => self.aggregate(aggregate),
            Term::Score(of) => self.score_ref(*of),
            Term::Arithmetic { operator, left, right } => {
                let sign = match operator {
                    Arithmetic::Plus => "+",
                    Arithmetic::Minus => "-",
                    Arithmetic::Times => "*",
                    Arithmetic::Over => "/",
                };
                let side = |term: &Term| {
                    let words = self.term_of(term, self.type_of(term, events).as_ref(), events);
                    if matches!(term, Term::Arithmetic { .. }) { format!("({words})") } else { words }
                };
                format!("{} {sign} {}", side(left), side(right))
            }
            Term::Today => "today".to_owned(),
            Term::Now => "now".to_owned(),
        }
    }

    fn aggregate(self, aggregate: &Aggregate) -> String {
        let function = match aggregate.function {
            AggregateFunction::Count => "count of",
            AggregateFunction::Average => "average",
            AggregateFunction::Median => "median",
            AggregateFunction::Sum => "sum of",
            AggregateFunction::Highest => "highest",
            AggregateFunction::Lowest => "lowest",
            AggregateFunction::Latest => "latest",
        };
        let Some(field) = &aggregate.field else { return format!("{function} {}", self.query(&aggregate.query)) };
        let events: Vec<&str> = aggregate.query.events.iter().map(|event| self.event(*event)).collect();
        let filter = aggregate.query.filter.as_ref();
        let filter = filter.map(|filter| format!(" where {}", self.asked(filter, &aggregate.query.events)));
        let filter = filter.unwrap_or_default();
        format!("{function} {}.{field}{filter}{}", events.join(" or "), back(aggregate.query.window.as_ref()))
    }

    fn text(self, term: &TextTerm, events: &[EventId]) -> (String, Type) {
        match term {
            TextTerm::Field(path) => {
                (self.program.path_name(path), self.program.field(path).map_or(Type::Text, |field| field.ty.clone()))
            }
            TextTerm::EventField(name) => (name.to_string(), self.event_field(events, name).unwrap_or(Type::Text)),
            TextTerm::Latest(aggregate) => {
                let field = aggregate.field.as_ref();
                let ty = field.and_then(|field| self.event_field(&aggregate.query.events, field));
                (self.aggregate(aggregate), ty.unwrap_or(Type::Text))
            }
        }
    }

    pub(super) fn event_field(self, events: &[EventId], name: &str) -> Option<Type> {
        let fields = events.iter().filter_map(|event| self.program.events.get(event.index()));
        fields.flat_map(|event| &event.fields).find(|field| field.name == name).map(|field| field.ty.clone())
    }

    fn type_of(self, term: &Term, events: &[EventId]) -> Option<Type> {
        match term {
            Term::Constant(_) => None,
            Term::Field(path) => self.program.field(path).map(|field| field.ty.clone()),
            Term::EventField(name) => self.event_field(events, name),
            Term::Aggregate(aggregate) => {
                aggregate.field.as_ref().and_then(|field| self.event_field(&aggregate.query.events, field))
            }
            Term::Score(_) => Some(Type::Number),
            Term::Today => Some(Type::Date),
            Term::Now => Some(Type::Time),
            Term::Arithmetic { operator, left, right } => {
                let (left, right) = (self.type_of(left, events), self.type_of(right, events));
                match (operator, left, right) {
                    (Arithmetic::Minus, Some(Type::Date | Type::Time), Some(Type::Date | Type::Time)) => {
                        Some(Type::Duration)
                    }
                    (Arithmetic::Over, Some(left), Some(right)) if left == right => Some(Type::Number),
                    (_, left, right) => left.or(right),
                }
            }
        }
    }

    /// A guard as one would write it.
    pub(super) fn guard(self, guard: &Guard) -> String {
        match guard {
            Guard::Not(inner) => format!("not ({})", self.guard(inner)),
            Guard::All(parts) => self.guards(parts, " and ", "always"),
            Guard::Any(parts) => self.guards(parts, " or ", "never"),
            Guard::Facts { of, condition } => match of {
                Subject::Own(_) => self.asked(condition, &[]),
                Subject::Contact => format!("of the contact: {}", self.asked(condition, &[])),
                Subject::Deal => format!("of the deal: {}", self.asked(condition, &[])),
            },
            Guard::Complete => "complete".to_owned(),
            Guard::Scored(score) => format!("{} is known", self.score(*score)),
            Guard::In { workflow, stage: None } => format!("contact is in {}", self.workflow(*workflow)),
            Guard::In { workflow, stage: Some(stage) } => format!("contact is in {}", self.stage(*workflow, *stage)),
            Guard::Message { rubric, operator, value } => {
                format!("message.{} {} {value}", self.rubric(*rubric), comparison(*operator))
            }
        }
    }

    fn guards(self, parts: &[Guard], with: &str, nothing: &str) -> String {
        match parts {
            [] => nothing.to_owned(),
            [only] => self.guard(only),
            _ => {
                let nested = |part: &Guard| matches!(part, Guard::All(_) | Guard::Any(_));
                let part = |part: &Guard| {
                    if nested(part) { format!("({})", self.guard(part)) } else { self.guard(part) }
                };
                parts.iter().map(part).collect::<Vec<_>>().join(with)
            }
        }
    }

    /// `on contact.created`, `every mon to fri at 08:00 for contacts where …`
    pub(super) fn start(self, workflow: &Workflow, start: &StartKind) -> String {
        match start {
            StartKind::On(query) => format!("on {}", self.query(query)),
            StartKind::Every { schedule, guard, at_most } => {
                let of = self.program.entities.get(workflow.entity.index()).map_or("", |entity| entity.table.as_str());
                let who = guard.as_ref().map(|guard| format!(" for {of}s where {}", self.guard(guard)));
                let most = at_most.map(|most| format!(", at most {most}")).unwrap_or_default();
                format!("{}{}{most}", schedule_words(schedule), who.unwrap_or_default())
            }
            StartKind::Crosses(Crossing { term, rises, threshold, .. }) => {
                let ty = self.type_of(term, &[]);
                let how = if *rises { "rises above" } else { "falls below" };
                format!("when {} {how} {}", self.term_of(term, ty.as_ref(), &[]), self.number(*threshold, ty.as_ref()))
            }
            StartKind::Becomes(guard) => format!("when {}", self.guard(guard)),
        }
    }

    /// `when complete`, `on approved`, `after 5 business days`
    pub(super) fn way(self, when: &WayWhen) -> String {
        match when {
            WayWhen::When(guard) => format!("when {}", self.guard(guard)),
            WayWhen::On(events) => {
                format!("on {}", events.iter().map(|event| self.event(*event)).collect::<Vec<_>>().join(" or "))
            }
            WayWhen::Settled(how) => {
                format!("on {}", how.iter().map(|how| settlement(*how)).collect::<Vec<_>>().join(" or "))
            }
            WayWhen::After(period) => format!("after {period}"),
            WayWhen::Otherwise => "otherwise".to_owned(),
        }
    }

    /// `contact`, `icp`, `top 5 reasons`
    pub(super) fn brief(self, brief: &Brief) -> String {
        match brief {
            Brief::Record(entity) => {
                self.program.entities.get(entity.index()).map(|entity| entity.table.to_string()).unwrap_or_default()
            }
            Brief::Score(score) => self.score(*score).to_owned(),
            Brief::Reasons(number) => format!("top {number} reasons"),
            Brief::OpenQuestions => "open questions".to_owned(),
            Brief::Activities(number) => format!("last {number} activities"),
            Brief::Fields(name) => name.to_string(),
        }
    }

    /// A field's type as it is declared, `list of text?`.
    pub(super) fn ty(self, ty: &Type, optional: bool) -> String {
        let name = match ty {
            Type::Text => "text".to_owned(),
            Type::Number => "number".to_owned(),
            Type::YesNo => "yes/no".to_owned(),
            Type::Percent => "percent".to_owned(),
            Type::Money => "money".to_owned(),
            Type::Duration => "duration".to_owned(),
            Type::Date => "date".to_owned(),
            Type::Time => "time".to_owned(),
            Type::Score => "score".to_owned(),
            Type::OneOf(words) => {
                format!("one of [{}]", words.iter().map(SmolStr::as_str).collect::<Vec<_>>().join(", "))
            }
            Type::List(of) => format!("list of {}", self.ty(of, false)),
            Type::Record(entity) => self.entity(*entity).to_owned(),
        };
        if optional { format!("{name}?") } else { name }
    }

    /// A path as a reader writes it.
    #[must_use]
    pub fn path(self, path: &FieldPath) -> String {
        self.program.path_name(path)
    }
}

/// The name of a stage, handoff or end.
pub(super) fn stage_name(workflow: &Workflow, stage: StageId) -> SmolStr {
    workflow.stages.get(stage.index()).map(|stage| stage.name.clone()).unwrap_or_default()
}

fn back(window: Option<&Window>) -> String {
    window.map(|window| format!(" in the last {window}")).unwrap_or_default()
}

/// In the largest unit that divides it.
pub(super) fn duration(seconds: Fixed) -> String {
    for (unit, length) in [("day", 86_400), ("hour", 3_600), ("minute", 60)] {
        if seconds.0 != 0 && seconds.0 % (SCALE * length) == 0 {
            let amount = seconds.0 / (SCALE * length);
            return format!("{amount} {unit}{}", if amount.abs() == 1 { "" } else { "s" });
        }
    }
    format!("{seconds} second{}", if seconds == Fixed::ONE { "" } else { "s" })
}

fn day(seconds: Fixed) -> String {
    let at = jiff::Timestamp::from_second(seconds.0.div_euclid(SCALE));
    at.map_or_else(|_| seconds.to_string(), |at| at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
}

/// A word as it is, a text in quotes.
fn word(text: &str, ty: &Type) -> String {
    match ty {
        Type::Text => quoted(text),
        Type::List(of) => word(text, of),
        _ => text.to_owned(),
    }
}

/// A text as a playbook writes it.
#[must_use]
pub fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{escaped}\"")
}

pub(super) fn comparison(operator: Comparison) -> &'static str {
    match operator {
        Comparison::Less => "<",
        Comparison::AtMost => "<=",
        Comparison::More => ">",
        Comparison::AtLeast => ">=",
        Comparison::Equal => "is",
        Comparison::NotEqual => "is not",
    }
}

const fn which(which: Which) -> &'static str {
    match which {
        Which::Any => "any",
        Which::All => "all",
        Which::None => "none",
    }
}

pub(super) const fn settlement(how: Settlement) -> &'static str {
    match how {
        Settlement::Approved => "approved",
        Settlement::Changed => "changed",
        Settlement::Rejected => "rejected",
        Settlement::Expired => "expired",
    }
}

/// `every mon, tue and fri at 08:00`, `every 2 weeks`
fn schedule_words(schedule: &Schedule) -> String {
    match schedule {
        Schedule::Interval(every) => format!("every {every}"),
        Schedule::Days { days, at } => format!("every {} at {}", days_words(days), at.strftime("%H:%M")),
    }
}

/// `mon to fri`, `mon, wed`
pub(super) fn days_words(days: &[bool; 7]) -> String {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let on: Vec<usize> = days.iter().enumerate().filter(|(_, on)| **on).map(|(day, _)| day).collect();
    let name = |day: &usize| NAMES.get(*day).copied().unwrap_or_default();
    match (on.first(), on.last()) {
        (Some(first), Some(last)) if on.len() > 2 && last - first + 1 == on.len() => {
            format!("{} to {}", name(first), name(last))
        }
        _ => on.iter().map(name).collect::<Vec<_>>().join(", "),
    }
}
