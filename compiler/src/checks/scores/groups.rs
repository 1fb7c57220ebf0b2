//! Rules that share facts, and all that they can give together.
//!
//! Every combination of cells is tried where that is cheap. Where rules share too much, they are divided, and what two parts share is
//! taken for two facts: more seems possible then than is, never less.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::cells::Cell;
use super::formula::{Formula, Truth};
use super::variable::Variables;

/// A rule, as far as points go. In hundredths.
#[derive(Debug)]
pub(crate) struct Giver {
    pub(crate) layer: usize,
    /// Its place in the layer.
    pub(crate) place: usize,
    pub(crate) points: i64,
    pub(crate) form: Form,
    /// Its points fade, so that it may give less.
    pub(crate) fades: bool,
}

/// The least and the most that a rule gives, and whether it fires.
type Given = (i64, i64, bool);

/// When it gives them.
#[derive(Debug)]
pub(crate) enum Form {
    When(Formula),
    /// For each time, up to the cap, which has the points' sign.
    Each {
        variable: usize,
        cap: i64,
    },
}

impl Giver {
    /// The least and the most that it gives in these cells, and whether it fires.
    fn gives(&self, variables: &Variables<'_>, cells: &[usize]) -> Given {
        let (least, most, fires) = match &self.form {
            Form::When(formula) => match formula.truth(variables, cells) {
                Some(true) => (self.points, self.points, true),
                _ => (0, 0, false),
            },
            Form::Each { variable, cap } => {
                let cell = variables.all.get(*variable).zip(cells.get(*variable));
                let Some(Cell::Times { low, high, .. }) = cell.and_then(|(variable, cell)| variable.cells.get(*cell))
                else {
                    return (self.points.min(0), self.points.max(0), false);
                };
                let capped = |times: Option<u32>| match times {
                    Some(times) => {
                        let sum = self.points.saturating_mul(i64::from(times));
                        if *cap < 0 { sum.max(*cap) } else { sum.min(*cap) }
                    }
                    None => *cap,
                };
                let (one, other) = (capped(Some(*low)), capped(*high));
                (one.min(other), one.max(other), *low > 0)
            }
        };
        if self.fades { (least.min(0), most.max(0), fires) } else { (least, most, fires) }
    }

    fn variables(&self) -> Vec<usize> {
        let mut variables = Vec::new();
        match &self.form {
            Form::When(formula) => formula.variables(&mut variables),
            Form::Each { variable, .. } => variables.push(*variable),
        }
        variables.sort_unstable();
        variables.dedup();
        variables
    }
}

/// Rules that were tried together.
#[derive(Debug)]
pub(crate) struct Group {
    /// By place in [`Variables::all`].
    pub(crate) variables: Vec<usize>,
    /// By place among all rules of the score.
    pub(crate) rules: Vec<usize>,
    /// The layers of these rules, in order.
    pub(crate) layers: Vec<usize>,
    /// What can come about, each once, the one with the fewest facts first.
    pub(crate) outcomes: Vec<Outcome>,
    /// It holds all facts that the score's route asks about.
    pub(crate) routes: bool,
    /// Its rules could not be tried, and may give all or nothing.
    pub(crate) untried: bool,
}

/// One of the things that can come about.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// By place in [`Group::variables`].
    pub(crate) cells: Vec<usize>,
    /// By place in [`Group::rules`].
    pub(crate) fired: Vec<bool>,
    /// The least and the most, by place in [`Group::layers`].
    pub(crate) sums: Vec<(i64, i64)>,
}

impl Group {
    /// What an outcome gives to a layer.
    pub(crate) fn sum(&self, outcome: &Outcome, layer: usize) -> (i64, i64) {
        let at = self.layers.iter().position(|known| *known == layer);
        at.and_then(|at| outcome.sums.get(at)).copied().unwrap_or((0, 0))
    }
}

/// So many combinations of cells are tried.
const TRIED: usize = 2048;
/// So many times a rule is judged for one group.
const JUDGED: usize = 150_000;

/// Either a rule or, last, the route.
struct Item {
    variables: Vec<usize>,
    rule: Option<usize>,
}

/// The rules in groups. `route` has the variables that the route asks about, in order.
pub(super) fn groups(variables: &Variables<'_>, rules: &[Giver], route: &[usize]) -> Vec<Group> {
    let mut items = Vec::with_capacity(rules.len() + 1);
    if !route.is_empty() {
        items.push(Item { variables: route.to_vec(), rule: None });
    }
    items.extend(rules.iter().enumerate().map(|(at, rule)| Item { variables: rule.variables(), rule: Some(at) }));
    let nested = variables.nested();
    let mut groups = Vec::new();
    for component in components(variables, &items, &nested) {
        let members: Vec<&Item> = component.iter().filter_map(|at| items.get(*at)).collect();
        for part in parts(variables, &members) {
            groups.push(tried(variables, rules, &nested, &part, route));
        }
    }
    groups
}

fn size(variables: &Variables<'_>, of: &[usize]) -> usize {
    let cells = |at: &usize| variables.all.get(*at).map_or(0, |variable| variable.cells.len());
    of.iter().fold(1_usize, |product, at| match cells(at) {
        // Too many to be listed.
        0 => usize::MAX,
        cells => product.saturating_mul(cells),
    })
}

/// The items that share variables, by their places; with counts that lie within each other where that stays small.
fn components(variables: &Variables<'_>, items: &[Item], nested: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..variables.all.len()).collect();
    for item in items {
        for pair in item.variables.windows(2) {
            if let [one, other] = pair {
                join(&mut parent, *one, *other);
            }
        }
    }
    let mut sizes: FxHashMap<usize, usize> = FxHashMap::default();
    for at in 0..variables.all.len() {
        let root = root(&mut parent, at);
        let of_one = size(variables, &[at]);
        sizes.entry(root).and_modify(|product| *product = product.saturating_mul(of_one)).or_insert(of_one);
    }
    for (narrow, wide) in nested {
        let (one, other) = (root(&mut parent, *narrow), root(&mut parent, *wide));
        let together = sizes.get(&one).copied().unwrap_or(1).saturating_mul(sizes.get(&other).copied().unwrap_or(1));
        if one != other && together <= TRIED {
            join(&mut parent, one, other);
            let root = root(&mut parent, one);
            sizes.insert(root, together);
        }
    }
    let mut by_root: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut alone = Vec::new();
    for (at, item) in items.iter().enumerate() {
        match item.variables.first() {
            Some(first) => by_root.entry(root(&mut parent, *first)).or_default().push(at),
            None => alone.push(vec![at]),
        }
    }
    by_root.into_values().chain(alone).collect()
}

fn root(parent: &mut [usize], of: usize) -> usize {
    let mut at = of;
    while let Some(next) = parent.get(at).copied().filter(|next| *next != at) {
        let above = parent.get(next).copied().unwrap_or(next);
        if let Some(slot) = parent.get_mut(at) {
            *slot = above;
        }
        at = above;
    }
    at
}

fn join(parent: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(parent, one), root(parent, other));
    if let Some(slot) = parent.get_mut(one.max(other)) {
        *slot = one.min(other);
    }
}

/// What is tried together.
struct Part {
    variables: Vec<usize>,
    rules: Vec<usize>,
    routes: bool,
    untried: bool,
}

/// One part where it is small enough, else several.
fn parts(variables: &Variables<'_>, members: &[&Item]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for item in members {
        let untried = size(variables, &item.variables) > TRIED;
        let together = |part: &Part| -> Vec<usize> {
            let mut all = part.variables.clone();
            all.extend(&item.variables);
            all.sort_unstable();
            all.dedup();
            all
        };
        let fits = |part: &&mut Part| {
            let size = size(variables, &together(part));
            !part.untried && size <= TRIED && size.saturating_mul(part.rules.len() + 1) <= JUDGED
        };
        let part = if untried { None } else { parts.iter_mut().rev().take(8).find(fits) };
        match part {
            Some(part) => {
                part.variables = together(part);
                part.rules.extend(item.rule);
                part.routes |= item.rule.is_none();
            }
            None => parts.push(Part {
                variables: if untried { Vec::new() } else { item.variables.clone() },
                rules: item.rule.into_iter().collect(),
                routes: item.rule.is_none() && !untried,
                untried,
            }),
        }
    }
    parts
}

fn tried(variables: &Variables<'_>, rules: &[Giver], nested: &[(usize, usize)], part: &Part, route: &[usize]) -> Group {
    let members: Vec<&Giver> = part.rules.iter().filter_map(|at| rules.get(*at)).collect();
    let mut layers: Vec<usize> = members.iter().map(|rule| rule.layer).collect();
    layers.sort_unstable();
    layers.dedup();
    let mut group = Group {
        variables: part.variables.clone(),
        rules: part.rules.clone(),
        layers,
        outcomes: Vec::new(),
        routes: part.routes,
        untried: part.untried,
    };
    if part.untried {
        group.outcomes = all_or_nothing(&group, &members);
        return group;
    }
    let inside: Vec<(usize, usize)> = nested
        .iter()
        .filter(|(narrow, wide)| group.variables.contains(narrow) && group.variables.contains(wide))
        .copied()
        .collect();
    let asked: &[usize] = if part.routes { route } else { &[] };
    let sizes: Vec<usize> =
        group.variables.iter().map(|at| variables.all.get(*at).map_or(0, |variable| variable.cells.len())).collect();
    let mut seen: FxHashSet<(Vec<Given>, Vec<Truth>)> = FxHashSet::default();
    let mut cells = vec![0; sizes.len()];
    let mut all = vec![0; variables.all.len()];
    loop {
        for (variable, cell) in group.variables.iter().zip(&cells) {
            if let Some(slot) = all.get_mut(*variable) {
                *slot = *cell;
            }
        }
        if inside.iter().all(|(narrow, wide)| fits_in(variables, &all, *narrow, *wide)) {
            let given: Vec<Given> = members.iter().map(|rule| rule.gives(variables, &all)).collect();
            let answers =
                asked.iter().flat_map(|at| answers(variables, *at, all.get(*at).copied().unwrap_or(0))).collect();
            let fired = given.iter().map(|given| given.2).collect();
            let sums = summed(&group.layers, &members, &given);
            if seen.insert((given, answers)) {
                group.outcomes.push(Outcome { cells: cells.clone(), fired, sums });
            }
        }
        if !next(&mut cells, &sizes) {
            return group;
        }
    }
}

/// All that a variable's cell says.
fn answers<'v>(variables: &'v Variables<'_>, at: usize, cell: usize) -> impl Iterator<Item = Truth> + 'v {
    let tests = variables.all.get(at).map_or(0, |variable| variable.tests.len());
    // Whether an observation is fresh has no test.
    let fresh = (tests == 0).then_some(Some(cell != 0));
    (0..tests).map(move |test| variables.truth(at, test, cell)).chain(fresh)
}

fn summed(layers: &[usize], members: &[&Giver], given: &[Given]) -> Vec<(i64, i64)> {
    let of_layer = |layer: &usize| {
        members
            .iter()
            .zip(given)
            .filter(|(rule, _)| rule.layer == *layer)
            .fold((0_i64, 0_i64), |sum, (_, given)| (sum.0.saturating_add(given.0), sum.1.saturating_add(given.1)))
    };
    layers.iter().map(of_layer).collect()
}

fn all_or_nothing(group: &Group, members: &[&Giver]) -> Vec<Outcome> {
    let most = |rule: &&Giver| match rule.form {
        Form::When(_) => rule.points,
        Form::Each { cap, .. } => cap,
    };
    let given: Vec<Given> = members
        .iter()
        .map(|rule| {
            let most = most(rule);
            let least = if matches!(rule.form, Form::Each { .. }) || rule.fades { 0 } else { most };
            (least.min(most), least.max(most), true)
        })
        .collect();
    let outcome = |given: &[Given]| Outcome {
        cells: Vec::new(),
        fired: given.iter().map(|given| given.2).collect(),
        sums: summed(&group.layers, members, given),
    };
    vec![outcome(&vec![(0, 0, false); members.len()]), outcome(&given)]
}

/// Whether the one has not happened more often than the other, which counts it as well.
fn fits_in(variables: &Variables<'_>, cells: &[usize], narrow: usize, wide: usize) -> bool {
    let times = |at: usize| match variables.all.get(at)?.cells.get(*cells.get(at)?)? {
        Cell::Times { low, high, .. } => Some((*low, *high)),
        _ => None,
    };
    match (times(narrow), times(wide)) {
        (Some((least, _)), Some((_, Some(most)))) => least <= most,
        _ => true,
    }
}

/// The next combination; false after the last one.
pub(super) fn next(cells: &mut [usize], sizes: &[usize]) -> bool {
    for (cell, size) in cells.iter_mut().zip(sizes) {
        *cell += 1;
        if *cell < *size {
            return true;
        }
        *cell = 0;
    }
    false
}

/// Whether more of a number never takes points away, and whether it never gives any, whatever the other facts of the group.
pub(super) fn moves(variables: &Variables<'_>, rules: &[Giver], group: &Group, number: usize) -> (bool, bool) {
    let members: Vec<&Giver> = group.rules.iter().filter_map(|at| rules.get(*at)).collect();
    let numbers: Vec<usize> = variables.all.get(number).map_or_else(Vec::new, |variable| {
        let is_number = |cell: &Cell<'_>| matches!(cell, Cell::Number(_));
        variable.cells.iter().enumerate().filter(|(_, cell)| is_number(cell)).map(|(at, _)| at).collect()
    });
    let others: Vec<usize> = group.variables.iter().copied().filter(|at| *at != number).collect();
    let sizes: Vec<usize> =
        others.iter().map(|at| variables.all.get(*at).map_or(0, |variable| variable.cells.len())).collect();
    let (mut rises, mut falls) = (true, true);
    let mut cells = vec![0; sizes.len()];
    let mut all = vec![0; variables.all.len()];
    loop {
        for (variable, cell) in others.iter().zip(&cells) {
            if let Some(slot) = all.get_mut(*variable) {
                *slot = *cell;
            }
        }
        let mut before: Option<Vec<(i64, i64)>> = None;
        for cell in &numbers {
            if let Some(slot) = all.get_mut(number) {
                *slot = *cell;
            }
            let given: Vec<Given> = members.iter().map(|rule| rule.gives(variables, &all)).collect();
            let sums = summed(&group.layers, &members, &given);
            if let Some(before) = &before {
                rises &= before.iter().zip(&sums).all(|(before, now)| before.0 <= now.0 && before.1 <= now.1);
                falls &= before.iter().zip(&sums).all(|(before, now)| before.0 >= now.0 && before.1 >= now.1);
            }
            before = Some(sums);
        }
        if !next(&mut cells, &sizes) {
            return (rises, falls);
        }
    }
}
