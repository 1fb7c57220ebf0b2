//! `--report` and `--figures`: a report as a page for any browser, and its figures as files. Each is written whole or not at all.

use std::path::PathBuf;
use std::sync::Arc;

use foresight::reports::{Page, Whose};
use runtime::runner::Book;

use crate::desk::Desk;
use crate::exit::Failure;
use crate::files::{folder_of, not_written, put};
use crate::layout::count;
use crate::terminal::Terminal;

/// Pixels of a picture for each unit of its figure: sharp on a slide.
const SCALE: f32 = 2.0;

/// Where a report goes, besides the terminal.
#[derive(clap::Args)]
pub(crate) struct ReportArguments {
    /// Write it as one HTML page as well, with figures; it stands alone
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Write each figure into this folder, as SVG and as PNG
    #[arg(long, value_name = "FOLDER")]
    figures: Option<PathBuf>,
}

impl ReportArguments {
    /// Whether anything is written.
    pub(crate) const fn is_wanted(&self) -> bool {
        self.report.is_some() || self.figures.is_some()
    }

    /// Says what cannot be written before anything long begins.
    ///
    /// # Errors
    /// Where there is no folder for the page, or a file stands where a folder should.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        if let Some(path) = &self.report {
            if path.as_os_str() == "-" {
                return Err(Failure::usage("the page cannot go to stdout, where the report goes")
                    .help("name a file for it: --report report.html")
                    .into());
            }
            let folder = folder_of(path);
            if !folder.is_dir() {
                let why = format!("could not write `{}`: there is no folder `{}`", path.display(), folder.display());
                return Err(Failure::could_not_run(why).help("make the folder first, or name another one").into());
            }
            if path.is_dir() {
                let why = format!("could not write `{}`: it is a folder", path.display());
                return Err(Failure::could_not_run(why).help("name a file in it: --report FOLDER/report.html").into());
            }
        }
        match &self.figures {
            Some(folder) if folder.exists() && !folder.is_dir() => {
                let why = format!("could not write figures into `{}`: it is no folder", folder.display());
                Err(Failure::could_not_run(why).help("name a folder: it is made where there is none").into())
            }
            _ => Ok(()),
        }
    }

    /// Writes the page and the figures, and says on stderr what was written.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub(crate) fn write(&self, page: &Page, terminal: &Terminal) -> anyhow::Result<()> {
        if let Some(path) = &self.report {
            let html = page.html()?;
            put(path, html.as_bytes())?;
            let kilobytes = html.len().div_ceil(1000);
            terminal.say(&format!("{} written: {kilobytes} kB, opens in any browser\n", path.display()));
        }
        if let Some(folder) = &self.figures {
            std::fs::create_dir_all(folder).map_err(|error| not_written(folder, &error))?;
            let mut written = 0;
            for figure in page.figures() {
                put(&folder.join(format!("{}.svg", figure.id)), figure.svg().as_bytes())?;
                put(&folder.join(format!("{}.png", figure.id)), &figure.png(SCALE)?)?;
                written += 1;
            }
            let figures = count(written, "figure", "figures");
            terminal.say(&format!("{figures} written into {}, each as SVG and PNG\n", folder.display()));
        }
        Ok(())
    }
}

/// Whose report it is that is made at a desk.
///
/// # Errors
/// Where the playbook cannot be written down.
pub(crate) fn whose(desk: &Desk) -> anyhow::Result<Whose> {
    let book = Book::new(Arc::clone(&desk.program))?;
    Ok(Whose {
        client: desk.program.client.name.to_string(),
        playbook: book.version.to_string(),
        zone: desk.program.client.timezone.to_string(),
    })
}
