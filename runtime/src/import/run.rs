//! An import from its first byte to its last row: one transaction, one report.

use compiler::program::{Source, Target};

use super::convert::Problem;
use super::events::Events;
use super::header::Header;
use super::input::Input;
use super::plan::Plan;
use super::records::Records;
use super::rejected::RejectedFile;
use super::report::{Dangling, Rejections, Report};
use super::row::{Fresh, Outcome, RowReader};
use super::rows::{Row, Rows};
use super::{ImportError, Progress, Request};
use crate::crm::{Counts, Crm, ImportStart, Writer};

/// Progress is told every so many rows.
const STEP: u64 = 2_000;

/// Imports a file; see [`super::run`].
pub(super) fn run(
    crm: &mut Crm,
    request: &Request<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, ImportError> {
    let source = request.source;
    if let Some(path) = request.rejected.as_ref().filter(|path| !request.dry_run && path.symlink_metadata().is_ok()) {
        return Err(ImportError::RejectsTaken { path: path.clone() });
    }
    let (plan, mut rows) = open(request)?;
    // Only a file that can be read is read twice.
    let input = Input::new(request.file)?;
    let before = crm.imported_before(&source.name, &input.hash)?;
    let mut report = Report {
        source: source.name.to_string(),
        file: input.name.clone(),
        dry_run: request.dry_run,
        what: what(request, source),
        unused: plan.unused.clone(),
        notes: notes(&plan),
        ..Report::default()
    };
    if matches!(source.target, Target::Records { key: None, .. }) && before.is_some() {
        report.already = before;
        return Ok(report);
    }
    let start = ImportStart { source: &source.name, file: &report.file, hash: &input.hash, now: request.now };
    let mut writer = crm.begin(start)?;
    let fresh = Fresh::new(request.program, before.is_some());
    let mut job = Job {
        target: match &source.target {
            Target::Records { entity, key, existing } => {
                Writing::Records(Box::new(Records::new(&plan, &mut writer, *entity, *key, *existing, fresh)?))
            }
            Target::Events { event, keyed } => {
                Writing::Events(Box::new(Events::new(&plan, &mut writer, *event, *keyed, request.now)?))
            }
        },
        reader: RowReader::new(&plan),
        rejections: Rejections::default(),
        file: (!request.dry_run).then(|| rejected_file(request, rows.separator())),
        ragged: Ragged::default(),
        nameless: plan.header.nameless(),
        rows: 0,
        rejected: 0,
        unread: 0,
        skipped: 0,
        erased: 0,
    };
    let mut row = Row::default();
    while rows.next(&mut row)? {
        if row.is_blank() {
            continue;
        }
        job.row(&mut writer, &row)?;
        if job.rows.is_multiple_of(STEP) {
            progress(Progress { bytes: rows.position(), of: input.size, rows: job.rows });
        }
    }
    progress(Progress { bytes: input.size, of: input.size, rows: job.rows });
    job.judge(rows.separator())?;
    job.settle(request, writer, &mut report)?;
    Ok(report)
}

fn plan<'p>(
    request: &Request<'p>,
    rows: &mut Rows<std::fs::File>,
    zone: &jiff::tz::TimeZone,
) -> Result<Plan<'p>, ImportError> {
    let mut row = Row::default();
    if !rows.next(&mut row)? {
        return Err(ImportError::Empty { path: request.file.to_path_buf() });
    }
    let single = rows.other_separator(row.cell(0));
    let mut plan = Plan::new(request.program, request.source, Header::new(&row)?, zone, single)?;
    if rows.separator() == ';' {
        plan.bound.iter_mut().for_each(|bound| bound.cells.in_semicolons());
    }
    Ok(plan)
}

/// The file, read up to its header, and the source against that.
pub(super) fn open<'p>(request: &Request<'p>) -> Result<(Plan<'p>, Rows<std::fs::File>), ImportError> {
    let source = request.source;
    let file = super::input::open(request.file)?;
    let mut rows = Rows::new(file, request.file, source.encoding.as_deref(), source.separator)?;
    let plan = plan(request, &mut rows, &crate::crm::zone(request.program))?;
    Ok((plan, rows))
}

pub(super) fn notes(plan: &Plan<'_>) -> Vec<String> {
    let nameless = plan
        .header
        .nameless()
        .into_iter()
        .map(|index| format!("column {} has no header and no data: it is left out", index + 1));
    let absent = plan
        .absent
        .iter()
        .map(|(field, columns)| format!("there is no column `{columns}`, so `{field}` is not filled"));
    nameless.chain(absent).collect()
}

fn what(request: &Request<'_>, source: &Source) -> String {
    match &source.target {
        Target::Records { entity, .. } => {
            let entity = request.program.entities.get(entity.index());
            entity.map_or_else(String::new, |entity| entity.name.to_lowercase())
        }
        Target::Events { .. } => "event".into(),
    }
}

fn rejected_file(request: &Request<'_>, separator: char) -> RejectedFile {
    match &request.rejected {
        Some(path) => RejectedFile::named(path.clone(), separator),
        None => RejectedFile::beside(request.file, separator),
    }
}

enum Writing {
    Records(Box<Records>),
    Events(Box<Events>),
}

/// Rows that do not have as many cells as the header.
#[derive(Default)]
struct Ragged {
    count: u64,
    line: u64,
    found: usize,
}

struct Job<'a> {
    target: Writing,
    reader: RowReader<'a>,
    rejections: Rejections,
    file: Option<RejectedFile>,
    ragged: Ragged,
    nameless: Vec<usize>,
    rows: u64,
    rejected: u64,
    /// Of the rejected, those that could not be read; the others could, and lead nowhere.
    unread: u64,
    skipped: u64,
    erased: u64,
}

impl Job<'_> {
    fn row(&mut self, writer: &mut Writer<'_>, row: &Row) -> Result<(), ImportError> {
        self.rows += 1;
        self.reader.problems.clear();
        let header = &self.reader.plan.header;
        let outcome = if row.len() == header.len() {
            for index in &self.nameless {
                let value = row.cell(*index).trim();
                if !value.is_empty() {
                    let value = value.chars().take(40).collect();
                    return Err(ImportError::NoHeader { column: index + 1, line: row.line, value });
                }
            }
            match &mut self.target {
                Writing::Records(records) => records.row(&mut self.reader, writer, row)?,
                Writing::Events(events) => events.row(&mut self.reader, writer, row)?,
            }
        } else {
            if self.ragged.count == 0 {
                (self.ragged.line, self.ragged.found) = (row.line, row.len());
            }
            self.ragged.count += 1;
            let reason = format!("the row has {} cells and the header has {}", row.len(), header.len());
            self.reader.problem(None, Problem::new("cells", reason));
            Outcome::Rejected
        };
        match outcome {
            Outcome::Taken => {}
            Outcome::Skipped => self.skipped += 1,
            Outcome::Erased => self.erased += 1,
            Outcome::Rejected => self.reject(row),
        }
        Ok(())
    }

    fn reject(&mut self, row: &Row) {
        self.rejected += 1;
        self.unread +=
            u64::from(!self.reader.problems.iter().any(|(_, problem)| matches!(problem.kind, "nobody" | "absent")));
        let plan = self.reader.plan;
        for (index, problem) in &self.reader.problems {
            let bound = index.and_then(|index| plan.bound.get(index));
            self.rejections.add(*index, bound.map(|bound| bound.called(&plan.header)), problem, row.line);
        }
        if let Some(file) = &mut self.file {
            file.add(&plan.header, row, &self.reader.reason());
        }
    }

    /// Refuses the file where it was misread as a whole: then the rows that seemed to fit are no better.
    fn judge(&self, separator: char) -> Result<(), ImportError> {
        let plan = self.reader.plan;
        let dates: Vec<String> = plan
            .bound
            .iter()
            .zip(&self.reader.dates)
            .filter_map(|(bound, dates)| {
                dates.error(&bound.called(&plan.header), bound.mapping.conversion.pattern.as_deref())
            })
            .collect();
        if self.ragged.count * 2 > self.rows {
            let Ragged { count, line, found } = self.ragged;
            return Err(ImportError::Shifted {
                line,
                found,
                header: plan.header.len(),
                count,
                rows: self.rows,
                separator,
            });
        }
        if !dates.is_empty() {
            return Err(ImportError::Dates(dates));
        }
        if self.unread * 2 > self.rows {
            let reasons = self.rejections.told().iter().map(super::report::Rejection::line).collect();
            return Err(ImportError::MostRejected { count: self.unread, rows: self.rows, reasons });
        }
        Ok(())
    }

    /// Counts what changed, and keeps the import unless it is a dry run.
    fn settle(self, request: &Request<'_>, mut writer: Writer<'_>, report: &mut Report) -> Result<(), ImportError> {
        let changed = writer.settle(request.program)?;
        let (created, repeated, related, main) = match &self.target {
            Writing::Records(records) => {
                (records.created, records.repeated, records.related(&changed), records.table())
            }
            Writing::Events(events) => (events.created, events.repeated, events.related(), "event"),
        };
        let updated = changed.get(main).copied().unwrap_or(0);
        let taken = self.rows - self.rejected - self.skipped - self.erased;
        let dangling: Vec<Dangling> = self.reader.danglings.into_iter().filter(Dangling::any).collect();
        report.rows = self.rows;
        report.repeated = repeated;
        report.skipped = self.skipped;
        report.erased = self.erased;
        report.related = related;
        report.counts = Counts {
            created,
            updated,
            unchanged: taken.saturating_sub(created + updated + repeated),
            rejected: self.rejected,
            dangling: dangling.iter().map(|dangling| dangling.missing + dangling.ambiguous).sum(),
        };
        if let Writing::Events(events) = &self.target {
            report.future = events.future;
        }
        report.cleaned = self.reader.cleaned;
        report.dangling = dangling;
        report.merged = writer.merged().clone();
        report.rejections = self.rejections.told();
        if request.dry_run {
            // What comes after it finds what it would have left.
            if writer.is_rehearsal() {
                writer.finish(report.rows, report.counts)?;
            }
            return Ok(());
        }
        report.import = Some(writer.finish(report.rows, report.counts)?);
        if let Some(file) = self.file {
            (report.rejected_file, report.rejected_file_error) = file.keep();
        }
        Ok(())
    }
}
