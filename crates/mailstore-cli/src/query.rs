//! Filters in the language of `jq`.

use jaq_all::data::{self, Filter, Runner, base_funs};
use jaq_all::jaq_core::Vars;
use jaq_all::json::Val;
use jaq_all::load::FileReportsDisp;
use miette::{Report, miette};

use crate::exit::Failed;

/// A compiled filter.
pub(crate) struct Query(Filter);

impl Query {
    /// Compiles a filter.
    ///
    /// # Errors
    /// The filter is invalid. The error shows the place.
    pub(crate) fn new(filter: &str) -> Result<Self, Failed> {
        jaq_all::compile_with(filter, jaq_all::defs(), base_funs(), &[])
            .map(Self)
            .map_err(|reports| {
                let shown: String = reports
                    .iter()
                    .map(|report| FileReportsDisp::new(report).to_string())
                    .collect();
                let shown = shown.trim_start_matches("Error: ").trim_end().to_owned();
                Failed::usage(miette!("the filter of `--query` is invalid: {shown}"))
            })
    }

    /// Applies the filter to a value. If it returns several values, the result is a list of them.
    ///
    /// # Errors
    /// The filter fails for this value.
    pub(crate) fn apply(&self, value: Val) -> Result<Val, Report> {
        let mut outputs = Vec::new();
        let failed = |text: String| miette!("the filter of `--query` failed: {text}");
        data::run(
            &Runner::default(),
            &self.0,
            Vars::new([]),
            (&Val::Null, std::iter::once(Ok::<Val, String>(value))),
            failed,
            |output| match output {
                Ok(value) => {
                    outputs.push(value);
                    Ok(())
                }
                Err(exception) => {
                    let reason = exception
                        .get_err()
                        .map_or_else(|_| "it called `halt`".to_owned(), |error| error.to_string());
                    Err(failed(mailstore_reach::printable(&reason).whole().to_string()))
                }
            },
        )?;
        Ok(if outputs.len() == 1 {
            outputs.remove(0)
        } else {
            outputs.into_iter().collect()
        })
    }
}
