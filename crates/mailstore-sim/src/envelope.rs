//! The envelope of every response to a call, and the failures that it reports.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::tasks::LogText;

/// One envelope, with the eight keys in the documented order.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Envelope {
    error: Option<ErrorBody>,
    token: Option<String>,
    #[serde(skip_serializing_if = "Version::is_missing")]
    status_version: Version,
    status_code: Cow<'static, str>,
    percent_progress: Option<u8>,
    status_text: Option<String>,
    result: Value,
    log_output: Option<LogText>,
}

/// A status version as it is serialised: a number, or a faulty value.
#[derive(Debug, Clone, Copy)]
enum Version {
    Number(i64),
    Text(i64),
    Missing,
}

impl Version {
    fn is_missing(&self) -> bool {
        matches!(self, Version::Missing)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Version::Number(number) => serializer.serialize_i64(*number),
            Version::Text(number) => serializer.collect_str(number),
            Version::Missing => serializer.serialize_none(),
        }
    }
}

/// The known words of the envelope's status. There is no evidence for `cancelled`.
const RUNNING: &str = "running";
const SUCCEEDED: &str = "succeeded";
const FAILED: &str = "failed";

#[derive(Debug, Clone, Serialize)]
struct ErrorBody {
    message: String,
    details: String,
}

/// The status version of every call that finished within its first response (observed).
const IMMEDIATE_VERSION: i64 = 2;

impl Envelope {
    /// Creates the envelope of a call that finished within its first response.
    pub(crate) fn immediate(
        outcome: Result<Value, Failure>,
        log: Option<String>,
        function: &str,
    ) -> Envelope {
        let percent = None;
        let log = log.map(LogText::Whole);
        match outcome {
            Ok(result) => Envelope::status(None, IMMEDIATE_VERSION, SUCCEEDED, percent, result, log, None),
            Err(failure) => {
                let error = failure.body(function);
                let code = FAILED;
                Envelope::status(
                    None,
                    IMMEDIATE_VERSION,
                    code,
                    percent,
                    Value::Null,
                    log,
                    Some(error),
                )
            }
        }
    }

    /// Creates the envelope of a running call with a token.
    pub(crate) fn running(token: &str, version: i64, percent: Option<u8>, log: Option<LogText>) -> Envelope {
        Envelope::status(Some(token), version, RUNNING, percent, Value::Null, log, None)
    }

    /// Creates the envelope of the last status of a call with a token.
    pub(crate) fn finished(
        token: &str,
        version: i64,
        percent: Option<u8>,
        log: Option<LogText>,
        outcome: &Result<Value, Failure>,
        function: &str,
    ) -> Envelope {
        match outcome {
            Ok(result) => {
                let code = SUCCEEDED;
                Envelope::status(Some(token), version, code, Some(100), result.clone(), log, None)
            }
            Err(failure) => {
                let error = failure.body(function);
                let code = FAILED;
                Envelope::status(Some(token), version, code, percent, Value::Null, log, Some(error))
            }
        }
    }

    /// Replaces the status code with another word.
    pub(crate) fn with_word(mut self, word: String) -> Envelope {
        self.status_code = Cow::Owned(word);
        self
    }

    /// Removes the version.
    pub(crate) fn without_version(mut self) -> Envelope {
        self.status_version = Version::Missing;
        self
    }

    /// Removes the log.
    pub(crate) fn without_log(mut self) -> Envelope {
        self.log_output = None;
        self
    }

    /// Turns the version into a string.
    pub(crate) fn with_version_text(mut self) -> Envelope {
        if let Version::Number(number) = self.status_version {
            self.status_version = Version::Text(number);
        }
        self
    }

    fn status(
        token: Option<&str>,
        version: i64,
        code: &'static str,
        percent: Option<u8>,
        result: Value,
        log: Option<LogText>,
        error: Option<ErrorBody>,
    ) -> Envelope {
        Envelope {
            error,
            token: token.map(str::to_owned),
            status_version: Version::Number(version),
            status_code: Cow::Borrowed(code),
            percent_progress: percent,
            status_text: None,
            result,
            log_output: log,
        }
    }
}

/// The failure of a call: a message, and the .NET exception type that its details name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    exception: &'static str,
    message: String,
}

impl Failure {
    /// Creates a failure with a message of this simulator. The message of the real server is not published.
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure {
            exception: "System.Exception",
            message: message.into(),
        }
    }

    /// Creates the failure for a missing required argument (observed).
    pub(crate) fn missing(argument: &str) -> Failure {
        Failure::new(format!("Missing API argument {argument}."))
    }

    /// Creates the failure for a date with a zone, with a fraction or in another format (text reported by users).
    pub(crate) fn date() -> Failure {
        Failure {
            exception: "System.FormatException",
            message: "String was not recognized as a valid DateTime.".to_owned(),
        }
    }

    /// Creates the failure for a value that no function accepts, such as `profileID=0` (text reported by users).
    pub(crate) fn out_of_range() -> Failure {
        Failure {
            exception: "System.ArgumentOutOfRangeException",
            message: "Specified argument was out of the range of valid values".to_owned(),
        }
    }

    /// Creates the failure for a missing number argument of get-status (text reported by users, cause inferred).
    pub(crate) fn unset_nullable() -> Failure {
        Failure {
            exception: "System.InvalidOperationException",
            message: "Nullable object must have a value.".to_owned(),
        }
    }

    /// Creates the failure for a value that cannot be parsed as the kind of its argument (text of .NET, inferred).
    pub(crate) fn format(message: impl Into<String>) -> Failure {
        Failure {
            exception: "System.FormatException",
            message: message.into(),
        }
    }

    /// Creates the failure of a call that was cancelled (inferred: no trace of a cancelled call is published).
    pub(crate) fn cancelled() -> Failure {
        Failure {
            exception: "System.OperationCanceledException",
            message: "The operation was cancelled.".to_owned(),
        }
    }

    /// Returns the message that the envelope will contain.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Returns the message and the details: exception text and stack frames, with lines that end with CR LF. The
    /// frames are invented.
    fn body(&self, function: &str) -> ErrorBody {
        ErrorBody {
            message: self.message.clone(),
            details: format!(
                "{}: {}\r\n   at MailStoreSimulator.Functions.{function}(Arguments arguments)\r\n   \
                 at MailStoreSimulator.Dispatcher.Invoke(String function, Arguments arguments)\r\n",
                self.exception, self.message
            ),
        }
    }
}
