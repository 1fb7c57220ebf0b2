//! `permissions { | … | }`: which agent may do what, cell by cell.

use crate::Span;
use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{PermissionCell, PermissionRow, Permissions, Right};

use super::act;
use super::node::Node;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn permissions(&mut self, clause: &Clause, form: Form) -> Option<Permissions> {
        self.read(clause, form, |_, _| Some(()))?;
        let rows = Self::inner(clause).iter().filter_map(|clause| self.permission_row(clause)).collect();
        Some(Permissions { rows })
    }

    /// One row of the table, or of a refinement of it.
    pub(super) fn permission_row(&mut self, clause: &Clause) -> Option<PermissionRow> {
        let form = self.form(clause, Context::Permissions)?;
        self.read(clause, form, |_, node| row(&node))
    }
}

fn row(node: &Node<'_>) -> Option<PermissionRow> {
    let span = node.span();
    let subjects = act::paths(node);
    if subjects.is_empty() {
        return Some(PermissionRow::Agents { agents: act::names(node), span });
    }
    // Each cell ends with a bar; the first bar opens the row, the second closes the subjects.
    let mut cells = Vec::new();
    let (mut bars, mut start, mut right) = (0, 0, None);
    for child in node.children() {
        match child.rule() {
            Rule::BAR => {
                if bars > 1 {
                    let between = Span::new(start, child.span().start);
                    cells.push(match right.take() {
                        Some((right, span)) => PermissionCell { right: Some(right), span },
                        None => PermissionCell { right: None, span: between },
                    });
                }
                bars += 1;
                start = child.span().end;
            }
            Rule::right => right = Some((self::right(&child)?, child.span())),
            _ => {}
        }
    }
    Some(PermissionRow::Rights { subjects, cells, span })
}

fn right(node: &Node<'_>) -> Option<Right> {
    let first = node.first()?;
    Some(match first.rule() {
        Rule::READ => Right::Read,
        Rule::WRITE => Right::Write(act::names(node)),
        Rule::CREATE => Right::Create(act::names(node)),
        _ => Right::Ask(node.child(Rule::name)?.name()),
    })
}
