//! The macros that give every request its methods. Generated code uses them.

/// The methods of a request that need no async runtime; none without the feature `blocking`.
#[cfg(feature = "blocking")]
#[doc(hidden)]
#[macro_export]
macro_rules! blocking_methods {
    ($output:ty) => {
        /// Sends the call and blocks the thread until its end. For programs without an async runtime.
        pub fn send_blocking(self) -> ::core::result::Result<$output, $crate::Error> {
            $crate::block_on(::std::future::IntoFuture::into_future(self))
        }

        /// Starts the call and blocks the thread until the server's first answer.
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

/// The methods that every request has. `$self.0` is a [`Draft`]. Used by generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! request {
    ($name:ident => $output:ty) => {
        $crate::request_methods!([] $name => $output);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! request_methods {
    ([$($generics:tt)*] $name:ty => $output:ty) => {
        impl<$($generics)*> $name {
            /// Starts the call and returns with the server's first answer, whether it has ended by then or not.
            pub fn start(self) -> $crate::StartFuture<$output> {
                self.0.start()
            }

            $crate::blocking_methods!($output);

            /// Sends the call and returns the server's first answer as it is: a failed or running call is no error here.
            pub fn raw(self) -> $crate::RawFuture {
                self.0.raw()
            }

            /// Calls `on_update` with each update while the call is awaited. Not used by `start`.
            pub fn on_update(mut self, on_update: impl FnMut(&$crate::Update) + Send + 'static) -> Self {
                self.0 = self.0.on_update(on_update);
                self
            }

            /// How long to wait for the first answer, instead of the client's `request_timeout`: in all, with
            /// connecting, retries and pauses.
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.0 = self.0.timeout(timeout);
                self
            }

            /// Limits of the whole call when it is awaited, from sending the request to the end of the call, instead
            /// of the client's `wait_options`. Not used by `start`.
            ///
            /// At a limit, the error carries the token if the server had answered with one.
            pub fn wait_options(mut self, options: $crate::WaitOptions) -> Self {
                self.0 = self.0.wait_options(options);
                self
            }

            /// What the call may do to the server.
            pub fn effect(&self) -> $crate::Effect {
                self.0.effect()
            }
        }

        /// Sends the call and waits for its end, within the limits of `wait_options`. Without any, it waits however
        /// long the call runs.
        ///
        /// Sent again only where that cannot carry it out twice. Dropping the future stops the waiting; a call that was sent goes on at the server, and
        /// only `start` gives a token to find it again.
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
