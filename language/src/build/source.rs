//! `source NAME from csv … { … }`: how somebody's file becomes records.

use crate::Token;
use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{Conversion, FieldMapping, Source, SourceClause, Text};

use super::node::Node;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn source(&mut self, clause: &Clause, form: Form) -> Option<Source> {
        let mut source = self.read(clause, form, |_, node| {
            let mut paths = node.all(Rule::path);
            Some(Source {
                name: paths.next()?.path(),
                format: node.child(Rule::name)?.name(),
                files: texts(&node),
                existing: node.has(Rule::existing),
                into: paths.next()?.path(),
                key: node.child(Rule::key).and_then(|key| Some(key.child(Rule::path)?.path())),
                clauses: Vec::new(),
            })
        })?;
        for clause in Self::inner(clause) {
            source.clauses.extend(self.source_clause(clause));
        }
        Some(source)
    }

    /// One line of a source, or of a refinement of one.
    pub(super) fn source_clause(&mut self, clause: &Clause) -> Option<SourceClause> {
        let form = self.form(clause, Context::Source)?;
        self.read(clause, form, |_, node| line(&node))
    }
}

fn texts(node: &Node<'_>) -> Vec<Text> {
    node.all(Rule::text).map(|text| text.quoted()).collect()
}

fn line(node: &Node<'_>) -> Option<SourceClause> {
    let text = || node.child(Rule::text).map(|text| text.quoted());
    Some(match node.rule() {
        Rule::signature => SourceClause::Signature(texts(node)),
        Rule::reports => {
            let mut dates = node.all(Rule::DATE_LITERAL).map(|date| date.date());
            SourceClause::Reports {
                events: node.all(Rule::path).map(|path| path.path()).collect(),
                since: dates.next()?,
                until: dates.next(),
                span: node.span(),
            }
        }
        Rule::missing => SourceClause::Missing(texts(node)),
        Rule::decimal => SourceClause::DecimalComma(node.span()),
        Rule::separator => SourceClause::Separator(text()?),
        Rule::encoding => SourceClause::Encoding(text()?),
        _ => SourceClause::Field(FieldMapping {
            target: node.child(Rule::path)?.path(),
            columns: texts(&node.child(Rule::columns)?),
            conversions: node.all(Rule::conversion).map(|node| conversion(&node.first()?)).collect::<Option<_>>()?,
            span: node.span(),
        }),
    })
}

fn conversion(node: &Node<'_>) -> Option<Conversion> {
    Some(match node.rule() {
        Rule::split => Conversion::SplitBy(node.child(Rule::text)?.quoted()),
        Rule::means => Conversion::Means { cells: texts(node), meaning: node.child(Rule::path)?.path() },
        Rule::others_mean => Conversion::OthersMean(node.child(Rule::name)?.name()),
        Rule::converted => {
            let what = node.children().nth(1)?;
            match what.token() {
                _ if what.rule() == Rule::unit => Conversion::AsUnit(what.unit(), what.span()),
                Token::Date => Conversion::AsDate(node.child(Rule::text)?.quoted()),
                Token::Time => Conversion::AsTime(node.child(Rule::text)?.quoted()),
                _ => Conversion::AsCurrency(what.name()),
            }
        }
        _ => Conversion::Lookup {
            entity: node.child(Rule::name)?.name(),
            by: node.child(Rule::path)?.path(),
            create: node.has(Rule::or_create),
            span: node.span(),
        },
    })
}
