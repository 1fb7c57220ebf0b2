//! A record that shows what was found: made from the cells that were chosen, judged, and kept only where it shows what it should.

use super::cells::Cell;
use super::filter;
use super::groups::Group;
use super::lines::Way;
use super::model::Model;
use super::value;
use super::variable::{Happening, Kind};
use super::world::{self, Happened, Judged, Said, World};
use crate::program::{
    Aggregate, Arithmetic, Condition, EventQuery, FieldPath, Fixed, PhrasesId, Program, Term, TextTerm, Type, Value,
    Which, Window,
};

/// A record with what the score says of it.
#[derive(Clone, Debug)]
pub(crate) struct Witness {
    pub(crate) world: World,
    pub(crate) judged: Judged,
}

/// Events of a witness, at most.
const EVENTS: u32 = 100;

/// The record that comes of these outcomes, one for each group; none where it is not known how to make one.
pub(crate) fn made(model: &Model<'_>, chosen: &[usize], left_out: u32) -> Option<Witness> {
    let mut maker = Maker { model, world: World::default(), cells: Vec::new() };
    for (group, outcome) in model.groups.iter().zip(chosen) {
        maker.choose(group, *outcome)?;
    }
    for (at, layer) in (0..).zip(&model.score.layers) {
        if 1_u32.checked_shl(at).is_some_and(|bit| left_out & bit != 0) {
            maker.world.silent.extend(layer.once);
        }
    }
    maker.fill()?;
    let world = maker.world;
    let judged = world::judge(model, &world).ok()?;
    Some(Witness { world, judged })
}

/// A record that shows it, looked for between the least and the most that the score can be.
pub(crate) fn find(model: &Model<'_>, way: Option<Way>, shows: &dyn Fn(&Judged) -> bool) -> Option<Witness> {
    let settled = way.and_then(|way| way.settled);
    let settle = |mut chosen: Vec<usize>| {
        if let Some((group, outcome)) = settled
            && let Some(slot) = chosen.get_mut(group)
        {
            *slot = outcome;
        }
        chosen
    };
    let nothing = settle(vec![0; model.groups.len()]);
    let [least, most] = [false, true].map(|high| model.extreme(None, high, settled).chosen);
    let mut candidates = vec![nothing.clone(), most.clone(), least.clone()];
    for (from, to) in [(&nothing, &most), (&least, &most), (&nothing, &least)] {
        candidates.extend(between(from, to));
    }
    candidates.into_iter().find_map(|chosen| made(model, &chosen, 0).filter(|witness| shows(&witness.judged)))
}

/// The steps from one choice to another, a group at a time, from the front and from behind.
fn between(from: &[usize], to: &[usize]) -> Vec<Vec<usize>> {
    const STEPS: usize = 24;
    let differing: Vec<usize> =
        from.iter().zip(to).enumerate().filter(|(_, (one, other))| one != other).map(|(at, _)| at).collect();
    let mut steps = Vec::new();
    for order in [differing.clone(), differing.into_iter().rev().collect::<Vec<_>>()] {
        let mut at = from.to_vec();
        for group in order.into_iter().take(STEPS) {
            if let (Some(slot), Some(value)) = (at.get_mut(group), to.get(group)) {
                *slot = *value;
            }
            steps.push(at.clone());
        }
    }
    steps
}

struct Maker<'m, 'p> {
    model: &'m Model<'p>,
    world: World,
    /// By variable.
    cells: Vec<(usize, &'m Cell<'p>)>,
}

impl<'m, 'p> Maker<'m, 'p> {
    fn choose(&mut self, group: &'m Group, outcome: usize) -> Option<()> {
        let outcome = group.outcomes.get(outcome)?;
        for (variable, cell) in group.variables.iter().zip(&outcome.cells) {
            let cell = self.model.variables.all.get(*variable)?.cells.get(*cell)?;
            match self.cells.iter_mut().find(|(known, _)| known == variable) {
                // Where rules that share it were divided, somebody has to know it.
                Some((_, known)) if **known == Cell::Unknown => *known = cell,
                Some(_) => {}
                None => self.cells.push((*variable, cell)),
            }
        }
        Some(())
    }

    fn fill(&mut self) -> Option<()> {
        let mut counted = Vec::new();
        let mut calculated = Vec::new();
        let mut belongs = Vec::new();
        for (at, cell) in self.cells.clone() {
            let kind = self.model.variables.all.get(at)?.kind;
            match (kind, cell) {
                (Kind::Field(path), Cell::Holds(true)) if self.is_record(path) => belongs.push(path),
                (Kind::Field(path), _) => self.field(path, cell)?,
                (Kind::Times(happening), _) => counted.push((happening, cell)),
                (_, Cell::Unknown) => {}
                (Kind::Number { term, .. }, Cell::Number(_)) => calculated.push((Some(term), None, cell)),
                (Kind::Latest(term), _) => calculated.push((None, Some(term), cell)),
                (Kind::Whole { condition, .. }, Cell::Holds(holds)) => self.whole(condition, *holds),
                // What is given is fresh, and what other scores say comes of what they read.
                _ => {}
            }
        }
        // The narrowest first: the wider ones count what it brings.
        counted.sort_by_key(|(happening, _)| match happening {
            Happening::Events(query) => {
                (query.filter.is_none(), query.window.is_none(), query.window.map_or(0, length))
            }
            Happening::Said { window, .. } => (false, window.is_none(), window.map_or(0, length)),
        });
        for (happening, cell) in &counted {
            self.times(*happening, cell, &counted)?;
        }
        for (term, text, cell) in calculated {
            match (term, text) {
                (Some(Term::Aggregate(aggregate)), _) => self.calculated(aggregate, cell)?,
                (_, Some(TextTerm::Latest(aggregate))) => self.calculated(aggregate, cell)?,
                (Some(term), _) => self.solved(term, cell)?,
                _ => {}
            }
        }
        belongs.into_iter().try_for_each(|path| self.belongs(path))
    }

    fn is_record(&self, path: &FieldPath) -> bool {
        matches!(self.model.program.field(path).map(|field| &field.ty), Some(Type::Record(_)))
    }

    fn field(&mut self, path: &FieldPath, cell: &Cell<'_>) -> Option<()> {
        let ty = &self.model.program.field(path)?.ty;
        if let Some(value) = value::of(ty, cell)? {
            self.world.fields.insert(path.clone(), value);
        }
        Some(())
    }

    /// Some field of the record that it belongs to.
    fn belongs(&mut self, path: &FieldPath) -> Option<()> {
        let Type::Record(entity) = self.model.program.field(path)?.ty else { return None };
        let relations: Vec<_> = path.relations.iter().chain([&path.field]).copied().collect();
        if self.world.fields.keys().any(|known| known.relations.starts_with(&relations)) {
            return Some(());
        }
        let fields = &self.model.program.entities.get(entity.index())?.fields;
        let named = fields.iter().position(|field| field.ty == Type::Text && field.name == "name");
        let field = named.or_else(|| fields.iter().position(|field| field.ty == Type::Text))?;
        let field = crate::program::FieldId(u32::try_from(field).ok()?);
        let path = FieldPath { entity: path.entity, relations, field };
        self.world.fields.insert(path, Value::Text("Somebody".into()));
        Some(())
    }

    fn times(
        &mut self,
        happening: Happening<'p>,
        cell: &Cell<'_>,
        all: &[(Happening<'p>, &'m Cell<'p>)],
    ) -> Option<()> {
        let Cell::Times { low, reported, .. } = cell else { return Some(()) };
        if *low > EVENTS {
            return None;
        }
        match happening {
            Happening::Events(query) => {
                if !reported {
                    self.world.silent.extend(&query.events);
                }
                for _ in 0..*low {
                    if world::count(self.model.program, &self.world, query)? >= usize::try_from(*low).ok()? {
                        break;
                    }
                    let event = self.event(query, all)?;
                    self.world.events.push(event);
                }
            }
            Happening::Said { phrases, window } => {
                self.world.silent_conversations |= !reported;
                if *low > 0 && !world::is_said(self.model.program, &self.world, phrases, window)? {
                    let said = self.said(phrases, window, all)?;
                    self.world.said.push(said);
                }
            }
        }
        Some(())
    }

    /// Now, and as long ago as a window reaches.
    fn ages(all: &[(Happening<'p>, &Cell<'p>)]) -> Vec<Option<Window>> {
        let mut ages = vec![None];
        for (happening, _) in all {
            let window = match happening {
                Happening::Events(query) => query.window,
                Happening::Said { window, .. } => *window,
            };
            if window.is_some() && !ages.contains(&window) {
                ages.push(window);
            }
        }
        ages
    }

    /// One that the query counts, and that makes nothing else too many.
    fn event(&self, query: &'p EventQuery, all: &[(Happening<'p>, &'m Cell<'p>)]) -> Option<Happened> {
        let ways = match &query.filter {
            None => vec![Vec::new()],
            Some(filter) => filter::ways(self.model.program, &query.events, filter),
        };
        let before = world::count(self.model.program, &self.world, query)?;
        for event in &query.events {
            for facts in &ways {
                for ago in Self::ages(all) {
                    let event = Happened { event: *event, facts: facts.clone(), ago };
                    let mut world = self.world.clone();
                    world.events.push(event.clone());
                    let counted = world::count(self.model.program, &world, query) == Some(before + 1);
                    if counted && self.leaves_room(&world, all) {
                        return Some(event);
                    }
                }
            }
        }
        None
    }

    fn said(&self, phrases: PhrasesId, window: Option<Window>, all: &[(Happening<'p>, &'m Cell<'p>)]) -> Option<Said> {
        let texts = &self.model.program.phrases.get(phrases.index())?.texts;
        for text in texts {
            for ago in Self::ages(all) {
                let said = Said { text: text.clone(), ago };
                let mut world = self.world.clone();
                world.said.push(said.clone());
                let heard = world::is_said(self.model.program, &world, phrases, window) == Some(true);
                if heard && self.leaves_room(&world, all) {
                    return Some(said);
                }
            }
        }
        None
    }

    fn leaves_room(&self, world: &World, all: &[(Happening<'p>, &'m Cell<'p>)]) -> bool {
        all.iter().all(|(happening, cell)| {
            let Cell::Times { high: Some(high), .. } = cell else { return true };
            let program = self.model.program;
            match happening {
                Happening::Events(query) => world::count(program, world, query)
                    .is_some_and(|count| u32::try_from(count).is_ok_and(|count| count <= *high)),
                Happening::Said { phrases, window } => {
                    *high > 0 || world::is_said(program, world, *phrases, *window) == Some(false)
                }
            }
        })
    }

    /// An event with a fact of which a calculation is what the cell says.
    fn calculated(&mut self, aggregate: &'p Aggregate, cell: &Cell<'_>) -> Option<()> {
        let field = aggregate.field.as_ref()?;
        let query = &aggregate.query;
        let program: &'p Program = self.model.program;
        let ty = program
            .events
            .get(query.events.first()?.index())?
            .fields
            .iter()
            .find(|known| known.name == *field)
            .map(|known| &known.ty)?;
        let value = value::of(ty, cell)??;
        let has = |event: &Happened| event.facts.iter().any(|(known, _)| known == field);
        if query.filter.is_none()
            && let Some(known) =
                self.world.events.iter_mut().find(|event| query.events.contains(&event.event) && event.ago.is_none())
        {
            if !has(known) {
                known.facts.push((field.clone(), value));
            }
            return Some(());
        }
        let mut event = self.event(query, &[])?;
        if !has(&event) {
            event.facts.push((field.clone(), value));
        }
        self.world.events.push(event);
        Some(())
    }

    /// The field of a calculation that has just one.
    fn solved(&mut self, term: &Term, cell: &Cell<'_>) -> Option<()> {
        let Cell::Number(interval) = cell else { return Some(()) };
        let mut path = None;
        fields(term, &mut path)?;
        let path = path?;
        let ty = &self.model.program.field(path)?.ty;
        let wanted = if matches!(ty, Type::Date) || is_time(term) { &Type::Duration } else { &Type::Number };
        let target = value::number(wanted, *interval)?;
        let solution = inverted(term, target)?;
        self.world.fields.entry(path.clone()).or_insert(Value::Number(solution));
        Some(())
    }

    /// Two fields, so that a condition between them is as it should be; the judge says whether it is.
    fn whole(&mut self, condition: &Condition, holds: bool) {
        match condition {
            Condition::Same { left: TextTerm::Field(left), right: TextTerm::Field(right) } => {
                let known = [left, right].into_iter().find_map(|path| self.world.fields.get(path).cloned());
                let word = self.word(left);
                let value = known.unwrap_or(Value::Text(word));
                let other = if holds { value.clone() } else { Value::Text("another".into()) };
                self.world.fields.entry(left.clone()).or_insert(value);
                self.world.fields.entry(right.clone()).or_insert(other);
            }
            Condition::HasOf { list, which, other } => {
                let word = self.word(other);
                let (one, two) = match (which, holds) {
                    (Which::Any | Which::All, true) | (Which::None, false) => (vec![word.clone()], vec![word]),
                    (Which::Any | Which::All, false) | (Which::None, true) => (Vec::new(), vec![word]),
                };
                self.world.fields.entry(list.clone()).or_insert(Value::List(one));
                self.world.fields.entry(other.clone()).or_insert(Value::List(two));
            }
            Condition::Compare { left: Term::Field(left), right: Term::Field(right), operator } => {
                use crate::program::Comparison;
                let below = matches!(operator, Comparison::Less | Comparison::AtMost | Comparison::NotEqual) == holds;
                let unit = match self.model.program.field(left).map(|field| &field.ty) {
                    Some(Type::Date) => 86_400,
                    _ => 1,
                };
                let (one, two) = if below { (unit, 2 * unit) } else { (2 * unit, unit) };
                let two = if *operator == Comparison::Equal && holds { one } else { two };
                self.world.fields.entry(left.clone()).or_insert(Value::Number(Fixed::from_integer(one)));
                self.world.fields.entry(right.clone()).or_insert(Value::Number(Fixed::from_integer(two)));
            }
            _ => {}
        }
    }

    fn word(&self, path: &FieldPath) -> smol_str::SmolStr {
        match self.model.program.field(path).map(|field| &field.ty) {
            Some(Type::OneOf(words)) => words.first().cloned().unwrap_or_default(),
            Some(Type::List(element)) => match &**element {
                Type::OneOf(words) => words.first().cloned().unwrap_or_default(),
                _ => "the same".into(),
            },
            _ => "the same".into(),
        }
    }
}

/// Longer windows are larger, about.
fn length(window: Window) -> u64 {
    use language::syntax::DurationUnit;
    let unit = match window.unit {
        DurationUnit::Second => 1,
        DurationUnit::Minute => 60,
        DurationUnit::Hour => 3_600,
        DurationUnit::Day => 86_400,
        DurationUnit::Week => 7 * 86_400,
        DurationUnit::Month => 30 * 86_400,
        DurationUnit::Year => 365 * 86_400,
    };
    u64::from(window.amount) * unit
}

/// The only field in it; none where there are two, or something else that varies.
fn fields<'t>(term: &'t Term, found: &mut Option<&'t FieldPath>) -> Option<()> {
    match term {
        Term::Field(path) => {
            if found.is_some() {
                return None;
            }
            *found = Some(path);
            Some(())
        }
        Term::Constant(_) | Term::Today => Some(()),
        Term::Arithmetic { left, right, .. } => {
            fields(left, found)?;
            fields(right, found)
        }
        Term::EventField(_) | Term::Aggregate(_) | Term::Score(_) | Term::Now => None,
    }
}

fn is_time(term: &Term) -> bool {
    match term {
        Term::Today | Term::Now => true,
        Term::Arithmetic { operator: Arithmetic::Plus | Arithmetic::Minus, left, right } => {
            is_time(left) || is_time(right)
        }
        _ => false,
    }
}

/// What the field has to be for the term to be so much.
fn inverted(term: &Term, target: Fixed) -> Option<Fixed> {
    let settled = |term: &Term| {
        let mut found = None;
        fields(term, &mut found)?;
        if found.is_none() { constant(term) } else { None }
    };
    match term {
        Term::Field(_) => Some(target),
        Term::Arithmetic { operator, left, right } => match (settled(left), settled(right)) {
            (None, Some(right)) => {
                let target = match operator {
                    Arithmetic::Plus => target.minus(right),
                    Arithmetic::Minus => target.plus(right),
                    Arithmetic::Times => target.over(right)?,
                    Arithmetic::Over => target.times(right),
                };
                inverted(left, target)
            }
            (Some(left), None) => {
                let target = match operator {
                    Arithmetic::Plus => target.minus(left),
                    Arithmetic::Minus => left.minus(target),
                    Arithmetic::Times => target.over(left)?,
                    Arithmetic::Over => left.over(target)?,
                };
                inverted(right, target)
            }
            _ => None,
        },
        _ => None,
    }
}

fn constant(term: &Term) -> Option<Fixed> {
    match term {
        Term::Constant(value) => Some(*value),
        Term::Today => Some(world::today()),
        Term::Arithmetic { operator, left, right } => {
            let (left, right) = (constant(left)?, constant(right)?);
            match operator {
                Arithmetic::Plus => Some(left.plus(right)),
                Arithmetic::Minus => Some(left.minus(right)),
                Arithmetic::Times => Some(left.times(right)),
                Arithmetic::Over => left.over(right),
            }
        }
        _ => None,
    }
}
