//! The published Python client, in a process of its own.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::environment::Environment;
use crate::peer::{Peer, password};
use crate::process::{Process, Raised};

/// Who the client is.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
    /// The app.
    pub app: String,
    /// The device.
    pub device: String,
}

impl Identity {
    /// A user of the server with the correct password, the app `demo` and the device `python`.
    pub fn of(user: &str) -> Identity {
        Identity {
            user: user.to_owned(),
            password: password(user),
            app: "demo".to_owned(),
            device: "python".to_owned(),
        }
    }
}

/// A running Python client. Dropping it ends its process.
///
/// After a failed login, this client cannot log in again: it sends a masked password. [`PythonClient::restart`] helps.
pub struct PythonClient {
    process: Process,
    construct: Value,
    root: PathBuf,
    _folder: TempDir,
}

impl PythonClient {
    /// Starts the client of a user with an empty folder.
    ///
    /// # Panics
    ///
    /// Panics if the client does not start.
    pub fn start(environment: &Environment, peer: &Peer, user: &str) -> PythonClient {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let root = folder.path().join("root");
        Self::start_in(environment, peer, &Identity::of(user), root, folder)
    }

    /// Starts a client that uses the folder `root`, which may be the one of another client.
    ///
    /// # Panics
    ///
    /// Panics if the client does not start.
    pub fn start_at(
        environment: &Environment,
        peer: &Peer,
        identity: &Identity,
        root: &Path,
    ) -> PythonClient {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        Self::start_in(environment, peer, identity, root.to_owned(), folder)
    }

    fn start_in(
        environment: &Environment,
        peer: &Peer,
        identity: &Identity,
        root: PathBuf,
        folder: TempDir,
    ) -> PythonClient {
        let mut command = environment.script("driver.py");
        // Paths below the working folder become placeholders, so it is not the folder of a test.
        let working_folder = folder.path().join("working-folder");
        std::fs::create_dir(&working_folder).expect("the temporary folder is writable");
        command.current_dir(working_folder);
        let process = Process::start("the Python client", command, folder.path().join("errors"));
        let construct = json!({
            "host": peer.host(),
            "username": identity.user,
            "password": identity.password,
            "app_id": identity.app,
            "device_id": identity.device,
            "client_root": root,
        });
        let client = PythonClient {
            process,
            construct,
            root,
            _folder: folder,
        };
        client.restart();
        client
    }

    /// Forgets everything that is not in the folder, as a new process would.
    pub fn restart(&self) {
        self.must("construct", &self.construct);
    }

    /// The folder of the client.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Runs a function of `driver.py`.
    ///
    /// # Errors
    ///
    /// Returns the exception that the client raises.
    pub fn call(&self, function: &str, arguments: &Value) -> Result<Value, Raised> {
        self.process.call(function, arguments)
    }

    /// Runs a function of `driver.py` that raises no exception.
    ///
    /// # Panics
    ///
    /// Panics if the client raises an exception.
    pub fn must(&self, function: &str, arguments: &Value) -> Value {
        let answer = self.call(function, arguments);
        answer.unwrap_or_else(|raised| panic!("the Python client raised in `{function}`: {raised:?}"))
    }

    /// Registers an object and returns its id.
    ///
    /// # Panics
    ///
    /// Panics if the object is not synchronized.
    pub fn register_object(&self, values: &Value) -> String {
        self.id_of("register_object", &json!({"values": values}))
    }

    /// Registers a file of the client's own folder, and returns the id of its object.
    ///
    /// # Panics
    ///
    /// Panics if the object is not synchronized.
    pub fn register_file(&self, name: &str, content: &str) -> String {
        let arguments = json!({"file_name": name, "file_content": content});
        self.id_of("register_file", &arguments)
    }

    fn id_of(&self, function: &str, arguments: &Value) -> String {
        let object = self.must(function, arguments);
        let id = object["oaio_id"].as_str();
        id.unwrap_or_else(|| panic!("`{function}` returned {object}: {}", self.error_message()))
            .to_owned()
    }

    /// Updates values of an object.
    ///
    /// # Panics
    ///
    /// Panics if the client raises an exception.
    pub fn update_object(&self, oaio_id: &str, values: &Value) {
        self.must("update_object", &json!({"oaio_id": oaio_id, "values": values}));
    }

    /// Synchronizes, and says whether the client calls it a success.
    ///
    /// # Panics
    ///
    /// Panics if the client raises an exception.
    pub fn synchronize(&self) -> bool {
        self.must("synchronize", &json!({})) == Value::Bool(true)
    }

    /// Gives another user an access right.
    ///
    /// # Panics
    ///
    /// Panics if the server refuses it.
    pub fn share(&self, oaio_id: &str, user: &str, right: &str) {
        let arguments = json!({"oaio_id": oaio_id, "user_name": user, "access_right": right});
        let number = self.must("upsert_subscription", &arguments);
        assert_ne!(number, 0, "{}", self.error_message());
    }

    /// The record of an object that the client has in memory, or none.
    pub fn object(&self, oaio_id: &str) -> Option<Value> {
        let objects = self.must("objects", &json!({}));
        let mut records = objects.as_array()?.iter();
        records.find(|record| record["oaio_id"] == oaio_id).cloned()
    }

    /// The record file of an object.
    ///
    /// # Panics
    ///
    /// Panics if the file cannot be read.
    pub fn record_file(&self, oaio_id: &str) -> String {
        let path = self.root.join("objz").join(oaio_id);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The messages of the client since the last [`PythonClient::reset_error_message`].
    pub fn error_message(&self) -> String {
        let message = self.must("error_message", &json!({}));
        message.as_str().unwrap_or_default().to_owned()
    }

    /// Forgets the messages.
    pub fn reset_error_message(&self) {
        self.must("reset_error_message", &json!({}));
    }
}
