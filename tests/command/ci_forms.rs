//! What CI reads: SARIF that its schema accepts, JUnit that is read back, and fixes that are written into the files.

use crate::support::{Desk, repository};

/// The schema of SARIF 2.1.0 as OASIS publishes it. The crate that has the types brings it along.
fn sarif_schema() -> serde_json::Value {
    // Crates of other platforms need not be here.
    let compiler = std::process::Command::new("rustc").arg("-vV").output().unwrap();
    let compiler = String::from_utf8(compiler.stdout).unwrap();
    let host = compiler.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", host])
        .current_dir(repository())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").unwrap();
    let manifest = std::path::Path::new(package["manifest_path"].as_str().unwrap());
    let schema = std::fs::read(manifest.parent().unwrap().join("src/schema.json")).unwrap();
    let mut schema: serde_json::Value = serde_json::from_slice(&schema).unwrap();
    // A bracket too many in the published pattern makes it no regular expression; we write no `language`.
    for of in ["run", "toolComponent"] {
        let pattern = schema.pointer_mut(&format!("/definitions/{of}/properties/language/pattern")).unwrap();
        assert_eq!(pattern.as_str(), Some("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$"));
        *pattern = "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$".into();
    }
    schema
}

/// Every fixture of a finding that the compiler's tests have: by themselves, as what they use is not looked for.
fn fixtures() -> Vec<String> {
    let folder = repository().join("compiler/tests/messages");
    let folders = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let mut files: Vec<String> = folders
        .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "playbook"))
        .map(|path| path.to_str().unwrap().to_owned())
        .collect();
    files.sort();
    assert!(files.len() > 50, "{files:?}");
    files
}

#[test]
fn sarif_is_what_its_schema_says() {
    let desk = Desk::new();
    let fixtures = fixtures();
    let mut arguments = vec!["check", "--format", "sarif"];
    arguments.extend(fixtures.iter().map(String::as_str));
    let log = desk.run(&arguments).expect(1).json();
    let validator = jsonschema::validator_for(&sarif_schema()).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(&log).map(|error| format!("{error} at {}", error.instance_path())).take(5).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");

    let run = &log["runs"][0];
    let (rules, results) = (run["tool"]["driver"]["rules"].as_array().unwrap(), run["results"].as_array().unwrap());
    assert!(results.len() > fixtures.len() / 2, "{}", results.len());
    let mut fingerprints = std::collections::BTreeSet::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_i64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(fingerprints.insert(result["partialFingerprints"]["finding/v1"].to_string()), "{result:#}");
    }
}

#[test]
fn sarif_says_where_and_what_to_replace() {
    let desk = Desk::new();
    desk.file("größe 1.playbook", "use std.crm\nscore interest for Contact {\n  +15 when email.clicked is yse\n}\n");
    let log = desk.run(&["check", "--format", "sarif", "größe 1.playbook"]).expect(1).json();
    let result = &log["runs"][0]["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "gr%C3%B6%C3%9Fe%201.playbook");
    assert_eq!(place["region"]["startLine"], 3);
}

#[test]
fn junit_counts_what_passed_and_what_failed() {
    let desk = Desk::new();
    let head = "use std.crm\nclient \"Acme\" {\n  currency USD\n  timezone \"UTC\"\n}\nscore icp for Contact {\n  +15 when company.employees > 10\n}\n";
    let tests = "test \"it's < big & > small\" {\n  given contact { company { employees: 20 } }\n  expect icp is 15\n}\n\
                 test \"wrong\" {\n  given contact { company { employees: 5 } }\n  expect icp is 15\n}\n";
    desk.file("acme.playbook", format!("{head}{tests}"));
    let xml = desk.run(&["test", "--format", "junit", "acme.playbook"]).expect(1).stdout;
    let report = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    assert_eq!((report.tests, report.failures, report.errors), (2, 1, 0), "{xml}");
    let suite = &report.test_suites[0];
    assert_eq!(suite.name.as_str(), "acme.playbook");
    assert_eq!(suite.test_cases[0].name.as_str(), "it's < big & > small");
    assert!(xml.contains("expected 15, but 0"), "{xml}");
}

#[test]
fn fixes_that_are_safe_are_written_into_the_files() {
    let desk = Desk::new();
    let wrong = "use std.crm\n\nscore icp for Contact {\n  +15 when company.employees > 10 because \"big\"\n  // allow implied-rule because \"it is not\"\n  +5 when company.industry = construction because \"ours\"\n}\n";
    desk.file("acme.playbook", wrong);
    desk.run(&["check", "acme.playbook"]).expect(1);
    let ran = desk.run(&["check", "--fix", "acme.playbook"]).expect(0);
    assert!(ran.stderr.contains("mended 2 findings in acme.playbook"), "{}", ran.stderr);
    // Each with its place and code; and no blank line stays behind.
    insta::assert_snapshot!("mended", format!("{}\n{}", ran.stderr, desk.read("acme.playbook")));
    let ran = desk.run(&["check", "--fix", "acme.playbook"]).expect(0);
    assert!(!ran.stderr.contains("mended"), "{}", ran.stderr);
}

/// A name that is near another one may be a new one that is not declared yet: it is said, and stays.
#[test]
fn near_names_are_said_and_stay() {
    let desk = Desk::new();
    let wrong = "use std.crm\n\nscore icp for Contact {\n  +15 when company.employes > 10 because \"big\"\n}\n";
    desk.file("acme.playbook", wrong);
    let ran = desk.run(&["check", "--fix", "acme.playbook"]).expect(1);
    assert!(
        ran.stdout.contains("did you mean `company.employees`") || ran.stdout.contains("did you mean `employees`"),
        "{}",
        ran.stdout
    );
    assert_eq!(desk.read("acme.playbook"), wrong);
}

#[test]
fn a_code_is_found_by_its_number_alone_and_by_words_of_its_name() {
    let desk = Desk::new();
    let page = desk.run(&["explain", "E0406"]).expect(0).stdout;
    assert_eq!(desk.run(&["explain", "406"]).expect(0).stdout, page);
    let near = desk.run(&["explain", "priority"]).expect(2).stderr;
    assert!(near.contains("E0909 priority-cycle") && near.contains("E0910 priority-unreachable"), "{near}");
}

#[test]
fn what_is_mended_by_taste_stays_as_it_is() {
    let desk = Desk::new();
    let weights = "use std.crm\nscore icp for Contact {\n  layer a weight 55% { +100 when company.employees > 10 }\n  layer b weight 40% { +100 when company.employees > 20 }\n}\n";
    desk.file("acme.playbook", weights);
    desk.run(&["check", "--fix", "acme.playbook"]).expect(1);
    assert_eq!(desk.read("acme.playbook"), weights);
}
