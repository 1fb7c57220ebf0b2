//! Normal forms: texts that are equal only where the meaning is, whatever order, spelling and file it was written in.
//!
//! Two are asked for. *By name*, a part is what it says, and what it names is another part: so a workflow is not another one because
//! the score it asks was changed. *By content*, everything that a part names is put in its place, down to phrases, types, hours and
//! time zone: two scores with one normal form by content say the same of every record, at every instant, whatever is reported.
//!
//! The laws used hold in Kleene's logic and for ranges: order and repetition under `and` and `or`, double negation, De Morgan, both
//! ways round of a comparison, and `>` as `>=` of the next millionth. Where points fade, a condition also says how old its evidence is:
//! there only order and repetition are made nothing of.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::program::{
    Aggregate, Comparison, Condition, EventId, EventQuery, FieldPath, Fixed, Guard, PhrasesId, Program, Rule, RuleForm,
    Score, ScoreId, ScoreRef, StartKind, Subject, Term, TextTerm, Type, WayWhen, Which, Window,
};

use super::words::{Words, settlement};

/// Normal forms of one Program.
pub(super) struct Normal<'p> {
    program: &'p Program,
    by_content: bool,
    known: RefCell<BTreeMap<ScoreId, String>>,
    /// The scores whose form is being made, the innermost last.
    within: RefCell<Vec<ScoreId>>,
}

/// Points beyond this could run into the ends of what a number holds, where order counts.
const SAFE_POINTS: i64 = 1_000_000_000_000;

/// The contact's field that conversations fill as well.
const OPEN_OBJECTIONS: &str = "objections.open";

impl<'p> Normal<'p> {
    pub(super) fn by_name(program: &'p Program) -> Self {
        Self { program, by_content: false, known: RefCell::default(), within: RefCell::default() }
    }

    pub(super) fn by_content(program: &'p Program) -> Self {
        Self { by_content: true, ..Self::by_name(program) }
    }

    fn words(&self) -> Words<'p> {
        Words::new(self.program)
    }

    /// A score, without its name.
    pub(super) fn score(&self, id: ScoreId) -> String {
        if let Some(known) = self.known.borrow().get(&id) {
            return known.clone();
        }
        let Some(score) = self.program.scores.get(id.index()) else { return String::new() };
        self.within.borrow_mut().push(id);
        let form = self.score_form(score);
        self.within.borrow_mut().pop();
        self.known.borrow_mut().insert(id, form.clone());
        form
    }

    fn score_form(&self, score: &Score) -> String {
        let layers = (0..score.layers.len()).map(|layer| self.layer(score, layer));
        let layers = sorted(layers.collect(), safe(score));
        let routes: Vec<String> = score
            .routes
            .iter()
            .map(|line| {
                let label = score.labels.get(line.label.index()).map_or("", smol_str::SmolStr::as_str);
                let condition =
                    line.condition.as_ref().map_or_else(|| "otherwise".to_owned(), |when| self.condition(when));
                format!("{label:?} {condition}")
            })
            .collect();
        let entity = self.words().entity(score.entity);
        format!("score({entity:?} {} [{}] [{}])", score.weighted, layers.join(" "), routes.join(" "))
    }

    /// A layer, without its name.
    pub(super) fn layer(&self, score: &Score, layer: usize) -> String {
        let Some(layer) = score.layers.get(layer) else { return String::new() };
        let fading = layer.half_life.is_some_and(|half_life| half_life.0 > 0);
        // What counts events without points for one still reaches its cap while they are not all reported.
        let counts = |rule: &&Rule| rule.points != Fixed::ZERO || matches!(rule.form, RuleForm::Each { .. });
        let rules = layer.rules.iter().filter(counts);
        let rules = rules.map(|rule| format!("{} {}", rule.points, self.rule(&rule.form, fading)));
        let rules = sorted(rules.collect(), safe(score));
        let once = layer.once.map(|event| self.words().event(event).to_owned());
        let half_life = layer.half_life.map(|half_life| half_life.0);
        format!(
            "layer({} {:?} {half_life:?} {once:?} [{}])",
            score.weighted,
            layer.weight.map(|of| of.0),
            rules.join(" ")
        )
    }

    /// When a rule gives its points.
    pub(super) fn rule(&self, form: &RuleForm, fading: bool) -> String {
        match form {
            RuleForm::When(condition) if fading => self.aged(condition).text(),
            RuleForm::When(condition) => self.condition(condition),
            RuleForm::Each { query, up_to } => format!("each({} {})", self.query(query), up_to.0),
        }
    }

    pub(super) fn condition(&self, condition: &Condition) -> String {
        self.form(condition, false, &[]).text()
    }

    /// Of which the age of the evidence counts as well.
    fn aged(&self, condition: &Condition) -> Form {
        match condition {
            Condition::All(parts) => joined(true, parts.iter().map(|part| self.aged(part))),
            Condition::Any(parts) => joined(false, parts.iter().map(|part| self.aged(part))),
            Condition::Fresh { condition, fields, window } => {
                Form::Atom(self.fresh(&self.aged(condition).text(), fields, *window))
            }
            Condition::Not(_) if has_evidence(condition) => {
                Form::Atom(format!("ageless({})", self.condition(condition)))
            }
            other => self.form(other, false, &[]),
        }
    }

    fn fresh(&self, inner: &str, fields: &[FieldPath], window: Window) -> String {
        let fields = sorted(fields.iter().map(|path| self.path(path)).collect(), true);
        format!("fresh({inner} [{}] {})", fields.join(" "), self.window(Some(window)))
    }

    fn form(&self, condition: &Condition, negated: bool, events: &[EventId]) -> Form {
        match condition {
            Condition::Not(inner) => self.form(inner, !negated, events),
            Condition::All(parts) => joined(!negated, parts.iter().map(|part| self.form(part, negated, events))),
            Condition::Any(parts) => joined(negated, parts.iter().map(|part| self.form(part, negated, events))),
            Condition::Between {
                term: term @ Term::Field(_),
                low: low @ Term::Constant(_),
                high: high @ Term::Constant(_),
            } => {
                let sides = [
                    self.compare(term, Comparison::AtLeast, low, negated, events),
                    self.compare(term, Comparison::AtMost, high, negated, events),
                ];
                joined(!negated, sides.into_iter().map(Form::Atom))
            }
            other => Form::Atom(self.atom(other, negated, events)),
        }
    }

    /// A condition that is no `and`, `or` or `not`.
    fn atom(&self, condition: &Condition, negated: bool, events: &[EventId]) -> String {
        let mark = |form: String| if negated { format!("not({form})") } else { form };
        match condition {
            Condition::Not(_) | Condition::All(_) | Condition::Any(_) => self.form(condition, negated, events).text(),
            Condition::Compare { left, operator, right } => self.compare(left, *operator, right, negated, events),
            Condition::Between { term, low, high } => {
                let [term, low, high] = [term, low, high].map(|term| self.term(term, events));
                mark(format!("between({term} {low} {high})"))
            }
            Condition::OneOf { term, values } => mark(format!("one_of({} {})", self.text(term, events), texts(values))),
            Condition::Same { left, right } => {
                let sides = sorted(vec![self.text(left, events), self.text(right, events)], true);
                mark(format!("same({})", sides.join(" ")))
            }
            Condition::Text { term, operator, value } => {
                mark(format!("{operator:?}({} {value:?})", self.text(term, events)))
            }
            Condition::Yes(term) => mark(format!("yes({})", self.text(term, events))),
            Condition::Has { list, which, values } => {
                let (which, negated) = none_as_any(*which, negated);
                let form = format!("has({} {which:?} {})", self.path(list), texts(values));
                if negated { format!("not({form})") } else { form }
            }
            Condition::HasOf { list, which, other } => {
                let (which, negated) = none_as_any(*which, negated);
                let form = format!("has_of({} {which:?} {})", self.path(list), self.path(other));
                if negated { format!("not({form})") } else { form }
            }
            Condition::Known(path) => mark(format!("known({})", self.path(path))),
            Condition::Fresh { condition, fields, window } => {
                mark(self.fresh(&self.form(condition, false, events).text(), fields, *window))
            }
            Condition::Happened { query, at_least, at_most } => {
                let (at_least, at_most, negated) = match (at_least, at_most, negated) {
                    // No more than so many is not one more: both are unknown where not all is reported.
                    (0, Some(most), _) if *most < u32::MAX => (most + 1, None, !negated),
                    _ => (*at_least, *at_most, negated),
                };
                let form = format!("happened({} {at_least} {at_most:?})", self.query(query));
                if negated { format!("not({form})") } else { form }
            }
            Condition::Mentions { phrases, window } => {
                mark(format!("mentions({} {})", self.phrases(*phrases), self.window(*window)))
            }
            Condition::Routed { score, labels, certainty } => {
                let words = self.words();
                let labels: Vec<String> = labels.iter().map(|label| words.label(*score, *label).to_owned()).collect();
                let labels = sorted(labels, true);
                mark(format!("routed({} {labels:?} {certainty:?})", self.named_score(*score)))
            }
        }
    }

    fn compare(&self, left: &Term, operator: Comparison, right: &Term, negated: bool, events: &[EventId]) -> String {
        let (mut operator, mut negated) = (operator, negated);
        let (mut left, mut right) = (left, right);
        if matches!(left, Term::Constant(_))
            || !matches!(right, Term::Constant(_)) && { self.term(left, events) > self.term(right, events) }
        {
            std::mem::swap(&mut left, &mut right);
            operator = match operator {
                Comparison::Less => Comparison::More,
                Comparison::AtMost => Comparison::AtLeast,
                Comparison::More => Comparison::Less,
                Comparison::AtLeast => Comparison::AtMost,
                same @ (Comparison::Equal | Comparison::NotEqual) => same,
            };
        }
        // Everything is said by `at least`, `more` and `equal`.
        operator = match operator {
            Comparison::Less => {
                negated = !negated;
                Comparison::AtLeast
            }
            Comparison::AtMost => {
                negated = !negated;
                Comparison::More
            }
            Comparison::NotEqual => {
                negated = !negated;
                Comparison::Equal
            }
            other => other,
        };
        let form = match (operator, right) {
            (Comparison::More, Term::Constant(Fixed(value))) if *value < i64::MAX => {
                format!("at_least({} {})", self.term(left, events), value + 1)
            }
            (Comparison::More, _) => format!("more({} {})", self.term(left, events), self.term(right, events)),
            (Comparison::Equal, _) => format!("equal({} {})", self.term(left, events), self.term(right, events)),
            _ => format!("at_least({} {})", self.term(left, events), self.term(right, events)),
        };
        if negated { format!("not({form})") } else { form }
    }

    pub(super) fn term(&self, term: &Term, events: &[EventId]) -> String {
        match term {
            Term::Constant(number) => number.0.to_string(),
            Term::Field(path) => self.path(path),
            Term::EventField(name) => self.event_field(name, events),
            Term::Aggregate(aggregate) => self.aggregate(aggregate),
            Term::Score(of) => self.score_ref(*of),
            Term::Arithmetic { operator, left, right } => {
                format!("{operator:?}({} {})", self.term(left, events), self.term(right, events))
            }
            Term::Today => format!("today({})", self.zone()),
            Term::Now => "now".to_owned(),
        }
    }

    fn aggregate(&self, aggregate: &Aggregate) -> String {
        let field = aggregate.field.as_ref().map(|field| self.event_field(field, &aggregate.query.events));
        format!("{:?}({field:?} {})", aggregate.function, self.query(&aggregate.query))
    }

    fn text(&self, term: &TextTerm, events: &[EventId]) -> String {
        match term {
            TextTerm::Field(path) => self.path(path),
            TextTerm::EventField(name) => self.event_field(name, events),
            TextTerm::Latest(aggregate) => self.aggregate(aggregate),
        }
    }

    fn event_field(&self, name: &str, events: &[EventId]) -> String {
        if !self.by_content {
            return format!("fact({name:?})");
        }
        let types = events.iter().filter_map(|event| self.words().event_field(&[*event], name));
        let types: Vec<String> = types.map(|ty| self.ty(&ty)).collect();
        format!("fact({name:?} {types:?})")
    }

    pub(super) fn query(&self, query: &EventQuery) -> String {
        let events = sorted(query.events.iter().map(|event| self.words().event(*event).to_owned()).collect(), true);
        let filter =
            query.filter.as_ref().map(|filter| self.form(filter, false, &query.events).text()).unwrap_or_default();
        format!("query({events:?} {filter} {})", self.window(query.window))
    }

    fn path(&self, path: &FieldPath) -> String {
        let name = format!("{}.{}", self.words().entity(path.entity), self.program.path_name(path));
        let Some(field) = self.program.field(path).filter(|_| self.by_content) else {
            return format!("field({name:?})");
        };
        let objections = if field.name == OPEN_OBJECTIONS { self.objections() } else { String::new() };
        let missing = matches!(field.ty, Type::List(_)) && field.optional;
        format!("field({name:?} {} {missing}{objections})", self.ty(&field.ty))
    }

    /// What fills the list of open objections, and what empties it.
    fn objections(&self) -> String {
        let said = (0..).zip(&self.program.phrases).filter(|(_, phrases)| phrases.objection);
        let said = said.map(|(id, phrases)| format!("{:?} {}", phrases.name, self.phrases(PhrasesId(id))));
        let answered = self.program.event("objection.answered");
        let fields = answered.and_then(|event| self.program.events.get(event.index())).map(|event| {
            event.fields.iter().map(|field| (field.name.to_string(), self.ty(&field.ty))).collect::<Vec<_>>()
        });
        format!(" {:?} {fields:?}", sorted(said.collect(), true))
    }

    fn ty(&self, ty: &Type) -> String {
        match ty {
            Type::OneOf(words) => format!("one of {}", texts(words)),
            Type::List(of) => format!("list of {}", self.ty(of)),
            Type::Money => format!("money {:?}", self.program.client.currency),
            other => self.words().ty(other, false),
        }
    }

    fn phrases(&self, id: PhrasesId) -> String {
        let Some(phrases) = self.program.phrases.get(id.index()) else { return String::new() };
        if self.by_content { texts(&phrases.texts) } else { format!("phrases({:?})", phrases.name) }
    }

    fn named_score(&self, id: ScoreId) -> String {
        if !self.by_content {
            return format!("score({:?})", self.words().score(id));
        }
        // The score itself, in its own routes. There is no other circle: the compiler has seen to it.
        let place = self.within.borrow().iter().rev().position(|within| *within == id);
        match place {
            Some(steps) => format!("itself({steps})"),
            None => self.score(id),
        }
    }

    fn score_ref(&self, of: ScoreRef) -> String {
        let Some(layer) = of.layer else { return self.named_score(of.score) };
        let score = self.program.scores.get(of.score.index());
        if !self.by_content {
            return format!("layer({:?})", self.words().score_ref(of));
        }
        score.map(|score| self.layer(score, layer as usize)).unwrap_or_default()
    }

    fn window(&self, window: Option<Window>) -> String {
        let Some(window) = window else { return "ever".to_owned() };
        let calendar = if self.by_content { self.calendar(window.business) } else { String::new() };
        format!("last({} {:?} {}{calendar})", window.amount, window.unit, window.business)
    }

    fn zone(&self) -> String {
        if self.by_content { format!("{:?}", self.program.client.timezone) } else { String::new() }
    }

    fn calendar(&self, business: bool) -> String {
        let client = &self.program.client;
        if !business {
            return format!(" {}", self.zone());
        }
        let holidays = sorted(client.holidays.iter().map(ToString::to_string).collect(), true);
        format!(" {} {:?} {holidays:?}", self.zone(), client.hours)
    }

    pub(super) fn guard(&self, guard: &Guard) -> String {
        match guard {
            Guard::Not(inner) => format!("not({})", self.guard(inner)),
            Guard::All(parts) => joined(true, parts.iter().map(|part| Form::Atom(self.guard(part)))).text(),
            Guard::Any(parts) => joined(false, parts.iter().map(|part| Form::Atom(self.guard(part)))).text(),
            Guard::Facts { of, condition } => format!("{} {}", self.subject(*of), self.condition(condition)),
            Guard::Complete => "complete".to_owned(),
            Guard::Scored(score) => format!("scored({})", self.named_score(*score)),
            Guard::In { workflow, stage } => {
                let stage = stage.map(|stage| self.words().stage(*workflow, stage));
                format!("in({:?} {stage:?})", self.words().workflow(*workflow))
            }
            Guard::Message { .. } => format!("message({})", self.words().guard(guard)),
        }
    }

    fn subject(&self, of: Subject) -> String {
        match of {
            Subject::Own(entity) => self.words().entity(entity).to_owned(),
            Subject::Contact => "Contact".to_owned(),
            Subject::Deal => "Deal".to_owned(),
        }
    }

    pub(super) fn start(&self, start: &StartKind) -> String {
        match start {
            StartKind::On(query) => format!("on({})", self.query(query)),
            StartKind::Every { schedule, guard, at_most } => {
                let guard = guard.as_ref().map(|guard| self.guard(guard));
                format!("every({schedule:?} {guard:?} {at_most:?})")
            }
            StartKind::Crosses(crossing) => format!(
                "crosses({} {} {} {})",
                self.subject(crossing.of),
                self.term(&crossing.term, &[]),
                crossing.rises,
                crossing.threshold.0
            ),
            StartKind::Becomes(guard) => format!("becomes({})", self.guard(guard)),
        }
    }

    pub(super) fn way(&self, when: &WayWhen) -> String {
        match when {
            WayWhen::When(guard) => format!("when({})", self.guard(guard)),
            WayWhen::On(events) => {
                let events = events.iter().map(|event| self.words().event(*event).to_owned()).collect();
                format!("on({:?})", sorted(events, true))
            }
            WayWhen::Settled(how) => {
                format!("settled({:?})", sorted(how.iter().map(|how| settlement(*how).to_owned()).collect(), true))
            }
            WayWhen::After(period) => format!("after({})", self.window(Some(*period))),
            WayWhen::Otherwise => "otherwise".to_owned(),
        }
    }
}

/// Whether the order of a score's lines counts for nothing: no sum of them reaches the ends of what a number holds.
fn safe(score: &Score) -> bool {
    let mut sum: i64 = 0;
    for rule in score.layers.iter().flat_map(|layer| &layer.rules) {
        let cap = match &rule.form {
            RuleForm::Each { up_to, .. } => up_to.0.saturating_abs(),
            RuleForm::When(_) => 0,
        };
        sum = sum.saturating_add(rule.points.0.saturating_abs().max(cap));
    }
    sum < SAFE_POINTS
}

fn sorted(mut forms: Vec<String>, really: bool) -> Vec<String> {
    if really {
        forms.sort_unstable();
    }
    forms
}

/// A condition's form, as far as others are joined with it.
enum Form {
    /// A part of it.
    Atom(String),
    /// `and`, otherwise `or`, over parts that are neither nested in the same way nor there twice, in order.
    Joined(bool, Vec<Form>),
}

impl Form {
    fn text(&self) -> String {
        match self {
            Self::Atom(text) => text.clone(),
            Self::Joined(all, parts) => {
                let parts: Vec<String> = parts.iter().map(Self::text).collect();
                format!("{}({})", if *all { "all" } else { "any" }, parts.join(" "))
            }
        }
    }
}

/// In order, each once; one alone is itself.
fn joined(all: bool, parts: impl Iterator<Item = Form>) -> Form {
    let mut flat: Vec<(String, Form)> = Vec::new();
    for part in parts {
        match part {
            Form::Joined(same, within) if same == all => {
                flat.extend(within.into_iter().map(|part| (part.text(), part)));
            }
            other => flat.push((other.text(), other)),
        }
    }
    flat.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    flat.dedup_by(|later, earlier| later.0 == earlier.0);
    let mut parts: Vec<Form> = flat.into_iter().map(|(_, part)| part).collect();
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            Form::Joined(all, parts)
        }
        None => Form::Joined(all, parts),
    }
}

/// Whether something in it could have an age.
fn has_evidence(condition: &Condition) -> bool {
    match condition {
        Condition::Not(inner) | Condition::Fresh { condition: inner, .. } => has_evidence(inner),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(has_evidence),
        Condition::Happened { .. } | Condition::Mentions { .. } => true,
        _ => false,
    }
}

fn none_as_any(which: Which, negated: bool) -> (Which, bool) {
    if which == Which::None { (Which::Any, !negated) } else { (which, negated) }
}

/// Sorted, each once.
fn texts(values: &[smol_str::SmolStr]) -> String {
    let mut values: Vec<&str> = values.iter().map(smol_str::SmolStr::as_str).collect();
    values.sort_unstable();
    values.dedup();
    format!("{values:?}")
}
