//! Sends samples as responses to the typed methods of both editions, over a real connection.

use mailstore_api::civil::date;
use mailstore_api::server::types::{Privilege, StoreId, TimeZone};
use mailstore_api::spe::types::{InstanceFilter, ServerName, SystemAdministrator};
use mailstore_api::{Edition, Error, server, spe};
use serde_json::Value;

use super::published::Published;
use crate::support::answer::succeeded;
use crate::support::{Act, Server};

/// A result that was sent to a typed method.
pub(crate) struct Fed {
    pub(crate) function: String,
    pub(crate) edition: Edition,
    pub(crate) result: Value,
    /// The `Debug` output of the decoded result. It contains the names of unknown members but no secrets.
    pub(crate) read: Result<String, Error>,
}

impl Fed {
    /// Returns the `Debug` output of the decoded result.
    #[track_caller]
    pub(crate) fn text(&self) -> &str {
        match &self.read {
            Ok(text) => text,
            Err(error) => panic!("{self}: {error}"),
        }
    }
}

impl std::fmt::Display for Fed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {:?} with {}", self.function, self.edition, self.result)
    }
}

/// Starts a server that returns these results in order.
pub(crate) async fn returning(results: impl IntoIterator<Item = Value>) -> Server {
    Server::start(results.into_iter().map(|result| Act::Send(succeeded(result)))).await
}

/// Starts a server that returns the samples of this function.
pub(crate) async fn sampling(function: &str) -> Server {
    returning(Published::of(function).samples).await
}

/// Sends the results that `results` creates from the samples, for every edition that has the function.
pub(crate) async fn feed(results: impl Fn(&Published) -> Vec<Value>) -> Vec<Fed> {
    let all = Published::all();
    let mut fed = Vec::new();
    for edition in [Edition::Server, Edition::Spe] {
        let of_edition = all
            .iter()
            .filter(|published| published.editions().contains(&edition));
        let answers: Vec<(&str, Value)> = of_edition
            .flat_map(|published| {
                let function = published.function.as_str();
                results(published)
                    .into_iter()
                    .map(move |result| (function, result))
            })
            .collect();
        let server = returning(answers.iter().map(|(_, result)| result.clone())).await;
        let (of_server, of_spe) = (server.client(), server.spe_client());
        for (function, result) in answers {
            let read = match edition {
                Edition::Server => ask_server(&of_server, function).await,
                Edition::Spe => ask_spe(&of_spe, function).await,
            };
            let function = function.to_owned();
            fed.push(Fed {
                function,
                edition,
                result,
                read,
            });
        }
    }
    fed
}

/// Returns the functions with a typed call.
pub(crate) fn functions(edition: Edition) -> &'static [&'static str] {
    match edition {
        Edition::Server => OF_SERVER,
        Edition::Spe => OF_SPE,
    }
}

macro_rules! typed_calls {
    ($functions:ident, $ask:ident($client:ident: $type:ty), { $($function:literal => $call:expr,)+ }) => {
        const $functions: &[&str] = &[$($function),+];

        async fn $ask($client: &$type, function: &str) -> Result<String, Error> {
            match function {
                $($function => $call.await.map(|result| format!("{result:?}")),)+
                other => panic!("there is no typed call of {other}"),
            }
        }
    };
}

typed_calls!(OF_SERVER, ask_server(client: server::Client), {
    "CreateUser" => client.create_user("jane", [Privilege::Login]),
    "GetActiveSessions" => client.get_active_sessions(),
    "GetChildFolders" => client.get_child_folders(),
    "GetComplianceConfiguration" => client.get_compliance_configuration(),
    "GetCredentials" => client.get_credentials(),
    "GetDirectoryServicesConfiguration" => client.get_directory_services_configuration(),
    "GetFolderStatistics" => client.get_folder_statistics(),
    "GetJobResults" => client.get_job_results(date(2026, 5, 1), date(2026, 6, 1), &TimeZone::SERVER_LOCAL),
    "GetJobs" => client.get_jobs(),
    "GetLicenseInformation" => client.get_license_information(),
    "GetMessages" => client.get_messages(),
    "GetProfiles" => client.get_profiles(),
    "GetRetentionPolicies" => client.get_retention_policies(),
    "GetServerInfo" => client.get_server_info(),
    "GetServiceConfiguration" => client.get_service_configuration(),
    "GetSmtpSettings" => client.get_smtp_settings(),
    "GetStoreAutoCreateConfiguration" => client.get_store_auto_create_configuration(),
    "GetStoreIndexes" => client.get_store_indexes(),
    "GetStores" => client.get_stores(),
    "GetTimeZones" => client.get_time_zones(),
    "GetUserInfo" => client.get_user_info("frank.clark"),
    "GetUsers" => client.get_users(),
    "GetWorkerResults" => client.get_worker_results(date(2026, 4, 1), date(2026, 5, 1), &TimeZone::SERVER_LOCAL),
    "SetUserPrivilegesOnFolder" => client.set_user_privileges_on_folder("jane", &"jane".parse().unwrap(), []),
    "VerifyStore" => client.verify_store(StoreId(1), true),
});

typed_calls!(OF_SPE, ask_spe(client: spe::Client), {
    "CreateSystemAdministrator" => {
        client.create_system_administrator(&SystemAdministrator::default(), &"secret".into())
    },
    "CreateUser" => client.instance("demo").create_user("jane", [Privilege::Login]),
    "GetChildFolders" => client.instance("demo").get_child_folders(),
    "GetClientAccessServers" => client.get_client_access_servers(false),
    "GetComplianceConfiguration" => client.instance("demo").get_compliance_configuration(),
    "GetCredentials" => client.instance("demo").get_credentials(),
    "GetDirectoriesOnInstanceHost" => client.get_directories_on_instance_host(&ServerName::new("host1")),
    "GetDirectoryServicesConfiguration" => client.instance("demo").get_directory_services_configuration(),
    "GetEnvironmentInfo" => client.get_environment_info(),
    "GetFolderStatistics" => client.instance("demo").get_folder_statistics(),
    "GetIndexConfiguration" => client.instance("demo").get_index_configuration(),
    "GetInstanceConfiguration" => client.instance("demo").get_instance_configuration(),
    "GetInstanceHosts" => client.get_instance_hosts(),
    "GetInstanceProcessLiveStatistics" => client.instance("demo").get_instance_process_live_statistics(),
    "GetInstanceStatistics" => client.instance("demo").get_instance_statistics(),
    "GetInstances" => client.get_instances(InstanceFilter::All),
    "GetJobResults" => {
        let demo = client.instance("demo");
        demo.get_job_results(date(2026, 5, 1), date(2026, 6, 1), &TimeZone::SERVER_LOCAL)
    },
    "GetJobs" => client.instance("demo").get_jobs(),
    "GetProfiles" => client.instance("demo").get_profiles(),
    "GetRetentionPolicies" => client.instance("demo").get_retention_policies(),
    "GetServiceStatus" => client.get_service_status(),
    "GetSmtpSettings" => client.instance("demo").get_smtp_settings(),
    "GetStoreAutoCreateConfiguration" => client.instance("demo").get_store_auto_create_configuration(),
    "GetStores" => client.instance("demo").get_stores(),
    "GetSystemAdministrators" => client.get_system_administrators(),
    "GetSystemSmtpConfiguration" => client.get_system_smtp_configuration(),
    "GetTimeZones" => client.instance("demo").get_time_zones(),
    "GetUserInfo" => client.instance("demo").get_user_info("frank.clark"),
    "GetUsers" => client.instance("demo").get_users(),
    "GetWorkerResults" => {
        let demo = client.instance("demo");
        demo.get_worker_results(date(2026, 4, 1), date(2026, 5, 1), &TimeZone::SERVER_LOCAL)
    },
    "SetUserPrivilegesOnFolder" => {
        client.instance("demo").set_user_privileges_on_folder("jane", &"jane".parse().unwrap(), [])
    },
    "VerifyStore" => client.instance("demo").verify_store(StoreId(1), true),
});
