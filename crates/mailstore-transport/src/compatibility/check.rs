//! Asking the server: the requests behind a client's `compatibility` and `require_compatible`.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use mailstore_metadata::Edition;

use super::{Compatibility, function_list};
#[cfg(feature = "blocking")]
use crate::blocking::block_on;
use crate::connection::Connection;
use crate::error::Error;
use crate::exchange::BoxFuture;
use crate::function::{Function, Surface};

impl Connection {
    /// Compares the functions that the program was compiled for with those of the server.
    ///
    /// One request, which only reads: get-metadata. The Administration API answers it without credentials, so this
    /// says nothing about whether they are good; a call such as `get_server_info` does.
    ///
    /// # Errors
    /// The server cannot be reached or refuses, or its answer is no function list. That the lists differ is no error.
    pub fn compatibility(&self) -> CheckFuture<Compatibility> {
        let connection = self.clone();
        CheckFuture(Box::pin(async move {
            let list = function_list(&connection.metadata().await?)?;
            connection.gate().note(Edition::of_known(&list));
            Compatibility::with_list(connection.surface(), &list)
        }))
    }

    /// Makes sure that the server takes every call of these functions that the program was compiled to make. Functions
    /// that are not named do not matter.
    ///
    /// `functions` are entries of the catalog, so that the compiler checks their names. The request is that of
    /// [`compatibility`](Self::compatibility).
    ///
    /// # Errors
    /// [`ErrorKind::Incompatible`](crate::ErrorKind::Incompatible) with all that differs about them and has an
    /// [impact](crate::Impact), be it on calls that the program never makes; where that is too strict, decide by
    /// [`Compatibility::of`]. As [`compatibility`](Self::compatibility). Before anything is sent: a function is not in
    /// the client's own catalog.
    pub fn require_compatible(
        &self,
        functions: impl IntoIterator<Item = &'static Function>,
    ) -> CheckFuture<()> {
        let functions: Vec<&'static Function> = functions.into_iter().collect();
        let (surface, compatibility) = (self.surface(), self.compatibility());
        CheckFuture(Box::pin(async move {
            check_own(surface, &functions)?;
            compatibility.await?.require(&functions)
        }))
    }
}

fn check_own(surface: &Surface, functions: &[&Function]) -> Result<(), Error> {
    match functions
        .iter()
        .find(|function| surface.function(function.name).is_none())
    {
        None => Ok(()),
        Some(function) => Err(Error::configuration(format!(
            "{} is no function of this client, which is one of the {}: take entries of the catalog beside it",
            function.name, surface.title
        ))),
    }
}

/// The future of a question about the server's functions.
#[must_use = "the server is asked when this is awaited"]
pub struct CheckFuture<T>(BoxFuture<Result<T, Error>>);

#[cfg(feature = "blocking")]
impl<T> CheckFuture<T> {
    /// Asks and blocks the thread until the answer is there. For programs without an async runtime.
    ///
    /// # Errors
    /// As awaiting it.
    pub fn send_blocking(self) -> Result<T, Error> {
        block_on(self)
    }
}

impl<T> Future for CheckFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for CheckFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckFuture")
    }
}
