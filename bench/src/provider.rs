//! A simulated Service Provider Edition with many instances and users.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use mailstore_api::spe::Client;
use mailstore_api::types::Privilege;
use mailstore_sim::{Edition, Simulator};

use crate::caller::runtime;
use crate::peer::Failure;
use crate::sizes::Sizes;
use crate::target::Target;

/// The ids of the measured instances begin with these letters. The simulator has others from its start.
pub(crate) const PREFIX: &str = "customer-";

/// Starts the simulator and creates the instances and users with calls. Returns the simulator and its target.
pub(crate) fn serve(sizes: Sizes) -> Result<(Simulator, Target), Failure> {
    let simulator = Simulator::builder(Edition::Spe).start()?;
    let target = Target {
        url: simulator.url().to_owned(),
        certificate: simulator.certificate_pem().to_owned(),
    };
    runtime()?.block_on(create(&target, sizes))?;
    Ok((simulator, target))
}

/// Returns the name of a user.
pub(crate) fn user_name(number: usize) -> String {
    format!("user.{number:04}")
}

async fn create(target: &Target, sizes: Sizes) -> Result<(), Failure> {
    let client = Client::builder(&target.url)
        .credentials("admin", "admin".to_owned())
        .certificate_authority(target.certificate.clone())
        .build()?;
    let template = client.instance("demo").get_instance_configuration().await?;
    let profiles = client.instance("demo").get_profiles().await?;
    let ids = (0..sizes.instances).map(|number| format!("{PREFIX}{number:04}"));
    stream::iter(ids)
        .map(Ok)
        .try_for_each_concurrent(16, |id| {
            let (client, profiles, mut configuration) = (&client, &profiles, template.clone());
            async move {
                configuration.instance_id = id.as_str().into();
                client.create_instance(&configuration).await?;
                let instance = client.instance(id);
                instance.create_store("2026").await?;
                for profile in profiles {
                    instance.create_profile(&profile.clone().into()).await?;
                }
                for number in 0..sizes.users {
                    let name = user_name(number);
                    instance.create_user(&name, [Privilege::Login]).await?;
                }
                Ok(())
            }
        })
        .await
}
