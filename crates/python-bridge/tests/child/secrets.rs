//! Secrets stay out of errors, the standard error and the list of processes.

use python_bridge::{Json, SecretString};

use crate::scene::scene;
use crate::support::{LOGIN, builder, close, open};

const CANARY: &str = "cänary \"7\" it's\\☃";

fn assert_clean(text: &str) {
    for part in ["nary", "☃", "2603", "it's"] {
        assert!(!text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("[secret]"), "{text}");
}

#[test]
fn a_secret_argument_is_cut_out_of_errors_and_the_standard_error() {
    scene(async || {
        let connection = open().await;
        let password = SecretString::from(CANARY);
        let call = connection
            .call("login")
            .arg("user", "eve")
            .secret_arg("password", &password);
        assert!(!format!("{call:?}").contains("nary"));
        let error = call.await.unwrap_err();
        assert_clean(&error.to_string());
        assert_clean(&format!("{error:?}"));
        // The module knows the secret now, and may write it in any form.
        connection.call("say").arg("text", CANARY).await.unwrap();
        assert_clean(close(connection).await.stderr());
    });
}

#[test]
fn an_argument_that_the_list_calls_secret_is_a_secret() {
    scene(async || {
        let connection = open().await;
        let draft = python_bridge::generated_v1::Draft::new(&connection, &LOGIN);
        let error = draft
            .arg("user", "eve")
            .arg("password", CANARY)
            .send::<Json>()
            .await
            .unwrap_err();
        assert_clean(&error.to_string());
        close(connection).await;
    });
}

#[test]
fn a_secret_of_the_builder_is_cut_out_where_the_kept_text_begins() {
    scene(async || {
        let connection = builder().secret(CANARY).spawn().await.unwrap();
        let error = connection.call("fail").arg("message", CANARY).await.unwrap_err();
        assert_clean(&error.to_string());
        // The standard error is cut in the middle of a secret.
        let text = CANARY.repeat(8000);
        connection.call("say").arg("text", &text).await.unwrap();
        let report = close(connection).await;
        assert_clean(report.stderr());
    });
}

#[cfg(target_os = "linux")]
#[test]
fn secrets_are_not_in_the_list_of_processes() {
    scene(async || {
        let connection = builder().secret("canary-of-the-list").spawn().await.unwrap();
        let password = SecretString::from("canary-of-the-list");
        connection
            .call("login")
            .arg("user", "eve")
            .secret_arg("password", &password)
            .await
            .unwrap_err();
        let folder = format!("/proc/{}", connection.process_id().unwrap());
        for file in ["cmdline", "environ"] {
            let text = std::fs::read(format!("{folder}/{file}")).unwrap();
            assert!(!String::from_utf8_lossy(&text).contains("canary"), "{file}");
        }
        close(connection).await;
    });
}
