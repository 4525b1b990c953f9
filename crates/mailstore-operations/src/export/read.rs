//! Reads the configuration of a server.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, stream};
use mailstore_api::{Call, Connection, Edition, Error, ErrorKind, Json, Timestamp};
use serde_json::{Map, Value};

use super::Export;
use super::canonical;
use super::file_name::file_names;
use super::kind::{Kind, LIST_OF_USERS, USER, kinds_of};
use super::manifest::{Cause, Manifest, NotRead};
use super::place::{INSTANCES, PLATFORM, Place, SERVER, USERS};
use crate::redact::redact_text;
use crate::{Installation, ListedArchive};

/// One call whose result becomes a document.
struct Request {
    place: Place,
    kind: &'static Kind,
    instance: Option<String>,
    /// The user, and the row of the user in the list of users.
    user: Option<(String, Map<String, Value>)>,
}

impl Export {
    /// Reads the configuration of a server and of the given archives. `parallel` requests are sent at the same time.
    /// `now` is the time of the export, and `tool` is the name and version of the program, for the manifest.
    ///
    /// `archives` are those of the same installation. Instances that are not among them are noted as not chosen. What
    /// cannot be read is noted in the [`manifest`](Export::manifest), and is no error.
    ///
    /// Sends only requests that read. Dropping the future loses nothing, and the function can be repeated.
    ///
    /// # Errors
    /// The first request, for the version of the server, failed.
    pub async fn read(
        installation: &Installation,
        archives: &[ListedArchive],
        parallel: usize,
        now: Timestamp,
        tool: &str,
    ) -> Result<Self, Error> {
        let (connection, edition, main) = match installation {
            Installation::Server(client) => (client.connection(), Edition::Server, SERVER),
            Installation::Provider(client) => (client.connection(), Edition::Spe, PLATFORM),
        };
        let mut export = Self {
            manifest: Manifest::new(edition, connection.origin(), now, tool),
            documents: BTreeMap::new(),
        };
        let mut requests = requests(main, archives, edition, &mut export.manifest.not_read);
        let first = requests.remove(0);
        let info = call(connection, &first).await?;
        let info = decoded(&info);
        let version = info.as_ref().ok().and_then(|info| info.get("version")?.as_str());
        export.manifest.server_version = version.map(str::to_owned);
        export.add(first, info);

        let lists = archives_with_users(archives, edition);
        let mut users = Vec::new();
        let mut results = stream::iter(requests.into_iter().chain(lists))
            .map(|request| answered(connection, request))
            .buffered(parallel.max(1));
        while let Some((request, result)) = results.next().await {
            match result {
                Ok(list) if request.kind.function == LIST_OF_USERS.function => {
                    users.extend(of_users(&request, list, &mut export.manifest.not_read));
                }
                result => export.add(request, result),
            }
        }
        drop(results);
        let mut results = stream::iter(users)
            .map(|request| answered(connection, request))
            .buffered(parallel.max(1));
        while let Some((request, result)) = results.next().await {
            export.add(request, result);
        }
        drop(results);
        if edition == Edition::Spe {
            export.note_instances_that_were_not_chosen(archives);
        }
        export.manifest.not_read.sort();
        Ok(export)
    }

    fn add(&mut self, request: Request, result: Result<Value, Failure>) {
        match result {
            Ok(mut value) => {
                if let (Some((_, row)), Value::Object(info)) = (request.user, &mut value) {
                    // Members that only the list of users has are kept.
                    row.into_iter().for_each(|(member, value)| {
                        info.entry(member).or_insert(value);
                    });
                }
                let document = canonical::document(value, request.kind);
                self.documents.insert(request.place, canonical::text(&document));
            }
            Err(Failure(cause, reason)) => {
                self.manifest
                    .not_read
                    .push(NotRead::new(request.place, cause, reason));
            }
        }
    }

    fn note_instances_that_were_not_chosen(&mut self, archives: &[ListedArchive]) {
        let list = self.documents.get(&Place::kind(PLATFORM, "instances"));
        let list: Vec<Value> = list
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        let listed = list.iter().filter_map(|row| row.get("instanceID")?.as_str());
        let chosen: Vec<&str> = archives.iter().map(ListedArchive::id).collect();
        // All names are needed to give each a file name of its own.
        let folders = file_names(listed.chain(chosen.iter().copied()));
        for (id, folder) in folders {
            if !chosen.contains(&id) {
                let place = Place::archive(&format!("{INSTANCES}{folder}"));
                let missing = NotRead::new(place, Cause::NotChosen, "the instance was not chosen");
                self.manifest.not_read.push(missing);
            }
        }
    }
}

/// Returns the requests for everything except the users. The first one is for the version.
fn requests(
    main: &str,
    archives: &[ListedArchive],
    edition: Edition,
    not_read: &mut Vec<NotRead>,
) -> Vec<Request> {
    let request = |archive: &str, kind: &'static Kind, instance: Option<&str>| Request {
        place: Place::kind(archive, kind.name),
        kind,
        instance: instance.map(str::to_owned),
        user: None,
    };
    let mut requests: Vec<Request> = kinds_of(main).map(|kind| request(main, kind, None)).collect();
    if edition == Edition::Server {
        return requests;
    }
    for (folder, archive) in folders(archives) {
        for kind in kinds_of(&folder) {
            match archive.not_running().filter(|_| kind.needs_running) {
                None => requests.push(request(&folder, kind, Some(archive.id()))),
                Some(reason) => {
                    not_read.push(NotRead::new(
                        Place::kind(&folder, kind.name),
                        Cause::Failed,
                        reason,
                    ));
                }
            }
        }
        if let Some(reason) = archive.not_running() {
            not_read.push(NotRead::new(Place::kind(&folder, USERS), Cause::Failed, reason));
        }
    }
    requests
}

/// Returns the requests for the lists of users.
fn archives_with_users(archives: &[ListedArchive], edition: Edition) -> Vec<Request> {
    let list = |folder: &str, instance| Request {
        place: Place::kind(folder, USERS),
        kind: &LIST_OF_USERS,
        instance,
        user: None,
    };
    if edition == Edition::Server {
        return vec![list(SERVER, None)];
    }
    let running = folders(archives).filter(|(_, archive)| archive.not_running().is_none());
    running
        .map(|(folder, archive)| list(&folder, Some(archive.id().to_owned())))
        .collect()
}

/// Returns the archives with their folders.
fn folders(archives: &[ListedArchive]) -> impl Iterator<Item = (String, &ListedArchive)> {
    let names = file_names(archives.iter().map(ListedArchive::id));
    archives
        .iter()
        .map(move |archive| (format!("{INSTANCES}{}", names[archive.id()]), archive))
}

/// Returns the requests for the users in a list. A row without a name is noted as not read.
fn of_users(request: &Request, list: Value, not_read: &mut Vec<NotRead>) -> Vec<Request> {
    let Value::Array(rows) = list else {
        not_read.push(NotRead::new(
            request.place.clone(),
            Cause::Failed,
            "the list of users is not a list",
        ));
        return Vec::new();
    };
    let mut named: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for row in rows {
        match row {
            Value::Object(row) if row.get("userName").is_some_and(Value::is_string) => {
                let name = row["userName"].as_str().unwrap_or_default().to_owned();
                named.insert(name, row);
            }
            _ => {
                let reason = "the list of users has a row without a name";
                not_read.push(NotRead::new(request.place.clone(), Cause::Failed, reason));
                return Vec::new();
            }
        }
    }
    let files = file_names(named.keys().map(String::as_str));
    let places: Vec<(String, Place)> = files
        .into_iter()
        .map(|(name, file)| (name.to_owned(), Place::user(&request.place.archive, &file)))
        .collect();
    places
        .into_iter()
        .map(|(name, place)| Request {
            place,
            kind: &USER,
            instance: request.instance.clone(),
            user: named.remove(&name).map(|row| (name, row)),
        })
        .collect()
}

async fn answered(connection: &Connection, request: Request) -> (Request, Result<Value, Failure>) {
    let result = match call(connection, &request).await {
        Ok(result) => decoded(&result),
        Err(error) => Err(failed(&error)),
    };
    (request, result)
}

/// Returns the result of a function with the members that this version does not know.
async fn call(connection: &Connection, request: &Request) -> Result<Json, Error> {
    let mut call: Call<Json> = Call::new(connection, request.kind.function);
    for (name, value) in request.kind.arguments {
        call = call.arg(name, *value);
    }
    if let Some(instance) = &request.instance {
        call = call.arg("instanceID", instance.as_str());
    }
    if let Some((user, _)) = &request.user {
        call = call.arg("userName", user.as_str());
    }
    call.await
}

/// Why a result could not be read, and the reason for people.
struct Failure(Cause, String);

/// Reads the JSON of a result. JSON that is nested very deeply cannot be read.
fn decoded(result: &Json) -> Result<Value, Failure> {
    let value = result.decode();
    value.map_err(|error| Failure(Cause::Failed, format!("the result cannot be read: {error}")))
}

fn failed(error: &Error) -> Failure {
    if matches!(
        error.kind(),
        ErrorKind::UnknownFunction {
            listed: Some(false),
            ..
        }
    ) {
        return Failure(
            Cause::NotSupported,
            "the server does not have the function".to_owned(),
        );
    }
    Failure(Cause::Failed, redact_text(&error.to_string()))
}
