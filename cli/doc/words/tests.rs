//! Each condition of a card in words, beside how it is written.

use compiler::compile::{Compiled, compile_text};
use compiler::program::RuleForm;

use super::*;

/// The card's conditions, as written and in words; and the contrary of each.
fn conditions(rules: &[&str]) -> Vec<(String, String, String)> {
    let rules: Vec<String> = rules.iter().map(|rule| format!("  +1 when {rule}\n")).collect();
    let text = format!(
        "client \"A\" {{\n  currency NZD\n  timezone \"Pacific/Auckland\"\n}}\n\nuse std.crm\n\nextend Contact {{\n  symptoms: list of text?\n  \
         owner_of_house: yes/no?\n  income: money?\n}}\n\nphrases bid_pain {{ \"tender deadline\" }}\n\nfact velocity of Contact is count of \
         [email.clicked, reply.received] in the last 7 days\n\nscore s for Contact {{\n{}}}\n",
        rules.concat()
    );
    let Compiled { program, diagnostics, .. } = compile_text("a.playbook", &text);
    let program = program.unwrap_or_else(|| panic!("{diagnostics:#?}"));
    let words = Words { program: &program };
    let rules = program.scores.iter().flat_map(|score| &score.layers).flat_map(|layer| &layer.rules);
    rules
        .map(|rule| match &rule.form {
            RuleForm::When(condition) => {
                (rule.words.to_string(), words.condition(condition, false), words.condition(condition, true))
            }
            RuleForm::Each { .. } => panic!("{} is no condition", rule.words),
        })
        .collect()
}

#[test]
fn conditions_read_as_sentences() {
    let expected = [
        ("company.employees is from 20 to 250", "the company’s employees are from 20 to 250"),
        ("company.industry is one of [construction, solar_epc]", "the company’s industry is construction or solar epc"),
        ("income >= NZD 50k", "income is at least NZD 50,000"),
        (
            "median reply.delay < 90 minutes in the last 60 days",
            "the median delay of reply received in the last 60 days is under 90 minutes",
        ),
        (
            "any page.viewed where path starts \"/hrv\" in the last 7 days",
            "page viewed in the last 7 days, where path starts with “/hrv”",
        ),
        ("at least 3 meeting.attended in the last 2 months", "meeting attended at least 3 times in the last 2 months"),
        ("no email.clicked in the last 30 days", "no email clicked in the last 30 days"),
        ("exactly 2 meeting.booked", "meeting booked exactly 2 times"),
        ("any conversation mentions bid_pain", "a conversation has words of “bid pain”"),
        ("symptoms has any of [\"mould\", \"Damp\"]", "symptoms include any of “Damp”, mould"),
        ("owner_of_house is yes and phone is known", "owner of house is yes and phone is known"),
        (
            "city is \"Hamilton\" or (country is NZ and not owner_of_house is yes)",
            "city is “Hamilton” or (country is NZ and owner of house is no)",
        ),
        ("velocity > 3", "velocity is over 3"),
    ];
    let said = conditions(&expected.map(|(written, _)| written));
    for ((written, expected), (_, words, _)) in expected.iter().zip(&said) {
        assert_eq!(words, expected, "{written}");
    }
    assert_eq!(said.len(), expected.len());
}

#[test]
fn contraries_say_the_contrary() {
    let expected = [
        ("income >= NZD 50k", "income is under NZD 50,000"),
        ("no email.clicked in the last 30 days", "email clicked in the last 30 days"),
        ("at least 3 meeting.attended", "meeting attended fewer than 3 times"),
        ("symptoms has none of [\"mould\", \"damp\"]", "symptoms include any of damp, mould"),
        ("phone is known and city is missing", "phone is not known or city is known"),
    ];
    let said = conditions(&expected.map(|(written, _)| written));
    for ((written, expected), (_, _, contrary)) in expected.iter().zip(&said) {
        assert_eq!(contrary, expected, "{written}");
    }
}

#[test]
fn numbers_are_parted_by_thousands() {
    let written = |text: &str| number(text.parse().unwrap());
    assert_eq!([written("50000"), written("-1234.5"), written("0.25")], ["50,000", "−1,234.5", "0.25"]);
    assert_eq!([points(Fixed::from_integer(15)), points(Fixed::from_integer(-30))], ["+15", "−30"]);
}
