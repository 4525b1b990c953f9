//! The constants of the versions 1.9 and 2.9.

use bridge_codegen::Product;
use jetstream_api::{ErrorKind, Json, MinCipher, OverwriteMode, Transfer};

use crate::support::{builder, client, manifest};

#[tokio::test]
async fn a_mode_is_refused_if_the_connected_version_does_not_know_it() {
    for version in ["1.9", "2.9"] {
        let settings = builder(&[("JETSTREAM_VERSION", &format!("{version}.0"))]);
        let client = settings.connect().await.unwrap();
        for mode in OverwriteMode::ALL {
            let found = client.overwrite_mode(mode).await;
            if mode.versions().contains(&version) {
                assert_eq!(found.unwrap(), Json::from(mode.number()), "{mode:?}");
            } else {
                let error = found.unwrap_err();
                assert!(matches!(error.kind(), ErrorKind::Missing(_)), "{error}");
                assert!(error.to_string().contains(mode.constant()), "{error}");
            }
        }
        for cipher in MinCipher::ALL {
            assert_eq!(client.min_cipher(cipher).await.is_ok(), version == "2.9");
        }
    }
}

#[tokio::test]
async fn a_mode_is_an_argument_of_a_call_by_name() {
    let client = client().await;
    let manifest = manifest(&client, "/local/a").await;
    let destination = client.create_destination("localhost").await.unwrap();
    let mode = client
        .overwrite_mode(OverwriteMode::WithPartfileBackup)
        .await
        .unwrap();
    let call = client
        .call("send.createTransfer")
        .arg("destination", destination.destination_id.unwrap())
        .arg("manifest", manifest.manifest_id.unwrap());
    let transfer: Transfer = call.kwarg("someOption", mode).returns().await.unwrap();
    assert_eq!(transfer.unknown().get("someOption"), Some(&Json::from(5)));
}

#[tokio::test]
async fn the_server_information_has_a_cipher() {
    let settings = builder(&[("JETSTREAM_VERSION", "2.9.0")]);
    let client = settings.connect().await.unwrap();
    let info = client.server_get_server_info().await.unwrap();
    let number: i64 = info.min_cipher.unwrap().decode().unwrap();
    assert_eq!(MinCipher::from_number(number), Some(MinCipher::Encrypted128));
    assert_eq!(MinCipher::from_number(4), None);
}

#[tokio::test]
async fn every_constant_of_the_saved_lists_can_be_read() {
    let client = client().await;
    assert_eq!(client.constant("BUILD_VERSION").await.unwrap().text(), "[1,9,0]");
    for (name, list) in Product::Jetstream.lists() {
        for constant in list.constants.keys() {
            match client.constant(constant).await {
                Ok(value) if name == "1.9.json" => {
                    assert_eq!(
                        value.decode::<serde_json::Value>().unwrap(),
                        list.constants[constant]
                    );
                }
                Ok(_) => {}
                Err(error) => {
                    assert!(matches!(error.kind(), ErrorKind::Missing(_)), "{error}");
                    assert_ne!(name, "1.9.json");
                }
            }
        }
    }
    let error = client.constant("SECRET").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
}

#[test]
fn the_numbers_are_those_of_the_saved_lists() {
    for (name, list) in Product::Jetstream.lists() {
        let version = name.trim_end_matches(".json");
        let numbers = |prefix: &str| {
            let constants = list.constants.iter();
            let found = constants.filter(|(constant, _)| constant.starts_with(prefix));
            found
                .map(|(constant, value)| (constant.clone(), value.as_i64().unwrap()))
                .collect::<Vec<_>>()
        };
        let mut modes: Vec<(String, i64)> = OverwriteMode::ALL
            .into_iter()
            .filter(|mode| mode.versions().contains(&version))
            .map(|mode| (mode.constant().to_owned(), mode.number()))
            .collect();
        modes.sort();
        assert_eq!(modes, numbers("OVERWRITE_"), "{name}");
        let mut ciphers = MinCipher::ALL.map(|cipher| (cipher.constant().to_owned(), cipher.number()));
        ciphers.sort();
        let listed = numbers("MIN_CIPHER_");
        assert!(listed.is_empty() || listed == ciphers, "{name}");
        assert_eq!(listed.is_empty(), version == "1.9");
    }
}
