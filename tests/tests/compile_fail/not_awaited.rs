#![deny(unused_must_use)]

use mailstore_api::server::Client;

async fn in_vain(client: &Client) {
    client.delete_user("jane");
}

fn main() {}
