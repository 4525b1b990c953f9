//! Tests of timeouts: they include connecting, retries and pauses.

use std::time::Duration;

use tokio::time::Instant;
use wire_values::Json;

use super::script::{Script, at_once, http, status};
use crate::call::Call;
use crate::connection::Limits;
use crate::error::ErrorKind;
use crate::exchange::PostError;
use crate::wait::{Patience, WaitOptions};

const TIMEOUT: Duration = Duration::from_secs(12);

fn limits() -> Limits {
    Limits {
        request_timeout: TIMEOUT,
        ..Limits::default()
    }
}

fn seconds(count: f64) -> Duration {
    Duration::from_secs_f64(count)
}

/// Once, a timeout of 12 seconds took 41 seconds, because each attempt had the whole time.
#[tokio::test(start_paused = true)]
async fn the_timeout_of_a_request_includes_new_connections() {
    let connect_timeout = Duration::from_secs(10);
    let server = Script::new(move |_, _| {
        let not_sent = PostError::NotSent {
            timeout: Some(connect_timeout),
            cause: "silence before TLS".into(),
        };
        (connect_timeout, Err(not_sent))
    });
    let connection = server.connection(limits());
    let began = Instant::now();
    Call::<Json>::new(&connection, "VerifyStore").await.unwrap_err();
    assert!(began.elapsed() <= TIMEOUT + seconds(0.1), "{:?}", began.elapsed());
}

/// Once, a timeout of 5 seconds took 17 seconds.
#[tokio::test(start_paused = true)]
async fn the_timeout_of_a_request_includes_slow_error_responses_and_pauses() {
    for answer_after in [0.1, 1.0, 4.0, 5.0, 11.99, 13.0] {
        let server = Script::new(move |_, _| (seconds(answer_after), Ok(http(503))));
        let connection = server.connection(limits());
        let began = Instant::now();
        Call::<Json>::new(&connection, "GetUsers").await.unwrap_err();
        assert!(
            began.elapsed() <= TIMEOUT + seconds(0.1),
            "{answer_after}: {:?}",
            began.elapsed()
        );

        let mut task = Call::<Json>::new(
            &Script::new(|_, _| at_once(status("running", 1))).connection(limits()),
            "VerifyStore",
        )
        .start()
        .await
        .unwrap();
        let token = task.token().unwrap().clone();
        task = crate::task::Task::resume(&connection, token).unwrap();
        let began = Instant::now();
        let error = task.request_cancel().await.unwrap_err();
        assert!(error.is_cancel_failure());
        assert!(
            began.elapsed() <= TIMEOUT + seconds(0.1),
            "{answer_after}: {:?}",
            began.elapsed()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_error_is_returned_if_the_next_pause_exceeds_the_timeout() {
    let server = Script::new(|_, _| at_once(http(503)));
    let connection = server.connection(Limits {
        request_timeout: seconds(0.05),
        ..limits()
    });
    let error = Call::<Json>::new(&connection, "GetUsers").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Http { status: 503 }), "{error}");
    assert_eq!(server.count("api/invoke/GetUsers"), 1);
}

#[tokio::test(start_paused = true)]
async fn the_client_sets_retries_and_patience() {
    for retries in [0, 1, 5] {
        let server = Script::new(|_, _| at_once(http(503)));
        let connection = server.connection(Limits { retries, ..limits() });
        Call::<Json>::new(&connection, "GetUsers").await.unwrap_err();
        assert_eq!(server.count("api/invoke/GetUsers"), 1 + retries);
    }
    for failures in [1, 2, 20] {
        let server = Script::new(|path, _| match path {
            "api/get-status" => at_once(http(503)),
            _ => at_once(status("running", 1)),
        });
        let connection = server.connection(Limits {
            poll_patience: Patience {
                failures,
                ..Patience::default()
            },
            ..limits()
        });
        let error = Call::<Json>::new(&connection, "VerifyStore").await.unwrap_err();
        assert!(error.is_resumable(), "{error}");
        assert_eq!(server.count("api/get-status"), failures as usize);
    }
    let server = Script::new(|path, _| match path {
        "api/get-status" => at_once(http(503)),
        _ => at_once(status("running", 1)),
    });
    let connection = server.connection(Limits {
        poll_patience: Patience {
            failures: u32::MAX,
            time: seconds(30.0),
        },
        ..limits()
    });
    let began = Instant::now();
    Call::<Json>::new(&connection, "VerifyStore").await.unwrap_err();
    assert!(
        (seconds(29.0)..seconds(45.0)).contains(&began.elapsed()),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn the_total_of_an_awaited_request_starts_when_it_is_sent() {
    // The first response takes 7 seconds. No others follow.
    let server = Script::new(|path, _| match path {
        "api/get-status" => (Duration::MAX, Ok(http(200))),
        _ => (seconds(7.0), Ok(status("running", 1))),
    });
    let connection = server.connection(limits());
    let call = |total| {
        let options = WaitOptions::new().total(seconds(total));
        Call::<Json>::new(&connection, "VerifyStore").wait_options(options)
    };
    let began = Instant::now();
    let error = call(9.0).await.unwrap_err();
    assert_eq!(began.elapsed(), seconds(9.0));
    assert!(error.is_wait_limit() && error.task_token().is_some(), "{error}");
    assert!(error.to_string().contains("did not end within 9s"), "{error}");

    // The time ends before the first response, so the call may have been started.
    let began = Instant::now();
    let error = call(3.0).await.unwrap_err();
    assert_eq!(began.elapsed(), seconds(3.0));
    assert!(
        error.is_outcome_unknown() && error.task_token().is_none(),
        "{error}"
    );

    // Set once for all calls of a client.
    let options = WaitOptions::new().total(seconds(9.0));
    let connection = server.connection(Limits {
        wait: options,
        ..limits()
    });
    let began = Instant::now();
    let error = Call::<Json>::new(&connection, "VerifyStore").await.unwrap_err();
    assert!(error.is_wait_limit(), "{error}");
    assert_eq!(began.elapsed(), seconds(9.0));
    let task = Call::<Json>::new(&connection, "VerifyStore")
        .start()
        .await
        .unwrap();
    let began = Instant::now();
    assert!(task.await.unwrap_err().is_wait_limit());
    assert_eq!(began.elapsed(), seconds(9.0));
}

/// Once, it waited for the client's `request_timeout`.
#[tokio::test(start_paused = true)]
async fn limits_also_apply_to_cancelling() {
    let server = Script::new(|path, _| match path {
        "api/invoke/VerifyStore" => at_once(status("running", 1)),
        _ => (Duration::MAX, Ok(http(200))),
    });
    let connection = server.connection(limits());
    let options = WaitOptions::new().total(seconds(0.3)).cancel_at_limit();
    let task = Call::<Json>::new(&connection, "VerifyStore")
        .start()
        .await
        .unwrap();
    let began = Instant::now();
    let error = task.wait(options).await.unwrap_err();
    assert_eq!(began.elapsed(), seconds(0.6));
    assert!(error.is_wait_limit() && error.is_cancel_failure(), "{error}");
    assert!(error.task_token().is_some() && error.is_outcome_unknown());
}
