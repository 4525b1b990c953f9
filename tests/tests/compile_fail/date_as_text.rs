use mailstore_api::server::{Client, TimeZone};

fn mistaken(client: &Client) {
    let _ = client.get_job_results("2026-01-01T00:00:00Z", "2026-02-01", &TimeZone::SERVER_LOCAL);
}

fn main() {}
