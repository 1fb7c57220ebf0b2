//! Score cards: layers, rules, half-lives and routes. Whether weights add up and routes can be reached is for the checks.

use language::Span;
use language::syntax::{self, DeclarationKind, DurationLiteral, OtherScoreClause, RuleForm as Form};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::literal::seconds_of;
use super::measure::count;
use super::names::ScoreShape;
use super::scope::{Node, Scope};
use crate::codes::scores::{cap_not_positive, duplicate_layer, each_without_cap, half_life, reserved_label};
use crate::codes::workflows::said_twice;
use crate::modules::Declared;
use crate::program::{
    EntityId, EventQuery, FileId, Fixed, Kill, LabelId, Layer, Learn, RouteLine, Rule, RuleForm, Score, ScoreId,
    ScoreRef,
};

/// What a condition asks in other words, so that `icp is missing` could not mean a route.
const NOT_LABELS: &[&str] = &["yes", "no", "not", "missing", "known", "one", "from", "certainly", "provisionally"];

impl Lowering<'_> {
    pub(super) fn collect_scores(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            let DeclarationKind::Score(score) = &declared.declaration.kind else { continue };
            let id = ScoreId(count(self.names.shapes.len()));
            let entity = self.entity_named(declared.file, &score.entity);
            let shape = ScoreShape {
                name: score.name.text.clone(),
                entity,
                layers: layer_names(score),
                labels: labels(score),
                incomplete: declared.declaration.broken,
            };
            for (index, layer) in shape.layers.iter().enumerate() {
                if let Some(layer) = layer {
                    let layer_ref = ScoreRef { score: id, layer: Some(count(index)) };
                    self.names.layers.entry(layer.clone()).or_default().push(layer_ref);
                }
            }
            self.names.scores.insert(score.name.text.clone(), id);
            self.names.shapes.push(shape);
        }
    }

    pub(super) fn lower_scores(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            if let DeclarationKind::Score(score) = &declared.declaration.kind {
                let id = ScoreId(count(self.said.scores.len()));
                let lowered = self.score(declared, score, id);
                self.said.scores.push(lowered);
            }
        }
    }

    fn score(&mut self, declared: &Declared, score: &syntax::Score, id: ScoreId) -> Score {
        let entity = self.names.shape(id).and_then(|shape| shape.entity);
        let scope = Scope::new(declared.file, entity).of(Node::Points(id));
        let fading = score.fading.and_then(|fading| self.half_life(declared.file, fading, "points"));
        let mut layers = Vec::with_capacity(score.body.layers.len() + 1);
        if !score.body.rules.is_empty() {
            layers.push(self.rules_without_layer(declared, score, fading, scope));
        }
        let weighted = score.body.layers.iter().any(|layer| layer.weight.is_some());
        let mut seen: FxHashMap<&str, (FileId, Span)> = FxHashMap::default();
        for (index, layer) in score.body.layers.iter().enumerate() {
            let file = declared.member_file(index);
            if let Some(first) = seen.get(layer.name.text.as_str()) {
                self.report(duplicate_layer::diagnostic(file, layer, *first));
                continue;
            }
            seen.insert(&layer.name.text, (file, layer.name.span));
            layers.push(self.layer(file, layer, fading, weighted, Scope { file, ..scope }));
        }
        let routes = self.routes(declared, score, id, entity);
        let (trust_after, learn, kill) = self.others(declared, score, entity);
        Score {
            name: score.name.text.clone(),
            entity: entity.unwrap_or_default(),
            docs: declared.declaration.docs.clone(),
            weighted,
            layers,
            routes,
            labels: self.names.shape(id).map(|shape| shape.labels.clone()).unwrap_or_default(),
            trust_after,
            learn,
            kill,
            origin: self.origin(declared.file, score.name.span),
        }
    }

    fn rules_without_layer(
        &mut self,
        declared: &Declared,
        score: &syntax::Score,
        half_life: Option<Fixed>,
        scope: Scope<'_>,
    ) -> Layer {
        let rules = self.rules("rule", &score.body.rules, scope);
        let origin = self.origin(declared.file, score.name.span);
        Layer { name: None, weight: None, half_life, once: None, rules, origin }
    }

    fn layer(
        &mut self,
        file: FileId,
        layer: &syntax::Layer,
        fading: Option<Fixed>,
        weighted: bool,
        scope: Scope<'_>,
    ) -> Layer {
        let own = layer.fading.and_then(|fading| self.half_life(file, fading, "points"));
        let once = layer.once.as_ref().and_then(|event| self.event(file, event));
        let rules = self.rules(&layer.name.text, &layer.rules, scope);
        Layer {
            name: Some(layer.name.text.clone()),
            weight: layer.weight.map(|(weight, _)| weight).or(weighted.then_some(Fixed::ZERO)),
            half_life: own.or(fading),
            once,
            rules,
            origin: self.origin(file, layer.name.span),
        }
    }

    fn rules(&mut self, layer: &str, rules: &[syntax::Rule], scope: Scope<'_>) -> Vec<Rule> {
        let mut lowered = Vec::with_capacity(rules.len());
        for (index, rule) in rules.iter().enumerate() {
            let id = smol_str::format_smolstr!("{layer}.{}", index + 1);
            lowered.extend(self.rule(id, rule, scope));
        }
        lowered
    }

    fn rule(&mut self, id: SmolStr, rule: &syntax::Rule, scope: Scope<'_>) -> Option<Rule> {
        let (form, words) = match &rule.form {
            Form::When(condition) => (RuleForm::When(self.condition(condition, scope)?), condition.span),
            Form::Change { subject, fell, by, against, span } => {
                (RuleForm::When(self.change(subject, *fell, *by, *against, scope)?), *span)
            }
            Form::Each { query, up_to } => {
                let resolved = self.query(query, scope);
                let end = up_to.map_or(query.span.end, |(_, span)| span.end);
                (self.each(rule, (resolved, query.span.end), *up_to, scope)?, Span::new(rule.points_span.end, end))
            }
        };
        Some(Rule {
            id,
            points: rule.points,
            form,
            because: rule.because.as_ref().map(|because| because.value.clone()),
            words: self.words(scope.file, words),
            origin: self.origin(scope.file, rule.span),
        })
    }

    fn each(
        &mut self,
        rule: &syntax::Rule,
        (query, end): (Option<EventQuery>, u32),
        up_to: Option<(Fixed, Span)>,
        scope: Scope<'_>,
    ) -> Option<RuleForm> {
        let Some((up_to, span)) = up_to else {
            let points = self.text(scope.file, rule.points_span);
            self.report(each_without_cap::diagnostic(scope.file, rule, end, points));
            return None;
        };
        if up_to <= Fixed::ZERO {
            self.report(cap_not_positive::diagnostic(scope.file, span, up_to, rule));
            return None;
        }
        Some(RuleForm::Each { query: query?, up_to })
    }

    pub(super) fn half_life(&mut self, file: FileId, fading: DurationLiteral, what: &str) -> Option<Fixed> {
        let seconds = seconds_of(fading.unit).filter(|_| !fading.business);
        match seconds.map(|seconds| fading.amount.times(Fixed::from_integer(seconds))) {
            Some(half_life) if half_life > Fixed::ZERO => Some(half_life),
            Some(_) => {
                self.report(half_life::nought(file, &fading, what));
                None
            }
            None => {
                self.report(half_life::diagnostic(file, &fading, self.text(file, fading.span), what));
                None
            }
        }
    }

    fn routes(
        &mut self,
        declared: &Declared,
        score: &syntax::Score,
        id: ScoreId,
        entity: Option<EntityId>,
    ) -> Vec<RouteLine> {
        let Some(route) = &score.body.route else { return Vec::new() };
        let file = declared.route_file();
        let scope = Scope::new(file, entity).of(Node::Route(id)).routing(id);
        let mut lines = Vec::with_capacity(route.lines.len());
        for line in &route.lines {
            if NOT_LABELS.contains(&line.label.text.as_str()) {
                self.report(reserved_label::diagnostic(file, &line.label));
                continue;
            }
            let condition = match &line.condition {
                Some(condition) => {
                    let Some(resolved) = self.condition(condition, scope) else { continue };
                    Some(resolved)
                }
                None => None,
            };
            let place =
                self.names.shape(id).and_then(|shape| shape.labels.iter().position(|label| *label == line.label.text));
            let words = line.condition.as_ref().map(|condition| self.words(file, condition.span)).unwrap_or_default();
            lines.push(RouteLine {
                label: LabelId(place.map_or(0, count)),
                condition,
                because: line.because.as_ref().map(|because| because.value.clone()),
                words,
                origin: self.origin(file, line.span),
            });
        }
        lines
    }

    /// `learn` and `kill`; whatever else stands there is for the checks.
    fn others(
        &mut self,
        declared: &Declared,
        score: &syntax::Score,
        entity: Option<EntityId>,
    ) -> (Option<u32>, Option<Learn>, Option<Kill>) {
        let (mut trust, mut learns, mut kill) = (None, None, None);
        let mut learned: Option<(FileId, Span)> = None;
        let mut killed: Option<(FileId, Span)> = None;
        for (index, other) in score.body.others.iter().enumerate() {
            let file = declared.other_file(index);
            match other {
                OtherScoreClause::Learn(learn) => match learned {
                    Some(first) => self.report(said_twice::diagnostic(file, "learn", learn.keyword, first)),
                    None => {
                        learned = Some((file, learn.keyword));
                        let whole = !declared.declaration.broken;
                        (trust, learns) = self.learn(file, learn, score, entity, whole);
                    }
                },
                OtherScoreClause::Kill(signal) => match killed {
                    Some(first) => self.report(said_twice::diagnostic(file, "kill", signal.keyword, first)),
                    None => {
                        killed = Some((file, signal.keyword));
                        kill = self.kill(file, signal, entity);
                    }
                },
                _ => {}
            }
        }
        (trust, learns, kill)
    }
}

/// The layers' names as the Program has them: rules without a layer first, of two of one name the first.
fn layer_names(score: &syntax::Score) -> Vec<Option<SmolStr>> {
    let mut names: Vec<Option<SmolStr>> = Vec::with_capacity(score.body.layers.len() + 1);
    if !score.body.rules.is_empty() {
        names.push(None);
    }
    let mut seen = rustc_hash::FxHashSet::default();
    for layer in &score.body.layers {
        if seen.insert(&layer.name.text) {
            names.push(Some(layer.name.text.clone()));
        }
    }
    names
}

/// What a score can route to, best first: in the order of their last lines.
fn labels(score: &syntax::Score) -> Vec<SmolStr> {
    let lines = score.body.route.as_ref().map(|route| route.lines.as_slice()).unwrap_or_default();
    let mut seen = rustc_hash::FxHashSet::default();
    let last_first = lines.iter().rev().map(|line| &line.label.text).filter(|label| seen.insert(label.as_str()));
    let mut labels: Vec<SmolStr> = last_first.cloned().collect();
    labels.reverse();
    labels
}
