//! Creates objects that are arguments of functions. `JobDraft` creates jobs.

use python_bridge::Error;

use crate::generated::Client;
use crate::object::{BackupQuery, StringRef};

impl Client {
    /// Makes a query of the backup archive, for [`Client::backup_query`]. The constructor is documented, and no setters of
    /// the query are known.
    ///
    /// It changes nothing in the Dispatcher. If the future is dropped, the object is freed.
    ///
    /// # Errors
    /// Those of a call.
    pub async fn new_backup_query(&self) -> Result<BackupQuery, Error> {
        let query = self.connection().new_object("MBackupQuery", ()).await?;
        Ok(BackupQuery::from(query))
    }

    /// Makes an empty text object, in case that [`Client::db_export_queue_sql`] needs one as its argument. The class is
    /// documented. That it can be created is inferred.
    ///
    /// It changes nothing in the Dispatcher. If the future is dropped, the object is freed.
    ///
    /// ```
    /// # async fn example(client: &muster_api::Client) -> Result<(), muster_api::Error> {
    /// let sql = client.new_string_ref().await?;
    /// client.call("dbExportQueueSQL").arg("sql", sql.handle()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of a call.
    pub async fn new_string_ref(&self) -> Result<StringRef, Error> {
        let text = self.connection().new_object("MStringRef", ()).await?;
        Ok(StringRef::from(text))
    }
}
