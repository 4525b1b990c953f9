//! An object, as the server sends it and as the folder of the client keeps it.

use wire_values::Unknown;

use crate::access::AccessRight;
use crate::error::{Error, ErrorKind};
use crate::object_id::ObjectId;
use crate::stamp::Stamp;
use crate::values::Values;

/// An object with its values.
///
/// It is a copy of the state at the time of the call that returned it. [`Client::object`](crate::Client::object) returns
/// the current state.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Object {
    /// The id.
    pub id: ObjectId,
    /// The stamp of this version.
    pub client_stamp: Stamp,
    /// The stamp of the version that the server has. `None` if the object was never uploaded.
    pub server_stamp: Option<Stamp>,
    /// The values of this version.
    pub values: Values,
    /// The values of the version that the server has.
    pub server_values: Values,
    /// The id of the storage host that has the attached files.
    pub storage_host: Option<String>,
    /// The user who made this version.
    pub user_name: String,
    /// The device on which this version was made.
    pub device_id: String,
    /// The program that made this version.
    pub app_id: String,
    /// What the user of the client may do with the object.
    pub access_right: AccessRight,
}

impl Object {
    /// Returns whether this version was not uploaded yet.
    pub fn is_changed(&self) -> bool {
        self.server_stamp.is_none_or(|server| self.client_stamp > server)
    }

    /// Returns the newer one of the two stamps.
    pub(crate) fn newest(&self) -> Stamp {
        self.server_stamp
            .map_or(self.client_stamp, |stamp| stamp.max(self.client_stamp))
    }

    /// Checks the stamp of an update.
    ///
    /// # Errors
    /// It is not newer than the object: [`ErrorKind::StampNotNewer`].
    pub(crate) fn check_newer(&self, stamp: Stamp) -> Result<(), Error> {
        let current = self.newest();
        match stamp > current {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::StampNotNewer { stamp, current })),
        }
    }

    /// Returns whether the user may update the object.
    pub(crate) fn may_update(&self) -> bool {
        !matches!(self.access_right, AccessRight::Read | AccessRight::None)
    }

    /// Returns the names and the values of all members, in their order on the wire and in files.
    pub(crate) fn members(&self) -> [(&'static str, Member<'_>); 10] {
        let server_stamp = self.server_stamp.as_ref().map_or("", Stamp::as_str);
        [
            ("oaio_id", Member::Text(self.id.as_str())),
            ("client_stamp", Member::Text(self.client_stamp.as_str())),
            ("server_stamp", Member::Text(server_stamp)),
            ("client_values", Member::Values(&self.values)),
            ("server_values", Member::Values(&self.server_values)),
            (
                "csh_id",
                self.storage_host.as_deref().map_or(Member::Null, Member::Text),
            ),
            ("username", Member::Text(&self.user_name)),
            ("device_id", Member::Text(&self.device_id)),
            ("app_id", Member::Text(&self.app_id)),
            ("csh_access_right", Member::Text(self.access_right.as_str())),
        ]
    }
}

/// The value of a member of an object.
#[derive(Clone, Copy)]
pub(crate) enum Member<'a> {
    Null,
    Text(&'a str),
    Values(&'a Values),
}

/// The members of an object as they were received, before they are checked.
#[derive(Debug)]
pub(crate) struct Received {
    oaio_id: String,
    client_stamp: String,
    server_stamp: Option<String>,
    client_values: Values,
    server_values: Option<Values>,
    csh_id: Option<String>,
    username: Option<String>,
    device_id: Option<String>,
    app_id: Option<String>,
    csh_access_right: Option<AccessRight>,
    unknown: Unknown,
}

wire_values::record!(Received {
    oaio_id = "oaio_id",
    client_stamp = "client_stamp",
    server_stamp = "server_stamp",
    client_values = "client_values",
    server_values = "server_values",
    csh_id = "csh_id",
    username = "username",
    device_id = "device_id",
    app_id = "app_id",
    csh_access_right = "csh_access_right",
});

impl Received {
    /// Checks the id and the stamps.
    ///
    /// # Errors
    /// One of them is invalid: [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput).
    pub(crate) fn check(self) -> Result<Object, Error> {
        let server_stamp = self.server_stamp.filter(|stamp| !stamp.is_empty());
        Ok(Object {
            id: self.oaio_id.parse()?,
            client_stamp: self.client_stamp.parse()?,
            server_stamp: server_stamp.map(|stamp| stamp.parse()).transpose()?,
            values: self.client_values,
            server_values: self.server_values.unwrap_or_default(),
            storage_host: self.csh_id.filter(|host| !host.is_empty()),
            user_name: self.username.unwrap_or_default(),
            device_id: self.device_id.unwrap_or_default(),
            app_id: self.app_id.unwrap_or_default(),
            access_right: self.csh_access_right.unwrap_or(AccessRight::None),
        })
    }

    /// Checks a record from a server. Its `server_stamp` is not used, so it may have any form.
    ///
    /// # Errors
    /// Those of [`check`](Self::check).
    pub(crate) fn check_listed(self) -> Result<Object, Error> {
        let received = Self {
            server_stamp: None,
            ..self
        };
        received.check()
    }
}
