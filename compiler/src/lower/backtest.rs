//! Back-tests: what a score has to reach over history.

use language::Span;
use language::syntax::{self, BacktestClause, Bound, DeclarationKind, Literal, Name, OtherScoreClause};
use smol_str::SmolStr;

use super::Lowering;
use super::operand::Unit;
use super::recorded::Named;
use super::scenario::as_path;
use crate::codes::names::unknown_route;
use crate::codes::trials::{backtest_clauses, learns_nothing, limit_out_of_reach, title_twice, unknown_figure};
use crate::codes::workflows::{said_twice, unknown_object};
use crate::modules::Declared;
use crate::program::{Backtest, Figure, FigureExpectation, FileId, Fixed, Limit, LimitKind, ScoreId, ScoreRef};

impl Lowering<'_> {
    pub(super) fn lower_backtests(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            if let DeclarationKind::Backtest(backtest) = &declared.declaration.kind {
                let first = self.said.backtests.iter().find(|known| known.title == backtest.title.value);
                if let Some(first) = first.map(|first| first.origin) {
                    self.report(title_twice::diagnostic(declared.file, &backtest.title, "backtest", first));
                }
                let lowered = self.backtest(declared, backtest);
                self.said.backtests.extend(lowered);
            }
        }
    }

    fn backtest(&mut self, declared: &Declared, backtest: &syntax::Backtest) -> Option<Backtest> {
        let file = declared.file;
        let (mut score, mut of): (Option<ScoreId>, Option<Span>) = (None, None);
        let (mut from, mut judged): (_, Option<Span>) = (None, None);
        for clause in &backtest.clauses {
            match clause {
                BacktestClause::Of { score: name, span } => match of {
                    Some(first) => self.report(said_twice::diagnostic(file, "of", *span, (file, first))),
                    None => {
                        of = Some(*span);
                        score = self.score_that_learns(file, name);
                    }
                },
                BacktestClause::Judge { from: date, span } => match judged {
                    Some(first) => self.report(said_twice::diagnostic(file, "judge", *span, (file, first))),
                    None => {
                        judged = Some(*span);
                        from = self.date(file, *date);
                    }
                },
                BacktestClause::Expect { .. } => {}
            }
        }
        let mut expectations = Vec::new();
        let mut expects = false;
        for clause in &backtest.clauses {
            if let BacktestClause::Expect { figure, of, certainly, bound, amount, span } = clause {
                expects = true;
                let limited = (*bound, amount);
                expectations.extend(self.figure(file, score, (figure, of.as_ref()), *certainly, limited, *span));
            }
        }
        if !declared.declaration.broken {
            if of.is_none() {
                self.report(backtest_clauses::of_nothing(file, &backtest.title));
            }
            if !expects {
                self.report(backtest_clauses::expects_nothing(file, &backtest.title));
            }
        }
        let origin = self.origin(file, backtest.title.span);
        Some(Backtest { title: backtest.title.value.clone(), score: score?, from, expectations, origin })
    }

    /// The score of that name, which says what good and bad are.
    fn score_that_learns(&mut self, file: FileId, name: &Name) -> Option<ScoreId> {
        let Some(score) = self.names.scores.get(&name.text).copied() else {
            if !self.names.perhaps(&name.text) {
                let known: Vec<SmolStr> = self.names.shapes.iter().map(|shape| shape.name.clone()).collect();
                self.report(unknown_object::path(file, &as_path(name), "score", &known));
            }
            return None;
        };
        self.note(file, name.span, Named::Score(score));
        let modules = self.modules;
        let mut scores = modules.declarations.iter().filter_map(|declared| match &declared.declaration.kind {
            DeclarationKind::Score(score) => Some((declared, score)),
            _ => None,
        });
        let (declared, syntax) = scores.nth(score.index())?;
        let learns = syntax.body.others.iter().any(|other| matches!(other, OtherScoreClause::Learn(_)));
        if !learns {
            if !declared.declaration.broken {
                self.report(learns_nothing::diagnostic(file, name, (declared.file, syntax.name.span)));
            }
            return None;
        }
        Some(score)
    }

    fn figure(
        &mut self,
        file: FileId,
        score: Option<ScoreId>,
        (name, of): (&Name, Option<&Name>),
        certainly: bool,
        (bound, amount): (Bound, &Literal),
        span: Span,
    ) -> Option<FigureExpectation> {
        let Some(figure) = Figure::ALL.iter().find(|(_, word)| *word == name.text).map(|(figure, _)| *figure) else {
            self.report(unknown_figure::diagnostic(file, name));
            return None;
        };
        let labels = score.and_then(|score| self.names.shape(score)).map(|shape| shape.labels.clone());
        let label = match (of, figure.is_of_a_route()) {
            (None, false) => None,
            (None, true) => {
                self.report(unknown_figure::of_which_route(file, name, &labels.unwrap_or_default()));
                return None;
            }
            (Some(of), false) => {
                self.report(unknown_figure::of_no_route(file, name, of));
                return None;
            }
            (Some(of), true) => {
                let score = score?;
                let Some(label) = self.label(ScoreRef { score, layer: None }, &of.text) else {
                    if let Some(shape) = self.names.shape(score).filter(|shape| !shape.incomplete) {
                        let found = unknown_route::diagnostic(file, of.span, &of.text, &shape.name, &shape.labels);
                        self.report(found);
                    }
                    return None;
                };
                self.note(file, of.span, Named::Label(score, label));
                Some(label)
            }
        };
        let unit = if figure.is_a_share() { Unit::Percent } else { Unit::Number };
        let limit = self.limit(file, bound, amount, unit, &format!("`{}`", figure.name()))?;
        if let Some(never) = decided(figure, limit) {
            let written = format!("{} {}", limit.kind.words(), self.text(file, amount.span));
            self.report(limit_out_of_reach::diagnostic(file, amount.span, &written, figure, bounds(figure), never));
            return None;
        }
        let (words, origin) = (self.words(file, span), self.origin(file, span));
        Some(FigureExpectation { figure, of: label, certainly, limit, words, origin })
    }
}

/// Between what a figure lies, as a playbook writes it.
const fn bounds(figure: Figure) -> (&'static str, Option<&'static str>) {
    match figure {
        Figure::Auc | Figure::CalibrationError => ("0", Some("1")),
        Figure::R => ("-1", Some("1")),
        Figure::Accuracy | Figure::Coverage | Figure::Conversion => ("0%", Some("100%")),
        Figure::Lift | Figure::Decisions => ("0", None),
    }
}

/// Whether no figure there can be is on the right side of a limit, or none on the wrong one.
fn decided(figure: Figure, limit: Limit) -> Option<bool> {
    let number = |written: &str| written.trim_end_matches('%').parse::<Fixed>().ok();
    let (low, high) = bounds(figure);
    let (low, high) = (number(low)?, high.and_then(number));
    let (above, value) = (|value: Fixed| high.is_some_and(|high| value > high), limit.value);
    let (never, always) = match limit.kind {
        LimitKind::AtLeast => (above(value), value <= low),
        LimitKind::Over => (high.is_some_and(|high| value >= high), value < low),
        LimitKind::AtMost => (value < low, high.is_some_and(|high| value >= high)),
        LimitKind::Under => (value <= low, above(value)),
    };
    (never || always).then_some(never)
}
