//! `mailstore check stores`: the archive stores.

use mailstore_api::types::{Store, StoreState};

use super::choice::Choice;
use super::connect::archive;
use super::metric::{Metric, Unit};
use super::options::{Common, help};
use super::report::{Item, Report, counted, shown};
use super::state::State;
use crate::exit::Failed;
use crate::operate::with;

/// Check that the archive stores are open, have no error and need no upgrade.
#[derive(clap::Args)]
#[command(after_help = help!("stores --server mailstore.example.com:8463", "stores --server mailstore.example.com:8474 --instance demo"))]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    /// The instance. Only for the Service Provider Edition, which needs it.
    #[arg(long, value_name = "ID")]
    pub(crate) instance: Option<String>,
    #[command(flatten)]
    choice: Choice,
    /// Ask for the sizes, too. The server needs much longer for the response.
    #[arg(long)]
    sizes: bool,
    /// The state if a store has an error.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "critical",
        hide_possible_values = true
    )]
    error: State,
    /// The state if a store needs an upgrade.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "warning",
        hide_possible_values = true
    )]
    needs_upgrade: State,
    /// The state if a store is disabled: users cannot see its messages.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "ok",
        hide_possible_values = true
    )]
    disabled: State,
    /// The state if the requested state of a store is a word that this program does not know.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "unknown",
        hide_possible_values = true
    )]
    other_state: State,
    /// The state if no store is current: new messages cannot be archived.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "critical",
        hide_possible_values = true
    )]
    no_current: State,
}

pub(crate) fn check(arguments: &Arguments) -> Result<Report, Failed> {
    let archive = archive(&arguments.common.server, arguments.instance.as_deref())?;
    arguments
        .common
        .within_timeout(async { with!(&archive, examine(arguments)) })
}

async fn examine(archive: &impl mailstore_api::Archive, arguments: &Arguments) -> Result<Report, Failed> {
    let stores = archive.get_stores().include_size(arguments.sizes).await?;
    let current = stores
        .iter()
        .any(|store| store.requested_state == StoreState::Current);
    let (stores, mut notes) = arguments.choice.of(stores, "store", key)?;
    if stores.iter().any(|store| store.needs_upgrade.is_none()) {
        notes.push("The server does not say whether each store needs an upgrade.".to_owned());
    }
    let mut items: Vec<Item> = stores.iter().map(|store| arguments.item(store)).collect();
    if !current {
        let text = "no store is current, so new messages cannot be archived";
        items.push(Item::new(arguments.no_current, "", text));
    }
    Ok(Report {
        about: counted(stores.len(), "store"),
        items,
        metrics: arguments.metrics(&stores),
        notes,
        ..Report::default()
    })
}

/// Returns the id and the name of a store.
pub(crate) fn key(store: &Store) -> (String, String) {
    (store.id.0.to_string(), store.name.clone())
}

impl Arguments {
    fn item(&self, store: &Store) -> Item {
        let mut found = Vec::new();
        if let Some(error) = &store.error {
            found.push((self.error, format!("error: {}", shown(error))));
        }
        if store.needs_upgrade == Some(true) {
            found.push((self.needs_upgrade, "needs an upgrade".to_owned()));
        }
        match &store.requested_state {
            StoreState::Disabled => found.push((self.disabled, "disabled".to_owned())),
            StoreState::Unknown(word) => {
                let text = format!("the state `{}` is unknown", shown(word.as_str()));
                found.push((self.other_state, text));
            }
            state => found.push((State::Ok, state.to_string())),
        }
        let mut metrics = Vec::new();
        if let Some(count) = store.statistics_count {
            metrics.push(Metric::new("messages", count, Unit::Count));
        }
        if let Some(size) = store.statistics_size.filter(|_| self.sizes) {
            metrics.push(Metric::new("size", size, Unit::Bytes));
        }
        Item {
            metrics,
            ..item(store, found)
        }
    }

    fn metrics(&self, stores: &[Store]) -> Vec<Metric> {
        let count = |is: fn(&Store) -> bool| stores.iter().filter(|store| is(store)).count();
        let sum = |of: fn(&Store) -> Option<i64>| stores.iter().filter_map(of).fold(0, i64::saturating_add);
        let mut metrics = vec![
            Metric::count("total", stores.len()),
            Metric::unwanted("error", count(|store| store.error.is_some()), self.error),
            Metric::unwanted(
                "needs_upgrade",
                count(|store| store.needs_upgrade == Some(true)),
                self.needs_upgrade,
            ),
            Metric::unwanted(
                "disabled",
                count(|store| store.requested_state == StoreState::Disabled),
                self.disabled,
            ),
            Metric::new("messages", sum(|store| store.statistics_count), Unit::Count),
        ];
        if self.sizes {
            metrics.push(Metric::new(
                "size",
                sum(|store| store.statistics_size),
                Unit::Bytes,
            ));
        }
        metrics
    }
}

/// Returns the item of a store with the worst state, and all texts with the worst first.
pub(crate) fn item(store: &Store, mut found: Vec<(State, String)>) -> Item {
    found.sort_by_key(|(state, _)| std::cmp::Reverse(*state));
    let state = found.first().map_or(State::Ok, |(state, _)| *state);
    let texts: Vec<String> = found.into_iter().map(|(_, text)| text).collect();
    Item {
        kind: "store",
        id: Some(store.id.0.to_string()),
        ..Item::new(state, &shown(&store.name), texts.join(", "))
    }
}
