//! The requests of a client's `check`, `compatibility` and `require_compatible`.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use mailstore_metadata::Edition;
use wire_values::Json;

use super::{Compatibility, own};
#[cfg(feature = "blocking")]
use crate::blocking::block_on;
use crate::call::Draft;
use crate::connection::Connection;
use crate::error::Error;
use crate::exchange::SharedFuture;
use crate::function::Function;
use crate::function_list;
use crate::gate;

impl Connection {
    /// Checks that the server can be reached, that it accepts the credentials, and that it has the edition that the
    /// program was [compiled for](crate::Surface::edition). Returns how its functions differ from those that the
    /// program was compiled for.
    ///
    /// Sends two read-only requests: get-metadata, and `GetServerInfo` or `GetEnvironmentInfo`. The second one checks
    /// the credentials, because the Administration API returns its function list without credentials (documented). Each
    /// may take the [`request_timeout`](crate::Builder::request_timeout).
    /// [`assume_edition`](crate::Builder::assume_edition) has no effect.
    ///
    /// # Errors
    /// - [`Connect`](crate::ErrorKind::Connect): the server cannot be reached.
    /// - [`WrongEdition`](crate::ErrorKind::WrongEdition): the server has another edition.
    /// - [`Unauthorized`](crate::ErrorKind::Unauthorized) or [`Forbidden`](crate::ErrorKind::Forbidden): the server
    ///   rejects the credentials or denies access.
    /// - [`Configuration`](crate::ErrorKind::Configuration): neither the surface nor the function list of the server
    ///   matches a known edition.
    /// - The errors of a call. Different functions are not an error.
    pub fn check(&self) -> CheckFuture<Compatibility> {
        let connection = self.clone();
        CheckFuture(Box::pin(async move {
            let list = connection.function_list().await?;
            let found = Edition::of_known(&list);
            let expected = connection.surface().edition();
            if let Some(expected) = expected {
                gate::compare(expected, found)?;
                connection.known_edition().note(found);
            }
            let edition = expected.or(found).ok_or_else(|| {
                Error::configuration(
                    "the edition is unknown: this client has no functions, and the server's function list does not match \
                     any known edition. Check the address",
                )
            })?;
            Draft::reading(&connection, edition.info_function())
                .send::<Json>()
                .await?;
            Compatibility::with_list(connection.surface(), &list)
        }))
    }

    /// Compares the functions that the program was compiled for with those of the server.
    ///
    /// Sends one read-only request: get-metadata. The Administration API does not require credentials for it
    /// (documented), so this method does not check them. [`check`](Self::check) does.
    ///
    /// # Errors
    /// The server cannot be reached or rejects the request, or its response is not a function list. Different functions
    /// are not an error.
    pub fn compatibility(&self) -> CheckFuture<Compatibility> {
        let connection = self.clone();
        CheckFuture(Box::pin(async move {
            let list = function_list::parse(&connection.metadata().await?)?;
            connection.known_edition().note(Edition::of_known(&list));
            Compatibility::with_list(connection.surface(), &list)
        }))
    }

    /// Verifies that the server accepts every call of these functions. Ignores all other functions.
    ///
    /// `functions` are entries of the catalog, so the compiler checks their names. Sends the same request as
    /// [`compatibility`](Self::compatibility).
    ///
    /// # Errors
    /// - [`ErrorKind::Incompatible`](crate::ErrorKind::Incompatible): a difference of these functions has an
    ///   [impact](crate::Impact). The error contains all differences with an impact, even if the program never makes
    ///   the calls that fail. If that is too strict, use [`Compatibility::of`].
    /// - [`ErrorKind::Configuration`](crate::ErrorKind::Configuration): a function is not in the catalog of the client.
    ///   A function of another edition with the same name is not in it. Nothing is sent.
    /// - The errors of [`compatibility`](Self::compatibility).
    pub fn require_compatible(
        &self,
        functions: impl IntoIterator<Item = &'static Function>,
    ) -> CheckFuture<()> {
        let functions: Vec<&'static Function> = functions.into_iter().collect();
        let (surface, compatibility) = (self.surface(), self.compatibility());
        CheckFuture(Box::pin(async move {
            for function in &functions {
                own(surface, function)?;
            }
            compatibility.await?.require(&functions)
        }))
    }
}

/// The future of a comparison with the functions of the server.
#[must_use = "nothing is sent until this is awaited"]
pub struct CheckFuture<T>(SharedFuture<Result<T, Error>>);

#[cfg(feature = "blocking")]
impl<T> CheckFuture<T> {
    /// Sends the requests and blocks the thread until the comparison is complete. For programs without an async
    /// runtime.
    ///
    /// # Errors
    /// The errors of awaiting it.
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
