//! Measures the time from the end of a long call on the server to its return, over 1000 calls, and compares it with the
//! time of a short call.
//!
//! Run it with `cargo run --release --example latency [CALLS]`. Client and simulator run in one process, so they share
//! a clock.

mod support;

use std::error::Error;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use mailstore_api::server::{Client, StoreId};
use mailstore_sim::{Edition, Simulator};
use support::say;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let calls = std::env::args()
        .nth(1)
        .map_or(Ok(1000), |text| text.parse().map(NonZeroUsize::get))?;
    let step = Duration::from_millis(5);
    let simulator = Simulator::builder(Edition::Server).steps(2).step(step).start()?;
    let client = Client::builder(simulator.url())
        .credentials(simulator.user(), simulator.password())
        .certificate_authority(simulator.certificate_pem())
        .build()?;

    let mut bare = Vec::with_capacity(calls);
    let mut ends = Vec::with_capacity(calls);
    for _ in 0..calls {
        let begun = Instant::now();
        client.get_server_info().await?;
        bare.push(begun.elapsed());

        client.verify_store(StoreId(3), false).await?;
        let returned = Instant::now();
        let call = simulator.tasks().pop().ok_or("no call was started")?;
        let ended = call.ended_at.ok_or("the call has not ended")?;
        ends.push(returned.saturating_duration_since(ended));
    }
    say!(
        "a short call, from request to response:       {:?}",
        median(&mut bare)
    );
    say!(
        "from the server's end to the caller's return: {:?}",
        median(&mut ends)
    );
    Ok(())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}
