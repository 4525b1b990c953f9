//! The ports of an engine.

use crate::api::Addresses;

/// The ports of an engine on 127.0.0.1.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Ports {
    /// The port at which jobs are started.
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    pub ingress_port: u16,
    /// The port of the administration and of the web page.
    #[arg(long, value_name = "PORT", default_value_t = 9070)]
    pub admin_port: u16,
    /// The port that the parts of the engine use among themselves.
    #[arg(long, value_name = "PORT", default_value_t = 5122)]
    pub node_port: u16,
}

impl Ports {
    /// Returns the addresses of the engine.
    pub fn addresses(self) -> Addresses {
        Addresses {
            ingress: format!("http://127.0.0.1:{}", self.ingress_port),
            admin: format!("http://127.0.0.1:{}", self.admin_port),
        }
    }
}
