//! Forecasts of deals whose truth is known: stages win as often as they do, what is not known is not made up, and months add up.

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use compiler::program::{EntityId, FieldId, FieldPath, Fixed, Program, Value};
    use foresight::forecast::{Foretold, RARER, foretell};
    use foresight::statistics::Random;
    use jiff::Timestamp;
    use runtime::crm::Crm;

    const TEXT: &str = "client \"Deals\" {\n  currency NZD\n  timezone \"UTC\"\n}\n\nuse std.crm\n\n\
        forecast deal.probability from deal.stage learn from deal.won, deal.lost\n";

    fn program() -> Arc<Program> {
        let compiled = compiler::compile::compile_text("deals.playbook", TEXT);
        let found: Vec<String> = compiled.diagnostics.iter().map(|found| found.headline.to_string()).collect();
        Arc::new(compiled.program.unwrap_or_else(|| panic!("{found:?}")))
    }

    fn path(program: &Program, deal: EntityId, name: &str) -> FieldPath {
        let fields = &program.entities[deal.index()].fields;
        let place = fields.iter().position(|field| field.name == name).unwrap();
        FieldPath { entity: deal, relations: Vec::new(), field: FieldId(u32::try_from(place).unwrap()) }
    }

    fn now() -> Timestamp {
        "2026-11-20T09:00:00Z".parse().unwrap()
    }

    /// So many decided deals, of which the named stages win with their chances; and two open ones of each.
    fn foretold(decided: usize, stages: &[(&str, f64)]) -> Foretold {
        let program = program();
        let crm = Crm::open_in_memory(&program).unwrap();
        let deal = program.entity("Deal").unwrap();
        let mut random = Random::new(7);
        let give = |record, name: &str, value: Value| {
            crm.give(&program, record, (deal, path(&program, deal, name).field), &value).unwrap();
        };
        let day = |day: i64| Value::Number(Fixed((now().as_second() - day * 86_400) * 1_000_000));
        for number in 0..decided + 2 * stages.len() {
            let record = crm.make(&program, deal).unwrap();
            let (stage, chance) = stages[number % stages.len()];
            let is_open = number >= decided;
            give(record, "stage", Value::Text(stage.into()));
            give(record, "created", day(400 - i64::try_from(number).unwrap() % 300));
            give(record, "value", Value::Number(Fixed::from_integer(1_000)));
            let status = if is_open {
                "open"
            } else if random.unit() < chance {
                "won"
            } else {
                "lost"
            };
            give(record, "status", Value::Text(status.into()));
            if status == "won" {
                let date = (now().as_second() / 86_400 - 30) * 86_400;
                give(record, "won_date", Value::Number(Fixed(date * 1_000_000)));
            }
        }
        foretell(&crm, &program, &program.forecasts[0], now(), 1).unwrap()
    }

    #[test]
    fn stages_win_as_often_as_they_do() {
        let foretold = foretold(600, &[("discovery", 0.1), ("proposal", 0.6)]);
        let chance = |stage: &str| foretold.open.iter().find(|open| open.facts[0].1 == stage).unwrap().chance;
        assert!((chance("proposal") - 0.6).abs() < 0.08, "{}", chance("proposal"));
        assert!((chance("discovery") - 0.1).abs() < 0.05, "{}", chance("discovery"));
        assert!(foretold.auc.interval.unwrap().low > 0.6, "{:?}", foretold.auc);
        let (own, common) = foretold.brier.unwrap();
        assert!(own < common, "{own} {common}");
        assert_eq!(foretold.common, None);
    }

    #[test]
    fn what_tells_nothing_is_not_made_to_tell() {
        let foretold = foretold(600, &[("red", 0.3), ("blue", 0.3)]);
        for open in &foretold.open {
            assert!((open.chance - 0.3).abs() < 0.08, "{open:?}");
        }
    }

    #[test]
    fn with_too_few_decided_everybody_has_the_common_share_and_it_is_said() {
        let foretold = foretold(12, &[("discovery", 0.1), ("proposal", 0.6)]);
        let why = foretold.common.unwrap();
        assert!(why.contains(&format!("{RARER} of each are wanted")), "{why}");
        let first = foretold.open[0].chance;
        assert!(foretold.open.iter().all(|open| (open.chance - first).abs() < 1e-12));
    }

    #[test]
    fn months_add_up_to_what_is_expected_of_all() {
        let foretold = foretold(600, &[("discovery", 0.1), ("proposal", 0.6)]);
        let of_each: f64 = foretold.open.iter().map(|open| open.chance * open.worth.unwrap()).sum();
        let of_months: f64 = foretold.months.iter().map(|month| month.expected).sum();
        assert!((of_each - of_months).abs() < 0.08 * of_each, "{of_each} {of_months}");
        for month in &foretold.months {
            assert!(month.interval.low <= month.expected && month.expected <= month.interval.high.max(month.expected));
            assert!(month.month.as_str() >= "2026-11", "{month:?}");
        }
    }
}
