//! The pages' templates: whatever a playbook, a contact or a message says is text in them and never markup.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::{Environment, Error, UndefinedBehavior, Value};
use runtime::engine::said;

/// All templates, ready to be filled in.
pub(crate) struct Templates(Environment<'static>);

/// By their names. The ending says that all that is filled in is escaped.
const ALL: [(&str, &str); 18] = [
    ("base.html", include_str!("html/base.html")),
    ("parts.html", include_str!("html/parts.html")),
    ("plain.html", include_str!("html/plain.html")),
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
    fn instants_are_those_of_the_client() {
        assert_eq!(when("2026-11-19T20:00:00Z", "Pacific/Auckland"), "Fri 20 Nov 2026, 09:00");
        assert_eq!(when("nonsense", "UTC"), "");
    }
}
