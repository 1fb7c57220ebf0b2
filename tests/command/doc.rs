//! `playbook doc`: the page is well formed, stands alone, says everything, and is the same every time.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use crate::support::{Desk, NOW};

/// No page is larger: it is mailed about.
const LARGEST: usize = 300_000;

/// An element that was begun: its name and its attributes.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
}

/// A page, read as strictly as XML is.
#[derive(Default)]
struct Page {
    elements: Vec<Element>,
    /// All that can be read, with single blanks.
    text: String,
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Self {
        let string = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let value = string(&attribute.value);
            (string(attribute.key.as_ref()), unescape(&value).unwrap().into_owned())
        });
        Self { name: string(start.name().as_ref()), attributes: attributes.collect() }
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Page {
    #[track_caller]
    fn read(html: &str) -> Self {
        let mut reader = Reader::from_str(html);
        let (mut page, mut open, mut text) = (Self::default(), Vec::new(), String::new());
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("at byte {}: {error}", reader.error_position())) {
                Event::Start(start) => {
                    let element = Element::of(&start);
                    open.push(element.name.clone());
                    page.elements.push(element);
                }
                Event::Empty(start) => page.elements.push(Element::of(&start)),
                Event::End(end) => {
                    let name = String::from_utf8(end.name().as_ref().to_vec()).unwrap();
                    assert_eq!(open.pop(), Some(name));
                    text.push(' ');
                }
                Event::Text(part) if open.last().is_none_or(|name| name != "style") => {
                    text.push_str(std::str::from_utf8(&part).unwrap());
                }
                Event::GeneralRef(reference) => {
                    let reference = format!("&{};", std::str::from_utf8(&reference).unwrap());
                    text.push_str(&unescape(&reference).unwrap());
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(open, Vec::<String>::new());
        page.text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        page
    }

    fn named<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    /// Whether the page has that name, spaced as people write it or not.
    fn has_name(&self, name: &str) -> bool {
        let squeezed = |text: &str| text.replace([' ', '_', '.'], "").to_lowercase();
        squeezed(&self.text).contains(&squeezed(name))
    }
}

/// A desk with both clients and an example, and the pages made there: a client's folder, its Program, its page.
fn pages() -> Vec<(&'static str, serde_json::Value, String)> {
    ["playbooks/stackmates", "playbooks/sneakers", "examples"]
        .into_iter()
        .map(|folder| {
            let desk = Desk::with(folder);
            let name = folder.rsplit('/').next().unwrap();
            let client = if name == "examples" { "examples/approval.playbook" } else { name };
            let program = desk.run(&["show", client, "--resolved", "--json"]).expect(0).json()["program"].clone();
            desk.run(&["doc", client, "--out", "page.html"]).expect(0);
            (client, program, desk.read("page.html"))
        })
        .collect()
}

fn names<'v>(values: &'v serde_json::Value, key: &str) -> Vec<&'v str> {
    values.as_array().unwrap().iter().filter_map(|value| value[key].as_str()).collect()
}

#[test]
fn a_page_stands_alone_and_is_well_formed() {
    for (client, _, html) in pages() {
        assert!(html.starts_with("<!DOCTYPE html>"), "{client}");
        assert!(html.len() < LARGEST, "{client}: {} bytes", html.len());
        let page = Page::read(&html);
        let style = html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        assert!(!style.contains("url(") && !style.contains("@import"), "{client}");
        for element in &page.elements {
            assert!(
                !["script", "link", "img", "iframe", "object"].contains(&element.name.as_str()),
                "{client}: {}",
                element.name
            );
            assert_eq!(element.attribute("src"), None, "{client}");
            assert!(element.attribute("href").is_none_or(|href| href.starts_with('#')), "{client}");
            assert!(!element.attributes.iter().any(|(name, _)| name.starts_with("on")), "{client}");
        }
        let all: Vec<&str> = page.elements.iter().filter_map(|element| element.attribute("id")).collect();
        let ids: BTreeSet<&str> = all.iter().copied().collect();
        assert_eq!(all.len(), ids.len(), "{client}: an id stands twice");
        for href in page.elements.iter().filter_map(|element| element.attribute("href")) {
            assert!(ids.contains(href.trim_start_matches('#')), "{client}: {href} leads nowhere");
        }
    }
}

#[test]
fn a_page_can_be_found_through_without_seeing_it() {
    for (client, program, html) in pages() {
        let page = Page::read(&html);
        for landmark in ["header", "nav", "main", "footer", "h1"] {
            assert_eq!(page.named(landmark).count(), 1, "{client}: {landmark}");
        }
        assert_eq!(page.named("html").next().unwrap().attribute("lang"), Some("en"));
        let mut last = 0;
        for heading in page.elements.iter().filter(|element| element.name.len() == 2 && element.name.starts_with('h')) {
            let Some(Ok(level)) = heading.name.strip_prefix('h').map(str::parse::<usize>) else { continue };
            assert!(level <= last + 1, "{client}: h{level} behind h{last}");
            last = level;
        }
        assert!(page.named("th").all(|header| header.attribute("scope").is_some()), "{client}");
        assert_eq!(page.named("table").count(), page.named("caption").count(), "{client}");
        let drawn = page.named("svg").filter(|picture| picture.attribute("role") == Some("img"));
        let said =
            drawn.filter(|picture| picture.attribute("aria-label").is_some_and(|label| label.len() > 20)).count();
        assert_eq!(said, program["workflows"].as_array().unwrap().len(), "{client}");
        let named =
            |element: &Element| ["aria-label", "aria-labelledby"].iter().any(|name| element.attribute(name).is_some());
        assert!(
            page.elements.iter().filter(|element| element.attribute("role") == Some("region")).all(named),
            "{client}"
        );
        let hidden = |picture: &Element| picture.attribute("aria-hidden") == Some("true");
        assert!(page.named("svg").all(|picture| hidden(picture) || named(picture)), "{client}");
    }
}

#[test]
fn a_page_says_everything_that_the_playbook_says() {
    for (client, program, html) in pages() {
        let page = Page::read(&html);
        assert!(page.text.contains(program["client"]["name"].as_str().unwrap()), "{client}");
        for workflow in program["workflows"].as_array().unwrap() {
            assert!(page.has_name(workflow["name"].as_str().unwrap()), "{client}: {}", workflow["name"]);
            for stage in workflow["stages"].as_array().unwrap() {
                let id = format!("stage-{}-{}", workflow["name"].as_str().unwrap(), stage["name"].as_str().unwrap());
                let row = page.elements.iter().any(|element| element.attribute("id") == Some(&id.to_lowercase()));
                assert!(row && page.has_name(stage["name"].as_str().unwrap()), "{client}: {id}");
            }
        }
        for (kind, key) in [
            ("agents", "name"),
            ("templates", "name"),
            ("rubrics", "name"),
            ("experiments", "name"),
            ("scores", "name"),
            ("scenarios", "title"),
            ("backtests", "title"),
            ("publications", "name"),
        ] {
            for name in names(&program[kind], key) {
                assert!(page.has_name(name), "{client}: {kind} {name}");
            }
        }
        for name in names(&program["tests"], "name") {
            assert!(page.text.to_lowercase().contains(&name.to_lowercase()), "{client}: test {name}");
        }
        for title in names(&program["goals"], "title") {
            assert!(page.text.contains(title), "{client}: {title}");
        }
        let mut reasons = 0;
        for layer in program["scores"].as_array().unwrap().iter().flat_map(|score| score["layers"].as_array().unwrap())
        {
            for because in names(&layer["rules"], "because") {
                assert!(page.text.contains(because), "{client}: {because}");
                reasons += 1;
            }
        }
        assert!(reasons > 0 || client.starts_with("examples"), "{client} has no reasons");
        for person in program["client"]["people"].as_array().unwrap() {
            let (role, title) = (person[0].as_str().unwrap(), person[1].as_str().unwrap());
            assert!(page.text.contains(title) && page.text.contains(role), "{client}: {role}");
        }
    }
}

#[test]
fn what_is_learned_tried_foretold_and_published_stands_on_the_page() {
    let page = |folder: &str| {
        let desk = Desk::with(folder);
        Page::read(&desk.run(&["doc", folder.rsplit('/').next().unwrap(), "--out", "-"]).expect(0).stdout).text
    };
    let desk = page("examples/forecast");
    for said in [
        "That somebody turned out well is told by status is won; that they did not, by status is lost.",
        "strength tells who signs",
        "It has to reach: a good one scores above a bad one (AUC): at least 0.6.",
        "Deal probability own is foretold of each open one from visits and strength, learned from “deal won” and “deal lost”",
    ] {
        assert!(desk.contains(said), "{said}: {desk}");
    }
    let stackmates = page("playbooks/stackmates");
    for said in [
        "20 come in per week for 8 weeks, drawn from sample/contacts.csv.",
        "After “outreach sent”, “reply received” follows in 14% within 5 days where",
        "no “reply received” within 21 days of “outreach sent”",
        "No weight below 10% or above 40% is proposed. It is adopted by",
    ] {
        let words = stackmates.replace("; ", " ");
        assert!(words.contains(said) || stackmates.contains(said), "{said}: {stackmates}");
    }
}

#[test]
fn two_pages_of_the_same_text_are_the_same_bytes() {
    let desk = Desk::with("playbooks/sneakers");
    let one = desk.run(&["doc", "sneakers", "--out", "-"]).expect(0).stdout;
    let two = desk.run(&["doc", "sneakers", "--out", "-"]).expect(0).stdout;
    assert!(one == two && one.contains("Sneakers Media HRV"));
    let written = desk.run(&["doc", "sneakers", "--out", "page.html", "--json"]).expect(0).json();
    assert_eq!(desk.read("page.html"), one);
    assert_eq!((&written["path"], &written["bytes"]), (&"page.html".into(), &one.len().into()));
    let hash = written["hash"].as_str().unwrap();
    assert!(hash.len() == 64 && one.contains(hash));
    desk.file("sneakers/more.playbook", "template late {\n  body \"too late\"\n}\n");
    let changed = desk.run(&["doc", "sneakers", "--out", "page.html", "--json"]).expect(0).json();
    assert_ne!(changed["hash"], written["hash"], "another text has another fingerprint");
}

#[test]
fn who_signed_stands_on_the_page_until_the_text_changes() {
    let desk = Desk::with("tests/hillside");
    let page = |desk: &Desk| Page::read(&desk.run(&["doc", "hillside", "--out", "-"]).expect(0).stdout).text;
    assert!(!page(&desk).contains("nobody yet"), "without a CRM nobody can say who has signed");
    desk.run(&["import", "hillside", "--now", NOW]).expect(0);
    assert!(page(&desk).contains("nobody yet"));
    desk.run(&["sign", "hillside", "Welcome", "--by", "owner", "--now", NOW]).expect(0);
    assert!(page(&desk).contains("Owner, 20 November 2026"));
    let text = desk.read("hillside/hillside.playbook");
    let changed = text.replace("/// From a name on a list to an invitation.", "/// From a name on a list to a visit.");
    assert_ne!(text, changed);
    desk.file("hillside/hillside.playbook", changed);
    let page = page(&desk);
    assert!(
        page.contains("an earlier text was signed, not this one") && !page.contains("Owner, 20 November"),
        "{page}"
    );
}

#[test]
fn words_of_a_playbook_are_never_markup() {
    let desk = Desk::new();
    let nasty = r#"<script>alert(1)</script> & <b onclick='x'>"#;
    desk.file(
        "a.playbook",
        format!(
            "client \"{nasty}\" {{\n  currency NZD\n  timezone \"Pacific/Auckland\"\n}}\n\nuse std.crm\n\n/// {nasty}\nscore fit for Contact {{\n  \
             +60 when phone is known because \"{nasty}\"\n}}\n"
        ),
    );
    let html = desk.run(&["doc", "a.playbook", "--out", "-"]).expect(0).stdout;
    let page = Page::read(&html);
    assert_eq!(page.named("script").count(), 0);
    assert!(page.text.matches(nasty).count() >= 3, "{}", page.text);
}

#[test]
fn what_cannot_be_written_is_said() {
    let desk = Desk::with("tests/hillside");
    let no_folder = desk.run(&["doc", "hillside", "--out", "nowhere/page.html"]).expect(3);
    assert!(no_folder.stderr.contains("could not write `nowhere/page.html`"), "{}", no_folder.page());
    let twice = desk.run(&["doc", "hillside", "--out", "-", "--json"]).expect(2);
    assert!(twice.stderr.contains("`--json`"), "{}", twice.page());
    desk.file("broken.playbook", "client \"A\" {\n  curency NZD\n}\n");
    desk.run(&["doc", "broken.playbook"]).expect(1);
    assert!(!desk.path("playbook.html").exists());
}
