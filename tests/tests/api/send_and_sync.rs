//! Tests that public futures and types can be sent to another thread and shared between threads.

use std::fmt::Debug;
use std::future::IntoFuture;
use std::time::Duration;

use mailstore_api::server::{self, StoreId, catalog};
use mailstore_api::unversioned::{Answer, BoxFuture, ConnectError, Exchange, Post, PostError};
use mailstore_api::{
    Call, CallFuture, CheckFuture, Compatibility, Connection, Error, ErrorKind, Json, RawFuture, Reply,
    Request, StartFuture, StatusToken, Task, Update, Updates, WaitOptions, server_9, spe,
};

fn thread_safe<T: Send + Sync>(_: T) {}

fn thread_safe_type<T: Send + Sync>() {}

#[test]
fn types_that_programs_keep_are_send_and_sync() {
    thread_safe_type::<(
        server::Client,
        server_9::Client,
        spe::Client,
        spe::Instance,
        Connection,
    )>();
    thread_safe_type::<(Task<()>, Task<Json>, Updates<'_>, Call<Json>)>();
    thread_safe_type::<(Error, ErrorKind, StatusToken, Update, Reply, Compatibility)>();
    thread_safe_type::<(Answer, ConnectError, Post, PostError)>();
    thread_safe_type::<(
        CallFuture<Json>,
        StartFuture<Json>,
        RawFuture,
        CheckFuture<Compatibility>,
    )>();
}

/// The trait of all requests of all editions has these bounds, so the compiler proves them for each request.
#[test]
fn every_request_and_its_future_are_send_and_sync() {
    fn of_any<R: Request>(request: R) {
        thread_safe(request.clone());
        thread_safe(request.into_future());
        thread_safe_type::<R::Result>();
    }
    fn spawned<R: Request>(request: R)
    where
        R::Result: Debug,
    {
        drop(async { tokio::spawn(request.into_future()).await });
    }
    let client = connect();
    of_any(client.verify_store(StoreId(1), true));
    spawned(client.get_stores());
}

#[test]
fn futures_of_requests_are_send_and_sync() {
    let client = connect();
    let request = client.verify_store(StoreId(1), true);
    thread_safe(request.clone().into_future());
    thread_safe(request.clone().start());
    thread_safe(request.clone().raw());
    thread_safe(request.on_update(|_| {}).into_future());
    thread_safe(client.call("VerifyStore").into_future());
    thread_safe(client.check());
    thread_safe(client.compatibility());
    thread_safe(client.require_compatible([&catalog::GET_STORES]));
    thread_safe(client.connection().metadata());
    thread_safe(mailstore_api::peek_certificate("127.0.0.1"));
    thread_safe(server::Client::builder("127.0.0.1").peek_certificate());
    thread_safe(server::Client::builder("127.0.0.1").check_certificate());
}

#[tokio::test]
async fn futures_of_tasks_are_send_and_sync() {
    let task = async || {
        connect()
            .verify_store(StoreId(1), true)
            .start()
            .await
            .expect("the call starts")
    };
    let limits = WaitOptions::default().total(Duration::from_secs(1));
    let mut followed = task().await;
    thread_safe(followed.next());
    thread_safe(followed.updates());
    thread_safe(followed.request_cancel());
    thread_safe(followed.into_future());
    thread_safe(task().await.wait(limits));
    thread_safe(task().await.cancel());
}

fn connect() -> server::Client {
    let builder = server::Client::builder("mailstore.example.com").exchange(Running);
    builder.assume_edition().build().expect("the client is built")
}

/// An exchange on which every call stays running.
struct Running;

impl Exchange for Running {
    fn post(&self, _: Post) -> BoxFuture<Result<Answer, PostError>> {
        Box::pin(async { Ok(Answer::running("b3af0ebae4dd755d1a54b9756817baee", 1)) })
    }
}
