//! Decides what a synchronization does. It uses neither files nor the network.
//!
//! The `client_stamp` identifies a version of an object. The `server_stamp` of a local object is the `client_stamp` of
//! the version of the server from which the local version was made: its *base*. The Python client writes the same stamps
//! (observed). The `server_stamp` of a record of the server is not used, as in the Python client (observed).
//!
//! The protocol has no conditional upload. A version that another client uploads between a list and an upload is
//! replaced. Two rules detect this:
//!
//! * A client loads the local objects before it requests the list, and it decides about each upload with a list that it
//!   requested just before. So a version that replaces an unseen one is older than the time at which the unseen one was
//!   uploaded. The client of the unseen version recognizes this and keeps it ([`ConflictKind::Overwritten`]).
//! * A client keeps a version that it has uploaded if the server later has an older one.
//!
//! One case cannot be detected: the other client changes its version again and uploads it before the client of the
//! unseen version has synchronized.

use std::collections::BTreeMap;

use crate::access::AccessRight;
use crate::local_state::LocalState;
use crate::object::Object;
use crate::object_id::ObjectId;
use crate::report::ConflictKind;
use crate::stamp::Stamp;

#[cfg(test)]
mod tests;

/// A local object, and what the client knows about its uploads.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub(crate) object: Object,
    /// The stamp of the last version that this client began to send.
    pub(crate) sent: Option<Stamp>,
    /// The time at which this client uploaded its version. `None` if the version came from another client.
    pub(crate) uploaded_at: Option<Stamp>,
}

impl Local {
    pub(crate) fn new(object: Object, state: &LocalState) -> Self {
        Self {
            object,
            sent: state.sent,
            uploaded_at: state.uploaded_at,
        }
    }

    /// Returns whether no version was ever sent to the server.
    pub(crate) fn is_new(&self) -> bool {
        self.object.server_stamp.is_none() && self.sent.is_none()
    }
}

/// What to do with one object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// Record that the server has the local version. An earlier upload arrived, but its response did not.
    Adopt { local: Object, server: Object },
    /// Upload the local version. In a conflict, first keep `loser`, the version of the server.
    Upload {
        local: Object,
        is_first: bool,
        loser: Option<Object>,
    },
    /// Download the version of the server. `replaced` is the stamp of the local version, if there is one. In a conflict,
    /// first keep `loser`, the local version.
    Download {
        server: Object,
        replaced: Option<Stamp>,
        loser: Option<(Object, ConflictKind)>,
    },
    /// The server no longer lists the object. Request the users with access to find out why, and call [`absent`].
    RequestAccess { local: Object },
}

impl Step {
    /// The object of the step.
    pub(crate) fn id(&self) -> &ObjectId {
        match self {
            Self::Adopt { local, .. } | Self::Upload { local, .. } | Self::RequestAccess { local } => {
                &local.id
            }
            Self::Download { server, .. } => &server.id,
        }
    }

    /// The name of the step, for the log.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Adopt { .. } => "adopt",
            Self::Upload { .. } => "upload",
            Self::Download { .. } => "download",
            Self::RequestAccess { .. } => "request access",
        }
    }

    /// Uploads come before downloads, and older versions before newer ones.
    fn order(&self) -> (u8, Stamp) {
        match self {
            Self::Adopt { local, .. } => (0, local.client_stamp),
            Self::Upload { local, .. } => (1, local.client_stamp),
            Self::Download { server, .. } => (2, server.client_stamp),
            Self::RequestAccess { local } => (3, local.client_stamp),
        }
    }
}

/// Returns the steps that bring the folder and the server to the same state, in their order. Objects that are up to
/// date need no step.
pub(crate) fn plan(local: Vec<Local>, server: Vec<Object>) -> Vec<Step> {
    let mut server: BTreeMap<ObjectId, Object> = server
        .into_iter()
        .map(|object| (object.id.clone(), object))
        .collect();
    let mut steps = Vec::new();
    for local in local {
        let found = server.remove(&local.object.id);
        steps.extend(decide(local, found));
    }
    steps.extend(server.into_values().map(|server| Step::Download {
        server,
        replaced: None,
        loser: None,
    }));
    steps.sort_by_key(Step::order);
    steps
}

/// Decides about one local object and the version of the server, if the server lists it.
///
/// A client gives every version a newer stamp than the version that it was made from. So of two versions with different
/// stamps, the older one was not made from the newer one. In a conflict, the newer version is kept.
pub(crate) fn decide(local: Local, server: Option<Object>) -> Option<Step> {
    let Local {
        object: local,
        sent,
        uploaded_at,
    } = local;
    let Some(server) = server else {
        return Some(match local.server_stamp {
            None => Step::Upload {
                local,
                is_first: true,
                loser: None,
            },
            Some(_) => Step::RequestAccess { local },
        });
    };
    let is_base = local.server_stamp == Some(server.client_stamp);
    let is_changed = local.is_changed();
    if is_base && !is_changed {
        return None;
    }
    if local.client_stamp == server.client_stamp && local.values == server.values {
        return Some(Step::Adopt { local, server });
    }
    let is_same = is_same(&local, &server);
    let is_own = sent == Some(server.client_stamp);
    if is_changed && (is_base || is_own) {
        return Some(Step::Upload {
            local,
            is_first: false,
            loser: None,
        });
    }
    if local.client_stamp > server.client_stamp && (is_changed || local.may_update()) {
        let loser = Some(server).filter(|_| !is_same);
        return Some(Step::Upload {
            local,
            is_first: false,
            loser,
        });
    }
    let is_unseen = uploaded_at.is_some_and(|time| server.client_stamp < time);
    let kind = match is_changed {
        true => Some(ConflictKind::ServerIsNewer),
        false if is_unseen => Some(ConflictKind::Overwritten),
        false => None,
    };
    let replaced = Some(local.client_stamp);
    let loser = kind.filter(|_| !is_same).map(|kind| (local, kind));
    Some(Step::Download {
        server,
        replaced,
        loser,
    })
}

/// Returns whether nothing is lost if one version replaces the other. Files with the same names may differ.
fn is_same(one: &Object, other: &Object) -> bool {
    one.values == other.values && one.values.file_paths().is_ok_and(|paths| paths.is_empty())
}

/// Why the server does not list an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absence {
    /// The object was deleted.
    Deleted,
    /// The object exists, but the user has no access to it.
    NotMine,
}

/// Decides why the server does not list an object. `users` are the names and rights of all users.
///
/// The server returns all users without a right if it does not know the object (seen in the documentation of the Python
/// client). A list without the user of the client is not such a list, so the object is not taken as deleted.
pub(crate) fn absent<'a>(user: &str, users: impl IntoIterator<Item = (&'a str, &'a AccessRight)>) -> Absence {
    let mut is_user_listed = false;
    for (name, right) in users {
        if *right != AccessRight::None {
            return Absence::NotMine;
        }
        is_user_listed |= name == user;
    }
    match is_user_listed {
        true => Absence::Deleted,
        false => Absence::NotMine,
    }
}

/// Returns the local object after the server has accepted `uploaded`. `current` is the object in the folder, which the
/// program may have changed during the upload.
pub(crate) fn after_upload(current: Object, uploaded: &Object) -> Object {
    Object {
        server_stamp: Some(uploaded.client_stamp),
        server_values: uploaded.values.clone(),
        ..current
    }
}

/// Returns the object of the folder after the version of the server was downloaded.
pub(crate) fn after_download(server: Object) -> Object {
    Object {
        server_stamp: Some(server.client_stamp),
        server_values: server.values.clone(),
        ..server
    }
}
