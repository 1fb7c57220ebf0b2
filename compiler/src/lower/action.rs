//! Actions: what can be done, and what one costs. A client may declare one of the standard library again, to say its cost.

use language::Span;
use language::syntax::{self, DeclarationKind, LiteralKind};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::measure::count;
use crate::codes::team::{action_block, action_made_internal};
use crate::modules::Declared;
use crate::program::{Action, ActionId, FileId, Fixed};

impl Lowering<'_> {
    pub(super) fn collect_actions(&mut self) {
        let modules = self.modules;
        let mut declared_at: FxHashMap<(SmolStr, Option<SmolStr>), (usize, FileId, Span)> = FxHashMap::default();
        for declared in &modules.declarations {
            let DeclarationKind::Action(action) = &declared.declaration.kind else { continue };
            let lowered = self.action(declared, action);
            let key = (lowered.name.clone(), lowered.variant.clone());
            match declared_at.get(&key) {
                // Of two of one name the second one is a client's own: any other pair has been refused.
                Some((place, file, span)) => {
                    if self.program.actions.get(*place).is_some_and(|first| first.external) && !lowered.external {
                        let found = action_made_internal::diagnostic(
                            declared.file,
                            action.reach,
                            &written(&lowered),
                            (*file, *span),
                        );
                        self.report(found);
                    } else if let Some(first) = self.program.actions.get_mut(*place) {
                        *first = lowered;
                    }
                }
                None => {
                    declared_at.insert(key, (self.program.actions.len(), declared.file, action.reach));
                    let id = ActionId(count(self.program.actions.len()));
                    self.names.actions.entry(lowered.name.clone()).or_default().push(id);
                    self.program.actions.push(lowered);
                }
            }
        }
    }

    fn action(&mut self, declared: &Declared, action: &syntax::Action) -> Action {
        let file = declared.file;
        let lowered = Action {
            name: action.name.text.clone(),
            variant: action.object.as_ref().map(|object| object.text.clone()),
            external: action.external,
            cost: action.cost.as_ref().and_then(|cost| self.cost(file, cost)),
            origin: self.origin(file, action.name.span),
        };
        if let Some(field) = action.fields.first() {
            self.report(action_block::diagnostic(file, field.span, &written(&lowered)));
        }
        lowered
    }

    fn cost(&mut self, file: FileId, cost: &syntax::Literal) -> Option<Fixed> {
        let LiteralKind::Money { currency, amount } = &cost.kind else { return None };
        self.clients_currency(file, currency, cost.span)?;
        Some(*amount)
    }

    /// The actions with that verb, one for each way of doing it.
    pub(super) fn actions_named(&self, verb: &str) -> Vec<ActionId> {
        self.names.actions.get(verb).cloned().unwrap_or_default()
    }

    /// The channels that something can be sent over.
    pub(super) fn channels(&self) -> Vec<SmolStr> {
        let sends = self.program.actions.iter().filter(|action| action.name == "send");
        sends.filter_map(|action| action.variant.clone()).collect()
    }
}

/// `send.email`, as a row of permissions names it.
pub(super) fn written(action: &Action) -> String {
    match &action.variant {
        Some(variant) => format!("{}.{variant}", action.name),
        None => action.name.to_string(),
    }
}
