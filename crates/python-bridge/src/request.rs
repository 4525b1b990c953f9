//! The trait of all requests, and the macros that add the methods of every request.

use std::future::IntoFuture;

use wire_values::FromJson;

use crate::call::{CallFuture, Draft};
use crate::error::Error;

/// The request of one function: every request type of a generated client implements this trait.
///
/// It ties a function to the type of its result. Only generated code implements it.
pub trait Request:
    Clone + Send + Sync + IntoFuture<Output = Result<Self::Result, Error>, IntoFuture = CallFuture<Self::Result>>
{
    /// The result of the call.
    type Result: FromJson + Send + Sync + 'static;

    /// Name of the function, such as `send.createManifest`.
    const FUNCTION: &'static str;

    /// Called by generated code.
    #[doc(hidden)]
    fn from_draft(draft: Draft) -> Self;
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
            $crate::blocking_methods!($output);

            /// Sends the call and returns the result as JSON.
            pub fn raw(self) -> $crate::RawFuture {
                self.0.raw()
            }

            /// Timeout of the call, from sending the request to its answer. Replaces the timeout of the connection.
            ///
            /// At the timeout Python is ended, because it cannot cancel a call.
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.0 = self.0.timeout(timeout);
                self
            }

            /// The effect of the function.
            pub fn effect(&self) -> $crate::Effect {
                self.0.effect()
            }
        }

        /// Sends the call when the calls before it have ended, and waits for its result. It is never sent twice.
        ///
        /// Dropping the future ends the wait, but a call that was sent runs to its end.
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
