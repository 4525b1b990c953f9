use mailstore_api::{server, spe};

fn mistaken(client: &spe::Client) {
    let _ = server::Client::from(client.connection().clone());
}

fn main() {}
