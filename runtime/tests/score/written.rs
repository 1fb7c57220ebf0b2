//! Random playbooks as text, and contacts for them: numbers lie at and beside the bounds that rules ask about.

use compiler::compile::{Compiled, Input, compile, compile_text};
use compiler::diagnostics::SourceText;
use compiler::modules::Texts;
use compiler::program::{EventId, FieldPath, Fixed, Program, Type, Value};
use jiff::SignedDuration;
use runtime::facts::{Coverage, EventFact, Facts, Reported, Said};
use smol_str::SmolStr;

use crate::playbook::{ever, now};

const CLIENT: &str = r#"client "Generated" {
  currency NZD
  timezone "Pacific/Auckland"
}
"#;

/// What all of them declare. The layers and the route are written below it.
const DECLARATIONS: &str = r#"use std.crm
extend Contact {
  visits:     number?
  budget:     money?
  share:      percent?
  home_owner: yes/no?
  born:       date?
  symptoms:   list of one of [damp, mould, cold]?
  tags:       list of text
}
extend Company { tools: list of text? }
event quiz.completed { result: one of [dry, damp, wet]?, points: number? }
phrases pain { "copy and paste", "all night" }
objection price { "too expensive" }
score other for Contact {
  +20 when city is "Napier"
  +15 each form.submitted in the last 20 days, up to 30
  -10 when department is missing
  route {
    hot  when other >= 35
    warm when other >= 10
    cold otherwise
  }
}
"#;

/// Between a shared module and the client's own text, which uses it.
const CLIENT_BEGINS: &str = "// ── the client ──\n";

/// What stands behind each rule, line of the route and last line that counts, with its number.
const RULE: &str = "// rule ";
const LINE: &str = "// line ";
pub(crate) const REST: &str = "// rest";

/// A layer: its header, and its rules as points and condition.
type Layer = (String, Vec<Rule>);

/// A playbook of two scores, of which `fit` is the one that is judged. Each rule and each line of the route has a line of its own.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) layers: Vec<Layer>,
    /// The conditions of the route's lines.
    pub(crate) lines: Vec<String>,
    /// The last one takes all others.
    pub(crate) otherwise: bool,
    /// The score stands in a shared module, and the client refines it to what is here.
    pub(crate) refined: Option<Refined>,
}

/// What a shared score has in place of what the client has.
#[derive(Clone, Debug)]
pub(crate) struct Refined {
    /// Layer by layer; none where the client leaves it as it is.
    layers: Vec<Option<Layer>>,
    /// A layer that the client removes.
    removed: Option<Layer>,
    /// The conditions of a route that the client replaces.
    route: Option<Vec<String>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) points: &'static str,
    /// `when …`, `each …, up to …`
    pub(crate) condition: String,
}

impl Written {
    /// With the rules and lines that are wanted, by their numbers.
    pub(crate) fn text(&self, rules: &dyn Fn(usize) -> bool, lines: &dyn Fn(usize) -> bool) -> String {
        let mut number = 0;
        let mut layers: Vec<String> = Vec::new();
        for (header, of_layer) in &self.layers {
            let mut text = format!("  {header} {{\n");
            for rule in of_layer {
                if rules(number) {
                    text.push_str(&format!("    {} {} {RULE}{number}\n", rule.points, rule.condition));
                }
                number += 1;
            }
            layers.push(text + "  }\n");
        }
        let mut route = "  route {\n".to_owned();
        for (at, line) in self.lines.iter().enumerate().filter(|(at, _)| lines(*at)) {
            route.push_str(&format!("    l{at} when {line} {LINE}{at}\n"));
        }
        if self.otherwise {
            route.push_str(&format!("    rest otherwise {REST}\n"));
        }
        route.push_str("  }\n");
        match &self.refined {
            None => format!("{CLIENT}{DECLARATIONS}score fit for Contact {{\n{}{route}}}\n", layers.concat()),
            Some(refined) => refined.text(&layers, &route),
        }
    }

    /// All of it, with the numbers of the lines of text on which rules and lines of the route stand.
    pub(crate) fn whole(&self) -> (String, Vec<u32>, Vec<u32>) {
        let text = self.text(&|_| true, &|_| true);
        let marked = |mark: &str| {
            let found = (1..).zip(text.lines()).filter_map(|(number, line)| {
                let at: usize = line.split_once(mark)?.1.parse().unwrap();
                Some((at, number))
            });
            let mut found: Vec<(usize, u32)> = found.collect();
            found.sort_unstable();
            found.into_iter().map(|(_, number)| number).collect()
        };
        let (rules, lines) = (marked(RULE), marked(LINE));
        (text, rules, lines)
    }

    /// One condition of a rule, denied so that it cannot be dead, in a playbook of its own.
    pub(crate) fn denied(condition: &str) -> String {
        format!("{CLIENT}{DECLARATIONS}score fit for Contact {{\n  +1 when not ({condition})\n}}\n")
    }

    /// One condition of a route's line, where the layers can be anything.
    pub(crate) fn line_alone(&self, line: &str) -> String {
        let mut text = format!("{CLIENT}{DECLARATIONS}score fit for Contact {{\n");
        for at in 0..self.layers.len() {
            text.push_str(&format!(
                "  layer l{at} {{\n    +1000 when visits >= {at}\n    -1000 when visits < {at}\n    +0.01 each page.viewed where path is \"{at}\", up to 1000\n    -0.01 each page.viewed where path is \"-{at}\", up to 1000\n  }}\n"
            ));
        }
        text.push_str(&format!("  route {{\n    l when {line}\n    rest otherwise\n  }}\n}}\n"));
        text
    }
}

impl Refined {
    /// The module and the client's text; the layers and the route are what is meant in the end.
    fn text(&self, layers: &[String], route: &str) -> String {
        let written = |(header, rules): &Layer| {
            let rules = rules.iter().map(|rule| format!("    {} {}\n", rule.points, rule.condition));
            format!("  {header} {{\n{}  }}\n", rules.collect::<String>())
        };
        let mut shared = format!("{DECLARATIONS}score fit for Contact {{\n");
        let mut client = format!("{CLIENT}use std.crm\nuse shared.base\nrefine score fit {{\n");
        if let Some(removed) = &self.removed {
            shared.push_str(&written(removed));
            client.push_str("  remove gone\n");
        }
        for (layer, other) in layers.iter().zip(&self.layers) {
            match other {
                Some(other) => {
                    shared.push_str(&written(other));
                    client.push_str(layer);
                }
                None => shared.push_str(layer),
            }
        }
        match &self.route {
            Some(lines) => {
                let lines = (0..).zip(lines).map(|(at, line): (usize, _)| format!("    b{at} when {line}\n"));
                shared.push_str(&format!("  route {{\n{}    others otherwise\n  }}\n", lines.collect::<String>()));
                client.push_str(route);
            }
            None => shared.push_str(route),
        }
        format!("{shared}}}\n{CLIENT_BEGINS}{client}}}\n")
    }
}

/// What comes of a text, and of the module before it where there is one.
pub(crate) fn compiled(text: &str) -> Compiled {
    let Some((shared, client)) = text.split_once(CLIENT_BEGINS) else {
        return compile_text("generated.playbook", text);
    };
    let files = vec![SourceText { name: "generated.playbook".into(), text: client.into() }];
    let modules = Texts([("shared:base.playbook".into(), shared.into())].into());
    compile(&Input { files, asked: Vec::new() }, &modules)
}

/// How many lines of a text stand before the one of these two that has this name; none where it is neither.
pub(crate) fn lines_before(text: &str, file: &str) -> Option<u32> {
    let shared = text.split_once(CLIENT_BEGINS).map_or("", |(shared, _)| shared);
    match file {
        "shared:base.playbook" => Some(0),
        "generated.playbook" if shared.is_empty() => Some(0),
        "generated.playbook" => Some(u32::try_from(shared.lines().count()).unwrap() + 1),
        _ => None,
    }
}

pub(crate) struct Chooser<'a>(std::slice::Iter<'a, u16>);

impl<'a> Chooser<'a> {
    pub(crate) fn new(choices: &'a [u16]) -> Self {
        Self(choices.iter())
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % bound
    }

    fn chance(&mut self, of_ten: usize) -> bool {
        self.below(10) >= 10 - of_ten
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    pub(crate) fn written(&mut self) -> Written {
        let count = 1 + self.below(3);
        let weighted = self.chance(6);
        let weights: &[&str] = match count {
            1 => &["100%"],
            2 => &["37.5%", "62.5%"],
            _ => &["20%", "33%", "47%"],
        };
        let layers = weights.iter().enumerate().map(|(at, weight)| self.layer(&format!("l{at}"), weighted, weight));
        let layers: Vec<Layer> = layers.collect();
        let lines = (0..1 + self.below(3)).map(|_| self.line(count)).collect();
        let otherwise = self.chance(8);
        let refined = self.chance(4).then(|| self.refined(count, weighted));
        Written { layers, lines, otherwise, refined }
    }

    fn refined(&mut self, count: usize, weighted: bool) -> Refined {
        let mut other = |name: &str, of_ten: usize| self.chance(of_ten).then(|| self.layer(name, weighted, "12.5%"));
        let layers = (0..count).map(|at| other(&format!("l{at}"), 5)).collect();
        let removed = other("gone", 5);
        let route = self.chance(6).then(|| (0..self.below(3)).map(|_| self.line(count)).collect());
        Refined { layers, removed, route }
    }

    fn layer(&mut self, name: &str, weighted: bool, weight: &str) -> Layer {
        let mut header = format!("layer {name}");
        if weighted {
            header.push_str(&format!(" weight {weight}"));
        }
        if self.chance(3) {
            header.push_str(" fading by half every 10 days");
        }
        if self.chance(1) {
            header.push_str(" once document.shared is reported");
        }
        let mut rules: Vec<Rule> = (0..1 + self.below(5)).map(|_| self.rule()).collect();
        let last = rules.last().and_then(|last| last.condition.strip_prefix("when ")).map(str::to_owned);
        if let Some(said) = last
            && self.chance(1)
        {
            rules.push(Rule { points: "+5", condition: format!("when not (not ({said}))") });
        }
        (header, rules)
    }

    fn rule(&mut self) -> Rule {
        let points = self.pick(&["+10", "+25", "+40", "+60", "-30", "+0.125", "-7.5", "-15"]);
        if self.chance(2) {
            let cap = self.pick(&["30", "12.5", "100"]);
            return Rule { points, condition: format!("each {}, up to {cap}", self.events()) };
        }
        if self.chance(1) {
            let (low, high) = (self.number(), self.number());
            let condition =
                format!("when visits < {low} and ({} or visits > {high}) and visits >= {high}", self.atom());
            return Rule { points, condition };
        }
        Rule { points, condition: format!("when {}", self.condition(2)) }
    }

    fn line(&mut self, layers: usize) -> String {
        let mut threshold = || {
            let of = match self.below(3) {
                0 => format!("l{}", self.below(layers)),
                _ => "fit".to_owned(),
            };
            let sign = self.pick(&[">=", "<", ">", "<="]);
            format!("{of} {sign} {}", self.pick(&["10", "35", "45", "70", "80", "100", "12.5", "0"]))
        };
        let first = threshold();
        match self.below(5) {
            0 => format!("{first} and {}", {
                let of = format!("l{}", self.below(layers));
                format!("{of} >= {}", self.pick(&["10", "25", "60"]))
            }),
            1 => format!("{first} and {}", self.condition(1)),
            2 => format!("({first} or {})", self.condition(1)),
            3 => self.condition(1),
            _ => first,
        }
    }

    fn condition(&mut self, depth: usize) -> String {
        if depth == 0 || self.chance(5) {
            return self.atom();
        }
        match self.below(3) {
            0 => format!("not ({})", self.condition(depth - 1)),
            1 => format!("({} and {})", self.condition(depth - 1), self.condition(depth - 1)),
            _ => format!("({} or {})", self.condition(depth - 1), self.condition(depth - 1)),
        }
    }

    fn sign(&mut self) -> &'static str {
        self.pick(&[">=", "<", "<=", ">"])
    }

    fn number(&mut self) -> &'static str {
        self.pick(&["2", "5", "20", "50", "200"])
    }

    fn atom(&mut self) -> String {
        match self.below(22) {
            0 => format!("visits {} {}", self.sign(), self.number()),
            1 => format!("company.employees {} {}", self.sign(), self.number()),
            2 => "visits is from 5 to 20".to_owned(),
            3 => format!("budget {} NZD {}", self.sign(), self.number()),
            4 => format!("company.industry is {}", self.pick(&["construction", "agency", "not agency"])),
            5 => "company.industry is one of [construction, solar_epc]".to_owned(),
            6 => format!(
                "country {}",
                self.pick(&["is \"NZ\"", "starts \"N\"", "ends \"Z\"", "contains \"U\"", "is not \"AU\""])
            ),
            7 => format!("home_owner is {}", self.pick(&["yes", "no"])),
            8 => format!(
                "symptoms {}",
                self.pick(&["has damp", "has any of [damp, mould]", "has all of [damp, cold]", "has none of [mould]"])
            ),
            9 => format!("tags {}", self.pick(&["has \"x\"", "has any of [\"x\", \"y\"]", "has none of [\"y\"]"])),
            10 => format!("company.tools {}", self.pick(&["has \"Procore\"", "has all of [\"Procore\", \"Excel\"]"])),
            11 => format!(
                "{} is {}",
                self.pick(&["visits", "company.employees", "country", "company", "symptoms", "company.tools"]),
                self.pick(&["missing", "known"])
            ),
            12 | 13 => format!("({} {})", self.pick(&["any", "no", "at least 2", "at most 1"]), self.events()),
            14 => format!(
                "count of {} {} {}",
                self.pick(&["email.clicked", "reply.received"]),
                self.sign(),
                self.pick(&["1", "3"])
            ),
            15 => format!(
                "{} reply.words {} 60 in the last 30 days",
                self.pick(&["median", "average", "highest"]),
                self.sign()
            ),
            16 => format!("latest quiz.completed.result is {}", self.pick(&["damp", "wet"])),
            17 => format!(
                "{} conversation mentions {}{}",
                self.pick(&["any", "no"]),
                self.pick(&["pain", "price"]),
                self.window()
            ),
            18 => "objections.open has price".to_owned(),
            19 => format!("other {}", self.pick(&["is hot", "is warm or cold", ">= 20", "< 35", "is certainly hot"])),
            20 => format!("share {} {}%", self.sign(), self.number()),
            _ => self
                .pick(&[
                    "visits * 2 > 20",
                    "today - born > 9000 days",
                    "country is company.country",
                    "needs.stated has any of needs.actual",
                    "visits >= 5 known in the last 9 days",
                ])
                .to_owned(),
        }
    }

    fn events(&mut self) -> String {
        let event = self.pick(&[
            "email.clicked",
            "email.clicked where url starts \"/p\"",
            "email.clicked where url is \"/pricing\"",
            "reply.received",
            "reply.received where words > 60",
            "quiz.completed where result is one of [damp, wet]",
            "quiz.completed where result is dry",
            "quiz.completed",
        ]);
        format!("{event}{}", self.window())
    }

    fn window(&mut self) -> &'static str {
        self.pick(&["", " in the last 7 days", " in the last 30 days", " in the last 2 weeks", " in the last 7 days"])
    }

    /// Somebody.
    pub(crate) fn facts(&mut self, program: &Program) -> Facts {
        let mut facts = Facts::default();
        let numbers = ["2", "5", "20", "50", "200", "1.999999", "5.000001", "20.5", "0", "201", "-3"];
        let mut give = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                facts.fields.insert(path(program, name), value);
            }
        };
        for name in ["visits", "budget", "share", "company.employees"] {
            let value = self.chance(7).then(|| Value::Number(self.pick(&numbers).parse().unwrap()));
            give(name, value);
        }
        for name in ["country", "company.country"] {
            give(name, self.chance(7).then(|| Value::Text(self.pick(&["NZ", "AU", "NU", "UZ", "Q"]).into())));
        }
        give("city", self.chance(5).then(|| Value::Text("Napier".into())));
        give("department", self.chance(5).then(|| Value::Text("Bids".into())));
        give(
            "company.industry",
            self.chance(7).then(|| Value::Text(self.pick(&["construction", "agency", "solar_epc", "retail"]).into())),
        );
        give("home_owner", self.chance(7).then(|| Value::YesNo(self.chance(5))));
        give(
            "born",
            self.chance(7)
                .then(|| Value::Number(Fixed::from_integer(86_400 * self.pick(&[9000, 11_000, 12_000, 20_000])))),
        );
        give("symptoms", self.chance(7).then(|| self.some(&["damp", "mould", "cold"])));
        give("tags", self.chance(7).then(|| self.some(&["x", "y", "z"])));
        give("company.tools", self.chance(7).then(|| self.some(&["Procore", "Excel"])));
        for name in ["needs.stated", "needs.actual"] {
            give(name, self.chance(6).then(|| self.some(&["sleep", "order"])));
        }
        give("objections.open", self.chance(3).then(|| self.some(&["price"])));
        give("company", self.chance(2).then(|| Value::Text("1".into())));
        if self.chance(5) {
            facts.observed.insert(path(program, "visits"), self.instant());
        }
        for _ in 0..self.below(6) {
            facts.events.push(self.event(program));
        }
        for _ in 0..self.below(3) {
            let text = self.pick(&["We copy and paste.", "That is too expensive.", "Hello.", "all nights"]);
            facts.conversations.push(Said { at: self.instant(), text: text.into() });
        }
        facts
    }

    fn some(&mut self, of: &[&str]) -> Value {
        Value::List(of.iter().filter(|_| self.chance(5)).map(|&value| value.into()).collect())
    }

    fn instant(&mut self) -> jiff::Timestamp {
        let hours = self.pick(&[0, 24, 24 * 6, 24 * 7, 24 * 8, 24 * 13, 24 * 14, 24 * 20, 24 * 31, 24 * 90]);
        now() - SignedDuration::from_hours(hours)
    }

    fn event(&mut self, program: &Program) -> EventFact {
        let name =
            self.pick(&["email.clicked", "reply.received", "quiz.completed", "form.submitted", "document.shared"]);
        let mut fields: Vec<(SmolStr, Value)> = Vec::new();
        let mut give = |name: &str, value: Option<Value>| fields.extend(value.map(|value| (name.into(), value)));
        match name {
            "email.clicked" => {
                give("url", self.chance(8).then(|| Value::Text(self.pick(&["/pricing", "/p", "/", "/about"]).into())));
            }
            "reply.received" => {
                give(
                    "words",
                    self.chance(8).then(|| Value::Number(Fixed::from_integer(self.pick(&[12, 60, 61, 100])))),
                );
            }
            "quiz.completed" => {
                give("result", self.chance(8).then(|| Value::Text(self.pick(&["dry", "damp", "wet"]).into())));
            }
            _ => {}
        }
        EventFact { event: program.event(name).unwrap(), at: self.instant(), fields }
    }

    /// What is reported of it.
    pub(crate) fn coverage(&mut self, program: &Program) -> Coverage {
        let mut coverage = Coverage::default();
        for event in 0..program.events.len() {
            if let Some(reported) = self.reported() {
                coverage.events.insert(EventId(u32::try_from(event).unwrap()), reported);
            }
        }
        coverage.conversations = self.reported();
        coverage
    }

    fn reported(&mut self) -> Option<Reported> {
        match self.below(6) {
            0..=3 => Some(ever()),
            4 => Some(Reported { since: now() - SignedDuration::from_hours(24 * 20), until: None }),
            _ => None,
        }
    }
}

/// `company.employees`, of a contact.
pub(crate) fn path(program: &Program, name: &str) -> FieldPath {
    let contact = program.entity("Contact").unwrap();
    let field = |entity: compiler::program::EntityId, name: &str| {
        let fields = &program.entities[entity.index()].fields;
        let at = fields.iter().position(|field| field.name == name).unwrap_or_else(|| panic!("{name}"));
        compiler::program::FieldId(u32::try_from(at).unwrap())
    };
    match name.strip_prefix("company.") {
        Some(rest) => {
            let company = field(contact, "company");
            let Type::Record(entity) = program.entities[contact.index()].fields[company.index()].ty else {
                panic!("a company is a record")
            };
            FieldPath { entity: contact, relations: vec![company], field: field(entity, rest) }
        }
        None => FieldPath { entity: contact, relations: Vec::new(), field: field(contact, name) },
    }
}
