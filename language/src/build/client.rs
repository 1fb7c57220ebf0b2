//! `client "Name" { … }`: whose playbook this is.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{Client, ClientClause};

use super::node::Node;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration with its settings.
    pub(super) fn client(&mut self, clause: &Clause, form: Form) -> Option<Client> {
        let name = self.read(clause, form, |_, node| Some(node.child(Rule::text)?.quoted()))?;
        let mut clauses = Vec::new();
        for clause in Self::inner(clause) {
            if let Some(form) = self.form(clause, Context::Client) {
                clauses.extend(self.read(clause, form, |_, node| setting(&node)));
            }
        }
        Some(Client { name, clauses })
    }
}

fn setting(node: &Node<'_>) -> Option<ClientClause> {
    let text = |rule| node.child(rule).map(|text| text.quoted());
    Some(match node.rule() {
        Rule::currency => ClientClause::Currency(node.child(Rule::name)?.name()),
        Rule::timezone => ClientClause::Timezone(text(Rule::text)?),
        Rule::hours => {
            let mut days = node.all(Rule::weekday).map(|day| day.name());
            let first = days.next()?;
            let last = days.next().unwrap_or_else(|| first.clone());
            let mut times = node.all(Rule::TIME_LITERAL).map(|time| time.time());
            ClientClause::Hours { days: (first, last), times: (times.next()?, times.next()?), span: node.span() }
        }
        Rule::holidays => ClientClause::Holidays(node.all(Rule::DATE_LITERAL).map(|date| date.date()).collect()),
        Rule::people => {
            let person =
                |person: Node<'_>| Some((person.child(Rule::name)?.name(), person.child(Rule::text)?.quoted()));
            ClientClause::People(node.all(Rule::person).map(person).collect::<Option<_>>()?)
        }
        Rule::allow => {
            ClientClause::Allow { lint: node.child(Rule::lint)?.name(), because: text(Rule::text)?, span: node.span() }
        }
        _ => return None,
    })
}
