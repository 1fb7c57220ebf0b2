//! Typical mistakes of a new consultant, each made in the Stackmates playbook: what the compiler says has to be enough to mend them.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails, and reads its fixtures"
)]

use std::path::{Path, PathBuf};

use compiler::compile::{Compiled, Input, compile};
use compiler::diagnostics::draw::{Options, draw};
use compiler::diagnostics::{Severity, SourceText};
use compiler::modules::NoModules;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../playbooks/stackmates")
}

/// The client's files; in each, `from` is written `to`.
fn files(change: Option<(&str, &str)>) -> Vec<SourceText> {
    let entries =
        std::fs::read_dir(folder()).expect("the playbook is there").map(|entry| entry.expect("it can be read").path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "playbook")).collect();
    paths.sort();
    let mut changed = 0;
    let files = paths.iter().map(|path| {
        let mut text = std::fs::read_to_string(path).expect("the file can be read");
        if let Some((from, to)) = change {
            changed += text.matches(from).count();
            text = text.replace(from, to);
        }
        SourceText {
            name: path.file_name().expect("it has a name").to_string_lossy().as_ref().into(),
            text: text.into(),
        }
    });
    let files = files.collect();
    if let Some((from, _)) = change {
        assert_eq!(changed, 1, "the playbook has to have exactly one place with {from}");
    }
    files
}

fn compiled(change: Option<(&str, &str)>) -> Compiled {
    compile(&Input { files: files(change), asked: Vec::new() }, &NoModules)
}

/// What is drawn of the mistake, without notes.
fn mistake(from: &str, to: &str) -> String {
    let compiled = compiled(Some((from, to)));
    let found: Vec<_> = compiled.diagnostics.into_iter().filter(|found| found.severity != Severity::Note).collect();
    assert!(!found.is_empty(), "nobody noticed");
    draw(&compiled.files, &found, Options::default())
}

macro_rules! mistakes {
    ($($name:ident: $from:expr => $to:expr;)*) => {$(
        #[test]
        fn $name() {
            insta::with_settings!({ snapshot_path => "mistakes", prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(stringify!($name), mistake($from, $to));
            });
        }
    )*};
}

#[test]
fn without_a_mistake_it_compiles() {
    let compiled = compiled(None);
    let drawn = draw(&compiled.files, &compiled.diagnostics, Options::default());
    assert_eq!(compiled.count(Severity::Error) + compiled.count(Severity::Warning), 0, "{drawn}");
}

mistakes! {
    a_misspelt_field: "+35 when company.industry is one" => "+35 when company.indutsry is one";
    a_missing_brace: "because \"writes, not nods\"\n  }" => "because \"writes, not nods\"\n";
    weights_of_95_percent: "layer investment weight 25%" => "layer investment weight 20%";
    an_equals_sign: "cold when company.industry is agency " => "cold when company.industry = agency ";
    quotes_left_out: "+30 when any page.viewed where path is \"/pricing\"" => "+30 when any page.viewed where path is /pricing";
    words_for_a_text: "because \"the trades we serve\"" => "because the trades we serve";
    another_currency: "+25 when company.employees is from 20 to 250 " => "+25 when company.annual_revenue > AUD 2M ";
    and_beside_or: "hot  when icp >= 70 and investment >= 50" => "hot  when icp >= 70 and investment >= 50 or psychologic >= 80";
    a_misspelt_layer: "icp >= 70 and investment >= 50" => "icp >= 70 and invesment >= 50";
    typographic_quotes: "because \"answers fast\"" => "because „answers fast“";
    a_threshold_out_of_reach: "hot  when icp >= 70 and investment >= 50" => "hot  when icp >= 120 and investment >= 50";
    an_unknown_event: "when any content.downloaded" => "when any content.download";
    a_wrong_unit: "median reply.delay < 24 hours" => "median reply.delay < 24";
    a_word_of_another_language: "+25 when median reply.delay" => "+25 if median reply.delay";
    a_number_in_quotes: "company.employees is from 20 to 250" => "company.employees is from \"20\" to 250";
    a_value_that_is_not_listed: "is one of [construction, solar_epc]" => "is one of [contruction, solar_epc]";
    a_percent_sign_left_out: "layer firmographic weight 20%" => "layer firmographic weight 20";
    a_route_in_the_wrong_order: "    warm when icp >= 45\n" => "    warm when icp >= 45\n    lukewarm when icp >= 60\n";
    no_last_line_in_a_route: "    cold otherwise\n" => "";
    a_brace_too_many: "because \"writes, not nods\"\n  }\n" => "because \"writes, not nods\"\n  }\n  }\n";
    a_rule_outside_its_layer: "    +35 when company.industry" => "+35 when company.industry";
    a_closing_quote_left_out: "because \"the trades we serve\"" => "because \"the trades we serve";
    points_without_a_sign: "+35 when company.industry" => "35 when company.industry";
    no_cap_on_each: "in the last 30 days, up to 30 " => "in the last 30 days ";
    phrases_that_nobody_declares: "mentions bid_pain" => "mentions bid_pains";
    a_capital_letter: "+30 when any meeting.attended" => "+30 When any meeting.attended";
    scored_opens: "any content.downloaded in the last 30 days " => "any email.opened in the last 30 days ";
    a_client_without_its_closing_quote: "client \"Stackmates\" {" => "client \"Stackmates {";
    a_client_without_quotes: "client \"Stackmates\" {" => "client Stackmates {";
    a_layer_without_its_opening_brace: "layer investment weight 25% {" => "layer investment weight 25%";
    a_score_without_its_header: "score icp for Contact {\n" => "";
    an_indented_score: "score icp for Contact {" => "  score icp for Contact {";
    a_blank_before_a_percent_sign: "layer firmographic weight 20%" => "layer firmographic weight 20 %";
    between_for_a_range: "company.employees is from 20 to 250" => "company.employees is between 20 and 250";
    points_with_a_decimal_comma: "+35 when company.industry" => "+3,5 when company.industry";
    a_thousands_separator: "median reply.delay < 24 hours" => "average reply.words > 1,000";
    a_window_without_in_the: "where path is \"/pricing\" in the last 14 days" => "where path is \"/pricing\" last 14 days";
    a_list_without_commas: "is one of [NZ, AU]" => "is one of [NZ AU]";
    no_comma_before_up_to: "in the last 30 days, up to 30" => "in the last 30 days up to 30";
    an_equals_sign_before_one_of: "company.country is one of [NZ, AU]" => "company.country = one of [NZ, AU]";
    a_word_written_twice: "+25 when median reply.delay" => "+25 when when median reply.delay";
    a_cap_behind_when: "+15 each email.clicked" => "+15 when email.clicked";
}
