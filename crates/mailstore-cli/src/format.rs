//! The form in which results are printed.

use std::io::{self, IsTerminal as _};

use jaq_all::fmts::write::yaml;
use jaq_all::json::Val;
use jaq_all::json::write::{Pp, write};
use mailstore_api::Json;
use mailstore_codegen::model::Field;
use miette::{Context as _, IntoDiagnostic as _, Report, miette};

use crate::exit::Failed;
use crate::json_text;
use crate::output::print;
use crate::query::Query;
use crate::rows::Rows;
use crate::value;

/// The options for the form of a result.
#[derive(clap::Args, Clone, Default)]
pub(crate) struct FormatOptions {
    /// The form of the result. Default: `table` on a terminal, otherwise `json`.
    #[arg(long, short, value_enum, help_heading = "Output")]
    output: Option<Output>,
    /// Show only these members, in this order.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "Output")]
    columns: Vec<String>,
    /// Sort the items of a list by this member. `-NAME` sorts from the largest to the smallest.
    #[arg(
        long,
        value_name = "NAME",
        allow_hyphen_values = true,
        help_heading = "Output"
    )]
    sort: Option<String>,
    /// Apply this filter to the result, in the language of `jq`.
    #[arg(long, value_name = "FILTER", help_heading = "Output")]
    query: Option<String>,
}

/// The form of a result.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Output {
    /// A table that fits the terminal. Sizes and times are rounded.
    Table,
    /// Indented JSON.
    Json,
    /// JSON with one line for each item of a list.
    Ndjson,
    Yaml,
    /// Comma-separated values with a header.
    Csv,
    /// The JSON that the server sent.
    Raw,
}

/// The checked options.
pub(crate) struct Format {
    output: Output,
    columns: Vec<String>,
    sort: Option<String>,
    query: Option<Query>,
}

impl FormatOptions {
    /// Checks the options. This comes before the call, because a result cannot always be requested again.
    ///
    /// # Errors
    /// The filter is invalid, or the options contradict each other.
    pub(crate) fn format(&self) -> Result<Format, Failed> {
        let usual = if io::stdout().is_terminal() {
            Output::Table
        } else {
            Output::Json
        };
        let output = self.output.unwrap_or(usual);
        let changes = !self.columns.is_empty() || self.sort.is_some() || self.query.is_some();
        if output == Output::Raw && changes {
            return Err(Failed::usage(miette!(
                "`--output raw` prints what the server sent: it cannot be combined with `--columns`, `--sort` or `--query`"
            )));
        }
        Ok(Format {
            output,
            columns: self.columns.clone(),
            sort: self.sort.clone(),
            query: self.query.as_deref().map(Query::new).transpose()?,
        })
    }
}

impl Format {
    /// Prints the result of a call. Nothing is printed for a function that returns nothing. `fields` are the known
    /// members of the result, or of each item.
    ///
    /// # Errors
    /// The filter fails, a column does not exist, or the output cannot be written. If the call cannot be repeated
    /// (`is_kept`), the result is then printed as JSON, so that it is not lost.
    pub(crate) fn print(&self, result: &Json, fields: &[Field], is_kept: bool) -> Result<(), Failed> {
        if result.is_null() {
            return Ok(());
        }
        match self.text(result, fields) {
            Ok(text) => print(&text),
            Err(report) => {
                if is_kept {
                    print(&(json_text::indented(&mailstore_reach::printable_json(result.text())) + "\n"))?;
                }
                Err(Failed::usage(report.wrap_err(
                    "the call succeeded, but its result cannot be shown as requested",
                )))
            }
        }
    }

    fn text(&self, result: &Json, fields: &[Field]) -> Result<String, Report> {
        let text = mailstore_reach::printable_json(result.text());
        let is_plain = self.columns.is_empty() && self.sort.is_none() && self.query.is_none();
        match self.output {
            Output::Raw => return Ok(text + "\n"),
            // The text is not parsed, so it is exactly what the server sent.
            Output::Json if is_plain => return Ok(json_text::indented(&text) + "\n"),
            _ => {}
        }
        let mut value = value::parse(&text)?;
        if let Some(query) = &self.query {
            value = query.apply(value)?;
        }
        if self.sort.is_some() || !self.columns.is_empty() {
            value = self.selected(value)?;
        }
        match self.output {
            Output::Table => Ok(Rows::of(&value).table(fields)),
            Output::Csv => Rows::of(&value).csv(),
            Output::Ndjson => {
                let items = match &value {
                    Val::Arr(items) => items.as_slice(),
                    one => std::slice::from_ref(one),
                };
                let line = |item: &Val| Ok(mailstore_reach::printable_json(&value::json(item)?) + "\n");
                items.iter().map(line).collect()
            }
            Output::Yaml => written(|out| yaml::write(out, &layout(true), 0, &value)),
            Output::Json | Output::Raw => {
                let json = written(|out| write(out, &layout(false), 0, &value))?;
                Ok(mailstore_reach::printable_json(&json))
            }
        }
    }

    /// Sorts the items of a list and keeps only the columns.
    fn selected(&self, value: Val) -> Result<Val, Report> {
        let mut items = match &value {
            Val::Arr(items) => items.as_ref().clone(),
            one => vec![one.clone()],
        };
        let names = value::names(&items);
        let known = |name: &String| -> Result<(), Report> {
            if names.contains(name) {
                return Ok(());
            }
            let suggested = mailstore_reach::nearest(name, names.iter().map(String::as_str));
            let suggestion = suggested.map_or_else(String::new, |name| format!("Did you mean `{name}`? "));
            let names = mailstore_reach::printable(&names.join(", ")).whole().to_string();
            Err(miette!(
                help = format!("{suggestion}The result has: {names}"),
                "the result has no member `{}`",
                mailstore_reach::printable(name)
            ))
        };
        // An empty list has no members.
        if items.is_empty() {
            return Ok(value);
        }
        if let Some(sort) = &self.sort {
            let descending = sort.strip_prefix('-');
            let name = descending.unwrap_or(sort).to_owned();
            known(&name)?;
            items.sort_by_key(|item| value::member(item, &name));
            if descending.is_some() {
                items.reverse();
            }
        }
        self.columns.iter().try_for_each(known)?;
        if !self.columns.is_empty() {
            items = items
                .iter()
                .map(|item| value::only(item, &self.columns))
                .collect();
        }
        Ok(match value {
            Val::Arr(_) => items.into_iter().collect(),
            _ => items.remove(0),
        })
    }
}

/// Returns how structured text is laid out.
fn layout(sep_space: bool) -> Pp {
    Pp {
        indent: Some("  ".to_owned()),
        sep_space,
        ..Pp::default()
    }
}

/// Returns what a writer of `jaq` writes, with a line end.
fn written(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Result<String, Report> {
    let mut text = Vec::new();
    write(&mut text).into_diagnostic()?;
    text.push(b'\n');
    String::from_utf8(text)
        .into_diagnostic()
        .wrap_err("the result is not UTF-8")
}
