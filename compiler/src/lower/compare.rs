//! Whether two sides can be compared, and what to write where they cannot.

use language::syntax::{Expression, ExpressionKind, LiteralKind};

use super::Lowering;
use super::operand::{Operand, Unit};
use super::predicate::{is_number, written_as};
use super::scope::Scope;
use crate::codes::types::kinds_differ::{self, Side};
use crate::diagnostics::Edit;
use crate::program::Term;

type Number = (Term, Unit);

impl Lowering<'_> {
    /// Both sides as numbers of one kind; reported where they are not.
    pub(super) fn comparable(
        &mut self,
        left: (&Expression, &Operand),
        right: (&Expression, &Operand),
        scope: Scope<'_>,
    ) -> Option<(Number, Number)> {
        match (left.1.numeric(), right.1.numeric()) {
            (Some(a), Some(b)) if a.1.compares_with(b.1) => Some((a, b)),
            _ => {
                // A text written out beside a number is a number in quotes; any other text has no order at all.
                let unordered = |side: &(&Expression, &Operand)| {
                    side.1.numeric().is_none() && !matches!(side.1, Operand::TextLiteral(_))
                };
                match [left, right].into_iter().find(unordered) {
                    Some(side) => self.report(kinds_differ::no_order(scope.file, &self.side(side, scope))),
                    None => self.kinds_differ(left, right, scope),
                }
                None
            }
        }
    }

    /// Says that the two sides are of different kinds, and what to write where that can be known.
    pub(super) fn kinds_differ(
        &mut self,
        left: (&Expression, &Operand),
        right: (&Expression, &Operand),
        scope: Scope<'_>,
    ) {
        let (a, b) = (self.side(left, scope), self.side(right, scope));
        let mut found = kinds_differ::diagnostic(scope.file, &a, &b);
        let edit = |side: &Side<'_>, replacement: String| {
            let title = format!("write `{replacement}`");
            (title, vec![Edit { file: scope.file, span: side.span, replacement }])
        };
        let clients = self.program.client.currency.clone();
        let units = (left.1.numeric().map(|(_, unit)| unit), right.1.numeric().map(|(_, unit)| unit));
        for (this, unit, side) in [(left, units.1, &a), (right, units.0, &b)] {
            let Some(wanted) = unit else {
                // A text beside a number: the number wants quotes.
                let (title, edits) = match (&this.0.kind, this.1) {
                    (ExpressionKind::Literal(literal), Operand::Numeric(..))
                        if matches!(literal.kind, LiteralKind::Number(_)) =>
                    {
                        edit(side, format!("\"{}\"", side.text))
                    }
                    (_, Operand::TextLiteral(text)) if text == "yes" || text == "no" => edit(side, text.to_string()),
                    (_, Operand::YesNoLiteral(_)) => {
                        found = found.help("to ask whether it is there, write `is known` or `is missing`");
                        continue;
                    }
                    _ => continue,
                };
                found = found.help(title.clone()).fix(title, false, edits);
                continue;
            };
            match this.1 {
                Operand::TextLiteral(text) if wanted.plain() == Unit::Number && is_number(text) => {
                    let (title, edits) = edit(side, text.trim().to_owned());
                    found = found.help(format!("a number has no quotes: {title}")).fix(title, true, edits);
                }
                Operand::Numeric(Term::Constant(_), Unit::Number) => {
                    if let Some(written) = written_as(wanted, side.text, &clients) {
                        let (title, edits) = edit(side, written);
                        found = found.help(title.clone()).fix(title, false, edits);
                    } else if wanted == Unit::Duration {
                        found = found.help(format!("say of what: `{} hours`, `{} days`", side.text, side.text));
                    }
                }
                Operand::Numeric(Term::Constant(_), Unit::Percent) if wanted.plain() == Unit::Number => {
                    let (title, edits) = edit(side, side.text.trim_end_matches('%').trim().to_owned());
                    found = found.help(title.clone()).fix(title, false, edits);
                }
                Operand::Numeric(Term::Today, _) if wanted == Unit::Time => {
                    let (title, edits) = edit(side, "now".to_owned());
                    found = found.help("`today` is a day, `now` an instant").fix(title, false, edits);
                }
                Operand::Numeric(Term::Now, _) if wanted == Unit::Date => {
                    let (title, edits) = edit(side, "today".to_owned());
                    found = found.help("`now` is an instant, `today` a day").fix(title, false, edits);
                }
                Operand::Numeric(Term::Constant(_), Unit::Date) if wanted == Unit::Time => {
                    let (title, edits) = edit(side, format!("{} 00:00", side.text));
                    found = found.help("a time needs the hour as well").fix(title, false, edits);
                }
                Operand::Numeric(Term::Constant(_), Unit::Time) if wanted == Unit::Date => {
                    let day = side.text.split_whitespace().next().unwrap_or_default().to_owned();
                    let (title, edits) = edit(side, day);
                    found = found.help("a date has no hour").fix(title, false, edits);
                }
                _ => {}
            }
        }
        self.report(found);
    }

    /// A side as the message shows it.
    pub(super) fn side(&self, side: (&Expression, &Operand), scope: Scope<'_>) -> Side<'_> {
        Side { span: side.0.span, text: self.text(scope.file, side.0.span), kind: side.1.kind() }
    }
}
