//! The simulated servers of a test, and their profiles.

use std::fs;
use std::path::Path;
use std::time::Duration;

use mailstore_sim::{Builder, Edition, Simulator};

/// The password of every simulated server. Tests search for it where it must not be.
pub(crate) const PASSWORD: &str = "canary-7f3a91c2d4";

/// A simulated server whose long calls have this many steps of 50 ms.
pub(crate) fn server(steps: usize) -> Builder {
    Simulator::builder(Edition::Server)
        .credentials("admin", PASSWORD)
        .step(Duration::from_millis(50))
        .steps(steps)
}

/// Starts simulated servers.
pub(super) fn start(servers: impl IntoIterator<Item = Builder>) -> Vec<Simulator> {
    let start = |server: Builder| server.start().unwrap();
    servers.into_iter().map(start).collect()
}

/// Writes the profiles `s0`, `s1` and so on for servers. `settings` is added to each.
pub(super) fn write_profiles(folder: &Path, servers: &[Simulator], settings: &str) {
    let mut text = String::new();
    for (number, server) in servers.iter().enumerate() {
        let (address, pin) = (server.url(), server.fingerprint());
        text += &format!(
            "[profile.s{number}]\naddress = '{address}'\nedition = 'server'\nuser = 'admin'\npins = ['{pin}']\n{settings}\n"
        );
    }
    let config = folder.join("config");
    fs::create_dir_all(&config).unwrap();
    let path = config.join("config.toml");
    fs::write(&path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}
