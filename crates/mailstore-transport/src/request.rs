//! The trait of all requests, and the macros that add the methods of every request.

use std::future::IntoFuture;
use wire_values::{FromJson, printable};

use crate::call::Draft;
use crate::call_future::CallFuture;
use crate::connection::Connection;
use crate::error::{Error, ErrorKind};
use crate::task::Task;
use crate::token::StatusToken;

/// The request of one function: every request type of a generated client implements this trait.
///
/// It ties a function to the type of its result. [`Task::resume_as`] and the method `resume_as` of the clients use it
/// to continue a call without naming the result type again. Only generated code implements it.
pub trait Request:
    Clone + Send + Sync + IntoFuture<Output = Result<Self::Result, Error>, IntoFuture = CallFuture<Self::Result>>
{
    /// The result of the call.
    type Result: FromJson + Send + Sync + 'static;

    /// Wire name of the function, such as `VerifyStore`.
    const FUNCTION: &'static str;

    /// Called by generated code.
    #[doc(hidden)]
    fn from_draft(draft: Draft) -> Self;
}

impl<T: FromJson> Task<T> {
    /// Resumes a call that was started earlier, possibly by another process. `R` is the request type of its function.
    /// Sends nothing.
    ///
    /// [`resume`](Self::resume) accepts a token of any function.
    ///
    /// # Errors
    /// - [`ErrorKind::OtherFunction`]: the token belongs to a call of another function.
    /// - [`ErrorKind::ForeignToken`]: the token belongs to another server or edition.
    pub fn resume_as<R: Request<Result = T>>(
        connection: &Connection,
        token: StatusToken,
    ) -> Result<Self, Error> {
        if token.function() != R::FUNCTION {
            let error = Error::new(ErrorKind::OtherFunction {
                called: printable(token.function()).to_string(),
                resumed_as: R::FUNCTION,
            });
            return Err(error.of(token.function()));
        }
        Self::resume(connection, token)
    }
}

/// Adds the blocking methods of a request. Adds nothing without the feature `blocking`.
#[cfg(feature = "blocking")]
#[doc(hidden)]
#[macro_export]
macro_rules! blocking_methods {
    ($output:ty) => {
        /// Sends the call and blocks the thread until its end. For programs without an async runtime.
        pub fn send_blocking(self) -> ::core::result::Result<$output, $crate::Error> {
            $crate::block_on(::std::future::IntoFuture::into_future(self))
        }

        /// Starts the call and blocks the thread until the first response.
        pub fn start_blocking(self) -> ::core::result::Result<$crate::Task<$output>, $crate::Error> {
            $crate::block_on(self.start())
        }
    };
}

#[cfg(not(feature = "blocking"))]
#[doc(hidden)]
#[macro_export]
macro_rules! blocking_methods {
    ($output:ty) => {};
}

/// Implements the traits and methods of a request, which is a newtype over a [`Draft`]. Used by generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! request {
    ($name:ident = $function:literal => $output:ty) => {
        impl ::core::clone::Clone for $name {
            fn clone(&self) -> Self {
                Self(::core::clone::Clone::clone(&self.0))
            }
        }

        impl $crate::Request for $name {
            type Result = $output;

            const FUNCTION: &'static str = $function;

            fn from_draft(draft: $crate::generated_v1::Draft) -> Self {
                Self(draft)
            }
        }

        $crate::request_methods!([] $name => $output);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! request_methods {
    ([$($generics:tt)*] $name:ty => $output:ty) => {
        impl<$($generics)*> $name {
            /// Starts the call and returns its task after the first response. The call may already have ended.
            pub fn start(self) -> $crate::StartFuture<$output> {
                self.0.start()
            }

            $crate::blocking_methods!($output);

            /// Sends the call and returns the first response unchanged. A failed or running call is not an error.
            pub fn raw(self) -> $crate::RawFuture {
                self.0.raw()
            }

            /// Calls `on_update` with each update while the call is awaited. `start` does not use it.
            ///
            /// Clones of the request share the closure, and only one clone runs it at a time. Keep it short.
            pub fn on_update(
                mut self,
                on_update: impl ::core::ops::FnMut(&$crate::Update) + ::core::marker::Send + 'static,
            ) -> Self {
                self.0 = self.0.on_update(on_update);
                self
            }

            /// Timeout of the first response, including connecting, retries and the pauses between them. Replaces the
            /// client's `request_timeout`.
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.0 = self.0.timeout(timeout);
                self
            }

            /// Limits of the whole call when it is awaited, from sending the request to the end of the call. Replaces
            /// the client's `wait_options`. `start` does not use them.
            ///
            /// At a limit, the error contains the token if the server returned one.
            pub fn wait_options(mut self, options: $crate::WaitOptions) -> Self {
                self.0 = self.0.wait_options(options);
                self
            }

            /// The effect of the function.
            pub fn effect(&self) -> $crate::Effect {
                self.0.effect()
            }
        }

        /// Sends the call and waits for its end, within the limits of `wait_options`. Without limits, it waits until
        /// the call ends.
        ///
        /// Retried only if the call cannot be executed twice. Dropping the future ends the wait, but a call that was
        /// sent continues on the server. Only `start` returns a token that can resume the call.
        impl<$($generics)*> ::std::future::IntoFuture for $name {
            type Output = ::core::result::Result<$output, $crate::Error>;
            type IntoFuture = $crate::CallFuture<$output>;

            fn into_future(self) -> Self::IntoFuture {
                self.0.send()
            }
        }

        impl<$($generics)*> ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

/// Returns a value of any type, for code that is compiled but never run.
///
/// # Panics
/// Always.
#[doc(hidden)]
pub fn any<T>() -> T {
    unreachable!("this code is compiled and never run")
}
