//! Archive stores.

use serde_json::{Value, json};

use crate::envelope::Failure;

/// The states that clients can request for a store (documented).
const STATES: [&str; 4] = ["current", "normal", "writeProtected", "disabled"];

/// One archive store.
#[derive(Debug, Clone, Default)]
pub(crate) struct Store {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// The kind of the store. Only MailStore Server has it.
    pub(crate) kind: Option<String>,
    pub(crate) requested_state: String,
    pub(crate) error: Option<String>,
    pub(crate) count: i64,
    pub(crate) size: i64,
    pub(crate) needs_upgrade: bool,
    pub(crate) needs_rebuild: bool,
    pub(crate) database_path: Option<String>,
    pub(crate) content_path: Option<String>,
    pub(crate) index_path: Option<String>,
    /// The location of the database of a store of MailStore Server, unless it is stored in files.
    pub(crate) database_name: Option<String>,
    pub(crate) server_name: Option<String>,
    pub(crate) user_name: Option<String>,
    pub(crate) password_set: bool,
}

impl Store {
    /// Returns a row of GetStores. The Service Provider Edition has no `type`. The size in a response without sizes
    /// is not published. The simulator returns null.
    pub(crate) fn row(&self, include_size: bool) -> Value {
        let mut row = json!({
            "id": self.id,
            "name": self.name,
            "requestedState": self.requested_state,
            "error": self.error,
            "statisticsCount": self.count,
            "statisticsSize": include_size.then_some(self.size),
            "needsUpgrade": self.needs_upgrade,
            "searchIndexesNeedRebuild": self.needs_rebuild,
            "databasePath": self.database_path,
            "contentPath": self.content_path,
            "indexPath": self.index_path,
        });
        if let Some(kind) = &self.kind {
            row["type"] = json!(kind);
        }
        row
    }

    /// Returns a failure if the store is not open.
    pub(crate) fn open(&self) -> Result<&Store, Failure> {
        match &self.error {
            Some(error) => Err(Failure::new(format!(
                "The archive store {} has an error: {error}",
                self.name
            ))),
            None if self.requested_state == "disabled" => Err(Failure::new(format!(
                "The archive store {} is disabled.",
                self.name
            ))),
            None => Ok(self),
        }
    }
}

/// The stores of an archive.
#[derive(Debug, Default)]
pub(crate) struct Stores {
    all: Vec<Store>,
    /// The last assigned id. Ids are never reused.
    last_id: i64,
    /// The default directory of stores.
    base_directory: String,
}

impl Stores {
    pub(crate) fn new(base_directory: &str) -> Stores {
        Stores {
            base_directory: base_directory.to_owned(),
            ..Stores::default()
        }
    }

    pub(crate) fn all(&self) -> &[Store] {
        &self.all
    }

    pub(crate) fn all_mut(&mut self) -> &mut [Store] {
        &mut self.all
    }

    pub(crate) fn find(&self, id: i64) -> Result<&Store, Failure> {
        self.all
            .iter()
            .find(|store| store.id == id)
            .ok_or_else(|| unknown(id))
    }

    pub(crate) fn find_mut(&mut self, id: i64) -> Result<&mut Store, Failure> {
        self.all
            .iter_mut()
            .find(|store| store.id == id)
            .ok_or_else(|| unknown(id))
    }

    /// Adds a store with the next id, fills in missing paths, and sets its state.
    pub(crate) fn add(&mut self, mut store: Store, state: Option<&str>) -> Result<i64, Failure> {
        self.free(&store.name, None)?;
        let state = known_state(state.unwrap_or("normal"))?;
        self.last_id += 1;
        store.id = self.last_id;
        state.clone_into(&mut store.requested_state);
        if store.database_name.is_none() {
            let base = format!("{}\\{}", self.base_directory, store.name);
            let database = store.database_path.get_or_insert(base).clone();
            store
                .content_path
                .get_or_insert_with(|| format!("{database}\\Content"));
            store
                .index_path
                .get_or_insert_with(|| format!("{database}\\Index"));
        }
        self.all.push(store);
        self.request(self.last_id, Some(state))?;
        Ok(self.last_id)
    }

    pub(crate) fn rename(&mut self, id: i64, name: &str) -> Result<(), Failure> {
        self.free(name, Some(id))?;
        name.clone_into(&mut self.find_mut(id)?.name);
        Ok(())
    }

    pub(crate) fn detach(&mut self, id: i64) -> Result<(), Failure> {
        self.find(id)?;
        self.all.retain(|store| store.id != id);
        Ok(())
    }

    /// Sets the state of a store. Only one store can be current. The previous current store becomes normal. Without a
    /// state, nothing changes (inferred).
    pub(crate) fn request(&mut self, id: i64, state: Option<&str>) -> Result<(), Failure> {
        self.find(id)?;
        let Some(state) = state else { return Ok(()) };
        let state = known_state(state)?;
        if state == "current" {
            for store in self
                .all
                .iter_mut()
                .filter(|store| store.requested_state == "current")
            {
                "normal".clone_into(&mut store.requested_state);
            }
        }
        state.clone_into(&mut self.find_mut(id)?.requested_state);
        Ok(())
    }

    /// Moves all messages of one store to another.
    pub(crate) fn merge(&mut self, id: i64, source: i64) -> Result<(), Failure> {
        let from = self.find_mut(source)?;
        let (count, size) = (std::mem::take(&mut from.count), std::mem::take(&mut from.size));
        let into = self.find_mut(id)?;
        into.count += count;
        into.size += size;
        Ok(())
    }

    /// Returns the number of messages in all stores.
    pub(crate) fn messages(&self) -> i64 {
        self.all.iter().map(|store| store.count).sum()
    }

    /// Returns the size of all stores in bytes.
    pub(crate) fn bytes(&self) -> i64 {
        self.all.iter().map(|store| store.size).sum()
    }

    fn free(&self, name: &str, except: Option<i64>) -> Result<(), Failure> {
        if name.trim().is_empty() {
            return Err(Failure::new("The name of an archive store must not be empty."));
        }
        let taken = |store: &&Store| Some(store.id) != except && store.name.eq_ignore_ascii_case(name);
        match self.all.iter().find(taken) {
            Some(store) => Err(Failure::new(format!(
                "An archive store with the name {} exists already.",
                store.name
            ))),
            None => Ok(()),
        }
    }
}

fn known_state(state: &str) -> Result<&'static str, Failure> {
    let known = STATES.into_iter().find(|known| known.eq_ignore_ascii_case(state));
    known.ok_or_else(|| Failure::new(format!("'{state}' is not a state of archive stores.")))
}

fn unknown(id: i64) -> Failure {
    Failure::new(format!("There is no archive store with the id {id}."))
}
