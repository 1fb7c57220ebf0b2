//! Experiments from outside: what is known of arms, and who gets which, beside a textbook sampler.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod choosing;
#[cfg(test)]
mod known;
#[cfg(test)]
mod regret;

#[cfg(test)]
mod stand {
    use compiler::program::{Choice, Experiment, Fixed, Origin, Period, Stop};
    use language::syntax::DurationUnit;
    use runtime::experiments::{Arm, Standing};
    use runtime::metrics::statistics::Share;

    /// Three channels, ten days to answer, nothing else asked for.
    pub(crate) fn experiment(choose: Choice) -> Experiment {
        Experiment {
            name: "mix".into(),
            arms: vec!["email".into(), "linkedin".into(), "phone".into()],
            of: compiler::program::ArmKind::Channels,
            choose,
            at_least: None,
            hold_out: None,
            half_life: None,
            stop: None,
            success: compiler::program::EventId(0),
            within: Some(Period { amount: 10, unit: DurationUnit::Day, business: false }),
            origin: Origin::default(),
        }
    }

    pub(crate) fn percent(value: i64) -> Option<Fixed> {
        Some(Fixed::from_integer(value))
    }

    pub(crate) fn stop(probability: i64, after: u32) -> Option<Stop> {
        Some(Stop { probability: Fixed::from_integer(probability), after })
    }

    /// `(successes, closed, open)` of each arm.
    pub(crate) fn standing(experiment: &Experiment, arms: &[(u64, u64, u64)]) -> Standing {
        let arms = experiment.arms.iter().zip(arms).map(|(name, &(hits, of, open))| {
            let (good, bad) = (float(hits), float(of - hits));
            Arm { name: name.clone(), open, closed: Share::new(hits, of), good, bad }
        });
        let nobody = Share::new(0, 0);
        Standing { arms: arms.collect(), chosen: nobody, held_out: nobody, settled: None }
    }

    pub(crate) fn float(count: u64) -> f64 {
        runtime::metrics::statistics::float(count)
    }
}
