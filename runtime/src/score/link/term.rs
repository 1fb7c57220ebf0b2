//! Terms and comparisons: a field against a constant becomes a range of whole numbers, anything else a small tree.

use compiler::program::{Arithmetic, Comparison, FieldPath, Fixed, ScoreRef, Term};
use language::SCALE;
use language::syntax::AggregateFunction;

use super::{Linker, Mode, index};
use crate::score::error::LinkError;
use crate::score::plan::{Literal, Op, Output, Quantity, Reading, TermNode};
use crate::score::points::MOST;

/// Millionths in a hundredth.
const HUNDREDTH: i64 = SCALE / 100;

/// `offset + field` or `offset - field`.
struct Linear {
    field: FieldPath,
    offset: i64,
    falling: bool,
}

impl Linker<'_> {
    pub(super) fn compare(
        &mut self,
        left: &Term,
        operator: Comparison,
        right: &Term,
        mode: Mode,
    ) -> Result<Literal, LinkError> {
        match (self.constant(left), self.constant(right)) {
            (Some(None), _) | (_, Some(None)) => return Ok(self.constant_op(None)),
            (Some(Some(left)), Some(Some(right))) => return Ok(self.constant_op(Some(operator.holds(left, right)))),
            (None, Some(Some(constant))) => {
                if let Some(linear) = self.linear(left) {
                    return self.compare_linear(&linear, operator, constant);
                }
                if let Term::Score(reference) = left {
                    return self.compare_points(*reference, operator, constant, mode);
                }
            }
            (Some(Some(constant)), None) => {
                if let Some(linear) = self.linear(right) {
                    return self.compare_linear(&linear, operator.mirrored(), constant);
                }
                if let Term::Score(reference) = right {
                    return self.compare_points(*reference, operator.mirrored(), constant, mode);
                }
            }
            (None, None) => {}
        }
        let (left, right) = (self.term(left, mode)?, self.term(right, mode)?);
        let exact = self.is_exact(left) && self.is_exact(right);
        Ok(match operator {
            Comparison::NotEqual => self.op(Op::Compare { left, right, operator: Comparison::Equal, exact }).not(),
            _ => self.op(Op::Compare { left, right, operator, exact }),
        })
    }

    /// The term has one value wherever it is known.
    fn is_exact(&self, term: u32) -> bool {
        match self.plan.terms.get(term as usize) {
            Some(TermNode::Constant(_) | TermNode::Number { .. }) => true,
            Some(TermNode::Multiple { of, .. }) => self.is_exact(*of),
            Some(TermNode::Arithmetic { left, right, .. }) => self.is_exact(*left) && self.is_exact(*right),
            _ => false,
        }
    }

    /// In whole hundredths, as points have no more decimals.
    fn compare_points(
        &mut self,
        reference: ScoreRef,
        operator: Comparison,
        constant: i64,
        mode: Mode,
    ) -> Result<Literal, LinkError> {
        let of = self.quantity(reference)?;
        let below = constant.div_euclid(HUNDREDTH);
        let from = below + i64::from(constant.rem_euclid(HUNDREDTH) != 0);
        let current = mode == Mode::Current;
        let mut at_least = |cents: i64| {
            let cents =
                i32::try_from(cents.clamp(-2 * MOST, 2 * MOST)).unwrap_or(if cents < 0 { i32::MIN } else { i32::MAX });
            self.op(Op::AtLeast { of, cents, current })
        };
        Ok(match operator {
            Comparison::AtLeast => at_least(from),
            Comparison::More => at_least(below + 1),
            Comparison::Less => at_least(from).not(),
            Comparison::AtMost => at_least(below + 1).not(),
            Comparison::Equal | Comparison::NotEqual => {
                let (from, above) = (at_least(from), at_least(below + 1).not());
                let equal = self.and(from, above);
                if operator == Comparison::Equal { equal } else { equal.not() }
            }
        })
    }

    /// As a range of the field itself: exact, as sums do not round.
    fn compare_linear(&mut self, linear: &Linear, operator: Comparison, constant: i64) -> Result<Literal, LinkError> {
        let bound = if linear.falling {
            i128::from(linear.offset) - i128::from(constant)
        } else {
            i128::from(constant) - i128::from(linear.offset)
        };
        let (least, most) = (i128::from(i64::MIN), i128::from(i64::MAX));
        let operator = if linear.falling { operator.mirrored() } else { operator };
        Ok(match operator {
            Comparison::Less => self.range(&linear.field, least, bound - 1)?,
            Comparison::AtMost => self.range(&linear.field, least, bound)?,
            Comparison::More => self.range(&linear.field, bound + 1, most)?,
            Comparison::AtLeast => self.range(&linear.field, bound, most)?,
            Comparison::Equal => self.range(&linear.field, bound, bound)?,
            Comparison::NotEqual => self.range(&linear.field, bound, bound)?.not(),
        })
    }

    fn linear(&self, term: &Term) -> Option<Linear> {
        match term {
            Term::Field(path) => Some(Linear { field: path.clone(), offset: 0, falling: false }),
            Term::Arithmetic { operator, left, right } => match (operator, self.constant(left), self.constant(right)) {
                (Arithmetic::Plus, Some(Some(offset)), None) => match &**right {
                    Term::Field(path) => Some(Linear { field: path.clone(), offset, falling: false }),
                    _ => None,
                },
                (Arithmetic::Plus, None, Some(Some(offset))) => match &**left {
                    Term::Field(path) => Some(Linear { field: path.clone(), offset, falling: false }),
                    _ => None,
                },
                (Arithmetic::Minus, Some(Some(offset)), None) => match &**right {
                    Term::Field(path) => Some(Linear { field: path.clone(), offset, falling: true }),
                    _ => None,
                },
                (Arithmetic::Minus, None, Some(Some(offset))) if offset > i64::MIN => match &**left {
                    Term::Field(path) => Some(Linear { field: path.clone(), offset: -offset, falling: false }),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// The value of a term that reads no fact: none where it does, an inner none where it is unknown.
    #[expect(clippy::option_option, reason = "constant or not, and known or not, are two questions")]
    fn constant(&self, term: &Term) -> Option<Option<i64>> {
        match term {
            Term::Constant(value) => Some(Some(value.0)),
            Term::Today => {
                self.reads_today.set(true);
                Some(Some(self.plan.today))
            }
            Term::Now => {
                self.reads_now.set(true);
                Some(Some(self.plan.now))
            }
            Term::Arithmetic { operator, left, right } => {
                let (left, right) = (self.constant(left)?, self.constant(right)?);
                Some(match (left, right) {
                    (Some(left), Some(right)) => calculate(*operator, Fixed(left), Fixed(right)).map(|value| value.0),
                    _ => None,
                })
            }
            Term::Field(_) | Term::EventField(_) | Term::Aggregate(_) | Term::Score(_) => None,
        }
    }

    pub(super) fn term(&mut self, term: &Term, mode: Mode) -> Result<u32, LinkError> {
        if let Some(constant) = self.constant(term) {
            return Ok(self.node(constant.map_or(TermNode::Unknown, TermNode::Constant)));
        }
        let node = match term {
            Term::Field(path) => {
                let (number, known) = self.number(path)?;
                TermNode::Number { number, known }
            }
            Term::Aggregate(aggregate) if aggregate.function == AggregateFunction::Count => {
                let query = self.query(&aggregate.query)?;
                let query = self.plan.queries.get(query as usize).ok_or(LinkError::Broken("a query"))?;
                TermNode::Count { count: query.count, complete: query.complete }
            }
            Term::Aggregate(aggregate) => {
                let (query, calculation) = self.calculation(aggregate, true)?;
                let query = self.plan.queries.get(query as usize);
                match query.and_then(|query| query.calculations.get(calculation as usize)).map(|found| found.output) {
                    Some(Output::Number { number, known }) => TermNode::Number { number, known },
                    _ => return Err(LinkError::Broken("a number")),
                }
            }
            Term::Score(reference) => self.score_term(*reference, mode)?,
            Term::Arithmetic { operator, left, right } => {
                if let Some(multiple) = self.multiple(*operator, left, right, mode)? {
                    multiple
                } else {
                    let (left, right) = (self.term(left, mode)?, self.term(right, mode)?);
                    TermNode::Arithmetic { operator: *operator, left, right }
                }
            }
            Term::EventField(name) => return Err(LinkError::Filter(name.clone())),
            Term::Constant(_) | Term::Today | Term::Now => TermNode::Unknown,
        };
        Ok(self.node(node))
    }

    /// A product with a whole number needs no rounding.
    fn multiple(
        &mut self,
        operator: Arithmetic,
        left: &Term,
        right: &Term,
        mode: Mode,
    ) -> Result<Option<TermNode>, LinkError> {
        if operator != Arithmetic::Times {
            return Ok(None);
        }
        let (factor, of) = match (self.constant(left), self.constant(right)) {
            (Some(Some(factor)), None) => (factor, right),
            (None, Some(Some(factor))) => (factor, left),
            _ => return Ok(None),
        };
        if factor % SCALE != 0 {
            return Ok(None);
        }
        Ok(Some(TermNode::Multiple { of: self.term(of, mode)?, factor: factor / SCALE }))
    }

    fn score_term(&mut self, reference: ScoreRef, mode: Mode) -> Result<TermNode, LinkError> {
        Ok(TermNode::Points { of: self.quantity(reference)?, current: mode == Mode::Current })
    }

    fn quantity(&mut self, reference: ScoreRef) -> Result<Quantity, LinkError> {
        Ok(match self.reference(reference)? {
            (score, None) => Quantity::Score(index(score)),
            (_, Some(layer)) => Quantity::Layer(index(layer)),
        })
    }

    fn node(&mut self, node: TermNode) -> u32 {
        if let Some(&known) = self.terms.get(&node) {
            return known;
        }
        let place = index(self.plan.terms.len());
        self.plan.terms.push(node.clone());
        self.terms.insert(node, place);
        place
    }

    pub(super) fn term_reads(&mut self, term: &Term, reads: &mut Vec<Reading>) -> Result<(), LinkError> {
        match term {
            Term::Field(path) => reads.push(Reading::Field(self.field(path)?)),
            Term::Aggregate(aggregate) if aggregate.function == AggregateFunction::Count => {
                reads.push(Reading::Query(self.query(&aggregate.query)?));
            }
            Term::Aggregate(aggregate) => {
                let (query, calculation) = self.calculation(aggregate, true)?;
                reads.push(Reading::Calculation(query, calculation));
            }
            Term::Score(reference) => reads.push(match self.reference(*reference)? {
                (score, None) => Reading::Score(index(score)),
                (_, Some(layer)) => Reading::Layer(index(layer)),
            }),
            Term::Arithmetic { left, right, .. } => {
                self.term_reads(left, reads)?;
                self.term_reads(right, reads)?;
            }
            Term::Constant(_) | Term::EventField(_) | Term::Today | Term::Now => {}
        }
        Ok(())
    }
}

/// Rounded half to even at the sixth decimal, saturating; a quotient by nought is unknown.
pub(in crate::score) fn calculate(operator: Arithmetic, left: Fixed, right: Fixed) -> Option<Fixed> {
    match operator {
        Arithmetic::Plus => Some(left.plus(right)),
        Arithmetic::Minus => Some(left.minus(right)),
        Arithmetic::Times => Some(left.times(right)),
        Arithmetic::Over => left.over(right),
    }
}
