//! `--report` and `--figures`: pages that stand alone and say what is printed, figures as files, and what is said where they cannot be written.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::support::{Desk, NOW};

/// All that can be read on a page or in a figure, with single blanks; panics where it is not well-formed.
#[track_caller]
fn text(of: &str) -> String {
    let mut reader = Reader::from_str(of);
    let (mut text, mut open) = (String::new(), Vec::new());
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("at byte {}: {error}", reader.error_position())) {
            Event::Start(start) => {
                let name = String::from_utf8(start.name().as_ref().to_vec()).unwrap();
                assert!(!["script", "link", "img", "iframe"].contains(&name.as_str()));
                assert!(start.attributes().all(|attribute| attribute.unwrap().key.as_ref() != b"src"));
                open.push(name);
            }
            Event::End(end) => {
                assert_eq!(open.pop().unwrap().as_bytes(), end.name().as_ref());
                text.push(' ');
            }
            Event::Text(part) if open.last().is_none_or(|name| name != "style") => {
                text.push_str(std::str::from_utf8(&part).unwrap());
            }
            Event::GeneralRef(reference) => {
                let reference = format!("&{};", std::str::from_utf8(&reference).unwrap());
                text.push_str(&quick_xml::escape::unescape(&reference).unwrap());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_simulation_is_a_page_that_says_what_is_printed() {
    let desk = Desk::with("playbooks/stackmates");
    let arguments = ["simulate", "stackmates", "--seeds", "6", "--now", NOW];
    let plain = desk.run(&arguments).expect(0);
    let mut with_page = arguments.to_vec();
    with_page.extend(["--report", "page.html", "--figures", "figures"]);
    let ran = desk.run(&with_page).expect(0);
    assert_eq!(ran.stdout, plain.stdout, "what is printed stays the same");
    assert!(ran.stderr.contains("page.html written") && ran.stderr.contains("each as SVG and PNG"), "{}", ran.stderr);
    let html = desk.read("page.html");
    assert!(!html.contains("http:") && !html.contains("https:") && !html.contains("url("));
    let page = text(&html);
    assert!(page.contains("6: 42 to 47"), "the seeds are said");
    assert!(
        page.contains("leads 20 per week from \"sample/contacts.csv\" for 8 weeks"),
        "what was assumed is shown as written"
    );
    let told = desk.run(&[&arguments[..], &["--json"]].concat()).expect(0).json();
    for stage in told["stages"].as_array().unwrap() {
        let name = format!("{}.{}", stage["workflow"].as_str().unwrap(), stage["stage"].as_str().unwrap());
        assert!(page.contains(&name), "{name}");
    }
    // Each figure that is printed of the routes and goals stands on the page in the same words.
    for line in plain.stdout.lines().filter(|line| line.trim_start().starts_with("reached in")) {
        let said = line.trim().split(';').next().unwrap();
        assert!(page.contains(said), "{said}");
    }
    for figure in ["funnel", "cohorts", "queue", "events", "arms-channel-mix"] {
        let svg = desk.read(&format!("figures/{figure}.svg"));
        text(&svg);
        assert!(html.contains(&format!("{figure}-title")), "{figure}");
        let png = std::fs::read(desk.path(&format!("figures/{figure}.png"))).unwrap();
        assert!(png.starts_with(b"\x89PNG"));
    }
    let again = desk.read("page.html");
    desk.run(&with_page).expect(0);
    assert_eq!(desk.read("page.html"), again, "the same bytes twice");
    let left = std::fs::read_dir(desk.path("figures")).unwrap().count();
    assert_eq!(left % 2, 0, "nothing is left beside the files");
}

#[test]
fn two_values_and_two_playbooks_meet_on_the_page() {
    let desk = Desk::with("playbooks/stackmates");
    let vary = ["simulate", "stackmates", "--seeds", "6", "--vary", "warm=25..45 step 10", "--now", NOW];
    let ran = desk.run(&[&vary[..], &["--report", "page.html", "--json"]].concat()).expect(0);
    assert_eq!(ran.json()["others"].as_array().unwrap().len(), 2, "JSON stays whole on stdout");
    let page = text(&desk.read("page.html"));
    assert!(
        page.contains("The same buyers otherwise") && page.contains("warm = 25 against the playbook as it is"),
        "{page}"
    );
    assert!(page.contains("messages sent by warm") && page.contains("45 (now)"), "{page}");
    desk.file("other/other.playbook", "");
    let copied = desk.path("other");
    std::fs::remove_dir_all(&copied).unwrap();
    crate::support::copy(&desk.path("stackmates"), &copied);
    let main = desk.read("other/stackmates.playbook");
    desk.file("other/stackmates.playbook", main.replace("hot  when icp >= 70", "hot  when icp >= 60"));
    let ran = desk.run(&[
        "simulate",
        "stackmates",
        "--seeds",
        "4",
        "--against",
        "other",
        "--now",
        NOW,
        "--report",
        "page.html",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.page());
    let page = text(&desk.read("page.html"));
    assert!(page.contains("other against the playbook as it is") && page.contains("surely from"), "{page}");
}

#[test]
fn a_back_test_learning_and_a_forecast_are_pages() {
    let desk = Desk::with("playbooks/stackmates");
    desk.run(&["import", "stackmates", "--now", NOW]).expect(0);
    let printed = desk.run(&["backtest", "stackmates", "--now", NOW, "--report", "page.html"]).expect(0).stdout;
    let page = text(&desk.read("page.html"));
    assert!(printed.contains("nothing is decided yet") && page.contains("nothing is decided yet"), "{page}");
    assert!(page.contains("Undefined: nothing is decided") && !page.contains("NaN"), "{page}");
    desk.run(&["learn", "stackmates", "--now", NOW, "--report", "page.html"]).expect(0);
    assert!(text(&desk.read("page.html")).contains("Nothing to change"));
    let mut rows = String::from("Source,Visits,<b>Site</b>,Converted\n");
    for row in 0..400_u32 {
        let fair = row % 3 == 0;
        let good = if fair { row % 4 != 0 } else { row % 5 == 0 };
        rows.push_str(&format!("{},{},{},{}\n", if fair { "fair" } else { "web" }, row % 17, row % 2, u8::from(good)));
    }
    desk.file("leads.csv", rows);
    let table = ["backtest", "--csv", "leads.csv", "--outcome", "Converted=1", "--report", "page.html"];
    let printed = desk.run(&[&table[..], &["--figures", "figures"]].concat()).expect(0).stdout;
    let page = text(&desk.read("page.html"));
    let auc = printed.lines().find_map(|line| line.trim().strip_prefix("AUC ")).unwrap().trim();
    assert!(page.contains(auc), "{auc}: {page}");
    for figure in ["auc", "calibration-learned", "curve", "rules-learned"] {
        text(&desk.read(&format!("figures/{figure}.svg")));
    }
    let desk = Desk::with("examples/forecast");
    let deals = desk.read("forecast/deals.csv");
    desk.file("forecast/deals.csv", deals.lines().next().unwrap());
    desk.run(&["import", "forecast", "--now", NOW]).expect(0);
    desk.run(&["forecast", "forecast", "--now", NOW, "--report", "forecast.html"]).expect(0);
    let page = text(&desk.read("forecast.html"));
    assert!(page.contains("Nothing is decided yet") && page.contains("Nothing is open."), "{page}");
}

#[test]
fn what_cannot_be_written_is_said_before_anything_is_played() {
    let desk = Desk::with("playbooks/stackmates");
    let no_folder = desk.run(&["simulate", "stackmates", "--report", "nowhere/page.html"]).expect(3);
    assert!(no_folder.stderr.contains("there is no folder `nowhere`"), "{}", no_folder.page());
    assert!(no_folder.stdout.is_empty());
    let a_folder = desk.run(&["simulate", "stackmates", "--report", "stackmates"]).expect(3);
    assert!(a_folder.stderr.contains("it is a folder"), "{}", a_folder.page());
    let stdout = desk.run(&["backtest", "stackmates", "--report", "-"]).expect(2);
    assert!(stdout.stderr.contains("name a file"), "{}", stdout.page());
    desk.file("file", "here");
    let no_folder = desk.run(&["learn", "stackmates", "--figures", "file"]).expect(3);
    assert!(no_folder.stderr.contains("it is no folder"), "{}", no_folder.page());
    assert_eq!(desk.read("file"), "here");
}

#[test]
fn words_of_a_scenario_are_never_markup() {
    let desk = Desk::with("playbooks/stackmates");
    let text_of = desk.read("stackmates/workflows.playbook");
    let nasty = "<script>alert(1)</script> & <b>";
    desk.file(
        "stackmates/workflows.playbook",
        text_of.replace("scenario \"first quarter\"", &format!("scenario \"{nasty}\"")),
    );
    desk.run(&["simulate", "stackmates", "--seeds", "2", "--now", NOW, "--report", "page.html"]).expect(0);
    let page = text(&desk.read("page.html"));
    assert!(page.matches(nasty).count() >= 2, "{page}");
}
