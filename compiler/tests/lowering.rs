//! What playbooks mean: small texts and the conditions, scores, sources and tests that they become.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and reads the playbooks of the repository"
)]

mod support;

use std::path::{Path, PathBuf};

use compiler::compile::{Compiled, Input, compile};
use compiler::diagnostics::{Severity, SourceText};
use compiler::modules::Texts;
use compiler::program::{
    Arithmetic, Asked, Certainty, Comparison, Condition, ExpectationKind, FactValue, Fixed, LabelId, MappingTarget,
    Meaning, Program, RuleForm, Target, Term, TextTerm, Type, Value, Which,
};

/// The Program of a text that has to be free of errors.
#[track_caller]
fn program(text: &str) -> Program {
    let compiled = support::compiled("test.playbook", text, &[]);
    compiled.program.clone().unwrap_or_else(|| panic!("{}", support::drawn(&compiled)))
}

/// The condition of the only rule of the only score, after `use std.crm`.
#[track_caller]
fn condition(rule: &str, before: &str) -> (Program, Condition) {
    let text = format!(
        "client \"Acme\" {{\n  currency NZD\n  timezone \"Pacific/Auckland\"\n}}\nuse std.crm\n{before}\nscore fit for Contact {{\n  +10 when {rule} because \"…\"\n}}\n"
    );
    let program = program(&text);
    let RuleForm::When(condition) = program.scores.last().unwrap().layers[0].rules[0].form.clone() else {
        panic!("not a `when`")
    };
    (program, condition)
}

/// A field's place by its path, `company.industry`.
fn named(program: &Program, term: &TextTerm) -> String {
    match term {
        TextTerm::Field(path) => program.path_name(path),
        TextTerm::EventField(name) => format!("event's {name}"),
        TextTerm::Latest(aggregate) => format!("latest {}", aggregate.field.clone().unwrap()),
    }
}

fn constant(number: &str) -> Term {
    Term::Constant(number.parse().unwrap())
}

#[test]
fn words_are_sorted_each_once() {
    let (program, found) = condition("company.industry is one of [solar_epc, construction, solar_epc]", "");
    let Condition::OneOf { term, values } = found else { panic!("{found:?}") };
    assert_eq!(named(&program, &term), "company.industry");
    assert_eq!(values, ["construction", "solar_epc"]);
    let (_, or) = condition("company.industry is construction or solar_epc", "");
    assert!(matches!(or, Condition::OneOf { values, .. } if values == ["construction", "solar_epc"]));
}

#[test]
fn a_text_is_a_word_a_text_or_another_field() {
    let (_, word) = condition("country is NZ", "");
    let (_, text) = condition("country is \"NZ\"", "");
    assert_eq!(word, text);
    let (_, field) = condition("country is not company.country", "");
    assert!(matches!(field, Condition::Not(inner) if matches!(*inner, Condition::Same { .. })));
    // A layer, a fact or a score is no text, so beside a text its name is a word.
    let (_, word) = condition("lead_source is speed", "fact speed of Contact is 3 > 2");
    assert!(matches!(word, Condition::OneOf { values, .. } if values == ["speed"]));
}

#[test]
fn numbers_are_compared_and_equal() {
    let (_, found) = condition("company.employees is not 20", "");
    let Condition::Compare { operator, right, .. } = found else { panic!("{found:?}") };
    assert_eq!((operator, right), (Comparison::NotEqual, constant("20")));
    let (_, found) = condition("company.employees is 20 or 30", "");
    assert!(matches!(found, Condition::Any(parts) if parts.len() == 2));
    let (_, found) = condition("company.employees is not from 20 to 30", "");
    assert!(matches!(found, Condition::Not(inner) if matches!(*inner, Condition::Between { .. })));
}

#[test]
fn yes_and_no_are_one_condition_and_its_denial() {
    let extend = "extend Contact { home_owner: yes/no? }";
    let (_, yes) = condition("home_owner is yes", extend);
    assert!(matches!(yes, Condition::Yes(_)));
    for denied in ["home_owner is no", "home_owner is not yes"] {
        assert_eq!(condition(denied, extend).1, Condition::Not(Box::new(yes.clone())), "{denied}");
    }
    assert_eq!(condition("home_owner is not no", extend).1, yes);
}

#[test]
fn units_become_seconds_and_instants() {
    let right = |rule: &str| match condition(rule, "").1 {
        Condition::Compare { right, .. } => right,
        other => panic!("{other:?}"),
    };
    assert_eq!(right("median reply.delay < 24 hours"), constant("86400"));
    assert_eq!(right("median reply.delay < 1.5 minutes"), constant("90"));
    assert_eq!(right("median reply.delay < 2 days + 1 hour"), constant("176400"));
    // 2026-03-01 09:00 in Auckland is 2026-02-28 20:00 UTC.
    assert_eq!(right("last_activity > 2026-03-01 09:00"), constant("1772308800"));
    let text = "use std.crm\nscore soon for Deal { +1 when close_date > 2026-03-01 because \"…\" }\n";
    let RuleForm::When(Condition::Compare { right, .. }) = program(text).scores[0].layers[0].rules[0].form.clone()
    else {
        panic!()
    };
    assert_eq!(right, constant("1772323200"), "a day is its midnight, in no zone");
}

#[test]
fn a_window_goes_to_what_has_none() {
    let (_, found) =
        condition("count of page.viewed in the last 7 days > count of page.viewed in the last 30 days", "");
    let Condition::Compare { left: Term::Aggregate(left), right: Term::Aggregate(right), .. } = found else {
        panic!("{found:?}")
    };
    assert_eq!((left.query.window.unwrap().amount, right.query.window.unwrap().amount), (7, 30));
    let (_, found) = condition("median reply.delay where words > 3 < 24 hours in the last 60 days", "");
    let Condition::Compare { left: Term::Aggregate(median), .. } = found else { panic!("{found:?}") };
    assert_eq!(median.query.window.unwrap().amount, 60);
    assert!(median.query.filter.is_some());
    assert_eq!(median.field.as_deref(), Some("delay"));
}

#[test]
fn freshness_names_the_fields_that_are_read() {
    let (program, found) = condition("company.employees * 2 > 20 known in the last 90 days", "");
    let Condition::Fresh { fields, window, .. } = found else { panic!("{found:?}") };
    assert_eq!(fields.iter().map(|field| program.path_name(field)).collect::<Vec<_>>(), ["company.employees"]);
    assert_eq!(window.amount, 90);
}

#[test]
fn facts_are_written_out() {
    let facts = "fact velocity of Contact is count of [email.clicked, page.viewed] in the last 7 days\nfact quick of Contact is velocity > 3";
    let (program, found) = condition("quick is no", facts);
    let Condition::Not(inner) = found else { panic!("{found:?}") };
    assert!(matches!(*inner, Condition::Compare { left: Term::Aggregate(_), .. }));
    assert_eq!(program.facts.iter().map(|fact| fact.name.as_str()).collect::<Vec<_>>(), ["velocity", "quick"]);
    assert!(matches!(program.facts[0].value, FactValue::Term(_, Type::Number)));
    assert!(matches!(program.facts[1].value, FactValue::Condition(_)));
}

#[test]
fn lists_are_asked_for_words_and_for_each_other() {
    let extend = "extend Contact { tools: list of one of [procore, simpro]? }";
    let (_, found) = condition("tools has none of [simpro, procore]", extend);
    assert!(matches!(found, Condition::Has { which: Which::None, values, .. } if values == ["procore", "simpro"]));
    let (_, found) = condition("needs.stated has all of needs.actual", "");
    assert!(matches!(found, Condition::HasOf { which: Which::All, .. }));
    let (_, found) = condition("needs.stated has speed", "");
    assert!(matches!(found, Condition::Has { which: Which::Any, values, .. } if values == ["speed"]));
}

#[test]
fn events_happen_so_many_times() {
    let bounds = |rule: &str| match condition(rule, "").1 {
        Condition::Happened { at_least, at_most, .. } => (at_least, at_most),
        other => panic!("{other:?}"),
    };
    assert_eq!(bounds("any page.viewed"), (1, None));
    assert_eq!(bounds("no page.viewed in the last 3 days"), (0, Some(0)));
    assert_eq!(bounds("at least 2 page.viewed where path starts \"/\""), (2, None));
    assert_eq!(bounds("at most 2 page.viewed"), (0, Some(2)));
    assert_eq!(bounds("exactly 2 page.viewed"), (2, Some(2)));
}

#[test]
fn arithmetic_keeps_its_order() {
    let (_, found) = condition("company.employees - 3 * 2 > 1", "");
    let Condition::Compare { left: Term::Arithmetic { operator, right, .. }, .. } = found else { panic!("{found:?}") };
    assert_eq!((operator, *right), (Arithmetic::Minus, constant("6")));
}

#[test]
fn a_score_has_layers_rules_and_labels_in_order() {
    let program = program(
        "use std.crm
score icp for Contact fading by half every 2 weeks {
  layer firm weight 40% { +50 when company.employees > 20   because \"large\" }
  layer doing weight 60% fading by half every 3 days once page.viewed is reported {
    +15 each page.viewed
      in the last 30 days, up to 30 because \"curious\"
    -5 when country is not NZ // far
      and city is known because \"far\"
  }
  route {
    cold when company.industry is agency
    hot  when icp >= 30 and firm > 20
    warm when icp.doing >= 20
    cold otherwise
  }
}
",
    );
    let icp = &program.scores[0];
    assert!(icp.weighted);
    assert_eq!(icp.labels, ["hot", "warm", "cold"], "best first, by their last lines");
    assert_eq!(icp.layers[0].half_life, Some(Fixed::from_integer(14 * 86_400)));
    assert_eq!(icp.layers[1].half_life, Some(Fixed::from_integer(3 * 86_400)));
    assert_eq!(icp.layers[1].once, program.event("page.viewed"));
    let rules: Vec<_> =
        icp.layers[1].rules.iter().map(|rule| (rule.id.as_str(), rule.words.as_str(), rule.origin.line)).collect();
    assert_eq!(
        rules,
        [
            ("doing.1", "each page.viewed in the last 30 days, up to 30", 5),
            ("doing.2", "country is not NZ and city is known", 7),
        ]
    );
    assert_eq!(icp.routes[0].label, LabelId(2));
    assert_eq!(icp.routes[3].condition, None);
    assert_eq!(icp.routes[2].words, "icp.doing >= 20");
}

#[test]
fn rules_without_a_layer_are_one_without_a_name() {
    let program = program(
        "use std.crm\nscore fit for Contact {\n  +5 when country is NZ because \"near\"\n  +3 when city is known because \"told\"\n}\n",
    );
    let fit = &program.scores[0];
    assert_eq!((fit.layers.len(), fit.layers[0].name.as_deref(), fit.weighted), (1, None, false));
    assert_eq!(fit.layers[0].rules[1].id, "rule.2");
}

#[test]
fn routes_of_other_scores_are_asked_for() {
    let (program, found) = condition(
        "size is certainly large or small",
        "score size for Contact {\n  +60 when company.employees > 20 because \"many\"\n  route {\n    large when size > 50\n    small otherwise\n  }\n}",
    );
    let size = program.score("size").unwrap();
    let labels = vec![LabelId(0), LabelId(1)];
    assert_eq!(found, Condition::Routed { score: size, labels, certainty: Some(Certainty::Certain) });
}

#[test]
fn a_client_may_say_which_words_a_standard_field_holds() {
    let program = program(
        "use std.crm\nextend Company { industry: one of [a, b] }\nscore fit for Company { +1 when industry is a because \"…\" }\n",
    );
    let company = &program.entities[program.entity("Company").unwrap().index()];
    let industry = company.fields.iter().find(|field| field.name == "industry").unwrap();
    assert_eq!(industry.ty, Type::OneOf(vec!["a".into(), "b".into()]));
    assert!(industry.standard && industry.optional);
}

#[test]
fn columns_are_named_after_fields() {
    let program = program(
        "use std.crm\nextend Contact { Shoe.size: number? }\nscore fit for Contact { +1 when Shoe.size > 40 because \"…\" }\n",
    );
    let contact = &program.entities[program.entity("Contact").unwrap().index()];
    let column = |name: &str| contact.fields.iter().find(|field| field.name == name).unwrap().column.as_str();
    assert_eq!(
        (column("company"), column("needs.stated"), column("Shoe.size")),
        ("company_id", "needs_stated", "shoe_size")
    );
}

#[test]
fn sources_map_columns() {
    let program = program(
        "use std.crm
source leads from csv \"a.csv\", \"b.csv\" into Contact by email {
  signature \"Email\", \"Staff\"
  missing   \"n/a\"
  encoding  \"latin1\"
  email             from \"Email\" or \"E-mail\"
  company           from \"Domains\" split by \";\", lookup Company by domain or create
  company.employees from \"Staff\"
  needs.stated      from \"Needs\" split by \",\", \"none\" means empty, \"?\" means missing
}
source clicks from csv \"c.csv\" into Event by external_id {
  reports     email.clicked, conversation since 2026-03-01
  external_id from \"Id\"
  contact     from \"Who\" lookup Contact by email
  at          from \"When\" as time \"%d/%m/%Y %H:%M\"
  name        from \"What\", \"C\" means email.clicked, others mean missing
  url         from \"Link\"
}
",
    );
    let [.., leads, clicks] = program.sources.as_slice() else { panic!() };
    let contact = program.entity("Contact").unwrap();
    assert!(matches!(leads.target, Target::Records { entity, key: Some(_), existing: false } if entity == contact));
    assert_eq!(leads.encoding.as_deref(), Some("windows-1252"), "as the standard calls it");
    assert!(matches!(leads.mappings[1].target, MappingTarget::Relation { create: true, .. }));
    assert_eq!(leads.mappings[1].conversion.split_by.as_deref(), Some(";"));
    assert!(matches!(leads.mappings[2].target, MappingTarget::RelationField { .. }));
    assert_eq!(leads.mappings[3].conversion.means, [("none".into(), Meaning::Empty), ("?".into(), Meaning::Missing)]);
    assert_eq!(clicks.target, Target::Events { event: None, keyed: true });
    assert_eq!(clicks.reports.len(), 2);
    assert_eq!(clicks.reports[1].event, None);
    let name = clicks.mappings.iter().find(|mapping| mapping.target == MappingTarget::EventName).unwrap();
    assert_eq!(name.conversion.means, [("C".into(), Meaning::Value("email.clicked".into()))]);
    assert_eq!(name.conversion.others, Some(Meaning::Missing));
}

#[test]
fn tests_are_given_and_expect() {
    let program = program(
        "client \"Acme\" {\n  currency NZD\n  timezone \"Pacific/Auckland\"\n}
use std.crm
fact clicks of Contact is count of email.clicked
score icp for Contact {
  layer firm { +50 when company.employees > 20 because \"large\" }
  route {
    hot  when icp >= 40
    cold otherwise
  }
}
test \"all of it\" {
  given now 2026-05-01 09:00
  given contact { company { employees: 80, industry: missing, annual_revenue: NZD 2M }, needs.stated: [speed, \"low price\"] }
  given 3 email.clicked { url: \"/\" }, 2 business days ago
  given conversation \"hello\", 1 day ago
  given silent conversation, page.viewed
  expect icp is certainly hot
  expect firm is 50, could fall to 0
  expect clicks is 3
  expect asks company.industry, page.viewed, conversation
  expect asks nothing
  expect company.employees is 80
  expect country is NZ
}
",
    );
    let test = &program.tests[0];
    assert_eq!(test.now.unwrap().to_string(), "2026-04-30T21:00:00Z");
    let given: Vec<_> = test.fields.iter().map(|(path, value)| (program.path_name(path), value.clone())).collect();
    assert_eq!(
        given,
        [
            ("company.employees".to_owned(), Some(Value::Number("80".parse().unwrap()))),
            ("company.industry".to_owned(), None),
            ("company.annual_revenue".to_owned(), Some(Value::Number("2000000".parse().unwrap()))),
            ("needs.stated".to_owned(), Some(Value::List(vec!["speed".into(), "low price".into()]))),
        ]
    );
    assert_eq!((test.events[0].count, test.events[0].ago.unwrap().business), (3, true));
    assert_eq!(test.silent, [None, program.event("page.viewed")]);
    let words: Vec<_> = test.expectations.iter().map(|expected| expected.words.as_str()).collect();
    assert_eq!(words[0..3], ["icp is certainly hot", "firm is 50, could fall to 0", "clicks is 3"]);
    assert!(matches!(test.expectations[2].kind, ExpectationKind::FactIs { .. }));
    let ExpectationKind::Asks(asked) = &test.expectations[3].kind else { panic!() };
    assert_eq!(asked[1..], [Asked::Event(program.event("page.viewed").unwrap()), Asked::Conversation]);
    assert_eq!(test.expectations[4].kind, ExpectationKind::Asks(Vec::new()));
    assert!(matches!(test.expectations[6].kind, ExpectationKind::Holds(Condition::OneOf { .. })));
}

#[test]
fn the_client_has_hours_over_the_weekend() {
    let program = program(
        "client \"Acme\" {\n  currency JPY\n  timezone \"asia/tokyo\"\n  hours fri to mon, 08:30 to 17:30\n  holidays 2026-12-26, 2026-12-25, 2026-12-26\n}\n",
    );
    assert_eq!(program.client.hours.days, [true, false, false, false, true, true, true]);
    assert_eq!(program.client.timezone, "Asia/Tokyo");
    assert_eq!(program.client.holidays.len(), 2);
}

/// One error brings no others: what is broken keeps its name, and what depends on it is silent.
#[test]
fn an_error_comes_alone() {
    let texts = [
        // A field that could not be read may be the one that is named.
        "use std.crm\nextend Contact {\n  shoe size number\n}\nscore fit for Contact { +1 when shoe_size > 40 because \"…\" }\n",
        // So may a layer, a route, and a fact of an event.
        "use std.crm\nscore fit for Contact {\n  layer near weight { +1 when city is known because \"…\" }\n  route {\n    hot when near > 1\n    cold otherwise\n  }\n}\nscore far for Contact { +1 when fit.near < 1 because \"…\" }\n",
        "use std.crm\nevent quiz.completed { result one of [dry, damp] }\nscore fit for Contact { +1 when any quiz.completed where result is damp because \"…\" }\n",
        // A declaration whose header is broken keeps its name.
        "use std.crm\nphrases pain and { \"ouch\" }\nscore fit for Contact { +1 when any conversation mentions pain because \"…\" }\n",
        // A type that is unknown, an entity that is unknown.
        "use std.crm\nextend Contact { size: numbre? }\nscore fit for Contact { +1 when size > 40 and size is known because \"…\" }\n",
        "use std.crm\nfact large of Compnay is employees > 200\nscore fit for Contact { +1 when large is yes because \"…\" }\n",
        // A fact that is wrong is wrong once, however often it is named.
        "use std.crm\nfact large of Contact is employes > 200\nscore fit for Contact { +1 when large is yes because \"…\"\n  +1 when large is no because \"…\" }\n",
        // A module that is not there may declare anything.
        "use std.crm\nuse ./more\nscore fit for Contact { +1 when shoe_size > 40 and any shoe.bought because \"…\" }\n",
        // A currency that cannot be read is nobody's.
        "client \"Acme\" {\n  currency NZX\n}\nuse std.crm\nscore fit for Deal { +1 when value > NZD 40 because \"…\" }\n",
    ];
    for text in texts {
        let compiled = support::compiled("test.playbook", text, &[]);
        let errors = compiled.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
        assert_eq!(errors, 1, "{text}\n{}", support::drawn(&compiled));
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn playbooks_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|ending| ending == "playbook"));
    found.sort();
    found
}

fn compiled_files(paths: &[PathBuf]) -> Compiled {
    let files = paths
        .iter()
        .map(|path| SourceText {
            name: path.file_name().unwrap().to_string_lossy().as_ref().into(),
            text: std::fs::read_to_string(path).unwrap().into(),
        })
        .collect();
    compile(&Input { files, asked: Vec::new() }, &Texts::default())
}

/// Every playbook of the repository that stands by itself: whole clients, and single files.
fn whole_playbooks() -> Vec<Vec<PathBuf>> {
    let root = root();
    let mut all =
        vec![playbooks_in(&root.join("playbooks/stackmates")), playbooks_in(&root.join("playbooks/sneakers"))];
    for folder in ["tests/real", "examples"] {
        all.extend(playbooks_in(&root.join(folder)).into_iter().map(|path| vec![path]));
    }
    all.retain(|files| !files.is_empty());
    all
}

#[test]
fn the_playbooks_of_the_repository_compile_and_survive_storage() {
    for files in whole_playbooks() {
        let compiled = compiled_files(&files);
        let Some(program) = &compiled.program else { panic!("{}:\n{}", files[0].display(), support::drawn(&compiled)) };
        let stored = serde_json::to_string(program).unwrap();
        let read: Program = serde_json::from_str(&stored).unwrap();
        assert!(read == *program, "{} is not the same after storage", files[0].display());
    }
}

#[test]
fn the_deepest_condition_survives_storage() {
    let deep = format!("{}city is known{}", "not (".repeat(40), ")".repeat(40));
    let (program, _) = condition(&deep, "");
    let stored = serde_json::to_string(&program).unwrap();
    assert!(serde_json::from_str::<Program>(&stored).is_ok_and(|read| read == program));
}
