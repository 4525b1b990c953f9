//! Tests of the fields of stores, folders and messages.

use mailstore_api::server::types::{StoreId, StoreState, StoreType};
use serde_json::json;

use super::ask::{returning, sampling};

#[tokio::test]
async fn stores() {
    let server = sampling("GetStores").await;
    let stores = server.client().get_stores().include_size(true).await.unwrap();
    let [newest, other] = stores.as_slice() else {
        panic!("{stores:?}")
    };
    assert_eq!((newest.id, newest.name.as_str()), (StoreId(1), "2018-02"));
    assert_eq!(newest.store_type, Some(StoreType::FileSystemInternal));
    assert_eq!(newest.requested_state, StoreState::Current);
    assert_eq!(newest.error, None);
    // The size of one store is beyond 32 bits.
    let statistics = (newest.statistics_count, newest.statistics_size);
    assert_eq!(statistics, (Some(49_080), Some(2_538_415_312)));
    assert_eq!(
        (newest.needs_upgrade, newest.search_indexes_need_rebuild),
        (Some(false), Some(true))
    );
    assert_eq!(newest.database_path.as_deref(), Some(r"E:\Demo\2018-02"));
    assert_eq!(newest.content_path.as_deref(), Some(r"E:\Demo\2018-02\Content"));
    assert_eq!(newest.index_path.as_deref(), Some(r"E:\Demo\2018-02\Index"));
    assert_eq!(other.requested_state, StoreState::Normal);
    assert_eq!(other.error.as_deref(), Some("Invented trouble."));
    assert_eq!(
        (other.needs_upgrade, other.search_indexes_need_rebuild),
        (Some(true), Some(false))
    );
}

/// Versions before 9 had these kinds of stores.
#[tokio::test]
async fn an_outdated_kind_of_store_keeps_its_word() {
    let kinds = ["FileSystemStandard", "FileSystemAdvanced", "FileSystemFlat"];
    let store = |kind| json!([{"id": 1, "name": "Old", "requestedState": "normal", "type": kind}]);
    let server = returning(kinds.map(store)).await;
    let client = server.client();
    for kind in kinds {
        let stores = client.get_stores().await.unwrap();
        assert_eq!(stores[0].store_type.as_ref().unwrap().as_str(), kind);
    }
}

#[tokio::test]
async fn unpublished_results_of_stores_and_folders_are_json() {
    let server = sampling("GetStoreIndexes").await;
    let indexes = server.client().get_store_indexes().id(StoreId(1)).await.unwrap();
    assert_eq!(
        indexes[0].get("invented"),
        Some("nothing of an index is public".into())
    );

    let server = sampling("GetChildFolders").await;
    let folders = server.client().get_child_folders().await.unwrap();
    assert_eq!(
        folders[0].get("invented"),
        Some("nothing of a folder is public".into())
    );
    assert_eq!(folders[1], json!("john.doe").into());

    let server = sampling("GetStoreAutoCreateConfiguration").await;
    let config = server
        .client()
        .get_store_auto_create_configuration()
        .await
        .unwrap();
    assert!(config.unknown.is_empty());
}

#[tokio::test]
async fn sizes_of_archives() {
    let server = sampling("GetFolderStatistics").await;
    let archives = server.client().get_folder_statistics().await.unwrap();
    assert_eq!(archives[0].folder.as_ref().unwrap().as_str(), "john.doe");
    assert_eq!(archives[0].size, Some(7_340_032_000));
    assert_eq!(archives[0].unknown().get("count"), Some(&81_250.into()));
}

#[tokio::test]
async fn messages() {
    let server = sampling("GetMessages").await;
    let inbox = "john.doe/Inbox".parse().unwrap();
    let messages = server.client().get_messages().folder(&inbox).await.unwrap();
    let id = messages[0].id.as_ref().unwrap();
    assert_eq!(
        (id.as_str(), id.store(), id.number()),
        ("3:42", Some(3), Some(42))
    );
}
