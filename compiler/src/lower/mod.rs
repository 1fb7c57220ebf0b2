//! Syntax to Program: names resolved, types and units proven, conditions in their plain form.
//!
//! Two passes: what there is (entities, events, phrases, facts, scores), then what stands in each body. An error never brings
//! another one: what is broken keeps its name, and an expression whose type is unknown is silent from there on. Whether a
//! score makes sense is for the checks; files, modules and refinement are behind us.

mod act;
mod action;
mod agent;
mod aggregate;
mod apart;
mod arithmetic;
mod backtest;
mod change;
mod client;
mod compare;
mod condition;
mod contact_policy;
mod conversion;
mod cycle;
mod domain;
mod entity;
mod equality;
mod event;
mod experiment;
mod fact;
mod feedback;
mod forecast;
mod given;
mod goal;
mod guard;
mod handoff;
mod has;
mod kill;
mod learn;
mod literal;
mod mapping;
mod measure;
mod names;
mod operand;
mod origin;
mod path;
mod period;
mod permissions;
mod phrases;
mod predicate;
mod priority;
mod publish;
mod query;
mod recorded;
mod rubric;
mod scenario;
mod scope;
mod score;
mod source;
mod stage;
mod start;
mod subject;
mod template;
mod term;
mod test;
mod types;
mod unknown;
pub(crate) mod verbs;
mod way;
mod workflow;

use jiff::tz::TimeZone;
use language::Span;
use language::syntax::DeclarationKind;
use smol_str::SmolStr;

use crate::diagnostics::Diagnostic;
use crate::modules::Modules;
use crate::program::{FORMAT, FileId, Origin, Program};

pub(crate) use operand::Unit;
pub(crate) use recorded::Recorded;

use apart::Shared;
use cycle::Dependencies;
use fact::FactState;
use names::Names;
use origin::{Lines, folded};
use recorded::Notes;

/// What the modules mean, and which name stands where. What could not be resolved is left out, and `diagnostics` says why.
/// Tests are lowered beside all else where `at_once`.
pub(crate) fn lower(modules: &Modules, at_once: bool, diagnostics: &mut Vec<Diagnostic>) -> (Program, Recorded) {
    let module_missing = diagnostics.iter().any(|found| crate::codes::modules::leaves_names_out(found.code));
    let mut lowering = Lowering::new(modules, diagnostics);
    lowering.names.module_missing = module_missing;
    lowering.client();
    lowering.collect();
    lowering.bodies(at_once);
    lowering.refuse_cycles();
    let recorded = lowering.recorded();
    (lowering.finished(), recorded)
}

/// The state of a lowering.
pub(crate) struct Lowering<'a> {
    modules: &'a Modules,
    lines: Shared<Vec<Lines>>,
    names: Shared<Names>,
    /// What others refer to: record kinds, events, facts, messages, agents.
    program: Shared<Program>,
    /// What nothing refers to by more than its name, so that it can be lowered while tests are: scores, workflows, permissions, tests.
    said: Program,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// Of the client; UTC where it could not be read.
    zone: TimeZone,
    /// Of the client; none where it could not be read, and then no currency is wrong.
    currency: Option<SmolStr>,
    /// The names of the objections, sorted: what a field of type `objection` holds.
    objections: Vec<SmolStr>,
    facts: Shared<Vec<FactState<'a>>>,
    dependencies: Dependencies,
    /// How much of facts has been written out so far.
    inlined: usize,
    notes: Notes,
}

impl<'a> Lowering<'a> {
    fn new(modules: &'a Modules, diagnostics: &'a mut Vec<Diagnostic>) -> Self {
        let mut program = Program { format: FORMAT, ..Program::default() };
        program.files = modules.files.files.iter().map(|file| file.name.clone()).collect();
        Self {
            modules,
            lines: Shared::new(modules.files.files.iter().map(|file| Lines::of(&file.text)).collect()),
            names: Shared::default(),
            program: Shared::new(program),
            said: Program::default(),
            diagnostics,
            zone: TimeZone::UTC,
            currency: None,
            objections: Vec::new(),
            facts: Shared::default(),
            dependencies: Dependencies::default(),
            inlined: 0,
            notes: Notes::default(),
        }
    }

    /// The names of everything, and the types of fields.
    fn collect(&mut self) {
        self.collect_phrases();
        self.collect_entities();
        self.collect_events();
        self.collect_facts();
        self.collect_scores();
        self.collect_workflows();
        self.collect_agents();
        self.collect_actions();
        self.collect_templates();
        self.collect_experiments();
        self.collect_rubrics();
        for declared in &self.modules.declarations {
            if let DeclarationKind::Broken { name: Some(name) } = &declared.declaration.kind {
                self.names.unreadable.insert(name.text.clone());
            }
        }
        self.fields_of_entities();
        self.fields_of_events();
    }

    /// What stands in the bodies.
    fn bodies(&mut self, at_once: bool) {
        self.lower_facts();
        self.lower_templates();
        self.lower_experiments();
        self.lower_agents();
        self.beside_tests(at_once);
    }

    /// The bodies that no test looks into.
    fn lower_others(&mut self) {
        self.lower_scores();
        self.lower_permissions();
        self.lower_priorities();
        self.lower_contact_policy();
        self.lower_workflows();
        self.lower_feedback();
        self.lower_goals();
        let modules = self.modules;
        for declared in &modules.declarations {
            if let DeclarationKind::Source(source) = &declared.declaration.kind {
                self.source(declared, source);
            }
        }
        self.lower_scenarios();
        self.lower_backtests();
        self.lower_forecasts();
        self.lower_publications();
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn origin(&self, file: FileId, span: Span) -> Origin {
        self.lines.get(file.index()).map_or_else(Origin::default, |lines| lines.origin(file, span))
    }

    /// What stands there, as written.
    fn text(&self, file: FileId, span: Span) -> &'a str {
        self.modules.files.slice(file, span)
    }

    /// What stands there, on one line.
    fn words(&self, file: FileId, span: Span) -> SmolStr {
        SmolStr::new(folded(self.text(file, span)))
    }
}
