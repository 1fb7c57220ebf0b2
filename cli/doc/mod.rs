//! A playbook as its client reads it: one page of HTML, made of the resolved Program and of nothing else but who signed it.
//!
//! `words` says what things mean, `diagram` lays state diagrams out, `view` gathers what each part of the page shows, and the templates in
//! `page` say how it looks. The same Program and signatures give the same bytes.

mod diagram;
mod view;
mod words;

use compiler::program::Program;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};

pub(crate) use view::{Hashes, Signature};

/// By name: the page, and the parts that it includes.
const TEMPLATES: [(&str, &str); 10] = [
    ("page", include_str!("page/page.html")),
    ("macros", include_str!("page/macros.html")),
    ("scores", include_str!("page/scores.html")),
    ("workflows", include_str!("page/workflows.html")),
    ("figure", include_str!("page/figure.html")),
    ("team", include_str!("page/team.html")),
    ("messages", include_str!("page/messages.html")),
    ("success", include_str!("page/success.html")),
    ("ahead", include_str!("page/ahead.html")),
    ("reference", include_str!("page/reference.html")),
];
const STYLE: &str = include_str!("page/style.css");

/// The page.
///
/// # Errors
/// Where a template asks for what there is not, which is a mistake of ours.
pub(crate) fn page(program: &Program, hashes: &Hashes, signatures: &[Signature]) -> anyhow::Result<String> {
    let view = view::Page::new(program, hashes, signatures);
    let mut environment = Environment::new();
    // Everything that comes from a playbook or a CRM is text, whatever the template is called.
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_filter("sentence", |text: &str| words::sentence(text));
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    let style: String = STYLE.lines().map(|line| format!("{}\n", line.trim())).collect();
    Ok(environment.get_template("page")?.render(context! { page => Serde(view), style })?)
}
