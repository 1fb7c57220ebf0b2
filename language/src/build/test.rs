//! `test "…" { given … expect … }`: proof by example.

use crate::Fixed;
use crate::grammar::{Context, Form, Rule};
use crate::structure::{Block, Clause};
use crate::syntax::{DurationLiteral, FieldValue, GivenAnswer, GivenValue, Test, TestClause};

use super::act;
use super::expression::{self, Want};
use super::node::Node;
use super::predicate;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn test(&mut self, clause: &Clause, form: Form) -> Option<Test> {
        let name = self.read(clause, form, |_, node| Some(node.child(Rule::text)?.quoted()))?;
        let mut clauses = Vec::new();
        for clause in Self::inner(clause) {
            let Some(form) = self.form(clause, Context::Test) else { continue };
            let line = self.read(clause, form, |reader, node| match node.rule() {
                Rule::given => reader.given(&node),
                Rule::expect => expect(&node),
                _ => reader.happens(&node),
            });
            if line.is_none() {
                for block in &clause.blocks {
                    self.skim_block(block, Context::Record);
                }
            }
            clauses.extend(line);
        }
        Some(Test { name, clauses })
    }

    fn given(&mut self, node: &Node<'_>) -> Option<TestClause> {
        let given = node.children().nth(1)?;
        let span = node.span();
        Some(match given.rule() {
            Rule::given_now => TestClause::Now {
                date: given.child(Rule::DATE_LITERAL)?.date(),
                time: given.child(Rule::TIME_LITERAL).map(|time| time.time()),
            },
            Rule::given_silent => TestClause::Silent(given.all(Rule::path).map(|path| path.path()).collect()),
            Rule::given_conversation => {
                TestClause::Conversation { text: given.child(Rule::text)?.quoted(), ago: ago(&given) }
            }
            Rule::given_stage => TestClause::InStage {
                record: given.child(Rule::name)?.name(),
                stage: given.child(Rule::path)?.path(),
                span,
            },
            Rule::given_record => TestClause::Record {
                entity: given.child(Rule::name)?.name(),
                fields: self.fields_given(given.child(Rule::BLOCK)?.block()),
                span,
            },
            _ => TestClause::Events {
                count: given.child(Rule::NUMBER).map(|number| number.count()),
                event: given.child(Rule::path)?.path(),
                fields: self.fields_given(given.child(Rule::BLOCK).and_then(|block| block.block())),
                ago: ago(&given),
                span,
            },
        })
    }

    fn happens(&mut self, node: &Node<'_>) -> Option<TestClause> {
        let what = node.children().nth(1)?;
        let span = node.span();
        Some(match what.rule() {
            Rule::when_tries => TestClause::Tries {
                agent: what.child(Rule::name)?.name(),
                act: act::act(&what.child(Rule::act)?)?,
                span,
            },
            Rule::when_answers => TestClause::Answers {
                who: what.child(Rule::name)?.name(),
                answer: match signed(&what) {
                    Some(value) => GivenAnswer::Rates(value),
                    None if what.has(Rule::APPROVES) => GivenAnswer::Approves,
                    None => GivenAnswer::Rejects,
                },
                span,
            },
            Rule::when_passes => TestClause::Passes { time: what.child(Rule::duration)?.duration()?, span },
            _ => TestClause::Happens {
                event: what.child(Rule::path)?.path(),
                fields: self.fields_given(what.child(Rule::BLOCK).and_then(|block| block.block())),
                span,
            },
        })
    }

    /// The entries of a block of fields.
    fn fields_given(&mut self, block: Option<&Block>) -> Vec<FieldValue> {
        let mut fields = Vec::new();
        for clause in block.map_or(&[][..], |block| block.clauses.as_slice()) {
            let Some(form) = self.form(clause, Context::Record) else { continue };
            let read = self.read(clause, form, |reader, node| {
                node.all(Rule::entry).map(|entry| reader.field_given(&entry)).collect::<Option<Vec<_>>>()
            });
            if read.is_none() {
                for block in &clause.blocks {
                    self.skim_block(block, Context::Record);
                }
            }
            fields.extend(read.unwrap_or_default());
        }
        fields
    }

    fn field_given(&mut self, node: &Node<'_>) -> Option<FieldValue> {
        let value = node.children().last()?;
        let value = match value.rule() {
            Rule::BLOCK => GivenValue::Record(self.fields_given(value.block())),
            Rule::given_missing => GivenValue::Missing(value.span()),
            _ => GivenValue::Value(expression::term(&value)?),
        };
        Some(FieldValue { field: node.child(Rule::path)?.path(), value, span: node.span() })
    }
}

fn ago(node: &Node<'_>) -> Option<DurationLiteral> {
    node.child(Rule::ago)?.child(Rule::duration)?.duration()
}

fn expect(node: &Node<'_>) -> Option<TestClause> {
    let expected = node.children().nth(1)?;
    let span = node.span();
    Some(match expected.rule() {
        Rule::expect_asks => TestClause::Asks(expected.all(Rule::path).map(|path| path.path()).collect(), span),
        Rule::expect_denied => {
            TestClause::Decided { allowed: expected.has(Rule::ALLOWED), because: act::because(&expected), span }
        }
        Rule::expect_stage => TestClause::IsIn {
            negated: expected.has(Rule::NOT),
            record: expected.child(Rule::name)?.name(),
            stage: expected.child(Rule::path)?.path(),
            span,
        },
        Rule::expect_value => TestClause::Value {
            path: expected.child(Rule::path)?.path(),
            value: signed(&expected)?,
            could_reach: expected.child(Rule::could_reach).and_then(|could| signed(&could)),
            could_fall_to: expected.child(Rule::could_fall).and_then(|could| signed(&could)),
            span,
        },
        Rule::expect_label => TestClause::Routes {
            score: expected.child(Rule::path)?.path(),
            certainty: expected.child(Rule::certainty).map(|word| predicate::certainty(&word).0),
            label: expected.child(Rule::name)?.name(),
            span,
        },
        _ => TestClause::Holds(expression::condition(&expected, Want::Condition)?),
    })
}

/// The number in a `signed`.
fn signed(node: &Node<'_>) -> Option<Fixed> {
    let signed = node.child(Rule::signed)?;
    let value = signed.child(Rule::NUMBER)?.number();
    Some(if signed.has(Rule::MINUS) { Fixed::ZERO.minus(value) } else { value })
}
