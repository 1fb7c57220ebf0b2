//! Forecasts of deals whose truth is known: stages win as often as they do, what is not known is not made up, and months add up.

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use compiler::program::{EntityId, FieldId, FieldPath, Fixed, Program, Value};
    use foresight::forecast::{DECIDED, Foretold, RARER, foretell};
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
        let chance = |stage: &str| foretold.open.iter().find(|open| open.facts[0].1 == stage).unwrap().chance.unwrap();
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
            assert!((open.chance.unwrap() - 0.3).abs() < 0.08, "{open:?}");
        }
    }

    #[test]
    fn with_too_few_decided_everybody_has_the_common_share_and_it_is_said() {
        let foretold = foretold(12, &[("discovery", 0.1), ("proposal", 0.6)]);
        let why = foretold.common.unwrap();
        assert!(why.contains(&format!("{RARER} of each are wanted")), "{why}");
        let first = foretold.open[0].chance.unwrap();
        assert!(foretold.open.iter().all(|open| (open.chance.unwrap() - first).abs() < 1e-12));
    }

    #[test]
    fn of_hardly_anything_nothing_is_foretold_and_no_money_adds_up() {
        for (decided, said) in [(0, "nothing is decided yet"), (4, "are too few to foretell anything from")] {
            let foretold = foretold(decided, &[("discovery", 0.5), ("proposal", 0.5)]);
            assert!(foretold.too_little.as_ref().unwrap().contains(said), "{:?}", foretold.too_little);
            assert!(foretold.months.is_empty() && foretold.open.iter().all(|open| open.chance.is_none()));
        }
        let all_lost = foretold(usize::try_from(2 * DECIDED).unwrap(), &[("discovery", 0.0)]);
        let why = all_lost.too_little.unwrap();
        assert!(why.contains("from one outcome alone nothing is foretold"), "{why}");
    }

    #[test]
    fn a_word_that_is_written_with_the_outcome_tells_nothing() {
        // The stage of a decided deal is overwritten when it closes, as CRMs do: nothing that is open has these words.
        let foretold = closing(200, 0.4);
        assert_eq!(foretold.remarks.len(), 3, "{:?}", foretold.remarks);
        assert!(foretold.remarks[0].contains("nobody knows when they were"), "{:?}", foretold.remarks);
        assert!(foretold.remarks[1].contains("is `closed lost` for lost ones alone"), "{:?}", foretold.remarks);
        for open in &foretold.open {
            assert!((open.chance.unwrap() - 0.4).abs() < 0.08, "{open:?}");
        }
        assert!(foretold.auc.value.is_none_or(|auc| auc < 0.6), "{:?}", foretold.auc);
    }

    /// Decided deals whose stage says what came of them, and two open ones with the stage that they are in.
    fn closing(decided: usize, chance: f64) -> Foretold {
        let program = program();
        let crm = Crm::open_in_memory(&program).unwrap();
        let deal = program.entity("Deal").unwrap();
        let mut random = Random::new(11);
        for number in 0..decided + 2 {
            let record = crm.make(&program, deal).unwrap();
            let give = |name: &str, value: Value| {
                crm.give(&program, record, (deal, path(&program, deal, name).field), &value).unwrap();
            };
            let (status, stage) = match (number < decided, random.unit() < chance) {
                (false, _) => ("open", "proposal"),
                (true, true) => ("won", "closed won"),
                (true, false) => ("lost", "closed lost"),
            };
            give("stage", Value::Text(stage.into()));
            give("status", Value::Text(status.into()));
            give("value", Value::Number(Fixed::from_integer(1_000)));
        }
        let foretold = foretell(&crm, &program, &program.forecasts[0], now(), 1).unwrap();
        // Nobody knows when any of them would close: no month is made up.
        assert_eq!((foretold.months.len(), foretold.undated), (0, 2));
        foretold
    }

    #[test]
    fn months_add_up_to_what_is_expected_of_all() {
        let foretold = foretold(600, &[("discovery", 0.1), ("proposal", 0.6)]);
        let of_each: f64 = foretold.open.iter().map(|open| open.chance.unwrap() * open.worth.unwrap()).sum();
        let of_months: f64 = foretold.months.iter().map(|month| month.expected).sum();
        assert!((of_each - of_months).abs() < 0.08 * of_each, "{of_each} {of_months}");
        for month in &foretold.months {
            assert!(month.interval.low <= month.expected && month.expected <= month.interval.high.max(month.expected));
            assert!(month.month.as_str() >= "2026-11", "{month:?}");
        }
    }
}
