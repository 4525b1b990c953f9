//! The status token of a running call, which can be saved and resumed.

use std::fmt;

use serde::{Deserialize, Serialize};
use wire_values::printable;

/// The version of the saved form. Tokens of other versions are rejected.
const FORMAT: u32 = 1;

/// Identifies a running call, to resume it in this or another process. Save it as JSON, and pass it to `resume` of the
/// client.
///
/// It contains no credentials. But anyone with the token and an account can read the status of the call and cancel it,
/// so `Debug` does not show the server's token. How long the server keeps a token is not published.
///
/// ```
/// # use mailstore_transport::StatusToken;
/// # let saved = r#"{"format":1,"token":"b3af0ebae4dd755d1a54b9756817baee","version":9,"function":"VerifyStore",
/// #   "origin":"https://mailstore.example.com:8463","surface":"server"}"#;
/// let token: StatusToken = serde_json::from_str(saved)?;
/// assert_eq!(token.function(), "VerifyStore");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Saved", into = "Saved")]
pub struct StatusToken {
    pub(crate) token: String,
    /// The newest version that was received. A status request with it only returns newer versions.
    pub(crate) version: u64,
    pub(crate) function: String,
    pub(crate) origin: String,
    pub(crate) surface: String,
    /// The first bytes of a character, if the server cut the log inside a character.
    pub(crate) open: Vec<u8>,
}

impl StatusToken {
    /// Wire name of the function that was called.
    pub fn function(&self) -> &str {
        &self.function
    }

    /// The server that the call runs on, as `https://host:port`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The short name of the edition, as in [`Surface::name`](crate::Surface::name): `server` or `spe`.
    pub fn surface(&self) -> &str {
        &self.surface
    }

    /// The token in the server's own form, 32 hex digits, for use with other tools. Keep it out of logs.
    pub fn expose(&self) -> &str {
        &self.token
    }
}

impl fmt::Debug for StatusToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusToken")
            .field("function", &printable(&self.function))
            .field("origin", &printable(&self.origin))
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// The saved form.
#[derive(Serialize, Deserialize)]
struct Saved {
    format: u32,
    token: String,
    version: u64,
    function: String,
    origin: String,
    surface: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    open: Vec<u8>,
}

impl From<StatusToken> for Saved {
    fn from(token: StatusToken) -> Self {
        let StatusToken {
            token,
            version,
            function,
            origin,
            surface,
            open,
        } = token;
        Self {
            format: FORMAT,
            token,
            version,
            function,
            origin,
            surface,
            open,
        }
    }
}

impl TryFrom<Saved> for StatusToken {
    type Error = String;

    fn try_from(saved: Saved) -> Result<Self, String> {
        let Saved {
            format,
            token,
            version,
            function,
            origin,
            surface,
            open,
        } = saved;
        if format != FORMAT {
            return Err(format!(
                "the status token has format {format}, but this version supports format {FORMAT}: resume it with the program that saved it"
            ));
        }
        if token.is_empty() {
            return Err("the saved status token is empty".to_owned());
        }
        Ok(Self {
            token,
            version,
            function,
            origin,
            surface,
            open,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> StatusToken {
        StatusToken {
            token: "b3af0ebae4dd755d1a54b9756817baee".into(),
            version: 9,
            function: "VerifyStore".into(),
            origin: "https://127.0.0.1:8463".into(),
            surface: "server".into(),
            open: Vec::new(),
        }
    }

    #[test]
    fn a_saved_token_is_equal_after_loading() {
        let saved = serde_json::to_string(&token()).unwrap();
        assert_eq!(serde_json::from_str::<StatusToken>(&saved).unwrap(), token());
    }

    #[test]
    fn another_format_is_rejected() {
        let saved = serde_json::to_string(&token())
            .unwrap()
            .replace("\"format\":1", "\"format\":2");
        let error = serde_json::from_str::<StatusToken>(&saved)
            .unwrap_err()
            .to_string();
        assert!(error.contains("format 2"), "{error}");
    }

    #[test]
    fn debug_does_not_show_the_token() {
        assert!(!format!("{:?}", token()).contains("b3af"));
    }
}
