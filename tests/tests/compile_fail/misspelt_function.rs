use mailstore_api::server::Client;

fn misspelt(client: &Client) {
    let _ = client.delete_usr("jane");
}

fn main() {}
