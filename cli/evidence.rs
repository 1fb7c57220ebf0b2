//! A ledger as data: what `--json` prints and what the layouts are made of. The form is written down in docs/json.md.

use std::fmt;

use compiler::program::{Fixed, Origin, Program, Rule, RuleForm};
use jiff::Timestamp;
use runtime::score::{Ledger, Line, OpenLine, RuleLine};
use serde::{Serialize, Serializer};

/// A decimal as a JSON number: scores have at most six decimals, which a double keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal(pub(crate) Fixed);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let whole = self.0.0 / language::SCALE;
        if whole * language::SCALE == self.0.0 {
            serializer.serialize_i64(whole)
        } else {
            serializer.serialize_f64(self.0.to_f64())
        }
    }
}

/// Where something of the playbook stands.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Place {
    /// Relative to the client's folder.
    pub(crate) file: String,
    /// From 1.
    pub(crate) line: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

impl Place {
    fn of(program: &Program, origin: Origin) -> Self {
        let file = program.files.get(origin.file.index()).map(ToString::to_string).unwrap_or_default();
        Self { file, line: origin.line }
    }
}

/// A layer with the lines that add up to it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Layer {
    /// None for rules that stand directly in the score.
    pub(crate) name: Option<String>,
    /// 25 for 25%; none in a score without weights.
    pub(crate) weight: Option<Decimal>,
    /// Its points: the sum of the lines and the clamp.
    pub(crate) points: Decimal,
    /// What keeps it within 0 to 100.
    pub(crate) clamp: Decimal,
    /// What it gives to the score.
    pub(crate) contributes: Decimal,
    /// The event that it waits for; it does not count until that is reported.
    pub(crate) left_out_until: Option<String>,
    /// The rules that give points.
    pub(crate) lines: Vec<Points>,
    /// The rules that may yet.
    pub(crate) undecided: Vec<Undecided>,
}

/// Points for a reason.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Points {
    /// Its stable name: `behavioral.3`.
    pub(crate) rule: String,
    /// What it gives today.
    pub(crate) points: Decimal,
    /// What it gives while fresh; for each event, where there is an `up_to`.
    pub(crate) fresh: Decimal,
    /// The most that the events together give.
    pub(crate) up_to: Option<Decimal>,
    /// The condition, as written.
    pub(crate) when: String,
    /// The playbook's words for it.
    pub(crate) because: Option<String>,
    /// What made it hold.
    pub(crate) facts: String,
    /// What was said.
    pub(crate) quote: Option<Said>,
    /// When the newest evidence is from, where points fade.
    pub(crate) at: Option<Timestamp>,
    /// Where the rule stands.
    pub(crate) place: Place,
}

/// What somebody said.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Said {
    /// The sentence.
    pub(crate) text: String,
    /// When.
    pub(crate) at: Timestamp,
}

/// A rule that could still give or take points.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Undecided {
    /// Its stable name.
    pub(crate) rule: String,
    /// The least that it may give.
    pub(crate) from: Decimal,
    /// The most.
    pub(crate) to: Decimal,
    /// The condition, as written.
    pub(crate) when: String,
    /// The playbook's words for it.
    pub(crate) because: Option<String>,
    /// What is not known.
    pub(crate) unknown: String,
    /// Where the rule stands.
    pub(crate) place: Place,
}

/// The layers of a ledger, each with its lines, and what rescaling weights adds.
pub(crate) fn layers(program: &Program, ledger: &Ledger<'_>) -> (Vec<Layer>, Fixed) {
    let mut layers: Vec<Layer> = Vec::new();
    let mut rescaled = Fixed::ZERO;
    let (mut lines, mut clamp) = (Vec::new(), Fixed::ZERO);
    for line in ledger.lines() {
        match line {
            Line::Rule(rule) => lines.push(points(program, &rule)),
            Line::Clamp { points, .. } => clamp = points,
            Line::Layer { name, weight, value, points, .. } => layers.push(Layer {
                name: name.map(ToString::to_string),
                weight: weight.map(Decimal),
                points: Decimal(value),
                clamp: Decimal(std::mem::take(&mut clamp)),
                contributes: Decimal(points),
                left_out_until: None,
                lines: std::mem::take(&mut lines),
                undecided: Vec::new(),
            }),
            Line::LeftOut { name, event, .. } => layers.push(Layer {
                name: name.map(ToString::to_string),
                weight: None,
                points: Decimal(Fixed::ZERO),
                clamp: Decimal(std::mem::take(&mut clamp)),
                contributes: Decimal(Fixed::ZERO),
                left_out_until: Some(event.to_string()),
                lines: std::mem::take(&mut lines),
                undecided: Vec::new(),
            }),
            Line::Rescaled { points } => rescaled = points,
        }
    }
    for open in ledger.open() {
        if let Some(layer) = layers.get_mut(open.layer) {
            layer.undecided.push(undecided(program, &open));
        }
    }
    (layers, rescaled)
}

fn points(program: &Program, line: &RuleLine<'_>) -> Points {
    let Rule { id, points, form, because, words, origin } = line.rule;
    let up_to = match form {
        RuleForm::Each { up_to, .. } => Some(Decimal(*up_to)),
        RuleForm::When(_) => None,
    };
    Points {
        rule: id.to_string(),
        points: Decimal(line.points),
        fresh: Decimal(*points),
        up_to,
        when: words.to_string(),
        because: because.as_ref().map(ToString::to_string),
        facts: line.facts(),
        quote: line.quote().map(|quote| Said { text: quote.text, at: quote.at }),
        at: line.at(),
        place: Place::of(program, *origin),
    }
}

fn undecided(program: &Program, line: &OpenLine<'_>) -> Undecided {
    let Rule { id, because, words, origin, .. } = line.rule;
    let (from, to) = line.range();
    let mut unknown = String::new();
    line.push_unknown(&mut unknown);
    Undecided {
        rule: id.to_string(),
        from: Decimal(from),
        to: Decimal(to),
        when: words.to_string(),
        because: because.as_ref().map(ToString::to_string),
        unknown,
        place: Place::of(program, *origin),
    }
}

impl Points {
    /// The playbook's words, or else the facts.
    pub(crate) fn words(&self) -> &str {
        self.because.as_deref().unwrap_or(&self.facts)
    }
}
