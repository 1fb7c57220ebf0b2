//! From pairs to the syntax tree: one file a kind of declaration. It knows rules and spans; what a name means is the
//! compiler's.

mod act;
mod action;
mod agent;
mod backtest;
mod client;
mod contact_policy;
mod experiment;
mod expression;
mod feedback;
mod fields;
mod forecast;
mod goal;
mod learn;
mod literals;
mod node;
mod permissions;
mod predicate;
mod priority;
mod publish;
mod reader;
mod refine;
mod rubric;
mod scenario;
mod score;
mod source;
mod switches;
mod template;
mod test;
mod workflow;

pub(crate) use literals::check as check_literals;
pub(crate) use refine::context as refined_context;
pub(crate) use switches::switches;

use std::sync::Arc;

use smol_str::SmolStr;

use crate::grammar::{BlockUse, Context, Form, declaration, nearest};
use crate::parsed::Known;
use crate::structure::{Clause, Structure};
use crate::syntax::{Declaration, DeclarationKind, File, Name};
use crate::{Span, SyntaxError, SyntaxErrorKind, Token, Tokens};
use reader::Reader;

/// The syntax tree of a text; what is known of it is not read.
pub(crate) fn file(
    text: &str,
    tokens: &Tokens,
    structure: &Structure,
    known: Known<'_>,
    errors: &mut Vec<SyntaxError>,
) -> File {
    let mut reader = Reader::new(text, tokens);
    let declaration = |(index, clause)| {
        let known = known(tokens, structure, index);
        known.or_else(|| reader.declaration(clause).map(Arc::new))
    };
    let declarations = structure.declarations.iter().enumerate().filter_map(declaration).collect();
    errors.append(&mut reader.errors);
    File { declarations }
}

impl Reader<'_> {
    /// One clause in column 0.
    fn declaration(&mut self, clause: &Clause) -> Option<Declaration> {
        let keyword = clause.core.start;
        let kind = self.tokens.kind(keyword);
        let form = declaration(kind).filter(|_| crate::structure::declares(self.tokens, keyword));
        let mut keyword_span = self.tokens.span(keyword);
        let kind = if let Some(form) = form {
            if self.tokens.column(keyword) > 0 {
                self.not_a_declaration(keyword, kind.keyword());
            }
            if kind == Token::Contact {
                keyword_span = keyword_span.to(self.tokens.span(keyword + 2));
            }
            self.kind(clause, form, kind).unwrap_or_else(|| {
                self.skim(clause, form);
                DeclarationKind::Broken { name: self.word(clause, 1) }
            })
        } else {
            self.stray(clause, kind)?;
            DeclarationKind::Broken { name: self.word(clause, 1) }
        };
        let span = self.tokens.spans(&clause.core);
        Some(Declaration { span, keyword: keyword_span, docs: self.docs(clause), broken: false, kind })
    }

    /// What a declaration with a header that can be read declares.
    fn kind(&mut self, clause: &Clause, form: Form, keyword: Token) -> Option<DeclarationKind> {
        Some(match keyword {
            Token::Client => DeclarationKind::Client(self.client(clause, form)?),
            Token::Use => DeclarationKind::Use(self.read(clause, form, |_, node| fields::use_module(&node))?),
            Token::Entity => DeclarationKind::Entity(self.fields_of(clause, form)?),
            Token::Extend => DeclarationKind::Extend(self.fields_of(clause, form)?),
            Token::Event => DeclarationKind::Event(self.event(clause, form)?),
            Token::Fact => DeclarationKind::Fact(self.read(clause, form, |_, node| fields::fact(&node))?),
            Token::Score => DeclarationKind::Score(self.score(clause, form)?),
            Token::Phrases | Token::Objection => DeclarationKind::Phrases(self.phrases(clause, form)?),
            Token::Source => DeclarationKind::Source(self.source(clause, form)?),
            Token::Test => DeclarationKind::Test(self.test(clause, form)?),
            Token::Refine => DeclarationKind::Refine(self.refine(clause, form)?),
            Token::Agent => DeclarationKind::Agent(self.agent(clause, form)?),
            Token::Permissions => DeclarationKind::Permissions(self.permissions(clause, form)?),
            Token::Priority => DeclarationKind::Priority(self.priority(clause, form)?),
            Token::Contact => DeclarationKind::ContactPolicy(self.contact_policy(clause, form)?),
            Token::Action => DeclarationKind::Action(self.action(clause, form)?),
            Token::Template => DeclarationKind::Template(self.template(clause, form)?),
            Token::Experiment => DeclarationKind::Experiment(self.experiment(clause, form)?),
            Token::Workflow => DeclarationKind::Workflow(self.workflow(clause, form)?),
            Token::Feedback => DeclarationKind::Feedback(self.feedback(clause, form)?),
            Token::Goal => DeclarationKind::Goal(self.read(clause, form, |_, node| goal::goal(&node))?),
            Token::Publish => DeclarationKind::Publish(self.publish(clause, form)?),
            Token::Forecast => DeclarationKind::Forecast(self.read(clause, form, |_, node| forecast::forecast(&node))?),
            Token::Rubric => DeclarationKind::Rubric(self.rubric(clause, form)?),
            Token::Scenario => DeclarationKind::Scenario(self.scenario(clause, form)?),
            Token::Backtest => DeclarationKind::Backtest(self.backtest(clause, form)?),
            _ => return None,
        })
    }

    /// Something in column 0 that starts no declaration. None where there is nothing to keep of it.
    fn stray(&mut self, clause: &Clause, kind: Token) -> Option<()> {
        if kind.is_damage() || (clause.damaged && !kind.is_word()) {
            return None;
        }
        let meant = match kind {
            Token::Contact => Some("contact policy"),
            _ if kind.is_word() => {
                let keywords =
                    Token::ALL.iter().filter(|token| token.starts_declaration() && **token != Token::Contact);
                nearest(self.token_text(clause.core.start), keywords.filter_map(|token| token.keyword()))
            }
            _ => None,
        };
        self.not_a_declaration(clause.core.start, meant);
        kind.is_word().then_some(())
    }

    fn not_a_declaration(&mut self, token: u32, meant: Option<&'static str>) {
        let found = reader::shortened(self.token_text(token));
        self.error(SyntaxErrorKind::NotADeclaration { found, meant }, self.tokens.span(token));
    }

    /// The word that stands `behind` tokens after the first.
    fn word(&self, clause: &Clause, behind: usize) -> Option<Name> {
        let mut tokens = clause.core.clone().filter(|index| !self.tokens.kind(*index).is_trivia());
        let index = tokens.nth(behind).filter(|index| self.tokens.kind(*index).is_word())?;
        Some(Name { text: self.token_text(index).into(), span: self.tokens.span(index) })
    }

    /// The `///` lines right above a declaration.
    fn docs(&self, clause: &Clause) -> Option<SmolStr> {
        let mut docs: Option<String> = None;
        let mut line_ends = 0;
        for index in clause.range.start..clause.core.start {
            match self.tokens.kind(index) {
                Token::Doc => {
                    line_ends = 0;
                    let line = self.token_text(index).trim_start_matches('/');
                    let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
                    match &mut docs {
                        Some(docs) => {
                            docs.push('\n');
                            docs.push_str(line);
                        }
                        None => docs = Some(line.into()),
                    }
                }
                Token::LineEnd => {
                    line_ends += 1;
                    if line_ends > 1 {
                        docs = None;
                    }
                }
                _ => {}
            }
        }
        docs.map(SmolStr::from)
    }

    /// The span from a header to the end of its clause.
    fn whole(&self, clause: &Clause) -> Span {
        self.tokens.spans(&clause.core)
    }

    /// The clauses of a clause's own block.
    fn inner(clause: &Clause) -> &[Clause] {
        clause.last_block().map_or(&[], |block| block.clauses.as_slice())
    }

    /// Reads the inner clauses of a header that is broken, for their errors.
    fn skim(&mut self, clause: &Clause, form: Form) {
        let context = match form.block {
            BlockUse::Required(Context::File) => {
                let kind = self.word(clause, 1).and_then(|name| refine::context(&name.text));
                let Some(context) = kind else { return };
                context
            }
            BlockUse::Required(context) | BlockUse::Optional(context) => context,
            BlockUse::None | BlockUse::Inside(_) => return,
        };
        if let Some(block) = clause.last_block() {
            self.skim_block(block, context);
        }
    }
}
