//! Constants of the module, by their names.

use python_bridge::{Error, Json};

use crate::generated::Client;

impl Client {
    /// Returns the value of a constant, such as `kJobTypeJob`. The values are not documented, so the Dispatcher is asked.
    ///
    /// The known names are `kJobDependSuccess`, `kJobTypeJob`, `kJobsBackupRestoreActionDuplicateEntry`,
    /// `kJobsBackupRestoreActionRestoreParents` and `kSkipWarnings`. Those of the backup are documented, and the others are
    /// seen in use.
    ///
    /// ```
    /// # async fn example(client: &muster_api::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let duplicate: i64 = client.constant("kJobsBackupRestoreActionDuplicateEntry").await?.decode()?;
    /// let parents: i64 = client.constant("kJobsBackupRestoreActionRestoreParents").await?.decode()?;
    /// let mode = duplicate | parents;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The name is not known, or the module does not have it.
    pub async fn constant(&self, name: &str) -> Result<Json, Error> {
        self.connection().constant(name).await
    }
}
