//! A server in a process of its own, so that its CPU time and memory are not counted.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, Stdio};
use std::time::Duration;

use mailstore_sim::{Edition, Simulator};

use crate::fixed;
use crate::peer::Failure;
use crate::sizes::Sizes;
use crate::target::Target;
use crate::{process, provider};

/// The process of a server. Dropping it ends the process.
pub(crate) struct Server {
    process: Child,
    target: Target,
}

impl Server {
    /// Starts a server that returns the same response to every request.
    pub(crate) fn fixed() -> io::Result<Self> {
        Self::start("serve-fixed", &[])
    }

    /// Starts the simulator. Its long calls make a step every five seconds.
    pub(crate) fn simulator() -> io::Result<Self> {
        Self::start("serve-simulator", &[])
    }

    /// Starts the simulator of the Service Provider Edition with instances and users.
    pub(crate) fn instances(sizes: Sizes) -> io::Result<Self> {
        let numbers = [sizes.instances, sizes.users, sizes.days];
        Self::start("serve-instances", &numbers.map(|number| number.to_string()))
    }

    fn start(part: &str, arguments: &[String]) -> io::Result<Self> {
        let mut process = process::command(part)?
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let target = serde_json::from_str(&line)?;
        Ok(Self { process, target })
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The part `serve-fixed`.
pub(crate) fn serve_fixed() -> io::Result<()> {
    let server = fixed::Fixed::bind()?;
    report(server.target())?;
    std::thread::spawn(|| server.run());
    wait_for_parent()
}

/// The part `serve-simulator`.
pub(crate) fn serve_simulator() -> io::Result<()> {
    let simulator = Simulator::builder(Edition::Server)
        .step(Duration::from_secs(5))
        .steps(1000)
        .start()
        .map_err(io::Error::other)?;
    report(&Target {
        url: simulator.url().to_owned(),
        certificate: simulator.certificate_pem().to_owned(),
    })?;
    wait_for_parent()
}

/// The part `serve-instances`.
pub(crate) fn serve_instances(sizes: Sizes) -> Result<(), Failure> {
    let (_simulator, target) = provider::serve(sizes)?;
    report(&target)?;
    Ok(wait_for_parent()?)
}

fn report(target: &Target) -> io::Result<()> {
    let mut output = io::stdout();
    writeln!(output, "{}", serde_json::to_string(target)?)?;
    output.flush()
}

/// Waits until standard input closes, which it does when the parent ends.
fn wait_for_parent() -> io::Result<()> {
    io::copy(&mut io::stdin(), &mut io::sink()).map(drop)
}
