//! A client whose responses are the input of a target.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use mailstore_api::server::Client;
use mailstore_api::unversioned::{Answer, BoxFuture, Exchange, Post, PostError};

/// The requests that a client has sent.
pub(crate) type Sent = Arc<Mutex<Vec<Post>>>;

/// Returns one response after the other, and then an empty one.
struct Script {
    responses: Mutex<VecDeque<Vec<u8>>>,
    sent: Sent,
}

impl Exchange for Script {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        self.sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(post);
        let mut responses = self.responses.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = Answer::new(200, responses.pop_front().unwrap_or_default());
        Box::pin(async { Ok(answer) })
    }
}

/// Runs a program with a client that receives these responses. Returns the requests that it sent.
///
/// # Panics
/// If the program panics.
pub(crate) fn with_responses<F: Future<Output = ()>>(
    responses: Vec<Vec<u8>>,
    program: impl FnOnce(Client) -> F,
) -> Vec<Post> {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime without sockets can be created");
    }
    let sent = Sent::default();
    let script = Script {
        responses: Mutex::new(responses.into()),
        sent: Arc::clone(&sent),
    };
    let client = Client::builder("mailstore.example.com")
        .exchange(script)
        .assume_edition()
        .retries(0)
        .poll_patience(0, std::time::Duration::ZERO)
        .build()
        .expect("the builder is valid");
    RUNTIME.with(|runtime| runtime.block_on(program(client)));
    let mut sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::take(&mut *sent)
}
