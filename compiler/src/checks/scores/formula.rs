//! Conditions over variables: true, false or unknown (Kleene 1952, §64) in each combination of cells.

use super::variable::Variables;

/// None is unknown.
pub(crate) type Truth = Option<bool>;

/// A condition.
#[derive(Clone, Debug)]
pub(crate) enum Formula {
    Constant(Truth),
    /// A test of a variable, by their places.
    Atom {
        variable: usize,
        test: usize,
    },
    Not(Box<Formula>),
    All(Vec<Formula>),
    Any(Vec<Formula>),
    /// Unknown where the variable says that it is stale.
    Fresh {
        variable: usize,
        of: Box<Formula>,
    },
}

impl Formula {
    /// In these cells, one for each variable.
    pub(crate) fn truth(&self, variables: &Variables<'_>, cells: &[usize]) -> Truth {
        let cell = |variable: &usize| cells.get(*variable).copied().unwrap_or(0);
        match self {
            Self::Constant(truth) => *truth,
            Self::Atom { variable, test } => variables.truth(*variable, *test, cell(variable)),
            Self::Not(inner) => inner.truth(variables, cells).map(|holds| !holds),
            Self::All(parts) => joined(parts.iter().map(|part| part.truth(variables, cells)), false),
            Self::Any(parts) => joined(parts.iter().map(|part| part.truth(variables, cells)), true),
            Self::Fresh { variable, of } => {
                // The first cell is the stale one.
                if cell(variable) == 0 { None } else { of.truth(variables, cells) }
            }
        }
    }

    /// The variables in it.
    pub(crate) fn variables(&self, into: &mut Vec<usize>) {
        match self {
            Self::Constant(_) => {}
            Self::Atom { variable, .. } => into.push(*variable),
            Self::Not(inner) => inner.variables(into),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.variables(into)),
            Self::Fresh { variable, of } => {
                into.push(*variable);
                of.variables(into);
            }
        }
    }
}

/// `and`, or, where `any`, `or`: unknown unless a part decides.
pub(crate) fn joined(parts: impl Iterator<Item = Truth>, any: bool) -> Truth {
    let mut unknown = false;
    for part in parts {
        match part {
            Some(holds) if holds == any => return Some(any),
            Some(_) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(!any)
}
