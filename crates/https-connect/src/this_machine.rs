//! Recognizes the addresses of this machine.

use std::net::IpAddr;

use url::{Host, Url};

/// Returns whether the server with this address is on this machine. No proxy is used for such a server.
///
/// The addresses are `localhost` and the names that end in `.localhost`, 127.0.0.0/8 and ::1, also in IPv6 form, and
/// 0.0.0.0 and ::.
pub fn is_this_machine(url: &Url) -> bool {
    let is_here = |ip: IpAddr| ip.is_loopback() || ip.is_unspecified();
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(ip)) => is_here(ip.into()),
        Some(Host::Ipv6(ip)) => is_here(IpAddr::from(ip).to_canonical()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_addresses_of_this_machine_are_recognized() {
        for host in [
            "localhost",
            "LOCALHOST.",
            "archive.localhost",
            "a.localhost.",
            "127.0.0.1",
            "127.8.9.10:443",
            "0.0.0.0",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:0.0.0.0]",
            "[::ffff:127.3.0.1]:8443",
        ] {
            for scheme in ["https", "http"] {
                let url = Url::parse(&format!("{scheme}://{host}/")).unwrap();
                assert!(is_this_machine(&url), "{url}");
            }
        }
        for host in [
            "localhost.example.com",
            "notlocalhost",
            "10.0.0.1",
            "[::2]",
            "128.0.0.1",
        ] {
            let url = Url::parse(&format!("https://{host}/")).unwrap();
            assert!(!is_this_machine(&url), "{url}");
        }
    }
}
