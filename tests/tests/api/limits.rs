//! Tests of waits with limits, over sockets.

use std::time::Duration;

use mailstore_api::server::types::StoreId;
use mailstore_api::{ErrorKind, StatusToken, WaitLimit, WaitOptions};
use mailstore_sim::{Fault, Phase};

use crate::simulated::{connect, frozen, only_call, quick};

const SOON: Duration = Duration::from_millis(60);

#[tokio::test]
async fn a_limit_returns_the_token_and_the_call_can_be_resumed() {
    let simulator = quick(5);
    let client = connect(&simulator);
    let stalled = simulator
        .inject(Fault::stall().on(Phase::Poll).nth(3).times(1))
        .unwrap();
    let task = client.verify_store(StoreId(1), true).start().await.unwrap();
    let error = task.wait(WaitOptions::new().total(SOON)).await.unwrap_err();
    assert!(error.is_wait_limit() && !error.is_transient() && !error.is_cancelled());
    assert_eq!(error.function(), Some("VerifyStore"));
    let ErrorKind::WaitLimit { limit, polls, .. } = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(*limit, WaitLimit::Total(SOON));
    // A slow machine may reach the limit before the poll that stalls.
    assert!(*polls <= 2 && stalled.applied() <= 1);
    assert_eq!(only_call(&simulator).status, "running");

    simulator.clear_faults();
    let saved = serde_json::to_string(error.task_token().unwrap()).unwrap();
    let token: StatusToken = serde_json::from_str(&saved).unwrap();
    let unlimited = WaitOptions::new().total(Duration::MAX).stalled(Duration::MAX);
    client.resume::<()>(token).unwrap().wait(unlimited).await.unwrap();
    assert_eq!(only_call(&simulator).status, "succeeded");
    assert_eq!(simulator.starts("VerifyStore"), 1);
}

/// Servers may end a call with a status without a log. The client returns the earlier pieces of the log and the result.
#[tokio::test]
async fn a_call_whose_last_status_has_no_log_ends_with_its_result() {
    for cancelled in [false, true] {
        let simulator = quick(4);
        let client = connect(&simulator);
        let missing = simulator
            .inject(Fault::log_missing().on(Phase::Poll).last())
            .unwrap();
        let mut task = client.verify_store(StoreId(1), true).start().await.unwrap();
        let mut update = task.next().await.unwrap().unwrap();
        if cancelled {
            task.request_cancel().await.unwrap();
        }
        let mut log = update.log().to_owned();
        while let Some(next) = task.next().await.unwrap() {
            log.push_str(next.log());
            update = next;
        }
        assert!(update.log().is_empty() && update.lines().is_empty(), "{update:?}");
        let call = only_call(&simulator);
        assert!(
            !log.is_empty() && call.log.starts_with(&log),
            "{cancelled} {log:?} {call:?}"
        );
        assert!(
            cancelled || call.log != log,
            "the log has its last piece although the fault applied"
        );
        assert_eq!((missing.applied(), call.cancelled), (1, cancelled));
        match task.await {
            Ok(()) => assert!(!cancelled && call.status == "succeeded"),
            Err(error) => {
                assert!(cancelled && error.is_cancelled(), "{error}");
                assert_eq!(
                    error.server_error().map(|error| &error.message),
                    call.error.as_ref()
                );
            }
        }
    }
}

#[tokio::test]
async fn a_call_without_news_is_stalled() {
    let simulator = frozen();
    let task = connect(&simulator)
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    let options = WaitOptions::new()
        .total(Duration::from_secs(600))
        .stalled(SOON)
        .poll_wait(SOON / 4);
    let error = task.wait(options).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::WaitLimit { limit, .. } if *limit == WaitLimit::Stalled(SOON)),
        "{error}"
    );
    assert!(error.task_token().is_some());
    let call = only_call(&simulator);
    assert!(call.status == "running" && !call.cancelled);
}

#[tokio::test]
async fn a_call_with_news_is_not_stalled() {
    let simulator = quick(30);
    let task = connect(&simulator)
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    task.wait(WaitOptions::new().stalled(Duration::from_secs(60)))
        .await
        .unwrap();
    assert_eq!(only_call(&simulator).status, "succeeded");
}

#[tokio::test]
async fn cancel_at_limit_cancels_the_call_once() {
    // The cancelled call ends with the next poll.
    let simulator = quick(1000);
    let client = connect(&simulator);
    simulator.inject(Fault::delay(SOON * 2).on(Phase::Poll)).unwrap();
    let task = client.verify_store(StoreId(1), true).start().await.unwrap();
    let ending = task.wait(WaitOptions::new().total(SOON * 30).cancel_at_limit());
    // The limit is reached many polls before the end of the call, and many polls before it is reached again.
    let error = ending.await.unwrap_err();
    assert!(error.is_cancelled() && !error.is_wait_limit(), "{error}");
    let call = only_call(&simulator);
    assert!(call.cancelled && call.status == "failed", "{call:?}");
}

#[tokio::test]
async fn a_call_that_ignores_the_cancel_request_returns_its_token_at_the_second_limit() {
    let simulator = frozen();
    let task = connect(&simulator)
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    // The second limit includes the cancel request.
    let options = WaitOptions::new().total(SOON * 20).cancel_at_limit();
    let error = task.wait(options).await.unwrap_err();
    assert!(error.is_wait_limit() && error.task_token().is_some(), "{error}");
    assert!(
        only_call(&simulator).cancelled,
        "the server received the cancel request"
    );
}
