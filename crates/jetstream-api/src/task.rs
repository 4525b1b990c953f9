//! What the states of manifests, transfers and requests mean for a wait.

use crate::generated::{Manifest, ManifestStatus, RequestStatus, Transfer, TransferStatus};

/// The state of a manifest, a transfer or a request. Only this crate implements it.
pub trait Task: Clone + Send + Sync + sealed::Sealed + 'static {
    /// How the server stopped its work, if it did not fail.
    type End: Send + 'static;
}

/// How a transfer stopped without an error.
#[derive(Clone, Debug, PartialEq)]
pub enum TransferEnd {
    /// All files are sent.
    Complete(Transfer),
    /// The transfer is suspended. [`Client::resume_transfer`](crate::Client::resume_transfer) continues it.
    Suspended(Transfer),
}

/// What a state means for a wait.
#[derive(Debug, PartialEq)]
pub enum Verdict<E> {
    /// The server still works on the task.
    Working,
    /// The server stopped its work without an error.
    Ended(E),
    /// The task failed.
    Failed(String),
    /// The server stopped its work, and the status is not known.
    Unexpected,
}

pub(crate) mod sealed {
    use super::{Task, Verdict};

    pub trait Sealed {
        fn verdict(self) -> Verdict<<Self as Task>::End>
        where
            Self: Task;
    }
}

impl Task for Manifest {
    type End = Self;
}

impl sealed::Sealed for Manifest {
    /// `processing` decides. If it is missing, the status decides.
    fn verdict(self) -> Verdict<Self> {
        match (self.processing, &self.status) {
            (Some(true), _) | (None, Some(ManifestStatus::Pending)) => Verdict::Working,
            (_, Some(ManifestStatus::Complete)) => Verdict::Ended(self),
            (_, Some(ManifestStatus::Error)) => Verdict::Failed(self.error_message.unwrap_or_default()),
            _ => Verdict::Unexpected,
        }
    }
}

impl Task for Transfer {
    type End = TransferEnd;
}

impl sealed::Sealed for Transfer {
    /// `processing` decides. If it is missing, the status decides.
    fn verdict(self) -> Verdict<TransferEnd> {
        match (self.processing, &self.status) {
            (Some(true), _) | (None, Some(TransferStatus::Pending | TransferStatus::Sending)) => {
                Verdict::Working
            }
            (_, Some(TransferStatus::Complete)) => Verdict::Ended(TransferEnd::Complete(self)),
            (_, Some(TransferStatus::Suspended)) => Verdict::Ended(TransferEnd::Suspended(self)),
            (_, Some(TransferStatus::Error)) => Verdict::Failed(self.error_message.unwrap_or_default()),
            _ => Verdict::Unexpected,
        }
    }
}

impl Task for RequestStatus {
    type End = Self;
}

impl sealed::Sealed for RequestStatus {
    /// `processing` decides. The documentation shows states without a `status`, and the only documented word is
    /// `complete`, so a message of an error also means that the request failed.
    fn verdict(self) -> Verdict<Self> {
        let has_message = self.error_message.as_ref().is_some_and(|text| !text.is_empty());
        match (self.processing, self.status.as_deref()) {
            (Some(true), _) => Verdict::Working,
            (_, Some("error")) => Verdict::Failed(self.error_message.unwrap_or_default()),
            (Some(false), _) if has_message => Verdict::Failed(self.error_message.unwrap_or_default()),
            (Some(false), _) | (None, Some("complete")) => Verdict::Ended(self),
            (None, _) => Verdict::Unexpected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sealed::Sealed;
    use super::*;

    fn transfer(state: &str) -> Transfer {
        wire_values::from_json(state).unwrap()
    }

    #[test]
    fn a_status_does_not_end_a_wait_while_the_server_works() {
        let state = transfer(r#"{"processing": true, "status": "complete"}"#);
        assert_eq!(state.verdict(), Verdict::Working);
    }

    #[test]
    fn a_suspended_transfer_is_an_end_and_not_an_error() {
        let state = transfer(r#"{"processing": false, "status": "suspended"}"#);
        assert_eq!(
            state.clone().verdict(),
            Verdict::Ended(TransferEnd::Suspended(state))
        );
    }

    #[test]
    fn a_failed_transfer_has_the_message_of_the_server() {
        let state = transfer(r#"{"processing": false, "status": "error", "errorMessage": "full"}"#);
        assert_eq!(state.verdict(), Verdict::Failed("full".to_owned()));
    }

    #[test]
    fn the_status_of_a_request_may_be_missing() {
        let verdict = |state: &str| wire_values::from_json::<RequestStatus>(state).unwrap().verdict();
        let done = r#"{"requestId": 1, "processing": false, "errorMessage": ""}"#;
        assert!(matches!(verdict(done), Verdict::Ended(_)));
        let failed = r#"{"requestId": 1, "processing": false, "errorMessage": "denied"}"#;
        assert_eq!(verdict(failed), Verdict::Failed("denied".to_owned()));
        assert_eq!(
            verdict(r#"{"processing": true, "errorMessage": "denied"}"#),
            Verdict::Working
        );
        assert_eq!(verdict(r#"{"status": "error"}"#), Verdict::Failed(String::new()));
        assert_eq!(verdict("{}"), Verdict::Unexpected);
    }

    #[test]
    fn an_unknown_status_ends_the_wait() {
        for state in [r#"{"processing": false, "status": "lost"}"#, "{}"] {
            assert_eq!(transfer(state).verdict(), Verdict::Unexpected);
        }
    }
}
