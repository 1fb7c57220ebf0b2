//! `contact policy { … }`: when people may be written to.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{ContactPolicy, ContactPolicyClause, ContactRule};

use super::act;
use super::node::Node;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn contact_policy(&mut self, clause: &Clause, form: Form) -> Option<ContactPolicy> {
        self.read(clause, form, |_, _| Some(()))?;
        let clauses = Self::inner(clause).iter().filter_map(|clause| self.contact_policy_clause(clause)).collect();
        Some(ContactPolicy { clauses })
    }

    /// One clause of a contact policy, or of a refinement of it.
    pub(super) fn contact_policy_clause(&mut self, clause: &Clause) -> Option<ContactPolicyClause> {
        let form = self.form(clause, Context::ContactPolicy)?;
        self.read(clause, form, |_, node| {
            Some(ContactPolicyClause { form: rule(&node)?, because: act::because(&node), span: node.span() })
        })
    }
}

fn rule(node: &Node<'_>) -> Option<ContactRule> {
    Some(match node.rule() {
        Rule::consent => ContactRule::Consent(act::names(node)),
        Rule::unsubscribe => {
            ContactRule::Unsubscribe { act: node.child(Rule::name)?.name(), honoured_within: act::within(node) }
        }
        Rule::quiet if node.has(Rule::HOURS) => {
            ContactRule::QuietOutsideHours { of: node.child(Rule::path).map(|path| path.path()) }
        }
        Rule::quiet => {
            let mut times = node.all(Rule::TIME_LITERAL).map(|time| time.time());
            ContactRule::QuietOutside(times.next()?, times.next()?)
        }
        _ => ContactRule::AtMost {
            count: node.child(Rule::NUMBER)?.count(),
            act: node.child(Rule::name)?.name(),
            per: node.all(Rule::per).map(|per| act::per(&per)).collect::<Option<_>>()?,
        },
    })
}
