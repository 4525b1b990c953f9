//! The future of a call: waits for its end, then decodes its result.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use wire_values::FromJson;

use crate::envelope::Reply;
use crate::error::Error;
use crate::exchange::SharedFuture;

/// A call that succeeded, with its undecoded result.
pub(crate) struct Ended {
    pub(crate) function: String,
    pub(crate) reply: Reply,
}

/// The future of a request or a task. Its output is the result of the call.
///
/// All functions share one boxed future. Only the function that decodes the result differs.
#[must_use = "futures do nothing unless awaited"]
pub struct CallFuture<T> {
    inner: SharedFuture<Result<Ended, Error>>,
    output: PhantomData<fn() -> T>,
}

impl<T> CallFuture<T> {
    pub(crate) fn new(inner: SharedFuture<Result<Ended, Error>>) -> Self {
        Self {
            inner,
            output: PhantomData,
        }
    }
}

impl<T: FromJson> Future for CallFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.inner.as_mut().poll(context).map(|ended| {
            let Ended { function, reply } = ended?;
            let secrets = reply.secrets.clone();
            reply
                .into_decoded()
                .map_err(|problem| Error::decode(&problem, &secrets).of(&function))
        })
    }
}

/// Implements `Debug` with the name of the type only.
macro_rules! opaque_debug {
    ($([$($generics:tt)*] $name:ty),*) => {$(
        impl<$($generics)*> fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )*};
}
pub(crate) use opaque_debug;

opaque_debug!([T] CallFuture<T>);
