use mailstore_api::server::{Client, types::StoreId};

fn forgotten(client: &Client) {
    let _ = client.verify_store(StoreId(1));
}

fn main() {}
