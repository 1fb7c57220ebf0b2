//! The front door: a text in; tokens, structure, syntax tree and errors out. It cannot fail.

use std::ops::Range;
use std::sync::Arc;

use crate::build;
use crate::structure::{Clause, Structure};
use crate::syntax::{Declaration, File, Name, Text};
use crate::{Span, SyntaxError, SyntaxErrorKind, Token, Tokens};

/// The largest text that is read, in bytes. A playbook of ten thousand lines has a third of a megabyte.
pub(crate) const LARGEST: usize = 16 << 20;

/// One text, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// Its tokens; they tile it.
    pub tokens: Tokens,
    /// Its declarations, blocks and clauses; they tile the tokens.
    pub structure: Structure,
    /// What it says, as far as it could be read.
    pub file: File,
    /// What is wrong with it, in source order.
    pub errors: Vec<SyntaxError>,
    /// Its `// allow LINT because "…"` comments, in source order.
    pub switches: Vec<Switch>,
}

/// `// allow LINT because "…"`: switches a lint off for one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    /// The lint.
    pub lint: Name,
    /// Why; a switch without a reason has none and is for the lints to refuse.
    pub because: Option<Text>,
    /// The comment.
    pub span: Span,
    /// What it is about: the clause before it on its line, else the first token of the next line that has any.
    pub target: Option<Span>,
}

/// Reads a text.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    if text.len() > LARGEST {
        let error = SyntaxError { kind: SyntaxErrorKind::TooLarge { limit: LARGEST }, span: Span::new(0, 0) };
        return Parsed { errors: vec![error], ..Parsed::default() };
    }
    let tokens = Tokens::of(text);
    let mut errors = Vec::new();
    build::check_literals(text, &tokens, &(0..tokens.len()), &mut errors);
    let structure = Structure::of(&tokens, &mut errors);
    read(text, (tokens, structure), &|_, _, _| None, errors)
}

/// Gives the declaration of a clause where it need not be read, because it has been before.
pub(crate) type Known<'a> = &'a dyn Fn(&Tokens, &Structure, usize) -> Option<Arc<Declaration>>;

/// Reads what was cut into clauses, but for those in column 0 that are known; `errors` has what was found so far.
pub(crate) fn read(
    text: &str,
    (tokens, structure): (Tokens, Structure),
    known: Known<'_>,
    mut errors: Vec<SyntaxError>,
) -> Parsed {
    let mut file = build::file(text, &tokens, &structure, known, &mut errors);
    errors.sort_by_key(|error| error.span);
    mark_broken(&mut file, &tokens, &structure, &errors);
    let switches = build::switches(text, &tokens);
    Parsed { tokens, structure, file, errors, switches }
}

/// A declaration with an error anywhere in it is broken, or with a block that something else has swallowed the end of.
fn mark_broken(file: &mut File, tokens: &Tokens, structure: &Structure, errors: &[SyntaxError]) {
    if errors.is_empty() {
        return;
    }
    let mut ends = structure.declarations.iter();
    for declaration in &mut file.declarations {
        let start = declaration.span.start;
        let clause = ends.find(|clause| tokens.start(clause.core.start) == start);
        let end = clause.map_or(declaration.span.end, |clause| tokens.start(clause.range.end));
        let first = errors.partition_point(|error| error.span.start < start);
        // What is missing at the end of a clause is missing behind its last byte.
        let within = |error: &SyntaxError| error.span.start < end || error.span.start == declaration.span.end;
        if errors.get(first).is_some_and(within) || clause.is_some_and(is_open) {
            Arc::make_mut(declaration).broken = true;
        }
    }
}

fn is_open(clause: &Clause) -> bool {
    clause.blocks.iter().any(|block| block.close.is_none() || block.clauses.iter().any(is_open))
}

impl Parsed {
    /// The kind and place of the token that covers a byte.
    #[must_use]
    pub fn token_at(&self, offset: u32) -> Option<(Token, Span)> {
        let index = self.tokens.at(offset)?;
        Some((self.tokens.kind(index), self.tokens.span(index)))
    }

    /// The clauses around a byte, the declaration first, the innermost last.
    #[must_use]
    pub fn clauses_at(&self, offset: u32) -> Vec<&Clause> {
        let mut found = Vec::new();
        let mut clauses = &self.structure.declarations;
        while let Some(clause) = clauses.iter().find(|clause| self.covers(&clause.range, offset)) {
            found.push(clause);
            let inside = clause.blocks.iter().find(|block| self.covers(&(block.open..block.end), offset));
            match inside {
                Some(block) => clauses = &block.clauses,
                None => break,
            }
        }
        found
    }

    /// Where a clause stands, from its first to its last token.
    #[must_use]
    pub fn span_of(&self, clause: &Clause) -> Span {
        self.tokens.spans(&clause.core)
    }

    fn covers(&self, range: &Range<u32>, offset: u32) -> bool {
        self.tokens.spans(range).range().contains(&(offset as usize))
    }
}
