use mailstore_api::server::{Client, types::StoreId};

fn mistaken(client: &Client, id: StoreId) {
    let _ = client.delete_profile(id);
}

fn main() {}
