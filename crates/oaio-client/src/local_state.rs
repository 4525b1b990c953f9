//! What this client knows about an object and the Python client does not.

use std::path::PathBuf;

use wire_values::Json;

use crate::stamp::Stamp;

/// What this client knows about an object and the Python client does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LocalState {
    /// The folder of this machine from which the files of the object were registered.
    pub(crate) folder: Option<PathBuf>,
    /// Whether the whole folder was registered, and not one of its files.
    pub(crate) is_whole: bool,
    /// The stamp of the last version that this client began to send.
    pub(crate) sent: Option<Stamp>,
    /// The time at which this client uploaded its version. `None` if the version came from another client.
    pub(crate) uploaded_at: Option<Stamp>,
}

impl LocalState {
    /// Returns the text of the file.
    pub(crate) fn write(&self) -> String {
        let text =
            |name: &str, value: &str| format!("{}: {}", Json::from(name).text(), Json::from(value).text());
        let folder = self
            .folder
            .as_ref()
            .map(|folder| text("folder", &folder.to_string_lossy()));
        let whole = self.is_whole.then(|| "\"whole\": true".to_owned());
        let sent = self.sent.map(|stamp| text("sent", stamp.as_str()));
        let uploaded = self.uploaded_at.map(|stamp| text("uploaded_at", stamp.as_str()));
        let members: Vec<String> = [folder, whole, sent, uploaded].into_iter().flatten().collect();
        format!("{{{}}}\n", members.join(", "))
    }

    /// Reads the text of the file. Members that are missing or damaged are `None`.
    pub(crate) fn read(text: &str) -> Self {
        let json: Json = text.parse().unwrap_or_default();
        let member = |name: &str| json.get(name).and_then(|value| value.decode::<String>().ok());
        let stamp = |name: &str| member(name).and_then(|stamp| stamp.parse().ok());
        Self {
            folder: member("folder").map(PathBuf::from),
            is_whole: json.get("whole").is_some_and(|value| value.text() == "true"),
            sent: stamp("sent"),
            uploaded_at: stamp("uploaded_at"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_as_it_was_written() {
        let state = LocalState {
            folder: Some(PathBuf::from("/home/\"zoë\"/x")),
            is_whole: true,
            sent: Some(Stamp::OLDEST),
            uploaded_at: None,
        };
        assert_eq!(LocalState::read(&state.write()), state);
        for damaged in ["", "{", "[]", "{\"sent\": 7}", "{\"sent\": \"x\"}"] {
            assert_eq!(LocalState::read(damaged), LocalState::default(), "{damaged}");
        }
    }
}
