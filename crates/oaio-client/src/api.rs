//! The endpoints of the server. Each method is one request.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use wire_values::{Json, from_json};

use crate::access::AccessRight;
use crate::error::Error;
use crate::json_text;
use crate::object::{Object, Received};
use crate::object_id::ObjectId;
use crate::session::{Outgoing, Session};
use crate::stamp::Stamp;

/// The characters of an id that are sent as they are. The others are percent-encoded.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!');

/// The id that the Python client sends if it asks for all users.
const NO_OBJECT: &str = "_not__existing__oaio_id_";

pub(crate) struct Api(Session);

/// A user and what the user may do with an object.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserAccess {
    /// The name of the user.
    pub user_name: String,
    /// The right of the user.
    pub right: AccessRight,
}

/// The id of a subscription on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SubscriptionId(pub i64);

/// An object in the list of the server: the object, or its id and what is wrong with its record.
pub(crate) type Listed = Result<Object, (String, Error)>;

impl Api {
    pub(crate) fn new(session: Session) -> Self {
        Self(session)
    }

    /// `GET login/`, `POST login/` and `GET current_stamp/`, as needed.
    pub(crate) async fn connect(&self) -> Result<Stamp, Error> {
        self.0.connect().await
    }

    /// `POST logout/`
    pub(crate) async fn log_out(&self) -> Result<(), Error> {
        self.0.log_out().await
    }

    /// `GET oaio_stampz/`: all objects to which the user has access.
    pub(crate) async fn list(&self) -> Result<Vec<Listed>, Error> {
        const PATH: &str = "oaio_stampz/";
        let text = self.0.request(PATH, Outgoing::Get).await?;
        let records: Vec<Json> = decode(PATH, &text)?;
        Ok(records.iter().map(listed).collect())
    }

    /// `POST register/` for the first version, and `POST upload/` for the others.
    pub(crate) async fn upload(&self, object: &Object, is_first: bool) -> Result<(), Error> {
        let path = match is_first {
            true => "register/",
            false => "upload/",
        };
        let text = self
            .0
            .request(path, Outgoing::Post(json_text::of_object(object)))
            .await?;
        let answer: Json = decode(path, &text)?;
        let id = answer.get("oaio_id").and_then(|id| id.decode::<String>().ok());
        match id {
            Some(id) if id == object.id.as_str() => Ok(()),
            Some(id) => {
                let problem = format!("it is about the object `{id}` instead of `{}`", object.id);
                Err(Error::response(problem).of_request(path))
            }
            None => Err(Error::response("it has no `oaio_id`").of_request(path)),
        }
    }

    /// `POST delete/`
    pub(crate) async fn delete(&self, object: &Object) -> Result<(), Error> {
        let body = Outgoing::Post(json_text::of_object(object));
        self.0.request("delete/", body).await.map(drop)
    }

    /// `POST subscribe/`. The right [`AccessRight::None`] ends a subscription.
    pub(crate) async fn subscribe(
        &self,
        id: &ObjectId,
        user_name: &str,
        right: &AccessRight,
    ) -> Result<SubscriptionId, Error> {
        const PATH: &str = "subscribe/";
        let body = json_text::of_strings(&[
            ("oaio_id", id.as_str()),
            ("username", user_name),
            ("access_right", right.as_str()),
        ]);
        let text = self.0.request(PATH, Outgoing::Post(body)).await?;
        let answer: Json = decode(PATH, &text)?;
        let id = answer.get("Pid").and_then(|id| id.decode().ok());
        id.map(SubscriptionId)
            .ok_or_else(|| Error::response("it has no number `Pid`").of_request(PATH))
    }

    /// `GET user_subz/<id>`: all users and their rights. Without an object, no user has a right.
    pub(crate) async fn users(&self, id: Option<&ObjectId>) -> Result<Vec<UserAccess>, Error> {
        let id = id.map_or(NO_OBJECT, ObjectId::as_str);
        let path = format!("user_subz/{}", utf8_percent_encode(id, PLAIN));
        let text = self.0.request(&path, Outgoing::Get).await?;
        let records: Vec<UserRecord> = decode("user_subz/", &text)?;
        let users = records.into_iter().map(|record| UserAccess {
            user_name: record.username,
            right: record.access_right,
        });
        let mut users: Vec<UserAccess> = users.collect();
        users.sort_by(|one, other| (&one.right, &one.user_name).cmp(&(&other.right, &other.user_name)));
        Ok(users)
    }

    /// `GET csh_args/<id>`: the arguments of a storage host. They contain secrets.
    pub(crate) async fn storage_arguments(&self, host: &str) -> Result<Json, Error> {
        let path = format!("csh_args/{}", utf8_percent_encode(host, PLAIN));
        let text = self.0.request(&path, Outgoing::Get).await?;
        decode("csh_args/", &text)
    }

    /// `POST wipe_user/`
    pub(crate) async fn wipe_user(&self, user_name: &str) -> Result<(), Error> {
        let body = Outgoing::Post(json_text::of_strings(&[("Uid", user_name)]));
        self.0.request("wipe_user/", body).await.map(drop)
    }
}

fn listed(record: &Json) -> Listed {
    let id = || {
        let id = record.get("oaio_id").and_then(|id| id.decode::<String>().ok());
        id.unwrap_or_default()
    };
    let received: Result<Received, _> = from_json(record.text());
    match received {
        Ok(received) => received.check_listed().map_err(|error| (id(), error)),
        Err(problem) => Err((id(), Error::response(problem.to_string()))),
    }
}

fn decode<T: wire_values::FromJson>(path: &str, text: &str) -> Result<T, Error> {
    from_json(text).map_err(|problem| Error::response(problem.to_string()).of_request(path))
}

/// A member of the response of `user_subz/`.
#[derive(Debug)]
struct UserRecord {
    username: String,
    access_right: AccessRight,
    unknown: wire_values::Unknown,
}
wire_values::record!(UserRecord {
    username = "username",
    access_right = "access_right",
});
