//! What a client reaches at one address: one archive, or all instances of a service provider.

use futures_util::{StreamExt as _, stream};
use mailstore_api::spe::types::{InstanceFilter, InstanceInfo, InstanceStatus};
use mailstore_api::{Error, server, spe};

use crate::AnyArchive;

/// The archives at one address.
#[derive(Clone, Debug)]
pub enum Installation {
    /// A MailStore Server, which is one archive.
    Server(server::Client),
    /// A Service Provider Edition with its instances.
    Provider(spe::Client),
}

/// An archive of an [`Installation`], with the names that people know it by.
#[derive(Clone, Debug)]
pub struct ListedArchive {
    archive: AnyArchive,
    id: String,
    display_name: String,
    not_running: Option<String>,
}

impl Installation {
    /// Lists the archives, sorted by their id. Sends one request to the Service Provider Edition, and none to a
    /// MailStore Server. The order does not depend on the server.
    ///
    /// # Errors
    /// The instances cannot be listed.
    pub async fn archives(&self) -> Result<Vec<ListedArchive>, Error> {
        match self {
            Self::Server(client) => Ok(vec![ListedArchive {
                archive: AnyArchive::Server(client.clone()),
                id: ListedArchive::SERVER_ID.to_owned(),
                display_name: "MailStore Server".to_owned(),
                not_running: None,
            }]),
            Self::Provider(client) => {
                let instances = client.get_instances(InstanceFilter::All).await?;
                let mut archives: Vec<ListedArchive> = instances
                    .into_iter()
                    .map(|instance| ListedArchive::of_instance(client, instance))
                    .collect();
                archives.sort_by(|one, other| one.id.cmp(&other.id));
                Ok(archives)
            }
        }
    }
}

impl ListedArchive {
    /// The id of the only archive of a MailStore Server, which has no instances.
    pub const SERVER_ID: &str = "server";

    fn of_instance(client: &spe::Client, instance: InstanceInfo) -> Self {
        let not_running = (instance.status != InstanceStatus::Running).then(|| {
            format!(
                "the instance is not running: its status is `{}`",
                instance.status.as_str()
            )
        });
        Self {
            archive: AnyArchive::Instance(client.instance(instance.instance_id.clone())),
            id: instance.instance_id.as_str().to_owned(),
            display_name: instance.display_name,
            not_running,
        }
    }

    /// Returns the archive.
    pub fn archive(&self) -> &AnyArchive {
        &self.archive
    }

    /// Returns the id of the instance, or [`SERVER_ID`](Self::SERVER_ID).
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the name for people. Instances can have the same name.
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// Returns why the archive cannot be read: the instance is not running. Returns `None` if it is running.
    pub fn not_running(&self) -> Option<&str> {
        self.not_running.as_deref()
    }
}

/// Runs a function for every archive, `parallel` at the same time. Returns the results in the order of the archives.
pub(crate) async fn for_each<'a, T, F, R>(
    archives: &'a [ListedArchive],
    parallel: usize,
    function: F,
) -> Vec<T>
where
    F: Fn(&'a ListedArchive) -> R,
    R: Future<Output = T>,
{
    stream::iter(archives)
        .map(function)
        .buffered(parallel.max(1))
        .collect()
        .await
}
