//! The pages' templates: whatever a playbook, a contact or a message says is text in them and never markup.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::{Environment, Error, HtmlEscape, UndefinedBehavior, Value};
use runtime::engine::said;

/// All templates, ready to be filled in.
pub(crate) struct Templates(Environment<'static>);

/// By their names. The ending says that all that is filled in is escaped.
const ALL: [(&str, &str); 19] = [
    ("base.html", include_str!("html/base.html")),
    ("parts.html", include_str!("html/parts.html")),
    ("plain.html", include_str!("html/plain.html")),
    ("lost.html", include_str!("html/lost.html")),
    ("login.html", include_str!("html/login.html")),
    ("new.html", include_str!("html/new.html")),
    ("made.html", include_str!("html/made.html")),
    ("error.html", include_str!("html/error.html")),
    ("today.html", include_str!("html/today.html")),
    ("prospects.html", include_str!("html/prospects.html")),
    ("contacts.html", include_str!("html/contacts.html")),
    ("contact.html", include_str!("html/contact.html")),
    ("import.html", include_str!("html/import.html")),
    ("pipeline.html", include_str!("html/pipeline.html")),
    ("agents.html", include_str!("html/agents.html")),
    ("goals.html", include_str!("html/goals.html")),
    ("experiments.html", include_str!("html/experiments.html")),
    ("playbook.html", include_str!("html/playbook.html")),
    ("webhooks.html", include_str!("html/webhooks.html")),
];

impl Templates {
    pub(crate) fn new() -> Result<Self, Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        environment.add_filter("when", when);
        environment.add_filter("shortly", shortly);
        environment.add_filter("figure", figure);
        environment.add_filter("code", code);
        environment.add_filter("lasted", lasted);
        environment.add_filter("urlencode", urlencode);
        for (name, text) in ALL {
            environment.add_template(name, text)?;
        }
        Ok(Self(environment))
    }

    pub(crate) fn draw(&self, name: &str, filled: Value) -> Result<String, Error> {
        self.0.get_template(name)?.render(filled)
    }
}

/// `Fri 20 Nov 2026, 09:00`, in the client's zone.
fn when(at: &str, zone: &str) -> String {
    let Ok(at) = at.parse::<Timestamp>() else { return String::new() };
    at.to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC)).strftime("%a %-d %b %Y, %H:%M").to_string()
}

/// `20 Nov, 09:00`, in the client's zone: where there are many of them.
fn shortly(at: &str, zone: &str) -> String {
    let Ok(at) = at.parse::<Timestamp>() else { return String::new() };
    at.to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC)).strftime("%-d %b, %H:%M").to_string()
}

/// As people read it: money to the cent, all else to a tenth, and what is whole as it is.
fn figure(value: &Value, unit: &str) -> String {
    let written = value.to_string();
    let Ok(number) = written.parse::<f64>() else { return written };
    let (digits, nothing) = if unit == "money" { (2, ".00") } else { (1, ".0") };
    let rounded = format!("{number:.digits$}");
    rounded.strip_suffix(nothing).map(ToOwned::to_owned).unwrap_or(rounded)
}

/// What stands between backticks is code; all of it is text before.
fn code(said: &Value) -> Value {
    let Some(text) = said.as_str() else { return said.clone() };
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, (inside, after))) =
        rest.split_once('`').and_then(|(before, behind)| Some((before, behind.split_once('`')?)))
    {
        shown.push_str(&format!("{}<code>{}</code>", HtmlEscape(before), HtmlEscape(inside)));
        rest = after;
    }
    shown.push_str(&HtmlEscape(rest).to_string());
    Value::from_safe_string(shown)
}

/// As a part of an address.
fn urlencode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// `3 days`
fn lasted(seconds: f64) -> String {
    said::lasted(seconds.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_text() {
        let templates = Templates::new().unwrap();
        let page = templates.draw("login.html", minijinja::context! { wrong => "<script>alert(1)</script>" }).unwrap();
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script>alert"), "{page}");
    }

    #[test]
    fn what_stands_between_backticks_is_code_and_no_markup() {
        assert_eq!(
            code(&Value::from("say `a < b`, not `<b>`")).to_string(),
            "say <code>a &lt; b</code>, not <code>&lt;b&gt;</code>"
        );
        assert_eq!(code(&Value::from("<i> and one ` alone")).to_string(), "&lt;i&gt; and one ` alone");
    }

    #[test]
    fn figures_are_as_people_read_them() {
        let shown = |value: &str, unit: &str| figure(&Value::from(value), unit);
        assert_eq!((shown("33.333333", "percent").as_str(), shown("47.5", "money").as_str()), ("33.3", "47.50"));
        assert_eq!((shown("12", "times").as_str(), shown("40.00", "money").as_str()), ("12", "40"));
    }

    #[test]
    fn instants_are_those_of_the_client() {
        assert_eq!(when("2026-11-19T20:00:00Z", "Pacific/Auckland"), "Fri 20 Nov 2026, 09:00");
        assert_eq!(shortly("2026-11-19T20:00:00Z", "Pacific/Auckland"), "20 Nov, 09:00");
        assert_eq!(when("nonsense", "UTC"), "");
    }
}
