//! Forecasts: which field is foretold, from what, and by which outcomes it is learned.

use language::syntax::{self, DeclarationKind, Path};

use super::Lowering;
use super::operand::{Operand, Unit};
use super::path::Found;
use super::scope::Scope;
use crate::codes::trials::{forecast_from, forecast_target};
use crate::modules::Declared;
use crate::program::{EntityId, EventId, FieldPath, FileId, Forecast, Predictor};

impl Lowering<'_> {
    pub(super) fn lower_forecasts(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            if let DeclarationKind::Forecast(forecast) = &declared.declaration.kind {
                let lowered = self.forecast(declared, forecast);
                self.said.forecasts.extend(lowered);
            }
        }
    }

    fn forecast(&mut self, declared: &Declared, forecast: &syntax::Forecast) -> Option<Forecast> {
        let file = declared.file;
        let target = self.foretold(file, &forecast.target);
        let entity = target.as_ref().map(|(entity, _)| *entity);
        let mut from = Vec::with_capacity(forecast.from.len());
        for path in &forecast.from {
            let Some(entity) = entity else { break };
            let Some(predictor) = self.predictor(file, path, entity) else { continue };
            if target.as_ref().is_some_and(|(_, field)| predictor == Predictor::Field(field.clone())) {
                self.report(forecast_from::itself(file, path));
            } else if from.contains(&predictor) {
                self.report(forecast_from::twice(file, path));
            } else {
                from.push(predictor);
            }
        }
        let mut learn_from: Vec<EventId> = Vec::with_capacity(forecast.learn_from.len());
        let mut heard = true;
        for path in &forecast.learn_from {
            match self.event(file, path) {
                Some(event) if learn_from.contains(&event) => self.report(forecast_from::twice(file, path)),
                Some(event) => learn_from.push(event),
                None => heard = false,
            }
        }
        if heard && learn_from.len() < 2 {
            self.report(forecast_from::no_outcomes(file, declared.declaration.span, learn_from.len()));
        }
        let whole = declared.declaration.span;
        let (words, origin) = (self.words(file, whole), self.origin(file, whole));
        Some(Forecast { target: target?.1, from, learn_from, words, origin })
    }

    /// The field: of a record that is named, and one that holds how probable something is.
    fn foretold(&mut self, file: FileId, path: &Path) -> Option<(EntityId, FieldPath)> {
        let (first, rest) = path.parts.split_first()?;
        let Some(entity) = self.names.tables.get(&first.text).copied() else {
            if !self.names.perhaps(&first.text) {
                let mut known: Vec<&str> = self.names.tables.keys().map(smol_str::SmolStr::as_str).collect();
                known.sort_unstable();
                let found = forecast_target::of_what(file, path, &known);
                self.report(found);
            }
            return None;
        };
        let (Some(start), Some(end)) = (rest.first(), rest.last()) else {
            self.report(forecast_target::which_field(file, path));
            return None;
        };
        let inner = Path { parts: rest.to_vec(), span: start.span.to(end.span) };
        let Some((field, owner)) = self.find_field(&inner, entity) else {
            self.report_unknown_field(file, &inner, entity);
            return None;
        };
        self.note_table(file, first);
        self.note_field(file, &inner, &field);
        match self.field_operand(field.clone(), owner) {
            Some(Operand::Numeric(_, Unit::Percent | Unit::Number)) => Some((entity, field)),
            Some(other) => {
                self.report(forecast_target::kind(file, path, &other.kind()));
                None
            }
            None => None,
        }
    }

    /// What is known before: a field or a score, of the record or one beside it.
    fn predictor(&mut self, file: FileId, path: &Path, entity: EntityId) -> Option<Predictor> {
        let Some(whose) = self.whose(path, entity) else {
            self.report_unknown(path, Scope::new(file, Some(entity)));
            return None;
        };
        if let ([record, ..], true) = (path.parts.as_slice(), whose.path.parts.len() < path.parts.len()) {
            self.note_table(file, record);
        }
        match self.find(&whose.path, Scope::new(file, Some(whose.entity))) {
            Some(Found::Score(score)) => {
                self.note_score(file, &whose.path, score);
                Some(Predictor::Score(score))
            }
            Some(Found::Field(field, owner)) => {
                self.note_field(file, &whose.path, &field);
                match self.field_operand(field.clone(), owner)? {
                    // The words of a text are kinds: the stage of a deal is one.
                    Operand::Numeric(_, Unit::Number | Unit::Percent | Unit::Money | Unit::Duration | Unit::Score)
                    | Operand::Text(..)
                    | Operand::YesNo(_) => Some(Predictor::Field(field)),
                    other => {
                        self.report(forecast_from::kind(file, path, &other.kind()));
                        None
                    }
                }
            }
            Some(Found::Fact(_)) => {
                self.report(forecast_from::kind(file, path, "a fact that is calculated"));
                None
            }
            Some(Found::EventFact(..)) | None => {
                self.report_unknown_field(file, &whose.path, whose.entity);
                None
            }
        }
    }
}
