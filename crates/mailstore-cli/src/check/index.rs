//! `mailstore check index`: the search indexes of the archive stores.

use mailstore_api::types::Store;

use super::choice::Choice;
use super::connect::archive;
use super::metric::Metric;
use super::options::{Common, help};
use super::report::{Item, Report, counted, shown};
use super::state::State;
use super::stores;
use crate::exit::Failed;
use crate::operate::with;

/// Check that no search index must be rebuilt.
#[derive(clap::Args)]
#[command(after_help = help!("index --server mailstore.example.com:8463"))]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    /// The instance. Only for the Service Provider Edition, which needs it.
    #[arg(long, value_name = "ID")]
    pub(crate) instance: Option<String>,
    #[command(flatten)]
    choice: Choice,
    /// The state if search indexes of a store must be rebuilt.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "warning",
        hide_possible_values = true
    )]
    needs_rebuild: State,
    /// The state if a store has an error, so that its indexes cannot be used.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "critical",
        hide_possible_values = true
    )]
    error: State,
    /// The state if the server does not say whether indexes must be rebuilt.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "unknown",
        hide_possible_values = true
    )]
    not_reported: State,
}

pub(crate) fn check(arguments: &Arguments) -> Result<Report, Failed> {
    let archive = archive(&arguments.common.server, arguments.instance.as_deref())?;
    arguments
        .common
        .within_timeout(async { with!(&archive, examine(arguments)) })
}

async fn examine(archive: &impl mailstore_api::Archive, arguments: &Arguments) -> Result<Report, Failed> {
    let stores = archive.get_stores().include_size(false).await?;
    let (stores, notes) = arguments.choice.of(stores, "store", stores::key)?;
    let count = |is: fn(&Store) -> bool| stores.iter().filter(|store| is(store)).count();
    let needs_rebuild = count(|store| store.search_indexes_need_rebuild == Some(true));
    Ok(Report {
        about: format!(
            "the search indexes of {} need no rebuild",
            counted(stores.len(), "store")
        ),
        items: stores.iter().map(|store| arguments.item(store)).collect(),
        metrics: vec![
            Metric::count("total", stores.len()),
            Metric::unwanted("needs_rebuild", needs_rebuild, arguments.needs_rebuild),
            Metric::unwanted("error", count(|store| store.error.is_some()), arguments.error),
        ],
        notes,
        ..Report::default()
    })
}

impl Arguments {
    fn item(&self, store: &Store) -> Item {
        let mut found = vec![match store.search_indexes_need_rebuild {
            Some(false) => (State::Ok, "no rebuild is needed"),
            Some(true) => (self.needs_rebuild, "the search indexes must be rebuilt"),
            None => (
                self.not_reported,
                "the server does not say whether the search indexes must be rebuilt",
            ),
        }]
        .into_iter()
        .map(|(state, text)| (state, text.to_owned()))
        .collect::<Vec<_>>();
        if let Some(error) = &store.error {
            found.push((self.error, format!("error: {}", shown(error))));
        }
        stores::item(store, found)
    }
}
