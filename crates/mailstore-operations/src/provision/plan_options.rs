//! The options of a plan.

/// What a plan may contain, and for which archive it is.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// Whether users and profiles may be deleted.
    pub allow_delete: bool,
    /// The existing users whose passwords are set.
    pub set_passwords: Vec<String>,
    /// The user name of the account that makes the changes. It is neither deleted nor changed so that it loses access.
    pub own_account: Option<String>,
    /// The address of the server as `https://host:port`.
    pub server: String,
    /// The id of the instance, or `server`.
    pub archive: String,
}
