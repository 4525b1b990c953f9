//! The options of a plan.

/// What a plan may contain, and for which archive it is.
#[derive(Clone, Debug)]
pub struct PlanOptions {
    /// Whether users and profiles may be deleted.
    pub allow_delete: bool,
    /// The greatest part of all users that may be deleted, in percent. It also holds for profiles. It does not count for
    /// less than 10 of them.
    pub max_delete_percent: u8,
    /// The existing users whose passwords are set.
    pub set_passwords: Vec<String>,
    /// The user name of the account that makes the changes. It is neither deleted nor changed so that it loses access.
    pub own_account: Option<String>,
    /// The address of the server as `https://host:port`.
    pub server: String,
    /// The id of the instance, or `server`.
    pub archive: String,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            allow_delete: false,
            max_delete_percent: Self::MAX_DELETE_PERCENT,
            set_passwords: Vec::new(),
            own_account: None,
            server: String::new(),
            archive: String::new(),
        }
    }
}

impl PlanOptions {
    /// The greatest part that may be deleted by default, in percent.
    pub const MAX_DELETE_PERCENT: u8 = 30;
}
