//! Constants of the module, by their names.

use python_bridge::{Error, Json};

use crate::generated::Client;
use crate::object::BackupQuery;

impl Client {
    /// Returns the value of a constant, such as `kJobTypeJob`. The values are not documented.
    ///
    /// The known names are `kJobDependSuccess`, `kJobTypeJob`, `kJobsBackupRestoreActionDuplicateEntry`,
    /// `kJobsBackupRestoreActionRestoreParents` and `kSkipWarnings`.
    ///
    /// # Errors
    /// The name is not known, or the module does not have it.
    pub async fn constant(&self, name: &str) -> Result<Json, Error> {
        self.connection().constant(name).await
    }

    /// Makes a query of the backup archive, for [`Client::backup_query`]. It finds all jobs; its setters are not known.
    ///
    /// # Errors
    /// Those of a call.
    pub async fn new_backup_query(&self) -> Result<BackupQuery, Error> {
        let query = self.connection().new_object("MBackupQuery", ()).await?;
        Ok(BackupQuery::from(query))
    }
}
