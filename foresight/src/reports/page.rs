//! A page: what it says, part by part, and its HTML, which stands alone: no script, nothing from elsewhere, for light, dark, phone and paper.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use serde::Serialize;
use thiserror::Error;

use crate::figures::{Figure, Numbers, STYLE};

const TEMPLATE: &str = include_str!("page.html");
const PAGE_STYLE: &str = include_str!("page.css");

/// A report, ready to be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// `Simulation`
    pub(super) kind: String,
    /// What it is of.
    pub(super) title: String,
    /// Whose it is.
    pub(super) client: String,
    /// In a sentence.
    pub(super) lead: String,
    /// What makes it repeatable: name and value.
    pub(super) facts: Vec<(String, String)>,
    pub(super) parts: Vec<Part>,
}

/// A part of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Part {
    pub(super) id: String,
    pub(super) title: String,
    /// What is said first.
    pub(super) paragraphs: Vec<String>,
    /// What holds and what does not.
    pub(super) verdicts: Vec<Verdict>,
    /// Text as somebody wrote it.
    pub(super) written: Option<String>,
    pub(super) figures: Vec<Figure>,
    pub(super) tables: Vec<Table>,
    /// What is said last.
    pub(super) notes: Vec<String>,
}

/// Whether something holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Verdict {
    pub(super) holds: bool,
    pub(super) what: String,
    pub(super) said: String,
}

/// A table that is read as one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Table {
    pub(super) caption: String,
    #[serde(flatten)]
    pub(super) numbers: Numbers,
}

/// Why there is no page.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The template asks for what there is not, which is a mistake of ours.
    #[error("the report cannot be laid out: {0}")]
    Template(#[from] minijinja::Error),
}

/// A part as the template sees it.
#[derive(Serialize)]
struct View<'a> {
    id: &'a str,
    title: &'a str,
    paragraphs: &'a [String],
    verdicts: &'a [Verdict],
    written: &'a Option<String>,
    figures: Vec<Drawn<'a>>,
    tables: &'a [Table],
    notes: &'a [String],
}

#[derive(Serialize)]
struct Drawn<'a> {
    title: &'a str,
    description: &'a str,
    svg: String,
    numbers: &'a Numbers,
}

impl Page {
    /// Several pages of one kind as one: parts and figures of the later ones are told apart by their titles.
    #[must_use]
    pub fn joined(pages: impl IntoIterator<Item = Self>) -> Self {
        let mut pages = pages.into_iter();
        let mut all = pages.next().unwrap_or_default();
        for (number, page) in (2..).zip(pages) {
            all.facts.push((page.title.clone(), page.lead));
            all.parts.extend(page.parts.into_iter().map(|part| {
                Part {
                    id: format!("{}-{number}", part.id),
                    title: format!("{}: {}", page.title, part.title),
                    figures: part
                        .figures
                        .into_iter()
                        .map(|figure| {
                            let id = format!("{}-{number}", figure.id);
                            figure.renamed(id)
                        })
                        .collect(),
                    ..part
                }
            }));
        }
        all
    }

    /// All its figures, in the order of the page. Each has a name of its own.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.parts.iter().flat_map(|part| &part.figures)
    }

    /// The page.
    ///
    /// # Errors
    /// Where the template asks for what there is not.
    pub fn html(&self) -> Result<String, ReportError> {
        let mut environment = Environment::new();
        // Everything that comes from a playbook or a CRM is text, whatever the template is called.
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        environment.add_template("page", TEMPLATE)?;
        let parts: Vec<View<'_>> = self.parts.iter().map(view).collect();
        let style = format!("{PAGE_STYLE}{STYLE}");
        let page = environment.get_template("page")?.render(context! {
            kind => &self.kind,
            title => &self.title,
            client => &self.client,
            lead => &self.lead,
            facts => &self.facts,
            parts => Serde(parts),
            style,
        })?;
        Ok(page)
    }
}

fn view(part: &Part) -> View<'_> {
    let drawn = |figure: &'_ Figure| -> String { figure.element() };
    View {
        id: &part.id,
        title: &part.title,
        paragraphs: &part.paragraphs,
        verdicts: &part.verdicts,
        written: &part.written,
        figures: part
            .figures
            .iter()
            .map(|figure| Drawn {
                title: &figure.title,
                description: &figure.description,
                svg: drawn(figure),
                numbers: &figure.numbers,
            })
            .collect(),
        tables: &part.tables,
        notes: &part.notes,
    }
}

impl Part {
    pub(super) fn new(id: &str, title: &str) -> Self {
        Self { id: id.to_owned(), title: title.to_owned(), ..Self::default() }
    }

    /// Whether it says anything.
    pub(super) fn is_empty(&self) -> bool {
        self.paragraphs.is_empty()
            && self.verdicts.is_empty()
            && self.written.is_none()
            && self.figures.is_empty()
            && self.tables.is_empty()
            && self.notes.is_empty()
    }
}

impl Table {
    pub(super) fn new(caption: &str, columns: &[&str], rows: Vec<Vec<String>>) -> Self {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Self { caption: caption.to_owned(), numbers: Numbers { columns, rows } }
    }
}
