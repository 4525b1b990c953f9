//! Writes a report as comma-separated values.

use csv::{QuoteStyle, WriterBuilder};

use super::{CustomerMonth, Figure, Report};

const HEADER: [&str; 20] = [
    "month",
    "day",
    "server",
    "instance",
    "name",
    "users",
    "all_users",
    "messages",
    "size_bytes",
    "profiles",
    "failing_profiles",
    "overdue_profiles",
    "profiles_with_errors",
    "jobs",
    "failing_jobs",
    "overdue_jobs",
    "licence_used",
    "licence_allowed",
    "users_last_read",
    "users_last_read_day",
];

/// Writes a report as comma-separated values, with a row for each archive and month in which it existed.
///
/// A figure that was not read is the text `not read`, and a figure that the product does not have is empty. Text of the
/// server that a spreadsheet would run as a formula begins with an apostrophe.
pub fn csv(report: &Report) -> String {
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::NonNumeric)
        .from_writer(Vec::new());
    let written = "a vector can be written, and every record has the same length";
    writer.write_record(HEADER).expect(written);
    for (index, _) in report.months.iter().enumerate().rev() {
        for customer in &report.customers {
            let latest = &customer.latest;
            let Some(month) = customer.months.get(index) else {
                continue;
            };
            if month.users == Figure::Absent {
                continue;
            }
            let names = [&latest.server, &latest.instance, &latest.name];
            let names = names.map(|name| without_formula(name));
            writer.write_record(record(month, names)).expect(written);
        }
    }
    let bytes = writer.into_inner().expect("a vector can be written");
    String::from_utf8(bytes).expect("only text was written")
}

fn record(month: &CustomerMonth, names: [String; 3]) -> Vec<String> {
    let mut record = vec![
        month.month.to_string(),
        month.day.map_or(String::new(), |day| day.to_string()),
    ];
    record.extend(names);
    let (profiles, jobs) = (&month.profiles, &month.jobs);
    let (last_users, last_day) = match &month.users {
        Figure::NotRead {
            last_read: Some(read),
            ..
        } => (read.value.to_string(), read.day.to_string()),
        _ => (String::new(), String::new()),
    };
    record.extend([
        cell(&month.users),
        cell(&month.all_users),
        cell(&month.messages),
        cell(&month.size.map(|size| size.bytes())),
        cell(&profiles.map(|counts| counts.all)),
        cell(&profiles.map(|counts| counts.failing)),
        cell(&profiles.map(|counts| counts.overdue)),
        cell(&profiles.map(|counts| counts.completed_with_errors)),
        cell(&jobs.map(|counts| counts.all)),
        cell(&jobs.map(|counts| counts.failing)),
        cell(&jobs.map(|counts| counts.overdue)),
        cell(&month.licence.map(|licence| licence.used)),
        cell(&month.licence.map(|licence| licence.allowed)),
        last_users,
        last_day,
    ]);
    record
}

fn cell<T: ToString>(figure: &Figure<T>) -> String {
    match figure {
        Figure::Value(value) => value.to_string(),
        Figure::NotRead { .. } => "not read".to_owned(),
        Figure::Absent => String::new(),
    }
}

/// Returns text that no spreadsheet runs as a formula. Spreadsheets ignore blanks at the beginning, and some read
/// full-width signs like others.
fn without_formula(text: &str) -> String {
    let begins = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if begins || text.starts_with(['\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_begins_like_a_formula_gets_an_apostrophe() {
        for text in [
            "=cmd|' /C calc'!A0",
            "+1",
            "-1",
            "@SUM(A1)",
            " =1",
            "\t=1",
            "\r1",
            "＝1",
        ] {
            assert_eq!(without_formula(text), format!("'{text}"), "{text:?}");
        }
        for text in ["", "ACME", "a=b", "1-2", "'=1", "Müller & Söhne"] {
            assert_eq!(without_formula(text), text, "{text:?}");
        }
    }
}
