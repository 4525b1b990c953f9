//! The cryptography of TLS. It is that of the connections to the servers.

/// Chooses `ring` for all clients of this process that have no choice of their own.
pub(crate) fn use_ring() {
    // An earlier choice stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
