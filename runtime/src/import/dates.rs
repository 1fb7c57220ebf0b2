//! How the dates of a column are written, counted over the whole file: a column is written in one way, or refused.

use std::collections::BTreeMap;

use super::convert::Form;

/// How the dates of one column are written.
#[derive(Clone, Debug, Default)]
pub(super) struct DateForms {
    read: u64,
    example: String,
    others: BTreeMap<Form, Other>,
}

#[derive(Clone, Debug, Default)]
struct Other {
    count: u64,
    line: u64,
    example: String,
}

impl DateForms {
    pub(super) fn read(&mut self, cell: &str) {
        if self.read == 0 {
            self.example = cell.trim().to_owned();
        }
        self.read += 1;
    }

    pub(super) fn other(&mut self, form: Form, cell: &str, line: u64) {
        let other = self.others.entry(form).or_default();
        if other.count == 0 {
            (other.line, other.example) = (line, cell.trim().to_owned());
        }
        other.count += 1;
    }

    /// What is wrong with the column; nothing where its dates are written in the way asked for.
    pub(super) fn error(&self, column: &str, pattern: Option<&str>) -> Option<String> {
        if self.others.is_empty() {
            return None;
        }
        let mut counted = Vec::new();
        if self.read > 0 {
            counted.push(format!("{} like `{}`", cells(self.read), self.example));
        }
        counted.extend(self.others.values().map(|other| {
            format!("{} like `{}` (the first in line {})", cells(other.count), other.example, other.line)
        }));
        let all: u64 = self.others.values().map(|other| other.count).sum();
        let day = self.others.keys().any(|form| matches!(form, Form::DayFirst(_)));
        let month = self.others.keys().any(|form| matches!(form, Form::MonthFirst(_)));
        let separator = self.others.keys().find_map(|form| match form {
            Form::DayFirst(separator) | Form::MonthFirst(separator) | Form::Either(separator) => Some(*separator),
            Form::Iso => None,
        });
        let say = |order: &str| format!("`as date \"{}\"`", order.replace(' ', &separator.unwrap_or('/').to_string()));
        let (day_first, month_first) = (say("%d %m %Y"), say("%m %d %Y"));
        let todo = match (self.read > 0, day, month) {
            (true, ..) => "its dates are written in several ways: write them all in one, then import again".to_owned(),
            (false, true, true) => {
                "in some the day comes first and in some the month: write them all in one way".to_owned()
            }
            (false, true, false) => format!("the day comes first: say {day_first} in the source"),
            (false, false, true) => format!("the month comes first: say {month_first} in the source"),
            (false, false, false) if separator.is_none() => {
                format!("they do not fit the pattern `{}`: take it out of the source", pattern.unwrap_or_default())
            }
            (false, false, false) => format!(
                "day or month may come first in {}: say {day_first} or {month_first} in the source",
                if all == 1 { "it" } else { "all of them" }
            ),
        };
        Some(format!("{column} has {}; {todo}", counted.join(" and ")))
    }
}

fn cells(count: u64) -> String {
    if count == 1 { "1 cell".into() } else { format!("{count} cells") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(read: &[&str], others: &[(Form, &str)], pattern: Option<&str>) -> String {
        let mut forms = DateForms::default();
        read.iter().for_each(|cell| forms.read(cell));
        others.iter().zip(2..).for_each(|((form, cell), line)| forms.other(*form, cell, line));
        forms.error("`close_date` from \"Close Date\"", pattern).unwrap()
    }

    #[test]
    fn a_column_is_written_in_one_way() {
        insta::assert_snapshot!(error(&["2026-04-03", "2026-04-04"], &[(Form::Either('/'), "03/04/2026")], None),
            @r#"`close_date` from "Close Date" has 2 cells like `2026-04-03` and 1 cell like `03/04/2026` (the first in line 2); its dates are written in several ways: write them all in one, then import again"#);
        insta::assert_snapshot!(error(&[], &[(Form::Either('/'), "03/04/2026"), (Form::Either('/'), "05/04/2026")], None),
            @r#"`close_date` from "Close Date" has 2 cells like `03/04/2026` (the first in line 2); day or month may come first in all of them: say `as date "%d/%m/%Y"` or `as date "%m/%d/%Y"` in the source"#);
        insta::assert_snapshot!(error(&[], &[(Form::Either('.'), "03.04.2026"), (Form::DayFirst('.'), "31.04.2026")], None),
            @r#"`close_date` from "Close Date" has 1 cell like `31.04.2026` (the first in line 3) and 1 cell like `03.04.2026` (the first in line 2); the day comes first: say `as date "%d.%m.%Y"` in the source"#);
        insta::assert_snapshot!(error(&[], &[(Form::Iso, "2026-04-03")], Some("%d/%m/%Y")),
            @r#"`close_date` from "Close Date" has 1 cell like `2026-04-03` (the first in line 2); they do not fit the pattern `%d/%m/%Y`: take it out of the source"#);
        assert_eq!(DateForms::default().error("x", None), None);
    }
}
