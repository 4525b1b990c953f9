//! Users from a CSV file.

use csv::{ReaderBuilder, StringRecord, Trim};
use toml::Spanned;

use super::check_desired;
use super::desired::{Desired, DesiredUser, Existence};
use super::error::ProvisionError;
use super::secret_source::SecretSource;
use crate::toml_text;

/// The names of the columns. They are those of the fields in a TOML file, and `password-env`.
const COLUMNS: [&str; 11] = [
    "name",
    "state",
    "full-name",
    "distinguished-name",
    "authentication",
    "emails",
    "pop3-user-names",
    "privileges",
    "login-privileges",
    "own-archive",
    "password-env",
];

/// A cell that removes the values of a field.
const NOTHING: &str = "none";

impl Desired {
    /// Parses users from a CSV file with a header, and checks them.
    ///
    /// The columns have the names of the fields in a TOML file, in any order; `password-env` is the name of an environment
    /// variable. Only `name` is required. A list is separated by semicolons. An empty cell leaves the field unchanged, and
    /// `none` removes all its values.
    ///
    /// # Errors
    /// The file is not valid. The error has the line, and a suggestion if a column is similar to a known one.
    pub fn from_csv(text: &str) -> Result<Self, ProvisionError> {
        let mut reader = ReaderBuilder::new()
            .trim(Trim::All)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let columns = reader.headers().map_err(invalid)?.clone();
        check_columns(&columns)?;
        let text = text.trim_start_matches('\u{feff}');
        let mut desired = Self {
            version: 1,
            ..Self::default()
        };
        for record in reader.records() {
            let record = record.map_err(invalid)?;
            let start = record.position().map_or(0, |position| position.byte());
            let start = usize::try_from(start).unwrap_or(usize::MAX);
            // Line breaks before a record belong to its position.
            let blank = text.get(start..).unwrap_or_default();
            let start = start + (blank.len() - blank.trim_start_matches(['\r', '\n']).len());
            let user = user(&columns, &record).map_err(|problem| {
                ProvisionError::Desired(format!("line {}: {problem}", toml_text::line_of(text, start)))
            })?;
            desired.users.push(Spanned::new(start..start, user));
        }
        check_desired::check(&desired, text)?;
        desired.apply_defaults();
        Ok(desired)
    }
}

fn check_columns(columns: &StringRecord) -> Result<(), ProvisionError> {
    for (index, column) in columns.iter().enumerate() {
        let shown = mailstore_api::printable(column);
        if !COLUMNS.contains(&column) {
            let near = toml_text::nearest(column, &COLUMNS);
            let hint = near.map_or_else(
                || format!("The columns are: {}", COLUMNS.join(", ")),
                |near| format!("Did you mean `{near}`?"),
            );
            return Err(ProvisionError::Desired(format!(
                "line 1: unknown column `{shown}`. {hint}"
            )));
        }
        if columns.iter().take(index).any(|other| other == column) {
            return Err(ProvisionError::Desired(format!(
                "line 1: the column `{shown}` occurs twice"
            )));
        }
    }
    if columns.iter().any(|column| column == "name") {
        return Ok(());
    }
    Err(ProvisionError::Desired(
        "line 1: the column `name` is missing".to_owned(),
    ))
}

fn user(columns: &StringRecord, record: &StringRecord) -> Result<DesiredUser, String> {
    let mut user = DesiredUser::default();
    for (column, cell) in columns.iter().zip(record) {
        if cell.is_empty() {
            continue;
        }
        match column {
            "name" => user.name = cell.to_owned(),
            "state" => {
                user.state = match cell {
                    "present" => Existence::Present,
                    "absent" => Existence::Absent,
                    _ => return Err("column `state`: the value is neither `present` nor `absent`".to_owned()),
                }
            }
            "full-name" => user.full_name = Some(value(cell)),
            "distinguished-name" => user.distinguished_name = Some(value(cell)),
            "authentication" => user.authentication = Some(cell.to_owned()),
            "emails" => user.emails = Some(list(column, cell)?),
            "pop3-user-names" => user.pop3_user_names = Some(list(column, cell)?),
            "privileges" => user.privileges = Some(list(column, cell)?),
            "login-privileges" => user.login_privileges = Some(list(column, cell)?),
            "own-archive" => user.own_archive = Some(list(column, cell)?),
            _ => user.password = Some(SecretSource::Env { env: cell.to_owned() }),
        }
    }
    Ok(user)
}

fn value(cell: &str) -> String {
    if cell == NOTHING {
        String::new()
    } else {
        cell.to_owned()
    }
}

fn list(column: &str, cell: &str) -> Result<Vec<String>, String> {
    let words = cell.split(';').map(str::trim).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_owned).collect();
    if words.is_empty() {
        return Err(format!(
            "column `{column}`: there are only semicolons. Write `{NOTHING}` to remove all values, or nothing to keep them"
        ));
    }
    let is_nothing = |word: &String| word.eq_ignore_ascii_case(NOTHING);
    match words.as_slice() {
        [word] if is_nothing(word) => Ok(Vec::new()),
        words if words.iter().any(is_nothing) => Err(format!(
            "column `{column}`: `{NOTHING}` removes all values, so no other value can be beside it"
        )),
        _ => Ok(words),
    }
}

/// The text of the error would contain the record, which may contain a password.
fn invalid(error: csv::Error) -> ProvisionError {
    let line = error.position().map_or(1, csv::Position::line);
    let problem = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("the line has {len} cells, but the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "the text is not valid UTF-8".to_owned(),
        _ => "this is not CSV".to_owned(),
    };
    ProvisionError::Desired(format!("line {line}: {problem}"))
}
