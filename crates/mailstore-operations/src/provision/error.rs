//! The error of provisioning.

use std::path::PathBuf;

/// What went wrong while a file or a plan was read, a plan was made, or a plan was applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProvisionError {
    /// The file with the desired state cannot be used. The text has the place.
    #[error("{0}")]
    Desired(String),
    /// The plan cannot be used.
    #[error("{0}")]
    Plan(String),
    /// The server has changed since the plan was made. Nothing was sent.
    #[error("the plan is stale: {0}")]
    Stale(String),
    /// A password cannot be read.
    #[error("{from}: {problem}")]
    Secret {
        /// Where the password comes from.
        from: String,
        /// What is wrong.
        problem: String,
    },
    /// The journal cannot be written or used. Nothing is sent without a journal.
    #[error("{}: {problem}", .path.display())]
    Journal {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// Another program is applying a plan to the same archive. Nothing was sent.
    #[error(
        "another program is applying a plan to {server}, archive {archive}{holder}. Wait until it has ended, or end it. Then run the command again"
    )]
    Busy {
        /// The address of the server.
        server: String,
        /// The id of the instance, or `server`.
        archive: String,
        /// The process id of the program, and since when it has the lock. Empty if they are not known.
        holder: String,
    },
    /// The file that locks an archive cannot be used. Nothing was sent.
    #[error("{}: the lock cannot be written", .path.display())]
    Lock {
        /// The file or its folder.
        path: PathBuf,
        /// Why it cannot be used.
        #[source]
        cause: std::io::Error,
    },
    /// A call failed.
    #[error("{what}")]
    Call {
        /// What was read or changed.
        what: String,
        /// The error of the call.
        #[source]
        source: mailstore_api::Error,
    },
    /// A call was sent, and it is not known whether the server carried it out.
    #[error(
        "{what}: it is not known whether the server carried out the call. Run the command again, which reads the state first"
    )]
    OutcomeUnknown {
        /// What was changed.
        what: String,
        /// The error of the call.
        #[source]
        source: Option<mailstore_api::Error>,
    },
    /// It is not known whether a plan created a user, and another person may have created it. Nothing of it was changed.
    #[error(
        "{object}: the outcome of the call that creates it is not known, and a user with this name exists. {problem}, so another person may have created it. Look at the user in MailStore. If it is the right one, make a new plan, which shows its differences. Otherwise choose another name in the file"
    )]
    UnclearUser {
        /// The user.
        object: String,
        /// How the user differs from a new one.
        problem: String,
    },
}

impl ProvisionError {
    /// Returns whether a call was sent whose outcome is not known.
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(self, Self::OutcomeUnknown { .. } | Self::UnclearUser { .. })
    }

    pub(crate) fn call(what: impl Into<String>) -> impl FnOnce(mailstore_api::Error) -> Self {
        let what = what.into();
        move |source| Self::Call { what, source }
    }
}
