//! The functions about users, groups, pools and repositories.

use muster_api::{Client, Error};
use serde_json::{Value, json};

use super::labels::{label, labels};

pub(super) async fn run(client: &Client) -> Result<(), Error> {
    let users = client.user_get_list().await?;
    assert_eq!(labels!(users), ["MUser: bob", "MUser: @directory@alice"]);
    let user = client.user_get("alice").await?;
    assert_eq!(label(user.handle()).await, "MUser: alice");
    client.user_add(&user).await?;
    client.user_remove("alice").await?;
    client.user_configure(&users[0]).await?;
    let groups = client.group_get_list().await?;
    assert_eq!(labels!(groups), ["MGroup: group one"]);
    let group = client.group_get("artists").await?;
    assert_eq!(label(group.handle()).await, "MGroup: artists");
    client.group_add(&group).await?;
    client.group_remove("artists").await?;
    client.group_configure(&groups[0]).await?;
    let pools = client.pool_get_list().await?;
    assert_eq!(labels!(pools), ["MPool: pool one", "MPool: pool two"]);
    let pool = client.pool_get("gpu").await?;
    assert_eq!(label(pool.handle()).await, "MPool: gpu");
    client.pool_configure(&pools[1]).await?;
    client.pool_add(&pool).await?;
    client.pool_remove("gpu").await?;
    client.pool_notify_changes().await?;
    let repositories = client.repositories_get_list().await?;
    assert_eq!(labels!(repositories), ["MRepository: repository one"]);
    let repository = client.repositories_get("main").await?;
    assert_eq!(label(repository.handle()).await, "MRepository: main");
    client.repositories_configure(&repositories[0]).await?;
    client.repositories_add(&repository).await?;
    client.repositories_notify_changes().await?;
    client.repositories_remove("main").await?;
    Ok(())
}

pub(super) fn calls() -> Value {
    json!([
        ["userGetList"],
        ["userGet", "alice"],
        ["userAdd", "MUser alice"],
        ["userRemove", "alice"],
        ["userConfigure", "MUser bob"],
        ["groupGetList"],
        ["groupGet", "artists"],
        ["groupAdd", "MGroup artists"],
        ["groupRemove", "artists"],
        ["groupConfigure", "MGroup group one"],
        ["poolGetList"],
        ["poolGet", "gpu"],
        ["poolConfigure", "MPool pool two"],
        ["poolAdd", "MPool gpu"],
        ["poolRemove", "gpu"],
        ["poolNotifyChanges"],
        ["repositoriesGetList"],
        ["repositoriesGet", "main"],
        ["repositoriesConfigure", "MRepository repository one"],
        ["repositoriesAdd", "MRepository main"],
        ["repositoriesNotifyChanges"],
        ["repositoriesRemove", "main"],
    ])
}
