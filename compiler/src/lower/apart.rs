//! Tests are lowered beside all that stands in other bodies, on a second thread where a playbook is so large that it pays: half of a long
//! playbook is its tests, nothing refers to them, and of what they refer to nothing changes any more.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use language::syntax::DeclarationKind;

use super::Lowering;
use super::cycle::Dependencies;
use super::recorded::Notes;
use crate::diagnostics::Diagnostic;
use crate::program::Program;

/// Something that one lowering makes, and others look at once it is made.
#[derive(Debug, Default)]
pub(super) struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    pub(super) fn new(of: T) -> Self {
        Self(Arc::new(of))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    /// Without a copy as long as nobody else looks at it.
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

impl<'a> Lowering<'a> {
    /// All that is left, and the tests beside it.
    pub(super) fn beside_tests(&mut self, at_once: bool) {
        let mut found = Vec::new();
        let mut tests = self.apart(&mut found);
        if at_once {
            // This thread's stack was made for deep texts; a test is as deep as the grammar lets a condition be.
            rayon::in_place_scope(|scope| {
                scope.spawn(|_| tests.lower_tests());
                self.lower_others();
            });
        } else {
            self.lower_others();
            tests.lower_tests();
        }
        self.said.tests = std::mem::take(&mut tests.said.tests);
        self.notes.append(&mut tests.notes);
        drop(tests);
        self.diagnostics.append(&mut found);
    }

    /// Another lowering that looks at what this one has made so far, and keeps what it makes and finds to itself.
    fn apart<'b>(&self, found: &'b mut Vec<Diagnostic>) -> Lowering<'b>
    where
        'a: 'b,
    {
        Lowering {
            modules: self.modules,
            lines: self.lines.clone(),
            names: self.names.clone(),
            program: self.program.clone(),
            said: Program::default(),
            diagnostics: found,
            zone: self.zone.clone(),
            currency: self.currency.clone(),
            objections: self.objections.clone(),
            facts: self.facts.clone(),
            // Scores and facts depend on others; a test is no part of a circle.
            dependencies: Dependencies::default(),
            inlined: self.inlined,
            notes: Notes::default(),
        }
    }

    fn lower_tests(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            if let DeclarationKind::Test(test) = &declared.declaration.kind {
                self.test(declared, test);
            }
        }
    }

    /// All that was made.
    pub(super) fn finished(self) -> Program {
        let said = self.said;
        Program {
            scores: said.scores,
            sources: said.sources,
            tests: said.tests,
            permissions: said.permissions,
            priorities: said.priorities,
            policy: said.policy,
            workflows: said.workflows,
            feedback: said.feedback,
            goals: said.goals,
            forecasts: said.forecasts,
            publications: said.publications,
            scenarios: said.scenarios,
            backtests: said.backtests,
            ..Arc::unwrap_or_clone(self.program.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::compile::Input;
    use crate::diagnostics::SourceText;
    use crate::modules::{NoModules, gather};
    use crate::{codes, lower};

    /// What a text means, what is wrong with it and which names it has.
    fn meaning(text: &str, at_once: bool) -> String {
        let files = vec![SourceText { name: "example.playbook".into(), text: text.into() }];
        let mut found = Vec::new();
        let modules = gather(&Input { files, asked: Vec::new() }, &NoModules, None, &mut found);
        let (program, recorded) = lower::lower(&modules, at_once, &mut found);
        format!("{program:#?}\n{recorded:#?}\n{found:#?}")
    }

    #[test]
    fn tests_mean_the_same_beside_the_rest() {
        let mut with_tests = 0;
        for page in codes::all().map(|code| code.page) {
            for text in
                page.split("```playbook").skip(1).filter_map(|rest| rest.split_once('\n')?.1.split("```").next())
            {
                let (one, both) = (meaning(text, false), meaning(text, true));
                assert!(one == both, "{text}");
                with_tests += usize::from(text.contains("\ntest \""));
            }
        }
        assert!(with_tests > 10, "{with_tests} examples have tests");
    }
}
