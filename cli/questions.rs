//! What to ask next: the unknown facts, those first that could change the route most.

use compiler::program::{Asked, Fixed, ScoreId};
use runtime::facts::Facts;
use runtime::score::Scorer;
use serde::Serialize;

use crate::evidence::Decimal;
use crate::words::signed;

/// A fact that nobody knows and a rule asks for.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Question {
    /// `company.employees`, `meeting.attended`, `conversation`
    pub(crate) about: String,
    /// What kind of fact it is.
    pub(crate) kind: Kind,
    /// The route furthest from the present one that it could bring; none where it brings no other.
    pub(crate) could_route: Option<String>,
    /// The largest change of the score that it could bring.
    pub(crate) could_change: Decimal,
}

/// What kind of fact is asked for.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// A field of the record.
    Field,
    /// Whether something happened.
    Event,
    /// What was said.
    Conversation,
}

/// The questions of a record's score, the most telling first.
pub(crate) fn of(scorer: &Scorer, score: ScoreId, facts: &Facts) -> Vec<Question> {
    let labels = scorer.program().scores.get(score.index()).map(|score| score.labels.as_slice()).unwrap_or_default();
    let questions = scorer.questions(score, facts).into_iter().map(|question| Question {
        about: question.words,
        kind: match question.asked {
            Asked::Field(_) => Kind::Field,
            Asked::Event(_) => Kind::Event,
            Asked::Conversation => Kind::Conversation,
        },
        could_route: question.route.and_then(|label| labels.get(label.index())).map(ToString::to_string),
        could_change: Decimal(question.points),
    });
    questions.collect()
}

impl Question {
    /// `company.employees: could make it hot (+5)`
    pub(crate) fn brief(&self) -> String {
        let about = match self.kind {
            Kind::Field => self.about.clone(),
            Kind::Event => format!("whether {} happened", self.about),
            Kind::Conversation => "what they say".to_owned(),
        };
        let change = signed(self.could_change.0);
        match &self.could_route {
            Some(route) => format!("{about}: could make it {route} ({change})"),
            None if self.could_change.0 == Fixed::ZERO => about,
            None => format!("{about} ({change})"),
        }
    }
}
