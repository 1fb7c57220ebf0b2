//! Random playbooks and facts from a list of choices: an exhausted list chooses the simplest, so that failures shrink.

use compiler::program::*;
use jiff::SignedDuration;
use language::syntax::{AggregateFunction, DurationUnit};
use runtime::facts::{Coverage, EventFact, Facts, Reported, Said};
use smol_str::SmolStr;

use crate::playbook::*;

pub(crate) struct Choices<'a> {
    left: std::slice::Iter<'a, u16>,
    /// How many scores the playbook has so far: only they may be read.
    scores: Vec<(u32, u32)>,
    /// Only what more knowledge can never contradict: nothing that asks whether something is known.
    monotone: bool,
}

impl<'a> Choices<'a> {
    pub(crate) fn new(choices: &'a [u16]) -> Self {
        Self { left: choices.iter(), scores: Vec::new(), monotone: false }
    }

    pub(crate) fn monotone(choices: &'a [u16]) -> Self {
        Self { monotone: true, ..Self::new(choices) }
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.left.next().copied().unwrap_or(0)) % bound
    }

    fn chance(&mut self, of_ten: usize) -> bool {
        self.below(10) >= 10 - of_ten
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    pub(crate) fn program(&mut self) -> Program {
        let mut program = program();
        for _ in 0..1 + self.below(3) {
            let score = self.score();
            self.scores.push((u32::try_from(score.layers.len()).unwrap(), u32::try_from(score.labels.len()).unwrap()));
            program.scores.push(score);
        }
        program
    }

    fn score(&mut self) -> Score {
        let weighted = self.chance(6);
        let count = 1 + self.below(3);
        let weights: &[&str] = match count {
            1 => &["100"],
            2 => &["37.5", "62.5"],
            _ => &["20", "33.333333", "46.666667"],
        };
        let mut layers = Vec::new();
        for weight in weights {
            let half_life = self.chance(5).then(|| [3, 10, 21][self.below(3)]);
            let rules = (0..1 + self.below(4)).map(|_| self.rule()).collect();
            let mut layer = layer("layer", weighted.then_some(weight), half_life, rules);
            layer.once = (self.chance(2) && !self.monotone).then_some(EventId(0));
            layers.push(layer);
        }
        let this = u32::try_from(self.scores.len()).unwrap();
        let mut routes = Vec::new();
        for label in ["hot", "warm"].iter().take(self.below(3)) {
            let bound = self.pick(&["10", "45", "70"]);
            let layer = self.chance(3).then_some(0);
            let mut condition = compare(standing(this, layer), Comparison::AtLeast, constant(bound));
            if self.chance(3) {
                condition = Condition::Any(vec![condition, self.condition(1)]);
            }
            routes.push((*label, Some(condition)));
        }
        if self.chance(8) {
            routes.push(("cold", None));
        }
        score("score", layers, routes)
    }

    fn rule(&mut self) -> Rule {
        let points = self.pick(&["10", "25", "40", "-30", "0.125", "-7.5", "0"]);
        if self.chance(3) {
            let query = self.query();
            return each(points, query, self.pick(&["30", "12.5", "100"]));
        }
        when(points, self.condition(3))
    }

    fn condition(&mut self, depth: usize) -> Condition {
        if depth == 0 || self.chance(4) {
            return self.atom();
        }
        match self.below(5) {
            0 => self.atom(),
            1 => Condition::Not(Box::new(self.condition(depth - 1))),
            2 => Condition::All((0..self.below(4)).map(|_| self.condition(depth - 1)).collect()),
            3 => Condition::Any((0..self.below(4)).map(|_| self.condition(depth - 1)).collect()),
            _ => {
                let fields = vec![path(self.pick(&["visits", "country", "company.employees"]))];
                let window = self.window().unwrap_or(Window { amount: 9, unit: DurationUnit::Day, business: false });
                Condition::Fresh { condition: Box::new(self.atom()), fields, window }
            }
        }
    }

    fn atom(&mut self) -> Condition {
        match self.below(16) {
            0 => between("visits", "2", "5"),
            1 => one_of("company.industry", &["construction", "solar_epc"]),
            2 => compare(self.term(2), self.comparison(), self.term(2)),
            3 => {
                let bound = self.pick(&["2", "3.5", "50", "200"]);
                compare(term(self.pick(&["visits", "company.employees", "budget"])), self.comparison(), constant(bound))
            }
            4 => {
                let list = self.list();
                has(
                    list,
                    self.which(),
                    self.pick(&[&["Procore"][..], &["Excel", "simPRO"], &["Excel", "Procore", "absent"]]),
                )
            }
            5 => Condition::HasOf { list: path(self.list()), which: self.which(), other: path(self.list()) },
            6 => Condition::Yes(TextTerm::Field(path("home_owner"))),
            7 if !self.monotone => Condition::Known(path(self.pick(&[
                "visits",
                "company.employees",
                "company",
                "company.tools",
                "tags",
                "symptoms",
            ]))),
            8 => {
                let term = TextTerm::Field(path(self.pick(&["country", "region", "company.country"])));
                let operator = self.pick(&[TextOperator::Starts, TextOperator::Ends, TextOperator::Contains]);
                Condition::Text { term, operator, value: self.pick(&["N", "Z", "U"]).into() }
            }
            9 => Condition::Same {
                left: TextTerm::Field(path(self.pick(&["country", "region"]))),
                right: TextTerm::Field(path("company.country")),
            },
            10 => {
                let (least, most) =
                    self.pick(&[(1, None), (0, Some(0)), (2, None), (0, Some(2)), (2, Some(2)), (1, Some(3))]);
                happened(self.query(), least, most)
            }
            11 => {
                Condition::Mentions { phrases: PhrasesId(u32::try_from(self.below(3)).unwrap()), window: self.window() }
            }
            12 if !self.monotone => {
                has("objections.open", self.which(), self.pick(&[&["price"][..], &["price", "too_custom"]]))
            }
            13 => self.latest(),
            14 if !self.scores.is_empty() => self.of_score(),
            _ => one_of("country", self.pick(&[&["NZ"][..], &["AU", "NZ"]])),
        }
    }

    fn of_score(&mut self) -> Condition {
        let score = self.below(self.scores.len());
        let (layers, labels) = self.scores[score];
        let id = u32::try_from(score).unwrap();
        if labels == 0 || self.chance(5) {
            let layer = self.chance(5).then(|| u32::try_from(self.below(layers as usize)).unwrap());
            return compare(standing(id, layer), self.comparison(), constant(self.pick(&["10", "45", "70"])));
        }
        let certainty =
            self.pick(&[None, Some(Certainty::Certain), Some(Certainty::Provisional)]).filter(|_| !self.monotone);
        let labels = vec![LabelId(u32::try_from(self.below(labels as usize)).unwrap())];
        Condition::Routed { score: ScoreId(id), labels, certainty }
    }

    fn latest(&mut self) -> Condition {
        let query = EventQuery { events: vec![REPLIED], ..self.query() };
        let query = EventQuery { filter: None, ..query };
        if self.chance(5) {
            return Condition::Yes(TextTerm::Latest(aggregate(AggregateFunction::Latest, "automatic", query)));
        }
        let latest = TextTerm::Latest(aggregate(AggregateFunction::Latest, "kind", query));
        Condition::OneOf { term: latest, values: texts(&["agency", "construction"]) }
    }

    fn list(&mut self) -> &'static str {
        self.pick(&["tags", "symptoms", "company.tools", "company.needs"])
    }

    fn which(&mut self) -> Which {
        self.pick(&[Which::Any, Which::All, Which::None])
    }

    fn comparison(&mut self) -> Comparison {
        use Comparison::*;
        self.pick(&[AtLeast, Less, AtMost, More, Equal, NotEqual])
    }

    fn term(&mut self, depth: usize) -> Term {
        if depth > 0 && self.chance(3) {
            let operator = self.pick(&[Arithmetic::Plus, Arithmetic::Minus, Arithmetic::Times, Arithmetic::Over]);
            let (left, right) = (Box::new(self.term(depth - 1)), Box::new(self.term(depth - 1)));
            return Term::Arithmetic { operator, left, right };
        }
        match self.below(8) {
            0 => constant(self.pick(&["2", "0", "-1", "0.333333", "50", "1000000"])),
            1 => term("visits"),
            2 => term("company.employees"),
            3 => term("budget"),
            4 => Term::Aggregate(aggregate(AggregateFunction::Count, "", self.query())),
            5 => {
                use AggregateFunction::*;
                let function = self.pick(&[Average, Median, Sum, Highest, Lowest, Latest]);
                let query = self.query();
                let field = if query.events.contains(&REPLIED) { self.pick(&["words", "delay"]) } else { "depth" };
                Term::Aggregate(aggregate(function, field, query))
            }
            6 if !self.scores.is_empty() => {
                let score = self.below(self.scores.len());
                let layers = self.scores[score].0;
                let layer = self.chance(5).then(|| u32::try_from(self.below(layers as usize)).unwrap());
                standing(u32::try_from(score).unwrap(), layer)
            }
            6 => Term::Arithmetic {
                operator: Arithmetic::Over,
                left: Box::new(Term::Arithmetic {
                    operator: Arithmetic::Minus,
                    left: Box::new(self.pick(&[Term::Today, Term::Now])),
                    right: Box::new(term("born")),
                }),
                right: Box::new(constant("86400")),
            },
            _ => Term::Arithmetic {
                operator: Arithmetic::Minus,
                left: Box::new(constant("7")),
                right: Box::new(term("visits")),
            },
        }
    }

    fn query(&mut self) -> EventQuery {
        let event = self.pick(&[CLICKED, REPLIED]);
        let filter = self.chance(4).then(|| self.filter(event));
        let mut query = query(event, filter, self.window());
        if query.filter.is_none() && self.chance(2) {
            query.events = vec![CLICKED, REPLIED];
        }
        query
    }

    fn filter(&mut self, event: EventId) -> Condition {
        let of = |name: &str| TextTerm::EventField(name.into());
        let atom = match (event, self.below(4)) {
            (CLICKED, 0 | 1) => Condition::Text { term: of("url"), operator: TextOperator::Starts, value: "/p".into() },
            (CLICKED, 2) => Condition::Same { left: of("url"), right: TextTerm::Field(path("region")) },
            (CLICKED, _) => compare(Term::EventField("depth".into()), self.comparison(), term("visits")),
            (_, 0) => Condition::OneOf { term: of("kind"), values: texts(&["agency"]) },
            (_, 1) => Condition::Yes(of("automatic")),
            (_, 2) => compare(Term::EventField("words".into()), self.comparison(), constant("60")),
            _ => has("tags", Which::Any, &["Excel"]),
        };
        match self.below(4) {
            0 => atom,
            1 => Condition::Not(Box::new(atom)),
            2 if !self.monotone => Condition::All(vec![atom, Condition::Known(path("visits"))]),
            _ => Condition::Any(vec![atom, Condition::Yes(TextTerm::Field(path("home_owner")))]),
        }
    }

    fn window(&mut self) -> Option<Window> {
        use DurationUnit::*;
        let (amount, unit) =
            self.pick(&[(0, Day), (7, Day), (30, Day), (36, Hour), (2, Week), (1, Month), (1, Year), (2, Day)]);
        (amount > 0).then_some(Window { amount, unit, business: false })
    }

    pub(crate) fn facts(&mut self) -> Facts {
        let mut facts = Facts::default();
        let mut give = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                facts.fields.insert(path(name), value);
            }
        };
        for name in ["visits", "budget", "company.employees"] {
            give(name, self.number());
        }
        for name in ["country", "region", "company.country"] {
            give(name, self.chance(7).then(|| Value::Text(self.pick(&["NZ", "AU", "US"]).into())));
        }
        give("company.industry", self.chance(7).then(|| Value::Text(self.pick(&INDUSTRIES).into())));
        give("home_owner", self.chance(7).then(|| Value::YesNo(self.chance(5))));
        give("born", self.chance(7).then(|| Value::Number(Fixed::from_integer(86_400 * self.below(20_000) as i64))));
        for name in ["symptoms", "tags", "company.tools", "company.needs"] {
            give(name, self.chance(6).then(|| Value::List(self.some(&TOOLS))));
        }
        give("objections.open", self.chance(4).then(|| Value::List(self.some(&["price", "too_custom"]))));
        if self.chance(3) {
            give("company", Some(Value::Text("1".into())));
        }
        for name in ["visits", "country", "company.employees"] {
            if self.chance(4) {
                facts.observed.insert(path(name), self.instant());
            }
        }
        for _ in 0..self.below(8) {
            facts.events.push(self.event());
        }
        for _ in 0..self.below(4) {
            let text = self.pick(&[
                "Hello there.",
                "We COPY  and\npaste all night. Bye",
                "That is too expensive! And too custom.",
                "no budgets",
                "ours is Too Custom",
            ]);
            facts.conversations.push(Said { at: self.instant(), text: text.into() });
        }
        facts
    }

    fn some(&mut self, of: &[&str]) -> Vec<SmolStr> {
        of.iter().filter(|_| self.chance(5)).map(|&value| value.into()).collect()
    }

    fn number(&mut self) -> Option<Value> {
        self.chance(7).then(|| {
            Value::Number(number(self.pick(&["3", "0", "2", "5.5", "20", "249.999999", "-4", "9000000000000"])))
        })
    }

    fn instant(&mut self) -> jiff::Timestamp {
        let hours = self.pick(&[1, 0, 24, 36, 47, 48, 24 * 7, 24 * 14, 24 * 20, 24 * 30, 24 * 100, 24 * 500, -3]);
        now() - SignedDuration::from_hours(hours) - SignedDuration::from_micros(self.below(3) as i64)
    }

    fn event(&mut self) -> EventFact {
        let event = self.pick(&[CLICKED, REPLIED, ANSWERED]);
        let mut fields: Vec<(SmolStr, Value)> = Vec::new();
        let mut give = |name: &str, value: Option<Value>| fields.extend(value.map(|value| (name.into(), value)));
        match event {
            CLICKED => {
                give("url", self.chance(7).then(|| Value::Text(self.pick(&["/pricing", "/", "NZ"]).into())));
                give("depth", self.number());
            }
            REPLIED => {
                give("delay", self.number());
                give("words", self.chance(7).then(|| Value::Number(number(self.pick(&["60", "12", "61", "100"])))));
                give("kind", self.chance(7).then(|| Value::Text(self.pick(&INDUSTRIES).into())));
                give("automatic", self.chance(7).then(|| Value::YesNo(self.chance(5))));
            }
            _ => give("objection", Some(Value::Text(self.pick(&["price", "too_custom"]).into()))),
        }
        EventFact { event, at: self.instant(), fields }
    }

    pub(crate) fn coverage(&mut self) -> Coverage {
        let mut coverage = Coverage::default();
        for event in 0..3 {
            if let Some(reported) = self.reported() {
                coverage.events.insert(EventId(event), reported);
            }
        }
        coverage.conversations = self.reported();
        coverage
    }

    /// The same facts and sources with some taken away, so that what is taken away is unknown.
    pub(crate) fn forget(&mut self, facts: &Facts, coverage: &Coverage) -> (Facts, Coverage) {
        let (mut facts, mut coverage) = (facts.clone(), coverage.clone());
        let never_missing = [path("tags"), path("company.tools")];
        facts.fields.retain(|path, _| never_missing.contains(path) || !self.chance(4));
        for event in [CLICKED, REPLIED] {
            if self.chance(4) {
                coverage.events.remove(&event);
                facts.events.retain(|known| known.event != event || !self.chance(5));
            }
        }
        if self.chance(4) {
            coverage.conversations = None;
            facts.conversations.retain(|_| !self.chance(5));
        }
        (facts, coverage)
    }

    fn reported(&mut self) -> Option<Reported> {
        match self.below(6) {
            0 | 1 => Some(ever()),
            2 => None,
            3 => Some(Reported { since: days_ago(20), until: None }),
            4 => Some(Reported { since: jiff::Timestamp::MIN, until: Some(days_ago(1)) }),
            _ => Some(Reported { since: days_ago(400), until: Some(now()) }),
        }
    }
}
